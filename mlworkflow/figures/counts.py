"""Rates turned into counts, money and times of a plan: what a percentage hides."""

from __future__ import annotations

from typing import Any

from mlworkflow.figures.mistakes import PICKED
from mlworkflow.figures.registry import DAY, JUDGEMENT, figure
from mlworkflow.quantity import Money

EXPLORED = 0.01
CHECKS = 0.1  # of the time of a scheduled run
LOWER = ("wape", "mae", "mape", "rmse", "mase", "pinball-loss", "log-loss")


@figure("count", "problem", "population x prevalence x (1 - recall of the baseline)")
def missed_per_period(population: float, prevalence: float, baseline_recall: float) -> float:
    """Positive cases that the baseline misses in a period."""
    return population * prevalence * (1 - baseline_recall)


@figure("count", "problem", "population x (1 - prevalence) x false-alarm rate of the baseline")
def false_alarms_per_period(population: float, prevalence: float, baseline_false_alarm_rate: float) -> float:
    """False alarms of the baseline in a period."""
    return population * (1 - prevalence) * baseline_false_alarm_rate


@figure("cost", "problem", "(cost of the baseline - cost at the success threshold) / 1000 x decisions a day x 30")
def value_per_month(
    cost_of_baseline: float, cost_at_threshold: float, new_cases_each_run: bool, mean_load: float, cost_missed: Any
) -> Money | None:
    """What a month at the success threshold is worth against today."""
    gain = cost_of_baseline - cost_at_threshold
    if not new_cases_each_run or not gain > 0:
        return None
    return Money(gain / 1000 * mean_load * DAY * 30, cost_missed.currency)


@figure(
    "cost",
    "problem",
    "1 % of the actions x (precision x cost of a missed case - (1 - precision) x cost of a false alarm)",
)
def exploration_cost(
    action_effect: str,
    deciding_metric: str,
    cost_missed: Any,
    cost_false_alarm: Any,
    action_capacity: float | None = None,
    actions_of_baseline: float | None = None,
    success_threshold: float | None = None,
    baseline_precision: float | None = None,
) -> Money | None:
    """What it costs in a period to let 1 % of the cases pass."""
    actions = action_capacity if action_capacity is not None else actions_of_baseline
    precision = success_threshold if deciding_metric in PICKED else None
    precision = baseline_precision if precision is None else precision
    if action_effect != "prevents" or actions is None or precision is None or not 0 < precision <= 1:
        return None
    each = precision * cost_missed.amount - (1 - precision) * cost_false_alarm.amount
    return Money(EXPLORED * actions * each, cost_missed.currency) if each > 0 else None


@figure("share", "problem", "prevalence / (1 - recall of the baseline)")
def prevalence_before_acting(
    action_effect: str, label_source: str, prevalence: float, baseline_recall: float, prevalence_reading: str
) -> float | None:
    """Share of positive cases if it was counted while the baseline hid those that it stopped."""
    if action_effect != "prevents" or label_source != "events" or not 0.05 <= baseline_recall <= 0.95:
        return None
    if prevalence_reading == "of-all":
        return None
    return min(1.0, prevalence / (1 - baseline_recall))


@figure("share", "problem", "positive labels / labels")
def labelled_share(label_scope: str, action_effect: str, positive_count: float, labelled_count: float) -> float | None:
    """Share of positive cases among those that were not acted on."""
    if label_scope != "not-acted" or action_effect != "prevents" or not 0 < positive_count < labelled_count:
        return None
    return positive_count / labelled_count


@figure("number", "training", "population x prevalence x (1 - recall of the baseline) / k, k = capacity of one period")
def labelled_ceiling(
    label_scope: str,
    action_effect: str,
    deciding_metric: str,
    missed_per_period: float,
    action_capacity: float,
    prevalence_before_acting: float | None = None,
) -> float | None:
    """Highest precision of the picks that labels of cases not acted on can show."""
    if label_scope != "not-acted" or action_effect != "prevents" or deciding_metric not in PICKED:
        return None
    if action_capacity <= 0 or prevalence_before_acting is not None:
        return None
    ceiling = missed_per_period / action_capacity
    return ceiling if ceiling < 1 else None


