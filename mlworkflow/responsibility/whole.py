"""A design becomes its responsibilities: everything about owners in one value, worked out from answers and clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlworkflow.clause import Applied
from mlworkflow.designing import Spec
from mlworkflow.facts.people import approves
from mlworkflow.question import Entry
from mlworkflow.responsibility.allocation import Allocated, Duty, allocate, distance
from mlworkflow.responsibility.stages import SAME, Handoff, StageOwned, handoffs, stage_map
from mlworkflow.responsibility.team import Near, Person, seated
from mlworkflow.role import Role, owners

# A judgement: beyond eight, something is owned on paper only.
MOST_CRITICAL = 8
DECISION = "duty-release"


@dataclass(frozen=True, slots=True)
class Owned:
    """A duty with its owner and who stands in."""

    clause: Applied
    duty: Duty
    accountable: Person
    backup: Person | None

    def column(self, name: str) -> str:
        """Return a column of the duty as plain text."""
        return str(self.clause.columns[name])

    @property
    def hat(self) -> str:
        """The hat that the owner wears for it: the role of the duty, or the owner's own where they have not got it."""
        return self.duty.role


@dataclass(frozen=True, slots=True)
class Area:
    """A row of the decision matrix with the person behind it."""

    clause: Applied
    person: Person


@dataclass(frozen=True, slots=True)
class Overload:
    """Somebody who owns more than one person can, and what to hand on first."""

    person: Person
    critical: int
    first: Owned


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Who owns what in one design, what crosses between them, and what the team cannot cover."""

    people: tuple[Person, ...]
    duties: tuple[Owned, ...]
    stages: tuple[StageOwned, ...]
    handoffs: tuple[Handoff, ...]
    areas: tuple[Area, ...]
    gaps: tuple[Applied, ...]
    overloads: tuple[Overload, ...]
    unowned: tuple[str, ...]

    @property
    def critical(self) -> tuple[Owned, ...]:
        """The duties that must not be left without an owner."""
        return tuple(one for one in self.duties if one.duty.critical)

    @property
    def crossings(self) -> tuple[Handoff, ...]:
        """The handoffs between people, without mere changes of hat."""
        return tuple(one for one in self.handoffs if one.kind != SAME)

    def load(self, person: Person, critical: bool = False) -> int:
        """Return how many duties somebody owns."""
        owned = self.critical if critical else self.duties
        return sum(one.accountable is person for one in owned)


def responsibility(spec: Spec) -> Responsibility:
    """Return who owns what in this design."""
    classic = [role for role in spec.knowledge.roles if role.set == "classic"]
    generative = spec.value("problem_type") == "generative"
    near: Near = {role.id: role.nearest(generative) for role in classic}
    people = _people(spec, near, generative)
    duties = tuple(_decided(spec, one, people) for one in _owned(spec.kind("duty"), people, near))
    stages = stage_map(spec.knowledge.stages, _said_owners(spec, classic), people, generative)
    return Responsibility(
        people,
        duties,
        stages,
        handoffs(stages, spec.kind("handoff")),
        _areas(spec, people),
        (*spec.kind("blocker", "responsibility"), *spec.kind("gap")),
        tuple(_overloads(people, duties, near)),
        () if people else tuple(str(one.says) for one in spec.kind("duty") if _duty(one).critical),
    )


def _people(spec: Spec, near: Near, generative: bool) -> tuple[Person, ...]:
    entries = spec.answers.entries("people")
    there = [_person(entry) for entry in entries if entry.value("away") is not True]
    size = max(int(spec.value("team_size") or 1), len(entries))
    gone = {role for entry in entries if entry.value("away") is True for role in entry.value("roles") or ()}
    roles = [role for role in spec.answers.value("roles") or () if role not in gone]
    return seated(size, roles, there, near, generative, len(entries) - len(there))


def _person(entry: Entry) -> Person:
    callable_ = entry.value("can_be_called") is not False
    return Person(entry.value("name"), tuple(entry.value("roles") or ()), (), True, callable_)


def _said_owners(spec: Spec, classic: Sequence[Role]) -> dict[str, tuple[str, ...]]:
    """Return the owners that were said for a stage: role ids, or names of people."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in spec.answers.entries("stage_owners"):
        found[entry.value("stage")] = owners(entry.value("owner"), classic)
    return found


def _duty(clause: Applied) -> Duty:
    columns = {name: str(text) for name, text in clause.columns.items()}
    apart = tuple(columns["apart_from"].split(", ")) if "apart_from" in columns else ()
    return Duty(clause.id, columns["role"], columns["critical"] == "yes", apart, columns.get("calls") == "yes")


def _owned(clauses: Sequence[Applied], people: Sequence[Person], near: Near) -> tuple[Owned, ...]:
    duties = [_duty(clause) for clause in clauses]
    found: dict[str, Allocated] = allocate(duties, people, near)
    return tuple(
        Owned(clause, duty, people[one.accountable], None if one.backup is None else people[one.backup])
        for clause, duty in zip(clauses, duties, strict=True)
        if (one := found.get(duty.id)) is not None
    )


def _decided(spec: Spec, owned: Owned, people: Sequence[Person]) -> Owned:
    """Whoever was said to approve owns the decision on a release; whoever was found for it stands in."""
    said = spec.value("approver") if owned.clause.id == DECISION else None
    name = approves(str(said), [one.name for one in people if one.named]) if said is not None else None
    chosen = next((one for one in people if one.name == name), owned.accountable)
    if chosen is owned.accountable:
        return owned
    return replace(owned, accountable=chosen, backup=owned.accountable if owned.backup is chosen else owned.backup)


def _areas(spec: Spec, people: Sequence[Person]) -> tuple[Area, ...]:
    found = []
    for clause in spec.kind("owner-area"):
        role = str(clause.columns["role"])
        fits = [one for one in people if role in one.roles] or [one for one in people if role in one.hats]
        if fits:
            found.append(Area(clause, fits[0]))
    return tuple(found)


def _overloads(people: Sequence[Person], duties: Sequence[Owned], near: Near) -> list[Overload]:
    found = []
    for person in people if len(people) > 1 else ():
        own = [one for one in duties if one.accountable is person and one.duty.critical]
        if len(own) > MOST_CRITICAL:
            first = max(reversed(own), key=lambda one: distance(one.duty, Person("", (), one.accountable.roles), near))
            found.append(Overload(person, len(own), first))
    return found
