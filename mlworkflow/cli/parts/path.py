"""`show path`: how a snapshot becomes a release, who says stop or go, and what afterwards changes course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlworkflow.cli.listing import table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.cli.parts.rows import Row, alone, meant
from mlworkflow.operation import path_row


def data(asked: Asked) -> Data:
    """Return the whole way, or one artifact of it."""
    found = path_row(asked.design)
    return found if asked.id is None else {"artifact": meant(found["artifacts"], asked.id, "artifact")}


def lines(asked: Asked) -> Iterator[str]:
    """Yield the artifacts in their order, who decides, and the signals that train anew or take back."""
    found = path_row(asked.design)
    if asked.id is not None:
        yield from alone(meant(found["artifacts"], asked.id, "artifact"), ("owner", "lives_in", "read_by", "because"))
        return
    for number, one in enumerate(found["artifacts"], 1):
        yield f"{number} {one['says']}: {one['owner'] or 'nobody'} answers for it; it lives in {one['lives_in']}"
        yield f"    next: {one['read_by']}"
    yield ""
    yield f"stop or go: {found['decides'] or 'nobody is named; answer approver'}"
    yield f"    {found['gates']} gates before the rollout, {found['stopping']} of them stop it"
    for heading, name in (("starts a training", "trains"), ("takes the release back at once", "takes_back")):
        yield ""
        yield heading
        yield from _signals(found[name])


def _signals(found: Sequence[Row]) -> list[str]:
    return table([(f"  {one['id']}", one["says"]) for one in found]) or ["  nothing by itself"]
