"""The runbook as a file of its own: whom to call, how the model is taken back, and one entry an alert."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mlworkflow.bundle.alarms import budget_alarms
from mlworkflow.bundle.file import File
from mlworkflow.bundle.page import TO_FILL, numbered, page, points, section, table
from mlworkflow.bundle.page import shown as whole
from mlworkflow.bundle.watches import watches
from mlworkflow.bundle.words import Full, Plain, accepted_sources
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import escape
from mlworkflow.documents.saying import capital, joined
from mlworkflow.documents.views import runbook
from mlworkflow.responsibility import responsibility

SEVERITIES = {
    "SEV-1": "somebody is or may be harmed, or data leaves",
    "SEV-2": "users are on the fallback, or quality is lost in silence",
    "SEV-3": "later today something will be missing",
    "SEV-4": "to be looked at, nobody is hurt",
}


def files(spec: Spec) -> Iterator[File]:
    """Yield the runbook."""
    yield File("runbook.md", _page(Full(spec)), "Whom to call, the way back, and one entry an alert", "MOS")


def _page(say: Full) -> str:
    found = runbook.view(say)
    return page(
        say.spec,
        "Runbook",
        called(say),
        section("People", table(("For", "First", "Contact", "Then", "Contact"), _people(say)), KILL_SWITCH),
        section("Sources", table(("Source", "Owner", "Contact"), _sources(say))),
        section("First five minutes", numbered(_first(say))),
        section("The way back", table(("When", "Comparison", "Window", "Act"), _way_back(say)), _fallback(say)),
        section("Severities", table(("Severity", "Means", "Who, and when"), _severities(found["entries"]))),
        *(
            section(str(entry["title"]), _entry(entry, more), _causes(entry))
            for entry, more in zip(found["entries"], _budgets(say, found["entries"]), strict=True)
        ),
        section("Watched without a page", table(("Monitor", "When", "What is done"), _watched(say))),
        section("From full service to stop", whole(found["ladder"])),
        section("Drills", whole(found["drills"])),
    )


def called(say: Full) -> str:
    """Return who is called first and then, in which hours, and what holds until somebody comes."""
    owned = responsibility(say.spec)
    call = next((one for one in owned.duties if one.clause.id in ("duty-on-call", "duty-morning-alerts")), None)
    first = "Nobody is there to be called."
    if call is not None:
        then = f", then {escape(call.backup.name)}" if call.backup else "; nobody stands in"
        first = f"First {escape(call.accountable.name)}{then}."
    decides = (
        f"For decisions on customers, money or safety: {say.value('approver', 'an approver who is still to be named')}."
    )
    return f"On call: {say.value('on_call')}. {first} {_until_then(say)}{decides}"


def _until_then(say: Full) -> str:
    if say.spec.value("on_call") not in ("none", "office-hours"):
        return ""
    held = joined(dict.fromkeys(str(say.chosen(one)) for one in say.spec.of("fallback") if one.chosen is not None))
    return f"At night and on weekends nobody answers, and the fallback holds alone: {held}. "


KILL_SWITCH = "Kill switch: where it is: to fill in; who may throw it without asking: to fill in."
CALLED = ("duty-on-call", "duty-morning-alerts", "duty-rollback", "duty-incident-words", "duty-data-contract",
          "duty-corpus", "duty-serving", "duty-provider-change", "duty-privacy", "duty-trace-privacy", "duty-harm",
          "duty-release")  # fmt: skip


def _people(say: Full) -> list[tuple[Any, ...]]:
    owned = {one.clause.id: one for one in responsibility(say.spec).duties}
    decides = say.value("approver", "to be named")
    approves = ("Decisions on customers, money or safety; stop or go of a release", decides, TO_FILL, "–", "–")
    rows = [
        (
            say.sentence(owned[id].clause.says),
            escape(owned[id].accountable.name),
            TO_FILL,
            escape(owned[id].backup.name if owned[id].backup else "nobody"),  # type: ignore[union-attr]
            TO_FILL if owned[id].backup else "–",
        )
        for id in CALLED
        if id in owned
    ]
    return [*rows, approves]


def _sources(say: Full) -> list[tuple[Any, ...]]:
    """Whom a broken or late source concerns first: its own owner."""
    return [
        (escape(one.value("name")), say.field(one, "sources", "owner", "to be named"), TO_FILL)
        for one in accepted_sources(say.spec)
    ]


def _first(say: Full) -> Iterator[str]:
    owned = {one.clause.id: one.accountable.name for one in responsibility(say.spec).duties}
    yield "Acknowledge the alert, and note the time."
    yield "Take its severity from its entry below; when in doubt, the higher one."
    yield "If a release went out since the last quiet hour, take it back first and ask afterwards."
    words = owned.get("duty-incident-words")
    if words:
        yield f"Tell {escape(words)}, who tells everybody else."
    yield "Write down what was seen and done, with times; the entry is closed only by its own condition."


def _way_back(say: Full) -> list[tuple[Any, ...]]:
    return [
        (
            capital(say.sentence(one.says)),
            f"{say.column(one, 'op')} {say.column(one, 'value')}",
            say.column(one, "window"),
            say.column(one, "action"),
        )
        for one in say.spec.kind("rollback")
    ]


def _fallback(say: Full) -> str:
    return points(
        f"{capital(escape(one.subject))}, when no model answers: {say.chosen(one)}." for one in say.spec.of("fallback")
    )


def _severities(entries: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    when = {str(entry["severity"]): capital(entry["reaction"]) for entry in entries}
    return [(one, means, when[one]) for one, means in SEVERITIES.items() if one in when]


def _budgets(say: Full, entries: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Further rules of an entry: the slower paces of the error budget, slow requests, a trend."""
    plain = Plain(say.spec)
    rules = [*budget_alarms(plain), *(one.rule for one in watches(plain) if not one.rule.id.startswith("watch-"))]
    kinds = {"Slow": "a page", "Ticket": "a ticket", "Few": "no page"}
    lines = [
        (one.title.partition(":")[0], f"{one.severity}, {kinds.get(one.also, 'a look')}, when: {one.says}.")
        for one in rules
    ]
    return [[line for title, line in lines if title == str(entry["title"])] for entry in entries]


def _watched(say: Full) -> list[tuple[Any, ...]]:
    """What alarms nobody and is looked at on the next working day, where no entry above holds it."""
    return [
        (one.monitor, escape(one.rule.says), escape(one.rule.act))
        for one in watches(Plain(say.spec))
        if one.rule.id.startswith("watch-")
    ]


def _entry(entry: dict[str, Any], budget: Sequence[str] = ()) -> str:
    more = {"Impact": "impact", "Way back": "back", "Called": "people"}
    return points(
        [
            f"Fires when: {entry['monitor']}.",
            *budget,
            f"{entry['severity']}, {entry['reaction']}: {entry['means']}.",
            f"First checks: {entry['first']}",
            f"Safest act: {entry['act']}.",
            *(f"{label}: {entry[name]}." for label, name in more.items() if entry["causes"]),
            *([f"Told: {entry['told']}"] if entry["causes"] else []),
            f"Closed when: {entry['closed']}.",
            "Evidence to keep: the alert with its time, the version that served, ten cases, and what was changed.",
        ]
    )


def _causes(entry: dict[str, Any]) -> str:
    return whole(entry["causes"]) if entry["causes"] else ""
