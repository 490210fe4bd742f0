"""`show maturity`: a self-assessment in four sections, today and with this design, and the step that gains most."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.cli.listing import table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.cli.parts.rows import Row, alone, meant
from mlworkflow.operation.rows import maturity_row


def data(asked: Asked) -> Data:
    """Return the whole assessment, or one test."""
    found = maturity_row(asked.design)
    return {"maturity": found} if asked.id is None else {"test": meant(found["tests"], asked.id, "test")}


def lines(asked: Asked) -> Iterator[str]:
    """Yield the score, its sections, each test, and what gains most."""
    found = maturity_row(asked.design)
    if asked.id is not None:
        yield from alone(meant(found["tests"], asked.id, "test"), ("section", "today", "with_design", "next"))
        return
    yield f"today {found['today']:g} of 7: {found['today_means']}"
    yield f"with this design {found['with_design']:g} of 7: {found['with_design_means']}"
    yield from table(
        [(f"  {one['section']}", f"{one['today']:g}", f"{one['with_design']:g}") for one in found["sections"]]
    )
    yield ""
    yield from table([_line(one) for one in found["tests"]])
    yield ""
    yield "what gains most next"
    yield from (f"  {one['section']}: {one['says']}" for one in found["next"])


def _line(one: Row) -> tuple[str, ...]:
    return (one["id"], one["section"], f"{one['today']:g}", f"{one['with_design']:g}", one["says"])
