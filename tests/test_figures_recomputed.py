"""Every number of the example documents, worked out a second time by another route: solvers, simulation, plain sums."""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
from scipy import optimize, stats  # type: ignore[import-untyped]

from mlworkflow.cli.explain import _designed
from mlworkflow.designing import Spec
from mlworkflow.figures import FIGURES
from tests import helpers

EXAMPLES = sorted(path.parent.name for path in (helpers.ROOT / "examples").glob("*/answers.toml"))
DAY = 86400
# What a month costs is worked out a second time, with its prices, in tests/test_cost.py.
FIGURED = [name for name, figure in FIGURES.items() if figure.function.__module__ != "mlworkflow.figures.cost"]
Value = Callable[[str], Any]


def designed(name: str) -> Spec:
    return _designed(str(Path(helpers.ROOT, "examples", name, "answers.toml")), [], [])


def plain(value: Any) -> Any:
    """Money and effects as the number that they hold."""
    return getattr(value, "amount", value)


# ------------------------------------------------------------------ what mistakes cost: count a million decisions


def confusion(v: Value, recall: float, false_alarms: float) -> float:
    cases = 1_000_000
    positives = cases * v("prevalence")
    missed, wrong = positives - positives * recall, (cases - positives) * false_alarms
    return float((missed * v("cost_missed") + wrong * v("cost_false_alarm")) * 1000 / cases)


def indifferent(v: Value) -> float:
    """The probability at which acting and not acting cost the same."""

    def gain(p: float) -> float:
        return float(p * v("cost_missed") - (1 - p) * v("cost_false_alarm"))

    return float(optimize.brentq(gain, 0, 1))


def at_the_threshold(v: Value) -> float:
    """Fill the capacity with the wanted precision or recall, and count what is missed and what is stopped in vain."""
    people, places = v("population"), for_the_model(v) if v("deciding_metric") == "recall" else v("action_capacity")
    share = people * v("prevalence") if v("deciding_metric") == "recall" else places
    found = share * v("success_threshold")
    missed = people * v("prevalence") - found
    return float(1000 / people * (missed * v("cost_missed") + (places - found) * v("cost_false_alarm")))


def at_capacity(v: Value) -> tuple[float, float]:
    """Recall and false-alarm rate of a capacity that is filled with the wanted precision."""
    found, people = v("action_capacity") * v("success_threshold"), v("population")
    positives = people * v("prevalence")
    return found / positives, (v("action_capacity") - found) / (people - positives)


def saving(v: Value, recall: float, false_alarms: float) -> float:
    """The share of saved cases at which acting costs what never acting costs; an act in vain is a false alarm."""

    def gain(share: float) -> float:
        found, alarms = v("prevalence") * recall, (1 - v("prevalence")) * false_alarms
        return float(found * share * v("cost_missed") - (alarms + found * (1 - share)) * v("cost_false_alarm"))

    return float(optimize.brentq(gain, 0, 10))


def alarms_right(v: Value) -> float:
    positives = v("prevalence") * v("baseline_recall")
    negatives = (1 - v("prevalence")) * v("baseline_false_alarm_rate")
    return float(positives / (positives + negatives))


def for_the_model(v: Value) -> float:
    """The places that random and planted reviews leave, where those who review are those who act."""
    same = v("label_scope") == "reviewed" and v("reviews_per_day") == v("action_capacity")
    aside = round(v("reviews_per_day") / 20) + round(v("reviews_per_day") / 50) if same else 0
    return float(v("action_capacity") - aside)


def false_alarms_left(v: Value) -> float:
    def used(rate: float) -> float:
        people, share = v("population"), v("prevalence")
        return float(people * share * v("success_threshold") + people * (1 - share) * rate - for_the_model(v))

    return float(optimize.brentq(used, 0, 1))


def positives(v: Value) -> float:
    return float(v("population") * v("prevalence"))


def each_costs(v: Value) -> float:
    return confusion(v, v("baseline_recall"), v("baseline_false_alarm_rate")) / 1000


def flagged_share(v: Value, rate: float | None = None) -> float:
    false_alarms = v("baseline_false_alarm_rate") if rate is None else rate
    return float(v("prevalence") * v("baseline_recall") + (1 - v("prevalence")) * false_alarms)


def let_pass(v: Value) -> float:
    """One in a hundred of those stopped goes through: the right ones cost a miss, the wrong ones save a false alarm."""
    passed = v("action_capacity") / 100
    right = passed * v("success_threshold")
    return float(right * v("cost_missed") - (passed - right) * v("cost_false_alarm"))


def precision_interval(v: Value) -> float:
    return float(1.96 * stats.bernoulli(v("success_threshold")).std() / math.sqrt(v("action_capacity")))


# ------------------------------------------------------------------ sizes: solve the power function


def rates_power(before: float, change: float, n: float) -> float:
    """The chance that the pooled test of two rates at 5 % sees the change with n units an arm."""
    after = before + change
    pooled = (before + after) / 2
    null = math.sqrt(2 * pooled * (1 - pooled) / n)
    real = math.sqrt((before * (1 - before) + after * (1 - after)) / n)
    return float(stats.norm.sf((stats.norm.ppf(0.975) * null - abs(change)) / real))


