"""Draws from a seeded generator: counts and statistics with the noise that a window of that size has."""

from __future__ import annotations

from functools import cache
from math import exp, sqrt
from random import Random

from mlworkflow.numbers.drift import WIDEST_SHIFT, psi_of_shift


def dice(seed: int, *names: object) -> Random:
    """Return a generator of its own for each name, so that one design more or less of dice moves no other."""
    return Random("/".join(str(one) for one in (seed, *names)))


def successes(rng: Random, trials: float, rate: float) -> float:
    """Return how many of so many trials succeed."""
    trials = max(0, round(trials))
    rate = min(1.0, max(0.0, rate))
    mean = trials * rate
    if trials == 0 or rate == 0.0:
        return 0.0
    if rate == 1.0:
        return float(trials)
    if trials <= 64:
        return float(sum(rng.random() < rate for _ in range(trials)))
    if mean < 20:
        return float(min(trials, _poisson(rng, mean)))
    if trials - mean < 20:
        return float(trials - min(trials, _poisson(rng, trials - mean)))
    return float(min(trials, max(0, round(rng.gauss(mean, sqrt(mean * (1 - rate)))))))


def _poisson(rng: Random, mean: float) -> int:
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def psi_drawn(rng: Random, shift: float, rows: float, bins: int = 10) -> float:
    """Return a PSI as two samples of this size would give it when the mean moved by this many deviations."""
    inverse = 1 / max(rows, 10) + 1 / (4 * max(rows, 10))
    root = sqrt(moved_psi(shift) / inverse)
    chi = (rng.gauss(0, 1) + root) ** 2 + 2 * rng.gammavariate((bins - 2) / 2, 1)
    return chi * inverse


def moved_psi(shift: float) -> float:
    """Return about the PSI that a move of the mean stands for."""
    return _psi_of(round(min(abs(shift), WIDEST_SHIFT), 3))


@cache
def _psi_of(shift: float) -> float:
    return psi_of_shift(shift)
