"""The data pipeline: its graph of steps as data and in words, and a skeleton for the orchestrator that was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from mlworkflow.bundle import orchestrators
from mlworkflow.bundle.file import File, LeftOut
from mlworkflow.bundle.page import page, points, section, table
from mlworkflow.bundle.steps import BACKOFF, RETRIES, Flow, Step
from mlworkflow.bundle.words import Full, Plain, accepted_sources, chosen, identifiers, system, used_features
from mlworkflow.bundle.yaml_text import as_yaml
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, code
from mlworkflow.documents.views import features as view
from mlworkflow.freshness import freshness
from mlworkflow.quantity import say_duration, say_share
from mlworkflow.question import Entry

PAGE, GRAPH = "pipeline-specification.md", "pipeline.yaml"
HOUR, DAY = 3600.0, 86400.0


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


# ------------------------------------------------------------------ steps


def flows(say: Plain) -> list[Flow]:
    """Return the flows of the design, each with a schedule and steps in an order that holds."""
    found = [_training(say)]
    if "batch" in (say.spec.value("mode_ids") or ()):
        found.append(_scoring(say))
    return found


def ordered(steps: Sequence[Step]) -> list[Step]:
    """Return the steps so that each comes after what it needs; a cycle is an error."""
    known = {one.id: one for one in steps}
    return [known[id] for id in TopologicalSorter({one.id: one.needs for one in steps}).static_order()]


_EVERY = {"quarterly": "0 3 1 1,4,7,10 *", "monthly": "0 3 1 * *", "weekly": "0 3 * * 1", "daily": "0 3 * * *"}


def _training(say: Plain) -> Flow:
    cadence = chosen(say.spec, "retraining-cadence")
    generative = say.spec.value("problem_type") == "generative"
    steps = _loading(say)
    steps += _release(say) if generative else _fitting(say)
    return Flow(
        "release" if generative else "training",
        _EVERY.get(cadence or "", ""),
        str(say.choice("retraining-cadence")) if cadence else "on evidence",
        tuple(ordered(steps)),
    )


def _loading(say: Plain) -> list[Step]:
    """Load and check each source, then freeze what passed."""
    sources = accepted_sources(say.spec)
    names = identifiers([one.value("name") for one in sources])
    steps = []
    for source, name in zip(sources, names, strict=True):
        label = source.value("name")
        limit = min(max(source.value("refresh") or HOUR, HOUR / 6), 6 * HOUR)
        basis = "one refresh, at least 10 min, at most 6 hours" if source.value("refresh") else "assumed"
        steps += [
            Step(f"load-{name}", f"load {label}", (), (label,), (f"landing/{name}",), "POR", limit, basis),
            Step(
                f"check-{name}",
                f"check {label}",
                (f"load-{name}",),
                (f"landing/{name}",),
                (f"accepted/{name}",),
                "POR",
                HOUR,
                "assumed",
                "quarantine the load and use the last accepted one",
            ),
        ]
    checks = tuple(f"check-{name}" for name in names)
    steps.append(
        Step(
            "snapshot",
            "clean by the policy and freeze what a run reads",
            checks,
            tuple(f"accepted/{name}" for name in names) or ("the data, whose sources nobody named",),
            ("snapshot/{id}",),
            "POR",
            2 * HOUR,
            "assumed",
        )
    )
    return steps


def _fitting(say: Plain) -> list[Step]:
    spec = say.spec
    search = spec.value("search_time")
    rows = [
        Step(
            "labels",
            "join labels that are mature",
            ("snapshot",),
            ("snapshot/{id}",),
            ("labels/{id}",),
            "POR",
            HOUR,
            "assumed",
        ),
        Step(
            "features",
            "compute features as of each row's prediction time",
            ("labels",),
            ("snapshot/{id}", "labels/{id}", "feature-schema.yaml" if used_features(spec) else "feature list"),
            ("features/{id}",),
            "FAR",
            4 * HOUR,
            "assumed",
        ),
        Step(
            "leakage-tests",
            "run the leakage tests",
            ("features",),
            ("features/{id}",),
            ("reports/leakage-{id}",),
            "ESC",
            2 * HOUR,
            "assumed",
            "stop: no training on rows that may leak",
        ),
        Step(
            "train",
            "train the candidates",
            ("leakage-tests",),
            ("features/{id}",),
            ("runs/{id}",),
            "ESC",
            2 * search if search else 12 * HOUR,
            "twice the search budget" if search else "assumed",
        ),
        Step(
            "evaluate",
            "compare candidates, baseline and slices",
            ("train",),
            ("runs/{id}", "features/{id}"),
            ("reports/evaluation-{id}",),
            "ESC",
            2 * HOUR,
            "assumed",
        ),
        Step(
            "gate",
            "hold the evidence against the gates",
            ("evaluate",),
            ("reports/evaluation-{id}",),
            ("reports/gates-{id}",),
            "GCA",
            HOUR,
            "assumed",
            "stop, and return to the candidates",
        ),
        Step(
            "register",
            "register the finalist as challenger",
            ("gate",),
            ("runs/{id}", "reports/gates-{id}"),
            ("registry entry",),
            "MOS",
            HOUR,
            "assumed",
        ),
    ]
    if spec.value("label_source") == "none":
        rows = [one for one in rows if one.id != "labels"]
        rows[0] = rows[0].after("snapshot")
    return rows


def _release(say: Plain) -> list[Step]:
    retrieves = say.spec.value("model_adaptation") == "retrieval"
    fresh = say.spec.value("documents_change")
    index = [
        Step(
            "index",
            "cut, embed and index what was accepted",
            ("snapshot",),
            ("snapshot/{id}",),
            ("index/{id}",),
            "FAR",
            fresh or 4 * HOUR,
            "the promised age of the index" if fresh else "assumed",
        )
    ]
    bundled = ("index",) if retrieves else ("snapshot",)
    return [
        *(index if retrieves else []),
        Step(
            "bundle",
            "pack prompt, settings and model id under one version",
            bundled,
            ("prompt-bundle.yaml", *(("index/{id}",) if retrieves else ())),
            ("bundle/{id}",),
            "ESC",
            HOUR,
            "assumed",
        ),
        Step(
            "golden-set",
            "run the golden set",
            ("bundle",),
            ("bundle/{id}", "golden set"),
            ("reports/golden-{id}",),
            "ESC",
            4 * HOUR,
            "assumed",
            "stop: the released bundle stays",
        ),
        Step(
            "gate",
            "hold the evidence against the gates",
            ("golden-set",),
            ("reports/golden-{id}",),
            ("reports/gates-{id}",),
            "GCA",
            HOUR,
            "assumed",
            "stop: the released bundle stays",
        ),
        Step(
            "register",
            "register the bundle as challenger",
            ("gate",),
            ("bundle/{id}", "reports/gates-{id}"),
            ("registry entry",),
            "MOS",
            HOUR,
            "assumed",
        ),
    ]


def _scoring(say: Plain) -> Flow:
    spec = say.spec
    ready, every = spec.value("ready_by"), spec.value("run_interval")
    whole = ready or 4 * HOUR
    basis = "a share of the time until the output must be there" if ready else "assumed"
    steps = [
        Step(
            "complete",
            "wait until the inputs are complete and checked",
            (),
            ("accepted/",),
            ("inputs ready",),
            "POR",
            every or DAY,
            "one interval" if every else "assumed",
        ),
        Step(
            "score-features",
            "compute features with the function of training",
            ("complete",),
            ("accepted/",),
            ("scoring/features",),
            "FAR",
            0.3 * whole,
            basis,
        ),
        Step(
            "score",
            "score with the champion",
            ("score-features",),
            ("scoring/features", "registry entry"),
            ("scoring/output",),
            "IOR",
            0.5 * whole,
            basis,
        ),
        Step(
            "check-output",
            "check the output before anyone reads it",
            ("score",),
            ("scoring/output",),
            ("scoring/checked",),
            "POR",
            0.1 * whole,
            basis,
            str(spec.value("empty_act") or "keep the last good table"),
        ),
        Step(
            "publish",
            "publish by one switch",
            ("check-output",),
            ("scoring/checked",),
            ("published table",),
            "MOS",
            0.1 * whole,
            basis,
        ),
        Step(
            "log",
            "write the prediction log",
            ("publish",),
            ("scoring/checked",),
            ("prediction log",),
            "MOS",
            HOUR,
            "assumed",
        ),
    ]
    return Flow(
        "scoring", _cron(every), f"every {say_duration(every)}" if every else "daily, assumed", tuple(ordered(steps))
    )


def _cron(every: float | None) -> str:
    """A schedule as near to the interval as cron can say; the hour itself is assumed."""
    if every is None or DAY <= every < 7 * DAY:
        return "0 3 * * *"
    if every >= 28 * DAY:
        return "0 3 1 * *"
    if every >= 7 * DAY:
        return "0 3 * * 1"
    minutes = max(1, round(every / 60))
    if minutes >= 60:
        hours = max(one for one in (1, 2, 3, 4, 6, 8, 12) if one * 60 <= minutes)
        return f"0 */{hours} * * *"
    return f"*/{max(one for one in (1, 2, 3, 5, 10, 15, 20, 30) if one <= minutes)} * * * *"


# ------------------------------------------------------------------ the graph as data


def graph(say: Plain) -> dict[str, Any]:
    """Return the flows as plain values."""
    roles = {one.id: one for one in say.spec.knowledge.roles}
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
                "steps": [_step(one, roles) for one in flow.steps],
            }
            for flow in flows(say)
        ],
        "checks": [
            {"stage": one.stage, "check": one.check, "threshold": one.threshold, "on_failure": one.failure}
            for one in checks(say)
        ],
    }


def _step(one: Step, roles: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one.id,
        "does": one.does,
        "needs": list(one.needs),
        "inputs": list(one.inputs),
        "outputs": list(one.outputs),
        "owner": one.owner,
        "owner_role": roles[one.owner].wears if one.owner in roles else None,
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
            one.owner,
            f"{say_duration(one.timeout)} ({one.basis})",
            one.failure,
        )
        for one in flow.steps
    ]
    when = f"`{flow.cron}` UTC, the hour assumed" if flow.cron else "started by its trigger, no calendar"
    header = ("Step", "Needs", "Reads", "Writes", "Owner", "Time limit", "When it fails for good")
    return section(f"Flow {flow.id}", f"Schedule: {flow.means}; {when}.", table(header, rows))
