"""Workflow Architecture: the diagram with its twin in words, environments, hand-overs."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from mlworkflow.documents.escape import Md, escape, mermaid_label
from mlworkflow.documents.saying import Say, Table, joined, name
from mlworkflow.documents.views.serving import modes, platform
from mlworkflow.facts import Subject


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    plan = _generative(say) if say.spec.value("problem_type") == "generative" else _trained(say)
    overs = [
        (say.sentence(one.says), say.column(one, "takes"), say.column(one, "ready"))
        for one in say.spec.kind("handover")
    ]
    return {
        "mermaid": _mermaid(plan),
        "components": _components(plan) if say.full else None,
        "environments": Table(("Environment", "Data", "Who may change it"), _environments(say) if say.full else []),
        "hand_overs": Table(("Neighbouring document", "Takes from here", "Done when"), overs if say.full else []),
        "neighbours": Md("; ".join(f"{document} (done when {ready})" for document, _, ready in overs))
        if say.full
        else Md(""),
    }


@dataclass
class Plan:
    """The boxes of the diagram and the arrows between them."""

    boxes: dict[str, tuple[str, str]] = field(default_factory=dict)
    arrows: list[tuple[str, str, str]] = field(default_factory=list)

    def box(self, id: str, label: str, does: str) -> None:
        """Add a box."""
        self.boxes[id] = (label, does)

    def arrow(self, start: str, end: str, carries: str) -> None:
        """Add an arrow between two boxes that are both there."""
        if start in self.boxes and end in self.boxes:
            self.arrows.append((start, end, carries))


def _trained(say: Say) -> Plan:
    plan, said = Plan(), say.spec.said
    _sources(say, plan)
    plan.box("checks", f"Checks: {said('data_quality')}", "stops bad loads")
    plan.box("snapshot", f"Snapshot: {said('data_versioning')}", "freezes what a run reads")
    plan.box("train", f"Features and training: {said('orchestration')}", "builds features, trains, evaluates")
    _record(say, plan)
    _features(say, plan)
    for mode in modes(say):
        _mode(say, plan, mode)
    _watch(say, plan, f"{said('drift_tool')}, {said('operational_monitoring')}")
    for start, end, carries in (
        ("sources", "checks", "rows"),
        ("checks", "snapshot", "accepted loads"),
        ("snapshot", "train", "snapshot id"),
    ):
        plan.arrow(start, end, carries)
    plan.arrow("train", "track", "run")
    plan.arrow("train", "registry", "candidate")
    plan.arrow("sources", "windows", "events")
    plan.arrow("windows", "store", "values of the last minutes")
    plan.arrow("snapshot", "store", "slow features")
    for mode in modes(say):
        if mode.id in ("real-time", "streaming"):
            plan.arrow("store", mode.id, "features by key")
        plan.arrow("registry", mode.id, "champion")
        plan.arrow("checks" if mode.id == "batch" else "caller", mode.id, _INPUT[mode.id])
        plan.arrow(mode.id, "caller", _OUTPUT[mode.id])
        plan.arrow("candidates", mode.id, "hundreds of items")
        plan.arrow(mode.id, "log", "inputs and scores")
    plan.arrow("labels", "log", "outcomes, when mature")
    _close(plan, "train")
    return plan


_INPUT = {"batch": "features", "real-time": "requests", "streaming": "events", "edge": "items", "queue": "jobs"}
_OUTPUT = {"batch": "table", "real-time": "answers", "streaming": "decisions", "edge": "decisions", "queue": "results"}


DOCUMENTS = ("documents", "files", "api", "images", "s3-parquet")


def _generative(say: Say) -> Plan:
    plan, said = Plan(), say.spec.said
    read, past = _read_sources(say), [one for one in _accepted(say) if _answered(say, one)]
    asked = [one for one in _accepted(say) if _of_the_asker(say, one)]
    _sources(say, plan, {one.id for one in (*past, *asked)}, DOCUMENTS)
    facts = [
        one.label
        for one in _accepted(say)
        if one not in past and one.id in read and (one in asked or one.attributes["kind"] not in DOCUMENTS)
    ]
    if past:
        plan.box("past", ", ".join(one.label for one in past), "questions that were answered before")
    if facts:
        plan.box("context", ", ".join(facts), "facts of the request")
    plan.box("checks", f"Checks: {said('data_quality')}", "stops empty, broken and withdrawn documents")
    retrieves = say.spec.value("model_adaptation") == "retrieval"
    frozen = "an index was built from" if retrieves else "the golden set and the examples were taken from"
    plan.box("snapshot", f"Snapshot: {said('data_versioning')}", f"freezes what {frozen}")
    if say.verdict("vector-store").applies:
        plan.box("index", f"Index: {said('vector_store')}", "passages with version and rights")
    plan.box("golden", "Golden set and judge", "gates each configuration")
    plan.box(
        "train",
        f"Release pipeline: {said('orchestration')}",
        "builds the index, runs the golden set" if retrieves else "runs the golden set, packs prompt and schema",
    )
    _record(say, plan)
    for mode in modes(say):
        _mode(say, plan, mode)
    plan.box(
        "model",
        f"Foundation model: {said('model_provider')}",
        "writes the answer from the passages" if retrieves else "writes the output from the input",
    )
    _watch(say, plan, f"{said('llm_observability')}, {said('operational_monitoring')}")
    for start, end, carries in (
        ("sources", "checks", "documents"),
        ("checks", "snapshot", "accepted documents"),
        ("snapshot", "index", "passages"),
        ("past", "golden", "past questions, masked"),
        ("golden", "train", "cases and judgements"),
        ("train", "track", "run"),
        ("train", "registry", "prompt, settings, model id"),
    ):
        plan.arrow(start, end, carries)
    for mode in modes(say):
        plan.arrow("registry", mode.id, "champion")
        plan.arrow("caller", mode.id, "questions" if retrieves else "inputs")
        plan.arrow("context", mode.id, "rights and facts")
        plan.arrow(mode.id, "index", "query, filtered by rights")
        plan.arrow(mode.id, "model", "question and passages" if retrieves else "prompt and input")
        plan.arrow(mode.id, "caller", "cited answer, or passed on" if retrieves else "output, or passed on")
        plan.arrow(mode.id, "log", "trace")
    _close(plan, "golden")
    return plan


def _read_sources(say: Say) -> set[Any]:
    """The sources that some used feature is read from; all of them while no feature is named."""
    features, used = say.spec.world.subjects("features"), say.spec.value("used_features") or ()
    if not features:
        return {one.id for one in _accepted(say)}
    return {one.attributes["source"] for one in features if one.id in used}


def _of_the_asker(say: Say, source: Subject) -> bool:
    """Whether a source holds what is fetched for one request: an index would show it to the others."""
    fetched = {one.attributes["source"] for one in say.spec.world.subjects("features") if one.attributes["at_request"]}
    records = source.attributes["kind"] in ("api", "s3-parquet") and source.attributes["personal"] is True
    return say.holds("retrieves") and records and source.id in fetched


_PAST = re.compile(
    r"\b(?:answered|solved|resolved|closed|past|old)\b[\w\s,]*\b(?:tickets?|questions?|requests?|cases?|mails?|chats?|enquiries)\b"
)


def _answered(say: Say, source: Subject) -> bool:
    """Whether a source holds what others asked: it feeds the golden set, and says nothing of the one who asks now."""
    entry = next(one for one in say.spec.value("sources") if one.value("name") == source.id)
    records = source.attributes["kind"] not in DOCUMENTS or source.attributes["personal"] is True
    return say.holds("retrieves") and records and _PAST.search((entry.value("content") or "").lower()) is not None


def _accepted(say: Say) -> list[Subject]:
    return [one for one in say.spec.world.subjects("sources") if one.attributes["state"] == "accepted"]


def _sources(say: Say, plan: Plan, apart: Set[str] = frozenset(), kinds: tuple[str, ...] = ()) -> None:
    accepted = [one for one in _accepted(say) if one.id not in apart]
    read = [one.label for one in accepted if not kinds or one.attributes["kind"] in kinds]
    if read:
        plan.box("sources", ", ".join(read), "data sources")


def _record(say: Say, plan: Plan) -> None:
    plan.box("track", f"Runs: {say.spec.said('experiment_tracking')}", "records and compares")
    plan.box("registry", f"Registry: {say.spec.said('model_registry')}", "versions and aliases")


STREAM_JOBS = ("flink", "spark-structured-streaming", "kafka-streams", "kinesis-flink", "beam-dataflow", "risingwave")


def _features(say: Say, plan: Plan) -> None:
    """What answers by key while a request waits, and what keeps its short windows up to date."""
    if say.spec.value("feature_store") != "online-store":
        return
    plan.box("store", f"Online features: {say.spec.said('feature_store_tool')}", "answers by key while a request waits")
    if say.holds("realtime_features") and say.holds("event_sources"):
        running = [tool for tool in say.spec.value("tools_in_use") or () if tool in STREAM_JOBS]
        runs = say.spec.world.say("already_used", running[0]) if running else "a consumer of the events"
        plan.box("windows", f"Window job: {runs}", "computes short windows as events come")


def _mode(say: Say, plan: Plan, mode: Subject) -> None:
    if say.spec.value("main_model") == "two-stage":
        plan.box(
            "candidates",
            "Candidates: nearest items, or a list made beforehand",
            f"narrows {say.spec.said('catalogue') if say.known('catalogue') else 'all'} items to hundreds",
        )
    tool = say.spec.said(platform(say, mode.id).replace("-", "_"))
    falls = say.spec.world.option_name(
        say.verdict(f"fallback[{mode.id}]").decision, say.verdict(f"fallback[{mode.id}]").chosen
    )
    if mode.id == "queue" and say.spec.value("problem_type") != "generative":
        tool = f"workers that hold the model, fed by {tool}"
    plan.box(mode.id, f"{mode.label}: {tool}", f"predicts; without a prediction: {falls}")


def _watch(say: Say, plan: Plan, tools: str) -> None:
    plan.box("caller", f"Used by: {say.spec.said('for_whom')}" if say.known("for_whom") else "Caller", "acts on it")
    if say.spec.value("label_source") != "none" and say.spec.value("problem_type") != "generative":
        plan.box("labels", "Labels", "what came of it")
    plan.box("log", "Prediction log", "joined with what came of it")
    plan.box("watch", f"Monitors: {tools}", "alerts people")


def _close(plan: Plan, back_to: str) -> None:
    plan.arrow("log", "watch", "inputs, scores, outcomes")
    plan.arrow("watch", back_to, "explained cause")


def _mermaid(plan: Plan) -> Md:
    known = {id: f"n{number}" for number, id in enumerate(plan.boxes, 1)}
    lines = ["flowchart LR"]
    lines += [f'  {known[id]}["{mermaid_label(label)}"]' for id, (label, _) in plan.boxes.items()]
    lines += [f"  {known[start]} -->|{carries}| {known[end]}" for start, end, carries in plan.arrows]
    return Md("\n".join(lines))


def _components(plan: Plan) -> Table:
    """The diagram in words, for readers and pages that do not see it."""
    rows: list[tuple[Any, ...]] = []
    for id, (label, does) in plan.boxes.items():
        targets = [f"{carries} → {_short(plan.boxes[end][0])}" for start, end, carries in plan.arrows if start == id]
        shown = (
            joined(str(name(part)) for part in label.split(", "))
            if id in ("sources", "past", "context")
            else escape(label)
        )
        hands_on = Md("; ".join(targets) or ("what people look up" if id == "track" else "–"))
        rows.append((shown, escape(does), hands_on))
    return Table(("Component", "What it does here", "Hands on"), rows)


def _short(label: str) -> str:
    return str(escape(label.split(":")[0]))


def _environments(say: Say) -> list[tuple[Any, ...]]:
    personal = "a masked sample" if say.holds("uses_personal_data") else "a sample"
    return [
        ("dev", Md(f"{personal} of the snapshot"), Md("each member of the team")),
        ("staging", Md("the full snapshot and shadow traffic; rollback is rehearsed here"), Md("the pipeline only")),
        ("production", Md("live data"), Md(f"{say.choice('promotion')}")),
    ]
