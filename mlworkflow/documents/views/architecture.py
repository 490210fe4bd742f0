"""Workflow Architecture: components, the diagram with its twin in words, environments."""

from __future__ import annotations

from typing import Any

from mlworkflow.documents.escape import Md, mermaid_label
from mlworkflow.documents.saying import Say, Table, name
from mlworkflow.documents.views.serving import modes, platform

Node = tuple[str, str, str]


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    nodes, edges = _graph(say)
    return {
        "mermaid": _mermaid(nodes, edges),
        "components": Table(("Component", "What it does here", "Hands on"), _components(say, nodes, edges)),
        "environments": Table(("Environment", "Data", "Who may change it"), _environments(say) if say.full else []),
        "hand_overs": Table(
            ("Neighbouring document", "Takes from here", "Done when"),
            [(say.sentence(one.says), say.column(one, "takes"), say.column(one, "ready")) for one in say.spec.kind("handover")],
        ),
    }


def _graph(say: Say) -> tuple[list[Node], list[tuple[str, str, str]]]:
    nodes: list[Node] = []
    edges: list[tuple[str, str, str]] = []
    said = say.spec.said
    for subject in say.spec.world.subjects("sources"):
        if subject.attributes["state"] == "accepted":
            id = f"s{len(nodes) + 1}"
            nodes.append((id, subject.label, "source"))
            edges.append((id, "checks", "rows"))
    nodes.append(("checks", f"Checks: {said('data_quality')}", "stops bad loads"))
    nodes.append(("snapshot", f"Snapshot: {said('data_versioning')}", "freezes what a run reads"))
    edges.append(("checks", "snapshot", "accepted loads"))
    if say.spec.value("problem_type") == "generative":
        _generative_part(say, nodes, edges)
    else:
        nodes.append(("train", f"Training: {said('orchestration')}", "features, training, evaluation"))
        edges.append(("snapshot", "train", "snapshot id"))
    nodes.append(("track", f"Runs: {said('experiment_tracking')}", "records and compares"))
    nodes.append(("registry", f"Registry: {said('model_registry')}", "versions and aliases"))
    edges += [("train", "track", "run"), ("train", "registry", "candidate")]
    for mode in modes(say):
        id = f"serve{len(nodes)}"
        nodes.append((id, f"{mode.label}: {said(platform(say, mode.id).replace('-', '_'))}", "predicts"))
        edges += [("registry", id, "champion"), (id, "log", "predictions")]
    nodes.append(("log", "Prediction log", "joined with labels"))
    nodes.append(("watch", f"Monitors: {said('drift_tool') if say.spec.value('problem_type') != 'generative' else said('llm_observability')}, {said('operational_monitoring')}", "alerts"))
    edges += [("log", "watch", "inputs, scores, outcomes"), ("watch", "train", "explained cause")]
    return nodes, edges


def _generative_part(say: Say, nodes: list[Node], edges: list[tuple[str, str, str]]) -> None:
    said = say.spec.said
    if say.verdict("vector-store").applies:
        nodes.append(("index", f"Index: {said('vector_store')}", "passages with rights and version"))
        edges.append(("snapshot", "index", "passages"))
        edges.append(("index", "train", "retrieval"))
    else:
        edges.append(("snapshot", "train", "cases"))
    nodes.append(("train", f"Configuration and golden set: {said('orchestration')}", "prompt, retrieval, model id, judged together"))
    nodes.append(("model", f"Foundation model: {said('model_provider')}", "writes the answer"))
    edges.append(("model", "train", "pinned model id"))


def _mermaid(nodes: list[Node], edges: list[tuple[str, str, str]]) -> Md:
    known = {id: f"n{number}" for number, (id, _, _) in enumerate(nodes, 1)}
    lines = ["flowchart LR"]
    lines += [f'  {known[id]}["{mermaid_label(label)}"]' for id, label, _ in nodes]
    lines += [f"  {known[a]} -->|{words}| {known[b]}" for a, b, words in edges if a in known and b in known]
    return Md("\n".join(lines))


def _components(say: Say, nodes: list[Node], edges: list[tuple[str, str, str]]) -> list[tuple[Any, ...]]:
    labels = {id: label for id, label, _ in nodes}
    rows = []
    for id, label, does in nodes:
        targets = [f"{words} → {_short(labels[b])}" for a, b, words in edges if a == id and b in labels]
        if does == "source":
            continue
        rows.append((_plain(label), Md(does), Md("; ".join(targets) or "what people look up")))
    return [(_sources(nodes), Md("data sources"), Md("rows → Checks")), *rows] if _sources(nodes) else rows


def _sources(nodes: list[Node]) -> Md:
    return Md(", ".join(name(label) for _, label, does in nodes if does == "source"))


def _plain(label: str) -> Md:
    from mlworkflow.documents.escape import escape

    return escape(label)


def _short(label: str) -> str:
    return str(_plain(label.split(":")[0]))


def _environments(say: Say) -> list[tuple[Any, ...]]:
    personal = "a masked sample" if say.holds("uses_personal_data") else "a sample"
    return [
        ("dev", Md(f"{personal} of the snapshot"), Md("each member of the team")),
        ("staging", Md("the full snapshot and shadow traffic; rollback is rehearsed here"), Md("the pipeline only")),
        ("production", Md("live data"), Md(f"{say.choice('promotion')}")),
    ]
