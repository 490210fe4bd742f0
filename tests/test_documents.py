"""Every document has the exact form that is promised, whatever was answered."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from itertools import product
from typing import Any

import pytest

from mlworkflow.answers import gather
from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from mlworkflow.documents.saying import Say
from mlworkflow.documents.sealing import answers_in, seal_of
from mlworkflow.documents.views.quality import checks
from mlworkflow.question import Answer, Answers, Entry
from mlworkflow.reading import read_answers
from tests import helpers
from tests.sampling import drawn, mended, sampled
from tests.wellformed import SECTIONS, diagram, faults, rendered_faults, section, tables

QUALITY = tomllib.loads((helpers.TESTS / "data" / "quality-checks.toml").read_text("utf-8"))
WAITS = {"batch": "nobody", "real-time": "person", "streaming": "events", "edge": "device", "queue": "later"}
MODES = {
    "batch": "Batch",
    "real-time": "Real-time",
    "streaming": "Streaming",
    "edge": "Edge",
    "queue": "Asynchronous queue",
}
CLOUDS = ("aws", "gcp", "azure", "on-prem", "multi", None)
PROBLEMS = [choice.id for choice in helpers.knowledge().question["problem_type"].choices]


def spec_of(seed: int) -> Spec:
    return helpers.spec(sampled(seed))


# ------------------------------------------------------------------ the form


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_an_example_has_the_exact_form(name: str) -> None:
    document = render(helpers.example_spec(name))
    assert faults(document) == []
    assert rendered_faults(document) == []


@pytest.mark.parametrize("ten", range(15))
def test_any_sampled_answers_give_the_exact_form(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        document = render(spec_of(seed))
        assert faults(document) == [], seed
        if seed % 5 == 0:
            assert rendered_faults(document) == [], seed


def test_the_three_required_answers_are_enough() -> None:
    document = render(helpers.spec(helpers.answers({}), flips=True))
    assert faults(document) == []
    assert rendered_faults(document) == []


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("mode", WAITS)
def test_every_problem_in_every_mode_has_the_exact_form(problem: str, mode: str) -> None:
    document = render(helpers.spec(helpers.answers({"problem_type": problem, "who_waits": WAITS[mode]})))
    assert faults(document) == []
    assert MODES[mode] in serving_mode(document)


@pytest.mark.slow
@pytest.mark.parametrize(("problem", "mode"), list(product(PROBLEMS, WAITS)))
def test_every_combination_has_the_exact_form(problem: str, mode: str) -> None:
    for size, cloud in product((1, 5, 30), CLOUDS):
        values = {"problem_type": problem, "who_waits": WAITS[mode], "team_size": size}
        document = render(helpers.spec(helpers.answers(values | ({"cloud": cloud} if cloud else {})), flips=True))
        assert [*faults(document), *rendered_faults(document)] == [], (size, cloud)


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(20))
def test_many_sampled_answers_give_the_exact_form(hundred: int) -> None:
    for seed in range(1000 + 100 * hundred, 1100 + 100 * hundred):
        assert faults(render(spec_of(seed))) == [], seed


HOSTILE = (
    "a|b",
    "<b>c</b>",
    "{{ 7 * 7 }}",
    "`d`",
    "| x | y |",
    "# e",
    "- f",
    "{g}",
    "...",
    "]]>",
    "‮h",
    "None of them",
    "i  j",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_awkward_text_breaks_no_table_and_no_heading(text: str) -> None:
    texts = {one.id: text for one in helpers.knowledge().questions if one.kind == "text" and one.id != "packs"}
    lines = {one.id: [text] for one in helpers.knowledge().questions if one.kind == "lines" and one.id != "packs"}
    features = [{"name": f"{text} {number}", "source": text, "description": text} for number in (1, 2)]
    values = {**texts, **lines, "sources": [{"name": text, "owner": text, "content": text}], "features": features}
    document = render(helpers.spec(helpers.answers(values)))
    found = [one for one in faults(document) if "holds" not in one or "HTML" in one]
    if text == "...":  # a person may write three dots; we must not
        found = [one for one in found if "the cell '...'" not in one]
    assert found == []
    assert rendered_faults(document) == []


def test_a_document_that_breaks_the_form_is_noticed() -> None:
    document = render(helpers.example_spec("churn"))
    changes = [
        ("# ML Workflow: ", "# Workflow: "),
        ("\n## Training Pipeline\n", "\n## Training pipeline\n"),
        ("\n## Model Serving\n", "\n# Model Serving\n"),
        ("\n## Model Serving\n", "\n## Between\n\n## Model Serving\n"),
        ("| Validation |", "| Checking |"),
        ("| Latency SLA |", "|  |"),
        ("| Problem type |", "| More | x |\n| Problem type |"),
        ("\n**Feature store:** No", "\n**Feature store:** Maybe"),
        ("\n**Retraining policy:** ", "\n**Retraining:** "),
        ("```text\n", "```text\n" + "-" * 81 + "\n"),
        ("\n## Quality Checks\n", "\n## Quality Checks\n\n- [] one\n"),
        ("\n## Quality Checks\n", "\nNothing: None.\n\n## Quality Checks\n"),
        ("\n## Quality Checks\n", "\n<br>\n\n## Quality Checks\n"),
        ("\n## Quality Checks\n", "\nleft {over.here}\n\n## Quality Checks\n"),
        ("\n## Quality Checks\n", "\nleft over \n\n## Quality Checks\n"),
        ("\n## Quality Checks\n", "\nwords\n- a point\n\n## Quality Checks\n"),
        ("\n## Quality Checks\n", "\nwords\n| a |\n| --- |\n| b |\n\n## Quality Checks\n"),
        ("\n## Quality Checks\n", "\n## Answers\n\n## Quality Checks\n"),
        ("\n## Quality Checks\n", "\r\n## Quality Checks\n"),
    ]
    for old, new in changes:
        assert old in document, old
        assert faults(document.replace(old, new, 1)) != [], new
    assert faults(document + "\n") != []


# ------------------------------------------------------------------ what stands where


def serving_mode(document: str) -> str:
    rows = next(one for one in tables(section(document, "Model Serving")) if one.header == ("Aspect", "Detail")).rows
    return next(detail for aspect, detail in rows if aspect == "Serving mode")


@pytest.mark.parametrize("seed", range(8))
def test_the_mode_cell_names_exactly_the_modes(seed: int) -> None:
    spec = spec_of(seed)
    cell = serving_mode(render(spec)).split("(")[0]
    assert {id for id, label in MODES.items() if label in cell} == set(spec.value("mode_ids") or ())


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_the_diagram_shows_the_five_stages_and_the_chosen_tools(name: str) -> None:
    spec = helpers.example_spec(name)
    drawing = diagram(render(spec))
    middle = ("prompt", "compare") if spec.value("problem_type") == "generative" else ("features", "train")
    places = [drawing.index(stage) for stage in ("data", middle[0], middle[1], "evaluate", "register")]
    assert places == sorted(places)
    for decision in ("data_versioning", "orchestration", "experiment_tracking", "model_registry"):
        for word in re.findall(r"[A-Za-z]+", spec.said(decision)):
            assert word[:11] in drawing, decision


def test_the_diagram_keeps_to_80_columns_with_the_longest_names() -> None:
    used = ["databricks-jobs", "databricks-mlflow", "warehouse-snapshots"]
    document = render(
        helpers.spec(helpers.answers({"problem_type": "generative", "already_used": used, "cloud": "aws"}))
    )
    assert {len(line) for line in diagram(document).split("\n")} <= set(range(81))
    assert faults(document) == []


@pytest.mark.parametrize("store", ["none", "batch-tables", "online-store"])
def test_the_store_line_says_what_was_decided(store: str) -> None:
    wanted: dict[str, dict[str, Any]] = {
        "none": {},
        "batch-tables": {"features_shared": True},
        "online-store": {"realtime_features": True, "who_waits": "person", "wait": "100ms", "team_size": 8},
    }
    spec = helpers.spec(helpers.answers(wanted[store]))
    line = re.search(r"^\*\*Feature store:\*\* (.*)$", render(spec), re.MULTILINE)
    assert spec.value("feature_store") == store
    assert line is not None
    assert line[1].startswith("Yes: " if store == "online-store" else "No")
    if store == "online-store":
        assert spec.said("feature_store_tool") in line[1]


@pytest.mark.parametrize("seed", range(12))
def test_the_retraining_line_says_what_was_decided(seed: int) -> None:
    spec = spec_of(seed)
    assert f"\n**Retraining policy:** {spec.said('retraining_policy')}" in render(spec)


def words_of(document: str) -> int:
    body = document.split("\n## Answers\n")[0]
    return sum(bool(re.search(r"\w", one)) for one in body.split())


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_each_size_says_less_than_the_next_and_what_an_expert_noticed_at_each(name: str) -> None:
    values = helpers.example_values(name)
    specs = {size: helpers.spec(helpers.answers({**values, "size": size})) for size in ("brief", "standard", "full")}
    texts = {size: render(spec) for size, spec in specs.items()}
    counted = [words_of(text) for text in texts.values()]
    assert counted[0] < 0.85 * counted[1] < 0.45 * counted[2]
    for size, text in texts.items():
        assert faults(text) == [], size
        say = Say(specs[size])
        assert all(
            str(say.headline(one)).rstrip(".") in text for one in (*specs[size].blocking, *specs[size].kind("finding"))
        )


@pytest.mark.parametrize(
    ("values", "size"),
    [
        ({"maturity": "first-model", "team_size": 2}, "brief"),
        ({"maturity": "first-model", "team_size": 3}, "standard"),
        ({"maturity": "some-models", "team_size": 1}, "standard"),
        ({"maturity": "first-model", "team_size": 1, "size": "full"}, "full"),
        ({}, "standard"),
    ],
)
def test_a_first_model_of_one_or_two_people_gets_the_brief_document(values: dict[str, Any], size: str) -> None:
    assert helpers.spec(helpers.answers({**helpers.SMALLEST, **values})).value("document_size") == size


def test_no_section_stands_between_the_seven() -> None:
    titles = re.findall(r"^## (.*)$", render(helpers.example_spec("churn")), re.MULTILINE)
    assert tuple(titles[titles.index(SECTIONS[0]) :][:7]) == SECTIONS


@pytest.mark.parametrize("ten", range(3))
def test_every_document_has_its_gates_with_limit_and_owner(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        text = section(render(spec_of(seed)), "Release Gates")
        assert text.startswith("\nStop or go is decided by "), seed
        for table in (one for one in tables(text) if one.header[0] == "Gate"):
            assert table.header[:2] == ("Gate", "Holds when")
            owner = table.header.index("Owner")
            assert {row[owner] for row in table.rows} <= {"data", "model", "platform", "product"}
        assert "\n- Starts a training: " in text
        assert "\n- Takes the release back at once: " in text


# ------------------------------------------------------------------ reading back, and again


def comparable(answers: Answers) -> dict[str, Any]:
    """Return values and how far a person stands behind them; places and sources differ between two ways of saying."""
    return {id: _comparable(answer) for id, answer in answers.by_id.items()}


def _comparable(answer: Answer) -> Any:
    value = answer.value
    if isinstance(value, tuple) and value and isinstance(value[0], Entry):
        value = [{name: _comparable(field) for name, field in entry.fields.items()} for entry in value]
    return value, answer.given, answer.unsure


@pytest.mark.parametrize("ten", range(4))
def test_the_answers_at_the_end_read_back_to_the_same(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        given = sampled(seed)
        toml = answers_in(render(helpers.spec(given)))
        assert toml is not None
        values = read_answers(toml.encode(), "document", "toml").values
        assert comparable(gather(helpers.knowledge(), [helpers.layer(values)])) == comparable(given), seed


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_the_answers_of_an_example_read_back_to_the_same_document(name: str) -> None:
    document = render(helpers.example_spec(name))
    toml = answers_in(document)
    assert toml is not None
    values = read_answers(toml.encode(), "document", "toml").values
    again = helpers.spec(gather(helpers.knowledge(), [helpers.layer(values)]), flips=True)
    assert render(again) == document
    seal = seal_of(document)
    assert seal is not None
    assert seal.untouched


def test_the_same_answers_in_another_order_give_the_same_document() -> None:
    values, _ = mended(drawn(7), {})
    turned = dict(reversed(values.items()))
    assert render(helpers.spec(helpers.answers(turned))) == render(helpers.spec(helpers.answers(values)))


def test_rendering_does_not_depend_on_the_process() -> None:
    wanted = render(helpers.example_spec("churn"))
    path = str(helpers.ROOT / "examples" / "churn" / "answers.toml")
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Apia", "LC_ALL": "C"}
        command = [sys.executable, "-m", "mlworkflow", "generate", path]
        done = subprocess.run(command, capture_output=True, env=env, cwd=helpers.ROOT, check=True, timeout=60)
        assert done.stdout.decode("utf-8") == wanted


# ------------------------------------------------------------------ the ten quality checks


def changed(change: dict[str, Any], size: str = "standard") -> Spec:
    """Return the design of the first example with some answers changed."""
    values = {"size": size} | helpers.without(helpers.example_values("churn"), change.get("without", ()))
    values |= {id: value for id, value in change.items() if id not in ("without", "known")}
    known = change.get("known", ())
    values["features"] = [
        {**one, "available": one.get("available", "before" if one["name"] in known else "not sure")}
        for one in values["features"]
    ]
    return helpers.spec(helpers.answers(values))


@pytest.mark.parametrize("id", QUALITY)
@pytest.mark.parametrize("side", ["unticks", "ticks"])
def test_each_quality_check_can_be_ticked_and_unticked(id: str, side: str) -> None:
    spec = changed(QUALITY[id][side])
    found = {check.id: check for check in checks(Say(spec))}
    assert found[id].holds is (side == "ticks"), found[id].reason
    box = "x" if side == "ticks" else " "
    assert f"\n- [{box}] {id} " in render(changed(QUALITY[id][side], "full"))
    assert (f"\n- [ ] {id} " in render(spec)) is (side == "unticks")


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_there_are_ten_quality_checks_each_with_its_reason(name: str) -> None:
    every = [f"QC-{number:02}" for number in range(1, 11)]
    full = render(helpers.spec(helpers.answers({**helpers.example_values(name), "size": "full"})))
    assert re.findall(r"^- \[[x ]\] (QC-\d\d) .+: .+\.$", full, re.MULTILINE) == every
    standard = render(helpers.example_spec(name))
    open_ = re.findall(r"^- \[ \] QC-.+: .+\.$", full, re.MULTILINE)
    assert re.findall(r"^- \[[x ]\] QC-.+$", standard, re.MULTILINE) == open_
    assert f"\n{10 - len(open_)} of 10 hold" in standard
