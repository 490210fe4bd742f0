"""`show rules`: dated rules of law and supervision that the answers ask for; facts to confirm, never advice."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.cli.listing import table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.cli.parts.rows import alone, meant
from mlworkflow.operation.rows import rows


def data(asked: Asked) -> Data:
    """Return every rule that the answers ask for, or one."""
    found = rows(asked.design, "rule")
    return {"rules": found} if asked.id is None else {"rule": meant(found, asked.id, "rule")}


def lines(asked: Asked) -> Iterator[str]:
    """Yield each rule with its date, or one of them in full."""
    found = rows(asked.design, "rule")
    if asked.id is not None:
        yield from alone(meant(found, asked.id, "rule"), _SHOWN)
        return
    if not found:
        yield "none that the answers ask for; `regulation`, `affects_people` and `safety` decide"
        return
    yield from table([(one["id"], one["sure"], one["since"], one["says"]) for one in found])
    yield ""
    yield "dated facts and no advice: have each confirmed"


_SHOWN = ("since", "asks", "here", "source", "sure", "checked")
