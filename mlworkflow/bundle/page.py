"""A page of a bundle as Markdown: a title, sections, tables, points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, escape
from mlworkflow.documents.saying import Table

TO_FILL = Md("to fill in")


def page(spec: Spec, kind: str, *blocks: str) -> str:
    """Return a page: what it is and of which project, then its blocks; empty ones are left out."""
    title = f"# {kind}: {escape(spec.answers.value('name'))}"
    return "\n\n".join([title, *(block for block in blocks if block)]) + "\n"


def section(title: str, *blocks: str) -> str:
    """Return a heading with its blocks, or nothing where every block is empty."""
    found = [block for block in blocks if block]
    return "\n\n".join([f"## {title}", *found]) if found else ""


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table of escaped cells, or nothing where there is no row."""
    lines = [_line(row) for row in rows]
    return "\n".join([_line(header), _line(["---"] * len(header)), *lines]) if lines else ""


def shown(it: Table) -> str:
    """Return a table of the document."""
    return table(it.header, it.rows)


def points(lines: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {line}" for line in lines)


def numbered(lines: Iterable[str]) -> str:
    """Return a list whose order counts."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _line(cells: Sequence[Any]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"
