"""Numbers held against each other: counts behind shares, effects against success, seasons against folds, reading."""

from __future__ import annotations

from typing import Any

import pytest

from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from mlworkflow.figures.data import counted
from tests import helpers


def designed(name: str, **values: Any) -> Spec:
    return helpers.spec(helpers.answers({**helpers.example_values(name), **values}))


def row(spec: Spec, label: str) -> str:
    return next(line for line in render(spec).split("\n") if line.startswith(f"| {label} |"))


# ------------------------------------------------------------------ the count behind a baseline


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ("141 of 164 bad welds found by peel tests of 20 random modules a day", 0.86, (141, 164)),
        ("precision among 300 picks left uncalled, 75 of the 1,500 in each month", 0.11, (33, 300)),
        ("keyword search on the 120 golden questions, October 2026", 0.44, (53, 120)),
        ("1,204 of 2,000 answers", 0.6, (1204, 2000)),
        ("precision among the 900 payments stopped each day", 0.33, None),
        ("recall on 2024 installations", 0.5, None),
        ("99 of 10", 0.5, None),
        ("3 of 10", 0.5, None),
        ("0 of 0", 0.0, None),
        ("", 0.5, None),
    ],
)
def test_a_count_is_read_only_where_it_gives_the_share(text: str, value: float, found: tuple[int, int] | None) -> None:
    assert counted(text, value) == found


def test_a_baseline_that_was_counted_shows_its_interval_and_the_paired_test_its_worst_case() -> None:
    weld = designed("weld-inspection")
    assert "95 % interval 0.798 to 0.905, computed" in row(weld, "Baseline performance")
    assert "131 positive cases" in row(weld, "Min duration")
    assert "326 if it is 0.905" in row(weld, "Min duration")
    uncounted = designed("weld-inspection", baseline_measured="peel tests in summer")
    assert "interval" not in row(uncounted, "Baseline performance")
    assert "if it is" not in row(uncounted, "Min duration")


# ------------------------------------------------------------------ what fits


def test_positives_of_one_group_are_not_called_enough_by_their_number() -> None:
    assert "fits if they lie in 369 module_serial or more" in row(designed("weld-inspection"), "Data against metric")
    alone = {key: one for key, one in helpers.example_values("weld-inspection").items() if key != "group_key"}
    assert row(helpers.spec(helpers.answers(alone)), "Data against metric").endswith("| fits |")


def test_an_assumed_spread_stands_beside_the_percentile_that_rests_on_it() -> None:
    assert "64 ms (24 ms × 2.68, a lognormal spread assumed, to be measured on the device)" in row(
        designed("weld-inspection"), "Device"
    )
    assert "64 ms (measured)" in row(designed("weld-inspection", service_p99="64ms"), "Device")


def test_reviewers_who_are_full_on_average_have_no_room_to_catch_up() -> None:
    said = row(designed("weld-inspection"), "People against cases")
    assert "1,488 flagged at the ceiling of false alarms, 112 random and planted" in said
    assert "no place is spare" in said


def test_reading_is_counted_in_hours_against_what_people_can_read() -> None:
    said = row(designed("support-assistant"), "Hours for reading")
    assert "21 a month for 100 answers a week; once 38" in said
    assert said.endswith("| 20 a day can be read | tight |")
    assert row(designed("support-assistant", reviews_per_day=40), "Hours for reading").endswith("| fits |")
    assert "nobody said" in row(designed("support-assistant", reviews_per_day="not sure"), "Hours for reading")


@pytest.mark.parametrize(("reviews", "hours"), [(1000, 8), (1600, 1), (1950, 2.25), (4000, 8)])
def test_the_age_of_an_unread_case_follows_from_the_reading_that_is_spare(reviews: int, hours: float) -> None:
    queue = {"reviews_per_day": reviews, "action_capacity": "not sure", "label_scope": "all"}
    spec = designed("weld-inspection", **queue)
    assert spec.value("flagged_per_day") == pytest.approx(1511.2, rel=1e-3)
    assert spec.value("oldest_review") == hours * 3600


# ------------------------------------------------------------------ an effect and a threshold


def test_what_success_would_bring_stands_beside_the_effect_that_is_looked_for() -> None:
    weld = designed("weld-inspection")
    assert "the success threshold would bring -0.386 points (computed)" in row(weld, "Minimum detectable effect")
    larger = designed("weld-inspection", minimum_effect="-0.5 points")
    assert "looks for -0.5 points, and the success threshold brings -0.386 points" in render(larger)
    assert "would pass unseen" not in render(weld)
    other = designed("weld-inspection", primary_baseline=0.02)  # a metric that counts something else
    assert other.value("effect_of_success") is None


# ------------------------------------------------------------------ a group that is left alone already


def test_a_permanent_untouched_group_is_what_monitors_count_and_no_arm_of_the_test() -> None:
    assumed, said = designed("churn"), designed("churn", untouched_share="8%")
    assert (assumed.value("cohort_cases"), said.value("cohort_cases")) == (75, 120)
    assert "The model is measured on the 8 % that stay untouched" in render(said)
    assert "of those outside the 8 % that stay untouched" in row(said, "Traffic split")
    assert said.value("users_total") == assumed.value("users_total")
    assert "stay untouched" not in render(assumed)


# ------------------------------------------------------------------ a season and the folds


def test_a_season_that_no_fold_tests_is_said_with_the_fold_that_would() -> None:
    text = render(designed("churn"))
    assert "No test period covers “the two weeks around Black Friday”" in text
    assert "One more fold tests 2025-11-21 to 2025-12-05, trained on rows up to 2025-09-15." in text
    # 24 months reach back to 20 November 2024, the day before that year's season; 720 days and 23 months do not.
    shorter = render(designed("churn", history="23 months"))
    assert "rows up to 2025-09-15, which hold no earlier one." in shorter
    assert "which hold no earlier one" in render(designed("churn", history="720 days")), "days are counted as days"


def test_the_document_keeps_a_history_in_the_words_in_which_it_was_said() -> None:
    text = render(designed("churn", history="23 months"))
    assert '\nhistory = "23 months"\n' in text
    assert '\nhistory = "700d"\n' in render(designed("churn", history="100 weeks"))


def test_a_history_that_cannot_test_the_season_is_said_to_be_too_short() -> None:
    short = render(designed("churn", history="10 months"))
    assert "the history cannot give one" in short
    fraud = render(designed("card-fraud"))
    assert "37 days of mature labels lie before 2025-11-15" in fraud


@pytest.mark.parametrize(
    "values",
    [
        {"freeze_periods": ["plant shutdown, 2 to 20 August"]},
        {"freeze_periods": ["20 August to 5 September"]},  # inside the last fold
        {"freeze_periods": ["the 5th to the 10th of each month"]},
        {"freeze_periods": ["audit week"]},
        {"seasonality": ["month"]},
    ],
)
def test_what_is_no_season_or_is_tested_is_not_called_unseen(values: dict[str, Any]) -> None:
    assert "No test period covers" not in render(designed("churn", **values))


def test_more_rows_than_labels_are_a_contradiction_beyond_rounding() -> None:
    assert designed("churn", row_count="1.8M").value("rows_unlabelled") is False
    assert designed("churn", row_count="2.4M").value("rows_unlabelled") is True
    assert designed("churn", row_count="2.4M", label_source="none").value("rows_unlabelled") is not True
