"""Sizes cost: a monthly table at the prices given, against the budget and ten times the traffic."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.numbers import cost as numbers
from mlworkflow.numbers.validity import down
from mlworkflow.sizing.cost_budget import Item, at_traffic, budget_held
from mlworkflow.sizing.cost_listed import note_listed, with_listed
from mlworkflow.sizing.cost_options import OPTIONS
from mlworkflow.sizing.model import Inputs, Picture, Point, Sizing, Topic
from mlworkflow.sizing.money import currency
from mlworkflow.sizing.sheet import Sheet, shown

SECONDS = 30 * 86400
FACTORS = (0.1, 0.5, 1, 2, 5, 10)


def size(given: Inputs) -> Sizing:
    """Return what a month costs, line by line, where prices are given."""
    given, listed = with_listed(given)
    sheet = Sheet(given, currency(given, ("budget",)))
    sheet.group = f"A month, {_prices_of(given)}"
    requests = SECONDS * given.number("rate")
    sheet.add("requests", "Requests of 30 days", "number", requests, "rate x 30 days", "rate", "requests")
    note_listed(sheet, listed)
    items = list(_items(given, requests))
    priced = [item for item in items if given.has(item.price)]
    for item in items:
        _line(sheet, given, item)
    total = sum(item.units * given.number(item.price) for item in priced)
    if priced:
        _totals(sheet, given, priced, total, requests)
        _serverless(sheet, given, requests)
        budget_held(sheet, given, priced, total)
    main = "total" if priced else "requests"
    return sheet.done("cost", main, _answer(sheet, priced), _picture(given, priced), "over_budget")


def _prices_of(given: Inputs) -> str:
    day = given.raw("price-date")
    if given.has("cloud"):
        return f"list prices where none was given{f', those of {day}' if day else ''}"
    return f"prices of {day or 'a day not said (--price-date)'}"


def _items(given: Inputs, requests: float) -> Iterator[Item]:
    if given.has("replicas"):
        hours = given.number("replicas") * given.number("hours")
        yield Item(
            "serving", "Serving", hours, "hours", "replica-hour", "replicas x hours of a month", "replicas hours", True
        )
    yield Item("requests_paid", "Requests paid one by one", requests / 1000, "thousand requests", "per-thousand",
               "requests / 1000", "requests", True)  # fmt: skip
    if given.has("log-bytes"):
        stored = numbers.storage_gb(given.number("rate") * given.number("log-share"), given.number("log-bytes"),
                                    given.days("log-days"))  # fmt: skip
        yield Item("logs", "Prediction logs kept", stored, "GB", "storage", "rate x share x bytes x days kept",
                   "rate log-share log-bytes log-days", True)  # fmt: skip
    if given.has("vectors", "dimensions"):
        size = numbers.vector_index_bytes(given.number("vectors"), given.whole("dimensions")) / 1e9
        yield Item("vectors", "Vector index", size, "GB", "vector-storage", "vectors x (4 x dimensions + 16 x 8) bytes",
                   "vectors dimensions", False)  # fmt: skip
    if given.has("labels"):
        marks = numbers.labels_cost(given.number("labels"), 1, given.whole("annotators"), given.number("disputed"))
        yield Item("labels", "Labels", marks, "labels", "label", "rows x (annotators + disputed share)",
                   "labels annotators disputed", False)  # fmt: skip
    if given.has("training-hours"):
        yield Item("training", "Training", given.number("training-hours"), "hours", "training-hour", "hours of a month",
                   "training-hours", False)  # fmt: skip
    if given.has("people-hours"):
        yield Item("people", "People", given.number("people-hours"), "hours", "people-hour", "hours of a month",
                   "people-hours", False)  # fmt: skip


def _line(sheet: Sheet, given: Inputs, item: Item) -> None:
    if item.id == "requests_paid" and not given.has("per-thousand"):
        return
    driver = "grows with the traffic" if item.grows else "does not grow with the traffic"
    if not given.has(item.price):
        sheet.add(f"{item.id}_units", item.label, "number", item.units, item.formula, item.inputs, item.unit,
                  f"no price was given: add --{item.price}", "unknown")  # fmt: skip
        return
    sheet.add(f"{item.id}_units", f"{item.label}, amount", "number", item.units, item.formula, item.inputs, item.unit)
    sheet.add(item.id, item.label, "money", item.units * given.number(item.price), f"amount x price; {driver}",
              f"{item.id}_units {item.price}")  # fmt: skip


def _totals(sheet: Sheet, given: Inputs, priced: list[Item], total: float, requests: float) -> None:
    names, spread = " ".join(item.id for item in priced), given.number("uncertainty")
    sheet.add("total", "Total", "money", total, "sum of the lines, before rounding", names)
    sheet.add(
        "total_low", "Total, low", "money", total * (1 - spread), "total x (1 - uncertainty)", "total uncertainty"
    )
    sheet.add(
        "total_high", "Total, high", "money", total * (1 + spread), "total x (1 + uncertainty)", "total uncertainty"
    )
    sheet.add(
        "per_thousand", "1,000 requests", "price", 1000 * total / requests, "total / requests x 1000", "total requests"
    )
    ten = at_traffic(given, priced, 10)
    sheet.add(
        "at_ten_times", "Total at ten times the traffic", "money", ten, "lines that grow x 10 + the others", names
    )
    grown = ", ".join(item.label.lower() for item in priced if item.grows) or "nothing"
    if total:
        sheet.add("growth", f"Growth at ten times the traffic ({grown})", "factor", ten / total, "at ten times / total",
                  "at_ten_times total")  # fmt: skip


def _serverless(sheet: Sheet, given: Inputs, requests: float) -> None:
    names = ("function-request", "function-gb-second", "service-time", "function-memory", "replicas", "replica-hour")
    if not given.has(*names):
        return
    each = (given.number("service-time"), given.number("function-memory") / 1e9, given.number("function-request") / 1e6,
            given.number("function-gb-second"))  # fmt: skip
    fixed = numbers.replicas_month(given.number("replicas"), given.number("replica-hour"), given.number("hours"))
    sheet.add("serverless", "The same requests on functions", "money", numbers.serverless_month(requests, *each),
              "requests x (price + seconds x GB x price of a GB second)",
              "requests function-request service-time function-memory function-gb-second")  # fmt: skip
    sheet.add("serverless_break_even", "Requests a month from which replicas are cheaper", "number",
              numbers.serverless_break_even(fixed, *each), "cost of the replicas / price of one request on functions",
              " ".join((*names, "hours")), "requests")  # fmt: skip


def _nothing_listed(given: Inputs) -> str:
    """List prices are of machines and bytes; requests alone have none."""
    return ": list prices need --replicas or --log-bytes" if given.has("cloud") else ""


def _answer(sheet: Sheet, priced: list[Item]) -> str:
    lines = {line.id: line for line in sheet.lines}
    if not priced:
        no_money = f"without prices there are amounts, and no money{_nothing_listed(sheet.given)}"
        return f"{lines['requests'].said} a month; {no_money}."
    share, said = (
        lines.get("over_budget"),
        f"{lines['total'].said} a month, {lines['per_thousand'].said} for 1,000 requests",
    )
    if share is None or share.value is None:
        return f"{said}." if share is None else f"{said}; {share.note}."
    percent = f"{down(100 * share.value + 0.5)} % of the budget"
    return f"{said}; that is {percent}{', more than there is' if share.status == 'infeasible' else ''}."


def _picture(given: Inputs, priced: list[Item]) -> Picture | None:
    if not priced:
        return None
    money, points = currency(given, ("budget",)), []
    for factor in FACTORS:
        value, rate = at_traffic(given, priced, factor), factor * given.number("rate")
        points.append(Point(shown("rate", rate)[1], value, shown("money", value, money)[1], factor == 1))
    budget = given.raw("budget")
    same = budget is not None and budget.amount and budget.currency in ("", money)
    return Picture("Cost of a month against the traffic", tuple(points), budget.amount if same else None, "the budget")


TOPIC = Topic(
    "cost", "total",
    (
        '--rate 100/s --replicas 6 --replica-hour "0.10 USD" --budget "1k USD/month"',
        '--rate 100/s --replicas 6 --replica-hour "0.10 USD" --log-bytes 2KB --storage "0.023 USD" '
        '--budget "400 USD/month" --picture',
        "--rate 100/s --log-bytes 2KB --replicas 6",
        '--rate 100/s --log-bytes 2KB --replicas 6 --cloud aws --budget "400 USD/month"',
        '--rate 20/s --replicas 2 --replica-hour "0.05 USD" --function-request "0.20 USD" '
        '--function-gb-second "0.0000166667 USD" --service-time 200ms --function-memory 2GB',
    ),
    OPTIONS, size,
)  # fmt: skip
