"""Rules that must not fire by chance, and sums that must close: what a reader with a calculator checks first."""

from __future__ import annotations

import re
from typing import Any

import numpy
import pytest
from scipy import stats  # type: ignore[import-untyped]

from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from mlworkflow.documents.saying import Say
from mlworkflow.numbers.alarms import count_onsets, count_that_alarms
from tests import helpers

SERVED = {"problem_type": "classification", "who_waits": "person", "latency_p99": "14s", "false_alarms_per_month": 1}


def designed(example: str, **values: Any) -> Spec:
    return helpers.spec(helpers.answers({**helpers.example_values(example), **values}))


def document(example: str) -> str:
    return str(render(designed(example)))


# ------------------------------------------------------------------ few requests have no p99


def test_a_count_of_slow_requests_starts_by_chance_as_often_as_is_said() -> None:
    dice = numpy.random.default_rng(3)
    slow = (dice.random(2_000_000) < 0.01).astype(int)
    counts = numpy.convolve(slow, numpy.ones(100, dtype=int), "valid")
    starts = int(((counts[1:] >= 4) & (counts[:-1] < 4)).sum())
    assert starts == pytest.approx(count_onsets(2_000_000, 4, 100, 0.01), rel=0.05)


def test_the_count_that_alarms_is_the_smallest_within_the_false_alarms_allowed() -> None:
    wanted = count_that_alarms(18_900, 100, 0.01, 1)
    assert wanted == 6
    assert count_onsets(18_900, wanted, 100, 0.01) <= 1 < count_onsets(18_900, wanted - 1, 100, 0.01)


@pytest.mark.parametrize(("load", "by_p99"), [("90000/day", False), ("100000/day", True)])
def test_a_p99_takes_a_release_back_only_where_a_window_holds_a_thousand_requests(load: str, by_p99: bool) -> None:
    spec = helpers.spec(helpers.answers({**SERVED, "mean_load": load}))
    ids = {one.clause.id for one in spec.clauses}
    assert ("back-latency" in ids) is by_p99
    assert ("gate-live-latency" in ids) is by_p99
    assert ("p99" in spec.value("down_when")) is by_p99


def test_slow_answers_of_a_small_service_ring_and_take_nothing_back() -> None:
    text = document("support-assistant")
    assert "6 of the last 100 requests slower than 14 s: alert only, 0.52 times a month by chance" in text
    assert "| p99 latency | above" not in text


# ------------------------------------------------------------------ the average answer, not the marginal one


def test_the_average_of_answers_is_held_against_what_is_unsolved_today() -> None:
    spec = designed("support-assistant")
    assert spec.value("unsolved_today") == pytest.approx(0.56)
    assert spec.value("highest_wrong_share") == pytest.approx(0.056)
    assert spec.value("audit_limit") == 10  # 95 % of Poisson counts with mean 5.6 are at most 10
    assert "10 × wrong + handed over, as shares of all questions, stay below 56 %" in document("support-assistant")
    gate = next(one for one in spec.kind("gate") if one.clause.id == "gate-golden-worth")
    assert (str(gate.columns["op"]), str(gate.columns["value"])) == ("<=", "56 %")


def test_without_a_measured_baseline_the_average_has_only_the_break_even_of_one_answer() -> None:
    spec = helpers.spec(helpers.answers({"problem_type": "generative", "wrong_answer_ratio": 10}))
    assert spec.value("highest_wrong_share") == pytest.approx(0.1)
    assert "still to be measured" in spec.value("answers_worth")


# ------------------------------------------------------------------ who comes, and what then


def test_a_harmful_answer_at_night_is_stopped_by_whoever_sees_it() -> None:
    runbook = document("support-assistant").split("## Operational Runbook")[1].split("\n## ")[0]
    answered, rows = runbook.split("| Alert |")
    assert re.search(r"SEV-1: [^.]+; outside them whoever sees it switches the fallback on", answered)
    assert re.search(r"SEV-2: [^.]+; outside them the fallback holds alone", answered)
    assert re.search(r"\| Harmful or confidential answer reported, SEV-1 \|.+within 72 hours", rows)
    assert "| Prediction service fails or is slow, SEV-2 |" in rows


def test_the_first_called_holds_the_duty_of_on_call() -> None:
    assert "First: the platform engineer." in document("weld-inspection")
    assert "First: Mei Tanaka." in document("support-assistant")


def test_where_no_such_rule_applies_nobody_is_sent_to_an_authority() -> None:
    assert "72 hours" not in designed("support-assistant", regulation=["internal"]).value("unsafe_first")


def test_who_built_or_judged_does_not_stand_in_for_the_release() -> None:
    from mlworkflow.responsibility import responsibility

    found = {one.clause.id: one for one in responsibility(designed("weld-inspection")).duties}
    backup = found["duty-release"].backup
    assert backup is not None
    assert "data-scientist" not in backup.roles
    assert backup not in (found["duty-model"].accountable, found["duty-eval-gate"].accountable)


