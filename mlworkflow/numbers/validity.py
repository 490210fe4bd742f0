"""Checks of what goes into a formula, each ending in a sentence that a person can act on."""

from __future__ import annotations

import math

SMALLEST = 1e-18
LARGEST = 1e18


class Invalid(ValueError):
    """A formula was given a value for which it has no answer; the text is a sentence for a person."""


class Infeasible(Invalid):
    """Each value is sound, yet no design can satisfy all of them together; the text names the constraint."""


def shown(value: float) -> str:
    """Return the number as a person would write it."""
    return f"{value:.12g}"


def finite(name: str, value: float) -> None:
    """Raise Invalid unless the value is an ordinary number."""
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise Invalid(f"{name} must be an ordinary number, not {shown(value)}")


def positive(name: str, value: float) -> None:
    """Raise Invalid unless the value is above zero."""
    if not (SMALLEST <= value <= LARGEST):
        raise Invalid(f"{name} must be above 0, not {shown(value)}")


def not_negative(name: str, value: float) -> None:
    """Raise Invalid if the value is below zero."""
    if not (0 <= value <= LARGEST):
        raise Invalid(f"{name} must be 0 or more, not {shown(value)}")


def probability(name: str, value: float) -> None:
    """Raise Invalid unless the value lies strictly between 0 and 1."""
    if not (SMALLEST <= value < 1):
        raise Invalid(f"{name} must lie between 0 and 1, both excluded, not {shown(value)}")


def share(name: str, value: float) -> None:
    """Raise Invalid unless the value is above 0 and at most 1."""
    if not (SMALLEST <= value <= 1):
        raise Invalid(f"{name} must be above 0 and at most 1, not {shown(value)}")


def proportion(name: str, value: float) -> None:
    """Raise Invalid unless the value lies between 0 and 1, both included."""
    if not (0 <= value <= 1):
        raise Invalid(f"{name} must lie between 0 and 1, not {shown(value)}")


def correlation(name: str, value: float) -> None:
    """Raise Invalid unless the value lies strictly between -1 and 1."""
    if not (-1 < value < 1):
        raise Invalid(f"{name} must lie between -1 and 1, both excluded, not {shown(value)}")


def count(name: str, value: float, at_least: float = 1, at_most: float = 1e12) -> None:
    """Raise Invalid unless the value is a number of things within the limits."""
    if not (at_least <= value <= at_most):
        raise Invalid(f"{name} must lie between {shown(at_least)} and {shown(at_most)}, not {shown(value)}")


def above(name: str, value: float, floor: float) -> None:
    """Raise Invalid unless the value exceeds the floor."""
    if not (floor < value <= LARGEST):
        raise Invalid(f"{name} must be above {shown(floor)}, not {shown(value)}")


def up(value: float) -> int:
    """Return the value rounded up to a whole number, forgiving what floating point adds to an exact one."""
    finite("the result", value)
    nearest = round(value)
    return nearest if abs(value - nearest) <= 1e-9 * max(1.0, abs(value)) else math.ceil(value)


def down(value: float) -> int:
    """Return the value rounded down to a whole number, forgiving what floating point takes from an exact one."""
    return -up(-value)
