"""`show archetype`: the usual case that a design looks like, why, and what its people know; or every case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mlworkflow.archetype import Archetype, Point
from mlworkflow.cli.listing import fields, named, table, unmarked
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.designing import Spec
from mlworkflow.experience import MOST, Fit, case, fits

WITHOUT_ANSWERS = True
HEADINGS = {
    "feature": "usual features", "trap": "usual traps", "metric": "metrics beside the deciding one",
    "rule": "rules to check (no legal advice)", "question": "questions to ask",
}  # fmt: skip


def data(asked: Asked) -> Data:
    """Return the cases that there are, one of them, or the one that a design looks like with what fits it."""
    if asked.spec is None:
        chosen = _meant(asked)
        every = [_data(one) for one in asked.knowledge.archetypes]
        return {"archetypes": every} if chosen is None else {"archetype": _data(chosen)}
    found = _seen(asked, asked.spec)
    matches: list[Data] = [
        {
            "id": one.archetype,
            "score": one.score,
            "places": dict(one.places),
            "hints": list(one.hints),
            "signs": list(one.signs),
        }
        for one in asked.spec.value("archetype_matches")
    ]
    if found is None:
        return {"archetype": None, "matches": matches}
    points = [_fitting(one) for one in _fits(asked.spec, found)]
    return {"archetype": {**_data(found), "points": points}, "matches": matches}


def lines(asked: Asked) -> Iterator[str]:
    """Yield a line for each case, or one in full; with answers, what the document takes of it, and why not the rest."""
    if asked.spec is not None:
        yield from _of_design(asked, asked.spec)
        return
    chosen = _meant(asked)
    if chosen is not None:
        yield from _in_full(chosen)
        return
    yield from table([(one.id, ", ".join(one.problem_types), one.name) for one in asked.knowledge.archetypes])


def _meant(asked: Asked) -> Archetype | None:
    """The case that was asked for by id or name."""
    if not asked.id:
        return None
    wanted = asked.id.lower()
    for one in asked.knowledge.archetypes:
        if wanted in (one.id, one.name.lower()):
            return one
    raise named(asked.id, [one.id for one in asked.knowledge.archetypes], "archetype", "show archetype")


def _seen(asked: Asked, spec: Spec) -> Archetype | None:
    return _meant(asked) or case(spec.world)


def _fits(spec: Spec, archetype: Archetype) -> tuple[Fit, ...]:
    return fits(spec.world, spec.clauses, archetype)


def _of_design(asked: Asked, spec: Spec) -> Iterator[str]:
    found = _seen(asked, spec)
    match = spec.value("recognised")
    if found is None:
        yield from _nothing(spec)
        return
    if match is not None and match.archetype == found.id:
        yield f"{found.id}: {found.name}, because {match.because} ({match.score} points, {_next(spec)})"
    else:
        yield f"{found.id}: {found.name}, as it was asked for"
    for kind, heading in HEADINGS.items():
        points = [one for one in _fits(spec, found) if one.point.kind == kind]
        if points:
            yield ""
            yield f"{heading}{' (* stands in the document)' if MOST[kind] else ''}"
            yield from (line for one in points for line in _line(one))


def _nothing(spec: Spec) -> Iterator[str]:
    if spec.value("archetype") == "none":
        yield "read as none of the usual cases, as it was asked for"
        return
    matches = spec.value("archetype_matches")
    yield "no usual case is clear" if matches else "neither answers nor words speak of a usual case"
    for one in matches[:3]:
        yield f"  {one.archetype}: {one.score} points; {one.because}"
    if matches:
        yield '  say `archetype = "..."` in the answers to choose one; it takes 5 points, and 3 more than the next'


def _next(spec: Spec) -> str:
    others = spec.value("archetype_matches")[1:2]
    return f"next: {others[0].archetype} with {others[0].score}" if others else "no other was near"


def _line(one: Fit) -> Iterator[str]:
    text = unmarked(one.applied.says)
    why = f": {one.applied.columns['why']}" if "why" in one.applied.columns else ""
    yield f"  {'-' if one.left_out else '*' if MOST[one.point.kind] else ' '} {text}{why}{_source(one.point)}"
    if one.left_out and MOST[one.point.kind]:
        yield f"      left out: {one.left_out}"


def _source(point: Point) -> str:
    return f" (as of {point.on}, {point.confidence}; {point.source})" if point.source else ""


def _in_full(one: Archetype) -> Iterator[str]:
    yield f"{one.id}: {one.name}"
    yield from fields(
        [
            ("problem types", ", ".join(one.problem_types)),
            ("answers", "; ".join(sign.says for sign in one.signs)),
            ("words", _words(one.words)),
            *((f"words ({language})", _words(words)) for language, words in one.words_in.items()),
            ("hints", _words(one.hints)),
            *((f"hints ({language})", _words(words)) for language, words in one.hints_in.items()),
            ("against", _words(one.against)),
            ("pack", one.pack),
        ]
    )
    for kind, heading in HEADINGS.items():
        if one.of(kind):
            yield ""
            yield heading
            for point in one.of(kind):
                yield f"  {unmarked(point.says)}{f': {point.why}' if point.why else ''}{_source(point)}"


def _words(words: Sequence[str]) -> str:
    return ", ".join(words)


def _data(one: Archetype) -> Data:
    points = [_point(point) for kind in HEADINGS for point in one.of(kind)]
    return {
        "id": one.id, "case": one.name, "problem_types": list(one.problem_types), "words": list(one.words),
        "words_in": {language: list(words) for language, words in one.words_in.items()},
        "hints": list(one.hints), "hints_in": {language: list(words) for language, words in one.hints_in.items()},
        "against": list(one.against), "signs": [one.says for one in one.signs], "points": points,
    }  # fmt: skip


def _point(point: Point) -> dict[str, Any]:
    found: dict[str, Any] = {"id": point.id, "kind": point.kind, "says": unmarked(point.says), "owner": point.owner}
    for key in ("why", "when", "on", "source", "confidence", "pack"):
        if getattr(point, key):
            found[key] = getattr(point, key)
    return found


def _fitting(one: Fit) -> dict[str, Any]:
    found = _point(one.point)
    found["says"] = unmarked(one.applied.says)
    return {**found, "in_document": not one.left_out, **({"left_out": one.left_out} if one.left_out else {})}
