"""What happens in a rehearsal, as typed events in the order in which they happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CREATE, REVIEW, RELEASE, OPERATE, IMPROVE = "create", "review", "release", "operate", "improve"
PHASES = (CREATE, REVIEW, RELEASE, OPERATE, IMPROVE)
DAY = 86400.0
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Event:
    """One event: where it stands in the chain, when, of which type and phase, and from whom to whom."""

    sequence: int
    time: float
    type: str
    phase: str
    stage: str
    sender: str
    receiver: str
    attempt: int
    says: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Return the event as one flat object; its own fields come last."""
        return {
            "sequence": self.sequence,
            "time": round(self.time, 3),
            "at": clock(self.time),
            "type": self.type,
            "phase": self.phase,
            "stage": self.stage,
            "sender": self.sender,
            "receiver": self.receiver,
            "attempt": self.attempt,
            "says": self.says,
            **self.data,
        }


class Bus:
    """Numbers events and keeps them."""

    def __init__(self, start: int = 0, offset: float = 0.0) -> None:
        self.events: list[Event] = []
        self._start = start
        self._offset = offset

    def publish(
        self,
        time: float,
        type: str,
        phase: str,
        stage: str,
        says: str,
        *,
        sender: str = "",
        receiver: str = "",
        attempt: int = 1,
        **data: Any,
    ) -> None:
        """Number an event and keep it."""
        number = self._start + len(self.events) + 1
        event = Event(
            number, self._offset + time, type, phase, stage, sender or stage, receiver or stage, attempt, says, data
        )
        self.events.append(event)


def clock(time: float) -> str:
    """Return a simulated time as day and hour; the first day is a Monday."""
    day, rest = divmod(int(time), int(DAY))
    return f"day {day + 1} {_DAYS[day % 7]} {rest // 3600:02d}:{rest % 3600 // 60:02d}"
