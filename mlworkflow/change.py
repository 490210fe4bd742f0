"""What else an answer could be, and which findings appear or vanish when one answer changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlworkflow.clause import PLACEHOLDER, Clause
from mlworkflow.condition import names
from mlworkflow.facts import FACTS, FAMILIES
from mlworkflow.figures import FIGURES
from mlworkflow.pack import Knowledge
from mlworkflow.question import Answer, Entry, Question
from mlworkflow.world import Changed, World

NOTICED = ("blocker", "finding")


@dataclass(frozen=True, slots=True)
class Move:
    """One other answer that makes a finding appear or vanish; of records, which field of which one is another."""

    clause: str
    answer: str
    value: Any
    appears: bool
    field: str = ""
    record: str = ""
    words: str = ""


# ------------------------------------------------------------------ what a clause reads


def read_by(knowledge: Knowledge, clause: Clause) -> tuple[str, ...]:
    """Return the names that a clause follows from: those of its condition, then those of its sentences."""
    family = FAMILIES.get(clause.for_each)
    found = [name for name, _ in names(clause.tree)] if clause.tree else []
    for text in (clause.says, clause.because, *clause.columns.values()):
        found += [name.partition(".")[0] for name in PLACEHOLDER.findall(text)]
    plain = (family.fact if family and name == family.noun else name for name in found)
    first = (family.fact,) if family else ()
    return tuple(dict.fromkeys(name for name in (*plain, *first) if _readable(knowledge, name)))


def _readable(knowledge: Knowledge, name: str) -> bool:
    return name in knowledge.question or name in FACTS or name in FIGURES or name in knowledge.decision


def behind(world: World, read: Iterable[str]) -> tuple[str, ...]:
    """Return the answers behind some names, the nearest first; an earlier decision stands for its own answers."""
    todo, seen, found = list(read), set(), []
    while todo:
        name = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in world.knowledge.question or name in world.knowledge.decision:
            found.append(name)
        else:
            world.read(name)
            read = tuple(world.reads.get(name, ()))
            listed = [one for one in read if _lists(world.knowledge, one)] if _lists(world.knowledge, name) else []
            todo = [*listed, *todo, *(one for one in read if one not in listed)]
    return tuple(found)


def _lists(knowledge: Knowledge, name: str) -> bool:
    """Whether a name is of records, or of what was read from records: these are what a person would open first."""
    if name in FACTS:
        return FACTS[name].domain.kind == "subjects"
    return name in knowledge.question and knowledge.question[name].kind == "records"


def figures_behind(world: World, read: Iterable[str]) -> tuple[str, ...]:
    """Return the figures among some names, and those that a fact among them is computed from at once."""
    found: list[str] = []
    for name in read:
        if name in FIGURES:
            found.append(name)
        elif name in FACTS:
            world.read(name)
            found += [one for one in world.reads.get(name, ()) if one in FIGURES]
    return tuple(dict.fromkeys(found))


# ------------------------------------------------------------------ what a change does to it


def holds(world: World, clause: Clause) -> tuple[str, ...]:
    """Return the subjects for which a clause holds; one without subjects holds for ''."""
    test = world.knowledge.test(clause.tree)
    subjects = world.subjects(clause.for_each) if clause.for_each else (None,)
    return tuple(
        "" if subject is None else subject.id
        for subject in subjects
        if test is None or test(world.look(clause.for_each, subject)) is True
    )


class Moves:
    """Finds what single answers do to the findings of a design; what a finding reads is looked up once."""

    def __init__(self, world: World, clauses: Iterable[Clause]) -> None:
        self.world = world = world.apart()  # what only findings read is no reason to ask a question
        self.clauses = tuple(clauses)
        self._reads = {one.id: read_by(world.knowledge, one) for one in self.clauses}
        self._before = {one.id: holds(world, one) for one in self.clauses}
        for read in self._reads.values():
            for name in read:
                world.read(name)

    def of(self, answer: str, values: Iterable[Any]) -> Iterator[Move]:
        """Yield what each other value of an answer does."""
        for value in values:
            yield from self._moved(answer, value)

    def of_fields(self, question: Question) -> Iterator[Move]:
        """Yield what another value of one field of one record does."""
        entries = self.world.answers.entries(question.id)
        for said, changed in _other_entries(question, entries):
            yield from self._moved(question.id, changed, *said)

    def _moved(self, answer: str, value: Any, *said: str) -> Iterator[Move]:
        changed = Changed(self.world, answer, value)
        for clause in self.clauses:
            reads = self._reads[clause.id]
            if answer in reads or not changed.affected.isdisjoint(reads):
                before, after = self._before[clause.id], holds(changed, clause)
                if set(before) != set(after):
                    yield Move(clause.id, answer, value, len(after) > len(before), *said)


def _other_entries(
    question: Question, entries: tuple[Entry, ...]
) -> Iterator[tuple[tuple[str, str, str], tuple[Entry, ...]]]:
    for place, entry in enumerate(entries):
        for field in question.fields:
            answer = entry.fields.get(field.id)
            for value in _of_field(field, answer.value if answer else None):
                changed = Entry({**entry.fields, field.id: Answer(value, "asked")}, entry.place)
                words = value if isinstance(value, str) else "yes" if value is True else "no"
                name = str(next((one.value for one in entry.fields.values() if one.value is not None), ""))
                yield (field.id, name, words), (*entries[:place], changed, *entries[place + 1 :])


def _of_field(field: Question, value: Any) -> tuple[Any, ...]:
    if field.kind == "choice":
        return tuple(choice.id for choice in field.choices if choice.id != value)
    if field.kind == "flag":
        return tuple(one for one in (True, False) if one is not value)
    return ("given",) if field.kind == "text" and value is None else ()


# ------------------------------------------------------------------ what else an answer could be


def likely_moves(knowledge: Knowledge, moves: Moves, question: Question, value: Any) -> Iterator[Move]:
    """Yield what a likely answer to an open question does; its example shows what any answer would settle."""
    yield from moves.of(question.id, (one for one in other_values(knowledge, question, value) if _likely(one, value)))
    yield from settling(moves, question, value)


def settling(moves: Moves, question: Question, value: Any) -> Iterator[Move]:
    """Yield the findings that go once a question that nobody answered has an answer, such as its example."""
    example = _example(question) if value is None else None
    if example is not None:
        yield from (move for move in moves.of(question.id, [example]) if not move.appears)


def _likely(value: Any, instead_of: Any) -> bool:
    """Whether a number lies within a factor of two of what was assumed, or is one at all; other values may be."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    return value > 0 and (not instead_of or 0.5 <= value / instead_of <= 2)


