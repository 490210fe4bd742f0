"""How a design is run: runbook, ladder, drills, orders, review, mistakes, maturity and rules, all of this design."""

from __future__ import annotations

import datetime
import json
import math
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from mlworkflow.errors import InputRefused
from mlworkflow.operation.calling import calling
from mlworkflow.operation.maturity import SECTIONS, band, maturity
from mlworkflow.operation.rollout import exposures
from mlworkflow.operation.rows import rows, step_rows
from mlworkflow.operation.runbook import CAUSES, drills, entries
from mlworkflow.pack import load
from mlworkflow.pack.forms import OPERATION
from tests import helpers
from tests.sampling import sampled
from tests.wellformed import faults, section, tables

if TYPE_CHECKING:
    from tests.conftest import Run

KNOWLEDGE = helpers.knowledge()
SAMPLES = range(80)
ASSISTANT_TEAM = {"problem_type": "generative", "team_size": 3, "who_waits": "person"}


@cache
def design(name: str | int) -> Spec:
    return helpers.spec(sampled(name) if isinstance(name, int) else helpers.example(name))


@cache
def in_full(name: str) -> str:
    return render(helpers.spec(helpers.answers({**helpers.example_values(name), "size": "full"})))


def of(**values: Any) -> Spec:
    return helpers.spec(helpers.answers(values))


def ids(spec: Spec, kind: str) -> list[str]:
    return [one["id"] for one in rows(spec, kind)]


# ------------------------------------------------------------------ the runbook


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *SAMPLES])
def test_alerts_and_runbook_entries_are_the_same_set_and_each_is_complete(name: str | int) -> None:
    spec = design(name)
    found = entries(spec)
    assert [one.id for one in found] == [one.id for one in spec.kind("alert")]
    for one in found:
        assert one.complete, one.id
        wanted = ("impact", "first", "act", "back", "tell", "closed", *CAUSES)
        texts = {column: str(one.columns[column]) for column in wanted}
        assert all(len(text) > 10 for text in texts.values()), one.id
        assert "not known" not in " ".join(texts.values()), (one.id, texts)
        assert "does not apply" not in " ".join(texts.values()), (one.id, texts)
        if calling(spec).found.people:
            assert one.called.mends is not None, (one.id, str(one.columns["duty"]))
            assert one.called.first is not None, one.id


def test_each_alert_of_ours_has_one_entry_that_holds_whenever_it_does() -> None:
    alerts = {one.id for one in KNOWLEDGE.clauses if one.kind == "alert"}
    always = [one.columns["alert"] for one in KNOWLEDGE.clauses if one.kind == "runbook" and not one.when]
    assert Counter(always) == dict.fromkeys(alerts, 1)


def test_four_causes_name_tools_of_this_design() -> None:
    late = next(one for one in entries(design("churn")) if one.id == "alert-run-late")
    assert str(late.columns["infrastructure"]).startswith("Apache Airflow: the first red step")
    down = next(one for one in entries(design("support-assistant")) if one.id == "alert-service-down")
    assert "quota of Microsoft Foundry Models" in str(down.columns["dependency"])
    down = next(one for one in entries(design("churn")) if one.id == "alert-service-down")
    assert "latency of each source" in str(down.columns["dependency"])


def test_the_document_in_full_shows_each_entry_with_its_decision_tree_and_the_people() -> None:
    text = section(in_full("support-assistant"), "Operational Runbook")
    alerts = design("support-assistant").kind("alert")
    trees = [one for one in tables(text) if one.header[0] == "Cause"]
    assert len(trees) == len(alerts)
    assert all([row[0] for row in one.rows] == ["Data", "Model", "Infrastructure", "Dependency"] for one in trees)
    assert "- Called: Mei Tanaka as platform engineer; Jonas Petersen after 30 minutes; Anneke Visser mends it" in text
    assert "Tom Reuter, Head of Customer Support, to decide, at once." in text
    for word in ("- Impact: ", "- Way back: ", "- Told: ", "- Closed when: "):
        assert text.count(word) == len(alerts), word


