"""The stage map with its owners, and each change of owner as a handoff: full, partial, or a change of hat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mlworkflow.clause import Applied, Sentence
from mlworkflow.pack import Knowledge
from mlworkflow.responsibility.team import Person
from mlworkflow.role import Stage

FULL, PARTIAL, SAME = "full", "partial", "same"


@dataclass(frozen=True, slots=True)
class StageOwned:
    """A stage with its owners, as roles or names, and the people behind them."""

    stage: Stage
    name: str
    owners: tuple[str, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Handoff:
    """What crosses from one stage to the next, who gives it, who takes it."""

    clause: Applied
    giving: StageOwned
    taking: StageOwned
    kind: str

    @property
    def givers(self) -> tuple[Person, ...]:
        """Who lets go, and signs for it: those who leave, or the owners where nobody does."""
        return _only(self.giving.people, self.taking.people) or self.giving.people

    @property
    def takers(self) -> tuple[Person, ...]:
        """Who takes over, and signs for it: those who join, or the owners where nobody does."""
        return _only(self.taking.people, self.giving.people) or self.taking.people

    @property
    def artifact(self) -> Sentence:
        """What crosses: the thing itself, or, where the receivers have made it, the verdict on it."""
        made = all(one in self.giving.people for one in self.takers)
        columns = self.clause.columns
        return columns["verdict"] if made and self.kind != SAME and "verdict" in columns else columns["artifact"]


def _only(people: Sequence[Person], others: Sequence[Person]) -> tuple[Person, ...]:
    return tuple(one for one in people if one not in others)


def change(before: Iterable[str], after: Iterable[str]) -> str:
    """Return how ownership changes: full when nobody stays, partial when somebody does, same when nothing changes."""
    one, other = set(before), set(after)
    if one == other:
        return SAME
    return PARTIAL if one & other else FULL


def default_handoffs(knowledge: Knowledge) -> list[tuple[Stage, Stage, str]]:
    """Return each change of owner between the classic roles of the default map."""
    pairs = ((one, other, change(one.owners, other.owners)) for one, other in pairwise(knowledge.stages))
    return [pair for pair in pairs if pair[2] != SAME]


def stage_map(
    stages: Sequence[Stage], said: Mapping[str, Sequence[str]], people: Sequence[Person], generative: bool
) -> tuple[StageOwned, ...]:
    """Return the stages with the owners that were said, or else the usual ones, and the people behind them."""
    found = []
    for stage in stages:
        owners = tuple(said.get(stage.id, stage.owned_by(generative)))
        behind = dict.fromkeys(one for owner in owners for one in _behind(owner, people))
        found.append(StageOwned(stage, stage.called(generative), owners, tuple(behind)))
    return tuple(found)


def _behind(owner: str, people: Sequence[Person]) -> list[Person]:
    """Return the one person of that name, or the first who has the role, or who at least wears its hat."""
    for fits in (
        [one for one in people if one.named and one.name == owner],
        [one for one in people if owner in one.roles],
        [one for one in people if owner in one.hats],
    ):
        if fits:
            return fits[:1]
    return []


def handoffs(stages: Sequence[StageOwned], clauses: Sequence[Applied]) -> tuple[Handoff, ...]:
    """Return what crosses at each change of owner, and the crossings that are always shown."""
    found = []
    for giving, taking in pairwise(stages):
        clause = _between(clauses, giving.stage.id, taking.stage.id)
        if clause is None or not giving.people:
            continue
        kind = change((one.name for one in giving.people), (one.name for one in taking.people))
        if kind != SAME or "always" in clause.columns or set(giving.owners) != set(taking.owners):
            found.append(Handoff(clause, giving, taking, kind))
    return tuple(found)


def _between(clauses: Sequence[Applied], giving: str, taking: str) -> Applied | None:
    fits = (one for one in clauses if (str(one.columns["from"]), str(one.columns["to"])) == (giving, taking))
    return next(fits, None)
