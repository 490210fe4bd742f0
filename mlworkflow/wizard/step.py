"""What every place of an interview can do."""

from __future__ import annotations

from typing import Protocol

from mlworkflow.wizard.answering import Reply
from mlworkflow.wizard.screens import Screen


class Step(Protocol):
    """One place of the interview: what it shows, and where a reply leads."""

    def screen(self) -> Screen:
        """Return what is shown."""

    def reply(self, reply: Reply) -> Step | None:
        """Return the next place, or nothing to stay."""

    def back(self) -> Step | None:
        """Return the place before, or nothing where there is none."""

    def help(self) -> tuple[str, ...]:
        """Return what else there is to say."""
