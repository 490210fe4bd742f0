"""Who is called for an alert and when: only as much as the people at hand can really keep up."""

from __future__ import annotations

from dataclasses import dataclass

from mlworkflow.clause import Applied
from mlworkflow.designing import Spec
from mlworkflow.responsibility import Owned, Person, Responsibility, responsibility

NOT_CALLED = "not called"
NIGHT, FIRST_LINE, OFFICE, NOBODY = "around-the-clock", "first-line", "office-hours", "none"
_HELD = "outside them the fallback holds alone"
_SWITCHED = "outside them whoever sees it switches the fallback on, and the team comes in the next working hour"
_FIRST = "the first line within 15 minutes, for its two rehearsed acts"
# By what is staffed and severity: when somebody answers, when the backup is called, when whoever decides.
_TIMES: dict[str, dict[str, tuple[str, str, str]]] = {
    NIGHT: {
        "SEV-1": ("within 5 minutes, day and night", "after 15 minutes", "at once"),
        "SEV-2": ("within 15 minutes, day and night", "after 30 minutes", "after 2 hours"),
    },
    FIRST_LINE: {
        "SEV-1": (f"{_FIRST}; the team by telephone at once", "after 30 minutes", "at once"),
        "SEV-2": (f"{_FIRST}; the team in the next working hour", "after 1 working hour", "after 4 working hours"),
    },
    OFFICE: {
        "SEV-1": (f"within 15 minutes in office hours; {_SWITCHED}", "after 30 minutes", "at once"),
        "SEV-2": (f"within 1 hour in office hours; {_HELD}", "after 2 working hours", "after 4 working hours"),
    },
    NOBODY: {
        "SEV-1": ("on the next working morning, first of all; until then whoever sees it switches the fallback on",
                  "the same morning", "the same morning"),
        "SEV-2": ("on the next working morning; until then the fallback holds alone",
                  "the same day", "the same day"),
        "SEV-3": ("on the next working day", "after two working days", "after two working days"),
    },
}  # fmt: skip
_CALM = {
    "SEV-3": ("within 2 working hours", "after half a working day", "after one working day"),
    "SEV-4": ("on the next working day", NOT_CALLED, "in the weekly look"),
}
_TOLD = {
    "SEV-1": "within 30 minutes of the first look",
    "SEV-2": "within an hour of the first look",
    "SEV-3": "on the same working day",
    "SEV-4": "in the weekly note",
}


@dataclass(frozen=True, slots=True)
class Called:
    """Who is called for one alert, when, who mends it, and when it is told to whom."""

    first: Person | None
    hat: str
    backup: Person | None
    mends: Owned | None
    speaks: Person | None
    answers: str
    backup_after: str
    decides_after: str
    told: str


@dataclass(frozen=True, slots=True)
class Calling:
    """What of on-call this team can staff, and who is called first."""

    wanted: str
    staffed: str
    people: int
    first: Owned | None
    found: Responsibility

    def called(self, alert: Applied, duty: str) -> Called:
        """Return who is called for an alert, whose mending is that duty."""
        severity = str(alert.columns["severity"])
        answers, backup, decides = {**_CALM, **_TIMES[self.staffed]}[severity]
        speaks = self.owned("duty-incident-words")
        return Called(
            self.first.accountable if self.first else None,
            self.first.hat if self.first else "",
            self.first.backup if self.first else None,
            self.owned(duty),
            speaks.accountable if speaks else None,
            answers,
            backup,
            decides,
            _TOLD[severity],
        )

    def owned(self, duty: str) -> Owned | None:
        """Return a duty with its owner, if this design has it."""
        return next((one for one in self.found.duties if one.clause.id == duty), None)

    @property
    def statement(self) -> str:
        """What is staffed, by how many, and what is accepted where nobody is there."""
        return " ".join((*self._who(), *self._accepted()))

    def _who(self) -> tuple[str, ...]:
        if self.staffed == NIGHT:
            return (
                f"The rota day and night is shared by the {self.people} who can be called, "
                f"one week in {self.people} each.",
            )
        if self.wanted == NIGHT:
            return (
                f"A rota day and night was asked for; with {_people(self.people)} it cannot last, "
                "so what is staffed is office hours.",
            )
        if self.staffed == FIRST_LINE:
            return ("The first line is there day and night for two rehearsed acts; the team works in office hours.",)
        if self.staffed == NOBODY:
            return ("Nobody is called; alerts are read each working morning.",)
        if self.people > 1:
            return (f"{self.people} people take turns in office hours, a week each.",)
        return ()

    def _accepted(self) -> tuple[str, ...]:
        if len(self.found.people) == 1:
            return (
                "One person is there and cannot be on call alone: accepted is that outside their working hours, and on "
                "holiday, the fallback holds, nothing is released, and somebody outside the team may switch it on.",
            )
        if self.staffed == OFFICE:
            return ("Accepted is that at night and at weekends the fallback holds alone, up to three days.",)
        if self.staffed == NOBODY:
            return ("Accepted is that over a weekend the fallback holds alone for three days.",)
        return ()


def calling(spec: Spec) -> Calling:
    """Return who is called in this design, and what of it the people at hand can keep up."""
    found = responsibility(spec)
    wanted = str(spec.value("on_call") or NOBODY)
    people = int(spec.value("people_on_rota") or 0)
    staffed = wanted
    if wanted == NIGHT and spec.value("staffed_at_night") is not True:
        staffed = OFFICE
    if people <= 0 and staffed == OFFICE:
        staffed = NOBODY
    whole = Calling(wanted, staffed, people, None, found)
    first = whole.owned("duty-on-call") or whole.owned("duty-morning-alerts")
    return Calling(wanted, staffed, people, first, found)


def _people(count: int) -> str:
    if count <= 0:
        return "nobody who can be called"
    return "one person" if count == 1 else f"{count} people"
