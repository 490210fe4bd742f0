"""Options that several commands share, and one option for every question."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any

import typer

from mlworkflow.question import Question

Answers = Annotated[
    str, typer.Argument(metavar="ANSWERS", help="An answers file, - for standard input, or a document.")
]
Checked = Annotated[
    str,
    typer.Argument(
        metavar="DOCUMENT|BUNDLE|PACK", help="A document, - for standard input, or a folder: a bundle or a pack."
    ),
]
Id = Annotated[list[str] | None, typer.Argument(metavar="[[show] ID]", help="Show this one.")]
Packs = Annotated[
    list[str] | None, typer.Option("--pack", metavar="FOLDER", help="Stack a pack on our knowledge; repeatable.")
]
Sets = Annotated[
    list[str] | None, typer.Option("--set", metavar="ID=VALUE", help="Answer any question by its id; repeatable.")
]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json")]


def wanted(words: list[str] | None) -> str | None:
    """Return the one that should be shown: `tools mlflow`, `tools show mlflow` and `tools show label studio` work."""
    words = words or []
    return " ".join(words[1:] if words[0] == "show" and len(words) > 1 else words) if words else None


LISTS = ("records", "lines", "choices", "tools")
_SPECIAL = ("packs",)
_PREFIX = "q_"


def of_questions(questions: tuple[Question, ...]) -> Iterator[inspect.Parameter]:
    """Yield one option for every question; what it is given is read later, by the question."""
    for question in questions:
        if question.id not in _SPECIAL and not question.pack:
            yield inspect.Parameter(
                _PREFIX + question.id, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_option(question)
            )


def _option(question: Question) -> Any:
    name = question.option
    kind: Any = list[str] | None if question.kind in LISTS else str | None
    metavar: str | None = _METAVARS.get(question.kind, question.kind.upper())
    if question.kind == "flag":
        kind, metavar, name = bool | None, None, f"{name}/--no-{name[2:]}"
    completed = _completed(question) if question.choices else None
    option = typer.Option(
        name, metavar=metavar, help=_help(question), rich_help_panel=_heading(question), autocompletion=completed
    )
    return Annotated[kind, option]


def _completed(question: Question) -> Callable[[str], list[str]]:
    """Return what a shell asks for the values that a question knows."""
    return starting(choice.id for choice in question.choices)


def starting(values: Iterable[str]) -> Callable[[str], list[str]]:
    """Return a completion by those values that begin with what was typed."""
    known = tuple(values)
    return lambda incomplete: [one for one in known if one.startswith(incomplete)]


_METAVARS = {"choices": "CHOICE,...", "lines": "TEXT", "tools": "TOOL,...", "records": "RECORD"}


def _heading(question: Question) -> str:
    return f"Answers: {question.section or 'more'}"


def _help(question: Question) -> str:
    parts = [question.asks]
    if question.choices:
        parts.append(", ".join(choice.id for choice in question.choices) + ".")
    elif question.id == "decided":
        parts.append('"decision=option: reason".')
    elif question.kind == "records":
        parts.append(f"{':'.join(question.positional)}, or field=value,..., or JSON.")
    if question.example:
        parts.append(f"E.g. {question.example}")
    return " ".join(parts)


def given(questions: Mapping[str, Question], values: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Yield id, value and flag of every question that was answered on the command line."""
    for name, value in values.items():
        question = questions[name.removeprefix(_PREFIX)]
        if value is not None and value != []:
            off = question.kind == "flag" and value is False
            yield question.id, value, f"--no-{question.option[2:]}" if off else question.option


def with_options(function: Callable[..., None], extra: Iterator[inspect.Parameter]) -> Callable[..., None]:
    """Return the command with more options; they arrive as keywords."""
    signature = inspect.signature(function, eval_str=True)
    plain = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]

    @functools.wraps(function)
    def command(**values: Any) -> None:
        function(**values)

    command.__signature__ = signature.replace(parameters=[*plain, *extra])  # type: ignore[attr-defined]
    return command
