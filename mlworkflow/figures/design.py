"""Binds the arithmetic of `numbers` to answers, facts and verdicts by name; each figure keeps its formula."""

from __future__ import annotations

from typing import Any

from mlworkflow.figures.registry import DAY, figure
from mlworkflow.quantity import Money

WEEK = 7 * DAY
HOUR = 3600.0
PICKED = ("precision-at-k", "precision-at-budget")
RARE_SHARE = 0.01
CANARY_SHARE = 0.05
MODEL_PART = 0.4
UNTOUCHED = {"changes": 0.05, "prevents": 0.01}
RECALLS = ("recall", "recall-at-precision", "recall-at-false-alarm-rate")


# ------------------------------------------------------------------ what mistakes cost


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
    """Quantile to plan with."""
    if problem_type not in ("forecasting", "regression"):
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


@figure("share", "experiment", "cost of a false alarm / cost of a missed case")
def break_even_effect(
    action_effect: str, primary_metric_kind: str, capacity_limits: bool, cost_missed: Any, cost_false_alarm: Any
) -> float | None:
    """Share of acted cases that must be saved before acting pays."""
    if action_effect != "changes" or primary_metric_kind != "rate" or not capacity_limits or not cost_missed.amount:
        return None
    return float(cost_false_alarm.amount / cost_missed.amount)


@figure("cost", "experiment", "capacity x (minimum effect x cost of a missed case - cost of a false alarm)")
def value_of_a_win(
    break_even_effect: float, effect_absolute: float, action_capacity: float, cost_missed: Any, cost_false_alarm: Any
) -> Money | None:
    """What a period brings above the cost of acting when the test is won by the minimum effect."""
    if effect_absolute < break_even_effect:
        return None
    each = effect_absolute * cost_missed.amount - cost_false_alarm.amount
    return Money(action_capacity * each, cost_missed.currency)


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
    each = effect_absolute * baseline_value / success_threshold * cost_missed.amount - cost_false_alarm.amount
    return Money(action_capacity * each, cost_missed.currency)


@figure("number", "training", "1.96 sqrt(t (1 - t) / k), t = success threshold, k = capacity of one period")
def precision_margin(deciding_metric: str, success_threshold: float, action_capacity: float) -> float | None:
    """Half the 95 % interval of the precision that one test period gives."""
    if deciding_metric not in PICKED or not 0 < success_threshold < 1 or action_capacity <= 0:
        return None
    return float(1.96 * (success_threshold * (1 - success_threshold) / action_capacity) ** 0.5)


@figure("number", "problem", "1.96 sqrt(t (1 - t) / (5 % of the capacity))")
def untouched_margin(precision_margin: float) -> float:
    """Half the 95 % interval of the precision in an untouched group of 5 %."""
    return float(precision_margin * 20**0.5)


@figure("count", "training", "(1.96 / (0.8 x gain))^2 t (1 - t) / cases by which one period is judged, rounded up")
def periods_to_tell(
    concept_check: str, deciding_metric: str, success_threshold: float, baseline_value: float, cohort_cases: float
) -> float | None:
    """Periods, or weeks, whose untouched cases tell the threshold from the baseline."""
    from mlworkflow.numbers.validity import up

    gain = 0.8 * abs(success_threshold - baseline_value)
    if concept_check != "control-group" or deciding_metric not in PICKED or not gain or not 0 < success_threshold < 1:
        return None
    return up((1.96 / gain) ** 2 * success_threshold * (1 - success_threshold) / cohort_cases) if cohort_cases else None


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
    "McNemar pairs for t (1 - b) against b (1 - t), t = threshold, b = baseline recall, judged independently",
)
def paired_positives(
    experiment_kind: str, deciding_metric: str, baseline_recall: float, success_threshold: float
) -> float | None:
    """Positive cases that both must have judged to show the wanted recall."""
    if experiment_kind != "parallel-run" or deciding_metric != "recall" or success_threshold <= baseline_recall:
        return None
    from mlworkflow.numbers.data import mcnemar_pairs
    from mlworkflow.numbers.validity import up

    model_only = success_threshold * (1 - baseline_recall)
    return up(mcnemar_pairs(model_only, baseline_recall * (1 - success_threshold)))


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


# ------------------------------------------------------------------ data


@figure("number", "training", "5 points; half of threshold - baseline and half of 1 - threshold where recall decides")
def recall_margin(
    deciding_metric: str, success_threshold: float | None = None, baseline_value: float | None = None
) -> float:
    """Half the 95 % interval of recall that a test must give."""
    if deciding_metric not in RECALLS or success_threshold is None or not 0 < success_threshold < 1:
        return 0.05
    gain = abs(success_threshold - baseline_value) if baseline_value is not None else 0.0
    return min(0.05, gain / 2 or 0.05, (1 - success_threshold) / 2)


@figure("count", "training", "1.96^2 x r (1 - r) / margin^2, r = success threshold where recall decides, else 80 %")
def positives_needed(deciding_metric: str, recall_margin: float, success_threshold: float | None = None) -> float:
    """Positive cases that the test set needs to give recall within that margin."""
    from mlworkflow.numbers.data import positives_for_recall

    given = success_threshold if deciding_metric in RECALLS else None
    return positives_for_recall(given if given is not None and 0 < given < 1 else 0.8, recall_margin)


@figure(
    "number", "training", "1.96 x standard error by Hanley and McNeil, a fifth of the labelled cases in the test part"
)
def auc_margin(
    deciding_metric: str, labelled_positives: float, prevalence: float, success_threshold: float
) -> float | None:
    """Half the width of the interval of an AUC."""
    from mlworkflow.numbers.data import hanley_mcneil_error

    positives = int(0.2 * labelled_positives)
    if deciding_metric != "auc-roc" or positives < 1 or not 0 < prevalence < 1 or not 0 < success_threshold < 1:
        return None
    return 1.96 * hanley_mcneil_error(success_threshold, positives, max(1, int(positives * (1 / prevalence - 1))))


@figure("count", "training", "positives needed / prevalence")
def rows_needed(positives_needed: float, prevalence: float) -> float:
    """Rows that such a test set needs."""
    from mlworkflow.numbers.data import rows_for_positives

    return rows_for_positives(positives_needed, prevalence)


