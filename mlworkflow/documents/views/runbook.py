"""Operational Runbook: one entry an alert, who is called, and in full how it degrades and what is rehearsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlworkflow.clause import Applied
from mlworkflow.documents.escape import Md, escape
from mlworkflow.documents.saying import Say, Table, capital
from mlworkflow.operation.calling import NOT_CALLED, Called, Calling, calling
from mlworkflow.operation.runbook import CAUSES, Entry, drills, entries
from mlworkflow.responsibility import Owned
from mlworkflow.responsibility.team import SEATS


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    calls = calling(say.spec)
    reactions = [(one, Md(calls.called(one, "").answers)) for one in say.spec.kind("alert")]
    return {
        "table": None if say.full else _table(say, reactions),
        "answered": None if say.full else _answered(say, reactions),
        "entries": [_whole(say, one) for one in entries(say.spec)] if say.full else [],
        "called": _called(say, calls),
        "staffed": Md(calls.statement) if say.full else None,
        "ladder": Table(_LADDER, [_level(say, one) for one in say.spec.kind("level")]) if say.full else None,
        "drills": Table(_DRILLS, _drills(say)) if say.full else None,
    }


_LADDER = ("Level", "Entered when", "What users get", "Who decides", "How it returns")
_DRILLS = ("Drill", "How often", "Passed when", "Led by")


Reactions = Sequence[tuple[Applied, Md]]


def _table(say: Say, reactions: Reactions) -> Table:
    """One row an alert; what to look at first is left to the answers of people in a brief document."""
    columns = ("monitor", "act") if say.brief else ("monitor", "first", "act")
    header = ("Alert", "Fires when", *(() if say.brief else ("Look first",)), "Safest act")
    found = _by_severity(say, reactions)
    return Table(
        header,
        [
            (_named(say, one, answers, found), *(say.column(one, each) for each in columns))
            for one, answers in reactions
        ],
    )


def _named(say: Say, one: Applied, answers: Md, found: Mapping[str, set[Md]]) -> Md:
    severity = str(say.column(one, "severity"))
    own = "" if len(found[severity]) == 1 else f" ({answers})"
    return Md(f"{say.sentence(one.says)}, {severity}{own}")


def _answered(say: Say, reactions: Reactions) -> Md:
    """Within which time each severity is answered, said once where all alerts of it are answered alike."""
    found = _by_severity(say, reactions)
    once = (severity for severity in sorted(found) if len(found[severity]) == 1)
    return Md(". ".join(f"{severity}: {', '.join(found[severity])}" for severity in once))


def _by_severity(say: Say, reactions: Reactions) -> dict[str, set[Md]]:
    found: dict[str, set[Md]] = {}
    for one, answers in reactions:
        found.setdefault(str(say.column(one, "severity")), set()).add(answers)
    return found


def _entry(say: Say, one: Applied) -> dict[str, Any]:
    columns = ("monitor", "severity", "means", "first", "act", "closed")
    return {
        "title": say.sentence(one.says),
        "impact": None,
        "causes": None,
        **{column: say.column(one, column) for column in columns},
    }


def _called(say: Say, calls: Calling) -> Md:
    approver = say.value("approver", "the approver, still to be named")
    who = {
        "none": "Nobody is on call: alerts are read on the next working day, and the fallback must hold until then.",
        "office-hours": "The team is called in office hours; at night and on weekends the fallback holds alone.",
        "first-line": "The first line is called and does the two rehearsed acts below: fallback on, last release back.",
        "around-the-clock": "A rota of the team is called, day and night.",
    }[say.spec.value("on_call") or "none"]
    return Md(f"{who} First: {_first(calls)}. For decisions on customers, money or safety: {approver}.")


def _first(calls: Calling) -> Md:
    """Who holds the duty of on-call, by name or by seat."""
    return Md(_holder(calls.first)) if calls.first else Md("nobody, as nobody is there")


def _holder(first: Owned) -> str:
    one = first.accountable
    return escape(one.name) if one.named or one.name.startswith(("person ", "the ")) else f"the {escape(one.name)}"


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
