"""What a language model costs at the prices given: by API, on one's own GPUs, and where the two meet."""

from __future__ import annotations

from mlworkflow.numbers import llm as numbers
from mlworkflow.sizing.model import Inputs
from mlworkflow.sizing.money import currency
from mlworkflow.sizing.sheet import Sheet

MONTH = 30 * 86400


def prices(sheet: Sheet, given: Inputs) -> None:
    """Note every cost that the prices allow; without prices there is no money."""
    sheet.group = f"Cost, prices of {given.raw('price-date') or 'a day not said (--price-date)'}"
    sheet.currency = currency(given)
    api, own = _api(sheet, given), _own(sheet, given)
    if api is not None:
        _break_even(sheet, given, api)
    if api is not None and given.has("rate"):
        sheet.add("api_month", "A month by API", "money", api * given.number("rate") * MONTH / 1000,
                  "cost of 1,000 requests x requests of 30 days / 1000", "api_per_thousand rate")  # fmt: skip
    copies = sheet.value("copies")
    if own is not None and copies:
        sheet.add("own_month", "A month on one's own GPUs, always on", "money",
                  730 * given.number("gpu-hour") * copies * (sheet.value("gpus") or 1),
                  "730 hours x price of an hour x GPUs x copies", "gpu-hour gpus copies")  # fmt: skip


def _api(sheet: Sheet, given: Inputs) -> float | None:
    if not given.has("price-in", "price-out"):
        return None
    cost = numbers.cost_per_thousand_requests_api(
        given.number("tokens-in"), given.number("tokens-out"), given.number("price-in"), given.number("price-out")
    )
    return sheet.add("api_per_thousand", "1,000 requests by API", "price", cost,
                     "(tokens in x price in + tokens out x price out) / 1000",
                     "tokens-in tokens-out price-in price-out")  # fmt: skip


def _own(sheet: Sheet, given: Inputs) -> float | None:
    speed, gpus = sheet.value("tokens_per_second"), sheet.value("gpus")
    if not given.has("gpu-hour") or not speed or not gpus:
        return None
    cost = numbers.cost_per_thousand_requests_selfhosted(
        given.number("gpu-hour"), int(gpus), speed, given.number("busy"), given.number("tokens-out")
    )
    return sheet.add("own_per_thousand", "1,000 requests on one's own GPUs", "price", cost,
                     "price of an hour x GPUs / (tokens per second x busy x 3600) x tokens out x 1000",
                     "gpu-hour gpus tokens_per_second busy tokens-out")  # fmt: skip


def _break_even(sheet: Sheet, given: Inputs, api: float) -> None:
    gpus = sheet.value("gpus")
    fixed, names = given.maybe("own-month"), "own-month"
    if fixed is None and given.has("gpu-hour") and gpus:
        fixed, names = 730 * given.number("gpu-hour") * gpus, "gpu-hour gpus"
    if fixed is None or not api:
        return
    sheet.attempt("break_even", "Requests a month from which one's own GPUs are cheaper", "number",
                  lambda: numbers.break_even_requests(fixed, api / 1000),
                  "fixed cost of a month (730 hours) / API price of a request",
                  f"{names} api_per_thousand", "requests a month")  # fmt: skip
