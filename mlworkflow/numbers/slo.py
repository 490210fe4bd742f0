"""Error budgets, the alerts that guard them, and what a canary can see."""

from __future__ import annotations

from math import log, sqrt

from mlworkflow.numbers.distributions import binomial_at_least
from mlworkflow.numbers.normal import both_z, critical_z, power_z
from mlworkflow.numbers.validity import Invalid, above, count, positive, probability, share, shown, up


def _objective(slo: float) -> None:
    if slo == 1:
        raise Invalid("an objective of 100 % leaves no error budget; choose one below 1")
    probability("the objective", slo)


def error_budget_minutes(slo: float, days: float = 30.0) -> float:
    """Return the minutes of full outage that an objective allows in that many days."""
    _objective(slo)
    positive("the days of the period", days)
    return (1 - slo) * days * 1440


def burn_threshold(budget_share: float, window_hours: float, days: float = 30.0) -> float:
    """Return how many times too fast the budget burns when this share of it goes in one window."""
    share("the share of the budget", budget_share)
    positive("the hours of the window", window_hours)
    positive("the days of the period", days)
    return budget_share * days * 24 / window_hours


def alert_error_rate(slo: float, burn: float) -> float:
    """Return the error rate at which an alert on this burn fires; from 1 on it never does."""
    _objective(slo)
    positive("the burn rate", burn)
    return burn * (1 - slo)


def can_burn_alert_fire(slo: float, burn: float) -> bool:
    """Say whether any error rate is high enough to fire an alert on this burn."""
    return alert_error_rate(slo, burn) < 1


def lowest_slo_for_burn(burn: float) -> float:
    """Return the objective below which an alert on this burn can never fire."""
    above("the burn rate", burn, 1)
    return 1 - 1 / burn


def requests_per_hour_needed(slo: float, burn: float) -> int:
    """Return the requests an hour below which a single failure fires an alert on this burn."""
    return up(1 / alert_error_rate(slo, burn))


def outage_detection_seconds(slo: float, burn: float, window_hours: float = 1.0) -> float:
    """Return the seconds after which a full outage fires an alert on this burn."""
    positive("the hours of the window", window_hours)
    return min(1.0, alert_error_rate(slo, burn)) * window_hours * 3600


def _rates(base: float, multiple: float) -> float:
    probability("the base rate of errors", base)
    positive("the multiple of the base rate", multiple)
    if abs(multiple - 1) < 1e-6:
        raise Invalid(f"the multiple of the base rate must differ from 1, not {shown(multiple)}")
    if base * multiple >= 1:
        raise Invalid(f"{shown(multiple)} times the base rate of errors {shown(base)} is not below 1")
    return base * multiple


def canary_requests_per_arm(base: float, multiple: float, alpha: float = 0.05, power: float = 0.9) -> float:
    """Return the requests in each arm that show an error rate to have grown this many times."""
    other = _rates(base, multiple)
    strict, strong = critical_z(alpha, sides=1), power_z(power)
    middle = (base + other) / 2
    alike = strict * sqrt(2 * middle * (1 - middle))
    apart = strong * sqrt(base * (1 - base) + other * (1 - other))
    return float(((alike + apart) / (other - base)) ** 2)


def canary_requests_known_baseline(base: float, multiple: float, alpha: float = 0.05, power: float = 0.9) -> float:
    """Return the requests to a canary that show the growth of an error rate whose normal level is well known."""
    other = _rates(base, multiple)
    strict, strong = critical_z(alpha, sides=1), power_z(power)
    return float(((strict * sqrt(base * (1 - base)) + strong * sqrt(other * (1 - other))) / (other - base)) ** 2)


def canary_minutes(requests: float, requests_per_second: float, canary_share: float) -> float:
    """Return the minutes in which a canary with this share of traffic sees that many requests."""
    positive("the requests", requests)
    positive("the requests per second", requests_per_second)
    share("the canary's share", canary_share)
    return requests / (requests_per_second * canary_share) / 60


def points_per_arm_for_ranks(superiority: float, alpha: float = 0.02, power: float = 0.8) -> float:
    """Return the points of a metric in each arm with which a rank test sees one arm above the other so often."""
    probability("the probability that one arm lies above the other", superiority)
    if abs(superiority - 0.5) < 1e-9:
        raise Invalid(
            f"the probability that one arm lies above the other must differ from 0.5, not {shown(superiority)}"
        )
    return float((both_z(alpha, power) / (superiority - 0.5)) ** 2 / 6)


def false_stop(requests: int, rate: float, errors_to_stop: int) -> float:
    """Return the probability that a rule of so many errors stops a release whose error rate is normal."""
    count("the number of requests", requests, at_most=1e9)
    count("the errors that stop", errors_to_stop, at_most=1e9)
    return binomial_at_least(errors_to_stop, requests, rate)


def sprt_bounds(alpha: float = 0.05, beta: float = 0.1) -> tuple[float, float]:
    """Return the log likelihood ratios at which a sequential test stops: first for good, then for bad."""
    probability("alpha", alpha)
    probability("beta", beta)
    if alpha + beta >= 1:
        raise Invalid(f"alpha and beta must add up to less than 1, not {shown(alpha + beta)}")
    return log(beta / (1 - alpha)), log((1 - beta) / alpha)


def rule_of_three(requests: float) -> float:
    """Return the error rate that so many requests without an error rule out with 95 % confidence."""
    count("the number of requests", requests, at_least=3)
    return 3 / requests