def means_power(sd: float, change: float, n: float) -> float:
    """The chance that a test of two means at 5 % sees the change with n units an arm."""
    return float(stats.norm.sf(stats.norm.ppf(0.975) - abs(change) / (sd * math.sqrt(2 / n))))


def power(v: Value, change: float, n: float) -> float:
    if v("primary_metric_kind") == "rate":
        return rates_power(v("primary_baseline"), change, n)
    return means_power(v("primary_sd"), change, n)


def per_arm(v: Value) -> int:
    change = change_wanted(v)
    return math.ceil(float(optimize.brentq(lambda n: power(v, change, n) - 0.8, 2, 1e9)))


def change_wanted(v: Value) -> float:
    effect = v("minimum_effect")
    return float(v("primary_baseline") * effect.size if effect.relative else effect.size)


def whole_experiment(v: Value) -> int:
    """The fewest units whose arms, or cells, each show with 80 % what they are compared for."""
    share, arm, among = v("treatment_share") or 0.5, per_arm(v), per_list(v) if v("holds_out") else 0

    def spare(units: float) -> float:
        if not among:
            # Two unequal arms have the variance of two equal ones of their harmonic mean.
            return 2 / (1 / (units * share) + 1 / (units * (1 - share))) - arm
        ours, theirs = units * share / 2, units * (1 - share) / 2  # half of each list is not acted on
        return min(ours - arm, 2 / (1 / ours + 1 / theirs) - among)

    return math.ceil(float(optimize.brentq(spare, 1, 1e10)) - 1e-3)


def per_list(v: Value) -> int:
    """Untouched picks a list with which the test of two rates tells today's precision from the wanted one."""
    today, wanted = v("baseline_value"), v("success_threshold")
    return math.ceil(float(optimize.brentq(lambda n: rates_power(today, wanted - today, n) - 0.8, 2, 1e9)))


def gap(v: Value, weeks: float | None = None) -> float:
    """The difference of two differences that the four cells show with 80 %."""
    n, p = v("eligible_per_day") * 7 * (weeks or v("max_weeks")), v("primary_baseline")
    share = v("treatment_share") or 0.5
    error = math.sqrt(sum(p * (1 - p) / (n * part / 2) for part in (share, share, 1 - share, 1 - share)))
    return float(optimize.brentq(lambda d: stats.norm.sf(stats.norm.ppf(0.975) - d / error) - 0.8, 1e-6, 1))


def weeks(v: Value) -> int:
    days = next(day for day in itertools.count(1) if day * v("eligible_per_day") >= whole_experiment(v))
    return max(2, math.ceil(days / 7))


def wait(v: Value) -> float:
    """The last unit's last event, and then its label, if labels take longer than the window lasts."""
    mature = max(v("label_delay_p95") or v("label_delay") or 0, v("horizon") or 0)
    window = v("outcome_window") or 0
    return float(window + mature if 0 < window < (v("horizon") or 0) else max(mature, window))


def smallest_effect(v: Value) -> float:
    share = v("treatment_share") or 0.5
    part = share / 2 if v("holds_out") else 2 * share * (1 - share)
    n, sign = v("eligible_per_day") * 7 * v("max_weeks") * part, math.copysign(1, v("minimum_effect").size)
    room = v("primary_baseline") if sign < 0 or v("primary_metric_kind") != "rate" else 1 - v("primary_baseline")
    return float(optimize.brentq(lambda change: power(v, sign * change, n) - 0.8, 1e-9, room * 0.9999))


COUNTS = {"weld-inspection": (141, 164), "churn": (33, 300), "support-assistant": (53, 120)}


def counted(v: Value) -> tuple[float, float]:
    """The rates at which the count behind the baseline lies 1.96 errors off: the interval of Wilson, by a solver."""
    right, cases = next(one for one in COUNTS.values() if str(one[1]) in v("baseline_measured"))

    def off(rate: float) -> float:
        return float(abs(right / cases - rate) - stats.norm.ppf(0.975) * math.sqrt(rate * (1 - rate) / cases))

    seen = right / cases
    return float(optimize.brentq(off, 1e-9, seen)), float(optimize.brentq(off, seen, 1 - 1e-9))


def too_old(v: Value) -> float:
    """Hours of a working day until a queue cannot be caught up in the next, or chance no longer explains them."""
    spare = v("reviews_per_day") - DAY * v("mean_load") * flagged_share(v) - (v("set_aside_reviews") or 0)
    chance = stats.expon(scale=1 / spare).isf(0.05)
    caught_up = spare / (v("reviews_per_day") - spare)
    return float(min(8, max(1, 8 * caught_up, 8 * chance)) * 3600)


