"""`show handoffs`: the stages with their owners, and what crosses where the owner changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlworkflow.cli.listing import fields, named, table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.documents.owning import default_handoffs_data, handoffs_data
from mlworkflow.responsibility import Handoff, Person, Responsibility, default_handoffs, responsibility
from mlworkflow.responsibility.stages import SAME

WITHOUT_ANSWERS = True


def data(asked: Asked) -> Data:
    """Return the stage map and the handoffs of a design, or those of the default map."""
    if asked.spec is None:
        return default_handoffs_data(asked.knowledge)
    every = handoffs_data(responsibility(asked.spec))
    if asked.id is None:
        return every
    one = _meant(asked, responsibility(asked.spec))
    return {"handoff": next(found for found in every["handoffs"] if found["id"] == one.clause.id)}


def lines(asked: Asked) -> Iterator[str]:
    """Yield the stages, then each crossing."""
    if asked.spec is None:
        yield from _default(asked)
        return
    found = responsibility(asked.spec)
    if asked.id is not None:
        yield from _shown(_meant(asked, found))
        return
    yield from table([(one.stage.id, " + ".join(one.owners), _names(one.people), one.name) for one in found.stages])
    yield ""
    yield from _crossings(found)


def _default(asked: Asked) -> Iterator[str]:
    names = {role.id: role.name for role in asked.knowledge.roles}

    def owners(ids: Sequence[str]) -> str:
        return " + ".join(names[id] for id in ids)

    yield from table([(one.id, owners(one.owners), one.name) for one in asked.knowledge.stages])
    yield ""
    for one, other, kind in default_handoffs(asked.knowledge):
        yield f"{owners(one.owners)} -> {owners(other.owners)} ({kind})"


def _crossings(found: Responsibility) -> Iterator[str]:
    if len(found.people) == 1:
        yield f"no handoffs, {len(found.people[0].hats)} hats; where the hat changes:"
        yield from table([(f"  {one.clause.id}", str(one.clause.columns["hat"])) for one in found.handoffs])
        return
    yield from table([(one.clause.id, one.kind, _arrow(one), str(one.artifact)) for one in found.handoffs])


def _arrow(one: Handoff) -> str:
    if one.kind == SAME:
        return f"{_names(one.givers)} changes hats"
    return f"{_names(one.givers)} -> {_names(one.takers)}"


def _names(people: Sequence[Person]) -> str:
    return " + ".join(one.name for one in people) or "nobody"


def _meant(asked: Asked, found: Responsibility) -> Handoff:
    wanted = (asked.id or "").lower()
    for one in found.handoffs:
        if wanted in (one.clause.id, one.clause.id.removeprefix("handoff-"), str(one.clause.says).lower()):
            return one
    raise named(asked.id or "", [one.clause.id for one in found.handoffs], "handoff", "show handoffs ANSWERS")


def _shown(one: Handoff) -> Iterator[str]:
    yield f"{one.clause.id}: {one.clause.says}"
    yield from fields(
        [
            ("change", one.kind),
            ("gives", _names(one.givers)),
            ("takes", _names(one.takers)),
            *(
                (label, str(one.clause.columns[name]))
                for label, name in (
                    ("crosses", "artifact"),
                    ("contract", "contract"),
                    ("accepted", "test"),
                    ("fails as", "failure"),
                    ("one person", "hat"),
                )
            ),
        ]
    )