@pytest.mark.parametrize(
    ("values", "staffed", "says"),
    [
        ({"on_call": "around-the-clock", "team_size": 4}, "around-the-clock", "one week in 4 each"),
        ({"on_call": "around-the-clock", "team_size": 3}, "office-hours", "with 3 people it cannot last"),
        ({"on_call": "around-the-clock", "team_size": 1}, "office-hours", "One person is there"),
        ({"on_call": "first-line", "team_size": 2}, "first-line", "day and night for two rehearsed acts"),
        ({"on_call": "office-hours", "team_size": 5}, "office-hours", "the fallback holds alone, up to three days"),
        ({"on_call": "office-hours", "team_size": 1}, "office-hours", "somebody outside the team may switch it on"),
        ({"on_call": "none", "team_size": 5}, "none", "alerts are read each working morning"),
    ],
)
def test_only_what_this_team_can_staff_is_promised(values: dict[str, Any], staffed: str, says: str) -> None:
    spec = of(**values, who_waits="person")
    found = calling(spec)
    assert found.staffed == staffed
    assert says in found.statement
    promised = [one.called.answers for one in entries(spec)]
    assert any("day and night" in one for one in promised) == (staffed == "around-the-clock")


def test_where_nobody_can_be_called_nothing_is_promised() -> None:
    people = [{"name": "Ada", "can_be_called": False}]
    assert calling(of(on_call="office-hours", team_size=1, people=people)).staffed == "none"


def test_one_person_is_called_for_everything_and_has_no_backup() -> None:
    spec = of(team_size=1, size="full", who_waits="person")
    assert {(one.called.first.name, one.called.backup) for one in entries(spec) if one.called.first} == {
        ("the one person", None)
    }
    assert "the one person as platform engineer; no backup is there; the approver" in render(spec)


def test_a_language_model_team_of_three_leaves_nothing_uncalled() -> None:
    spec = of(**ASSISTANT_TEAM)
    for one in entries(spec):
        assert one.called.first
        assert one.called.backup
        assert one.called.mends
        assert one.called.backup is not one.called.first
    assert calling(spec).found.unowned == ()


# ------------------------------------------------------------------ ladder and drills


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *SAMPLES])
def test_the_ladder_leads_from_full_service_over_each_fallback_to_a_stop(name: str | int) -> None:
    spec = design(name)
    found = ids(spec, "level")
    assert found[0] == "level-full"
    last = {"level-kill-switch", "level-held", "level-off", "level-plain-order", "level-undecided"}
    assert len(set(found) & last) == 1
    assert found[-1] in last
    modes = {one.split("[")[1] for one in found if one.startswith("level-fallback")}
    assert modes == {f"{mode}]" for mode in spec.value("mode_ids")}


@pytest.mark.parametrize(
    ("direction", "last"), [("restrictive", "level-held"), ("permissive", "level-off"), (None, "level-undecided")]
)
def test_the_last_level_errs_as_was_said(direction: str | None, last: str) -> None:
    values = {"fail_direction": direction} if direction else {}
    assert ids(of(**values), "level")[-1] == last


def test_a_list_without_a_model_leaves_its_place_and_waits_for_no_decision() -> None:
    assert ids(of(problem_type="ranking", target="booked"), "level")[-1] == "level-plain-order"


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ({"problem_type": "generative"}, "drill-kill-switch"),
        ({"safety": True}, "drill-trace-back"),
        ({"who_waits": "device"}, "drill-device"),
        ({"who_waits": "person", "availability": "99.95%", "on_call": "office-hours"}, "drill-night-alone"),
        ({"who_waits": "person", "availability": "99.95%", "on_call": "around-the-clock"}, "drill-rollback"),
        ({}, "drill-rollback"),
    ],
)
def test_the_drills_are_those_that_this_design_needs_most(values: dict[str, Any], first: str) -> None:
    assert drills(of(**values))[0].clause.id == first


@pytest.mark.parametrize(("size", "count"), [(1, 2), (2, 3), (30, 3)])
def test_there_are_as_many_drills_as_a_team_can_hold(size: int, count: int) -> None:
    found = drills(of(team_size=size, who_waits="person"))
    assert len(found) == count
    assert all(one.leads for one in found)


# ------------------------------------------------------------------ rollout


