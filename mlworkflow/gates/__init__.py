"""Gates and signals of a design: what must be shown, whether evidence shows it, and what that comes to."""

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
