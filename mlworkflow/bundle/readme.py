"""The first page of a bundle: for each person what is theirs, what they wait for, what they must show, whom to call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mlworkflow.artifacts import Artifact, artifacts, release_path
from mlworkflow.bundle.file import FILLABLE, File
from mlworkflow.bundle.owning import whose
from mlworkflow.bundle.page import page, points, section, table
from mlworkflow.bundle.parts.runbook import KILL_SWITCH, SEVERITIES, called
from mlworkflow.bundle.parts.tasks import tasks
from mlworkflow.bundle.showing import shows
from mlworkflow.bundle.words import Full, accepted_sources
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, code, escape
from mlworkflow.documents.saying import capital, joined
from mlworkflow.facts.people import approves
from mlworkflow.gates import gates_of
from mlworkflow.responsibility import Person, Responsibility, responsibility
from mlworkflow.responsibility.team import SEATS

PATH = "README.md"


def readme(spec: Spec, files: Sequence[File]) -> File:
    """Return the page, which needs to know every other file."""
    return File(PATH, _page(Full(spec), files), "Start here: what is whose", "GCA")


def _page(say: Full, files: Sequence[File]) -> str:
    owned = responsibility(say.spec)
    chain = artifacts(say.spec)
    return page(
        say.spec,
        "Start here",
        f"What is built: {say.value('target')}, for {say.value('for_whom', 'users who are still to be named')}; {say.choice('main-model')}, judged by {say.choice('deciding-metric')}. "
        "The reasons stand in `workflow.md`, the answers in `answers.toml`: change an answer there (not its comments, which are not kept) and write the folder again with `mlworkflow generate answers.toml --bundle .`. "
        f"To be filled in here, and kept when the folder is written again: {', '.join(code(one.path) for one in files if one.path in FILLABLE)}; no other file is changed by hand. "
        "An artifact is filled in where it lives; its file here says what it must hold.",
        section("At night", _night(say)),
        section("What stops a release", _stops(say)),
        *(section(str(escape(one.name)), *_person(say, one, owned, chain, files)) for one in owned.people),
        _approver(say, owned),
        section("Nobody", points(owned.unowned)) if not owned.people else "",
        section("The way to everyone", table(("Step", "Who sees it", "Goes on when", "Owner", "Decides"), _steps(say))),
        section("Files", _codes(say, files), table(("File", "What it is", "Whose"), _files(say, owned, chain, files))),
    )


def _stops(say: Full) -> str:
    """Say how many gates must be passed and how many may be mended later, so that a mark at a gate means something."""
    before = gates_of(say.spec, "before")
    critical = sum(one.critical for one in before)
    more = len(before) - critical
    rest = f"; the {more} others may be missing, and leave it conditional" if more else ""
    later = f" {len(gates_of(say.spec, 'during'))} more are asked during the rollout and {len(gates_of(say.spec, 'after'))} after it, with the same sheet."
    return f"{critical} gates marked (*) must be passed before the rollout{rest}.{later}"


def _codes(say: Full, files: Sequence[File]) -> str:
    """Explain each code once, and only those that stand in the table."""
    names = {role.id: role.name for role in say.spec.knowledge.roles}
    codes = sorted({one.owner for one in files})
    return f"In brackets the persona whose work it is: {', '.join(f'{one} {names[one]}' for one in codes)}."


def _night(say: Full) -> str:
    worst = f" SEV-1, {SEVERITIES['SEV-1']}: throw the kill switch first, then call {say.value('approver', 'an approver who is still to be named')}."
    return f"{called(say)}{worst} {KILL_SWITCH} Contacts and what to do stand in `runbook.md`."


def _person(
    say: Full, one: Person, owned: Responsibility, chain: Sequence[Artifact], files: Sequence[File]
) -> Iterator[str]:
    yield f"Wears the hat{'s' if len(one.hats) > 1 else ''} of {joined([SEATS[hat] for hat in one.hats])}."
    todo = sum(task.person == one.name for task in tasks(say.spec))
    blocks = (
        ("Yours", _theirs(say, one, owned, chain, files)),
        ("You wait for", _waits(say, one, owned, chain)),
        ("You hand over", _hands_over(say, one, owned, chain)),
        ("You show before a release", _shows(say, one, owned, "before")),
        ("You show during the rollout", _shows(say, one, owned, "during")),
        ("You show after it", _shows(say, one, owned, "after")),
        (
            "You stand in for",
            [
                f"{escape(other.accountable.name)}: {say.sentence(other.clause.says)}"
                for other in owned.duties
                if other.backup is one
            ],
        ),
    )
    for title, lines in blocks:
        if found := list(lines):
            yield f"**{title}**"
            yield points(found)
    yield (
        f"{todo} task{'' if todo == 1 else 's'} under your name in `tasks.md`."
        if todo
        else "No task of the first release is yours; you stand in."
    )


def _theirs(
    say: Full, one: Person, owned: Responsibility, chain: Sequence[Artifact], files: Sequence[File]
) -> Iterator[str]:
    for duty in owned.duties:
        if duty.accountable is one:
            yield f"{say.sentence(duty.clause.says)}{'' if duty.duty.critical else ' (may wait)'}; without an owner: {duty.column('breaks')}."
    for artifact in chain:
        if artifact.person == one.name:
            yield f"Artifact {escape(artifact.title)}, kept in {escape(artifact.lives_in)}: {len(artifact.missing)} blanks to fill."
    own = [code(file.path) for file in files if whose(say.spec, file, owned, chain) == one.name]
    if own:
        yield f"Files: {', '.join(own)}."


def _hands_over(say: Full, one: Person, owned: Responsibility, chain: Sequence[Artifact]) -> Iterator[str]:
    """What leaves this person, to whom, and when it counts as accepted."""
    for handoff in owned.crossings:
        if one in handoff.givers:
            yield f"To {_people(handoff.takers)}: {say.sentence(handoff.artifact)}. Accepted when {say.column(handoff.clause, 'test')}."
    for artifact in chain:
        if artifact.person == one.name:
            readers = [other for other in chain if artifact.id in other.stands_on and other.person != one.name]
            for person in dict.fromkeys(other.person or "nobody" for other in readers):
                theirs = joined([escape(other.title) for other in readers if (other.person or "nobody") == person])
                yield f"To {escape(person)}: {escape(artifact.title)}, with its hash, for the {theirs}."


def _waits(say: Full, one: Person, owned: Responsibility, chain: Sequence[Artifact]) -> Iterator[str]:
    """What must come to this person first, from whom, and what it is for."""
    for handoff in owned.crossings:
        if one in handoff.takers:
            yield f"From {_people(handoff.givers)}: {say.sentence(handoff.artifact)}. Accept it when {say.column(handoff.clause, 'test')}."
    by_id = {artifact.id: artifact for artifact in chain}
    mine = [artifact for artifact in chain if artifact.person == one.name]
    for below in chain:
        needs = [escape(artifact.title) for artifact in mine if below.id in artifact.stands_on]
        if needs and by_id[below.id].person != one.name:
            yield f"From {escape(below.person or 'nobody')}: {escape(below.title)}, with its hash, for your {joined(needs)}."
    if _answers_for(owned, one, "duty-data-contract", "duty-corpus"):
        for source in accepted_sources(say.spec):
            owner = say.field(source, "sources", "owner", "an owner who is still to be named")
            yield f"From {owner}: access to {code(source.value('name'))}, and its contract, signed."
    if _answers_for(owned, one, "duty-release") and (outside := _outside(say.spec, owned)):
        yield f"From {escape(outside)}: stop or go at each step of the way below."


def _people(people: Sequence[Person]) -> str:
    return joined([escape(person.name) for person in people])


def _answers_for(owned: Responsibility, one: Person, *duties: str) -> bool:
    return any(duty.accountable is one for duty in owned.duties if duty.clause.id in duties)


def _outside(spec: Spec, owned: Responsibility) -> str | None:
    """Return who approves, where that is nobody of the team."""
    approver = spec.value("approver")
    return None if approver is None or approves(str(approver), [one.name for one in owned.people]) else str(approver)


def _approver(say: Full, owned: Responsibility) -> str:
    """A section for whoever decides and is not of the team."""
    name = _outside(say.spec, owned)
    if name is None or not owned.people:
        return ""
    prepared = next((one.accountable.name for one in owned.duties if one.clause.id == "duty-release"), "nobody")
    night = "Called for decisions on customers, money or safety, and at SEV-1 at once."
    return section(
        str(escape(name)),
        "Approves, and is not of the team.",
        "**Yours**",
        points(["Stop or go at each step of the way to everyone; the name under the release note.", night]),
        "**You wait for**",
        points([f"From {escape(prepared)}: the evidence of a step, its open gates, and what is proposed."]),
    )


def _shows(say: Full, one: Person, owned: Responsibility, phase: str) -> Iterator[str]:
    for gate in gates_of(say.spec, phase):
        if shows(gate, owned) == one.name:
            window = f", {escape(gate.column('window'))}" if phase != "before" else ""
            yield f"{capital(say.sentence(gate.applied.says))}: {code(gate.key)} {escape(gate.wanted)}{window}{' (*)' if gate.critical else ''}."


def _steps(say: Full) -> list[tuple[Any, ...]]:
    return [
        (escape(one.name), escape(one.exposure), escape(one.goes_on_when), escape(one.owner), escape(one.decides))
        for one in release_path(say.spec)
    ]


def _files(say: Full, owned: Responsibility, chain: Sequence[Artifact], files: Sequence[File]) -> list[tuple[Any, ...]]:
    return [
        (code(one.path), escape(one.title), Md(f"{escape(whose(say.spec, one, owned, chain))} ({one.owner})"))
        for one in files
    ]