@figure(
    "number",
    "training",
    "success threshold x (1 - recall of the baseline); what the baseline misses is found as often as the rest",
    (JUDGEMENT,),
)
def labelled_threshold(labelled_ceiling: float, success_threshold: float, baseline_recall: float) -> float | None:
    """Precision of the picks that labels of cases not acted on show when the success threshold is just met."""
    shown = success_threshold * (1 - baseline_recall)
    return shown if shown < labelled_ceiling else None


@figure("share", "problem", "recall of the success threshold x recall of people who decide today")
def serial_recall(
    deciding_metric: str,
    human_decides: bool,
    baseline_kind: str,
    success_threshold: float,
    baseline_recall: float,
    sorts_only: bool,
) -> float | None:
    """Share of the positive cases that model and person find, one after the other."""
    if deciding_metric != "recall" or not human_decides or baseline_kind != "people" or sorts_only:
        return None
    return success_threshold * baseline_recall


@figure("share", "problem", "prevalence x recall x cost of a missed case / ((1 - prevalence) x cost of a false alarm)")
def false_alarm_ceiling(
    deciding_metric: str, success_threshold: float, prevalence: float, cost_missed: Any, cost_false_alarm: Any
) -> float | None:
    """False-alarm rate above which acting costs more than it saves."""
    if deciding_metric != "recall" or not cost_false_alarm.amount or not 0 < prevalence < 1:
        return None
    ceiling = prevalence * success_threshold * cost_missed.amount / ((1 - prevalence) * cost_false_alarm.amount)
    return float(ceiling) if ceiling < 1 else None


@figure("number", "problem", "best of baseline and trivial policy, and the sampling error of the test beyond it")
def proposed_threshold(
    deciding_metric: str,
    success_threshold: float | None = None,
    baseline_value: float | None = None,
    baseline_recall: float | None = None,
    threshold_by_cost: float | None = None,
    action_capacity: float | None = None,
    highest_precision: float | None = None,
    labelled_positives: float | None = None,
    golden_set: float | None = None,
    cost_of_nothing: float | None = None,
    cost_of_all: float | None = None,
    cost_of_baseline: float | None = None,
) -> float | None:
    """The bar that is proposed where none was given."""
    if success_threshold is not None:
        return None
    if deciding_metric == "expected-cost":
        known = [one for one in (cost_of_nothing, cost_of_all, cost_of_baseline) if one is not None]
        return min(known) if len(known) > 1 else None
    if deciding_metric in PICKED:
        bars = [one for one in (baseline_value, threshold_by_cost) if one is not None]
        return _above(max(bars, default=None), action_capacity, highest_precision)
    if deciding_metric == "recall":
        bar = baseline_value if baseline_value is not None else baseline_recall
        return _above(bar, 0.2 * labelled_positives if labelled_positives else None, 1.0)
    if deciding_metric == "golden-set-pass-rate":
        return _above(baseline_value, golden_set, 1.0)
    return None


def _above(bar: float | None, cases: float | None, highest: float | None) -> float | None:
    """A bar and half its 95 % interval on so many cases; none where no model could reach it."""
    if bar is None or not cases or not 0 < bar < 1:
        return None
    wanted = bar + 1.96 * (bar * (1 - bar) / cases) ** 0.5
    return float(wanted) if wanted < (1.0 if highest is None else highest) else None


@figure("count", "problem", "decisions a day x (prevalence x recall + (1 - prevalence) x false-alarm rate)")
def flagged_per_day(
    new_cases_each_run: bool,
    mean_load: float,
    prevalence: float,
    baseline_recall: float,
    baseline_false_alarm_rate: float,
) -> float | None:
    """Cases that the baseline's rates flag in a day."""
    if not new_cases_each_run:
        return None
    return mean_load * DAY * (prevalence * baseline_recall + (1 - prevalence) * baseline_false_alarm_rate)


