"""Our own distributions agree with scipy's."""

from __future__ import annotations

from math import inf, nan, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special, stats  # type: ignore[import-untyped]

from mlworkflow.numbers import calculus, distributions, normal
from mlworkflow.numbers.validity import Invalid

PROBABILITIES = st.floats(1e-15, 1 - 1e-12)


@given(PROBABILITIES)
def test_the_normal_quantile_is_scipys(p: float) -> None:
    assert normal.quantile(p) == pytest.approx(float(stats.norm.ppf(p)), abs=1e-12, rel=1e-12)


@given(PROBABILITIES)
def test_the_normal_quantile_undoes_the_cdf(p: float) -> None:
    assert normal.cdf(normal.quantile(p)) == pytest.approx(p, rel=1e-11)


@given(st.floats(-8, 8))
def test_the_normal_curve_is_scipys(x: float) -> None:
    assert normal.cdf(x) == pytest.approx(float(stats.norm.cdf(x)), rel=1e-12)
    assert normal.density(x) == pytest.approx(float(stats.norm.pdf(x)), rel=1e-12)


@pytest.mark.parametrize("p", [0, 1, -0.1, 1.1, nan, inf])
def test_a_quantile_of_an_impossible_probability_says_so(p: float) -> None:
    with pytest.raises(Invalid, match="must lie between 0 and 1"):
        normal.quantile(p)


def test_a_test_has_one_side_or_two() -> None:
    with pytest.raises(Invalid, match="1 side or 2, not 3"):
        normal.critical_z(0.05, sides=3)
    assert normal.critical_z(0.05, sides=1) == pytest.approx(1.6448536269514722, abs=1e-12)


@given(st.floats(0.5, 500), st.floats(0, 1000))
def test_the_chi_square_tail_is_scipys(freedom: float, x: float) -> None:
    expected = float(stats.chi2.sf(x, freedom))
    assert distributions.chi_square_tail(x, freedom) == pytest.approx(expected, rel=1e-10, abs=1e-300)


@given(st.floats(1e-10, 0.99), st.integers(1, 300))
def test_the_chi_square_critical_value_is_scipys(alpha: float, freedom: int) -> None:
    expected = float(stats.chi2.isf(alpha, freedom))
    assert distributions.chi_square_critical(alpha, freedom) == pytest.approx(expected, rel=1e-9)


@given(st.floats(1, 200), st.integers(1, 50), st.floats(0, 200))
def test_the_shifted_chi_square_tail_is_scipys(x: float, freedom: int, shift: float) -> None:
    expected = float(stats.ncx2.sf(x, freedom, shift)) if shift else float(stats.chi2.sf(x, freedom))
    assert distributions.shifted_chi_square_tail(x, freedom, shift) == pytest.approx(expected, rel=1e-7, abs=1e-10)


def test_a_far_shift_joins_the_normal_approximation() -> None:
    exact = float(stats.ncx2.sf(10_150, 9, 10_050))
    assert distributions.shifted_chi_square_tail(10_150, 9, 10_050) == pytest.approx(exact, abs=0.01)


@given(st.integers(0, 200), st.integers(1, 200), st.floats(0, 1))
def test_the_binomial_tail_is_scipys(k: int, trials: int, rate: float) -> None:
    expected = float(stats.binom.sf(k - 1, trials, rate))
    assert distributions.binomial_at_least(k, trials, rate) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(st.floats(-40, 40), st.floats(1, 400))
def test_students_tail_is_scipys(t: float, freedom: float) -> None:
    assume(t == 0 or abs(t) > 1e-6)  # nearer to zero scipy itself is off in the ninth digit
    expected = float(stats.t.sf(t, freedom))
    assert distributions.student_tail(t, freedom) == pytest.approx(expected, rel=1e-9, abs=1e-15)


@given(st.floats(1e-6, 0.999), st.floats(1, 400))
def test_students_critical_value_is_scipys(alpha: float, freedom: float) -> None:
    expected = float(stats.t.isf(alpha, freedom))
    assert distributions.student_critical(alpha, freedom) == pytest.approx(expected, rel=1e-8, abs=1e-8)


@given(st.floats(1e-8, 0.99))
def test_the_kolmogorov_critical_value_is_scipys(alpha: float) -> None:
    expected = float(stats.kstwobign.isf(alpha))
    assert distributions.kolmogorov_critical(alpha) == pytest.approx(expected, rel=1e-6)


@given(st.floats(-4, 4), st.floats(0, 3))
def test_owens_t_is_scipys(height: float, slope: float) -> None:
    expected = float(special.owens_t(height, slope))
    assert distributions.owens_t(height, slope) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("draws", "expected"), [(1, 0.0), (2, 1 / sqrt(3.141592653589793)), (10, 1.5387527308)])
def test_the_largest_of_a_few_normals_is_the_published_mean(draws: int, expected: float) -> None:
    assert distributions.largest_of_normals(draws) == pytest.approx(expected, abs=1e-9)


def test_an_integral_of_a_polynomial_is_exact() -> None:
    assert calculus.integral(lambda x: 3 * x * x, 0, 2, points=4) == pytest.approx(8, rel=1e-13)


def test_a_root_is_found_from_either_method() -> None:
    assert calculus.rising_root(lambda x: x**3 - 8, 0, 0.1) == pytest.approx(2, rel=1e-12)
    assert calculus.secant(lambda x: x * x - 2, 1, 2) == pytest.approx(sqrt(2), rel=1e-12)