def test_what_a_step_reaches_is_load_times_share_times_days() -> None:
    found = {one.step.id: one for one in exposures(design("churn"))}
    assert found["step-shadow"].reached == 0
    assert found["step-canary"].reached == math.ceil(12 * 86400 * 0.05)
    assert found["step-experiment"].reached == math.ceil(50 * 0.5 * 35)
    text = section(in_full("churn"), "A/B Testing")
    assert "51,840 cases (1,036,800 a day x 5 % x 1 day)" in text
    fleet = {one.step.id: one for one in exposures(design("weld-inspection"))}
    assert fleet["step-first-device"].reached == 9 * 86400 * 14 // 8
    assert (fleet["step-fleet"].reached, fleet["step-fleet"].part) == (9 * 86400 * 3 // 4, "its first stage")


def test_without_a_load_the_document_says_what_is_missing() -> None:
    spec = of(who_waits="person", size="full")
    canary = next(one for one in step_rows(spec) if one["id"] == "step-canary")
    assert (canary["reaches"], canary["missing"]) == (None, ["arrivals"])
    assert "not known without the load" in section(render(spec), "A/B Testing")


def test_every_step_says_what_it_reaches() -> None:
    known = {one.columns["step"] for one in KNOWLEDGE.clauses if one.kind == "exposure"}
    assert known == {one.id for one in KNOWLEDGE.clauses if one.kind == "step"}


def test_what_cannot_be_recovered_is_built_first_and_the_model_late() -> None:
    found = ids(design("weld-inspection"), "build")
    assert found[:3] == ["build-archive", "build-basis", "build-copy-files"]
    assert found[-1] == "build-model"
    assert "build-archive" not in ids(of(sources=[{"name": "a", "mutability": "append-only"}]), "build")
    assert "build-archive" in ids(of(sources=[{"name": "a", "mutability": "overwritten"}]), "build")
    assert ids(design("support-assistant"), "build")[:2] == ["build-basis", "build-golden-set"]


def test_policy_goes_back_first_and_data_after_model_and_features() -> None:
    assert ids(design("churn"), "take-back") == [
        "take-back-policy", "take-back-model", "take-back-features", "take-back-data", "take-back-actions",
    ]  # fmt: skip
    assert ids(design("support-assistant"), "take-back") == [
        "take-back-refusals", "take-back-bundle", "take-back-index", "take-back-data",
    ]  # fmt: skip


# ------------------------------------------------------------------ review


def test_the_review_queue_holds_numbers_of_the_answers() -> None:
    found = {one["id"]: one["plan"] for one in rows(design("weld-inspection"), "review")}
    assert found["review-load"] == "about 777,600 cases a day arrive, people read 1,600: 0.206 % of them"
    assert "80 of 1,600" in found["review-sampling"]
    assert "80 a day" in found["review-agreement"]
    assert "32 a day" in found["review-gold"]
    few = {one["id"]: one["plan"] for one in rows(of(reviews_per_day=5), "review")}
    assert "at least 2 a week" in few["review-agreement"]
    assert "at least 1 a week" in few["review-gold"]
    assert few["review-load-unknown"].startswith("people read 5 cases a day; how many arrive was not said")


@pytest.mark.parametrize(
    ("values", "there"),
    [
        ({"label_source": "events"}, False),
        ({"label_source": "people"}, True),
        ({"human_decides": True}, True),
        ({"reviews_per_day": 3}, True),
        ({"problem_type": "generative"}, True),
    ],
)
def test_a_queue_is_planned_where_people_review(values: dict[str, Any], there: bool) -> None:
    assert ("review-service-time" in ids(of(**values), "review")) is there


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *SAMPLES])
def test_every_design_has_one_parity_test_and_one_figure_of_satisfaction(name: str | int) -> None:
    found = ids(design(name), "review")
    assert sum(one.startswith("parity-") for one in found) >= 1
    assert sum(one.startswith("satisfaction-") for one in found) == 1
    named = design(name).known("satisfaction_metric")
    assert ("satisfaction-watched" in found) is named


# ------------------------------------------------------------------ mistakes


