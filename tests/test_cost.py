"""The cost of a month: by hand for each example, where prices come from, currencies, ranges, and what a budget does."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlworkflow.cli.size import sized
from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from mlworkflow.documents.saying import Say
from mlworkflow.documents.views.cost import view
from mlworkflow.errors import InputRefused
from mlworkflow.pack import load
from mlworkflow.price import ITEMS
from mlworkflow.quantity import Money
from mlworkflow.sizing import topic
from tests import helpers

if TYPE_CHECKING:
    from tests.conftest import Run

SERVED = {
    "cloud": "aws", "who_waits": "person", "mean_load": "12/s", "peak_load": "60/s", "service_time": "9ms",
    "latency_p99": "100ms", "budget": "3k USD/month", "trial_time": "4 min", "row_count": "2.4M",
}  # fmt: skip
OWN = {"item": "vcpu-hour", "price": "0.10 USD", "on": "2026-11-02", "source": "contract 4711"}
HOUSE_PRICE = """
[[price]]
id = "house-vcpu-hour"
item = "vcpu-hour"
label = "house rate"
unit = "vCPU-hour"
price = 0.02
currency = "USD"
on = "2026-10-01"
source = "finance wiki"
cloud = "aws"
"""


def designed(of: Any = None, **values: Any) -> Spec:
    return helpers.spec(helpers.answers({**SERVED, **values}, of), of)


def money(spec: Spec, name: str) -> Money | None:
    found = spec.value(name)
    assert found is None or isinstance(found, Money)
    return found


def amount(spec: Spec, name: str) -> float:
    found = money(spec, name)
    assert found is not None, spec.figure(name)
    return found.amount


def cost_of(spec: Spec) -> dict[str, Any]:
    return view(Say(spec))


def texts(spec: Spec) -> str:
    """Return everything that the document says about the cost of a month."""
    shown = cost_of(spec)
    rows = [str(cell) for row in shown["table"].rows for cell in row]
    return "\n".join([*rows, str(shown["total"]), str(shown["prices"])])


def budget_row(spec: Spec) -> str:
    document = render(spec)
    return next(line for line in document.split("\n") if line.startswith("| Budget"))


def pack(folder: Path, prices: str) -> str:
    house = folder / "house"
    house.mkdir(exist_ok=True)
    (house / "prices.toml").write_text(prices, encoding="utf-8")
    return str(house)


# ------------------------------------------------------------------ by hand

DAY = 86_400
HOUR = {
    "churn": 2 * 0.04048 + 4 * 0.004445,
    "card-fraud": 2 * 0.0648 + 4 * 0.0072,
    "support-assistant": 2 * 0.0864 + 4 * 0.0108,
}
BY_HAND: dict[str, dict[str, float]] = {
    # Three workers; 80,000 rows of 9 ms each day; 59 settings of two fits of 4 min, and one retraining.
    "churn": {
        "monthly_serving": 3 * 730 * HOUR["churn"],
        "monthly_scoring": 30 * 80_000 * 0.009 / 3600 * HOUR["churn"],
        "monthly_training": (59 * 2 * 4 + 1 * 2 * 4) / 60 * (8 * 0.04048 + 32 * 0.004445),
        "monthly_storage": ((12 * DAY + 80_000) * 365 * 2e-6 + 1.74e6 * 12 * 2e-6) * 0.023,
    },
    # 40 settings of two fits of 18 min, and a retraining each week.
    "card-fraud": {
        "monthly_serving": 3 * 730 * HOUR["card-fraud"],
        "monthly_training": (40 * 2 * 18 + 30 / 7 * 2 * 18) / 60 * (8 * 0.0648 + 32 * 0.0072),
        "monthly_stream": 2 * 730 * HOUR["card-fraud"],
        "monthly_storage": 12 * DAY * 365 * 2e-6 * 0.020,  # the warehouse clones tables without copying them
    },
    # Two workers call an API; 18,900 requests are paid in EUR, and 120 cases each night, answered and judged;
    # prompts and answers are logged for 90 days.
    "support-assistant": {
        "monthly_serving": 2 * 730 * HOUR["support-assistant"],
        "monthly_model": 18_900 * (5200 * 0.90 + 420 * 4.50) / 1e6,
        "monthly_golden": 30 * 120 * 2 * (5200 * 0.90 + 420 * 4.50) / 1e6,
        "monthly_storage": 630 * 90 * (2000 + 4 * 5620) / 1e9 * 0.0208,
    },
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_table_of_an_example_is_what_one_gets_by_hand(name: str) -> None:
    spec, wanted = helpers.example_spec(name), BY_HAND[name]
    assert [line for line, _ in spec.value("monthly_lines")] == list(wanted)
    for line, by_hand in wanted.items():
        assert amount(spec, line) == pytest.approx(by_hand, rel=1e-4), line
    euros = sum(one if line in ("monthly_model", "monthly_golden") else one / 1.1 for line, one in wanted.items())
    total = money(spec, "monthly_total")
    assert total is not None
    assert total.currency == "EUR"
    assert total.amount == pytest.approx(euros, rel=1e-4)
    assert spec.value("budget_used") == pytest.approx(euros / spec.value("budget").amount, rel=1e-4)


def test_ten_times_the_traffic_is_sized_anew_and_not_multiplied() -> None:
    spec, lines = helpers.example_spec("churn"), BY_HAND["churn"]
    grown = lines["monthly_serving"] * 12 / 3 + 10 * lines["monthly_scoring"] + 10 * lines["monthly_storage"]
    assert spec.value("workers_at_ten_times") == 12
    assert amount(spec, "monthly_at_ten_times") == pytest.approx((grown + lines["monthly_training"]) / 1.1, rel=1e-4)


def test_ten_times_the_traffic_keeps_the_part_of_the_limit_that_the_model_has() -> None:
    tight = {"latency_p99": "60ms", "service_time": "9ms", "mean_load": "60/s"}
    now, then = designed(**tight, peak_load="600/s"), designed(**tight, peak_load="60/s")
    assert 0.4 < now.value("model_part") < 1
    assert then.value("workers_at_ten_times") == now.value("serving_workers")


def test_where_data_must_stay_in_a_region_listed_prices_are_said_to_be_of_others(tmp_path: Path) -> None:
    sentence = "They are of other or unnamed regions"
    assert sentence in texts(designed(residency="region"))
    assert sentence not in texts(designed(residency="anywhere"))
    own = [
        {"item": item, "price": "0.05 USD", "on": "2026-11-01"}
        for item in ("vcpu-hour", "memory-gb-hour", "storage-gb-month")
    ]
    assert sentence not in texts(designed(residency="region", prices=own))


def test_a_thousand_predictions_share_the_total() -> None:
    spec = helpers.example_spec("churn")
    predictions = 12 * DAY * 30 + 80_000 * 30
    assert amount(spec, "monthly_per_thousand") == pytest.approx(
        1000 * amount(spec, "monthly_total") / predictions, rel=1e-9
    )


def test_more_traffic_never_costs_less() -> None:
    totals = []
    for factor in (0.1, 0.5, 1, 2, 5, 20, 100):
        spec = designed(mean_load=f"{12 * factor}/s", peak_load=f"{60 * factor}/s")
        totals.append(amount(spec, "monthly_total"))
    assert totals == sorted(totals)
    assert totals[-1] > 10 * totals[2]


def test_a_promise_that_no_worker_keeps_has_no_price() -> None:
    spec = designed(service_time="90ms")
    assert spec.figure("workers_for_p99").problem
    assert money(spec, "monthly_serving") is None
    assert "without serving" in str(cost_of(spec)["total"])
    assert "no number of workers is enough" in texts(spec)


# ------------------------------------------------------------------ the range


def test_what_was_said_narrows_the_range_and_what_was_assumed_widens_it() -> None:
    assumed = designed()
    said = designed(worker_cpus=2, worker_memory="4GB")
    serving = amount(said, "monthly_serving")
    rest = amount(said, "monthly_total") - serving
    assert amount(assumed, "monthly_total") == pytest.approx(serving + rest)
    assert amount(assumed, "monthly_low") == pytest.approx(0.5 * (serving + rest))
    assert amount(assumed, "monthly_high") == pytest.approx(2 * (serving + rest))
    assert amount(said, "monthly_low") == pytest.approx(0.7 * serving + 0.5 * rest)
    assert amount(said, "monthly_high") == pytest.approx(1.3 * serving + 2 * rest)
    assert "size assumed" in str(cost_of(assumed)["table"].rows[0])
    assert "assumed" not in str(cost_of(said)["table"].rows[0])


# ------------------------------------------------------------------ where a price is from


def test_every_cloud_has_its_prices_each_with_a_day_and_a_source() -> None:
    prices = helpers.knowledge().prices
    for cloud in ("aws", "gcp", "azure"):
        assert [one.item for one in prices if one.cloud == cloud] == list(ITEMS)[:5], cloud
    for one in prices:
        assert datetime.date(2024, 1, 1) <= datetime.date.fromisoformat(one.on) <= datetime.date(2026, 11, 21), one.id
        assert one.source.startswith("https://"), one.id
        assert one.currency == "USD", one.id
        assert one.id == f"{one.cloud}-{one.item}", one.id
    assert [one.id for one in prices if one.confidence == "believed"] == ["azure-gpu-small-hour"]


def test_a_question_offers_exactly_the_items_that_are_counted() -> None:
    field = helpers.knowledge().question["prices"].fields[0]
    assert [choice.id for choice in field.choices] == list(ITEMS)


def test_a_believed_price_says_so_where_it_is_used() -> None:
    spec = designed(
        problem_type="computer-vision", cloud="azure", gpu="shared", complexity_to="deep", freshness="1 day"
    )
    assert spec.value("worker_has_gpu"), spec.value("main_model")
    assert "believed; check before relying on it" in texts(spec)


def test_the_document_names_each_price_with_its_day_and_source() -> None:
    said = texts(designed())
    for part in ("2026-03-10", "AWS Fargate", "us-east-1", "indicative"):
        assert part in said
    assert "https://www.wring.co/blog/aws-fargate-pricing-guide" in texts(designed(size="full"))


def test_a_pack_is_asked_before_our_list_and_answers_before_both(tmp_path: Path) -> None:
    house = load([pack(tmp_path, HOUSE_PRICE)])
    ours, theirs, own = designed(), designed(house), designed(house, prices=[OWN])
    assert ours.value("vcpu_price").price == 0.04048
    assert theirs.value("vcpu_price").price == 0.02
    assert own.value("vcpu_price").price == 0.10
    for spec, price in ((ours, 0.04048), (theirs, 0.02), (own, 0.10)):
        assert amount(spec, "worker_hour") == pytest.approx(2 * price + 4 * 0.004445)
    assert "house rate, pack house, 2026-10-01, finance wiki" in texts(theirs)
    assert "own price, 2026-11-02, contract 4711" in texts(own)
    assert designed(house, cloud="gcp").value("vcpu_price").price == 0.0648


def test_a_pack_may_change_a_price_by_its_id_when_it_says_so(tmp_path: Path) -> None:
    same = HOUSE_PRICE.replace("house-vcpu-hour", "aws-vcpu-hour")
    with pytest.raises(InputRefused) as refused:
        load([pack(tmp_path, same)])
    assert "is a price already" in refused.value.problems[0].what
    changed = load([pack(tmp_path, same.replace('id = "aws', 'replaces = true\nid = "aws'))])
    assert [one.price for one in changed.prices if one.id == "aws-vcpu-hour"] == [0.02]
    assert len(changed.prices) == len(helpers.knowledge().prices)


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ('item = "vcpu-hour"', 'item = "vcpu-hours"', "did you mean `vcpu-hour`?"),
        ("price = 0.02", "price = -1.0", "no amount of money"),
        ("price = 0.02", 'price = "cheap"', "price: is no number"),
        ('currency = "USD"', 'currency = "dollars"', "three-letter code"),
        ('on = "2026-10-01"', 'on = "last week"', "year-month-day"),
        ('cloud = "aws"', 'cloud = "moon"', "cloud: input should be"),
        ('label = "house rate"\n', "", "label: is missing"),
        ('cloud = "aws"', 'cloud = "aws"\nvat = 19', "vat: has no place here"),
        ('id = "house', 'replaces = true\nid = "house', "replaces a price that does not exist"),
    ],
)
def test_a_bad_price_of_a_pack_is_refused(tmp_path: Path, before: str, after: str, what: str) -> None:
    assert before in HOUSE_PRICE
    with pytest.raises(InputRefused) as refused:
        load([pack(tmp_path, HOUSE_PRICE.replace(before, after))])
    assert any(what in one.what for one in refused.value.problems), refused.value.problems


def test_a_price_that_stands_twice_in_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        load([pack(tmp_path, HOUSE_PRICE * 2)])
    assert "stands twice" in refused.value.problems[0].what


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"prices": [{**OWN, "item": "vcpu"}]}, "'vcpu' is not one of the choices"),
        ({"prices": [{**OWN, "price": "0.10"}]}, "the price of `vcpu-hour` has no currency"),
        ({"prices": [{**OWN, "price": "0.10 USD/month"}]}, "a price is for one thing"),
        ({"prices": [{**OWN, "on": "yesterday"}]}, "year-month-day"),
        ({"prices": [{"item": "vcpu-hour"}]}, "`price`: is missing"),
        ({"prices": [OWN, OWN]}, "`prices` names `vcpu-hour` twice"),
        ({"prices": [OWN, {**OWN, "item": "label", "price": "1 EUR"}]}, "`prices` are in EUR and USD"),
        ({"exchange_rate": 0}, "0 is below"),
        ({"exchange_rate": -1.1}, "-1.1 is below"),
        ({"worker_cpus": 0}, "0 is below 0.01"),
        ({"log_share": "120%"}, "from 0 to 100 %"),
    ],
)
def test_a_bad_answer_is_refused(values: dict[str, Any], what: str) -> None:
    with pytest.raises(InputRefused) as refused:
        designed(**values)
    assert any(what in one.what for one in refused.value.problems), refused.value.problems


# ------------------------------------------------------------------ no price, no money


@pytest.mark.parametrize(
    ("cloud", "why"),
    [("on-prem", "your own machines"), ("multi", "several clouds"), ("not sure", "not said where it runs")],
)
def test_without_a_price_there_are_amounts_and_no_money(cloud: str, why: str) -> None:
    spec = designed(cloud=cloud)
    assert spec.value("monthly_lines") is None
    assert spec.value("worker_hours") == 3 * 730  # two keep p99: one spare of our own, or three zones
    rows = cost_of(spec)["table"].rows
    assert [str(row[0]) for row in rows] == ["Serving", "Training", "Log and snapshots"]
    assert all(str(row[2]) == "no price" and str(row[3]) == str(row[4]) == "–" for row in rows)
    assert f"{spec.value('worker_hours'):,.0f} hours of workers" in str(rows[0][1])
    assert why in str(cost_of(spec)["total"])
    assert "USD a month" not in render(spec)
    assert f"not judged: {why}" in budget_row(spec) or why in budget_row(spec)
    assert not {"budget-cannot-hold", "budget-exceeded"} & {one.clause.id for one in spec.clauses}


def test_own_prices_hold_on_own_machines_and_the_rest_is_named() -> None:
    prices = [OWN, {**OWN, "item": "memory-gb-hour", "price": "0.01 USD"}]
    spec = designed(cloud="on-prem", prices=prices)
    assert amount(spec, "monthly_serving") == pytest.approx(3 * 730 * (2 * 0.10 + 4 * 0.01))
    assert "without log and snapshots" in str(cost_of(spec)["total"])
    assert "fits so far" in budget_row(spec)


def test_labels_and_reviews_cost_only_where_a_price_was_given() -> None:
    volumes = {"labels_per_week": 700, "reviews_per_day": 20}
    assert money(designed(**volumes), "monthly_labels") is None
    prices = [{"item": "label", "price": "0.20 USD"}, {"item": "review", "price": "3 USD"}]
    assert amount(designed(**volumes, prices=prices), "monthly_labels") == pytest.approx(3000 * 0.20 + 600 * 3)


def test_a_line_of_which_something_was_said_names_the_answer_it_waits_for() -> None:
    spec = helpers.spec(helpers.answers({"cloud": "aws", "who_waits": "nobody", "rows_per_run": 1000}))
    assert "not known: rows per scheduled run and time for a scheduled run" in texts(spec)
    assert money(spec, "monthly_scoring") is None


def test_a_line_of_which_nothing_was_said_is_left_out_of_the_table() -> None:
    spec = helpers.spec(helpers.answers({"cloud": "aws", "who_waits": "nobody", "budget": "100 USD/month"}))
    assert not cost_of(spec)["table"].rows
    assert money(spec, "monthly_total") is None


def test_what_is_made_of_answers_shows_them() -> None:
    rows = {str(row[0]): str(row[1]) for row in cost_of(helpers.example_spec("churn"))["table"].rows}
    assert rows["Training"] == "8 hours ((59 trials + 1 retraining) × 2 fits × 4 min)"
    assert "365 days × 2 KB assumed + 12 snapshots × 1,740,000 rows × 2 KB assumed" in rows["Log and snapshots"]
    assert (59 + 1) * 2 * 4 / 60 == 8
    kept = str(cost_of(helpers.example_spec("weld-inspection"))["prices"])
    assert f"{30 * (9 * DAY * 0.01 + 1600):,.0f}"[:2] == "28"
    assert "280,000 a month" in kept


def test_paid_tools_get_a_name_and_no_invented_price() -> None:
    spec = designed(already_used=["datadog"])
    assert "paid tools, ask the vendor: Datadog" in str(cost_of(spec)["prices"])


# ------------------------------------------------------------------ a language model


def generative(**values: Any) -> Spec:
    return designed(
        problem_type="generative", tokens_in=3000, tokens_out=300, mean_load="1/s", peak_load="3/s", **values
    )


def test_an_api_is_paid_by_tokens_and_a_model_of_ones_own_by_hours_of_gpus() -> None:
    api = generative(price_in="1 USD", price_out="5 USD")
    assert amount(api, "monthly_model") == pytest.approx(30 * DAY * (3000 * 1 + 300 * 5) / 1e6)
    assert money(api, "monthly_gpu_hosts") is None
    own = generative(price_in="1 USD", price_out="5 USD", model_access="self-hosted", gpu="dedicated", gpu_hosts=3)
    assert amount(own, "monthly_gpu_hosts") == pytest.approx(3 * 730 * 6.88)
    assert money(own, "monthly_model") is None


PROMPTED = {
    "problem_type": "nlp", "complexity_from": "foundation", "complexity_to": "foundation", "labelled_count": 150,
    "who_waits": "later", "mean_load": "5000/day", "peak_load": "10/min", "cloud": "azure", "budget": "500 EUR/month",
    "tokens_in": 900, "tokens_out": 40, "price_in": "0.8 EUR", "price_out": "4 EUR",
}  # fmt: skip


def test_a_prompted_classifier_pays_for_its_tokens_and_trains_nothing() -> None:
    spec = helpers.spec(helpers.answers(PROMPTED))
    assert spec.value("main_model") == "foundation"
    assert amount(spec, "monthly_model") == pytest.approx(5000 * 30 * (900 * 0.8 + 40 * 4) / 1e6)
    assert money(spec, "monthly_training") is None
    assert "| Language model | 150,000 requests | 0.88 EUR for 1,000 requests (given) |" in render(spec)
    assert "without training" not in render(spec)
    runs = {"who_waits": "nobody", "mean_load": None, "peak_load": None, "rows_per_run": "10k", "freshness": "1 day"}
    batch = helpers.spec(helpers.answers({key: one for key, one in {**PROMPTED, **runs}.items() if one is not None}))
    assert amount(batch, "monthly_model") == pytest.approx(10_000 * 30 * 0.88 / 1000)
    asked = {one.id for one in spec.knowledge.questions if "tokens" in one.id or one.id.startswith("price_")}
    without = {key: one for key, one in PROMPTED.items() if key not in asked}
    blind = helpers.spec(helpers.answers(without))
    assert asked <= {one.question.id for one in blind.open}
    assert "without language model" in render(blind)


def test_tokens_of_a_model_that_lost_are_not_paid() -> None:
    spec = helpers.spec(helpers.answers({**PROMPTED, "complexity_from": "linear", "labelled_count": 9000}))
    assert spec.value("main_model") != "foundation"
    assert money(spec, "monthly_model") is None
    assert spec.value("tokens_per_minute") is None


def test_a_prompted_classifier_of_ones_own_pays_for_gpus() -> None:
    spec = helpers.spec(helpers.answers({**PROMPTED, "model_access": "self-hosted", "gpu": "dedicated"}))
    assert spec.value("main_model") == "foundation"
    assert money(spec, "monthly_model") is None
    assert spec.value("gpu_host_hours") == 2 * 730


def test_passages_are_held_in_memory() -> None:
    spec = generative(passages="1M", dimensions=768, llm_task="answer-from-documents")
    assert amount(spec, "monthly_index") == pytest.approx(1e6 * (768 * 4 + 128) / 1e9 * 730 * 0.004445)


# ------------------------------------------------------------------ currencies


def test_another_currency_is_compared_only_at_a_rate_that_was_said() -> None:
    without = designed(budget="3k EUR/month")
    assert without.value("budget_used") is None
    assert without.value("budget_fit") is None
    row = budget_row(without)
    assert "USD" in row
    assert "3,000 EUR/month" in row
    assert "not judged: the budget is in EUR, prices are in USD" in row
    at_rate = designed(budget="3k EUR/month", exchange_rate=1.25)
    dollars = amount(without, "monthly_total")
    assert money(without, "monthly_total") == Money(dollars, "USD")
    assert money(at_rate, "monthly_total") == Money(pytest.approx(dollars / 1.25), "EUR")  # type: ignore[arg-type]
    assert at_rate.value("budget_used") == pytest.approx(dollars / 1.25 / 3000)
    assert "1.25 USD for one EUR" in str(cost_of(at_rate)["total"])


def test_two_currencies_among_the_prices_are_both_shown_and_not_added() -> None:
    spec = generative(price_in="1 EUR", price_out="5 EUR", budget="3k EUR/month")
    assert money(spec, "monthly_total") is None
    for part in ("language model 12,000 EUR", "serving 140 USD", "nobody said `exchange_rate`"):
        assert part in str(cost_of(spec)["total"])
    assert "not judged" in budget_row(spec)


def test_a_third_currency_is_not_added_even_at_a_rate() -> None:
    spec = generative(price_in="1 GBP", price_out="5 GBP", budget="3k EUR/month", exchange_rate=1.1)
    assert spec.figure("monthly_total").problem == "prices are in GBP and USD: give all of them in one currency"


# ------------------------------------------------------------------ against the budget


def test_a_plan_over_its_budget_even_at_the_low_end_is_blocked() -> None:
    spec = designed(budget="50 USD/month")
    found = [one for one in spec.blocking if one.clause.id == "budget-cannot-hold"]
    assert len(found) == 1
    for part in (
        "240 USD",
        "50 USD/month",
        "120 USD",
        "serving (220 USD)",
        "workers of half the size",
        "saves 110 USD",
    ):
        assert part in str(found[0].says), part
    assert "**does not fit**" in budget_row(spec)
    assert "Ways out, and what each saves a month: log one prediction in ten, and all that chance decided (" in str(
        cost_of(spec)["total"]
    )


def test_a_plan_that_its_low_end_would_carry_is_a_finding() -> None:
    spec = designed(budget="200 USD/month")
    assert [one.clause.id for one in spec.kind("finding") if "budget" in one.clause.id] == ["budget-exceeded"]
    assert "budget-cannot-hold" not in {one.clause.id for one in spec.blocking}


@pytest.mark.parametrize(("budget", "fit"), [("230", "over"), ("250", "tight"), ("400", "tight"), ("3000", "fits")])
def test_tight_is_what_only_the_high_end_exceeds(budget: str, fit: str) -> None:
    assert designed(budget=f"{budget} USD/month").value("budget_fit") == fit


def test_no_budget_at_all_does_not_fit_and_blocks_nothing_by_itself() -> None:
    spec = designed(budget="0 USD")
    assert "does not fit" in budget_row(spec)
    ids = {one.clause.id for one in spec.clauses}
    assert "billed-without-budget" in ids
    assert not {"budget-cannot-hold", "budget-exceeded"} & ids


def test_the_cheapest_way_out_is_the_least_effort_that_is_enough() -> None:
    spec = designed(budget="230 USD/month")
    gap = amount(spec, "monthly_total") - 230
    assert gap < amount(spec, "saving_by_sampling")
    assert str(spec.value("cheapest_way_out")).startswith("log one prediction in ten")
    assert str(designed(budget="160 USD/month").value("cheapest_way_out")).startswith("workers of half the size")


def test_a_schedule_is_no_way_out_where_an_answer_is_due_at_once() -> None:
    assert money(designed(), "saving_by_schedule") is None
    slow = designed(latency_p99="30s", who_waits="later")
    assert amount(slow, "saving_by_schedule") == pytest.approx(amount(slow, "monthly_serving") * (1 - 120 / 730))


def test_prices_of_two_currencies_in_a_pack_are_no_line_and_no_crash(tmp_path: Path) -> None:
    both = "".join(
        HOUSE_PRICE.replace("vcpu-hour", item).replace('"USD"', f'"{currency}"')
        for item, currency in (("label", "EUR"), ("review", "USD"))
    )
    spec = designed(load([pack(tmp_path, both)]), labels_per_week=700, reviews_per_day=20)
    assert spec.figure("monthly_labels").problem == "the prices of a label and of a review are in two currencies"
    assert "without labels and reviews" in str(cost_of(spec)["total"])
    assert "Cost of a month" in render(spec)


def test_strict_ends_with_1_when_the_budget_cannot_hold(main: Run, churn: Path, tmp_path: Path) -> None:
    page = str(tmp_path / "spec.md")
    done = main("generate", str(churn), "--set", "budget=20 EUR/month", "-o", page, "--strict")
    assert done.returncode == 1
    assert "found: finding:budget-cannot-hold: " in done.stderr


# ------------------------------------------------------------------ explained, and on its own


def test_explain_of_the_total_shows_the_lines_it_sums_and_each_explains_itself(main: Run, churn: Path) -> None:
    text = main("explain", str(churn), "number:monthly_total").stdout
    lines = ("monthly_serving", "monthly_scoring", "monthly_training", "monthly_storage")
    for line in lines:
        assert f"mlworkflow explain ANSWERS number:{line}" in text
        assert "formula" in main("explain", str(churn), f"number:{line}").stdout
    assert len(text.splitlines()) < 15
    assert not {"feature_subjects", "vcpu_price", "monthly_index"} & set(text.split())


def test_explain_shows_the_calculation_down_to_the_price_its_day_and_its_source(main: Run, churn: Path) -> None:
    text = main("explain", str(churn), "number:monthly_serving").stdout
    for part in ("220 USD", "hours of workers x price of an hour", "0.04048 USD per vCPU-hour", "2026-03-10",
                 "https://www.wring.co", "worker_cpus", "assumed, because a small container"):  # fmt: skip
        assert part in text, part
    own = main("explain", str(churn), "number:worker_hour", "--set", "prices=vcpu-hour:0.031 EUR:2026-11-01:contract")
    assert "no value" in own.stdout
    assert "the price of a vCPU is in EUR, that of memory in USD" in own.stdout


def test_every_figure_of_the_full_document_stands_with_its_formula() -> None:
    document = render(designed(size="full"))
    for part in ("| Serving, a month | 220 USD | hours of workers x price of an hour |", "| vCPU-hour | 0.04048 USD |"):
        assert part in document


def test_the_standard_document_has_one_short_table() -> None:
    for name in helpers.EXAMPLES:
        shown = cost_of(helpers.example_spec(name))
        assert len(shown["table"].rows) <= 8
        assert not shown["figures"]
        assert not shown["listed"]


def test_size_takes_the_list_prices_of_a_cloud_and_says_day_and_source() -> None:
    found = sized(topic("cost"), {"rate": "100/s", "replicas": "6", "log-bytes": "2KB", "cloud": "gcp"})
    lines = {line.id: line for line in found.lines}
    assert lines["serving"].value == pytest.approx(6 * 730 * (2 * 0.0648 + 4 * 0.0072), rel=1e-9)
    assert lines["logs"].value == pytest.approx(518.4 * 0.020, rel=1e-9)
    assert "2026-11-21" in lines["listed_replica_hour"].note
    assert "https://cloud.google.com/run/pricing" in lines["listed_replica_hour"].note
    assert found.status == "ok"


def test_size_keeps_the_prices_that_were_given() -> None:
    texts = {"rate": "100/s", "replicas": "6", "replica-hour": "0.2 EUR", "cloud": "aws"}
    found = sized(topic("cost"), texts)
    line = found.line("serving")
    assert line is not None
    assert line.value == pytest.approx(6 * 730 * 0.2)
    assert found.line("listed_replica_hour") is None
