"""When people work: Monday to Friday, nine to five; the clock of a rehearsal starts on a Monday at midnight."""

from __future__ import annotations

DAY = 86400.0
HOUR = 3600.0
OPENS, CLOSES = 9 * HOUR, 17 * HOUR


def at_work(time: float) -> bool:
    """Whether it is a working hour."""
    return time // DAY % 7 < 5 and OPENS <= time % DAY < CLOSES


def at_night(time: float) -> bool:
    """Whether most people sleep."""
    return not 7 * HOUR <= time % DAY < 22 * HOUR


def next_hour_of_work(time: float) -> float:
    """Return this moment, or the next in which people work."""
    if at_work(time):
        return time
    day = time // DAY
    if time % DAY >= CLOSES or day % 7 >= 5:
        day += 1
    while day % 7 >= 5:
        day += 1
    return day * DAY + OPENS


def after_work(time: float, seconds: float) -> float:
    """Return when so much working time has passed."""
    left = seconds
    now = next_hour_of_work(time)
    while left > 0:
        day_ends = now // DAY * DAY + CLOSES
        if now + left <= day_ends:
            return now + left
        left -= day_ends - now
        now = next_hour_of_work(day_ends)
    return now
