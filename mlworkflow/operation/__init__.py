"""How a design is run: who is called for which alert, what is rehearsed, what a step reaches, how mature it is."""

from mlworkflow.operation.calling import NOT_CALLED, Called, Calling, calling
from mlworkflow.operation.maturity import Assessed, Maturity, maturity
from mlworkflow.operation.rollout import Exposure, exposures
from mlworkflow.operation.rows import drill_rows, entry_rows, maturity_row, on_call_row, rows, step_rows
from mlworkflow.operation.runbook import CAUSES, Drill, Entry, drills, entries

__all__ = [
    "CAUSES",
    "NOT_CALLED",
    "Assessed",
    "Called",
    "Calling",
    "Drill",
    "Entry",
    "Exposure",
    "Maturity",
    "calling",
    "drill_rows",
    "drills",
    "entries",
    "entry_rows",
    "exposures",
    "maturity",
    "maturity_row",
    "on_call_row",
    "rows",
    "step_rows",
]
