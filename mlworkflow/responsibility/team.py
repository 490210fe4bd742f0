"""The people at hand, named or not, and the hats that each of them wears so that every classic role is worn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

Near = Mapping[str, Sequence[str]]

# Who comes twice where more people are there than roles, in this order; one product owner decides.
# A role's second person is the last that a list of duties can still make use of.
TWICE_FIRST = ("ml-engineer", "data-scientist", "data-engineer", "platform")
# How all five roles are shared where nobody said anything: what is done in one train of thought stays together.
_SHARED: dict[int, tuple[tuple[str, ...], ...]] = {
    2: (("product", "data-engineer", "platform"), ("data-scientist", "ml-engineer")),
    3: (("product",), ("data-scientist", "ml-engineer"), ("data-engineer", "platform")),
    4: (("product",), ("data-scientist",), ("ml-engineer",), ("data-engineer", "platform")),
}
# Whoever writes prompts is no judge of them, so the golden set goes to product.
_SHARED_FOR_LANGUAGE_MODELS = {
    **_SHARED,
    3: (("product", "data-scientist"), ("ml-engineer",), ("data-engineer", "platform")),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is there: by name, or as the seat that the answers speak of."""

    name: str
    roles: tuple[str, ...] = ()
    hats: tuple[str, ...] = ()
    named: bool = False
    can_be_called: bool = True

    @property
    def stands_in(self) -> tuple[str, ...]:
        """The hats that are not a role of this person."""
        return tuple(hat for hat in self.hats if hat not in self.roles) if self.roles else ()


def seated(
    size: int,
    roles: Sequence[str],
    named: Sequence[Person],
    near: Near,
    generative: bool = False,
    away: int = 0,
) -> tuple[Person, ...]:
    """Return everyone who is there, each with hats, so that each classic role is worn where anybody is there at all."""
    classic = tuple(near)
    spare = min(max(size - len(named) - away, 0), len(classic) + len(TWICE_FIRST))
    people = [*named, *(Person("") for _ in range(spare))]
    if not people:
        return ()
    people = _with_stated_roles(people, roles, classic)
    people = [replace(one, hats=one.roles) for one in people]
    people = _with_free_hands(people, classic, generative)
    for role in classic:
        people = _with_stand_in(people, role, near)
    return tuple(_called(people, classic))


def _with_stated_roles(people: list[Person], roles: Sequence[str], classic: Sequence[str]) -> list[Person]:
    """Seats without a name take the roles that were said and that no named person has, then each a second time."""
    taken = {role for one in people for role in one.roles}
    wanted = [role for role in classic if role in roles and role not in taken]
    if set(roles) == set(classic):
        wanted += [role for role in TWICE_FIRST if role not in taken]
    free = [index for index, one in enumerate(people) if not one.named]
    for index, role in zip(free, wanted, strict=False):
        people[index] = replace(people[index], roles=(role,))
    return people


def _with_free_hands(people: list[Person], classic: Sequence[str], generative: bool) -> list[Person]:
    """Whoever has no role yet takes what is left, and where nothing is left, a role that one person wears alone."""
    free = [index for index, one in enumerate(people) if not one.hats]
    worn = {hat for one in people for hat in one.hats}
    bundles = _bundles([role for role in classic if role not in worn], len(free), generative)
    second = [(role,) for role in TWICE_FIRST]
    for place, index in enumerate(free):
        extra = second[(place - len(bundles)) % len(second)]
        people[index] = replace(people[index], hats=bundles[place] if place < len(bundles) else extra)
    return people


def _bundles(roles: Sequence[str], count: int, generative: bool) -> list[tuple[str, ...]]:
    if not roles or not count:
        return []
    shared = (_SHARED_FOR_LANGUAGE_MODELS if generative else _SHARED).get(count)
    if shared and len(roles) == sum(map(len, shared)):
        return list(shared)
    count = min(count, len(roles))
    cuts = [round(step * len(roles) / count) for step in range(count + 1)]
    return [tuple(roles[low:high]) for low, high in pairwise(cuts)]


def _with_stand_in(people: list[Person], role: str, near: Near) -> list[Person]:
    """A role that nobody wears goes to the one who is nearest to it and wears the fewest hats."""
    if any(role in one.hats for one in people):
        return people

    def distance(index: int) -> tuple[int, int, int]:
        hats = people[index].hats
        rank = next((rank for rank, one in enumerate(near[role]) if one in hats), len(near))
        return rank, len(hats), index

    chosen = min(range(len(people)), key=distance)
    people[chosen] = replace(people[chosen], hats=(*people[chosen].hats, role))
    return people


def _called(people: list[Person], classic: Sequence[str]) -> list[Person]:
    """Give each seat without a name something to be called by: its role, or its number."""
    seen: dict[str, int] = {}
    found = []
    for number, one in enumerate(people, 1):
        name = one.name
        if not one.named and len(people) == 1:
            name = "the one person"
        elif not one.named and one.roles:
            seen[one.roles[0]] = seen.get(one.roles[0], 0) + 1
            name = f"{'second ' if seen[one.roles[0]] > 1 else ''}{SEATS[one.roles[0]]}"
        elif not one.named:
            name = f"person {number}"
        found.append(replace(one, name=name, hats=tuple(role for role in classic if role in one.hats)))
    return found


SEATS = {
    "product": "product owner",
    "data-scientist": "data scientist",
    "ml-engineer": "ML engineer",
    "data-engineer": "data engineer",
    "platform": "platform engineer",
}
