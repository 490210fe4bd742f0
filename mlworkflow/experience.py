"""What the people of a usual case would add to a design: which of their points fit it, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mlworkflow.archetype import Archetype, Point, found_word, plain
from mlworkflow.clause import Applied, Sentence
from mlworkflow.question import Entry
from mlworkflow.world import World

MOST = {"feature": 5, "trap": 3, "question": 2, "metric": 0, "rule": 0}
FEWER = {"standard": {"feature": 2, "trap": 2, "question": 1}, "brief": {"feature": 1, "trap": 1, "question": 0}}


@dataclass(frozen=True, slots=True)
class Fit:
    """A point of the usual case with its sentence, and why the document leaves it out, if it does."""

    point: Point
    applied: Applied
    left_out: str = ""


def case(world: World) -> Archetype | None:
    """Return the usual case that the design is read as."""
    id = world.read("looks_like")
    return next((one for one in world.knowledge.archetypes if one.id == id), None)


def fits(world: World, clauses: tuple[Applied, ...], archetype: Archetype) -> tuple[Fit, ...]:
    """Return every point of a usual case, the weightiest of each kind first."""
    said = {one.clause.id for one in clauses}
    return tuple(fit for kind in MOST for fit in _of_kind(world, archetype, kind, said))


def with_experience(world: World, clauses: tuple[Applied, ...]) -> tuple[Applied, ...]:
    """Return the clauses with what the document takes of the usual case, without the general lines that it replaces."""
    archetype = case(world)
    if archetype is None:
        return clauses
    added = [fit for fit in fits(world, clauses, archetype) if not fit.left_out]
    replaced = {id for fit in added for id in fit.point.instead_of}
    return (*(one for one in clauses if one.clause.id not in replaced), *(fit.applied for fit in added))


def _of_kind(world: World, archetype: Archetype, kind: str, said: set[str]) -> Iterator[Fit]:
    most = FEWER.get(world.read("document_size"), MOST).get(kind, MOST[kind])
    places = most
    for point in archetype.of(kind):
        left_out = _left_out(world, point, said)
        if not left_out and places == 0:
            left_out = f"the document shows {most} at this size" if most else "only shown here"
        places -= not left_out
        yield Fit(point, _applied(world, archetype, point), left_out)


def _applied(world: World, archetype: Archetype, point: Point) -> Applied:
    clause = point.clause(archetype.id)
    columns = {name: world.sentence(text) for name, text in clause.columns.items()}
    return Applied(clause, "", world.sentence(clause.says), Sentence(""), columns)


def _left_out(world: World, point: Point, said: set[str]) -> str:
    """Why a point does not fit these answers; nothing where it does."""
    test = world.knowledge.test(point.tree)
    if test is not None and test(world.look("", None)) is not True:
        return f"only where {point.when}"
    if others := [id for id in point.unless if id in said]:
        return f"{others[0]} says it"
    entries: tuple[Entry, ...] = world.read("features") or ()
    for entry in entries:
        if found_word(point.already, plain(entry.value("name"), entry.value("description"))):
            return f"{entry.value('name')} is it already"
    if point.needs and not found_word(point.needs, _given(world, entries)):
        return "no source was named that could give it"
    return ""


def _given(world: World, entries: tuple[Entry, ...]) -> str:
    """What the sources that may be used hold, as far as names and descriptions say."""
    sources = [
        entry
        for entry in world.read("sources") or ()
        if entry.value("state") != "rejected" and entry.value("licence") != "forbidden"
    ]
    names = {entry.value("name") for entry in sources}
    texts = [f"{one.value('name')} {one.value('content') or ''} {one.value('kind') or ''}" for one in sources]
    texts += [
        f"{one.value('name')} {one.value('description') or ''}" for one in entries if one.value("source") in names
    ]
    return plain(*texts)
