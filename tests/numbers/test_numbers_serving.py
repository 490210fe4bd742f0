"""The arithmetic of serving keeps its promises."""

from __future__ import annotations

import heapq
import random
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from mlworkflow.numbers import serving
from mlworkflow.numbers.validity import Infeasible, Invalid

SERVERS = st.integers(1, 60)
BUSY = st.floats(0.05, 0.97)


@given(SERVERS, BUSY, st.integers(1, 20))
def test_more_replicas_never_raise_p99(servers: int, busy: float, more: int) -> None:
    rate = busy * servers
    assert serving.p99_sojourn(rate, 1, servers + more) <= serving.p99_sojourn(rate, 1, servers) * (1 + 1e-9)
    assert serving.p99_general(rate, 1, servers + more, 4) <= serving.p99_general(rate, 1, servers, 4)


@given(SERVERS, BUSY)
def test_p99_is_never_below_that_of_the_service(servers: int, busy: float) -> None:
    assert serving.p99_sojourn(busy * servers, 1, servers) >= serving.exponential_p99(1) * (1 - 1e-9)


@given(SERVERS, BUSY)
def test_the_chance_of_waiting_is_a_probability_that_grows_with_the_load(servers: int, busy: float) -> None:
    waiting = serving.erlang_c(servers, busy * servers)
    assert 0 <= waiting <= serving.erlang_c(servers, 0.98 * servers) <= 1


@given(BUSY)
def test_one_server_is_the_textbook_queue(busy: float) -> None:
    assert serving.erlang_c(1, busy) == pytest.approx(busy)
    assert serving.wait(busy, 1, 1) == pytest.approx(busy / (1 - busy))
    assert serving.p99_sojourn(busy, 1, 1) == pytest.approx(log(100) / (1 - busy), rel=1e-9)


def test_thousands_of_servers_stay_exact() -> None:
    load, servers = 4900.0, 5000
    blocked = float(stats.poisson.pmf(servers, load) / stats.poisson.cdf(servers, load))
    expected = blocked / (1 - load / servers * (1 - blocked))
    assert serving.erlang_c(servers, load) == pytest.approx(expected, rel=1e-8)


@given(st.floats(0.1, 2000), st.floats(0.001, 0.5), st.floats(1.01, 20))
def test_the_replicas_found_are_the_fewest_that_hold(rate: float, mean: float, slack: float) -> None:
    slo = serving.exponential_p99(mean) * slack
    replicas = serving.replicas_for_p99(rate, mean, slo)
    assert serving.p99_sojourn(rate, mean, replicas) <= slo
    if replicas - 1 > rate * mean:
        assert serving.p99_sojourn(rate, mean, replicas - 1) > slo


@given(st.floats(0.1, 500), st.floats(0.01, 0.5), st.floats(1.05, 10), st.floats(0.1, 8))
def test_the_replicas_for_any_spread_are_the_fewest_that_hold(
    rate: float, mean: float, slack: float, spread: float
) -> None:
    slo = serving.lognormal_p99(mean, spread) * slack
    replicas = serving.replicas_for_p99(rate, mean, slo, service_cv_squared=spread)
    assert serving.p99_general(rate, mean, replicas, spread) <= slo
    if replicas - 1 > rate * mean:
        assert serving.p99_general(rate, mean, replicas - 1, spread) > slo


@given(st.floats(0.01, 8))
def test_the_spread_is_found_again_from_p99(spread: float) -> None:
    p99 = serving.lognormal_p99(1, spread)
    if log(1 + spread) ** 0.5 < 2.3:
        assert serving.cv_squared_from_p99(1, p99) == pytest.approx(spread, rel=1e-6)


def test_an_objective_below_the_service_p99_is_infeasible_and_ends() -> None:
    with pytest.raises(Infeasible, match="no number of replicas helps"):
        serving.replicas_for_p99(200, 0.05, 0.23)
    with pytest.raises(Infeasible, match="no number of replicas helps"):
        serving.replicas_for_p99(200, 0.05, 0.2, service_p99=0.2)
    with pytest.raises(Infeasible, match="no number of replicas helps"):
        serving.replicas_for_p99_random_routing(200, 0.05, 0.23)


@pytest.mark.parametrize("slack", [1.0000001, 1.00000001, 1.000000002])
def test_an_objective_a_hair_above_the_service_p99_still_ends(slack: float) -> None:
    assert serving.replicas_for_p99(200, 0.05, serving.exponential_p99(0.05) * slack) >= 11


def test_three_ways_to_route_the_same_load_need_very_different_replicas() -> None:
    assert serving.replicas_for_p99(200, 0.05, 0.3) == 12
    assert serving.replicas_for_utilisation(200, 0.05, 0.7) == 15
    assert serving.replicas_for_p99_random_routing(200, 0.05, 0.3) == 44


def test_replicas_with_slots_share_the_queue() -> None:
    assert serving.replicas_for_p99(200, 0.05, 0.3, slots=4) == 3
    assert serving.replicas_for_utilisation(200, 0.05, 0.7, slots=4) == 4


def test_our_side_of_the_bracket_errs_high() -> None:
    simulated = 9.49
    assert simulated < serving.p99_general(8, 1, 10, 4) < 1.45 * simulated


