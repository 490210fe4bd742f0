"""The companions of a document: well formed for whoever reads them, the same twice, and true to the design."""

from __future__ import annotations

import ast
import datetime
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml  # type: ignore[import-untyped]

from mlworkflow.bundle.alarms import SERIES, alarms
from mlworkflow.bundle.expecting import expected
from mlworkflow.bundle.file import File
from mlworkflow.bundle.filling import files, left_out
from mlworkflow.bundle.flows import flows, ordered
from mlworkflow.bundle.orchestrators import KNOWN as ORCHESTRATORS
from mlworkflow.bundle.parts import PARTS
from mlworkflow.bundle.parts.comparing import smallest_gain_of_cases, smallest_gain_of_lists
from mlworkflow.bundle.platforms import KNOWN as PLATFORMS
from mlworkflow.bundle.platforms import fargate_size
from mlworkflow.bundle.steps import RETRIES, Step
from mlworkflow.bundle.watches import every_rule, watches
from mlworkflow.bundle.words import Full, Plain, used_features
from mlworkflow.bundle.yaml_text import as_yaml
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import escape, slug
from mlworkflow.documents.views import monitoring, serving
from mlworkflow.question import Answers
from mlworkflow.responsibility import responsibility
from tests.helpers import EXAMPLES, answers, example, example_values, knowledge, spec
from tests.sampling import sampled
from tests.wellformed import page_faults, rendered_faults, tables

OURS = (
    "sources", "notebook", "features", "pipeline", "prompt", "inference", "choosing", "comparing", "benchmark",
    "impact", "deployment", "watching",
)  # fmt: skip
_HOLLOW = re.compile(r"\bNone\b|\bnan\b|\binf\b|Undefined|not given(?:, | and |; )not given|object at 0x|\(\)")


_WRITTEN: dict[int, tuple[Spec, list[File]]] = {}


def ours(of: Spec) -> list[File]:
    """Return what our parts write, once for each design; other parts have tests of their own."""
    if id(of) not in _WRITTEN:
        with mock.patch("mlworkflow.bundle.filling.PARTS", OURS):
            _WRITTEN[id(of)] = of, list(files(of))  # the design is kept, so that no other gets its id
    return _WRITTEN[id(of)][1]


@cache
def sample(seed: int) -> Spec:
    """Return the design of sampled answers."""
    return spec(sampled(seed))


def text(of: Spec, path: str) -> str:
    """Return the text of one file of a bundle."""
    return next(one.text for one in ours(of) if one.path == path)


@cache
def example_bundle(name: str) -> Mapping[str, str]:
    """Return the companions of an example by path."""
    return {one.path: one.text for one in ours(spec(example(name)))}


def changed(name: str, **values: Any) -> Spec:
    """Return the design of an example with other answers."""
    return spec(answers({**example_values(name), **values}))


def decided(name: str, decision: str, option: str, **values: Any) -> Spec:
    """Return the design of an example in which a person decided something."""
    return changed(name, decided=[{"decision": decision, "option": option, "reason": "the team knows it"}], **values)


# ------------------------------------------------------------------ every file, whatever the answers


def broken(file: File) -> Iterator[str]:
    """Yield what is wrong with a file for whoever reads it."""
    if not file.text.endswith("\n") or "\r" in file.text:
        yield "does not end with a line feed, or holds a carriage return"
    match file.path.rpartition(".")[2]:
        case "md":
            yield from page_faults(file.text)
            yield from rendered_faults(file.text)
            if found := _HOLLOW.search(file.text):
                yield f"holds {found[0]!r}: {file.text[max(0, found.start() - 60) : found.end() + 20]!r}"
        case "yaml" | "yml":
            list(yaml.safe_load_all(file.text))
            if re.search(r"\bNone\b|: \"?(nan|inf)\"?$", file.text, re.MULTILINE):
                yield "holds None, nan or inf"
        case "json":
            json.loads(file.text, parse_constant=lambda found: pytest.fail(f"{file.path}: {found}"))
        case "ipynb":
            yield from broken_notebook(json.loads(file.text))
        case "py":
            ast.parse(file.text)
        case "sh":
            assert subprocess.run(["bash", "-n"], input=file.text, text=True, check=False).returncode == 0


