"""The arithmetic of data needs keeps its promises."""

from __future__ import annotations

from math import sqrt

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]

from mlworkflow.numbers import data
from mlworkflow.numbers.validity import Infeasible, Invalid

RATES = st.floats(0.01, 0.99)


@st.composite
def trials(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 10_000))
    return draw(st.integers(0, n)), n


@given(trials(), st.floats(0.5, 0.999))
def test_wilsons_interval_contains_the_rate_observed(counts: tuple[int, int], confidence: float) -> None:
    low, high = data.wilson(*counts, confidence)
    assert 0 <= low <= counts[0] / counts[1] <= high <= 1


@given(trials(), st.floats(0.5, 0.999))
def test_wilsons_interval_is_statsmodels(counts: tuple[int, int], confidence: float) -> None:
    expected = proportion_confint(*counts, alpha=1 - confidence, method="wilson")
    assert data.wilson(*counts, confidence) == pytest.approx(tuple(map(float, expected)), abs=1e-9)


def test_more_successes_than_trials_are_refused() -> None:
    with pytest.raises(Invalid, match="the number of successes must lie between 0 and 10, not 11"):
        data.wilson(11, 10)


@given(RATES, st.floats(0.01, 0.3))
def test_the_positives_found_hold_the_margin(recall: float, margin: float) -> None:
    positives = data.positives_for_recall(recall, margin)
    assert 1.959964 * sqrt(recall * (1 - recall) / positives) <= margin * (1 + 1e-6)


def test_positives_translate_into_rows() -> None:
    assert data.rows_for_positives(100, 0.005) == 20_000


@given(st.floats(1e-5, 0.5), st.floats(0.5, 0.999))
def test_trials_without_failure_and_the_rate_ruled_out_undo_each_other(rate: float, confidence: float) -> None:
    needed = data.zero_failures_needed(rate, confidence)
    assert data.zero_failures_upper(needed, confidence) <= rate * (1 + 1e-9)


def test_two_models_that_differ_nowhere_are_refused() -> None:
    with pytest.raises(Invalid, match="must differ"):
        data.mcnemar_pairs(0.05, 0.05)


@given(st.floats(0.55, 0.95), st.integers(10, 5000), st.integers(10, 5000))
def test_more_rows_never_widen_the_error_of_an_auc(auc: float, positives: int, negatives: int) -> None:
    now = data.hanley_mcneil_error(auc, positives, negatives)
    assert data.hanley_mcneil_error(auc, positives + 10, negatives + 10) < now


def test_the_published_grid_of_events_is_met() -> None:
    events = [data.events_for_auc_error(c, p) for c in (0.64, 0.72, 0.78, 0.85) for p in (0.05, 0.1, 0.2, 0.3)]
    assert (round(min(events)), round(max(events))) == (59, 172)


def test_time_and_size_choose_the_folds() -> None:
    assert data.folds_advised(500, ordered_in_time=False) == (10, 5)
    assert data.folds_advised(50_000, ordered_in_time=False) == (5, 1)
    assert data.folds_advised(500_000, ordered_in_time=False) == (1, 1)
    assert data.folds_advised(500, ordered_in_time=True) == (1, 1)


@given(st.integers(50, 100_000), st.integers(2, 50))
def test_a_perfect_model_looks_better_calibrated_with_more_rows(rows: int, bins: int) -> None:
    assert data.ece_null(rows * 4, bins) == pytest.approx(data.ece_null(rows, bins) / 2)


@given(st.floats(0.05, 0.95), st.floats(0.1, 0.9))
def test_a_ratio_closer_to_one_needs_more_rows(rate: float, ratio: float) -> None:
    closer = data.rows_per_group_for_ratio(rate, (1 + ratio) / 2)
    assert closer > data.rows_per_group_for_ratio(rate, ratio)


@pytest.mark.parametrize(("rate", "rows"), [(0.1, 2235), (0.3, 579), (0.5, 248)])
def test_four_fifths_is_ruled_out_by_the_published_rows(rate: float, rows: int) -> None:
    assert round(data.rows_per_group_for_ratio(rate)) == rows


@pytest.mark.parametrize(("n", "rate"), [(7, 0.3), (20, 0.5), (30, 0.1)])
def test_the_chance_to_break_four_fifths_is_that_of_an_enumeration(n: int, rate: float) -> None:
    shares = stats.binom.pmf(range(n + 1), n, rate)
    broken = sum(shares[a] * shares[b] for a in range(n + 1) for b in range(n + 1) if 10 * min(a, b) < 8 * max(a, b))
    assert data.four_fifths_false_alarm(n, rate) == pytest.approx(float(broken), abs=1e-9)


def test_large_groups_do_not_break_four_fifths_by_chance() -> None:
    assert data.four_fifths_false_alarm(1_000_000, 0.3) < 1e-6


@given(st.floats(0.01, 0.2), st.floats(0.5, 5), st.floats(0.2, 1), st.integers(10, 1_000_000))
def test_the_learning_curve_and_its_rows_undo_each_other(
    asymptote: float, scale: float, exponent: float, rows: int
) -> None:
    error = data.learning_curve_error(rows, asymptote, scale, exponent)
    assert data.learning_curve_rows(error, asymptote, scale, exponent) == pytest.approx(rows, rel=1e-6)


def test_an_error_below_the_floor_of_the_curve_is_infeasible() -> None:
    with pytest.raises(Infeasible, match=r"more rows never bring the error below 0\.1"):
        data.learning_curve_rows(0.1, 0.1, 1, 0.35)


def test_twice_the_data_cuts_the_reducible_error_by_about_a_fifth() -> None:
    assert data.gain_from_doubling(0.35) == pytest.approx(0.22, abs=0.005)


def test_a_brier_score_is_fixed_by_the_published_rows() -> None:
    assert data.brier_rows(0.209, 0.005) == pytest.approx(6700, rel=0.01)


@pytest.mark.slow
def test_simulated_noise_rarely_beats_the_bound_on_noise() -> None:
    chance = numpy.random.default_rng(2)
    positives, negatives, features, runs = 30, 970, 50, 300
    bound, beaten = data.largest_auc_of_noise(features, positives, negatives), 0
    for _ in range(runs):
        ranks = chance.permuted(numpy.tile(numpy.arange(1, 1001), (features, 1)), axis=1)[:, :positives].sum(axis=1)
        auc = (ranks - positives * (positives + 1) / 2) / (positives * negatives)
        beaten += bool(abs(auc - 0.5).max() > bound)
    assert beaten / runs < 0.08
