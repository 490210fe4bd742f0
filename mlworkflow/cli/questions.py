"""`mlworkflow questions`: what is asked, why, and which decisions read the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mlworkflow.cli import options
from mlworkflow.cli.listing import answer, fields, named, table
from mlworkflow.cli.told import stacked
from mlworkflow.pack import Knowledge
from mlworkflow.question import Question
from mlworkflow.readers import readers

HELP = """\b
Examples:
  mlworkflow questions
  mlworkflow questions wait --format json"""


def command() -> Callable[..., None]:
    """Return the command."""
    return questions


def questions(ids: options.Id = None, format: options.Format = "text", packs: options.Packs = None) -> None:
    """List every question, or show one."""
    knowledge = stacked(packs or [])
    read_by = {name: [one.id for one in decisions] for name, decisions in readers(knowledge).items()}
    id = options.wanted(ids)
    if id is None:
        every = knowledge.questions
        answer(format, lambda: [_data(one, read_by) for one in every], lambda: _listed(every))
        return
    one = knowledge.question.get(id.removeprefix("--").replace("-", "_")) or _by_flag(knowledge, id)
    answer(format, lambda: _data(one, read_by), lambda: _shown(one, read_by))


def _by_flag(knowledge: Knowledge, id: str) -> Question:
    flag = f"--{id.removeprefix('--')}"
    found = next((one for one in knowledge.questions if flag == one.option or id == one.variable), None)
    if found is None:
        raise named(id, knowledge.question, "question", "questions")
    return found


def _listed(every: tuple[Question, ...]) -> Iterator[str]:
    yield from table([(one.id, one.kind, "required" if one.required else "", one.asks) for one in every])


def _shown(one: Question, read_by: dict[str, list[str]]) -> Iterator[str]:
    yield f"{one.id}: {one.asks}"
    if one.help:
        yield f"  {one.help}"
    data = _data(one, read_by)
    yield from fields(
        [
            ("kind", one.kind),
            ("section", one.section),
            ("required", "yes" if one.required else ""),
            ("asked when", one.when),
            ("example", one.example),
            ("from", "" if one.low is None else f"{one.low:g}"),
            ("up to", "" if one.high is None else f"{one.high:g}"),
            ("assumed", "" if one.assume is None else f"{one.assume}, because {one.because}"),
            ("flag", data["flag"]),
            ("variable", one.variable),
            ("who knows", one.owner),
            ("read by", ", ".join(data["read_by"])),
        ]
    )
    if one.choices:
        yield "  choices"
        yield from table([(f"    {choice.id}", choice.means) for choice in one.choices])
    if one.fields:
        yield "  fields"
        yield from table([(f"    {field.id}", field.kind, field.asks) for field in one.fields])


def _data(one: Question, read_by: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "id": one.id,
        "asks": one.asks,
        "kind": one.kind,
        "choices": [{"id": choice.id, "means": choice.means, "label": choice.label} for choice in one.choices],
        "range": {"low": one.low, "high": one.high},
        "assumption": one.assume,
        "because": one.because,
        "flag": "--set" if one.pack else one.option,
        "variable": one.variable,
        "section": one.section,
        "required": one.required,
        "example": one.example,
        "when": one.when,
        "owner": one.owner,
        "fields": [_data(field, {}) for field in one.fields],
        "read_by": read_by.get(one.id, []),
    }
