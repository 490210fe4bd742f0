"""`mlworkflow lint`: the design held against itself, rule by rule, with what somebody has accepted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from mlworkflow.cli import options
from mlworkflow.cli.explain import _designed
from mlworkflow.cli.listing import named, show, show_data
from mlworkflow.errors import CheckFound, UsageProblem
from mlworkflow.linting import Linted, Rule, lint, rules

HELP = """Contradictions, gaps, parts that do not fit each other, and duties without an owner: each with
its reason, the answers behind it, and what to do. It ends with 1 when there is an error. A
record [[waivers]] in the answers accepts a result for a reason, until a day.

\b
Examples:
  mlworkflow lint examples/churn/answers.toml
  mlworkflow lint answers.toml --strict --format github
  mlworkflow lint answers.toml source-without-owner qc-06
  mlworkflow lint --list"""
FORMATS = ("text", "json", "github")

Answers = Annotated[
    str | None, typer.Argument(metavar="[ANSWERS]", help="An answers file, - for standard input, or a document.")
]
Only = Annotated[list[str] | None, typer.Argument(metavar="[RULE...]", help="Only these rules.")]
List = Annotated[bool, typer.Option("--list", help="List every rule, with its severity and what it finds.")]
Strict = Annotated[bool, typer.Option("--strict", help="End with 1 for warnings as well.")]
Day = Annotated[str | None, typer.Option("--date", metavar="DAY", help="The day to judge by, instead of today.")]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json or github")]


def command() -> Callable[..., None]:
    """Return the command."""
    return lint_command


def lint_command(
    answers: Answers = None,
    only: Only = None,
    list_rules: List = False,
    strict: Strict = False,
    date: Day = None,
    format: Format = "text",
    sets: options.Sets = None,
    packs: options.Packs = None,
) -> None:
    """List the rules, or run them over a design."""
    if format not in FORMATS:
        raise UsageProblem(f"there is no format {format!r}", place="--format", fix=f"choose {', '.join(FORMATS)}")
    today = _day(date)
    if list_rules:
        _list([answers, *(only or [])] if answers else [], packs or [], format)
        return
    if answers is None:
        raise UsageProblem("there is no design to check", fix="name an answers file; --list needs none")
    spec = _designed(answers, sets or [], packs or [])
    known = rules(spec.knowledge)
    _check_names(only or [], known)
    linted = lint(spec, today, only or ())
    from mlworkflow.linting import telling

    if format == "json":
        show_data(telling.data(spec, linted, today))
    else:
        show(telling.github(linted) if format == "github" else telling.lines(spec, linted))
    _end(linted, strict)


def _list(names: Sequence[str], packs: list[str], format: str) -> None:
    from mlworkflow.cli.told import stacked
    from mlworkflow.linting import telling

    if format == "github":
        raise UsageProblem("github tells what was found", place="--format", fix="leave out --list")
    every = rules(stacked(packs))
    _check_names(names, every)
    found = [one for one in every if not names or one.id in names]
    if format == "json":
        show_data([telling.rule_data(one) for one in found])
    else:
        show(telling.listed(found))


def _check_names(names: Sequence[str], known: Sequence[Rule]) -> None:
    ids = [one.id for one in known]
    for name in names:
        if name.split("[")[0] not in ids:
            raise named(name, ids, "rule", "lint --list")


def _day(text: str | None) -> str:
    from mlworkflow.quantity import KINDS, Unreadable

    if text is None:
        return datetime.date.today().isoformat()
    try:
        return str(KINDS["day"].parse(text))
    except Unreadable as error:
        raise UsageProblem(f"{text!r} is no day", place="--date", fix="write it as 2026-11-21") from error


def _end(linted: Linted, strict: bool) -> None:
    """End the command with what to do first, where anything counts."""
    from mlworkflow.linting.telling import summary

    failing = linted.failing(strict)
    if failing:
        first = failing[0]
        raise CheckFound(summary(linted), fix=f"first {first.id}: {first.fix or first.says}")
