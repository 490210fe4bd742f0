"""`show review`: the queue of those who review cases, the parity test, and satisfaction beside the business figure."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.cli.listing import table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.cli.parts.rows import alone, meant
from mlworkflow.operation.rows import rows


def data(asked: Asked) -> Data:
    """Return each line of the plan, or one."""
    found = rows(asked.design, "review")
    return {"reviews": found} if asked.id is None else {"review": meant(found, asked.id, "review")}


def lines(asked: Asked) -> Iterator[str]:
    """Yield each line of the plan, or one of them in full."""
    found = rows(asked.design, "review")
    if asked.id is not None:
        yield from alone(meant(found, asked.id, "review"), _SHOWN)
        return
    yield from table([(one["id"], one["says"], one["plan"]) for one in found])


_SHOWN = ("plan", "shown", "problem")
