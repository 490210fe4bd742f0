"""Counts that raise an alarm: so many errors within a time, so few right of a cohort; chance rarely, harm soon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from mlworkflow.numbers.distributions import binomial_at_least, gamma_tail, poisson_limit
from mlworkflow.numbers.validity import count, positive, probability, share

DAY = 86400.0
WINDOWS = (900.0, 1800.0, 3600.0, 7200.0, 4 * 3600.0, 8 * 3600.0, 12 * 3600.0, *(n * DAY for n in range(1, 15)))
MOST_POOLED = 60


@dataclass(frozen=True)
class ErrorRule:
    """So many errors within so many seconds, and the chance that the harm raises the alarm in one window."""

    errors: int
    seconds: float
    power: float


@cache
def error_rule(
    errors_per_second: float, times: float = 3, power: float = 0.8, alpha: float = 0.05, within: float = DAY
) -> ErrorRule | None:
    """Return the quickest count that so many times the usual errors pass; chance does once in 1/alpha such times."""
    positive("the errors a second", errors_per_second)
    positive("how many times as many errors", times)
    probability("the power", power)
    probability("alpha", alpha)
    for seconds in WINDOWS:
        usual = errors_per_second * seconds
        windows = max(1.0, within / seconds)
        errors = poisson_limit(usual, 1 - alpha / windows) + 1
        seen = poisson_at_least(errors, times * usual)
        if seen >= power:
            return ErrorRule(errors, seconds, seen)
    return None


def poisson_at_least(events: int, mean: float) -> float:
    """Return the probability of that many events or more."""
    return 1.0 if events <= 0 else 1.0 - gamma_tail(events, mean)


@dataclass(frozen=True)
class CohortRule:
    """At most so many right of so many cases in two cohorts running, with what chance and a real fall make of it."""

    pooled: int
    cases: int
    limit: int
    false_alarm: float
    seen: float

    @property
    def cohorts(self) -> float:
        """The mean number of cohorts after a fall until two running have alarmed."""
        return (1 + self.seen) / self.seen**2

    @property
    def periods(self) -> float:
        """The same in periods, of which a cohort pools several."""
        return self.pooled * self.cohorts


@cache
def cohort_rule(cases: float, good: float, bad: float, alpha: float = 0.05) -> CohortRule | None:
    """Return the rule that sees a fall from good to bad soonest; at good, two cohorts running alarm with alpha."""
    positive("the cases of a period", cases)
    share("the metric when all is well", good)
    probability("the metric after a fall", bad)
    probability("alpha", alpha)
    best = None
    for pooled in range(1, MOST_POOLED + 1):
        if best is not None and 2 * pooled >= best.periods:  # two cohorts are needed at least
            break
        found = _pooled(pooled, cases, good, bad, alpha)
        if found is not None and (best is None or found.periods < best.periods):
            best = found
    return best


def _pooled(pooled: int, cases: float, good: float, bad: float, alpha: float) -> CohortRule | None:
    held = int(pooled * cases)
    if held < 1:
        return None
    count("the cases of a cohort", held)
    limit = _limit(held, good, alpha**0.5)
    if limit < 0:
        return None
    seen = at_most(limit, held, bad)
    return CohortRule(pooled, held, limit, at_most(limit, held, good) ** 2, seen) if seen > 0 else None


def _limit(cases: int, good: float, each: float) -> int:
    """The largest count of right ones that chance undercuts or meets with at most this probability; -1 if none."""
    low, high = -1, cases
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if at_most(middle, cases, good) <= each else (low, middle - 1)
    return low


def at_most(right: int, cases: int, rate: float) -> float:
    """Return the probability of that many right ones or fewer."""
    return 1.0 - binomial_at_least(right + 1, cases, rate)
