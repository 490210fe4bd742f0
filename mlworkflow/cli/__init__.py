"""The command line: the only place that knows streams, exit codes and typer."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import Any

__all__ = ["app", "main"]


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mlworkflow.cli.program import program

    return program()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; whatever goes wrong is said here and nowhere else."""
    from mlworkflow.cli.ending import ended

    if argv is not None:
        return ended(_run, list(argv))
    # The process ends soon: looking for circles, now and once more at its end, would take a sixth of a short run.
    gc.disable()
    try:
        return ended(_run, sys.argv[1:])
    finally:
        gc.freeze()


def _run(words: list[str]) -> int:
    if words == ["--version"]:
        from mlworkflow import __version__
        from mlworkflow.cli.output import emit

        emit(f"mlworkflow {__version__}\n".encode())
        return 0
    if words[:1] == ["generate"] and len(words) in (2, 4):
        from mlworkflow.cli import plain

        code = plain.run(words)
        if code is not None:
            return code
    from mlworkflow.cli.program import run

    return run(words)
