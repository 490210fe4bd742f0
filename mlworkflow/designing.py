"""Answers and knowledge become a Spec: complete, judge, collect, find what would flip, list what is open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from mlworkflow.change import NOTICED, Move, Moves, likely_moves, other_values, weightiest
from mlworkflow.clause import Applied, Clause, Sentence, split
from mlworkflow.condition import required
from mlworkflow.decision import Flip, Verdict
from mlworkflow.experience import with_experience
from mlworkflow.facts import Subject
from mlworkflow.figures import FIGURES, Worked
from mlworkflow.pack import Knowledge
from mlworkflow.question import Answers, Question
from mlworkflow.world import Changed, World


@dataclass(frozen=True, slots=True)
class Open:
    """A question that nobody answered, what stands in for the answer, and which decisions and findings hang on it."""

    question: Question
    value: Any
    hangs: tuple[tuple[str, Any, str | None], ...]
    moves: tuple[Move, ...] = ()
    blocks: bool = False

    @property
    def decisions(self) -> tuple[str, ...]:
        """The decisions that another answer would change."""
        return tuple(dict.fromkeys(decision for decision, _, _ in self.hangs))

    @property
    def weight(self) -> tuple[bool, int, bool]:
        """How much hangs on it: first whether a blocker does, then how many decisions and findings."""
        return self.blocks, len(self.decisions) + len(self.moves), self.question.essential


@dataclass(frozen=True)
class Spec:
    """A finished design: the answers, every verdict, clause and figure, and what is still open."""

    knowledge: Knowledge
    answers: Answers
    world: World
    verdicts: tuple[Verdict, ...]
    clauses: tuple[Applied, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Verdict]:
        """The verdicts by id, such as `feature-store` or `serving-platform[batch]`."""
        return {verdict.id: verdict for verdict in self.verdicts}

    def value(self, name: str) -> Any:
        """Return the value of an answer, fact, figure or decision."""
        return self.world.read(name)

    def said(self, name: str) -> str:
        """Return how a document says that value."""
        return self.world.say(name, self.world.read(name))

    def printed(self, name: str) -> str:
        """Return how a document prints that value: computed numbers with two or three digits."""
        return self.world.printed(name, self.world.read(name))

    def known(self, name: str) -> bool:
        """Whether there is a value."""
        return self.world.read(name) is not None

    def figure(self, name: str) -> Worked:
        """Return a figure with its formula and inputs."""
        return self.world.worked(name)

    @property
    def figures(self) -> tuple[Worked, ...]:
        """Every figure, in the order of the knowledge."""
        return tuple(self.world.worked(name) for name in FIGURES)

    def of(self, decision: str) -> tuple[Verdict, ...]:
        """Return the verdicts of a decision, one for each subject."""
        return tuple(verdict for verdict in self.verdicts if verdict.decision.id == decision)

    def kind(self, kind: str, section: str = "") -> tuple[Applied, ...]:
        """Return the clauses of a kind that hold, the weightiest first."""
        found = [one for one in self.clauses if one.clause.kind == kind and section in ("", one.clause.section)]
        return tuple(sorted(found, key=lambda one: -one.clause.weight))

    @cached_property
    def open(self) -> tuple[Open, ...]:
        """What nobody said, ordered by what hangs on it: blockers, then decisions and findings."""
        return tuple(_open_questions(self))

    @cached_property
    def linted(self) -> tuple[Applied, ...]:
        """The lint rules that hold; no document shows them, so they are judged only for whoever asks."""
        return tuple(_applied(self.world.apart(), lint=True))

    @property
    def blocking(self) -> tuple[Applied, ...]:
        """What makes the plan impossible as it stands."""
        return self.kind("blocker")

    @property
    def conflicts(self) -> tuple[Verdict, ...]:
        """Decisions for which the answers leave nothing."""
        return tuple(verdict for verdict in self.verdicts if verdict.conflict)


def design(knowledge: Knowledge, answers: Answers) -> Spec:
    """Return the whole design that the answers lead to."""
    world = World(knowledge, answers, _decided(answers))
    verdicts = tuple(_judged(knowledge, world))
    verdicts = _with_flips(world, verdicts)
    clauses = with_experience(world, tuple(_applied(world, lint=False)))
    return Spec(knowledge, answers, world, verdicts, clauses)


def sketch(knowledge: Knowledge, answers: Answers) -> Spec:
    """Return the design without what would flip it, in a fraction of the time."""
    world = World(knowledge, answers, _decided(answers))
    return Spec(knowledge, answers, world, tuple(_judged(knowledge, world)), tuple(_applied(world, lint=False)))


def _decided(answers: Answers) -> dict[str, tuple[str, str]]:
    return {
        entry.value("decision"): (entry.value("option"), entry.value("reason")) for entry in answers.entries("decided")
    }


def _judged(knowledge: Knowledge, world: World) -> Iterator[Verdict]:
    for decision in knowledge.decisions:
        yield from world.verdicts(decision).values()


# ------------------------------------------------------------------ clauses


def _applied(world: World, lint: bool) -> Iterator[Applied]:
    knowledge = world.knowledge
    for clause in knowledge.clauses:
        if (clause.kind == "lint") is not lint:
            continue
        for subject in _subjects(world, clause):
            look = world.look(clause.for_each, subject)
            test = knowledge.test(clause.tree)
            if test is None or test(look) is True:
                yield _apply(world, clause, subject)


def _subjects(world: World, clause: Clause) -> tuple[Subject | None, ...]:
    return world.subjects(clause.for_each) if clause.for_each else (None,)


def _apply(world: World, clause: Clause, subject: Subject | None) -> Applied:
    def fill(template: str) -> Sentence:
        return world.sentence(template, clause.for_each, subject)

    columns = {name: fill(text) for name, text in clause.columns.items()}
    says = fill(clause.says)
    if clause.kind in _MARKED:
        says = _with_assumed(world, clause, says)
    return Applied(clause, subject.id if subject else "", says, fill(clause.because), columns)


# What these say is read as true of this design, so what nobody said is marked in them.
_MARKED = ("blocker", "finding", "lint")
_STANDS_FOR = {"hours_available": "hours_per_month"}
_SAYS_SO = re.compile(r"\bassum|[Nn]obody (was )?said")


def _with_assumed(world: World, clause: Clause, says: Sentence) -> Sentence:
    """Mark each value that is assumed, or the statement where the condition rests on an assumed answer."""
    if _SAYS_SO.search(says.template):
        return says
    guessed = [name for name in says.values if _assumed(world, name)]
    if guessed:
        return Sentence(says.template, {**says.values, **{one: f"{says.values[one]} (assumed)" for one in guessed}})
    if clause.tree is None or not any(_assumed(world, name) for name in required(clause.tree)):
        return says
    stated, rest = split(says.template)
    return Sentence(f"{stated} (assumed){rest}", says.values)


def _assumed(world: World, name: str) -> bool:
    answer = world.answers.by_id.get(_STANDS_FOR.get(name, name))
    if answer is None or answer.value is None:
        return name in _STANDS_FOR
    return answer.unsure or not answer.given


# ------------------------------------------------------------------ flips


def _with_flips(world: World, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    flips: dict[str, list[Flip]] = {}
    for answer, value in _changes(world):
        changed = Changed(world, answer, value)
        for name in world.knowledge.decision:
            if name not in changed.affected:
                continue
            for subject, verdict in _moved(world, changed, name):
                flips.setdefault(verdict.id, []).append(Flip(answer, value, subject))
    return tuple(replace(verdict, flips=tuple(flips.get(verdict.id, ()))) for verdict in verdicts)


def _moved(world: World, changed: Changed, name: str) -> Iterator[tuple[str | None, Verdict]]:
    before = world.values[name]
    after = changed._value(name)
    if after is before:
        return
    for subject, verdict in before.items():
        now = after.get(subject)
        if now is not None and now.chosen != verdict.chosen and verdict.overruled is None:
            yield now.chosen, verdict


def _changes(world: World) -> Iterator[tuple[str, Any]]:
    """Yield every other single answer that could matter: one question, another value."""
    for question in world.knowledge.questions:
        if question.id in world.values and question.id != "evaluation_metric":
            for value in other_values(world.knowledge, question, world.answers.value(question.id)):
                yield question.id, value


# ------------------------------------------------------------------ what is open


def _open_questions(spec: Spec) -> list[Open]:
    hangs: dict[str, list[tuple[str, Any, str | None]]] = {}
    for verdict in spec.verdicts:
        for flip in verdict.flips:
            hangs.setdefault(flip.answer, []).append((verdict.id, flip.value, flip.choice))
    clauses = {one.id: one for one in spec.knowledge.clauses if one.kind in NOTICED}
    moves = Moves(spec.world, clauses.values())
    found = []
    for question in spec.knowledge.questions:
        answer = spec.answers.by_id.get(question.id)
        if question.wish and (answer is None or not answer.unsure):
            continue
        if question.settled_by and spec.value(question.settled_by) is not None:
            continue
        asked = answer is not None or _asked(spec, question)
        if asked and (answer is None or not answer.given or answer.unsure):
            value = answer.value if answer else None
            moved = weightiest(likely_moves(spec.knowledge, moves, question, value), clauses)
            blocks = any(clauses[one.clause].kind == "blocker" for one in moved)
            found.append(Open(question, value, tuple(hangs.get(question.id, ())), tuple(moved), blocks))
    return sorted(found, key=lambda one: one.weight, reverse=True)


def _asked(spec: Spec, question: Question) -> bool:
    test = spec.knowledge.test(question.tree)
    return test is None or test(spec.world.look("", None)) is True
