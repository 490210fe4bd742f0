"""What somebody who knows a field expects of its design: the words, the numbers and the choices of that field."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from tests import helpers

HOTELS: dict[str, Any] = {
    "problem_type": "ranking", "target": "booked: the stay was booked within 24 hours of the search",
    "prediction_unit": "one hotel in the result list of one search", "current_process": "a score of price and stars",
    "baseline_kind": "rules", "evaluation_metric": "ndcg-at-k", "top_k": 25, "items_per_request": 400,
    "mean_load": "700/s", "peak_load": "2.2k/s", "service_time": "18 ms", "latency_p99": "200ms", "cloud": "gcp",
    "label_source": "feedback", "label_scope": "shown", "label_delay": "1 day", "group_key": "search_id",
    "temporal": True, "who_waits": "person", "archetype": "search-ranking", "labelled_count": "60M",
    "sources": [
        {"name": "search_log", "kind": "pubsub", "content": "searches, lists shown with positions, clicks, bookings"},
        {"name": "rates", "kind": "api", "content": "price and free rooms by night"},
    ],
}  # fmt: skip
PLAYS: dict[str, Any] = {
    "problem_type": "recommendation", "target": "finished at least 80 % of a play", "catalogue_size": 1400,
    "row_count": 6000, "labelled_count": 6000, "mean_load": "0.4/s", "peak_load": "4/s", "who_waits": "person",
    "baseline_kind": "people", "current_process": "the editor's list of the week", "label_source": "feedback",
    "sources": [{"name": "catalogue", "kind": "postgres"}, {"name": "sign_up", "kind": "postgres"}],
    "features": [
        {"name": "blurb_embedding", "source": "catalogue", "type": "embedding", "available": "before"},
        {"name": "favourite_genres", "source": "sign_up", "type": "category", "available": "before"},
    ],
}  # fmt: skip


def designed(base: dict[str, Any], **more: Any) -> Spec:
    return helpers.spec(helpers.answers({**base, **more}))


def said(base: dict[str, Any], **more: Any) -> dict[str, str]:
    return {one.clause.id: str(one.says) for one in designed(base, **more).clauses}


def parts(base: dict[str, Any], **more: Any) -> dict[str, str]:
    """The candidates of a design by id, with the part that each plays."""
    spec = designed(base, **more)
    return {one.clause.id: str(dict(one.columns)["role"]) for one in spec.clauses if one.clause.kind == "candidate"}


# ------------------------------------------------------------------ lists


def test_a_list_is_logged_by_what_was_shown_and_a_part_of_what_was_not() -> None:
    spec = designed(HOTELS)
    record = 2000 + 200 * (25 + 0.01 * (400 - 25))
    assert spec.value("logged_bytes") == pytest.approx(record)
    assert spec.value("log_kept_bytes") == pytest.approx(700 * 86400 * 365 * record)
    assert "a request keeps its 25 shown rows, one in 100 all" in render(spec)


def test_no_way_out_thins_the_lists_that_were_shown() -> None:
    spec = designed(HOTELS)
    assert spec.value("saving_by_sampling") is None
    assert any("keep logged lists for 90 days" in words for words, _ in spec.value("ways_out"))
    assert designed(HOTELS, items_per_request=1).value("saving_by_sampling") is not None


def test_a_search_by_place_and_date_is_not_told_about_words() -> None:
    typed = {"search-ranking-head-and-tail", "search-ranking-query-class", "search-ranking-can-be-had"}
    words = {**HOTELS, "prediction_unit": "one hotel for one typed query"}
    assert not {*typed, "candidate-bm25", "practice-ranking-groups"} & set(said(HOTELS))
    assert {"candidate-bm25", "practice-ranking-groups", "search-ranking-head-and-tail"} <= set(said(words))
    assert "normalised text" not in render(designed(HOTELS))


def test_a_group_that_happens_once_asks_for_no_second_test() -> None:
    assert designed(HOTELS).by_id["data-split"].chosen == "time"
    assert "no search_id on both sides" in render(designed(HOTELS)).replace("\\", "")
    assert designed(HOTELS, group_key="hotel_id").by_id["data-split"].chosen == "time-and-group"


@pytest.mark.parametrize("problem_type", ["ranking", "recommendation", "anomaly-detection"])
def test_todays_way_stands_among_the_candidates(problem_type: str) -> None:
    found = parts({"problem_type": problem_type, "baseline_kind": "rules", "current_process": "90 rules"})
    assert found["candidate-today"] == "baseline"
    assert list(found.values()).count("baseline") == 1


# ------------------------------------------------------------------ few interactions


def test_few_interactions_ask_for_content_and_popularity() -> None:
    spec = designed(PLAYS)
    assert spec.by_id["main-model"].chosen == "linear"
    found = parts(PLAYS)
    assert found["candidate-linear-blend"] == "main candidate"
    assert {"candidate-today", "candidate-smoothed-popularity", "candidate-content-similarity"} <= set(found)
    assert "candidate-co-occurrence" not in found
    assert [id for id, role in found.items() if role.startswith("main")] == ["candidate-linear-blend"]
    assert "favourite_genres" in render(spec).split("**Candidate models**")[1].split("| main candidate")[0].replace(
        "\\", ""
    )


def test_what_can_be_scored_depends_on_the_traffic_too() -> None:
    many = {**PLAYS, "row_count": "50M", "labelled_count": "50M"}
    assert designed(many).by_id["main-model"].chosen == "listwise-trees"
    assert designed(many, peak_load="4k/s").by_id["main-model"].chosen == "two-stage"


# ------------------------------------------------------------------ forecasts

LOAD: dict[str, Any] = {
    "problem_type": "forecasting", "target": "hourly load in MW by feeder", "baseline_kind": "vendor",
    "evaluation_metric": "pinball-loss", "horizon": "48 hours", "forecast_step": "1 hour", "row_count": "52M",
    "history": "4 years", "seasonality": ["day", "week", "year"], "who_waits": "nobody", "label_delay": "1 day",
    "label_source": "measurement", "current_process": "a bought forecast", "cost_missed": "140 EUR",
    "cost_false_alarm": "45 EUR",
}  # fmt: skip


def test_both_forecasts_are_scored_on_the_same_periods() -> None:
    spec = designed(LOAD)
    assert spec.by_id["experiment-kind"].chosen == "parallel-run"
    assert spec.value("action_effect") is None
    assert spec.value("parallel_days") == 28
    document = render(spec)
    assert "the mean paired difference of errors" in document
    assert "sign test" not in document
    assert designed(LOAD, action_effect="changes").by_id["experiment-kind"].chosen == "pilot"


def test_quantiles_of_parts_are_not_added_up() -> None:
    assert "quantiles of parts or steps never do: paths are sampled" in render(designed(LOAD))


def test_a_model_of_single_series_holds_all_its_cycles() -> None:
    assert "Regression on hour and weekday, yearly harmonics" in said(LOAD)["candidate-several-seasons"]
    assert "candidate-ets" not in said(LOAD)
    assert "candidate-ets" in said(LOAD, seasonality=["week"], forecast_step="1 day")


@pytest.mark.parametrize(("rows", "budget"), [("52M", "26 CPU hours"), ("200k", "30 CPU minutes")])
def test_what_a_model_may_cost_grows_with_its_rows(rows: str, budget: str) -> None:
    assert designed(LOAD, row_count=rows).value("series_budget") == budget


# ------------------------------------------------------------------ anomalies

LOGINS: dict[str, Any] = {
    "problem_type": "anomaly-detection", "target": "logins of an intruder", "evaluation_metric": "precision-at-budget",
    "prevalence": "0.002%", "baseline_kind": "rules", "current_process": "90 rules", "reviews_per_day": 40,
    "human_decides": True, "adversarial": True, "label_source": "people", "label_scope": "reviewed",
    "label_delay": "3 days", "label_delay_p95": "200 days", "labelled_count": 3100, "positive_count": 35,
    "row_count": "900M", "history": "3 years", "temporal": True, "who_waits": "events", "mean_load": "6k/s",
    "world_changes": "weeks",
}  # fmt: skip


def test_what_is_fitted_without_labels_waits_for_none() -> None:
    spec = designed(LOGINS)
    document = render(spec)
    assert spec.by_id["main-model"].chosen == "isolation"
    assert "Fitting reads no labels, so no gap stands before a test" in document
    assert "one more week of labels" not in document
    assert "calibration moved" not in document
    assert spec.value("trials") == 4
    folds = re.findall(r"\| \d \| (day -\d+) \| (day -\d+) \| (day -\d+) \|", document)
    assert folds[-1][2] == "day -200"
    assert all(trained == begins for trained, begins, _ in folds)


def test_a_refit_does_not_learn_the_intruder_who_is_inside() -> None:
    assert "older than 200 days" in said(LOGINS)["practice-anomaly-quarantine"]
    assert "practice-anomaly-quarantine" not in said(LOGINS, adversarial=False)


def test_a_budget_of_reviews_is_watched_before_it_cuts() -> None:
    found = said(LOGINS)
    assert "before the budget of 40 a day cuts them" in found["back-over-budget"]
    assert "gate-over-budget" in found
    assert not {"back-action-rate", "gate-positive-rate"} & set(found)
    assert "at least 100 positive predictions" not in render(designed(LOGINS))
    assert "back-action-rate" in said(LOGINS, reviews_per_day="not sure", evaluation_metric="pr-auc")


# ------------------------------------------------------------------ devices

WEEDS: dict[str, Any] = {
    "problem_type": "computer-vision", "vision_task": "boxes", "target": "boxes around dock plants in a camera frame",
    "prediction_unit": "one camera frame of a sprayer boom", "decision_driven": "which nozzles open",
    "current_process": "the whole meadow is sprayed", "baseline_kind": "none", "evaluation_metric": "map-detection",
    "success_threshold": 0.7, "label_source": "people", "labelled_count": 18_000, "row_count": 18_000,
    "who_waits": "device", "serving": ["edge"], "offline": True, "devices": 40, "mean_load": "20/s",
    "device_accelerator": "nvidia", "offered_to_others": True, "cloud": "multi", "gpu": "dedicated",
    "sources": [{"name": "boom_frames", "kind": "images", "refresh": "7d"}],
    "features": [{"name": "frame", "source": "boom_frames", "type": "image", "available": "at-request"}],
}  # fmt: skip
WELDS: dict[str, Any] = {
    **WEEDS, "target": "bad weld", "prediction_unit": "one weld", "baseline_kind": "rules", "vision_task": "classes",
    "current_process": "grey-value rules divert modules", "evaluation_metric": "recall", "success_threshold": 0.9,
}  # fmt: skip


def steps(base: dict[str, Any]) -> str:
    found = [one for one in designed(base).clauses if one.clause.id in ("step-bench", "step-first-device")]
    assert len(found) == 2
    return " ".join(str(text) for one in found for text in dict(one.columns).values())


def test_a_device_in_the_field_is_not_rolled_out_in_words_of_a_line() -> None:
    assert "reject" not in steps(WEEDS)
    assert "off the line" not in steps(WEEDS)
    assert "one device off the line" in steps(WELDS)
    assert "people confirm every reject" in steps(WELDS)


def test_what_acts_on_everything_today_finds_nothing_to_compare_with() -> None:
    for kind in ("none", "rules"):
        assert "sign test" not in steps({**WEEDS, "baseline_kind": kind})
    assert "a random sample of what it saw labelled" in steps(WEEDS)
    assert "the present system alone finds more bad cases" in steps(WELDS)


def test_a_device_that_uploads_weekly_is_missed_after_two_uploads() -> None:
    spec = designed(WEEDS)
    assert "device not seen in 14 days, two of its uploads" in render(spec)
    assert spec.by_id["operational-monitoring"].chosen != "prometheus-grafana"
    near = {**WEEDS, "sources": [{"name": "boom_frames", "kind": "images", "refresh": "1s"}]}
    assert "device silent for two of its report periods" in render(designed(near))
    assert designed(near).by_id["operational-monitoring"].chosen == "prometheus-grafana"


def test_a_product_with_a_detector_is_told_of_its_licence() -> None:
    assert "AGPL-3.0" in said(WEEDS)["detectors-carry-licences"]
    assert "detectors-carry-licences" not in said(WEEDS, offered_to_others=False)
    assert "detectors-carry-licences" not in said(WELDS)


def test_a_mean_average_precision_has_its_overlaps() -> None:
    assert "IoU 0.50 to 0.95" in said(WEEDS)["map-needs-its-range"]
    assert "IoU 0.50 to 0.95" in render(designed(WEEDS)).split("## Feature Engineering")[0]


# ------------------------------------------------------------------ language models

ASSISTANT: dict[str, Any] = {
    "problem_type": "generative", "target": "an answer from the handbook", "llm_task": "answer-from-documents",
    "who_waits": "person", "mean_load": "0.15/s", "tokens_in": 3000, "tokens_out": 300, "budget": "5k USD/month",
    "golden_set": 200, "cloud": "aws", "latency_p99": "6s", "fail_direction": "permissive", "success_threshold": 0.8,
    "business_metric": "questions answered without a call",
}  # fmt: skip


def test_a_month_without_its_largest_line_is_not_judged() -> None:
    document = render(designed(ASSISTANT))
    assert "cannot be said: the largest line, the language model, has no price" in document
    assert "fits so far" not in document
    assert "What do a million tokens in cost?" in document.split("**To settle first**")[1].split("##")[0]
    priced = designed(ASSISTANT, price_in="1 USD", price_out="4 USD")
    assert priced.value("budget_fit") == "fits"
    assert "tokens-without-a-price" not in {one.clause.id for one in priced.clauses}


def test_nobody_is_asked_for_training_rows_where_nothing_is_trained() -> None:
    assert "How many rows does one training run read?" not in render(designed(ASSISTANT))
