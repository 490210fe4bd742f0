"""The whole rehearsal of one design: the chain first, then each fault in the system that it released."""

from __future__ import annotations

from collections.abc import Sequence

from mlworkflow.designing import Spec
from mlworkflow.gates import Evidence
from mlworkflow.rehearsal.chain import walk
from mlworkflow.rehearsal.changing import changes_of
from mlworkflow.rehearsal.event import Bus, Event
from mlworkflow.rehearsal.faults import FAULTS
from mlworkflow.rehearsal.hours import DAY
from mlworkflow.rehearsal.plan import plan_of
from mlworkflow.rehearsal.results import Result, rehearse, renumbered
from mlworkflow.rehearsal.telling import Rehearsed

WEEK = 7 * DAY


def rehearsed(spec: Spec, names: Sequence[str], seed: int, days: float, evidence: Evidence | None = None) -> Rehearsed:
    """Return what the chain and each of these faults come to; a release that a gate stopped meets no fault."""
    bus, plan = Bus(), plan_of(spec)
    walked = walk(spec, bus, evidence)
    events: list[Event] = renumbered(sorted(bus.events, key=lambda one: (one.time, one.sequence)), 0)
    spared = {name: why for name in names if (why := FAULTS[name].spares(plan))}
    wanted = [] if walked.stopped and not walked.missing else [name for name in names if name not in spared]
    changes = changes_of(spec) if wanted else ()
    start = -(-walked.ends // WEEK) * WEEK
    results: list[Result] = []
    for name in wanted:
        result = rehearse(plan, FAULTS[name], seed, days, changes, len(events), start)
        results.append(result)
        events += result.events
    return Rehearsed(plan, walked, tuple(results), spared, tuple(events), seed, days)
