"""A decision, its rows, and how rows come to a verdict: strike out, prefer in order, take the simplest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mlworkflow.clause import Sentence


@dataclass(frozen=True, slots=True)
class Option:
    """One way to settle a decision."""

    id: str
    means: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One reason: a condition, the option that it speaks of, and a sentence."""

    id: str
    because: str
    when: str = ""
    option: str | tuple[str, ...] = ()
    weak: bool = False
    pack: str = ""
    tree: list[Any] | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The options that the row speaks of; none means each, as its condition says."""
        return (self.option,) if isinstance(self.option, str) else self.option

    def speaks_of(self, option: str) -> bool:
        """Whether the row is about this option."""
        return not self.options or option in self.options


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that the design must settle by choosing exactly one option."""

    id: str
    asks: str
    title: str
    section: str
    options: tuple[Option, ...] = ()
    candidates: str = ""
    for_each: str = ""
    when: str = ""
    otherwise: str = ""
    rules_out: tuple[Row, ...] = ()
    prefers: tuple[Row, ...] = ()
    drops: tuple[str, ...] = ()
    replaces: bool = False
    simplest: str = ""
    pack: str = ""
    tree: list[Any] | None = None

    @property
    def name(self) -> str:
        """How rows and sentences read the decision."""
        return self.id.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Because:
    """A row that decided something, with its sentence filled in."""

    row: str
    says: Sentence
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """An option that was not chosen, and every row that struck it (or the one that beat it)."""

    option: str
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Overruled:
    """What a person decided against the rows."""

    instead_of: str | None
    reason: str
    warnings: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True)
class Flip:
    """One answer that, changed to this value, would change the choice."""

    answer: str
    value: Any
    choice: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a decision came to, and why."""

    decision: Decision
    subject: str
    chosen: str | None
    because: tuple[Because, ...]
    lost: tuple[Lost, ...]
    read: tuple[str, ...] = ()
    flips: tuple[Flip, ...] = ()
    overruled: Overruled | None = None
    applies: bool = True

    @property
    def id(self) -> str:
        """The decision's id, with the subject where it is judged for each."""
        return f"{self.decision.id}[{self.subject}]" if self.subject else self.decision.id

    @property
    def conflict(self) -> bool:
        """Whether the rows left nothing standing."""
        return self.applies and self.chosen is None


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows of a decision sorted by the options that they can touch; conditions are numbered, -1 always holds."""

    options: tuple[str, ...]
    strikes: Mapping[str, tuple[tuple[int, int], ...]]
    likes: tuple[Mapping[str, int], ...]


Holds = Callable[[int], bool]
Says = Callable[[Row, str], Sentence]


def judge(decision: Decision, plan: Plan, holds: Holds, says: Says) -> Verdict:
    """Return the verdict: exactly one option, or none with every reason."""
    struck = {option: _struck(decision, plan, option, holds, says) for option in plan.options}
    standing = [option for option in plan.options if not struck[option]]
    fallen = {option: reasons for option, reasons in struck.items() if reasons}
    sieves: list[tuple[Row, list[str]]] = []
    for row, liking in zip(decision.prefers, plan.likes, strict=True):
        if len(standing) < 2:
            break
        liked = [option for option in standing if option in liking and _true(liking[option], holds)]
        if liked and len(liked) < len(standing):
            sieves.append((row, [option for option in standing if option not in liked]))
            standing = liked
    chosen = standing[0] if standing else None
    reasons: list[Because] = []
    for row, left in sieves:  # what is said names the winner, even where the row held for others as well
        because = Because(row.id, says(row, chosen or ""), row.weak)
        fallen |= dict.fromkeys(left, (because,))
        reasons.append(because)
    simplest = Because("simplest", Sentence(decision.simplest or SIMPLEST))
    fallen |= dict.fromkeys(standing[1:], (simplest,))
    if chosen is not None and not any(not reason.weak for reason in reasons):
        reasons.append(_plain_reason(decision, plan, chosen, struck, holds, says, simplest))
    reasons.sort(key=lambda reason: reason.weak)
    lost = tuple(Lost(option, fallen[option]) for option in plan.options if option != chosen)
    return Verdict(decision, "", chosen, tuple(reasons), lost)


SIMPLEST = "nothing in the answers asks for more than the simplest option that is left"


def choice(plan: Plan, holds: Holds) -> str | None:
    """Return what `judge` chooses, without saying why."""
    strikes = plan.strikes
    standing = [one for one in plan.options if not any(test < 0 or holds(test) for _, test in strikes[one])]
    for liking in plan.likes:
        if len(standing) < 2:
            break
        standing = [option for option in standing if option in liking and _true(liking[option], holds)] or standing
    return standing[0] if standing else None


def _true(condition: int, holds: Holds) -> bool:
    return condition < 0 or holds(condition)


def _struck(decision: Decision, plan: Plan, option: str, holds: Holds, says: Says) -> tuple[Because, ...]:
    return tuple(
        Because(decision.rules_out[row].id, says(decision.rules_out[row], option), decision.rules_out[row].weak)
        for row, condition in plan.strikes[option]
        if _true(condition, holds)
    )


def _plain_reason(
    decision: Decision,
    plan: Plan,
    chosen: str,
    struck: Mapping[str, tuple[Because, ...]],
    holds: Holds,
    says: Says,
    simplest: Because,
) -> Because:
    """Why this one, where no preference decided: a row that speaks for it all the same, or what struck the others."""
    for row, liking in zip(decision.prefers, plan.likes, strict=True):
        if not row.weak and chosen in liking and _true(liking[chosen], holds):
            return Because(row.id, says(row, chosen))
    place = plan.options.index(chosen)
    simpler = _telling(struck[option] for option in plan.options[:place])
    beyond = plan.options[place + 1 :]
    if decision.candidates:
        return simplest
    if _only_one_left(plan, chosen, struck):
        return Because("only-one-left", Sentence(ONLY))
    if simpler:
        return simpler[0]
    others = _telling(struck[option] for option in beyond)
    return others[0] if others and all(struck[option] for option in beyond) else simplest


ONLY = "it is the only one that fits"


def _only_one_left(plan: Plan, chosen: str, struck: Mapping[str, tuple[Because, ...]]) -> bool:
    """Whether the others all fell, for so many reasons that none of them says why this one stands."""
    others = [struck[option] for option in plan.options if option != chosen]
    if not all(others):
        return False
    rows = [reasons[0].row for reasons in others]
    return len(set(rows)) > 3 and max(rows.count(row) for row in rows) < len(rows) / 2


def _telling(struck: Iterable[tuple[Because, ...]]) -> list[Because]:
    """The first reason of each struck option that says more than that the option belongs elsewhere."""
    first = (next((reason for reason in reasons if not reason.weak), None) for reasons in struck)
    return [reason for reason in first if reason is not None]


def overrule(verdict: Verdict, option: str, reason: str) -> Verdict:
    """Return the verdict that a person wants, with what the rows say against it."""
    warnings = next((lost.because for lost in verdict.lost if lost.option == option), ())
    kept = tuple(lost for lost in verdict.lost if lost.option != option)
    if verdict.chosen is not None and verdict.chosen != option:
        kept = (Lost(verdict.chosen, (Because("overruled", Sentence("a person decided otherwise")),)), *kept)
    overruled = Overruled(verdict.chosen, reason, warnings)
    return replace(verdict, chosen=option, lost=kept, overruled=overruled)


def by_id(verdicts: Sequence[Verdict]) -> Mapping[str, Verdict]:
    """Return the verdicts by their ids."""
    return {verdict.id: verdict for verdict in verdicts}
