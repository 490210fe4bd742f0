"""The arithmetic of value, labels, retraining, objectives, search, models and money keeps its promises."""

from __future__ import annotations

from math import isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlworkflow.numbers import cost, economics, labels, llm, retraining, search, slo
from mlworkflow.numbers.validity import Infeasible, Invalid, down, up

RATES = st.floats(0.001, 0.999)
COSTS = st.floats(0.01, 1e6)


def test_the_published_loan_example_is_met() -> None:
    assert economics.cost_per_thousand(0.03, 0.5, 0.16, 950, 100) == pytest.approx(29_770)
    assert economics.cost_of_never_acting(0.03, 950) == pytest.approx(28_500)
    assert economics.cost_of_always_acting(0.03, 100) == pytest.approx(97_000)


@given(RATES, RATES, COSTS, COSTS)
def test_at_the_highest_false_alarm_rate_acting_costs_what_never_acting_costs(
    prevalence: float, recall: float, missed: float, false_alarm: float
) -> None:
    limit = economics.highest_false_alarm_rate(prevalence, recall, missed, false_alarm)
    acting = economics.cost_per_thousand(prevalence, recall, limit, missed, false_alarm)
    never = economics.cost_of_never_acting(prevalence, missed)
    assert acting <= never * (1 + 1e-9)
    assert limit == 1 or acting == pytest.approx(never, rel=1e-9)


@given(RATES, RATES, COSTS, COSTS)
def test_the_break_even_slope_is_that_of_the_highest_false_alarm_rate(
    prevalence: float, recall: float, missed: float, false_alarm: float
) -> None:
    limit = economics.highest_false_alarm_rate(prevalence, recall, missed, false_alarm)
    if limit < 1:
        slope = economics.break_even_slope(prevalence, missed, false_alarm)
        assert recall / limit == pytest.approx(slope, rel=1e-9)


@given(COSTS, COSTS)
def test_the_threshold_falls_when_missing_costs_more(missed: float, false_alarm: float) -> None:
    threshold = economics.threshold_from_costs(missed, false_alarm)
    assert 0 < economics.threshold_from_costs(missed * 2, false_alarm) < threshold < 1


def test_an_error_that_costs_nothing_has_no_threshold() -> None:
    with pytest.raises(Invalid, match="an error must cost more than the right decision"):
        economics.threshold_from_costs(10, 0)


@given(RATES)
def test_random_flags_have_the_precision_of_the_prevalence(prevalence: float) -> None:
    assert economics.precision_from_rates(prevalence, 0.3, 0.3) == pytest.approx(prevalence)
    assert economics.lift(prevalence, prevalence) == pytest.approx(1)


def test_a_rule_that_never_alarms_has_no_precision() -> None:
    with pytest.raises(Invalid, match="never raises an alarm"):
        economics.precision_from_rates(0.1, 0, 0)


def test_nine_hundred_visits_reach_at_most_a_third_of_the_events() -> None:
    assert economics.highest_recall_at_capacity(900, 72_000, 0.04) == pytest.approx(0.3125)
    assert economics.share_touched(900, 72_000) == pytest.approx(0.0125)
    assert economics.recall_at_capacity(900, 0.3, 72_000, 0.04) == pytest.approx(0.09375)


def test_a_precision_that_finds_more_than_there_is_is_refused() -> None:
    with pytest.raises(Invalid, match="more positives than there are"):
        economics.recall_at_capacity(900, 0.5, 1000, 0.1)


@given(RATES)
def test_trivial_policies_have_their_known_floors(prevalence: float) -> None:
    assert economics.accuracy_floor(prevalence) >= 0.5
    assert economics.average_precision_floor(prevalence) == prevalence
    assert economics.brier_floor(prevalence) <= 0.25
    assert economics.log_loss_floor(prevalence) <= log(2) + 1e-12
    assert economics.f1_floor(prevalence) == pytest.approx(2 * prevalence / (prevalence + 1))


@given(COSTS, COSTS)
def test_the_quantile_to_order_leans_to_the_cheaper_error(under: float, over: float) -> None:
    assert (economics.newsvendor_quantile(under, over) >= 0.5) == (under >= over)


def test_a_wrong_answer_twenty_times_worse_is_given_below_five_percent() -> None:
    assert economics.abstain_above(20) == pytest.approx(0.0476, abs=1e-4)


def test_an_action_pays_from_its_break_even_on() -> None:
    least = economics.least_probability_to_act(0.3, 200, 6)
    assert least == pytest.approx(0.1)
    assert economics.value_of_action(least, 0.3, 200, 6) == pytest.approx(0)


