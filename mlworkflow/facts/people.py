"""Facts about who is there: names, roles that nobody has, and how often the same person is called."""

from __future__ import annotations

from collections.abc import Sequence

from mlworkflow.facts.registry import fact
from mlworkflow.question import Entry
from mlworkflow.wording import listed

CLASSIC = {
    "product": "product owner",
    "data-scientist": "data scientist",
    "ml-engineer": "ML engineer",
    "data-engineer": "data engineer",
    "platform": "platform engineer",
}


def _present(people: tuple[Entry, ...] | None) -> list[Entry]:
    return [entry for entry in people or () if entry.value("away") is not True]


@fact("count")
def people_at_hand(team_size: float, people: tuple[Entry, ...] | None = None) -> float:
    """People who are there, named or not."""
    named = people or ()
    return max(team_size, len(named)) - len(named) + len(_present(people))


@fact("flag")
def somebody_away(people: tuple[Entry, ...] | None = None) -> bool:
    """Somebody who was named is away."""
    return len(_present(people)) < len(people or ())


@fact("text")
def away_names(people: tuple[Entry, ...] | None = None) -> str:
    """Who is away."""
    return listed([str(entry.value("name")) for entry in people or () if entry.value("away") is True])


@fact("choices", *CLASSIC)
def missing_roles(roles: tuple[str, ...] | None = None, people: tuple[Entry, ...] | None = None) -> tuple[str, ...]:
    """Classic roles that nobody has, where roles were said at all."""
    stated = [role for entry in people or () for role in entry.value("roles") or ()]
    gone = {role for entry in people or () if entry.value("away") is True for role in entry.value("roles") or ()}
    there = {role for entry in _present(people) for role in entry.value("roles") or ()}
    if not stated and not roles:
        return ()
    have = there | (set(roles or ()) - gone)
    return tuple(role for role in CLASSIC if role not in have)


@fact("text")
def missing_role_names(missing_roles: tuple[str, ...]) -> str:
    """The classic roles that nobody has, in words."""
    return listed([CLASSIC[role] for role in missing_roles])


@fact("flag")
def roles_missing(missing_roles: tuple[str, ...], team_size: float) -> bool:
    """A team of several was described, and a classic role is not in it."""
    return bool(missing_roles) and team_size > 1


@fact("count")
def people_on_rota(people_at_hand: float, people: tuple[Entry, ...] | None = None) -> float:
    """People who can be called."""
    return people_at_hand - sum(entry.value("can_be_called") is False for entry in _present(people))


@fact("text")
def release_duty(approver: str | None = None, people: tuple[Entry, ...] | None = None) -> str:
    """What the team owns of a release: the decision, or its preparation where somebody else decides."""
    names = [str(entry.value("name")) for entry in _present(people)]
    decides = approver is None or approves(approver, names) is not None
    return "Release decision" if decides else "Preparing the release decision"


def approves(approver: str, names: Sequence[str]) -> str | None:
    """Return the one of these names that an approver is, with or without a title after it."""
    plain = approver.casefold().strip()
    return next((one for one in names if plain == one.casefold() or plain.startswith(f"{one.casefold()},")), None)


@fact("flag")
def approver_named(approver: str | None = None) -> bool:
    """Somebody approves the document."""
    return approver is not None
