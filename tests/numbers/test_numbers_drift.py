"""The arithmetic of drift keeps its promises."""

from __future__ import annotations

from math import log, sqrt

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]
from scipy.spatial.distance import jensenshannon  # type: ignore[import-untyped]

from mlworkflow.numbers import drift
from mlworkflow.numbers.validity import Infeasible, Invalid

ROWS = st.integers(100, 100_000)
BINS = st.integers(2, 100)


def _shares(weights: list[float]) -> list[float]:
    return [weight / sum(weights) for weight in weights]


SHARES = st.lists(st.floats(0.05, 1), min_size=5, max_size=5).map(_shares)


@given(BINS, ROWS, ROWS, st.floats(1e-6, 0.5))
def test_a_critical_psi_is_exceeded_with_probability_alpha(bins: int, n: int, m: int, alpha: float) -> None:
    critical = drift.psi_critical(bins, n, m, alpha)
    assert drift.psi_false_alarm(bins, n, m, critical) == pytest.approx(alpha, rel=1e-7)


@given(BINS, ROWS, ROWS)
def test_more_rows_never_raise_the_critical_psi(bins: int, n: int, m: int) -> None:
    assert drift.psi_critical(bins, n, m + 100) <= drift.psi_critical(bins, n, m)


@pytest.mark.parametrize(
    ("rows", "critical", "at_tenth"), [(100, 0.338, 0.83), (200, 0.169, 0.35), (500, 0.068, 0.003), (1000, 0.034, 0)]
)
def test_the_published_table_of_psi_is_met(rows: int, critical: float, at_tenth: float) -> None:
    assert drift.psi_critical(10, rows, rows) == pytest.approx(critical, abs=6e-4)
    assert drift.psi_false_alarm(10, rows, rows) == pytest.approx(at_tenth, abs=6e-3)


def test_a_psi_of_a_tenth_means_something_from_339_rows_on() -> None:
    assert drift.rows_for_psi_threshold(10) == 339
    assert drift.rows_for_psi_threshold(20) == 603


@given(st.floats(0.01, 0.5))
def test_a_psi_stands_for_about_the_square_of_a_shift(shift: float) -> None:
    assert drift.psi_of_shift(shift) == pytest.approx(shift**2, rel=0.06, abs=1e-5)
    assert drift.psi_of_shift(-shift) == drift.psi_of_shift(shift)
    assert drift.shift_of_psi(shift**2) == pytest.approx(shift)


@given(BINS, ROWS, st.floats(0.001, 0.5))
def test_a_larger_drift_is_never_seen_less_often(bins: int, rows: int, true_psi: float) -> None:
    seen = drift.psi_power(bins, rows, rows, true_psi)
    assert 0.05 - 1e-9 <= seen <= drift.psi_power(bins, rows, rows, true_psi * 1.5) + 1e-6


@given(SHARES, SHARES)
def test_the_distance_of_shares_is_scipys(p: list[float], q: list[float]) -> None:
    assert drift.js_distance(p, q) == pytest.approx(float(jensenshannon(p, q)), abs=1e-7)
    assert drift.js_distance(p, q, base=2) == pytest.approx(float(jensenshannon(p, q, base=2)), abs=1e-7)


@given(SHARES, SHARES)
def test_psi_is_symmetric_and_never_negative(p: list[float], q: list[float]) -> None:
    assert drift.psi(p, q) == pytest.approx(drift.psi(q, p))
    assert drift.psi(p, q) >= 0


def test_a_small_distance_translates_into_psi() -> None:
    p, q = [0.25, 0.25, 0.25, 0.25], [0.26, 0.24, 0.255, 0.245]
    assert drift.psi_of_js(drift.js_distance(p, q)) == pytest.approx(drift.psi(p, q), rel=1e-3)
    assert drift.psi_of_js(drift.js_distance(p, q, 2), 2) == pytest.approx(drift.psi(p, q), rel=1e-3)


