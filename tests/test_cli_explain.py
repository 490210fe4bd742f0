"""`explain`: every choice, number, finding, answer, tool and word can be asked about."""

from __future__ import annotations

import datetime
import json
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mlworkflow.cli.explain import _designed
from mlworkflow.cli.meant import things
from mlworkflow.figures import FIGURES
from mlworkflow.pack import load
from tests import helpers

if TYPE_CHECKING:
    from mlworkflow.designing import Spec
    from tests.conftest import Run


@pytest.fixture(scope="module")
def spec(churn: Path) -> Spec:
    return _designed(str(churn), [], [])


def said(spec: Spec, name: str) -> str:
    found = things(spec, name)
    json.dumps([one.data() for one in found], allow_nan=False)
    return "\n".join(line for one in found for line in one.lines())


def test_every_decision_is_explained_with_its_row_and_its_losers(spec: Spec) -> None:
    for verdict in spec.verdicts:
        text = said(spec, verdict.id)
        assert text.startswith(f"{verdict.id}: ")
        if verdict.applies:
            assert all(f"[{reason.row}]" in text for reason in verdict.because)
            assert all(lost.option in text for lost in verdict.lost)
            assert all(f"    {name}" in text or f" {name}: " in text for name in verdict.read)
        assert ("would change it" in text) == bool(verdict.flips)


def test_every_number_finding_answer_and_tool_is_explained(spec: Spec) -> None:
    for figure in FIGURES:
        assert said(spec, f"number:{figure}").startswith(f"number:{figure}: ")
    for clause in spec.knowledge.clauses:
        assert clause.id in said(spec, f"finding:{clause.id}")
    for question in spec.knowledge.questions:
        assert question.asks in said(spec, question.id)
        assert question.asks in said(spec, question.option)
    for tool in spec.knowledge.raw["tools"]:
        assert said(spec, tool)


TRIGGERS = (
    "ML", "machine learning", "model", "training", "feature store", "MLflow", "experiment", "drift", "serving",
    "inference", "W&B", "Weights & Biases", "model deployment",
)  # fmt: skip


@pytest.mark.parametrize("word", TRIGGERS)
def test_every_word_that_people_search_for_leads_somewhere(spec: Spec, word: str) -> None:
    for spelling in (word, word.lower(), word.upper()):
        text = said(spec, spelling)
        assert any(verdict.id in text for verdict in spec.verdicts)


def test_a_tool_that_lost_says_by_which_row(spec: Spec) -> None:
    text = said(spec, "W&B")
    assert "Weights & Biases (wandb)" in text
    assert "not chosen (MLflow is), because" in text
    assert "[" in text
    assert "chosen, because" in said(spec, "mlflow")


def test_an_overview_has_a_line_for_each_decision(main: Run, churn: Path, spec: Spec) -> None:
    done = main("explain", str(churn))
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    for verdict in spec.verdicts:
        if verdict.applies:
            assert any(line.startswith(f"{verdict.id} ") for line in lines)


