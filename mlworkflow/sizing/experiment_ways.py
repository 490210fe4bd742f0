"""The ways out of an experiment that takes too long, each sized."""

from __future__ import annotations

from mlworkflow.numbers import data, experiment
from mlworkflow.numbers.validity import up
from mlworkflow.sizing.model import Inputs
from mlworkflow.sizing.sheet import Sheet, shown

WINS = 0.55
ALIKE = 0.02
RHO = 0.7


def ways_out(sheet: Sheet, given: Inputs, effect: float, total: float, weeks: float, smallest: float | None) -> None:
    """Note the ways out in the order of what they cost."""
    per_day = given.number("per-day") * given.number("traffic-share")
    power, alpha = given.number("power"), given.number("alpha")
    wins = experiment.interleaving_impressions(WINS, alpha, power)
    sheet.way("interleaving", "Interleave, if this is a ranking: decided impressions", "count", wins,
              f"(z(alpha/2)/2 + z(power) sqrt(p (1 - p)))^2 / (p - 0.5)^2, p = {100 * WINS:.0f} % wins", "impressions",
              f"{_time(given, wins, per_day)}; it ranks, and does not say what a winner is worth")  # fmt: skip
    if given.has("baseline"):
        _switchback(sheet, given, effect, per_day)
    _pilot(sheet, given, per_day)
    pairs = data.mcnemar_pairs(0.06, 0.04, alpha, power)
    sheet.way("shadow", "Run in the shadow and compare errors: judged cases", "count", pairs,
              "McNemar pairs, 2 points apart, 10 % of cases judged differently", "cases",
              f"{_time(given, pairs, per_day)}; it says nothing about how users react")  # fmt: skip
    sheet.way("longer", "Wait longer", "count", weeks, "users in all / users a day", "weeks")
    if smallest:
        kind = "number" if given.has("sd") else "points"
        sheet.way("larger_effect", f"Look only for a larger effect, in {given.whole('max-weeks')} weeks", kind,
                  smallest,
                  "the smallest effect that this traffic shows", "points" if kind == "points" else "")  # fmt: skip
    if not given.number("correlation"):
        fewer = total * (1 - RHO**2)
        sheet.way("variance_reduction", "Take out what an earlier metric explains (CUPED)", "count",
                  experiment.weeks_needed(up(fewer), given.number("per-day"), given.number("traffic-share")),
                  f"users in all x (1 - {RHO}^2) / users a day", "weeks",
                  f"at a correlation of {RHO} with the same users' earlier metric; measure yours")  # fmt: skip


def _switchback(sheet: Sheet, given: Inputs, effect: float, per_day: float) -> None:
    units = max(1.0, per_day / 24)
    slots = experiment.switchback_slots(
        given.number("baseline"), effect, units, ALIKE, given.number("alpha"), given.number("power")
    )
    sheet.way("switchback", "Switch whole hours, if users share a market: hours", "count", slots,
              f"2 n (1 + (m - 1) x {ALIKE}) / m, m = users an hour", "hours",
              f"{_time(given, slots, 24)}; the likeness of one hour's users is assumed to be {ALIKE}")  # fmt: skip


def _pilot(sheet: Sheet, given: Inputs, per_day: float) -> None:
    users = max(3.0, 7 * given.whole("max-weeks") * per_day * 0.05)
    sheet.way("pilot", "Run a pilot of 5 % for safety: highest rate of harm it leaves open", "share",
              data.zero_failures_upper(users), "1 - 0.05^(1/n), if no harm is seen", "share",
              f"{shown('count', users, 'users')[1]} in that time; it shows harm, not gain")  # fmt: skip


def _time(given: Inputs, amount: float, per_day: float) -> str:
    late = ", again too long" if amount / per_day > 7 * given.whole("max-weeks") else ""
    return f"{shown('count', amount / per_day, 'days')[1]} of this traffic{late}"
