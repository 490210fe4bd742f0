"""The arithmetic of experiments keeps its promises."""

from __future__ import annotations

import random
from math import ceil, nan

import numpy
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.power import NormalIndPower, TTestIndPower  # type: ignore[import-untyped]
from statsmodels.stats.proportion import (  # type: ignore[import-untyped]
    samplesize_proportions_2indep_onetail,
)

from mlworkflow.numbers import experiment, looks
from mlworkflow.numbers.validity import Infeasible, Invalid

BASES = st.floats(0.001, 0.95)
EFFECTS = st.floats(0.0005, 0.04)
ALPHAS = st.floats(0.001, 0.2)
POWERS = st.floats(0.5, 0.99)
RATIOS = st.floats(0.1, 20)


@given(BASES, EFFECTS, ALPHAS, POWERS, RATIOS)
def test_the_size_for_rates_is_statsmodels(
    base: float, effect: float, alpha: float, power: float, ratio: float
) -> None:
    ours = experiment.users_per_arm_for_rates(base, effect, alpha, power, ratio)
    theirs = samplesize_proportions_2indep_onetail(
        effect, base, power, ratio=ratio, alpha=alpha, alternative="two-sided"
    )
    assert ours == pytest.approx(float(theirs), rel=1e-9)


@given(st.floats(0.05, 2), ALPHAS, POWERS, RATIOS)
def test_the_size_for_means_is_statsmodels(effect: float, alpha: float, power: float, ratio: float) -> None:
    users = experiment.users_per_arm_for_means(1, effect, alpha, power, ratio, sides=1)
    reached = NormalIndPower().power(effect, users, alpha, ratio=ratio, alternative="larger")
    assert float(reached) == pytest.approx(power, rel=1e-9)


@pytest.mark.parametrize("effect", [0.2, 0.5, 0.8, 1.2])
@pytest.mark.parametrize("power", [0.8, 0.9])
def test_the_size_for_few_users_is_statsmodels(effect: float, power: float) -> None:
    theirs = TTestIndPower().solve_power(effect, alpha=0.05, power=power)
    assert experiment.users_per_arm_for_few(1, effect, 0.05, power) == pytest.approx(float(theirs), rel=1e-6)


@given(BASES, EFFECTS, st.floats(1.01, 3))
def test_a_larger_effect_never_needs_more_users(base: float, effect: float, times: float) -> None:
    assume(base + effect * times < 0.999)
    larger = experiment.users_per_arm_for_rates(base, effect * times)
    assert larger < experiment.users_per_arm_for_rates(base, effect)


@given(BASES, EFFECTS, st.floats(0.5, 0.95), st.floats(0.001, 0.04))
def test_more_power_never_needs_fewer_users(base: float, effect: float, power: float, more: float) -> None:
    lower = experiment.users_per_arm_for_rates(base, effect, power=power)
    assert experiment.users_per_arm_for_rates(base, effect, power=power + more) >= lower


@given(st.floats(1, 1e8), st.floats(1, 1e6), st.floats(1, 100))
def test_more_traffic_never_needs_more_weeks(total: float, per_day: float, times: float) -> None:
    assert experiment.weeks_needed(total, per_day * times) <= experiment.weeks_needed(total, per_day)


@given(BASES, EFFECTS, ALPHAS, POWERS, RATIOS, st.sampled_from([1, 2]))
def test_the_detectable_effect_undoes_the_size(
    base: float, effect: float, alpha: float, power: float, ratio: float, sides: int
) -> None:
    users = experiment.users_per_arm_for_rates(base, effect, alpha, power, ratio, sides)
    found = experiment.detectable_effect_for_rates(base, users, alpha, power, ratio, sides)
    assert found == pytest.approx(effect, rel=1e-7)


@given(st.floats(0.05, 0.99), EFFECTS)
def test_the_detectable_fall_undoes_the_size(base: float, effect: float) -> None:
    users = experiment.users_per_arm_for_rates(base, -effect)
    assert experiment.detectable_effect_for_rates(base, users, falling=True) == pytest.approx(-effect, rel=1e-7)


@given(st.floats(0.1, 100), st.floats(0.01, 10), RATIOS)
def test_the_detectable_change_of_a_mean_undoes_the_size(sd: float, effect: float, ratio: float) -> None:
    users = experiment.users_per_arm_for_means(sd, effect, ratio=ratio)
    assert experiment.detectable_effect_for_means(sd, users, ratio=ratio) == pytest.approx(effect, rel=1e-9)


