"""Who is called, and who comes: by the on-call arrangement, the hour of the week, absence and backups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from mlworkflow.rehearsal.assumed import ASSUMED
from mlworkflow.rehearsal.hours import after_work, at_night, at_work, next_hour_of_work

DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0
PAGES = ("SEV-1", "SEV-2")
NOBODY = "nobody"


FORTNIGHT = 14 * DAY
# How long somebody stays away from a time on; nothing where they are there.
Away = Callable[[str, float], float]


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody who can be called: name, and whether outside office hours too."""

    name: str
    at_night: bool = True


@dataclass(frozen=True, slots=True)
class Rota:
    """The on-call arrangement of a design: how people are called, and who, in this order."""

    kind: str
    callees: tuple[Callee, ...]
    size: int
    readers: Mapping[str, tuple[Callee, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Try:
    """One call: when, to whom, and whether it was answered."""

    time: float
    name: str
    answered: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """Who came, when, how, and every call that was needed."""

    time: float
    name: str
    how: str
    tries: tuple[Try, ...]


def reach(rota: Rota, time: float, severity: str, area: str, rng: Random, away: Away) -> Reached:
    """Return who takes an alert and when: a page by the arrangement, anything milder as a ticket of its area."""
    if severity not in PAGES:
        rota = replace(rota, callees=rota.readers.get(area, rota.callees))
    absent = {one.name: left for one in rota.callees if (left := away(one.name, time)) > 0}
    if rota.kind == "none" or severity not in PAGES:
        return _read(rota, time, absent, rng, "read when somebody looks" if severity in PAGES else "ticket")
    if rota.kind == "office-hours" and not at_work(time):
        return _called(rota, next_hour_of_work(time), absent, rng, "waits for office hours")
    if rota.kind == "first-line":
        return _called(rota, time + (5 + 5 * rng.random()) * MINUTE, absent, rng, "called by the first line")
    return _called(rota, time, absent, rng, "paged")


def away_by(*seed: object) -> Away:
    """Return who is away when: a matter of the person and the day, the same for every alert of a run."""
    from mlworkflow.rehearsal.chance import dice

    def away(name: str, time: float) -> float:
        block, passed = divmod(time + FORTNIGHT * dice(*seed, "away", name).random(), FORTNIGHT)  # type: ignore[arg-type]
        drawn = dice(*seed, "away", name, int(block))  # type: ignore[arg-type]
        # Who is away at all is so for half of a fortnight on average.
        chance, length = drawn.random(), drawn.random() * FORTNIGHT
        return max(0.0, length - passed) if chance < 2 * ASSUMED["away"] else 0.0

    return away


def _read(rota: Rota, time: float, absent: dict[str, float], rng: Random, how: str) -> Reached:
    """Read by whoever is there: at the start of a working day or within the working hour.

    Where nobody is on call nobody looks by a clock either: some time in the next eight hours of work.
    """
    part = rng.random()
    if rota.kind == "none":
        opened = after_work(time, part * ASSUMED["somebody_looks"])
    else:
        opened = next_hour_of_work(time + part * HOUR if at_work(time) else time)
    for one in rota.callees:
        if absent.get(one.name, 0.0) <= opened - time:
            return Reached(opened, one.name, how, (Try(opened, one.name, True),))
    return _return(rota, time, absent, how, ())


def _called(rota: Rota, time: float, absent: dict[str, float], rng: Random, how: str) -> Reached:
    """Call one after the other until somebody answers; with nobody left, whoever is back first."""
    tries: list[Try] = []
    now = time
    for _ in range(6):
        for one in rota.callees:
            if absent.get(one.name, 0.0) > now - time:
                tries.append(Try(now, one.name, False, "away"))
                continue
            if not one.at_night and not at_work(now):
                tries.append(Try(now, one.name, False, "not to be called at this hour"))
                continue
            if rng.random() < _chance(rota, now):
                came = now + (2 + 3 * rng.random() if at_work(now) else 10 + 15 * rng.random()) * MINUTE
                return Reached(came, one.name, how, (*tries, Try(now, one.name, True)))
            tries.append(Try(now, one.name, False, "no answer"))
            now += ASSUMED["escalates"]
        if all(one.why != "no answer" for one in tries):
            break
    return _return(rota, now, absent, how, tuple(tries))


def _chance(rota: Rota, time: float) -> float:
    """Who is woken week after week, because fewer than four share the nights, sleeps through more calls."""
    if not at_night(time):
        return ASSUMED["answers_by_day"]
    tired = 0.1 * max(0, 4 - rota.size) if rota.kind == "around-the-clock" else 0.0
    return ASSUMED["answers_at_night"] - tired


def _return(rota: Rota, time: float, absent: dict[str, float], how: str, tries: tuple[Try, ...]) -> Reached:
    """The first of them who is back, in working hours; where there is nobody at all, nobody ever."""
    if not rota.callees:
        return Reached(float("inf"), NOBODY, how, tries)
    back = min((absent.get(one.name, 0.0), place) for place, one in enumerate(rota.callees))
    opened = next_hour_of_work(time + back[0] if back[0] else _next_opening(time))
    name = rota.callees[back[1]].name
    return Reached(opened, name, how, (*tries, Try(opened, name, True)))


def _next_opening(time: float) -> float:
    return next_hour_of_work(time) if not at_work(time) else time + HOUR
