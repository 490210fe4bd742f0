"""How a bad version is seen on its way to everyone: the golden set, tables side by side, the canary and its rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf, sqrt
from random import Random

from mlworkflow.rehearsal.assumed import ASSUMED
from mlworkflow.rehearsal.chance import successes
from mlworkflow.rehearsal.faults import World
from mlworkflow.rehearsal.monitors import MINUTE, Monitor, Now, Watch, last_requests
from mlworkflow.rehearsal.plan import GOLDEN_RUN, Plan

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
        yield _guard(plan, "gate-threshold", "Golden set before the release", "one run of the golden set", _golden)
    if plan.mending.hidden and not plan.generative:
        sees = f"{READ_BY_HAND} differences read by hand"
        yield _guard(plan, "gate-disagreement", "Differences before anybody acts on it", sees, _read)
    if plan.online and plan.mending.rolls_back:
        sees = "errors of 15 minutes on the exposed share"
        yield _guard(plan, "back-errors", "Rollback rule on errors", sees, _errors)
        yield _guard(plan, "gate-live-errors", "Gate at the end of the canary", "error share of the canary", _canary)


def _guard(plan: Plan, id: str, title: str, sees: str, watch: Callable[[Plan, World, Now, Random], Watch]) -> Monitor:
    severity, area = ("SEV-2", "platform") if id == "back-errors" else ("SEV-3", "model")
    return Monitor(
        id, title, severity, area, sees, ("failed", "lost"), lambda world, now, rng: watch(plan, world, now, rng)
    )


def _golden(plan: Plan, world: World, now: Now, rng: Random) -> Watch:
    cases = plan.inputs.golden_set or 0.0
    gain = abs(plan.quality.released - plan.quality.nothing) if plan.quality.is_share else 0.3
    yield GOLDEN_RUN
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
    yield plan.mending.hidden
    yield from last_requests(lambda: world(now()).failed, lambda: plan.serving.load * exposed(plan, now()), rng)


def _canary(plan: Plan, world: World, now: Now, rng: Random) -> Watch:
    yield plan.mending.hidden + plan.mending.canary
    held = plan.serving.load * plan.mending.canary * plan.mending.canary_share
    if successes(rng, held, world(now()).failed) / max(held, 1.0) <= plan.serving.budget:
        yield inf
