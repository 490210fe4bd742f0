"""What mistakes cost, and what a threshold, a capacity and today's way make of them."""

from __future__ import annotations

from typing import Any

from mlworkflow.figures.registry import figure
from mlworkflow.quantity import Money

PICKED = ("precision-at-k", "precision-at-budget")


@figure("number", "problem", "1000 x prevalence x cost of a missed case")
def cost_of_nothing(prevalence: float, cost_missed: Any) -> float:
    """Cost of never acting, per 1,000 decisions."""
    return float(1000 * prevalence * cost_missed.amount)


@figure("number", "problem", "1000 x (1 - prevalence) x cost of a false alarm")
def cost_of_all(prevalence: float, cost_false_alarm: Any) -> float:
    """Cost of acting on everyone, per 1,000 decisions."""
    return float(1000 * (1 - prevalence) * cost_false_alarm.amount)


@figure(
    "number",
    "problem",
    "1000 x (prevalence x (1 - recall) x cost of a missed case + (1 - prevalence) x false-alarm rate x cost of a false alarm)",
)
def cost_of_baseline(
    prevalence: float, baseline_recall: float, baseline_false_alarm_rate: float, cost_missed: Any, cost_false_alarm: Any
) -> float:
    """Cost of today's baseline, per 1,000 decisions."""
    from mlworkflow.numbers.economics import cost_per_thousand

    return cost_per_thousand(
        prevalence, baseline_recall, baseline_false_alarm_rate, cost_missed.amount, cost_false_alarm.amount
    )


@figure("share", "problem", "cost of a false alarm / (cost of a false alarm + cost of a missed case)")
def threshold_by_cost(cost_missed: Any, cost_false_alarm: Any) -> float:
    """Probability above which acting pays."""
    from mlworkflow.numbers.economics import threshold_from_costs

    return threshold_from_costs(cost_missed.amount, cost_false_alarm.amount)


@figure("share", "problem", "cost of too little / (cost of too little + cost of too much)")
def forecast_quantile(problem_type: str, cost_missed: Any, cost_false_alarm: Any) -> float | None:
    """Quantile to plan with: a forecast is priced by the unit, any other number by the case that it decides."""
    if problem_type != "forecasting":
        return None
    return float(cost_missed.amount / (cost_missed.amount + cost_false_alarm.amount))


@figure("count", "problem", "population x (prevalence x recall + (1 - prevalence) x false-alarm rate)")
def actions_of_baseline(
    population: float, prevalence: float, baseline_recall: float, baseline_false_alarm_rate: float
) -> float:
    """Actions in one period that the baseline's rates mean."""
    return population * (prevalence * baseline_recall + (1 - prevalence) * baseline_false_alarm_rate)


@figure(
    "number",
    "problem",
    "as for the baseline, with recall and false alarms of the capacity filled at the success threshold",
)
def cost_at_threshold(
    action_capacity: float,
    success_threshold: float,
    population: float,
    prevalence: float,
    cost_missed: Any,
    cost_false_alarm: Any,
    recall_at_threshold: float | None = None,
    false_alarms_within_capacity: float | None = None,
) -> float | None:
    """Cost per 1,000 decisions when the success threshold is just met."""
    if recall_at_threshold is not None:
        recall, false_alarms = recall_at_threshold, action_capacity * (1 - success_threshold) / population
    elif false_alarms_within_capacity is not None:
        recall, false_alarms = success_threshold, (1 - prevalence) * false_alarms_within_capacity
    else:
        return None
    missed = prevalence * (1 - recall)
    return float(1000 * (missed * cost_missed.amount + false_alarms * cost_false_alarm.amount))


@figure("number", "problem", "probability above which acting pays / precision of today's actions")
def saving_for_baseline(action_effect: str, threshold_by_cost: float, baseline_precision: float) -> float | None:
    """Share of the found cases that acting must save before today's baseline pays."""
    return threshold_by_cost / baseline_precision if action_effect == "changes" and baseline_precision > 0 else None


@figure("number", "problem", "probability above which acting pays / success threshold")
def saving_for_threshold(
    action_effect: str, deciding_metric: str, threshold_by_cost: float, success_threshold: float
) -> float | None:
    """Share of the found cases that acting must save before the success threshold pays."""
    if action_effect != "changes" or deciding_metric not in PICKED or success_threshold <= 0:
        return None
    return threshold_by_cost / success_threshold


@figure("share", "experiment", "cost of a false alarm / (cost of a false alarm + cost of a missed case)")
def break_even_effect(
    action_effect: str, primary_metric_kind: str, capacity_limits: bool, cost_missed: Any, cost_false_alarm: Any
) -> float | None:
    """Share of acted cases that must be saved before acting pays."""
    at_stake = cost_false_alarm.amount + cost_missed.amount
    if action_effect != "changes" or primary_metric_kind != "rate" or not capacity_limits or not at_stake:
        return None
    return float(cost_false_alarm.amount / at_stake)


