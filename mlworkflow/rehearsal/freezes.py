"""The calendar of a rehearsal: which days are frozen, and when a release may begin that would fall into them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from random import Random

from mlworkflow.designing import Spec
from mlworkflow.facts.freezes import first_free, inside_of

DAY = 86400.0
WEEKS = 52
Day = datetime.date


def begins_on(spec: Spec) -> Day:
    """Return the Monday from which a rehearsal counts: of the document's date, the start date, or the catalog's."""
    said = spec.value("date") or spec.value("start_date") or spec.knowledge.catalog_date
    day = Day.fromisoformat(str(said))
    return day - datetime.timedelta(days=day.weekday())


def week_of(begins: Day, rng: Random) -> Day:
    """Return the Monday of a week of the year that follows, so that runs meet every season alike."""
    return begins + datetime.timedelta(weeks=rng.randrange(WEEKS))


def frozen(freezes: Sequence[str], monday: Day, time: float) -> tuple[float, str]:
    """Return how long a release waits that would begin at this time of the clock, and for which freeze."""
    read = [(text, inside) for text in freezes if (inside := inside_of(text)) is not None]
    day = monday + datetime.timedelta(days=int(time // DAY))
    held = next((text for text, inside in read if inside(day)), None)
    if held is None:
        return 0.0, ""
    free = first_free(day, [inside for _, inside in read])
    return ((free - day).days * DAY - time % DAY if free > day else 0.0), held


def unread(freezes: Sequence[str]) -> tuple[str, ...]:
    """Return the freezes whose words name no days."""
    return tuple(text for text in freezes if inside_of(text) is None)
