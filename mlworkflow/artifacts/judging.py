"""An artifact as somebody hands it over, read from JSON: what it lacks, and whether its hashes fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlworkflow.artifacts.artifact import Artifact, hash_of
from mlworkflow.artifacts.blanks import blanks_in


def faults(wanted: Artifact, given: Any, below: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return what stands against taking over an artifact: fields that are missing or blank, hashes that do not fit.

    `wanted` is the design's own, whose fields are the required ones; `below` are the hashes of what lies below
    as they are now, and those of the design where none are given.
    """
    if not isinstance(given, Mapping) or not isinstance(given.get("fields"), Mapping):
        return (f"{wanted.id}: is no artifact: an object with id, fields, stands_on and hash is expected",)
    if given.get("id") != wanted.id:
        return (f"{wanted.id}: has the id {given.get('id')!r}",)
    return tuple(
        f"{wanted.id}: {fault}" for fault in (*_lacks(wanted, given["fields"]), *_hashes(wanted, given, below))
    )


def _lacks(wanted: Artifact, fields: Mapping[str, Any]) -> list[str]:
    found = [f"the field {name} is missing" for name in wanted.fields if name not in fields]
    blank = [at for name in wanted.fields if name in fields for at in blanks_in(fields[name], name)]
    return [*found, *(f"{at} is blank" for at in blank)]


def _hashes(wanted: Artifact, given: Mapping[str, Any], below: Mapping[str, str] | None) -> list[str]:
    held = given.get("stands_on")
    if not isinstance(held, Mapping):
        return ["stands_on is missing"]
    now = {**wanted.stands_on, **(below or {})}
    found = [f"does not say on which {id} it stands" for id in wanted.stands_on if id not in held]
    found += [f"stands on another {id} than the one handed over" for id in wanted.stands_on
              if id in held and held[id] != now[id]]  # fmt: skip
    return found if _fits(given) else [*found, "its hash does not fit its fields, so it was edited after it was made"]


def _fits(given: Mapping[str, Any]) -> bool:
    try:
        return bool(hash_of(str(given["id"]), given["fields"], given["stands_on"]) == given.get("hash"))
    except (TypeError, ValueError, RecursionError):
        return False


def faults_of_chain(given: Sequence[Any]) -> dict[str, str]:
    """Return what broke in a chain by the id of the artifact: the edited one, and each that stands on a broken one."""
    by_id = {str(one["id"]): one for one in given if _is_linked(one)}
    broken: dict[str, str] = {}
    for one in given:
        if not _is_linked(one):
            broken["?"] = "is no artifact"
            continue
        if fault := _fault(one, by_id, broken):
            broken[str(one["id"])] = fault
    return broken


def _is_linked(one: Any) -> bool:
    return isinstance(one, Mapping) and "id" in one and isinstance(one.get("stands_on"), Mapping)


def _fault(one: Mapping[str, Any], by_id: Mapping[str, Any], broken: Mapping[str, str]) -> str:
    if not _fits({"fields": {}, **one}):
        return "its hash does not fit its fields, so it was edited after it was made"
    for id, hash in one["stands_on"].items():
        if id not in by_id:
            return f"stands on {id}, which is not there"
        if by_id[id].get("hash") != hash:
            return f"stands on another {id} than the one beside it"
        if id in broken:
            return f"stands on {id}, which is broken"
    return ""
