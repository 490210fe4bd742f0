"""Who owns what: every critical duty has one owner, nobody judges their own work, handoffs follow from owners."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from mlworkflow.answers import gather
from mlworkflow.documents.rendering import render
from mlworkflow.errors import InputRefused
from mlworkflow.pack import load
from mlworkflow.reading import read_answers
from mlworkflow.responsibility import Duty, Person, Responsibility, allocate, default_handoffs, responsibility, seated
from mlworkflow.responsibility.allocation import distance
from mlworkflow.role import Role, named_role
from tests import helpers
from tests.sampling import sampled
from tests.wellformed import faults, rendered_faults, section, tables

KNOWLEDGE = helpers.knowledge()
CLASSIC = [role for role in KNOWLEDGE.roles if role.set == "classic"]
PERSONAS = [role for role in KNOWLEDGE.roles if role.set == "lifecycle"]
NEAR = {role.id: role.near for role in CLASSIC}
ROLES = tuple(NEAR)
LLM: dict[str, Any] = {
    "problem_type": "generative",
    "llm_task": "answer-from-documents",
    "who_waits": "person",
    "team_size": 3,
}
PEOPLE = [
    {"name": "Ada", "roles": ["product"]},
    {"name": "Bo", "roles": ["data-scientist"]},
    {"name": "Cy", "roles": ["ml-engineer"]},
    {"name": "Di", "roles": ["data-engineer"]},
    {"name": "Ed", "roles": ["platform"]},
]


def of(**values: Any) -> Responsibility:
    return responsibility(helpers.spec(helpers.answers(values)))


def owners(found: Responsibility) -> dict[str, tuple[str, str | None]]:
    return {one.clause.id: (one.accountable.name, one.backup.name if one.backup else None) for one in found.duties}


def gaps(found: Responsibility) -> set[str]:
    return {one.id for one in found.gaps}


def document(**values: Any) -> str:
    return section(render(helpers.spec(helpers.answers(values))), "Responsibility")


# ------------------------------------------------------------------ roles as data


def test_there_are_nine_lifecycle_personas_and_the_two_around_them() -> None:
    nine = ["DSS", "ENA", "FAR", "MAR", "ESC", "IOR", "IRE", "IAN", "MOS"]
    assert sorted(role.id for role in PERSONAS) == sorted([*nine, "POR", "GCA"])
    assert [role.id for role in CLASSIC] == list(ROLES)


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Exploratory Notebook Analyst", "ENA"),
        ("EDA Navigator", "ENA"),
        ("Inference Optimizer", "IOR"),
        ("inference orchestrator", "IOR"),
        ("Interpretability Researcher", "IRE"),
        ("Insight Reporter", "IRE"),
        ("Impact Analyst", "IAN"),
        ("Interpretability Analyst", "IAN"),
        ("Model Operations Specialist", "MOS"),
        ("Model Ops Steward", "MOS"),
        ("SRE", "platform"),
        ("ml_engineer", "ml-engineer"),
    ],
)
def test_every_name_under_which_a_role_is_known_leads_to_it(name: str, id: str) -> None:
    role = named_role(KNOWLEDGE.roles, name)
    assert role is not None
    assert role.id == id


def test_a_spelling_means_one_role_and_where_sources_disagree_a_note_says_what_was_settled() -> None:
    spelled = Counter(spelling for role in KNOWLEDGE.roles for spelling in {one.lower() for one in role.spellings})
    assert [spelling for spelling, count in spelled.items() if count > 1] == []
    assert {role.id for role in PERSONAS if role.note} == {"FAR", "IOR", "IRE", "IAN"}


@pytest.mark.parametrize("role", PERSONAS, ids=lambda role: role.id)
def test_a_persona_is_complete_and_has_one_category(role: Role) -> None:
    for texts in (role.duties, role.inputs, role.outputs, role.hands_to, role.never):
        assert texts
        assert all(text.strip() == text and not text.endswith(".") for text in texts)
    assert role.category in ("data_engineering", "ml_lifecycle", "governance")
    assert role.phase in ("morning", "midday", "afternoon")
    assert role.gate


def test_the_pipeline_reaches_operations_and_comes_back() -> None:
    by_id = {role.id: role for role in PERSONAS}
    for chain in (["POR", "FAR", "ESC", "IOR", "MOS", "ESC"], ["DSS", "ENA", "FAR", "MAR", "ESC", "IRE", "GCA", "IOR"]):
        assert all(after in by_id[before].hands_to for before, after in pairwise(chain))


def test_the_questions_know_the_same_roles_and_stages_as_the_data() -> None:
    people, stages = KNOWLEDGE.question["people"], KNOWLEDGE.question["stage_owners"]
    roles = next(field for field in people.fields if field.id == "roles")
    assert [choice.id for choice in roles.choices] == list(ROLES)
    assert [choice.id for choice in KNOWLEDGE.question["roles"].choices] == list(ROLES)
    assert [choice.id for choice in stages.fields[0].choices] == [stage.id for stage in KNOWLEDGE.stages]


# ------------------------------------------------------------------ duties


def duties(**values: Any) -> set[str]:
    return {one.clause.id for one in of(**values).duties}


def test_language_models_have_duties_of_their_own() -> None:
    theirs, ours = duties(**LLM), duties(team_size=3, who_waits="person")
    assert {"duty-prompt", "duty-golden-set", "duty-corpus", "duty-guardrails", "duty-token-spend"} <= theirs - ours
    assert {"duty-provider-change", "duty-trace-privacy", "duty-feedback"} <= theirs - ours
    assert {"duty-model", "duty-eval-gate", "duty-label", "duty-features"} <= ours - theirs


@pytest.mark.parametrize(
    ("values", "duty"),
    [
        ({"who_waits": "device"}, "duty-fleet"),
        ({"who_waits": "events"}, "duty-stream-state"),
        ({"who_waits": "later"}, "duty-dead-letters"),
        ({"who_waits": "nobody"}, "duty-run-ready"),
        ({"personal_data": True}, "duty-privacy"),
        ({"affects_people": True}, "duty-fairness"),
        ({"safety": True}, "duty-harm"),
        ({"regulation": ["bank"]}, "duty-rules"),
        ({"label_source": "people"}, "duty-review-queue"),
    ],
)
def test_a_duty_is_there_only_where_something_asks_for_it(values: dict[str, Any], duty: str) -> None:
    assert duty in duties(**values)
    assert duty not in duties(who_waits="person")


ALWAYS = ("duty-metric", "duty-data-contract", "duty-release", "duty-rollback", "duty-monitors")


@pytest.mark.parametrize("seed", range(40))
def test_what_must_never_be_unowned_is_owned_in_every_design(seed: int) -> None:
    found = responsibility(helpers.spec(sampled(seed)))
    critical = {one.clause.id for one in found.critical}
    if not found.people:
        assert found.unowned
        return
    for duty in ALWAYS:
        assert duty in critical or (duty == "duty-data-contract" and "duty-corpus" in critical)
    assert {"duty-eval-gate", "duty-golden-set"} & critical
    assert {"duty-on-call", "duty-morning-alerts"} & critical
    assert found.unowned == ()


# ------------------------------------------------------------------ allocation

a_person = some.builds(
    lambda roles, called, number: Person(f"p{number}", roles, roles, True, called),
    some.lists(some.sampled_from(ROLES), max_size=3, unique=True).map(tuple),
    some.booleans(),
    some.integers(),
)
teams = some.builds(
    lambda size, roles, named: seated(size, roles, named, NEAR),
    some.integers(1, 14),
    some.lists(some.sampled_from(ROLES), unique=True),
    some.lists(a_person, max_size=8, unique_by=lambda one: one.name),
)


@cache
def every_duty() -> tuple[Duty, ...]:
    """The duties of a design of one kind, the heaviest first."""
    return tuple(one.duty for one in of(personal_data=True, affects_people=True, who_waits="person").duties)


lists_of_duties = some.lists(some.sampled_from(every_duty()), min_size=1, unique_by=lambda one: one.id)


@given(teams, lists_of_duties)
@settings(max_examples=150, deadline=None)
def test_each_duty_has_one_owner_and_another_person_behind_them(people: Any, wanted: list[Duty]) -> None:
    found = allocate(wanted, people, NEAR)
    assert set(found) == {duty.id for duty in wanted}
    for one in found.values():
        assert 0 <= one.accountable < len(people)
        assert (one.backup is None) == (len(people) == 1)
        assert one.backup != one.accountable


@given(teams, lists_of_duties)
@settings(max_examples=150, deadline=None)
def test_nobody_judges_their_own_work_where_two_people_are_there(people: Any, wanted: list[Duty]) -> None:
    found = allocate(wanted, people, NEAR)
    for duty in wanted:
        authors = {found[other].accountable for other in duty.apart_from if other in found}
        if len(people) > 1:
            assert found[duty.id].accountable not in authors
        if len(people) > 2 and len(authors) < 2:
            assert found[duty.id].backup not in authors


@given(teams, lists_of_duties)
@settings(max_examples=150, deadline=None)
def test_nobody_owns_two_critical_duties_more_than_someone_who_could_do_one_of_them_as_well(
    people: Any, wanted: list[Duty]
) -> None:
    critical = [duty for duty in wanted if duty.critical and not duty.apart_from]
    free = [duty for duty in critical if not any(duty.id in other.apart_from for other in wanted)]
    found = allocate([duty for duty in wanted if duty.critical], people, NEAR)
    load = Counter(one.accountable for one in found.values())
    for duty in free:
        own = found[duty.id].accountable
        for other in range(len(people)):
            if distance(duty, people[other], NEAR) <= distance(duty, people[own], NEAR):
                assert load[own] <= load[other] + 1


@given(teams)
@settings(max_examples=150, deadline=None)
def test_every_classic_role_is_worn_by_somebody_and_names_tell_people_apart(people: Any) -> None:
    assert {hat for one in people for hat in one.hats} == set(ROLES)
    assert len({one.name for one in people}) == len(people)
    assert all(set(one.roles) <= set(one.hats) for one in people)


@given(teams, lists_of_duties)
@settings(max_examples=60, deadline=None)
def test_the_same_people_and_duties_give_the_same_owners(people: Any, wanted: list[Duty]) -> None:
    assert allocate(wanted, people, NEAR) == allocate(list(wanted), tuple(people), dict(NEAR))


def test_the_name_of_the_project_changes_no_owner() -> None:
    assert owners(of(name="Aardvark", team_size=4)) == owners(of(name="Zebra", team_size=4))


def test_three_people_with_a_language_model_leave_nothing_critical_unowned() -> None:
    found = of(**LLM)
    assert found.unowned == ()
    assert len(found.people) == 3
    critical = Counter(one.accountable.name for one in found.critical)
    assert max(critical.values()) - min(critical.values()) <= 1
    assert all(one.backup is not None and one.backup != one.accountable for one in found.duties)
    by_id = owners(found)
    assert by_id["duty-prompt"][0] not in (*by_id["duty-release"], *by_id["duty-golden-set"])
    assert by_id["duty-guardrails"][0] != by_id["duty-prompt"][0]


def test_the_example_with_three_people_says_which_roles_nobody_has() -> None:
    found = responsibility(helpers.example_spec("support-assistant"))
    assert found.unowned == ()
    assert "gap-roles-nobody-has" in gaps(found)
    assert "data scientist and data engineer" in render(helpers.example_spec("support-assistant"))


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6, 9, 14, 100_000])
def test_the_author_of_the_model_never_decides_alone_on_its_release(size: int) -> None:
    found = owners(of(team_size=size))
    assert found["duty-model"][0] != found["duty-release"][0]
    assert found["duty-model"][0] != found["duty-eval-gate"][0]


def test_people_with_names_own_what_their_role_is_for() -> None:
    found = owners(of(team_size=5, people=PEOPLE))
    assert found["duty-release"][0] == "Ada"
    assert found["duty-model"][0] == "Bo"
    assert found["duty-monitors"][0] == "Cy"
    assert found["duty-data-contract"][0] == "Di"
    assert found["duty-on-call"][0] == "Ed"


def test_who_is_away_owns_nothing_and_it_is_said() -> None:
    people = [{**one, "away": one["name"] == "Ed"} for one in PEOPLE]
    found = of(team_size=5, people=people)
    assert "Ed" not in {name for pair in owners(found).values() for name in pair}
    assert {"gap-somebody-away", "gap-roles-nobody-has"} <= gaps(found)
    assert "**Away: Ed.**" in document(team_size=5, people=people)


def test_when_everyone_is_away_the_plan_is_blocked() -> None:
    spec = helpers.spec(helpers.answers({"team_size": 1, "people": [{"name": "Ed", "away": True}]}))
    found = responsibility(spec)
    assert "nobody-is-there" in {one.id for one in spec.blocking}
    assert found.duties == ()
    assert "On-call: the team, in office hours" in found.unowned
    assert faults(render(spec)) == []


def test_who_cannot_be_called_is_not_on_call() -> None:
    people = [{**one, "can_be_called": one["name"] == "Bo"} for one in PEOPLE]
    assert owners(of(team_size=5, people=people))["duty-on-call"][0] == "Bo"
    nobody = [{**one, "can_be_called": False} for one in PEOPLE]
    assert "gap-nobody-on-call" in gaps(of(team_size=5, people=nobody))
    assert "gap-thin-rota" in gaps(of(team_size=3, on_call="around-the-clock"))
    assert "gap-thin-rota" not in gaps(of(team_size=4, on_call="around-the-clock"))


def test_too_many_duties_in_one_hand_are_said_with_the_first_to_hand_on() -> None:
    values: dict[str, Any] = {
        **LLM, "team_size": 2, "safety": True, "affects_people": True, "regulation": ["gdpr"], "also_batch": True,
    }  # fmt: skip
    found = of(**values)
    assert found.overloads
    for one in found.overloads:
        assert f"**{one.person.name} owns {one.critical} critical duties.**" in document(**values)
    assert of(team_size=5).overloads == ()


# ------------------------------------------------------------------ stages and handoffs


def test_the_default_map_has_five_handoffs_three_full_and_two_partial() -> None:
    found = default_handoffs(KNOWLEDGE)
    assert [(one.id, other.id, kind) for one, other, kind in found] == [
        ("frame", "data", "full"),
        ("data", "train", "full"),
        ("train", "serve", "full"),
        ("serve", "deploy", "partial"),
        ("deploy", "on-call", "partial"),
    ]


def test_a_team_with_every_role_hands_over_five_times_like_the_default_map() -> None:
    found = of(team_size=5, people=PEOPLE)
    assert Counter(one.kind for one in found.handoffs) == {"full": 3, "partial": 2}
    assert [one.name for one in found.handoffs[0].givers] == ["Ada", "Bo"]
    assert [one.name for one in found.handoffs[0].takers] == ["Di"]


def test_another_owner_of_a_stage_changes_the_handoffs_around_it() -> None:
    found = of(team_size=5, people=PEOPLE, stage_owners=[{"stage": "data", "owner": "Bo"}])
    assert [one.kind for one in found.handoffs] == ["partial", "same", "full", "partial", "partial"]
    merged = of(team_size=5, people=PEOPLE, stage_owners=["serve:Cy + platform", "deploy:ML engineer + Ed"])
    assert "handoff-service-to-operation" not in {one.clause.id for one in merged.handoffs}


@pytest.mark.parametrize("size", [1, 2, 3, 5, 12])
def test_model_to_production_data_contract_and_on_call_always_stand_there(size: int) -> None:
    for values in ({}, LLM, {"on_call": "none"}, {"who_waits": "device"}):
        text = document(**{**values, "team_size": size})
        for name in ("| Model handoff to production |", "| Data contract |", "| On-call |"):
            assert name in text


def test_every_handoff_says_what_crosses_how_it_is_accepted_and_how_it_fails() -> None:
    for clause in KNOWLEDGE.clauses:
        if clause.kind == "handoff":
            assert set(clause.columns) - {"always", "verdict"} == {
                "from", "to", "artifact", "contract", "test", "failure", "hat",
            }  # fmt: skip


def test_one_person_has_no_handoffs_but_hats_and_sees_where_they_change() -> None:
    found = of(team_size=1)
    assert found.crossings == ()
    text = document(team_size=1)
    assert "No handoffs between people, 5 hats. Where the hat changes:" in text
    assert "What to do at the change" in text
    assert headers(text)[0] == ("Duty", "Hat", "When it is forgotten")
    assert "| Monitors and their alarm levels | ML engineer | " in text
    assert {"gap-no-second-person", "gap-author-releases"} <= gaps(found)


def test_an_approver_outside_a_team_of_one_signs_its_releases() -> None:
    assert "gap-author-releases" not in gaps(of(team_size=1, approver="Head of CRM"))
    assert "Head of CRM, who approves this document, signs releases as well" in document(
        team_size=1, approver="Head of CRM"
    )


def test_where_the_owner_stays_the_advice_is_for_one_who_is_both_sides() -> None:
    row = next(line for line in document(team_size=2, size="full").splitlines() if line.startswith("| Model handoff"))
    assert "same person, another hat" in row
    assert "A day later, load the model on a clean machine" in row


# ------------------------------------------------------------------ answers


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"people": ["Ada:product", "Ada:platform"]}, "two people are called `Ada`"),
        ({"team_size": 1, "people": ["Ada", "Bo"]}, "`people` names 2, `team_size` is 1"),
        ({"people": ["Ada:produkt"]}, "'produkt' is not one of the choices"),
        ({"people": ["ML engineer"]}, "which is a role"),
        ({"stage_owners": ["serve:Adda"], "people": ["Ada"]}, "did you mean `Ada`?"),
        ({"stage_owners": ["serve:Ada"]}, "neither a role nor among `people`"),
        ({"stage_owners": ["serve:platform", "serve:product"]}, "owners to the stage `serve`"),
        ({"stage_owners": ["sevre:platform"]}, "did you mean 'serve'?"),
        ({"stage_owners": ["serve:+"]}, "a stage to nobody"),
        ({"stage_owners": ["serve:Ada"], "people": [{"name": "Ada", "away": True}]}, "is away"),
    ],
)
def test_what_cannot_be_of_people_and_stages_is_refused_with_a_way_out(values: dict[str, Any], message: str) -> None:
    with pytest.raises(InputRefused) as refused:
        helpers.answers(values)
    assert message in str(refused.value)
    assert all(problem.fix for problem in refused.value.problems)


# ------------------------------------------------------------------ the document


def headers(text: str) -> list[tuple[str, ...]]:
    return [table.header for table in tables(text)]


def test_the_standard_size_shows_critical_duties_and_handoffs_only() -> None:
    text = document(team_size=5, people=PEOPLE)
    assert headers(text) == [
        ("Who", "Answers for", "When away"),
        ("Handoff", "Gives", "Takes", "Accepted when"),
    ]
    owned = {row[0]: row[1] for row in tables(text)[0].rows}
    assert "Release decision" in owned["Ada"]
    found = of(team_size=5, people=PEOPLE)
    assert sum(cell.count(";") + 1 for cell in owned.values() if "nothing" not in cell) == len(found.critical)


def test_the_full_size_shows_personas_matrix_and_every_duty() -> None:
    text = document(team_size=5, people=PEOPLE, size="full")
    found = headers(text)
    assert ("Persona", "ID", "Pipeline Stage", "Category") in found
    assert ("Owner", "Scope", "Key decisions", "What breaks without it", "Who") in found
    assert ("Handoff", "Contract", "Signed by", "How failure shows") in found
    matrix = next(one for one in tables(text) if one.header[0] == "Owner")
    assert [(row[0], row[4]) for row in matrix.rows] == [
        ("Data", "Di"), ("Model", "Bo"), ("Platform", "Ed"), ("Product", "Ada"),
    ]  # fmt: skip
    for words in ("refresh lag", "stale features", "risky", "no rollback", "standard path", "successful release"):
        assert words in text


@pytest.mark.parametrize("seed", range(30))
def test_any_team_gives_a_section_in_form_at_both_sizes(seed: int) -> None:
    for size in ("brief", "standard", "full"):
        text = render(helpers.spec(sampled(seed, size=size)))
        assert faults(text) == []
        if seed % 6 == 0:
            assert rendered_faults(text) == []


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_people_survive_the_way_through_the_document(name: str) -> None:
    from mlworkflow.documents.sealing import answers_in

    values = {**helpers.example_values(name), "people": [{"name": "Ada", "roles": ["product", "platform"]}]}
    text = render(helpers.spec(gather(KNOWLEDGE, [helpers.layer(values)])))
    toml = answers_in(text) or ""
    assert tomllib.loads(toml)["people"] == [{"name": "Ada", "roles": ["product", "platform"]}]
    again = gather(KNOWLEDGE, [helpers.layer(read_answers(toml.encode(), "document", "toml").values)])
    assert render(helpers.spec(again)) == text


# ------------------------------------------------------------------ packs


def test_a_pack_adds_a_persona_and_a_duty() -> None:
    knowledge = load([str(helpers.TESTS / "packs" / "acme")])
    assert named_role(knowledge.roles, "Desk Liaison") is not None
    spec = helpers.spec(helpers.answers({"acme_data_class": "secret", "size": "full"}, knowledge), knowledge)
    found = responsibility(spec)
    assert "acme-vault-keys" in owners(found)
    assert "| Desk Liaison | ADL |" in render(spec)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("roles.toml", '[[role]]\nid = "FAR"\nname = "x"\ndoes = "x"', "is a role already"),
        ("roles.toml", '[[role]]\nid = "XYZ"\nname = "x"\ndoes = "x"', "does not say its `gate`"),
        ("roles.toml", '[[role]]\nid = "XYZ"\nname = "x"\ndoes = "x"\nhands_to = ["FARR"]', "did you mean `FAR`?"),
        ("roles.toml", '[[role]]\nid = "x"\nname = "x"\ndoes = "x"\nset = "classic"', "adds a classic role"),
        ("roles.toml", '[[stage]]\nid = "x"\nname = "x"\nowners = ["platform"]', "adds a stage"),
        ("roles.toml", '[[role]]\nid = "x"\nname = "x"\ndoes = "x"\nphase = "noon"', "morning"),
        ("clauses/x.toml", '[[clause]]\nid = "x"\nkind = "duty"\nsays = "x"', "has no column `role`"),
        (
            "clauses/x.toml",
            '[[clause]]\nid = "x"\nkind = "duty"\nsays = "x"\n[clause.columns]\nrole = "platfrom"\npersona = "MOS"\n'
            'stage = "serve"\narea = "Data"\ncritical = "yes"\nbreaks = "x"\napart_from = "duty-x"',
            "names the role `platfrom`, which does not exist (did you mean `platform`?)",
        ),
    ],
)
def test_a_pack_that_names_what_is_not_there_is_refused(file: str, text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "house" / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(InputRefused) as refused:
        load([str(tmp_path / "house")])
    assert message in str(refused.value)