# ------------------------------------------------------------------ places are spent once


def test_random_and_planted_reviews_are_taken_off_before_false_alarms() -> None:
    spec = designed("weld-inspection")
    assert spec.value("set_aside_reviews") == 80 + 32
    assert spec.value("false_alarms_within_capacity") == pytest.approx((1600 - 112 - 299.52) / 779_688)
    assert "today's way takes 1,516" in spec.value("price_of_both")
    gate = next(one for one in spec.kind("gate") if one.clause.id == "gate-alarms-in-capacity")
    assert str(gate.columns["value"]) == "0.152 %"


def test_other_people_than_those_who_review_lose_no_place() -> None:
    assert designed("weld-inspection", reviews_per_day=900).value("set_aside_reviews") is None


def test_holding_each_case_without_an_image_is_held_against_the_bench() -> None:
    assert "**6,221 cases a day come without a usable input, and people can take 1,600.**" in document(
        "weld-inspection"
    )
    assert "held-beyond-capacity" not in {one.clause.id for one in designed("support-assistant").clauses}


# ------------------------------------------------------------------ guardrails, fallback and golden cases


def test_what_control_cannot_give_is_not_compared_with_control() -> None:
    ids = {one.clause.id for one in designed("support-assistant").kind("guardrail")}
    assert {"guard-satisfaction-alone", "guard-audit"} <= ids
    assert "guard-satisfaction" not in ids
    compared = {one.clause.id for one in designed("support-assistant", baseline_kind="model").kind("guardrail")}
    assert "guard-satisfaction" in compared
    assert "guard-audit" not in compared


def test_the_search_that_stands_there_today_is_the_fallback_after_the_shorter_wait() -> None:
    assert "| Fallback | today's rule when nothing has come within 15 s, decided by the caller |" in document(
        "support-assistant"
    )
    later = designed("support-assistant", wait="20s", hard_timeout="18s")
    assert "within 18 s, decided by the caller" in str(render(later))


def test_the_locked_half_of_the_golden_set_is_what_the_metric_has() -> None:
    spec = designed("support-assistant")
    assert spec.value("golden_locked") == 60
    assert spec.value("golden_locked_margin") == pytest.approx(0.0904, abs=1e-4)
    assert "±9 points from 60 locked cases, half of 120" in document("support-assistant")


# ------------------------------------------------------------------ one act for one sign, and none by chance


def column(spec: Spec, id: str, name: str) -> str:
    return str(Say(spec).column(next(one for one in spec.clauses if one.clause.id == id), name))


def test_who_waits_for_a_score_times_it_out_not_the_job_that_may_be_dead() -> None:
    text = document("card-fraud")
    assert "within 450 ms, decided by the reader of the scores |" in text
    assert "decided by the processor" not in text


def test_one_low_cohort_does_not_stop_a_release_that_two_would() -> None:
    spec = designed("churn")
    limit, size, floor = (spec.value(name) for name in ("cohort_limit", "cohort_size", "cohort_floor"))
    alone = stats.binom.cdf(limit, size, spec.value("success_threshold"))
    assert alone > 0.15 > 0.05 > alone**2  # what two low cohorts running are for
    assert limit / size < floor < (limit + 1) / size
    assert "better of the two newest cohorts" in column(spec, "gate-mature-count", "window")
    assert "the better of two cohorts running, stays above its alarm limit (*)" in document("churn")


@pytest.mark.parametrize(("load", "words"), [("12/s", "1,000 predictions"), ("300/day", "300"), ("20/day", "100")])
def test_a_repeated_score_takes_nothing_back_by_chance(load: str, words: str) -> None:
    spec = designed("churn", mean_load=load, peak_load="60/s")
    assert column(spec, "back-constant", "window").startswith(words)
    assert column(spec, "back-constant", "value").endswith("plus 10 points")
    held = int(column(spec, "back-constant", "window").split()[0].replace(",", ""))
    windows = max(1.0, spec.value("mean_load") * 86400 / held)
    for usual in (0.01, 0.1, 0.5, 0.8):
        assert windows * stats.binom.sf(int(held * (usual + 0.1) + 1e-9), held, usual) <= 0.05


def test_the_moved_score_has_one_act_and_a_window_that_fits_a_canary_of_a_day() -> None:
    spec = designed("card-fraud")
    assert column(spec, "gate-rank-score", "act") == f"by itself: {column(spec, 'back-rank-score', 'action')}"
    assert "only if the version before disagrees" in column(spec, "gate-rank-score", "act")
    assert (column(spec, "back-rank-score", "window"), spec.value("canary_days")) == ("one day", 1)
    assert column(spec, "gate-rank-score", "window").startswith("one day")
    assert column(designed("churn"), "back-rank-score", "window") == "each run"


