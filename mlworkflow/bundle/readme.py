"""The first page of a bundle: for each person what is theirs, what they wait for, what they must show, whom to call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mlworkflow.artifacts import Artifact, artifacts, release_path
from mlworkflow.bundle.file import FILLABLE, File
from mlworkflow.bundle.page import page, points, section, table
from mlworkflow.bundle.parts.runbook import KILL_SWITCH, SEVERITIES, called
from mlworkflow.bundle.parts.tasks import HATS, tasks, wearer
from mlworkflow.bundle.words import Full
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, code, escape
from mlworkflow.documents.owning import wearers
from mlworkflow.documents.saying import capital, joined
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
        ("You show before a release", _shows(say, one, owned)),
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
        f"{todo} tasks under your name in `tasks.md`."
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
    own = [code(file.path) for file in files if _whose(say.spec, file, owned, chain) == one.name]
    if own:
        yield f"Files: {', '.join(own)}."


def _whose(spec: Spec, file: File, owned: Responsibility, chain: Sequence[Artifact]) -> str:
    """Return the person of a file: who hands over the artifact that it holds, else who wears the hat of its persona."""
    handed = next((one.person for one in chain if file.path.endswith(f"-{one.id}.json")), "")
    role = next((role for role in spec.knowledge.roles if role.id == file.owner), None)
    worn = wearers(role, owned.people) if role else []
    return handed or (worn[0].name if worn else "nobody")


def _waits(say: Full, one: Person, owned: Responsibility, chain: Sequence[Artifact]) -> Iterator[str]:
    for handoff in owned.crossings:
        if one in handoff.takers:
            yield f"{escape(' and '.join(person.name for person in handoff.givers))}: {say.column(handoff.clause, 'artifact')}. Accept it when {say.column(handoff.clause, 'test')}."
    by_id = {artifact.id: artifact for artifact in chain}
    below = {id for artifact in chain if artifact.person == one.name for id in artifact.stands_on}
    for id in (artifact.id for artifact in chain if artifact.id in below):
        if by_id[id].person != one.name:
            yield f"{escape(by_id[id].person or 'nobody')}: {escape(by_id[id].title)}, with its hash."


def _shows(say: Full, one: Person, owned: Responsibility) -> Iterator[str]:
    for gate in gates_of(say.spec, "before"):
        if wearer(owned, HATS[gate.owner]) == one.name:
            yield f"{capital(say.sentence(gate.applied.says))}: {code(gate.key)} {escape(gate.wanted)}{' (*)' if gate.critical else ''}."


def _steps(say: Full) -> list[tuple[Any, ...]]:
    return [
        (escape(one.name), escape(one.exposure), escape(one.goes_on_when), escape(one.owner), escape(one.decides))
        for one in release_path(say.spec)
    ]


def _files(say: Full, owned: Responsibility, chain: Sequence[Artifact], files: Sequence[File]) -> list[tuple[Any, ...]]:
    return [
        (code(one.path), escape(one.title), Md(f"{escape(_whose(say.spec, one, owned, chain))} ({one.owner})"))
        for one in files
    ]
