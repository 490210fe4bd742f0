"""Counts that raise an alarm: so many errors within a time, so few right of a cohort; chance rarely, harm soon."""

from __future__ import annotations

from collections import namedtuple
from functools import cache
from math import comb

from mlworkflow.numbers.distributions import binomial_at_least, gamma_tail, poisson_limit
from mlworkflow.numbers.validity import Infeasible, Invalid, above, count, positive, probability, share, shown

DAY = 86400.0
WINDOWS = (900.0, 1800.0, 3600.0, 7200.0, 4 * 3600.0, 8 * 3600.0, 12 * 3600.0, *(n * DAY for n in range(1, 15)))
MOST_POOLED = 60


class ErrorRule(namedtuple("ErrorRule", "errors seconds power")):  # typing is not loaded for it
    """So many errors within so many seconds, and the chance that the harm raises the alarm in one window."""

    __slots__ = ()


@cache
def error_rule(
    errors_per_second: float, times: float = 3, power: float = 0.8, alpha: float = 0.05, within: float = DAY
) -> ErrorRule:
    """Return the quickest count that so many times the usual errors pass; chance does once in 1/alpha such times."""
    positive("the errors a second", errors_per_second)
    above("how many times as many errors", times, 1)
    above("the time that holds one false alarm", within, 0)
    probability("the power", power)
    probability("alpha", alpha)
    for seconds in WINDOWS:
        usual = errors_per_second * seconds
        windows = max(1.0, within / seconds)
        errors = poisson_limit(usual, 1 - alpha / windows) + 1
        seen = poisson_at_least(errors, times * usual)
        if seen >= power:
            return ErrorRule(errors, seconds, seen)
    raise Infeasible(
        f"no count within {WINDOWS[-1] / DAY:g} days tells {shown(times)} times the usual errors from chance"
    )


def poisson_at_least(events: int, mean: float) -> float:
    """Return the probability of that many events or more."""
    return 1.0 if events <= 0 else 1.0 - gamma_tail(events, mean)


def count_onsets(requests: float, wanted: int, of: int, rate: float) -> float:
    """Return how often so many requests bring the last of them to that count by chance, at a steady rate."""
    positive("the requests", requests)
    count("the count that alarms", wanted, at_least=1)
    count("the requests counted back", of, at_least=1)
    probability("the rate", rate)
    if wanted > of:
        raise Invalid(f"{shown(wanted)} of {shown(of)} requests is more than there are")
    before = comb(of - 1, wanted - 1) * rate ** (wanted - 1) * (1 - rate) ** (of - wanted)
    return requests * rate * (1 - rate) * before


def count_that_alarms(requests: float, of: int, rate: float, at_most: float) -> int:
    """Return the smallest count among the last requests that chance reaches no more often than that."""
    above("the false alarms allowed", at_most, 0)
    count("the requests counted back", of, at_least=1)
    probability("the rate", rate)
    for wanted in range(max(2, int(of * rate) + 1), of + 1):
        if count_onsets(requests, wanted, of, rate) <= at_most:
            return wanted
    raise Infeasible("no count among the last requests means more than chance")


class CohortRule(namedtuple("CohortRule", "pooled cases limit false_alarm seen")):
    """At most so many right of so many cases in two cohorts running, with what chance and a real fall make of it."""

    __slots__ = ()

    @property
    def cohorts(self) -> float:
        """The mean number of cohorts after a fall until two running have alarmed."""
        return float((1 + self.seen) / self.seen**2)

    @property
    def periods(self) -> float:
        """The same in periods, of which a cohort pools several."""
        return float(self.pooled * self.cohorts)


@cache
def cohort_rule(cases: float, good: float, bad: float, alpha: float = 0.05) -> CohortRule:
    """Return the rule that sees a fall from good to bad soonest; at good, two cohorts running alarm with alpha."""
    positive("the cases of a period", cases)
    share("the metric when all is well", good)
    probability("the metric after a fall", bad)
    if bad >= good:
        raise Invalid(f"after a fall the metric must be lower, not {shown(bad)} where all is well at {shown(good)}")
    probability("alpha", alpha)
    best: CohortRule | None = None
    for pooled in range(1, MOST_POOLED + 1):
        if best is not None and 2 * pooled >= best.periods:  # two cohorts are needed at least
            break
        found = _pooled(pooled, cases, good, bad, alpha)
        if found is not None and (best is None or found.periods < best.periods):
            best = found
    if best is None:
        raise Infeasible("too few cases for a count of right ones that means more than chance")
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
