"""Who does what: stages of the lifecycle, classic roles of a team, and personas, each one narrow hat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

PHASES = {
    "morning": "Morning: data and features",
    "midday": "Midday: training and experiments",
    "afternoon": "Afternoon: optimisation and operations",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One station of the lifecycle, with the classic roles that own it by default."""

    id: str
    name: str
    owners: tuple[str, ...]
    for_language_models: str = ""
    owners_for_language_models: tuple[str, ...] = ()

    def owned_by(self, generative: bool) -> tuple[str, ...]:
        """Return who owns it by default in a design of that kind."""
        return self.owners_for_language_models or self.owners if generative else self.owners

    def called(self, generative: bool) -> str:
        """Return what the stage is called in a design of that kind."""
        return self.for_language_models or self.name if generative else self.name


@dataclass(frozen=True, slots=True)
class Role:
    """A hat that somebody wears: a persona of the lifecycle, or a classic role of a team."""

    id: str
    name: str
    does: str
    set: Literal["lifecycle", "classic"] = "lifecycle"
    aliases: tuple[str, ...] = ()
    phase: Literal["", "morning", "midday", "afternoon"] = ""
    category: str = ""
    stage: str = ""
    wears: str = ""
    near: tuple[str, ...] = ()
    near_for_language_models: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    gate: str = ""
    hands_to: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    note: str = ""
    pack: str = ""

    def nearest(self, generative: bool) -> tuple[str, ...]:
        """Return who stands in first where nobody has the role."""
        return self.near_for_language_models or self.near if generative else self.near

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way to name it, lower case."""
        return tuple(one.lower() for one in (self.id, self.name, *self.aliases))


def named_role(roles: Iterable[Role], name: str) -> Role | None:
    """Return the role of that id, name or alias."""
    wanted = _plain(name)
    return next((role for role in roles if wanted in map(_plain, role.spellings)), None)


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").replace("-", " ").split())


def owners(text: str, classic: Iterable[Role]) -> tuple[str, ...]:
    """Return the owners that a text names, joined by +: ids of classic roles, or names of people as they stand."""
    known = tuple(classic)
    parts = [part.strip() for part in text.split("+") if part.strip()]
    return tuple(role.id if (role := named_role(known, part)) else part for part in parts)
