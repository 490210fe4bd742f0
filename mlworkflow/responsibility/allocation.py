"""Duties x people -> one accountable and a backup for each: by role, then evenly, no author judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlworkflow.responsibility.team import Near, Person

# What it costs to give a duty to a hat beside the right one, and to any other. A load that is three higher than
# another gives one duty away to a hat beside, one that is six higher to any; the duty that weighs least goes first.
NEAR, FAR, UNEVEN = 300, 800, 200
HEAVIEST = 33
# Work that others judge stays with its role: rather the judge moves.
AUTHORED = 3
# More than any load or distance can make up for.
NEVER = 1_000_000


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that must be owned: by which role, and apart from whose work."""

    id: str
    role: str
    critical: bool = True
    apart_from: tuple[str, ...] = ()
    calls: bool = False


@dataclass(frozen=True, slots=True)
class Allocated:
    """The owner of a duty and who stands in, as places in the list of people."""

    accountable: int
    backup: int | None


def distance(duty: Duty, person: Person, near: Near) -> int:
    """Return how far a person's hats are from what a duty needs: 0 for the very role."""
    barred = NEVER // 10 if duty.calls and not person.can_be_called else 0
    if duty.role in person.hats:
        return barred
    return barred + (NEAR if any(role in person.hats for role in near[duty.role]) else FAR)


def allocate(duties: Sequence[Duty], people: Sequence[Person], near: Near) -> dict[str, Allocated]:
    """Return for each duty its one accountable and, where two people are there, a backup; critical ones come first."""
    if not people:
        return {}
    first = [duty for duty in duties if duty.critical]
    plan = _Plan(people, near)
    for group in (first, [duty for duty in duties if not duty.critical]):
        plan.take(group)
    owners = plan.owner
    backups = _backups([*first, *(duty for duty in duties if not duty.critical)], people, near, owners)
    return {duty.id: Allocated(owners[duty.id], backups.get(duty.id)) for duty in duties}


class _Plan:
    """Who owns what so far: filled greedily, then mended by every single move or swap that makes it better."""

    def __init__(self, people: Sequence[Person], near: Near) -> None:
        self.people = people
        self.near = near
        self.owner: dict[str, int] = {}
        self.load = [0] * len(people)
        self.apart: dict[str, set[str]] = {}
        self.judged: set[str] = set()
        self.weight: dict[str, int] = {}

    def take(self, duties: Sequence[Duty]) -> None:
        """Give each of the duties an owner."""
        for place, duty in enumerate(duties):
            self.weight[duty.id] = 100 + HEAVIEST * (len(duties) - place) // (len(duties) + 1)
            for other in duty.apart_from:
                self.apart.setdefault(duty.id, set()).add(other)
                self.apart.setdefault(other, set()).add(duty.id)
                self.judged.add(other)
        for duty in sorted(duties, key=lambda one: one.id not in self.judged):
            chosen = min(
                range(len(self.people)), key=lambda one: (self._cost(duty, one) + UNEVEN * self.load[one], one)
            )
            self._give(duty, chosen)
        while self._mend(duties):
            pass

    def _give(self, duty: Duty, person: int) -> None:
        if duty.id in self.owner:
            self.load[self.owner[duty.id]] -= 1
        self.owner[duty.id] = person
        self.load[person] += 1

    def _cost(self, duty: Duty, person: int) -> int:
        clashes = sum(self.owner.get(other) == person for other in self.apart.get(duty.id, ()))
        weight = self.weight[duty.id] * (AUTHORED if duty.id in self.judged else 1)
        return weight * distance(duty, self.people[person], self.near) // 100 + NEVER * clashes

    def _mend(self, duties: Sequence[Duty]) -> bool:
        return self._move(duties) or self._swap(duties)

    def _move(self, duties: Sequence[Duty]) -> bool:
        for duty in duties:
            now = self.owner[duty.id]
            for other in range(len(self.people)):
                gain = (
                    self._cost(duty, now) - self._cost(duty, other) + UNEVEN * (self.load[now] - self.load[other] - 1)
                )
                if other != now and gain > 0:
                    self._give(duty, other)
                    return True
        return False

    def _swap(self, duties: Sequence[Duty]) -> bool:
        for place, one in enumerate(duties):
            for other in duties[place + 1 :]:
                here, there = self.owner[one.id], self.owner[other.id]
                if here == there:
                    continue
                before = self._cost(one, here) + self._cost(other, there)
                self.owner[one.id], self.owner[other.id] = there, here
                if self._cost(one, there) + self._cost(other, here) < before:
                    return True
                self.owner[one.id], self.owner[other.id] = here, there
        return False


def _backups(duties: Sequence[Duty], people: Sequence[Person], near: Near, owners: Mapping[str, int]) -> dict[str, int]:
    """Return who stands in for each duty: never its owner, and not its author while a third person is there."""
    load = [0] * len(people)
    found: dict[str, int] = {}
    for duty in duties if len(people) > 1 else ():
        found[duty.id] = chosen = _backup(duty, _involved(duty, duties, people, owners), people, near, owners, load)
        load[chosen] += 1
    return found


def _involved(
    duty: Duty, duties: Sequence[Duty], people: Sequence[Person], owners: Mapping[str, int]
) -> Mapping[int, int]:
    """Return how near each is to the work that a duty judges: its author 3, its role 2, another judge of it 1."""
    found: dict[int, int] = {}
    for other in duties:
        if other.id in duty.apart_from:
            for place, person in enumerate(people):
                if other.role in person.roles:
                    found[place] = max(found.get(place, 0), 2)
            found[owners[other.id]] = 3
        elif other.id != duty.id and set(other.apart_from) & set(duty.apart_from):
            found[owners[other.id]] = max(found.get(owners[other.id], 0), 1)
    return found


def _backup(
    duty: Duty,
    involved: Mapping[int, int],
    people: Sequence[Person],
    near: Near,
    owners: Mapping[str, int],
    load: Sequence[int],
) -> int:
    def cost(one: int) -> tuple[int, int, int]:
        return involved.get(one, 0), distance(duty, people[one], near) + UNEVEN * load[one], one

    return min((one for one in range(len(people)) if one != owners[duty.id]), key=cost)