def pairs(v: Value, old: float = 0.0) -> int:
    """Positive cases for which a paired test at 5 % has 80 % power: both judge independently."""
    new, old = v("success_threshold"), old or v("baseline_recall")
    only_new, only_old = new * (1 - old), old * (1 - new)

    def seen(n: float) -> float:
        null = math.sqrt(n * (only_new + only_old))
        real = math.sqrt(n * (only_new + only_old - (only_new - only_old) ** 2))
        return float(stats.norm.sf((stats.norm.ppf(0.975) * null - n * (only_new - only_old)) / real) - 0.8)

    return math.ceil(float(optimize.brentq(seen, 1, 1e7)))


def period_of_a_fold(v: Value) -> float:
    """Add weeks until ten positive cases (or 300 numbers) stand in the period; a sixth of the history is the most."""
    late = max(v("label_delay_p95") or v("label_delay") or 0, v("horizon") or 0) >= 7 * DAY
    wanted, there = (300, v("rows")) if v("problem_type") == "regression" else (10, v("labelled_positives"))
    least = (30 if late else 7) * DAY
    if not there or not v("history"):
        return float(least)
    weeks_needed = next(n for n in itertools.count(1) if there * 7 * DAY * n >= wanted * v("history"))
    return float(max(least, min(weeks_needed * 7 * DAY, math.floor(v("history") / 6 / DAY) * DAY)))


# ------------------------------------------------------------------ serving: simulate the queue


@functools.cache
def p99_of(workers: int, rate: float, service: float) -> float:
    """The p99 of 100,000 simulated requests, lognormal work with a squared coefficient of variation of 0.25."""
    dice = numpy.random.default_rng(11)
    number = 100_000
    arrivals = numpy.cumsum(dice.exponential(1 / rate, number))
    sigma = math.sqrt(math.log(1.25))
    work = dice.lognormal(math.log(service) - sigma**2 / 2, sigma, number)
    free = [0.0] * workers
    stays = numpy.empty(number)
    for index in range(number):
        first = min(range(workers), key=free.__getitem__)
        free[first] = max(arrivals[index], free[first]) + work[index]
        stays[index] = free[first] - arrivals[index]
    return float(numpy.quantile(stays, 0.99))


def model_part(v: Value) -> float:
    """Two fifths of the time for a request that somebody waits for; in a stream what its event leaves of it."""
    return 0.4 if "real-time" in v("mode_ids") else 1 - (v("event_age") or 0) / v("latency_p99")


def workers(v: Value) -> int:
    """The fewest that keep the promise in the simulation and are busy for at most 70 % of the time."""
    load = v("peak_load") * v("service_time")
    return next(
        n
        for n in itertools.count(1)
        if load / n <= 0.7 and p99_of(n, v("peak_load"), v("service_time")) <= v("latency_p99") * model_part(v)
    )


def surviving(v: Value) -> int:
    """The fewest machines, spread evenly over three zones, of which enough are left when one zone is lost."""
    needed = workers(v)
    if v("cloud") == "on-prem":
        return needed + 1
    return next(3 * each for each in itertools.count(1) if 2 * each >= needed)


# ------------------------------------------------------------------ monitoring


def rows_for_psi(v: Value) -> int:
    """Two windows of n rows: PSI is near chi-square with 9 degrees of freedom, times 2 / n."""
    return math.ceil(float(optimize.brentq(lambda n: stats.chi2.isf(0.05, 9) * 2 / n - 0.1, 10, 1e6)))


def window(v: Value) -> float:
    per_day = (v("mean_load") or 0) * DAY or v("rows_per_run")
    days = math.ceil(rows_for_psi(v) / per_day)
    return float(DAY if days <= 1 else 7 * DAY * math.ceil(days / 7))


def level(v: Value) -> float:
    return float(min(0.05, v("false_alarms_per_month") / (v("monitored_feature_count") * 30 * DAY / window(v))))


def psi_limit(v: Value) -> float:
    rows = ((v("mean_load") or 0) * DAY or v("rows_per_run")) * window(v) / DAY
    return float(max(0.1, stats.chi2.isf(level(v), 9) * (1 / rows + 1 / reference(v))))


def reference(v: Value) -> float:
    """The rows of four weeks; of one window where that is longer."""
    per_day = (v("mean_load") or 0) * DAY or v("rows_per_run")
    rows = float(sum(per_day for _ in range(28)) if window(v) <= 28 * DAY else rows_in_window(v))
    return rows if v("new_cases_each_run") else min(rows, v("population") or rows)


def completeness_lost(v: Value) -> float:
    """What the source of the image, or of the question, has not."""
    source = "station_images" if v("problem_type") == "computer-vision" else "assistant_requests"
    return float(next(1 - one.value("completeness") for one in v("sources") if one.value("name") == source))


def wrong_borne(v: Value) -> float:
    """Where ratio x wrong, with nothing handed over, costs as much as what is unsolved today."""
    return float(optimize.brentq(lambda wrong: v("wrong_answer_ratio") * wrong - (1 - v("baseline_value")), 0, 1))


def slow_starts(v: Value, wanted: int) -> float:
    """Walk over the window of the last 100: how often its count of slow ones newly reaches so many."""
    starts = stats.binom.pmf(wanted - 1, 99, 0.01) * 0.01 * 0.99  # the new one slow, the one that leaves not
    return float(v("mean_load") * 30 * DAY * starts)


