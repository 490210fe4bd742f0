"""Reads release freezes that name days, months or holidays, and finds the first day on which something may begin."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from functools import cache

Day = datetime.date
Inside = Callable[[Day], bool]
Days = tuple[Day, Day]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_TO = r" *(?:to|until|till|through|-|–|—) *(?:the +)?"
_ISO = r"(\d{4}-\d{2}-\d{2})"
_NUMBER = r"(?:(a|one|two|three|four|five|six|\d{1,2}) )?"
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_END = r"(?=$|[.,;:(])"
MOST_DAYS = 800
LONGEST = 3660  # beyond ten years nobody plans around a freeze
WEEK = 7


def inside_of(text: str) -> Inside | None:
    """Return whether a day lies in a freeze, as far as its words name days or months; None where they do not."""
    plain = " ".join(text.lower().replace("’", "'").split()).replace("fortnight", "two weeks")
    return next((inside for read in _READERS if (inside := read(plain)) is not None), None)


def recurs_monthly(text: str) -> bool:
    """Whether a freeze comes back within weeks, so that no experiment of weeks can avoid it."""
    return bool(re.search(r"\b(each|every|of the) month\b", text.lower()))


def names_a_holiday(text: str) -> bool:
    """Whether its days follow from a holiday, so that a reader would have to look them up."""
    return re.search(_HOLIDAY, text.lower().replace("’", "'")) is not None


def first_free(day: Day, freezes: Iterable[Inside], days: int = 1) -> Day:
    """Return the first day from here on from which so many days lie in no freeze, or the day itself if there is none."""
    found, start = tuple(freezes), day
    while (start - day).days < MOST_DAYS:
        last = next((one for one in _backwards(start, days) if any(freeze(one) for freeze in found)), None)
        if last is None:
            return start
        start = last + datetime.timedelta(days=1)  # whatever begins before it still runs into this frozen day
    return day


def next_days(inside: Inside, day: Day) -> Days | None:
    """Return the first and the last day of the freeze that runs on this day or comes next."""
    return _run(inside, day, 1)


def last_days(inside: Inside, day: Day) -> Days | None:
    """Return the first and the last day of the latest freeze that was over on this day."""
    while inside(day) and day > Day.min + datetime.timedelta(days=MOST_DAYS):
        day -= datetime.timedelta(days=1)
    return _run(inside, day, -1)


def _run(inside: Inside, day: Day, way: int) -> Days | None:
    """Walk to the first frozen day in one direction of time, and to both ends of its freeze."""
    try:
        steps = (day + datetime.timedelta(days=way * one) for one in range(MOST_DAYS))
        hit = next((one for one in steps if inside(one)), None)
        if hit is None:
            return None
        first = last = hit
        while inside(first - datetime.timedelta(days=1)) and (hit - first).days < LONGEST:
            first -= datetime.timedelta(days=1)
        while inside(last + datetime.timedelta(days=1)) and (last - hit).days < LONGEST:
            last += datetime.timedelta(days=1)
    except OverflowError:  # the first or the last year of a calendar
        return None
    return first, last


def _backwards(start: Day, days: int) -> Iterable[Day]:
    return (start + datetime.timedelta(days=one) for one in reversed(range(min(days, LONGEST))))


# ------------------------------------------------------------------ days that are written out


def _dated(text: str) -> Inside | None:
    found = re.search(f"{_ISO}(?:{_TO}{_ISO})?", text)
    if found is None:
        return None
    try:
        first, last = Day.fromisoformat(found[1]), Day.fromisoformat(found[2] or found[1])
    except ValueError:
        return None
    return lambda day: first <= day <= last


def _in_years(text: str) -> Inside | None:
    """20 December 2026 to 10 January 2027: those days, and no other year's."""
    found = re.search(f"{_DAY} +{_NAME}(?:,? +(\\d{{4}}))?{_TO}{_DAY} +{_NAME},? +(\\d{{4}})", text)
    if found is None:
        return None
    try:
        last = Day(int(found[6]), _month(found[5]), int(found[4]))
        first = Day(int(found[3] or found[6]), _month(found[2]), int(found[1]))
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
        (f"^(?:on |the )*{_DAY} +{_NAME}{_END}", (2, 1, 2, 1)),
        (f"^(?:on )?{_NAME} +{_DAY}{_END}", (1, 2, 1, 2)),
    ):
        found = re.search(pattern, text)
        if found is not None:
            return _between(
                (_month(found[parts[0]]), int(found[parts[1]])), (_month(found[parts[2]]), int(found[parts[3]]))
            )
    return None


def _weeks_of(text: str) -> Inside | None:
    found = re.search(rf"\b(first|last) {_NUMBER}weeks? (?:of|in) {_NAME}", text)
    if found is None:
        return None
    days, month = WEEK * _number(found[2]), _month(found[3])
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


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _number(word: str | None) -> int:
    return int(word) if word and word.isdigit() else _NUMBERS[word or "one"]


def _between(first: tuple[int, int], last: tuple[int, int]) -> Inside | None:
    if not (1 <= first[1] <= 31 and 1 <= last[1] <= 31):
        return None
    if first <= last:
        return lambda day: first <= (day.month, day.day) <= last
    return lambda day: (day.month, day.day) >= first or (day.month, day.day) <= last


# ------------------------------------------------------------------ days that a rule gives


@cache
def _thanksgiving(year: int) -> Day:
    """The fourth Thursday of November."""
    first = Day(year, 11, 1)
    return first + datetime.timedelta(days=(3 - first.weekday()) % WEEK + 3 * WEEK)


