"""The places of an interview at which a list is filled: its records, one record, one field of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlworkflow.answers.parsing import is_not_sure
from mlworkflow.answers.writing import quoted
from mlworkflow.documents.escape import visible
from mlworkflow.errors import InputRefused, Problem
from mlworkflow.question import NOT_SURE, Answer, Entry, Question
from mlworkflow.reading import clean_text
from mlworkflow.wizard import lines
from mlworkflow.wizard.answering import Reply, entry_of, fields_of, in_blocks, with_answer, without_answer, written
from mlworkflow.wizard.screens import Screen, of_question, shorter, shown
from mlworkflow.wizard.step import Step
from mlworkflow.wizard.steps import help_lines
from mlworkflow.wizard.why import ours

if TYPE_CHECKING:
    from mlworkflow.wizard.interview import Interview

_ORDER = re.compile(r"(edit|remove)\s+(\d{1,4})\s*", re.IGNORECASE)


class Listing:
    """A list of records: a line adds one, several lines add several."""

    def __init__(self, interview: Interview, question: Question) -> None:
        self.interview = interview
        self.question = question

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The records that are there."""
        answer = self.interview.state.now(self.question)
        return answer.value if answer is not None and isinstance(answer.value, tuple) else ()

    def screen(self) -> Screen:
        """Show the records, and how to add, edit and remove."""
        state, question = self.interview.state, self.question
        said = [f"{number:4} {_line(question, entry)}" for number, entry in enumerate(self.entries, 1)]
        form = ":".join(question.positional)
        said.append(f"Add one as {form} (for example {question.example}), or several, one on each line.")
        if self.entries:
            said.append('"edit 1" and "remove 1" change the list.')
        enter = "these, go on" if self.entries else NOT_SURE
        head = (f"Why: {state.why(question)}.",)
        return Screen(
            question.id, ours(question.asks), self.interview.progress(question), state.said(), (*head, *said),
            enter=enter,
        )  # fmt: skip

    def reply(self, reply: Reply) -> Step | None:
        """Add, edit or remove; Enter alone goes on."""
        text = reply.strip() if isinstance(reply, str) else ""
        order = _ORDER.fullmatch(text)
        if order:
            return self._ordered(order[1].lower(), int(order[2]) - 1)
        if not text and (self.entries or self.interview.state.now(self.question) is not None):
            return self.interview.onward()
        if not text or is_not_sure(text):
            return self._whole(quoted(NOT_SURE), "Noted as not sure.")
        if text.lower() == "none":
            return self._whole("[]", "Noted: there are none.")
        self._add(text)
        return None

    def _whole(self, literal: str, said: str) -> Step | None:
        state = self.interview.state
        text = with_answer(state.draft, state.knowledge, self.question, literal)
        return self.interview.onward() if state.take(text, said) else None

    def _add(self, text: str) -> None:
        state = self.interview.state
        added = 0
        try:
            for line in clean_text(text, "").splitlines():
                if line.strip() and not self._added(line.strip()):
                    break
                added += bool(line.strip())
        finally:
            state.say(f"{added} added." if added > 1 else "Added." if added else "")

    def _added(self, line: str) -> bool:
        """Put one record, written in a line or copied from a sheet, behind the others."""
        state, question = self.interview.state, self.question
        record = line if ":" in line else line.replace("\t", ":")
        fields = fields_of(question, entry_of(state.knowledge, question, record))
        return state.take(lines.with_block(in_blocks(state.knowledge, state.draft, question), question.id, fields))

    def _ordered(self, what: str, index: int) -> Step | None:
        state, question = self.interview.state, self.question
        if not 0 <= index < len(self.entries):
            raise InputRefused.because([Problem("", f"there is no number {index + 1}", f"1 to {len(self.entries)}")])
        tabled = in_blocks(state.knowledge, state.draft, question)
        if what == "edit":
            return One(self, index) if state.take(tabled) else None
        rest = lines.without_block(tabled, question.id, index)
        if state.take(rest, "Removed.") and not self.entries and question.id in state.draft.values():
            state.take(without_answer(state.draft, question))
        return None

    def back(self) -> Step | None:
        """Return to the question before."""
        return self.interview.before()

    def help(self) -> tuple[str, ...]:
        """Say what a record may hold."""
        fields = ", ".join(field.id for field in self.question.fields)
        form = f"A record may also be written field=value, field=value. Fields: {fields}."
        return (*help_lines(self.question), form, '"none" says that there are none.')