@figure("count", "problem", "cases flagged a day x devices planned / devices")
def flagged_by_the_fleet(flagged_per_day: float, devices: float, devices_planned: float) -> float | None:
    """Cases that all planned devices flag in a day, if each flags as many as today."""
    return flagged_per_day * devices_planned / devices if 0 < devices < devices_planned else None


@figure("count", "serving", "cases a day x (1 - completeness of the source of the input)")
def held_without_input(arrivals: float, missing_input: float) -> float:
    """Cases of a day that come without a usable input."""
    return arrivals * missing_input


@figure("share", "serving", "cases that people take in a day / cases a day")
def bearable_missing(places_for_held: float, arrivals: float, missing_input: float) -> float | None:
    """Highest share of cases without input that people could take, with nothing else to do."""
    return min(1.0, places_for_held / arrivals) if arrivals > 0 else None


@figure(
    "share", "problem", "(reviews a day - decisions a day x prevalence x recall) / (decisions a day x (1 - prevalence))"
)
def false_alarms_for_reviewers(
    mean_load: float, prevalence: float, baseline_recall: float, reviews_per_day: float
) -> float | None:
    """Highest false-alarm rate that the people who review can bear."""
    negatives = mean_load * DAY * (1 - prevalence)
    left = reviews_per_day - mean_load * DAY * prevalence * baseline_recall
    return min(1.0, left / negatives) if left > 0 and negatives > 0 else None


@figure("number", "problem", "mean |count - median| / mean of Poisson counts whose share of zeros is the one given")
def noise_floor(problem_type: str, zero_share: float) -> float | None:
    """WAPE of a perfect forecast, if counts scatter as Poisson does."""
    if problem_type != "forecasting" or not 0.001 <= zero_share <= 0.5:
        return None
    import itertools
    import math

    mean = -math.log(zero_share)
    terms = [(k, math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))) for k in range(60)]
    below = itertools.accumulate(share for _, share in terms)
    median = next(k for k, reached in enumerate(below) if reached >= 0.5)
    return round(sum(abs(k - median) * share for k, share in terms) / mean, 3)


@figure("number", "experiment", "(2.8 sqrt(population x prevalence x (1 - prevalence)) / (capacity x precision))^2")
def periods_in_total(
    action_effect: str,
    deciding_metric: str,
    population: float,
    prevalence: float,
    action_capacity: float,
    success_threshold: float,
) -> float | None:
    """Periods until the total of all units shows the effect, if each right action saved its case."""
    if action_effect != "changes" or deciding_metric not in PICKED or min(success_threshold, action_capacity) <= 0:
        return None
    noise: float = 2.8 * (population * prevalence * (1 - prevalence)) ** 0.5
    return (noise / (action_capacity * success_threshold)) ** 2


@figure("duration", "serving", "time allowed - a tenth of it for checks - 2 x time of the run")
def start_by(ready_by: float, run_time: float, run_workers: float) -> float | None:
    """Latest start of a scheduled run that can still be repeated."""
    if run_workers <= 0:
        return None
    return (1 - CHECKS) * ready_by - 2 * run_time / run_workers


@figure("duration", "serving", "time allowed - a tenth of it for checks - time of the run")
def retry_by(ready_by: float, run_time: float, run_workers: float) -> float | None:
    """Latest start of its second try."""
    if run_workers <= 0:
        return None
    return (1 - CHECKS) * ready_by - run_time / run_workers


@figure("duration", "serving", "time allowed - a tenth of it")
def checked_by(ready_by: float, run_time: float) -> float:
    """Time at which the checks of its output begin at the latest."""
    return (1 - CHECKS) * ready_by