@given(BASES, EFFECTS, POWERS)
def test_the_power_of_the_size_is_the_power_asked_for(base: float, effect: float, power: float) -> None:
    users = experiment.users_per_arm_for_rates(base, effect, power=power)
    assert experiment.power_for_rates(base, effect, users) == pytest.approx(power, abs=1e-9)


def test_the_power_of_1030_users_is_that_of_an_exact_enumeration() -> None:
    assert experiment.power_for_rates(0.2, 0.05, 1030) == pytest.approx(0.776537, abs=0.005)


@given(BASES, EFFECTS)
def test_a_rise_and_the_mirrored_fall_need_the_same_users(base: float, effect: float) -> None:
    rise = experiment.users_per_arm_for_rates(base, effect)
    assert experiment.users_per_arm_for_rates(1 - base, -effect) == pytest.approx(rise, rel=1e-9)


@given(st.floats(0.01, 0.99))
def test_no_split_needs_less_traffic_than_the_equal_one(share: float) -> None:
    assert experiment.split_inflation(share) >= 1
    assert experiment.total_users(100, share) == pytest.approx(experiment.total_users(100, 1 - share))


def test_a_ninety_ten_split_costs_the_published_factor() -> None:
    assert experiment.total_users(14_751, 0.1) == pytest.approx(2 * 14_751 * 2.7777778, rel=1e-6)


@given(st.floats(0.01, 0.5), st.floats(0.001, 0.04))
def test_the_unequal_split_agrees_with_the_ratio_in_the_formula(base: float, effect: float) -> None:
    treatment = experiment.users_per_arm_for_means(base, effect, ratio=9)
    equal = experiment.users_per_arm_for_means(base, effect)
    assert 10 * treatment == pytest.approx(experiment.total_users(equal, 0.1), rel=1e-9)


@pytest.mark.parametrize(
    ("total", "per_day", "weeks"), [(29_502, 2_000, 3), (28_000, 2_000, 2), (28_001, 2_000, 3), (100, 2_000, 2)]
)
def test_weeks_are_whole_and_never_fewer_than_two(total: float, per_day: float, weeks: int) -> None:
    assert experiment.weeks_needed(total, per_day) == weeks


def test_half_the_traffic_takes_twice_the_weeks() -> None:
    assert experiment.weeks_needed(140_000, 2_000) == 10
    assert experiment.weeks_needed(140_000, 2_000, share=0.5) == 20


def test_the_analysis_waits_for_outcomes_and_labels() -> None:
    assert experiment.analysis_day(3) == 21
    assert experiment.analysis_day(3, outcome_window_days=30, label_maturity_days=5) == 56


@given(st.floats(-0.99, 0.99))
def test_a_figure_from_before_never_needs_more_users(rho: float) -> None:
    assert 0 < experiment.cuped(1000, rho) <= 1000


@given(st.integers(1, 40), st.floats(0.01, 0.1))
def test_dunnett_is_between_one_test_and_bonferroni(variants: int, alpha: float) -> None:
    z = experiment.several_variants_z(variants, alpha)
    assert z <= experiment.several_variants_bonferroni_z(variants, alpha) + 1e-9
    assert z >= experiment.several_variants_bonferroni_z(1, alpha) - 1e-9


@pytest.mark.parametrize(("variants", "z"), [(2, 2.212), (3, 2.349), (4, 2.442), (5, 2.511)])
def test_dunnetts_table_is_met(variants: int, z: float) -> None:
    assert experiment.several_variants_z(variants) == pytest.approx(z, abs=6e-4)


@pytest.mark.parametrize(
    ("count", "inflation"), [(1, 1.0), (2, 1.008), (3, 1.017), (4, 1.024), (5, 1.028), (8, 1.037), (10, 1.040)]
)
def test_planned_looks_cost_what_the_published_table_says(count: int, inflation: float) -> None:
    assert experiment.looks_inflation(count) == pytest.approx(inflation, abs=1e-3)


@pytest.mark.parametrize(("count", "rate"), [(1, 0.05), (2, 0.083), (5, 0.142), (10, 0.193), (20, 0.248)])
def test_peeking_raises_false_alarms_as_published(count: int, rate: float) -> None:
    assert experiment.false_alarm_of_peeking(count) == pytest.approx(rate, abs=6e-4)


@given(st.integers(1, 15), st.floats(0.01, 0.1))
def test_planned_limits_spend_alpha_exactly(count: int, alpha: float) -> None:
    limits = looks.obrien_fleming_limits(looks.obrien_fleming_constant(count, alpha), count)
    assert sum(looks.crossing(limits)) == pytest.approx(alpha, rel=1e-6)


