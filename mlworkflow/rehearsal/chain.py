"""The chain of stages as a design lays it out: work, artifacts that cross whole, gates by veto, a bounded way back."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlworkflow.artifacts import Artifact, artifacts, as_data, faults, filled
from mlworkflow.artifacts.blanks import Blank
from mlworkflow.designing import Spec
from mlworkflow.gates import Evidence, Gate, gates_of, judge
from mlworkflow.gates.evidence import Shown
from mlworkflow.gates.judging import OPEN, Judged
from mlworkflow.quantity import say_duration
from mlworkflow.rehearsal.assumed import ASSUMED
from mlworkflow.rehearsal.event import CREATE, RELEASE, REVIEW, Bus
from mlworkflow.rehearsal.freezes import begins_on, frozen
from mlworkflow.rehearsal.hours import after_work, next_hour_of_work
from mlworkflow.rehearsal.steps import Step, steps_of
from mlworkflow.responsibility import Responsibility, responsibility

HOUR = 3600.0
ORCHESTRATOR = "orchestrator"
POR, FAR, ESC, GCA, IOR, MOS = "POR", "FAR", "ESC", "GCA", "IOR", "MOS"
NAMES = {
    POR: "data_pipeline", FAR: "feature_engineering", ESC: "training", GCA: "governance", IOR: "inference",
    MOS: "deployment",
}  # fmt: skip
# Where the gates of each area are judged, to whom they go back, and which stage of the map each persona works in.
_JUDGED_AT = {"data": FAR, "model": ESC, "platform": IOR}
_BACK_TO = {"data": POR, "model": ESC, "platform": IOR}
_MAPPED = {POR: "data", FAR: "data", ESC: "train", GCA: "train", IOR: "serve", MOS: "deploy"}
# A name that the work gives where no answer does; nothing is held up for it.
_NICKNAMES = ("dataset",)
_MADE_AT = {"data": POR, "train": ESC, "serve": IOR, "deploy": MOS, "on-call": MOS}


@dataclass(frozen=True, slots=True)
class Walk:
    """How the chain ended: when, what stopped it, what was only open, and what was handed over."""

    ends: float
    stopped: str
    fix: str
    missing: tuple[str, ...]
    opened: tuple[str, ...]
    gates: int
    judged_by_evidence: bool
    attempts: Mapping[str, int]
    stages: tuple[str, ...]
    waited: Mapping[str, float]
    worked: Mapping[str, float]
    unused: tuple[str, ...] = ()

    @property
    def released(self) -> bool:
        """Whether the last stage was completed."""
        return not self.stopped


@dataclass
class _Walk:
    """What is known while the chain runs."""

    spec: Spec
    env: Any
    bus: Bus
    evidence: Evidence | None
    team: Responsibility
    stages: tuple[str, ...]
    made: dict[str, Artifact] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    opened: dict[str, None] = field(default_factory=dict)
    waited: dict[str, float] = field(default_factory=dict)
    worked: dict[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    gates: int = 0
    stopped: str = ""
    fix: str = ""

    def say(self, type: str, phase: str, stage: str, says: str, **more: Any) -> None:
        """Publish an event of the chain."""
        attempt = more.pop("attempt", self.attempts.get(stage, 1))
        self.bus.publish(self.env.now, type, phase, stage, says, attempt=attempt, **more)


def walk(spec: Spec, bus: Bus, evidence: Evidence | None = None) -> Walk:
    """Return how the chain of a design ends; what evidence does not speak of is rehearsed as just met."""
    import simpy

    now = _Walk(spec, simpy.Environment(), bus, evidence, responsibility(spec), stages_of(spec))
    done = now.env.process(_chain(now))
    now.env.run(until=done)
    return Walk(
        float(now.env.now), now.stopped, now.fix, now.missing, tuple(now.opened), now.gates, evidence is not None,
        dict(now.attempts), now.stages, dict(now.waited), dict(now.worked), _unused(spec, evidence),
    )  # fmt: skip


def _unused(spec: Spec, evidence: Evidence | None) -> tuple[str, ...]:
    """Keys of the evidence for which no gate of any phase asks, with what may have been meant."""
    if evidence is None:
        return ()
    from difflib import get_close_matches

    asked = {gate.key for gate in gates_of(spec)}
    meant = {key: get_close_matches(key, asked, n=1, cutoff=0.7) for key in evidence.values if key not in asked}
    return tuple(f"{key} (did you mean {close[0]}?)" if close else key for key, close in sorted(meant.items()))


def stages_of(spec: Spec) -> tuple[str, ...]:
    """Return the personas of the chain in order; where it is asked for, governance stands before inference."""
    governed = bool(spec.value("regulated")) or spec.value("promotion") == "independent-review"
    return (POR, FAR, ESC, *((GCA,) if governed else ()), IOR, MOS)


def _chain(now: _Walk) -> Generator[Any, Any, None]:
    place, sender = 0, ORCHESTRATOR
    yield from _handed(now, ORCHESTRATOR, now.stages[0])
    while place < len(now.stages):
        stage = now.stages[place]
        now.attempts[stage] = now.attempts.get(stage, 0) + 1
        now.say("stage.started", CREATE, stage, NAMES[stage], sender=sender)
        back = yield from _stage(now, stage)
        if now.stopped:
            return
        if back is not None:
            sender, place = stage, now.stages.index(back)
            continue
        now.say("stage.completed", CREATE, stage, NAMES[stage])
        sender = stage
        place += 1
        if place < len(now.stages):
            yield from _handed(now, stage, now.stages[place])
            if now.stopped:
                return


# ------------------------------------------------------------------ one stage


def _stage(now: _Walk, stage: str) -> Generator[Any, Any, str | None]:
    """Do the work, make the artifacts, pass the gates; return the stage that gets it back where one fails."""
    began = now.env.now
    if stage == ESC:
        yield from _candidates(now)
    yield now.env.timeout(after_work(now.env.now, ASSUMED["stage_work"]) - now.env.now)
    now.worked[stage] = now.worked.get(stage, 0.0) + now.env.now - began
    _make(now, stage)
    back = _gates(now, stage, _gates_at(now, stage), REVIEW)
    if back is None and stage == MOS and not now.stopped:
        back = yield from _rollout(now)
    return back


def _candidates(now: _Walk) -> Generator[Any, Any, None]:
    """Every candidate trains at the same time; the design's main one is chosen when all are there."""
    main = float(now.spec.value("search_time") or 8 * HOUR)
    clauses = now.spec.kind("candidate")
    names = [(one.clause.id, str(one.says), str(one.columns["role"])) for one in clauses]
    runs = [now.env.process(_candidate(now, id, says, role, main)) for id, says, role in names]
    if runs:
        yield now.env.all_of(runs)
    chosen = next((one for one in names if one[2].startswith("main")), names[0] if names else ("", "the model", ""))
    now.say("candidate.selected", CREATE, ESC, chosen[1], candidate=chosen[0])