def test_an_empty_bin_and_unequal_lists_are_refused() -> None:
    with pytest.raises(Invalid, match="bin is empty"):
        drift.psi([0.5, 0.5, 0.0], [0.4, 0.4, 0.2])
    with pytest.raises(Invalid, match="same 2 or more bins"):
        drift.psi([0.5, 0.5], [1.0])
    with pytest.raises(Invalid, match="add up to 1"):
        drift.psi([0.5, 0.4], [0.5, 0.5])


@given(st.floats(0.01, 20), st.integers(1, 500), st.floats(1, 1000))
def test_alarms_and_alpha_undo_each_other(alarms: float, features: int, windows: float) -> None:
    if alarms < features * windows * 0.99:
        alpha = drift.alpha_per_test(alarms, features, windows)
        assert drift.alarms_per_month(alpha, features, windows) == pytest.approx(alarms)


def test_more_alarms_than_tests_are_refused() -> None:
    with pytest.raises(Invalid, match="more than the 4 tests"):
        drift.alpha_per_test(5, 1, 4)


@pytest.mark.parametrize(("rate", "chance"), [(0.02, 0.022), (0.08, 0.78)])
def test_five_of_eighty_fires_as_often_as_published(rate: float, chance: float) -> None:
    assert drift.k_of_n(5, 80, rate) == pytest.approx(chance, abs=0.006)


@given(st.integers(0, 50), st.integers(1, 50), st.floats(0, 1))
def test_a_rule_of_k_in_n_is_the_binomial_tail(k: int, n: int, rate: float) -> None:
    assert drift.k_of_n(k, n, rate) == pytest.approx(float(stats.binom.sf(k - 1, n, rate)), abs=1e-9)


@given(st.floats(0.01, 3))
def test_a_shift_and_its_distance_undo_each_other(shift: float) -> None:
    assert drift.shift_of_ks(drift.ks_of_shift(shift)) == pytest.approx(shift, rel=1e-8)


@given(st.floats(0.05, 1), st.integers(20_000, 1_000_000))
def test_a_window_of_the_rows_needed_shows_the_shift(shift: float, reference: int) -> None:
    rows = drift.window_rows(shift, reference)
    assert drift.smallest_shift(reference, rows) <= shift * (1 + 1e-9)


def test_a_reference_too_small_for_the_shift_is_infeasible() -> None:
    with pytest.raises(Infeasible, match="it needs more than"):
        drift.window_rows(0.01, 1000)


@pytest.mark.parametrize(("rows", "per_day", "days"), [(1000, 1000, 7), (7000, 1000, 7), (7001, 1000, 14)])
def test_a_window_is_whole_weeks(rows: float, per_day: float, days: int) -> None:
    assert drift.window_days(rows, per_day) == days


def test_rows_that_follow_each_other_count_for_less() -> None:
    assert drift.independent_rows(300, 0.5) == pytest.approx(100)


def test_chance_separates_two_equal_thousands_by_so_much() -> None:
    assert drift.domain_classifier_null_sd(1000, 1000) == pytest.approx(0.013, abs=1e-4)


def test_a_wasserstein_threshold_of_a_tenth_needs_about_900_rows() -> None:
    assert drift.wasserstein_critical(900, 900) == pytest.approx(0.1, abs=0.002)


def test_the_mean_wasserstein_constant_is_an_integral() -> None:
    from scipy.integrate import quad  # type: ignore[import-untyped]

    value, _ = quad(lambda x: sqrt(stats.norm.cdf(x) * stats.norm.sf(x)), -12, 12)
    assert pytest.approx(value * sqrt(2 / numpy.pi), abs=1e-5) == drift.WASSERSTEIN_MEAN


def test_no_detector_is_faster_than_the_information_allows() -> None:
    assert drift.best_possible_delay(0.1, 0.2, 1e5) < drift.best_possible_delay(0.1, 0.15, 1e5)
    with pytest.raises(Invalid, match="must differ"):
        drift.best_possible_delay(0.1, 0.1, 1e5)


