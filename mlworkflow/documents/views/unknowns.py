"""Assumptions and open questions, ranked by what hangs on them: blockers first, then decisions and findings."""

from __future__ import annotations

from typing import Any

from mlworkflow.change import Move
from mlworkflow.clause import Applied, headline
from mlworkflow.designing import Open
from mlworkflow.documents.escape import Md, code, escape
from mlworkflow.documents.saying import Say, Table, joined
from mlworkflow.figures import FIGURES
from mlworkflow.question import Question
from mlworkflow.world import Changed

WHO = {
    "product": "product",
    "data": "owner of the data",
    "model": "who builds the model",
    "platform": "who runs the platform",
    "legal": "data protection or legal",
}
MOST_OPEN = 7


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    shown = [one for one in say.spec.open if one.question.section != "document" and not settled_by_place(say, one)]
    asked = [one for one in shown if _weighs(one)]
    others = [one for one in shown if one.value is not None and one not in asked[:MOST_OPEN]]
    return {
        "open": Table(
            ("Open question", "Used until then", "Who knows", "What changes"),
            [_row(say, one) for one in asked[:MOST_OPEN]],
        ),
        "of_case": [_of_case(say, one) for one in say.spec.kind("ask")],
        "of_records": Md("; ".join(_of_records(say))),
        "assumed": _assumed(say, others) if say.full else [],
        "briefly": Md(
            "; ".join(
                f"{escape(one.question.label)} {escape(say.spec.world.say(one.question.id, one.value))}"
                for one in others
            )
        )
        if not say.full and not say.brief
        else Md(""),
        "more": _unsaid(say, [one for one in shown if one.value is None and one not in asked[:MOST_OPEN]]),
    }


def _unsaid(say: Say, others: list[Open]) -> list[Md]:
    """What nobody said and nothing stands in for, in full: the shorter sizes ask only what changes something."""
    if not say.full:
        return []
    stood_in = {id for one in FIGURES.values() if say.spec.value(one.name) is not None for id in one.assumes}
    return [escape(one.question.label) for one in others if one.question.id not in stood_in]


def settled_by_place(say: Say, one: Open) -> bool:
    """Whether a question is as good as answered: the network by the cloud, a schedule by cases that come only once."""
    if one.question.id == "also_batch" and say.holds("new_cases_each_run"):
        return True
    if one.question.id == "offline" and say.holds("air_gap"):
        return True
    return one.question.id in ("offline", "air_gap") and say.spec.value("cloud") in ("aws", "gcp", "azure", "multi")


def _weighs(one: Open) -> bool:
    return bool(one.hangs) or one.blocks or one.question.essential


def _row(say: Say, one: Open) -> tuple[Any, ...]:
    used = escape(say.spec.world.say(one.question.id, one.value)) if one.value is not None else Md("nothing is assumed")
    because = f": {one.question.because}" if one.value is not None and one.question.because else ""
    return (escape(one.question.asks), Md(f"{used}{because}"), Md(WHO[one.question.owner]), _hangs(say, one))


def _of_case(say: Say, one: Applied) -> Md:
    """A question that the people of a usual case would ask; at full size with what hangs on it."""
    why = f": {say.column(one, 'why')}" if say.full and "why" in one.columns else ""
    return Md(f"{say.sentence(one.says)} ({WHO[one.columns['owner'].template]}{why})")


def _hangs(say: Say, one: Open) -> Md:
    """What another answer changes: a blocker first, then decisions; findings where no decision hangs on it."""
    words = [_found(say, move) for move in one.moves if one.blocks and _is_blocker(say, move)][:1]
    turned: dict[str, list[str]] = {}
    for decision, value, choice in _one_each(one):
        verdict = say.verdict(decision)
        words_for_it = f"{verdict.decision.title.lower()} {say.option(verdict, choice)}"
        turned.setdefault(str(_shown(say, one, value)), []).append(words_for_it)
    words += [Md(f"{shown}: {', '.join(choices)}") for shown, choices in turned.items()]
    if not one.hangs and not words:
        words = [_found(say, move) for move in one.moves[:1]]
    if not words:
        return Md(
            f"{len(one.decisions)} decisions, through the serving modes"
            if one.hangs
            else "no decision flips, but figures and findings need it"
        )
    shown_decisions = len(_one_each(one))
    rest = len(one.decisions) - shown_decisions
    return Md("; ".join(words) + (f"; and {rest} more" if rest > 0 else ""))


def _is_blocker(say: Say, move: Move) -> bool:
    return any(one.id == move.clause and one.kind == "blocker" for one in say.spec.knowledge.clauses)


def _found(say: Say, move: Move) -> Md:
    """A finding that goes or comes with another answer, by its headline as it stands then."""
    clause = next(one for one in say.spec.knowledge.clauses if one.id == move.clause)
    if not move.appears:
        held = next(one for one in say.spec.clauses if one.clause.id == move.clause)
        return Md(f"settles “{escape(headline(str(held.says)))}”")
    question = say.spec.knowledge.question[move.answer]
    world = Changed(say.spec.world, move.answer, move.value)
    subject = world.subjects(clause.for_each)[0] if clause.for_each else None
    says = world.sentence(clause.says, clause.for_each, subject)
    return Md(f"{_value(say, question, move.value)}: “{escape(headline(str(says)))}”")


def _one_each(one: Open) -> list[tuple[str, Any, str | None]]:
    seen: dict[str, tuple[str, Any, str | None]] = {}
    for hang in one.hangs:
        if hang[2] is None or hang[0].startswith("serving-mode["):
            continue
        seen.setdefault(hang[0], hang)
    return list(seen.values())[:3]


def _shown(say: Say, one: Open, value: Any) -> Md:
    return _value(say, one.question, value)


def _value(say: Say, question: Question, value: Any) -> Md:
    if question.kind == "flag":
        return Md("if yes" if value else "if no")
    if isinstance(value, tuple):
        return escape(f"if {', '.join(value) or 'none'}")
    return escape(f"if {say.spec.world.say(question.id, value)}")


def _assumed(say: Say, others: list[Open]) -> list[Md]:
    return [
        Md(
            f"{escape(one.question.label)}: {escape(say.spec.world.say(one.question.id, one.value))}, because {one.question.because or 'nobody said otherwise'}"
        )
        for one in others
    ]


_FIELDS = (("sources", "mutability"), ("features", "type"))
MOST_NAMES = 4


def _of_records(say: Say) -> list[Md]:
    """What was assumed of single sources and features, and of which."""
    lines = []
    for id, field in _FIELDS:
        entries = say.spec.answers.entries(id)
        guessed = [one for one in entries if field in one.fields and not one.fields[field].given and one.value(field)]
        if guessed:
            names = [str(code(one.value("name"))) for one in guessed]
            of = joined(names) if len(names) <= MOST_NAMES else f"{len(names)} of {len(entries)} {id}"
            lines.append(Md(f"{_label(say, id, field)} of {of}: {say.field(guessed[0], id, field)}"))
    return lines


def _label(say: Say, id: str, field: str) -> str:
    return next(one.label for one in say.spec.knowledge.question[id].fields if one.id == field)
