"""Packs stack on ours and are asked first; every mistake is reported at once; their templates are caged."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlworkflow.cli.source import source_of
from mlworkflow.cli.told import told
from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from mlworkflow.errors import InputRefused, Problem
from mlworkflow.pack import Knowledge, load
from mlworkflow.price import ITEMS
from tests import helpers
from tests.wellformed import faults, rendered_faults, section

if TYPE_CHECKING:
    from tests.conftest import Run

ITEM = next(iter(ITEMS))
PACKS = helpers.TESTS / "packs"
ACME = PACKS / "acme"


@cache
def acme() -> Knowledge:
    return load([str(ACME)])


def designed(**values: Any) -> Spec:
    return helpers.spec(helpers.answers(values, acme()), acme())


def problems(*packs: Path) -> list[Problem]:
    with pytest.raises(InputRefused) as refused:
        load([str(pack) for pack in packs])
    return list(refused.value.problems)


def pack(folder: Path, **files: str) -> Path:
    """Write a pack; `decisions__x` is the file decisions/x.toml."""
    for name, text in files.items():
        path = folder / "house" / f"{name.replace('__', '/').replace('_', '-')}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "house"


# ------------------------------------------------------------------ a whole pack


def test_a_pack_adds_questions_decisions_tools_and_clauses() -> None:
    assert acme().packs == ("acme",)
    assert acme().question["acme_data_class"].pack == "acme"
    assert acme().decision["acme_data_handling"].pack == "acme"
    assert acme().tool("acme-tracker").pack == "acme"
    assert {one.id for one in acme().clauses if one.pack} == {"acme-secret-needs-the-privacy-office", "acme-vault-keys"}
    ours = helpers.knowledge()
    assert acme().questions[: len(ours.questions)] == ours.questions
    assert [one.id for one in acme().decisions] == [*(one.id for one in ours.decisions), "acme-data-handling"]


def test_our_knowledge_stays_as_it_is_beside_a_pack() -> None:
    assert acme().packs
    assert helpers.knowledge().packs == ()
    assert not helpers.knowledge().is_tool("acme-tracker")


def test_a_house_standard_is_the_first_preference() -> None:
    spec = designed(team_size=8, maturity="some-models", already_used=["mlflow", "airflow"])
    assert spec.value("experiment_tracking") == "acme-tracker"
    assert spec.value("orchestration") == "dagster"
    assert spec.by_id["experiment-tracking"].because[0].row == "house-standard"


def test_a_standard_is_not_chosen_where_something_rules_it_out() -> None:
    assert designed(team_size=8, maturity="some-models", cloud="azure").value("experiment_tracking") == "mlflow"


def test_a_tool_that_the_house_holds_back_is_not_chosen_and_the_reason_is_shown() -> None:
    verdict = designed(team_size=8, already_used=["evidently"]).by_id["drift-tool"]
    assert verdict.chosen not in (None, "evidently")
    lost = next(one for one in verdict.lost if one.option == "evidently")
    assert lost.because[0].row == "held-by-security"
    assert str(lost.because[0].says) == "the security review of Evidently at Acme is not finished"


def test_a_reason_of_a_pack_shows_its_pack() -> None:
    document = render(designed(team_size=8, maturity="some-models"))
    tracking = section(document, "Experiment Tracking")
    assert (
        "| Tool | Acme Tracker | Acme Tracker is a standard of the house, with people who help `[acme:house-standard]`"
        in tracking
    )
    assert "[acme:" not in render(helpers.spec(helpers.answers({"team_size": 8})))


def test_an_added_row_decides_and_a_dropped_one_does_not() -> None:
    shared = designed(features_shared=True, acme_data_class="secret").by_id["feature-store"]
    assert shared.chosen == "none"
    assert next(one for one in shared.lost if one.option == "batch-tables").because[0].row == "secret-stays-where-it-is"
    assert designed(features_shared=True).value("feature_store") == "batch-tables"
    assert designed(skew_risk=True).value("feature_store") == "none"
    assert helpers.choices({"skew_risk": True})["feature-store"] == "batch-tables"


def test_a_decision_of_a_pack_is_judged_and_explained() -> None:
    verdict = designed(acme_data_class="secret").by_id["acme-data-handling"]
    assert verdict.chosen == "enclave"
    assert "acme_data_class" in verdict.read
    assert designed().value("acme_data_handling") == "usual"


def test_a_clause_of_a_pack_stands_in_its_section() -> None:
    found = "**The privacy office signs before the first run.**"
    assert found in section(render(designed(acme_data_class="secret")), "Feature Engineering")
    assert found not in render(designed(acme_data_class="public"))


def test_a_question_that_is_settled_by_nothing_that_exists_is_named(tmp_path: Path) -> None:
    text = '[[question]]\nid = "beds"\nasks = "How many?"\nlabel = "beds"\nkind = "count"\n'
    text += 'settled_by = "baseline_reachd"\n'
    (tmp_path / "questions.toml").write_text(text, "utf-8")
    with pytest.raises(InputRefused, match="baseline_reached"):
        load([str(tmp_path)])


def test_a_question_of_a_pack_is_answered_assumed_and_flipped_like_ours() -> None:
    answers = helpers.answers({}, acme())
    assert answers.value("acme_data_class") == "internal"
    assert not answers.by_id["acme_data_class"].given
    spec = helpers.spec(answers, acme(), flips=True)
    assert ("acme_data_class", "secret", "enclave") in [
        (flip.answer, flip.value, flip.choice) for flip in spec.by_id["acme-data-handling"].flips
    ]
    with pytest.raises(InputRefused, match="acme_data_class"):
        helpers.answers({"acme_data_class": "secrt"}, acme())
    with pytest.raises(InputRefused, match="acme_data_class"):
        helpers.answers({"acme_data_class": "secret"})


def test_every_document_of_a_pack_has_the_exact_form() -> None:
    for values in (
        {},
        {"acme_data_class": "secret", "who_waits": "person", "team_size": 8},
        {"problem_type": "generative"},
    ):
        document = render(designed(**values), [str(ACME)])
        assert [*faults(document), *rendered_faults(document)] == []


# ------------------------------------------------------------------ templates


def test_a_pack_s_template_adds_a_section_of_its_own() -> None:
    document = render(designed(acme_data_class="secret", name="A|B"), [str(ACME)])
    assert "stays with named people" in section(document, "Handling at Acme")
    assert "closed enclave" in section(document, "Handling at Acme")
    assert "A&#124;B" in section(document, "Handling at Acme")


def test_a_pack_that_only_the_answers_name_gives_data_but_no_template(tmp_path: Path) -> None:
    shutil.copytree(ACME, tmp_path / "acme")
    file = tmp_path / "answers.toml"
    file.write_text(
        'schema = 1\nname = "x"\nproblem_type = "regression"\ntarget = "y"\n'
        'packs = ["acme"]\nacme_data_class = "secret"\n'
    )
    found = told(source_of(str(file)))
    assert found.knowledge.packs == ("acme",)
    assert found.named_packs == ()
    document = render(helpers.spec(found.answers, found.knowledge), found.named_packs)
    assert "privacy office" in document
    assert "## Handling at Acme" not in document
    named = told(source_of(str(file)), packs=[str(tmp_path / "acme")])
    assert named.knowledge.packs == ("acme",)
    assert "## Handling at Acme" in render(helpers.spec(named.answers, named.knowledge), named.named_packs)


def test_a_template_that_reaches_for_more_is_refused_with_its_line() -> None:
    spec = helpers.spec(helpers.answers({}))
    with pytest.raises(InputRefused) as refused:
        render(spec, [str(PACKS / "hostile")])
    assert refused.value.problems[0].place.endswith("evil.md.j2:3")


@pytest.mark.parametrize(
    "line",
    [
        "{{ name.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ answer.__init__.__globals__ }}",
        "{{ (answer | attr('__class__')) }}",
        "{{ 'x' * 10 ** 9 }}",
        "{% for x in range(10 ** 9) %}x{% endfor %}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__ }}",
        "{{ '%s'.format(name) }}{{ name.format.__self__ }}",
        "{% include '../../../pyproject.toml' %}",
        "{% include '/etc/passwd' %}",
        "{{ answer.update({'x': 1}) }}",
        "{{ nothing_of_that_name }}",
    ],
)
def test_a_malicious_template_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "evil" / "templates").mkdir(parents=True)
    (tmp_path / "evil" / "templates" / "evil.md.j2").write_text(f"## Evil\n\n{line}\n", encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        render(helpers.spec(helpers.answers({})), [str(tmp_path / "evil")])
    assert "evil.md.j2" in refused.value.problems[0].place


# ------------------------------------------------------------------ mistakes

BROKEN = [
    (r"broken:team_size", r"is a question already"),
    (r"^time_matters$", r"means two things"),
    (r"question broken:asked_too_early", r"`asked_later` is no answer that was asked for before"),
    (r"question broken:asked_later", r"no `time_maters`.*(`time_matters`|`temporal`)"),
    (r"every-tool, row broken:spelled-wrong", r"did you mean `paid`"),
    (r"broken:decisions/feature-store\.toml", r"changes `title` of a decision that exists"),
    (r"broken:decisions/feature-store\.toml", r"drops the row two-code-pathes.*`two-code-paths`"),
    (r"decision feature-store, row broken:no-such-fact", r"there is no `servng`.*`serving`"),
    (r"decision feature-store, row broken:no-such-value", r"is never 'clasification'; it is one of"),
    (r"decision feature-store, row broken:no-such-option", r"there is no option 'online-stor'.*`online-store`"),
    (r"decision feature-store, row broken:calls-something", r"is not allowed in a condition"),
    (r"decision feature-store, row broken:compares-a-list", r"is a list: write `'x' in mode_ids`"),
    (r"decision feature-store, row broken:no-such-placeholder", r"no `team_sise`.*`team_size`"),
    (r"decision feature-store", r"two rows are called edge-has-no-store"),
    (r"decision nameless", r"has no `asks` or no `title`"),
    (r"broken:nameless", r"there is no `for_each = 'moods'`.*`modes`"),
    (r"broken:nameless", r"there is no slot 'feature-stor'.*`feature-store`"),
    (r"broken:mlflow", r"is in the catalog already"),
    (r"tool broken:mlflow", r"the slot 'experiment-trackin' is not in the vocabulary.*`experiment-tracking`"),
    (r"broken:device-nearly-full", r"is a clause already"),
    (r"clause broken:reads-nothing", r"`often` is no share"),
]


@pytest.mark.parametrize(("place", "what"), BROKEN)
def test_every_mistake_of_a_broken_pack_is_reported_with_its_place(place: str, what: str) -> None:
    found = problems(PACKS / "broken")
    assert any(re.search(place, one.place) and re.search(what, one.what) for one in found), "\n".join(map(str, found))


def test_a_broken_pack_reports_its_own_mistakes_and_no_others() -> None:
    found = problems(PACKS / "broken")
    for one in found:
        assert any(re.search(place, one.place) and re.search(what, one.what) for place, what in BROKEN), str(one)


MALFORMED = [
    ("malformed/questions.toml no_label", "assumes"),
    ("malformed/questions.toml no_label", "label"),
    ("malformed/decisions/feature-store.toml", "because"),
    ("malformed/decisions/feature-store.toml", "wen"),
    ("malformed/tools/half.toml", "does"),
    ("malformed/tools/half.toml", "paid"),
    ("malformed/tools/half.toml", "licence"),
    ("malformed/clauses no-kind", "kind"),
    ("malformed/clauses no-kind", "says"),
]


@pytest.mark.parametrize(("place", "what"), MALFORMED)
def test_a_piece_that_has_not_its_form_is_reported_with_file_and_key(place: str, what: str) -> None:
    found = problems(PACKS / "malformed")
    assert any(place in one.place and what in one.what for one in found), "\n".join(map(str, found))


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    found = problems(pack(tmp_path, questions="[[question", vocabulary="x ="))
    assert {Path(one.place).name for one in found} == {"questions.toml", "vocabulary.toml"}


def test_changing_a_tool_wants_replaces(tmp_path: Path) -> None:
    ours = (helpers.ROOT / "mlworkflow" / "knowledge" / "tools" / "mlflow.toml").read_text("utf-8")
    changed = ours.replace('name = "MLflow"', 'name = "MLflow of the house"')
    assert "is in the catalog already" in problems(pack(tmp_path, tools__mlflow=changed))[0].what
    replaced = load([str(pack(tmp_path, tools__mlflow=f"replaces = true\n{changed}"))])
    assert replaced.tool("mlflow").name == "MLflow of the house"


def test_a_new_tool_that_says_replaces_is_simply_new(tmp_path: Path) -> None:
    tool = "replaces = true\n" + (ACME / "tools" / "acme-tracker.toml").read_text("utf-8")
    words = (ACME / "vocabulary.toml").read_text("utf-8")
    assert load([str(pack(tmp_path, tools__new_tool=tool, vocabulary=words))]).tool("new-tool").alive


def test_a_decision_is_replaced_as_a_whole(tmp_path: Path) -> None:
    ours = helpers.knowledge().decision["run_comparison"]
    options = ", ".join(f'{{ id = "{option.id}", means = "ours" }}' for option in ours.options)
    head = 'replaces = true\nasks = "How?"\ntitle = "Comparison"\nsection = "tracking"\n'
    replaced = load([str(pack(tmp_path, decisions__run_comparison=f"{head}options = [{options}]\n"))])
    decision = replaced.decision["run_comparison"]
    assert [option.id for option in decision.options] == [option.id for option in ours.options]
    assert (decision.rules_out, decision.prefers, decision.title, decision.pack) == ((), (), "Comparison", "house")


def test_a_circle_among_decisions_is_reported(tmp_path: Path) -> None:
    options = 'section = "training"\noptions = [{ id = "a", means = "a" }, { id = "b", means = "b" }]\n'
    row = '[[prefers]]\nid = "{0}"\noption = "b"\nwhen = "{1} == \'b\'"\nbecause = "the other does"\n'
    one = f'asks = "?"\ntitle = "One"\n{options}{row.format("r", "two_of_house")}'
    two = f'asks = "?"\ntitle = "Two"\n{options}{row.format("r", "one_of_house")}'
    found = problems(pack(tmp_path, decisions__one_of_house=one, decisions__two_of_house=two))
    assert "reads in a circle" in found[0].what
    assert "one_of_house" in found[0].what


def test_two_packs_stack_and_the_later_one_is_asked_first(tmp_path: Path) -> None:
    row = '[[prefers]]\nid = "ours"\nwhen = "tool.id == \'wandb\'"\nbecause = "this house prefers it"\n'
    knowledge = load([str(ACME), str(pack(tmp_path, every_tool=row))])
    assert knowledge.packs == ("acme", "house")
    spec = helpers.spec(
        helpers.answers({"team_size": 8, "cloud": "aws", "budget": "9k EUR/month"}, knowledge), knowledge
    )
    assert spec.value("experiment_tracking") == "wandb"


def test_a_folder_that_is_not_there_is_said() -> None:
    from mlworkflow.errors import CannotReadOrWrite

    with pytest.raises(CannotReadOrWrite, match="there is no pack folder"):
        load([str(PACKS / "nowhere")])


# ------------------------------------------------------------------ at the command

PRICE = """[[price]]
id = "house-cpu"
item = "{item}"
label = "a core for an hour"
unit = "hour"
price = 0.04
currency = "{currency}"
on = "{on}"
source = "contract"
"""


def test_a_pack_of_templates_alone_is_one(main: Run, tmp_path: Path, churn: Path) -> None:
    (tmp_path / "templates").mkdir()
    page = tmp_path / "templates" / "ours.md.j2"
    page.write_text("## Ours\n\nOf {{ name }}.\n", encoding="utf-8")
    done = main("check", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, f"sound: {tmp_path} (1 templates)\n")
    assert "## Ours\n" in main("generate", str(churn), "--pack", str(tmp_path)).stdout
    page.write_text("## Ours\n\n{% bad %}\n", encoding="utf-8")
    done = main("check", str(tmp_path))
    assert done.returncode == 3
    assert "ours.md.j2:3: Encountered unknown tag 'bad'" in done.stderr


@pytest.mark.parametrize("words", [("check",), ("generate", "CHURN", "--pack")])
def test_an_empty_folder_is_no_pack(main: Run, tmp_path: Path, churn: Path, words: tuple[str, ...]) -> None:
    done = main(*(str(churn) if word == "CHURN" else word for word in words), str(tmp_path))
    assert (done.returncode, "this folder is no pack" in done.stderr, done.stdout) == (3, True, "")
    assert "fix: a pack holds questions.toml" in done.stderr


@pytest.mark.parametrize(
    ("currency", "on", "says"),
    [
        ("XXX", "2026-01-01", "currency = 'XXX' is no money of any country"),
        ("USD", "2999-01-01", "on = '2999-01-01' is a day to come"),
        ("USD", "2026-01-01", ""),
    ],
)
def test_a_price_is_of_a_known_money_and_a_day_that_was(
    main: Run, tmp_path: Path, currency: str, on: str, says: str
) -> None:
    house = pack(tmp_path, prices=PRICE.format(item=ITEM, currency=currency, on=on))
    done = main("check", str(house))
    assert (done.returncode, says in done.stderr) == (3 if says else 0, True), done.stderr


def test_a_tool_takes_no_name_of_another(main: Run, tmp_path: Path) -> None:
    shutil.copytree(ACME, tmp_path / "acme")
    tool = tmp_path / "acme" / "tools" / "acme-tracker.toml"
    tool.write_text(tool.read_text("utf-8").replace('"tracker of acme"', '"W&B"'), "utf-8")
    done = main("check", str(tmp_path / "acme"))
    assert done.returncode == 3
    assert "tool acme:acme-tracker: 'w&b' is a name of wandb already" in done.stderr
