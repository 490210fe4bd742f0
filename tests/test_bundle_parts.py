"""What stands in a bundle: each consumer can read its file, and each person finds what is theirs on the first page."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml  # type: ignore[import-untyped]
from huggingface_hub import DatasetCard, ModelCard

from mlworkflow.artifacts import release_path
from mlworkflow.bundle.cards import STAGES, card, status
from mlworkflow.bundle.parts.cards import BLANK
from mlworkflow.bundle.whole import whole
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import visible
from mlworkflow.errors import InputRefused
from mlworkflow.gates import Evidence, Shown, gates_of, judge
from mlworkflow.gates.gate import PHASES
from mlworkflow.gates.record import record
from mlworkflow.responsibility import responsibility
from tests import helpers
from tests.sampling import sampled
from tests.test_gates import passing

if TYPE_CHECKING:
    from tests.conftest import Run

HOSTILE = [text for text in json.loads((Path(__file__).parent / "node" / "hostile.json").read_text("utf-8"))
           if "\n" not in text and text.strip()]  # fmt: skip
ALL = [*helpers.EXAMPLES, *range(12), "one", "hostile"]
KEYS = ["model_name", "version", "pipeline_stages", "quality_score", "deployment_status"]


@cache
def design(name: str | int) -> Spec:
    if isinstance(name, int):
        return helpers.spec(sampled(name))
    if name == "one":
        return helpers.spec(helpers.answers({**helpers.example_values("churn"), "team_size": 1}))
    return helpers.spec(hostile() if name == "hostile" else helpers.example(name), flips=True)


def hostile() -> Any:
    """Return answers in which every text is one that some reader takes for something else."""
    texts = iter(HOSTILE * 3)
    features = [
        {"name": text, "source": HOSTILE[place % 7], "description": next(texts)}
        for place, text in enumerate(HOSTILE[10:40])
    ]
    return helpers.answers(
        {
            "name": '=HYPERLINK("x")',
            "dataset": next(texts),
            "target": next(texts),
            "approver": "@SUM(A1)",
            "document_owner": next(texts),
            "for_whom": next(texts),
            "slices": HOSTILE[40:46],
            "out_of_scope": HOSTILE[46:56],
            "sources": [{"name": text, "owner": next(texts), "provenance": next(texts)} for text in HOSTILE[:7]],
            "features": features,
            "team_size": 2,
            "people": [{"name": "=1+1", "roles": ["product"]}, {"name": '"><b>', "roles": ["ml-engineer"]}],
        }
    )


@cache
def files(name: str | int) -> dict[str, str]:
    return {one.path: one.text for one in whole(design(name))}


@pytest.mark.parametrize("name", ALL)
def test_each_file_is_read_by_its_consumer(name: str | int) -> None:
    for path, text in files(name).items():
        assert text.endswith("\n"), path
        if path.endswith(".json"):
            json.loads(text)
        elif path.endswith(".toml"):
            tomllib.loads(text)
        elif path.endswith((".yaml", ".yml")):
            assert list(yaml.safe_load_all(text))
        elif path.endswith(".md") and name != "hostile":
            assert not re.search(r"(?<![/-])\{[a-z_.]+\}|\bNone\b", text.split("\n## Answers")[0]), path


def test_every_path_is_one_file() -> None:
    for name in ALL:
        every = [one.path for one in whole(design(name))]
        assert len(every) == len(set(every))


# ------------------------------------------------------------------ cards


def head(read: Any) -> dict[str, Any]:
    found: dict[str, Any] = read.data.to_dict()
    return found


@pytest.mark.parametrize("name", ALL)
def test_the_cards_are_read_by_hugging_face_and_count_their_blanks(name: str | int) -> None:
    for path, kind in (("model-card.md", ModelCard), ("dataset-card.md", DatasetCard)):
        text = files(name)[path]
        read = kind(text)
        assert read.text.lstrip().startswith(f"# {'Model' if kind is ModelCard else 'Dataset'} Card: ")
        assert "ml-workflow" in head(read)["tags"]
        said = re.search(r"^(\d+) blanks stay", text, re.MULTILINE)
        assert said, path
        assert text.count(BLANK) - 1 == int(said[1])


def test_the_card_says_what_was_answered_and_leaves_blank_what_was_not() -> None:
    text = files("churn")["model-card.md"]
    assert "| Used by | the retention desk, and the agent who has the customer on the phone |" in text
    assert "- set prices or discounts" in text
    assert "| Worth shipping from | 0.18 |" in text
    assert f"- Can hurt somebody: {BLANK}." in text
    assert head(ModelCard(text))["pipeline_tag"] == "tabular-classification"
    assert head(ModelCard(files("support-assistant")["model-card.md"]))["pipeline_tag"] == "text-generation"
    smallest = {one.path: one.text for one in whole(helpers.spec(helpers.answers({})))}["model-card.md"]
    assert smallest.count(BLANK) > text.count(BLANK)


@pytest.mark.parametrize("name", ALL)
def test_the_card_for_programs_has_its_keys_its_five_stages_and_no_score(name: str | int) -> None:
    found = json.loads(files(name)["model-card.json"])
    assert list(found) == KEYS
    assert [one["stage"] for one in found["pipeline_stages"]] == [stage for stage, *_ in STAGES]
    assert all(list(one) == ["stage", "persona", "summary_length"] for one in found["pipeline_stages"])
    assert all(one["summary_length"] > 100 for one in found["pipeline_stages"])
    assert (found["quality_score"], found["deployment_status"]) == (None, "designed")


def recorded(spec: Spec, phase: str, **changed: Any) -> dict[str, Any]:
    gates = gates_of(spec, phase)
    values = {**{gate.key: passing(gate) for gate in gates}, **changed}
    evidence = Evidence({key: Shown(value) for key, value in values.items()}, "json", "")
    kept: dict[str, Any] = json.loads(json.dumps(record(spec, "", evidence, judge(gates, evidence, phase))))
    return kept


@pytest.mark.parametrize("name", ["churn", "card-fraud", "support-assistant", "weld-inspection"])
def test_the_status_follows_from_the_gates_phase_by_phase(name: str) -> None:
    spec = design(name)
    before, during, after = (recorded(spec, phase) for phase in PHASES)
    key = spec.value("deciding_metric_key")
    assert card(spec, [before])["deployment_status"] == "approved"
    assert card(spec, [before])["quality_score"] == next(one["value"] for one in before["gates"] if one["key"] == key)
    assert card(spec, [during, after])["deployment_status"] == "designed"
    assert card(spec, [before, during])["deployment_status"] == "production"
    assert card(spec, [before, during, after])["deployment_status"] == "production"
    failed = recorded(spec, "before", **{key: -1.0})
    assert card(spec, [failed, during, after])["deployment_status"] == "blocked"
    open_incident = recorded(spec, "after", incidents_open=2)
    assert card(spec, [before, during, open_incident])["deployment_status"] == "rolled-back"
    assert status(spec, []) == "designed"
    running = recorded(spec, "during", **{gate.key: "" for gate in gates_of(spec, "during", "experiment")})
    assert running["decision"] == "stop"
    assert card(spec, [before, running])["deployment_status"] == "rolling-out"


def test_the_live_path_alone_makes_no_production() -> None:
    spec = design("churn")
    before, during = recorded(spec, "before"), recorded(spec, "during")
    gates = gates_of(spec, "during", "release")
    evidence = Evidence({gate.key: Shown(passing(gate)) for gate in gates}, "json", "")
    alone = json.loads(json.dumps(record(spec, "", evidence, judge(gates, evidence, "during"))))
    assert alone["decision"] == "go"
    assert card(spec, [before, alone])["deployment_status"] == "rolling-out"
    with pytest.raises(InputRefused):
        card(spec, [before, {**during, "parts": {}}])


def test_a_record_of_other_answers_and_one_that_does_not_hold_are_refused(main: Run, tmp_path: Path) -> None:
    answers = str(helpers.ROOT / "examples" / "churn" / "answers.toml")
    sheet = tmp_path / "evidence.json"
    gates = gates_of(design("churn"), "before")
    sheet.write_text(json.dumps({gate.key: passing(gate) for gate in gates}))
    kept = tmp_path / "gate.json"
    words = ("gate", answers, "--phase", "before", "--evidence", str(sheet), "--record", str(kept))
    assert main(*words).returncode == 0
    done = main("show", "card", answers, "--evidence", str(kept), "--model-version", "1.0.0")
    found = json.loads(done.stdout)
    assert list(found) == KEYS
    assert (found["version"], found["quality_score"], found["deployment_status"]) == ("1.0.0", 0.18, "approved")
    done = main("show", "card", answers, "--set", "approver=Bob", "--evidence", str(kept))
    assert done.returncode == 3
    assert "belongs to other answers" in done.stderr
    data = json.loads(kept.read_text("utf-8"))
    next(one for one in data["gates"] if one["key"] == "rollback_rehearsed")["value"] = False
    kept.write_text(json.dumps(data))
    done = main("show", "card", answers, "--evidence", str(kept))
    assert done.returncode == 3
    assert "says go, and its values do not" in done.stderr
    for text in ("{}", "[]", "x", '{"record": "release gate", "phase": "before", "design": 3}'):
        kept.write_text(text)
        assert main("show", "card", answers, "--evidence", str(kept)).returncode == 3


@pytest.mark.parametrize("version", ["1.x", "1.0", "v1.0.0", "01.0.0", "1.0.0\n", ""])
def test_a_version_has_three_numbers(main: Run, version: str) -> None:
    answers = str(helpers.ROOT / "examples" / "churn" / "answers.toml")
    done = main("show", "card", answers, "--model-version", version)
    assert done.returncode == (2 if version else 0)


def test_only_the_card_reads_evidence(main: Run) -> None:
    answers = str(helpers.ROOT / "examples" / "churn" / "answers.toml")
    assert main("show", "gates", answers, "--evidence", "gate.json").returncode == 2


# ------------------------------------------------------------------ people


def rows(name: str | int) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files(name)["raci.csv"])))


@pytest.mark.parametrize("name", ALL)
def test_each_row_of_the_raci_has_one_accountable_and_whoever_does_it(name: str | int) -> None:
    owned = responsibility(design(name))
    people = {one.name for one in owned.people} | {f"'{one.name}" for one in owned.people}
    found = rows(name)
    approver = design(name).value("approver")
    decided = [row for row in found if row["Kind"] == "decision"]
    assert [row["Accountable"].lstrip("'") for row in decided] == ([visible(approver)] if approver else [])
    people |= {row["Accountable"] for row in decided}
    assert len(found) == len(owned.duties) + 7 + len(decided)
    for row in found:
        assert row["Accountable"] in people
        assert row["Responsible"]
        others = [*row["Consulted"].split("; "), *row["Informed"].split("; ")]
        assert row["Accountable"] not in others
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, "one"])
def test_each_person_finds_on_the_first_page_what_is_theirs_what_they_show_and_whom_to_call(name: str) -> None:
    spec = design(name)
    owned = responsibility(spec)
    found = sections(files(name)["README.md"])
    for one in owned.duties:
        assert str(one.clause.says) in found[one.accountable.name].split("**You stand in for**")[0]
        if one.backup:
            assert str(one.clause.says) in found[one.backup.name].split("**You stand in for**")[1]
    everything = "\n".join(found.values())
    for gate in gates_of(spec, "before"):
        assert f"`{gate.key}`" in everything
    caller = next(one for one in owned.duties if one.clause.id in ("duty-on-call", "duty-morning-alerts"))
    assert f"First {caller.accountable.name}" in found["At night"]
    for crossing in owned.crossings:
        for taker in crossing.takers:
            assert "**You wait for**" in found[taker.name]
    assert all(f"`{path}`" in found["Files"] for path in files(name) if path != "README.md")
    for step in release_path(spec):
        assert f"| {step.name} |" in found["The way to everyone"]


@pytest.mark.parametrize("name", ALL)
def test_every_task_has_a_person_a_hat_and_a_way_to_see_that_it_is_done(name: str | int) -> None:
    spec = design(name)
    found = json.loads(files(name)["tasks.json"])
    people = {one.name for one in responsibility(spec).people}
    assert len({one["id"] for one in found}) == len(found)
    for one in found:
        assert one["person"] in people, one
        assert one["hat"] in {role.id for role in spec.knowledge.roles if role.set == "classic"}
        assert one["stage"] in {stage.id for stage in spec.knowledge.stages}
        assert len(one["done_when"]) > 10
    ids = {one["id"] for one in found}
    assert {gate.id for gate in gates_of(spec, "before")} <= ids
    assert {one.id for one in spec.kind("alert")} <= ids
    assert {one.id for one in spec.kind("step")} <= ids
    assert files(name)["tasks.md"].count("\n- [ ] ") == len(found)


def test_the_tasks_are_those_of_this_design() -> None:
    found = {one["id"]: one for one in json.loads(files("churn")["tasks.json"])}
    assert "a snapshot is kept at each refresh" in found["source-crm"]["done_when"]
    assert "a snapshot is kept at each refresh" not in found["source-orders"]["done_when"]
    assert "signed by Order platform" in found["source-orders"]["done_when"]
    assert "feature-cancellation_reason" not in found
    assert "settle-safety" in found


# ------------------------------------------------------------------ gates and lineage


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_the_sheet_of_the_bundle_is_evidence_once_it_is_filled_in(main: Run, tmp_path: Path, name: str) -> None:
    spec = design(name)
    answers, sheet = str(helpers.ROOT / "examples" / name / "answers.toml"), tmp_path / "gates.toml"
    text = files(name)["gates.toml"]
    sheet.write_text(text)
    done = main("gate", answers, "--phase", "before", "--evidence", str(sheet), "--format", "json")
    assert done.returncode == 1
    assert {one["verdict"] for one in json.loads(done.stdout)["gates"]} == {"missing"}
    for gate in gates_of(spec):
        value = json.dumps(passing(gate))
        assert f'\n{gate.key} = ""' in text
        text = text.replace(f'\n{gate.key} = ""', f"\n{gate.key} = {value}")
    sheet.write_text(text)
    for phase in PHASES:
        assert main("gate", answers, "--phase", phase, "--evidence", str(sheet)).returncode == 0, phase


@pytest.mark.parametrize("name", ALL)
def test_the_lineage_leads_from_every_used_feature_to_the_last_artifact(name: str | int) -> None:
    found = json.loads(files(name)["lineage.json"])
    nodes = {one["id"] for one in found["nodes"]}
    after: dict[str, set[str]] = {id: set() for id in nodes}
    for edge in found["edges"]:
        assert {edge["from"], edge["to"]} <= nodes
        if edge["means"] != "asks for the next":
            after[edge["from"]].add(edge["to"])

    def reached(id: str, seen: frozenset[str] = frozenset()) -> set[str]:
        assert id not in seen, "a circle"
        return {id}.union(*(reached(one, seen | {id}) for one in after[id]))

    for id in nodes:
        assert "artifact:retraining-trigger" in reached(id)
    drawn = files(name)["lineage.md"].split("```")[1]
    assert drawn.count("-->") + drawn.count("-.->") == len(found["edges"])
    labels = re.findall(r'^  n\d+\W+"(.*)"\W+$', drawn, re.MULTILINE)
    assert len(labels) == len(nodes)
    assert not any('"' in one for one in labels)


@pytest.mark.parametrize("name", ALL)
def test_the_way_to_everyone_has_owner_gates_stop_rule_and_way_back_at_each_step(name: str | int) -> None:
    spec = design(name)
    found = release_path(spec)
    assert found[0].name == "Candidate"
    assert found[-1].name == "New baseline"
    people = {one.name for one in responsibility(spec).people}
    for step in found:
        assert step.owner in people
        assert step.gates
        assert all((step.decides, step.exposure, step.lasts, step.goes_on_when, step.stops_when, step.way_back))
    assert {id for step in found for id in step.gates} == {one.id for one in gates_of(spec)}
