"""Facts about the calendar of an experiment: the steps around it, the freezes that move them, the day of its decision."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from mlworkflow.facts.freezes import first_free, inside_of, names_a_holiday, next_days, recurs_monthly
from mlworkflow.facts.registry import fact

DAY = 86400.0
# The steps of each rollout before units are exposed, in days; the canary's own length is worked out.
BEFORE: dict[str, tuple[float, ...]] = {
    "shadow-canary": (14.0,),
    "blue-green-canary": (14.0,),
    "table-swap": (14.0,),
    "staged-fleet": (1.0, 7.0),
    "staged-users": (7.0, 14.0),
    "parallel-sites": (14.0, 28.0),
}
# The rollouts with a step in which both ways judge the same cases, after the first of the steps above.
RUN_IN_PARALLEL = ("shadow-canary", "blue-green-canary", "table-swap", "staged-fleet")
# What each rollout does after the decision, in days until its last step begins.
AFTER = {"staged-fleet": 3, "staged-users": 7}


@fact("count")
def days_before_exposure(rollout: str, canary_days: float) -> float | None:
    """Days of the rollout steps that come before an experiment."""
    if rollout not in BEFORE:
        return None
    return sum(BEFORE[rollout]) + (canary_days if rollout.endswith("canary") else 0)


@dataclass(frozen=True)
class Plan:
    """When the first step, the exposure and the decision are, and when the last step may begin."""

    steps: datetime.date
    exposure: datetime.date
    decided: datetime.date
    everyone: datetime.date


def planned(
    start: datetime.date,
    before: tuple[float, ...],
    exposed: float,
    wait: float,
    freezes: tuple[str, ...],
    after: int = 0,
) -> Plan:
    """Return the earliest plan in which no step begins in a freeze, and units enter in none that they can avoid."""
    known = [(inside, recurs_monthly(text)) for text in freezes if (inside := inside_of(text)) is not None]
    every, single = [inside for inside, _ in known], [inside for inside, monthly in known if not monthly]
    steps = exposure = first_free(start, every)
    for days in before:
        exposure = first_free(exposure, every) + datetime.timedelta(days=days)
    for _ in range(24):
        entering = first_free(exposure, single, max(1, int(exposed)))
        free = first_free(entering, every)
        if free == exposure:
            break
        exposure = free
    decided = exposure + datetime.timedelta(days=exposed + wait)
    everyone = first_free(decided, every)
    if after:
        everyone = first_free(everyone + datetime.timedelta(days=after), every)
    return Plan(steps, exposure, decided, everyone)


def _plan(
    start: str,
    before: float,
    decided: float,
    wait: float,
    freezes: tuple[str, ...] | None,
    rollout: str,
    later: int = 0,
) -> Plan | None:
    steps = BEFORE.get(rollout, ())
    rest = before - sum(steps)
    try:
        day = datetime.date.fromisoformat(start) + datetime.timedelta(days=later)
        return planned(
            day, (*steps, *([rest] if rest > 0 else [])), (decided - wait) / DAY, wait / DAY, freezes or (),
            AFTER.get(rollout, 0),
        )  # fmt: skip
    except OverflowError:  # a test of thousands of years ends on no day of a calendar
        return None


@fact("day")
def steps_from(start_date: str, rollout: str, freeze_periods: tuple[str, ...] | None = None) -> str | None:
    """The first day on which the first step of the rollout can begin, if all is built when the work starts."""
    plan = _plan(start_date, 0.0, 0.0, 0.0, freeze_periods, rollout)
    return plan.steps.isoformat() if plan else None


@fact("day")
def exposure_from(
    start_date: str,
    days_before_exposure: float,
    experiment_decided: float,
    experiment_wait: float,
    rollout: str,
    freeze_periods: tuple[str, ...] | None = None,
) -> str | None:
    """The first day on which units can enter, if all is built when the work starts."""
    plan = _plan(start_date, days_before_exposure, experiment_decided, experiment_wait, freeze_periods, rollout)
    return plan.exposure.isoformat() if plan else None


@fact("day")
def decided_on(
    start_date: str,
    days_before_exposure: float,
    experiment_decided: float,
    experiment_wait: float,
    rollout: str,
    freeze_periods: tuple[str, ...] | None = None,
) -> str | None:
    """The day on which the experiment can be decided, if all is built when the work starts."""
    plan = _plan(start_date, days_before_exposure, experiment_decided, experiment_wait, freeze_periods, rollout)
    return plan.decided.isoformat() if plan else None


@fact("day")
def everyone_from(
    start_date: str,
    days_before_exposure: float,
    experiment_decided: float,
    experiment_wait: float,
    rollout: str,
    freeze_periods: tuple[str, ...] | None = None,
) -> str | None:
    """The first day on which the last step of the rollout can begin, if all is built when the work starts."""
    plan = _plan(start_date, days_before_exposure, experiment_decided, experiment_wait, freeze_periods, rollout)
    return plan.everyone.isoformat() if plan else None


@fact("count")
def weeks_to_build(
    start_date: str,
    deadline: str,
    days_before_exposure: float,
    experiment_decided: float,
    experiment_wait: float,
    rollout: str,
    freeze_periods: tuple[str, ...] | None = None,
) -> int | None:
    """Whole weeks that building may take before everyone has it after the deadline; none where that is missed anyway."""
    try:
        there = (datetime.date.fromisoformat(deadline) - datetime.date.fromisoformat(start_date)).days
    except ValueError:  # a deadline such as "Sprint 44"
        return None
    spare = int(there - days_before_exposure - experiment_decided / DAY) // 7
    return _most_weeks(
        spare,
        deadline,
        lambda days: _plan(
            start_date, days_before_exposure, experiment_decided, experiment_wait, freeze_periods, rollout, days
        ),
    )


def _most_weeks(spare: int, deadline: str, laid_out: Callable[[int], Plan | None]) -> int | None:
    """The most whole weeks of building with which everyone is still reached by the deadline."""
    for weeks in range(min(spare, 520), -1, -1):
        plan = laid_out(7 * weeks)
        if plan is not None and plan.everyone.isoformat() <= deadline:
            return weeks
    return None


# ------------------------------------------------------------------ a parallel run, in which nobody is assigned


@fact("count")
def parallel_days(
    experiment_kind: str,
    rollout: str,
    paired_positives: float | None = None,
    prevalence: float | None = None,
    mean_load: float | None = None,
    devices: float | None = None,
    problem_type: str = "",
) -> float | None:
    """Days for which both ways judge the same cases: two weeks (four of a forecast), or until enough positive ones came."""
    if experiment_kind != "parallel-run" or rollout not in RUN_IN_PARALLEL:
        return None
    if problem_type == "forecasting":
        return 28.0
    a_day = (prevalence or 0) * (mean_load or 0) * DAY / (max(devices or 1, 1) if rollout == "staged-fleet" else 1)
    return float(max(14, -(-(paired_positives or 0) // a_day))) if a_day > 0 else 14.0


@fact("number")
def first_device_days(parallel_days: float | None = None) -> float:
    """Days that one device runs beside the present way."""
    return parallel_days if parallel_days is not None else BEFORE["staged-fleet"][1]


def _parallel(
    start: str, rollout: str, days: float, canary: float, wait: float, freezes: tuple[str, ...] | None, later: int = 0
) -> Plan | None:
    """The steps before a parallel run, the run, its labels, and what follows; nothing begins in a freeze."""
    frozen = [inside for text in freezes or () if (inside := inside_of(text)) is not None]
    steps = (BEFORE[rollout][0], days, *([canary] if rollout.endswith("canary") else []))
    try:
        day = first = first_free(datetime.date.fromisoformat(start) + datetime.timedelta(days=later), frozen)
        for step in steps:
            day = first_free(day, frozen) + datetime.timedelta(days=step)
        judged = day + datetime.timedelta(days=wait / DAY)
        everyone = first_free(judged, frozen)
        if rollout in AFTER:
            everyone = first_free(everyone + datetime.timedelta(days=AFTER[rollout]), frozen)
    except OverflowError:  # it ends on no day of a calendar
        return None
    return Plan(first, day, judged, everyone)


@fact("text")
def parallel_calendar(
    start_date: str,
    rollout: str,
    parallel_days: float,
    canary_days: float,
    label_age: float,
    freeze_periods: tuple[str, ...] | None = None,
) -> str | None:
    """When a parallel run is judged and everyone has the model, if all is built when the work starts."""
    from mlworkflow.quantity import say_duration

    plan = _parallel(start_date, rollout, parallel_days, canary_days, label_age, freeze_periods)
    if plan is None:
        return None
    run = f"steps from {plan.steps.isoformat()}, {parallel_days:,.0f} days in parallel among them"
    mature = f", {say_duration(label_age)} until labels are mature" if label_age else ""
    return f"judged on {plan.decided.isoformat()} at the earliest: {run}{mature}; the last step from {plan.everyone.isoformat()}"


@fact("count")
def parallel_weeks_to_build(
    start_date: str,
    deadline: str,
    rollout: str,
    parallel_days: float,
    canary_days: float,
    label_age: float,
    freeze_periods: tuple[str, ...] | None = None,
) -> int | None:
    """Whole weeks that building may take before the last step comes after the deadline; none where it does anyway."""
    try:
        there = (datetime.date.fromisoformat(deadline) - datetime.date.fromisoformat(start_date)).days
    except ValueError:  # a deadline such as "Sprint 44"
        return None
    return _most_weeks(
        max(0, there // 7),
        deadline,
        lambda days: _parallel(start_date, rollout, parallel_days, canary_days, label_age, freeze_periods, days),
    )


@fact("text")
def freezes_that_move(
    start_date: str,
    steps_from: str,
    days_before_exposure: float,
    exposure_from: str,
    decided_on: str,
    everyone_from: str,
    rollout: str,
    freeze_periods: tuple[str, ...] | None = None,
) -> str | None:
    """The freezes for which the exposure or the last step waits, in words."""
    from mlworkflow.wording import listed

    began = datetime.date.fromisoformat(start_date)
    free = datetime.date.fromisoformat(steps_from) + datetime.timedelta(days=days_before_exposure)
    decided = datetime.date.fromisoformat(decided_on)
    days = [*_days(began, steps_from), *_days(free, exposure_from)]
    if (datetime.date.fromisoformat(everyone_from) - decided).days > AFTER.get(rollout, 0):
        days += _days(decided, everyone_from)
    found = [one for one in freeze_periods or () if (inside := inside_of(one)) and any(inside(day) for day in days)]
    return listed([f"“{one}”" for one in found]) if found else None


def _days(first: datetime.date, until: str) -> list[datetime.date]:
    length = (datetime.date.fromisoformat(until) - first).days
    return [first + datetime.timedelta(days=one) for one in range(length)]


@fact("lines")
def freezes_dated(
    freeze_periods: tuple[str, ...], start_date: str | None = None, date: str | None = None
) -> tuple[str, ...]:
    """The freezes, each whose days follow from a holiday with them, each without any with that."""
    said = next((one for one in (start_date, date) if one is not None), None)
    day = datetime.date.fromisoformat(said) if said is not None else None
    lines = []
    for text in freeze_periods:
        inside = inside_of(text)
        days = next_days(inside, day) if inside is not None and day is not None and names_a_holiday(text) else None
        if inside is None:
            text = f"{text} (no date was read from it)"
        elif days is not None:
            text = f"{text} ({days[0].isoformat()}{f' to {days[1].isoformat()}' if days[1] > days[0] else ''})"
        lines.append(text)
    return tuple(lines)


@fact("text")
def freezes_unread(freeze_periods: tuple[str, ...] | None = None) -> str | None:
    """The freezes whose words name no days, so that somebody must keep them clear."""
    from mlworkflow.wording import listed

    left = [f"“{one}”" for one in freeze_periods or () if inside_of(one) is None]
    return listed(left) if left else None
