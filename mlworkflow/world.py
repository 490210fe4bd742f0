"""One graph of answers, facts, figures and verdicts: each worked out once, with everything that it read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mlworkflow.clause import PLACEHOLDER, Sentence
from mlworkflow.condition import Read
from mlworkflow.decision import Decision, Holds, Plan, Row, Says, Verdict, choice, judge, overrule
from mlworkflow.facts import FACTS, FAMILIES, Fact, Subject
from mlworkflow.figures import FIGURES, JUDGEMENT, Worked, worked
from mlworkflow.pack import Knowledge
from mlworkflow.quantity import KINDS
from mlworkflow.question import Answers, Question
from mlworkflow.tool import Tool
from mlworkflow.wording import said, shortened

Verdicts = Mapping[str, Verdict]
_ABSENT = object()


class World:
    """Answers every name; what was read for it is remembered, so that a change touches only what depends on it."""

    def __init__(
        self, knowledge: Knowledge, answers: Answers, decided: Mapping[str, tuple[str, str]] | None = None
    ) -> None:
        self.knowledge = knowledge
        self.answers = answers
        self.decided = decided or {}
        self.values: dict[str, Any] = {}
        self.reads: dict[str, dict[str, None]] = {}
        self._reading: list[dict[str, None]] = []
        self._read_by: dict[str, list[str]] = {}
        self._guessed: dict[str, bool] = {}

    def apart(self) -> World:
        """Return a world with the same values; what is read in it later is not remembered here."""
        other = World(self.knowledge, self.answers, self.decided)
        other.values, other.reads = dict(self.values), dict(self.reads)
        return other

    # -------------------------------------------------------------- reading

    def read(self, name: str) -> Any:
        """Return the value of a name, worked out now or before."""
        if self._reading:
            self._reading[-1][name] = None
        return self._plain(self._value(name))

    def _value(self, name: str) -> Any:
        value = self.values.get(name, _ABSENT)
        if value is _ABSENT:
            value = self.values[name] = self._work_out(name)
        return value

    def _plain(self, value: Any) -> Any:
        if type(value) is Worked:
            return value.value
        if type(value) is dict:
            alone = value.get("")
            return alone.chosen if alone else {subject: verdict.chosen for subject, verdict in value.items()}
        return value

    def _work_out(self, name: str) -> Any:
        self._reading.append({})
        try:
            return self._compute(name)
        finally:
            self.reads[name] = self._reading.pop()

    def _compute(self, name: str) -> Any:
        if name in self.knowledge.question:
            return self._answer(self.knowledge.question[name])
        if name in FACTS:
            return self._fact(FACTS[name])
        if name in FIGURES:
            figure = FIGURES[name]
            return worked(figure, {one: self.read(one) for one in figure.reads})
        if name == "chosen_tools":
            return self._chosen_tools()
        if name == "dead_tools":
            return self._dead_tools()
        if name == "known_archetypes":
            return self.knowledge.archetypes
        if name == "listed_prices":
            return self.knowledge.prices
        if name == "said_answers":
            return tuple(id for id, answer in self.answers.given() if not answer.unsure)
        return self._verdicts(self.knowledge.decision[name])

    def _answer(self, question: Question) -> Any:
        """What was said; what nobody said is assumed only where the question would be asked."""
        answer = self.answers.by_id.get(question.id)
        said = answer is not None and (answer.given or answer.unsure)
        test = self.knowledge.test(question.tree)
        if said or test is None or question.assume is None:
            return None if answer is None else answer.value
        if test(self.look("", None)) is not True:
            return None
        return _assumed(question) if answer is None else answer.value

    def _fact(self, fact: Fact) -> Any:
        inputs = {}
        for name in fact.reads:
            value = self.read(name)
            if value is None and name not in fact.optional:
                return None
            inputs[name] = value
        return fact.function(**inputs)

    def _dead_tools(self) -> tuple[Subject, ...]:
        """The tools that run already or that a person decided for, and that take no new work."""
        named = [*(self.read("tools_in_use") or ()), *(option for option, _ in self.decided.values())]
        tools = [self.knowledge.tool(id) for id in dict.fromkeys(named) if self.knowledge.is_tool(id)]
        return tuple(self._dead(tool) for tool in tools if not tool.alive)

    def _dead(self, tool: Tool) -> Subject:
        successors = [self._tool_name(id) for id in tool.status.successors]
        attributes = {
            "id": tool.id,
            "name": tool.name,
            "label": tool.name,
            "status": tool.status.is_.replace("-", " "),
            "since": tool.status.since,
            "note": tool.status.note,
            "source": tool.sources[0].at if tool.sources else "no source",
            "checked": tool.checked.on,
            "instead": f"In its place: {', '.join(successors)}." if successors else "No tool follows it one for one.",
        }
        return Subject(tool.id, tool.name, attributes)

    def _chosen_tools(self) -> tuple[tuple[str, str], ...]:
        chosen: dict[str, str] = {}
        for decision in self.knowledge.decisions:
            if decision.candidates:
                value = self.read(decision.name)
                for id in value.values() if isinstance(value, dict) else (value,):
                    if id is not None:
                        chosen[id] = self.knowledge.tool(id).upkeep
        return tuple(chosen.items())

    def dependents(self, answer: str) -> frozenset[str]:
        """Return every name that was worked out from this answer, directly or through others."""
        if not self._read_by:
            for name, reads in self.reads.items():
                for read in reads:
                    self._read_by.setdefault(read, []).append(name)
        found: set[str] = set()
        todo = [answer]
        while todo:
            for name in self._read_by.get(todo.pop(), ()):
                if name not in found:
                    found.add(name)
                    todo.append(name)
        return frozenset(found)

    # -------------------------------------------------------------- judging

    def verdicts(self, decision: Decision) -> Verdicts:
        """Return the decision's verdict for each subject ('' where there is only one)."""
        self.read(decision.name)
        found: Verdicts = self.values[decision.name]
        return found

    def worked(self, name: str) -> Worked:
        """Return a figure with its inputs."""
        self.read(name)
        found: Worked = self.values[name]
        return found

    def subjects(self, family: str) -> tuple[Subject, ...]:
        """Return the subjects of a family."""
        return self.read(FAMILIES[family].fact) or ()

    def _verdicts(self, decision: Decision) -> dict[str, Verdict]:
        if not decision.for_each:
            return {"": self._verdict(decision, None)}
        return {subject.id: self._verdict(decision, subject) for subject in self.subjects(decision.for_each)}

    def _verdict(self, decision: Decision, subject: Subject | None) -> Verdict:
        name = subject.id if subject else ""
        look = self.look(decision.for_each, subject)
        test = self.knowledge.test(decision.tree)
        if test is not None and test(look) is not True:
            return Verdict(decision, name, None, (), (), applies=False)
        plan, tests = self.knowledge.plan(decision)
        known: dict[int, bool] = {}

        def holds(condition: int) -> bool:
            if condition not in known:
                known[condition] = tests[condition](look) is True
            return known[condition]

        verdict = self._judged(decision, subject, plan, holds)
        key = f"{decision.id}[{name}]" if name else decision.id
        if key in self.decided or (name and decision.id in self.decided):
            return overrule(verdict, *self.decided.get(key) or self.decided[decision.id])
        return verdict

    def _judged(self, decision: Decision, subject: Subject | None, plan: Plan, holds: Holds) -> Verdict:
        verdict = judge(self.knowledge.in_full(decision), plan, holds, self._says(decision, subject))
        name = subject.id if subject else ""
        return replace(verdict, subject=name, decision=decision, read=tuple(self._reading[-1]))

    def _says(self, decision: Decision, subject: Subject | None) -> Says:
        def says(row: Row, option: str) -> Sentence:
            tool = option if decision.candidates else ""
            return self.sentence(row.because, decision.for_each, subject, tool)

        return says

    def look(self, family: str, subject: Subject | None) -> Read:
        """Return how conditions read names while judging a subject."""
        noun = FAMILIES[family].noun if family else ""

        def read(name: str, attribute: str | None = None, /) -> Any:
            if subject is not None and name == noun:
                return subject.attributes.get(attribute or "id")
            value = self.read(name)
            if subject is not None and type(value) is dict:
                return value.get(subject.id)
            return value

        return read

    def supporting(self, decision: Decision, subject: Subject, option: str) -> tuple[tuple[str, Sentence], ...]:
        """Return every preference that speaks for an option, not only the one that decided: its id and its sentence."""
        look = self.look(decision.for_each, subject)
        rows = (row for row in decision.prefers if option in row.options)
        return tuple(
            (row.id, self.sentence(row.because, decision.for_each, subject))
            for row in rows
            if (test := self.knowledge.test(row.tree)) is None or test(look) is True
        )

    # -------------------------------------------------------------- wording

    def sentence(self, template: str, family: str = "", subject: Subject | None = None, tool: str = "") -> Sentence:
        """Return a sentence with the values that it names."""
        if "{" not in template:
            return Sentence(template)
        look = self.look(family, subject)
        values = {}
        for found in PLACEHOLDER.findall(template):
            name, _, attribute = found.partition(".")
            if name == "tool" and tool:
                values[found] = str(self.knowledge.tool(tool).attribute(attribute or "id"))
            else:
                values[found] = self.said(name, attribute, look, FAMILIES[family].noun if family else "")
        return Sentence(template, values)

    def said(self, name: str, attribute: str, look: Read, noun: str) -> str:
        """Return how a document says the value of a name."""
        value = look(name, attribute or None)
        if noun and name == noun:
            return said(_kind_of(noun, attribute), value)
        return self.printed(name, value)

    def printed(self, name: str, value: Any) -> str:
        """Return how a document says a value: what was worked out has three digits, two where it rests on a guess."""
        if name in FIGURES:
            value = shortened(FIGURES[name].kind, value, 2 if self.rests_on_a_guess(name) else 3)
        return self.say(name, value)

    def rests_on_a_guess(self, name: str) -> bool:
        """Whether a figure, or a value behind it, stands on what nobody said."""
        if name not in self._guessed:
            self._guessed[name] = self._rests_on_a_guess(name)
        return self._guessed[name]

    def _rests_on_a_guess(self, name: str) -> bool:
        if name in self.knowledge.question:
            answer = self.answers.by_id.get(name)
            return self.read(name) is not None and not (answer is not None and answer.given)
        if (
            name in FIGURES
            and self.read(name) is not None
            and any(self._is_guessed(one) for one in FIGURES[name].assumes)
        ):
            return True
        if name not in FIGURES and name not in FACTS:
            return False
        self.read(name)
        return any(self.rests_on_a_guess(one) for one in tuple(self._read_for(name)))

    def _read_for(self, name: str) -> Iterable[str]:
        """What was read for a name."""
        return self.reads[name]

    def _is_guessed(self, name: str) -> bool:
        return name == JUDGEMENT or self.read(name) is None

    def say(self, name: str, value: Any) -> str:
        """Return how a document says a value of the thing that is called so."""
        question = self.knowledge.question.get(name)
        if question is not None:
            return said(
                question.kind, value, {one.id: one.label or one.means for one in question.choices}, self._tool_name
            )
        if name in FACTS:
            return said(FACTS[name].domain.kind, value, {}, self._tool_name)
        if name in FIGURES:
            return said(FIGURES[name].kind, value)
        if name not in self.knowledge.decision:
            return str(value)
        options = value.values() if isinstance(value, Mapping) else (value,)
        return "; ".join(dict.fromkeys(self.option_name(self.knowledge.decision[name], one) for one in options))

    def option_name(self, decision: Decision, option: str | None) -> str:
        """Return how a document calls an option of a decision."""
        if option is None:
            return "nothing that is left"
        if decision.candidates and self.knowledge.is_tool(option):
            tool = self.knowledge.tool(option)
            return tool.name[:1].lower() + tool.name[1:] if tool.do_without else tool.name
        return next((one.label or one.id for one in decision.options if one.id == option), option)

    def _tool_name(self, id: str) -> str:
        return self.knowledge.tool(id).name if self.knowledge.is_tool(id) else id


