"""What the words and rates of answers give away: each pattern where it belongs, and silence where it does not."""

from __future__ import annotations

from typing import Any

import pytest
from scipy import stats  # type: ignore[import-untyped]

from tests import helpers

CARDS: dict[str, Any] = {
    "problem_type": "classification", "target": "fraud: chargeback within 90 days", "prediction_unit": "one payment",
    "evaluation_metric": "precision-at-k", "prevalence": "0.1%", "population": "1M", "action_capacity": 1000,
    "cost_missed": "100 EUR", "cost_false_alarm": "10 EUR", "baseline_recall": "40%",
    "baseline_false_alarm_rate": "0.06%", "mean_load": "11.574/s", "who_waits": "events",
}  # fmt: skip


def said(values: dict[str, Any]) -> dict[str, str]:
    return {one.clause.id: str(one.says) for one in helpers.spec(helpers.answers(values)).clauses}


def value(name: str, values: dict[str, Any]) -> Any:
    return helpers.spec(helpers.answers(values)).value(name)


@pytest.mark.parametrize(
    ("metric", "kinds"),
    [
        ("complaints per 1,000 parcels", ("absence",)),
        ("tickets per customer in 28 days", ("absence",)),
        ("click-through rate of the list", ("attention",)),
        ("minutes watched per day", ("attention",)),
        ("share of bad parts let through", ("found",)),
        ("average handling time", ("speed",)),
        ("share of fraud let through at no more stopped good payments than today", ()),
        ("revenue kept per contacted customer", ()),
        ("clicks and revenue per session", ()),
        ("empty beds at noon", ()),
        ("cost of stock and shortages", ()),
    ],
)
def test_a_metric_that_can_be_won_without_helping_is_named(metric: str, kinds: tuple[str, ...]) -> None:
    assert value("metric_kinds", {"business_metric": metric}) == kinds
    assert value("metric_kinds", {"business_metric": metric, "satisfaction_metric": "returns"}) == ()


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"target": "engaged users"}, "engaged"),
        ({"target": "customer_at_risk"}, "at risk"),
        ({"target": "churned"}, "churned"),
        ({"target": "churned: no order for 60 days"}, None),
        ({"target": "churned", "horizon": "60 days"}, None),
        ({"target": "churned", "label_definition": "no order in the window"}, None),
        ({"target": "order is returned"}, None),
        ({"target": "ticket resolved within 3 days"}, None),
    ],
)
def test_a_target_without_an_event_is_vague(values: dict[str, Any], word: str | None) -> None:
    assert value("vague_word", values) == word


@pytest.mark.parametrize(
    ("target", "when"),
    [
        ("daily sales by store", "stock ran out"), ("occupied beds at noon", "no bed was free"),
        ("bike hires per dock", "no vehicle was free"), ("calls handled per hour", "no agent was free"),
        ("wind power in the next hour", None), ("sales revenue by region", None), ("calls offered per hour", None),
    ],
)  # fmt: skip
def test_a_target_that_supply_caps_is_censored(target: str, when: str | None) -> None:
    assert value("censored_when", {"problem_type": "forecasting", "target": target}) == when
    assert value("censored_when", {"problem_type": "classification", "target": target}) is None


# ------------------------------------------------------------------ the missing threshold


def test_a_missing_threshold_is_proposed_with_what_it_follows_from() -> None:
    proposed = value("proposed_threshold", {**CARDS, "baseline_value": 0.4})
    assert proposed == pytest.approx(0.4 + 1.96 * (0.4 * 0.6 / 1000) ** 0.5)
    text = said({**CARDS, "baseline_value": 0.4})["no-threshold"]
    assert "Proposed: 0.43, which is the baseline plus the sampling error of 1,000 picked cases." in text
    below = said({**CARDS, "baseline_value": 0.05})["no-threshold"]
    assert "which is the break-even of the costs" in below


def test_no_threshold_is_proposed_that_nothing_could_reach_or_that_was_given() -> None:
    assert value("proposed_threshold", {**CARDS, "baseline_value": 0.999}) is None
    assert value("proposed_threshold", {**CARDS, "baseline_value": 0.4, "success_threshold": 0.5}) is None
    assert "at least the best trivial policy" in said({"problem_type": "regression"})["no-threshold"]


