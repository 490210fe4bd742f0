"""How a bad version is seen on its way to everyone: the golden set, tables side by side, the canary and its rules."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, sqrt
from random import Random

from mlworkflow.rehearsal.assumed import ASSUMED
from mlworkflow.rehearsal.chance import successes
from mlworkflow.rehearsal.faults import World
from mlworkflow.rehearsal.monitors import MINUTE, Monitor, Now, Watch
from mlworkflow.rehearsal.plan import Plan

DAY = 86400.0
READ_BY_HAND = 100


def exposed(plan: Plan, time: float) -> float:
    """Return the share of decisions that a new version makes so long after its release began."""
    mending = plan.mending
    if time < mending.hidden:
        return 0.0
    return mending.canary_share if time < mending.hidden + mending.canary else 1.0


def guards(plan: Plan) -> tuple[Monitor, ...]:
    """Return what watches a release; whatever rings here takes the version back by itself."""
    return tuple(_guards(plan))


def _guards(plan: Plan) -> Iterator[Monitor]:
    if plan.generative and plan.inputs.golden_set and plan.inputs.golden_alarm is not None:
        yield Monitor("gate-threshold", "Golden set before the release", "SEV-3", "one run of the golden set", ("regressed",),
                      lambda world, now, rng: _golden(plan, world, now, rng))  # fmt: skip
    if plan.mending.hidden:
        yield Monitor("gate-disagreement", "Differences before anybody acts on it", "SEV-3",
                      f"{READ_BY_HAND} differences read by hand", ("lost",), lambda world, now, rng: _read(plan, world, now, rng))  # fmt: skip
    if plan.online and plan.mending.rolls_back:
        yield Monitor("back-errors", "Rollback rule on errors", "SEV-2", "errors of 15 minutes on the exposed share", ("failed",),
                      lambda world, now, rng: _errors(plan, world, now, rng))  # fmt: skip
        yield Monitor("gate-live-errors", "Gate at the end of the canary", "SEV-3", "error share of the canary", ("failed",),
                      lambda world, now, rng: _canary(plan, world, now, rng))  # fmt: skip


def _golden(plan: Plan, world: World, now: Now, rng: Random) -> Watch:
    cases = plan.inputs.golden_set or 0.0
    gain = abs(plan.quality.released - plan.quality.nothing) if plan.quality.is_share else 0.3
    yield 15 * MINUTE
    if rng.gauss(world(now()).regressed * gain * cases, sqrt(0.1 * cases)) < (plan.inputs.golden_alarm or 0.0):
        yield inf


def _read(plan: Plan, world: World, now: Now, rng: Random) -> Watch:
    yield min(plan.mending.hidden * 0.5, DAY)
    if successes(rng, READ_BY_HAND, world(now()).lost) / READ_BY_HAND <= 0.1:
        yield inf


def _errors(plan: Plan, world: World, now: Now, rng: Random) -> Watch:
    """Three times the usual level and at least twenty; where requests are few, five in a row or of the last fifty."""
    live, usual = plan.serving, ASSUMED["background"] * plan.serving.budget
    if live.few:
        yield from _few(plan, world, now, rng)
        return
    yield plan.mending.hidden
    for _ in range(2000):
        yield 15 * MINUTE
        held = live.load * 15 * MINUTE * exposed(plan, now())
        failed = successes(rng, held, max(usual, world(now()).failed))
        if failed >= 20 and failed / max(held, 1.0) > 3 * usual:
            return
    yield inf


def _few(plan: Plan, world: World, now: Now, rng: Random) -> Watch:
    last: list[bool] = []
    yield plan.mending.hidden
    for _ in range(5000):
        yield rng.expovariate(plan.serving.load * max(exposed(plan, now()), 1e-6))
        last = [*last[-49:], rng.random() < world(now()).failed]
        if sum(last) >= 5:
            return
    yield inf


def _canary(plan: Plan, world: World, now: Now, rng: Random) -> Watch:
    yield plan.mending.hidden + plan.mending.canary
    held = plan.serving.load * plan.mending.canary * plan.mending.canary_share
    if successes(rng, held, world(now()).failed) / max(held, 1.0) <= plan.serving.budget:
        yield inf
