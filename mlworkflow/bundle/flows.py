"""The flows of a design: what brings data in, trains or releases, indexes, scores and watches, each step with its owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from graphlib import TopologicalSorter

from mlworkflow.bundle.showing import wearer
from mlworkflow.bundle.steps import Flow, Step
from mlworkflow.bundle.words import Plain, accepted_sources, chosen, identifiers, used_features
from mlworkflow.quantity import say_duration
from mlworkflow.responsibility import Responsibility, responsibility

HOUR, DAY = 3600.0, 86400.0
_SAME_RELEASE = "stop: the released bundle stays"


def flows(say: Plain) -> list[Flow]:
    """Return the flows of the design, each with a schedule and steps in an order that holds, each step with a person."""
    spec = say.spec
    found = [_ingest(say)]
    if retrieves(say):
        found.append(_indexing(say))
    found.append(_learning(say))
    if "batch" in (spec.value("mode_ids") or ()):
        found.append(_scoring(say))
    found.append(_watching(say))
    owned = responsibility(spec)
    return [replace(flow, steps=tuple(_owned(say, owned, one) for one in ordered(flow.steps))) for flow in found]


def ordered(steps: Sequence[Step]) -> list[Step]:
    """Return the steps so that each comes after what it needs; a cycle is an error."""
    known = {one.id: one for one in steps}
    return [known[id] for id in TopologicalSorter({one.id: one.needs for one in steps}).static_order()]


def retrieves(say: Plain) -> bool:
    """Whether answers rest on passages of an index."""
    return bool(say.spec.value("model_adaptation") == "retrieval")


def _generative(say: Plain) -> bool:
    return bool(say.spec.value("problem_type") == "generative")


# ------------------------------------------------------------------ owners

# The duties behind a step, by its id or what its id begins with; the first that the design has counts.
_DATA, _JUDGE, _INDEX = (
    ("duty-snapshot", "duty-corpus", "duty-data-contract"),
    ("duty-eval-gate", "duty-golden-set"),
    ("duty-index", "duty-corpus"),
)
_DUTIES: dict[str, tuple[str, ...]] = {
    "load-": _DATA,
    "check-output": ("duty-run-ready",),
    "check-": _DATA,
    "labels": _DATA,
    "snapshot": _DATA,
    "feature": ("duty-online-store", "duty-features"),
    "leakage-tests": _JUDGE,
    "train": ("duty-model",),
    "evaluate": _JUDGE,
    "golden": _JUDGE,
    "gate": _JUDGE,
    "bundle": ("duty-prompt",),
    "register": ("duty-registry",),
    "documents": _INDEX,
    "index": _INDEX,
    "retrieval-test": _INDEX,
    "score-features": ("duty-features", "duty-run-ready"),
    "complete": ("duty-run-ready",),
    "score": ("duty-run-ready",),
    "publish": ("duty-run-ready",),
    "log": ("duty-run-ready",),
    "drift": ("duty-monitors",),
    "quality": ("duty-monitors",),
}


def _owned(say: Plain, owned: Responsibility, step: Step) -> Step:
    """Give a step the person who answers for its duty, else whoever wears the hat of its persona."""
    duties = next((named for start, named in _DUTIES.items() if step.id.startswith(start)), ())
    for duty in duties:
        for one in owned.duties:
            if one.clause.id == duty:
                return replace(step, owner=one.accountable.name, hat=one.hat)
    role = next(one for one in say.spec.knowledge.roles if one.id == step.persona)
    return replace(step, owner=wearer(owned, role.wears), hat=role.wears)


# ------------------------------------------------------------------ bringing data in


def _pace(say: Plain) -> tuple[float, str]:
    """How often data is brought in, and why."""
    refreshes = [one.value("refresh") for one in accepted_sources(say.spec) if one.value("refresh")]
    every, basis = max(min(refreshes), HOUR) if refreshes else DAY, "assumed"
    if refreshes:
        basis = "the shortest refresh of its sources, at least 1 hour"
    promised = say.spec.value("documents_change")
    if retrieves(say) and promised and promised / 4 < every:
        return max(promised / 4, 300.0), "a quarter of the promised age of the index, at least 5 min"
    return every, basis


def _ingest(say: Plain) -> Flow:
    """Load and check each source, join what is known by now of earlier predictions, and renew shared feature tables."""
    every, basis = _pace(say)
    sources = accepted_sources(say.spec)
    names = identifiers([one.value("name") for one in sources]) or ["data"]
    labels = [one.value("name") for one in sources] or ["the data, whose sources nobody named"]
    refreshes = [one.value("refresh") for one in sources] or [None]
    steps: list[Step] = []
    for name, label, refresh in zip(names, labels, refreshes, strict=True):
        steps += _loaded(say, name, label, refresh, every)
    checked = tuple(f"check-{name}" for name in names)
    steps += _joined(say, checked, tuple(f"accepted/{name}" for name in names))
    return Flow("ingest", cron(every), f"every {say_duration(every)} ({basis})", tuple(steps))


def _loaded(say: Plain, name: str, label: str, refresh: float | None, every: float) -> Iterator[Step]:
    most = min(every, 6 * HOUR)
    load, check = min(max(refresh or HOUR, HOUR / 6), most), min(HOUR, every)
    load_basis = f"one refresh, between 10 min and {say_duration(most)}" if refresh else "assumed"
    check_basis = "assumed"
    promised = say.spec.value("documents_change")
    if retrieves(say) and promised:
        load = check = promised / 8
        load_basis = check_basis = "an eighth of the promised age of the index"
    yield Step(
        f"load-{name}", f"load what is new of {label}", (), (label,), (f"landing/{name}",), "POR", load, load_basis
    )
    quarantine = "quarantine the load and use the last accepted one"
    yield Step(
        f"check-{name}",
        f"check {label}",
        (f"load-{name}",),
        (f"landing/{name}",),
        (f"accepted/{name}",),
        "POR",
        check,
        check_basis,
        quarantine,
    )


def _joined(say: Plain, checked: tuple[str, ...], accepted: tuple[str, ...]) -> Iterator[Step]:
    spec = say.spec
    if spec.value("label_source") != "none":
        what = "judgements of people" if _generative(say) else "outcomes"
        age = f" that are {say.value('label_age')} old" if say.known("label_age") and not _generative(say) else ""
        yield Step(
            "labels",
            f"join {what} to the predictions that they belong to; only those{age} count"
            if age
            else f"join {what} to the predictions that they belong to",
            checked,
            (*accepted, "prediction log"),
            ("labels/",),
            "POR",
            HOUR,
            "assumed",
        )
    if chosen(spec, "feature-store") in ("batch-tables", "online-store") and used_features(spec):
        yield Step(
            "feature-tables",
            "write the values of the shared features, each with event time and written time",
            checked,
            (*accepted, "feature-schema.yaml"),
            ("feature tables",),
            "FAR",
            HOUR,
            "assumed",
        )


# ------------------------------------------------------------------ the index


def _indexing(say: Plain) -> Flow:
    """Bring what changed into the index within the promised age, tested before it answers anybody."""
    every, _ = _pace(say)
    promised = say.spec.value("documents_change")
    whole = promised or 8 * HOUR
    basis = "a share of the promised age of the index" if promised else "assumed"
    steps = (
        Step("documents", "list new, changed and withdrawn documents; end here where there are none", (), ("accepted/",),
             ("changes/{id}",), "FAR", whole / 16, basis),
        Step("index", "cut, embed and write the changes into the next version of the index, with rights and version",
             ("documents",), ("changes/{id}", "accepted/"), ("index/{id}",), "FAR", whole / 4, basis),
        Step("retrieval-test", "find the passages of the golden set, as readers with and without the right to them",
             ("index",), ("index/{id}", "golden set"), ("reports/retrieval-{id}",), "FAR", whole / 8, basis,
             "stop: the served index stays; its alarm rings when the promised age is passed"),
        Step("index-switch", "serve the new version by one switch, and keep the last for the way back",
             ("retrieval-test",), ("index/{id}", "reports/retrieval-{id}"), ("served index",), "FAR", whole / 16, basis),
    )  # fmt: skip
    return Flow("indexing", cron(every), f"after each ingest, every {say_duration(every)}", steps)


# ------------------------------------------------------------------ training, or the release of a bundle

_EVERY = {"quarterly": "0 3 1 1,4,7,10 *", "monthly": "0 3 1 * *", "weekly": "0 3 * * 1", "daily": "0 3 * * *"}


def _learning(say: Plain) -> Flow:
    cadence = chosen(say.spec, "retraining-cadence")
    means = str(say.choice("retraining-cadence")) if cadence else "on evidence"
    id, steps = ("release", _release(say)) if _generative(say) else ("training", _fitting(say))
    return Flow(id, _EVERY.get(cadence or "", ""), means, (_snapshot(say), *steps))


def _snapshot(say: Plain) -> Step:
    names = identifiers([one.value("name") for one in accepted_sources(say.spec)]) or ["data"]
    labels = () if say.spec.value("label_source") == "none" else ("labels/",)
    reads = (*(f"accepted/{name}" for name in names), *labels)
    does = "clean by the policy and freeze what a run reads"
    return Step("snapshot", does, (), reads, ("snapshot/{id}",), "POR", 2 * HOUR, "assumed")


def _fitting(say: Plain) -> tuple[Step, ...]:
    spec = say.spec
    search = spec.value("search_time")
    how = "feature-schema.yaml" if used_features(spec) else "feature list"
    fits = (2 * search, "twice the search budget") if search else (12 * HOUR, "assumed")
    return (
        Step("features", "compute features as of each labelled row's prediction time", ("snapshot",),
             ("snapshot/{id}", how), ("features/{id}",), "FAR", 4 * HOUR, "assumed"),
        Step("leakage-tests", "run the leakage tests", ("features",), ("features/{id}",), ("reports/leakage-{id}",), "ESC",
             2 * HOUR, "assumed", "stop: no training on rows that may leak"),
        Step("train", "train the candidates", ("leakage-tests",), ("features/{id}",), ("runs/{id}",), "ESC", *fits),
        Step("evaluate", "compare candidates, baseline and slices", ("train",), ("runs/{id}", "features/{id}"),
             ("reports/evaluation-{id}",), "ESC", 2 * HOUR, "assumed"),
        Step("gate", "hold the evidence against the gates", ("evaluate",), ("reports/evaluation-{id}",),
             ("reports/gates-{id}",), "GCA", HOUR, "assumed", "stop, and return to the candidates"),
        Step("register", "register the finalist as challenger", ("gate",), ("runs/{id}", "reports/gates-{id}"),
             ("registry entry",), "MOS", HOUR, "assumed"),
    )  # fmt: skip


def _release(say: Plain) -> tuple[Step, ...]:
    index = ("served index",) if retrieves(say) else ()
    return (
        Step("bundle", f"pack prompt, settings{', index version' if index else ''} and model id under one version",
             ("snapshot",), ("prompt-bundle.yaml", "snapshot/{id}", *index), ("bundle/{id}",), "ESC", HOUR, "assumed"),
        Step("golden-set", "run the golden set", ("bundle",), ("bundle/{id}", "golden set"), ("reports/golden-{id}",), "ESC",
             4 * HOUR, "assumed", _SAME_RELEASE),
        Step("gate", "hold the evidence against the gates", ("golden-set",), ("reports/golden-{id}",),
             ("reports/gates-{id}",), "GCA", HOUR, "assumed", _SAME_RELEASE),
        Step("register", "register the bundle as challenger", ("gate",), ("bundle/{id}", "reports/gates-{id}"),
             ("registry entry",), "MOS", HOUR, "assumed"),
    )  # fmt: skip


# ------------------------------------------------------------------ scoring on a schedule


def _scoring(say: Plain) -> Flow:
    spec = say.spec
    ready, every = spec.value("ready_by"), spec.value("run_interval")
    whole = ready or 4 * HOUR
    basis = "a share of the time until the output must be there" if ready else "assumed"
    empty = str(spec.value("empty_act") or "keep the last good table")
    waits = (every or DAY, "one interval" if every else "assumed")
    steps = (
        Step("complete", "wait until the ingest of this run is checked", (), ("accepted/",), ("inputs ready",), "POR", *waits),
        Step("score-features", "compute features with the function of training", ("complete",), ("accepted/",),
             ("scoring/features",), "FAR", 0.3 * whole, basis),
        Step("score", "score with the champion", ("score-features",), ("scoring/features", "registry entry"),
             ("scoring/output",), "IOR", 0.5 * whole, basis),
        Step("check-output", "check the output before anyone reads it", ("score",), ("scoring/output",),
             ("scoring/checked",), "POR", 0.1 * whole, basis, empty),
        Step("publish", "publish by one switch", ("check-output",), ("scoring/checked",), ("published table",), "MOS",
             0.1 * whole, basis),
        Step("log", "write the prediction log", ("publish",), ("scoring/checked",), ("prediction log",), "MOS", HOUR,
             "assumed"),
    )  # fmt: skip
    means = f"every {say_duration(every)}" if every else "daily, assumed"
    return Flow("scoring", cron(every), means, steps)


# ------------------------------------------------------------------ what the monitors read


def _watching(say: Plain) -> Flow:
    """The jobs behind the series that no running service exports itself."""
    spec = say.spec
    if _generative(say):
        night = Step("golden-night", "run the golden set against the released bundle and count what it lost", (),
                     ("registry entry", "golden set"), ("monitoring series",), "ESC", 4 * HOUR, "assumed",
                     "alert: a night without a run is read as one that fell")  # fmt: skip
        return Flow("watching", cron(DAY), "every night", (night,))
    window = max(spec.value("drift_window") or DAY, DAY)
    steps = [
        Step("drift", "compare the newest window of inputs and predictions with the reference", (), ("prediction log",),
             ("monitoring series",), "IAN", 2 * HOUR, "assumed"),
    ]  # fmt: skip
    if not spec.value("labels_missing"):
        mature = f" of at least {say.value('label_age')}" if say.known("label_age") else ""
        steps.append(
            Step("quality", f"measure cohorts{mature} whose labels became mature", (), ("prediction log", "labels/"),
                 ("monitoring series",), "IAN", 2 * HOUR, "assumed")
        )  # fmt: skip
    basis = "one drift window" if spec.value("drift_window") else "assumed"
    return Flow("watching", cron(window), f"every {say_duration(window)} ({basis})", tuple(steps))


def cron(every: float | None) -> str:
    """Return a schedule as near to the interval as cron can say, and no longer; the hour itself is assumed."""
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
