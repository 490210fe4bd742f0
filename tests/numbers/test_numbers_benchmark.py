"""How many requests a load test needs, against the exact binomial distribution."""

from __future__ import annotations

import pytest
from scipy.stats import binom  # type: ignore[import-untyped]

from mlworkflow.numbers.benchmark import ranks_around_quantile, requests_for_quantile
from mlworkflow.numbers.validity import Infeasible


def test_the_number_of_requests_narrows_the_rank() -> None:
    assert requests_for_quantile(0.99, 0.002) == 9508
    assert requests_for_quantile(0.99, 0.001) == pytest.approx(4 * 9508, rel=1e-3)


@pytest.mark.parametrize(("requests", "wanted"), [(9508, 0.99), (1000, 0.99), (10_000, 0.5), (400, 0.95), (37, 0.5)])
def test_the_true_quantile_lies_between_the_two_ranks(requests: int, wanted: float) -> None:
    low, high = ranks_around_quantile(requests, wanted)
    # The quantile lies below the value of rank r when fewer than r values do.
    assert binom.cdf(low - 1, requests, wanted) <= 0.025
    assert binom.sf(high - 1, requests, wanted) <= 0.025
    # No narrower pair holds it.
    assert binom.cdf(low, requests, wanted) > 0.025
    assert binom.sf(high - 2, requests, wanted) > 0.025


def test_too_few_requests_hold_no_interval() -> None:
    with pytest.raises(Infeasible, match="too few"):
        ranks_around_quantile(100, 0.99)