def _candidate(now: _Walk, id: str, says: str, role: str, main: float) -> Generator[Any, Any, None]:
    now.say("candidate.started", CREATE, ESC, says, candidate=id, role=role)
    yield now.env.timeout(main if role.startswith("main") else main / 3)
    now.say("candidate.completed", CREATE, ESC, says, candidate=id, role=role)


def _make(now: _Walk, stage: str) -> None:
    below = {id: one.hash for id, one in now.made.items()}
    for one in artifacts(now.spec):
        if _MADE_AT[one.stage] == stage:
            made = _worked_out(one, below)
            below[made.id] = made.hash
            now.made[made.id] = made
            now.say("artifact.created", CREATE, stage, made.title, artifact=made.id, hash=made.hash)


def _worked_out(artifact: Artifact, below: Mapping[str, str]) -> Artifact:
    """What only the work gives is given; what an answer would have to give stays blank."""
    asking = {one.at.split(".")[0].split("[")[0] for one in artifact.open_answers if one.asks not in _NICKNAMES}
    values = {name: _given(value) for name, value in artifact.fields.items() if name not in asking}
    return filled(artifact, values, below)


def _given(value: Any) -> Any:
    if value is None:
        return "rehearsed"
    if isinstance(value, Mapping):
        return {key: _given(one) for key, one in value.items()}
    return [_given(one) for one in value] if isinstance(value, list | tuple) else value


# ------------------------------------------------------------------ handing over


def _handed(now: _Walk, sender: str, receiver: str) -> Generator[Any, Any, None]:
    """Everything made so far crosses whole; the receiver takes it in working hours, or refuses what lacks a field."""
    began = now.env.now
    yield now.env.timeout(next_hour_of_work(now.env.now + 1) - now.env.now)
    # Before the first stage nobody waits for anything: the clock starts at midnight, people at nine.
    if sender != ORCHESTRATOR:
        now.waited[receiver] = now.waited.get(receiver, 0.0) + now.env.now - began
    given = [as_data(one) for one in now.made.values()]
    wanted = {one.id: one for one in artifacts(now.spec)}
    below = {one["id"]: one["hash"] for one in given}
    found = [fault for one in given for fault in faults(wanted[one["id"]], one, below)]
    taker = _person(now, receiver)
    more = {
        "sender": sender, "receiver": receiver, "to": receiver, "person": taker, "valid": not found, "truncated": False,
        "artifacts": given, "attempt": now.attempts.get(receiver, 0) + 1,
    }  # fmt: skip
    if not found:
        now.say("handoff", CREATE, receiver, f"{sender} -> {receiver}: {_titles(now)}", **more)
        return
    now.say("handoff.refused", CREATE, receiver, found[0], faults=found, **more)
    _refuse(now, sender, receiver)


def _refuse(now: _Walk, sender: str, receiver: str) -> None:
    asked = dict.fromkeys(_answer_of(now.spec, one) for made in now.made.values() for one in made.open_answers)
    now.missing = tuple(asked)
    first = next(made for made in now.made.values() if made.open_answers)
    now.stopped = f"{receiver} refuses what {sender} hands over: {first.title} lacks {first.open_answers[0].at}"
    now.fix = f"answer {', '.join(asked)}"
    now.say("chain.stopped", CREATE, receiver, now.stopped)


