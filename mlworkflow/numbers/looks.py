"""The arithmetic of looking at an experiment several times before it ends."""

from __future__ import annotations

from functools import cache
from math import ceil, exp, pi, sqrt

from mlworkflow.numbers.calculus import quadrature, secant
from mlworkflow.numbers.normal import both_z, cdf, critical_z, power_z
from mlworkflow.numbers.validity import Invalid, count, finite, positive, shown

MOST_LOOKS = 100
_DENSITY_UNIT = sqrt(2 * pi)
# O'Brien-Fleming looks at alpha 5 % and power 80 %, as solved below: the critical z of the last look, and the drift.
# Solving them again would take a fifth of the time that a design takes.
USUAL = {
    2: (1.9774309592921677, 2.8124650774376243),
    3: (2.0040355786137574, 2.8258564249448703),
    4: (2.024295499619457, 2.8347859079151),
    5: (2.040073174795979, 2.8410977424885666),
    6: (2.0527930815615814, 2.845829560437575),
    7: (2.0633170418824056, 2.8495158693282656),
    8: (2.072206772259799, 2.852471257601371),
    9: (2.079845320617702, 2.8548957945880526),
    10: (2.086502180620113, 2.8569226244434174),
    11: (2.0923723611388683, 2.8586435931570433),
    12: (2.097600660556761, 2.860124085387638),
    13: (2.1022970829427594, 2.861411945311257),
    14: (2.1065468806973406, 2.862543014789201),
    15: (2.1104172785342454, 2.86354469261785),
    16: (2.1139620962220973, 2.8644382990103363),
    17: (2.1172250010538063, 2.8652406756768993),
    18: (2.120241846628681, 2.8659653119372277),
    19: (2.123042386608969, 2.8666231317090882),
    20: (2.125651546702822, 2.8672231067321037),
}


def crossing(limits: tuple[float, ...], drift: float = 0.0) -> list[float]:
    """Return for each look the probability that a sum of unit normal steps first leaves its limits there."""
    for limit in limits:
        count("the limit of a look", limit, 1e-9, 500)
    finite("the drift", drift)
    crossed: list[float] = []
    inside = [(0.0, 1.0)]
    for look, limit in enumerate(limits, 1):
        crossed.append(sum(mass * _outside(limit, place + drift) for place, mass in inside))
        if look < len(limits):
            inside = _step(inside, limit, drift)
    return crossed


def _outside(limit: float, centre: float) -> float:
    return cdf(centre - limit) + cdf(-centre - limit)


def _step(inside: list[tuple[float, float]], limit: float, drift: float) -> list[tuple[float, float]]:
    """Spread the mass that is still inside by one step and keep what stays within the limit."""
    shifted = [(place + drift, mass) for place, mass in inside]
    stepped = []
    for s, weight in quadrature(-limit, limit, 12 + 2 * ceil(limit)):
        height = 0.0
        for place, mass in shifted:  # a hundred thousand times for one document: `density` written out
            x = s - place
            height += mass * (exp(-0.5 * x * x) / _DENSITY_UNIT)
        stepped.append((s, weight * height))
    return stepped


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
    if alpha == 0.05 and looks in USUAL:
        return USUAL[looks][0]
    return solved_constant(looks, alpha)


def solved_constant(looks: int, alpha: float) -> float:
    """Return the critical z of the last look from the equation that defines it."""
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
    if power == 0.8 and looks in USUAL and limits == obrien_fleming_limits(USUAL[looks][0], looks):
        return USUAL[looks][1]
    return solved_drift(limits, power)


def solved_drift(limits: tuple[float, ...], power: float) -> float:
    """Return the drift for a power from the equation that defines it."""
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
