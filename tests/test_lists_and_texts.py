"""What ranked lists, recommendations and texts ask for, against numbers worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from mlworkflow.documents.rendering import render
from mlworkflow.world import World
from tests import helpers

SEARCH = {
    "problem_type": "ranking", "who_waits": "person", "wait": "120ms", "label_source": "feedback",
    "primary_metric_kind": "rate", "primary_baseline": 0.062, "minimum_effect": "0.5% relative",
    "eligible_per_day": "1.2M", "treatment_share": "10%", "control_share": "10%", "looks": 2, "max_weeks": 4,
}  # fmt: skip
FILMS = {"problem_type": "recommendation", "label_source": "feedback"}


def world(values: dict[str, Any]) -> World:
    return World(helpers.knowledge(), helpers.answers(values))


def test_only_the_units_that_enter_fill_an_uneven_split() -> None:
    design = world(SEARCH)
    assert design.read("users_total") == pytest.approx(2 * 9_521_851 * 1.008, rel=0.001)
    assert design.read("experiment_weeks") == 12  # 19.2M / (1.2M x 20 %) = 80 days


def test_without_a_control_share_everyone_else_is_the_control() -> None:
    design = world({**SEARCH, "control_share": "not sure"})
    assert design.read("users_total") == pytest.approx(2 * 9_521_851 * 1.008 / 0.36, rel=0.001)
    assert design.read("experiment_weeks") == 7


def test_a_test_that_takes_too_long_is_never_shown_as_sized() -> None:
    document = render(helpers.spec(helpers.answers(SEARCH)))
    assert "units an arm" not in document
    assert "| Interleaving | all lists of a random 5 % of the units, filled by both rankers |" in document
    assert "[ ] QC-07" in document


def test_no_experiment_meets_more_people_than_there_are() -> None:
    mail = {
        "problem_type": "recommendation", "primary_metric_kind": "mean", "primary_baseline": 4.1, "primary_sd": 9.5,
        "minimum_effect": "2% relative", "eligible_per_day": "90k", "population": "640k",
    }  # fmt: skip
    assert world(mail).read("detectable_effect") == pytest.approx(2.8016 * 9.5 * (4 / 640_000) ** 0.5, rel=0.001)
    assert world({**mail, "population": "100k"}).read("too_few_people") is True


@pytest.mark.parametrize(
    ("values", "items"),
    [
        ({"catalogue_size": 450}, 450),
        ({"features": [{"name": "film_id", "source": "x", "type": "identifier", "cardinality": 450}]}, 450),
        ({"features": [{"name": "member_id", "source": "x", "type": "identifier", "cardinality": 640}]}, None),
        ({}, None),
    ],
)
def test_the_catalogue_is_said_or_is_the_smallest_key_that_is_no_person(
    values: dict[str, Any], items: float | None
) -> None:
    assert world({**FILMS, "sources": [{"name": "x"}], **values}).read("catalogue") == items


def test_few_films_need_no_candidate_stage() -> None:
    few = render(helpers.spec(helpers.answers({**FILMS, "catalogue_size": 450})))
    many = render(helpers.spec(helpers.answers({**FILMS, "catalogue_size": 45_000, "size": "full"})))
    assert "450 items can all be scored" in few
    assert "Matrix factorisation" not in few
    assert "narrows 45,000 items to hundreds" in many


@pytest.mark.parametrize(
    ("name", "target", "known_late"),
    [
        ("minutes_watched", "film watched for 30 minutes", True),
        ("cancelled_next_month", "film played", True),
        ("closing_note", "desk that answers", True),
        ("redeemed_coupon", "bought within 7 days", True),
        ("order_value", "order returned within 30 days", False),
        ("sold_last_week", "units sold", False),
    ],
)
def test_a_name_that_tells_what_came_later_is_noticed(name: str, target: str, known_late: bool) -> None:
    features = [{"name": name, "source": "events", "type": "number"}]
    values = {"target": target, "sources": [{"name": "events"}], "features": features}
    assert world(values).subjects("features")[0].attributes["suspicious"] is known_late


def test_people_who_confirm_each_text_are_held_against_what_arrives() -> None:
    notes = {
        "problem_type": "nlp", "human_decides": True, "reviews_per_day": 160, "who_waits": "later",
        "mean_load": "1500/day",
    }  # fmt: skip
    assert world(notes).read("queue_growth") == 1340
    assert world({**notes, "reviews_per_day": 2000}).read("queue_growth") is None
    nightly = {**notes, "who_waits": "nobody", "mean_load": "not sure", "rows_per_run": 2100, "freshness": "7 days"}
    assert world(nightly).read("arrivals") == 300


def test_a_recall_near_one_needs_a_finer_test() -> None:
    near = {"problem_type": "nlp", "evaluation_metric": "recall", "success_threshold": 0.985, "baseline_value": 0.93}
    assert world(near).read("recall_margin") == pytest.approx(0.0075)
    assert world({}).read("recall_margin") == 0.05


def test_more_positives_than_examples_are_counted_no_further() -> None:
    design = world({"problem_type": "nlp", "positive_count": "61k", "labelled_count": 4200, "prevalence": "6%"})
    assert design.read("units_disagree") is True
    assert design.read("labelled_positives") is None


def test_a_test_period_holds_enough_of_each_class() -> None:
    mails = {
        "problem_type": "nlp", "classes": 11, "labelled_count": 7800, "history": "18 months", "label_delay": "3 days",
        "who_waits": "nobody", "temporal": True,
    }  # fmt: skip
    assert "a class on average" in render(helpers.spec(helpers.answers(mails)))


def test_where_the_others_fell_for_many_reasons_none_of_them_is_called_the_reason() -> None:
    features = [{"name": "title_vector", "source": "titles", "type": "embedding", "available": "before"}]
    design = helpers.spec(helpers.answers({**FILMS, "sources": [{"name": "titles"}], "features": features}))
    assert str(design.by_id["transformation[title_vector]"].because[0].says) == "it is the only one that fits"
