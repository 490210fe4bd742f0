"""How a fact is registered: its parameters are what it reads, None means that it is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlworkflow.condition import Domain


@dataclass(frozen=True, slots=True)
class Fact:
    """A named value computed from answers, figures or verdicts."""

    name: str
    domain: Domain
    reads: tuple[str, ...]
    optional: frozenset[str]
    function: Callable[..., Any]

    @property
    def label(self) -> str:
        """What the fact says, as its docstring has it."""
        return (self.function.__doc__ or self.name).strip().rstrip(".")


@dataclass(frozen=True, slots=True)
class Subject:
    """One of several things that a decision or clause is judged for: a mode, a feature, a source."""

    id: str
    label: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of subject: how rows call one of them, which fact lists them, what may be read of them."""

    noun: str
    fact: str
    attributes: Mapping[str, Domain]


FACTS: dict[str, Fact] = {}


def fact(kind: str, *values: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as a fact of that kind; a parameter with a default may be unknown."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        code = function.__code__
        reads = code.co_varnames[: code.co_argcount]
        optional = frozenset(reads[len(reads) - len(function.__defaults__ or ()) :])
        name = function.__name__
        FACTS[name] = Fact(name, Domain(kind, values), reads, optional, function)
        return function

    return register
