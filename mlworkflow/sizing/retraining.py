"""Sizes retraining: the interval that costs least, its floors, and when it never pays."""

from __future__ import annotations

from mlworkflow.numbers import labels
from mlworkflow.numbers import retraining as numbers
from mlworkflow.numbers.validity import Invalid
from mlworkflow.sizing.model import Inputs, Option, Picture, Point, Sizing, Topic
from mlworkflow.sizing.money import currency
from mlworkflow.sizing.sheet import Sheet, shown

CALENDAR = (
    (1.0, "every day"), (7.0, "every week"), (14.0, "every two weeks"), (30.0, "every month"),
    (60.0, "every two months"), (90.0, "every quarter"), (365.0, "every year"),
)  # fmt: skip
OPTIONS = (
    Option("cost", "price", "Cost of one retraining: machines, people and validation.", required=True),
    Option("loss-growth", "price", "How much the loss of a day grows with every day of age."),
    Option("decay", "effect", "Points of the metric that the model loses in 30 days."),
    Option("point-value", "price", "Value of one point of the metric for one day."),
    Option("highest-loss", "price", "Loss of a day at which staleness levels off."),
    Option("stale-after", "duration", "Time constant of that levelling off."),
    Option("training-rows", "count", "Rows that the model is trained on."),
    Option("new-labels", "count", "New labels of a day."),
    Option("fresh-share", "share", "Share of new labels that makes a retraining worthwhile.", "10 %",
           "fewer new rows barely change a model", "share"),
    Option("outcome-window", "duration", "From prediction to outcome.", "0 s", "the outcome is seen at once",
           "zero or more"),
    Option("label-delay", "duration", "From the outcome to 95 % of its labels.", "0 s", "labels arrive at once",
           "zero or more"),
    Option("pipeline", "duration", "From the start of a retraining to the release.", "1 day",
           "checks and approvals take a day",
           "zero or more"),
    Option("interval", "duration", "Interval that is planned or used today."),
)  # fmt: skip


def size(given: Inputs) -> Sizing:
    """Return how often to retrain, or that a schedule never pays."""
    sheet = Sheet(given, currency(given))
    growth = _growth(sheet, given)
    if given.has("highest-loss", "stale-after"):
        best = _levelling(sheet, given)
    elif growth is None:
        best = None
        _what_if(sheet, given)
    else:
        best = sheet.add("best_interval", "Interval that costs least", "number",
                         numbers.best_interval(given.number("cost"), growth), "sqrt(2 x cost / growth of the loss)",
                         f"cost {_growth_name(given)}", "days")  # fmt: skip
    floor = _floors(sheet, given)
    chosen = _chosen(sheet, given, best, floor) if best else None
    if best and growth is not None and chosen:
        _penalties(sheet, given, growth, chosen)
    if chosen:
        _age(sheet, given, chosen)
    picture = _picture(given, growth, chosen) if growth is not None and chosen else None
    return sheet.done("retraining", "best_interval", _answer(sheet, given, chosen), picture, "best_interval")


def _growth_name(given: Inputs) -> str:
    return "loss-growth" if given.has("loss-growth") else "growth"


def _growth(sheet: Sheet, given: Inputs) -> float | None:
    if given.has("loss-growth"):
        return given.number("loss-growth")
    if not given.has("decay", "point-value"):
        return None
    if given.raw("decay").relative:
        raise Invalid("--decay is a loss of points; write it as 1 point, not relative")
    points = 100 * abs(given.number("decay"))
    return sheet.add("growth", "Growth of the daily loss, each day", "price", points / 30 * given.number("point-value"),
                     "points a month / 30 x value of a point", "decay point-value")  # fmt: skip


def _levelling(sheet: Sheet, given: Inputs) -> float | None:
    cost, most, days = given.number("cost"), given.number("highest-loss"), given.days("stale-after")
    names = "cost highest-loss stale-after"
    if not numbers.never_pays(cost, most, days):
        return sheet.add("best_interval", "Interval that costs least", "number",
                         numbers.best_interval_saturating(cost, most, days),
                         "T where 1 - (1 + T/tau) exp(-T/tau) = cost / (highest loss x tau)", names,
                         "days")  # fmt: skip
    undone = shown("money", most * days, sheet.currency)[1]
    sheet.none("best_interval", "Interval that costs least", "cost >= highest loss x time constant", names,
               f"a retraining undoes at most {undone}, less than it costs", "infeasible")  # fmt: skip
    sheet.way("on_trigger", "Retrain only on a trigger: when the loss since the last one exceeds", "money", cost,
              "cost",
              sheet.currency)  # fmt: skip
    sheet.way("cheaper", "Make a retraining cheaper than", "money", most * days, "highest loss x time constant",
              sheet.currency)  # fmt: skip
    return None