@cache
def _easter(year: int) -> Day:
    """Easter Sunday of the Western churches, by the rule of 1876 (Meeus, Jones and Butcher)."""
    century, within = divmod(year, 100)
    golden = year % 19
    skipped = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + skipped + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (within // 4) - moon - within % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return Day(year, month, day + 1)


def _after(rule: Callable[[int], Day], first: int, last: int) -> Callable[[int], Days]:
    return lambda year: (
        rule(year) + datetime.timedelta(days=first),
        rule(year) + datetime.timedelta(days=last),
    )


def _each_year(month: int, day: int) -> Callable[[int], Day]:
    return lambda year: Day(year, month, day)


_HOLIDAYS: dict[str, Callable[[int], Days]] = {
    "black friday": _after(_thanksgiving, 1, 1),
    "cyber monday": _after(_thanksgiving, 4, 4),
    "cyber week": _after(_thanksgiving, -3, 4),
    "thanksgiving": _after(_thanksgiving, 0, 0),
    "singles' day": _after(_each_year(11, 11), 0, 0),
    "singles day": _after(_each_year(11, 11), 0, 0),
    "christmas eve": _after(_each_year(12, 24), 0, 0),
    "christmas": _after(_each_year(12, 25), -1, 1),
    "new year's eve": _after(_each_year(12, 31), 0, 0),
    "new years eve": _after(_each_year(12, 31), 0, 0),
    "new year's day": _after(_each_year(1, 1), 0, 0),
    "new year": _after(_each_year(1, 1), -1, 0),
    "good friday": _after(_easter, -2, -2),
    "easter monday": _after(_easter, 1, 1),
    "easter": _after(_easter, -2, 1),
}
_HOLIDAY = rf"\b({'|'.join(_HOLIDAYS)})\b(?:'s)?"
_BEFORE, _BEHIND = r"^(?:on |over |during |at |from |in )?(?:the )?", rf" ?{_END}"


def _holiday(text: str) -> Inside | None:
    """The days that the words give for each year: a span, weeks around a day, the week of a day, or the days alone."""
    for read in (_span, _weeks_around, _week_of, _alone):
        days = read(text)
        if days is not None:
            return _of_years(days)
    return None


def _of_years(days: Callable[[int], Days]) -> Inside:
    def inside(day: Day) -> bool:
        years = (year for year in (day.year - 1, day.year, day.year + 1) if Day.min.year < year < Day.max.year)
        return any(first <= day <= last for first, last in map(days, years))

    return inside


def _end_of(text: str) -> Callable[[int], Days] | None:
    """One end of a span: a holiday, or a day of a month."""
    name = re.fullmatch(_HOLIDAY, text)
    if name is not None:
        return _HOLIDAYS[name[1]]
    for pattern, month, day in ((f"{_DAY} +{_NAME}", 2, 1), (f"{_NAME} +{_DAY}", 1, 2)):
        found = re.fullmatch(pattern, text)
        if found is not None:
            try:
                Day(2028, _month(found[month]), int(found[day]))  # a leap year has each day there is
            except ValueError:
                return None
            fixed = (_month(found[month]), min(int(found[day]), 28 if _month(found[month]) == 2 else 31))
            return _after(_each_year(*fixed), 0, 0)
    return None


def _span(text: str) -> Callable[[int], Days] | None:
    """From one holiday to another one, or to a day of a month; over the turn of the year where it runs backwards."""
    plain = re.sub(_BEFORE, "", re.split(r"[,;:(]", text)[0]).strip()
    sides = re.split(r" +(?:to|until|till|through|and|-|–|—) +(?:the +)?", plain)
    if len(sides) != 2 or not names_a_holiday(plain):
        return None
    begins, ends = _end_of(sides[0]), _end_of(sides[1])
    if begins is None or ends is None:
        return None

    def days(year: int) -> Days:
        first, last = begins(year)[0], ends(year)[1]
        return first, last if last >= first else ends(year + 1)[1]

    return days


def _weeks_around(text: str) -> Callable[[int], Days] | None:
    found = re.search(rf"\b{_NUMBER}(week|day)(s?) (around|before|after|either side of) (?:the )?{_HOLIDAY}", text)
    if found is None or (found[3] and not found[1]):  # "the weeks before Christmas": nobody said how many
        return None
    length, where, holiday = _number(found[1]) * (WEEK if found[2] == "week" else 1), found[4], _HOLIDAYS[found[5]]
    if where == "around":  # half of it on either side
        length //= 2
    before, after = (0 if where == "after" else length), (0 if where == "before" else length)

    def days(year: int) -> Days:
        first, last = holiday(year)
        return first - datetime.timedelta(days=before), last + datetime.timedelta(days=after)

    return days


def _week_of(text: str) -> Callable[[int], Days] | None:
    found = re.search(rf"\b(?:in |of )?(?:the )?week of (?:the )?{_HOLIDAY}", text) or re.search(
        rf"{_BEFORE}{_HOLIDAY} week\b", text
    )
    if found is None:
        return None
    holiday = _HOLIDAYS[found[1]]

    def days(year: int) -> Days:
        first, last = holiday(year)
        monday = first - datetime.timedelta(days=first.weekday())
        return monday, max(last, monday + datetime.timedelta(days=6))

    return days


def _alone(text: str) -> Callable[[int], Days] | None:
    found = re.search(rf"{_BEFORE}{_HOLIDAY}( weekend)?{_BEHIND}", text)
    if found is None:
        return None
    holiday, weekend = _HOLIDAYS[found[1]], bool(found[2])

    def days(year: int) -> Days:
        first, last = holiday(year)
        return first, last + datetime.timedelta(days=6 - last.weekday() if weekend and last.weekday() >= 3 else 0)

    return days


_READERS = (_dated, _in_years, _holiday, _monthly, _yearly, _weeks_of, _months)