@pytest.mark.parametrize(
    ("mistake", "there", "not_there"),
    [
        ("no-return", {"label_source": "none"}, {"label_source": "events"}),
        ("one-number", {}, {"business_metric": "orders"}),
        ("average-only", {}, {"slices": ["new customers"]}),
        ("registry-as-folder", {"maturity": "first-model"}, {"maturity": "platform"}),
        ("own-path", {"maturity": "some-models"}, {"maturity": "first-model"}),
        ("no-owner", {"team_size": 3, "roles": ["product"]}, {"team_size": 3}),
        ("no-decider", {}, {"approver": "Ada"}),
        ("retrain-on-drift", {"retraining": "continuous"}, {"retraining": "triggered"}),
        ("fallback-undecided", {"who_waits": "person"}, {"who_waits": "person", "fail_direction": "permissive"}),
        ("improvised-stop", {"who_waits": "person", "on_call": "none"},
         {"who_waits": "person", "on_call": "around-the-clock"}),
        ("review-uncounted", {"human_decides": True}, {"human_decides": True, "reviews_per_day": 1}),
        ("random-split", {"split": "random", "temporal": True}, {"split": "time", "temporal": True}),
        ("accuracy", {"evaluation_metric": "accuracy", "prevalence": "9%"},
         {"evaluation_metric": "accuracy", "prevalence": "10%"}),
        ("small-golden-set", {"problem_type": "generative", "golden_set": 199},
         {"problem_type": "generative", "golden_set": 200}),
        ("author-judges", {"problem_type": "generative", "team_size": 1},
         {"problem_type": "generative", "team_size": 2}),
        ("provider-moves", {"problem_type": "generative"},
         {"problem_type": "generative", "model_access": "self-hosted"}),
        ("trusted-input", {"problem_type": "generative"}, {}),
        ("stale-card", {"affects_people": True, "explainability": "none"},
         {"affects_people": False, "explainability": "none"}),
        ("early-baseline", {"label_delay": "8 days"}, {"label_delay": "7 days"}),
        ("review-over-capacity",
         {"problem_type": "nlp", "human_decides": True, "mean_load": "100/day", "reviews_per_day": 99},
         {"problem_type": "nlp", "human_decides": True, "mean_load": "100/day", "reviews_per_day": 100}),
    ],
)  # fmt: skip
def test_a_mistake_is_named_only_where_the_answers_put_it_at_risk(
    mistake: str, there: dict[str, Any], not_there: dict[str, Any]
) -> None:
    assert f"mistake-{mistake}" in ids(of(**there), "mistake")
    assert f"mistake-{mistake}" not in ids(of(**not_there), "mistake")


def test_no_mistake_is_named_in_every_design_and_each_says_why_here() -> None:
    seen = Counter(one for seed in SAMPLES for one in ids(design(seed), "mistake"))
    assert max(seen.values()) < len(SAMPLES)
    for seed in SAMPLES:
        for one in rows(design(seed), "mistake"):
            assert "not known" not in one["because"], (seed, one)


def test_every_mistake_is_handled_in_a_section_that_the_document_has() -> None:
    text = in_full("churn") + in_full("support-assistant")
    for clause in (one for one in KNOWLEDGE.clauses if one.kind == "mistake"):
        title = clause.columns["where"].split(":")[0]
        title = {"Rationale": "Tool Selection Rationale"}.get(title, title)
        assert f"\n## {title}" in text, clause.id


def test_mistakes_come_with_the_costliest_first_and_one_in_full(main: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(helpers.ROOT)
    found = json.loads(main("show", "mistakes", "examples/churn/answers.toml", "--format", "json").stdout)["mistakes"]
    weight = {one.id: one.weight for one in KNOWLEDGE.clauses}
    assert [weight[one["id"]] for one in found] == sorted((weight[one["id"]] for one in found), reverse=True)
    one = main("show", "mistakes", "examples/churn/answers.toml", "canary-as-effect")
    assert "  do       canary and experiment keep their own metrics" in one.stdout
    assert main("show", "mistakes", "examples/churn/answers.toml", "trusted-input").returncode == 2


# ------------------------------------------------------------------ maturity


def test_there_are_28_tests_in_four_sections_of_seven() -> None:
    found = maturity(of())
    assert Counter(one.section for one in found.tests) == dict.fromkeys(SECTIONS, 7)


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *SAMPLES])
def test_the_score_is_the_lowest_section_and_a_design_never_loses_what_is_there(name: str | int) -> None:
    found = maturity(design(name))
    assert found.today == min(sum(one.today for one in found.tests if one.section == each) for each in SECTIONS)
    assert found.design == min(sum(one.design for one in found.tests if one.section == each) for each in SECTIONS)
    for one in found.tests:
        assert 0 <= one.today <= one.design <= 1
        assert bool(one.shown) == bool(one.design)


