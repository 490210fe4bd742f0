"""Evidence against gates, decided by veto: one critical gate that is not passed stops the release."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from mlworkflow.gates.evidence import Evidence, Shown
from mlworkflow.gates.gate import Gate
from mlworkflow.gates.measure import Unfit, Value

GO, CONDITIONAL, STOP = "go", "conditional", "stop"
PASSED, FAILED, MISSING, UNFIT, OPEN = "passed", "failed", "missing", "unfit", "open"


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one gate, with a sentence that says why."""

    gate: Gate
    verdict: str
    says: str
    value: Value | None = None
    shown: Shown | None = None

    @property
    def passed(self) -> bool:
        """Whether it was shown that the gate holds."""
        return self.verdict == PASSED

    @property
    def weighs(self) -> str:
        """What this gate alone makes of the release."""
        return GO if self.passed else STOP if self.gate.critical else CONDITIONAL


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the gates of a phase come to, and the values that no gate asked for."""

    phase: str
    judged: tuple[Judged, ...]
    unused: tuple[str, ...]

    @property
    def decision(self) -> str:
        """Stop where a critical gate is not passed, conditional where another is not, and go where all are."""
        return _decision(self.judged)

    @property
    def parts(self) -> dict[str, str]:
        """The decision on the live path and the one on the experiment, each by its own gates."""
        parts = dict.fromkeys(one.gate.column("part") for one in self.judged)
        return {part: _decision([one for one in self.judged if one.gate.column("part") == part]) for part in parts}

    def of(self, weighs: str) -> tuple[Judged, ...]:
        """Return the gates that alone would make this of the release."""
        return tuple(one for one in self.judged if one.weighs == weighs)


def _decision(judged: Sequence[Judged]) -> str:
    weights = {one.weighs for one in judged}
    if STOP in weights or not judged:
        return STOP
    return CONDITIONAL if CONDITIONAL in weights else GO


def judge(gates: Sequence[Gate], evidence: Evidence, phase: str, day: str = "") -> Outcome:
    """Return what evidence makes of the gates of a phase; what is missing never counts as passed."""
    asked = {gate.key for gate in gates}
    unused = tuple(key for key in evidence.values if key not in asked)
    return Outcome(phase, tuple(_judged(gate, evidence, unused, day) for gate in gates), unused)


def _judged(gate: Gate, evidence: Evidence, unused: Sequence[str], day: str) -> Judged:
    shown = evidence.values.get(gate.key)
    if shown is None:
        return Judged(gate, MISSING, f"there is no {gate.key} in the evidence{_meant(gate.key, unused)}")
    try:
        value = gate.measure.shown(shown.value)
    except Unfit as unfit:
        blank = str(unfit) == "is blank"
        return Judged(gate, MISSING if blank else UNFIT, f"{gate.key} {unfit}", shown=shown)
    if day and shown.date > day:
        return Judged(gate, UNFIT, f"{gate.key} is dated {shown.date}, after the decision of {day}", value, shown)
    if gate.limit is None:
        names = ", ".join(gate.unknown)
        return Judged(gate, OPEN, f"nothing was agreed to hold {gate.key} against: answer {names}", value, shown)
    said = f"{gate.key} is {gate.measure.say(value)}, wanted {gate.wanted}"
    return Judged(gate, PASSED if gate.holds(value) else FAILED, said, value, shown)


def _meant(key: str, unused: Sequence[str]) -> str:
    close = difflib.get_close_matches(key, unused[:200], n=1, cutoff=0.8)
    return f" (is {close[0]} meant?)" if close else ""
