"""Responsibility: who owns what, what crosses between people, and what the team at hand cannot cover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlworkflow.documents.escape import Md, code, escape
from mlworkflow.documents.owning import wearers
from mlworkflow.documents.saying import Say, Table, capital, joined
from mlworkflow.responsibility import Handoff, Owned, Person, Responsibility, StageOwned, responsibility
from mlworkflow.responsibility.stages import SAME
from mlworkflow.responsibility.team import SEATS
from mlworkflow.role import Role

KINDS = {"full": "full", "partial": "partial", SAME: "same person, another hat"}


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    found = responsibility(say.spec)
    alone = len(found.people) == 1
    return {
        "intro": _intro(say, found),
        "gaps": [*(say.sentence(one.says) for one in found.gaps), *_overloads(say, found)],
        "duties": _critical(say, found),
        "more": _more(say, found, alone),
        "alone": _hats_of_one(found) if alone else None,
        "handoffs": _handoffs(say, found, alone),
        "full": _full(say, found) if say.full and found.people else None,
    }


# ------------------------------------------------------------------ people


def _intro(say: Say, found: Responsibility) -> Md:
    if not found.people:
        return Md("Nobody is at hand, so no duty has an owner.")
    if len(found.people) == 1 and not found.people[0].named:
        hats = joined([SEATS[hat] for hat in found.people[0].hats])
        return Md(f"One person wears {len(found.people[0].hats)} hats: {hats}.")
    return Md(f"{_count(say, found)}: {'; '.join(_introduced(one) for one in found.people)}.{_unnamed(found)}")


def _count(say: Say, found: Responsibility) -> str:
    if len(found.people) == 1:
        return "One person"
    size = say.spec.value("team_size") or 0
    count = len(found.people)
    return f"{count} owners in a team of {size:g}" if size > count else f"{count} people"


def _introduced(one: Person) -> str:
    if not one.named and one.hats == one.roles:
        return escape(one.name)
    said = joined([SEATS[hat] for hat in one.roles]) if one.roles else ""
    extra = joined([SEATS[hat] for hat in one.hats if hat not in one.roles])
    worn = f"wears the hat{'s' if len(one.hats) - len(one.roles) > 1 else ''} of {extra}"
    shown = {
        (True, False): said,
        (True, True): f"{said}, also {worn}" if one.named else f"also {worn}",
        (False, True): worn,
    }
    return f"{escape(one.name)} ({shown[bool(one.roles), bool(one.hats[len(one.roles) :])]})"


def _unnamed(found: Responsibility) -> str:
    if all(one.named for one in found.people):
        return ""
    return " Who has no name here is a seat; `people` in the answers gives it one."


def _who(person: Person, role: str) -> Md:
    """A person, with the hat that is worn for it where that is not plain."""
    if person.hats == (role,) if person.named else role in person.roles:
        return escape(person.name)
    return Md(f"{escape(person.name)}, as {SEATS[role]}")


def _overloads(say: Say, found: Responsibility) -> list[Md]:
    return [
        Md(
            f"**{escape(one.person.name)} owns {one.critical} critical duties.** More than eight are owned on paper only; the first to hand on: {say.sentence(one.first.clause.says)}."
        )
        for one in found.overloads
    ]


# ------------------------------------------------------------------ duties


def _duties_of_one(say: Say, found: Responsibility) -> Table:
    """Where one person owns everything, the hat is what tells duties apart."""
    rows = [
        (say.sentence(one.clause.says), Md(SEATS[one.hat]), capital(one.column("breaks"))) for one in found.critical
    ]
    return Table(("Duty", "Hat", "When it is forgotten"), rows)


def _critical(say: Say, found: Responsibility) -> Table:
    """The critical duties: by person, so that each finds what is theirs; in full by duty, with what breaks."""
    if len(found.people) == 1:
        return _duties_of_one(say, found)
    return _duties(say, found) if say.full else _by_person(say, found)


def _by_person(say: Say, found: Responsibility) -> Table:
    rows = []
    for person in found.people:
        owns = [one for one in found.critical if one.accountable is person]
        if owns:
            rows.append((escape(person.name), _listed(say, owns), _stand_ins(say, owns)))
    return Table(("Who", "Answers for", "When away"), rows)


def _listed(say: Say, duties: Sequence[Owned]) -> Md:
    return Md("; ".join(say.sentence(one.clause.says) for one in duties))


def _stand_ins(say: Say, duties: Sequence[Owned]) -> Md:
    """Who stands in, the one for most duties first; the others with what is theirs."""
    groups: dict[str, list[Owned]] = {}
    for one in duties:
        groups.setdefault(escape(one.backup.name) if one.backup else "**nobody**", []).append(one)
    (first, _), *others = sorted(groups.items(), key=lambda group: -len(group[1]))
    return Md("; ".join([first, *(f"{name} for {_listed(say, owned)}" for name, owned in others)]))


def _duties(say: Say, found: Responsibility) -> Table:
    return Table(("Duty", "Accountable", "Backup", "Without an owner"), [_duty(say, one) for one in found.critical])


def _duty(say: Say, one: Owned) -> tuple[Any, ...]:
    backup = escape(one.backup.name) if one.backup else Md("**nobody**")
    return (say.sentence(one.clause.says), _who(one.accountable, one.hat), backup, capital(one.column("breaks")))


def _more(say: Say, found: Responsibility, alone: bool) -> Md:
    others = [one for one in found.duties if not one.duty.critical]
    owners = [SEATS[one.hat] if alone else escape(one.accountable.name) for one in others]
    named = "; ".join(f"{say.sentence(one.clause.says)} ({who})" for one, who in zip(others, owners, strict=True))
    return Md(f"Owned as well, and first to wait: {named}." if others and alone and not say.full else "")


# ------------------------------------------------------------------ handoffs


def _handoffs(say: Say, found: Responsibility, alone: bool) -> Table:
    return Table(*_changes_of_hat(say, found)) if alone else Table(*_crossings(say, found))


def _crossings(say: Say, found: Responsibility) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    header = ("Handoff", "Gives", "Takes", *(("Change", "What crosses") if say.full else ()), "Accepted when")
    rows = [
        (
            say.sentence(one.clause.says),
            _names(one.givers),
            _names(one.takers),
            *((Md(KINDS[one.kind]), capital(say.sentence(one.artifact))) if say.full else ()),
            capital(say.column(one.clause, "hat" if one.kind == SAME else "test")),
        )
        for one in found.handoffs
        if say.full or "always" in one.clause.columns
    ]
    return header, rows


def _names(people: Sequence[Person]) -> Md:
    return joined([escape(one.name) for one in people])


def _hats_of_one(found: Responsibility) -> Md:
    return Md(f"No handoffs between people, {len(found.people[0].hats)} hats. Where the hat changes:")


def _changes_of_hat(say: Say, found: Responsibility) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    header = ("Change of hat", "From", "To", "What crosses", "What to do at the change")
    rows = [
        (
            say.sentence(one.clause.says),
            _hats(one.giving),
            _hats(one.taking),
            capital(say.sentence(one.artifact)),
            capital(say.column(one.clause, "hat")),
        )
        for one in found.handoffs
    ]
    return header, rows


def _hats(stage: StageOwned) -> Md:
    return joined([escape(SEATS.get(owner, owner)) for owner in stage.owners])


# ------------------------------------------------------------------ the full size


def _full(say: Say, found: Responsibility) -> dict[str, Any]:
    roles = [role for role in say.spec.knowledge.roles if role.set == "lifecycle"]
    classic = [role for role in say.spec.knowledge.roles if role.set == "classic"]
    return {
        "classic": Md(f"{' '.join(f'The {SEATS[role.id]} {role.does}.' for role in classic)}"),
        "every_duty": Table(
            ("Duty", "Stage", "Hat", "Persona", "Accountable", "Backup", "Critical"),
            [_every_duty(say, one, found) for one in found.duties],
        ),
        "hats": Table(("Who", "Hats", "Duties", "Critical among them"), [_worn(one, found) for one in found.people]),
        "stages": Table(
            ("Stage", "Owned by", "Behind it"),
            [(capital(escape(one.name)), _hats(one), _names(one.people)) for one in found.stages],
        ),
        "contracts": Table(
            ("Handoff", "Contract", "Signed by", "How failure shows"), [_contract(say, one) for one in found.handoffs]
        ),
        "matrix": Table(
            ("Owner", "Scope", "Key decisions", "What breaks without it", "Who"),
            [
                (
                    say.sentence(one.clause.says),
                    *(say.column(one.clause, name) for name in ("scope", "decisions", "breaks")),
                    escape(one.person.name),
                )
                for one in found.areas
            ],
        ),
        "roles": Table(
            ("Persona", "ID", "Pipeline Stage", "Category"),
            [(escape(one.name), escape(one.id), escape(one.stage), code(one.category)) for one in roles],
        ),
        "personas": Table(
            ("ID", "Worn by", "Delivers", "Hands to", "Gate", "Never"),
            [_persona(one, found.people) for one in roles],
        ),
    }


def _every_duty(say: Say, one: Owned, found: Responsibility) -> tuple[Any, ...]:
    stage = next(stage.name for stage in found.stages if stage.stage.id == one.column("stage"))
    backup = escape(one.backup.name) if one.backup else Md("**nobody**")
    return (
        say.sentence(one.clause.says),
        escape(stage),
        Md(SEATS[one.hat]),
        Md(one.column("persona")),
        escape(one.accountable.name),
        backup,
        Md("yes" if one.duty.critical else "no"),
    )


def _worn(one: Person, found: Responsibility) -> tuple[Any, ...]:
    hats = joined([SEATS[hat] for hat in one.hats])
    return (escape(one.name), hats, Md(str(found.load(one))), Md(str(found.load(one, critical=True))))


def _contract(say: Say, one: Handoff) -> tuple[Any, ...]:
    signed = _names(one.givers) if one.kind == SAME else Md(f"{_names(one.givers)}; {_names(one.takers)}")
    return (
        say.sentence(one.clause.says),
        capital(say.column(one.clause, "contract")),
        signed,
        capital(say.column(one.clause, "failure")),
    )


def _persona(one: Role, people: Sequence[Person]) -> tuple[Any, ...]:
    return (
        escape(one.id),
        _names(wearers(one, people)),
        capital(escape("; ".join(one.outputs))),
        escape(", ".join(one.hands_to)),
        capital(escape(one.gate)),
        capital(escape("; ".join(one.never))),
    )
