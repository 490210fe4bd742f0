"""Whether a person may be asked: the one place that decides it."""

from __future__ import annotations

import os
import shlex
import sys

from mlworkflow.cli.source import source_of
from mlworkflow.cli.told import own, told
from mlworkflow.documents.escape import visible
from mlworkflow.errors import UsageProblem
from mlworkflow.question import Answers


def refuse_without_a_terminal(path: str, no_input: bool) -> None:
    """Nobody is asked where nobody can answer: what flows in from a pipe is no answer."""
    reason = _no_asking(no_input)
    if not reason:
        return
    answers = told(source_of(path), complete=False).answers if os.path.isfile(path) else Answers()
    missing = [one for one in own().questions if one.required and answers.value(one.id) is None]
    again = f"mlworkflow generate {shlex.quote(visible(path))}"
    if not missing:
        raise UsageProblem(f"{reason}; no answer that must be there is missing", fix=again)
    flags = " ".join(f"{one.option} {_example(one.id, one.example)}" for one in missing)
    file = "\n".join(f"{one.id} = {_toml_example(one.id, one.example)}" for one in missing)
    raise UsageProblem(
        f"{reason}; these answers are missing: {', '.join(one.option for one in missing)}",
        fix=f"mlworkflow generate {flags}\nor write them into {visible(path)}:\n{file}\nthen: {again}",
    )


def _example(id: str, example: str) -> str:
    return shlex.quote(example or next((one.id for one in own().question[id].choices), "..."))


def _toml_example(id: str, example: str) -> str:
    return f'"{example or next((one.id for one in own().question[id].choices), "...")}"'


def _no_asking(no_input: bool) -> str:
    if no_input or is_on("MLWORKFLOW_NO_INPUT"):
        return "told never to ask"
    if os.environ.get("CI"):
        return "CI is set, so nobody is asked"
    if sys.stdin is None or not sys.stdin.isatty():
        return "standard input is no terminal, so nobody can be asked"
    if sys.stderr is None or not sys.stderr.isatty():
        return "standard error is no terminal, so nobody can be asked"
    return ""


def is_on(name: str) -> bool:
    """Whether a variable that steers the program is set."""
    return os.environ.get(name, "0") not in ("", "0")
