"""What a language model costs at the prices given: by API, on one's own GPUs, and where the two meet."""

from __future__ import annotations

from mlworkflow.numbers import llm as numbers
from mlworkflow.sizing.model import Inputs
from mlworkflow.sizing.money import currency
from mlworkflow.sizing.sheet import Sheet

MONTH = 30 * 86400


def prices(sheet: Sheet, given: Inputs) -> None:
    """Note every cost that the prices allow; without prices there is no money."""
    sheet.group = "Cost" + (f", prices of {given.raw('price-date')}" if given.has("price-date") else "")
    sheet.currency = currency(given)
    api, own = _api(sheet, given), _own(sheet, given)
    if api is not None:
        _break_even(sheet, given, api)
    for id, each in (("api", api), ("own", own)):
        if each is not None and given.has("rate"):
            sheet.add(f"{id}_month", f"A month, {'by API' if id == 'api' else 'own GPUs'}", "money",
                      each * given.number("rate") * MONTH / 1000, "cost of 1,000 requests x requests of 30 days / 1000",
                      f"{id}_per_thousand rate")  # fmt: skip


def _api(sheet: Sheet, given: Inputs) -> float | None:
    if not given.has("price-in", "price-out"):
        return None
    cost = numbers.cost_per_thousand_requests_api(
        given.number("tokens-in"), given.number("tokens-out"), given.number("price-in"), given.number("price-out")
    )
    return sheet.add("api_per_thousand", "1,000 requests by API", "money", cost,
                     "(tokens in x price in + tokens out x price out) / 1000",
                     "tokens-in tokens-out price-in price-out")  # fmt: skip


def _own(sheet: Sheet, given: Inputs) -> float | None:
    lines = {line.id: line.value or 0 for line in sheet.lines}
    if not given.has("gpu-hour") or not lines.get("tokens_per_second"):
        return None
    cost = numbers.cost_per_thousand_requests_selfhosted(
        given.number("gpu-hour"), int(lines["gpus"]), lines["tokens_per_second"], given.number("busy"),
        given.number("tokens-out"),
    )  # fmt: skip
    return sheet.add("own_per_thousand", "1,000 requests on one's own GPUs", "money", cost,
                     "price of an hour x GPUs / (tokens per second x busy x 3600) x tokens out x 1000",
                     "gpu-hour gpus tokens_per_second busy tokens-out")  # fmt: skip


def _break_even(sheet: Sheet, given: Inputs, api: float) -> None:
    lines = {line.id: line.value or 0 for line in sheet.lines}
    fixed, names = given.maybe("own-month"), "own-month"
    if fixed is None and given.has("gpu-hour") and lines.get("gpus"):
        fixed, names = 730 * given.number("gpu-hour") * lines["gpus"], "gpu-hour gpus"
    if fixed is None or not api:
        return
    sheet.attempt("break_even", "Requests a month from which one's own GPUs are cheaper", "count",
                  lambda: numbers.break_even_requests(fixed, api / 1000), "fixed cost of a month / API price of a request",
                  f"{names} api_per_thousand", "requests a month")  # fmt: skip
