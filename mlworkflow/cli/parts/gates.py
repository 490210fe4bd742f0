"""`show gates`: what a release must show in each phase, by whom, and what happens if it does not."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.cli.listing import table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.cli.parts.rows import alone, meant
from mlworkflow.gates import gate_rows


def data(asked: Asked) -> Data:
    """Return every gate of a design, or one."""
    rows = gate_rows(asked.design)
    return {"gates": rows} if asked.id is None else {"gate": meant(rows, asked.id, "gate")}


def lines(asked: Asked) -> Iterator[str]:
    """Yield the gates by phase, the weightiest first; a star marks those that stop a release."""
    rows = gate_rows(asked.design)
    if asked.id is not None:
        yield from alone(meant(rows, asked.id, "gate"), _SHOWN)
        return
    yield from table(
        [
            (one["id"], one["phase"], "*" if one["critical"] else "", one["owner"], f"{one['says']}: {one['wanted']}")
            for one in rows
        ]
    )


_SHOWN = ("phase", "part", "wanted", "window", "key", "evidence", "owner", "critical", "because", "back_to", "act")
