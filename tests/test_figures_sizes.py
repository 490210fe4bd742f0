"""What monitors see, alerts, runs, queues, early readings, long experiments, retraining: by hand."""

from __future__ import annotations

from typing import Any

import pytest

from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from tests import helpers

DAY = 86400.0
SERVED = {"who_waits": "person", "latency_p99": "100ms"}
QUEUE = {"who_waits": "later", "mean_load": "2/s", "peak_load": "6/s", "service_time": "3s"}
TEST = {"primary_baseline": 0.12, "minimum_effect": "1 point", "eligible_per_day": 250}
DECAY = {"metric_decay": 0.8, "metric_value": "400 EUR", "retrain_cost": "900 EUR"}
MARKS = (
    "Smallest change that is seen", "Loss of quality until", "Error budget of", "Retraining by cost", "metric read",
    "Time that one worker", "wait out an hour", "Ways out",
)  # fmt: skip


def spec(**values: Any) -> Spec:
    return helpers.spec(helpers.answers(values))


def line(words: str, **values: Any) -> str:
    """The line of the document that holds these words; empty where none does."""
    return next((one for one in render(spec(**values)).splitlines() if words in one), "")


# ------------------------------------------------------------------ where nothing is known


def test_without_inputs_no_size_is_printed() -> None:
    document = render(spec())
    assert [mark for mark in MARKS if mark in document] == []


@pytest.mark.parametrize(
    "values",
    [
        {"availability": "100%", "mean_load": "10/s"},
        {"availability": "0%", "mean_load": "10/s"},
        {"availability": "99.9%", "mean_load": "0/s", "peak_load": "0/s", "service_time": "0s"},
        {"availability": "99.9%"},
        {"label_delay": "0s", "label_delay_p95": "0s"},
        {"label_delay": "0s", "label_delay_p95": "9 days"},
        {"metric_decay": 1},
        {"metric_decay": 1, "metric_value": "0 EUR", "retrain_cost": "0 EUR"},
        {"also_batch": True, "rows_per_run": 0, "ready_by": "0s", "service_time": "0s"},
        {"also_batch": True, "rows_per_run": 5, "ready_by": "0s", "service_time": "1s", "mean_load": "0/s"},
        {"primary_baseline": 0.5, "minimum_effect": "1 point", "eligible_per_day": 0},
        {"primary_baseline": 0.5, "minimum_effect": "40 points", "eligible_per_day": 900, "max_weeks": 1},
    ],
)
@pytest.mark.parametrize("waits", ["person", "later", "events"])
def test_poor_inputs_give_a_sentence_or_nothing(values: dict[str, Any], waits: str) -> None:
    document = render(spec(who_waits=waits, latency_p99="100ms", **values))
    assert [one for one in document.splitlines() if "not known" in one and "| no price |" not in one] == []
    assert "nan" not in document.split()


# ------------------------------------------------------------------ what monitors see


def test_a_small_window_sees_less_than_a_large_one() -> None:
    records: dict[str, Any] = {"sources": [{"name": "s"}], "features": [{"name": "a", "source": "s"}]}
    records |= {"freshness": "1 day"}
    few, many = spec(rows_per_run=300, **records), spec(rows_per_run=300_000, **records)
    assert few.value("drift_rows") == 300 * few.value("drift_window") / DAY
    assert few.value("visible_shift") > many.value("visible_shift") > 0.31
    assert few.value("drift_delay") == 2 * few.value("drift_window")


def test_a_monitor_without_a_volume_says_nothing_of_what_it_sees() -> None:
    records = {"sources": [{"name": "s"}], "features": [{"name": "a", "source": "s"}]}
    assert spec(**records).value("visible_shift") is None
    assert line("Smallest change that is seen", **records) == ""


def test_a_loss_of_quality_waits_for_two_cohorts_and_their_labels() -> None:
    assert spec(label_delay="20 days", label_delay_p95="40 days").value("quality_delay") == 54 * DAY
    assert "54 days" in line("Loss of quality until its alarm", label_delay="20 days", label_delay_p95="40 days")


def test_an_audit_sees_the_share_that_passes_its_limit_in_eight_of_ten_weeks() -> None:
    found = spec(problem_type="generative", wrong_answer_ratio=10, reviews_per_day=20, golden_set=120)
    assert found.value("audit_limit") == 15
    assert found.value("visible_wrong_share") == pytest.approx(0.188, abs=1e-3)
    # 7 cases to alarm, 1.2505 x sqrt(12) = 4.33 for two nights at 89.4 %: 11.33 of 120
    assert found.value("visible_golden_fall") == pytest.approx(9.44, abs=0.01)


# ------------------------------------------------------------------ error budget