def test_reviews_take_the_hours_that_alarms_make() -> None:
    assert economics.review_hours(10_000, 0.01, 0.9, 0.02, 60) == pytest.approx((90 + 198) / 60)


@given(st.floats(0.1, 1000), st.floats(1, 100), st.floats(0.01, 0.99))
def test_the_day_and_the_share_of_labels_undo_each_other(median: float, ratio: float, share: float) -> None:
    day = labels.day_when_matured(share, median, median * ratio)
    if ratio > 1.001:
        assert labels.share_matured(day, median, median * ratio) == pytest.approx(share, rel=1e-6)
    assert labels.share_matured(median * ratio * 1.000001, median, median * ratio) >= 0.9499


@given(st.floats(0.1, 1000), st.floats(0.01, 0.99))
def test_the_day_and_the_share_undo_each_other_for_exponential_delays(mean: float, share: float) -> None:
    day = labels.day_when_matured_exponential(share, mean)
    assert labels.share_matured_exponential(day, mean) == pytest.approx(share)


def test_a_delay_without_spread_is_a_step() -> None:
    assert labels.share_matured(9.9, 10, 10) == 0
    assert labels.share_matured(10, 10, 10) == 1


def test_a_p95_below_the_median_is_refused() -> None:
    with pytest.raises(Invalid, match="below its median"):
        labels.share_matured(5, 10, 9)


def test_reading_too_early_looks_like_a_fall() -> None:
    assert labels.premature_reading(0.05, labels.share_matured_exponential(7, 7)) == pytest.approx(0.032, abs=5e-4)


def test_metrics_and_data_are_as_old_as_their_parts() -> None:
    assert labels.earliest_metric_day(30, 5) == 42
    assert labels.oldest_data_age(30, 30, 2) == 62
    assert labels.labels_per_period(1000, 0.5, 0.8) == pytest.approx(400)


@given(COSTS, COSTS, st.floats(0.1, 10))
def test_no_interval_is_cheaper_than_the_best(cost_of_one: float, loss: float, times: float) -> None:
    best = retraining.best_interval(cost_of_one, loss)
    least = retraining.cost_at_interval(best, cost_of_one, loss)
    assert retraining.cost_at_interval(best * times, cost_of_one, loss) == pytest.approx(
        least * retraining.penalty(times), rel=1e-9
    )
    assert retraining.penalty(times) >= 1


def test_a_retraining_that_costs_more_than_it_undoes_never_pays() -> None:
    assert retraining.never_pays(3000, 100, 30)
    assert not retraining.never_pays(2999, 100, 30)
    with pytest.raises(Infeasible, match="it never pays"):
        retraining.best_interval_saturating(3000, 100, 30)


def test_slow_saturation_is_the_linear_rule() -> None:
    assert retraining.best_interval_saturating(500, 1e6, 1e5) == pytest.approx(
        retraining.best_interval(500, 10), rel=1e-3
    )


def test_data_sets_a_floor_to_the_interval() -> None:
    assert retraining.interval_for_new_data(100_000, 500) == pytest.approx(20)


def test_an_objective_of_one_hundred_percent_is_refused() -> None:
    with pytest.raises(Invalid, match="100 % leaves no error budget"):
        slo.error_budget_minutes(1)
    with pytest.raises(Invalid, match="the objective must lie between 0 and 1"):
        slo.error_budget_minutes(1.5)


@given(st.floats(0.5, 0.9999), st.floats(1.01, 100))
def test_an_alert_fires_only_above_the_lowest_objective(objective: float, burn: float) -> None:
    lowest = slo.lowest_slo_for_burn(burn)
    if not isclose(objective, lowest, rel_tol=1e-9):
        assert slo.can_burn_alert_fire(objective, burn) == (objective > lowest)


@pytest.mark.parametrize(("objective", "requests"), [(0.999, 70), (0.9999, 695)])
def test_low_traffic_pages_on_a_single_failure(objective: float, requests: int) -> None:
    assert slo.requests_per_hour_needed(objective, 14.4) == requests


@given(st.floats(0.0001, 0.05), st.floats(1.2, 5))
def test_a_canary_needs_fewer_requests_when_the_baseline_is_known(base: float, multiple: float) -> None:
    known = slo.canary_requests_known_baseline(base, multiple)
    assert known < slo.canary_requests_per_arm(base, multiple)


def test_a_canary_for_no_change_is_refused() -> None:
    with pytest.raises(Invalid, match="must differ from 1"):
        slo.canary_requests_per_arm(0.01, 1)
    with pytest.raises(Invalid, match="is not below 1"):
        slo.canary_requests_per_arm(0.6, 2)


