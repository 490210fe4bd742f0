"""`show release-path`: the steps from a candidate to everyone, each with owner, gates, stop rule and way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from mlworkflow.artifacts import Step, release_path
from mlworkflow.cli.listing import fields, named, table
from mlworkflow.cli.parts import Asked, Data


def data(asked: Asked) -> Data:
    """Return every step in its order, or one."""
    if asked.id is not None:
        return {"step": asdict(_meant(asked))}
    return {"steps": [asdict(one) for one in release_path(asked.design)]}


def lines(asked: Asked) -> Iterator[str]:
    """Yield the steps in their order, or one in full."""
    if asked.id is not None:
        yield from _shown(_meant(asked))
        return
    yield from table(
        [
            (one.name, one.exposure, one.owner, f"{len(one.gates)} gates", f"goes on when {one.goes_on_when}")
            for one in release_path(asked.design)
        ]
    )


def _meant(asked: Asked) -> Step:
    found = release_path(asked.design)
    wanted = (asked.id or "").lower()
    step = next((one for one in found if one.name.lower() == wanted), None)
    if step is None:
        raise named(asked.id or "", [one.name for one in found], "step", "show release-path ANSWERS")
    return step


def _shown(one: Step) -> Iterator[str]:
    yield f"{one.name}: {one.exposure}"
    yield from fields(
        [
            ("lasts", one.lasts),
            ("owner", one.owner),
            ("decides", one.decides),
            ("goes on when", one.goes_on_when),
            ("stops when", one.stops_when),
            ("way back", one.way_back),
            ("gates", ", ".join(one.gates)),
        ]
    )