def wrong_ones(v: Value) -> int:
    share = wrong_borne(v) if v("wrong_answer_ratio") else 0.05
    return int(stats.poisson.ppf(0.95, sample(v) * share))


def sample(v: Value) -> float:
    return float(min(100, 5 * v("reviews_per_day"))) if v("reviews_per_day") else 100.0


# ------------------------------------------------------------------ what monitors see: simulate two windows

EACH = math.sqrt(0.8)  # both windows of two alarm with 80 %


def confirmed(v: Value, name: str, chance: float, tolerance: float = 0.03) -> float:
    """The figure itself where the simulated chance of its alarm is the one that was promised."""
    return float(v(name)) if chance == pytest.approx(EACH, abs=tolerance) else chance


@functools.cache
def psi_chance(rows: int, before_rows: int, limit: float, shift: float) -> float:
    """How often the PSI of samples whose mean moved exceeds the limit, over deciles of the reference."""
    dice, cuts = numpy.random.default_rng(5), stats.norm.ppf(numpy.arange(1, 10) / 10)
    moved = numpy.diff(numpy.concatenate([[0], stats.norm.cdf(cuts - shift), [1]]))
    before = dice.multinomial(before_rows, [0.1] * 10, 4000) / before_rows
    now = dice.multinomial(rows, moved, 4000) / rows
    return float((((now - before) * numpy.log(now / before)).sum(1) > limit).mean())


def rows_in_window(v: Value) -> float:
    rows = ((v("mean_load") or 0) * DAY or v("rows_per_run")) * window(v) / DAY
    return float(rows if v("new_cases_each_run") else min(rows, v("population") or rows))


@functools.cache
def auc_chance(shift: float) -> float:
    """How often 1,000 moved items against 1,000 others give an AUC above 0.6."""
    dice, over = numpy.random.default_rng(5), 0
    for _ in range(1500):
        ranks = stats.rankdata(numpy.concatenate([dice.normal(0, 1, 1000), dice.normal(shift, 1, 1000)]))
        over += (ranks[1000:].sum() - 500500) / 1e6 > 0.6
    return over / 1500


def share_chance(v: Value) -> float:
    """How often a share of 1 % leaves both a fifth of itself and 3 standard errors when it has moved by so much."""
    dice, rows, whole = numpy.random.default_rng(5), round(rows_in_window(v)), round(reference(v))
    before = dice.binomial(whole, 0.01, 20_000) / whole
    now = dice.binomial(rows, 0.01 * (1 + v("visible_share") / 100), 20_000) / rows
    limit = max(0.2 * 0.01, 3 * math.sqrt(0.01 * 0.99 * (1 / rows + 1 / whole)))
    return float((now - before > limit).mean())


def golden_chance(v: Value) -> float:
    """How often cases lost minus cases won reach the alarm: one in ten flips, more of them to the worse."""
    dice, size, fall = numpy.random.default_rng(5), v("golden_set"), v("visible_golden_fall") / 100
    flips = dice.multinomial(size, [0.05 + fall / 2, 0.05 - fall / 2, 0.9], 20_000)
    return float((flips[:, 0] - flips[:, 1] >= v("golden_alarm")).mean())


def error_counts(v: Value, load: float) -> tuple[float, int]:
    """Try one window after another: chance passes the count on 1 day of 20, three times as many errors in 8 of 10."""
    allowed = load * (1 - (v("availability") or 0.99))
    for seconds in (900, 1800, 3600, 7200, 14400, 28800, 43200, *(n * DAY for n in range(1, 15))):
        errors = 1 + int(stats.poisson.ppf(1 - 0.05 / max(1, DAY / seconds), allowed * seconds))
        if stats.poisson.sf(errors - 1, 3 * allowed * seconds) >= 0.8:
            return seconds, errors
    raise AssertionError("no window shows it")


def slow_counts(v: Value, load: float) -> tuple[float, int]:
    """The same for requests above the p99 limit, of which a kept p99 has 1 %."""
    return error_counts(lambda name: 0.99 if name == "availability" else v(name), load)


def seen_in_windows(v: Value, load: float) -> float:
    """The chance that three times the allowed errors pass the count within its window."""
    seconds, errors = error_counts(v, load)
    return float(stats.poisson.sf(errors - 1, 3 * load * (1 - (v("availability") or 0.99)) * seconds))


def judged(v: Value) -> float:
    """The cases by which one period is judged: the untouched part of what is acted on."""
    days = 7 if round(v("mean_load") * DAY / v("population"), 1) == 1 else 1  # a day of payments, pooled to a week
    return float(v("action_capacity") * {"changes": 0.05, "prevents": 0.01}[v("action_effect")] * days)


def told_apart(v: Value) -> int:
    """The fewest periods for which a test of both counts, today's as it was counted, has 80 % power."""
    good, today = stats.bernoulli(v("success_threshold")), stats.bernoulli(v("baseline_value"))

    def power(n: int) -> float:
        error = math.sqrt(good.var() / (n * judged(v)) + today.var() / (v("baseline_cases") or math.inf))
        return float(stats.norm.sf(stats.norm.ppf(0.975) - (good.mean() - today.mean()) / error))

    return next(n for n in itertools.count(1) if power(n) >= 0.8)


