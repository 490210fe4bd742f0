"""`show runbook`: what is done when an alert rings, who is called, the ladder down to stop, and the drills."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.cli.listing import table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.cli.parts.rows import alone, meant
from mlworkflow.operation.rows import drill_rows, entry_rows, on_call_row, rows


def data(asked: Asked) -> Data:
    """Return the whole runbook, or the entry of one alert."""
    entries = entry_rows(asked.design)
    if asked.id is not None:
        return {"alert": meant(entries, asked.id, "alert")}
    return {
        "on_call": on_call_row(asked.design),
        "entries": entries,
        "ladder": rows(asked.design, "level"),
        "drills": drill_rows(asked.design),
    }


def lines(asked: Asked) -> Iterator[str]:
    """Yield who is called, the alerts, the ladder and the drills, or one entry in full."""
    entries = entry_rows(asked.design)
    if asked.id is not None:
        one = meant(entries, asked.id, "alert")
        yield from alone(one, [name for name in one if name not in ("id", "says") and one[name] is not None])
        return
    yield on_call_row(asked.design)["says"]
    yield ""
    yield from table([(one["id"], one["severity"], one["called"] or "nobody", one["says"]) for one in entries])
    yield ""
    yield "from full service to stop"
    yield from table([(f"  {one['says']}", one["users"], one["decides"]) for one in rows(asked.design, "level")])
    yield ""
    yield "drills"
    yield from table([(f"  {one['says']}", one["leads"] or "nobody", one["every"]) for one in drill_rows(asked.design)])
