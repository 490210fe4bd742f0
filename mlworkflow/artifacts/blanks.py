"""What is not known yet in an artifact: a null with its place, and the question that would fill it, if one does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAMES = ("name", "segment", "metric", "id")


@dataclass(frozen=True, slots=True)
class Unknown:
    """Stands where a value is missing; without a question only the work itself can give it."""

    asks: str = ""


@dataclass(frozen=True, slots=True)
class Assumed:
    """A value that nobody said."""

    value: Any


@dataclass(frozen=True, slots=True)
class Blank:
    """One missing value: its place in the fields, and the question that asks for it."""

    at: str
    asks: str = ""


WORK = Unknown()


@dataclass
class Settled:
    """Fields as JSON knows them, with the places of what is missing and of what was assumed."""

    fields: dict[str, Any]
    blanks: list[Blank] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)


def settled(fields: Mapping[str, Any]) -> Settled:
    """Return the fields with nulls for what is unknown; an empty list or text is unknown as well."""
    found = Settled({})
    for name, value in fields.items():
        found.fields[name] = _plain(value, name, found)
    return found


def _plain(value: Any, at: str, found: Settled) -> Any:
    if isinstance(value, Assumed):
        found.assumed.append(at)
        return _plain(value.value, at, found)
    if isinstance(value, Unknown) or is_blank(value):
        found.blanks.append(Blank(at, value.asks if isinstance(value, Unknown) else ""))
        return None
    if isinstance(value, Mapping):
        return {key: _plain(one, f"{at}.{key}", found) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, f"{at}[{_called(one, place)}]", found) for place, one in enumerate(value)]
    return value


def is_blank(value: Any) -> bool:
    """Whether nothing stands there; no and 0 are something."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, Mapping | list | tuple) and not value)


def blanks_in(value: Any, at: str) -> list[str]:
    """Return the place of every blank in plain data."""
    if is_blank(value):
        return [at]
    if isinstance(value, Mapping):
        return [place for key, one in value.items() for place in blanks_in(one, f"{at}.{key}")]
    if isinstance(value, list | tuple):
        return [place for place_, one in enumerate(value) for place in blanks_in(one, f"{at}[{_called(one, place_)}]")]
    return []


def _called(one: Any, place: int) -> str:
    """What a record of a list is called in a place: its name, or else its number."""
    names = (one.get(name) for name in NAMES) if isinstance(one, Mapping) else ()
    return next((name for name in names if isinstance(name, str) and name.strip()), str(place))