def seen_by_labels(v: Value) -> float:
    """Precision of a perfect list when every positive case that today's way stops has lost its label."""
    left = v("population") * v("prevalence")
    left -= left * v("baseline_recall")
    return float(min(left, v("action_capacity")) / v("action_capacity"))


def gained(v: Value, precision: float) -> float:
    """Act on the capacity: each saved case is worth a miss, each other act is a false alarm."""
    saved = v("action_capacity") * precision * v("effect_absolute") / v("success_threshold")
    return float(saved * v("cost_missed") - (v("action_capacity") - saved) * v("cost_false_alarm"))


@functools.cache
def cohorts(cases: float, good: float, bad: float, alarms: float) -> tuple[float, int, int, float]:
    """Walk a chain of cohorts for each pooling: the mean time until two in a row alarm, and with which limit."""
    best = (math.inf, 0, 0, 0.0)
    for pooled in range(1, 61):
        size = int(pooled * cases)
        limits = numpy.flatnonzero(stats.binom.cdf(numpy.arange(size), size, good) <= math.sqrt(min(0.05, alarms / 30)))
        if not len(limits):
            continue
        seen = stats.binom.cdf(limits[-1], size, bad)
        chain = numpy.array([[1 - seen, seen], [1 - seen, 0]])  # from none and from one alarm, before the second
        steps = numpy.linalg.solve(numpy.eye(2) - chain, numpy.ones(2))[0]
        best = min(best, (pooled * steps, pooled, int(limits[-1]), stats.binom.cdf(limits[-1], size, good) ** 2))
    return best


def rule_of_cohorts(v: Value) -> tuple[float, int, int, float]:
    return cohorts(judged(v), v("success_threshold"), v("baseline_value"), v("false_alarms_per_month"))


def mature(v: Value, age: float) -> float:
    """The share of a lognormal delay below an age, from its median and its 95 % quantile."""
    spread = math.log(v("label_delay_p95") / v("label_delay")) / stats.norm.ppf(0.95)
    return float(stats.lognorm(spread, scale=v("label_delay")).cdf(age))


def burned(v: Value, share: float, hours: float) -> float:
    """The error rate that uses this share of a month's failures in so many hours."""
    allowed = (1 - v("availability")) * v("mean_load") * 30 * DAY
    return float(allowed * share / (v("mean_load") * hours * 3600))


def margin_wanted(v: Value) -> float:
    """Five points, or, where recall decides, half of what is to be gained and half of what is left to 1."""
    if v("deciding_metric") != "recall":
        return 0.05
    gain = abs(v("success_threshold") - v("baseline_value")) if v("baseline_value") else 1
    return float(min(0.05, gain / 2, (1 - v("success_threshold")) / 2))


def recall_wanted(v: Value) -> float:
    return float(v("success_threshold")) if v("deciding_metric") == "recall" else 0.8