def test_slow_requests_are_counted_before_they_take_a_release_back() -> None:
    spec = designed("churn")
    for kind, share in (("canary_slow", 0.05), ("slow", 1.0)):
        window, wanted = spec.value(f"{kind}_window"), spec.value(f"{kind}_count")
        usual = 0.01 * share * 12 * window
        assert stats.poisson.sf(wanted - 1, usual) * 86400 / window <= 0.05
        assert stats.poisson.sf(wanted - 1, 3 * usual) >= 0.8
    assert "| requests slower than 100 ms | at least 23 of the canary's 1,080, or 145 of all 10,800 " in document(
        "churn"
    )
    assert "switch back" not in column(spec, "gate-live-latency", "act")


def test_without_a_load_slow_requests_need_a_share_and_a_count() -> None:
    values = {key: one for key, one in SERVED.items() if key != "mean_load"}
    spec = helpers.spec(helpers.answers(values))
    assert column(spec, "back-latency-share", "value") == "3 % of all, and at least 20"
    assert "back-latency" not in {one.clause.id for one in spec.clauses}


def test_life_on_the_fallback_opens_a_ticket_in_every_place_that_names_alerts() -> None:
    from mlworkflow.bundle.alarms import alarms
    from mlworkflow.bundle.words import Plain

    spec = designed("card-fraud")
    words = spec.said("fallback_often")
    text = str(render(spec))
    monitoring, runbook = (
        text.split(f"## {name}")[1].split("\n## ")[0] for name in ("Monitoring", "Operational Runbook")
    )
    assert words in monitoring
    assert f"| Fallback answers too often, SEV-4 | {words} |" in runbook
    assert column(spec, "signal-fallback-rate", "alert") == "alert-fallback-share"
    assert any(column(spec, one.clause.id, "alert") == "alert-fallback-share" for one in spec.kind("runbook"))
    rule = next(one for one in alarms(Plain(spec)) if one.id == "alert-fallback-share")
    assert "> 0.01 and" in rule.expression
    assert rule.expression.endswith(',outcome="fallback"}[1d])) >= 10')
    assert "alert-fallback-share" not in {
        one.clause.id for one in designed("weld-inspection", also_batch=False).clauses
    }


# ------------------------------------------------------------------ what cannot come in time, what comes together


def with_event(lag: str, refresh: str) -> Spec:
    sources = [
        {**one, **({"arrival_lag": lag, "refresh": refresh} if one["name"] == "payments" else {})}
        for one in helpers.example_values("card-fraud")["sources"]
    ]
    return designed("card-fraud", sources=sources)


@pytest.mark.parametrize(
    ("lag", "refresh", "words"),
    [
        ("200ms", "1s", "up to 1.2 s after it happened, and its score is due within 300 ms"),
        ("80ms", "10ms", "half of the events 85 ms or more after they happened"),
    ],
)
def test_an_event_that_comes_after_its_score_is_due_stops_the_plan(lag: str, refresh: str, words: str) -> None:
    spec = with_event(lag, refresh)
    found = next(one for one in spec.kind("blocker") if one.clause.id == "event-later-than-its-score")
    assert words in str(found.says)
    assert words in str(render(spec))


def test_the_way_of_the_event_is_taken_off_the_time_of_the_model() -> None:
    spec = with_event("20ms", "10ms")
    assert "event-later-than-its-score" not in {one.clause.id for one in spec.clauses}
    assert spec.value("model_part") == pytest.approx(0.9)
    slow = with_event("20ms", "95ms")
    assert slow.value("model_part") == pytest.approx(1 - 115 / 300)


def test_a_unit_in_the_canary_is_answered_alike_by_table_and_endpoint() -> None:
    assert column(designed("churn"), "step-canary", "exposure") == (
        "5 % of the units, their requests and their rows in the table alike"
    )
    assert column(designed("churn", also_batch=False), "step-canary", "exposure") == "5 % of requests"


def test_a_parallel_run_of_lists_has_a_size_and_its_reading_is_said() -> None:
    spec = designed("card-fraud", human_decides=True)
    assert spec.value("experiment_kind") == "parallel-run"
    assert spec.value("paired_positives") == 185  # recall 41 % today against 55.6 % at the threshold
    text = str(render(spec))
    assert (
        "until both have judged 185 positive cases (computed: paired test, baseline recall 41 % against 55.6 %" in text
    )
    assert "people read what either of them picks**, else only one list shows its mistakes. That is 901 to" in text
    rollout = text.split("**Rollout:** ")[1].split(":")[0]
    assert "experiment" not in rollout
    assert "| Experiment |" not in text


def test_a_promise_of_minutes_pays_for_a_second_job_manager() -> None:
    assert designed("card-fraud").value("stream_hours") == 2 * 730
    assert designed("card-fraud", availability="99.5%").value("stream_hours") == 730
    own = designed("card-fraud", cloud="on-prem", kubernetes="no")
    assert own.value("workers_with_spare_zone") == own.value("workers_for_p99") + 1
    assert "of one machine of ours that holds one worker |" in str(render(own))
