"""How many requests a load test needs, and how far a quantile that it measured can be trusted."""

from __future__ import annotations

from collections.abc import Callable

from mlworkflow.numbers.distributions import binomial_at_least
from mlworkflow.numbers.normal import interval_z
from mlworkflow.numbers.validity import Infeasible, count, probability, up

_MOST = 100_000_000


def requests_for_quantile(wanted: float, within: float, confidence: float = 0.95) -> int:
    """Return the requests that place a measured quantile within so many points of rank, such as 0.99 within 0.002."""
    probability("the quantile", wanted)
    probability("the margin", within)
    return up((interval_z(confidence) / within) ** 2 * wanted * (1 - wanted))


def ranks_around_quantile(requests: int, wanted: float, confidence: float = 0.95) -> tuple[int, int]:
    """Return the ranks of the two measured values that hold the true quantile between them."""
    count("the number of requests", requests, at_most=_MOST)
    probability("the quantile", wanted)
    probability("the confidence", confidence)
    miss = (1 - confidence) / 2
    low = _last(lambda rank: binomial_at_least(rank, requests, wanted) >= 1 - miss, requests)
    high = _last(lambda rank: binomial_at_least(rank, requests, wanted) > miss, requests) + 1
    if low < 1 or high > requests:
        raise Infeasible(f"{requests} requests are too few to hold the {wanted:g} quantile between two of them")
    return low, high


def _last(holds: Callable[[int], bool], most: int) -> int:
    """The last rank for which a falling condition holds, found by halving; 0 where it never does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
