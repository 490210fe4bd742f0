"""Many runs of a scenario become one result: medians, ranges, and the change that helps most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from mlworkflow.rehearsal.changing import Change
from mlworkflow.rehearsal.event import Bus, Event
from mlworkflow.rehearsal.faults import Fault
from mlworkflow.rehearsal.incident import NOTICED, Outcome, run
from mlworkflow.rehearsal.monitors import chance_alarms
from mlworkflow.rehearsal.plan import Plan

DAY = 86400.0
RUNS = 21
# As many of the same runs rank the changed answers, and so many of them are measured in full.
COMPARED = 11
HEAD = 3
# What moves less than a tenth is no improvement, nor is a small sum, a few decisions or a few minutes.
WORTH = 0.1
LEAST = {"harm": 100.0, "affected": 10.0, "mended": 600.0, "noticed": 600.0}
FAR = float("inf")


@dataclass(frozen=True, slots=True)
class Spread:
    """A median with the range that holds nine runs of ten; none where it does not happen."""

    median: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Better:
    """The one changed answer that improves a scenario most: which median moves, from where to where."""

    says: str
    measure: str
    before: float
    after: float
    answer: str

    @property
    def gain(self) -> float:
        """The share by which it falls."""
        return 1 - self.after / self.before if self.before else 0.0

    @property
    def counts(self) -> bool:
        """Whether it moves enough to be worth a word."""
        return self.gain >= WORTH and self.before - self.after >= LEAST[self.measure]


@dataclass(frozen=True, slots=True)
class Result:
    """What a scenario comes to for one design."""

    fault: Fault
    happens: str
    outcomes: tuple[Outcome, ...]
    noticed: Spread
    acted: Spread
    mended: Spread
    harm: Spread
    affected: Spread
    typical: int
    events: tuple[Event, ...]
    by_chance: float
    better: Better | None
    # What helps as much and nobody can decide: a fact of the world.
    depends: Better | None

    @property
    def outcome(self) -> Outcome:
        """The run in the middle."""
        return self.outcomes[self.typical]


def rehearse(
    plan: Plan,
    fault: Fault,
    seed: int,
    days: float,
    changes: Sequence[Change] = (),
    start: int = 0,
    offset: float = 0.0,
) -> Result:
    """Return what a fault does to a design, over many runs, and which change would help most."""
    outcomes = _runs(plan, fault, seed, days)
    measure = _measure_of(plan, outcomes, days)
    levers, given = ([one for one in changes if one.given is flag] for flag in (False, True))
    typical = _typical(outcomes)
    bus = Bus(start, offset)
    run(plan, fault, seed, typical, days, bus)
    events = sorted(bus.events, key=lambda one: (one.time, one.sequence))
    return Result(
        fault,
        fault.happens(plan),
        outcomes,
        _spread([one.noticed for one in outcomes]),
        _spread([one.acted for one in outcomes]),
        _spread([one.mended for one in outcomes]),
        _spread([one.harm for one in outcomes]),
        _spread([one.affected for one in outcomes]),
        typical,
        tuple(renumbered(events, start)),
        _by_chance(outcomes[typical], seed),
        _best(fault, outcomes, measure, seed, days, levers),
        _best(fault, outcomes, measure, seed, days, given),
    )


def _by_chance(outcome: Outcome, seed: int) -> float:
    """How often a month the monitor that noticed it rings with nothing wrong; a gate of a release rings once."""
    monitor = outcome.monitor
    if monitor is None or monitor.id.startswith(("gate-", "back-", "alert-service", "alert-consumer", "alert-queue")):
        return 0.0
    return chance_alarms(monitor, seed)


def renumbered(events: Sequence[Event], start: int) -> list[Event]:
    """Return events numbered in the order of their time."""
    from dataclasses import replace

    return [replace(one, sequence=start + place + 1) for place, one in enumerate(events)]


def _runs(plan: Plan, fault: Fault, seed: int, days: float, count: int = RUNS) -> tuple[Outcome, ...]:
    return tuple(run(plan, fault, seed, number, days, Bus()) for number in range(count))


def _typical(outcomes: Sequence[Outcome]) -> int:
    """The place of the run that stands in the middle by when it is noticed, then by what it costs."""
    ranked = sorted(range(len(outcomes)), key=lambda one: (_or_far(outcomes[one].noticed), outcomes[one].harm))
    return ranked[len(ranked) // 2]


def _or_far(value: float | None) -> float:
    return FAR if value is None else value


def _spread(values: Sequence[float | None]) -> Spread:
    ranked = sorted(_or_far(one) for one in values)
    picked = [ranked[round(share * (len(ranked) - 1))] for share in (0.5, 0.05, 0.95)]
    return Spread(*(None if one == FAR else one for one in picked))


# ------------------------------------------------------------------ what would help


def _best(
    fault: Fault, outcomes: Sequence[Outcome], measure: str, seed: int, days: float, changes: Sequence[Change]
) -> Better | None:
    """The change after which the median falls most; few runs rank them, all runs measure those at the head."""
    few = _median(outcomes[:COMPARED], measure, days)
    if not few and not _median(outcomes, measure, days):
        return None
    ranked: list[tuple[float, int, Change]] = []
    for change in changes:
        if not fault.spares(change.plan):
            after = _median(_runs(change.plan, fault, seed, days, COMPARED), measure, days)
            ranked.append((after, len(ranked), change))
    for after, _, change in sorted(ranked)[:HEAD]:
        if after > (1 - WORTH / 2) * few:
            break
        found = Better(
            change.says, measure, _median(outcomes, measure, days),
            _median(_runs(change.plan, fault, seed, days), measure, days), change.answer,
        )  # fmt: skip
        if found.counts:
            return found
    return None


def _measure_of(plan: Plan, outcomes: Sequence[Outcome], days: float) -> str:
    """What counts for a scenario: what it costs; where that is nothing or not counted, how long until it is mended."""
    if plan.stakes.counted and _median(outcomes, "harm", days) > 0:
        return "harm" if plan.stakes.in_money else "affected"
    return "mended" if _median(outcomes, "mended", days) > 0 else "noticed"


def _median(outcomes: Sequence[Outcome], measure: str, days: float) -> float:
    """The median over runs; what does not happen lasts as long as anybody watches."""
    values = [getattr(one, measure) for one in outcomes]
    return float(median(days * DAY if one is None else one for one in values))


def share_noticed(result: Result) -> float:
    """Return the share of the runs in which a monitor rang."""
    return sum(one.ended == NOTICED for one in result.outcomes) / len(result.outcomes)