def _assumed(question: Question) -> Any:
    return KINDS[question.kind].parse(question.assume) if question.kind in KINDS else question.assume


def _kind_of(noun: str, attribute: str) -> str:
    family = next(family for family in FAMILIES.values() if family.noun == noun)
    return family.attributes[attribute or "id"].kind


class Changed(World):
    """A world with one answer changed; all that does not depend on it is taken from the first world."""

    def __init__(self, base: World, answer: str, value: Any) -> None:
        super().__init__(base.knowledge, base.answers, base.decided)
        self.base = base
        self.affected = base.dependents(answer)
        self.values[answer] = value
        known = base.values.get("said_answers")
        if known is not None and value is not None and answer not in known:
            self.values["said_answers"] = (*known, answer)  # who tries another answer takes it as said
            self.affected |= base.dependents("said_answers")

    def _judged(self, decision: Decision, subject: Subject | None, plan: Plan, holds: Holds) -> Verdict:
        """Return a verdict without its reasons: only choices are compared here."""
        return Verdict(decision, subject.id if subject else "", choice(plan, holds), (), ())

    def _value(self, name: str) -> Any:
        value = self.values.get(name, _ABSENT)
        if value is not _ABSENT:
            return value
        if name not in self.base.values:
            value = self._work_out(name)
        elif name not in self.affected or self._is_unchanged(name):
            value = self.base.values[name]
        else:
            value = self._work_out(name)
        self.values[name] = value
        return value

    def _read_for(self, name: str) -> Iterable[str]:
        return self.reads[name] if name in self.reads else self.base.reads.get(name, ())

    def _is_unchanged(self, name: str) -> bool:
        """Whether everything that was read for a name is what it was, asked in the order of reading."""
        return all(_same(self._value(read), self.base.values[read]) for read in self.base.reads.get(name, ()))


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if type(one) is Worked and type(other) is Worked:
        return bool(one.value == other.value)
    if type(one) is dict and type(other) is dict:
        return one.keys() == other.keys() and all(one[key].chosen == other[key].chosen for key in one)
    return bool(one == other)
