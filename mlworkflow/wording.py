"""How values are said in a sentence, by their kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mlworkflow.quantity import KINDS, say_cost


def said(kind: str, value: Any, labels: Mapping[str, str] | None = None, tool_name: Callable[[str], str] = str) -> str:
    """Return a value as a document says it."""
    if value is None:
        return "not known"
    if isinstance(value, tuple):
        return listed([_one(kind, part, labels or {}, tool_name) for part in value])
    return _one(kind, value, labels or {}, tool_name)


def _one(kind: str, value: Any, labels: Mapping[str, str], tool_name: Callable[[str], str]) -> str:
    if kind in ("choice", "choices"):
        return labels.get(value, str(value))
    if kind == "tools":
        return tool_name(value)
    if kind == "cost":
        return say_cost(value)
    if kind in KINDS:
        return KINDS[kind].say(round(value) if kind == "count" else value)
    return str(value)


def shortened(kind: str, value: Any, digits: int) -> Any:
    """Return a computed number with so many significant digits; counts, whole times and money keep their own."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not value:
        return value
    if kind == "duration":
        unit = next((one for one in (86400.0, 3600.0, 60.0) if value >= 2 * one), 1.0)
        return value if value >= 60 and value % unit == 0 else _digits(value / unit, digits) * unit
    if kind == "share":  # three digits, and more near 100 %, are how a share is said anyway
        return value if digits > 2 or value > 0.99 else _digits(value, digits)
    if kind not in ("number", "size", "rate"):
        return value
    return _digits(value, digits)


def _digits(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def listed(parts: list[str]) -> str:
    """Return parts as an enumeration: 'a, b and c'."""
    if len(parts) < 2:
        return "".join(parts) or "none"
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def nearest(now: float, values: Sequence[float]) -> list[float]:
    """Of many numbers that were tried, return the nearest one on each side of the present one."""
    below, above = [one for one in values if one < now], [one for one in values if one > now]
    return [*([max(below)] if below else []), *([min(above)] if above else [])]


def annotation(kind: str, text: str, **properties: str) -> str:
    """Return a workflow command that GitHub shows beside a run: an error, a warning or a notice."""
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    return f"::{kind} {named}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