def test_the_source_of_every_value_is_shown(main: Run, churn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLWORKFLOW_CLOUD", "gcp")
    asked = ("explain", str(churn), "serving-platform-realtime", "--set", "kubernetes=own", "--set", "gpu=not sure")
    sources = json.loads(main(*asked, "--format", "json").stdout)[0]["sources"]
    assert sources["cloud"] == "environment: MLWORKFLOW_CLOUD"
    assert sources["kubernetes"] == "flag: --set kubernetes"
    assert any("assumed, because" in source for source in sources.values())
    assert any(source.startswith(f"file: {churn}:") for source in sources.values())


def test_what_decided_comes_first_with_its_source_and_the_rest_is_one_line(main: Run, churn: Path) -> None:
    lines = main("explain", str(churn), "orchestration").stdout.splitlines()
    start, rest = lines.index("  decided by"), next(line for line in lines if line.startswith("  also read  "))
    decided = lines[start + 1 : lines.index(rest)]
    assert [line.split()[0] for line in decided] == ["tools_in_use", "already_used"]
    assert f"file: {churn}:" in decided[1]
    assert "cloud: AWS" in rest
    assert "tools_in_use" not in rest


def test_a_decision_of_a_person_shows_both_sides(main: Run, churn: Path) -> None:
    text = main(
        "explain", str(churn), "orchestration", "--set", "decided=orchestration=argo-workflows: the platform team asks"
    ).stdout
    assert "decided by a person instead of Apache Airflow (airflow): the platform team asks" in text
    assert "against it: " in text


def test_a_document_is_explained_like_its_answers(main: Run, churn: Path, document: str, tmp_path: Path) -> None:
    page = tmp_path / "spec.md"
    page.write_text(document, "utf-8")
    found = json.loads(main("explain", str(page), "feature-store", "--format", "json").stdout)
    number = int(found[0]["sources"]["features_shared"].rsplit(":", 1)[1])
    assert document.split("\n")[number - 1] == "features_shared = false"


def test_every_answer_format_parses(main: Run, churn: Path) -> None:
    for thing in ((), ("feature-store",), ("W&B",), ("drift",), ("wait",), ("number:in_flight",), ("serving",)):
        done = main("explain", str(churn), *thing, "--format", "json")
        assert done.returncode == 0
        assert json.loads(done.stdout)


def test_a_mistyped_thing_is_guessed(main: Run, churn: Path) -> None:
    for wrong, meant in (("feature-stor", "feature-store"), ("number:in_fligt", "in_flight"), ("wandbb", "wandb")):
        done = main("explain", str(churn), wrong)
        assert (done.returncode, done.stdout) == (2, "")
        assert meant in done.stderr
    assert main("explain", str(churn), "x", "--format", "pdf").returncode == 2


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("lint", "CHURN", "no-threshhold"), "no-threshold"),
        (("explain", "CHURN", "gate:gate-sampel"), "gate-sample"),
        (("explain", "CHURN", "finding:no-threshhold"), "no-threshold"),
        (("decisions", "feature-stor"), "feature-store"),
        (("questions", "prevalense"), "prevalence"),
        (("tools", "mlflov"), "mlflow"),
        (("show", "archetype", "fraud-and-abus"), "fraud-and-abuse"),
        (("show", "mistake", "CHURN"), "mistakes"),
        (("show", "mistakes", "CHURN", "canary-as-efect"), "mistake-canary-as-effect"),
        (("show", "handoffs", "CHURN", "handoff-modl"), "handoff-"),
        (("rehearse", "CHURN", "--scenario", "gradual-drft"), "gradual-drift"),
        (("size", "experimnt"), "experiment"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else one,
)
def test_a_name_that_nothing_has_is_wrong_usage_in_every_command(
    main: Run, churn: Path, words: tuple[str, ...], meant: str
) -> None:
    done = main(*(str(churn) if word == "CHURN" else word for word in words))
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(rf"[Dd]id you mean '?{meant}", done.stderr), done.stderr


# ------------------------------------------------------------------ lists


@pytest.mark.parametrize("command", ["questions", "decisions", "tools"])
def test_every_entry_of_a_list_can_be_shown(main: Run, command: str) -> None:
    entries = json.loads(main(command, "--format", "json").stdout)
    assert len(main(command).stdout.splitlines()) == len(entries) > 30
    for entry in entries[::8]:
        assert main(command, entry["id"]).stdout.startswith(f"{entry['id']}: ")
        assert json.loads(main(command, entry["id"], "--format", "json").stdout) == entry
    done = main(command, entries[0]["id"] + "zz")
    assert done.returncode == 2
    assert "did you mean" in done.stderr


def test_a_question_says_who_reads_it(main: Run) -> None:
    data = json.loads(main("questions", "wait", "--format", "json").stdout)
    assert "serving-mode" in data["read_by"]
    assert (data["flag"], data["variable"], data["kind"]) == ("--wait", "MLWORKFLOW_WAIT", "duration")


def test_a_decision_shows_every_row_in_order(main: Run) -> None:
    knowledge = load()
    text = main("decisions", "feature-store").stdout
    decision = knowledge.decision["feature_store"]
    places = [text.index(f"[{row.id}]") for row in (*decision.rules_out, *decision.prefers)]
    assert places == sorted(places)


