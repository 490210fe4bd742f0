"""`mlworkflow size TOPIC`: only the figure, with its calculation."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

import typer

from mlworkflow.cli import options as common
from mlworkflow.cli.listing import answer
from mlworkflow.cli.sections import Sectioned
from mlworkflow.errors import CheckFound, InputRefused
from mlworkflow.sizing import TOPICS, topic
from mlworkflow.sizing.model import Option, Sizing, Topic

HELP = """Values are read the way people write them: 10%, "1 point", 200/s, 50ms, 80GB, "3 USD".
A plan that cannot work is an answer too: it ends with 0, and with --strict with 1.

\b
Examples:
  mlworkflow size experiment --baseline 10% --effect "1 point" --per-day 2000
  mlworkflow size serving --rate 200/s --service-time 50ms --p99 300ms --picture
  mlworkflow size slo --help"""
_METAVARS = {"hop": "P50/P99", "choice": "CHOICE"}
_OWN = {
    "format": (common.Format, "text"),
    "picture": (Annotated[bool, typer.Option("--picture", help="Draw a small picture.")], False),
    "strict": (Annotated[bool, typer.Option("--strict", help="End with 1 when the plan cannot work.")], False),
}


def group(wrapped: Callable[[Callable[..., None]], Callable[..., None]], settings: dict[str, Any]) -> typer.Typer:
    """Return one command a topic."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False, context_settings=settings, no_args_is_help=False)
    for name, line in TOPICS.items():
        found = topic(name)
        app.command(name, cls=Sectioned, help=f"{line}\n\n{_examples(found)}", short_help=line)(
            wrapped(_command(found))
        )
    return app


def _examples(found: Topic) -> str:
    return "\n".join(["\b", "Examples:", *(f"  mlworkflow size {found.name} {example}" for example in found.examples)])


def _command(found: Topic) -> Callable[..., None]:
    def command(**values: Any) -> None:
        show(found, {option.name: values[_python(option.name)] for option in found.options}, values)

    own = [_parameter(name, annotation, default) for name, (annotation, default) in _OWN.items()]
    every = [_parameter(_python(option.name), _annotation(option), None) for option in found.options]
    command.__signature__ = inspect.Signature([*every, *own])  # type: ignore[attr-defined]
    return command


def _python(name: str) -> str:
    return "v_" + name.replace("-", "_")


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _annotation(option: Option) -> Any:
    kind: Any = list[str] | None if option.many else str | None
    metavar = _METAVARS.get(option.kind, option.kind.upper())
    assumed = f" Default {option.default}, because {option.because}." if option.default else ""
    text = f"{option.help}{' Repeatable.' if option.many else ''}{assumed}"
    return Annotated[kind, typer.Option(f"--{option.name}", metavar=metavar, help=text)]


def show(found: Topic, texts: dict[str, Any], own: dict[str, Any]) -> None:
    """Work the topic out and print it."""
    from mlworkflow.sizing.telling import as_data, lines

    sizing = sized(found, texts)
    answer(own["format"], lambda: as_data(sizing), lambda: lines(sizing, own["picture"]))
    if own["strict"] and sizing.status == "infeasible":
        raise CheckFound(sizing.answer.rstrip("."), place=f"size {found.name}")


def sized(found: Topic, texts: dict[str, Any]) -> Sizing:
    """Return the sizing that the texts lead to; what no formula can answer is refused."""
    from mlworkflow.cli.told import own
    from mlworkflow.numbers.validity import Invalid
    from mlworkflow.sizing.moving import with_moves
    from mlworkflow.sizing.reading import read

    inputs = read(found, texts)
    if inputs.has("cloud"):
        inputs = replace(inputs, listed=own().prices)
    try:
        return with_moves(found, found.size(inputs))
    except Invalid as error:
        raise InputRefused(str(error), place=f"size {found.name}") from error
