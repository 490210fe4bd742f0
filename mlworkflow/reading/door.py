"""Parsed values are copied into plain ones, and what must not come in is noted with its place."""

from __future__ import annotations

from collections.abc import Callable

from mlworkflow.errors import InputRefused, Problem
from mlworkflow.reading.characters import composed, faults, key_of
from mlworkflow.reading.limits import DEEPEST, LARGEST_INTEGER, MOST_PROBLEMS, MOST_VALUES
from mlworkflow.reading.parsing import too_deep
from mlworkflow.reading.places import Keys


class Door:
    """Copies parsed values into plain ones and notes what must not come in."""

    def __init__(self, place: str, line_of: Callable[..., int | None]) -> None:
        self.problems: list[Problem] = []
        self._place = place
        self._line_of = line_of
        self._values = 0

    def table(self, table: dict[str, object], path: Keys) -> dict[str, object]:
        """Return the table with its keys and values checked."""
        self._check_room(path)
        checked: dict[str, object] = {}
        for key, value in table.items():
            tidy = self._tidy(key, (*path, key))
            if tidy in checked:
                self._note((*path, key), "is written twice in two Unicode forms", "keep one of the two")
            checked[tidy] = self._value(value, (*path, tidy))
        return checked

    def _value(self, value: object, path: Keys) -> object:
        self._values += 1
        if self._values > MOST_VALUES:
            fix = "answers are short; is this the right file?"
            raise InputRefused(f"more than {MOST_VALUES:,} values", place=self._place, fix=fix)
        if isinstance(value, str):
            return self._tidy(value, path)
        if isinstance(value, dict):
            return self.table(value, path)
        if isinstance(value, list):
            self._check_room(path)
            return [self._value(entry, (*path, index)) for index, entry in enumerate(value)]
        return self._scalar(value, path)

    def _scalar(self, value: object, path: Keys) -> object:
        if value is None:
            self._note(path, "is null, which is no answer", "leave the key out")
        elif isinstance(value, int) and abs(value) > LARGEST_INTEGER:
            self._note(path, "is a number with too many digits", "write at most 18 digits")
        elif isinstance(value, float) and not abs(value) < float("inf"):
            self._note(path, "is not a finite number", "write a number, or leave the key out")
        elif not isinstance(value, (int, float)):
            return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
        return value

    def _tidy(self, text: str, path: Keys) -> str:
        for what, fix in faults(text):
            self._note(path, what, fix)
        return composed(text)

    def _check_room(self, path: Keys) -> None:
        if len(path) >= DEEPEST:
            raise too_deep(self._place)

    def _note(self, path: Keys, what: str, fix: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            place = self._where(path)
            self.problems.append(Problem(place, f"{key_of(path)} {what}", fix))
        else:
            self.problems.append(Problem(self._place, what, fix))

    def _where(self, path: Keys) -> str:
        for length in range(len(path), 0, -1):
            if line := self._line_of(*(composed(part) if isinstance(part, str) else part for part in path[:length])):
                return f"{self._place}:{line}"
        return self._place