def _brought(saved: float, acts: float, cost_missed: Any, cost_false_alarm: Any) -> Money:
    """What acts bring when this share of them saves its case; the others are in vain, as in every threshold here."""
    each = saved * cost_missed.amount - (1 - saved) * cost_false_alarm.amount
    return Money(acts * each, cost_missed.currency)


@figure(
    "cost",
    "experiment",
    "capacity x (minimum effect x cost of a missed case - (1 - minimum effect) x cost of a false alarm)",
)
def value_of_a_win(
    break_even_effect: float, effect_absolute: float, action_capacity: float, cost_missed: Any, cost_false_alarm: Any
) -> Money | None:
    """What a period brings above the cost of acts in vain when the test is won by the minimum effect."""
    if effect_absolute < break_even_effect:
        return None
    return _brought(effect_absolute, action_capacity, cost_missed, cost_false_alarm)


@figure("cost", "experiment", "the same, the effect x today's precision / success threshold: one saving share in both")
def value_of_today(
    value_of_a_win: Any,
    effect_absolute: float,
    action_capacity: float,
    deciding_metric: str,
    baseline_value: float,
    success_threshold: float,
    cost_missed: Any,
    cost_false_alarm: Any,
) -> Money | None:
    """What today's way brings in a period at that saving share."""
    if value_of_a_win is None or deciding_metric not in PICKED or success_threshold <= 0:
        return None
    saved = effect_absolute * baseline_value / success_threshold
    return _brought(saved, action_capacity, cost_missed, cost_false_alarm)


@figure("number", "training", "1.96 sqrt(t (1 - t) / k), t = success threshold, k = capacity of one period")
def precision_margin(deciding_metric: str, success_threshold: float, action_capacity: float) -> float | None:
    """Half the 95 % interval of the precision that one test period gives."""
    if deciding_metric not in PICKED or not 0 < success_threshold < 1 or action_capacity <= 0:
        return None
    return float(1.96 * (success_threshold * (1 - success_threshold) / action_capacity) ** 0.5)


@figure(
    "number",
    "problem",
    "1.96 sqrt(t (1 - t) / (untouched share of the capacity)), t = success threshold; share 5 % where none was said",
    assumes=("untouched_share",),
)
def untouched_margin(precision_margin: float, untouched_share: float | None = None) -> float:
    """Half the 95 % interval of the precision in the untouched group."""
    return float(precision_margin / (untouched_share or 0.05) ** 0.5)


@figure("count", "training", "cases that the words about today's value name, where they give that value")
def baseline_cases(deciding_metric: str, baseline_value: float, baseline_measured: str) -> float | None:
    """Cases among which today's value was counted."""
    from mlworkflow.figures.data import counted

    found = counted(baseline_measured, baseline_value) if deciding_metric in PICKED else None
    return found[1] if found is not None else None


@figure(
    "count",
    "training",
    "t (1 - t) / ((gain / (1.960 + 0.842))^2 - Y (1 - Y) / cases of today's value) / cases by which one period is "
    "judged, rounded up, t = success threshold, Y = today's value",
)
def periods_to_tell(
    concept_check: str,
    deciding_metric: str,
    success_threshold: float,
    baseline_value: float,
    cohort_cases: float,
    baseline_cases: float | None = None,
) -> float | None:
    """Periods, or weeks, whose untouched cases tell the threshold from the baseline."""
    from mlworkflow.numbers.normal import both_z
    from mlworkflow.numbers.validity import up

    if concept_check != "control-group" or deciding_metric not in PICKED or not 0 < success_threshold < 1:
        return None
    # Today's value was counted as well: what its own cases leave open, no later period makes up for.
    today = baseline_value * (1 - baseline_value) / baseline_cases if baseline_cases else 0.0
    left = ((success_threshold - baseline_value) / both_z(0.05, 0.8)) ** 2 - today
    return up(success_threshold * (1 - success_threshold) / left / cohort_cases) if cohort_cases and left > 0 else None


@figure("share", "problem", "prevalence x recall / (prevalence x recall + (1 - prevalence) x false-alarm rate)")
def baseline_precision(prevalence: float, baseline_recall: float, baseline_false_alarm_rate: float) -> float:
    """Share of today's alarms that are right."""
    from mlworkflow.numbers.economics import precision_from_rates

    return precision_from_rates(prevalence, baseline_recall, baseline_false_alarm_rate)


