"""Facts about test periods on a calendar: when the folds of a walk-forward are, and which named season none of them sees."""

from __future__ import annotations

import datetime

from mlworkflow.facts.freezes import Days, Inside, inside_of, last_days, recurs_monthly
from mlworkflow.facts.registry import fact
from mlworkflow.quantity import Months

DAY = 86400.0
QUARTER = 91 * DAY
TWO_YEARS = 700 * DAY
LONGEST_SEASON = 120
CLOSED = ("shutdown", "closed", "closure", "holiday of the plant")


def folds_before(
    gap: float,
    length: float,
    seasonality: tuple[str, ...] | None = None,
    history: float | None = None,
    labels_train: bool = True,
) -> tuple[tuple[float, float], ...]:
    """Return when up to three walk-forward tests begin and end, oldest first, in seconds from the start of the work.

    The last one is locked, and begins once the outcomes by which tuning chose are known. Where the history is known,
    only those are there before which it holds a training part as long as a test.
    """
    apart = apart_of(length, seasonality, history)
    earlier = before_the_locked(gap, apart, length) if labels_train else 0.0
    ends = (-gap - back * apart - (earlier if back else 0.0) for back in (2, 1, 0))
    first = float("-inf") if history is None else -history
    waited = gap if labels_train else 0.0
    return tuple((until - length, until) for until in ends if until - 2 * length - waited >= first)


@fact("count")
def folds_held(
    validation: str,
    problem_type: str,
    fold_length: float,
    history: float,
    seasonality: tuple[str, ...] | None = None,
    validation_gap: float | None = None,
    horizon: float | None = None,
    learns_without_labels: bool = False,
) -> int | None:
    """Walk-forward tests that the history holds, each with a training part as long as itself."""
    if validation != "walk-forward":
        return None
    if problem_type == "forecasting":
        return len(folds_before(validation_gap or 0.0, max(horizon or 0.0, 7 * DAY), None, history))
    gap = validation_gap or horizon or 0.0
    return len(folds_before(gap, fold_length, seasonality, history, not learns_without_labels))


@fact("flag")
def no_fold_held(folds_held: int | None = None) -> bool:
    """The history holds not even the locked test of a walk-forward."""
    return folds_held == 0


@fact("text")
def folds_need(
    problem_type: str,
    fold_length: float,
    validation_gap: float | None = None,
    horizon: float | None = None,
    learns_without_labels: bool = False,
) -> str:
    """What a single fold spans, in words."""
    from mlworkflow.quantity import say_duration

    forecasts = problem_type == "forecasting"
    gap = (validation_gap or 0.0) if forecasts else (validation_gap or horizon or 0.0)
    test = max(horizon or 0.0, 7 * DAY) if forecasts else fold_length
    parts = f"a training part and a test of {say_duration(test)} each"
    if not gap:
        return f"{say_duration(2 * test)}: {parts}"
    if learns_without_labels:
        return f"{say_duration(2 * test + gap)}: {parts}, and {say_duration(gap)} of waiting for labels after the test"
    return f"{say_duration(2 * (test + gap))}: {parts}, and {say_duration(gap)} of waiting for labels after both"


def before_the_locked(gap: float, apart: float, length: float) -> float:
    """Return how much earlier the folds of tuning end, so that a whole gap lies between them and the locked one."""
    return max(0.0, gap - (apart - length))


def apart_of(length: float, seasonality: tuple[str, ...] | None, history: float | None) -> float:
    """Return how far folds stand apart: one after the other, or a quarter where two years hold their season."""
    seasonal = "year" in (seasonality or ()) and (history or 0.0) >= TWO_YEARS
    return max(length, QUARTER) if seasonal else length


