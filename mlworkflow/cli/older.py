"""An answers file with lines that are not understood, as one from another version: they become remarks in it."""

from __future__ import annotations

import re

from mlworkflow.cli.source import Source, source_of
from mlworkflow.cli.told import told
from mlworkflow.errors import InputRefused, Problem
from mlworkflow.wizard.draft import Draft
from mlworkflow.wizard.lines import says_something, set_aside

ROUNDS = 20


def readable(path: str, draft: Draft) -> tuple[Source | None, list[Problem]]:
    """Return what the file still says, with what had to be set aside in it; a person's words stay, as remarks."""
    aside: list[Problem] = []
    for _ in range(ROUNDS):
        source = source_of(path)
        try:
            told(source, complete=False)
        except InputRefused as refused:
            lines = {line: one for one in refused.problems if (line := _line(one, path))}
            text = set_aside(draft.text, set(lines))
            if not lines or text == draft.text:
                raise
            draft.keep(text)
            aside += lines.values()
            if not says_something(text):
                return None, aside
        else:
            break
    return source, aside


def _line(problem: Problem, path: str) -> int | None:
    """Return the last line that the problem names, of those in the file."""
    found = re.findall(rf"{re.escape(path)}:(\d+)", problem.place)
    return int(found[-1]) if found else None
