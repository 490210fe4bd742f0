"""The distributions beside the normal one that an ML design needs."""

from __future__ import annotations

from math import exp, expm1, floor, lgamma, log, log1p, pi, sqrt

from mlworkflow.numbers.calculus import integral, rising_root, root
from mlworkflow.numbers.normal import cdf, quantile
from mlworkflow.numbers.validity import Invalid, count, finite, not_negative, positive, probability, proportion, up

_TINY = 1e-300
_CLOSE = 1e-15
_TERMS = 200_000
_MANY = 1e9
_FAR = 1e4


def gamma_tail(shape: float, x: float) -> float:
    """Return the share of a gamma distribution of this shape, with scale 1, above x."""
    count("the shape", shape, _CLOSE, _MANY)
    not_negative("x", x)
    if x == 0:
        return 1.0
    if x < shape + 1:
        return 1 - _gamma_series(shape, x)
    return _gamma_fraction(shape, x)


def _gamma_series(shape: float, x: float) -> float:
    term = total = 1 / shape
    for k in range(1, _TERMS):
        term *= x / (shape + k)
        total += term
        if term < total * _CLOSE:
            break
    return min(1.0, total * exp(shape * log(x) - x - lgamma(shape)))


def _gamma_fraction(shape: float, x: float) -> float:
    below = x + 1 - shape
    forward, backward = 1 / _TINY, 1 / below
    value = backward
    for k in range(1, _TERMS):
        top, below = k * (shape - k), below + 2
        backward = 1 / _nonzero(below + top * backward)
        forward = _nonzero(below + top / forward)
        value *= forward * backward
        if abs(forward * backward - 1) < _CLOSE:
            break
    return value * exp(shape * log(x) - x - lgamma(shape))


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def chi_square_tail(x: float, freedom: float) -> float:
    """Return the probability that chi-square with this many degrees of freedom exceeds x."""
    return gamma_tail(freedom / 2, x / 2)


def chi_square_critical(alpha: float, freedom: float) -> float:
    """Return the value that chi-square with this many degrees of freedom exceeds with probability alpha."""
    probability("alpha", alpha)
    return rising_root(lambda x: alpha - chi_square_tail(x, freedom), 0.0, freedom)


def shifted_chi_square_tail(x: float, freedom: float, shift: float) -> float:
    """Return the probability that non-central chi-square exceeds x."""
    count("the degrees of freedom", freedom, _CLOSE, _MANY)
    not_negative("x", x)
    not_negative("the shift of chi-square", shift)
    if shift < _CLOSE:
        return chi_square_tail(x, freedom)
    if freedom + shift > _FAR:
        return cdf((freedom + shift - x) / sqrt(2 * (freedom + 2 * shift)))
    half = shift / 2
    low, high = max(0, floor(half - 12 * sqrt(half) - 5)), floor(half + 12 * sqrt(half) + 40)
    return min(1.0, sum(_poisson(k, half) * chi_square_tail(x, freedom + 2 * k) for k in range(low, high)))


def poisson_limit(mean: float, confidence: float) -> int:
    """Return the smallest count that a Poisson variable stays at or below with that confidence."""
    not_negative("the mean", mean)
    probability("the confidence", confidence)
    if not mean:
        return 0
    if mean > 1000:  # a count this large is as good as normal
        return max(0, up(mean + quantile(confidence) * sqrt(mean)))
    total = 0.0
    for k in range(floor(mean + 40 * sqrt(mean) + 60)):
        total += _poisson(k, mean)
        if total >= confidence:
            return k
    raise Invalid("the confidence is too close to 1 to be told from it")


def _poisson(k: int, mean: float) -> float:
    return exp(k * log(mean) - mean - lgamma(k + 1))


def beta_share(x: float, first: float, second: float) -> float:
    """Return the share of a beta distribution below x."""
    proportion("x", x)
    count("the first shape", first, _CLOSE, _MANY)
    count("the second shape", second, _CLOSE, _MANY)
    if x in (0, 1):
        return float(x)
    if x > (first + 1) / (first + second + 2):
        return 1 - beta_share(1 - x, second, first)
    front = lgamma(first + second) - lgamma(first) - lgamma(second) + first * log(x) + second * log1p(-x)
    return min(1.0, exp(front) * _beta_fraction(x, first, second) / first)


def _beta_fraction(x: float, first: float, second: float) -> float:
    forward, backward = 1.0, 1 / _nonzero(1 - (first + second) * x / (first + 1))
    value = backward
    for k in range(1, _TERMS):
        even = k * (second - k) * x / ((first + 2 * k - 1) * (first + 2 * k))
        odd = -(first + k) * (first + second + k) * x / ((first + 2 * k) * (first + 2 * k + 1))
        for top in (even, odd):
            backward = 1 / _nonzero(1 + top * backward)
            forward = _nonzero(1 + top / forward)
            value *= forward * backward
        if abs(forward * backward - 1) < _CLOSE:
            break
    return value


def binomial_at_least(k: int, trials: int, rate: float) -> float:
    """Return the probability of k or more successes in that many trials."""
    count("the number of trials", trials, at_most=_MANY)
    proportion("the rate of success", rate)
    if k <= 0:
        return 1.0
    return 0.0 if k > trials else beta_share(rate, k, trials - k + 1)


def student_tail(t: float, freedom: float) -> float:
    """Return the probability that Student's t with this many degrees of freedom exceeds t."""
    positive("the degrees of freedom", freedom)
    finite("t", t)
    if t < 0:
        return 1 - student_tail(-t, freedom)
    square = t * t
    if square < freedom:
        return 0.5 - 0.5 * beta_share(square / (freedom + square), 0.5, freedom / 2)
    return 0.5 * beta_share(freedom / (freedom + square), freedom / 2, 0.5)


def student_critical(alpha: float, freedom: float) -> float:
    """Return the value that Student's t with this many degrees of freedom exceeds with probability alpha."""
    probability("alpha", alpha)
    if alpha > 0.5:
        return -student_critical(1 - alpha, freedom)
    return rising_root(lambda t: alpha - student_tail(t, freedom), 0.0, 1.0)


def kolmogorov_tail(x: float) -> float:
    """Return the probability that the limiting Kolmogorov-Smirnov statistic exceeds x."""
    finite("x", x)
    if x < 0.2:
        return 1.0
    total = sum((1 if k % 2 else -1) * exp(-2 * k * k * x * x) for k in range(1, 101))
    return min(1.0, max(0.0, 2 * total))


def kolmogorov_critical(alpha: float) -> float:
    """Return the value that the limiting Kolmogorov-Smirnov statistic exceeds with probability alpha."""
    probability("alpha", alpha)
    return root(lambda x: alpha - kolmogorov_tail(x), 0.2, 5.0)


def owens_t(height: float, slope: float) -> float:
    """Return Owen's T, the normal mass above a height and under a line of that slope."""
    finite("the height", height)
    count("the slope", slope, -10, 10)
    return integral(lambda x: exp(-0.5 * height * height * (1 + x * x)) / (1 + x * x), 0.0, slope) / (2 * pi)


def largest_of_normals(draws: float) -> float:
    """Return the mean of the largest of that many independent standard normal values."""
    count("the number of draws", draws)
    above = integral(lambda x: -expm1(draws * log1p(-cdf(-x))), 0.0, 12.0)
    below = integral(lambda x: float(cdf(-x) ** draws), 0.0, 12.0)
    return above - below
