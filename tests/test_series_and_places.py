"""What answers for series, numbers and shared places come to: origins, metrics, slots, and what was only assumed."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

import pytest

from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from mlworkflow.documents.saying import Say
from mlworkflow.documents.views.training import view
from tests import helpers

FORECAST: dict[str, Any] = {
    "problem_type": "forecasting",
    "target": "weekly demand of each part",
    "horizon": "8 weeks",
    "label_delay": "1 week",
    "history": "5 years",
    "row_count": 1_100_000,
    "seasonality": ["year"],
    "who_waits": "nobody",
}
MARKET: dict[str, Any] = {
    "problem_type": "regression",
    "target": "minutes until delivery",
    "who_waits": "person",
    "wait": "150ms",
    "latency_p99": "90ms",
    "interference": True,
    "eligible_per_day": 2_000_000,
    "primary_metric_kind": "rate",
    "primary_baseline": 0.072,
    "minimum_effect": "-0.3 points",
}


def design_of(**given: Any) -> Spec:
    """Return the design of these answers, without flips."""
    return helpers.spec(helpers.answers(given))


def test_a_forecast_waits_for_its_reporting_delay_and_not_for_its_horizon() -> None:
    spec = design_of(**FORECAST)
    assert spec.value("label_age") == 7 * 86400
    assert spec.said("last_step_age") == "63 days"
    assert "the whole horizon is judged after 63 days" in render(spec)


def test_folds_of_a_forecast_hold_a_whole_horizon_and_cover_a_year() -> None:
    text = render(design_of(**FORECAST))
    assert "| Fold | Values known until | First origin | Steps tested until |" in text
    assert "| 6 | day -70 | day -63 | day -7 |" in text
    assert "| 1 | day -377 | day -370 | day -314 |" in text


CLASSIFIED: dict[str, Any] = {
    "problem_type": "classification", "label_delay": "45d", "temporal": True, "history": "900d",
    "labelled_count": 900_000, "prevalence": "4%", "trial_time": "4min",
}  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        CLASSIFIED,
        {**CLASSIFIED, "label_delay": "3 days"},
        {**CLASSIFIED, "seasonality": ["year"]},
        {**CLASSIFIED, "seasonality": ["year"], "label_delay": "80d", "start_date": "2027-03-01"},
        {**CLASSIFIED, "horizon": "60d", "label_delay": "60d", "labelled_count": 4000},
        FORECAST,
        {**FORECAST, "history": "500d"},
        {**FORECAST, "label_delay": "30d", "start_date": "2028-03-01"},
    ],
)
def test_printed_folds_keep_the_printed_gap_at_every_border(values: dict[str, Any]) -> None:
    spec = design_of(**values)
    rows = [[_day(str(cell)) for cell in row[1:]] for row in view(Say(spec))["folds"].rows]
    gap = spec.value("validation_gap") / 86400
    assert len(rows) >= 3
    for trained, begins, until in rows:
        assert begins - trained == gap
        assert until > begins
    for (*_, until), (_, begins, _) in itertools.pairwise(rows):
        assert begins >= until
    assert rows[-1][1] - rows[-2][2] >= gap, "what tuning chose by must be known before the locked test begins"
    newest = _day(values["start_date"]) if "start_date" in values else 0
    assert rows[-1][2] <= newest - gap


def _day(text: str) -> int:
    return int(text.removeprefix("day ")) if text.startswith("day") else datetime.date.fromisoformat(text).toordinal()


def test_a_series_labels_itself() -> None:
    assert design_of(**FORECAST, labelled_count=10).value("rows") == 1_100_000


@pytest.mark.parametrize(
    ("seasonality", "step", "naive", "ranges"),
    [
        (["day", "week"], "15 min", "Seasonal naive (same time of the same weekday)", "season of 96 or 672 steps"),
        (["year"], "7 days", "Seasonal naive (same week or month of last year)", "season of 52 steps"),
        (["week"], None, "Seasonal naive (same weekday of last week)", "one season for each cycle, in steps"),
        ([], None, "Naive (last value)", "none; cycles were not named"),
    ],
)
def test_the_naive_forecast_repeats_the_cycles_that_were_named(
    seasonality: list[str], step: str | None, naive: str, ranges: str
) -> None:
    given = {**FORECAST, "seasonality": seasonality, **({"forecast_step": step} if step else {})}
    spec = design_of(**given)
    assert spec.value("naive_candidate") == naive
    assert spec.value("naive_ranges") == ranges


def test_units_that_share_a_place_get_no_size_of_independent_units() -> None:
    spec = design_of(**MARKET, experiment_unit="order_id")
    assert spec.value("experiment_kind") == "switchback"
    assert spec.value("clustered") is True
    assert spec.value("users_per_arm") is None
    assert "not judged: slots count, not units, and how many places can switch is not given" in render(spec)


def test_slots_of_named_places_have_a_size() -> None:
    spec = design_of(**MARKET, experiment_unit="order_id", places=60)
    assert spec.value("slots_total") == 2449
    assert spec.value("slot_weeks") == 2
    assert "2,449 hourly slots" in render(spec)


def test_a_unit_that_is_a_place_and_a_time_is_counted_itself() -> None:
    spec = design_of(**MARKET, experiment_unit="city and hour")
    assert spec.value("clustered") is False
    assert spec.value("users_per_arm") is not None


def test_a_baseline_in_another_metric_blocks() -> None:
    given = {**MARKET, "baseline_kind": "model", "baseline_value": 6.1, "success_threshold": 5.4}
    other = design_of(**given, baseline_measured="MAE in minutes", evaluation_metric="rmse")
    same = design_of(**given, baseline_measured="MAE in minutes", evaluation_metric="mae")
    assert "baseline-in-another-metric" in {one.clause.id for one in other.blocking}
    assert "baseline-in-another-metric" not in {one.clause.id for one in same.blocking}


def test_a_reason_names_the_tool_that_won() -> None:
    spec = design_of(
        problem_type="classification",
        target="churned",
        already_used=["airflow", "gitlab ci"],
        team_size=6,
        cloud="on-prem",
    )
    verdict = spec.by_id["orchestration"]
    assert verdict.chosen == "airflow"
    assert "Apache Airflow" in str(verdict.because[0].says)
    assert "GitLab" not in " ".join(str(because.says) for because in verdict.because)


def test_what_was_assumed_of_a_source_is_said_to_be_assumed() -> None:
    sources = [{"name": "sales", "kind": "files"}]
    features = [{"name": "mileage", "source": "sales", "available": "before"}]
    text = render(
        design_of(problem_type="regression", target="price", temporal=True, sources=sources, features=features)
    )
    assert "Nobody said whether old values are kept in sales." in text
    assert "mutability of `sales`: overwritten" in text
