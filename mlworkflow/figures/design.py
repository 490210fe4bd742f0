"""Binds the arithmetic of `numbers` to answers, facts and verdicts by name; each figure keeps its formula."""

from __future__ import annotations

from typing import Any

from mlworkflow.figures.registry import DAY, figure

PICKED = ("precision-at-k", "precision-at-budget")


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
    recall_at_threshold: float,
    action_capacity: float,
    success_threshold: float,
    population: float,
    prevalence: float,
    cost_missed: Any,
    cost_false_alarm: Any,
) -> float:
    """Cost per 1,000 decisions when the success threshold is just met."""
    false_alarms = action_capacity * (1 - success_threshold) / population
    missed = prevalence * (1 - recall_at_threshold)
    return float(1000 * (missed * cost_missed.amount + false_alarms * cost_false_alarm.amount))


@figure("share", "experiment", "cost of a false alarm / cost of a missed case")
def break_even_effect(
    action_effect: str, primary_metric_kind: str, capacity_limits: bool, cost_missed: Any, cost_false_alarm: Any
) -> float | None:
    """Share of acted cases that must be saved before acting pays."""
    if action_effect != "changes" or primary_metric_kind != "rate" or not capacity_limits or not cost_missed.amount:
        return None
    return float(cost_false_alarm.amount / cost_missed.amount)


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


@figure("share", "problem", "prevalence x recall / (prevalence x recall + (1 - prevalence) x false-alarm rate)")
def baseline_precision(prevalence: float, baseline_recall: float, baseline_false_alarm_rate: float) -> float:
    """Share of today's alarms that are right."""
    from mlworkflow.numbers.economics import precision_from_rates

    return precision_from_rates(prevalence, baseline_recall, baseline_false_alarm_rate)


@figure("share", "problem", "(capacity - population x prevalence x recall wanted) / (population x (1 - prevalence))")
def false_alarms_within_capacity(
    deciding_metric: str, action_capacity: float, population: float, prevalence: float, success_threshold: float
) -> float | None:
    """Highest false-alarm rate that the capacity leaves when the wanted recall is reached."""
    if deciding_metric != "recall":
        return None
    left = action_capacity - population * prevalence * success_threshold
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


# ------------------------------------------------------------------ data


@figure("count", "training", "1.96^2 x r (1 - r) / 0.05^2, r = success threshold where recall decides, else 80 %")
def positives_needed(deciding_metric: str, success_threshold: float | None = None) -> float:
    """Positive cases that the test set needs for +/- 5 points on recall."""
    from mlworkflow.numbers.data import positives_for_recall

    given = success_threshold if deciding_metric == "recall" else None
    return positives_for_recall(given if given is not None and 0 < given < 1 else 0.8, 0.05)


@figure("count", "training", "positives needed / prevalence")
def rows_needed(positives_needed: float, prevalence: float) -> float:
    """Rows that such a test set needs."""
    from mlworkflow.numbers.data import rows_for_positives

    return rows_for_positives(positives_needed, prevalence)


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


@figure("duration", "training", "max(label delay of 95 of 100 cases, horizon)")
def validation_gap(label_age: float) -> float:
    """Gap to leave between training and test periods."""
    return label_age


@figure("duration", "monitoring", "7 days + time until labels are mature")
def earliest_metric(label_age: float) -> float:
    """Earliest day with a trustworthy metric for one week of predictions."""
    return 7 * DAY + label_age


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
    primary_metric_kind: str, primary_baseline: float, effect_absolute: float, primary_sd: float | None = None
) -> float | None:
    """Units in each arm at a fixed horizon."""
    from mlworkflow.numbers import experiment
    from mlworkflow.numbers.validity import up

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


@figure("count", "experiment", "2 x units per arm x looks factor x 1 / (4 s (1 - s)), s = treatment share")
def users_total(users_per_arm: float, looks_factor: float, treatment_share: float) -> float:
    """Units in the whole experiment."""
    from mlworkflow.numbers import experiment, validity

    return validity.up(experiment.total_users(users_per_arm, treatment_share) * looks_factor)


@figure("count", "experiment", "max(14, ceil(units / eligible per day)) / 7, rounded up")
def experiment_weeks(users_total: float, eligible_per_day: float) -> float:
    """Whole weeks of exposure."""
    from mlworkflow.numbers.experiment import weeks_needed

    return weeks_needed(users_total, eligible_per_day)


@figure("duration", "experiment", "weeks x 7 days + the longer of label maturity and outcome window")
def experiment_decided(
    experiment_weeks: float, label_age: float | None = None, outcome_window: float | None = None
) -> float:
    """Time from first exposure to a decision."""
    return experiment_weeks * 7 * DAY + max(label_age or 0, outcome_window or 0)


