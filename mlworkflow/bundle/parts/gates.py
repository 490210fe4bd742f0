"""The gates as an evidence file to fill in: one key a gate, a blank passes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.bundle.file import File
from mlworkflow.designing import Spec
from mlworkflow.gates import gates_of
from mlworkflow.gates.gate import PHASES
from mlworkflow.gates.telling import sheet

_COMMON = ("date = ", "source = ", "# A bare number")


def files(spec: Spec) -> Iterator[File]:
    """Yield the sheet of all three phases; `mlworkflow gate` reads those keys that its phase asks for."""
    yield File(
        "gates.toml", "\n".join(_lines(spec)) + "\n", "What each gate wants to be shown, as evidence to fill in", "GCA"
    )


def _lines(spec: Spec) -> Iterator[str]:
    yield "# To be filled in: what stands here is kept when the folder is written again."
    yield "# mlworkflow gate answers.toml --phase before --evidence gates.toml"
    for place, phase in enumerate(PHASES):
        yield from ("",) if place else ()
        yield from (line for line in sheet(gates_of(spec, phase), phase) if not place or not line.startswith(_COMMON))
