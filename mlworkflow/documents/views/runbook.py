"""Operational Runbook: one entry an alert, and who is called."""

from __future__ import annotations

from typing import Any

from mlworkflow.documents.escape import Md
from mlworkflow.documents.saying import Say, Table

ROLE_OF = {
    "SEV-1": "everyone named below, at once",
    "SEV-2": "within 15 minutes",
    "SEV-3": "within two working hours",
    "SEV-4": "next working day",
}


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    return {
        "full": say.full,
        "table": Table(("Alert", "Fires when", "Called", "Safest act"), _rows(say)) if say.brief else None,
        "entries": [_entry(say, one) for one in say.spec.kind("alert")],
        "called": _called(say),
    }


def _rows(say: Say) -> list[tuple[Any, ...]]:
    return [
        (say.sentence(one.says), say.column(one, "monitor"), _reaction(say, one), say.column(one, "act"))
        for one in say.spec.kind("alert")
    ]


def _entry(say: Say, one: Any) -> dict[str, Any]:
    columns = ("monitor", "severity", "means", "first", "act", "closed")
    return {
        "title": say.sentence(one.says),
        "reaction": _reaction(say, one),
        **{column: say.column(one, column) for column in columns},
    }


def _reaction(say: Say, one: Any) -> str:
    severity = str(say.column(one, "severity"))
    if say.spec.value("on_call") == "none" and severity != "SEV-4":
        return "on the next working day; until then the fallback holds alone"
    return (
        ROLE_OF[severity]
        if say.holds("around_the_clock") or severity not in ("SEV-1", "SEV-2")
        else "in office hours; outside them the fallback holds alone"
    )


def _called(say: Say) -> Md:
    owner = say.value("document_owner", "the owner of this document, still to be named")
    approver = say.value("approver", "the approver, still to be named")
    who = {
        "none": "Nobody is on call: alerts are read on the next working day, and the fallback must hold until then.",
        "office-hours": "The team is called in office hours; at night and on weekends the fallback holds alone.",
        "first-line": "The first line is called and does the two rehearsed acts below: fallback on, last release back.",
        "around-the-clock": "A rota of the team is called, day and night.",
    }[say.spec.value("on_call") or "none"]
    return Md(f"{who} First: {owner}. For decisions on customers, money or safety: {approver}.")
