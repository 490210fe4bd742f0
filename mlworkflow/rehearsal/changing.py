"""One answer changed at a time: the designs that follow, and which of them comes through a fault best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mlworkflow.designing import Spec, sketch
from mlworkflow.question import Answer, Answers, Entry
from mlworkflow.rehearsal.plan import Plan, plan_of

DAY, HOUR = 86400.0, 3600.0


@dataclass(frozen=True, slots=True)
class Change:
    """Another answer, how a person would say it, and whether it is a fact of the world that nobody decides."""

    answer: str
    says: str
    plan: Plan
    given: bool = False


def changes_of(spec: Spec) -> tuple[Change, ...]:
    """Return the design with each of these answers changed, one at a time."""
    base = plan_of(spec)
    found = []
    for answer, value, says in _values(spec):
        plan = _instead(spec, base, {answer: value})
        if plan is not None:
            found.append(Change(answer, says, plan))
    sooner = _known_sooner(spec)
    plan = _instead(spec, base, sooner) if sooner else None
    if plan is not None:
        says = ", ".join(f"{id} = {_said(spec, id, value)}" for id, value in sooner.items())
        # People judge sooner where they are asked to; an event or a measurement comes when it comes.
        given = "horizon" in sooner or spec.value("label_source") != "people"
        found.append(Change("label_delay", says, plan, given))
    return tuple(found)


def _instead(spec: Spec, base: Plan, values: Mapping[str, Any]) -> Plan | None:
    """Return the design with other answers at the same stakes, load and target; none where that changes nothing."""
    plan = plan_of(sketch(spec.knowledge, _with(spec.answers, values)))
    if (plan.stakes.in_money, plan.stakes.currency) != (base.stakes.in_money, base.stakes.currency):
        return None
    plan = at_the_stakes_of(base, plan)
    return None if plan == base else plan


def at_the_stakes_of(base: Plan, plan: Plan) -> Plan:
    """Return a design that detects and responds its own way, for the decisions, load and target of another."""
    mine, live = base.quality, base.serving
    return replace(
        plan,
        stakes=base.stakes,
        quality=replace(
            plan.quality, limit=mine.limit, released=mine.released, nothing=mine.nothing, is_share=mine.is_share,
            lower_is_better=mine.lower_is_better,
        ),
        serving=replace(plan.serving, load=live.load, peak=live.peak, load_known=live.load_known),
    )  # fmt: skip


def _known_sooner(spec: Spec) -> dict[str, float]:
    """An outcome that is known in half the time: its delay, and the horizon where that is what it waits for."""
    delays = {id: spec.value(id) for id in ("label_delay", "label_delay_p95") if spec.value(id)}
    horizon = spec.value("horizon")
    if not delays or spec.value("problem_type") == "forecasting":
        return {}
    bound = {"horizon": horizon} if horizon and horizon > max(delays.values()) / 2 else {}
    return {id: value / 2 for id, value in (bound | delays).items()}


def _with(answers: Answers, values: Mapping[str, Any]) -> Answers:
    return replace(answers, by_id={**answers.by_id, **{id: Answer(value, "flag") for id, value in values.items()}})


def _values(spec: Spec) -> Iterator[tuple[str, Any, str]]:
    for id, value in _wanted(spec):
        yield id, value, f"{id} = {_said(spec, id, value)}"
    yield from _sources(spec)


def _said(spec: Spec, id: str, value: Any) -> str:
    question = spec.knowledge.question[id]
    return str(value) if question.kind == "choice" else spec.world.say(id, value)


def _wanted(spec: Spec) -> Iterator[tuple[str, Any]]:
    yield from _people(spec)
    yield from _labels(spec)
    yield from _reviews(spec)
    yield from _live(spec)


def _people(spec: Spec) -> Iterator[tuple[str, Any]]:
    size, rota = int(spec.value("team_size") or 1), spec.value("people_on_rota") or 0
    named = len(spec.answers.entries("people"))
    yield "team_size", max(size, named) + 1
    kind = spec.value("on_call")
    if kind == "none":
        yield "on_call", "office-hours"
    if kind in ("none", "office-hours"):
        yield "on_call", "first-line"
    # Nights cannot be shared by fewer than four.
    if kind != "around-the-clock" and rota >= 4:
        yield "on_call", "around-the-clock"


def _labels(spec: Spec) -> Iterator[tuple[str, Any]]:
    """Four times as many labels, another policy of retraining."""
    per_week = spec.value("labels_per_week")
    if per_week and spec.value("problem_type") != "forecasting":
        yield "labels_per_week", int(4 * per_week)
    if spec.value("retraining_policy") != "scheduled":
        yield "retraining", "scheduled"
    if spec.value("retraining_policy") != "triggered":
        yield "retraining", "triggered"


def _reviews(spec: Spec) -> Iterator[tuple[str, Any]]:
    reviews, golden = spec.value("reviews_per_day"), spec.value("golden_set")
    yield "reviews_per_day", int(2 * reviews) if reviews else 20
    if spec.value("problem_type") == "generative":
        yield "golden_set", int(4 * golden) if golden else 200
        change = spec.value("documents_change")
        yield "documents_change", change / 2 if change else 4 * HOUR
    yield "false_alarms_per_month", 4 * float(spec.value("false_alarms_per_month") or 2)


def _live(spec: Spec) -> Iterator[tuple[str, Any]]:
    availability, peak, time = spec.value("availability"), spec.value("peak"), spec.value("service_time")
    if availability:
        yield "availability", 1 - (1 - availability) / 5
    if spec.value("any_online") and peak:
        yield "peak_load", 3 * peak
    if spec.value("any_online") and time:
        yield "service_time", time / 2
    if spec.value("baseline_kind") not in ("rules", "model"):
        yield "baseline_kind", "rules"


def _sources(spec: Spec) -> Iterator[tuple[str, Any, str]]:
    entries = spec.answers.entries("sources")
    for field, value, says in (("refresh", HOUR, "refresh = 1 hour"), ("completeness", 0.99, "completeness = 99 %")):
        changed = tuple(_changed(entry, field, value) for entry in entries)
        if entries and changed != entries:
            yield "sources", changed, f"sources: {says} for each"


def _changed(entry: Entry, field: str, value: float) -> Entry:
    known = entry.value(field)
    if known is not None and (field == "completeness" or known <= value):
        return entry
    return replace(entry, fields={**entry.fields, field: Answer(value, "flag")})
