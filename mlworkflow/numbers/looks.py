"""The arithmetic of looking at an experiment several times before it ends."""

from __future__ import annotations

from functools import cache
from math import ceil, sqrt

from mlworkflow.numbers.calculus import quadrature, secant
from mlworkflow.numbers.normal import both_z, cdf, critical_z, density, power_z
from mlworkflow.numbers.validity import Invalid, count, finite, positive, shown

MOST_LOOKS = 100


def crossing(limits: tuple[float, ...], drift: float = 0.0) -> list[float]:
    """Return for each look the probability that a sum of unit normal steps first leaves its limits there."""
    for limit in limits:
        count("the limit of a look", limit, 1e-9, 500)
    finite("the drift", drift)
    crossed: list[float] = []
    inside = [(0.0, 1.0)]
    for limit in limits:
        crossed.append(sum(mass * _outside(limit, place + drift) for place, mass in inside))
        inside = _step(inside, limit, drift)
    return crossed


def _outside(limit: float, centre: float) -> float:
    return cdf(centre - limit) + cdf(-centre - limit)


def _step(inside: list[tuple[float, float]], limit: float, drift: float) -> list[tuple[float, float]]:
    """Spread the mass that is still inside by one step and keep what stays within the limit."""
    grid = quadrature(-limit, limit, 12 + 2 * ceil(limit))
    shifted = [(place + drift, mass) for place, mass in inside]
    return [(s, weight * sum(mass * density(s - place) for place, mass in shifted)) for s, weight in grid]


def pocock_limits(constant: float, looks: int) -> tuple[float, ...]:
    """Return the limits of equally spaced looks that all use the same critical z."""
    _check_looks(looks)
    positive("the critical z", constant)
    return tuple(constant * sqrt(look) for look in range(1, looks + 1))


def obrien_fleming_limits(constant: float, looks: int) -> tuple[float, ...]:
    """Return the limits of equally spaced looks that are strict early and nearly plain at the end."""
    _check_looks(looks)
    positive("the critical z", constant)
    return (constant * sqrt(looks),) * looks


@cache
def obrien_fleming_constant(looks: int, alpha: float = 0.05) -> float:
    """Return the critical z of the last look that keeps false alarms over all looks at alpha."""
    _check_looks(looks)
    _check_alpha(alpha)
    plain = critical_z(alpha)
    if looks == 1:
        return plain
    return secant(lambda z: alpha - sum(crossing(obrien_fleming_limits(z, looks))), plain, 1.1 * plain)


@cache
def pocock_constant(looks: int, alpha: float = 0.05) -> float:
    """Return the critical z that, used at every look, keeps false alarms over all looks at alpha."""
    _check_looks(looks)
    _check_alpha(alpha)
    plain, bonferroni = critical_z(alpha), critical_z(alpha / looks)
    if looks == 1:
        return plain
    return secant(lambda z: alpha - sum(crossing(pocock_limits(z, looks))), plain, bonferroni)


@cache
def drift_for_power(limits: tuple[float, ...], power: float = 0.8) -> float:
    """Return the mean z at the last look with which the looks find the effect with this power."""
    looks = len(limits)
    start = limits[-1] / sqrt(looks) + power_z(power)
    return secant(lambda z: sum(crossing(limits, z / sqrt(looks))) - power, start, start + 0.05)


def inflation(limits: tuple[float, ...], alpha: float = 0.05, power: float = 0.8) -> float:
    """Return how many times the size of a test with one look these looks need at most."""
    return max(1.0, drift_for_power(limits, power) / both_z(alpha, power)) ** 2


def expected_inflation(limits: tuple[float, ...], alpha: float = 0.05, power: float = 0.8) -> float:
    """Return how many times the size of a test with one look these looks need on average when the effect is there."""
    looks = len(limits)
    stops = crossing(limits, drift_for_power(limits, power) / sqrt(looks))
    used = sum(stop * look for look, stop in enumerate(stops, 1)) / looks + 1 - sum(stops)
    return used * inflation(limits, alpha, power)


def _check_alpha(alpha: float) -> None:
    if not (1e-12 <= alpha < 0.5):
        raise Invalid(f"alpha over several looks must lie between 0 and 0.5, not {shown(alpha)}")


def _check_looks(looks: int) -> None:
    count("the number of looks", looks, at_most=MOST_LOOKS)
