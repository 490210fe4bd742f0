"""The lines in which answers, numbers, findings, tools and words are explained to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mlworkflow.change import Move, Moves, behind, figures_behind, other_values, settling
from mlworkflow.change import read_by as read_names
from mlworkflow.clause import Applied, Clause
from mlworkflow.cli import reasons
from mlworkflow.cli.listing import fields, table, unmarked
from mlworkflow.decision import Verdict
from mlworkflow.designing import Spec
from mlworkflow.documents.data import row_id, said_of
from mlworkflow.figures import Worked
from mlworkflow.question import Answer, Answers


def read_by(spec: Spec, id: str) -> list[str]:
    """Return the verdicts of this design that depend on an answer."""
    dependents = spec.world.dependents(id)
    return [one.id for one in spec.verdicts if one.decision.name in dependents]


def answer(spec: Spec, id: str) -> Iterator[str]:
    """Yield what an answer is, where it stands, and what hangs on it."""
    question = spec.knowledge.question[id]
    yield f"{id}: {question.asks}"
    yield from fields(
        [
            ("answer", said_of(spec, id)),
            ("source", reasons.said_source(spec, id)),
            ("flag", "" if question.pack else question.option),
            ("read by", ", ".join(read_by(spec, id)) or "nothing; it is shown"),
        ]
    )
    changed = [(one, [flip for flip in one.flips if flip.answer == id]) for one in spec.verdicts]
    if any(flips for _, flips in changed):
        yield "  another answer would change"
    for one, flips in changed:
        for (_, choice), values in reasons.grouped(flips).items():
            yield f"    {one.id} to {choice}, if it were {reasons.said_values(spec, id, values)}"


def figure(spec: Spec, one: Worked) -> Iterator[str]:
    """Yield a number with its formula and what went in."""
    yield f"number:{one.figure.name}: {one.figure.label}"
    yield from fields(
        [
            ("value", "" if one.value is None else spec.world.say(one.figure.name, one.value)),
            ("no value", "" if one.value is not None else _why_none(spec, one)),
            ("formula", one.figure.formula),
            ("section", one.figure.section),
        ]
    )
    yield from reasons.what_was_read(spec, one.figure.reads)


def _why_none(spec: Spec, one: Worked) -> str:
    """What stands in the way of a number, which answers and numbers it waits for, or that it is none of this design."""
    unsaid = [name for name in one.missing if name in spec.knowledge.question]
    parts = [f"nobody said {', '.join(unsaid)}"] if unsaid else []
    others = [name for name in one.missing if name not in unsaid]
    if others:
        parts.append(f"{', '.join(others)} {'has' if len(others) == 1 else 'have'} no value here")
    return one.problem or "; ".join(parts) or "it does not apply to these answers"


def finding(spec: Spec, clause: Clause, held: Sequence[Applied]) -> Iterator[str]:
    """Yield a clause as it applies here, its condition, what it follows from, and what would make it go."""
    yield f"finding:{clause.id}" + (f" [{clause.pack}:{clause.id}]" if clause.pack else "")
    for one in held:
        yield f"  says     {unmarked(one.says)}" + (f" ({one.subject})" if one.subject else "")
        if str(one.because):
            yield f"  because  {unmarked(one.because)}"
        if "fix" in one.columns:
            yield f"  fix      {one.columns['fix']}"
    if not held:
        yield "  does not hold here"
    each = clause.for_each.replace("-", " ")
    when = clause.when or ("" if each else "always")
    yield from fields([("kind", clause.kind), ("for each of", each), ("holds when", when)])
    yield from _follows_from(spec, clause)
    yield from _calculations(spec, clause)
    if held and clause.kind in EXPLAINED:
        yield from _goes(spec, clause)


# Of these kinds the answers that make one go are looked for.
EXPLAINED = ("blocker", "finding", "gap", "lint")


def _follows_from(spec: Spec, clause: Clause) -> Iterator[str]:
    read = read_names(spec.knowledge, clause)
    found = behind(spec.world, read)
    if found:
        yield "  follows from"
        rows = [(f"    {name}", _briefly(said_of(spec, name)), reasons.source_of_name(spec, name)) for name in found]
        yield from table(rows)
    worked_out = [name for name in read if name not in found and spec.value(name) is not None]
    if worked_out:
        yield "  worked out"
        yield from table([(f"    {name}", said_of(spec, name)) for name in worked_out])


def _calculations(spec: Spec, clause: Clause) -> Iterator[str]:
    found = [spec.figure(name) for name in figures_behind(spec.world, read_names(spec.knowledge, clause))]
    known = [one for one in found if one.value is not None]
    if known:
        yield "  calculation"
    for one in known:
        inputs = ", ".join(
            f"{name} = {said_of(spec, name)}"
            for name, value in one.inputs.items()
            if value is not None and _short(value)
        )
        yield f"    {one.figure.name} = {one.figure.formula} = {spec.world.say(one.figure.name, one.value)}"
        if inputs:
            yield f"      with {inputs}"


LONGEST = 60


def _briefly(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3].rstrip(" ,") + "..."


def _short(value: Any) -> bool:
    return not isinstance(value, tuple | dict)


def _goes(spec: Spec, clause: Clause) -> Iterator[str]:
    moves = vanishing(spec, clause)
    if not moves:
        yield "  no other single answer makes it go"
        return
    yield "  it goes"
    single: dict[str, list[Any]] = {}
    for move in moves:
        if not move.field:
            single.setdefault(move.answer, []).append(move.value)
    for id, values in sorted(single.items(), key=lambda pair: pair[0] in reasons.WHOLE):
        if spec.answers.value(id) is None and spec.knowledge.question[id].kind not in ("choice", "choices", "flag"):
            yield f"    once {id} is given, such as {spec.world.say(id, values[-1])}"
        else:
            yield f"    if {id} were {reasons.said_values(spec, id, values)}"
    yield from _fields_that_go(moves)


MOST_RECORDS = 3


def _fields_that_go(moves: Sequence[Move]) -> Iterator[str]:
    """One line for each field, with the values and the records for which it is the same."""
    values: dict[tuple[str, str, str], list[str]] = {}
    for move in moves:
        if move.field:
            values.setdefault((move.answer, move.field, move.record), []).append(move.words)
    records: dict[tuple[str, str, str], list[str]] = {}
    for (answer, field, record), words in values.items():
        records.setdefault((answer, field, " or ".join(words)), []).append(record)
    for (answer, field, worded), named in records.items():
        more = len(named) - MOST_RECORDS
        of = " or ".join([*named[:MOST_RECORDS], *([f"{more} more of the {answer}"] if more > 0 else [])])
        yield f"    if {answer}.{field} of {of} were {worded}"


def vanishing(spec: Spec, clause: Clause) -> list[Move]:
    """Return every single other answer, tried one by one, with which a clause no longer holds."""
    moves = Moves(spec.world, [clause])
    found: list[Move] = []
    for question in spec.knowledge.questions:
        if question.kind == "records":
            found += moves.of_fields(question)
            continue
        value = spec.answers.value(question.id)
        found += moves.of(question.id, other_values(spec.knowledge, question, value))
        found += settling(moves, question, value)
    return [one for one in found if not one.appears and _possible(spec, one)]


def _possible(spec: Spec, move: Move) -> bool:
    """Whether the other answer contradicts none of those that are there."""
    from mlworkflow.answers.checking import contradictions

    changed = Answers({**spec.answers.by_id, move.answer: Answer(move.value, "asked")})
    return next(contradictions(spec.knowledge, changed), None) is None


def with_columns(spec: Spec, clause: Clause, held: Sequence[Applied]) -> Iterator[str]:
    """Yield a gate or a signal as a finding is said, with its columns as they apply here."""
    said = list(finding(spec, clause, held))
    yield said[0].replace("finding:", f"{clause.kind}:", 1)
    yield from said[1:]
    for one in held:
        if one.subject:
            yield f"  {one.id}"
        yield from fields([(name.replace("_", " "), unmarked(text)) for name, text in one.columns.items()])


# ------------------------------------------------------------------ tools and words


def _choosing(spec: Spec, id: str) -> list[Verdict]:
    does = spec.knowledge.tool(id).does
    return [one for one in spec.verdicts if one.decision.candidates in does]


def tool(spec: Spec, id: str) -> Iterator[str]:
    """Yield whether a tool is chosen here, and if not, by which row it lost each slot."""
    entry = spec.knowledge.tool(id)
    yield f"{entry.name} ({id}): {entry.status.is_}, checked {entry.checked.on}"
    if entry.status.successors:
        yield f"  followed by {', '.join(entry.status.successors)}"
    for one in _choosing(spec, id):
        yield f"  {one.id}: {_standing(spec, one, id)}"
    if not _choosing(spec, id):
        yield f"  no decision of this design chooses among tools for {', '.join(entry.does)}"


def _standing(spec: Spec, one: Verdict, id: str) -> str:
    if not one.applies:
        return "not needed here"
    because = one.because if one.chosen == id else next((lost.because for lost in one.lost if lost.option == id), ())
    why = "; ".join(reasons.said_reason(spec, one.decision, reason) for reason in because)
    if one.chosen == id:
        return f"chosen, because {why}" if one.overruled is None else f"chosen by a person: {one.overruled.reason}"
    return f"not chosen ({spec.world.option_name(one.decision, one.chosen)} is), because {why}"


def tool_data(spec: Spec, id: str) -> dict[str, Any]:
    """Return the same as data."""
    slots = []
    for one in _choosing(spec, id):
        lost = next((lost.because for lost in one.lost if lost.option == id), ())
        rows = [
            {"row": row_id(spec.knowledge, one.decision, reason.row), "because": str(reason.says)} for reason in lost
        ]
        slots.append(
            {
                "decision": one.id,
                "applies": one.applies,
                "chosen": one.chosen == id,
                "instead": one.chosen,
                "lost": rows,
            }
        )
    return {"kind": "tool", "tool": id, "status": spec.knowledge.tool(id).status.is_, "slots": slots}


def word(spec: Spec, word: str, found: Sequence[Verdict]) -> Iterator[str]:
    """Yield the decisions and sections that a word concerns."""
    sections = ", ".join(dict.fromkeys(one.decision.section for one in found))
    yield f"{word}: {len(found)} decisions in {sections}"
    yield from table([(f"  {one.id}", _choice(spec, one), reasons.asked(one)) for one in found])


def _choice(spec: Spec, one: Verdict) -> str:
    return spec.world.option_name(one.decision, one.chosen) if one.applies else "not needed here"
