"""`show artifacts`: the seven artifacts of a design, what is still blank in each, and on what each stands."""

from __future__ import annotations

import json
from collections.abc import Iterator

from mlworkflow.artifacts import Artifact, artifacts, as_data
from mlworkflow.cli.listing import fields, named, table
from mlworkflow.cli.parts import Asked, Data


def data(asked: Asked) -> Data:
    """Return the whole chain, or one artifact."""
    if asked.id is not None:
        return {"artifact": as_data(_meant(asked))}
    return {"artifacts": [as_data(one) for one in artifacts(asked.design)]}


def lines(asked: Asked) -> Iterator[str]:
    """Yield the chain in its order, or one artifact with its fields."""
    if asked.id is not None:
        yield from _shown(_meant(asked))
        return
    found = artifacts(asked.design)
    yield from table(
        [
            (one.id, one.owner, one.person or "nobody", f"{len(one.missing)} blank", one.hash[:12], one.lives_in)
            for one in found
        ]
    )
    if open_answers := [blank for one in found for blank in one.open_answers]:
        yield ""
        asks = ", ".join(dict.fromkeys(blank.asks for blank in open_answers))
        yield f"{len(open_answers)} of the blanks can be answered now: {asks}"


def _meant(asked: Asked) -> Artifact:
    found = artifacts(asked.design)
    wanted = (asked.id or "").lower().lstrip("0")
    for number, one in enumerate(found, 1):
        if wanted in (one.id, str(number), one.title.lower()):
            return one
    raise named(asked.id or "", [one.id for one in found], "artifact", "show artifacts ANSWERS")


def _shown(one: Artifact) -> Iterator[str]:
    yield f"{one.id}: {one.title}, because {one.because}"
    yield from fields(
        [
            ("owner", f"{one.person or 'nobody'} ({one.owner})"),
            ("stage", one.stage),
            ("lives in", one.lives_in),
            ("read by", one.read_by),
            ("stands on", ", ".join(one.stands_on) or "nothing"),
            ("hash", one.hash),
        ]
    )
    yield "  fields"
    yield from table([(f"    {name}", json.dumps(value, ensure_ascii=False)) for name, value in one.fields.items()])
    if one.blanks:
        yield "  blank"
        yield from table([(f"    {blank.at}", _filled_by(blank.asks)) for blank in one.blanks])


def _filled_by(asks: str) -> str:
    return f"answer {asks}" if asks else "known when the work is done"
