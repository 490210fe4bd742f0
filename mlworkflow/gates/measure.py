"""The measures in which evidence is given: what a limit is in each, and how a value that was handed in is read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mlworkflow.quantity import KINDS, Unreadable

Value = float | bool | str
Limit = Value | tuple[Value, ...]

_PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?")
_DIGITS = 9


class Unfit(ValueError):
    """A value that is no evidence; the text goes on after the key, as in "is empty"."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: how people call it, in how many base units one of it is, and how text in it is read."""

    name: str
    means: str
    kind: str
    base: float = 1.0
    lowest: float = -math.inf
    highest: float = math.inf
    whole: bool = False

    def limit(self, raw: Any) -> Value:
        """Return a value of the design in this measure."""
        if self.kind in ("flag", "text"):
            return raw if isinstance(raw, bool) else str(raw)
        return round(float(raw) / self.base, _DIGITS)

    def literal(self, text: str) -> Value:
        """Return a value that stands as text in a gate."""
        if self.kind == "text":
            return text
        if self.kind == "number":
            return float(text)
        return self.limit(KINDS[self.kind].parse(text))

    def shown(self, value: object) -> Value:
        """Return what evidence holds, or say why it shows nothing."""
        if isinstance(value, str):
            value = _unpadded(value)
        return _READERS.get(self.kind, _number)(self, value)

    def say(self, value: Value) -> str:
        """Return a value of this measure with its unit."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str):
            return value
        if self.kind in ("duration", "share", "rate"):
            return KINDS[self.kind].say(value * self.base) if math.isfinite(value * self.base) else str(value)
        return f"{value:,.10g}"


MEASURES = {
    one.name: one
    for one in (
        Measure("number", "a number", "number"),
        Measure("share", "a share such as 0.02 or 2 %", "share", lowest=0.0, highest=1.0),
        Measure("count", "a whole number", "count", lowest=0.0, whole=True),
        Measure("yes-no", "yes or no", "flag"),
        Measure("name", "the name of a person", "text"),
        Measure("word", "one of the words", "text"),
        Measure("ms", "milliseconds", "duration", 0.001, lowest=0.0),
        Measure("hours", "hours", "duration", 3600.0, lowest=0.0),
        Measure("days", "days", "duration", 86400.0, lowest=0.0),
        Measure("per-second", "a number per second", "rate", lowest=0.0),
    )
}


def _unpadded(text: str) -> str:
    tidy = " ".join(text.split())
    if not tidy:
        raise Unfit("is blank")
    return tidy


def _flag(measure: Measure, value: object) -> Value:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise Unfit(f"is {_named(value)}, where yes or no is expected")
    try:
        return bool(KINDS["flag"].parse(value))
    except Unreadable:
        raise Unfit(f"is {_quoted(value)}, where yes or no is expected") from None


def _text(measure: Measure, value: object) -> Value:
    if not isinstance(value, str):
        raise Unfit(f"is {_named(value)}, where {measure.means} is expected")
    return value


def _number(measure: Measure, value: object) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unfit(f"is {_named(value)}, where {measure.means} is expected")
    return _inside(measure, _amount(measure, value), value)


def _amount(measure: Measure, value: float | str) -> float:
    if not isinstance(value, str):
        return _float(value)
    if _PLAIN_NUMBER.fullmatch(value) or value.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return _float(float(value))
    if measure.kind == "number":
        raise Unfit(f"is {_quoted(value)}, where a plain number is expected")
    try:
        parsed: Any = KINDS[measure.kind].parse(value)
        return round(float(parsed) / measure.base, _DIGITS)
    except (Unreadable, OverflowError):
        raise Unfit(f"is {_quoted(value)}, where {measure.means} {_are(measure)} expected") from None


def _float(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        raise Unfit("is a number with too many digits") from None
    if math.isnan(number):
        raise Unfit("is not a number (NaN)")
    if math.isinf(number):
        raise Unfit("is infinite")
    return number


def _inside(measure: Measure, number: float, given: object) -> float:
    if measure.name == "share" and number > 1:
        raise Unfit(f"is {_said(given)}, but a share is at most 1: write 0.02 or 2 %")
    if number < measure.lowest:
        raise Unfit(f"is {_said(given)}, but {measure.means} cannot be negative")
    if measure.whole and number != math.floor(number):
        raise Unfit(f"is {_said(given)}, which is no whole number")
    return number


_READERS: dict[str, Callable[[Measure, object], Value]] = {"flag": _flag, "text": _text}


def _are(measure: Measure) -> str:
    return "are" if measure.kind == "duration" else "is"


def _said(value: object) -> str:
    if isinstance(value, int) and abs(value) >= 10**18:
        return "one of more than 18 digits"
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)


def _named(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, int | float):
        return f"the number {_said(value)}"
    return "a list" if isinstance(value, list) else "a table" if isinstance(value, dict) else "something else"


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 40 else text[:40] + '…'}”"
