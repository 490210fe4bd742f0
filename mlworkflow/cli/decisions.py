"""`mlworkflow decisions`: what is settled, between which options, by which rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mlworkflow.cli import options
from mlworkflow.cli.listing import answer, fields, named, table
from mlworkflow.cli.told import stacked
from mlworkflow.decision import Decision, Row
from mlworkflow.pack import Knowledge

HELP = """\b
Examples:
  mlworkflow decisions
  mlworkflow decisions feature-store"""


def command() -> Callable[..., None]:
    """Return the command."""
    return decisions


def decisions(ids: options.Id = None, format: options.Format = "text", packs: options.Packs = None) -> None:
    """List every decision in its order, or show one with its rows."""
    knowledge = stacked(packs or [])
    id = options.wanted(ids)
    if id is None:
        every = knowledge.decisions
        answer(format, lambda: [_data(knowledge, one) for one in every], lambda: _listed(every))
        return
    one = knowledge.decision.get(id.split("[")[0].replace("-", "_"))
    if one is None:
        raise named(id, [decision.id for decision in knowledge.decisions], "decision", "decisions")
    found = one
    answer(format, lambda: _data(knowledge, found), lambda: _shown(knowledge, found))


def _listed(every: tuple[Decision, ...]) -> Iterator[str]:
    yield from table([(one.id, one.section, one.asks) for one in every])


def _shown(knowledge: Knowledge, one: Decision) -> Iterator[str]:
    yield f"{one.id}: {one.asks}"
    yield from fields(
        [
            ("section", one.section),
            ("for each of", one.for_each),
            ("settled when", one.when),
            ("candidates", f"tools for {one.candidates}" if one.candidates else ""),
        ]
    )
    yield "  options, simplest first"
    yield from table([(f"    {option}", means) for option, means in options_of(knowledge, one)])
    full = knowledge.in_full(one)
    for heading, rows in (
        ("ruled out, each row that holds", full.rules_out),
        ("preferred, in this order", full.prefers),
    ):
        yield f"  {heading}"
        for row in rows:
            yield f"    [{_row_id(row)}] {_about(row)}: {row.because}"
            if row.when:
                yield f"        when {row.when}"


def options_of(knowledge: Knowledge, decision: Decision) -> list[tuple[str, str]]:
    """Return the options, or the tools that are candidates, each with what it means."""
    if decision.candidates:
        tools = [knowledge.tool(id) for id in knowledge.slots.get(decision.candidates, ())]
        return [(tool.id, f"good for {tool.good_for}") for tool in tools]
    return [(option.id, option.means) for option in decision.options]


def _about(row: Row) -> str:
    return " or ".join(row.options) or "each that fits"


def _row_id(row: Row) -> str:
    return f"{row.pack}:{row.id}" if row.pack else row.id


def _data(knowledge: Knowledge, one: Decision) -> dict[str, Any]:
    full = knowledge.in_full(one)
    return {
        "id": one.id,
        "asks": one.asks,
        "title": one.title,
        "section": one.section,
        "for_each": one.for_each,
        "when": one.when,
        "candidates": one.candidates,
        "pack": one.pack,
        "options": [{"id": id, "means": means} for id, means in options_of(knowledge, one)],
        "rules_out": [_row(row) for row in full.rules_out],
        "prefers": [_row(row) for row in full.prefers],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "options": list(row.options),
        "when": row.when,
        "because": row.because,
        "weak": row.weak,
        "pack": row.pack,
    }
