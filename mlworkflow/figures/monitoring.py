"""What monitors can see, when, and how often they alarm by chance."""

from __future__ import annotations

from typing import Any

from mlworkflow.figures.mistakes import PICKED
from mlworkflow.figures.registry import DAY, WEEK, figure

RARE_SHARE = 0.01
UNTOUCHED = {"changes": 0.05, "prevents": 0.01}


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


@figure(
    "number", "monitoring", "chi-square(1 - level; 9) x (1/n + 1/m), n = rows of a window, m = rows of the reference"
)
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
    "(non-central chi-square, 9 degrees of freedom, 1/n + 1/m, n = rows of a window, m = rows of the reference)",
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
    "the larger of 20 % and 3 e, + z(89.4 %) e, e = sqrt(99 % / 1 % x (1/n + 1/m)), n = rows of a window, m = rows of the reference; "
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
    "share",
    "monitoring",
    "as said, else 5 % where acting changes the outcome, 1 % where it hides it",
    assumes=("untouched_share",),
)
def left_alone(
    concept_check: str, action_effect: str | None = None, untouched_share: float | None = None
) -> float | None:
    """Share of the cases that stays untouched to judge by."""
    return untouched_share or UNTOUCHED.get(action_effect or "") if concept_check == "control-group" else None


@figure(
    "number",
    "monitoring",
    "the untouched share of the capacity; the whole capacity where picks show "
    "their outcome; x 7 where a period is a day; labels a week x prevalence where recall decides",
)
def cohort_cases(
    concept_check: str,
    deciding_metric: str,
    action_capacity: float | None = None,
    labels_per_week: float | None = None,
    prevalence: float | None = None,
    acts_daily: bool = False,
    left_alone: float | None = None,
) -> float | None:
    """Cases by which one period, or week, is judged once their labels are mature."""
    if deciding_metric in PICKED and action_capacity:
        return action_capacity * (left_alone or 1.0) * (7 if acts_daily else 1) if concept_check in OF_RATES else None
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
    "the number for which the mean time until the alarm is shortest, (1 + g) / g^2 cohorts, g = chance that one alarms "
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
    "largest count that is undercut or met at the success threshold with a chance of sqrt(v) (binomial), "
    "v = 5 % of pairs, or tolerated false alarms a month / 30 where that is less",
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


@figure(
    "number",
    "monitoring",
    "pooled periods x (1 + g) / g^2, g = chance that one alarms after a fall to today's baseline",
)
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
