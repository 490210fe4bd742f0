"""A hold-out among picked cases has four cells, and its size, length and limits speak of all of them."""

from __future__ import annotations

import math

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
    assert "| 4 × 396" in text
    assert "Smallest difference between the gains of the two lists" in text


def test_what_the_churn_example_says_fits_together() -> None:
    spec = helpers.example_spec("churn")
    assert spec.value("primary_baseline") == pytest.approx(1 - spec.value("success_threshold"))
    saved = spec.value("effect_absolute") / spec.value("success_threshold")
    assert saved > spec.value("saving_for_threshold"), "an experiment that is won must pay"
    assert spec.value("eligible_per_day") * 30 == spec.value("action_capacity")