def _example(question: Question) -> Any:
    from mlworkflow.quantity import KINDS, Unreadable

    if question.kind in ("choice", "choices", "flag", "records", "tools") or not question.example:
        return None
    if question.kind == "lines":
        return tuple(part.strip() for part in question.example.split(";"))
    try:
        return KINDS[question.kind].parse(question.example) if question.kind in KINDS else question.example
    except Unreadable:
        return None


def weightiest(moves: Iterable[Move], clauses: Mapping[str, Clause]) -> list[Move]:
    """Return one move for each finding, blockers first."""
    found: dict[str, Move] = {}
    for move in moves:
        found.setdefault(move.clause, move)
    return sorted(found.values(), key=lambda one: (clauses[one.clause].kind != "blocker", -clauses[one.clause].weight))


def other_values(knowledge: Knowledge, question: Question, value: Any) -> Iterator[Any]:
    """Yield values that the answer could have instead."""
    match question.kind:
        case "choice":
            yield from (choice.id for choice in question.choices if choice.id != value)
        case "flag":
            yield from (other for other in (True, False) if other is not value)
        case "choices":
            yield from _one_more_or_less(tuple(choice.id for choice in question.choices), value or ())
        case "money":
            yield from _other_budgets(value)
        case "number" | "count" | "duration" | "rate" | "share" | "size":
            yield from _around(question, knowledge.thresholds.get(question.id, ()), value)


def _one_more_or_less(known: tuple[str, ...], value: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for id in known:
        yield tuple(one for one in value if one != id) if id in value else (*value, id)


def _other_budgets(value: Any) -> Iterator[Any]:
    from mlworkflow.quantity import Money

    if value is None:
        yield Money(0.0, "EUR")
        return
    amounts = (0.0, value.amount / 10, value.amount * 10) if value.amount else (1000.0, 10000.0)
    yield from (Money(amount, value.currency or "EUR") for amount in amounts if amount != value.amount)


_FACTORS = (0.1, 0.5, 2.0, 10.0)


def _around(question: Question, thresholds: tuple[float, ...], value: float | None) -> Iterator[float]:
    found = {side for threshold in thresholds for side in _beside(question.kind, threshold)}
    if value:
        found |= {value * factor for factor in _FACTORS}
    if question.kind == "count":
        found = {float(round(one)) for one in found}
    low = question.low if question.low is not None else 0.0
    high = question.high if question.high is not None else (0.9999999 if question.kind == "share" else 1e15)
    for one in sorted(found):
        if low <= one <= high and one != value:
            yield int(one) if question.kind == "count" else one


_UNITS = (86400.0, 3600.0, 60.0, 1.0)


def _beside(kind: str, threshold: float) -> tuple[float, ...]:
    """A threshold and the next values on both sides that a person would say: 6, 7 and 8 days; 9, 10 and 11 %."""
    step = threshold / 10
    if kind == "count" and 1 < threshold <= 20:
        step = 1.0
    if kind == "duration":
        unit = next((unit for unit in _UNITS if threshold >= 2 * unit), 0.0)
        step = unit if unit and threshold <= 20 * unit else step
    return threshold - step, threshold, threshold + step
