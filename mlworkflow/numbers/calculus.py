"""Roots and integrals of smooth functions of one variable."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import cos, pi


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function that rises from below zero to above zero between two limits crosses it."""
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if function(middle) < 0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def rising_root(function: Callable[[float], float], low: float, step: float) -> float:
    """Return where a rising function is zero, looking upward from low without knowing how far."""
    high = low + step
    for _ in range(200):
        if function(high) >= 0:
            break
        low, step = high, 2 * step
        high = low + step
    return root(function, low, high)


def secant(function: Callable[[float], float], first: float, second: float) -> float:
    """Return where a nearly straight function is zero, in few evaluations, from two places near it."""
    before, now = function(first), function(second)
    for _ in range(30):
        if abs(second - first) < 1e-10 or now == before:
            break
        first, second = second, second - now * (second - first) / (now - before)
        before, now = now, function(second)
    return second


def integral(function: Callable[[float], float], low: float, high: float, points: int = 64) -> float:
    """Return the integral of a smooth function between two limits."""
    return sum(weight * function(place) for place, weight in quadrature(low, high, points))


def quadrature(low: float, high: float, points: int) -> list[tuple[float, float]]:
    """Return places and weights between two limits whose weighted sum integrates polynomials exactly."""
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    return [(middle + half * node, half * weight) for node, weight in _legendre(points)]


@cache
def _legendre(points: int) -> tuple[tuple[float, float], ...]:
    return tuple(_node(points, index) for index in range(1, points + 1))


def _node(points: int, index: int) -> tuple[float, float]:
    x = cos(pi * (index - 0.25) / (points + 0.5))
    for _ in range(8):
        value, slope = _polynomial(points, x)
        x -= value / slope
    return x, 2 / ((1 - x * x) * slope * slope)


def _polynomial(degree: int, x: float) -> tuple[float, float]:
    before, value = 1.0, x
    for k in range(2, degree + 1):
        before, value = value, ((2 * k - 1) * x * value - (k - 1) * before) / k
    return value, degree * (x * value - before) / (x * x - 1)
