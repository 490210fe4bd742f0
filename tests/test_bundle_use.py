"""What a newcomer stumbles over in a bundle: Python in it, units, and files that contradict each other."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest
import yaml  # type: ignore[import-untyped]

from mlworkflow.bundle.words import Full, accepted_sources, used_features
from mlworkflow.clause import Sentence
from mlworkflow.documents.escape import escape
from mlworkflow.gates import gates_of
from mlworkflow.operation.rows import rows
from mlworkflow.quantity import say_duration
from mlworkflow.responsibility import responsibility
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
        "airflow": r'task_id="{}".*\n.*(?<!retries=0),$',
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


# ------------------------------------------------------------------ one freshness, one owner, one direction


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_every_file_that_speaks_of_freshness_says_the_same_age(name: str) -> None:
    found = files(name)
    contracts = {
        one["name"]: one for one in json.loads(found["artifacts/4-registry-entry.json"])["fields"]["data_contracts"]
    }
    checks = [
        one for one in yaml.safe_load(found["pipeline.yaml"])["checks"] if one["check"].startswith("age of the data")
    ]
    tasks = {one["id"]: one for one in json.loads(found["tasks.json"])}
    for source in accepted_sources(design(name)):
        refresh, lag = source.value("refresh"), source.value("arrival_lag") or 0.0
        says, alarm = say_duration(refresh + lag), say_duration(max(2 * refresh + lag, 300.0))
        id = source.value("name")
        assert contracts[id]["fresh_within"].split(" (")[0] == says
        assert contracts[id]["stale_after"].split(" (")[0] == alarm
        check = next(one for one in checks if one["stage"] == f"check-{id}")
        assert check["threshold"] == f"at most {contracts[id]['stale_after']}"
        page = found["data-source-evaluation.md"]
        assert (
            f"at most {contracts[id]['fresh_within']} old in good order; beyond {contracts[id]['stale_after']}" in page
        )
        assert f"| {contracts[id]['fresh_within']} |" in found["workflow.md"]
        assert contracts[id]["stale_after"] in tasks[f"source-{id}"]["done_when"]
    for one in yaml.safe_load(found.get("feature-schema.yaml", "features: []"))["features"]:
        if one["freshness"] != "with each request":
            assert one["freshness"] == f"up to {contracts[one['source']]['fresh_within']}"


def of_person(page: str, name: str, title: str) -> str:
    section = re.split(rf"^## {re.escape(name)}$", page, flags=re.MULTILINE)[1].split("\n## ")[0]
    return section.partition(f"**{title}**")[2].partition("\n**")[0]


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_what_one_hands_over_the_other_waits_for(name: str) -> None:
    page, owned = files(name)["README.md"], responsibility(design(name))
    for crossing in owned.crossings:
        for giver in crossing.givers:
            assert str(crossing.artifact) in of_person(page, giver.name, "You hand over")
        for taker in crossing.takers:
            assert str(crossing.artifact) in of_person(page, taker.name, "You wait for")
    for person in owned.people:
        handed = re.findall(
            r"^- To (.+?): (.+), with its hash", of_person(page, person.name, "You hand over"), re.MULTILINE
        )
        for other, title in handed:
            assert f"From {person.name}: {title}, with its hash" in of_person(page, other, "You wait for")


def test_the_judge_hands_the_maker_a_verdict_and_not_the_makers_own_work() -> None:
    page, owned = files("support-assistant")["README.md"], responsibility(design("support-assistant"))
    by = {one.clause.id: one.accountable.name for one in owned.duties}
    maker, judge = by["duty-prompt"], by["duty-golden-set"]
    assert maker != judge
    assert "golden-set report" in of_person(page, judge, "You hand over")
    assert "bundle in MLflow" not in page
    assert f"From {maker}: Build of the prompt bundle" in of_person(page, judge, "You wait for")


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_every_gate_of_every_phase_is_shown_by_one_person(name: str) -> None:
    page, spec = files(name)["README.md"], design(name)
    titles = {
        "before": "You show before a release",
        "during": "You show during the rollout",
        "after": "You show after it",
    }
    for phase, title in titles.items():
        shown = "\n".join(of_person(page, one.name, title) for one in responsibility(spec).people)
        for gate in gates_of(spec, phase):
            assert shown.count(f": `{gate.key}` ") == sum(one.key == gate.key for one in gates_of(spec, phase)), (
                gate.key
            )


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_a_release_is_decided_by_whoever_was_said_and_prepared_by_the_team(name: str) -> None:
    page, approver = files(name)["README.md"], str(design(name).value("approver"))
    assert "Stop or go at each step" in of_person(page, approver, "Yours")
    prepared = next(one for one in responsibility(design(name)).duties if one.clause.id == "duty-release")
    assert str(prepared.clause.says) == "Preparing the release decision"
    assert f"From {approver}: stop or go" in of_person(page, prepared.accountable.name, "You wait for")


def test_an_approver_of_the_team_owns_the_decision() -> None:
    values = {**helpers.example_values("support-assistant"), "approver": "Jonas Petersen, engineer"}
    owned = responsibility(helpers.spec(helpers.answers(values)))
    found = next(one for one in owned.duties if one.clause.id == "duty-release")
    assert found.accountable.name == "Jonas Petersen"
    assert str(found.clause.says) == "Release decision"
    assert found.backup is not None
    assert found.backup is not found.accountable


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_files_belong_to_whoever_owns_their_duty(name: str) -> None:
    page = files(name)["README.md"]
    by = {one.clause.id: one.accountable.name for one in responsibility(design(name)).duties}
    for path, duty in (
        ("alerts.yaml", "duty-monitors"),
        ("deployment-plan.md", "duty-rollback"),
        ("prompt-bundle.yaml", "duty-prompt"),
        ("feature-store.md", "duty-features"),
    ):
        if path in files(name) and duty in by:
            assert re.search(rf"^\| `{re.escape(path)}` \| .+ \| {re.escape(by[duty])} \(", page, re.MULTILINE), path


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_the_tasks_hold_accesses_groups_plan_cards_and_evidence(name: str) -> None:
    spec = design(name)
    found = {one["id"]: one for one in json.loads(files(name)["tasks.json"])}
    by = {one.clause.id: one.accountable.name for one in responsibility(spec).duties}
    for source in accepted_sources(spec):
        assert found[f"access-{source.value('name')}"]["person"] == by.get("duty-data-contract", by.get("duty-corpus"))
    assert {"experiment-plan", "paper-model-card", "paper-dataset-card", "paper-runbook"} <= set(found)
    if "duty-experiment" in by:
        assert found["experiment-plan"]["person"] == by["duty-experiment"]
    built = {one.clause.id for one in spec.kind("build")}
    assert ({"build-untouched", "build-pass-share", "build-basis", "build-locked-test"} & built) <= set(found)
    laws = {one.id for one in spec.kind("rule") if "voluntary" not in str(one.says)}
    assert laws <= set(found)
    assert all(found[one]["person"] == by["duty-rules"] for one in laws)


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_null_is_allowed_only_where_a_value_may_be_missing(name: str) -> None:
    entry = json.loads(files(name)["artifacts/4-registry-entry.json"])["fields"]["input_schema"]["properties"]
    for one in used_features(design(name)):
        must = one.value("available") == "at-request" and not one.value("missing_means")
        form = entry[one.value("name")]
        assert (form["type"] == [form["type"][0], "null"]) == (not must), one.value("name")
        assert must or "null: " in form["description"]


@pytest.mark.parametrize("name", ALL)
def test_whoever_is_accountable_does_it_or_leads_those_who_do(name: str | int) -> None:
    found = list(csv.DictReader(io.StringIO(files(name)["raci.csv"])))
    for row in found:
        if row["Kind"] == "duty":
            assert row["Accountable"] in row["Responsible"].split("; "), row["What"]


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_the_approver_has_a_contact_and_each_precondition_a_person(name: str) -> None:
    found, spec = files(name), design(name)
    assert (
        f"| Decisions on customers, money or safety; stop or go of a release | {spec.value('approver')} | to fill in |"
        in (found["runbook.md"])
    )
    people = {one.name for one in responsibility(spec).people}
    rows = re.findall(r"^\| .+ \| `\w+` \| (.+) \|$", found["deployment-plan.md"], re.MULTILINE)
    assert rows
    assert set(rows) <= people


def test_a_change_of_hat_is_no_handing_over_to_oneself() -> None:
    found = {one["id"]: one for one in json.loads(files("one")["tasks.json"])}
    assert not any(one["title"].startswith("Hand over to the one person") for one in found.values())
    assert found["handoff-data-contract"]["title"].startswith("Change of hat: frozen snapshot")
    assert found["handoff-data-contract"]["done_when"].startswith("train only from the snapshot's id")


def test_the_trend_is_read_in_the_cohorts_of_its_alert() -> None:
    assert "one-period cohorts" in files("churn")["impact-analysis.md"]
    assert re.search(r"\b(one|\d+)-week cohorts", files("card-fraud")["impact-analysis.md"])
