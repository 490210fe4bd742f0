"""Answers as a file that reads back the same, and as the flags that repeat a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mlworkflow.answers.gathering import SCHEMA
from mlworkflow.pack import Knowledge
from mlworkflow.quantity import KINDS
from mlworkflow.question import NOT_SURE, Answer, Answers, Entry, Question


def to_toml(knowledge: Knowledge, answers: Answers) -> str:
    """Return what was said (not what was assumed) as an answers file."""
    lines = [f"schema = {SCHEMA}"]
    tables: list[str] = []
    for question in knowledge.questions:
        answer = answers.by_id.get(question.id)
        if answer is None or not (answer.given or answer.unsure):
            continue
        if question.kind == "records" and not answer.unsure:
            for entry in answer.value:
                tables += ["", f"[[{question.id}]]", *_fields(question, entry)]
        else:
            lines.append(f"{question.id} = {_written(question, answer)}")
    return "\n".join([*lines, *tables]) + "\n"


def _fields(question: Question, entry: Entry) -> Iterator[str]:
    for field in question.fields:
        answer = entry.fields.get(field.id)
        if answer is not None and (answer.given or answer.unsure):
            yield f"{field.id} = {_written(field, answer)}"


def _written(question: Question, answer: Answer) -> str:
    if answer.unsure:
        return quoted(NOT_SURE)
    return literal(question, answer.value)


def literal(question: Question, value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, tuple):
        return "[" + ", ".join(quoted(str(one)) for one in value) + "]"
    if question.kind == "flag":
        return "true" if value else "false"
    if question.kind in ("number", "count"):
        return _number(question.kind, value)
    return quoted(plain(question, value))


def _number(kind: str, value: Any) -> str:
    text = KINDS[kind].write(value)
    try:
        return text if KINDS[kind].parse(json.loads(text)) == value else quoted(text)
    except ValueError:
        return quoted(text)


def plain(question: Question, value: Any) -> str:
    """Return a value as a person would write it on the command line."""
    kind = KINDS.get(question.kind)
    return kind.write(value) if kind else str(value)


def quoted(text: str) -> str:
    """Return text as a basic TOML string, with nothing invisible in it."""
    escaped = json.dumps(text, ensure_ascii=False)
    return "".join(char if _shown(char) else f"\\U{ord(char):08X}" for char in escaped)


def _shown(char: str) -> bool:
    return char.isprintable() or char == "\u200c" or char == "\u200d"


# ------------------------------------------------------------------ flags


def to_argv(knowledge: Knowledge, answers: Answers) -> list[str]:
    """Return the flags that give the same answers."""
    argv: list[str] = []
    for question in knowledge.questions:
        answer = answers.by_id.get(question.id)
        if answer is not None and (answer.given or answer.unsure):
            argv += _flags(question, answer)
    return argv


def _flags(question: Question, answer: Answer) -> list[str]:
    if answer.unsure:
        return ["--set", f"{question.id}={NOT_SURE}"]
    if question.pack:
        return ["--set", f"{question.id}={_joined(question, answer.value)}"]
    if question.kind == "flag":
        return [question.option if answer.value else f"--no-{question.option[2:]}"]
    if question.kind == "records":
        return [part for entry in answer.value for part in (question.option, _record(question, entry))]
    if question.kind == "lines":
        return [part for one in answer.value for part in (question.option, one)]
    return [question.option, _joined(question, answer.value)]


def _joined(question: Question, value: Any) -> str:
    if isinstance(value, tuple):
        return ("; " if question.kind == "lines" else ",").join(value)
    return plain(question, value)


def _record(question: Question, entry: Entry) -> str:
    """A record is given on the command line as JSON, which keeps every character."""
    fields = {
        field.id: _json_value(field, answer)
        for field in question.fields
        if (answer := entry.fields.get(field.id)) is not None and (answer.given or answer.unsure)
    }
    return json.dumps(fields, ensure_ascii=False)


def _json_value(field: Question, answer: Answer) -> Any:
    if answer.unsure:
        return NOT_SURE
    if isinstance(answer.value, tuple):
        return list(answer.value)
    return answer.value if field.kind == "flag" else plain(field, answer.value)
