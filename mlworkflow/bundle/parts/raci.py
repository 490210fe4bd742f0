"""Who is responsible, accountable, consulted and informed for every duty and every artifact, as a table for a sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from mlworkflow.artifacts import artifacts
from mlworkflow.bundle.file import File
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import visible
from mlworkflow.responsibility import Owned, Person, Responsibility, responsibility

HEADER = ("What", "Kind", "Stage", "Persona", "Accountable", "Responsible", "Consulted", "Informed", "Critical")
# A sheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def files(spec: Spec) -> Iterator[File]:
    """Yield the table; each row has exactly one who is accountable."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([_cell(cell) for cell in row] for row in rows(spec))
    yield File("raci.csv", text.getvalue(), "Who answers for what, who does it, who is asked and told", "GCA")


def rows(spec: Spec) -> Iterator[Sequence[str]]:
    """Yield one row a duty and one an artifact."""
    owned = responsibility(spec)
    if spec.known("approver"):
        yield _decision(owned, str(spec.value("approver")))
    for one in owned.duties:
        doing = _doing(one, owned)
        asked = [other for other in _asked(one, owned) if other not in doing]
        told = [other for other in _told(one.column("stage"), one.accountable, owned) if other not in (*doing, *asked)]
        yield (
            str(one.clause.says),
            "duty",
            one.column("stage"),
            one.column("persona"),
            one.accountable.name,
            _names(doing),
            _names(asked),
            _names(told),
            "yes" if one.duty.critical else "no",
        )
    for artifact in artifacts(spec):
        person = next((one for one in owned.people if one.name == artifact.person), None)
        told = _told(artifact.stage, person, owned) if person else []
        yield (artifact.title, "artifact", artifact.stage, artifact.owner, artifact.person or "nobody",
               artifact.person or "nobody", "", _names(told), "yes")  # fmt: skip


def _decision(owned: Responsibility, approver: str) -> Sequence[str]:
    """The one row of the release itself: the approver decides, whoever owns the duty prepares."""
    duty = next((one for one in owned.duties if one.clause.id == "duty-release"), None)
    prepares = [duty.accountable] if duty and duty.accountable.name != approver else []
    others = [one for one in owned.people if one not in prepares and one.name != approver]
    return ("Stop or go of a release", "decision", "deploy", "GCA", approver,
            _names(prepares) or approver, "", _names(others), "yes")  # fmt: skip


def _doing(one: Owned, owned: Responsibility) -> list[Person]:
    """Return everyone whose role the duty is, where its owner is one of them; else the owner, who has taken it over."""
    role = [person for person in owned.people if one.duty.role in person.roles]
    return role if one.accountable in role else [one.accountable]


def _asked(one: Owned, owned: Responsibility) -> list[Person]:
    """Return who stands in, and whose role a duty would be that somebody else has taken over."""
    role = [person for person in owned.people if one.duty.role in person.roles]
    return list(dict.fromkeys([*([one.backup] if one.backup else []), *role]))


def _told(stage: str, person: Person, owned: Responsibility) -> list[Person]:
    """Return who takes over from this stage."""
    taking = next((one.takers for one in owned.handoffs if one.giving.stage.id == stage), ())
    return [one for one in taking if one is not person]


def _names(people: Sequence[Person]) -> str:
    return "; ".join(one.name for one in people)


def _cell(text: str) -> str:
    text = visible(" ".join(text.replace("**", "").split()))
    return f"'{text}" if text.startswith(_FORMULA) else text