def test_burn_rates_and_failures_of_three_nines_by_hand() -> None:
    found = spec(**SERVED, availability="99.9%", mean_load="10/s")
    assert found.value("fast_burn_rate") == pytest.approx(0.0144)
    assert found.value("fast_burn_failures") == pytest.approx(518.4)  # 36,000 x 1.44 %
    assert found.value("fast_burn_failures_short") == pytest.approx(43.2)
    assert found.value("slow_burn_rate") == pytest.approx(0.006)
    assert found.value("slow_burn_failures") == pytest.approx(1296)
    assert found.value("ticket_burn_failures") == pytest.approx(2592)
    said = line("Error budget of", **SERVED, availability="99.9%", mean_load="10/s")
    assert "page when 1.44 % of the last hour's requests fail (519 of 36,000) and still in the last 5 minutes" in said
    assert "(computed)" in said
    assert "10/s" in said


def test_the_alert_of_the_service_pages_by_the_pace_of_its_budget() -> None:
    paged = spec(**SERVED, availability="99.9%", mean_load="10/s").value("down_when")
    assert paged == (
        "p99 above 100 ms for 10 minutes, or 1.44 % of the last hour's requests fail, and still in the last 5 minutes"
    )
    unsaid = spec(**SERVED, mean_load="10/s").value("down_when")
    assert unsaid == "p99 above 100 ms, or errors above 1 %, for 10 minutes"


def test_a_page_that_one_failure_would_fire_gives_way_to_the_count_rule() -> None:
    values = {**SERVED, "availability": "99.9%", "mean_load": "600/day"}
    said = line("Error budget of", **values)
    assert "page at 1.44 % of" not in said
    assert "5 minutes hold 2.1 requests, too few for a page at 1.44 %" in said
    assert "5 failed or timed-out requests in a row" in said
    assert spec(**values).value("down_when") == "5 failed or timed-out requests in a row, or 5 of the last 50"


def test_a_page_above_a_hundred_percent_is_not_promised() -> None:
    found = spec(**SERVED, availability="90%", mean_load="10/s")
    assert found.value("fast_burn_rate") is None
    assert found.value("slow_burn_rate") == pytest.approx(0.6)
    said = line("Error budget of", **SERVED, availability="90%", mean_load="10/s")
    assert "14.4 times the pace would be above 100 %" in said
    assert "of 1 hour" not in said


def test_nothing_is_paged_where_no_requests_are_answered() -> None:
    assert line("Error budget of", availability="99.9%", rows_per_run=1000) == ""


@pytest.mark.parametrize("nines", ["99%", "99.5%", "99.9%", "99.95%"])
def test_a_higher_promise_pages_at_fewer_failures(nines: str) -> None:
    promised = spec(**SERVED, availability=nines, mean_load="50/s")
    higher = spec(**SERVED, availability="99.99%", mean_load="50/s")
    assert higher.value("fast_burn_failures") < promised.value("fast_burn_failures")
    assert promised.value("fast_burn_rate") > promised.value("slow_burn_rate") > promised.value("ticket_burn_rate")


# ------------------------------------------------------------------ runs and queues


def test_a_run_takes_rows_times_service_time_and_the_workers_that_fit() -> None:
    found = spec(rows_per_run=5_000_000, ready_by="2h", service_time="20ms")
    assert found.value("run_time") == 100_000
    assert found.value("run_workers") == 14  # 100,000 s in 7,200 s
    said = line("for a scheduled run | 27.8 hours", rows_per_run=5_000_000, ready_by="2h", service_time="20ms")
    assert "1,389 % of the 2 hours after the data is complete" in said
    assert line("Workers that finish", rows_per_run=5000, ready_by="2h", service_time="20ms") == ""


def test_a_queue_drains_after_its_peak_by_hand() -> None:
    found = spec(**QUEUE)
    assert found.value("queue_workers") == 9  # 2/s x 3 s / 0.7 = 8.6
    assert found.value("queue_backlog") == 10_800  # 3,600 x (6 - 3)
    assert found.value("queue_drain") == 10_800  # 10,800 / (3 - 2)


def test_a_promised_wait_asks_for_more_workers_and_is_kept() -> None:
    found = spec(**QUEUE, wait="30 min")
    workers = found.value("queue_workers")
    assert workers == 12  # 6/s x 3 s x 3,600 / 5,400
    assert found.value("queue_backlog") / (workers / 3) <= 1800


def test_a_queue_that_keeps_up_with_its_peak_has_nothing_to_drain() -> None:
    found = spec(**{**QUEUE, "peak_load": "2.5/s"})
    assert found.value("queue_backlog") is None
    assert found.value("queue_drain") is None
    assert 0 < found.value("queue_depth") < 2


