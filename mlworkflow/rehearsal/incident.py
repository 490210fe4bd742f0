"""One incident: a fault starts, monitors look, somebody is called, it is mended, and what it cost is added up."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf
from typing import Any

from mlworkflow.quantity import say_duration
from mlworkflow.rehearsal.assumed import ASSUMED
from mlworkflow.rehearsal.calling import FORTNIGHT, NOBODY, PAGES, Away, Reached, away_by, reach
from mlworkflow.rehearsal.chance import dice
from mlworkflow.rehearsal.event import IMPROVE, OPERATE, RELEASE, Bus, clock
from mlworkflow.rehearsal.fallbacks import Stood, instead_of, stood
from mlworkflow.rehearsal.faults import Fault, State
from mlworkflow.rehearsal.freezes import frozen, week_of
from mlworkflow.rehearsal.hours import after_work, next_hour_of_work
from mlworkflow.rehearsal.monitors import Monitor, monitors_of
from mlworkflow.rehearsal.plan import Plan
from mlworkflow.rehearsal.releasing import exposed, guards

DAY, HOUR = 86400.0, 3600.0
WEEK = 7 * DAY
# Alerts that open an investigation and mend nothing where the relation changed: drift alone retrains nothing.
_LOOKS_ONLY = ("alert-input-drift", "alert-score-shift", "monitor-proxy", "gate-labels-arrived", "alert-source-stale")
_DRIFT = ("alert-input-drift", "alert-score-shift", "alert-quality-loss", "alert-golden-night", "monitor-proxy",
          "monitor-concept", "signal-topic-drift")  # fmt: skip
OPERATES, TRAINS, RELEASES, DATA = "MOS", "ESC", "IOR", "POR"
NOTICED, ABSORBED, RESTED, UNSEEN = "noticed", "absorbed", "over by itself", "not noticed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one run: when it was noticed, by what, who came and when, when it was mended, what it cost."""

    ended: str
    noticed: float | None
    monitor: Monitor | None
    reached: Reached | None
    acted: float | None
    mended: float | None
    harm: float
    affected: float
    fallback: Stood | None
    start: float
    rang: tuple[str, ...] = ()


@dataclass
class _Run:
    """What is known while one incident runs; times count from its start."""

    plan: Plan
    fault: Fault
    env: Any
    bus: Bus
    seed: tuple[object, ...]
    start: float
    horizon: float
    monday: datetime.date
    noticed: float | None = None
    monitor: Monitor | None = None
    reached: Reached | None = None
    acted: float | None = None
    mended: float | None = None
    held: float | None = None
    learned: list[tuple[float, float]] = field(default_factory=list)
    rang: list[str] = field(default_factory=list)
    retrained: int = 0
    frozen: float = 0.0
    # Calls on the way: which alert sent them, and to whom.
    calls: dict[Monitor, Reached] = field(default_factory=dict)

    @property
    def now(self) -> float:
        """Time since the fault."""
        return float(self.env.now)

    @property
    def clock(self) -> float:
        """Time of the week."""
        return self.start + self.now

    def say(self, type: str, phase: str, stage: str, says: str, **more: Any) -> None:
        """Publish an event of this incident."""
        self.bus.publish(self.clock, type, phase, stage, says, scenario=self.fault.id, **more)

    def world(self, time: float) -> State:
        """The world as monitors see it: what was learned again is not lost any more."""
        state = self._world(time)
        if self.learned and state.lost:
            return replace(state, lost=max(0.0, state.lost - self._learned(time)))
        return state

    def lost(self, time: float, state: State) -> float:
        """The share of the gain that is lost, less what was learned again, and little once a broken load is held."""
        lost = max(0.0, state.lost - self._learned(time)) if self.learned else state.lost
        return lost if self.held is None or time < self.held else min(lost, 0.05)

    def _learned(self, time: float) -> float:
        """The loss that the version of that time has seen in its labels."""
        place = bisect_right(self.learned, (time, inf)) - 1
        return self._world(self.learned[place][1]).lost if place >= 0 and self.learned[place][1] > 0 else 0.0

    def __post_init__(self) -> None:
        self._world = self.fault.world(self.plan)

    def fault_at(self, time: float) -> State:
        """The world as the fault alone makes it."""
        return self._world(time)


