"""`mlworkflow note`: what the next reader should know is written into the answers file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Annotated

import typer

from mlworkflow import __version__
from mlworkflow.answers.writing import quoted
from mlworkflow.cli.ending import say
from mlworkflow.cli.output import write_file
from mlworkflow.cli.source import Source, source_of
from mlworkflow.cli.told import cleaned, told
from mlworkflow.designing import Spec, design
from mlworkflow.documents.escape import visible
from mlworkflow.errors import InputRefused, Problem, UsageProblem
from mlworkflow.quantity import Unreadable, parse_day
from mlworkflow.reading import read_answers

HELP = """The note carries the day, the version of the program and the choices of the design as it is now,
so that the document can say later what has changed since. Every byte of the file is kept.

\b
Example:
  mlworkflow note examples/churn/answers.toml "The credit scores were refused by legal." --date 2026-11-21"""
LONGEST_VERDICTS = 20_000
_ONE_BY_ONE = ("features", "sources")


def command() -> Callable[..., None]:
    """Return the command."""
    return note


def note(
    answers: Annotated[str, typer.Argument(metavar="ANSWERS", help="An answers file, TOML or JSON.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What the next reader should know.")],
    date: Annotated[
        str | None, typer.Option("--date", metavar="DAY", help="The day of the note; today if left out.")
    ] = None,
) -> None:
    """Append one note to the answers file."""
    if answers == "-":
        raise UsageProblem("a note is written into a file", place="-", fix="name the answers file")
    source = source_of(answers)
    if source.document is not None:
        raise UsageProblem(
            "a note goes into the answers file",
            place=answers,
            fix="name the file that this document was generated from",
        )
    fields = {"on": _day(date), "text": _text(text)} | _present(source)
    data = _with_note(source, fields)
    _refuse_what_does_not_read(answers, source, data)
    write_file(answers, data, expected=source.data)
    say(f"written: {visible(answers)}, the note is at its end")


def _day(date: str | None) -> str:
    if date is None:
        import datetime

        return datetime.date.today().isoformat()
    try:
        return parse_day(date)
    except Unreadable as error:
        raise UsageProblem(error.reason, place="--date", fix=f"for example {error.example}") from error


def _text(text: str) -> str:
    problems: list[Problem] = []
    clean = " ".join(cleaned(text, "TEXT", problems).split())
    if problems:
        raise InputRefused.because(problems)
    if not clean:
        raise UsageProblem("the note is empty", place="TEXT", fix="write one sentence")
    return clean


def _present(source: Source) -> dict[str, str]:
    found = told(source, complete=False)
    spec = design(found.knowledge, found.answers)
    return {"knowledge": f"{__version__}, catalog of {found.knowledge.catalog_date}", "verdicts": verdicts_of(spec)}


def verdicts_of(spec: Spec) -> str:
    """Return every choice in one line; those of single features and sources only while the line stays short."""
    choices = [
        (one.decision.for_each, f"{one.id}={one.chosen}")
        for one in spec.verdicts
        if one.applies and one.chosen is not None
    ]
    line = "; ".join(choice for _, choice in choices)
    if len(line) <= LONGEST_VERDICTS:
        return line
    return "; ".join(choice for family, choice in choices if family not in _ONE_BY_ONE)[:LONGEST_VERDICTS]


def _with_note(source: Source, fields: dict[str, str]) -> bytes:
    if source.format == "json":
        return _in_json(source, fields)
    text = source.data.decode("utf-8")
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if text.endswith("\n") else end
    lines = ["", "[[notes]]", *(f"{name} = {quoted(value)}" for name, value in fields.items()), ""]
    return (text + gap + end.join(lines)).encode("utf-8")


def _in_json(source: Source, fields: dict[str, str]) -> bytes:
    text = source.data.decode("utf-8-sig")
    data = json.loads(text)
    notes = data.setdefault("notes", [])
    if not isinstance(notes, list):
        raise InputRefused("`notes` is not a list", place=source.layer.place("notes"), fix="write a list of notes")
    notes.append(fields)
    indent = re.search(r"\n( +)\S", text)
    return (json.dumps(data, ensure_ascii=False, indent=len(indent[1]) if indent else 2) + "\n").encode("utf-8")


def _refuse_what_does_not_read(path: str, source: Source, data: bytes) -> None:
    """A note is only written when the file reads as before with one note more."""
    before = source.layer.values.get("notes", [])
    try:
        after = read_answers(data, path, source.format).values.get("notes", [])
    except InputRefused as error:
        fix = "write the notes that are there as [[notes]] tables at the end of the file"
        raise InputRefused("a note cannot be added to this file", place=source.layer.place("notes"), fix=fix) from error
    if not isinstance(before, list) or not isinstance(after, list) or len(after) != len(before) + 1:
        raise InputRefused(
            "`notes` is not a list of tables", place=source.layer.place("notes"), fix="write [[notes]] for each"
        )
