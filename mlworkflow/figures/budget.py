"""The error budget and the alerts on its pace."""

from __future__ import annotations

from mlworkflow.figures.registry import DAY, HOUR, figure


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
