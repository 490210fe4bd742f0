"""What a gate, a signal and a lint rule must say in their columns, so that a pack's own can be judged like ours."""

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
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_RANGE = re.compile(r".+ to .+")


def misshapen(clauses: list[Raw], kinds: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what such a clause lacks, or says in words that nothing understands; kinds are those of the names."""
    alerts = {one["id"] for one in clauses if one.get("kind") == "alert"}
    for clause in clauses:
        place = f"clause {clause['pack']}:{clause['id']}" if clause.get("pack") else f"clause {clause['id']}"
        for what, fix in (
            *_faults(clause, alerts),
            *_faults_of_limit(clause, kinds),
            *_faults_of_weight(clause, kinds),
        ):
            yield Problem(place, what, fix)


def _faults(clause: Raw, alerts: set[str]) -> Iterator[tuple[str, str]]:
    columns = clause.get("columns", {})
    for name, words in COLUMNS.get(clause.get("kind", ""), {}).items():
        value = columns.get(name, "")
        if not value:
            yield f"a {clause['kind']} has no {name}", f'write {name} = "..." among its columns'
        elif words and value not in words:
            yield f"{name} = {value!r} is not one of {', '.join(words)}", "choose one of them"
    if columns.get("alert", "none") not in alerts | {"none"} and clause.get("kind") == "signal":
        yield f"alert = {columns['alert']!r} names no alert", "name an alert's id, or write none"


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
