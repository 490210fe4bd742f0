"""How many requests a load test needs, and how far a quantile that it measured can be trusted."""

from __future__ import annotations

import math
from collections.abc import Callable

from mlworkflow.numbers.distributions import binomial_at_least
from mlworkflow.numbers.normal import interval_z


def requests_for_quantile(wanted: float, within: float, confidence: float = 0.95) -> int:
    """Return how many requests place a measured quantile within so many points of rank, such as 0.99 within 0.002."""
    z = interval_z(confidence)
    return math.ceil(z * z * wanted * (1 - wanted) / within**2)


def ranks_around_quantile(requests: int, wanted: float, confidence: float = 0.95) -> tuple[int, int] | None:
    """Return the ranks of the two measured values that hold the true quantile between them, or None for too few."""
    miss = (1 - confidence) / 2
    low = _last(lambda rank: binomial_at_least(rank, requests, wanted) >= 1 - miss, requests)
    high = _last(lambda rank: binomial_at_least(rank, requests, wanted) > miss, requests) + 1
    return None if low < 1 or high > requests else (low, high)


def _last(holds: Callable[[int], bool], most: int) -> int:
    """The last rank for which a falling condition holds, found by halving; 0 where it never does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
