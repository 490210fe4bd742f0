"""`show roles`: who does what, in which part of the day, and who wears the hat in this team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlworkflow.cli.listing import fields, named, table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.documents.owning import role_data, roles_data, wearers
from mlworkflow.responsibility import Person, responsibility
from mlworkflow.role import PHASES, Role, named_role

WITHOUT_ANSWERS = True
BY = ("phase",)


def _people(asked: Asked) -> Sequence[Person]:
    return responsibility(asked.spec).people if asked.spec else ()


def _sets(asked: Asked) -> tuple[list[Role], list[Role]]:
    every = asked.knowledge.roles
    return [one for one in every if one.set == "lifecycle"], [one for one in every if one.set == "classic"]


def one_role(asked: Asked) -> Role:
    """Return the role that was asked for, by id, name or alias."""
    found = named_role(asked.knowledge.roles, asked.id or "")
    if found is None:
        known = [word for role in asked.knowledge.roles for word in (role.id, role.name, *role.aliases)]
        raise named(asked.id or "", known, "role", "show roles")
    return found


def data(asked: Asked) -> Data:
    """Return one role, or all of them."""
    people = _people(asked)
    if asked.id:
        return {"role": role_data(one_role(asked), people)}
    lifecycle, classic = _sets(asked)
    if asked.by:
        groups = [(phase, name, _in(lifecycle, phase)) for phase, name in PHASES.items()]
        return {"phases": [{"id": id, "name": name, "roles": roles_data(roles, people)} for id, name, roles in groups]}
    return {"roles": roles_data(lifecycle, people), "classic": roles_data(classic, people)}


def lines(asked: Asked) -> Iterator[str]:
    """Yield one role in full, or a line for each."""
    people = _people(asked)
    if asked.id:
        yield from _shown(one_role(asked), people)
        return
    lifecycle, classic = _sets(asked)
    if asked.by:
        for number, (phase, name) in enumerate(PHASES.items()):
            yield from ["", name] if number else [name]
            yield from table([_line(one, people, "  ") for one in _in(lifecycle, phase)])
        return
    yield from table([_line(one, people) for one in lifecycle])
    yield ""
    yield "classic roles of a team"
    yield from table([(f"  {one.id}", one.name, _worn(one, people) + one.does) for one in classic])


def _in(roles: Sequence[Role], phase: str) -> list[Role]:
    return [one for one in roles if one.phase == phase]


def _line(one: Role, people: Sequence[Person], indent: str = "") -> tuple[str, ...]:
    return (f"{indent}{one.id}", one.name, one.category, one.stage, _worn(one, people) + one.does)


def _worn(one: Role, people: Sequence[Person]) -> str:
    return f"{', '.join(person.name for person in wearers(one, people))}: " if people else ""


def _shown(one: Role, people: Sequence[Person]) -> Iterator[str]:
    yield f"{one.id}: {one.name}"
    yield from fields(
        [
            ("does", one.does),
            ("also called", ", ".join(one.aliases)),
            ("note", one.note),
            ("phase", PHASES.get(one.phase, "")),
            ("category", one.category),
            ("stage", one.stage),
            ("worn by", ", ".join(person.name for person in wearers(one, people)) or one.wears),
            ("takes", "; ".join(one.inputs)),
            ("gives", "; ".join(one.outputs)),
            ("hands to", ", ".join(one.hands_to)),
            ("gate", one.gate),
            ("stand-ins", ", ".join(one.near)),
            ("pack", one.pack),
        ]
    )
    for heading, texts in (("duties", one.duties), ("never", one.never)):
        if texts:
            yield f"  {heading}"
            yield from (f"    {text}" for text in texts)
