"""A hold-out among picked cases has four cells, and its size, length and limits speak of all of them."""

from __future__ import annotations

import math
import re

import numpy
import pytest

from mlworkflow.documents.rendering import render
from tests import helpers

HELD = {
    "action_effect": "changes", "population": 80000, "action_capacity": 1500, "prevalence": "3.5%",
    "baseline_value": 0.11, "baseline_kind": "rules", "success_threshold": 0.18, "business_metric": "kept customers",
    "primary_metric_kind": "rate", "primary_baseline": 0.82, "minimum_effect": "7 points", "eligible_per_day": 50,
    "max_weeks": 10, "who_waits": "nobody",
}  # fmt: skip


def test_a_hold_out_is_four_times_a_cell_and_an_ab_test_twice_an_arm() -> None:
    held = helpers.spec(helpers.answers(HELD))
    split = helpers.spec(helpers.answers({**HELD, "action_effect": "none"}))
    assert held.value("experiment_kind") == "holdout-on-action"
    assert split.value("experiment_kind") == "ab-test"
    assert held.value("users_total") == 4 * held.value("users_per_arm") == 2 * split.value("users_total")
    assert held.value("experiment_weeks") == math.ceil(math.ceil(1584 / 50) / 7) == 5
    assert held.value("detectable_effect") > split.value("detectable_effect")


def test_a_cell_is_as_large_as_the_harder_of_its_two_questions() -> None:
    close = helpers.spec(helpers.answers({**HELD, "success_threshold": 0.14}))
    assert close.value("untouched_per_list") > 3 * close.value("users_per_arm")
    assert close.value("users_total") == 4 * close.value("untouched_per_list")


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5, 0.8])
def test_both_questions_are_answered_in_eight_of_ten_simulated_experiments_at_any_split(share: float) -> None:
    spec, dice = helpers.spec(helpers.answers({**HELD, "treatment_share": share})), numpy.random.default_rng(8)
    ours, theirs = round(spec.value("users_total") * share / 2), round(spec.value("users_total") * (1 - share) / 2)

    def seen(one: float, ones: int, other: float, others: int) -> float:
        first, second = dice.binomial(ones, one, 20_000), dice.binomial(others, other, 20_000)
        pooled = (first + second) / (ones + others)
        error = numpy.sqrt(pooled * (1 - pooled) * (1 / ones + 1 / others))
        return float((numpy.abs(first / ones - second / others) / error > 1.96).mean())

    powers = seen(0.82 + 0.07, ours, 0.82, ours), seen(0.18, ours, 0.11, theirs)
    assert min(powers) == pytest.approx(0.8, abs=0.03)
    assert spec.value("units_in_smallest") <= min(ours, theirs)


def test_a_hold_out_that_gives_the_model_a_fifth_does_not_fit_where_half_does() -> None:
    fifth = helpers.spec(helpers.answers({**HELD, "treatment_share": "20%"}))
    assert fifth.value("users_total") == 3960
    assert fifth.value("experiment_weeks") == 12
    assert fifth.value("too_slow_for_ab")
    assert fifth.value("detectable_effect") == pytest.approx(0.074, abs=0.0005)


@pytest.mark.parametrize("given", [{}, {"treatment_share": "20%"}, {"action_effect": "none", "treatment_share": "20%"}])
def test_what_all_the_traffic_can_show_is_the_effect_that_needs_all_of_it(given: dict[str, str]) -> None:
    spec = helpers.spec(helpers.answers({**HELD, **given, "looks": 4, "success_threshold": 0.3}))
    least = spec.value("detectable_effect")
    again = helpers.spec(
        helpers.answers(
            {**HELD, **given, "looks": 4, "success_threshold": 0.3, "minimum_effect": f"{least * 100} points"}
        )
    )
    assert again.value("users_total") == pytest.approx(50 * 7 * 10, rel=0.01)


@pytest.mark.parametrize("share", ["20%", "50%", "70%"])
def test_the_printed_sum_gives_the_printed_number_of_units(share: str) -> None:
    text = render(helpers.spec(helpers.answers({**HELD, "treatment_share": share, "looks": 4})))
    row = next(line for line in text.splitlines() if line.startswith("| Units in the whole experiment"))
    printed, how = row.split("|")[2].strip(), row.split("|")[3]
    numbers = [float(one.replace(",", "")) for one in re.findall(r"[\d,.]*\d", how)]
    _, cell, ours, lists, our_share, their_share, factor, _ = numbers
    most = max(2 * cell / (ours / 100), lists / (our_share * their_share / 1e4))
    assert math.ceil(most * factor - 1e-6) == int(printed.replace(",", ""))


