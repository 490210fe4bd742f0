"""What an interview knows: the answers on disk, the design that follows from them, and what is still to be asked."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.answers import Layer, gather
from mlworkflow.designing import Spec, design
from mlworkflow.errors import InputRefused
from mlworkflow.pack import Knowledge
from mlworkflow.question import Answer, Answers, Question
from mlworkflow.wizard import telling
from mlworkflow.wizard.answering import without_answer
from mlworkflow.wizard.draft import Draft
from mlworkflow.wizard.screens import shown
from mlworkflow.wizard.why import ours, titles, why

NEVER_ASKED = ("packs", "notes", "decided", "waivers")
SECONDS_A_QUESTION = 15


class State:
    """The answers as the file has them, and everything that is worked out from them."""

    def __init__(self, knowledge: Knowledge, draft: Draft) -> None:
        self.knowledge = knowledge
        self.draft = draft
        self.titles = titles(knowledge)
        self.notices: list[str] = []
        self.answers = self._read(draft.text)
        self._spec: Spec | None = None

    def _read(self, text: str) -> Answers:
        values = self.draft.values(text)
        return gather(self.knowledge, [Layer("file", values, lambda *keys: "")], complete=False)

    @property
    def spec(self) -> Spec:
        """The design so far, worked out once for each state of the file."""
        if self._spec is None:
            self._spec = design(self.knowledge, self.answers)
            assert self._spec.figures  # worked out now, so that what they read is known
        return self._spec

    def now(self, question: Question) -> Answer | None:
        """Return what the file says to a question, if anything."""
        answer = self.answers.by_id.get(question.id)
        return answer if answer is not None and (answer.given or answer.unsure) else None

    def answered(self) -> list[Question]:
        """Return the questions that the file answers, in the order asked."""
        return [question for question in self.knowledge.questions if self.now(question) is not None]

    def why(self, question: Question) -> str:
        """Return what a question is asked for."""
        return why(question, self.titles.get(question.id, ()))

    def say(self, *notices: str) -> None:
        """Have something said before the next question."""
        self.notices.extend(notice for notice in notices if notice)

    def said(self) -> tuple[str, ...]:
        """Return what came of the last reply."""
        return tuple(self.notices)

    # -------------------------------------------------------------- changing

    def take(self, text: str, *understood: str) -> bool:
        """Put a changed file on disk if it holds together, and say what follows from it; else say why not."""
        before = self.spec
        try:
            after = self._read(text)
        except InputRefused as error:
            self.say(*telling.refusal(error))
            return False
        self.draft.keep(text)
        self.answers, self._spec = after, None
        self.say(*understood)
        self._drop_what_is_asked_no_more(before)
        return True

    def tell_changes(self, before: Spec) -> None:
        """Say which decisions are other ones than before."""
        self.say(telling.changed(before, self.spec))

    def _drop_what_is_asked_no_more(self, before: Spec) -> None:
        for question in self.answered():
            answer = self.now(question)
            if answer is not None and _asked(before, question) and not _asked(self.spec, question):
                said = shown(question, answer)
                self.draft.keep(without_answer(self.draft, question))
                self.answers, self._spec = self._read(self.draft.text), None
                self.say(ours(f"{question.label} ({said}) is not asked any more, and was taken out."))

    # -------------------------------------------------------------- what is to be asked

    def asked(self, question: Question) -> bool:
        """Whether a question makes sense with the answers there are."""
        return question.id not in NEVER_ASKED and _asked(self.spec, question)

    def essentials(self) -> list[Question]:
        """Return the essential questions of this design, answered ones among them: what is built comes first."""
        every = [one for one in self.knowledge.questions if one.essential]
        every.sort(key=lambda one: (not one.required, not (one.required and one.kind == "choice")))
        return [one for one in every if self.now(one) or self.asked(one)]

    def _implied(self, question: Question) -> bool:
        """Whether decisions read the question elsewhere, but nothing reads it here."""
        if question.required or not self.titles.get(question.id):
            return False
        return not self.spec.world.dependents(question.id)

    def missing(self) -> list[Question]:
        """Return the essential questions that the file does not answer."""
        return [one for one in self.essentials() if self.now(one) is None and not self._implied(one)]

    def implied(self) -> list[Question]:
        """Return the essential questions that the other answers have made idle."""
        return [one for one in self.essentials() if self.now(one) is None and self._implied(one)]

    def unanswered(self) -> int:
        """Return how many essential questions may still come."""
        return sum(1 for one in self.essentials() if self.now(one) is None) if self.missing() else 0

    def needed(self) -> list[Question]:
        """Return the questions without which there is no document."""
        return [one for one in self.knowledge.questions if one.required and self.answers.value(one.id) is None]

    def hanging(self) -> list[Question]:
        """Return the other questions on which a decision hangs, the weightiest first."""
        open = telling.hanging(self.spec)
        return [one.question for one in open if self.now(one.question) is None and self.asked(one.question)]

    def details(self, section: str = "") -> list[Question]:
        """Return the questions of a section that nobody answered."""
        return list(self._details(section))

    def _details(self, section: str) -> Iterator[Question]:
        for question in self.knowledge.questions:
            if section in ("", question.section) and self.now(question) is None and self.asked(question):
                yield question


def _asked(spec: Spec, question: Question) -> bool:
    test = spec.knowledge.test(question.tree)
    return test is None or test(spec.world.look("", None)) is True


def minutes(questions: int) -> str:
    """Return how long so many questions take, in words."""
    count = max(1, round(questions * SECONDS_A_QUESTION / 60))
    return "1 minute" if count == 1 else f"{count} minutes"
