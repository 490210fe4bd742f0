"""`mlworkflow schema`: the JSON Schema of the answers file, made from the questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mlworkflow.answers.gathering import SCHEMA
from mlworkflow.cli import options
from mlworkflow.cli.listing import show_data
from mlworkflow.cli.told import stacked
from mlworkflow.pack import Knowledge
from mlworkflow.quantity import KINDS
from mlworkflow.question import NOT_SURE, Question

HELP = """Draft-07, as editors read it.

\b
Example:
  mlworkflow schema > answers.schema.json"""
_NOT_SURE = {"const": NOT_SURE}
_TEXT = {"type": "string", "minLength": 1}


def command() -> Callable[..., None]:
    """Return the command."""
    return schema


def schema(packs: options.Packs = None) -> None:
    """Print the schema."""
    show_data(schema_of(stacked(packs or [])))


def schema_of(knowledge: Knowledge) -> dict[str, Any]:
    """Return the schema of an answers file for this knowledge."""
    questions = knowledge.questions
    version = {"type": "integer", "minimum": 1, "maximum": SCHEMA, "description": "The version of this form."}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "mlworkflow answers",
        "type": "object",
        "additionalProperties": False,
        "required": [one.id for one in questions if one.required],
        "properties": {"schema": version} | {one.id: _property(one) for one in questions},
    }


def _property(one: Question) -> dict[str, Any]:
    said = {"description": _description(one)}
    if one.example and one.kind not in ("choices", "lines", "tools", "records"):
        said["examples"] = [one.example]  # type: ignore[assignment]
    if one.assume is not None:
        said["default"] = one.assume
    return {**said, **_form(one)}


def _description(one: Question) -> str:
    parts = [one.asks, one.help]
    if one.assume is not None:
        parts.append(f"Assumed: {one.assume}, because {one.because}.")
    return " ".join(part for part in parts if part)


def _form(one: Question) -> dict[str, Any]:
    match one.kind:
        case "text":
            return _TEXT
        case "choice":
            return _choice(one)
        case "choices":
            return _list_or_text(_choice(one), one)
        case "lines" | "tools":
            return _list_or_text(_TEXT, one)
        case "records":
            return {"anyOf": [{"type": "array", "items": _record(one)}, _NOT_SURE]}
        case "flag":
            return {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "true", "false", NOT_SURE]}]}
        case _:
            return _quantity(one)


def _choice(one: Question) -> dict[str, Any]:
    ids: list[Any] = [choice.id for choice in one.choices]
    labels = [choice.label for choice in one.choices if choice.label and choice.label not in ids]
    booleans = [True, False] if {"yes", "no"} <= set(ids) else []
    return {"enum": [*ids, *dict.fromkeys(labels), *booleans, NOT_SURE]}


def _list_or_text(item: dict[str, Any], one: Question) -> dict[str, Any]:
    """A list, or its parts in one text, as on the command line."""
    separator = ";" if one.kind == "lines" else ","
    text = {**_TEXT, "description": f"Several are parted by {separator!r}."}
    return {"anyOf": [{"type": "array", "items": item}, text]}


def _quantity(one: Question) -> dict[str, Any]:
    text = {**_TEXT, "description": f"For example {one.example or KINDS[one.kind].example}"}
    number = _NUMBERS.get(one.kind)
    if number is None:
        return text
    bounds = {name: bound for name, bound in (("minimum", one.low), ("maximum", one.high)) if bound is not None}
    return {"anyOf": [{**number, **bounds}, text]}


# What may be written without quotes: everything else needs its unit.
_NUMBERS: dict[str, dict[str, Any]] = {
    "number": {"type": "number"},
    "count": {"type": "integer", "minimum": 0},
    "share": {"type": "number", "minimum": 0, "maximum": 1},
    "price": {"type": "number", "minimum": 0},
}


def _record(one: Question) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field.id for field in one.fields if field.required],
        "properties": {field.id: _property(field) for field in one.fields},
    }
