"""`show signals`: what may change course after a release, and the one outcome that each leads to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlworkflow.cli.listing import fields, named, table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.gates import signal_rows

PREFIX = "signal-"


def data(asked: Asked) -> Data:
    """Return every signal of a design, or one."""
    rows = signal_rows(asked.design)
    return {"signals": rows} if asked.id is None else {"signal": _meant(rows, asked.id)}


def lines(asked: Asked) -> Iterator[str]:
    """Yield the signals by group, each with its outcome and owner."""
    rows = signal_rows(asked.design)
    if asked.id is not None:
        one = _meant(rows, asked.id)
        yield f"{one['id']}: {one['says']}"
        yield from fields([(name.replace("_", " "), _said(one[name])) for name in _SHOWN])
        return
    yield from table([(one["id"], one["group"], one["outcome"], one["owner"], one["says"]) for one in rows])


_SHOWN = ("group", "shown_by", "outcome", "owner", "severity", "alert", "because", "act", "rolls_back")


def _said(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _meant(rows: list[dict[str, Any]], id: str) -> dict[str, Any]:
    found = next((one for one in rows if id in (one["id"], one["id"].removeprefix(PREFIX))), None)
    if found is None:
        raise named(id, [one["id"] for one in rows], "signal", "show signals ANSWERS")
    return found
