"""What parts that are lists of rows share: how one row is found and shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mlworkflow.cli.listing import fields, named

Row = dict[str, Any]


def meant(rows: Sequence[Row], id: str, kind: str) -> Row:
    """Return the row of that id, of its key, or of the id without its kind."""
    found = next((one for one in rows if id in (one["id"], one["id"].removeprefix(f"{kind}-"), one.get("key"))), None)
    if found is None:
        raise named(id, [one["id"] for one in rows], kind, f"show {kind}s ANSWERS")
    return found


def alone(row: Row, names: Sequence[str]) -> Iterator[str]:
    """Yield a row on its own, a line a column."""
    yield f"{row['id']}: {row['says']}"
    yield from fields([(name.replace("_", " "), _said(row[name])) for name in names])


def _said(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
