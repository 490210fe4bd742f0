"""The front end of plain lines: numbered choices, a prompt that names its default, nothing that moves the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlworkflow.wizard.answering import Reply
from mlworkflow.wizard.layout import Write, above, wrapped
from mlworkflow.wizard.screens import Screen


class Plain:
    """Asks in lines that a screen reader reads and a dumb terminal shows."""

    def __init__(self, write: Write, read: Callable[[], str]) -> None:
        self.write = write
        self.read = read

    def ask(self, screen: Screen) -> Reply:
        """Return the line that was typed; the end of the input means that the person left."""
        self.write(wrapped(tuple(_lines(screen))) + "\n")
        self.write(prompt(screen))
        line = self.read()
        if not line:
            raise EOFError
        return line.rstrip("\r\n")


def _lines(screen: Screen) -> Iterator[str]:
    yield from above(screen)
    yield screen.asks
    yield from screen.lines
    for number, offer in enumerate(screen.offers, 1):
        mark = " (chosen)" if offer.value in screen.marked else ""
        yield f"  {number}. {offer.text}{mark}"


def prompt(screen: Screen) -> str:
    """Return the words before the answer: how to give it, and what Enter alone means."""
    ask = "Numbers, with commas between" if screen.many else "Number" if screen.offers else "Answer"
    return f"{ask} [Enter: {screen.enter}]: " if screen.enter else f"{ask} [no default]: "