def test_a_canary_lasts_as_long_as_its_share_takes() -> None:
    assert slo.canary_minutes(6000, 100, 0.1) == pytest.approx(10)
    assert slo.rule_of_three(300) == pytest.approx(0.01)


@pytest.mark.parametrize(("top", "confidence", "trials"), [(0.05, 0.95, 59), (0.01, 0.95, 299)])
def test_random_search_needs_the_published_trials(top: float, confidence: float, trials: int) -> None:
    assert search.random_trials(top, confidence) == trials


def test_halving_costs_the_published_share() -> None:
    assert search.halving_cost(64, 1, 100, 4) == pytest.approx(244)
    assert search.halving_cost(1, 1, 100, 4) == pytest.approx(100)
    assert search.budget_hours(60, 0.5, folds=5, parallel=10) == pytest.approx(15)


@given(st.integers(1, 5000), st.floats(1, 5), st.floats(1, 500), st.floats(2, 5))
def test_halving_never_costs_more_than_full_trials(trials: int, least: float, ratio: float, eta: float) -> None:
    spent = search.halving_cost(trials, least, least * ratio, eta)
    assert spent <= trials * least * ratio * (1 + 1e-9)


@given(st.integers(1, 100_000))
def test_more_trials_flatter_their_winner_more(trials: int) -> None:
    assert search.winners_optimism(trials + 1, 0.01) > search.winners_optimism(trials, 0.01) - 1e-12


def test_a_model_beyond_the_memory_is_infeasible() -> None:
    with pytest.raises(Infeasible, match=r"weights of 141\.2 GB do not fit into 1 GPU of 80 GB"):
        llm.concurrency(141.2e9, 327_680, 8192, 80e9)


@given(st.floats(1e9, 5e11), st.integers(1, 200), st.integers(100, 100_000))
def test_the_gpus_needed_hold_the_sequences(weights: float, sequences: int, tokens: int) -> None:
    gpus = llm.gpus_needed(weights, 131_072, tokens, sequences, 80e9)
    assert llm.concurrency(weights, 131_072, tokens, 80e9, gpus) >= sequences


def test_the_published_speeds_are_met() -> None:
    arguments = (16.06e9, 131_072, 0, 1, 3.35e12, 989e12, 8.03e9)
    assert llm.decode_tokens_per_second(*arguments) == pytest.approx(207, rel=0.02)
    assert llm.concurrency_needed(2, 0.5, 300, 0.02) == pytest.approx(13)


@pytest.mark.parametrize(("utilisation", "price"), [(0.1, 1.00), (0.3, 0.33), (0.6, 0.17)])
def test_utilisation_decides_what_a_request_costs(utilisation: float, price: float) -> None:
    ours = llm.cost_per_thousand_requests_selfhosted(3, 1, 2500, utilisation, 300)
    assert ours == pytest.approx(price, abs=0.005)


def test_an_api_that_costs_less_than_running_it_never_breaks_even() -> None:
    assert llm.cost_per_thousand_requests_api(1000, 250, 3, 15) == pytest.approx(6.75)
    with pytest.raises(Infeasible, match="never pays"):
        llm.break_even_requests(4380, 0.001, 0.001)


def test_heads_that_cannot_be_spread_are_infeasible() -> None:
    assert llm.tensor_parallel_size(3, 64) == 4
    with pytest.raises(Infeasible, match="cannot be spread"):
        llm.tensor_parallel_size(65, 64)


def test_money_follows_from_units() -> None:
    assert cost.serverless_month(1e6, 0.2, 0.5, 2e-7, 1.66667e-5) == pytest.approx(1.87, abs=0.005)
    assert cost.vector_index_bytes(1_000_000, 768) == pytest.approx(3.2e9)
    assert cost.batch_share(73) == pytest.approx(0.1)
    assert cost.labels_cost(1000, 0.1, annotators=2, disputed=0.2) == pytest.approx(220)


@given(COSTS, st.floats(0.01, 10), st.floats(0.1, 10))
def test_at_break_even_functions_cost_what_servers_cost(fixed: float, seconds: float, size: float) -> None:
    requests = cost.serverless_break_even(fixed, seconds, size, 2e-7, 1.66667e-5)
    assert cost.serverless_month(requests, seconds, size, 2e-7, 1.66667e-5) == pytest.approx(fixed)


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_is_rounded_to_itself(value: int) -> None:
    assert up(float(value)) == down(float(value)) == value


def test_rounding_up_forgives_floating_point() -> None:
    assert up(0.1 * 3 * 10) == 3
    assert up(3.0001) == 4
    assert down(2.9999) == 2
