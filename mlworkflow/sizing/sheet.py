"""Collects the figures of one sizing in the order worked out, each rounded and said the way of its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import floor, isfinite, log10

from mlworkflow.numbers.validity import Infeasible, Invalid, up
from mlworkflow.quantity import KINDS
from mlworkflow.sizing.model import Inputs, Line, Picture, Sizing

NOT_POSSIBLE = "not possible"
SIGNIFICANT = {"money": 2, "share": 2, "factor": 3, "number": 3, "duration": 3, "size": 3, "rate": 3, "points": 2}
MONTH = 30


@dataclass
class Sheet:
    """The figures so far; a group is the heading that the next ones stand under."""

    given: Inputs
    currency: str = ""
    group: str = ""
    lines: list[Line] = field(default_factory=list)
    ways: list[Line] = field(default_factory=list)

    def add(
        self, id: str, label: str, kind: str, value: float, formula: str, inputs: str = "", unit: str = "",
        note: str = "", status: str = "",
    ) -> float:  # fmt: skip
        """Note a figure and return it as it was rounded; a note is a warning unless its status says otherwise."""
        rounded, said, unit = shown(kind, value, unit or self.currency if kind == "money" else unit)
        status = status or ("warning" if note else "ok")
        line = Line(id, label, rounded, said, formula, tuple(inputs.split()), status, note, unit, self.group)
        self.lines.append(line)
        return rounded

    def attempt(
        self, id: str, label: str, kind: str, work: Callable[[], float], formula: str, inputs: str = "", unit: str = ""
    ) -> float | None:
        """Note a figure, or that no value of it can satisfy what is asked."""
        try:
            return self.add(id, label, kind, work(), formula, inputs, unit)
        except Infeasible as error:
            self.none(id, label, formula, inputs, str(error), "infeasible")
            return None

    def none(self, id: str, label: str, formula: str, inputs: str, note: str, status: str = "unknown") -> None:
        """Note a figure that has no value, and why."""
        said = NOT_POSSIBLE if status == "infeasible" else "not known"
        self.lines.append(Line(id, label, None, said, formula, tuple(inputs.split()), status, note, group=self.group))

    def way(self, id: str, label: str, kind: str, value: float | Callable[[], float], formula: str, unit: str = "",
            note: str = "") -> None:  # fmt: skip
        """Note a way out with its size, unless it has none either."""
        try:
            rounded, said, unit = shown(kind, value() if callable(value) else value, unit or self.currency)
        except Invalid:
            return
        self.ways.append(Line(id, label, rounded, said, formula, note=note, unit=unit))

    def done(self, topic: str, main: str, answer: str, picture: Picture | None = None) -> Sizing:
        """Return everything noted; ways out are kept only where something stands in the way."""
        blocked = any(line.status == "infeasible" for line in self.lines)
        return Sizing(topic, answer, self.given, tuple(self.lines), main, tuple(self.ways) if blocked else (), picture)


def shown(kind: str, value: float, unit: str = "") -> tuple[float, str, str]:
    """Return a figure rounded as its kind is rounded, how it is said, and its unit."""
    if not isfinite(value):
        raise Invalid("the result is beyond what a number can hold; check the sizes of the values given")
    if kind == "count":
        whole = up(value)
        return whole, f"{whole:,} {_singular(unit) if whole == 1 else unit}".rstrip(), unit
    rounded = significant(value, SIGNIFICANT[kind])
    return (value, *_said(kind, value, rounded, unit))


def _said(kind: str, value: float, rounded: float, unit: str) -> tuple[str, str]:
    if kind == "share":
        return said_share(value), "share"
    if kind == "points":
        points = significant(100 * value, 2)
        return f"{KINDS['number'].say(points)} {'point' if points == 1 else 'points'}", "points"
    if kind == "factor":
        return f"{KINDS['number'].say(rounded)} times", "times"
    if kind in ("money", "number"):
        return f"{KINDS['number'].say(rounded)} {unit}".rstrip(), unit
    return KINDS[kind].say(rounded), {"duration": "seconds", "size": "bytes", "rate": "per second"}[kind]


def said_share(value: float) -> str:
    """Return a share with two digits, counted from the nearer of 0 % and 100 %."""
    if value > 0.99:
        value = 1 - significant(1 - value, 2)
        return f"{KINDS['number'].say(round(100 * value, 12)) if value < 0.9999 else _plain(100 * value)} %"
    return f"{KINDS['number'].say(significant(100 * value, 2))} %"


def _plain(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")


def significant(value: float, digits: int) -> float:
    """Return the value with so many significant digits."""
    return round(value, digits - 1 - floor(log10(abs(value)))) if value else 0.0


def _singular(unit: str) -> str:
    first, _, rest = unit.partition(" ")
    return f"{first.removesuffix('s')} {rest}".rstrip()
