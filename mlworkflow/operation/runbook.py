"""Runbook entries, one for each alert, and the few drills that this design rehearses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mlworkflow.clause import Applied, Sentence
from mlworkflow.designing import Spec
from mlworkflow.operation.calling import Called, Calling, calling
from mlworkflow.responsibility import Person

CAUSES = ("data", "model", "infrastructure", "dependency")
DRILLS, DRILLS_OF_ONE = 3, 2


@dataclass(frozen=True, slots=True)
class Entry:
    """What is done when an alert rings; its columns are those of the alert and of all that completes it."""

    alert: Applied
    columns: Mapping[str, Sentence]
    called: Called

    @property
    def id(self) -> str:
        """The id of the alert."""
        return self.alert.clause.id

    @property
    def complete(self) -> bool:
        """Whether more is known than what the alert itself says."""
        return all(cause in self.columns for cause in CAUSES)


@dataclass(frozen=True, slots=True)
class Drill:
    """What is rehearsed, and who leads it."""

    clause: Applied
    leads: Person | None


def entries(spec: Spec) -> tuple[Entry, ...]:
    """Return one entry for each alert of the design, the weightiest first."""
    who = calling(spec)
    more = spec.kind("runbook")
    return tuple(_entry(alert, more, who) for alert in spec.kind("alert"))


def _entry(alert: Applied, more: tuple[Applied, ...], who: Calling) -> Entry:
    columns = dict(alert.columns)
    for one in more:
        if str(one.columns["alert"]) == alert.clause.id:
            for name, text in one.columns.items():
                columns.setdefault(name, text)
    return Entry(alert, columns, who.called(alert, str(columns.get("duty", ""))))


def drills(spec: Spec) -> tuple[Drill, ...]:
    """Return the drills that this design needs most: three, or two where one person is there."""
    who = calling(spec)
    first = who.first.accountable if who.first else None
    chosen = spec.kind("drill")[: DRILLS_OF_ONE if len(who.found.people) == 1 else DRILLS]
    owners = ((one, who.owned(str(one.columns["duty"]))) for one in chosen)
    return tuple(Drill(one, owned.accountable if owned else first) for one, owned in owners)
