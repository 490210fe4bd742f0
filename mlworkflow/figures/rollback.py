"""Which counts take a release back, in a canary and at full traffic."""

from __future__ import annotations

from typing import Any

from mlworkflow.figures.registry import figure

CANARY_SHARE = 0.05


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


@figure("share", "experiment", "Poisson chance of that count or more at 3 times the allowed share")
def canary_power(canary_window: float, mean_load: float, availability: float | None = None) -> float | None:
    """Share of a canary's windows in which three times the allowed errors pass the count."""
    rule = _errors(False, CANARY_SHARE * mean_load, availability)
    return float(rule.power) if rule else None


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


@figure("share", "experiment", "as for the canary, at the whole mean load")
def service_power(service_window: float, mean_load: float, availability: float | None = None) -> float | None:
    """Share of the whole traffic's windows in which three times the allowed errors pass the count."""
    rule = _errors(False, mean_load, availability)
    return float(rule.power) if rule else None


@figure("count", "experiment", "mean load x that window")
def service_requests(service_window: float, mean_load: float) -> float:
    """Requests of the whole traffic in that time."""
    return mean_load * service_window


SLOW = 0.01  # what a kept p99 leaves


def _slow(any_online: bool, few_for_p99: bool, load: float, latency_p99: float) -> Any:
    """The quickest count of slow requests that 3 % pass, and the 1 % of a kept p99 only by chance."""
    from mlworkflow.numbers.alarms import error_rule

    return error_rule(SLOW * load) if any_online and not few_for_p99 and load > 0 and latency_p99 > 0 else None


@figure(
    "duration",
    "experiment",
    "shortest window whose count of requests above the p99 limit is passed in 8 of 10 cases if 3 % are slower, and on "
    "1 day of 20 if 1 % are (Poisson); 5 % of the mean load",
)
def canary_slow_window(
    any_online: bool, few_for_p99: bool, mean_load: float, latency_p99: float, shares_supply: bool = False
) -> float | None:
    """Time in which a canary of 5 % shows three times the slow requests that a kept p99 has."""
    rule = None if shares_supply else _slow(any_online, few_for_p99, CANARY_SHARE * mean_load, latency_p99)
    return rule.seconds if rule else None


@figure("count", "experiment", "the count of that window")
def canary_slow_count(canary_slow_window: float, mean_load: float, latency_p99: float) -> float:
    """Slow requests of a canary in that time that take it back."""
    return float(_slow(True, False, CANARY_SHARE * mean_load, latency_p99).errors)


@figure("count", "experiment", "5 % of the mean load x that window")
def canary_slow_requests(canary_slow_window: float, mean_load: float) -> float:
    """Requests of a canary in the time in which slow ones are counted."""
    return CANARY_SHARE * mean_load * canary_slow_window


@figure("duration", "experiment", "as for the canary, at the whole mean load")
def slow_window(any_online: bool, few_for_p99: bool, mean_load: float, latency_p99: float) -> float | None:
    """Time in which the whole traffic shows three times the slow requests that a kept p99 has."""
    rule = _slow(any_online, few_for_p99, mean_load, latency_p99)
    return rule.seconds if rule else None


@figure("count", "experiment", "the count of that window")
def slow_count(slow_window: float, mean_load: float, latency_p99: float) -> float:
    """Slow requests of the whole traffic in that time that take a release back."""
    return float(_slow(True, False, mean_load, latency_p99).errors)


@figure("count", "experiment", "mean load x that window")
def slow_requests(slow_window: float, mean_load: float) -> float:
    """Requests of the whole traffic in the time in which slow ones are counted."""
    return mean_load * slow_window


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
