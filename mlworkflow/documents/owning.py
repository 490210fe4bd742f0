"""Roles, owners and handoffs as plain data, for `show` and for programs that read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlworkflow.documents.data import plain
from mlworkflow.pack import Knowledge
from mlworkflow.responsibility import Handoff, Owned, Person, Responsibility, StageOwned, default_handoffs
from mlworkflow.role import PHASES, Role

Data = dict[str, Any]


def roles_data(roles: Sequence[Role], people: Sequence[Person] = ()) -> list[Data]:
    """Return each role with everything that is known of it, and who wears it where people are known."""
    return [role_data(role, people) for role in roles]


def role_data(role: Role, people: Sequence[Person] = ()) -> Data:
    """Return one role."""
    data: Data = plain(role)
    data["phase"] = {"id": role.phase, "name": PHASES[role.phase]} if role.phase else None
    if people:
        data["worn_by"] = [one.name for one in wearers(role, people)]
    return data


def wearers(role: Role, people: Sequence[Person]) -> list[Person]:
    """Return who wears a hat: those whose role it is, else those who stand in."""
    classic = role.wears or role.id
    return [one for one in people if classic in one.roles] or [one for one in people if classic in one.hats]


def allocation_data(found: Responsibility) -> Data:
    """Return people, their hats, every duty with its owner, and what is not covered."""
    return {
        "people": [_person(one, found) for one in found.people],
        "duties": [_owned(one) for one in found.duties],
        "unowned": list(found.unowned),
        "areas": [
            {"area": str(one.clause.says), "person": one.person.name, **_texts(one.clause.columns)}
            for one in found.areas
        ],
        "gaps": [{"id": one.id, "says": str(one.says).replace("**", "")} for one in found.gaps],
        "overloads": [
            {"person": one.person.name, "critical": one.critical, "hand_on_first": one.first.clause.id}
            for one in found.overloads
        ],
    }


def _person(one: Person, found: Responsibility) -> Data:
    return {
        "name": one.name,
        "named": one.named,
        "roles": list(one.roles),
        "hats": list(one.hats),
        "stands_in": list(one.stands_in),
        "duties": found.load(one),
        "critical": found.load(one, critical=True),
    }


def _owned(one: Owned) -> Data:
    return {
        "id": one.clause.id,
        "duty": str(one.clause.says),
        "critical": one.duty.critical,
        "accountable": one.accountable.name,
        "backup": one.backup.name if one.backup else None,
        "hat": one.hat,
        **{name: one.column(name) for name in ("persona", "stage", "area", "breaks")},
        "apart_from": list(one.duty.apart_from),
    }


def _texts(columns: Any) -> Data:
    return {name: str(text) for name, text in columns.items()}


def handoffs_data(found: Responsibility) -> Data:
    """Return the stage map and what crosses at each change of owner."""
    return {
        "stages": [_stage(one) for one in found.stages],
        "handoffs": [_handoff(one) for one in found.handoffs],
        "between_people": len(found.crossings),
        "hats": len(found.people[0].hats) if len(found.people) == 1 else None,
    }


def _stage(one: StageOwned) -> Data:
    people = [person.name for person in one.people]
    return {"id": one.stage.id, "stage": one.name, "owners": list(one.owners), "people": people}


def _handoff(one: Handoff) -> Data:
    return {
        "id": one.clause.id,
        "handoff": str(one.clause.says),
        "kind": one.kind,
        "giver": [person.name for person in one.givers],
        "taker": [person.name for person in one.takers],
        **_texts({name: text for name, text in one.clause.columns.items() if name != "verdict"}),
        "artifact": str(one.artifact),
    }


def default_handoffs_data(knowledge: Knowledge) -> Data:
    """Return the default stage map and its changes of owner between classic roles."""
    return {
        "stages": [{"id": one.id, "stage": one.name, "owners": list(one.owners)} for one in knowledge.stages],
        "handoffs": [
            {"from": one.id, "to": other.id, "giver": list(one.owners), "taker": list(other.owners), "kind": kind}
            for one, other, kind in default_handoffs(knowledge)
        ],
    }
