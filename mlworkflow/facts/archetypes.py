"""Facts about the usual case that a design looks like."""

from __future__ import annotations

from mlworkflow.archetype import Archetype, Match, Spoken, best, match, plain, spoken
from mlworkflow.facts.registry import fact
from mlworkflow.question import Entry


@fact("matches")
def archetypes_spoken_of(
    known_archetypes: tuple[Archetype, ...],
    target: str,
    name: str,
    decision_driven: str | None = None,
    prediction_unit: str | None = None,
    sources: tuple[Entry, ...] | None = (),
) -> tuple[Spoken, ...]:
    """What the words of the answers say of each usual case."""
    named = [f"{entry.value('name')} {entry.value('content') or ''}" for entry in sources or ()]
    texts = {
        "target": plain(target),
        "decision": plain(decision_driven),
        "unit": plain(prediction_unit),
        "name": plain(name),
        "sources": plain(*named),
    }
    return tuple(spoken(one, texts) for one in known_archetypes)


@fact("matches")
def archetype_matches(
    known_archetypes: tuple[Archetype, ...],
    archetypes_spoken_of: tuple[Spoken, ...],
    problem_type: str,
    llm_task: str | None = None,
    text_task: str | None = None,
    vision_task: str | None = None,
    evaluation_metric: str | None = None,
    action_effect: str | None = None,
    adversarial: bool | None = None,
    safety: bool | None = None,
    regulation: tuple[str, ...] | None = (),
    who_waits: str | None = None,
    sources: tuple[Entry, ...] | None = (),
) -> tuple[Match, ...]:
    """How well the answers fit each usual case."""
    flags = {"adversarial": adversarial, "safety": safety}
    choices = {
        "problem_type": problem_type, "llm_task": llm_task, "text_task": text_task, "vision_task": vision_task,
        "evaluation_metric": evaluation_metric, "action_effect": action_effect, "who_waits": who_waits,
    }  # fmt: skip
    structured = {
        **{id: (value,) for id, value in choices.items() if value is not None},
        **{id: ("yes",) for id, value in flags.items() if value},
        "regulation": regulation or (),
        "source_kinds": tuple(str(entry.value("kind")) for entry in sources or ()),
    }
    pairs = zip(known_archetypes, archetypes_spoken_of, strict=True)
    found = [match(one, said, structured) for one, said in pairs]
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