def test_without_answers_nothing_is_there_today() -> None:
    assert {one.today for one in maturity(of()).tests} == {0}


@pytest.mark.parametrize(
    ("values", "test"),
    [
        ({"baseline_kind": "rules", "baseline_value": 0.4, "baseline_measured": "June 2026"}, "test-simpler"),
        ({"already_used": ["mlflow"]}, "test-reviewed"),
        ({"personal_data": False}, "test-privacy"),
        ({"maturity": "platform"}, "test-new-input"),
    ],
)
def test_an_answer_earns_a_point_today(values: dict[str, Any], test: str) -> None:
    assert {one.test.id for one in maturity(of(**values)).tests if one.today} == {test}


def test_the_next_step_lies_in_the_lowest_section_and_gains_most() -> None:
    found = maturity(design("churn"))
    lowest = min(SECTIONS, key=lambda one: (found.sums(one)[0], SECTIONS.index(one)))
    first = found.next_steps[0]
    assert first.section == lowest
    assert first.gain == max(one.gain for one in found.tests if one.section == lowest)


@pytest.mark.parametrize(
    ("score", "words"),
    [(0, "research"), (0.5, "gaps"), (1, "gaps"), (1.5, "first pass"), (2, "first pass"), (2.5, "reasonably"),
     (3, "reasonably"), (3.5, "strongly"), (5, "strongly"), (5.5, "exceptionally"), (7, "exceptionally")],
)  # fmt: skip
def test_a_score_has_a_name(score: float, words: str) -> None:
    assert words in band(score)


# ------------------------------------------------------------------ rules


def test_no_rule_is_named_where_no_answer_asks_for_one() -> None:
    assert ids(of(), "rule") == []
    assert ids(of(personal_data=True, regulation=["internal"]), "rule") == []


@pytest.mark.parametrize(
    ("values", "rule", "there"),
    [
        ({"regulation": ["eu-ai-act"], "affects_people": True}, "ai-act-annex-iii", True),
        ({"regulation": ["eu-ai-act"], "affects_people": False}, "ai-act-annex-iii", False),
        ({"regulation": ["gdpr"], "affects_people": True}, "ai-act-annex-iii", False),
        ({"regulation": ["eu-ai-act"], "safety": True}, "ai-act-annex-i", True),
        ({"regulation": ["eu-ai-act"], "affects_people": False, "safety": False}, "ai-act-not-listed", True),
        ({"regulation": ["eu-ai-act"]}, "ai-act-not-listed", False),
        ({"regulation": ["bank"]}, "bank-us", True),
        ({"regulation": ["bank"], "problem_type": "generative"}, "bank-us", False),
        ({"regulation": ["bank"], "problem_type": "generative"}, "bank-us-generative", True),
        ({"safety": True}, "nist-map", True),
        ({"safety": False}, "nist-map", False),
        ({"regulation": ["gdpr"], "personal_data": True}, "gdpr-breach", True),
        ({"personal_data": True}, "gdpr-breach", False),
    ],
)
def test_a_rule_is_named_where_an_answer_asks_for_it(values: dict[str, Any], rule: str, there: bool) -> None:
    assert (f"rule-{rule}" in ids(of(**values), "rule")) is there


def test_every_rule_has_its_day_and_source_and_none_counts_as_advice() -> None:
    for clause in (one for one in KNOWLEDGE.clauses if one.kind == "rule"):
        assert datetime.date.fromisoformat(clause.columns["checked"]) <= datetime.date(2026, 11, 21)
        assert len(clause.columns["source"]) > 8
        assert clause.when, clause.id
    high = render(of(regulation=["eu-ai-act"], affects_people=True, size="full"))
    text = section(high, "Rules of Law and Supervision")
    assert "who confirm each line; no advice" in text
    assert "2 December 2027, moved from 2 August 2026" in text
    assert "Regulation (EU) 2026/1744" in text


