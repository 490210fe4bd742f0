"""Facts about the calendar of an experiment: the steps before it, the freezes that move it, the day of its decision."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from mlworkflow.facts.freezes import first_free, inside_of, recurs_monthly
from mlworkflow.facts.registry import fact

DAY = 86400.0
# What each rollout does before units are exposed, in days; the canary's own length is worked out.
BEFORE = {
    "shadow-canary": 14.0,
    "blue-green-canary": 14.0,
    "table-swap": 14.0,
    "staged-fleet": 1.0 + 7.0,
    "staged-users": 7.0 + 14.0,
    "parallel-sites": 14.0 + 28.0,
}


@fact("count")
def days_before_exposure(rollout: str, canary_days: float) -> float | None:
    """Days of the rollout steps that come before an experiment."""
    before = BEFORE.get(rollout)
    return before + canary_days if before is not None and rollout.endswith("canary") else before


@dataclass(frozen=True)
class Plan:
    """When the first step, the exposure and the decision are."""

    steps: datetime.date
    exposure: datetime.date
    decided: datetime.date


def planned(start: datetime.date, before: float, exposed: float, wait: float, freezes: tuple[str, ...]) -> Plan:
    """Return the earliest plan in which nothing begins in a freeze, and units enter in none that they can avoid."""
    known = [(inside, recurs_monthly(text)) for text in freezes if (inside := inside_of(text)) is not None]
    every, single = [inside for inside, _ in known], [inside for inside, monthly in known if not monthly]
    steps = first_free(start, every)
    exposure = steps + datetime.timedelta(days=before)
    for _ in range(24):
        entering = first_free(exposure, single, max(1, int(exposed)))
        free = first_free(entering, every)
        if free == exposure:
            break
        exposure = free
    return Plan(steps, exposure, exposure + datetime.timedelta(days=exposed + wait))


def _plan(
    start: str, before: float, decided: float, wait: float, freezes: tuple[str, ...] | None, later: int = 0
) -> Plan | None:
    try:
        day = datetime.date.fromisoformat(start) + datetime.timedelta(days=later)
        return planned(day, before, (decided - wait) / DAY, wait / DAY, freezes or ())
    except OverflowError:  # a test of thousands of years ends on no day of a calendar
        return None


@fact("day")
def exposure_from(
    start_date: str,
    days_before_exposure: float,
    experiment_decided: float,
    experiment_wait: float,
    freeze_periods: tuple[str, ...] | None = None,
) -> str | None:
    """The first day on which units can enter, if all is built when the work starts."""
    plan = _plan(start_date, days_before_exposure, experiment_decided, experiment_wait, freeze_periods)
    return plan.exposure.isoformat() if plan else None


@fact("day")
def decided_on(
    start_date: str,
    days_before_exposure: float,
    experiment_decided: float,
    experiment_wait: float,
    freeze_periods: tuple[str, ...] | None = None,
) -> str | None:
    """The day on which the experiment can be decided, if all is built when the work starts."""
    plan = _plan(start_date, days_before_exposure, experiment_decided, experiment_wait, freeze_periods)
    return plan.decided.isoformat() if plan else None


@fact("count")
def weeks_to_build(
    start_date: str,
    deadline: str,
    days_before_exposure: float,
    experiment_decided: float,
    experiment_wait: float,
    freeze_periods: tuple[str, ...] | None = None,
) -> int | None:
    """Whole weeks that building may take before the deadline is missed; none where it is missed anyway."""
    try:
        there = (datetime.date.fromisoformat(deadline) - datetime.date.fromisoformat(start_date)).days
    except ValueError:  # a deadline such as "Sprint 44"
        return None
    spare = int(there - days_before_exposure - experiment_decided / DAY) // 7
    for weeks in range(min(spare, 520), -1, -1):
        plan = _plan(start_date, days_before_exposure, experiment_decided, experiment_wait, freeze_periods, 7 * weeks)
        if plan is not None and plan.decided.isoformat() <= deadline:
            return weeks
    return None


@fact("text")
def freezes_that_move(
    start_date: str,
    days_before_exposure: float,
    exposure_from: str,
    freeze_periods: tuple[str, ...] | None = None,
) -> str | None:
    """The freezes for which the exposure waits, in words."""
    from mlworkflow.wording import listed

    free = datetime.date.fromisoformat(start_date) + datetime.timedelta(days=days_before_exposure)
    waits = (datetime.date.fromisoformat(exposure_from) - free).days
    days = [free + datetime.timedelta(days=one) for one in range(waits)]
    found = [one for one in freeze_periods or () if (inside := inside_of(one)) and any(inside(day) for day in days)]
    return listed([f"“{one}”" for one in found]) if found else None


@fact("text")
def freezes_unread(freeze_periods: tuple[str, ...] | None = None) -> str | None:
    """The freezes whose words name no days, so that somebody must keep them clear."""
    from mlworkflow.wording import listed

    left = [f"“{one}”" for one in freeze_periods or () if inside_of(one) is None]
    return listed(left) if left else None