def test_other_metrics_have_their_own_bar() -> None:
    cost = {**CARDS, "evaluation_metric": "expected-cost"}
    assert value("proposed_threshold", cost) == min(
        value(name, cost) for name in ("cost_of_nothing", "cost_of_all", "cost_of_baseline")
    )
    golden = {"problem_type": "generative", "golden_set": 200, "baseline_value": 0.8}
    assert value("proposed_threshold", golden) == pytest.approx(0.8 + 1.96 * (0.8 * 0.2 / 200) ** 0.5)


# ------------------------------------------------------------------ counts and money


def test_a_share_that_passes_has_a_price() -> None:
    values = {**CARDS, "action_effect": "prevents", "success_threshold": 0.5}
    assert value("exploration_cost", values).amount == pytest.approx(10 * (0.5 * 100 - 0.5 * 10))
    assert "about 14,000 EUR a month" in said(values)["selective-labels-priced"]
    assert "selective-labels-priced" not in said({**values, "cost_missed": "not sure"})
    few = said({**values, "action_capacity": 6, "population": 400})
    assert "6 a period are too few" in few["selective-labels-few"]


def test_a_budget_above_the_value_is_said_and_one_far_below_is_doubted() -> None:
    values = {**CARDS, "success_threshold": 0.7}
    worth = value("value_per_month", values).amount
    assert worth > 0
    assert "budget-above-value" in said({**values, "budget": f"{worth * 2:.0f} EUR/month"})
    assert "budget-above-value" not in said({**values, "budget": f"{worth / 2:.0f} EUR/month"})
    assert "value-far-above-budget" in said({**values, "budget": f"{worth / 200:.0f} EUR/month"})
    assert value("value_per_month", {**values, "prediction_unit": "one customer a night"}) is None


def test_reviewers_set_the_false_alarm_rate() -> None:
    values = {**CARDS, "human_decides": True, "reviews_per_day": 500}
    assert value("flagged_per_day", values) == pytest.approx(1e6 * (0.001 * 0.4 + 0.999 * 0.0006), rel=1e-3)
    assert "false-alarm rate of 0.01 %" in said(values)["reviewers-overloaded"]
    assert "reviewers-overloaded" not in said({**values, "reviews_per_day": 5000})
    assert "cannot read all positive cases" in said({**values, "reviews_per_day": 100})["reviewers-overloaded"]


def test_recall_of_two_in_a_row_is_their_product() -> None:
    values = {
        "problem_type": "computer-vision", "target": "weld defect", "evaluation_metric": "recall",
        "human_decides": True,
        "success_threshold": 0.96, "baseline_kind": "people", "baseline_recall": "92%",
    }  # fmt: skip
    assert value("serial_recall", values) == pytest.approx(0.8832)
    assert "find 88.3 %, not 0.96" in said(values)["serial-recall"]
    assert "serial-recall" not in said({**values, "decision_driven": "which parts are looked at first"})
    assert "serial-recall" not in said({**values, "human_decides": False})


def test_prevalence_under_an_acting_rule_has_two_readings() -> None:
    values = {**CARDS, "action_effect": "prevents"}
    assert value("prevalence_before_acting", values) == pytest.approx(0.001 / 0.6)
    assert "today's verdict stays" in said(values)["prevalence-after-acting"]
    turned = {**values, "baseline_false_alarm_rate": "0.5%"}
    assert "judged the other way" in said(turned)["prevalence-after-acting"]
    assert "prevalence-after-acting" not in said({**values, "action_effect": "none"})


def test_labels_settle_which_prevalence_was_said() -> None:
    values = {**CARDS, "action_effect": "prevents", "label_scope": "not-acted", "labelled_count": "100M"}
    of_all = {**values, "positive_count": "60k"}  # 0.1 % x (1 - 40 %)
    assert not {"prevalence-after-acting", "prevalence-of-labelled"} & set(said(of_all))
    of_labelled = said({**values, "positive_count": "100k"})
    assert "prevalence-after-acting" not in of_labelled
    assert "The share of all is 0.17 %" in of_labelled["prevalence-of-labelled"]
    assert "prevalence-after-acting" in said({**values, "positive_count": "75k"})


