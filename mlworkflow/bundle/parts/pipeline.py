"""The data pipeline: its graph of steps as data and in words, and a skeleton for the orchestrator that was chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlworkflow.bundle import orchestrators
from mlworkflow.bundle.file import File, LeftOut
from mlworkflow.bundle.flows import flows
from mlworkflow.bundle.page import page, points, section, table
from mlworkflow.bundle.steps import BACKOFF, RETRIES, Flow, Step
from mlworkflow.bundle.words import Full, Plain, accepted_sources, chosen, identifiers, system, used_features
from mlworkflow.bundle.yaml_text import as_yaml
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, code, escape
from mlworkflow.documents.views import features as view
from mlworkflow.freshness import freshness
from mlworkflow.quantity import say_duration, say_share
from mlworkflow.question import Entry

PAGE, GRAPH = "pipeline-specification.md", "pipeline.yaml"


def files(spec: Spec) -> Iterator[File]:
    """Yield the specification, the graph, and its skeleton where the orchestrator's form is known."""
    say, plain = Full(spec), Plain(spec)
    yield File(PAGE, _page(say), "Steps, cleaning policy and data quality checks", "POR")
    yield File(GRAPH, as_yaml(graph(plain), _COMMENT), "The steps as a graph", "POR")
    for path, text in orchestrators.skeletons(chosen(spec, "orchestration"), system(spec), flows(plain)):
        yield File(path, text, f"The steps in the form of {plain.choice('orchestration')}", "POR")


def left_out(spec: Spec) -> Iterator[LeftOut]:
    """Yield the reason where the orchestrator's own form is not written."""
    tool = chosen(spec, "orchestration")
    if tool is not None and tool not in orchestrators.KNOWN:
        name = Plain(spec).choice("orchestration")
        yield LeftOut(
            f"pipeline/ ({name})",
            f"the form of {name} needs accounts and images that no answer holds; {GRAPH} is its source",
        )


_COMMENT = """The steps of this design. Each command is a target that the team writes: `make STEP`, safe to run again.
A step waits for all steps that it needs; a step that fails for good stops those behind it and raises its alarm."""


# ------------------------------------------------------------------ the graph as data


def graph(say: Plain) -> dict[str, Any]:
    """Return the flows as plain values."""
    return {
        "system": system(say.spec),
        "orchestrator": str(say.choice("orchestration")),
        "retries": {
            "tries_after_the_first": RETRIES,
            "first_pause": BACKOFF[0],
            "factor": BACKOFF[1],
            "longest_pause": BACKOFF[2],
        },
        "flows": [
            {
                "flow": flow.id,
                "schedule": {
                    "cron": flow.cron or None,
                    "means": flow.means,
                    "hour": "assumed, UTC" if flow.cron else None,
                },
                "steps": [_step(one) for one in flow.steps],
            }
            for flow in flows(say)
        ],
        "checks": [
            {"stage": one.stage, "check": one.check, "threshold": one.threshold, "on_failure": one.failure}
            for one in checks(say)
        ],
    }


def _step(one: Step) -> dict[str, Any]:
    return {
        "id": one.id,
        "does": one.does,
        "needs": list(one.needs),
        "inputs": list(one.inputs),
        "outputs": list(one.outputs),
        "owner": one.owner,
        "owner_role": one.hat,
        "persona": one.persona,
        "command": f"make {one.id}",
        "tries_after_the_first": one.tries,
        "timeout_seconds": max(1, round(one.timeout)),
        "timeout_basis": one.basis,
        "on_failure": one.failure,
    }