def run(plan: Plan, fault: Fault, seed: int, number: int, days: float, bus: Bus) -> Outcome:
    """Return what comes of one run of a fault; the same seed and number give the same run."""
    import simpy

    rng = dice(seed, fault.id, number)
    start = WEEK * rng.random()
    if fault.office:
        start = next_hour_of_work(start) + 6 * HOUR * rng.random()
    monday = week_of(plan.begins, dice(seed, fault.id, number, "week"))
    now = _Run(plan, fault, simpy.Environment(), bus, (seed, fault.id, number), start, days * DAY, monday)
    now.say("fault.injected", OPERATE, OPERATES, fault.happens(plan))
    _start(now)
    now.env.run(until=now.horizon)
    return _outcome(now)


def _start(now: _Run) -> None:
    plan = now.plan
    if now.fault.mends == "rollback":
        for guard in guards(plan):
            now.env.process(_watched(now, guard, itself=True))
        share = f"{100 * exposed(plan, plan.mending.hidden):g} % of the traffic"
        first = f"{say_duration(plan.mending.hidden)} unseen, then " if plan.mending.hidden else ""
        now.say("rollout.step", RELEASE, RELEASES, f"a new version goes out: {first}{share}")
    for place, monitor in enumerate(monitors_of(plan)):
        if monitor.touched(now.world):
            now.env.process(_watched(now, monitor, place=place))
    if now.world(0.0).failed > 0 and now.fault.mends != "rollback":
        now.say("fallback", OPERATE, RELEASES, stood(plan, HOUR, now.world(0.0)).says, receiver=OPERATES)
    if now.fault.mends == "retrain" and plan.mending.cadence:
        now.env.process(_until_closed(now, _on_schedule(now, plan.mending.cadence)))
    if now.fault.mends == "dependency":
        now.env.process(_mended_after(now, ASSUMED["dependency_alone"], "its owner mends it unasked"))
    if now.fault.lasts is not None:
        now.env.process(_mended_after(now, now.fault.lasts, "it is over by itself"))


# ------------------------------------------------------------------ noticing


def _watched(now: _Run, monitor: Monitor, itself: bool = False, place: int = 0) -> Generator[Any, Any, None]:
    rng = dice(now.seed[0], *now.seed[1:], monitor.id, monitor.sees.split(" ")[0], place if itself else "")  # type: ignore[arg-type]

    partly = now.fault.mends == "rollback" and not itself
    known: dict[float, State] = {}

    def world(time: float) -> State:
        if not partly:
            return now.world(max(0.0, time))
        part = exposed(now.plan, time)  # a bad version is the same all the time; only more and more see it
        if part not in known:
            state = now.world(max(0.0, time))
            known[part] = replace(state, failed=part * state.failed, scores=part * state.scores, lost=part * state.lost)
        return known[part]

    for wait in monitor.watch(world, lambda: now.now, rng):
        if wait == inf:
            return
        yield now.env.timeout(max(wait, 1e-3))
        if now.mended is not None:
            return
    if now.now < monitor.soonest:
        yield now.env.timeout(monitor.soonest - now.now)
        if now.mended is not None:
            return
    yield from _rings(now, monitor, itself)