def test_the_offline_gate_says_what_labels_of_cases_not_acted_on_can_show() -> None:
    values = {**CARDS, "action_effect": "prevents", "label_scope": "not-acted", "success_threshold": 0.5}
    counted = {**values, "labelled_count": "100M", "positive_count": "60k"}
    assert value("labelled_ceiling", counted) == pytest.approx(0.6)
    # The list that finds half of all 1,000 finds half of the 600 that today's rules let pass: 300 of 1,000 picks.
    assert value("labelled_threshold", counted) == pytest.approx(0.3)
    spec = helpers.spec(helpers.answers(counted))
    gate = next(one for one in spec.kind("gate") if one.clause.id == "gate-threshold-labelled")
    assert (str(gate.columns["op"]), str(gate.columns["value"])) == (">=", "0.3")
    assert "0.5 of all shows as 0.3 there, 0.6 at most" in str(gate.says)
    assert "gate-threshold" not in said(counted)
    assert {"gate-threshold"} == set(said({**counted, "label_scope": "all"})) & {
        "gate-threshold",
        "gate-threshold-labelled",
    }


def test_the_live_gate_stands_where_the_alarm_stands() -> None:
    spec = helpers.example_spec("churn")
    gate = next(one for one in spec.clauses if one.clause.id == "gate-mature-count")
    limit, cases = spec.value("cohort_limit"), spec.value("cohort_size")
    assert limit / cases < float(str(gate.columns["value"])) < (limit + 1) / cases
    assert "gate-mature-metric" not in {one.clause.id for one in spec.clauses}


def test_what_a_period_of_a_day_lets_pass_is_pooled_to_weeks_and_priced_by_the_month() -> None:
    spec = helpers.example_spec("card-fraud")
    assert spec.value("cohort_cases") == 63
    assert "of a week" in spec.value("cohort_fall")
    assert "a month" in spec.value("exploration_said")


def test_people_who_review_are_named_where_acting_hides_outcomes() -> None:
    values = {**CARDS, "action_effect": "prevents", "success_threshold": 0.5}
    assert "never show their outcome" in said(values)["selective-labels-priced"]
    assert "what reviewers conclude" in said({**values, "reviews_per_day": 900})["selective-labels-priced"]


@pytest.mark.parametrize("zeros", [0.02, 0.1, 0.3, 0.5])
def test_the_noise_floor_is_that_of_poisson_counts(zeros: float) -> None:
    import math

    counts = stats.poisson(-math.log(zeros))
    floor = counts.expect(lambda k: abs(k - counts.median())) / counts.mean()
    values = {"problem_type": "forecasting", "zero_share": zeros}
    assert value("noise_floor", values) == pytest.approx(floor, abs=5e-4)


def test_few_actions_drown_in_the_total() -> None:
    few = {
        **CARDS, "target": "leaves: no order for 60 days", "action_effect": "changes", "population": 80_000,
        "prevalence": "3.5%", "action_capacity": 60, "success_threshold": 0.2,
    }  # fmt: skip
    assert value("periods_in_total", few) > 12
    assert "not-measurable-in-total" in said(few)
    assert "not-measurable-in-total" not in said({**few, "action_capacity": 2000})


def test_a_scheduled_run_is_planned_back_from_its_deadline() -> None:
    run = {"who_waits": "nobody", "rows_per_run": 100_000, "service_time": "36 ms", "ready_by": "4 hours"}
    assert value("run_time", run) == pytest.approx(3600)
    assert value("checked_by", run) == 3.6 * 3600
    assert value("retry_by", run) == pytest.approx(2.6 * 3600)
    assert value("start_by", run) == pytest.approx(1.6 * 3600)
    assert "practice-batch-backwards" in said(run)
    late = said({**run, "ready_by": "70 min"})
    assert "batch-without-second-try" in late
    assert "practice-batch-backwards" not in late


def test_the_branch_for_a_missed_gate_is_always_there() -> None:
    assert "the best trivial policy ships" in said({})["practice-gate-missed"]
    assert "people go on deciding" in said({"baseline_kind": "people"})["practice-gate-missed"]
    losing = {**CARDS, "baseline_kind": "rules", "baseline_false_alarm_rate": "5%"}
    assert "the cheaper trivial policy runs" in said(losing)["practice-gate-missed"]