def test_the_gap_between_the_gains_is_seen_in_eight_of_ten_simulated_experiments() -> None:
    spec = helpers.spec(helpers.answers(HELD))
    gap, each, dice = spec.value("detectable_gap"), 50 * 70 // 4, numpy.random.default_rng(6)
    rates = numpy.array([0.82 + gap / 2, 0.82, 0.82 - gap / 2, 0.82])  # acted and left alone, in both lists
    kept = dice.binomial(each, rates, (20_000, 4)) / each
    found = (kept[:, 0] - kept[:, 1]) - (kept[:, 2] - kept[:, 3])
    error = numpy.sqrt((kept * (1 - kept) / each).sum(1))
    assert (numpy.abs(found / error) > 1.96).mean() == pytest.approx(0.8, abs=0.03)


def test_the_document_says_four_cells_and_what_the_value_today_belongs_to() -> None:
    text = render(helpers.spec(helpers.answers(HELD)))
    assert "four cells: 50 % of the picks from the model" in text
    assert "in picks left alone 82 %" in text
    assert "between acted and not acted among the model's picks" in text
    assert "the larger of 2 × 396 / 50 % and 396 / (50 % × 50 %)" in text
    assert "Smallest difference between the gains of the two lists" in text


def test_what_the_churn_example_says_fits_together() -> None:
    spec = helpers.example_spec("churn")
    assert spec.value("primary_baseline") == pytest.approx(1 - spec.value("success_threshold"))
    saved = spec.value("effect_absolute") / spec.value("success_threshold")
    assert saved > spec.value("saving_for_threshold"), "an experiment that is won must pay"
    assert spec.value("eligible_per_day") * 30 == spec.value("action_capacity")


PRICED = {**HELD, "cost_missed": "180 EUR", "cost_false_alarm": "12 EUR", "baseline_measured": "among 300 picks"}


def test_the_saving_at_which_acting_pays_is_the_same_in_the_policies_and_in_the_test() -> None:
    spec = helpers.spec(helpers.answers(PRICED))
    at_par = spec.value("saving_for_threshold") * spec.value("success_threshold")
    assert spec.value("break_even_effect") == pytest.approx(at_par)
    at_par_said = helpers.spec(helpers.answers({**PRICED, "minimum_effect": f"{at_par * 100 + 1e-6} points"}))
    assert at_par_said.value("value_of_a_win").amount == pytest.approx(0, abs=0.01)
    assert spec.value("value_of_a_win").amount == pytest.approx(105 * 180 - 1395 * 12)
    assert "A win by 7 points brings 2,160 EUR a period" in render(spec)


def test_the_periods_that_tell_the_threshold_from_today_do_so_in_eight_of_ten_simulated_cases() -> None:
    spec, dice = helpers.spec(helpers.answers(PRICED)), numpy.random.default_rng(3)
    assert spec.value("baseline_cases") == 300

    def seen(periods: int) -> float:
        cases = int(spec.value("cohort_cases")) * periods
        new, old = dice.binomial(cases, 0.18, 40_000) / cases, dice.binomial(300, 0.11, 40_000) / 300
        error = numpy.sqrt(0.18 * 0.82 / cases + 0.11 * 0.89 / 300)
        return float(((new - old) / error > 1.96).mean())

    periods = int(spec.value("periods_to_tell"))
    assert seen(periods) >= 0.79
    assert seen(periods - 1) < 0.8


def test_a_baseline_counted_on_too_few_cases_never_fits() -> None:
    few = helpers.spec(helpers.answers({**PRICED, "baseline_measured": "11 of 100 picks"}))
    assert few.value("periods_to_tell") is None
    assert "**does not fit**: today's 100 cases alone leave too much open" in render(few)


def test_the_share_left_alone_is_marked_where_nobody_said_it() -> None:
    assumed, said = helpers.answers(PRICED), helpers.answers({**PRICED, "untouched_share": "5%"})
    assert "75 untouched cases of a period (5 %, assumed)" in render(helpers.spec(assumed))
    assert "75 untouched cases of a period (5 %)" in render(helpers.spec(said))
    stands_in = render(helpers.spec(helpers.answers({**PRICED, "size": "full"}))).partition(
        "Not said, and nothing stands in for it:"
    )[2]
    assert stands_in
    assert "permanent untouched group" not in stands_in.splitlines()[0]