def test_only_a_queue_has_a_depth() -> None:
    values = {**QUEUE, **SERVED, "latency_p99": "30s"}
    assert spec(**values).value("queue_workers") is None


# ------------------------------------------------------------------ labels that are not there yet


def test_an_early_reading_sees_the_lognormal_share() -> None:
    found = spec(label_delay="20 days", label_delay_p95="40 days")
    assert found.value("labels_at_half") == pytest.approx(0.5)  # half of the 95th percentile is the median
    # ln(7/20) / (ln 2 / 1.645) = -2.491
    assert found.value("labels_after_week") == pytest.approx(0.00636, abs=1e-5)
    said = line("metric read", label_delay="20 days", label_delay_p95="40 days")
    assert "after 7 days would see 0.64 % of the labels, one after 20 days 50 %" in said


def test_labels_that_are_quick_are_not_read_too_early() -> None:
    assert spec(label_delay="1 day", label_delay_p95="3 days").value("labels_after_week") is None
    assert line("metric read", label_delay="1h", label_delay_p95="3h") == ""


def test_one_figure_of_a_delay_is_no_distribution() -> None:
    assert line("metric read", label_delay="20 days") == ""


# ------------------------------------------------------------------ an experiment that does not fit


def test_ways_out_of_a_long_experiment_are_sized() -> None:
    found = spec(**TEST)
    needed, there = found.value("users_total"), found.value("units_in_time")
    assert there == 14_000
    assert found.value("correlation_needed") == pytest.approx((1 - there / needed) ** 0.5)
    document = render(spec(**TEST))
    assert "8 weeks bring 14,000 of 34,338 units" in document
    assert "correlates at 0.77 or more" in document
    assert "1.6 points upwards; 20 weeks of exposure" in document


def test_what_is_taken_out_at_that_correlation_leaves_what_the_weeks_bring() -> None:
    found = spec(**TEST)
    left = found.value("users_total") * (1 - found.value("correlation_needed") ** 2)
    assert left == pytest.approx(found.value("units_in_time"))


def test_a_correlation_that_nobody_has_is_no_way_out() -> None:
    document = render(spec(**{**TEST, "minimum_effect": "0.2 points"}))
    assert "would have to correlate above 0.99" in document
    assert "weeks of exposure; " not in document
    assert "; 478 weeks" not in document


def test_an_experiment_that_fits_needs_no_way_out() -> None:
    found = spec(**{**TEST, "eligible_per_day": 5000})
    assert found.value("correlation_needed") is None
    assert "Ways out" not in render(found)


# ------------------------------------------------------------------ retraining by cost


def test_the_interval_that_costs_least_by_hand() -> None:
    found = spec(**DECAY, world_changes="months")
    # d = 0.8/30 x 400/30 = 0.3556 EUR a day a day; sqrt(1,800 / 0.3556) = 71.15 days
    assert found.value("best_interval") == pytest.approx(71.15 * DAY, rel=1e-3)
    assert found.value("cadence_penalty") == pytest.approx((30 / 71.15 + 71.15 / 30) / 2, rel=1e-3)
    said = line("Retraining by cost", **DECAY, world_changes="months")
    assert "every 71 days; monthly costs 1.4 times the least" in said
    assert "(computed)" in said
    assert "900 EUR" in said
    assert "0.8 points a month at 400 EUR each" in said


def test_a_retraining_that_costs_more_than_a_year_of_decay_never_pays() -> None:
    said = line("Retraining by cost", metric_decay=0.1, metric_value="4 EUR", retrain_cost="10000 EUR")
    assert "never on a calendar" in said
    assert "loses 29.61 EUR" in said


def test_an_interval_below_the_age_of_the_labels_says_so() -> None:
    said = line("Retraining by cost", **{**DECAY, "retrain_cost": "10 EUR"}, label_delay="40 days")
    assert "the newest labels are 40 days old" in said


def test_a_metric_that_does_not_decay_asks_for_no_calendar() -> None:
    assert "on evidence alone" in line("Retraining by cost", metric_decay=0)


def test_a_cheaper_retraining_or_a_faster_decay_shortens_the_interval() -> None:
    base = spec(**DECAY).value("best_interval")
    assert spec(**{**DECAY, "retrain_cost": "450 EUR"}).value("best_interval") < base
    assert spec(**{**DECAY, "metric_decay": 1.6}).value("best_interval") < base


def test_what_a_retraining_costs_is_asked_only_where_the_metric_decays() -> None:
    asked = {one.question.id for one in spec().open}
    assert "metric_decay" in asked
    assert not {"metric_value", "retrain_cost"} & asked
    assert {"metric_value", "retrain_cost"} <= {one.question.id for one in spec(metric_decay=1).open}
    assert "metric_decay" not in {one.question.id for one in spec(problem_type="generative").open}
