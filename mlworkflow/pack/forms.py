"""What a gate and a signal must say in their columns, so that a pack's own can be judged like ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mlworkflow.clause import PLACEHOLDER
from mlworkflow.errors import Problem
from mlworkflow.pack.knowledge import Raw

OWNERS = ("data", "model", "platform", "product")
OUTCOMES = ("refresh-data", "update-threshold", "retrain", "revise-policy", "investigate", "incident")
UNITS = ("number", "share", "count", "yes-no", "name", "word", "ms", "hours", "days", "weeks", "per-second")
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
}
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_RANGE = re.compile(r".+ to .+")


def misshapen(clauses: list[Raw]) -> Iterator[Problem]:
    """Yield what a gate or a signal lacks, or says in words that nothing understands."""
    alerts = {one["id"] for one in clauses if one.get("kind") == "alert"}
    for clause in clauses:
        place = f"clause {clause['pack']}:{clause['id']}" if clause.get("pack") else f"clause {clause['id']}"
        for what, fix in _faults(clause, alerts):
            yield Problem(place, what, fix)


def _faults(clause: Raw, alerts: set[str]) -> Iterator[tuple[str, str]]:
    columns = clause.get("columns", {})
    for name, words in COLUMNS.get(clause.get("kind", ""), {}).items():
        value = columns.get(name, "")
        if not value:
            yield f"a {clause['kind']} has no {name}", f'write {name} = "..." among its columns'
        elif words and value not in words:
            yield f"{name} = {value!r} is not one of {', '.join(words)}", "choose one of them"
    if clause.get("kind") == "gate":
        yield from _faults_of_limit(columns)
    if columns.get("alert", "none") not in alerts | {"none"} and clause.get("kind") == "signal":
        yield f"alert = {columns['alert']!r} names no alert", "name an alert's id, or write none"


def _faults_of_limit(columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    key, unit, op, value = (columns.get(name, "") for name in ("key", "unit", "op", "value"))
    if key and not _KEY.fullmatch(PLACEHOLDER.sub("x", key)):
        yield f"key = {key!r} is no key", "use a to z, 0 to 9 and _"
    allowed = {"yes-no": ("==",), "name": ("==",), "word": ("in", "==")}.get(unit, (">=", "<=", "==", "in"))
    if op and op not in allowed:
        yield f"{op} cannot compare {unit}", f"use {' or '.join(allowed)}"
    if op == "in" and unit != "word" and not _RANGE.fullmatch(value):
        yield f"value = {value!r} is no range", "write 0.9 to 1.1"
    if value and not PLACEHOLDER.search(value) and not _can_be_read(unit, op, value):
        yield f"value = {value!r} cannot be read as {unit}", "write it like a value of that unit"


_KINDS = {"share": "share", "count": "count", "yes-no": "flag", "per-second": "rate", "number": "number"}


def _can_be_read(unit: str, op: str, value: str) -> bool:
    from mlworkflow.quantity import KINDS, Unreadable

    if unit in ("name", "word"):
        return True
    kind = KINDS[_KINDS.get(unit, "duration")]
    try:
        for part in value.split(" to ") if op == "in" else [value]:
            kind.parse(part)
    except Unreadable:
        return False
    return True