HOURS = {"none": 0, "light": 2, "moderate": 6, "heavy": 16}
ORACLES: dict[str, Callable[[Value], Any]] = {
    "cost_of_nothing": lambda v: confusion(v, 0, 0),
    "cost_of_all": lambda v: confusion(v, 1, 1),
    "cost_of_baseline": lambda v: confusion(v, v("baseline_recall"), v("baseline_false_alarm_rate")),
    "threshold_by_cost": indifferent,
    "actions_of_baseline": lambda v: (
        v("population")
        * (v("prevalence") * v("baseline_recall") + (1 - v("prevalence")) * v("baseline_false_alarm_rate"))
    ),
    "cost_at_threshold": at_the_threshold,
    "value_of_a_win": lambda v: gained(v, v("success_threshold")),
    "value_of_today": lambda v: gained(v, v("baseline_value")),
    "action_period_length": lambda v: (
        86400 * (1 if v("acts_daily") else v("action_capacity") / v("eligible_per_day"))
        if v("action_every") is None
        else v("action_every")
    ),
    "labelled_share": lambda v: v("positive_count") / v("labelled_count"),
    "labelled_ceiling": seen_by_labels,
    "labelled_threshold": lambda v: v("success_threshold") - v("success_threshold") * v("baseline_recall"),
    "periods_to_tell": told_apart,
    "planned_gap": lambda v: gap(v, v("experiment_weeks")),
    "expected_gap": lambda v: (
        v("effect_absolute") - v("effect_absolute") / v("success_threshold") * v("baseline_value")
    ),
    "model_part": model_part,
    "cohort_floor": lambda v: (rule_of_cohorts(v)[2] + 0.5) / math.floor(judged(v) * rule_of_cohorts(v)[1]),
    "break_even_effect": lambda v: optimize.brentq(
        lambda s: s * v("cost_missed") - (1 - s) * v("cost_false_alarm"), 0, 1
    ),
    "precision_margin": precision_interval,
    "untouched_margin": lambda v: precision_interval(v) / math.sqrt(0.05),
    "baseline_precision": alarms_right,
    "accuracy_of_nothing": lambda v: 1 - v("prevalence"),
    "positives_per_period": lambda v: v("population") * v("prevalence"),
    "highest_recall": lambda v: min(v("action_capacity") / (v("population") * v("prevalence")), 1),
    "highest_precision": lambda v: min(v("population") * v("prevalence") / v("action_capacity"), 1),
    "recall_at_threshold": lambda v: (
        v("action_capacity") * v("success_threshold") / (v("population") * v("prevalence"))
    ),
    "share_acted_on": lambda v: v("action_capacity") / v("population"),
    "false_alarms_within_capacity": false_alarms_left,
    "paired_positives": pairs,
    "paired_positives_at_most": lambda v: pairs(v, counted(v)[1]),
    "baseline_low": lambda v: counted(v)[0],
    "baseline_high": lambda v: counted(v)[1],
    "effect_of_success": lambda v: (
        (1 - v("success_threshold"))
        * v("population")
        * v("prevalence")
        / v("eligible_per_day")
        * v("primary_baseline")
        / (v("missed_per_period") / v("eligible_per_day"))
        - v("primary_baseline")
    ),
    "review_age": too_old,
    "reading_hours": lambda v: sum(0.05 for _ in range(int(sample(v)))) * 30 / 7,
    "labelling_hours": lambda v: (len(range(v("golden_set"), 400)) + 100) / 10,
    "highest_error_when_answering": lambda v: 1 / v("wrong_answer_ratio"),
    "recall_margin": margin_wanted,
    "positives_needed": lambda v: math.ceil(
        (stats.norm.ppf(0.975) * stats.bernoulli(recall_wanted(v)).std() / margin_wanted(v)) ** 2
    ),
    "arrivals": lambda v: round(
        v("mean_load") * DAY if v("mean_load") else v("rows_per_run") * min(1, DAY / (v("freshness") or DAY))
    ),
    "labels_a_week": lambda v: v("labels_per_week") or v("labelled_count") / (v("history") / (7 * DAY)),
    "rows_needed": lambda v: math.ceil(ORACLES["positives_needed"](v) / v("prevalence") - 1e-6),
    "random_trials": lambda v: next(n for n in itertools.count(1) if 1 - 0.95**n >= 0.95),
    "fold_length": period_of_a_fold,
    "rows_in_fold": lambda v: v("rows") / (v("history") / period_of_a_fold(v)),
    "search_time": lambda v: v("trial_time") * v("trials") * v("folds"),
    "validation_gap": lambda v: max(v("label_delay_p95") or v("label_delay") or 0, v("horizon") or 0),
    "newest_labels": lambda v: max(v("label_delay_p95") or v("label_delay") or 0, v("horizon") or 0),
    "earliest_metric": lambda v: 7 * DAY + max(v("label_delay_p95") or v("label_delay") or 0, v("horizon") or 0),
    "effect_absolute": change_wanted,
    "users_per_arm": per_arm,
    "looks_factor": lambda v: {1: 1.0}[v("looks") or 1],
    "users_total": whole_experiment,
    "units_in_smallest": lambda v: math.floor(whole_experiment(v) / (4 if v("holds_out") else 2)),
    "untouched_per_list": per_list,
    "detectable_gap": gap,
    "experiment_weeks": weeks,
    "experiment_decided": lambda v: weeks(v) * 7 * DAY + wait(v),
    "detectable_effect": smallest_effect,
    "in_flight": lambda v: v("peak_load") * v("service_time"),
    "slowest_service": lambda v: stats.lognorm(
        math.sqrt(math.log(1.25)), scale=v("service_time") / math.sqrt(1.25)
    ).ppf(0.99),
    "workers_for_p99": workers,
    "workers_with_spare_zone": surviving,
    "downtime_allowed": lambda v: 30 * DAY - 30 * DAY * v("availability"),
    "device_busy": lambda v: v("peak_load") / v("devices") * v("service_time"),
    "batch_rate": lambda v: v("rows_per_run") / v("ready_by"),
    "requests_per_month": lambda v: sum(v("mean_load") * DAY for _ in range(30)),
    "cost_per_thousand_requests": lambda v: (
        1000 * (v("tokens_in") * v("price_in") + v("tokens_out") * v("price_out")) / 1_000_000
    ),
    "prompts_per_month": lambda v: v("mean_load") * 30 * DAY,
    "model_cost_per_month": lambda v: (
        v("mean_load") * 30 * DAY * (v("tokens_in") * v("price_in") + v("tokens_out") * v("price_out")) / 1_000_000
    ),
    "tokens_per_minute": lambda v: v("peak_load") * 60 * (v("tokens_in") + v("tokens_out")),
    "golden_alarm": lambda v: math.ceil(stats.norm.ppf(0.975) * math.sqrt(v("golden_set") * 0.1)),
    "slow_alarm": lambda v: next(k for k in range(2, 101) if slow_starts(v, k) <= v("false_alarms_per_month")),
    "slow_by_chance": lambda v: slow_starts(v, int(ORACLES["slow_alarm"](v))),
    "unsolved_today": lambda v: 1 - v("baseline_value"),
    "highest_wrong_share": wrong_borne,
    "golden_locked": lambda v: len(range(1, v("golden_set"), 2)),
    "golden_locked_margin": lambda v: (
        1.96 * stats.bernoulli(v("success_threshold")).std() / math.sqrt(v("golden_set") // 2)
    ),
    "held_without_input": lambda v: v("mean_load") * DAY * completeness_lost(v),
    "bearable_missing": lambda v: v("reviews_per_day") / (v("mean_load") * DAY),
    "audit_sample": sample,
    "audit_limit": wrong_ones,
    "audit_positives": lambda v: math.floor(v("reviews_per_day") * 7 / 20 * v("prevalence")),
    "rows_for_psi": rows_for_psi,
    "alarm_level": level,
    "drift_windows_per_month": lambda v: 30 * DAY / window(v),
    "drift_window": window,
    "psi_threshold": psi_limit,
    "labels_after_week": lambda v: mature(v, 7 * DAY),
    "labels_at_half": lambda v: mature(v, v("label_delay_p95") / 2),
    "units_in_time": lambda v: sum(v("eligible_per_day") for _ in range(7 * v("max_weeks"))),
    "run_time": lambda v: sum(v("service_time") for _ in range(v("rows_per_run"))),
    "run_workers": lambda v: next(
        n for n in itertools.count(1) if v("rows_per_run") * v("service_time") / n <= v("ready_by")
    ),
    "drift_rows": rows_in_window,
    "reference_rows": reference,
    "psi_by_chance": lambda v: stats.gamma.isf(level(v), 4.5, scale=2) * (1 / rows_in_window(v) + 1 / reference(v)),
    "saving_for_baseline": lambda v: saving(v, v("baseline_recall"), v("baseline_false_alarm_rate")),
    "saving_for_threshold": lambda v: saving(v, *at_capacity(v)),
    "visible_shift": lambda v: confirmed(
        v,
        "visible_shift",
        psi_chance(round(rows_in_window(v)), round(reference(v)), psi_limit(v), v("visible_shift")),
    ),
    "visible_score_shift": lambda v: confirmed(
        v,
        "visible_score_shift",
        psi_chance(round(rows_in_window(v)), round(reference(v)), 0.1, v("visible_score_shift")),
    ),
    "visible_item_shift": lambda v: confirmed(v, "visible_item_shift", auc_chance(v("visible_item_shift"))),
    "visible_share": lambda v: confirmed(v, "visible_share", share_chance(v)),
    "visible_golden_fall": lambda v: confirmed(v, "visible_golden_fall", golden_chance(v), 0.08),
    "visible_wrong_share": lambda v: optimize.brentq(
        lambda rate: stats.binom.sf(wrong_ones(v), sample(v), rate) - 0.8, 0.01, 0.99
    ),
    "drift_delay": lambda v: window(v) + window(v),
    "quality_delay": lambda v: 14 * DAY + max(v("label_delay_p95") or v("label_delay") or 0, v("horizon") or 0),
    "canary_window": lambda v: error_counts(v, v("mean_load") / 20)[0],
    "canary_errors": lambda v: error_counts(v, v("mean_load") / 20)[1],
    "canary_requests": lambda v: error_counts(v, v("mean_load") / 20)[0] * v("mean_load") / 20,
    "canary_power": lambda v: seen_in_windows(v, v("mean_load") / 20),
    "service_power": lambda v: seen_in_windows(v, v("mean_load")),
    "service_window": lambda v: error_counts(v, v("mean_load"))[0],
    "service_errors": lambda v: error_counts(v, v("mean_load"))[1],
    "service_requests": lambda v: error_counts(v, v("mean_load"))[0] * v("mean_load"),
    "canary_slow_window": lambda v: slow_counts(v, v("mean_load") / 20)[0],
    "canary_slow_count": lambda v: slow_counts(v, v("mean_load") / 20)[1],
    "canary_slow_requests": lambda v: slow_counts(v, v("mean_load") / 20)[0] * v("mean_load") / 20,
    "slow_window": lambda v: slow_counts(v, v("mean_load"))[0],
    "slow_count": lambda v: slow_counts(v, v("mean_load"))[1],
    "slow_requests": lambda v: slow_counts(v, v("mean_load"))[0] * v("mean_load"),
    "reviews_at_least": lambda v: max(ORACLES["actions_of_baseline"](v), for_the_model(v)),
    "reviews_at_most": lambda v: ORACLES["actions_of_baseline"](v) + for_the_model(v),
    "cohort_cases": judged,
    "left_alone": lambda v: 0.05 if v("action_effect") == "changes" else 0.01,
    "baseline_cases": lambda v: next(cases for _, cases in COUNTS.values() if str(cases) in v("baseline_measured")),
    "cohort_periods": lambda v: rule_of_cohorts(v)[1],
    "cohort_size": lambda v: math.floor(judged(v) * rule_of_cohorts(v)[1]),
    "cohort_limit": lambda v: rule_of_cohorts(v)[2],
    "cohort_false_alarm": lambda v: rule_of_cohorts(v)[3],
    "cohort_wait": lambda v: rule_of_cohorts(v)[0],
    "fast_burn_rate": lambda v: burned(v, 0.02, 1),
    "slow_burn_rate": lambda v: burned(v, 0.05, 6),
    "ticket_burn_rate": lambda v: burned(v, 0.1, 72),
    "fast_burn_failures": lambda v: 0.02 * (1 - v("availability")) * v("mean_load") * 30 * DAY,
    "fast_burn_failures_short": lambda v: 0.02 / 12 * (1 - v("availability")) * v("mean_load") * 30 * DAY,
    "slow_burn_failures": lambda v: 0.05 * (1 - v("availability")) * v("mean_load") * 30 * DAY,
    "slow_burn_failures_short": lambda v: 0.05 / 12 * (1 - v("availability")) * v("mean_load") * 30 * DAY,
    "ticket_burn_failures": lambda v: 0.1 * (1 - v("availability")) * v("mean_load") * 30 * DAY,
    "missed_per_period": lambda v: positives(v) - positives(v) * v("baseline_recall"),
    "false_alarms_per_period": lambda v: (v("population") - positives(v)) * v("baseline_false_alarm_rate"),
    "value_per_month": lambda v: 30 * DAY * v("mean_load") * (each_costs(v) - at_the_threshold(v) / 1000),
    "exploration_cost": let_pass,
    "prevalence_before_acting": lambda v: optimize.brentq(
        lambda share: share * (1 - v("baseline_recall")) - v("prevalence"), 0, 1
    ),
    "flagged_by_the_fleet": lambda v: DAY * v("mean_load") / v("devices") * v("devices_planned") * flagged_share(v),
    "zero_miss_positives": lambda v: next(n for n in itertools.count(1) if v("success_threshold") ** n <= 0.05),
    "zero_miss_bound": lambda v: optimize.brentq(
        lambda missed: stats.binom.pmf(0, v("labelled_positives") // 5, missed) - 0.05, 1e-12, 0.999
    ),
    "flagged_per_day": lambda v: DAY * v("mean_load") * flagged_share(v),
    "false_alarms_for_reviewers": lambda v: optimize.brentq(
        lambda rate: DAY * v("mean_load") * flagged_share(v, rate) - v("reviews_per_day"), 0, 1
    ),
    "false_alarm_ceiling": lambda v: optimize.brentq(
        lambda rate: confusion(v, v("success_threshold"), rate) - confusion(v, 0, 0), 0, 1
    ),
    "periods_in_total": lambda v: (
        stats.bernoulli(v("prevalence")).var()
        * v("population")
        / (v("action_capacity") * v("success_threshold") / 2.8) ** 2
    ),
    "start_by": lambda v: v("ready_by") - v("ready_by") / 10 - 2 * v("run_time") / v("run_workers"),
    "retry_by": lambda v: v("ready_by") - v("ready_by") / 10 - v("run_time") / v("run_workers"),
    "checked_by": lambda v: v("ready_by") - v("ready_by") / 10,
    "upkeep_hours": lambda v: sum(HOURS[upkeep] for _, upkeep in v("chosen_tools")),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_number_comes_out_the_same_by_another_route(example: str) -> None:
    spec = designed(example)

    def v(name: str) -> Any:
        return plain(spec.value(name))

    shown = [name for name in FIGURED if spec.figure(name).value is not None]
    assert len(shown) > 15
    wrong = {
        name: (plain(spec.figure(name).value), ORACLES[name](v))
        for name in shown
        if plain(spec.figure(name).value) != pytest.approx(ORACLES[name](v), rel=1e-6, abs=1e-9)
    }
    assert not wrong


def test_every_number_has_a_second_route() -> None:
    values = {name for example in EXAMPLES for name in FIGURED if designed(example).figure(name).value is not None}
    assert values <= set(ORACLES)
    assert set(ORACLES) <= set(FIGURES)


# ------------------------------------------------------------------ symbols

_MEANT = re.compile(r"(?<![\w'-])([A-Za-z])\d? = ([^,;()]+)")
_SYMBOL = re.compile(r"(?<![\w'.%&-])(?<!\d )([A-Za-z])\d?(?![\w'-])")
TIMES_AND_QUANTILE = {"x", "z"}


def test_a_symbol_means_one_thing_in_every_formula_that_has_it() -> None:
    meant: dict[str, dict[str, str]] = {}
    for one in FIGURES.values():
        for symbol, words in _MEANT.findall(one.formula):
            meant.setdefault(symbol, {})[words.strip()] = one.name
    assert len(meant) > 10
    assert {symbol: words for symbol, words in meant.items() if len(words) > 1} == {}


def test_a_formula_says_what_each_of_its_symbols_means() -> None:
    for one in FIGURES.values():
        said = {symbol for symbol, _ in _MEANT.findall(one.formula)}
        used = set(_SYMBOL.findall(_MEANT.sub(" ", one.formula))) - TIMES_AND_QUANTILE - {"a", "A", "I"}
        assert used <= said, (one.name, one.formula)
