"""How many units an experiment takes, how long it lasts, and what it can show."""

from __future__ import annotations

from typing import Any

from mlworkflow.figures.mistakes import PICKED
from mlworkflow.figures.registry import DAY, figure


@figure("number", "experiment", "relative effect x value today, or the absolute effect itself")
def effect_absolute(primary_baseline: float, minimum_effect: Any) -> float:
    """Smallest effect to detect, in absolute terms."""
    return float(minimum_effect.size * primary_baseline if minimum_effect.relative else minimum_effect.size)


@figure(
    "number",
    "experiment",
    "value today x ((1 - success threshold) / (1 - baseline recall) - 1), where the value counts the missed cases of a day",
)
def effect_of_success(
    deciding_metric: str,
    primary_metric_kind: str,
    primary_baseline: float,
    success_threshold: float,
    baseline_recall: float,
    missed_per_period: float,
    eligible_per_day: float,
) -> float | None:
    """Change of the business metric that the success threshold brings."""
    if deciding_metric != "recall" or primary_metric_kind != "rate" or not 0 < baseline_recall < success_threshold < 1:
        return None
    if not 0.9 * missed_per_period <= primary_baseline * eligible_per_day <= 1.1 * missed_per_period:
        return None
    return primary_baseline * ((1 - success_threshold) / (1 - baseline_recall) - 1)


@figure(
    "count",
    "experiment",
    "rates: (z(1-a/2) sqrt(2 p q) + z(power) sqrt(p1 q1 + p2 q2))^2 / (p2 - p1)^2, p = rate of both arms pooled, q = 1 - p; "
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
    "2 x units per arm x looks factor / (4 h (1 - h)), h = share of the treatment in the units that enter; in a "
    "hold-out the larger of 2 x units per cell / h, for the two cells of the model's picks, acted on or not, and "
    "untouched picks of a list / (h (1 - h)), x looks factor",
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

    share = treatment_share / (treatment_share + (control_share or 1 - treatment_share))
    if not holds_out:
        return validity.up(experiment.total_users(users_per_arm, share) * looks_factor)
    # Acting is judged among the model's picks alone; only the untouched of both lists share the whole traffic.
    lists = 2 * experiment.total_users(untouched_per_list, share) if untouched_per_list else 0.0
    return validity.up(max(2 * users_per_arm / share, lists) * looks_factor)


@figure("count", "experiment", "units in the whole experiment x share of its smallest arm, or cell of a hold-out")
def units_in_smallest(
    users_total: float, treatment_share: float, holds_out: bool, control_share: float | None = None
) -> float:
    """Units that the smallest arm holds when the whole experiment has its size."""
    share = treatment_share / (treatment_share + (control_share or 1 - treatment_share))
    return float(int(users_total * min(share, 1 - share) / (2 if holds_out else 1) + 1e-6))


@figure(
    "number",
    "experiment",
    "(1.960 + 0.842) sqrt(4 u (1 - u) / (units x h (1 - h))), u = metric of untouched picks, units of the longest "
    "experiment, h = share of the treatment in the units that enter",
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


@figure("number", "experiment", "the same, with the units of the planned weeks")
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
    "2 i (1 + (l - 1) x 0.01) / l, i = units per arm if they were independent, l = units of one place in one hour; "
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
    "number",
    "experiment",
    "the size formula solved for the effect, with the units of one arm in the longest experiment / looks factor; in a "
    "hold-out with those of one of the two cells of the model's picks",
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
    looks_factor: float | None = None,
) -> float | None:
    """Smallest effect that this traffic can show in the longest experiment."""
    from mlworkflow.numbers import experiment

    if clustered:
        return None
    control = control_share or 1 - treatment_share
    reached = min(eligible_per_day * 7 * max_weeks, people_there or float("inf"))
    split = 2 * treatment_share * control / (treatment_share + control)
    per_arm = reached * (treatment_share / 2 if holds_out else split) / (looks_factor or 1)
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