@pytest.mark.slow
def test_simulated_psi_without_drift_exceeds_its_critical_value_as_promised() -> None:
    chance = numpy.random.default_rng(1)
    runs, rows, bins = 20_000, 1000, 10
    first = chance.multinomial(rows, [1 / bins] * bins, runs) / rows
    second = chance.multinomial(rows, [1 / bins] * bins, runs) / rows
    values = ((second - first) * numpy.log(second / first)).sum(axis=1)
    assert float(numpy.mean(values > drift.psi_critical(bins, rows, rows))) == pytest.approx(0.05, abs=0.006)
    assert float(values.mean()) == pytest.approx(drift.psi_mean_without_drift(bins, rows, rows), rel=0.02)


def test_the_information_of_a_small_change_is_about_quadratic() -> None:
    delay = drift.best_possible_delay(0.5, 0.51, 1e5)
    assert delay == pytest.approx(log(1e5) / (0.01**2 / (2 * 0.25)), rel=0.01)


@pytest.mark.parametrize(("n", "threshold"), [(339, 0.1), (2000, 0.1), (2000, 0.2), (1_000_000, 0.1)])
def test_the_shift_seen_passes_the_threshold_as_often_as_was_asked(n: int, threshold: float) -> None:
    seen = drift.shift_seen_by_psi(10, 4 * n, n, threshold, 0.9)
    moved = drift.psi_of_shift(seen) / (1 / n + 1 / (4 * n))
    if moved < 5000:
        assert stats.ncx2.sf(threshold / (1.25 / n), 9, moved) == pytest.approx(0.9, abs=1e-3)
    assert 0 < seen < 1


def test_large_windows_see_the_threshold_and_little_more() -> None:
    assert drift.psi_seen(10, 4e8, 1e8, 0.1) == pytest.approx(0.1, rel=1e-3)
    assert drift.shift_seen_by_psi(10, 4e8, 1e8, 0.1) == pytest.approx(0.32, abs=0.01)


@given(st.integers(400, 10**6), st.floats(0.1, 0.5), st.floats(0.5, 0.95))
def test_more_rows_a_lower_threshold_and_less_power_see_smaller_shifts(n: int, limit: float, power: float) -> None:
    seen = drift.shift_seen_by_psi(10, 4 * n, n, limit, power)
    assert drift.shift_seen_by_psi(10, 4 * n, n, limit * 1.1, power) >= seen
    assert drift.shift_seen_by_psi(10, 4 * n, n, limit, power + 0.02) >= seen
    assert drift.shift_seen_by_psi(10, 8 * n, 2 * n, limit, 0.9) <= drift.shift_seen_by_psi(10, 4 * n, n, limit, 0.9)


def test_a_threshold_that_chance_passes_sees_nothing() -> None:
    with pytest.raises(Infeasible, match="chance alone"):
        drift.psi_seen(10, 40, 10, 0.1)


def test_both_of_two_windows_alarm_with_the_power_wanted() -> None:
    assert drift.power_of_each(2, 0.8) ** 2 == pytest.approx(0.8)
    assert drift.power_of_each(1, 0.8) == pytest.approx(0.8)


def test_shift_of_an_auc_share_of_zeros_and_rate_of_a_sample_by_hand() -> None:
    # 0.6 + 0.8416 x sqrt(2001 / 12,000,000) = 0.61087; sqrt(2) x z(0.61087) = 0.3982
    assert drift.shift_seen_by_auc(1000, 1000, 0.6) == pytest.approx(0.3982, abs=1e-3)
    # (3 + 0.8416) x sqrt(0.25 x (1/1000 + 1/4000)) = 3.8416 x 0.017678
    assert drift.share_seen(0.5, 4000, 1000, 3) == pytest.approx(0.06791, abs=1e-5)
    rate = drift.rate_seen(15, 100)
    assert stats.binom.sf(15, 100, rate) == pytest.approx(0.8, abs=1e-9)
    with pytest.raises(Infeasible):
        drift.rate_seen(100, 100)