def _rings(now: _Run, monitor: Monitor, itself: bool) -> Generator[Any, Any, None]:
    now.rang.append(monitor.id)
    if monitor.id in _DRIFT:
        now.say("drift.detected", OPERATE, OPERATES, monitor.sees, monitor=monitor.id)
    now.say("alert", OPERATE, OPERATES, f"{monitor.title} ({monitor.severity})", monitor=monitor.id,
            severity=monitor.severity)  # fmt: skip
    if now.noticed is None:
        now.noticed, now.monitor = now.now, monitor
    if itself:
        yield from _until_closed(now, _taken_back(now))
        return
    if monitor.id == "alert-source-stale" and now.held is None:
        now.held = now.now
        now.say("fallback", OPERATE, DATA, "the load is held, the last accepted one is scored", receiver=OPERATES)
    if _joins(now, monitor):
        now.say("alert.grouped", OPERATE, OPERATES, f"{monitor.title}: joins the open incident, calls nobody again",
                monitor=monitor.id)  # fmt: skip
        return
    rng = dice(now.seed[0], *now.seed[1:], "calls", len(now.rang))  # type: ignore[arg-type]
    found = reach(now.plan.rota, now.clock, monitor.severity, monitor.area, rng, _away(now))
    if now.reached is None:
        now.reached = found
    now.calls[monitor] = found
    for one in found.tries:
        yield now.env.timeout(max(0.0, one.time - now.clock))
        if now.mended is not None or now.acted is not None:
            return
        now.say(_call(found), OPERATE, OPERATES, f"{one.name}: {found.how if one.answered else one.why}",
                receiver=one.name, answered=one.answered)  # fmt: skip
    if found.time == inf:
        return
    yield now.env.timeout(max(0.0, found.time - now.clock))
    now.calls.pop(monitor)
    if now.mended is None:
        yield from _acts(now, monitor, found)


def _joins(now: _Run, monitor: Monitor) -> bool:
    """Whether somebody has this incident, or is already called for it as loudly by an alert that gets it mended."""
    if now.acted is not None:
        return True
    loud = monitor.severity in PAGES
    return any(
        _mends(now, one) and found.time < inf and (one.severity in PAGES or not loud)
        for one, found in now.calls.items()
    )


def _call(found: Reached) -> str:
    return "ticket" if found.how == "ticket" else "page"


def _away(now: _Run) -> Away:
    usual = away_by(*now.seed)
    if now.fault.id != "key-person-away":
        return usual
    back = now.start + FORTNIGHT
    return lambda name, time: max(0.0, back - time) if name == now.plan.key_person else usual(name, time)


# ------------------------------------------------------------------ mending


def _acts(now: _Run, monitor: Monitor, found: Reached) -> Generator[Any, Any, None]:
    if now.fault.mends == "retrain" and not _mends(now, monitor):
        now.say("investigated", OPERATE, OPERATES, "the world changed, nothing is broken; quality decides",
                receiver=found.name)  # fmt: skip
        return
    if now.acted is not None or not _mends(now, monitor):
        return
    now.acted = now.now
    now.reached = found
    now.say("acknowledged", OPERATE, OPERATES, f"{found.name} takes it", receiver=found.name)
    mending = {
        "retrain": _retrains, "rollback": _rolls_back, "labels": _mends_labels, "data": _mends_data,
        "capacity": _adds_workers, "dependency": _calls_owner, "provider": _moves_model,
    }[now.fault.mends](now)  # fmt: skip
    yield from _until_closed(now, mending)


def _mends(now: _Run, monitor: Monitor) -> bool:
    """Whether this alert leads to the mending, and not only to a look."""
    if now.fault.mends == "retrain":
        return monitor.id not in _LOOKS_ONLY
    return now.fault.mends != "labels" or monitor.id == "gate-labels-arrived"


def _until_closed(now: _Run, work: Generator[Any, Any, None]) -> Generator[Any, Any, None]:
    """Work on, until the incident is closed by this or by something else."""
    for wait in work:
        yield wait
        if now.mended is not None:
            return


def _close(now: _Run, says: str) -> None:
    if now.mended is None:
        now.mended = now.now
        for found in now.calls.values() if now.acted is None else ():
            now.say(_call(found), OPERATE, OPERATES, f"{found.name}: not read before the close", receiver=found.name,
                    answered=False)  # fmt: skip
        now.say("incident.closed", OPERATE, OPERATES, says)


