"""What somebody who knows a field expects of its design: the words, the numbers and the choices of that field."""

from __future__ import annotations

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