def test_what_a_case_is_worth_orders_the_queue() -> None:
    feature = {"name": "amount_eur", "source": "payments", "available": "at-request"}
    values = {**CARDS, "sources": [{"name": "payments"}], "features": [feature]}
    assert "`amount_eur`" in said(values)["value-differs"]
    assert "value-moves-the-threshold" in said({**values, "action_capacity": "not sure"})
    ratio = {**feature, "name": "amount_per_day_30d"}
    assert "value-differs" not in said({**values, "features": [ratio]})


@pytest.mark.parametrize(
    ("target", "acts"),
    [("clicks and purchases of an item", ("click", "purchase")), ("item is bought", ()), ("a click", ("click",))],
)
def test_several_acts_in_one_order_are_several_objectives(target: str, acts: tuple[str, ...]) -> None:
    assert value("objectives", {"problem_type": "ranking", "target": target}) == acts
    assert ("several-objectives" in said({"problem_type": "ranking", "target": target})) is (len(acts) > 1)


def test_a_peak_far_above_the_mean_asks_for_the_unit() -> None:
    load = {"who_waits": "person", "latency_p99": "1 s", "mean_load": "1/s"}
    assert "peak-far-above-mean" in said({**load, "peak_load": "50/s"})
    assert "peak-far-above-mean" not in said({**load, "peak_load": "15/s"})


def test_a_win_by_the_smallest_effect_is_held_against_what_acting_costs() -> None:
    spec = helpers.example_spec("churn")
    assert spec.value("value_of_a_win").amount == pytest.approx(1500 * (0.07 * 180 - 0.93 * 12))
    assert spec.value("value_of_today").amount == pytest.approx(1500 * (0.07 * 11 / 18 * (180 + 12) - 12))
    assert spec.value("expected_gap") < spec.value("planned_gap")
    losing = helpers.spec(helpers.answers({**helpers.example_values("churn"), "minimum_effect": "6 points"}))
    assert losing.value("value_of_a_win") is None
    assert "win-in-money" not in {one.clause.id for one in losing.clauses}


def test_the_queue_of_a_request_fits_into_the_part_that_hops_leave_the_model() -> None:
    values = {**helpers.example_values("churn"), "service_time": "9 ms"}
    spec = helpers.spec(helpers.answers(values))
    assert (spec.value("model_part"), spec.value("workers_for_p99")) == (0.4, 2)
    slow = helpers.spec(helpers.answers({**values, "service_time": "20 ms", "mean_load": "1/s", "peak_load": "1/s"}))
    assert slow.value("model_part") == pytest.approx(1.25 * slow.value("slowest_service") / 0.1)


def test_units_that_come_again_count_once_in_a_drift_window() -> None:
    assert helpers.example_spec("churn").value("drift_rows") == 80_000
    assert helpers.example_spec("card-fraud").value("drift_rows") == 12 * 86400


def test_a_warehouse_that_clones_bills_no_copies() -> None:
    assert helpers.example_spec("card-fraud").value("snapshot_bytes") is None
    assert helpers.example_spec("churn").value("snapshot_bytes") > 0


# ------------------------------------------------------------------ pairs, enriched labels, promises, months

PAIRS: dict[str, Any] = {
    "problem_type": "classification", "target": "same person", "prediction_unit": "a pair of records",
    "prevalence": "0.2%", "labelled_count": 60_000, "positive_count": 9000, "promised_precision": "95%",
}  # fmt: skip


def test_only_proposed_pairs_can_be_found() -> None:
    assert "proposes them has a gate" in said(PAIRS)["pairs-are-chosen-first"]
    assert (
        "proposes them, 50 partners for each thing, has"
        in said({**PAIRS, "items_per_request": 50, "who_waits": "person"})["pairs-are-chosen-first"]
    )
    assert "pairs-are-chosen-first" in said({**PAIRS, "prediction_unit": "one invoice", "target": "duplicate invoice"})
    assert "pairs-are-chosen-first" not in said({**PAIRS, "prediction_unit": "one repair", "target": "repaired twice"})


