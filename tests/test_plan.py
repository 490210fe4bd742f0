"""The calendar of an experiment: freezes that can be read, steps that add up, and the row that prints it."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest

from mlworkflow.documents.rendering import render
from mlworkflow.facts.freezes import first_free, inside_of
from mlworkflow.facts.plan import BEFORE, planned
from tests import helpers

Day = datetime.date
SIZED = {
    "who_waits": "person", "mean_load": "12/s", "peak_load": "60/s", "service_time": "9ms", "latency_p99": "100ms",
    "availability": "99.5%", "business_metric": "orders", "primary_metric_kind": "rate", "primary_baseline": 0.1,
    "minimum_effect": "1 point", "eligible_per_day": 5000, "label_delay": "20d", "label_delay_p95": "30d",
    "start_date": "2026-12-01", "deadline": "2027-06-30",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (
            "20 December to 10 January, annual accounts",
            ["2026-12-20", "2027-01-10", "2027-01-01"],
            ["2026-12-19", "2027-01-11"],
        ),
        ("15 November to 6 January", ["2026-11-15"], ["2026-11-14", "2027-01-07"]),
        ("plant shutdown, 2 to 20 August", ["2027-08-02", "2028-08-20"], ["2027-08-01", "2027-09-02"]),
        ("the 5th to the 10th of each month, VAT returns", ["2027-02-05", "2027-03-10"], ["2027-02-11"]),
        ("2026-12-20 to 2027-01-10", ["2027-01-10"], ["2027-12-24"]),
        ("Dec 20 - Jan 10", ["2026-12-31"], ["2027-01-11"]),
        ("last two weeks of November", ["2026-11-17", "2026-11-30"], ["2026-11-16", "2026-12-01"]),
        ("first week of May", ["2027-05-07"], ["2027-05-08"]),
        ("December", ["2026-12-01", "2026-12-31"], ["2027-01-01"]),
        ("June to August", ["2027-07-15"], ["2027-09-01"]),
        ("24 December", ["2026-12-24"], ["2026-12-25"]),
        ("20 December 2026 to 10 January 2027", ["2027-01-10"], ["2027-12-24"]),
        ("Black Friday", ["2026-11-27", "2027-11-26", "2028-11-24"], ["2026-11-26", "2026-11-28"]),
        ("Black Friday to Cyber Monday", ["2026-11-27", "2026-11-30"], ["2026-11-26", "2026-12-01"]),
        ("the two weeks around Black Friday", ["2026-11-20", "2026-12-04"], ["2026-11-19", "2026-12-05"]),
        ("Thanksgiving weekend", ["2026-11-26", "2026-11-29"], ["2026-11-25", "2026-11-30"]),
        ("Singles’ Day", ["2026-11-11"], ["2026-11-12"]),
        ("Easter", ["2026-04-03", "2027-03-29", "2038-04-25"], ["2026-04-02", "2027-03-30"]),
        ("the week of Easter", ["2027-03-22", "2027-03-29"], ["2027-03-21", "2027-03-30"]),
        ("Christmas and New Year", ["2026-12-24", "2027-01-01"], ["2026-12-23", "2027-01-02"]),
        ("from Black Friday to 6 January", ["2026-11-27", "2027-01-06"], ["2027-01-07", "2026-11-26"]),
        ("the week before Christmas", ["2026-12-17"], ["2026-12-16", "2026-12-27"]),
    ],
)
def test_a_freeze_that_names_days_or_months_is_read(text: str, inside: list[str], outside: list[str]) -> None:
    read = inside_of(text)
    assert read is not None
    assert [day for day in inside if not read(Day.fromisoformat(day))] == []
    assert [day for day in outside if read(Day.fromisoformat(day))] == []


@pytest.mark.parametrize(
    "text",
    [
        "the week of a customer audit",
        "around Christmas",
        "the weeks before Christmas",
        "Christmas season",
        "Diwali",
        "peak season",
        "quarter end",
        "maybe in 3 to 4 weeks",
        "40 to 50 August",
    ],
)
def test_a_freeze_without_days_is_not_guessed(text: str) -> None:
    assert inside_of(text) is None


def test_a_whole_year_of_freeze_is_not_waited_out() -> None:
    assert first_free(Day(2027, 1, 1), [lambda _: True]) == Day(2027, 1, 1)


def test_exposure_waits_for_the_end_of_a_freeze_and_decision_with_it() -> None:
    plan = planned(
        Day(2026, 12, 7), (7, 14), 35, 28, ("20 December to 10 January", "the 5th to the 10th of each month")
    )
    assert plan.steps == Day(2026, 12, 11)  # the 7th lies in the monthly freeze
    assert plan.exposure == Day(2027, 1, 11)
    assert plan.decided == Day(2027, 1, 11) + datetime.timedelta(days=63)


def test_no_step_begins_in_a_freeze_the_one_to_everyone_neither() -> None:
    plan = planned(Day(2027, 1, 4), (7, 14), 14, 0, ("10 to 12 January", "20 to 25 February"), after=7)
    assert plan.exposure == Day(2027, 1, 27)  # the second step waits for the 13th
    assert plan.decided == Day(2027, 2, 10)
    assert plan.everyone == Day(2027, 2, 17)
    moved = planned(Day(2027, 1, 4), (7, 14), 14, 0, ("10 to 12 January", "16 to 25 February"), after=7)
    assert (moved.decided, moved.everyone) == (plan.decided, Day(2027, 2, 26))


def test_units_do_not_enter_while_a_yearly_freeze_lasts() -> None:
    plan = planned(Day(2026, 11, 1), (), 28, 0, ("15 November to 6 January",))
    assert plan.exposure == Day(2027, 1, 7)


LENGTHS = {"two weeks": 14, "one week": 7, "one day at full rate": 1, "at least one full day of traffic": 1}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"who_waits": "nobody", "mean_load": "0/s", "rows_per_run": 1000},
        {"also_batch": True},
        {"problem_type": "generative", "target": "an answer"},
    ],
)
def test_the_days_before_exposure_are_those_of_the_steps_in_the_table(values: dict[str, Any]) -> None:
    spec = helpers.spec(helpers.answers({**SIZED, **values}))
    lasts = {str(one.says): str(one.columns["lasts"]) for one in spec.kind("step")}
    names = list(lasts)
    assert "Experiment" in names, (spec.value("rollout"), names)
    before = [LENGTHS[lasts[name]] for name in names[: names.index("Experiment")]]
    assert sum(before) == spec.value("days_before_exposure")
    assert spec.value("rollout") in BEFORE


def row(spec: Any) -> str:
    return next(line for line in render(spec).split("\n") if line.startswith("| Calendar"))


def test_the_calendar_adds_up_to_a_day_and_says_what_building_may_take() -> None:
    spec = helpers.spec(helpers.answers(SIZED))
    days = 14 + 1 + spec.value("experiment_decided") / 86400
    assert spec.value("decided_on") == (Day(2026, 12, 1) + datetime.timedelta(days=days)).isoformat()
    weeks = spec.value("weeks_to_build")
    assert weeks == int((Day(2027, 6, 30) - Day(2026, 12, 1)).days - days) // 7
    assert f"decided on {spec.value('decided_on')} at the earliest: 15 days of steps from 2026-12-01" in row(spec)
    assert f"building takes {weeks} weeks at most" in row(spec)


def test_a_freeze_moves_the_day_and_one_that_cannot_be_read_is_named() -> None:
    plain = helpers.spec(helpers.answers(SIZED))
    moved = helpers.spec(helpers.answers({**SIZED, "freeze_periods": ["10 December to 10 January", "audit week"]}))
    assert moved.value("exposure_from") == "2027-01-12" > plain.value("exposure_from")
    assert moved.value("decided_on") > plain.value("decided_on")
    assert "moved out of “10 December to 10 January”; “audit week” must be kept clear" in row(moved)
    assert not re.search("moved out|kept clear", row(plain))


def test_the_last_step_waits_for_a_freeze_and_the_deadline_counts_it() -> None:
    plain = helpers.spec(helpers.answers(SIZED))
    decided = Day.fromisoformat(plain.value("decided_on"))
    frozen = f"{decided.isoformat()} to {(decided + datetime.timedelta(days=40)).isoformat()}"
    moved = helpers.spec(helpers.answers({**SIZED, "freeze_periods": [frozen]}))
    after = (decided + datetime.timedelta(days=41)).isoformat()
    assert (moved.value("decided_on"), moved.value("everyone_from")) == (decided.isoformat(), after)
    assert f"everyone from {after}, moved out of “{frozen}”" in row(moved)
    assert "everyone from" not in row(plain)
    between = {**SIZED, "deadline": (decided + datetime.timedelta(days=20)).isoformat()}
    assert "**does not fit**" not in row(helpers.spec(helpers.answers(between)))
    assert "**does not fit**" in row(helpers.spec(helpers.answers({**between, "freeze_periods": [frozen]})))


def test_a_freeze_by_a_holiday_stands_with_its_days_and_an_unread_one_with_that() -> None:
    freezes = ["the two weeks around Black Friday", "audit week", "2 to 20 August"]
    text = render(helpers.spec(helpers.answers({**SIZED, "freeze_periods": freezes})))
    dated = "the two weeks around Black Friday (2026-11-20 to 2026-12-04)"
    assert f"{dated}; audit week (no date was read from it); 2 to 20 August.\n" in text


def test_a_parallel_run_has_its_calendar_too_and_waits_for_freezes_and_labels() -> None:
    weld = helpers.example_values("weld-inspection")
    plain = row(helpers.spec(helpers.answers(weld)))
    assert "judged on 2026-12-22 at the earliest: steps from 2026-12-01, 14 days in parallel among them" in plain
    assert "6 days until labels are mature; the last step from 2026-12-25" in plain
    assert "building takes 26 weeks at most" in plain
    frozen = helpers.spec(helpers.answers({**weld, "freeze_periods": ["2 to 4 December", "20 December to 10 January"]}))
    # A day on the bench, the run from the 5th to the 19th, labels until the 25th, three days for the first stage.
    assert "judged on 2026-12-25" in row(frozen)
    assert "the last step from 2027-01-14" in row(frozen)
    rare = helpers.spec(helpers.answers({**weld, "prevalence": "0.001%", "population": "780k"}))
    a_day = 9 * 86400 * 0.00001 / 8
    assert rare.value("parallel_days") == -(-rare.value("paired_positives") // a_day)
    assert "**does not fit**" in row(helpers.spec(helpers.answers({**weld, "deadline": "2026-12-20"})))


def test_a_deadline_that_the_freeze_breaks_does_not_fit() -> None:
    tight = {**SIZED, "deadline": "2027-02-01"}
    assert "building takes" in row(helpers.spec(helpers.answers(tight))) or "tight" in row(
        helpers.spec(helpers.answers(tight))
    )
    broken = {**tight, "freeze_periods": ["10 December to 20 January"]}
    assert "**does not fit**" in row(helpers.spec(helpers.answers(broken)))


def test_an_unread_case_waits_for_a_day_of_reading_however_late_its_label_may_be() -> None:
    people = {"reviews_per_day": 20, "label_source": "people", "label_delay": "2d", "label_delay_p95": "6d"}
    assert helpers.spec(helpers.answers({**SIZED, **people})).value("review_limit") == "one working day"
    assert helpers.spec(helpers.answers({**SIZED, "reviews_per_day": 20})).value("review_limit") == "2 hours"


def test_a_test_of_centuries_is_not_searched_day_by_day() -> None:
    looks = 0

    def every_december(day: Day) -> bool:
        nonlocal looks
        looks += 1
        return day.month == 12

    assert first_free(Day(2027, 1, 1), [every_december], 1_000_000) == Day(2027, 1, 1)
    assert looks < 10_000
