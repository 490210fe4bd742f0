"""Facts about the usual case that a design looks like."""

from __future__ import annotations

from mlworkflow.archetype import Archetype, Match, best, match, plain
from mlworkflow.facts.registry import fact
from mlworkflow.question import Entry


@fact("matches")
def archetype_matches(
    known_archetypes: tuple[Archetype, ...],
    problem_type: str,
    target: str,
    name: str,
    decision_driven: str | None = None,
    prediction_unit: str | None = None,
    sources: tuple[Entry, ...] | None = (),
) -> tuple[Match, ...]:
    """How well the answers fit each usual case."""
    named = [f"{entry.value('name')} {entry.value('content') or ''}" for entry in sources or ()]
    texts = {
        "target": plain(target),
        "decision": plain(decision_driven),
        "unit": plain(prediction_unit),
        "name": plain(name),
        "sources": plain(*named),
    }
    found = [match(one, problem_type, texts) for one in known_archetypes]
    return tuple(sorted((one for one in found if one), key=lambda one: -one.score))


@fact("match")
def recognised(archetype_matches: tuple[Match, ...], archetype: str | None = None) -> Match | None:
    """The usual case that the answers speak of by themselves, where nobody named one."""
    return best(list(archetype_matches)) if archetype is None else None


@fact("text")
def looks_like(recognised: Match | None = None, archetype: str | None = None) -> str | None:
    """The usual case that this design is read as."""
    if archetype is not None:
        return archetype if archetype != "none" else None
    return recognised.archetype if recognised else None
