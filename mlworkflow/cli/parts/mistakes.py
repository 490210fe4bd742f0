"""`show mistakes`: what a design like this one gets wrong, with the recommendation, the costliest first."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.cli.listing import table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.cli.parts.rows import alone, meant
from mlworkflow.operation.rows import rows


def data(asked: Asked) -> Data:
    """Return every mistake that this design is at risk of, or one."""
    found = rows(asked.design, "mistake")
    return {"mistakes": found} if asked.id is None else {"mistake": meant(found, asked.id, "mistake")}


def lines(asked: Asked) -> Iterator[str]:
    """Yield each mistake with what to do instead, or one of them in full."""
    found = rows(asked.design, "mistake")
    if asked.id is not None:
        yield from alone(meant(found, asked.id, "mistake"), _SHOWN)
        return
    yield from table([(one["id"], one["says"], one["do"]) for one in found]) or ["none that the answers put at risk"]


_SHOWN = ("because", "shows", "do", "where")
