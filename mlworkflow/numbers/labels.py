"""How long the truth takes to arrive, and what it does to a metric until then."""

from __future__ import annotations

from math import exp, expm1, log, log1p

from mlworkflow.numbers.normal import cdf, quantile
from mlworkflow.numbers.validity import Invalid, count, not_negative, positive, probability, proportion, shown, up

Z95 = 1.6448536269514722


def share_matured(age: float, median: float, p95: float) -> float:
    """Return the share of labels known at this age, for a lognormal delay with this median and 95th percentile."""
    not_negative("the age", age)
    spread = _spread(median, p95)
    if age == 0:
        return 0.0
    if spread == 0:
        return float(age >= median)
    return cdf(log(age / median) / spread)


def _spread(median: float, p95: float) -> float:
    positive("the median delay", median)
    positive("the 95th percentile of the delay", p95)
    if p95 < median:
        raise Invalid(f"the 95th percentile of the delay ({shown(p95)}) is below its median ({shown(median)})")
    if p95 > 1e6 * median:
        raise Invalid(f"the 95th percentile of the delay ({shown(p95)}) is over a million medians ({shown(median)})")
    return log(p95 / median) / Z95


def share_matured_exponential(age: float, mean: float) -> float:
    """Return the share of labels known at this age, for an exponential delay with this mean."""
    not_negative("the age", age)
    positive("the mean delay", mean)
    return -expm1(-age / mean)


def day_when_matured(share: float, median: float, p95: float) -> float:
    """Return the age at which this share of labels is known, for a lognormal delay."""
    probability("the share of labels", share)
    return median * exp(_spread(median, p95) * quantile(share))


def day_when_matured_exponential(share: float, mean: float) -> float:
    """Return the age at which this share of labels is known, for an exponential delay."""
    probability("the share of labels", share)
    positive("the mean delay", mean)
    return -mean * log1p(-share)


def premature_reading(rate: float, share_known: float) -> float:
    """Return the rate that shows when labels that have not arrived are read as negative."""
    proportion("the true rate", rate)
    proportion("the share of labels known", share_known)
    return rate * share_known


def earliest_metric_day(outcome_days: float, label_days: float, cohort_days: float = 7.0) -> int:
    """Return the day, counted from a cohort's first case, on which its metric can be trusted."""
    not_negative("the outcome window in days", outcome_days)
    not_negative("the days until labels are mature", label_days)
    positive("the days of a cohort", cohort_days)
    return up(cohort_days + outcome_days + label_days)


def validation_gap(outcome_days: float, reporting_lag_days: float = 0.0) -> int:
    """Return the days to leave out between training and test data in a walk forward."""
    not_negative("the outcome window in days", outcome_days)
    not_negative("the reporting lag in days", reporting_lag_days)
    return up(outcome_days + reporting_lag_days)


def oldest_data_age(delay_days: float, retraining_interval_days: float, pipeline_days: float = 0.0) -> float:
    """Return the age that the newest training data has reached when the model is replaced."""
    not_negative("the label delay in days", delay_days)
    not_negative("the retraining interval in days", retraining_interval_days)
    not_negative("the days of the pipeline", pipeline_days)
    return delay_days + retraining_interval_days + pipeline_days


def labels_per_period(cases: float, share_labelled: float, share_known: float = 1.0) -> float:
    """Return the labels that a period's cases have brought so far."""
    count("the cases of a period", cases, at_least=0, at_most=1e18)
    proportion("the share of cases ever labelled", share_labelled)
    proportion("the share of labels known", share_known)
    return cases * share_labelled * share_known
