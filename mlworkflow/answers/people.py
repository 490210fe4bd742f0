"""What cannot be true of people and stage owners: names twice, more names than people, owners that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from mlworkflow.errors import Problem
from mlworkflow.pack import Knowledge
from mlworkflow.question import Answers, Entry
from mlworkflow.role import Role, named_role, owners


def impossible_people(knowledge: Knowledge, answers: Answers) -> Iterator[Problem]:
    """Yield every mistake in `people` and `stage_owners`."""
    people = answers.entries("people")
    yield from _twice(people, "name", "two people are called")
    yield from _more_than_there_are(answers, people)
    stages = answers.entries("stage_owners")
    yield from _twice(stages, "stage", "two lines give owners to the stage")
    classic = [role for role in knowledge.roles if role.set == "classic"]
    for entry in people:
        if named_role(classic, entry.value("name")) is not None:
            what = f"a person is called `{entry.value('name')}`, which is a role"
            yield Problem(entry.place, what, "write the role into `roles`, and a name into `name`")
    for entry in stages:
        yield from _unknown(entry, classic, people)


def _twice(entries: tuple[Entry, ...], field: str, what: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for entry in entries:
        name = entry.value(field)
        if name in seen:
            yield Problem(entry.place, f"{what} `{name}`", "keep one, or tell them apart")
        seen.add(name)


def _more_than_there_are(answers: Answers, people: tuple[Entry, ...]) -> Iterator[Problem]:
    size = answers.by_id.get("team_size")
    if size is not None and size.given and size.value is not None and len(people) > size.value:
        places = dict.fromkeys(place for place in (answers.by_id["people"].place, size.place) if place)
        what = f"`people` names {len(people)}, `team_size` is {size.value:g}"
        yield Problem(" and ".join(places), what, f"write team_size = {len(people)}, or leave names out")


def _unknown(entry: Entry, classic: list[Role], people: tuple[Entry, ...]) -> Iterator[Problem]:
    names = {one.value("name"): one for one in people}
    roles = [role.id for role in classic]
    said = owners(entry.value("owner"), classic)
    if not said:
        yield Problem(
            entry.place, "`stage_owners` gives a stage to nobody", f"name a person, or one of: {', '.join(roles)}"
        )
    for owner in said:
        if owner in roles:
            continue
        if owner not in names:
            close = difflib.get_close_matches(owner, [*names, *roles], n=1)
            fix = f"did you mean `{close[0]}`?" if close else f"name them in `people`, or one of: {', '.join(roles)}"
            yield Problem(entry.place, f"`stage_owners` names `{owner}`, neither a role nor among `people`", fix)
        elif names[owner].value("away") is True:
            yield Problem(
                entry.place, f"`stage_owners` names `{owner}`, who is away", "give the stage to someone who is there"
            )