@fact("text")
def season_unseen(
    validation: str,
    problem_type: str,
    seasonality: tuple[str, ...],
    freeze_periods: tuple[str, ...],
    fold_length: float,
    label_age: float,
    history: float,
    start_date: str | None = None,
    date: str | None = None,
) -> str | None:
    """The first yearly freeze with days that no fold tests, in words."""
    origin = _day(start_date or date)
    if validation != "walk-forward" or problem_type == "forecasting" or "year" not in seasonality or origin is None:
        return None
    tested = [
        _moved(origin, begins + one * DAY)
        for begins, until in folds_before(label_age, fold_length, seasonality, history)
        for one in range(int((until - begins) // DAY))
    ]
    seasons = ((text, _season(text, origin)) for text in freeze_periods)
    return next((f"“{text}”" for text, inside in seasons if inside and not any(map(inside, tested))), None)


@fact("text")
def season_to_test(
    season_unseen: str,
    label_age: float,
    history: float,
    history_needed: float,
    start_date: str | None = None,
    date: str | None = None,
) -> str | None:
    """The days of its latest one with mature labels, where the history holds enough before it."""
    found = _latest(season_unseen, label_age, start_date or date)
    if found is None or _too_short(found, label_age, history, history_needed, start_date or date):
        return None
    return f"{found[0].isoformat()} to {found[1].isoformat()}"


@fact("flag")
def season_testable(season_to_test: str | None = None) -> bool:
    """One more fold can test a season that none of them sees."""
    return season_to_test is not None


@fact("flag")
def season_untestable(season_too_late: str | None = None) -> bool:
    """No fold sees a season, and the history can give none that does."""
    return season_too_late is not None


@fact("day")
def season_trained_until(
    season_unseen: str, label_age: float, start_date: str | None = None, date: str | None = None
) -> str | None:
    """The day up to which a model that is tested on it could have been trained."""
    found = _latest(season_unseen, label_age, start_date or date)
    return _moved(found[0], -label_age).isoformat() if found is not None else None


@fact("text")
def season_before(
    season_unseen: str, label_age: float, history: float, start_date: str | None = None, date: str | None = None
) -> str:
    """That the history before it holds no earlier one, where that is so."""
    found, origin = _latest(season_unseen, label_age, start_date or date), _day(start_date or date)
    inside = inside_of(season_unseen.strip("“”"))
    if found is None or origin is None or inside is None:
        return ""
    earlier = last_days(inside, found[0] - datetime.timedelta(days=1))
    held = earlier is not None and earlier[0] >= _back(origin, history)
    return "" if held else ", which hold no earlier one"


@fact("text")
def season_too_late(
    season_unseen: str,
    label_age: float,
    history: float,
    history_needed: float,
    start_date: str | None = None,
    date: str | None = None,
) -> str | None:
    """Why the history cannot test it: nothing of it is mature, or too little lies before it."""
    from mlworkflow.quantity import say_duration

    origin, found = _day(start_date or date), _latest(season_unseen, label_age, start_date or date)
    if origin is None:
        return None
    if found is None or found[1] < _back(origin, history):
        return f"it reaches back {say_duration(history)}, and labels mature after {say_duration(label_age)}"
    if not _too_short(found, label_age, history, history_needed, start_date or date):
        return None
    before = (found[0] - _back(origin, history)).days - label_age / DAY
    lies = f"{before:.0f} days of mature labels lie" if before >= 1 else "no mature label lies"
    return f"{lies} before {found[0].isoformat()}, when the latest mature one began"


def _latest(season: str, label_age: float, day: str | None) -> Days | None:
    """The latest run of it that is over and has mature labels."""
    origin, inside = _day(day), inside_of(season.strip("“”"))
    if origin is None or inside is None:
        return None
    mature = _moved(origin, -label_age)
    found = last_days(inside, mature)
    return found if found is not None and found[1] <= mature else None


def _too_short(found: Days, label_age: float, history: float, needed: float, day: str | None) -> bool:
    """Whether what lies before a season is less than what a training part and its gap span."""
    origin = _day(day)
    if origin is None:
        return True
    there = (found[1] - _back(origin, history)).days * DAY
    return there < needed or (found[0] - _back(origin, history)).days * DAY <= label_age


def _season(text: str, origin: datetime.date) -> Inside | None:
    """A yearly freeze of weeks in which work goes on."""
    inside = inside_of(text)
    if inside is None or recurs_monthly(text) or any(word in text.lower() for word in CLOSED):
        return None
    days = last_days(inside, origin)
    return inside if days is not None and (days[1] - days[0]).days <= LONGEST_SEASON else None


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text is not None else None


def _moved(day: datetime.date, seconds: float) -> datetime.date:
    """A day so many seconds on, as far as there is a calendar."""
    try:
        return day + datetime.timedelta(days=seconds // DAY)
    except OverflowError:
        return datetime.date.min if seconds < 0 else datetime.date.max


def _back(day: datetime.date, span: float) -> datetime.date:
    """The day that lies so long before: by the calendar where months were said, as people count them."""
    if not isinstance(span, Months):
        return _moved(day, -span)
    whole = int(span.count)
    year, month = divmod(day.year * 12 + day.month - 1 - whole, 12)
    if year < 1:
        return datetime.date.min
    first_of_next = datetime.date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = (first_of_next - datetime.timedelta(days=1)).day
    return _moved(datetime.date(year, month + 1, min(day.day, last)), -(span.count - whole) * 30 * DAY)