@figure(
    "number", "experiment", "the size formula solved for the effect, n = units of one arm in the longest experiment"
)
def detectable_effect(
    primary_metric_kind: str,
    primary_baseline: float,
    eligible_per_day: float,
    max_weeks: float,
    treatment_share: float,
    primary_sd: float | None = None,
    minimum_effect: Any = None,
) -> float | None:
    """Smallest effect that this traffic can show in the longest experiment."""
    from mlworkflow.numbers import experiment

    per_arm = eligible_per_day * 7 * max_weeks * 2 * treatment_share * (1 - treatment_share)
    if per_arm <= 0:
        return None
    if primary_metric_kind == "rate":
        falling = minimum_effect is not None and minimum_effect.size < 0
        return abs(experiment.detectable_effect_for_rates(primary_baseline, per_arm, falling=falling))
    if primary_sd is None:
        return None
    return float((1.959964 + 0.841621) * primary_sd * (2 / per_arm) ** 0.5)


# ------------------------------------------------------------------ serving


@figure("number", "serving", "peak load x service time")
def in_flight(peak: float, service_time: float) -> float:
    """Predictions being computed at once at the peak."""
    return peak * service_time


@figure(
    "duration",
    "serving",
    "as measured; else service time x 2.68, a lognormal with squared coefficient of variation 0.25",
)
def slowest_service(problem_type: str, service_time: float, service_p99: float | None = None) -> float | None:
    """Time within which 99 of 100 predictions are computed."""
    from mlworkflow.numbers.serving import lognormal_p99

    if problem_type == "generative":
        return None
    return service_p99 if service_p99 is not None else lognormal_p99(service_time, 0.25)


@figure(
    "count",
    "serving",
    "fewest one-at-a-time workers on one shared queue that keep p99 (Allen-Cunneen) and stay under 70 % busy",
)
def workers_for_p99(
    peak: float, service_time: float, slowest_service: float, latency_limit: float, any_online: bool
) -> float | None:
    """Workers that keep p99 at the peak."""
    from mlworkflow.numbers import serving

    if not any_online:
        return None
    for_p99 = serving.replicas_for_p99(peak, service_time, latency_limit, service_p99=slowest_service)
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


@figure("count", "serving", "mean load x 30 days")
def requests_per_month(mean_load: float) -> float:
    """Requests or events in 30 days."""
    return mean_load * 30 * DAY


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
def audit_limit(audit_sample: float, highest_error_when_answering: float | None = None) -> float:
    """Wrong ones in the weekly sample that chance explains at the tolerated share."""
    from mlworkflow.numbers.distributions import poisson_limit

    tolerated = 0.05 if highest_error_when_answering is None else highest_error_when_answering
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
    false_alarms_per_month: float, used_feature_count: float, drift_windows_per_month: float
) -> float | None:
    """Chance of a false alarm that one test may have."""
    if used_feature_count <= 0:
        return None
    return min(0.05, false_alarms_per_month / (used_feature_count * drift_windows_per_month))


@figure("number", "monitoring", "30 days / drift window")
def drift_windows_per_month(drift_window: float) -> float:
    """Drift windows in 30 days."""
    return 30 * DAY / drift_window


@figure(
    "duration", "monitoring", "whole days until a window holds the rows that PSI needs; 7 where the volume is not known"
)
def drift_window(rows_for_psi: float, mean_load: float | None = None, rows_per_run: float | None = None) -> float:
    """Length of the current window of the drift monitors."""
    per_day = (mean_load * DAY) if mean_load else rows_per_run
    if not per_day:
        return 7 * DAY
    days = -(-rows_for_psi // max(per_day, 1e-9))
    return (1 if days <= 1 else 7 * -(-days // 7)) * DAY


@figure("number", "monitoring", "chi-square(1 - level; 9) x (1/n + 1/m)")
def psi_threshold(
    alarm_level: float, drift_window: float, mean_load: float | None = None, rows_per_run: float | None = None
) -> float | None:
    """PSI above which a feature has drifted (at least 0.1)."""
    from mlworkflow.numbers.drift import psi_critical

    per_day = (mean_load * DAY) if mean_load else rows_per_run
    if not per_day:
        return None
    window_rows = max(per_day * drift_window / DAY, 10)
    return max(0.1, psi_critical(10, 4 * window_rows, window_rows, alarm_level))


# ------------------------------------------------------------------ retraining and upkeep


@figure("duration", "monitoring", "time until labels are mature")
def newest_labels(label_age: float) -> float:
    """Age of the newest labels that a retraining may read."""
    return label_age


@figure("number", "rationale", "sum of the upkeep hours of the chosen tools (none 0, light 2, moderate 6, heavy 16)")
def upkeep_hours(chosen_upkeep: tuple[str, ...]) -> float:
    """Hours a month that the chosen tools want."""
    hours = {"none": 0, "light": 2, "moderate": 6, "heavy": 16}
    return float(sum(hours[upkeep] for upkeep in chosen_upkeep))
