"""Collects the figures of one sizing in the order worked out, each rounded and said the way of its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import floor, isfinite, log10

from mlworkflow.numbers.validity import Infeasible, Invalid, up
from mlworkflow.quantity import KINDS
from mlworkflow.sizing.model import Inputs, Line, Picture, Sizing

NOT_POSSIBLE = "not possible"
SIGNIFICANT = {
    "money": 2, "price": 3, "share": 2, "factor": 3, "number": 3, "duration": 3, "size": 3, "rate": 3, "points": 2,
}  # fmt: skip
_DURATIONS = ((2 * 86400, 86400, "days"), (2 * 3600, 3600, "hours"), (120, 60, "min"), (1, 1, "s"), (1e-3, 1e-3, "ms"))


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
        rounded, said, unit = shown(kind, value, unit or self.currency if kind in ("money", "price") else unit)
        status = status or ("warning" if note else "ok")
        line = Line(id, label, rounded, said, formula, self._known(inputs), status, note, unit, self.group)
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
        self.lines.append(Line(id, label, None, said, formula, self._known(inputs), status, note, group=self.group))

    def _known(self, names: str) -> tuple[str, ...]:
        return tuple(name for name in names.split() if name not in self.given.options or self.given.has(name))

    def line(self, id: str) -> Line | None:
        """Return the figure with this id, if it was noted."""
        return next((line for line in self.lines if line.id == id), None)

    def value(self, id: str) -> float | None:
        """Return the value of a figure, if it was noted and has one."""
        line = self.line(id)
        return line.value if line else None

    def way(self, id: str, label: str, kind: str, value: float | Callable[[], float], formula: str, unit: str = "",
            note: str = "") -> None:  # fmt: skip
        """Note a way out with its size, unless it has none either."""
        try:
            rounded, said, unit = shown(kind, value() if callable(value) else value, unit or self.currency)
        except Invalid:
            return
        self.ways.append(Line(id, label, rounded, said, formula, note=note, unit=unit))

    def done(self, topic: str, main: str, answer: str, picture: Picture | None = None, told: str = "") -> Sizing:
        """Return everything noted; what stands in the way and was not told yet is added to the answer."""
        blocked = [line for line in self.lines if line.status == "infeasible"]
        for line in blocked:
            if line.id not in told.split():
                answer += f" It does not work as planned: {line.label}: {line.said}, {line.note}."
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
        return f"{KINDS['number'].say(rounded)} {'time' if rounded == 1 else 'times'}", "times"
    if kind == "duration":
        return said_duration(value), "seconds"
    if kind in ("money", "price", "number"):
        return f"{KINDS['number'].say(rounded)} {unit}".rstrip(), unit
    return KINDS[kind].say(rounded), {"size": "bytes", "rate": "per second"}[kind]


def said_duration(value: float) -> str:
    """Return a duration with three digits in the largest unit of which there are two or more."""
    _, unit, name = next((one for one in _DURATIONS if value >= one[0]), (0.0, 1e-3, "ms"))
    return f"{KINDS['number'].say(significant(value / unit, 3))} {name}"


def said_share(value: float) -> str:
    """Return a share with two digits, counted from the nearer of 0 % and 100 %; a vanishing one as nearly none."""
    if 0 < value < 1e-6:
        return "below 0.0001 %"
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
    if first == "copies":
        return "copy"
    return f"{first.removesuffix('s')} {rest}".rstrip()