def _mended_after(now: _Run, seconds: float, says: str) -> Generator[Any, Any, None]:
    yield now.env.timeout(seconds)
    _close(now, says)


def _taken_back(now: _Run) -> Generator[Any, Any, None]:
    now.acted = now.now
    yield now.env.timeout(ASSUMED["rollback_itself"])
    now.say("rollback", RELEASE, RELEASES, "the rule switches back by itself", receiver=OPERATES)
    _close(now, "the previous version serves")


def _rolls_back(now: _Run) -> Generator[Any, Any, None]:
    yield now.env.timeout(ASSUMED["rollback"])
    now.say("rollback", RELEASE, RELEASES, "switched back by hand", receiver=OPERATES)
    _close(now, "the previous version serves")


def _adds_workers(now: _Run) -> Generator[Any, Any, None]:
    yield now.env.timeout(ASSUMED["workers"])
    _close(now, "there is capacity for it")


def _calls_owner(now: _Run) -> Generator[Any, Any, None]:
    yield now.env.timeout(ASSUMED["dependency"])
    _close(now, "its owner was called and mended it")


def _working(now: _Run, seconds: float) -> Any:
    return now.env.timeout(after_work(now.clock, seconds) - now.clock)


def _mends_labels(now: _Run) -> Generator[Any, Any, None]:
    yield _working(now, ASSUMED["label_fix"])
    _close(now, "the feed of labels is mended")


def _mends_data(now: _Run) -> Generator[Any, Any, None]:
    if now.held is None and not set(now.rang) & {"alert-index-old", "alert-sensor"}:
        yield _working(now, ASSUMED["diagnosis"])
        now.say("investigated", OPERATE, DATA, "a source broke, the world did not change")
    yield _working(now, ASSUMED["data_fix"])
    _close(now, "the source passes its checks again")


def _moves_model(now: _Run) -> Generator[Any, Any, None]:
    yield _working(now, ASSUMED["provider_fix"])
    now.say("gate.passed", REVIEW_PHASE, TRAINS, "golden set on the other model", attempt=2)
    _close(now, "another model serves, behind the same gates")


REVIEW_PHASE = "review"


def _retrains(now: _Run) -> Generator[Any, Any, None]:
    """Find the cause, wait for labels that know the new world, train, pass the gates, roll out in steps."""
    plan = now.plan
    yield _working(now, ASSUMED["diagnosis"])
    now.say("retrain.requested", IMPROVE, OPERATES, _asked(plan), receiver=TRAINS)
    if plan.mending.learns and plan.quality.label_age:
        enough = plan.quality.label_age + WEEK
        if now.now < enough:
            now.say(
                "labels.awaited", IMPROVE, TRAINS, f"labels of the new world are mature {clock(now.start + enough)}"
            )
            yield now.env.timeout(enough - now.now)
    yield from _new_version(now)
    _close(now, "the retrained version serves" if plan.mending.learns else "the new bundle serves")


def _asked(plan: Plan) -> str:
    if plan.generative:
        return "cases, prompt or index for what changed"
    return "training on labels that know the new world"


def _on_schedule(now: _Run, cadence: float) -> Generator[Any, Any, None]:
    """A scheduled retraining learns what mature labels know, whether anybody noticed or not."""
    yield now.env.timeout(cadence * dice(now.seed[0], *now.seed[1:], "schedule").random())  # type: ignore[arg-type]
    while now.mended is None:
        known = now.now - (now.plan.quality.label_age or 0.0)
        if known > WEEK and now.acted is None:
            began = now.now
            now.say("retrain.requested", IMPROVE, OPERATES, "the calendar asks for it", receiver=TRAINS)
            yield from _new_version(now)
            if now.fault.id == "sudden-drift":
                _close(now, "the scheduled retraining has learned the new relation")
                return
            yield now.env.timeout(max(0.0, cadence - (now.now - began)))
        else:
            yield now.env.timeout(cadence)