@figure(
    "share",
    "problem",
    "(capacity - random and planted reviews - population x prevalence x recall wanted) / (population x (1 - prevalence))",
)
def false_alarms_within_capacity(
    deciding_metric: str,
    action_capacity: float,
    population: float,
    prevalence: float,
    success_threshold: float,
    set_aside_reviews: float | None = None,
) -> float | None:
    """Highest false-alarm rate that the capacity leaves when the wanted recall is reached."""
    if deciding_metric != "recall":
        return None
    left = action_capacity - (set_aside_reviews or 0) - population * prevalence * success_threshold
    if prevalence >= 1:
        return None
    return float(max(0.0, left) / (population * (1 - prevalence)))


@figure(
    "count",
    "experiment",
    "McNemar pairs for w (1 - b) against b (1 - w), w = recall at the success threshold, b = baseline recall, "
    "judged independently",
)
def paired_positives(
    experiment_kind: str,
    deciding_metric: str,
    baseline_recall: float,
    success_threshold: float,
    recall_at_threshold: float | None = None,
) -> float | None:
    """Positive cases that both must have judged to show the wanted recall."""
    wanted = success_threshold if deciding_metric == "recall" else recall_at_threshold
    if experiment_kind != "parallel-run" or wanted is None or not 0 < baseline_recall < wanted < 1:
        return None
    return _pairs(wanted, baseline_recall)


@figure("count", "experiment", "the same for a baseline at the upper end of its 95 % interval")
def paired_positives_at_most(
    deciding_metric: str, paired_positives: float, baseline_high: float, success_threshold: float
) -> float | None:
    """Positive cases that it takes if the baseline is as good as its own count allows."""
    if deciding_metric != "recall" or not paired_positives or baseline_high >= success_threshold:
        return None
    return _pairs(success_threshold, baseline_high)


def _pairs(threshold: float, baseline: float) -> float:
    from mlworkflow.numbers.data import mcnemar_pairs
    from mlworkflow.numbers.validity import up

    return up(mcnemar_pairs(threshold * (1 - baseline), baseline * (1 - threshold)))


@figure("share", "problem", "1 - prevalence")
def accuracy_of_nothing(prevalence: float) -> float:
    """Accuracy of a constant answer."""
    return 1 - prevalence


@figure("count", "problem", "population x prevalence")
def positives_per_period(population: float, prevalence: float) -> float:
    """Positive cases in one period."""
    return population * prevalence


@figure("share", "problem", "min(1, capacity / (population x prevalence))")
def highest_recall(action_capacity: float, population: float, prevalence: float) -> float:
    """Highest share of positive cases that the capacity can reach."""
    from mlworkflow.numbers.economics import highest_recall_at_capacity

    return highest_recall_at_capacity(action_capacity, population, prevalence)


@figure("share", "problem", "min(1, population x prevalence / capacity)")
def highest_precision(
    deciding_metric: str, action_capacity: float, population: float, prevalence: float
) -> float | None:
    """Highest precision that a filled capacity can reach."""
    if deciding_metric not in PICKED or action_capacity <= 0:
        return None
    return min(1.0, population * prevalence / action_capacity)


@figure("share", "problem", "capacity x precision / (population x prevalence)")
def recall_at_threshold(
    deciding_metric: str, action_capacity: float, population: float, prevalence: float, success_threshold: float
) -> float | None:
    """Share of positive cases found when the success threshold is just met."""
    if deciding_metric not in PICKED or action_capacity * success_threshold > population * prevalence:
        return None
    return float(action_capacity * success_threshold / (population * prevalence))


@figure("share", "problem", "capacity / population")
def share_acted_on(action_capacity: float, population: float) -> float:
    """Share of the population that can be acted on."""
    return min(1.0, action_capacity / population)


@figure("share", "problem", "1 / how many times worse a wrong answer is than none")
def highest_error_when_answering(wrong_answer_ratio: float) -> float:
    """Highest chance of being wrong at which answering still beats passing on."""
    return 1 / wrong_answer_ratio


@figure("share", "problem", "1 - share that today's way solves")
def unsolved_today(problem_type: str, deciding_metric: str, baseline_kind: str, baseline_value: float) -> float | None:
    """Share of the questions that today's way leaves unsolved."""
    solves = deciding_metric == "golden-set-pass-rate" and baseline_kind in ("rules", "vendor", "model")
    if problem_type != "generative" or not solves or not 0 <= baseline_value < 1:
        return None
    return 1 - baseline_value


@figure("share", "problem", "share unsolved today (all, where not measured) / times that a wrong answer is worse")
def highest_wrong_share(wrong_answer_ratio: float, unsolved_today: float | None = None) -> float:
    """Share of wrong answers, with nothing handed over, from which today's way is the better one."""
    return (1 if unsolved_today is None else unsolved_today) / wrong_answer_ratio
