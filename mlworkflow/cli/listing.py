"""Plain lists for people: aligned columns, no styling, nothing wrapped."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mlworkflow.cli.output import emit
from mlworkflow.documents.escape import visible
from mlworkflow.errors import UsageProblem


def show(lines: Iterable[str]) -> None:
    """Print lines, with nothing in them that steers a terminal."""
    emit("".join(f"{visible(line).rstrip()}\n" for line in lines).encode("utf-8", "backslashreplace"))


def show_data(data: Any) -> None:
    """Print data as JSON."""
    from mlworkflow.documents.data import written

    emit(written(data).encode("utf-8", "backslashreplace"))


def answer(format: str, data: Callable[[], Any], lines: Callable[[], Iterable[str]]) -> None:
    """Print data or lines, whichever was asked for."""
    if format not in ("text", "json"):
        raise UsageProblem(f"there is no format {format!r}", place="--format", fix="choose text or json")
    if format == "json":
        show_data(data())
    else:
        show(lines())


def unmarked(sentence: object) -> str:
    """Return a sentence without the asterisks that make parts of it bold in a document."""
    return str(sentence).replace("**", "")


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows with their columns aligned; the last column is as long as it is."""
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(len(rows[0]) - 1)] if rows else []
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]


def fields(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return named values below each other, without the empty ones."""
    return table([(f"  {name}", value) for name, value in pairs if value])


def named(id: str, known: Iterable[str], kind: str, command: str) -> UsageProblem:
    """Return the error for a name on the command line that nothing has, with the nearest one that something has."""
    close = difflib.get_close_matches(id, list(known), n=1, cutoff=0.5)
    fix = f"did you mean {close[0]!r}?" if close else f"`mlworkflow {command}` lists them"
    return UsageProblem(f"there is no {kind} {id!r}", fix=fix)
