"""The front end with arrow keys, on questionary; what it returns is checked here, for it returns what nobody chose."""

from __future__ import annotations

import os
import signal
from asyncio import get_running_loop
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")  # some terminals never say where the cursor is

import questionary
from prompt_toolkit import print_formatted_text
from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.output import create_output
from questionary.prompts import common

from mlworkflow.wizard.answering import Reply
from mlworkflow.wizard.layout import Write, above, wrapped
from mlworkflow.wizard.screens import BACK, FINISH, HELP, PREVIEW, Screen

_KEYS = (BACK, HELP, PREVIEW, FINISH)
_STYLE = questionary.Style([("question", "bold"), ("instruction", "fg:ansibrightblack"), ("pointer", "bold")])
_NO_ANSWER = "That is no answer; Enter alone takes what is offered."
_ROOM = 8
_ENDING = ("SIGTERM", "SIGHUP")
_ARROWS = "(arrow keys, then Enter)"

common.INDICATOR_SELECTED, common.INDICATOR_UNSELECTED = "[x]", "[ ]"  # type: ignore[attr-defined]


class Pretty:
    """Asks with arrow keys and colours, on standard error."""

    def __init__(self, write: Write, stream: TextIO) -> None:
        self.write = write
        self.output = create_output(stdout=stream)

    def ask(self, screen: Screen) -> Reply:
        """Return the reply; what is no choice of the screen is asked again."""
        self._show(screen)
        while True:
            reply = self._prompt(screen)
            if reply is not None:
                return reply
            self.write(_NO_ANSWER + "\n")

    def _show(self, screen: Screen) -> None:
        self.write(wrapped(tuple(above(screen))) + "\n")
        print_formatted_text(FormattedText([("bold", wrapped((screen.asks,)))]), output=self.output)
        if screen.lines:
            self.write(wrapped(screen.lines) + "\n")

    def _prompt(self, screen: Screen) -> Reply | None:
        if not screen.offers:
            return self._text(screen)
        found = _asked(self._checkbox(screen) if screen.many else self._select(screen))
        if found in _KEYS:
            return str(found)
        values = {offer.value for offer in screen.offers}
        if screen.many:
            return tuple(found) if isinstance(found, list) and found and values.issuperset(found) else None
        return str(found) if found in values else None

    def _text(self, screen: Screen) -> Reply | None:
        keys = KeyBindings()

        @keys.add("escape", "enter")
        def _(event: Any) -> None:
            event.app.exit(result=None)

        keys.add("c-z")(_suspend)

        hint = f"[Enter: {screen.enter}]:" if screen.enter else "[no default]:"
        found = _asked(
            questionary.text("Answer", qmark="", instruction=hint, style=_STYLE, output=self.output, key_bindings=keys)
        )
        return found if isinstance(found, str) else None

    def _select(self, screen: Screen) -> questionary.Question:
        default = screen.at if screen.at in {offer.value for offer in screen.offers} else None
        question = questionary.select(
            "Choose", choices=self._choices(screen), default=default, qmark="", pointer=">", instruction=_ARROWS,
            style=_STYLE, use_jk_keys=False, output=self.output,
        )  # fmt: skip
        return _with_keys(question)

    def _checkbox(self, screen: Screen) -> questionary.Question:
        question = questionary.checkbox(
            "Choose", choices=self._choices(screen), qmark="", pointer=">", style=_STYLE, use_jk_keys=False,
            instruction="(space marks, Enter takes the marked)", output=self.output,
        )  # fmt: skip
        return _with_keys(question)

    def _choices(self, screen: Screen) -> list[questionary.Choice]:
        room = max(20, self.output.get_size().columns - _ROOM)
        return [
            questionary.Choice(offer.text[:room], offer.value, checked=screen.many and offer.value in screen.marked)
            for offer in screen.offers
        ]


def _asked(question: questionary.Question) -> Any:
    with _signals_first(question.application):
        return question.unsafe_ask()


@contextmanager
def _signals_first(app: Application[Any]) -> Iterator[None]:
    """Hand a signal to whoever listened before, once the prompt has let go of the terminal.

    What a handler raises inside the prompt would be caught there, and answered with a question of its own.
    """
    caught: list[int] = []

    def leave() -> None:
        if caught and app.future is not None and not app.future.done():
            app.exit(exception=EOFError)

    def soon() -> None:
        get_running_loop().call_soon(leave)

    def note(number: int, frame: object) -> None:
        caught.append(number)
        if app.loop is not None:
            app.loop.call_soon_threadsafe(leave)

    app.pre_run_callables.append(soon)
    numbers = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    before = {number: signal.signal(number, note) for number in numbers if callable(signal.getsignal(number))}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if caught:
            signal.raise_signal(caught[0])


def _with_keys(question: questionary.Question) -> questionary.Question:
    """Return the question with the keys that go back, help, preview and finish, and with Ctrl-D as a way out."""
    keys = question.application.key_bindings
    assert isinstance(keys, KeyBindings)
    for key in _KEYS:
        keys.add(key, eager=True)(_leaving_with(key))
    keys.add("c-z", eager=True)(_suspend)
    keys.add("escape", "enter", eager=True)(_leaving_with(""))

    @keys.add("c-d", eager=True)
    def _(event: Any) -> None:
        event.app.exit(exception=EOFError, style="class:aborting")

    return question


def _suspend(event: Any) -> None:
    event.app.suspend_to_background()


def _leaving_with(result: str) -> Any:
    def leave(event: Any) -> None:
        event.app.exit(result=result)

    return leave
