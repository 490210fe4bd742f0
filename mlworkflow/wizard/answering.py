"""One reply becomes one change of the answers file, or a sentence that says why it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlworkflow.answers.parsing import Refused, Several, is_not_sure, parsed, record
from mlworkflow.answers.writing import literal, quoted
from mlworkflow.errors import InputRefused, Problem
from mlworkflow.pack import Knowledge
from mlworkflow.quantity import KINDS, reading_of
from mlworkflow.question import NOT_SURE, Entry, Question
from mlworkflow.reading import clean_text
from mlworkflow.wizard import lines
from mlworkflow.wizard.draft import Draft
from mlworkflow.wizard.screens import NONE, Offer
from mlworkflow.wizard.why import ours

Reply = str | tuple[str, ...]
_SAID_AS_TYPED = ("flag", "text")


def written(knowledge: Knowledge, question: Question, reply: Reply, offers: Sequence[Offer]) -> tuple[str, str]:
    """Return a reply as the file has it, and how it was understood; refuse what is no answer."""
    try:
        raw = _meant(reply, offers, question.kind == "choices")
        if is_not_sure(raw):
            if question.required:
                raise Refused("this one has to be answered", _example(question))
            return quoted(NOT_SURE), "Noted as not sure."
        value = parsed(question, raw, knowledge.spellings)
        return literal(question, value), _read_as(question, raw)
    except Refused as error:
        fix = error.fix or _example(question)
        raise InputRefused.because([Problem("", str(error), fix)]) from error


def picked(reply: Reply, offers: Sequence[Offer], enter: str) -> str:
    """Return the offer that was meant, by its number or its name."""
    text = reply.strip().lower() if isinstance(reply, str) else ""
    if not text:
        return enter
    if text.isascii() and text.isdigit() and 0 < int(text[:4]) <= len(offers):
        return offers[int(text) - 1].value
    found = [one.value for one in offers if one.value.startswith(text)]
    if len(found) != 1:
        known = ", ".join(one.value for one in offers)
        raise InputRefused.because([Problem("", f"{text!r} is not one of the choices", f"choose one of: {known}")])
    return found[0]


def _example(question: Question) -> str:
    return f"for example: {question.example}" if question.example else ""


def _meant(reply: Reply, offers: Sequence[Offer], many: bool) -> Any:
    """Return what was meant: a number stands for the offer of that number."""
    if not many:
        text = reply if isinstance(reply, str) else ", ".join(reply)
        return _numbered(clean_text(text, ""), offers)
    parts = reply if isinstance(reply, tuple) else clean_text(reply, "").split(",")
    meant = [_numbered(part.strip(), offers) for part in parts if part.strip()]
    alone = [one for one in meant if one == NONE or is_not_sure(one)]
    if alone and len(meant) > 1:
        raise Refused(f"{alone[0]!r} goes with nothing else", "choose it alone, or leave it out")
    return NOT_SURE if alone and alone[0] != NONE else [one for one in meant if one != NONE]


def _numbered(text: str, offers: Sequence[Offer]) -> str:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return offers[number - 1].value if 0 < number <= len(offers) else text


def _read_as(question: Question, raw: Any) -> str:
    if question.kind not in KINDS or question.kind in _SAID_AS_TYPED:
        return "Line breaks became spaces." if isinstance(raw, str) and "\n" in raw.strip() else ""
    said = ours(reading_of(question.kind, raw))
    return "" if said.replace(" ", "") == str(raw).replace(" ", "") else f"Read as {said}."


def comment(question: Question) -> str:
    """Return what stands above an answer in a file that we began."""
    return question.asks


def with_answer(draft: Draft, knowledge: Knowledge, question: Question, value: str) -> str:
    """Return the file with this answer, below those of the questions before it."""
    text = without_entries(draft, question) if question.kind == "records" else draft.text
    ids = [one.id for one in knowledge.questions]
    said = comment(question) if draft.commented else ""
    return lines.with_value(text, question.id, value, ids[: ids.index(question.id)], said)


def without_answer(draft: Draft, question: Question) -> str:
    """Return the file without any answer to the question."""
    text = without_entries(draft, question) if question.kind == "records" else draft.text
    return lines.without_value(text, question.id, comment(question))


def without_entries(draft: Draft, question: Question) -> str:
    """Return the file without the tables of a list."""
    text = draft.text
    while lines.blocks(lines.pieces(text), question.id):
        text = lines.without_block(text, question.id, 0)
    return text


# ------------------------------------------------------------------ lists


def entry_of(knowledge: Knowledge, question: Question, raw: object) -> Entry:
    """Return one record, or refuse with every mistake in it."""
    try:
        return record(question, raw, "asked", lambda field: "", knowledge.spellings)
    except Refused as error:
        raise InputRefused.because([Problem("", str(error), error.fix or _example(question))]) from error
    except Several as several:
        raise InputRefused.because([Problem("", what, fix) for _, what, fix in several.problems]) from several


def fields_of(question: Question, entry: Entry) -> list[tuple[str, str]]:
    """Return what was said in a record, as the file has it."""
    found = []
    for field in question.fields:
        answer = entry.fields.get(field.id)
        if answer is not None and (answer.given or answer.unsure):
            found.append((field.id, quoted(NOT_SURE) if answer.unsure else literal(field, answer.value)))
    return found


def in_blocks(knowledge: Knowledge, draft: Draft, question: Question) -> str:
    """Return the file with the list as tables, ready for one more; a list in one line is taken apart."""
    raw = draft.values().get(question.id)
    if raw is None or lines.blocks(lines.pieces(draft.text), question.id):
        return draft.text
    text = lines.without_value(draft.text, question.id, comment(question))
    for one in raw if isinstance(raw, list) else ():
        text = lines.with_block(text, question.id, fields_of(question, entry_of(knowledge, question, one)))
    return text


def changed_entry(raw: Mapping[str, Any], field: Question, value: object) -> dict[str, Any]:
    """Return the fields of a record with one of them changed."""
    return {**raw, field.id: value}
