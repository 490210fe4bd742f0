"""Briefs of many fields: what an expert of each would notice is said, by the id of what says it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mlworkflow.answers import gather
from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from mlworkflow.reading import read_answers
from tests import helpers

BRIEFS = helpers.TESTS / "briefs"
JUDGED = tomllib.loads((helpers.TESTS / "data" / "brief-verdicts.toml").read_text("utf-8"))


@cache
def spec(name: str) -> Spec:
    path = BRIEFS / f"{name}.toml"
    values = read_answers(path.read_bytes(), str(path)).values
    return helpers.spec(gather(helpers.knowledge(), [helpers.layer(values)]))


def said(name: str) -> set[str]:
    return {one.clause.id for one in spec(name).clauses}


def use(name: str, feature: str) -> str | None:
    return spec(name).by_id[f"feature-use[{feature}]"].chosen


# For each brief: the case, what must be said, what must not be, and figures with their values.
NOTICED: dict[str, tuple[str | None, set[str], set[str], dict[str, Any]]] = {
    "store-demand": (
        "demand-and-capacity",
        {
            "target-is-censored",  # sales are no demand
            "quantile-judged-by-the-middle",  # too little costs three times too much
            "threshold-below-noise",  # counts this small scatter by themselves
            "batch-without-second-try",  # the night is too short for a repeat
            "demand-and-capacity-lead-time",
            "demand-and-capacity-overrides",
            "demand-and-capacity-availability",
        },
        {"demand-and-capacity-on-the-books"},  # no source holds bookings
        {"forecast_quantile": 0.75, "looks_like": "demand-and-capacity"},
    ),
    "news-feed": (
        "recommendations-and-feeds",
        {
            "several-objectives",  # clicks and shares
            "proxy-not-metric",  # clicks of today, subscriptions of a month
            "labels-only-for-shown",
            "no-threshold",
            "recommendations-and-feeds-not-seen",
            "recommendations-and-feeds-fatigue",
        },
        {"recommendations-and-feeds-repeat", "propose-windows"},
        {"objectives": ("click", "share")},
    ),
    "parts-search": (
        "search-ranking",
        {
            "metric-counts-attention",  # click-through can be won by bait
            "labels-only-for-shown",
            "search-ranking-head-and-tail",
            "search-ranking-no-result",
            "practice-ranking-recall",  # what is not retrieved cannot be ranked
            "search-ranking-paid",
        },
        {"search-ranking-field-match", "target-is-vague"},  # a candidate is it already
        {},
    ),
    "courier-eta": (
        "eta-and-pricing",
        {
            "eta-and-pricing-only-finished",
            "eta-and-pricing-late-is-worse",
            "eta-and-pricing-last-errors",
            "eta-and-pricing-promise",
            "acting-moves-the-value",
            "practice-regression-bias",
        },
        {"eta-and-pricing-price-response", "peak-far-above-mean"},
        {"experiment_kind": "switchback"},
    ),
    "invoice-fields": (
        "document-understanding",
        {
            "people-cannot-keep-up",  # 1,200 a day, 300 are read
            "metric-counts-speed",
            "generative-without-cases",
            "processor-agreement",
            "document-understanding-templates-repeat",
            "document-understanding-e-invoice",
            "document-understanding-sums",
        },
        {"support-assistant-and-rag-gave-up"},
        {"queue_growth": 900, "highest_error_when_answering": 0.05},
    ),
    "chest-triage": (
        "medical-triage",
        {
            "medical-device",
            "labels-miss-positives",
            "metric-counts-one-error",
            "recall-without-a-floor",
            "rare-positives-few",
            "seen-before-labelled",
            "medical-triage-last-in-line",
            "medical-triage-who-acts",
        },
        {"serial-recall", "label-process-is-the-baseline", "medical-triage-ordered-by-suspicion"},
        {"serial_recall": None},
    ),
    "pump-failures": (
        "predictive-maintenance",
        {
            "predictive-maintenance-replaced-is-not-healthy",
            "predictive-maintenance-lead-time",
            "selective-labels-few",  # six actions a period leave none for chance
            "capacity-caps-recall",
            "rare-positives-few",
            "predictive-maintenance-sisters",
            "predictive-maintenance-lead",
        },
        {"selective-labels-priced", "propose-windows", "metric-counts-one-error"},
        {"highest_recall": 0.75},
    ),
    "instalment-credit": (
        "credit-and-insurance",
        {
            "selective-labels-priced",
            "stopped-without-a-person",
            "protected-groups-read",
            "high-risk-system",
            "prevalence-after-acting",
            "value-moves-the-threshold",
            "credit-and-insurance-vintages",
            "credit-and-insurance-burden",
        },
        {"credit-and-insurance-refused", "propose-novelty-of-keys", "value-differs"},
        {"prevalence_before_acting": pytest.approx(0.04 / 0.6)},
    ),
    "bed-census": (
        "demand-and-capacity",
        {
            "target-is-censored",  # a full ward turns patients away
            "threshold-of-a-share",  # 0.12 of what, where beds are counted
            "acting-moves-the-value",  # the bed meeting moves operations on the forecast
            "overwritten-history",
            "sources-younger-than-history",
            "demand-and-capacity-own-plan",
            "places-start-in-turn",  # wards start in turn, or the season is taken for the model
        },
        {"threshold-below-noise", "baseline-in-another-metric"},
        {"forecast_quantile": 0.75, "experiment_kind": "pilot"},
    ),
    "twin-listings": (
        None,
        {
            "pairs-are-chosen-first",
            "labels-are-enriched",  # 95 % on the labels is 18 % in use
            "only-reviewed-labelled",
            "weaker-arm",
            "outcome-among-features",
            "metric-counts-one-error",
            "stopped-without-a-person",
        },
        {"selective-labels", "target-is-vague"},
        {"precision_in_use": pytest.approx(0.1775, abs=1e-3)},
    ),
    "crane-life": (
        "predictive-maintenance",
        {
            "life-said-too-long",
            "few-rows-in-a-fold",
            "outcome-among-features",
            "overwritten-history",
            "predictive-maintenance-replaced-is-not-healthy",
            "predictive-maintenance-lead-time",
            "contract-edge",
        },
        {"threshold-of-a-share", "no-threshold", "acting-moves-the-value", "no-safe-limit"},
        {"device_day": "; a day offline is 80 KB of log on each device, 7.2 MB over all 90 planned"},
    ),
}


def test_each_brief_has_its_expert() -> None:
    assert {path.stem for path in BRIEFS.glob("*.toml")} == {*NOTICED, *JUDGED}
    examples = {helpers.example_spec(name).value("looks_like") for name in helpers.EXAMPLES}
    cases = {case for case, *_ in NOTICED.values() if case}
    assert len(cases) == 8
    assert not cases & examples


@pytest.mark.parametrize("name", NOTICED)
def test_what_an_expert_would_notice_is_said(name: str) -> None:
    case, wanted, unwanted, values = NOTICED[name]
    assert spec(name).value("looks_like") == case
    assert 5 <= len(wanted) <= 8
    assert wanted - said(name) == set()
    assert unwanted & said(name) == set()
    assert {id: spec(name).value(id) for id in values} == values


@pytest.mark.parametrize("name", NOTICED)
def test_it_stands_in_the_document(name: str) -> None:
    document = render(spec(name))
    for one in spec(name).clauses:
        if one.clause.id in NOTICED[name][1] and one.clause.kind in ("finding", "blocker", "trap"):
            assert str(one.says).split("**")[1].rstrip(".") in document.replace("\\", ""), one.clause.id


@pytest.mark.parametrize(
    ("name", "feature", "verdict"),
    [
        ("store-demand", "sales_lag_7", "guarded"), ("store-demand", "sales_lag_28", "guarded"),
        ("store-demand", "is_holiday", "used"), ("store-demand", "temperature_forecast", "guarded"),
        ("news-feed", "article_embedding", "guarded"), ("news-feed", "position", "guarded"),
        ("parts-search", "order_number", "refused"), ("courier-eta", "delivered_at", "refused"),
        ("invoice-fields", "booked_account", "refused"), ("chest-triage", "scanner", "refused"),
        ("chest-triage", "report_text", "refused"), ("pump-failures", "discharge_pressure", "guarded"),
        ("pump-failures", "hours_since_last_repair", "guarded"), ("pump-failures", "repair_code", "refused"),
        ("instalment-credit", "dunning_state", "refused"), ("instalment-credit", "settlement_amount", "refused"),
        ("instalment-credit", "email", "refused"), ("instalment-credit", "loan_amount", "used"),
        ("bed-census", "census_lag_7", "guarded"), ("bed-census", "planned_admissions", "guarded"),
        ("twin-listings", "takedown_reason", "refused"), ("twin-listings", "reports_of_buyers", "refused"),
        ("twin-listings", "picture_embedding_distance", "guarded"), ("crane-life", "exchange_finding", "refused"),
    ],
)  # fmt: skip
def test_the_candidates_of_a_brief_get_the_verdict_of_its_expert(name: str, feature: str, verdict: str) -> None:
    assert use(name, feature) == verdict


def test_the_aligned_lags_are_printed_by_horizon() -> None:
    assert "7 days up to 6 days ahead; 14 days up to 13 days ahead; 21 days up to 14 days ahead" in render(
        spec("store-demand")
    )


def test_the_briefs_are_whole_files() -> None:
    for name in NOTICED:
        assert len(Path(BRIEFS / f"{name}.toml").read_text("utf-8").splitlines()) > 30
