"""Sizes an objective: its error budget, its burn-rate alerts and where they cannot fire, and a canary."""

from __future__ import annotations

from mlworkflow.numbers import serving
from mlworkflow.numbers import slo as numbers
from mlworkflow.sizing.model import Inputs, Option, Picture, Point, Sizing, Topic
from mlworkflow.sizing.sheet import Sheet, said_share, shown

# severity, long window in hours, share of the budget
ALERTS = (("page_1h", "Page on 1 hour", 1.0, 0.02), ("page_6h", "Page on 6 hours", 6.0, 0.05),
          ("ticket_3d", "Ticket on 3 days", 72.0, 0.1))  # fmt: skip
OPTIONS = (
    Option("objective", "share", "Share of good requests promised.", allows="objective", required=True),
    Option("period", "duration", "Time over which it is promised.", "30 days", "the usual windows are built for it"),
    Option("rate", "rate", "Requests."),
    Option("dependency", "share", "Availability of something that every request needs.", allows="availability",
           many=True),
    Option("replica-availability", "share", "Availability of one replica.", allows="availability"),
    Option("replicas", "count", "Replicas that are there.", "2", "one spare is the least redundancy", "at least 1"),
    Option("replicas-needed", "count", "Replicas that must be up.", "1", "one can carry the load", "at least 1"),
    Option("error-rate", "share", "Error rate of today, for a canary.", allows="probability"),
    Option("multiple", "number", "Growth of it that a canary must see, in times.", "2", "a doubling is the usual alarm",
           "multiple"),
    Option("canary-share", "share", "Share of the traffic on the canary.", "5 %", "few users should meet a bad release",
           "share"),
    Option("alpha", "share", "Good releases that a canary may stop.", "5 %", "it is the custom", "alpha"),
    Option("power", "share", "Bad releases that it must see.", "90 %", "missing 1 bad release in 10 is the custom",
           "power"),
)  # fmt: skip


def size(given: Inputs) -> Sizing:
    """Return the budget, alerts and canary of an objective."""
    sheet, slo, days = Sheet(given), given.number("objective"), given.days("period")
    budget = 60 * numbers.error_budget_minutes(slo, days)
    sheet.add("error_budget", "Full outage that the budget allows", "duration", budget, "(1 - objective) x period",
              "objective period")  # fmt: skip
    if given.has("rate"):
        sheet.add("failures_allowed", "Failed requests that it allows", "number",
                  (1 - slo) * given.number("rate") * given.number("period"), "(1 - objective) x rate x period",
                  "objective rate period", "requests")  # fmt: skip
    _dependencies(sheet, given, slo)
    _replicas(sheet, given, slo)
    for alert in ALERTS:
        _alert(sheet, given, slo, days, alert)
    _canary(sheet, given)
    answer = f"{shown('duration', budget)[1]} of full outage in {days:g} days; {_alerts_said(sheet)}."
    return sheet.done("slo", "error_budget", answer, _picture(given, slo))


def _alerts_said(sheet: Sheet) -> str:
    burns = [shown("number", sheet.value(f"{id}_burn") or 0)[1] for id, *_ in ALERTS]
    dead = [label for id, label, *_ in ALERTS if (sheet.value(f"{id}_errors") or 0) >= 1]
    said = f"alerts at {burns[0]}, {burns[1]} and {burns[2]} times the budget's pace"
    return f"{said}, of which these can never fire: {', '.join(dead)}" if dead else said


def _dependencies(sheet: Sheet, given: Inputs, slo: float) -> None:
    if not given.raw("dependency"):
        return
    whole = serving.availability_in_series(given.raw("dependency"))
    blocked = whole <= slo
    sheet.add("dependencies", "Availability of the dependencies together", "share", whole, "product of all",
              "dependency objective", note="no higher than the objective, so it cannot be promised" if blocked else "",
              status="infeasible" if blocked else "")  # fmt: skip
    if blocked:
        lowest = min(given.raw("dependency"))
        sheet.way("lower", "Promise less", "share", 1 - 1.25 * (1 - whole), "1 - 1.25 x what the dependencies fail")
        sheet.way("fallback", "Fall back or cache when the weakest fails: share of its failures to answer anyway",
                  "share",
                  min(1.0, max(0.0, (slo - whole) / (1 - lowest) * 1.25)), "1.25 x missing availability / its failures",
                  note="if that is 100 %, the weakest is not the only one")  # fmt: skip
        sheet.way("better", "Ask each dependency for", "share",
                  (1 - (1 - slo) / 2) ** (1 / len(given.raw("dependency"))),
                  "(1 - half the budget)^(1 / dependencies)")  # fmt: skip


