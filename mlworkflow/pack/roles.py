"""Roles and stages as they stand in a pack: added to the whole, and held against the clauses that name them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlworkflow.errors import Problem
from mlworkflow.pack.checking import meant

Raw = dict[str, Any]
DUTY = ("role", "persona", "stage", "area", "breaks", "critical")
HANDOFF = ("from", "to", "artifact", "contract", "test", "failure", "hat")
AREA = ("role", "scope", "decisions", "breaks")
ARTIFACT = ("link", "duty", "lives_in", "read_by")
COLUMNS = {"duty": DUTY, "handoff": HANDOFF, "owner-area": AREA, "artifact": ARTIFACT}
# The links of the artifact chain in their order; a pack may say more of one, and adds none.
LINKS = (
    "dataset-snapshot",
    "training-run",
    "evaluation-report",
    "registry-entry",
    "rollout-note",
    "monitoring-signals",
    "retraining-trigger",
)


def add_roles(whole: Raw, pack: Raw, problems: list[Problem]) -> None:
    """Add a pack's roles; what exists keeps its id, and stages and classic roles are those of the questions."""
    name = pack["name"]
    known = {role["id"] for role in whole["roles"]}
    if name and pack["stages"]:
        problems.append(Problem(f"{name}:roles.toml", "adds a stage", "name its owner with `stage_owners` instead"))
    for role in pack["roles"]:
        place = f"{name}:{role['id']}" if name else role["id"]
        if role["id"] in known:
            problems.append(Problem(place, "is a role already", "give it another id"))
        if name and role.get("set") == "classic":
            problems.append(Problem(place, "adds a classic role", "leave `set` out: it is one of the lifecycle"))
        known.add(role["id"])
        whole["roles"].append({**role, **({"pack": name} if name else {})})
    whole["stages"].extend(pack["stages"])


def bad_roles(whole: Raw) -> Iterator[Problem]:
    """Yield a problem for each role, stage or column that is named and does not exist."""
    every = [role["id"] for role in whole["roles"]]
    classic = [role["id"] for role in whole["roles"] if role.get("set") == "classic"]
    for role in whole["roles"]:
        yield from _unknown(f"role {role['id']}", "role", role.get("hands_to", ()), every)
        wears = [role["wears"]] if role.get("wears") else []
        yield from _unknown(
            f"role {role['id']}",
            "classic role",
            (*wears, *role.get("near", ()), *role.get("near_for_language_models", ())),
            classic,
        )
        if role.get("set") != "classic":
            yield from _incomplete(role)
    for stage in whole["stages"]:
        yield from _unknown(
            f"stage {stage['id']}",
            "classic role",
            (*stage["owners"], *stage.get("owners_for_language_models", ())),
            classic,
        )
    for clause in whole["clauses"]:
        if clause["kind"] in COLUMNS:
            yield from _bad_clause(clause, whole, classic, every)


def _incomplete(role: Raw) -> Iterator[Problem]:
    for key in ("phase", "category", "stage", "wears", "duties", "inputs", "outputs", "gate", "hands_to", "never"):
        if not role.get(key):
            yield Problem(f"role {role['id']}", f"does not say its `{key}`")


def _bad_clause(clause: Raw, whole: Raw, classic: list[str], every: list[str]) -> Iterator[Problem]:
    place, columns = f"clause {clause['id']}", clause.get("columns", {})
    for name in COLUMNS[clause["kind"]]:
        if not columns.get(name):
            yield Problem(place, f"has no column `{name}`")
    duties = [one["id"] for one in whole["clauses"] if one["kind"] == "duty"]
    stages = [stage["id"] for stage in whole["stages"]]
    areas = [one["says"] for one in whole["clauses"] if one["kind"] == "owner-area"]
    wanted = {"role": classic, "persona": every, "stage": stages, "from": stages, "to": stages, "area": areas}
    wanted |= {"critical": ["yes", "no"], "apart_from": duties, "duty": duties, "link": list(LINKS)}
    for name, known in wanted.items():
        if columns.get(name):
            yield from _unknown(place, name.replace("_", " "), columns[name].split(", "), known)


def _unknown(place: str, kind: str, names: Any, known: list[str]) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield Problem(place, f"names the {kind} `{name}`, which does not exist{meant(name, known)}")
