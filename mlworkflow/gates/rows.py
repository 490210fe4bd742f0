"""Gates and signals as rows of plain values, for whoever prints or keeps them."""

from __future__ import annotations

from typing import Any

from mlworkflow.designing import Spec
from mlworkflow.gates.gate import PHASES, Gate, Signal, gates_of, signals_of

Row = dict[str, Any]


def gate_rows(spec: Spec, phase: str = "") -> list[Row]:
    """Return one row a gate, in the order of the phases, the weightiest first."""
    gates = sorted(gates_of(spec, phase), key=lambda gate: PHASES.index(gate.phase))
    return [gate_row(gate) for gate in gates]


def signal_rows(spec: Spec) -> list[Row]:
    """Return one row a signal, by group."""
    return [_signal_row(one) for one in signals_of(spec)]


def gate_row(gate: Gate) -> Row:
    """Return a gate as plain values."""
    limit = list(gate.limit) if isinstance(gate.limit, tuple) else gate.limit
    return {
        "id": gate.id,
        "phase": gate.phase,
        "part": gate.column("part"),
        "says": str(gate.applied.says),
        "because": str(gate.applied.because),
        "key": gate.key,
        "unit": gate.measure.name,
        "op": gate.op,
        "limit": limit,
        "wanted": gate.wanted,
        "window": gate.column("window"),
        "owner": gate.owner,
        "evidence": gate.column("evidence"),
        "back_to": gate.column("back_to"),
        "act": gate.column("act"),
        "critical": gate.critical,
        "unknown": list(gate.unknown),
    }


def _signal_row(one: Signal) -> Row:
    columns = ("group", "shown_by", "outcome", "owner", "act", "alert")
    return {
        "id": one.id,
        "says": str(one.applied.says),
        "because": str(one.applied.because),
        **{name: one.column(name) for name in columns},
        "severity": one.severity,
        "rolls_back": one.column("rolls_back") == "yes",
    }