def _replicas(sheet: Sheet, given: Inputs, slo: float) -> None:
    if given.has("replica-availability"):
        up = serving.availability_of_replicas(
            given.number("replica-availability"), given.whole("replicas"), given.whole("replicas-needed")
        )
        sheet.add("replicas_up", "Chance that enough replicas are up", "share", up,
                  "binomial tail, independent failures",
                  "replica-availability replicas replicas-needed objective",
                  note="below the objective: add replicas" if up < slo else "")  # fmt: skip


def _alert(sheet: Sheet, given: Inputs, slo: float, days: float, alert: tuple[str, str, float, float]) -> None:
    id, label, hours, spent = alert
    sheet.group = label
    burn = numbers.burn_threshold(spent, hours, days)
    sheet.add(f"{id}_burn", "Pace at which it fires", "factor", burn, f"{100 * spent:g} % x period / {hours:g} h",
              "period")  # fmt: skip
    errors = numbers.alert_error_rate(slo, burn)
    if not numbers.can_burn_alert_fire(slo, burn):
        lowest = said_share(numbers.lowest_slo_for_burn(burn)) if burn > 1 else "any"
        sheet.add(f"{id}_errors", "Error rate at which it fires", "share", errors, "pace x (1 - objective)",
                  f"objective {id}_burn", note=f"it can never fire: that needs an objective above {lowest}; "
                  "alert on the share of the budget that is used up instead")  # fmt: skip
        return
    sheet.add(f"{id}_errors", "Error rate at which it fires", "share", errors, "pace x (1 - objective)",
              f"objective {id}_burn")  # fmt: skip
    sheet.add(f"{id}_detection", "Time until a full outage fires it", "duration",
              numbers.outage_detection_seconds(slo, burn, hours), "pace x (1 - objective) x window",
              f"objective {id}_burn")  # fmt: skip
    needed = numbers.requests_per_hour_needed(slo, burn) / hours
    few = given.has("rate") and given.number("rate") * 3600 < needed
    sheet.add(f"{id}_traffic", "Requests an hour below which one failure fires it", "count", needed,
              "1 / (pace x (1 - objective) x hours)", f"objective {id}_burn rate", "an hour",
              "there are fewer: also ask for a least number of failures" if few else "")  # fmt: skip


def _canary(sheet: Sheet, given: Inputs) -> None:
    if not given.has("error-rate"):
        return
    sheet.group = "Canary"
    base, multiple = given.number("error-rate"), given.number("multiple")
    alpha, power, names = given.number("alpha"), given.number("power"), "error-rate multiple alpha power"
    needed = sheet.add("canary_requests", "Requests to the canary, and as many to a fresh baseline", "count",
                       numbers.canary_requests_per_arm(base, multiple, alpha, power),
                       "(z(alpha) sqrt(2 p q) + z(power) sqrt(p1 q1 + p2 q2))^2 / (p2 - p1)^2, one-sided", names,
                       "requests")  # fmt: skip
    sheet.add("canary_known", "Requests if the normal error rate is well known", "count",
              numbers.canary_requests_known_baseline(base, multiple, alpha, power),
              "(z(alpha) sqrt(p1 q1) + z(power) sqrt(p2 q2))^2 / (p2 - p1)^2", names, "requests")  # fmt: skip
    if given.has("rate"):
        minutes = numbers.canary_minutes(needed, given.number("rate"), given.number("canary-share"))
        sheet.add("canary_time", "Time that the canary takes", "duration", 60 * minutes, "requests / (rate x share)",
                  "canary_requests rate canary-share")  # fmt: skip
        hour = given.number("rate") * given.number("canary-share") * 3600
        if hour >= 3:
            sheet.add("rule_of_three", "Error rate that a clean hour of the canary rules out", "share",
                      numbers.rule_of_three(hour), "3 / requests", "rate canary-share")  # fmt: skip


def _picture(given: Inputs, slo: float) -> Picture:
    points = []
    for one in sorted({0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, slo}):
        value = numbers.error_budget_minutes(one, given.days("period"))
        points.append(Point(f"{100 * one:.6g} %", value, shown("duration", 60 * value)[1], one == slo))
    return Picture("Outage allowed against the objective", tuple(points))


TOPIC = Topic(
    "slo", "error_budget",
    (
        "--objective 99.9% --rate 50/s",
        "--objective 99.9% --dependency 99.9% --dependency 99.95% --picture",
        "--objective 99.9% --rate 100/s --error-rate 0.1% --multiple 2 --canary-share 5%",
        "--objective 90% --rate 100/day",
    ),
    OPTIONS, size,
)  # fmt: skip
