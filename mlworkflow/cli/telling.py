"""The lines in which answers, numbers, findings, tools and words are explained to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mlworkflow.clause import Applied, Clause
from mlworkflow.cli import reasons
from mlworkflow.cli.listing import fields, table, unmarked
from mlworkflow.condition import names
from mlworkflow.decision import Verdict
from mlworkflow.designing import Spec
from mlworkflow.documents.data import row_id, said_of
from mlworkflow.facts import FACTS
from mlworkflow.figures import FIGURES, Worked


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
            ("no value", one.problem or (f"nobody said {', '.join(one.missing)}" if one.missing else "")),
            ("formula", one.figure.formula),
            ("section", one.figure.section),
        ]
    )
    yield from reasons.what_was_read(spec, one.figure.reads)


def finding(spec: Spec, clause: Clause, held: Sequence[Applied]) -> Iterator[str]:
    """Yield a clause as it applies here, and its condition."""
    yield f"finding:{clause.id}" + (f" [{clause.pack}:{clause.id}]" if clause.pack else "")
    for one in held:
        yield f"  says     {unmarked(one.says)}" + (f" ({one.subject})" if one.subject else "")
        if str(one.because):
            yield f"  because  {unmarked(one.because)}"
    if not held:
        yield "  does not hold here"
    each = clause.for_each.replace("-", " ")
    when = clause.when or ("" if each else "always")
    yield from fields([("kind", clause.kind), ("for each of", each), ("holds when", when)])
    known = [name for name, attribute in names(clause.tree or ["const", True]) if attribute is None]
    yield from reasons.what_was_read(spec, list(dict.fromkeys(name for name in known if _readable(spec, name))))


def with_columns(spec: Spec, clause: Clause, held: Sequence[Applied]) -> Iterator[str]:
    """Yield a gate or a signal as a finding is said, with its columns as they apply here."""
    said = list(finding(spec, clause, held))
    yield said[0].replace("finding:", f"{clause.kind}:", 1)
    yield from said[1:]
    for one in held:
        if one.subject:
            yield f"  {one.id}"
        yield from fields([(name.replace("_", " "), unmarked(text)) for name, text in one.columns.items()])


def _readable(spec: Spec, name: str) -> bool:
    return name in spec.knowledge.question or name in FACTS or name in FIGURES or name in spec.knowledge.decision


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
