"""`show signals`: what may change course after a release, and the one outcome that each leads to."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.cli.listing import table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.cli.parts.rows import alone, meant
from mlworkflow.gates import signal_rows


def data(asked: Asked) -> Data:
    """Return every signal of a design, or one."""
    rows = signal_rows(asked.design)
    return {"signals": rows} if asked.id is None else {"signal": meant(rows, asked.id, "signal")}


def lines(asked: Asked) -> Iterator[str]:
    """Yield the signals by group, each with its outcome and owner."""
    rows = signal_rows(asked.design)
    if asked.id is not None:
        yield from alone(meant(rows, asked.id, "signal"), _SHOWN)
        return
    yield from table([(one["id"], one["group"], one["outcome"], one["owner"], one["says"]) for one in rows])


_SHOWN = ("group", "shown_by", "outcome", "owner", "severity", "alert", "because", "act", "rolls_back")
