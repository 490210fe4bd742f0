"""Operational Runbook: one entry an alert, who is called, and in full how it degrades and what is rehearsed."""

from __future__ import annotations

from typing import Any

from mlworkflow.clause import Applied
from mlworkflow.documents.escape import Md, escape
from mlworkflow.documents.saying import Say, Table, capital
from mlworkflow.operation.calling import NOT_CALLED, Called, calling
from mlworkflow.operation.runbook import CAUSES, Entry, drills, entries
from mlworkflow.responsibility import Owned
from mlworkflow.responsibility.team import SEATS


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    return {
        "table": None if say.full else _table(say),
        "answered": None if say.full else _answered(say),
        "entries": [_whole(say, one) for one in entries(say.spec)] if say.full else [],
        "called": _called(say),
        "staffed": Md(calling(say.spec).statement) if say.full else None,
        "ladder": Table(_LADDER, [_level(say, one) for one in say.spec.kind("level")]) if say.full else None,
        "drills": Table(_DRILLS, _drills(say)) if say.full else None,
    }


_LADDER = ("Level", "Entered when", "What users get", "Who decides", "How it returns")
_DRILLS = ("Drill", "How often", "Passed when", "Led by")


def _table(say: Say) -> Table:
    """One row an alert; what to look at first is left to the answers of people in a brief document."""
    columns = ("monitor", "act") if say.brief else ("monitor", "first", "act")
    header = ("Alert", "Fires when", *(() if say.brief else ("Look first",)), "Safest act")
    return Table(header, [(_named(say, one), *(say.column(one, each) for each in columns)) for one in _alerts(say)])


def _alerts(say: Say) -> tuple[Applied, ...]:
    return say.spec.kind("alert")


def _named(say: Say, one: Applied) -> Md:
    severity = str(say.column(one, "severity"))
    own = "" if len(_reactions(say)[severity]) == 1 else f" ({_reaction(say, one)})"
    return Md(f"{say.sentence(one.says)}, {severity}{own}")


def _answered(say: Say) -> Md:
    """Within which time each severity is answered, said once where all alerts of it are answered alike."""
    found = _reactions(say)
    return Md(
        ". ".join(
            f"{severity}: {', '.join(found[severity])}" for severity in sorted(found) if len(found[severity]) == 1
        )
    )


def _reactions(say: Say) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for one in _alerts(say):
        found.setdefault(str(say.column(one, "severity")), {})[str(_reaction(say, one))] = None
    return found


def _entry(say: Say, one: Applied) -> dict[str, Any]:
    columns = ("monitor", "severity", "means", "first", "act", "closed")
    return {
        "title": say.sentence(one.says),
        "reaction": _reaction(say, one),
        "impact": None,
        "causes": None,
        **{column: say.column(one, column) for column in columns},
    }


def _reaction(say: Say, one: Applied) -> Md:
    """When somebody answers, in the words of the one plan of calls."""
    return Md(calling(say.spec).called(one, "").answers)


def _called(say: Say) -> Md:
    approver = say.value("approver", "the approver, still to be named")
    who = {
        "none": "Nobody is on call: alerts are read on the next working day, and the fallback must hold until then.",
        "office-hours": "The team is called in office hours; at night and on weekends the fallback holds alone.",
        "first-line": "The first line is called and does the two rehearsed acts below: fallback on, last release back.",
        "around-the-clock": "A rota of the team is called, day and night.",
    }[say.spec.value("on_call") or "none"]
    return Md(f"{who} First: {_first(say)}. For decisions on customers, money or safety: {approver}.")


def _first(say: Say) -> Md:
    """Who holds the duty of on-call, by name or by seat."""
    first = calling(say.spec).first
    return Md(_holder(first)) if first else Md("nobody, as nobody is there")


def _holder(first: Owned) -> str:
    return escape(first.accountable.name) if first.accountable.named else f"the {SEATS[first.hat]}"


# ------------------------------------------------------------------ the full size


def _whole(say: Say, one: Entry) -> dict[str, Any]:
    found = _entry(say, one.alert) | {"reaction": Md(one.called.answers)}
    if not one.complete:
        return found
    return found | {
        "impact": _said(say, one, "impact"),
        "causes": Table(
            ("Cause", "Look at, and what then"), [(capital(name), _said(say, one, name)) for name in CAUSES]
        ),
        "back": _said(say, one, "back"),
        "people": _people(say, one.called),
        "told": _told(say, one),
    }


def _said(say: Say, one: Entry, name: str) -> Md:
    return say.sentence(one.columns[name])


def _people(say: Say, called: Called) -> Md:
    if called.first is None:
        return Md("nobody is there")
    approver = say.value("approver", "the approver, still to be named")
    first = f"{escape(called.first.name)} as {SEATS[called.hat]}"
    return Md(f"{first}; {_second(called)}{_mends(called)}; {approver}, to decide, {called.decides_after}")


def _second(called: Called) -> str:
    if called.backup is None:
        return "no backup is there"
    if called.backup_after == NOT_CALLED:
        return "no backup is called"
    return f"{escape(called.backup.name)} {called.backup_after}"


def _mends(called: Called) -> str:
    if called.mends is None or called.mends.accountable is called.first:
        return ""
    return f"; {escape(called.mends.accountable.name)} mends it, as {SEATS[called.mends.hat]}"


def _told(say: Say, one: Entry) -> Md:
    who = say.value("for_whom", "those who use the predictions")
    approver = f" and {say.value('approver')}" if say.known("approver") and one.called.told.endswith("look") else ""
    speaks = f" by {escape(one.called.speaks.name)}" if one.called.speaks else ""
    return Md(f"{who}{approver};{speaks} {one.called.told}: “{_said(say, one, 'tell')}”")


def _level(say: Say, one: Any) -> tuple[Any, ...]:
    columns = ("trigger", "users", "decides", "back")
    return (say.sentence(one.says), *(capital(say.column(one, name)) for name in columns))


def _drills(say: Say) -> list[tuple[Any, ...]]:
    return [
        (
            say.sentence(one.clause.says),
            capital(say.column(one.clause, "every")),
            capital(say.column(one.clause, "passes")),
            escape(one.leads.name) if one.leads else Md("nobody is there"),
        )
        for one in drills(say.spec)
    ]