def test_a_precision_on_enriched_labels_is_told_at_the_prevalence_of_all() -> None:
    # 15 % of the labels are positive: at 95 % right, 8,550 found go with 450 false among 51,000 negatives.
    found, false = 0.95, 0.05 * 9000 / 51_000 * 9000 / 9000
    in_use = 0.002 * found / (0.002 * found + 0.998 * false)
    assert value("precision_in_use", PAIRS) == pytest.approx(in_use, rel=1e-6)
    assert "A precision of 95 % on these labels is 17.7 % in use" in said(PAIRS)["labels-are-enriched"]
    assert "labels-are-enriched" not in said({**PAIRS, "positive_count": 130})


@pytest.mark.parametrize(
    ("words", "promised"),
    [
        ("strokes treated in an hour, with no case missed", True),
        ("never miss a leak", True),
        ("zero false negatives", True),
        ("finds every leak", True),
        ("leaks found", False),
        ("cases missed a month", False),
        ("no complaint", False),
    ],
)
def test_a_promise_that_nothing_is_missed_is_known_by_its_words(words: str, promised: bool) -> None:
    values = {"problem_type": "classification", "target": "leak", "business_metric": words}
    assert ("no-miss-cannot-be-shown" in said(values)) is promised
    known = said({**values, "labelled_count": 10_000, "prevalence": "3%"})
    if promised:
        assert (
            "60 positives, the test part, without a miss show only that at most 4.9 % are"
            in known["no-miss-cannot-be-shown"]
        )


def test_a_high_recall_takes_many_positives_without_a_miss() -> None:
    values = {**CARDS, "evaluation_metric": "recall", "success_threshold": 0.99, "labelled_count": 500_000}
    says = said(values)
    assert "A recall of 0.99 takes 299 positives without one miss to show" in says["few-misses-untested"]
    assert "holds 100: none missed among them still allows 3 %" in says["few-misses-untested"]
    assert "rare-positives-few" not in says
    assert "few-misses-untested" not in said({**values, "labelled_count": 50_000_000})
    assert "no-miss-cannot-be-shown" in said({**values, "success_threshold": 1})


@pytest.mark.parametrize(
    ("definition", "horizon", "longest"),
    [
        ("no order within 2 months", "60d", 62),
        ("no order within 3 months", "90d", 92),
        ("default in one quarter", "90d", 92),
        ("Kündigung in 2 Monaten", "60d", 62),
        ("résilié dans les 2 mois", "60d", 62),
        ("baja en 2 meses", "60d", 62),
        ("default within 12 months", "360d", 365),
        ("default within 12 months", "365d", None),
        ("no order within 60 days", "60d", None),
        ("no order within 2 months", "62d", None),
        ("no order within 2 months", "30d", None),
    ],
)
def test_months_cut_to_thirty_days_are_noticed(definition: str, horizon: str, longest: int | None) -> None:
    values = {"problem_type": "classification", "target": "t", "label_definition": definition, "horizon": horizon}
    spec = helpers.spec(helpers.answers(values))
    found = [str(one.says) for one in spec.linted if one.clause.id == "months-cut-short"]
    assert bool(found) is (longest is not None)
    if longest is not None:
        assert f"can have {longest} days, and the horizon is {horizon.removesuffix('d')} days" in found[0]


def test_a_bar_in_another_unit_is_doubted() -> None:
    beds = {"problem_type": "forecasting", "target": "beds", "cost_missed": "9 EUR", "cost_false_alarm": "3 EUR"}
    assert "threshold-of-a-share" in said({**beds, "success_threshold": 0.12})
    assert "threshold-of-a-share" not in said({**beds, "success_threshold": 1.4})
    assert "threshold-of-a-share" not in said({**beds, "success_threshold": 0.12, "evaluation_metric": "wape"})


def test_what_one_device_flags_is_multiplied_by_all_planned() -> None:
    fleet = {
        "problem_type": "computer-vision", "target": "crack", "who_waits": "device", "devices": 24, "mean_load": "2/s",
        "prevalence": "1%", "baseline_recall": "50%", "baseline_false_alarm_rate": "0.5%", "reviews_per_day": 2000,
    }  # fmt: skip
    assert "fleet-outgrows-people" not in said({**fleet, "devices_planned": 26})
    planned = {**fleet, "devices_planned": 90}
    assert "90 devices flag about " in said(planned)["fleet-outgrows-people"]
    flagged = 2 * 86400 * (0.01 * 0.5 + 0.99 * 0.005) * 90 / 24
    assert value("flagged_by_the_fleet", planned) == pytest.approx(flagged)
