"""Plans held to what was told: a fold needs history, a pilot its labels, an index only what all may read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mlworkflow.documents.rendering import render
from mlworkflow.errors import InputRefused
from tests import helpers

STRENGTH: dict[str, Any] = {
    "name": "Strength of concrete", "problem_type": "regression", "target": "strength in MPa of the 28-day cubes",
    "evaluation_metric": "mae", "baseline_kind": "people", "cost_missed": "9000 EUR", "cost_false_alarm": "150 EUR",
    "action_effect": "none", "human_decides": True, "safety": True, "label_source": "measurement",
    "label_delay": "28 days", "label_delay_p95": "30 days", "labelled_count": 6800, "row_count": 6800,
    "history": "4 years", "temporal": True, "who_waits": "nobody",
}  # fmt: skip
INTRUSION: dict[str, Any] = {
    "name": "Odd logins", "problem_type": "anomaly-detection", "target": "logins of an intruder", "temporal": True,
    "label_source": "people", "label_delay": "3 days", "label_delay_p95": "200 days", "row_count": "900M",
    "history": "8 months", "who_waits": "events", "start_date": "2026-11-21",
}  # fmt: skip
REPORTS: dict[str, Any] = {
    "name": "Adverse Event Extraction", "problem_type": "nlp", "text_task": "spans",
    "target": "spans of adverse reactions and suspect drugs in a case report", "human_decides": True,
    "mean_load": "0.01/s", "reviews_per_day": 180, "who_waits": "later", "personal_data": True,
    "sources": [{"name": "case_mails", "kind": "documents", "content": "reports with PDF attachments"}],
    "features": [{"name": "sender_type", "source": "case_mails", "type": "category", "available": "at-request"}],
}  # fmt: skip
ASK_HR: dict[str, Any] = {
    "name": "Ask HR", "problem_type": "generative", "llm_task": "answer-from-documents",
    "target": "an answer to an employee's question, with sources", "who_waits": "person", "passages": 85000,
    "latency_p95": "6s",
    "sources": [
        {"name": "policies", "kind": "documents", "content": "policies and works agreements"},
        {"name": "hr_master", "kind": "api", "content": "contract and leave of the asking employee", "personal": True},
        {"name": "old_tickets", "kind": "database", "content": "answered HR tickets of three years", "personal": True},
    ],
    "features": [
        {"name": "question", "source": "old_tickets", "type": "text", "available": "at-request"},
        {"name": "site", "source": "hr_master", "type": "category", "available": "at-request"},
    ],
}  # fmt: skip


def said(values: dict[str, Any]) -> dict[str, str]:
    return {one.clause.id: str(one.says) for one in helpers.spec(helpers.answers(values)).clauses}


def value(name: str, values: dict[str, Any]) -> Any:
    return helpers.spec(helpers.answers(values)).value(name)


def document(values: dict[str, Any]) -> str:
    return render(helpers.spec(helpers.answers(values)))


def test_only_a_forecast_is_priced_by_the_unit_and_planned_with_a_quantile() -> None:
    assert "Planning uses the" not in document(STRENGTH)
    demand = {**STRENGTH, "problem_type": "forecasting", "evaluation_metric": "wape", "horizon": "7 days"}
    assert "Planning uses the 98.4 % quantile" in document(demand)


# ------------------------------------------------------------------ folds and history


def test_no_fold_lies_before_the_history_begins() -> None:
    text = document(INTRUSION)
    assert "| Fold |" not in text
    assert "**A history of 8 months holds no fold**: one takes" in text
    assert "Dates count from" not in text
    assert value("folds_held", INTRUSION) == 0


def test_folds_that_the_history_holds_are_dated_inside_it() -> None:
    values = {**INTRUSION, "history": "300 days"}
    text, held = document(values), value("folds_held", values)
    days = re.findall(r"^\| \d \| (\d{4}-\d\d-\d\d) \|", text, re.M)
    assert 0 < held < 3
    assert len(days) == held
    assert min(days) > "2026-01-25"  # 300 days before the start
    assert f"holds {held} of three folds" in said(values)["few-folds-in-history"]
    assert value("folds_held", {**INTRUSION, "history": "5 years"}) == 3
    assert not {"no-fold-in-history", "few-folds-in-history"} & set(said({**INTRUSION, "history": "5 years"}))


def test_a_forecast_has_no_origin_before_its_history_either() -> None:
    load = {
        "problem_type": "forecasting", "target": "load in MW", "horizon": "48 hours", "label_delay": "1 day",
        "start_date": "2026-11-21", "evaluation_metric": "mae",
    }  # fmt: skip
    assert "no-fold-in-history" in said({**load, "history": "12 days"})
    assert "Values known until" not in document({**load, "history": "12 days"})
    assert document({**load, "history": "4 years"}).count("Values known until") == 1


# ------------------------------------------------------------------ what an index holds


def test_what_is_fetched_for_one_asker_is_never_indexed_and_past_tickets_give_no_rights() -> None:
    text = document(ASK_HR)
    box = {label: id for id, label in re.findall(r"(n\d+)\[\"(.*?)\"\]", text)}
    assert {"policies", "hr_master", "old_tickets"} <= set(box)
    mode = next(id for label, id in box.items() if label.startswith("Real-time"))
    assert f"{box['hr_master']} -->|rights and facts| {mode}" in text
    assert f"{box['old_tickets']} -->|past questions, masked| {box['Golden set and judge']}" in text
    assert not re.search(rf"{box['old_tickets']} -->\|rights", text)
    assert not re.search(rf"{box['hr_master']} -->\|documents", text)


# ------------------------------------------------------------------ the usual case


def test_a_word_of_the_name_alone_makes_no_usual_case() -> None:
    assert value("looks_like", REPORTS) is None
    assert value("looks_like", {**REPORTS, "target": "invoice number and total, extracted"}) == "document-understanding"


def test_the_type_of_a_sender_is_no_history_of_a_sender() -> None:
    named = {**REPORTS, "archetype": "document-understanding"}
    assert "document-understanding-sender-history" not in said(named)
    feature = {"name": "sender_id", "source": "case_mails", "type": "identifier", "available": "at-request"}
    assert "document-understanding-sender-history" in said({**named, "features": [feature]})


# ------------------------------------------------------------------ health, and cases that must be read


def test_software_is_a_medical_device_only_if_it_steers_care() -> None:
    told = said({**REPORTS, "regulation": ["gdpr", "health"], "safety": True})
    assert told["medical-device"].startswith("**If it steers diagnosis or treatment, it is a medical device**")
    assert "Article 9" in told["health-data-is-special"]
    assert "health-data-is-special" not in said({**REPORTS, "regulation": ["gdpr"]})


def test_where_each_case_must_be_read_only_people_or_hours_help() -> None:
    text = document({**REPORTS, "regulation": ["health"]})
    assert "more people or hours, as each case must be read" in text
    assert not any(way in text for way in ("passes unread", "fewer cases, or", "slow the intake"))
    assert "a rule for what passes unread" in document(REPORTS)


# ------------------------------------------------------------------ pilot, latency, direction


def test_a_first_group_lasts_until_its_measurements_are_there_and_is_judged_by_them() -> None:
    step = next(one for one in document(STRENGTH).splitlines() if one.startswith("| First group |"))
    assert "four weeks of cases, and 30 days for their labels" in step
    assert "the measurement was with it more often" in step
    people = {**STRENGTH, "label_source": "people", "label_delay": "2 days", "label_delay_p95": "3 days"}
    step = next(one for one in document(people).splitlines() if one.startswith("| First group |"))
    assert "| four weeks |" in step
    assert "people judged for it" in step


def test_a_p95_is_a_limit_and_a_p99_is_asked_for() -> None:
    assert "p99-unsaid" in said(ASK_HR)
    assert "no-latency-limit" not in said(ASK_HR)
    assert "p99-unsaid" not in said({**ASK_HR, "latency_p99": "12s"})
    assert "no-latency-limit" in said({key: one for key, one in ASK_HR.items() if key != "latency_p95"})


@pytest.mark.parametrize("kind", ["generative", "ranking", "recommendation", "classification"])
def test_only_a_case_that_passes_or_is_held_has_a_direction_to_err_in(kind: str) -> None:
    values = {"problem_type": kind, "target": "booked", "who_waits": "person", "latency_p99": "200ms"}
    asked = kind == "classification"
    assert ("no-direction-of-failure" in said(values)) is asked
    assert ("level-undecided" in said(values)) is asked
    assert ("nobody said which way to err" in document(values)) is asked


# ------------------------------------------------------------------ metrics and bars


def test_f1_is_named_where_one_error_costs_much_more() -> None:
    values = {**REPORTS, "evaluation_metric": "f1", "cost_missed": "400 EUR", "cost_false_alarm": "3 EUR"}
    assert "a missed case costs 130 times a false alarm" in said(values)["f1-against-costs"]
    assert (
        "a false alarm costs 6 times a missed case"
        in said({**values, "cost_missed": "1 EUR", "cost_false_alarm": "6 EUR"})["f1-against-costs"]
    )
    assert "f1-against-costs" not in said({**values, "cost_missed": "15 EUR"})


def test_a_bar_below_people_is_refused_only_where_no_person_decides() -> None:
    values = {**REPORTS, "evaluation_metric": "f1", "baseline_kind": "people", "baseline_value": 0.88,
              "success_threshold": 0.8}  # fmt: skip
    assert "held-below-people" in said(values)
    assert "threshold-worse-than-baseline" not in said(values)
    assert "threshold-worse-than-baseline" in said({**values, "baseline_kind": "rules"})
    with pytest.raises(InputRefused, match="success_threshold"):
        said({**values, "human_decides": False})