# ------------------------------------------------------------------ checks


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the data: where, what, from when on, and what then."""

    stage: str
    check: str
    threshold: str
    failure: str


def checks(say: Full) -> list[Check]:
    """Return the data quality checks of the design, with the thresholds that follow from its answers."""
    sources = accepted_sources(say.spec)
    names = identifiers([one.value("name") for one in sources])
    found = [check for source, name in zip(sources, names, strict=True) for check in _of_source(say, source, name)]
    if say.spec.value("problem_type") == "generative":
        return [*found, *_of_corpus(say)]
    found += _of_labels(say)
    found += _of_features(say)
    if "batch" in (say.spec.value("mode_ids") or ()):
        act = str(say.value("empty_act", "keep the last good table"))
        found.append(Check("check-output", "rows written against rows expected", "at least 99 %", f"halt: {act}"))
        found.append(
            Check(
                "check-output",
                "mean score against its last four runs",
                "within ±30 %",
                "halt: a person looks before it is published",
            )
        )
    return found


def _of_source(say: Full, source: Entry, name: str) -> Iterator[Check]:
    stage = f"check-{name}"
    consistency = source.value("schema_consistency")
    broken = (
        f"; {say_share(round(1 - consistency, 6))} of the loads broke it so far"
        if consistency not in (None, 1.0)
        else ""
    )
    yield Check(
        stage,
        "columns and types as in the contract",
        f"all{broken}",
        "quarantine; the last accepted load is used, the owner is called",
    )
    if (fresh := freshness(source)) is not None:
        yield Check(
            stage,
            "age of the data: now minus the time up to which the load is complete, with rows or without",
            f"at most {fresh.alarms}",
            "alert; the last accepted load is used",
        )
    if source.value("completeness") is not None:
        missing = say_share(round(max(2 * (1 - source.value("completeness")), 0.001), 6))
        yield Check(stage, "rows without a key field", f"at most {missing}", "quarantine")
    yield Check(
        stage, "rows against the median of the last eight loads", "half to double", "quarantine, released by a person"
    )


def _of_labels(say: Full) -> Iterator[Check]:
    if say.spec.value("label_source") == "none":
        return
    if say.known("label_age"):
        yield Check(
            "labels",
            "age of the youngest label",
            f"at least {say.value('label_age')}",
            "halt: immature labels are not read",
        )
    if say.known("prevalence") and say.spec.value("problem_type") != "forecasting":
        yield Check(
            "labels",
            "share of positives",
            f"half to double of {say.value('prevalence')}",
            "alert, and look before training",
        )
    yield Check("labels", "one label for each unit and time", "no second one", "halt")


def _of_features(say: Full) -> Iterator[Check]:
    if not used_features(say.spec):
        return
    yield Check(
        "features", "missing values of each feature", "at most twice its reference share", "alert; twice running, halt"
    )
    if not say.holds("unstructured"):
        yield Check(
            "features",
            "values inside the expected range or list",
            "99 % of the rows",
            "alert; impossible values go to quarantine with their row",
        )
    yield Check("features", "rows for one unit and time", "exactly one", "halt")
    for one in say.spec.kind("leakage-test"):
        yield Check("leakage-tests", str(say.sentence(one.says)), "passed", "halt")


def _of_corpus(say: Full) -> Iterator[Check]:
    yield Check(
        "snapshot", "documents that cannot be read or are empty", "at most 1 %", "quarantine, listed for their owner"
    )
    yield Check("snapshot", "documents without version or rights", "none", "halt")
    for one in say.spec.kind("leakage-test"):
        yield Check("golden-set", str(say.sentence(one.says)), "passed", "halt")


# ------------------------------------------------------------------ the page


def _page(say: Full) -> str:
    plain = Plain(say.spec)
    cleaning = view.view(say)["cleaning"]
    parts = [_flow(say, flow) for flow in flows(plain)]
    rules = [
        "Every step may be run again: it writes below its own id and switches at the end, never into what is read.",
        "A step that judges (checks, tests, evaluation, gate) runs once: its verdict stands, and a person reads it.",
        f"Every other step: {RETRIES} tries after the first, {BACKOFF[0]} s apart and twice as long each time, at most {BACKOFF[2] // 60} min; then the step's alarm.",
        "`make STEP` stands for a target that this team writes; nothing here runs by itself.",
    ]
    found = [(code(one.stage), one.check, one.threshold, one.failure) for one in checks(say)]
    return page(
        say.spec,
        "Pipeline Specification",
        f"Run by {say.choice('orchestration')}; `{GRAPH}` holds the same graph for programs.",
        *parts,
        section("Rules of every step", points(rules)),
        section("Cleaning policy", points(cleaning)),
        section(
            "Data quality checks",
            f"Written in {say.choice('data-quality')}.",
            table(("Stage", "Check", "Threshold", "On failure"), found),
        ),
    )


def _flow(say: Full, flow: Flow) -> str:
    rows = [
        (
            code(one.id),
            Md(", ".join(str(code(need)) for need in one.needs) or "nothing"),
            Md(", ".join(str(code(part)) for part in one.inputs)),
            Md(", ".join(str(code(part)) for part in one.outputs)),
            Md(f"{escape(one.owner)} ({one.persona})"),
            f"{say_duration(one.timeout)} ({one.basis})",
            one.failure,
        )
        for one in flow.steps
    ]
    when = f"`{flow.cron}` UTC, the hour assumed" if flow.cron else "started by its trigger, no calendar"
    header = ("Step", "Needs", "Reads", "Writes", "Owner", "Time limit", "When it fails for good")
    return section(f"Flow {flow.id}", f"Schedule: {flow.means}; {when}.", table(header, rows))