def _new_version(now: _Run) -> Generator[Any, Any, None]:
    now.retrained += 1
    attempt, plan = now.retrained + 1, now.plan
    known = now.now - (plan.quality.label_age or 0.0) if plan.mending.learns else now.now
    now.say("stage.started", IMPROVE, TRAINS, "training", attempt=attempt)
    yield now.env.timeout(plan.mending.training)
    now.say("candidate.selected", IMPROVE, TRAINS, "the same recipe on newer data", attempt=attempt)
    yield _working(now, ASSUMED["gate_work"])
    now.say("gate.passed", REVIEW_PHASE, TRAINS, "wins on the newest mature period", attempt=attempt)
    now.say("stage.completed", IMPROVE, TRAINS, "registered", receiver=RELEASES, attempt=attempt)
    yield from _unfrozen(now, "first step of the rollout")
    now.say("rollout.step", RELEASE, RELEASES, "first step of the rollout", receiver=OPERATES, attempt=attempt)
    yield now.env.timeout(plan.mending.hidden + plan.mending.canary)
    yield from _unfrozen(now, "the step to everyone")
    now.say("rollout.step", RELEASE, RELEASES, "everyone", receiver=OPERATES, attempt=attempt)
    now.learned.append((now.now, known))


def _unfrozen(now: _Run, step: str) -> Generator[Any, Any, None]:
    """A step of a rollout begins in no freeze; the way back never waits, nor does a refresh that gates let through."""
    plan = now.plan
    if not plan.freezes or (plan.mending.learns and not plan.refreshes_wait):
        return
    wait, freeze = frozen(plan.freezes, now.monday, now.clock)
    if wait > 0:
        now.say("release.frozen", RELEASE, RELEASES, f"{step} waits {say_duration(wait)} for the end of: {freeze}")
        now.frozen += wait
        yield now.env.timeout(wait)


# ------------------------------------------------------------------ what it came to


def _outcome(now: _Run) -> Outcome:
    end = min(now.mended if now.mended is not None else now.horizon, now.horizon)
    harm, affected, failing = _added_up(now, end)
    failed = now.world(0.0).failed
    fallback = stood(now.plan, failing, now.world(0.0)) if failed > 0 and now.fault.mends != "rollback" else None
    return Outcome(
        _ending(now), now.noticed, now.monitor, now.reached, now.acted, now.mended, harm, affected, fallback,
        now.start, tuple(now.rang),
    )  # fmt: skip


def _ending(now: _Run) -> str:
    if now.noticed is not None:
        return NOTICED
    if now.fault.mends == "retrain" and now.learned:
        return ABSORBED
    return RESTED if now.mended is not None else UNSEEN


_STEPS = 60


def _added_up(now: _Run, end: float) -> tuple[float, float, float]:
    """Money or decisions lost, decisions affected, and the seconds in which requests failed."""
    plan, instead = now.plan, instead_of(now.plan)
    marks = [0.0, *(time for time, _ in now.learned), now.held, plan.mending.hidden + plan.mending.canary,
             plan.mending.hidden, now.fault.lasts, end]  # fmt: skip
    edges = sorted({one for one in marks if one is not None and one <= end})
    harm = affected = failing = 0.0
    for low, high in pairwise(edges):
        steps = max(2, min(_STEPS, 10 * _STEPS // len(edges)))
        width = (high - low) / steps
        for step in range(steps):
            time = low + (step + 0.5) * width
            state = now.fault_at(time)
            part = exposed(plan, time) if now.fault.mends == "rollback" else 1.0
            lost = now.lost(time, state)
            each = plan.stakes.loss(lost, state.failed, instead)
            count = plan.stakes.per_day * width / DAY * part * state.times
            harm += count * each
            affected += count * (state.failed + (1 - state.failed) * (lost >= 0.1))
            failing += width * (state.failed > 0)
    return harm, affected, failing


def name_of(reached: Reached | None) -> str:
    """Return who came, or nobody."""
    return NOBODY if reached is None else reached.name