# ------------------------------------------------------------------ the document


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_what_is_added_stands_in_the_full_document_alone(name: str) -> None:
    titles = ("Operation", "Common Mistakes", "Maturity", "Rules of Law and Supervision")
    full, standard = in_full(name), render(design(name))
    assert faults(full) == []
    assert all(section(full, title) for title in titles)
    assert not any(section(standard, title) for title in titles)
    assert "Reaches at most" not in standard
    assert "From full service to stop" not in standard


@pytest.mark.parametrize("ten", range(4))
def test_any_answers_give_a_full_document_in_form(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        assert faults(render(helpers.spec(sampled(seed, size="full")))) == [], seed


def test_the_name_that_is_called_first_is_the_one_who_owns_on_call() -> None:
    assert "First: Mei Tanaka." in render(design("support-assistant"))


@pytest.mark.parametrize("part", ["runbook", "rollout", "review", "maturity", "rules"])
def test_one_row_of_a_part_is_shown_in_full(main: Run, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(helpers.ROOT)
    example = "examples/support-assistant/answers.toml"
    one = {
        "runbook": ("bad-answer", "mends"),
        "rollout": ("invited", "reaches"),
        "review": ("review-gold", "plan"),
        "maturity": ("slices", "next"),
        "rules": ("ai-act-tell", "source"),
    }[part]
    done = main("show", part, example, one[0])
    assert done.returncode == 0, done.stderr
    assert f"\n  {one[1]}" in done.stdout
    assert json.loads(main("show", part, example, one[0], "--format", "json").stdout)["schema"] == 1


# ------------------------------------------------------------------ packs


@pytest.mark.parametrize("kind", OPERATION)
def test_every_line_of_operation_says_what_its_kind_must_say(kind: str) -> None:
    ours = [one for one in KNOWLEDGE.clauses if one.kind == kind]
    assert ours
    for one in ours:
        assert set(OPERATION[kind]) <= set(one.columns), one.id
        assert not one.because.endswith("."), one.id
        assert len(one.because.split()) < 25, one.id


@pytest.mark.parametrize(
    ("kind", "columns", "message"),
    [
        ("mistake", 'shows = "a"\ndo = "b"', "a mistake has no where"),
        ("runbook", 'alert = "alert-of-nothing"', "alert = 'alert-of-nothing' names no alert"),
        ("point", 'test = "test-slices"\ntime = "tomorrow"\npoints = "1"', "time = 'tomorrow' is not one of"),
        ("exposure", 'step = "step-canary"\nbase = "arrivals"\nshare = "some"\ndays = "1"\npart = "it"',
         "share = 'some' is no number"),
        ("exposure", 'step = "step-of-nothing"\nbase = "arrivals"\nshare = "1"\ndays = "1"\npart = "it"',
         "step = 'step-of-nothing' names no step"),
    ],
)  # fmt: skip
def test_what_a_pack_says_about_operation_is_refused_where_it_cannot_be_read(
    kind: str, columns: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "clauses").mkdir()
    text = f'[[clause]]\nid = "of-a-pack"\nkind = "{kind}"\nsays = "Something"\n[clause.columns]\n{columns}\n'
    (tmp_path / "clauses" / "more.toml").write_text(text, "utf-8")
    with pytest.raises(InputRefused) as refused:
        load([str(tmp_path)])
    assert message in str([one.what for one in refused.value.problems])


def test_a_pack_adds_a_mistake_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "clauses").mkdir()
    (tmp_path / "clauses" / "more.toml").write_text(
        '[[clause]]\nid = "mistake-of-the-house"\nkind = "mistake"\nweight = 99\nsays = "No ticket"\n'
        'because = "the house wants one"\n[clause.columns]\nshows = "nobody knows"\ndo = "open one"\n'
        'where = "Responsibility"\n',
        "utf-8",
    )
    whole = load([str(tmp_path)])
    spec = helpers.spec(helpers.answers({"size": "full"}, whole), whole)
    assert ids(spec, "mistake")[0] == "mistake-of-the-house"
    assert "| No ticket |" in render(spec)
