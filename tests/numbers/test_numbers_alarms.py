"""Rules that count: what chance and what harm make of them, by simulation and by walking through the cohorts."""

from __future__ import annotations

import numpy
import pytest
from scipy import stats  # type: ignore[import-untyped]

from mlworkflow.numbers.alarms import DAY, cohort_rule, error_rule, poisson_at_least
from mlworkflow.numbers.validity import Infeasible, Invalid


def test_a_canary_of_twelve_requests_a_second_needs_an_hour() -> None:
    rule = error_rule(12 * 0.05 * 0.005)
    assert (rule.errors, rule.seconds) == (22, 3600)
    assert stats.poisson.sf(19, 12 * 0.05 * 900 * 0.015) < 0.01  # 20 errors in 15 minutes would never have fired


@pytest.mark.parametrize("rate", [3e-5, 3e-4, 0.003, 0.06, 4])
def test_an_error_rule_keeps_both_promises_when_it_is_simulated(rate: float) -> None:
    rule = error_rule(rate)
    dice = numpy.random.default_rng(3)
    windows = max(1, round(DAY / rule.seconds))
    quiet = dice.poisson(rate * rule.seconds, (20_000, windows)).max(1) >= rule.errors
    harm = dice.poisson(3 * rate * rule.seconds, 20_000) >= rule.errors
    assert quiet.mean() <= 0.055
    assert harm.mean() >= 0.79
    assert rule.power == pytest.approx(harm.mean(), abs=0.01)


def test_so_few_errors_that_no_fortnight_shows_them_give_no_rule() -> None:
    with pytest.raises(Infeasible, match="no count within 14 days"):
        error_rule(1e-8)


def test_no_events_are_always_there() -> None:
    assert poisson_at_least(0, 3) == 1
    assert poisson_at_least(5, 3) == pytest.approx(stats.poisson.sf(4, 3))


def test_two_cohorts_below_the_threshold_itself_would_alarm_one_time_in_four() -> None:
    rule = cohort_rule(75, 0.18, 0.11)
    assert stats.binom.cdf(13, 75, 0.18) ** 2 > 0.2  # "below 0.18" is 13 of 75 or fewer
    assert rule.limit < 13
    assert rule.false_alarm <= 0.05


@pytest.mark.parametrize(
    ("cases", "good", "bad"), [(75, 0.18, 0.11), (9, 0.45, 0.33), (1500, 0.3, 0.27), (0.4, 0.9, 0.5)]
)
def test_a_cohort_rule_keeps_its_promises_when_it_is_simulated(cases: float, good: float, bad: float) -> None:
    rule = cohort_rule(cases, good, bad)
    dice = numpy.random.default_rng(4)
    pairs = dice.binomial(rule.cases, good, (100_000, 2)) <= rule.limit
    assert pairs.all(1).mean() == pytest.approx(rule.false_alarm, abs=0.003)
    assert rule.false_alarm <= 0.05
    waits = []
    for walk in dice.binomial(rule.cases, bad, (3000, 400)) <= rule.limit:
        both = numpy.flatnonzero(walk[1:] & walk[:-1])
        waits.append(both[0] + 2 if len(both) else 400)
    assert numpy.mean(waits) * rule.pooled == pytest.approx(rule.periods, rel=0.05)


def test_a_fall_that_no_pooling_shows_still_says_how_long_it_takes() -> None:
    rule = cohort_rule(1, 0.5, 0.49)
    assert rule.periods > 10


@pytest.mark.parametrize("bad", [(0, 0.2, 0.1), (10, 0.2, 0), (10, 0, 0.1), (10, 0.1, 0.2)])
def test_impossible_cohorts_are_refused(bad: tuple[float, float, float]) -> None:
    with pytest.raises(Invalid):
        cohort_rule(*bad)
