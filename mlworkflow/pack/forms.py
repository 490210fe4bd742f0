"""What gates, signals, lint rules and the lines of operation must say, so that a pack's own are read alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mlworkflow.clause import PLACEHOLDER
from mlworkflow.errors import Problem
from mlworkflow.pack.knowledge import Raw

OWNERS = ("data", "model", "platform", "product")
OUTCOMES = ("refresh-data", "update-threshold", "retrain", "revise-policy", "investigate", "incident")
UNITS = ("number", "share", "count", "yes-no", "name", "word", "ms", "hours", "days", "per-second")
SEVERITIES = ("error", "warning", "note")
# A column with words may hold only these; an empty tuple stands for any text.
COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "gate": {
        "phase": ("before", "during", "after"),
        "part": ("release", "experiment"),
        "key": (),
        "unit": UNITS,
        "op": (">=", "<=", "==", "in"),
        "value": (),
        "window": (),
        "owner": OWNERS,
        "evidence": (),
        "back_to": OWNERS,
        "act": (),
        "critical": ("yes", "no"),
    },
    "signal": {
        "group": ("incident", "quality", "review", "business"),
        "shown_by": (),
        "outcome": OUTCOMES,
        "owner": OWNERS,
        "act": (),
        "alert": (),
        "rolls_back": ("yes", "no"),
    },
    "operating-rule": {"owner": OWNERS},
    "lint": {"severity": SEVERITIES, "place": (), "fix": ()},
}
# Kinds that lint reports as well: they may say how much they weigh, and what to do.
WEIGHED = ("blocker", "finding", "gap")
# The same for how a design is run; what completes an alert may say any part of it.
OPERATION: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "runbook": {"alert": ()},
    "level": dict.fromkeys(("trigger", "users", "decides", "back"), ()),
    "drill": dict.fromkeys(("every", "passes", "duty"), ()),
    "build": {"done": ()},
    "take-back": {"how": ()},
    "exposure": {"step": (), "base": ("arrivals", "eligible_per_day"), "share": (), "days": (), "part": ()},
    "review": dict.fromkeys(("plan", "shown", "problem"), ()),
    "mistake": dict.fromkeys(("shows", "do", "where"), ()),
    "test": {"section": ("data", "model", "infrastructure", "monitoring"), "next": ()},
    "point": {"test": (), "time": ("today", "design"), "points": ("0.5", "1")},
    "rule": {**dict.fromkeys(("since", "asks", "here", "source", "checked"), ()), "sure": ("reported", "believed")},
}
# A column that names another clause, and the kind of that one.
_NAMES = {"runbook": ("alert", "alert"), "exposure": ("step", "step"), "point": ("test", "test")}
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_RANGE = re.compile(r".+ to .+")


def misshapen(clauses: list[Raw], kinds: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what a gate or a signal lacks, or says in words that nothing understands; kinds are those of the names."""
    ids: dict[str, set[str]] = {}
    for one in clauses:
        ids.setdefault(one.get("kind", ""), set()).add(one["id"])
    for clause in clauses:
        place = f"clause {clause['pack']}:{clause['id']}" if clause.get("pack") else f"clause {clause['id']}"
        for what, fix in (
            *_faults(clause, ids),
            *_faults_of_limit(clause, kinds),
            *_faults_of_weight(clause, kinds),
            *_faults_of_exposure(clause, kinds),
        ):
            yield Problem(place, what, fix)


def _faults(clause: Raw, ids: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    columns, kind = clause.get("columns", {}), clause.get("kind", "")
    for name, words in {**COLUMNS, **OPERATION}.get(kind, {}).items():
        value = columns.get(name, "")
        if not value:
            yield f"{_article(kind)} {kind} has no {name}", f'write {name} = "..." among its columns'
        elif words and value not in words:
            yield f"{name} = {value!r} is not one of {', '.join(words)}", "choose one of them"
    if kind in ("build", "take-back", "mistake") and not clause.get("because"):
        yield f"{_article(kind)} {kind} has no because", "say in a few words why"
    if kind == "signal" and columns.get("alert", "none") not in ids.get("alert", set()) | {"none"}:
        yield f"alert = {columns['alert']!r} names no alert", "name an alert's id, or write none"
    name, named = _NAMES.get(kind, ("", ""))
    if name and columns.get(name) and columns[name] not in ids.get(named, ()):
        yield f"{name} = {columns[name]!r} names no {named}", f"name the id of {_article(named)} {named}"


def _article(kind: str) -> str:
    return "an" if kind[:1] in "aeiou" else "a"


def _faults_of_exposure(clause: Raw, kinds: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Share and days are multiplied: a plain number, or the name of one."""
    if clause.get("kind") != "exposure":
        return
    for name in ("share", "days"):
        value = str(clause.get("columns", {}).get(name, ""))
        alone = PLACEHOLDER.fullmatch(value)
        if value and not (kinds.get(alone[1]) in ("share", "number", "count") if alone else _PLAIN.fullmatch(value)):
            yield f"{name} = {value!r} is no number", "write a plain number such as 0.05, or the {name} of one"


def _faults_of_weight(clause: Raw, kinds: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    columns = clause.get("columns", {})
    severity = columns.get("severity", SEVERITIES[0])
    if clause.get("kind") in WEIGHED and severity not in SEVERITIES:
        yield f"severity = {severity!r} is not one of {', '.join(SEVERITIES)}", "choose one of them"
    if clause.get("kind") in ("lint", *WEIGHED):
        for name in columns.get("place", "").split(", "):
            if name and name not in kinds:
                yield f"place = {name!r} is no answer", "name the answers in which it is mended"


def _faults_of_limit(clause: Raw, kinds: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    columns = clause.get("columns", {})
    if clause.get("kind") != "gate" or columns.get("unit") not in UNITS:
        return
    key, unit, op, value = (columns.get(name, "") for name in ("key", "unit", "op", "value"))
    if key and not _KEY.fullmatch(PLACEHOLDER.sub("x", key)):
        yield f"key = {key!r} is no key", "use a to z, 0 to 9 and _"
    allowed = {"yes-no": ("==",), "name": ("==",), "word": ("in", "==")}.get(unit, (">=", "<=", "==", "in"))
    if op and op not in allowed:
        yield f"{op} cannot compare {unit}", f"use {' or '.join(allowed)}"
    if op == "in" and unit != "word" and not _RANGE.fullmatch(value):
        yield f"value = {value!r} is no range", "write 0.9 to 1.1"
    for part in value.split(" to ") if op == "in" and unit != "word" else [value]:
        if part and not _can_be_read(unit, part, kinds):
            yield f"value = {part!r} cannot be read as {unit}", "write a value of that unit, or the {name} of one"


# How a literal of a unit is read, and which kinds of names can be held against it.
_KINDS = {
    "share": ("share", ("share",)),
    "count": ("count", ("count", "number")),
    "yes-no": ("flag", ("flag",)),
    "per-second": ("rate", ("rate",)),
    "number": ("number", ("number", "count", "share")),
}
_DURATION = ("duration", ("duration",))


def _can_be_read(unit: str, value: str, kinds: Mapping[str, str]) -> bool:
    from mlworkflow.quantity import KINDS, Unreadable

    if unit in ("name", "word"):
        return True
    kind, fitting = _KINDS.get(unit, _DURATION)
    if alone := PLACEHOLDER.fullmatch(value):
        return kinds.get(alone[1], fitting[0]) in fitting
    try:
        KINDS[kind].parse(value)
    except Unreadable:
        return False
    return True
