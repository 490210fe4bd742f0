"""Gates and signals of a design: what must be shown, whether evidence shows it, and what that comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlworkflow.gates.evidence import Evidence, Shown, read_evidence
    from mlworkflow.gates.gate import Gate, Signal, gates_of, signals_of
    from mlworkflow.gates.judging import Judged, Outcome, judge
    from mlworkflow.gates.rows import gate_rows, signal_rows

__all__ = [
    "Evidence",
    "Gate",
    "Judged",
    "Outcome",
    "Shown",
    "Signal",
    "gate_rows",
    "gates_of",
    "judge",
    "read_evidence",
    "signal_rows",
    "signals_of",
]

# A document reads gates and rows alone; what judges evidence is loaded by whoever asks for it.
_MODULES = {
    "Evidence": "evidence",
    "Shown": "evidence",
    "read_evidence": "evidence",
    "Gate": "gate",
    "Signal": "gate",
    "gates_of": "gate",
    "signals_of": "gate",
    "Judged": "judging",
    "Outcome": "judging",
    "judge": "judging",
    "gate_rows": "rows",
    "signal_rows": "rows",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found