@pytest.mark.parametrize(("rate", "servers"), [(10, 10), (20, 10)])
def test_a_utilisation_of_one_is_refused(rate: float, servers: int) -> None:
    with pytest.raises(Infeasible, match="it must stay below 1"):
        serving.p99_sojourn(rate, 1, servers)


def test_an_endless_load_is_refused() -> None:
    with pytest.raises(Infeasible, match="beyond what this program sizes"):
        serving.replicas_for_p99(1e9, 1, 10)


@pytest.mark.parametrize(("n", "zones", "total"), [(10, 3, 15), (10, 2, 20), (1, 3, 3), (4, 3, 6)])
def test_a_lost_zone_leaves_enough(n: int, zones: int, total: int) -> None:
    assert serving.replicas_for_zone_loss(n, zones) == total
    assert total - total // zones >= n


def test_a_single_zone_cannot_be_lost() -> None:
    with pytest.raises(Infeasible, match="not 1"):
        serving.replicas_for_zone_loss(4, 1)


@pytest.mark.parametrize(("slo", "minutes"), [(0.99, 432), (0.999, 43.2), (0.9999, 4.32)])
def test_an_availability_allows_so_much_downtime(slo: float, minutes: float) -> None:
    assert serving.downtime_minutes(slo) == pytest.approx(minutes)


def test_four_parts_in_series_are_up_less() -> None:
    assert serving.availability_in_series([0.999] * 4) == pytest.approx(0.996006, abs=1e-6)


@given(st.lists(st.tuples(st.floats(1, 100), st.floats(1, 20)), min_size=1, max_size=8))
def test_the_p99_of_hops_never_exceeds_their_sum(hops: list[tuple[float, float]]) -> None:
    path = [(p50, p50 * ratio) for p50, ratio in hops]
    assert serving.hops_p99(path) <= serving.hops_p99_together(path)
    assert serving.hops_p99(path) >= max(p50 for p50, _ in path) * 0.99


def test_one_hop_is_itself() -> None:
    assert serving.hops_p99([(10, 50)]) == pytest.approx(50)


def test_a_path_without_hops_is_refused() -> None:
    with pytest.raises(Invalid, match="at least one hop"):
        serving.hops_p99([])


def test_a_p99_below_the_median_is_refused() -> None:
    with pytest.raises(Invalid, match="p99 of a hop"):
        serving.hops_p99([(10, 5)])


@given(st.integers(1, 10_000), st.floats(0.5, 0.9999))
def test_leaves_at_their_quantile_hold_the_target_together(calls: int, target: float) -> None:
    slow = 1 - serving.leaf_quantile(calls, target)
    assert serving.fan_out(calls, slow) == pytest.approx(1 - target, rel=1e-6)


def test_a_backlog_that_grows_is_infeasible() -> None:
    assert serving.queue_drain_seconds(36_000, 100, 150) == pytest.approx(720)
    with pytest.raises(Infeasible, match="never catches up"):
        serving.queue_drain_seconds(1, 100, 100)


def test_a_batch_takes_rows_over_speed() -> None:
    assert serving.batch_hours(36_000_000, 1000, workers=2) == pytest.approx(5)


def test_a_margin_of_the_root_of_the_load_makes_waiting_as_rare_as_computed() -> None:
    load = 400.0
    servers = serving.square_root_staffing(load, 1.0)
    assert servers == 420
    assert serving.erlang_c(servers, load) == pytest.approx(serving.waiting_at_margin(1.0), abs=0.02)


def test_the_peak_of_the_scalability_law_is_its_highest_point() -> None:
    peak = serving.servers_at_peak(0.05, 0.001)
    best = serving.scaled_capacity(peak, 0.05, 0.001)
    assert best > serving.scaled_capacity(peak * 0.9, 0.05, 0.001)
    assert best > serving.scaled_capacity(peak * 1.1, 0.05, 0.001)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "busy"), [(1, 0.7), (4, 0.8), (10, 0.8)])
def test_a_simulated_queue_has_the_p99_computed(servers: int, busy: float) -> None:
    chance = random.Random(3)
    free = [0.0] * servers
    now, latencies = 0.0, []
    for _ in range(400_000):
        now += chance.expovariate(busy * servers)
        done = max(now, heapq.heappop(free)) + chance.expovariate(1)
        heapq.heappush(free, done)
        latencies.append(done - now)
    simulated = sorted(latencies)[int(0.99 * len(latencies))]
    assert serving.p99_sojourn(busy * servers, 1, servers) == pytest.approx(simulated, rel=0.05)


@pytest.mark.slow
def test_simulated_hops_have_about_the_p99_computed() -> None:
    chance = random.Random(5)
    sigma = log(5) / 2.3263478740408408
    totals = sorted(sum(10 * exp(chance.gauss(0, sigma)) for _ in range(5)) for _ in range(200_000))
    assert serving.hops_p99([(10, 50)] * 5) == pytest.approx(totals[198_000], rel=0.03)


def test_a_whole_load_that_floating_point_makes_a_hair_smaller_is_sized() -> None:
    assert 6000 * 0.009 < 54
    assert serving.replicas_for_p99(6000, 0.009, 0.1, service_p99=0.025) > 54
    with pytest.raises(Infeasible, match="no time to spare"):
        serving.p99_general(6000, 0.009, 54, 0.25)
