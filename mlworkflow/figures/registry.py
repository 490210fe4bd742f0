"""How a figure is registered: its parameters are what it reads, and it keeps its formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

DAY = 86400.0
WEEK = 7 * DAY
HOUR = 3600.0
JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True)
class Figure:
    """A computed number: what it is, its unit, its formula, and the names that it reads."""

    name: str
    kind: str
    label: str
    formula: str
    section: str
    reads: tuple[str, ...]
    optional: frozenset[str]
    function: Callable[..., Any]
    assumes: tuple[str, ...] = ()
    """What the formula itself replaces by an assumption where it is not known; JUDGEMENT is never known."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A figure worked out for one design: its value, or why there is none."""

    figure: Figure
    value: Any
    inputs: Mapping[str, Any]
    missing: tuple[str, ...] = ()
    problem: str = ""


FIGURES: dict[str, Figure] = {}


def figure(
    kind: str, section: str, formula: str, assumes: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as a figure; its docstring is its label."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        code = function.__code__
        reads = code.co_varnames[: code.co_argcount]
        optional = frozenset(reads[len(reads) - len(function.__defaults__ or ()) :])
        label = (function.__doc__ or "").strip().rstrip(".")
        FIGURES[function.__name__] = Figure(
            function.__name__, kind, label, formula, section, reads, optional, function, assumes
        )
        return function

    return register


def worked(figure: Figure, inputs: Mapping[str, Any]) -> Worked:
    """Work a figure out, or say what is missing or why there is no answer."""
    missing = tuple(name for name in figure.reads if inputs[name] is None and name not in figure.optional)
    if missing:
        return Worked(figure, None, inputs, missing)
    from mlworkflow.numbers.validity import Invalid

    try:
        return Worked(figure, figure.function(**inputs), inputs)
    except Invalid as error:
        return Worked(figure, None, inputs, (), str(error))