@figure("count", "training", "as said, else labelled examples x 7 days / history")
def labels_a_week(
    labels_per_week: float | None = None, labelled_count: float | None = None, history: float | None = None
) -> float | None:
    """Labels that a week brings."""
    if labels_per_week is not None:
        return labels_per_week
    return labelled_count / history * 7 * DAY if labelled_count and history else None


@figure("duration", "training", "whole weeks that hold 30 labels a class on average; at most a sixth of the history")
def time_for_classes(many_classes: bool, classes: float, labels_a_week: float, history: float) -> float | None:
    """Test period that holds enough of each class."""
    if not many_classes or labels_a_week <= 0:
        return None
    return min(-(-30 * classes // labels_a_week) * 7 * DAY, history / 6 // DAY * DAY)


@figure("count", "training", "labels a week x test period; 7 days, 30 where labels come after a week")
def labels_in_fold(
    validation: str, labels_a_week: float, time_for_classes: float, validation_gap: float | None = None
) -> float | None:
    """Labels that one test period holds."""
    shortest = 30 * DAY if (validation_gap or 0) >= 7 * DAY else 7 * DAY
    weeks = max(shortest, time_for_classes) / (7 * DAY)
    return labels_a_week * weeks if validation == "walk-forward" else None


@figure("count", "training", "ln(1 - 0.95) / ln(1 - 0.05), rounded up")
def random_trials() -> float:
    """Random settings to try for a 95 % chance of one in the best 5 %."""
    from mlworkflow.numbers.search import random_trials as trials

    return trials(0.05, 0.95)


@figure("duration", "training", "trials x time of one trial x fits a trial")
def search_time(trials: float, trial_time: float, folds: float) -> float:
    """Machine time of one search."""
    return trials * trial_time * folds


# ------------------------------------------------------------------ labels


@figure(
    "duration",
    "training",
    "label delay of 95 of 100 cases, counted from the prediction, at least the horizon; in a forecast the reporting delay",
)
def validation_gap(label_age: float) -> float:
    """Gap to leave between training and test periods."""
    return label_age


@figure(
    "duration",
    "training",
    "7 days, 30 where labels come after a week; whole weeks that hold 10 positive cases, or 300 rows where a number is predicted, at most a sixth of the history; the time in which each class gets its labels",
)
def fold_length(
    problem_type: str,
    validation_gap: float | None = None,
    horizon: float | None = None,
    history: float | None = None,
    labelled_positives: float | None = None,
    rows: float | None = None,
    time_for_classes: float | None = None,
) -> float:
    """Length of one test period."""
    gap = validation_gap or horizon or 0.0
    shortest = max(30 * DAY if gap >= 7 * DAY else 7 * DAY, time_for_classes or 0.0)
    there, wanted = (rows, 300) if problem_type == "regression" else (labelled_positives, 10)
    if not there or not history:
        return shortest
    whole_weeks = 7 * DAY * -(-(wanted * history / there) // (7 * DAY))
    return float(max(shortest, min(whole_weeks, history / 6 // DAY * DAY)))


@figure("count", "training", "training rows x length of one test period / history")
def rows_in_fold(rows: float, fold_length: float, history: float) -> float | None:
    """Rows that one test period holds."""
    return rows * fold_length / history if history > 0 else None


@figure("duration", "monitoring", "7 days + time until labels are mature")
def earliest_metric(label_age: float) -> float:
    """Earliest day with a trustworthy metric for one week of predictions."""
    return 7 * DAY + label_age


@figure("duration", "monitoring", "horizon + reporting delay")
def last_step_age(problem_type: str, horizon: float, label_age: float) -> float | None:
    """Time until the last step of a forecast over more than a week can be judged."""
    return horizon + label_age if problem_type == "forecasting" and horizon > 7 * DAY else None


@figure("share", "problem", "lognormal delay with that median and 95th percentile, its share within 7 days")
def labels_after_week(label_delay: float, label_delay_p95: float) -> float | None:
    """Share of the labels that is there 7 days after the prediction."""
    from mlworkflow.numbers.labels import share_matured

    if label_delay_p95 <= WEEK:
        return None
    share = share_matured(WEEK, label_delay, label_delay_p95)
    return share if share > 1e-9 else 0.0


@figure("share", "problem", "lognormal delay with that median and 95th percentile, its share within half of the latter")
def labels_at_half(label_delay: float, label_delay_p95: float) -> float:
    """Share of the labels that is there after half of the delay of 95 of 100."""
    from mlworkflow.numbers.labels import share_matured

    share = share_matured(label_delay_p95 / 2, label_delay, label_delay_p95)
    return share if share > 1e-9 else 0.0


# ------------------------------------------------------------------ experiment


@figure("number", "experiment", "relative effect x value today, or the absolute effect itself")
def effect_absolute(primary_baseline: float, minimum_effect: Any) -> float:
    """Smallest effect to detect, in absolute terms."""
    return float(minimum_effect.size * primary_baseline if minimum_effect.relative else minimum_effect.size)


@figure(
    "count",
    "experiment",
    "rates: (z(1-a/2) sqrt(2 p q) + z(power) sqrt(p1 q1 + p2 q2))^2 / (p2 - p1)^2, p and q pooled; "
    "means: 2 (z(1-a/2) + z(power))^2 sd^2 / effect^2; a = 5 % two-sided, power 80 %",
)
def users_per_arm(
    primary_metric_kind: str,
    primary_baseline: float,
    effect_absolute: float,
    clustered: bool,
    primary_sd: float | None = None,
) -> float | None:
    """Units in each arm at a fixed horizon."""
    from mlworkflow.numbers import experiment
    from mlworkflow.numbers.validity import up

    if clustered:
        return None
    if primary_metric_kind == "rate":
        return up(experiment.users_per_arm_for_rates(primary_baseline, effect_absolute))
    if primary_sd is None:
        return None
    return up(experiment.users_per_arm_for_means(primary_sd, effect_absolute))


@figure("number", "experiment", "O'Brien-Fleming maximum size against one look")
def looks_factor(looks: float) -> float:
    """Factor that the planned looks put on the size."""
    from mlworkflow.numbers.experiment import looks_inflation

    return looks_inflation(int(looks))


@figure(
    "count",
    "experiment",
    "pooled two-proportion formula for today's precision against the success threshold, two-sided 5 %, power 80 %",
)
def untouched_per_list(
    holds_out: bool, deciding_metric: str, baseline_value: float, success_threshold: float
) -> float | None:
    """Untouched picks of each list that tell the two precisions apart."""
    from mlworkflow.numbers import experiment
    from mlworkflow.numbers.validity import up

    if not holds_out or deciding_metric not in PICKED or not 0 < baseline_value < success_threshold < 1:
        return None
    return up(experiment.users_per_arm_for_rates(baseline_value, success_threshold - baseline_value))


@figure(
    "count",
    "experiment",
    "arms x units per arm x looks factor x 1 / (4 s (1 - s)), s = treatment share of the units that enter; "
    "arms: 2, or in a hold-out the 4 cells of the model's and today's picks, acted on or not, each as large as the "
    "larger of its two sizes",
)
def users_total(
    users_per_arm: float,
    looks_factor: float,
    treatment_share: float,
    holds_out: bool,
    control_share: float | None = None,
    untouched_per_list: float | None = None,
) -> float:
    """Units in the whole experiment."""
    from mlworkflow.numbers import experiment, validity

    entering = treatment_share + (control_share or 1 - treatment_share)
    each = max(users_per_arm, untouched_per_list or 0) * (2 if holds_out else 1)
    return validity.up(experiment.total_users(each, treatment_share / entering) * looks_factor)


@figure(
    "number",
    "experiment",
    "(1.960 + 0.842) sqrt(4 p (1 - p) / n), p = metric of untouched picks, n = units of one of four cells in the "
    "longest experiment",
)
def detectable_gap(
    holds_out: bool,
    primary_metric_kind: str,
    primary_baseline: float,
    eligible_per_day: float,
    max_weeks: float,
    treatment_share: float,
) -> float | None:
    """Smallest difference between the gains of the two lists that it can show."""
    each = eligible_per_day * 7 * max_weeks * treatment_share * (1 - treatment_share)
    if not holds_out or primary_metric_kind != "rate" or each <= 0 or not 0 < primary_baseline < 1:
        return None
    return float(2.801585 * (4 * primary_baseline * (1 - primary_baseline) / each) ** 0.5)


@figure("number", "experiment", "the same, n = units of one of four cells in the planned weeks")
def planned_gap(detectable_gap: float, max_weeks: float, experiment_weeks: float) -> float | None:
    """Smallest difference between the gains of the two lists that the planned weeks can show."""
    return float(detectable_gap * (max_weeks / experiment_weeks) ** 0.5) if experiment_weeks > 0 else None


@figure(
    "number", "experiment", "minimum effect x (1 - today's precision / success threshold), one saving share in both"
)
def expected_gap(
    untouched_per_list: float, effect_absolute: float, baseline_value: float, success_threshold: float
) -> float | None:
    """Difference between the gains of the two lists at the minimum effect."""
    if untouched_per_list <= 0 or effect_absolute <= 0 or not 0 < baseline_value < success_threshold:
        return None
    return float(effect_absolute * (1 - baseline_value / success_threshold))


@figure("count", "experiment", "max(14, ceil(units / those who enter each day)) / 7, rounded up")
def experiment_weeks(
    users_total: float, eligible_per_day: float, treatment_share: float, control_share: float | None = None
) -> float:
    """Whole weeks of exposure."""
    from mlworkflow.numbers.experiment import weeks_needed

    entering = treatment_share + (control_share or 1 - treatment_share)
    return weeks_needed(users_total, eligible_per_day, min(1.0, entering))


@figure(
    "count",
    "experiment",
    "2 n (1 + (m - 1) x 0.01) / m, n = units per arm if they were independent, m = units of one place in one hour; "
    "0.01 is how alike units of one slot are, assumed until an A/A run measures it",
)
def slots_total(
    clustered: bool,
    primary_metric_kind: str,
    primary_baseline: float,
    effect_absolute: float,
    eligible_per_day: float,
    places: float,
    primary_sd: float | None = None,
) -> float | None:
    """Hours of single places in the whole switchback."""
    from mlworkflow.numbers import experiment
    from mlworkflow.numbers.validity import up

    if not clustered or (primary_metric_kind != "rate" and primary_sd is None):
        return None
    if primary_metric_kind == "rate":
        per_arm = experiment.users_per_arm_for_rates(primary_baseline, effect_absolute)
    else:
        per_arm = experiment.users_per_arm_for_means(primary_sd or 0.0, effect_absolute)
    units = max(1.0, eligible_per_day / 24 / places)
    return up(2 * per_arm * experiment.design_effect(units, 0.01) / units)


@figure("count", "experiment", "slots / (24 x places) days, at least 14, rounded up to weeks")
def slot_weeks(slots_total: float, places: float) -> float:
    """Whole weeks of a switchback."""
    from mlworkflow.numbers.experiment import weeks_needed

    return weeks_needed(slots_total, 24 * places)


@figure(
    "duration",
    "experiment",
    "weeks x 7 days + the longer of label maturity and outcome window (their sum where the window is shorter than the "
    "horizon of a label); after an interleaving of two weeks, the longest that is allowed at most",
)
def experiment_decided(
    experiment_weeks: float, experiment_kind: str, experiment_wait: float, max_weeks: float | None = None
) -> float:
    """Time from first exposure to a decision."""
    weeks = experiment_weeks
    if experiment_kind == "interleaving":
        weeks = 2 + min(experiment_weeks, max_weeks or experiment_weeks)
    return weeks * 7 * DAY + experiment_wait


@figure(
    "number", "experiment", "the size formula solved for the effect, n = units of one arm in the longest experiment"
)
def detectable_effect(
    primary_metric_kind: str,
    primary_baseline: float,
    eligible_per_day: float,
    max_weeks: float,
    treatment_share: float,
    clustered: bool,
    primary_sd: float | None = None,
    minimum_effect: Any = None,
    control_share: float | None = None,
    people_there: float | None = None,
    holds_out: bool = False,
) -> float | None:
    """Smallest effect that this traffic can show in the longest experiment."""
    from mlworkflow.numbers import experiment

    if clustered:
        return None
    control = control_share or 1 - treatment_share
    reached = min(eligible_per_day * 7 * max_weeks, people_there or float("inf"))
    per_arm = reached * 2 * treatment_share * control / (treatment_share + control) / (2 if holds_out else 1)
    if per_arm <= 0:
        return None
    if primary_metric_kind == "rate":
        falling = minimum_effect is not None and minimum_effect.size < 0
        return abs(experiment.detectable_effect_for_rates(primary_baseline, per_arm, falling=falling))
    if primary_sd is None:
        return None
    return float((1.959964 + 0.841621) * primary_sd * (2 / per_arm) ** 0.5)


@figure("count", "experiment", "longest experiment in weeks x 7 x units a day")
def units_in_time(max_weeks: float, eligible_per_day: float) -> float | None:
    """Units that the longest experiment brings."""
    return max_weeks * 7 * eligible_per_day or None


@figure("number", "experiment", "sqrt(1 - units that the longest experiment brings / units needed)")
def correlation_needed(users_total: float, units_in_time: float) -> float | None:
    """Correlation of the business metric with a figure from before with which the units are enough."""
    from mlworkflow.numbers import experiment

    return experiment.correlation_needed(units_in_time, users_total) or None


# ------------------------------------------------------------------ rollback and canary

ALLOWED = "1 - availability, 1 % if none was given"


def _errors(low_traffic: bool, load: float, availability: float | None) -> Any:
    """The quickest count that three times the allowed errors pass; none where a few requests in a row must do."""
    from mlworkflow.numbers.alarms import error_rule

    allowed = 0.01 if availability is None else 1 - availability
    return None if low_traffic or load <= 0 or allowed <= 0 else error_rule(load * allowed)


@figure(
    "duration",
    "experiment",
    "shortest window whose count of errors is passed at 3 times the allowed share in 8 of 10 cases and at the allowed "
    f"share on 1 day of 20 (Poisson); allowed: {ALLOWED}; 5 % of the mean load",
)
def canary_window(
    any_online: bool,
    low_traffic: bool,
    mean_load: float,
    availability: float | None = None,
    shares_supply: bool = False,
) -> float | None:
    """Time in which a canary of 5 % shows three times the allowed errors."""
    rule = _errors(low_traffic, CANARY_SHARE * mean_load, availability) if any_online and not shares_supply else None
    return rule.seconds if rule else None


@figure("count", "experiment", "the count of that window")
def canary_errors(canary_window: float, mean_load: float, availability: float | None = None) -> float | None:
    """Failed requests of a canary in that time that take it back."""
    rule = _errors(False, CANARY_SHARE * mean_load, availability)
    return rule.errors if rule else None


@figure("count", "experiment", "5 % of the mean load x that window")
def canary_requests(canary_window: float, mean_load: float) -> float:
    """Requests of a canary of 5 % in that time."""
    return CANARY_SHARE * mean_load * canary_window


@figure("duration", "experiment", "as for the canary, at the whole mean load")
def service_window(
    any_online: bool, low_traffic: bool, mean_load: float, availability: float | None = None
) -> float | None:
    """Time in which the whole traffic shows three times the allowed errors."""
    rule = _errors(low_traffic, mean_load, availability) if any_online else None
    return rule.seconds if rule else None


@figure("count", "experiment", "the count of that window")
def service_errors(service_window: float, mean_load: float, availability: float | None = None) -> float | None:
    """Failed requests of the whole traffic in that time that take a release back."""
    rule = _errors(False, mean_load, availability)
    return rule.errors if rule else None


@figure("count", "experiment", "mean load x that window")
def service_requests(service_window: float, mean_load: float) -> float:
    """Requests of the whole traffic in that time."""
    return mean_load * service_window


@figure("count", "experiment", "the larger of today's actions and the capacity less random and planted reviews")
def reviews_at_least(
    experiment_kind: str, actions_of_baseline: float, action_capacity: float, set_aside_reviews: float | None = None
) -> float | None:
    """Cases of a period that one of two flags, if one finds all that the other finds."""
    return (
        max(actions_of_baseline, action_capacity - (set_aside_reviews or 0))
        if experiment_kind == "parallel-run"
        else None
    )


@figure("count", "experiment", "today's actions + capacity - random and planted reviews")
def reviews_at_most(
    experiment_kind: str, actions_of_baseline: float, action_capacity: float, set_aside_reviews: float | None = None
) -> float | None:
    """Cases of a period that one of two flags, if the two find different ones."""
    return (
        actions_of_baseline + action_capacity - (set_aside_reviews or 0) if experiment_kind == "parallel-run" else None
    )


# ------------------------------------------------------------------ serving


@figure("number", "serving", "peak load x service time", ("peak_load",))
def in_flight(peak: float, service_time: float) -> float:
    """Predictions being computed at once at the peak."""
    return peak * service_time


@figure(
    "duration",
    "serving",
    "as measured; else service time x 2.68, a lognormal with squared coefficient of variation 0.25",
    ("service_p99",),
)
def slowest_service(problem_type: str, service_time: float, service_p99: float | None = None) -> float | None:
    """Time within which 99 of 100 predictions are computed."""
    from mlworkflow.numbers.serving import lognormal_p99

    if problem_type == "generative":
        return None
    return service_p99 if service_p99 is not None else lognormal_p99(service_time, 0.25)


@figure("share", "serving", "40 % of the time allowed, or 1.25 x slowest service / time allowed where that is more")
def model_part(mode_ids: Any, slowest_service: float, latency_limit: float) -> float | None:
    """Share of the p99 that waiting for the model and computing may take."""
    if "real-time" not in (mode_ids or ()) or latency_limit <= 0:
        return None
    return float(min(1.0, max(MODEL_PART, 1.25 * slowest_service / latency_limit)))


@figure(
    "count",
    "serving",
    "fewest one-at-a-time workers on one shared queue that keep p99 (Allen-Cunneen, "
    "model's part of the limit) and stay under 70 % busy",
)
def workers_for_p99(
    peak: float,
    service_time: float,
    slowest_service: float,
    latency_limit: float,
    any_online: bool,
    model_part: float | None = None,
) -> float | None:
    """Workers that keep p99 at the peak."""
    from mlworkflow.numbers import serving

    if not any_online:
        return None
    allowed = latency_limit * (model_part or 1)
    for_p99 = serving.replicas_for_p99(peak, service_time, allowed, service_p99=slowest_service)
    return max(for_p99, serving.replicas_for_utilisation(peak, service_time, 0.7))


def with_a_spare(workers: float, cloud: str | None) -> float:
    """Return the workers that leave enough when one of three zones, or one machine of our own, is lost."""
    from mlworkflow.numbers.serving import replicas_for_zone_loss

    return workers + 1 if cloud == "on-prem" else replicas_for_zone_loss(int(workers), 3)


@figure("count", "serving", "zones x ceil(workers / (zones - 1)), 3 zones; on our own machines workers + 1")
def workers_with_spare_zone(workers_for_p99: float, cloud: str | None = None) -> float:
    """Workers that survive the loss of one of three zones, or of one machine on our own."""
    return with_a_spare(workers_for_p99, cloud)


@figure("duration", "serving", "(1 - availability) x 30 days")
def downtime_allowed(availability: float) -> float:
    """Time without an answer that 30 days may have."""
    from mlworkflow.numbers.serving import downtime_minutes

    return downtime_minutes(availability) * 60


@figure("share", "serving", "items per second on one device x service time")
def device_busy(
    peak: float, service_time: float, mode_ids: tuple[str, ...], devices: float | None = None
) -> float | None:
    """Share of its time that one device computes."""
    if "edge" not in mode_ids:
        return None
    return peak * service_time / max(devices or 1, 1)


@figure("number", "serving", "rows / time for a scheduled run")
def batch_rate(rows_per_run: float, ready_by: float) -> float:
    """Rows to score each second of a scheduled run."""
    from mlworkflow.numbers.validity import positive

    positive("the time for a scheduled run", ready_by)
    return rows_per_run / ready_by


@figure("duration", "serving", "rows x service time")
def run_time(mode_ids: tuple[str, ...], rows_per_run: float, service_time: float) -> float | None:
    """Time that one worker needs for a scheduled run."""
    return rows_per_run * service_time if "batch" in mode_ids else None


@figure("count", "serving", "time of the run on one worker / time allowed, rounded up")
def run_workers(run_time: float, ready_by: float) -> float | None:
    """Workers that finish a scheduled run in time."""
    from mlworkflow.numbers.validity import up

    return max(1, up(run_time / ready_by)) if ready_by > 0 else None


@figure(
    "count",
    "serving",
    "the larger of mean load x service time / 70 % and, where a wait was promised, "
    "peak x service time x 1 h / (1 h + longest wait), rounded up",
)
def queue_workers(
    mode_ids: tuple[str, ...],
    mean_load: float,
    peak: float,
    service_time: float,
    longest_wait: float | None = None,
) -> float | None:
    """Workers that suffice where jobs wait out an hour at the peak."""
    from mlworkflow.numbers.serving import workers_for_burst

    if "queue" not in mode_ids or mean_load <= 0 or service_time <= 0:
        return None
    return workers_for_burst(mean_load, peak, service_time, HOUR, longest_wait or None)


@figure("number", "serving", "mean load x mean wait (Allen-Cunneen, squared coefficient of variation 0.25)")
def queue_depth(queue_workers: float, mean_load: float, service_time: float) -> float:
    """Jobs that wait at the mean load."""
    from mlworkflow.numbers.serving import wait

    return mean_load * wait(mean_load, service_time, int(queue_workers), 0.25)


@figure("count", "serving", "1 h x (peak - workers / service time)")
def queue_backlog(queue_workers: float, peak: float, service_time: float) -> float | None:
    """Jobs that wait after an hour at the peak."""
    from mlworkflow.numbers.serving import backlog_after_burst

    return backlog_after_burst(peak, queue_workers / service_time, HOUR) or None


@figure("duration", "serving", "jobs that wait / (workers / service time - mean load)")
def queue_drain(queue_backlog: float, queue_workers: float, service_time: float, mean_load: float) -> float:
    """Time until they are gone at the mean load."""
    from mlworkflow.numbers.serving import queue_drain_seconds

    return queue_drain_seconds(queue_backlog, mean_load, queue_workers / service_time)


@figure("count", "serving", "mean load x 30 days")
def requests_per_month(mean_load: float) -> float:
    """Requests or events in 30 days."""
    return mean_load * 30 * DAY


LAST_REQUESTS = 100


@figure(
    "count", "monitoring", "smallest k with requests a month x 1 % x 99 % x B(k - 1; 99, 1 %) <= false alarms a month"
)
def slow_alarm(
    any_online: bool,
    few_for_p99: bool,
    latency_p99: float,
    requests_per_month: float,
    false_alarms_per_month: float | None = None,
) -> float | None:
    """Requests of the last 100 above the p99 limit that mean more than chance."""
    from mlworkflow.numbers.alarms import count_that_alarms

    if not any_online or not few_for_p99 or requests_per_month <= 0:
        return None
    return float(count_that_alarms(requests_per_month, LAST_REQUESTS, 0.01, false_alarms_per_month or 1.0))


@figure("number", "monitoring", "requests a month x 1 % x 99 % x B(k - 1; 99, 1 %), k = the count that alarms")
def slow_by_chance(slow_alarm: float, requests_per_month: float) -> float:
    """False alarms a month of that count when the p99 limit is just kept."""
    from mlworkflow.numbers.alarms import count_onsets

    return count_onsets(requests_per_month, int(slow_alarm), LAST_REQUESTS, 0.01)


@figure("count", "serving", "load x 1 day, or rows of a run / days between runs")
def arrivals(
    mean_load: float | None = None, rows_per_run: float | None = None, freshness: float | None = None
) -> float | None:
    """Cases that arrive in a day."""
    if mean_load is not None:
        return float(round(mean_load * DAY))
    return None if rows_per_run is None else float(round(rows_per_run / max((freshness or DAY) / DAY, 1)))


@figure("count", "serving", "cases of a day - reviews a day, where a person confirms each")
def queue_growth(each_is_confirmed: bool, arrivals: float, reviews_per_day: float) -> float | None:
    """Cases by which the queue of those who confirm grows in a day."""
    return arrivals - reviews_per_day if each_is_confirmed and arrivals > reviews_per_day else None


# ------------------------------------------------------------------ generative


@figure("number", "serving", "(tokens in x price in + tokens out x price out) / 1000")
def cost_per_thousand_requests(tokens_in: float, tokens_out: float, price_in: Any, price_out: Any) -> float:
    """Model cost of 1,000 requests by API."""
    from mlworkflow.numbers.llm import cost_per_thousand_requests_api

    return cost_per_thousand_requests_api(tokens_in, tokens_out, price_in.amount, price_out.amount)


@figure("number", "serving", "cost of 1,000 requests x requests a month / 1000")
def model_cost_per_month(cost_per_thousand_requests: float, requests_per_month: float) -> float:
    """Model cost a month by API."""
    return cost_per_thousand_requests * requests_per_month / 1000


@figure("number", "serving", "peak load x 60 s x (tokens in + tokens out)")
def tokens_per_minute(model_access: str, peak: float, tokens_in: float, tokens_out: float) -> float | None:
    """Tokens a minute at the peak."""
    if model_access == "self-hosted":
        return None
    return peak * 60 * (tokens_in + tokens_out)


@figure("count", "training", "half of the golden set, rounded down")
def golden_locked(golden_set: float) -> float | None:
    """Golden cases that no prompt is tuned on."""
    return float(golden_set // 2) if golden_set >= 2 else None


@figure("number", "training", "1.96 sqrt(t (1 - t) / locked cases), t = success threshold")
def golden_locked_margin(deciding_metric: str, success_threshold: float, golden_locked: float) -> float | None:
    """Half the 95 % interval of the pass rate on the locked cases."""
    if deciding_metric != "golden-set-pass-rate" or not 0 < success_threshold < 1:
        return None
    return float(1.96 * (success_threshold * (1 - success_threshold) / golden_locked) ** 0.5)


@figure("count", "monitoring", "1.96 sqrt(0.1 x golden set), rounded up: one case in ten flips by chance")
def golden_alarm(golden_set: float) -> float | None:
    """More cases lost than won than chance explains."""
    if golden_set <= 0:
        return None
    return float(-(-(1.96 * (0.1 * golden_set) ** 0.5) // 1))


@figure("count", "monitoring", "min(100, 5 x reviews a day)")
def audit_sample(reviews_per_day: float | None = None) -> float:
    """Outputs that people read in a week."""
    return 100.0 if not reviews_per_day else min(100.0, 5 * reviews_per_day)


@figure(
    "count",
    "monitoring",
    "95 % limit of a Poisson count with mean audit sample x tolerated share (5 % if none was given)",
)
def audit_limit(audit_sample: float, highest_wrong_share: float | None = None) -> float:
    """Wrong ones in the weekly sample that chance explains at the tolerated share."""
    from mlworkflow.numbers.distributions import poisson_limit

    tolerated = 0.05 if highest_wrong_share is None else highest_wrong_share
    return float(poisson_limit(audit_sample * tolerated, 0.95))


# ------------------------------------------------------------------ monitoring


@figure("count", "monitoring", "2 x chi-square(0.95; 9) / 0.1, for 10 bins")
def rows_for_psi() -> float:
    """Rows each window needs before a PSI of 0.1 means anything."""
    from mlworkflow.numbers.drift import rows_for_psi_threshold

    return rows_for_psi_threshold(10, 0.1)


@figure("count", "monitoring", "7 days x reviews a day x 5 % drawn at random x prevalence")
def audit_positives(reviews_per_day: float, prevalence: float) -> float:
    """Positive cases in the random share of a week's reviews."""
    return float(int(7 * reviews_per_day * 0.05 * prevalence))


@figure("share", "monitoring", "false alarms a month / (monitored features x windows a month)")
def alarm_level(
    false_alarms_per_month: float, monitored_feature_count: float, drift_windows_per_month: float
) -> float | None:
    """Chance of a false alarm that one test may have."""
    if monitored_feature_count <= 0:
        return None
    return min(0.05, false_alarms_per_month / (monitored_feature_count * drift_windows_per_month))


@figure("number", "monitoring", "30 days / drift window")
def drift_windows_per_month(drift_window: float) -> float:
    """Drift windows in 30 days."""
    return 30 * DAY / drift_window


@figure(
    "duration", "monitoring", "whole days until a window holds the rows that PSI needs; 7 where the volume is not known"
)
def drift_window(
    rows_for_psi: float, rows_per_day: float | None = None, rows_per_run: float | None = None
) -> float | None:
    """Length of the current window of the drift monitors."""
    if not rows_per_day:
        return None if rows_per_run else 7 * DAY  # the window is counted in runs
    days = -(-rows_for_psi // max(rows_per_day, 1e-9))
    return (1 if days <= 1 else 7 * -(-days // 7)) * DAY


def _different(rows: float, repeats: bool, population: float | None) -> float:
    """The rows, or the units where the same ones come again and again."""
    return min(rows, population) if repeats and population else rows


@figure(
    "count", "monitoring", "rows a day x current window; each unit once, so the population at most, where units repeat"
)
def drift_rows(
    drift_window: float, rows_per_day: float, new_cases_each_run: bool, population: float | None = None
) -> float | None:
    """Rows of one current window of the drift monitors."""
    return _different(rows_per_day * drift_window / DAY, not new_cases_each_run, population) if rows_per_day else None


@figure(
    "count", "monitoring", "rows a day x 28 days, or x the current window where that is longer; each unit once as well"
)
def reference_rows(
    drift_window: float, rows_per_day: float, new_cases_each_run: bool, population: float | None = None
) -> float | None:
    """Rows of the reference of the drift monitors."""
    rows = rows_per_day * max(28 * DAY, drift_window) / DAY
    return _different(rows, not new_cases_each_run, population) if rows_per_day else None


@figure("number", "monitoring", "chi-square(1 - level; 9) x (1/n + 1/m), n rows against m of the reference")
def psi_by_chance(alarm_level: float, drift_rows: float, reference_rows: float) -> float:
    """PSI that chance alone reaches at the false alarms that are tolerated."""
    from mlworkflow.numbers.drift import psi_critical

    return psi_critical(10, max(reference_rows, 10), max(drift_rows, 10), alarm_level)


@figure("number", "monitoring", "the larger of 0.1 and the PSI that chance alone reaches")
def psi_threshold(psi_by_chance: float) -> float:
    """PSI above which a feature has drifted."""
    return max(0.1, psi_by_chance)


@figure(
    "number",
    "monitoring",
    "move of a normal feature whose PSI over deciles passes the threshold in both of two windows with 80 % "
    "(non-central chi-square, 9 degrees of freedom, 1/n + 1/m)",
)
def visible_shift(drift_statistic: str, psi_threshold: float, drift_rows: float, reference_rows: float) -> float | None:
    """Smallest move of a feature's mean, in standard deviations, that two windows running show."""
    from mlworkflow.numbers.drift import power_of_each, shift_seen_by_psi

    if drift_statistic != "psi":
        return None
    return shift_seen_by_psi(10, reference_rows, drift_rows, psi_threshold, power_of_each(2))


@figure("number", "monitoring", "as for a feature, at the threshold of 0.1 for the PSI of the predictions")
def visible_score_shift(drift_statistic: str, drift_rows: float, reference_rows: float) -> float | None:
    """Smallest move of the mean prediction, in standard deviations, that two windows running show."""
    from mlworkflow.numbers.drift import power_of_each, shift_seen_by_psi

    return shift_seen_by_psi(10, reference_rows, drift_rows, 0.1, power_of_each(2))


@figure(
    "number",
    "monitoring",
    "sqrt(2) z(0.6 + z(89.4 %) x sd of the AUC by chance), 1,000 items against 1,000; 89.4 % in each makes 80 % in two",
)
def visible_item_shift(drift_statistic: str) -> float | None:
    """Smallest move along one direction of the embedding, in standard deviations, that two windows running show."""
    from mlworkflow.numbers.drift import power_of_each, shift_seen_by_auc

    return shift_seen_by_auc(1000, 1000, 0.6, power_of_each(2)) if drift_statistic == "embedding-classifier" else None


@figure(
    "number",
    "monitoring",
    "the larger of 20 % and 3 e, + z(89.4 %) e, e = sqrt((1 - p) / p (1/n + 1/m)) at p = 1 %; "
    "89.4 % in each makes 80 % in two",
)
def visible_share(drift_statistic: str, drift_rows: float, reference_rows: float) -> float | None:
    """Smallest relative change of a rare share of 1 %, in percent, that two windows running show."""
    from mlworkflow.numbers.drift import power_of_each, share_seen

    if drift_statistic != "share-and-quantiles" or drift_rows < 1000:
        return None
    errors = share_seen(RARE_SHARE, reference_rows, drift_rows, 1, 0.5)
    limit = max(0.2 * RARE_SHARE, 3 * errors) / errors
    return 100 * share_seen(RARE_SHARE, reference_rows, drift_rows, limit, power_of_each(2)) / RARE_SHARE


@figure("duration", "monitoring", "2 x current window")
def drift_delay(drift_statistic: str, drift_window: float) -> float | None:
    """Time from a shift to its alarm."""
    return None if drift_statistic == "embedding-classifier" else 2 * drift_window


@figure(
    "number",
    "monitoring",
    "5 % of the capacity where acting changes the outcome, 1 % where it hides it; the whole capacity where picks show "
    "their outcome; x 7 where a period is a day; labels a week x prevalence where recall decides",
)
def cohort_cases(
    concept_check: str,
    deciding_metric: str,
    action_capacity: float | None = None,
    action_effect: str | None = None,
    labels_per_week: float | None = None,
    prevalence: float | None = None,
    acts_daily: bool = False,
) -> float | None:
    """Cases by which one period, or week, is judged once their labels are mature."""
    if deciding_metric in PICKED and action_capacity:
        share = UNTOUCHED.get(action_effect or "", 1.0) if concept_check == "control-group" else 1.0
        return action_capacity * share * (7 if acts_daily else 1) if concept_check in OF_RATES else None
    if deciding_metric != "recall" or concept_check not in ("matured-metric", "proxy-and-matured"):
        return None
    return labels_per_week * prevalence or None if labels_per_week and prevalence else None


def _cohorts(cases: float, threshold: float, baseline: float, alarms: float) -> Any:
    from mlworkflow.numbers.alarms import cohort_rule

    if not 0 < baseline < threshold < 1 or cases <= 0 or alarms <= 0:
        return None
    return cohort_rule(cases, threshold, baseline, min(0.05, alarms / 30))


@figure(
    "count",
    "monitoring",
    "the number for which the mean time until the alarm is shortest, (1 + p) / p^2 cohorts, p = chance that one alarms "
    "after a fall to today's baseline",
)
def cohort_periods(
    cohort_cases: float, success_threshold: float, baseline_value: float, false_alarms_per_month: float
) -> float | None:
    """Periods that one cohort pools."""
    rule = _cohorts(cohort_cases, success_threshold, baseline_value, false_alarms_per_month)
    return rule.pooled if rule else None


@figure("count", "monitoring", "cases of a period x pooled periods, rounded down")
def cohort_size(cohort_cases: float, cohort_periods: float) -> float:
    """Cases of one cohort."""
    return float(int(cohort_cases * cohort_periods))


@figure(
    "count",
    "monitoring",
    "largest count that is undercut or met at the success threshold with a chance of sqrt(a) (binomial), "
    "a = 5 % of pairs, or tolerated false alarms a month / 30 where that is less",
)
def cohort_limit(
    cohort_periods: float, cohort_cases: float, success_threshold: float, baseline_value: float,
    false_alarms_per_month: float,
) -> float | None:  # fmt: skip
    """Right ones of a cohort, at most, that alarm when two cohorts run so low."""
    rule = _cohorts(cohort_cases, success_threshold, baseline_value, false_alarms_per_month)
    return rule.limit if rule else None


@figure("number", "monitoring", "(limit of right ones + 1/2) / cases of one cohort")
def cohort_floor(cohort_limit: float, cohort_size: float) -> float:
    """Value between the highest count that alarms and the lowest that does not."""
    return float((cohort_limit + 0.5) / cohort_size)


@figure("share", "monitoring", "square of the binomial chance of so few right ones at the success threshold")
def cohort_false_alarm(cohort_limit: float, cohort_size: float, success_threshold: float) -> float:
    """Chance that two cohorts running alarm though the threshold is met."""
    from mlworkflow.numbers.alarms import at_most

    return at_most(int(cohort_limit), int(cohort_size), success_threshold) ** 2


@figure("number", "monitoring", "pooled periods x (1 + p) / p^2, p = binomial chance of so few at today's baseline")
def cohort_wait(cohort_limit: float, cohort_size: float, cohort_periods: float, baseline_value: float) -> float:
    """Periods on average from a fall to today's baseline until two cohorts running have alarmed."""
    from mlworkflow.numbers.alarms import at_most

    seen = at_most(int(cohort_limit), int(cohort_size), baseline_value)
    return cohort_periods * (1 + seen) / seen**2


OF_RATES = ("control-group", "matured-metric", "proxy-and-matured")
OF_COHORTS = ("matured-metric", "proxy-and-matured", "control-group", "residual-by-horizon")


@figure("duration", "monitoring", "2 x 7 days + time until labels are mature")
def quality_delay(concept_check: str, label_age: float, cohort_wait: float | None = None) -> float | None:
    """Time from a loss of quality to its alarm, where cohorts are counted in weeks."""
    return 2 * WEEK + label_age if concept_check in OF_COHORTS and cohort_wait is None else None


@figure("share", "monitoring", "rate at which a binomial count of the sample exceeds the limit with 80 %")
def visible_wrong_share(concept_check: str, audit_sample: float, audit_limit: float) -> float | None:
    """Smallest share of wrong outputs that one weekly sample shows."""
    from mlworkflow.numbers.drift import rate_seen

    return rate_seen(int(audit_limit), int(audit_sample)) if concept_check == "audited-sample" else None


@figure("number", "monitoring", "100 x (cases that alarm + z(89.4 %) sqrt(0.1 x golden set)) / golden set")
def visible_golden_fall(golden_alarm: float, golden_set: float) -> float | None:
    """Smallest fall of the golden set, in points, that two nightly runs show."""
    from mlworkflow.numbers.drift import power_of_each
    from mlworkflow.numbers.normal import power_z

    lost = golden_alarm + power_z(power_of_each(2)) * (0.1 * golden_set) ** 0.5
    return 100 * lost / golden_set if lost < golden_set else None


# ------------------------------------------------------------------ error budget


@figure("share", "monitoring", "14.4 x (1 - availability): 2 % of a month's budget in an hour")
def fast_burn_rate(any_online: bool, availability: float) -> float | None:
    """Error rate that pages at once."""
    return _burn(availability, 0.02, 1) if any_online else None


@figure("share", "monitoring", "6 x (1 - availability): 5 % of a month's budget in 6 hours")
def slow_burn_rate(any_online: bool, availability: float) -> float | None:
    """Error rate that pages when it lasts."""
    return _burn(availability, 0.05, 6) if any_online else None


@figure("share", "monitoring", "1 x (1 - availability): 10 % of a month's budget in 3 days")
def ticket_burn_rate(any_online: bool, availability: float) -> float | None:
    """Error rate that opens a ticket."""
    return _burn(availability, 0.1, 72) if any_online else None


def _burn(availability: float, budget_share: float, hours: float) -> float | None:
    """The error rate of an alert; none where it would have to exceed 100 %."""
    from mlworkflow.numbers import slo

    burn = slo.burn_threshold(budget_share, hours)
    return slo.alert_error_rate(availability, burn) if slo.can_burn_alert_fire(availability, burn) else None


@figure("number", "monitoring", "error rate that pages at once x mean load x 1 h")
def fast_burn_failures(fast_burn_rate: float, mean_load: float) -> float:
    """Failed requests of an hour that page at once."""
    return fast_burn_rate * mean_load * HOUR


@figure("number", "monitoring", "error rate that pages at once x mean load x 5 min")
def fast_burn_failures_short(fast_burn_rate: float, mean_load: float) -> float:
    """Failed requests of 5 minutes that page at once."""
    return fast_burn_rate * mean_load * 300


@figure("number", "monitoring", "error rate that pages when it lasts x mean load x 6 h")
def slow_burn_failures(slow_burn_rate: float, mean_load: float) -> float:
    """Failed requests of 6 hours that page."""
    return slow_burn_rate * mean_load * 6 * HOUR


@figure("number", "monitoring", "error rate that pages when it lasts x mean load x 30 min")
def slow_burn_failures_short(slow_burn_rate: float, mean_load: float) -> float:
    """Failed requests of 30 minutes that page."""
    return slow_burn_rate * mean_load * 1800


@figure("number", "monitoring", "error rate that opens a ticket x mean load x 3 days")
def ticket_burn_failures(ticket_burn_rate: float, mean_load: float) -> float:
    """Failed requests of 3 days that open a ticket."""
    return ticket_burn_rate * mean_load * 3 * DAY


# ------------------------------------------------------------------ retraining and upkeep


@figure("duration", "monitoring", "time until labels are mature")
def newest_labels(label_age: float) -> float:
    """Age of the newest labels that a retraining may read."""
    return label_age


@figure(
    "duration",
    "monitoring",
    "sqrt(2 C / d), C = cost of a retraining, d = points a month / 30 x value of a point a month / 30",
)
def best_interval(metric_decay: float, metric_value: Any, retrain_cost: Any) -> float | None:
    """Interval between retrainings that costs least."""
    from mlworkflow.numbers import retraining

    growth = metric_decay / 30 * metric_value.amount / 30
    if growth <= 0 or retrain_cost.amount <= 0 or metric_value.currency != retrain_cost.currency:
        return None
    return retraining.best_interval(retrain_cost.amount, growth) * DAY


@figure("number", "monitoring", "d x 365 x 365 / 2, d = points a month / 30 x value of a point a month / 30")
def decay_in_a_year(metric_decay: float, metric_value: Any) -> float:
    """What a year without any retraining loses."""
    return float(metric_decay / 30 * metric_value.amount / 30 * 365 * 365 / 2)


CADENCE_DAYS = {"quarterly": 91, "monthly": 30, "weekly": 7, "daily": 1}


@figure("number", "monitoring", "(T / best + best / T) / 2, T = chosen cadence in days")
def cadence_penalty(retraining_cadence: str, best_interval: float) -> float | None:
    """Times the least cost that the chosen cadence costs."""
    from mlworkflow.numbers import retraining

    days = CADENCE_DAYS.get(retraining_cadence)
    return None if days is None else retraining.penalty(days * DAY / best_interval)


@figure("number", "rationale", "sum of the upkeep hours of the chosen tools (none 0, light 2, moderate 6, heavy 16)")
def upkeep_hours(chosen_upkeep: tuple[str, ...]) -> float:
    """Hours a month that the chosen tools want."""
    hours = {"none": 0, "light": 2, "moderate": 6, "heavy": 16}
    return float(sum(hours[upkeep] for upkeep in chosen_upkeep))
