"""A rehearsal in words and as data: a line for each scenario, or one of them with its timeline, in eighty columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlworkflow.quantity import Money, say_cost, say_count, say_duration
from mlworkflow.reading.characters import visible
from mlworkflow.rehearsal.assumed import CHAIN, says
from mlworkflow.rehearsal.calling import NOBODY
from mlworkflow.rehearsal.chain import NAMES, Walk
from mlworkflow.rehearsal.event import Event, clock
from mlworkflow.rehearsal.faults import FAULTS
from mlworkflow.rehearsal.freezes import unread
from mlworkflow.rehearsal.incident import ABSORBED, NOTICED, RESTED
from mlworkflow.rehearsal.plan import Plan
from mlworkflow.rehearsal.results import RUNS, Better, Result, Spread, share_noticed

WIDTH = 80
# From so many times a month on, it is said how often a monitor rings by chance.
OFTEN = 0.05
MONTH = 30 * 86400.0
_LABEL = 15


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """All of it: the chain, the scenarios that were run, and those that do not apply, with the reason."""

    plan: Plan
    walk: Walk
    results: tuple[Result, ...]
    spared: Mapping[str, str]
    events: tuple[Event, ...]
    seed: int
    days: float


# ------------------------------------------------------------------ text


def lines(done: Rehearsed, single: bool) -> Iterator[str]:
    """Yield the rehearsal as text."""
    yield from _chain(done.walk)
    if single or (done.walk.stopped and not done.walk.missing):
        yield from _stages(done.events)
    if single:
        for result in done.results:
            yield from _scenario(done, result)
    elif done.results or done.spared:
        yield from _overview(done)
    if done.results:
        yield ""
        yield from _stakes(done.plan)
    for id, why in done.spared.items():
        if single:
            yield ""
            yield from _field(FAULTS[id].title, f"does not apply: {why}")


def _chain(walk: Walk) -> Iterator[str]:
    tried = ", ".join(f"{one} x{walk.attempts[one]}" for one in walk.stages if walk.attempts.get(one, 0) > 1)
    order = " -> ".join(one for one in walk.stages)
    what = f"{order}; {walk.gates} gates judged"
    how = "by the evidence" if walk.judged_by_evidence else "each as just met"
    ended = f"stopped {clock(walk.ends)}: {walk.stopped}" if walk.stopped else f"released, {say_days(walk.ends)}"
    if walk.missing:
        ended = f"not releasable as answered: {walk.stopped}; the faults below suppose a release"
    yield from _field("Chain", f"{what}, {how}; {ended}{f' ({tried})' if tried else ''}")
    if walk.fix:
        yield from _field("", f"fix: {walk.fix}")
    if walk.unused:
        yield from _field("", f"no gate asks for {', '.join(map(visible, walk.unused))}")
    if walk.opened:
        yield from _field("", f"without a limit to judge by: answer {', '.join(walk.opened)}")


_STAGES = ("stage.started", "gate.failed", "gate.conditional", "handoff.refused", "rollout.step", "rollback",
           "chain.stopped")  # fmt: skip


def _stages(events: Sequence[Event]) -> Iterator[str]:
    """The chain as a timeline, without what only a trace needs."""
    for event in events:
        if event.type in _STAGES and "scenario" not in event.data:
            attempt = f" (attempt {event.attempt})" if event.attempt > 1 else ""
            yield from _event(event, f"{event.stage}{attempt}: {event.says}")


def _event(event: Event, text: str) -> Iterator[str]:
    head = f"  {clock(event.time).ljust(17)} {event.type.ljust(17)} "
    yield from textwrap.wrap(f"{head}{text}", WIDTH, subsequent_indent=" " * len(head), break_on_hyphens=False)


def _field(label: str, text: str) -> Iterator[str]:
    head = label.ljust(_LABEL) if len(label) < _LABEL else f"{label} "
    yield from textwrap.wrap(f"{head}{text}", WIDTH, subsequent_indent=" " * _LABEL, break_on_hyphens=False)


def _overview(done: Rehearsed) -> Iterator[str]:
    yield ""
    runs = f"{RUNS} runs each, seed {done.seed}, {say_many_days(done.days)}; medians, in brackets nine runs of ten"
    yield from _field("Faults", f"{runs}. `--scenario NAME` shows one with its timeline.")
    yield ""
    for result in done.results:
        yield from textwrap.wrap(_one_line(done.plan, result), WIDTH, subsequent_indent="    ", break_on_hyphens=False)
    for id, why in done.spared.items():
        yield from textwrap.wrap(
            f"{id}: does not apply, {why}", WIDTH, subsequent_indent="    ", break_on_hyphens=False
        )


def _freezes(plan: Plan) -> str:
    """What waits for the end of which freeze, and which freeze no clock can keep."""
    left = unread(plan.freezes)
    read = [one for one in plan.freezes if one not in left]
    every = plan.refreshes_wait or plan.generative
    waits = "a step of a rollout" if every else "a new recipe (refreshes by gates go on)"
    parts = []
    if read:
        parts.append(f"{waits} waits for the end of {'; '.join(read)}; each run begins in a week drawn from the year "
                     f"from {plan.begins.isoformat()} on, and the way back never waits")  # fmt: skip
    if left:
        parts.append(f"not simulated, for their words name no days: {'; '.join(left)}")
    return ". ".join(parts)


def _stakes(plan: Plan) -> Iterator[str]:
    """What every sum and count rests on, so that somebody can reckon it again, and what the clock does not know."""
    if plan.freezes:
        yield from _field("Freezes", _freezes(plan))
    stakes = plan.stakes
    if not stakes.counted:
        yield from _field("At stake", "decisions are not counted: no answer says how many there are (population, "
                          "rows_per_run or mean_load); samples are drawn at one a second")  # fmt: skip
        return
    period = f" (every {say_duration(stakes.period)}, {stakes.read_from})" if stakes.period else ""
    count = f"{_cases(stakes.per_day)} a day{period}"
    if stakes.gain is None or stakes.without is None:
        yield from _field("At stake", f"{count}; {stakes.unsaid}")
        return
    without = ""
    if abs(stakes.without - stakes.gain) > 1e-9:
        without = f", {_money(plan, stakes.without * stakes.per_day)} over nothing at all"
    capped = f"; {stakes.capped}" if stakes.capped else ""
    gain = f"{_money(plan, stakes.gain * stakes.per_day)} a day over today's way"
    yield from _field("At stake", f"{count}; the model gains {gain}{without}{capped}")


def _one_line(plan: Plan, result: Result) -> str:
    found = [_noticed_short(result), _cost(plan, result)]
    if result.outcome.fallback is not None:
        found.append(f"fallback {result.outcome.fallback.verdict}")
    if result.better is not None:
        found.append(f"best change {result.better.says} ({_less(result.better)})")
    return f"{result.fault.id}: {'; '.join(found)}"


def _noticed_short(result: Result) -> str:
    if result.noticed.median is None:
        return _unnoticed(result)
    monitor = result.outcome.monitor
    name = monitor.id if monitor else "no monitor"
    when = f"{say_time(result.noticed.median)}{_range(result.noticed)}"
    return f"noticed after {when} by {name}{_chance(result)}{_acted_short(result)}"


def _chance(result: Result) -> str:
    """How often the monitor rings with nothing wrong, and what its ringing is then worth."""
    often, time = result.by_chance, result.noticed.median
    if often < OFTEN or time is None:
        return ""
    rings = f"which rings {often:.2g} times a month by chance"
    return f", {rings}: no sign of this fault" if often * time >= MONTH / 2 else f", {rings}"


def _acted_short(result: Result) -> str:
    """When somebody acts, where that is much later than the first alarm."""
    noticed, acted = result.noticed.median, result.acted.median
    if result.outcome.reached is None or noticed is None:
        return ""
    if acted is None:
        return f", {_unacted(result)}"
    return f", acted on after {say_time(acted)}{_range(result.acted)}" if acted > 1.5 * noticed + 600 else ""


def _unnoticed(result: Result) -> str:
    ended = [one.ended for one in result.outcomes]
    if ended.count(ABSORBED) > len(ended) / 2:
        return "not noticed: scheduled retraining learns it first"
    if ended.count(RESTED) > len(ended) / 2:
        held = result.affected.high == 0
        return "nothing to notice: the design holds it" if held else "nobody, before it is over by itself"
    seen = ended.count(NOTICED)
    return f"noticed in {seen} of {len(ended)} runs" if seen else "not noticed in any run"


def _scenario(done: Rehearsed, result: Result) -> Iterator[str]:
    outcome = result.outcome
    yield ""
    yield f"{result.fault.title} ({RUNS} runs, seed {done.seed}, {say_many_days(done.days)})"
    yield from _field("Happens", result.happens)
    yield from _field("Noticed", _noticed(result))
    yield from _field("Called", _called(result))
    yield from _field("Mended", _spread(result.mended, "not within the time"))
    yield from _field("Costs", _cost(done.plan, result, wide=True))
    if outcome.fallback is not None:
        yield from _field("Fallback", f"{outcome.fallback.verdict}: {outcome.fallback.says}")
    yield from _field("Change first", _better(done, result))
    if result.depends is not None:
        yield from _field("Depends on", _depends(done, result.depends))
    yield ""
    yield "The run in the middle:"
    for event in result.events:
        yield from _event(event, event.says)
    yield ""
    yield from _field("Assumed", "; ".join(says(result.fault.mends)))


def _noticed(result: Result) -> str:
    if result.noticed.median is None:
        return _unnoticed(result)
    monitor = result.outcome.monitor
    by = f", by {monitor.id} {monitor.severity} ({monitor.sees})" if monitor else ""
    share = share_noticed(result)
    part = "" if share == 1 else f"; in {_percent(share)} of the runs"
    return f"{_spread(result.noticed, '')}{by}{_chance(result)}{part}"


def _called(result: Result) -> str:
    reached = result.outcome.reached
    if result.noticed.median is None:
        return NOBODY
    if reached is None:
        return f"{NOBODY}: the rule acts by itself"
    alone = f"{reached.name}, {reached.how}"
    if result.acted.median is None:
        return f"{alone}; {_unacted(result)}"
    return f"{alone}; acted on {_spread(result.acted, 'not')}"


def _unacted(result: Result) -> str:
    """What becomes of a fault on which nobody acts in half of the runs or more."""
    if result.fault.mends == "retrain" and result.outcome.reached is not None:
        calendar = any(one.type == "retrain.requested" for one in result.events)
        return f"looked at, and {'only the calendar retrains' if calendar else 'nothing is retrained'}"
    return "over before anybody acts" if result.mended.median is not None else "nobody acts on it"


def _cost(plan: Plan, result: Result, wide: bool = False) -> str:
    if result.fault.mends == "labels":
        if not plan.stakes.counted or result.mended.median is None:
            return "nothing by itself; no outcome judges the decisions of that time"
        cases = plan.stakes.per_day * result.mended.median / 86400
        return f"nothing by itself; {_cases(cases)} that no outcome judges in time"
    if plan.stakes.in_money:
        low, high = (_money(plan, one) for one in (result.harm.low, result.harm.high))
        bounds = "" if low == high else f" ({'90 % of runs: ' if wide else ''}{low} to {high})"
        return f"{_money(plan, result.harm.median)}{bounds}"
    if not plan.stakes.counted:
        return "decisions not counted"
    text = f"{_cases(result.affected.median or 0.0)} affected"
    return f"{text}; {plan.stakes.unsaid}" if wide else text


def _cases(count: float) -> str:
    rounded = round(float(f"{count:.3g}"))
    return f"{say_count(rounded)} decision{'' if rounded == 1 else 's'}"


def _money(plan: Plan, amount: float | None) -> str:
    rounded = float(f"{amount or 0.0:.3g}")
    return say_cost(Money(float(round(rounded)) if rounded >= 10 else rounded, plan.stakes.currency))


def _better(done: Rehearsed, result: Result) -> str:
    better = result.better
    if better is None:
        return f"no single answer improves it enough; {_longest(result)}"
    return f"{better.says}: {_moved(done, better)}; what the change costs is not counted"


def _depends(done: Rehearsed, better: Better) -> str:
    """A fact of the world that moves as much, said as such."""
    return f"when an outcome is known; with {better.says}, {_moved(done, better)}. A fact of the world, no advice"


def _moved(done: Rehearsed, better: Better) -> str:
    before, after = (_measure(done, better.measure, one) for one in (better.before, better.after))
    return f"a median of {before} becomes {after} ({_less(better)})"


def _less(better: Better) -> str:
    """By how much the measure falls, with its name."""
    name = {"harm": "cost", "affected": "decisions affected", "mended": "time until mended"}
    return f"{name.get(better.measure, 'time until noticed')}: {_percent(better.gain)} less"


def _longest(result: Result) -> str:
    """Which part of the time from the fault to its end is the longest."""
    outcome = result.outcome
    if outcome.mended is None or outcome.acted is None:
        return "nobody acts on it"
    parts = {
        "until it rings and somebody comes": outcome.acted,
        "the mending": outcome.mended - outcome.acted,
    }
    part = max(parts, key=lambda one: parts[one])
    return f"the longest part is {part}, {say_time(parts[part])}"


def _measure(done: Rehearsed, measure: str, value: float) -> str:
    if measure == "harm":
        return _money(done.plan, value)
    if measure == "affected":
        return _cases(value)
    if value >= done.days * 86400:
        return f"never within {say_many_days(done.days)}"
    return f"{say_time(value)} until it is {measure}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _spread(spread: Spread, never: str) -> str:
    if spread.median is None:
        return never
    low, high = (say_time(one) if one is not None else "never" for one in (spread.low, spread.high))
    return f"after {say_time(spread.median)} (90 % of runs: {low} to {high})"


def _range(spread: Spread) -> str:
    """The range of nine runs in ten, in brackets where there is one."""
    low, high = (say_time(one) if one is not None else "never" for one in (spread.low, spread.high))
    return "" if low == high else f" ({low} to {high})"


def say_time(seconds: float) -> str:
    """Return a time as somebody would round it."""
    for unit in (86400.0, 3600.0, 60.0):
        if seconds >= 2 * unit:
            return say_duration(round(seconds / unit) * unit)
    return say_duration(float(round(seconds)))


def say_days(seconds: float) -> str:
    """Return a long time in days."""
    return f"{say_many_days(round(seconds / 86400))} after its start"


def say_many_days(count: float) -> str:
    """Return a number of days with the word that fits it."""
    return f"{count:,.4g} day{'' if count == 1 else 's'}"


# ------------------------------------------------------------------ data


def as_data(done: Rehearsed) -> dict[str, Any]:
    """Return the rehearsal as plain values, without the name of the project."""
    walk, stakes = done.walk, done.plan.stakes
    return {
        "schema": 1,
        "seed": done.seed,
        "runs": RUNS,
        "days": done.days,
        "chain": {
            "released": walk.released,
            "stages": list(walk.stages),
            "attempts": dict(walk.attempts),
            "gates": walk.gates,
            "by_evidence": walk.judged_by_evidence,
            "ends_after_s": walk.ends,
            "stopped": walk.stopped or None,
            "fix": walk.fix or None,
            "missing_answers": list(walk.missing),
            "gates_without_limit": list(walk.opened),
            "evidence_not_asked_for": list(walk.unused),
        },
        "at_stake": {
            "decisions_a_day": stakes.per_day if stakes.counted else None,
            "period_s": stakes.period,
            "period_from": stakes.read_from or None,
            "gain_a_day": None if stakes.gain is None else stakes.gain * stakes.per_day,
            "currency": stakes.currency if stakes.in_money else None,
            "capped": stakes.capped or None,
            "no_cost_because": stakes.unsaid or None,
        },
        "scenarios": [_result(done.plan, one) for one in done.results]
        + [{"id": id, "applies": False, "because": why} for id, why in done.spared.items()],
        "assumed": list(says(*CHAIN, *(one.fault.mends for one in done.results))),
    }


def _result(plan: Plan, result: Result) -> dict[str, Any]:
    outcome = result.outcome
    return {
        "id": result.fault.id,
        "applies": True,
        "happens": result.happens,
        "share_noticed": share_noticed(result),
        "noticed_s": _numbers(result.noticed),
        "monitor": outcome.monitor.id if outcome.monitor else None,
        "by_chance_a_month": round(result.by_chance, 3),
        "severity": outcome.monitor.severity if outcome.monitor else None,
        "called": outcome.reached.name if outcome.reached else None,
        "how": outcome.reached.how if outcome.reached else None,
        "acted_s": _numbers(result.acted),
        "mended_s": _numbers(result.mended),
        "cost": _numbers(result.harm) if plan.stakes.in_money else None,
        "currency": plan.stakes.currency if plan.stakes.in_money else None,
        "decisions_affected": _numbers(result.affected) if plan.stakes.counted else None,
        "fallback": None if outcome.fallback is None else outcome.fallback.verdict,
        "fallback_because": None if outcome.fallback is None else outcome.fallback.says,
        "change_first": _change(result.better),
        "depends_on": _change(result.depends),
    }


def _change(better: Better | None) -> dict[str, Any] | None:
    if better is None:
        return None
    return {
        "answer": better.says, "measure": better.measure, "before": better.before, "after": better.after,
        "less": round(better.gain, 4),
    }  # fmt: skip


def _numbers(spread: Spread) -> dict[str, float | None]:
    return {"median": spread.median, "low": spread.low, "high": spread.high}


def metrics(done: Rehearsed) -> dict[str, Any]:
    """Return counters and times: events by type, and for each stage its attempts, work and waiting."""
    walk = done.walk
    return {
        "schema": 1,
        "events": _counted([one.type for one in done.events]),
        "stages": {
            one: {
                "name": NAMES[one],
                "attempts": walk.attempts.get(one, 0),
                "work_s": walk.worked.get(one, 0.0),
                "waiting_s": walk.waited.get(one, 0.0),
                "events": _counted([event.type for event in done.events if event.stage == one]),
            }
            for one in walk.stages
        },
        "scenarios": {
            one.fault.id: {"noticed_s": one.noticed.median, "acted_s": one.acted.median, "mended_s": one.mended.median}
            for one in done.results
        },
    }


def _counted(types: Sequence[str]) -> dict[str, int]:
    return {one: types.count(one) for one in sorted(set(types))}


def trace(done: Rehearsed) -> str:
    """Return every event as one line of JSON, in chain order."""
    import json

    return "".join(f"{json.dumps(one.as_data(), ensure_ascii=False)}\n" for one in done.events)
