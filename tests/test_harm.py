"""Rules that must not fire by chance, and sums that must close: what a reader with a calculator checks first."""

from __future__ import annotations

import re
from typing import Any

import numpy
import pytest

from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
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
