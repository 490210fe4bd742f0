"""Usual cases as they stand in a pack: read from their files, added to the whole, and held against what they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mlworkflow.archetype import KINDS, STRUCTURED
from mlworkflow.errors import Problem
from mlworkflow.pack.checking import meant
from mlworkflow.quantity import Unreadable, parse_day

Raw = dict[str, Any]
WORDS = ("words", "hints", "against", "signs")
BY_LANGUAGE = ("words_in", "hints_in")
QUESTION = "archetype"


def archetype_in(id: str, data: Raw) -> Raw:
    """Return one file's archetype with its points in one list, each with its kind."""
    points = [{**one, "kind": kind} for kind in KINDS for one in data.get(kind, [])]
    return {"id": id, **{key: value for key, value in data.items() if key not in KINDS}, "points": points}


def add_archetypes(whole: Raw, pack: Raw, problems: list[Problem]) -> None:
    """Add a pack's archetypes; one that has the id of another adds words and points to it, or replaces it."""
    name = pack["name"]
    mark = {"pack": name} if name else {}
    known = {one["id"]: one for one in whole["archetypes"]}
    for found in pack["archetypes"]:
        replaces, drops = found.pop("replaces", False), found.pop("drops", [])
        added = {**found, **mark, "points": [{**point, **mark} for point in found["points"]]}
        before = known.get(found["id"])
        if before is not None and not replaces:
            _extend(before, added, drops, problems)
            continue
        if replaces and before is None:
            problems.append(Problem(_place(added), f"replaces what does not exist{meant(found['id'], known)}"))
        whole["archetypes"] = [one for one in whole["archetypes"] if one is not before] + [added]
    _offer(whole)


def _extend(before: Raw, added: Raw, drops: list[str], problems: list[Problem]) -> None:
    for key in sorted(set(added) - {"id", "pack", "points", *WORDS, *BY_LANGUAGE}):
        problems.append(
            Problem(_place(added), f"changes `{key}` of a usual case that exists", "write `replaces = true`")
        )
    ids = {point["id"] for point in before["points"]}
    for drop in drops:
        if drop not in ids:
            problems.append(Problem(_place(added), f"drops the point {drop}, which does not exist{meant(drop, ids)}"))
    for key in WORDS:
        before[key] = [*before.get(key, []), *added.get(key, [])]
    for key in BY_LANGUAGE:
        old, new = before.get(key, {}), added.get(key, {})
        before[key] = {one: [*old.get(one, []), *new.get(one, [])] for one in {**old, **new}}
    before["points"] = [one for one in before["points"] if one["id"] not in drops] + added["points"]


def _offer(whole: Raw) -> None:
    """Give the question the archetypes that there are to choose from."""
    for question in whole["questions"]:
        if question["id"] == QUESTION:
            none = [one for one in question.get("choices", []) if one["id"] == "none"]
            cases = [
                {"id": one["id"], "means": f"read as {one.get('name', '')}", "label": one.get("name", "")}
                for one in whole["archetypes"]
            ]
            question["choices"] = [*none, *cases]


def bad_archetypes(whole: Raw) -> Iterator[Problem]:
    """Yield a problem for whatever an archetype names that does not exist, or does not say."""
    types: list[Raw] = next((one["choices"] for one in whole["questions"] if one["id"] == "problem_type"), [])
    clauses = {one["id"] for one in whole["clauses"]}
    questions = {one["id"]: one for one in whole["questions"]}
    kinds = [field for field in questions.get("sources", {}).get("fields", ()) if field["id"] == "kind"]
    questions["source_kinds"] = kinds[0] if kinds else {}
    for archetype in whole["archetypes"]:
        place = _place(archetype)
        for key in ("name", "problem_types", "words"):
            if not archetype.get(key):
                yield Problem(place, f"does not say its `{key}`", "write it, or extend one that exists")
        yield from _unknown(place, "problem type", archetype.get("problem_types", ()), {one["id"] for one in types})
        ids = [point["id"] for point in archetype["points"]]
        for id in sorted({id for id in ids if ids.count(id) > 1}):
            yield Problem(place, f"two points are called {id}", "give one of them another id")
        for point in archetype["points"]:
            yield from _bad_point(f"{place}, {point['kind']} {point['id']}", point, clauses)
        for sign in archetype.get("signs", ()):
            yield from _bad_sign(f"{place}, sign {sign['answer']}", sign, questions)


def _bad_sign(place: str, sign: Raw, questions: dict[str, Raw]) -> Iterator[Problem]:
    yield from _unknown(place, "structured answer", [sign["answer"]], set(STRUCTURED))
    question = questions.get(sign["answer"], {})
    known = {one["id"] for one in question.get("choices", ())} or {"yes"}
    yield from _unknown(place, "value", sign["has"], known)
    if question.get("assume") in sign["has"]:
        yield Problem(place, f"{question['assume']!r} is assumed where nobody says so", "name what somebody must say")


def _bad_point(place: str, point: Raw, clauses: set[str]) -> Iterator[Problem]:
    yield from _unknown(place, "clause", (*point.get("unless", ()), *point.get("instead_of", ())), clauses)
    if point["kind"] == "feature" and not point.get("why"):
        yield Problem(place, "has no `why`", "say what signal it carries")
    if point["kind"] != "rule":
        return
    for key in ("on", "source", "confidence"):
        if not point.get(key):
            yield Problem(place, f"has no `{key}`", "a rule to check has a day, a source and how sure we are")
    try:
        parse_day(point.get("on", ""))
    except Unreadable as error:
        yield Problem(place, f"on = {point.get('on', '')!r}: {error.reason}", f"for example {error.example}")


def _unknown(place: str, kind: str, names: Iterable[str], known: set[str]) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield Problem(place, f"names the {kind} `{name}`, which does not exist{meant(name, known)}")


def _place(archetype: Raw) -> str:
    name = f"{archetype['pack']}:{archetype['id']}" if archetype.get("pack") else archetype["id"]
    return f"archetype {name}"
