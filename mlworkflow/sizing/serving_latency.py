"""The p99 of a service alone and behind one shared queue."""

from __future__ import annotations

from mlworkflow.numbers import serving as numbers
from mlworkflow.quantity import KINDS
from mlworkflow.sizing.model import Inputs


def p99(given: Inputs, rate: float, servers: int) -> float:
    """Return the p99 latency behind one shared queue."""
    service, measured = given.number("service-time"), given.maybe("service-p99")
    if measured is None:
        return numbers.p99_sojourn(rate, service, servers)
    return numbers.p99_general(rate, service, servers, numbers.cv_squared_from_p99(service, measured), measured)


def quantile_formula(given: Inputs) -> str:
    """Return how the p99 latency is worked out."""
    if given.has("service-p99"):
        return "p99 of service + ln(chance to wait / 0.01) x variability / spare capacity (Allen-Cunneen)"
    return "p99 of wait and service together (Erlang C, exponential service)"


def slowest(given: Inputs) -> float:
    """Return the p99 of the service alone."""
    found = given.maybe("service-p99")
    return numbers.exponential_p99(given.number("service-time")) if found is None else found


def precise(seconds: float) -> str:
    """Return a duration with four digits, so that an objective and what breaks it differ."""
    return KINDS["duration"].say(seconds)
