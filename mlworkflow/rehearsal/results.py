"""Many runs of a scenario become one result: medians, ranges, and the change that helps most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from mlworkflow.rehearsal.changing import Change
from mlworkflow.rehearsal.event import Bus, Event
from mlworkflow.rehearsal.faults import Fault
from mlworkflow.rehearsal.incident import NOTICED, Outcome, run
from mlworkflow.rehearsal.monitors import chance_alarms
from mlworkflow.rehearsal.plan import Plan

DAY = 86400.0
RUNS = 21
# As many of the same runs are compared where an answer is changed.
COMPARED = 11
# What moves less than a tenth is no improvement.
WORTH = 0.1
FAR = float("inf")


@dataclass(frozen=True, slots=True)
class Spread:
    """A median with the range that holds nine runs of ten; none where it does not happen."""

    median: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Better:
    """The one changed answer that improves a scenario most: what moves, from where to where."""

    says: str
    measure: str
    before: float | None
    after: float | None

    @property
    def gain(self) -> float:
        """The share by which it falls."""
        if self.before is None:
            return 1.0
        return 0.0 if not self.before or self.after is None else 1 - self.after / self.before


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
        _best(fault, outcomes, seed, days, changes),
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

MEASURES = ("harm", "affected", "mended", "noticed")


def _best(
    fault: Fault, outcomes: Sequence[Outcome], seed: int, days: float, changes: Sequence[Change]
) -> Better | None:
    measure, before = _measured(outcomes[:COMPARED], days)
    found = []
    for change in changes:
        if fault.spares(change.plan):
            continue
        after = _mean(_runs(change.plan, fault, seed, days, COMPARED), measure, days)
        found.append(Better(change.says, measure, before, after))
    best = max(found, key=lambda one: one.gain, default=None)
    return best if best is not None and best.gain >= WORTH else None


def _measured(outcomes: Sequence[Outcome], days: float) -> tuple[str, float]:
    """What counts for a scenario: what it costs; where that is nothing, how long until it is mended."""
    for measure in ("harm", "mended"):
        value = _mean(outcomes, measure, days)
        if value > 0:
            return measure, value
    return "noticed", _mean(outcomes, "noticed", days)


def _mean(outcomes: Sequence[Outcome], measure: str, days: float) -> float:
    values = [getattr(one, measure) for one in outcomes]
    return fmean(days * DAY if one is None else one for one in values)


def share_noticed(result: Result) -> float:
    """Return the share of the runs in which a monitor rang."""
    return sum(one.ended == NOTICED for one in result.outcomes) / len(result.outcomes)
