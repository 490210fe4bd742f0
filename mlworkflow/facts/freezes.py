"""Reads release freezes that name days or months, and finds the first day on which something may begin."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable

Day = datetime.date
Inside = Callable[[Day], bool]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_TO = r" *(?:to|until|till|through|-|–|—) *(?:the +)?"
_ISO = r"(\d{4}-\d{2}-\d{2})"
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4}
MOST_DAYS = 800
LONGEST = 3660  # beyond ten years nobody plans around a freeze


def inside_of(text: str) -> Inside | None:
    """Return whether a day lies in a freeze, as far as its words name days or months; None where they do not."""
    plain = " ".join(text.lower().split())
    return next((inside for read in _READERS if (inside := read(plain)) is not None), None)


def recurs_monthly(text: str) -> bool:
    """Whether a freeze comes back within weeks, so that no experiment of weeks can avoid it."""
    return bool(re.search(r"\b(each|every|of the) month\b", text.lower()))


def first_free(day: Day, freezes: Iterable[Inside], days: int = 1) -> Day:
    """Return the first day from here on from which so many days lie in no freeze, or the day itself if there is none."""
    found, start = tuple(freezes), day
    while (start - day).days < MOST_DAYS:
        last = next((one for one in _backwards(start, days) if any(freeze(one) for freeze in found)), None)
        if last is None:
            return start
        start = last + datetime.timedelta(days=1)  # whatever begins before it still runs into this frozen day
    return day


def _backwards(start: Day, days: int) -> Iterable[Day]:
    return (start + datetime.timedelta(days=one) for one in reversed(range(min(days, LONGEST))))


def _dated(text: str) -> Inside | None:
    found = re.search(f"{_ISO}{_TO}{_ISO}", text)
    if found is None:
        return None
    try:
        first, last = Day.fromisoformat(found[1]), Day.fromisoformat(found[2])
    except ValueError:
        return None
    return lambda day: first <= day <= last


def _monthly(text: str) -> Inside | None:
    found = re.search(f"{_DAY}{_TO}{_DAY}", text) if recurs_monthly(text) else None
    if found is None or not 1 <= int(found[1]) <= int(found[2]) <= 31:
        return None
    first, last = int(found[1]), int(found[2])
    return lambda day: first <= day.day <= last


def _yearly(text: str) -> Inside | None:
    for pattern, parts in (
        (f"{_DAY} +{_NAME}{_TO}{_DAY} +{_NAME}", (2, 1, 4, 3)),
        (f"{_NAME} +{_DAY}{_TO}{_NAME} +{_DAY}", (1, 2, 3, 4)),
        (f"{_DAY}{_TO}{_DAY} +{_NAME}", (3, 1, 3, 2)),
        (f"{_NAME} +{_DAY}{_TO}{_DAY}(?!\\d)", (1, 2, 1, 3)),
    ):
        found = re.search(pattern, text)
        if found is not None:
            return _between(
                (_month(found[parts[0]]), int(found[parts[1]])), (_month(found[parts[2]]), int(found[parts[3]]))
            )
    return None


def _weeks_of(text: str) -> Inside | None:
    found = re.search(rf"\b(first|last) (?:(one|two|three|four|\d) )?weeks? (?:of|in) {_NAME}", text)
    if found is None:
        return None
    days, month = (
        7 * _NUMBERS.get(found[2] or "one", int(found[2]) if (found[2] or "").isdigit() else 1),
        _month(found[3]),
    )
    if found[1] == "first":
        return _between((month, 1), (month, days))
    return lambda day: day.month == month and (day + datetime.timedelta(days=days)).month != month


def _months(text: str) -> Inside | None:
    found = re.search(rf"\b{_NAME}{_TO}{_NAME}", text) or re.search(
        rf"^(?:the month of |all of |whole |in )?{_NAME}(?=$|[,;:(])", text
    )
    if found is None:
        return None
    names = [_month(one) for one in found.groups()]
    return _between((names[0], 1), (names[-1], 31))


_READERS = (_dated, _monthly, _yearly, _weeks_of, _months)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _between(first: tuple[int, int], last: tuple[int, int]) -> Inside | None:
    if not (1 <= first[1] <= 31 and 1 <= last[1] <= 31):
        return None
    if first <= last:
        return lambda day: first <= (day.month, day.day) <= last
    return lambda day: (day.month, day.day) >= first or (day.month, day.day) <= last