def test_a_tool_says_where_it_would_win_and_where_it_cannot(main: Run) -> None:
    text = main("tools", "show", "kserve").stdout
    assert "serving-platform-realtime: What answers requests?" in text
    assert (
        "preferred when kubernetes == 'run-for-us' and not small_team and not calls_a_provider: a platform team" in text
    )
    assert "ruled out when not can_run_kubernetes: KServe needs Kubernetes" in text
    dead = main("tools", "show", "neptune").stdout
    assert "never chosen: Neptune.ai is discontinued and takes no new work [not-alive]" in dead
    assert "preferred" not in dead


@pytest.mark.parametrize("words", [("label-studio",), ("show", "label-studio"), ("show", "label", "studio")])
def test_an_entry_can_be_shown_with_the_word_and_without(main: Run, words: tuple[str, ...]) -> None:
    assert main("tools", *words).stdout.startswith("label-studio: Label Studio")


def test_tools_are_filtered(main: Run) -> None:
    def found(*words: str) -> list[dict[str, object]]:
        data: list[dict[str, object]] = json.loads(main("tools", "--format", "json", *words).stdout)
        return data

    every = found()
    assert 0 < len(found("--slot", "drift-monitoring")) < len(every)
    assert all(tool["status"]["is"] == "discontinued" for tool in found("--status", "discontinued"))  # type: ignore[index]
    assert len(found("--cloud", "gcp")) < len(every)
    assert found("--stale", "1", "--today", "2026-11-20") == []
    assert len(found("--stale", "30", "--today", "2030-01-01")) == len(every)
    assert main("tools", "--slot", "drift").returncode == 2
    assert main("tools", "--stale", "-1").returncode == 2
    assert main("tools", "--stale", "3", "--today", "soon").returncode == 2


def test_what_was_not_looked_at_for_half_a_year_is_listed_and_warned_of(main: Run) -> None:
    """Time alone breaks no build: the warning says which entries to look at again."""
    limit = (datetime.date.today() - datetime.timedelta(days=180)).isoformat()
    catalog = load()
    stale = sorted(id for id in catalog.raw["tools"] if catalog.tool(id).checked.on < limit)
    if stale:
        warnings.warn(f"entries checked longer ago than 180 days: {', '.join(stale)}", stacklevel=1)
    assert [line.split()[0] for line in main("tools", "--stale", "180").stdout.splitlines()] == stale


@pytest.mark.parametrize("name", ["W&B", "weights & biases", "Weights & Biases", "wandb"])
def test_a_tool_is_found_by_any_of_its_names(main: Run, name: str) -> None:
    text = main("tools", name).stdout
    assert text.startswith("wandb: Weights & Biases")
    assert "sources" in text


@pytest.mark.parametrize(
    ("example", "number", "why"),
    [
        ("support-assistant", "workers_for_p99", "slowest_service has no value here"),
        ("support-assistant", "positives_per_period", "nobody said prevalence"),
        ("churn", "device_busy", "it does not apply to these answers"),
    ],
)
def test_a_number_without_a_value_says_what_stands_in_its_way(run: Run, example: str, number: str, why: str) -> None:
    done = run("explain", str(helpers.ROOT / "examples" / example / "answers.toml"), f"number:{number}")
    assert done.returncode == 0
    assert f"no value  {why}\n" in done.stdout


def test_an_id_that_the_program_prints_may_be_asked_for_as_it_stands(spec: Spec) -> None:
    assert said(spec, "qc-02") == said(spec, "finding:qc-02")
    assert said(spec, "duty-on-call").startswith("finding:duty-on-call\n  says ")
    assert said(spec, "capacity-caps-recall") == said(spec, "finding:capacity-caps-recall")
    for kind in ("gate", "signal"):
        id = next(one.clause.id for one in spec.clauses if one.clause.kind == kind)
        assert said(spec, id) == said(spec, f"{kind}:{id}")


@pytest.mark.parametrize(("name", "list"), [("gate:nope", "show gates"), ("signal:x", "show signals")])
def test_an_unknown_gate_or_signal_leads_to_their_list(main: Run, churn: Path, name: str, list: str) -> None:
    done = main("explain", str(churn), name)
    assert (done.returncode, f"fix: `mlworkflow {list} ANSWERS` lists them" in done.stderr) == (2, True)
