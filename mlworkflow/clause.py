"""A line that is there when its condition holds: a finding, a gate, a runbook step, a candidate model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Clause:
    """One conditional line of the document, with its sentence and its columns."""

    id: str
    kind: str
    says: str
    section: str = ""
    when: str = ""
    because: str = ""
    for_each: str = ""
    weight: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    pack: str = ""
    tree: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of ours with the values of this design set apart, so that each face can quote them its own way."""

    template: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.quoted(str)

    def quoted(self, quote: Any) -> str:
        """Return the sentence with each value passed through `quote`."""
        if not self.values:
            return self.template
        return PLACEHOLDER.sub(lambda found: str(quote(self.values[found[1]])), self.template)


PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z_]+)?)\}")


@dataclass(frozen=True, slots=True)
class Applied:
    """A clause that holds for this design, with its values filled in."""

    clause: Clause
    subject: str
    says: Sentence
    because: Sentence
    columns: Mapping[str, Sentence]
    read: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The clause's id, with the subject where it is judged for each."""
        return f"{self.clause.id}[{self.subject}]" if self.subject else self.clause.id


_BOLD = re.compile(r"\*\*(.+?)\*\*")


def parts(says: str) -> tuple[str, str]:
    """Return what a finding states, its first sentence, and what it says to do about it."""
    bold = _BOLD.search(says)
    cut = len(says)
    if bold is not None:
        stop = says.find(". ", bold.end())
        cut = bold.end() if bold[1].endswith(".") else len(says) if stop < 0 else stop + 1
    return says[:cut].replace("**", "").strip(), says[cut:].replace("**", "").strip()


def split(says: str) -> tuple[str, str]:
    """Return a finding before and from the end of its statement: its bold part, or its first sentence."""
    bold = _BOLD.search(says)
    stop = bold.end(1) if bold else (says.find(". ") if ". " in says else len(says))
    stop -= says[:stop].endswith(".")
    return says[:stop], says[stop:]


def headline(says: str) -> str:
    """Return the bold statement of a finding, or all of it where none is bold."""
    bold = _BOLD.search(says)
    return (says[: bold.end()] if bold else says).replace("**", "").strip(".:;, ")