def _what_if(sheet: Sheet, given: Inputs) -> None:
    for share in (1000, 100, 10):
        growth = given.number("cost") / share
        said = shown("money", growth, sheet.currency)[1]
        sheet.add(f"interval_at_{share}", f"Interval if the daily loss grows by {said} a day", "number",
                  numbers.best_interval(given.number("cost"), growth), "sqrt(2 x cost / growth)", "cost", "days",
                  "the decay was not given: add --loss-growth, or --decay and --point-value", "unknown")  # fmt: skip


def _floors(sheet: Sheet, given: Inputs) -> float:
    if not given.has("training-rows", "new-labels"):
        return 0.0
    floor = numbers.interval_for_new_data(
        given.number("training-rows"), given.number("new-labels"), given.number("fresh-share")
    )
    return sheet.add("data_floor", "Days until enough labels are new", "number", floor,
                     "share x training rows / labels a day",
                     "fresh-share training-rows new-labels", "days")  # fmt: skip


def _chosen(sheet: Sheet, given: Inputs, best: float, floor: float) -> float:
    wanted = max(best, floor)
    days, said = min(CALENDAR, key=lambda one: max(one[0] / wanted, wanted / one[0]))
    if days < floor:
        days, said = next((one for one in CALENDAR if one[0] >= floor), CALENDAR[-1])
    names = "best_interval data_floor" if floor else "best_interval"
    held = floor > best
    sheet.add("interval_advised", f"Interval to keep, {said}", "number", days,
              "nearest interval of the calendar, not below the floor",
              names, "days",
              "new labels arrive too slowly for the interval that costs least" if held else "")  # fmt: skip
    return days


def _penalties(sheet: Sheet, given: Inputs, growth: float, chosen: float) -> None:
    cost, best = given.number("cost"), sheet.value("best_interval")
    sheet.add("cost_per_day", "Cost a day at that interval", "money", numbers.cost_at_interval(chosen, cost, growth),
              "cost / T + growth x T / 2", f"cost {_growth_name(given)} interval_advised")  # fmt: skip
    if best and not given.has("highest-loss", "stale-after"):
        sheet.add("penalty", "That is, times the least cost", "factor", numbers.penalty(chosen / best),
                  "(T/best + best/T) / 2", "interval_advised best_interval")  # fmt: skip
        if given.has("interval"):
            sheet.add("penalty_today", "The interval of today, times the least cost", "factor",
                      numbers.penalty(given.days("interval") / best), "(T/best + best/T) / 2",
                      "interval best_interval")  # fmt: skip


def _age(sheet: Sheet, given: Inputs, chosen: float) -> None:
    delay = given.days("outcome-window") + given.days("label-delay")
    age = labels.oldest_data_age(delay, chosen, given.days("pipeline"))
    late = delay > chosen
    sheet.add("oldest_data", "Age of the newest training data when the model is replaced", "number", age,
              "outcome window + label delay + interval + pipeline",
              "outcome-window label-delay interval_advised pipeline", "days",
              "labels take longer than the interval: each retraining sees little new" if late else "")  # fmt: skip


def _answer(sheet: Sheet, given: Inputs, chosen: float | None) -> str:
    line = sheet.line("best_interval")
    if line is None:
        return "How often depends on how fast the model decays; measure it on five or more past dates."
    if chosen is None:
        return f"A scheduled retraining never pays: {line.note}."
    said = next(said for days, said in CALENDAR if days == chosen)
    penalty = sheet.value("penalty")
    more = f", and {said} costs {shown('factor', penalty)[1]} as much" if penalty and penalty >= 1.005 else ""
    return f"Retrain about {said}; an interval of {line.said} costs least{more}."


def _picture(given: Inputs, growth: float, chosen: float) -> Picture:
    cost, points = given.number("cost"), []
    for days, said in ((1, "a day"), (3, "3 days"), (7, "a week"), (14, "2 weeks"), (30, "a month"), (60, "2 months"),
                       (90, "a quarter"), (180, "6 months"), (365, "a year")):  # fmt: skip
        value = numbers.cost_at_interval(days, cost, growth)
        points.append(Point(said, value, f"{shown('money', value, currency(given))[1]} a day", days == chosen))
    return Picture("Cost a day against the interval", tuple(points))


TOPIC = Topic(
    "retraining", "best_interval",
    (
        '--cost "500 USD" --loss-growth "2 USD"',
        '--cost "2000 EUR" --decay "1 point" --point-value "300 EUR" --picture',
        '--cost "500 USD" --highest-loss "100 USD" --stale-after "20 days"',
        '--cost "500 USD" --loss-growth "2 USD" --training-rows 1M --new-labels 2000 --label-delay "30 days"',
    ),
    OPTIONS, size,
)  # fmt: skip
