"""What a topic asks for, and what a sizing says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mlworkflow.price import Price
from mlworkflow.quantity import Effect, Money

STATUSES = ("ok", "warning", "unknown", "infeasible")


@dataclass(frozen=True)
class Option:
    """One value that a topic reads: its flag, its kind, the values it allows, and what is assumed without it."""

    name: str
    kind: str
    help: str
    default: str = ""
    because: str = ""
    allows: str = "positive"
    choices: tuple[str, ...] = ()
    required: bool = False
    many: bool = False


@dataclass(frozen=True)
class Inputs:
    """The values of one run, which of them a person gave, and the prices that may stand in for others."""

    options: Mapping[str, Option]
    values: Mapping[str, Any]
    given: frozenset[str]
    listed: tuple[Price, ...] = ()

    def has(self, *names: str) -> bool:
        """Say whether all of these have a value."""
        return all(self.values.get(name) is not None for name in names)

    def raw(self, name: str) -> Any:
        """Return the value as it was parsed, or nothing."""
        return self.values.get(name)

    def number(self, name: str) -> float:
        """Return the value as a plain number: seconds, bytes, shares, or an amount without its currency."""
        value = self.values[name]
        if isinstance(value, Money):
            return value.amount
        return value.size if isinstance(value, Effect) else float(value)

    def maybe(self, name: str) -> float | None:
        """Return the value as a plain number if there is one."""
        return self.number(name) if self.has(name) else None

    def whole(self, name: str) -> int:
        """Return the value as a whole number."""
        return int(self.values[name])

    def days(self, name: str) -> float:
        """Return a duration in days."""
        return self.number(name) / 86400

    def but(self, name: str, value: Any) -> Inputs:
        """Return the same inputs with another value for one of them."""
        return replace(self, values={**self.values, name: value})


@dataclass(frozen=True)
class Line:
    """One figure: its value, how it is said, and the formula and inputs that it comes from."""

    id: str
    label: str
    value: float | None
    said: str
    formula: str = ""
    inputs: tuple[str, ...] = ()
    status: str = "ok"
    note: str = ""
    unit: str = ""
    group: str = ""


@dataclass(frozen=True)
class Point:
    """One bar of a picture."""

    label: str
    value: float
    said: str
    chosen: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure against one of its inputs, with the goal that it is held against."""

    title: str
    points: tuple[Point, ...]
    goal: float | None = None
    goal_said: str = ""


@dataclass(frozen=True)
class Sizing:
    """The answer of one topic: a sentence, its figures, the ways out, and what moves the main figure most."""

    topic: str
    answer: str
    inputs: Inputs
    lines: tuple[Line, ...]
    main: str
    ways_out: tuple[Line, ...] = ()
    picture: Picture | None = None
    moves: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """The gravest status of any figure."""
        return max((line.status for line in self.lines), key=STATUSES.index, default="ok")

    def line(self, id: str) -> Line | None:
        """Return the figure with this id, if the run has it."""
        return next((line for line in self.lines if line.id == id), None)


@dataclass(frozen=True)
class Topic:
    """A kind of sizing: what it reads, examples that run, and the function that works it out."""

    name: str
    main: str
    examples: tuple[str, ...]
    options: tuple[Option, ...]
    size: Callable[[Inputs], Sizing]