def _answer_of(spec: Spec, blank: Blank) -> str:
    """The answer that fills a blank, down to the field of a record."""
    field = blank.at.partition("[")[2]
    return f"{blank.asks}[{field}" if field and spec.answers.entries(blank.asks) else blank.asks


def _titles(now: _Walk) -> str:
    return ", ".join(one.title for one in now.made.values()) or "problem definition"


def _person(now: _Walk, stage: str) -> str:
    wanted = _MAPPED[stage]
    found = next((one for one in now.team.stages if one.stage.id == wanted), None)
    return " + ".join(one.name for one in found.people) if found and found.people else "nobody"


# ------------------------------------------------------------------ gates


def _gates_at(now: _Walk, stage: str) -> list[Gate]:
    product = GCA if GCA in now.stages else IOR
    return [one for one in gates_of(now.spec, "before") if _JUDGED_AT.get(one.owner, product) == stage]


def _gates(now: _Walk, stage: str, gates: Sequence[Gate], phase: str) -> str | None:
    """Judge gates; return the stage that the first failed one goes back to, and stop after too many tries."""
    for one in _judged(now, gates):
        now.gates += 1
        more = {"gate": one.gate.id, "key": one.gate.key, "critical": one.gate.critical}
        if one.verdict == OPEN and now.evidence is None:
            now.opened.update(dict.fromkeys(one.gate.unknown))
            now.say("gate.open", phase, stage, one.says, **more)
        elif one.passed:
            now.say("gate.passed", phase, stage, one.says, value=one.value, **more)
        elif one.gate.critical:
            return _failed(now, stage, one, phase, more)
        else:
            now.say("gate.conditional", phase, stage, one.says, **more)
    return None


def _judged(now: _Walk, gates: Sequence[Gate]) -> tuple[Judged, ...]:
    if not gates:
        return ()
    phase = gates[0].phase
    planned = {one.key: Shown(_just_met(one)) for one in gates}
    evidence = now.evidence
    if evidence is None or not _speaks_of(now.spec, evidence, phase):
        evidence = Evidence(planned, "rehearsed", "")
    return judge(gates, evidence, phase).judged


def _speaks_of(spec: Spec, evidence: Evidence, phase: str) -> bool:
    return any(one.key in evidence.values for one in gates_of(spec, phase))


def _just_met(gate: Gate) -> object:
    return gate.limit[0] if isinstance(gate.limit, tuple) else gate.limit


def _failed(now: _Walk, stage: str, one: Judged, phase: str, more: Mapping[str, Any]) -> str:
    back = _BACK_TO.get(one.gate.column("back_to"), stage)
    back = back if back in now.stages else stage
    now.failures[one.gate.id] = now.failures.get(one.gate.id, 0) + 1
    now.say("gate.failed", phase, stage, f"{one.says}; {one.gate.falls_back}", receiver=back, **more)
    if now.failures[one.gate.id] >= ASSUMED["attempts"]:
        now.stopped = f"{one.gate.id} is not passed after {ASSUMED['attempts']:.0f} attempts: {one.says}"
        now.fix = one.gate.falls_back
        now.say("chain.stopped", phase, stage, now.stopped, receiver=back)
    return back


# ------------------------------------------------------------------ rollout


def _rollout(now: _Walk) -> Generator[Any, Any, str | None]:
    """Expose step by step; the first exposed step is read by the gates of the live path, an experiment by its own."""
    steps = steps_of(now.spec)
    freezes, begins = tuple(now.spec.value("freeze_periods") or ()), begins_on(now.spec)
    for place, step in enumerate(steps):
        wait, freeze = frozen(freezes, begins, now.env.now) if freezes else (0.0, "")
        if wait > 0:
            now.say("release.frozen", RELEASE, MOS, f"{step.title} waits {say_duration(wait)} for the end of: {freeze}",
                    step=step.id)  # fmt: skip
            yield now.env.timeout(wait)
        now.say("rollout.step", RELEASE, MOS, f"{step.title}: {step.words}", step=step.id, share=step.share)
        yield now.env.timeout(step.lasts)
        back = _gates(now, MOS, _gates_of_step(now, steps, place), RELEASE)
        if back is not None:
            now.say("rollback", RELEASE, MOS, f"{step.title}: switched back", receiver=back)
            return None if now.stopped else back
    return None


def _gates_of_step(now: _Walk, steps: Sequence[Step], place: int) -> list[Gate]:
    exposed = next((number for number, one in enumerate(steps) if not one.hidden), len(steps) - 1)
    tested = next((n for n, one in enumerate(steps) if one.id.endswith(("experiment", "accounts", "pilot"))), exposed)
    found: list[Gate] = []
    if place == exposed:
        found += gates_of(now.spec, "during", "release")
    if place == tested:
        found += gates_of(now.spec, "during", "experiment")
    return found or (list(gates_of(now.spec, "after")) if place == len(steps) - 1 else [])
