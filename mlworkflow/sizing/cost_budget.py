"""The lines of a monthly table against the budget."""

from __future__ import annotations

from dataclasses import dataclass

from mlworkflow.numbers import cost as numbers
from mlworkflow.sizing.model import Inputs
from mlworkflow.sizing.sheet import Sheet


@dataclass(frozen=True)
class Item:
    """One line of the monthly table: how many units, the price of one, and whether traffic drives it."""

    id: str
    label: str
    units: float
    unit: str
    price: str
    formula: str
    inputs: str
    grows: bool


def at_traffic(given: Inputs, priced: list[Item], factor: float) -> float:
    """Return what a month costs at so many times the traffic."""
    return sum(item.units * given.number(item.price) * (factor if item.grows else 1) for item in priced)


def budget_held(sheet: Sheet, given: Inputs, priced: list[Item], total: float) -> None:
    """Note how the total stands against the budget, the ways out, and the traffic that the budget carries."""
    if not given.has("budget"):
        return
    budget, rate = given.raw("budget"), given.maybe("exchange-rate")
    foreign = budget.currency != sheet.currency and bool(budget.currency) and bool(sheet.currency)
    if foreign and rate is None:
        sheet.none("over_budget", "Share of the budget", "", "budget",
                   f"the budget is in {budget.currency}, prices in {sheet.currency}: add --exchange-rate")  # fmt: skip
        return
    amount = budget.amount * (rate or 1.0 if foreign else 1.0)
    if not amount:
        sheet.none(
            "over_budget", "Share of the budget", "", "budget", "there is no budget", "infeasible" if total else "ok"
        )
        return
    over = total > amount
    sheet.add("over_budget", "Share of the budget", "factor", total / amount, "total / budget at the stated rate",
              "total budget exchange-rate", note="more than there is" if over else "",
              status="infeasible" if over else "")  # fmt: skip
    if over:
        _ways_out(sheet, given, priced, amount)
    growing, fixed = at_traffic(given, priced, 1) - at_traffic(given, priced, 0), at_traffic(given, priced, 0)
    if growing and amount > fixed:
        carried = given.number("rate") * (amount - fixed) / growing
        sheet.group = "The other way round"
        sheet.add("rate_carried", "Traffic that the budget carries", "rate", carried,
                  "rate x (budget - lines that do not grow) / lines that grow", "rate budget total")  # fmt: skip


def _ways_out(sheet: Sheet, given: Inputs, priced: list[Item], amount: float) -> None:
    costs = {item.id: item.units * given.number(item.price) for item in priced}
    if "logs" in costs:
        sheet.way(
            "sample_logs", "Keep the logs of one request in ten: saves", "money", 0.9 * costs["logs"], "0.9 x logs"
        )
    if "serving" in costs and given.number("hours") >= 700:
        hours = given.number("hours") * numbers.batch_share(120)
        sheet.way("batch", "Score on a schedule, four hours a day, if answers can wait: saves", "money",
                  costs["serving"] * (1 - hours / given.number("hours")), "serving x (1 - 120 / 730)")  # fmt: skip
    if "labels" in costs and given.whole("annotators") > 1:
        sheet.way("annotators", "Let one annotator label, and check one row in ten: saves", "money",
                  costs["labels"] * (1 - 1.1 / (given.number("annotators") + given.number("disputed"))),
                  "labels x (1 - 1.1 / annotators)")  # fmt: skip
    sheet.way(
        "larger", "Ask for a larger budget: more a month", "money", sum(costs.values()) - amount, "total - budget"
    )
