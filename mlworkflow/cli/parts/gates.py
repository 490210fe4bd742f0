"""`show gates`: what a release must show in each phase, by whom, and what happens if it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlworkflow.cli.listing import fields, named, table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.gates import gate_rows

PREFIX = "gate-"


def data(asked: Asked) -> Data:
    """Return every gate of a design, or one."""
    rows = gate_rows(asked.design)
    return {"gates": rows} if asked.id is None else {"gate": _meant(rows, asked.id)}


def lines(asked: Asked) -> Iterator[str]:
    """Yield the gates by phase, the weightiest first; a star marks those that stop a release."""
    rows = gate_rows(asked.design)
    if asked.id is not None:
        one = _meant(rows, asked.id)
        yield f"{one['id']}: {one['says']}"
        yield from fields([(name.replace("_", " "), _said(one[name])) for name in _SHOWN])
        return
    yield from table(
        [
            (one["id"], one["phase"], "*" if one["critical"] else "", one["owner"], f"{one['says']}: {one['wanted']}")
            for one in rows
        ]
    )


_SHOWN = ("phase", "part", "wanted", "window", "key", "evidence", "owner", "critical", "because", "back_to", "act")


def _said(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _meant(rows: list[dict[str, Any]], id: str) -> dict[str, Any]:
    found = next((one for one in rows if id in (one["id"], one["id"].removeprefix(PREFIX), one["key"])), None)
    if found is None:
        raise named(id, [one["id"] for one in rows], "gate", "show gates ANSWERS")
    return found