def test_an_early_stop_saves_users_on_average() -> None:
    assert experiment.looks_expected_inflation(5) < 1 < experiment.looks_inflation(5)


@pytest.mark.parametrize(
    ("control", "treatment", "p"), [(821_588, 815_482, 1.8e-6), (600, 400, 2.5e-10), (500, 500, 1.0)]
)
def test_a_broken_split_is_seen(control: int, treatment: int, p: float) -> None:
    assert experiment.sample_ratio_p(control, treatment) == pytest.approx(p, rel=0.05)


@given(st.floats(1, 500), st.floats(0, 1))
def test_clusters_never_need_fewer_users(size: float, icc: float) -> None:
    assert experiment.design_effect(size, icc) >= 1


def test_a_ratio_of_constant_denominators_is_a_plain_mean() -> None:
    assert experiment.ratio_metric_variance(4, 0, 0, 0.5, 2) == pytest.approx(1)


def test_analysing_everyone_costs_the_square_of_the_triggered_share() -> None:
    assert experiment.trigger_inflation(0.2, only_triggered_analysed=False) == pytest.approx(25)
    assert experiment.trigger_inflation(0.2, only_triggered_analysed=True) == pytest.approx(5)


def test_a_guardrail_needs_the_published_form() -> None:
    assert experiment.guardrail_users_for_rates(0.1, 0.01) == pytest.approx(6.18256 * 0.18 / 1e-4, rel=1e-4)
    assert experiment.power_for_each_guardrail(4, 0.8) == pytest.approx(0.95)


def test_interleaving_needs_the_published_impressions() -> None:
    assert ceil(experiment.interleaving_impressions(0.55)) == 783


def test_the_effect_of_acting_may_drown_in_the_population() -> None:
    assert experiment.periods_to_see_action(279, 72_000, 0.04) == pytest.approx(0.279, abs=0.01)


@pytest.mark.parametrize(
    ("base", "effect", "words"),
    [
        (0.0, 0.01, "the base rate must lie between 0 and 1, both excluded, not 0"),
        (1.0, 0.01, "the base rate must lie between 0 and 1, both excluded, not 1"),
        (0.1, 0.0, "the effect must not be 0"),
        (0.1, 0.95, "the base rate 0.1 plus the effect 0.95 is 1.05"),
        (0.1, -0.1, "the base rate 0.1 plus the effect -0.1 is 0"),
        (nan, 0.1, "the base rate must lie between"),
        (0.1, nan, "the effect must be an ordinary number"),
    ],
)
def test_rates_that_cannot_be_are_refused_in_a_sentence(base: float, effect: float, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        experiment.users_per_arm_for_rates(base, effect)


def test_no_traffic_is_refused() -> None:
    with pytest.raises(Invalid, match="the eligible users per day must be above 0, not 0"):
        experiment.weeks_needed(1000, 0)


def test_a_power_below_one_half_is_refused() -> None:
    with pytest.raises(Invalid, match=r"the power must be at least 0\.5, not 0\.3"):
        experiment.users_per_arm_for_rates(0.1, 0.01, power=0.3)


def test_too_few_users_to_show_anything_is_infeasible() -> None:
    with pytest.raises(Infeasible, match="3 users per arm cannot show any change of a rate"):
        experiment.detectable_effect_for_rates(0.5, 3)


@pytest.mark.slow
@pytest.mark.parametrize(("base", "effect"), [(0.1, 0.03), (0.3, 0.05), (0.5, -0.06)])
def test_simulated_experiments_find_the_effect_as_often_as_promised(base: float, effect: float) -> None:
    chance = numpy.random.default_rng(7)
    users, runs = ceil(experiment.users_per_arm_for_rates(base, effect)), 20_000
    first, second = chance.binomial(users, base, runs), chance.binomial(users, base + effect, runs)
    middle = (first + second) / (2 * users)
    z = (second - first) / users / numpy.sqrt(2 * middle * (1 - middle) / users)
    assert float(numpy.mean(abs(z) > 1.959963984540054)) == pytest.approx(0.8, abs=0.012)


@pytest.mark.slow
def test_simulated_peeking_raises_false_alarms_as_computed() -> None:
    chance = random.Random(11)
    runs, alarms = 20_000, 0
    for _ in range(runs):
        total = 0.0
        for look in range(1, 15):
            total += chance.gauss()
            if abs(total) > 1.959963984540054 * look**0.5:
                alarms += 1
                break
    assert alarms / runs == pytest.approx(experiment.false_alarm_of_peeking(14), abs=0.01)
