"""The normal distribution, and the z values that every test and sample size is made of."""

from __future__ import annotations

from math import erfc, exp, log, pi, sqrt

from mlworkflow.numbers.validity import Invalid, probability, shown

_CENTRE_TOP = (
    -3.969683028665376e01,
    2.209460984245205e02,
    -2.759285104469687e02,
    1.383577518672690e02,
    -3.066479806614716e01,
    2.506628277459239e00,
)
_CENTRE_BOTTOM = (
    -5.447609879822406e01,
    1.615858368580409e02,
    -1.556989798598866e02,
    6.680131188771972e01,
    -1.328068155288572e01,
    1.0,
)
_TAIL_TOP = (
    -7.784894002430293e-03,
    -3.223964580411365e-01,
    -2.400758277161838e00,
    -2.549732539343734e00,
    4.374664141464968e00,
    2.938163982698783e00,
)
_TAIL_BOTTOM = (7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e00, 3.754408661907416e00, 1.0)


def cdf(x: float) -> float:
    """Return the probability that a standard normal value is at most x."""
    return 0.5 * erfc(-x / sqrt(2))


def density(x: float) -> float:
    """Return the height of the standard normal curve at x."""
    return exp(-0.5 * x * x) / sqrt(2 * pi)


def quantile(p: float) -> float:
    """Return the value below which a standard normal value falls with probability p."""
    probability("the probability of a normal quantile", p)
    return -_lower(1 - p) if p > 0.5 else _lower(p)


def critical_z(alpha: float = 0.05, sides: int = 2) -> float:
    """Return the z beyond which a test with one or two sides raises an alarm at alpha."""
    probability("alpha", alpha)
    if sides not in (1, 2):
        raise Invalid(f"a test has 1 side or 2, not {shown(sides)}")
    if alpha / sides >= 0.5:
        raise Invalid(f"alpha must be below 0.5 in a test with one side, not {shown(alpha)}")
    return -quantile(alpha / sides)


def power_z(power: float) -> float:
    """Return the z of a power of at least one half."""
    probability("the power", power)
    if power < 0.5:
        raise Invalid(f"the power must be at least 0.5, not {shown(power)}")
    return quantile(power)


def both_z(alpha: float, power: float, sides: int = 2) -> float:
    """Return the sum of the critical z and the z of the power, which every sample size squares."""
    return critical_z(alpha, sides) + power_z(power)


def interval_z(confidence: float = 0.95) -> float:
    """Return the z on either side of an interval with this confidence."""
    probability("the confidence", confidence)
    return -quantile((1 - confidence) / 2)


def _lower(p: float) -> float:
    """Acklam's rational approximation, polished by one step of Halley's method."""
    x = _first_guess(p)
    error = (cdf(x) - p) / density(x)
    return x - error / (1 + x * error / 2)


def _first_guess(p: float) -> float:
    if p < 0.02425:
        root = sqrt(-2 * log(p))
        return _polynomial(_TAIL_TOP, root) / _polynomial(_TAIL_BOTTOM, root)
    centred = p - 0.5
    square = centred * centred
    return centred * _polynomial(_CENTRE_TOP, square) / _polynomial(_CENTRE_BOTTOM, square)


def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    value = 0.0
    for coefficient in coefficients:
        value = value * x + coefficient
    return value
