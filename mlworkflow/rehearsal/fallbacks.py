"""Whether the fallback of a design holds while its model does not answer, and what stands in for a prediction."""

from __future__ import annotations

from dataclasses import dataclass

from mlworkflow.quantity import say_duration
from mlworkflow.rehearsal.faults import State
from mlworkflow.rehearsal.plan import Plan
from mlworkflow.rehearsal.stakes import LAST, NOTHING, TODAY

DAY = 86400.0
_BY_TODAY = ("old-rule", "local-rule", "as-today", "hold-for-a-person")
_BY_PEOPLE = ("as-today", "hold-for-a-person", "say-so-and-link")
HELD, BROKE, UNKNOWN = "held", "broke", "not known"


@dataclass(frozen=True, slots=True)
class Stood:
    """What the fallback did: whether it held, and why."""

    verdict: str
    says: str


def instead_of(plan: Plan) -> str:
    """Return what stands in for a prediction."""
    fallback = plan.serving.fallback
    if fallback in ("last-output", "last-measured", "old-model"):
        return LAST
    return TODAY if fallback in _BY_TODAY else NOTHING


def stood(plan: Plan, seconds: float, state: State) -> Stood:
    """Return whether the fallback holds while the world is like this for so long."""
    fallback = plan.serving.fallback
    if not fallback:
        return Stood(BROKE, "the design names no fallback")
    if fallback in _BY_PEOPLE and plan.serving.mode != "batch":
        return _people(plan, seconds, state)
    if fallback == "last-output":
        return _last(plan, seconds)
    if fallback == "old-model" and plan.needs_live_features:
        return Stood(BROKE, "the previous model reads the same live features")
    if fallback == "job-waits":
        return _waiting(plan, seconds)
    return Stood(HELD, _STANDS.get(fallback, f"{fallback} answers by itself"))


_STANDS = {
    "old-rule": "today's rule answers by itself, without what the model adds",
    "local-rule": "the rule on the device answers, marked as unchecked",
    "event-passes-unscored": "events pass with the mark not scored and are scored again later",
    "as-today": "people decide as they do today, and the run is repeated",
    "default-answer": "each gets the default value, whatever the case",
    "popular-items": "everyone gets the same popular items",
    "retrieval-order": "the order of the search engine stands",
    "last-measured": "the last measured value is shown with its age",
    "old-model": "the previous version answers",
}


def _people(plan: Plan, seconds: float, state: State) -> Stood:
    if not plan.serving.load_known and not plan.stakes.counted:
        return Stood(UNKNOWN, "cases go to people; no answer says how many come")
    cases = plan.serving.load * seconds * state.failed * state.times
    capacity = plan.reviews_per_day
    words = f"{cases:,.0f} cases go to people"
    if capacity is None:
        return Stood(UNKNOWN, f"{words}; nobody said how many a day they can take")
    most = max(1.0, capacity * seconds / DAY)
    if cases <= most:
        return Stood(HELD, f"{words}, who can take {most:,.0f} in that time")
    return Stood(BROKE, f"{words}, who can take {most:,.0f} in that time")


def _last(plan: Plan, seconds: float) -> Stood:
    age = plan.serving.output_age
    if age is None:
        return Stood(UNKNOWN, "the last output is used; nobody said how old it may be")
    if seconds <= age:
        return Stood(HELD, f"the last output is used, which may be {say_duration(age)} old")
    return Stood(BROKE, f"the last output may be {say_duration(age)} old, and grew older")


def _waiting(plan: Plan, seconds: float) -> Stood:
    wait = plan.serving.wait
    if wait is None:
        return Stood(UNKNOWN, "jobs wait; nobody said how long they may")
    if seconds <= wait:
        return Stood(HELD, f"jobs wait, within the promised {say_duration(wait)}")
    return Stood(BROKE, f"jobs wait longer than the promised {say_duration(wait)}; callers are told")
