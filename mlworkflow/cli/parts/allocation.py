"""`show allocation`: every duty of a design with its owner and backup, and what the team cannot cover."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.cli.listing import fields, named, table, unmarked
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.documents.owning import allocation_data
from mlworkflow.responsibility import Owned, Person, Responsibility, responsibility

BY = ("person",)


def data(asked: Asked) -> Data:
    """Return people, duties, areas and gaps, or one duty or person."""
    found = responsibility(asked.design)
    every = allocation_data(found)
    if asked.id is None:
        return every
    duty, person = _meant(asked, found)
    if duty is not None:
        return {"duty": next(one for one in every["duties"] if one["id"] == duty.clause.id)}
    assert person is not None
    theirs = [one for one in every["duties"] if person.name in (one["accountable"], one["backup"])]
    return {"person": next(one for one in every["people"] if one["name"] == person.name), "duties": theirs}


def lines(asked: Asked) -> Iterator[str]:
    """Yield the people, then the duties, then the gaps."""
    found = responsibility(asked.design)
    if asked.id is not None:
        duty, person = _meant(asked, found)
        yield from _duty(duty) if duty is not None else _person(found, person)
        return
    if asked.by:
        for number, one in enumerate(found.people):
            yield from [""] if number else []
            yield from _person(found, one)
    else:
        yield from table([(one.name, ", ".join(one.hats), _load(found, one)) for one in found.people])
        yield ""
        yield from table([_line(one) for one in found.duties])
    yield from _not_covered(found)


def _meant(asked: Asked, found: Responsibility) -> tuple[Owned | None, Person | None]:
    wanted = (asked.id or "").lower()
    duty = next((one for one in found.duties if wanted in (one.clause.id, one.clause.id.removeprefix("duty-"))), None)
    person = next((one for one in found.people if wanted == one.name.lower()), None)
    if duty is None and person is None:
        known = [one.clause.id for one in found.duties] + [one.name for one in found.people]
        raise named(asked.id or "", known, "duty or person", "show allocation ANSWERS")
    return duty, person


def _line(one: Owned) -> tuple[str, ...]:
    backup = one.backup.name if one.backup else "nobody"
    return (
        one.clause.id,
        "critical" if one.duty.critical else "",
        one.accountable.name,
        backup,
        one.hat,
        unmarked(one.clause.says),
    )


def _load(found: Responsibility, one: Person) -> str:
    return f"{found.load(one)} duties, {found.load(one, critical=True)} critical"


def _duty(one: Owned) -> Iterator[str]:
    yield f"{one.clause.id}: {unmarked(one.clause.says)}"
    yield from fields(
        [
            ("accountable", one.accountable.name),
            ("backup", one.backup.name if one.backup else "nobody"),
            ("hat", one.hat),
            ("persona", one.column("persona")),
            ("stage", one.column("stage")),
            ("area", one.column("area")),
            ("critical", "yes" if one.duty.critical else "no"),
            ("apart from", ", ".join(one.duty.apart_from)),
            ("unowned", one.column("breaks")),
            ("when", one.clause.clause.when),
            ("pack", one.clause.clause.pack),
        ]
    )


def _person(found: Responsibility, person: Person | None) -> Iterator[str]:
    if person is None:
        return
    yield f"{person.name}: {', '.join(person.hats)}"
    for heading, theirs in (
        ("owns", [one for one in found.duties if one.accountable is person]),
        ("stands in for", [one for one in found.duties if one.backup is person]),
    ):
        if theirs:
            yield f"  {heading}"
            yield from table([(f"    {one.clause.id}", unmarked(one.clause.says)) for one in theirs])


def _not_covered(found: Responsibility) -> Iterator[str]:
    gaps = [unmarked(one.says) for one in found.gaps]
    gaps += [f"{one.person.name} owns {one.critical} critical duties; hand on {one.first.clause.id} first."
             for one in found.overloads]  # fmt: skip
    if gaps or found.unowned:
        yield ""
        yield "not covered"
        yield from (f"  {text}" for text in gaps)
        yield from (f"  nobody owns: {text}" for text in found.unowned)
