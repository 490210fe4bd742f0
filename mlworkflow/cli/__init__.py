"""The command line: the only place that knows streams, exit codes and typer."""

from __future__ import annotations

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
    words = list(sys.argv[1:] if argv is None else argv)
    from mlworkflow.cli.ending import ended

    return ended(_run, words)


def _run(words: list[str]) -> int:
    if words == ["--version"]:
        from mlworkflow import __version__
        from mlworkflow.cli.output import emit

        emit(f"mlworkflow {__version__}\n".encode())
        return 0
    from mlworkflow.cli.program import run

    return run(words)
