"""How old the data of a source may be: one calculation for every file that speaks of freshness."""

from __future__ import annotations

from dataclasses import dataclass

from mlworkflow.quantity import say_duration
from mlworkflow.question import Entry

# A check that runs each minute tells a late load from a slow minute only after a few of them.
SHORTEST_ALARM = 300.0


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the newest complete data of a source is in good order, and from when on a refresh was missed."""

    refresh: float
    lag: float | None

    @property
    def oldest(self) -> float:
        """The age just before the next refresh, in good order."""
        return self.refresh + (self.lag or 0.0)

    @property
    def stale(self) -> float:
        """The age that only a missed refresh explains."""
        return max(self.oldest + self.refresh, SHORTEST_ALARM)

    @property
    def says(self) -> str:
        """The age in good order as text, with how it came about where two times add up."""
        lag = f" ({say_duration(self.refresh)} + {say_duration(self.lag)} lag)" if self.lag else ""
        return f"{say_duration(self.oldest)}{lag}"

    @property
    def alarms(self) -> str:
        """The age that alarms as text, with how it came about."""
        if self.oldest + self.refresh < SHORTEST_ALARM:
            return f"{say_duration(self.stale)} (the shortest that a check each minute can tell)"
        lag = f" + {say_duration(self.lag)} lag" if self.lag else ""
        return f"{say_duration(self.stale)} (2 × {say_duration(self.refresh)} refresh{lag})"


def freshness(source: Entry | None) -> Freshness | None:
    """Return the freshness of a source, or None where nobody said how often it is refreshed."""
    refresh = source.value("refresh") if source is not None else None
    return None if source is None or refresh is None else Freshness(refresh, source.value("arrival_lag"))
