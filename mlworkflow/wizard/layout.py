"""How a screen is laid out in lines, the same for every front end."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Callable, Iterator
from typing import Protocol

from mlworkflow.wizard.answering import Reply
from mlworkflow.wizard.interview import Interview
from mlworkflow.wizard.screens import Screen

WIDEST = 100
_ROW = re.compile(r" +[0-9]+ ")
Write = Callable[[str], None]


class Face(Protocol):
    """A front end: shows a screen and returns what a person replied."""

    def ask(self, screen: Screen) -> Reply:
        """Return the reply, or raise when the person leaves."""


def conduct(interview: Interview, face: Face) -> None:
    """Ask until the interview is done."""
    while not interview.done:
        interview.reply(face.ask(interview.screen()))


def above(screen: Screen) -> Iterator[str]:
    """Yield what stands above the question: what came of the last reply, and how far one is."""
    yield from screen.notices
    yield ""
    if screen.progress:
        yield f"[{screen.progress}]"


def wrapped(lines: Iterator[str] | tuple[str, ...]) -> str:
    """Return lines that fit the terminal; rows of a table are cut, other lines wrapped."""
    width = max(20, min(WIDEST, shutil.get_terminal_size().columns - 1))
    return "\n".join(_fitted(line, width) for line in lines)


def _fitted(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    if _ROW.match(line):
        return f"{line[: width - 3].rstrip()}..."
    return textwrap.fill(
        line, width, subsequent_indent=" " * (len(line) - len(line.lstrip()) + 2), break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
