"""A question, its answer, and all the answers of one design."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlworkflow.condition import Domain

NOT_SURE = "not sure"
GIVEN = ("file", "stdin", "environment", "flag", "asked")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to answer, with what it means."""

    id: str
    means: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that we ask a person; everything that a face of the program needs follows from it."""

    id: str
    asks: str
    label: str
    kind: str
    section: str = ""
    help: str = ""
    example: str = ""
    choices: tuple[Choice, ...] = ()
    assume: Any = None
    because: str = ""
    when: str = ""
    essential: bool = False
    required: bool = False
    wish: bool = False
    settled_by: str = ""
    low: float | None = None
    high: float | None = None
    owner: str = "product"
    flag: str = ""
    positional: tuple[str, ...] = ()
    fields: tuple[Question, ...] = ()
    pack: str = ""
    tree: list[Any] | None = None

    @property
    def option(self) -> str:
        """The flag that answers the question."""
        return "--" + (self.flag or self.id).replace("_", "-")

    @property
    def variable(self) -> str:
        """The environment variable that answers the question."""
        return "MLWORKFLOW_" + self.id.upper()

    @property
    def domain(self) -> Domain:
        """What a condition may compare the answer with."""
        kind = "choices" if self.kind == "choices" else self.kind
        return Domain(kind, tuple(choice.id for choice in self.choices))

    def choice(self, id: str) -> Choice | None:
        """Return the choice of that name."""
        return next((choice for choice in self.choices if choice.id == id), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, where it came from, and the place to mend it."""

    value: Any
    source: str
    place: str = ""
    unsure: bool = False

    @property
    def given(self) -> bool:
        """Whether a person said it."""
        return self.source in GIVEN


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a list answer, such as one feature: its fields, each an answer."""

    fields: Mapping[str, Answer]
    place: str = ""

    def value(self, name: str) -> Any:
        """Return the value of a field, or None where nothing is known."""
        answer = self.fields.get(name)
        return None if answer is None else answer.value


@dataclass(frozen=True)
class Answers:
    """All answers of one design, assumed ones among them."""

    by_id: Mapping[str, Answer] = field(default_factory=dict)

    def value(self, id: str) -> Any:
        """Return the value, or None where nothing is known."""
        answer = self.by_id.get(id)
        return None if answer is None else answer.value

    def given(self) -> Iterator[tuple[str, Answer]]:
        """Yield what a person said, in the order of the questions."""
        return ((id, answer) for id, answer in self.by_id.items() if answer.given)

    def entries(self, id: str) -> tuple[Entry, ...]:
        """Return the records of a list answer."""
        value = self.value(id)
        return value if isinstance(value, tuple) else ()
