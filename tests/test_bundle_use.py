"""What a newcomer stumbles over in a bundle: Python in it, units, and files that contradict each other."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import yaml  # type: ignore[import-untyped]

from mlworkflow.bundle.words import Full, accepted_sources
from mlworkflow.clause import Sentence
from mlworkflow.documents.escape import escape
from mlworkflow.gates import gates_of
from mlworkflow.operation import rows
from tests import helpers
from tests.test_bundle_parts import ALL, design, files
from tests.test_companions import decided, is_skeleton, ours

if TYPE_CHECKING:
    from tests.conftest import Run


@pytest.mark.parametrize("name", ALL)
def test_no_file_holds_what_only_python_reads(name: str | int) -> None:
    for path, text in files(name).items():
        for sign in ("Sentence(", "template=", "Md(", " object at 0x"):
            assert sign not in text, (path, sign)


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_no_json_view_holds_what_only_python_reads(main: Run, name: str) -> None:
    answers = str(helpers.ROOT / "examples" / name / "answers.toml")
    for words in (("show", "artifacts", answers, "--format", "json"), ("generate", answers, "--format", "json")):
        done = main(*words)
        assert done.returncode == 0, done.stderr
        assert "Sentence(" not in done.stdout


# ------------------------------------------------------------------ units


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_a_limit_on_the_sheet_is_the_number_that_passes_when_it_is_written_bare(name: str) -> None:
    sheet = files(name)["gates.toml"]
    assert '"20 s"' in sheet
    seen = 0
    for gate in gates_of(design(name)):
        if gate.limit is None or gate.measure.kind not in ("duration", "rate") or gate.op == "in":
            continue
        line = next(line for line in sheet.splitlines() if line.startswith(f"{gate.key} = "))
        written = re.search(r"wanted [≤≥] ([\d.e+-]+) ", line)
        assert written is not None, line
        seen += 1
        other = [one for one in gates_of(design(name)) if one.key == gate.key]
        assert any(one.holds(one.measure.shown(written[1])) and one.limit == float(written[1]) for one in other), line
    assert seen


# ------------------------------------------------------------------ pipelines, alarms, people


@pytest.mark.parametrize(
    "tool", ["airflow", "dagster", "prefect", "github-actions-schedule", "gitlab-ci", "plain-script"]
)
def test_what_judges_is_tried_once_and_what_loads_again(tool: str) -> None:
    of = decided("churn", "orchestration", tool)
    text = "\n".join(one.text for one in ours(of) if is_skeleton(one.path))
    graph = yaml.safe_load(next(one.text for one in ours(of) if one.path == "pipeline.yaml"))
    tries = {step["id"]: step["tries_after_the_first"] for flow in graph["flows"] for step in flow["steps"]}
    assert {id for id, more in tries.items() if not more} >= {"evaluate", "leakage-tests", "gate", "check-output"}
    assert all(more >= 3 for id, more in tries.items() if id.startswith(("load-", "snapshot", "publish")))
    again = {
        "airflow": r'task_id="{}".*(?<!retries=0)$',
        "dagster": r'name="\w+__{}".*retry_policy',
        "prefect": r'= step\.submit\("{}"',
        "github-actions-schedule": r"for pause in .* make {} ",
        "gitlab-ci": r"for pause in .* make {} ",
        "plain-script": r"^step {} ",
    }[tool]
    for id, more in tries.items():
        spelt = id.replace("-", "_") if tool == "dagster" else id
        assert bool(re.search(again.format(re.escape(spelt)), text, re.MULTILINE)) == bool(more), id


def test_the_alerts_hold_every_pace_of_the_error_budget_that_the_document_has() -> None:
    rules = {one["alert"]: one for one in yaml.safe_load(files("churn")["alerts.yaml"])["alerts"]}
    spec = design("churn")
    for name, pace in (("SlowServiceDown", "slow_burn_rate"), ("TicketServiceDown", "ticket_burn_rate")):
        assert rules[name]["entry"] == "alert-service-down"
        assert f"> {spec.value(pace):.8g}" in rules[name]["expression"]
        assert rules[name]["when"] in files("churn")["runbook.md"]
    assert "threshold: above 0.1; PSI" in rules["InputDrift"]["when"]


def test_a_feature_for_programs_says_why_it_is_guarded() -> None:
    found = yaml.safe_load(files("churn")["feature-schema.yaml"])["features"]
    assert all(bool(one["guards"]) == (one["use"] == "guarded") for one in found)
    assert any("window must end before" in reason for one in found for reason in one["guards"])
    notes = [one["reversible_note"] for one in found if one["reversible_note"]]
    assert not any(note.startswith((",", ":", "yes", "no,")) for note in notes)


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_whoever_is_called_at_night_has_a_place_for_the_contact(name: str) -> None:
    page = files(name)["runbook.md"]
    assert "| For | First | Contact | Then | Contact |" in page
    assert "Kill switch: where it is" in page
    assert "Kill switch: where it is" in files(name)["README.md"]
    assert "throw the kill switch first" in files(name)["README.md"]
    for source in accepted_sources(design(name)):
        assert f"| {escape(source.value('name'))} |" in page


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_the_plan_and_the_command_have_one_order(name: str) -> None:
    page, place = files(name)["deployment-plan.md"], 0
    for kind in ("build", "take-back"):
        for row in rows(design(name), kind):
            found = page.find(Full(design(name)).sentence(Sentence(row["says"])), place)
            assert found >= place, row["says"]
            place = found


# ------------------------------------------------------------------ schemas


@pytest.mark.parametrize("name", ALL)
def test_the_registry_entry_and_the_files_have_one_schema(name: str | int) -> None:
    held = json.loads(files(name)["artifacts/4-registry-entry.json"])["fields"]
    assert held["output_schema"] == json.loads(files(name)["schemas/response.schema.json"])
    asked = json.loads(files(name).get("schemas/request.schema.json", "{}"))
    for id, form in asked.get("properties", {}).get("inputs", {}).get("properties", {}).items():
        assert held["input_schema"]["properties"][id]["type"] == form["type"], id


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_the_first_page_explains_its_marks_and_its_codes(name: str) -> None:
    page = files(name)["README.md"]
    before = gates_of(design(name), "before")
    critical = sum(one.critical for one in before)
    assert f"{critical} gates marked (*) must be passed" in page
    assert f"the {len(before) - critical} others may be missing" in page
    explained = page.split("In brackets the persona whose work it is: ")[1].splitlines()[0]
    assert set(re.findall(r"\(([A-Z]{3})\) \|$", page, re.MULTILINE)) <= set(re.findall(r"\b[A-Z]{3}\b", explained))