def broken_notebook(book: Any) -> Iterator[str]:
    """Yield what is wrong with a notebook, by the fields that its format 4.5 asks for."""
    if (book["nbformat"], book["nbformat_minor"]) != (4, 5) or not book["metadata"]["kernelspec"]["name"]:
        yield "is not of format 4.5 with a kernel"
    ids = [cell["id"] for cell in book["cells"]]
    if len(set(ids)) != len(ids) or not all(re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", one) for one in ids):
        yield f"cells have no ids of their own: {ids}"
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            ast.parse("".join(cell["source"]))
            if cell["outputs"] or cell["execution_count"] is not None:
                yield f"the cell {cell['id']} was run"


def all_broken(of: Spec) -> list[str]:
    found = ours(of)
    paths = [one.path for one in found]
    twice = [f"{path}: twice" for path in paths if paths.count(path) > 1]
    both = [f"{one.path}: there and left out" for one in left_out(of) if one.path in paths]
    roles = {one.id for one in knowledge().roles}
    nobody = [f"{one.path}: owned by {one.owner}" for one in found if one.owner not in roles]
    return [*twice, *both, *nobody, *(f"{one.path}: {fault}" for one in found for fault in broken(one))]


def test_each_of_our_parts_is_gathered() -> None:
    assert [one for one in PARTS if one in OURS] == list(OURS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_companions_of_an_example_are_well_formed(name: str) -> None:
    assert all_broken(spec(example(name))) == []


@pytest.mark.parametrize("seed", range(24))
def test_the_companions_of_any_answers_are_well_formed(seed: int) -> None:
    assert all_broken(sample(seed)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24, 64))
def test_the_companions_of_many_answers_are_well_formed(seed: int) -> None:
    assert all_broken(sample(seed)) == []


def test_the_companions_of_the_smallest_answers_are_well_formed() -> None:
    assert all_broken(spec(answers({}))) == []


@pytest.mark.parametrize("kind", [one.id for one in knowledge().question["problem_type"].choices])
def test_the_companions_of_each_problem_type_are_well_formed(kind: str) -> None:
    assert all_broken(spec(answers({"problem_type": kind, "who_waits": "person"}))) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_answers_give_the_same_bytes(name: str) -> None:
    assert {one.path: one.text for one in ours(spec(answers(example_values(name))))} == dict(example_bundle(name))


# ------------------------------------------------------------------ hostile text

NASTY = (
    'a "quoted" \\ name: with #, {braces}, [brackets] & *stars* | pipe',
    "${{ secrets.TOKEN }} $(rm -rf /) `id` %{x} {{ .Labels }}",
    "'; DROP TABLE x; --\u2028\u202e\u0007 \U0001f600 é ---",
    "- yes",
    "<script>alert(1)</script> ![x](javascript:1)",
    '"""\nimport os\n"""',
    "1:30",
)


def hostile(base: str, nasty: str) -> Answers:
    values = dict(example_values(base))
    texts = [one.id for one in knowledge().questions if one.kind == "text" and one.id in values and one.id != "name"]
    values |= dict.fromkeys(texts, nasty) | {"name": f"{nasty} x"}
    values |= {
        one.id: [nasty]
        for one in knowledge().questions
        if one.kind == "lines" and one.id in values and one.id != "packs"
    }
    for id in ("sources", "features"):
        fields = [
            one.id for one in knowledge().question[id].fields if one.kind == "text" and one.id not in ("name", "source")
        ]
        values[id] = [{**one, **{field: nasty for field in fields if field in one}} for one in values.get(id, [])]
    values["sources"][0]["name"] = nasty
    for one in values["features"]:
        one["source"] = nasty if one["source"] == example_values(base)["sources"][0]["name"] else one["source"]
    values["features"][0]["name"] = f"{nasty} f"
    return answers(values)


@pytest.mark.parametrize("base", EXAMPLES)
@pytest.mark.parametrize("nasty", NASTY)
def test_hostile_text_breaks_no_file(base: str, nasty: str) -> None:
    assert all_broken(spec(hostile(base, nasty))) == []


@pytest.mark.parametrize("nasty", NASTY)
def test_a_name_comes_back_from_yaml_and_json_as_it_was_typed(nasty: str) -> None:
    of = spec(hostile("churn", nasty))
    typed = " ".join(of.answers.entries("features")[0].value("name").split())
    assert " ".join(yaml.safe_load(text(of, "feature-schema.yaml"))["features"][0]["name"].split()) == typed
    log = json.loads(text(of, "schemas/prediction-log.schema.json"))
    assert typed in {" ".join(one.split()) for one in log["properties"]["features"]["properties"]}
    design = next(cell for cell in json.loads(text(of, "eda.ipynb"))["cells"] if cell["id"] == "design")
    held = ast.literal_eval("".join(design["source"]).removeprefix("DESIGN = "))
    assert " ".join(held["features"][0]["name"].split()) == typed


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("tool", sorted(ORCHESTRATORS))
def test_no_name_becomes_a_command_or_an_expression(tool: str, nasty: str) -> None:
    values = dict(example_values("churn"))
    values["sources"] = [{**one, "name": f"{nasty} {one['name']}"} for one in values["sources"]]
    values["features"] = [{**one, "source": f"{nasty} {one['source']}"} for one in values["features"]]
    of = spec(answers({**values, "name": f"{nasty} x", "decided": [orchestrated_by(tool)]}))
    written = "".join(one.text for one in ours(of) if is_skeleton(one.path))
    assert "load-" in written
    assert not any(part in written for part in ("secrets.TOKEN", "rm -rf", "DROP TABLE", "<script", ".Labels"))


def orchestrated_by(tool: str) -> dict[str, str]:
    return {"decision": "orchestration", "option": tool, "reason": "the team knows it"}


def is_skeleton(path: str) -> bool:
    return path.startswith(("pipeline/", ".github/", ".gitlab"))


@pytest.mark.parametrize(
    "value",
    [
        *NASTY, "", " ", "~", "null", "None", "0x1f", "1e5", "2026-01-01", "off", "a: b", "\ud800", "\x85", "=", "!tag",
        "%x", "@x", "a\n b", 0.00001, 1e300, -2.5, 3, True, None, [], {}, [[]], [{"a": [1, {"b": None}]}, ["x", ["y"]]],
    ],
)  # fmt: skip
def test_yaml_reads_back_what_was_written(value: Any) -> None:
    assert yaml.safe_load(as_yaml({"on": value, "list": [value, {"x": value}]})) == {
        "on": value,
        "list": [value, {"x": value}],
    }


# ------------------------------------------------------------------ what does not apply


def test_a_generative_design_has_a_prompt_bundle_and_no_feature_store() -> None:
    found, missing = (
        example_bundle("support-assistant"),
        {one.path for one in left_out(spec(example("support-assistant")))},
    )
    assert {"prompt-bundle.yaml", "golden-set.schema.json"} <= set(found)
    assert {"feature-store.md", "feature-schema.yaml", "eda.ipynb"} <= missing
    assert not missing & set(found)


def test_a_design_on_devices_has_a_bundle_with_two_slots() -> None:
    bundle = yaml.safe_load(example_bundle("weld-inspection")["deploy/edge-bundle.yaml"])
    assert bundle["update"]["slots"] == ["a", "b"]
    assert bundle["limits"]["memory_bytes"] == 4_000_000_000
    assert [one["stage"] for one in bundle["stages"]]


def test_a_design_on_a_schedule_has_no_request() -> None:
    of = changed("churn", who_waits="nobody", also_batch=True)
    assert "schemas/request.schema.json" in {one.path for one in left_out(of)}
    assert "schemas/request.schema.json" not in {one.path for one in ours(of)}


@pytest.mark.parametrize("seed", range(24))
def test_a_reason_for_a_file_that_is_left_out_is_one_sentence(seed: int) -> None:
    for one in left_out(sample(seed)):
        assert one.path
        assert one.because
        assert not one.because.endswith(".")
        assert len(one.because.split()) <= 25


# ------------------------------------------------------------------ sources


def test_each_source_is_scored_and_says_why_it_was_taken_or_refused() -> None:
    page = example_bundle("churn")["data-source-evaluation.md"]
    summary = tables(page)[0]
    assert [row[0] for row in summary.rows] == ["`orders`", "`crm`", "`web_events`", "`credit_scores`"]
    assert "**Rejected: bad in completeness, mutability; unknown: licence, history. No feature may read it.**" in page
    assert page.count("Contract clause:") == 3
    assert "beyond 54 hours (2 × 1 day refresh + 6 hours lag) a refresh counts as missed" in page


def test_a_score_falls_when_an_answer_gets_worse() -> None:
    sources = [dict(one) for one in example_values("churn")["sources"]]
    sources[0] |= {"completeness": "50%", "licence": "forbidden"}
    rows = tables(text(changed("churn", sources=sources), "data-source-evaluation.md"))[0].rows
    assert rows[0][1:4] == ("13 of 18", "none", "completeness, licence")


# ------------------------------------------------------------------ expected distributions


@pytest.mark.parametrize(
    ("said", "low", "high", "middle", "zeros", "shares"),
    [
        ("0 to 730, median 24, long right tail", 0, 730, ("median", 24), None, {}),
        ("0 to 6,000, median 118", 0, 6000, ("median", 118), None, {}),
        ("0 to 40, 46 % zeros", 0, 40, None, 0.46, {}),
        ("0.50 to 9,000", 0.5, 9000, None, None, {}),
        ("-3 to 3, mean 0.1", -3, 3, ("mean", 0.1), None, {}),
        ("DE 58 %, AT 17 %, CH 15 %, NL 10 %", None, None, None, None, {"DE": 0.58, "AT": 0.17, "CH": 0.15, "NL": 0.1}),
        ("200 prefixes make 80 %", None, None, None, None, {}),
        ("2020 to today", None, None, None, None, {}),
        ("50 to 90 %", None, None, None, None, {}),
        ("9 to 1", None, None, None, None, {}),
    ],
)  # fmt: skip
def test_an_expected_distribution_is_read_as_numbers(
    said: str, low: float | None, high: float | None, middle: Any, zeros: float | None, shares: Mapping[str, float]
) -> None:
    found = expected(said)
    assert found is not None
    assert (found.low, found.high, found.middle, found.zeros, found.shares) == (low, high, middle, zeros, shares)


# ------------------------------------------------------------------ features


@pytest.mark.parametrize("name", ["churn", "card-fraud", "weld-inspection"])
def test_the_schema_holds_each_used_feature_and_no_refused_one(name: str) -> None:
    of = spec(example(name))
    schema = yaml.safe_load(example_bundle(name)["feature-schema.yaml"])
    assert [one["name"] for one in schema["features"]] == [one.value("name") for one in used_features(of)]
    assert all(isinstance(one["reversible"], bool) for one in schema["features"])
    assert all(one["reversible"] or one["reversible_note"] for one in schema["features"])


class _Anything(ModuleType):
    """A module in which every name is there, so that code which uses it can be run."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return mock.MagicMock(name=name)


def runs(code: str, *packages: str) -> dict[str, Any]:
    """Run code against stand-ins of its packages: a name that it does not define is an error."""
    names = {package: _Anything(package) for package in packages}
    space: dict[str, Any] = {"__name__": "skeleton"}
    with mock.patch.dict(sys.modules, names):
        exec(compile(code, "skeleton", "exec"), space)
    return space


def test_the_repository_of_feast_names_each_stored_feature() -> None:
    of = decided("churn", "feature-store-tool", "feast", realtime_features=True, features_shared=True)
    code = text(of, "feature_repo/features.py")
    runs(code, "feast", "feast.types")
    fields = re.findall(r'Field\(name="(\w+)"', code)
    assert fields == [
        *(one for one in _used_of("churn", "orders")),
        *_used_of("churn", "crm"),
        *_used_of("churn", "web_events"),
    ]
    assert 'join_keys=["customer_id"]' in code


def _used_of(name: str, source: str) -> list[str]:
    return [one.value("name") for one in used_features(spec(example(name))) if one.value("source") == source]


# ------------------------------------------------------------------ pipeline


@pytest.mark.parametrize("seed", range(24))
def test_every_flow_is_a_graph_without_a_cycle_whose_needs_exist(seed: int) -> None:
    of = sample(seed)
    graph = yaml.safe_load(text(of, "pipeline.yaml"))
    assert graph["retries"]["tries_after_the_first"] >= 3
    assert graph["retries"]["factor"] > 1
    for flow in graph["flows"]:
        before: set[str] = set()
        for step in flow["steps"]:
            assert set(step["needs"]) <= before, step["id"]
            before.add(step["id"])
            assert step["timeout_seconds"] > 0
            assert step["owner_role"]
            assert step["command"] == f"make {step['id']}"
        assert len(before) == len(flow["steps"])
    stages = {step["id"] for flow in graph["flows"] for step in flow["steps"]}
    assert {one["stage"] for one in graph["checks"]} <= stages


def test_a_cycle_is_an_error() -> None:
    from graphlib import CycleError

    one = Step("a", "does", ("b",), (), (), "POR", 1, "assumed")
    with pytest.raises(CycleError):
        ordered([one, Step("b", "does", ("a",), (), (), "POR", 1, "assumed")])


def test_the_schedule_is_that_of_the_design() -> None:
    graph = yaml.safe_load(example_bundle("churn")["pipeline.yaml"])
    assert {one["flow"]: one["schedule"]["cron"] for one in graph["flows"]} == {
        "ingest": "0 3 * * *",
        "training": "0 3 1 * *",
        "scoring": "0 3 * * *",
        "watching": "0 3 * * *",
    }
    weekly = yaml.safe_load(example_bundle("card-fraud")["pipeline.yaml"])
    assert {one["flow"]: one["schedule"]["cron"] for one in weekly["flows"]}["training"] == "0 3 * * 1"


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_pipeline_has_the_flows_that_its_design_needs(name: str) -> None:
    of = spec(example(name))
    found = {one["flow"]: one["steps"] for one in yaml.safe_load(example_bundle(name)["pipeline.yaml"])["flows"]}
    assert ("scoring" in found) == ("batch" in of.value("mode_ids"))
    assert ("indexing" in found) == (of.value("model_adaptation") == "retrieval")
    assert {"ingest", "watching"} <= set(found)
    ingest = {step["id"]: step for step in found["ingest"]}
    for source in [one for one in of.answers.entries("sources") if one.value("state") == "accepted"]:
        assert any(source.value("name") in step["inputs"] for step in ingest.values())
    assert "prediction log" in ingest["labels"]["inputs"]
    learning = next(found[id] for id in ("training", "release") if id in found)
    assert "labels/" in learning[0]["inputs"]


def test_a_changed_document_reaches_the_index_within_the_promised_age() -> None:
    of = spec(example("support-assistant"))
    found = {one.id: one for one in flows(Plain(of))}
    ingest = {one.id: one.timeout for one in found["ingest"].steps}
    waits = 3600.0  # the refresh of the articles, and the pace of the ingest
    way = (
        ingest["load-help_articles"]
        + ingest["check-help_articles"]
        + sum(one.timeout for one in found["indexing"].steps)
    )
    assert waits + way <= of.value("documents_change")
    ids = [one.id for one in found["indexing"].steps]
    assert ids.index("retrieval-test") < ids.index("index-switch")


@pytest.mark.parametrize("seed", range(20))
def test_every_step_belongs_to_whoever_answers_for_it_here(seed: int) -> None:
    of = sample(seed)
    people = {one.name for one in responsibility(of).people} or {"nobody"}
    for flow in yaml.safe_load(text(of, "pipeline.yaml"))["flows"]:
        assert {step["owner"] for step in flow["steps"]} <= people


def test_the_owner_of_a_step_is_that_of_its_duty_in_the_skeleton_too() -> None:
    of = spec(example("churn"))
    owned = {one.clause.id: one.accountable.name for one in responsibility(of).duties}
    steps = {step.id: step for flow in flows(Plain(of)) for step in flow.steps}
    assert steps["train"].owner == owned["duty-model"]
    assert steps["gate"].owner == steps["evaluate"].owner == owned["duty-eval-gate"]
    assert steps["score"].owner == owned["duty-run-ready"]
    dag = text(of, "pipeline/customer_churn_prediction_training_dag.py")
    assert f'task_id="train", owner="{slug(owned["duty-model"])}"' in dag


def test_a_scoring_run_keeps_its_promised_time() -> None:
    scoring = next(one for one in flows(Plain(spec(example("churn")))) if one.id == "scoring")
    assert sum(one.timeout for one in scoring.steps if one.id not in ("complete", "log")) <= 3 * 3600 + 1


_PACKAGES = {
    "airflow": (
        "airflow", "airflow.sdk", "airflow.providers", "airflow.providers.standard",
        "airflow.providers.standard.operators", "airflow.providers.standard.operators.bash",
    ),
    "dagster": ("dagster",),
    "prefect": ("prefect", "prefect.tasks"),
}  # fmt: skip


@pytest.mark.parametrize("tool", sorted(ORCHESTRATORS))
def test_a_skeleton_is_read_by_its_tool_and_calls_each_step(tool: str) -> None:
    of = decided("churn", "orchestration", tool)
    found = [one for one in ours(of) if is_skeleton(one.path)]
    assert found
    written = "\n".join(one.text for one in found)
    for flow in flows(Plain(of)):
        for step in flow.steps:
            assert re.search(rf"(make |step |once |\"){step.id}\b", written), step.id
    for one in found:
        if one.path.endswith(".py"):
            runs(one.text, *_PACKAGES[tool])
        if one.path.endswith(".yml"):
            assert not re.search(r"\$\{\{", one.text)


def test_a_step_of_a_workflow_needs_jobs_that_are_there() -> None:
    of = decided("churn", "orchestration", "github-actions-schedule")
    data = yaml.safe_load(text(of, ".github/workflows/training.yml"))
    assert data["on"]["schedule"] == [{"cron": "0 3 1 * *"}]
    assert all(need in data["jobs"] for job in data["jobs"].values() for need in job.get("needs", ()))
    tries = re.match(r"for pause in ([\d ]+);", data["jobs"]["train"]["steps"][-1]["run"])
    assert tries is not None
    assert len(tries[1].split()) == RETRIES + 1


@pytest.mark.skipif(shutil.which("bash") is None, reason="no shell")
@pytest.mark.parametrize("fails", [0, 2, 9])
def test_a_script_tries_again_and_gives_up_in_the_end(tmp_path: Path, fails: int) -> None:
    script = text(decided("churn", "orchestration", "plain-script"), "pipeline/scoring.sh")
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "pipeline" / "scoring.sh").write_text(script)
    bin = tmp_path / "bin"
    bin.mkdir()
    (bin / "sleep").write_text("#!/bin/sh\nexit 0\n")
    (bin / "make").write_text(
        f'#!/bin/sh\necho "$1" >> log\ntest $(grep -c "^$1$" log) -gt {fails} || test "$1" != score\n'
    )
    for one in bin.iterdir():
        one.chmod(0o755)
    path = f"{bin}:/usr/bin:/bin"
    done = subprocess.run(
        ["bash", str(tmp_path / "pipeline" / "scoring.sh")],
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    called = (tmp_path / "log").read_text().split()
    assert called.count("score") == min(fails, RETRIES) + 1
    assert (done.returncode, called[-1]) == ((0, "log") if fails <= RETRIES else (1, "score"))


# ------------------------------------------------------------------ inference


def schema_of(name: str, which: str) -> Any:
    found = json.loads(example_bundle(name)[f"schemas/{which}.schema.json"])
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def test_a_request_with_a_value_outside_its_range_or_of_another_type_is_refused() -> None:
    validator = schema_of("card-fraud", "request")
    brought = [one for one in used_features(spec(example("card-fraud"))) if one.value("available") == "at-request"]
    empty: dict[str, Any] = {"number": 1, "flag": False, "category": "x"}
    inputs = {one.value("name"): None if one.value("missing_means") else empty[one.value("type")] for one in brought}
    good = {"request_id": "r1", "unit_id": "p1", "at": "2027-01-11T10:00:00Z"}
    assert validator.is_valid({**good, "inputs": {**inputs, "amount_eur": 31.5, "unknown": 1}})  # counted, not refused
    assert not validator.is_valid({**good, "inputs": {**inputs, "amount_eur": 9001}})
    assert not validator.is_valid({**good, "inputs": {**inputs, "amount_eur": None}})  # it must be there
    assert not validator.is_valid({**good, "inputs": {**inputs, "amount_eur": "31"}})
    assert not validator.is_valid({**good, "inputs": {}})
    assert not validator.is_valid({**good, "inputs": inputs, "unit_id": ""})


def test_an_answer_without_a_prediction_is_one_of_the_fallback() -> None:
    validator = schema_of("churn", "response")
    answer = {"unit_id": "c1", "model_version": "7", "fallback": None}
    assert validator.is_valid({**answer, "score": 0.2, "acts": False})
    assert not validator.is_valid(answer)
    assert validator.is_valid({**answer, "fallback": "today's rule"})
    assert not validator.is_valid({**answer, "score": 1.2, "acts": False})


def test_the_log_holds_each_used_feature_and_no_refused_one() -> None:
    validator = schema_of("churn", "prediction-log")
    row = {
        "unit_id": "c1",
        "at": "2027-01-11T10:00:00Z",
        "model_version": "7",
        "fallback": None,
        "score": 0.2,
        "acts": False,
        "logged_with_chance": 1,
    }
    assert not validator.is_valid({**{k: v for k, v in row.items() if k != "score"}, "features": {}})
    assert validator.is_valid({**row, "features": {"orders_30d": 3, "country": "DE", "spend_90d": None}})
    assert validator.is_valid({**row, "features": {"orders_30d": 400}})  # drift must be seen, so no range here
    assert not validator.is_valid({**row, "features": {"cancellation_reason": "moved"}})


@pytest.mark.parametrize("seed", range(24))
def test_every_schema_is_one(seed: int) -> None:
    for one in ours(sample(seed)):
        if one.path.endswith(".schema.json"):
            jsonschema.Draft202012Validator.check_schema(json.loads(one.text))


def test_a_golden_case_needs_two_people_who_agreed() -> None:
    found = json.loads(example_bundle("support-assistant")["golden-set.schema.json"])
    validator = jsonschema.Draft202012Validator(found)
    case = {
        "id": "g1", "input": {"question_text": "How?"}, "expected": {"kind": "answer", "answer": "So."},
        "agreed_by": ["A", "B"], "agreed_on": "2026-12-01", "split": "locked",
    }  # fmt: skip
    assert validator.is_valid(case)
    assert validator.is_valid({**case, "expected": {"kind": "refusal"}})
    assert not validator.is_valid({**case, "expected": {"kind": "answer"}})
    assert not validator.is_valid({**case, "agreed_by": ["A"]})


# ------------------------------------------------------------------ choices, comparison, benchmark, impact


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_report_names_every_decision_that_applies(name: str) -> None:
    of, page = spec(example(name)), example_bundle(name)["architecture-selection.md"]
    for verdict in of.verdicts:
        if verdict.applies and verdict.decision.id not in ("feature-use", "transformation", "serving-mode"):
            assert f"| {verdict.decision.title}" in page, verdict.id


def test_a_preference_is_said_of_what_was_chosen() -> None:
    page = example_bundle("weld-inspection")["architecture-selection.md"]
    assert "TensorBoard (behind MLflow: it serves the common case, and nothing here asks for a special one)" in page


def test_a_decision_of_a_person_and_a_conflict_stand_first() -> None:
    page = text(decided("churn", "orchestration", "dagster"), "architecture-selection.md")
    assert "## Decided by a person" in page
    assert page.index("## Decided by a person") < page.index("## Problem")


def test_the_candidates_are_those_of_the_design_and_their_results_are_empty() -> None:
    page = example_bundle("churn")["experiment-comparison.md"]
    candidates, results = tables(page)[:2]
    assert [row[0] for row in candidates.rows] == [row[0] for row in results.rows]
    assert {cell for row in results.rows for cell in row[1:]} == {"to fill in"}


def test_a_tie_of_two_lists_is_what_two_independent_samples_say() -> None:
    from math import sqrt

    assert smallest_gain_of_lists(1500, 0.18, 0.9) == pytest.approx(
        1.959964 * sqrt(2 * 150 * 0.18 * 0.82) / 1500, rel=1e-6
    )
    assert "| 90 % | 0.87 points |" in example_bundle("churn")["experiment-comparison.md"]
    assert smallest_gain_of_cases(120, 0.1) == pytest.approx(1.959964 * sqrt(12) / 120, rel=1e-6)


def test_the_benchmark_passes_on_the_limits_that_were_answered() -> None:
    page = example_bundle("churn")["benchmark-plan.md"]
    assert "| p99 | upper end of its interval ≤ 100 ms |" in page
    assert "9,508 requests" in page
    assert "from value 9,393 to value 9,432 of the 9,508" in page
    assert "598 requests without a failure" in page
    assert "from value" not in text(changed("churn", who_waits="nobody"), "benchmark-plan.md")


def test_a_test_that_would_take_days_is_content_with_a_wider_interval() -> None:
    page = example_bundle("support-assistant")["benchmark-plan.md"]
    assert "595 requests place the measured p99 between the true 98.2 % and 99.8 %" in page
    assert "At the peak of 9/min a run lasts 66.1 min" in page


def test_a_device_is_tested_with_its_own_share_of_the_load() -> None:
    page = example_bundle("weld-inspection")["benchmark-plan.md"]
    assert "the peak of 12/s" in page  # 96/s over 8 devices
    assert "96/s" not in page


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_impact_has_primary_guardrails_satisfaction_and_trend(name: str) -> None:
    of, page = spec(example(name)), example_bundle(name)["impact-analysis.md"]
    outcome = tables(page)[0]
    assert outcome.rows[0][0].startswith("**Primary:**")
    assert len(outcome.rows) == 1 + len(of.kind("guardrail"))
    assert str(Full(of).value("satisfaction_metric")) in page
    assert "## Trend rule" in page


# ------------------------------------------------------------------ deployment


def test_the_plan_has_each_step_each_freeze_and_both_orders() -> None:
    of, page = spec(example("churn")), example_bundle("churn")["deployment-plan.md"]
    assert all(f"| {Full(of).sentence(one.says)} |" in page for one in of.kind("step"))
    assert "No release: the two weeks around Black Friday" in page
    assert page.index("## Order of the first setup") < page.index("## Order of the way back")


def test_the_task_has_the_size_and_time_limits_of_the_design() -> None:
    found = example_bundle("churn")
    task, service = json.loads(found["deploy/task-definition.json"]), json.loads(found["deploy/service.json"])
    assert (task["cpu"], task["memory"]) == ("2048", "4096")
    assert {"name": "REQUEST_TIMEOUT_SECONDS", "value": "0.25"} in task["containerDefinitions"][0]["environment"]
    assert service["desiredCount"] == spec(example("churn")).value("workers_with_spare_zone")


def test_the_files_of_fargate_follow_the_rollout_and_the_scaling_of_the_document() -> None:
    found, of = example_bundle("churn"), spec(example("churn"))
    scaling, traffic = json.loads(found["deploy/scaling.json"]), json.loads(found["deploy/traffic.json"])
    target = scaling["register_scalable_target"]
    detail = dict(serving.view(Full(of))["table"].rows)["Scaling"]
    assert f"minimum {target['MinCapacity']}, maximum {target['MaxCapacity']} workers" in detail
    policy = scaling["put_scaling_policy"]["TargetTrackingScalingPolicyConfiguration"]
    assert f"more than {policy['TargetValue']} requests in flight per worker" in detail
    assert json.loads(found["deploy/service.json"])["desiredCount"] == target["MinCapacity"]
    assert policy["CustomizedMetricSpecification"]["MetricName"] in found["monitoring-specification.md"]
    assert [one["step"] for one in traffic["steps"]] == [str(one.says) for one in of.kind("step")]
    for one in traffic["steps"]:
        groups = one["modify_rule"][0]["ForwardConfig"]["TargetGroups"] if "modify_rule" in one else []
        assert sum(group["Weight"] for group in groups) in (0, 100)
        if share := re.match(r"(\d+) % of requests", one["exposure"]):
            assert groups[1]["Weight"] == int(share[1])
    assert traffic["way_back"][0]["ForwardConfig"]["TargetGroups"][1]["Weight"] == 0


@pytest.mark.parametrize(
    ("cpus", "memory", "units", "mib"),
    [(2, 4, 2048, 4096), (0.2, 0.3, 256, 512), (1, 1, 1024, 2048), (2, 20, 4096, 20480), (8, 17, 8192, 20480),
     (99, 999, 16384, 122880)],
)  # fmt: skip
def test_a_worker_gets_a_size_that_is_offered(cpus: float, memory: float, units: int, mib: int) -> None:
    assert fargate_size(cpus, memory) == (units, mib)


DECISION_OF = {"consumer-with-model": "streaming", "flink": "streaming", "worker-on-a-queue": "queue"}
ASKED = {"streaming": {"who_waits": "events"}, "queue": {"who_waits": "later"}, "realtime": {"who_waits": "person"}}


@pytest.mark.parametrize("kubernetes", ["no", "own"])
@pytest.mark.parametrize("tool", sorted(PLATFORMS))
def test_a_platform_gets_its_form_with_the_numbers_of_the_design(tool: str, kubernetes: str) -> None:
    kind = DECISION_OF.get(tool, "realtime")
    of = decided("churn", f"serving-platform-{kind}", tool, kubernetes=kubernetes, wait="300ms", **ASKED[kind])
    found = [one for one in ours(of) if one.path.startswith("deploy/")]
    if tool == "flink" and kubernetes == "no":
        assert not found
        assert any(one.path.startswith("deploy/") for one in left_out(of))
        return
    assert found
    least = str(of.value("workers_with_spare_zone"))
    assert any(least in one.text for one in found)
    for one in found:
        for part in [json.loads(one.text)] if one.path.endswith("json") else list(yaml.safe_load_all(one.text)):
            assert part
            if "kind" in part:
                assert part["metadata"]["name"] == "customer-churn-prediction"
                assert re.fullmatch(r"[a-z]([a-z0-9-]*[a-z0-9])?", part["metadata"]["name"])


@pytest.mark.parametrize("seed", range(24))
def test_the_plan_and_the_document_scale_between_the_same_numbers(seed: int) -> None:
    from mlworkflow.bundle.platforms import size

    of = spec(sampled(seed, who_waits="person"))
    detail = dict(serving.view(Full(of))["table"].rows)["Scaling"]
    said = re.search(r"minimum ([\d,]+), maximum ([\d,]+) workers", str(detail))
    if said:
        it = size(of)
        assert (f"{it.least}", f"{it.most}") == (said[1].replace(",", ""), said[2].replace(",", ""))


# ------------------------------------------------------------------ monitoring


@pytest.mark.parametrize("seed", range(24))
def test_alerts_and_runbook_entries_are_the_same_set(seed: int) -> None:
    of = sample(seed)
    entries = [one.id for one in of.kind("alert")]
    data = yaml.safe_load(text(of, "alerts.yaml"))
    rules = (
        [one["labels"]["entry"] for group in data["groups"] for one in group["rules"]]
        if "groups" in data
        else [one["entry"] for one in data["alerts"]]
    )
    watched = [one.rule.id for one in watches(Plain(of)) if one.rule.id.startswith("watch-")]
    rung = [one for one in rules if one not in watched]
    assert list(dict.fromkeys(sorted(rung, key=entries.index))) == entries
    assert [one for one in rules if one in watched] == watched
    assert len(set(watched)) == len(watched)
    assert {one for one in rules if rules.count(one) > 1} <= {"alert-service-down", "alert-quality-loss"}
    assert len({one.name for one in alarms(Plain(of))}) == len(entries)
    page = text(of, "monitoring-specification.md")
    assert len(tables(page)[0].rows) == len(entries)


@pytest.mark.parametrize("seed", range(24))
def test_every_threshold_of_the_document_is_a_rule_and_stands_in_the_runbook(seed: int) -> None:
    of = sample(seed)
    rules = [f"{one.says} {one.title}" for one in every_rule(Plain(of))]
    page = next(one.text for one in files(of) if one.path == "runbook.md")
    for one in watches(Plain(of)):
        assert str(escape(one.rule.says)) in page, one.rule.says
    for row in monitoring.view(Plain(of))["table"].rows:
        for part in str(row[2]).split("; "):
            if part.startswith(("throughput", "share of", "average", "wrong ones", "GPU utilization", "misses among")):
                words = part.partition(", or ")[0]
                assert any(words in said for said in rules) or "in two windows" in str(row[2]), part
    names = [one.name for one in every_rule(Plain(of))]
    assert len(set(names)) == len(names)


def test_slow_requests_of_a_small_load_have_a_rule_that_pages_nobody() -> None:
    of = spec(example("support-assistant"))
    found = {one["alert"]: one for one in yaml.safe_load(example_bundle("support-assistant")["alerts.yaml"])["alerts"]}
    slow = found["FewServiceDown"]
    assert slow["entry"] == "alert-service-down"
    assert slow["expression"] == f'ml_recent_slow{{system="support-assistant"}} >= {of.value("slow_alarm"):g}'
    assert slow["when"] in str(monitoring.view(Plain(of))["table"].rows[3][2])
    assert slow["severity"] != "SEV-2"


@pytest.mark.parametrize("seed", range(24))
def test_a_rule_and_a_panel_read_only_series_that_the_page_names(seed: int) -> None:
    of = sample(seed)
    named = set(re.findall(r"^\| `(ml_\w+)` \|", text(of, "monitoring-specification.md"), re.MULTILINE))
    assert named <= set(SERIES)
    read = set(re.findall(r"\bml_\w+", text(of, "dashboard.json"))) | set(
        re.findall(r"\bml_\w+", text(of, "alerts.yaml"))
    )
    assert {one.removesuffix("_bucket") for one in read} == named


def test_every_alert_of_ours_has_a_rule_of_its_own() -> None:
    ids = {one.id for one in knowledge().clauses if one.kind == "alert"}
    from mlworkflow.bundle.alarms import _RULES

    assert ids == set(_RULES)


def test_a_rule_holds_the_numbers_of_the_design() -> None:
    rules = {
        one["alert"]: one["expression"] for one in yaml.safe_load(example_bundle("churn")["alerts.yaml"])["alerts"]
    }
    assert "> 0.1 or" in rules["ServiceDown"]
    assert rules["ServiceDown"].count("> 0.072") == 2
    label = '{system="customer-churn-prediction"}'
    assert rules["ScoreShift"] == f"abs(ml_shift_ratio{label} - 1) > 0.3 or ml_prediction_psi{label} > 0.1"
    fraud = yaml.safe_load(example_bundle("card-fraud")["alerts.yaml"])["groups"][0]["rules"]
    lag = next(one for one in fraud if one["alert"] == "ConsumerLag")
    assert "> 0.45 or" in lag["expr"]


def test_text_in_an_annotation_is_no_template() -> None:
    values = hostile("card-fraud", NASTY[1])
    rules = yaml.safe_load(text(spec(values), "alerts.yaml"))["groups"][0]["rules"]
    for rule in rules:
        for annotation in rule["annotations"].values():
            assert "{{" not in annotation.replace("{{`{{`}}", "")


def test_a_dashboard_of_grafana_has_panels_side_by_side_and_a_source() -> None:
    board = json.loads(example_bundle("card-fraud")["dashboard.json"])
    places = [(one["gridPos"]["x"], one["gridPos"]["y"]) for one in board["panels"]]
    assert len(set(places)) == len(places)
    assert len({one["id"] for one in board["panels"]}) == len(places)
    assert all(one["targets"][0]["expr"] for one in board["panels"])
    assert board["templating"]["list"][0]["query"] == "prometheus"
    assert sum(one["title"].startswith("Alert: ") for one in board["panels"]) == len(
        spec(example("card-fraud")).kind("alert")
    )


def test_nothing_depends_on_the_day() -> None:
    today = datetime.date.today().isoformat()
    assert not any(today in one for name in EXAMPLES for one in example_bundle(name).values())