def _line(question: Question, entry: Entry) -> str:
    parts = [
        f"{field.id} {shown(field, answer)}" if index else shown(field, answer)
        for index, field in enumerate(question.fields)
        if (answer := entry.fields.get(field.id)) is not None and answer.given
    ]
    return shorter(", ".join(parts), 74)


class One:
    """One record: its fields by number."""

    def __init__(self, listing: Listing, index: int) -> None:
        self.listing = listing
        self.index = index

    @property
    def entry(self) -> Entry:
        """The record as it is now."""
        return self.listing.entries[self.index]

    def now(self, field: Question) -> Answer | None:
        """Return what was said to a field."""
        answer = self.entry.fields.get(field.id)
        return answer if answer is not None and (answer.given or answer.unsure) else None

    def screen(self) -> Screen:
        """Show every field with its number."""
        state, fields = self.listing.interview.state, self.listing.question.fields
        width = max(len(field.label) for field in fields)
        said = [f"{number:4} {field.label:{width}}  {self._said(field)}" for number, field in enumerate(fields, 1)]
        name = visible(str(next(iter(self.entry.fields.values())).value))
        asks = "A field to change: its number, or field=value"
        return Screen("record", asks, shorter(name), state.said(), tuple(said), enter="back to the list")

    def _said(self, field: Question) -> str:
        answer = self.now(field)
        return "-" if answer is None else shorter(shown(field, answer), 50)

    def reply(self, reply: Reply) -> Step | None:
        """Ask the field, or take `field=value` at once."""
        text = reply.strip() if isinstance(reply, str) else ""
        fields = self.listing.question.fields
        if not text:
            return self.listing
        name, equals, value = text.partition("=")
        field = _field(fields, name.strip())
        if field is None:
            raise InputRefused.because([Problem("", f"there is no field {name.strip()[:40]!r}", f"1 to {len(fields)}")])
        if equals:
            self.put(field, value.strip())
            return None
        return Field(self, field)

    def put(self, field: Question, value: Reply) -> bool:
        """Change one field of the record, and say how it was read."""
        state, question = self.listing.interview.state, self.listing.question
        offers = of_question(field, None, "", "", (), field.required).offers
        _, understood = written(state.knowledge, field, value, offers)
        raw: Mapping[str, Any] = dict(state.draft.values()[question.id][self.index])
        taken = value if isinstance(value, str) else ", ".join(value)
        number = int(taken) if taken.isascii() and taken.isdigit() and len(taken) < 4 else 0
        taken = offers[number - 1].value if offers and 0 < number <= len(offers) else taken
        entry = entry_of(state.knowledge, question, {**raw, field.id: clean_text(taken, "")})
        order = [one.id for one in question.fields]
        said = fields_of(question, entry)
        return state.take(lines.with_fields(state.draft.text, question.id, self.index, said, order), understood)

    def back(self) -> Step | None:
        """Return to the list."""
        return self.listing

    def help(self) -> tuple[str, ...]:
        """Say the short form."""
        return ("A field can be changed at once: owner=Order team",)


def _field(fields: tuple[Question, ...], name: str) -> Question | None:
    if name.isascii() and name.isdigit():
        return fields[int(name[:4]) - 1] if 0 < int(name[:4]) <= len(fields) else None
    return next((field for field in fields if name.lower() in (field.id, field.label.lower())), None)


class Field:
    """One field of one record."""

    def __init__(self, one: One, field: Question) -> None:
        self.one = one
        self.field = field

    def screen(self) -> Screen:
        """Ask it like any other question."""
        state = self.one.listing.interview.state
        return of_question(self.field, self.one.now(self.field), "", "", state.said(), self.field.required)

    def reply(self, reply: Reply) -> Step | None:
        """Change the field; Enter alone leaves it as it is."""
        if reply in ("", ()):
            return self.one
        return self.one if self.one.put(self.field, reply) else None

    def back(self) -> Step | None:
        """Return to the record."""
        return self.one

    def help(self) -> tuple[str, ...]:
        """Say everything about the field."""
        return tuple(help_lines(self.field))
