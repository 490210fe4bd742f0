"""The gates and signals of one design, each with its limit as a value that evidence can be compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mlworkflow.clause import PLACEHOLDER, Applied, Sentence
from mlworkflow.designing import Spec
from mlworkflow.gates.measure import MEASURES, Limit, Measure, Value

PHASES = ("before", "during", "after")
PARTS = ("release", "experiment")
GROUPS = ("incident", "quality", "review", "business")
OPERATORS = {">=": "≥", "<=": "≤", "==": "", "in": ""}


@dataclass(frozen=True, slots=True)
class Gate:
    """Something that must be shown, the limit it is held against, and what happens when it does not hold."""

    id: str
    applied: Applied
    measure: Measure
    limit: Limit | None
    unknown: tuple[str, ...]

    def column(self, name: str) -> str:
        """Return a column as plain text."""
        return str(self.applied.columns[name])

    @property
    def clause_id(self) -> str:
        """The id of its clause, whichever subject it is asked for."""
        return self.applied.clause.id

    @property
    def phase(self) -> str:
        """Whether it is asked before, during or after the rollout."""
        return self.column("phase")

    @property
    def key(self) -> str:
        """The name under which evidence shows it."""
        return self.column("key")

    @property
    def op(self) -> str:
        """How the value is compared."""
        return self.column("op")

    @property
    def owner(self) -> str:
        """The role that must show it."""
        return self.column("owner")

    @property
    def critical(self) -> bool:
        """Whether the release stops without it."""
        return self.column("critical") == "yes"

    @property
    def wanted(self) -> str:
        """What the value must be, as a sentence says it."""
        if self.limit is None:
            return f"still to be agreed ({', '.join(self.unknown)})"
        one_of = "one of " if self.op == "in" and self.measure.kind == "text" else ""
        return f"{OPERATORS[self.op]} {one_of}{self.column('value')}".strip()

    @property
    def falls_back(self) -> str:
        """Who gets it back when it fails, and what happens then."""
        return f"back to {self.column('back_to')}: {self.column('act')}"

    def holds(self, value: Value) -> bool:
        """Whether a value is inside the limit; the limit itself is inside."""
        if self.limit is None:
            return False
        if isinstance(self.limit, tuple):
            return _is_in(self.limit, value)
        if self.op == "==":
            return _same(value, self.limit)
        if isinstance(value, str) or isinstance(self.limit, str):
            return False
        return value >= self.limit if self.op == ">=" else value <= self.limit


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that changes the course: where it is seen, the one outcome it leads to, and who acts."""

    id: str
    applied: Applied
    severity: str

    def column(self, name: str) -> str:
        """Return a column as plain text."""
        return str(self.applied.columns[name])


def gates_of(spec: Spec, phase: str = "", part: str = "") -> tuple[Gate, ...]:
    """Return the gates of a design, or those of one phase and part, the weightiest first."""
    found = (_gate(spec, one) for one in spec.kind("gate"))
    return tuple(one for one in found if phase in ("", one.phase) and part in ("", one.column("part")))


def signals_of(spec: Spec) -> tuple[Signal, ...]:
    """Return the signals of a design by group, the weightiest first, with the severity of the alert that each rings."""
    severities = {one.clause.id: str(one.columns["severity"]) for one in spec.kind("alert")}
    found = [Signal(one.id, one, severities.get(str(one.columns["alert"]), "")) for one in spec.kind("signal")]
    return tuple(sorted(found, key=lambda one: GROUPS.index(one.column("group"))))


# ------------------------------------------------------------------ limits


def _gate(spec: Spec, one: Applied) -> Gate:
    measure = MEASURES[str(one.columns["unit"])]
    value = one.columns["value"]
    unknown = tuple(name for name in PLACEHOLDER.findall(value.template) if not spec.known(name))
    limit = None if unknown else _limit(spec, measure, str(one.columns["op"]), value)
    return Gate(one.id, one, measure, limit, unknown)


def _limit(spec: Spec, measure: Measure, op: str, value: Sentence) -> Limit:
    """A value that is one name is taken unrounded, as the design holds it."""
    alone = PLACEHOLDER.fullmatch(value.template)
    if op == "in":
        return limits_in(measure, str(value))
    return measure.limit(spec.value(alone[1])) if alone else measure.literal(str(value))


def limits_in(measure: Measure, text: str) -> tuple[Value, ...]:
    """Return both ends of a range, or each of several words."""
    if measure.kind == "text":
        return tuple(text.split(", "))
    low, high = re.split(" to ", text, maxsplit=1)
    return measure.literal(low), measure.literal(high)


def _is_in(limits: tuple[Value, ...], value: Value) -> bool:
    if isinstance(value, str):
        return any(_same(value, one) for one in limits)
    low, high = limits
    return not isinstance(low, str) and not isinstance(high, str) and low <= value <= high


def _same(value: Value, wanted: Value) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return " ".join(value.split()).casefold() == " ".join(wanted.split()).casefold()
    return type(value) is type(wanted) and value == wanted
