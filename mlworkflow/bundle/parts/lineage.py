"""The lineage: from each source through the features to the artifacts, as a drawing and as edges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlworkflow.artifacts import artifacts
from mlworkflow.bundle.file import File
from mlworkflow.bundle.page import page, section, table
from mlworkflow.bundle.words import accepted_sources, used_features
from mlworkflow.designing import Spec
from mlworkflow.documents.data import written
from mlworkflow.documents.escape import code, escape, mermaid_label

Node = dict[str, str]
Edge = dict[str, str]


def files(spec: Spec) -> Iterator[File]:
    """Yield the drawing and the edges."""
    nodes, edges = lineage(spec)
    yield File("lineage.md", _page(spec, nodes, edges), "Source, feature, artifact: what came from what", "FAR")
    yield File("lineage.json", written({"nodes": nodes, "edges": edges}), "The same lineage for programs", "FAR")


def lineage(spec: Spec) -> tuple[list[Node], list[Edge]]:
    """Return the nodes and the edges; what no feature reads goes into the snapshot as it is."""
    chain = artifacts(spec)
    nodes = [
        {"id": f"source:{one.value('name')}", "kind": "source", "name": one.value("name")}
        for one in accepted_sources(spec)
    ]
    known = {one["name"] for one in nodes}
    edges: list[Edge] = []
    read = set()
    for entry in used_features(spec):
        feature, source = entry.value("name"), entry.value("source")
        nodes.append({"id": f"feature:{feature}", "kind": "feature", "name": feature})
        if source in known:
            read.add(source)
            edges.append(_edge(f"source:{source}", f"feature:{feature}", "is computed from"))
        edges.append(_edge(f"feature:{feature}", f"artifact:{chain[0].id}", "is frozen in"))
    edges += [_edge(one["id"], f"artifact:{chain[0].id}", "is frozen in")
              for one in nodes if one["kind"] == "source" and one["name"] not in read]  # fmt: skip
    nodes += [{"id": f"artifact:{one.id}", "kind": "artifact", "name": one.title} for one in chain]
    edges += [
        _edge(f"artifact:{below}", f"artifact:{one.id}", "stands under") for one in chain for below in one.stands_on
    ]
    return nodes, [*edges, _edge(f"artifact:{chain[-1].id}", f"artifact:{chain[0].id}", "asks for the next")]


def _edge(before: str, after: str, means: str) -> Edge:
    return {"from": before, "to": after, "means": means}


def _page(spec: Spec, nodes: list[Node], edges: list[Edge]) -> str:
    rows: list[tuple[Any, ...]] = [
        (
            escape(one.title),
            escape(one.person or "nobody"),
            escape(one.lives_in),
            escape(one.read_by),
            code(one.hash[:12]),
        )
        for one in artifacts(spec)
    ]
    return page(
        spec,
        "Lineage",
        "An artifact's hash covers its fields and the hashes of what it stands on, so whoever edits one breaks all that stand on it; `mlworkflow check` on this folder names them.",
        "\n".join(["```mermaid", *_drawn(nodes, edges), "```"]),
        section("Artifacts", table(("Artifact", "Owner", "Lives in", "Read by", "Hash"), rows)),
    )


_SHAPES = {"source": ("[(", ")]"), "feature": ("(", ")"), "artifact": ("[", "]")}


def _drawn(nodes: list[Node], edges: list[Edge]) -> Iterator[str]:
    numbers = {one["id"]: f"n{number}" for number, one in enumerate(nodes)}
    yield "flowchart LR"
    for one in nodes:
        left, right = _SHAPES[one["kind"]]
        yield f'  {numbers[one["id"]]}{left}"{mermaid_label(one["name"])}"{right}'
    for edge in edges:
        line = "-.->" if edge["means"] == "asks for the next" else "-->"
        yield f"  {numbers[edge['from']]} {line} {numbers[edge['to']]}"
