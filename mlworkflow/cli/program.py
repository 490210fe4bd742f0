"""Puts the commands together; only the one that was asked for is loaded."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from mlworkflow.cli.ending import let_go_of_standard_output
from mlworkflow.errors import CannotReadOrWrite, UsageProblem

ABOUT = "Design an ML system: experiment tracking, feature stores, training, serving and drift monitoring."
EPILOG = """Examples:

\b
  mlworkflow generate examples/churn/answers.toml -o workflow.md
  mlworkflow explain examples/churn/answers.toml feature-store

Exit codes: 0 done, 1 a check found something, 2 usage, 3 input refused, 4 work protected,
5 cannot read or write, 70 a bug, 130 interrupted."""
COMMANDS = {
    "new": "Ask the questions, keep the answers, write the document.",
    "generate": "Write the document that the answers lead to.",
    "explain": "Say why a choice was made and what would change it.",
    "show": "Show one part of a design: roles, allocation, handoffs.",
    "check": "Compare a document or a bundle with its answers, or test a pack.",
    "lint": "Check a design against itself.",
    "gate": "Judge evidence by the release gates of a design.",
    "rehearse": "Run a design in simulated time, with faults.",
    "note": "Add a note to an answers file.",
    "size": "Work out a single figure, with its calculation.",
    "questions": "List the questions, or show one.",
    "decisions": "List the decisions, or show one with all its rows.",
    "tools": "List the tools of the catalog, or show one.",
    "schema": "Print the JSON Schema of the answers file.",
}
# With --help as with -h; help texts keep the line breaks that \b marks.
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[2]


def run(words: list[str]) -> int:
    """Run the command that the words name."""
    completing = _completing()
    if not words and completing is None:
        raise UsageProblem("no command was given", fix=f"one of: {', '.join(COMMANDS)}; mlworkflow --help says more")
    try:
        code = program(next(_commands(words if completing is None else completing), ""))(
            words, prog_name="mlworkflow", standalone_mode=False
        )
    except _USAGE_ERROR as error:
        raise _usage(error) from None
    except SystemExit as left:
        # typer ends itself so when help could not be written
        raise left.__context__ if isinstance(left.__context__, BrokenPipeError) else left from None
    except OSError as error:
        let_go_of_standard_output()
        raise CannotReadOrWrite(error.strerror or str(error), place="standard output") from error
    return code if isinstance(code, int) else 0


def program(only: str | None = None) -> typer.Typer:
    """Return the program; when only one command is wanted, the others are there by their help line alone."""
    app = typer.Typer(
        help=ABOUT,
        epilog=EPILOG,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
    )
    app.callback()(_every_command)
    for name, line in COMMANDS.items():
        _add(app, name, line, load=only in (None, name))
    return app


def _add(app: typer.Typer, name: str, line: str, load: bool) -> None:
    if not load:
        app.command(name, help=line)(_nothing)
        return
    from mlworkflow.cli.sections import Sectioned

    module = import_module(f"mlworkflow.cli.{name}")
    help_text = f"{line}\n\n{module.HELP}" if module.HELP else line
    if hasattr(module, "group"):
        app.add_typer(module.group(_debuggable, _SETTINGS), name=name, help=help_text, short_help=line)
        return
    app.command(name, cls=Sectioned, help=help_text, short_help=line)(_debuggable(module.command()))


def _nothing() -> None:
    """Stand for a command that was not asked for."""


def _completing() -> list[str] | None:
    """Return the words before the cursor where a shell asks for completions, and otherwise nothing."""
    if "_MLWORKFLOW_COMPLETE" not in os.environ:
        return None
    line = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or ""
    return line.split()[1:]


def _commands(words: Sequence[str]) -> Iterator[str]:
    return (word for word in words if not word.startswith("-"))


def _version(wanted: bool) -> None:
    if wanted:
        from mlworkflow import __version__

        typer.echo(f"mlworkflow {__version__}")
        raise typer.Exit


Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug.")]


def _every_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Debug = False,
) -> None:
    pass


def _debuggable(function: Callable[..., None]) -> Callable[..., None]:
    """Return the command with --debug among its options, so that it may stand anywhere."""
    signature = inspect.signature(function, eval_str=True)

    @functools.wraps(function)
    def command(debug: bool = False, **values: Any) -> None:
        function(**values)

    option = inspect.Parameter("debug", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Debug)
    command.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*signature.parameters.values(), option]
    )
    return command


def _usage(error: Any) -> UsageProblem:
    command = error.ctx.command_path if getattr(error, "ctx", None) else "mlworkflow"
    meant = getattr(error, "possibilities", None)
    text = str(error.message if meant else error.format_message()).rstrip(".")
    text = text[:1].lower() + text[1:]
    if meant:
        return UsageProblem(text, fix=f"did you mean {' or '.join(sorted(meant))}?")
    return UsageProblem(text, fix=f"{command} --help")
