"""`mlworkflow new`: asks, keeps every answer in a file, and writes the document."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from mlworkflow.answers import to_argv, to_toml
from mlworkflow.cli.asking import is_on, refuse_without_a_terminal
from mlworkflow.cli.ending import Stopped, say
from mlworkflow.cli.older import readable
from mlworkflow.cli.output import write_file
from mlworkflow.cli.source import source_of
from mlworkflow.cli.told import Told, from_environment, told
from mlworkflow.cli.writing import write
from mlworkflow.designing import design
from mlworkflow.documents.escape import visible
from mlworkflow.errors import CannotReadOrWrite, UsageProblem, WorkProtected
from mlworkflow.wizard.draft import Draft, locked
from mlworkflow.wizard.interview import Interview
from mlworkflow.wizard.layout import Face, conduct, wrapped
from mlworkflow.wizard.screens import COMMANDS
from mlworkflow.wizard.state import minutes

HELP = """Every answer is written into PATH before the next question; the same command goes on there,
or changes a finished file. Questions are shown on standard error, never on standard output.

\b
Examples:
  mlworkflow new
  mlworkflow new answers.toml --from churn
  mlworkflow new answers.toml > design.md
  mlworkflow new --plain        (numbered lines, for screen readers; also ACCESSIBLE=1)"""
LONGEST_FLAGS = 600


def command() -> Callable[..., None]:
    """Return the command."""
    return new


def new(
    path: Annotated[str, typer.Argument(metavar="[PATH]", help="The answers file, TOML.")] = "answers.toml",
    start: Annotated[
        str | None, typer.Option("--from", metavar="EXAMPLE|FILE", help="Start from an example or an answers file.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="DOC", help="Where the document goes; - is standard output.")
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Ask in plain numbered lines.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask; also MLWORKFLOW_NO_INPUT=1.")] = False,
) -> None:
    """Ask, then write the document and say how to repeat it."""
    _refuse_what_is_no_toml(path)
    refuse_without_a_terminal(path, no_input)
    with locked(path):
        interview = _begun(path, start)
        _converse(interview, path, plain)
        _finish(path, output)


# ------------------------------------------------------------------ with what


def _refuse_what_is_no_toml(path: str) -> None:
    if not path.lower().endswith(".toml"):
        raise UsageProblem("the wizard keeps its answers as TOML", place=path, fix="name a file that ends in .toml")


def _begun(path: str, start: str | None) -> Interview:
    data = _data(path)
    if start is not None and data is not None:
        raise WorkProtected("there is a file already", place=path, fix="name another file, or leave --from out")
    draft = Draft(path, data, lambda new, old: write_file(path, new, expected=old))
    source, aside = readable(path, draft) if data is not None and data.strip() else (None, [])
    if start is not None:
        source = source_of(_file_of(start))
    knowledge = told(source, complete=False).knowledge
    if start is not None:
        draft.keep(_text_of(start))
        return Interview(knowledge, draft, walk=True)
    # Starting from an example would write over what was set aside.
    interview = Interview(knowledge, draft, _examples() if source is None and not aside else None, _text_of)
    if aside:
        interview.state.say("Set aside in the file, as remarks:", *(f"  {one.place}: {one.what}" for one in aside))
    return interview


def _data(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise CannotReadOrWrite(f"cannot be read: {error}", place=path) from error


def _folder() -> Path:
    """Return the folder of the examples: our own in a wheel, that of the project in a checkout."""
    package = Path(__file__).parent.parent
    packed = package / "examples"
    return packed if packed.is_dir() else package.parent / "examples"


def _examples() -> Mapping[str, str]:
    """Return the examples that are there, each with the kind of problem it is about."""
    found = {}
    for file in sorted(_folder().glob("*/answers.toml")):
        values = source_of(str(file)).layer.values
        found[file.parent.name] = visible(f"{values.get('name', '')}, {values.get('problem_type', '')}")
    return found


def _text_of(start: str) -> str:
    """Return the answers of an example or of a file, as a TOML file has them."""
    source = source_of(_file_of(start))
    found = told(source, complete=False)
    return source.data.decode("utf-8") if source.format == "toml" else to_toml(found.knowledge, found.answers)


def _file_of(start: str) -> str:
    """Return the file of the example of that name, else the name as a file."""
    example = _folder() / start / "answers.toml"
    is_name = start.isascii() and start.replace("-", "").isalnum()
    return str(example) if is_name and example.is_file() else start


# ------------------------------------------------------------------ the conversation


def _converse(interview: Interview, path: str, plain: bool) -> None:
    """Ask to the end; whoever leaves before it is told that nothing is lost."""
    try:
        _open(interview, path)
        conduct(interview, _face(plain))
    except (Stopped, KeyboardInterrupt, EOFError) as left:
        _say_what_is_kept(interview, path)
        raise typer.Exit(left.exit_code if isinstance(left, Stopped) else 130) from None


def _open(interview: Interview, path: str) -> None:
    shown, kept = visible(path), interview.begun_with
    left = interview.state.unanswered()
    coming = (
        f"about {left} question{'' if left == 1 else 's'}, {minutes(left)}"
        if left
        else "every question that matters is answered"
    )
    if interview.walking:
        opening = f"{shown} holds a copy of those answers; {len(interview.path)} questions to look at, Enter keeps one."
    elif kept:
        opening = f"{shown} has {kept} answers; going on there: {coming}. Ctrl-C keeps your answers."
    else:
        opening = f"{coming[:1].upper()}{coming[1:]}; Ctrl-C keeps your answers in {shown}."
    say(wrapped((opening, COMMANDS)))


def _say_what_is_kept(interview: Interview, path: str) -> None:
    again = f"mlworkflow new {shlex.quote(visible(path))}"
    kept = interview.kept
    say(f"\n{kept} {'answer' if kept == 1 else 'answers'} kept: {again}" if kept else f"\nNo answers yet: {again}")


def _face(plain: bool) -> Face:
    if plain or _wants_plain():
        return _plain_face()
    try:
        from mlworkflow.wizard.pretty import Pretty

        return Pretty(_write, sys.stderr)
    except Exception:  # some consoles have no cursor that could be moved; lines work on every one
        return _plain_face()


def _plain_face() -> Face:
    from mlworkflow.wizard.plain import Plain

    return Plain(_write, lambda: sys.stdin.readline())


def _wants_plain() -> bool:
    if os.environ.get("TERM", "dumb" if os.name == "posix" else "") == "dumb":
        return True
    return is_on("ACCESSIBLE") or is_on("MLWORKFLOW_ACCESSIBLE")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


# ------------------------------------------------------------------ the end


def _finish(path: str, output: str | None) -> None:
    from mlworkflow.documents.rendering import render

    found = told(source_of(path), [from_environment(os.environ)])
    say(f"\nwritten: {visible(path)}")
    target = output if output is not None else _beside(path)
    document = render(design(found.knowledge, found.answers))
    try:
        write(target, document, force=False)
    except WorkProtected as refused:
        again = f"mlworkflow generate {shlex.quote(visible(path))} -o {shlex.quote(visible(target))} --force"
        fix = f"{again} overwrites it; -o with another name keeps both"
        raise WorkProtected(refused.problems[0].what, place=target, fix=fix) from refused
    say("\n".join(_repeats(found, path, target)))


def _beside(path: str) -> str:
    """Return where the document goes when nobody said: to whoever listens, else beside the answers."""
    if sys.stdout is not None and not sys.stdout.isatty():
        return "-"
    return str(Path(path).with_suffix(".md"))


def _repeats(found: Told, path: str, target: str) -> list[str]:
    to = "" if target == "-" else f" -o {shlex.quote(visible(target))}"
    said = ["", "The same document again:", f"  mlworkflow generate {shlex.quote(visible(path))}{to}"]
    flags = f"mlworkflow generate {shlex.join(to_argv(found.knowledge, found.answers))}{to}"
    if len(flags) <= LONGEST_FLAGS and flags.isprintable():
        said += ["or with flags alone:", f"  {flags}"]
    said += ["", "Next:", "  read the summary and the open questions at the top of the document;"]
    said += [f"  mlworkflow new {shlex.quote(visible(path))} changes an answer;"]
    said += [f"  mlworkflow explain {shlex.quote(visible(path))} says why each choice was made."]
    return said
