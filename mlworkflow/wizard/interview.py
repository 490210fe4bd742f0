"""The interview as a state machine: a screen out, a reply in, the answer on disk in between; it knows no terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlworkflow.errors import InputRefused
from mlworkflow.pack import Knowledge
from mlworkflow.question import Question
from mlworkflow.wizard import telling
from mlworkflow.wizard.answering import Reply
from mlworkflow.wizard.closing import Crossroads, Review
from mlworkflow.wizard.draft import Draft
from mlworkflow.wizard.listing import Listing
from mlworkflow.wizard.screens import BACK, COMMANDS, FINISH, HELP, PREVIEW, Screen
from mlworkflow.wizard.state import State
from mlworkflow.wizard.step import Step
from mlworkflow.wizard.steps import Asking, Start


class Interview:
    """Asks until the answers are enough for the person; `screen` shows, `reply` goes on, `done` ends."""

    def __init__(
        self,
        knowledge: Knowledge,
        draft: Draft,
        starts: Mapping[str, str] | None = None,
        load: Callable[[str], str] | None = None,
        walk: bool = False,
    ) -> None:
        self.state = State(knowledge, draft)
        self.path: list[str] = []
        self.cursor = -1
        self.section: str | None = None
        self.reviewing = self.walking = False
        self.told: set[str] = set()
        self.passed: set[str] = set()
        self.done = False
        self.begun_with = len(self.state.answered())
        self.step: Step = Start(self, starts, load) if starts and load else self.begin(walk)

    def begin(self, walk: bool = False) -> Step:
        """Return the first place: where an earlier run stopped, at the start of an example, or the table of answers."""
        essentials = self.state.essentials()
        self.path = [one.id for one in essentials if self.state.now(one) is not None]
        if walk:
            self.state.say("Its answers are there already: Enter keeps one, anything else replaces it.")
            self.walking, self.cursor = True, -1
            return self.onward()
        self.cursor = len(self.path) - 1
        if self.path and not self.state.missing():
            self.reviewing = True
            self.told.update(one.id for one in self.state.implied())
            return Review(self)
        return self.onward()

    @property
    def kept(self) -> int:
        """How many answers are on disk."""
        return len(self.state.answered()) if self.state.draft.data is not None else 0

    def screen(self) -> Screen:
        """Return what is to be shown now."""
        return self.step.screen()

    def reply(self, reply: Reply) -> None:
        """Take one reply; whatever it changes is on disk when this returns."""
        self.state.notices.clear()
        word = reply.strip() if isinstance(reply, str) else ""
        if word == HELP:
            self.state.say(*self.step.help(), COMMANDS)
        elif word == PREVIEW:
            self.state.say("So far:", *telling.verdicts(self.state.spec))
        elif word == BACK:
            self._back()
        elif word == FINISH:
            self._finish()
        else:
            self._take(reply)

    def _take(self, reply: Reply) -> None:
        try:
            self.step = self.step.reply(reply) or self.step
        except InputRefused as error:
            self.state.say(*telling.refusal(error))

    def _back(self) -> None:
        step = self.step.back()
        if step is None:
            self.state.say("This is the first question.")
        self.step = step or self.step

    def _finish(self) -> None:
        needed = self.state.needed()
        if needed:
            self.state.say(f"Not yet: {', '.join(one.label for one in needed)} must be answered first.")
            return
        self.reviewing = True
        self.passed = {one.id for one in self.state.missing()}
        self.step = Review(self)

    # -------------------------------------------------------------- the way through the questions

    def onward(self) -> Step:
        """Return the next place: forward where one has gone back, else the next question, else the crossroads."""
        while self.cursor < len(self.path) - 1:
            self.cursor += 1
            question = self.state.knowledge.question[self.path[self.cursor]]
            if self.state.asked(question):
                return self.ask(question)
        question_or_none = self._following()
        if question_or_none is None:
            self._tell_skipped(None)
            return self.home()
        self._tell_skipped(question_or_none)
        self.path.append(question_or_none.id)
        self.cursor = len(self.path) - 1
        return self.ask(question_or_none)

    def _tell_skipped(self, next: Question | None) -> None:
        """Say which essential questions are passed over, once."""
        ids = [one.id for one in self.state.essentials()]
        passed = ids[: ids.index(next.id)] if next is not None and next.id in ids else ids
        skipped = [one for one in self.state.implied() if one.id in passed and one.id not in self.told]
        self.told.update(one.id for one in skipped)
        if skipped and not self.reviewing:
            labels = ", ".join(one.label for one in skipped)
            self.state.say(f"Skipped, because nothing reads it with these answers: {labels}.")

    def _following(self) -> Question | None:
        missing = [one for one in self.state.missing() if one.id not in self.passed]
        if missing or self.section is None:
            return next(iter(missing), None)
        left = self.state.details(self.section) if self.section else self.state.hanging()
        return next(iter(left), None)

    def go(self, section: str) -> Step:
        """Return the first question of a section, or of those on which a decision hangs."""
        self.section, self.reviewing, self.passed = section, False, set()
        return self.onward()

    def edit(self, question: Question) -> Step:
        """Return a question out of turn; afterwards the table of answers comes back."""
        self.path, self.cursor, self.section = [question.id], 0, None
        return self.ask(question)

    def home(self) -> Step:
        """Return where one comes when the questions in turn are through."""
        self.section = None
        return Review(self) if self.reviewing else Crossroads(self)

    def before(self) -> Step | None:
        """Return the question before this one, as it was answered."""
        while self.cursor > 0:
            self.cursor -= 1
            question = self.state.knowledge.question[self.path[self.cursor]]
            if self.state.asked(question):
                return self.ask(question)
        return self.home() if self.reviewing else None

    def last(self) -> Step | None:
        """Return the question that was answered last."""
        return self.ask(self.state.knowledge.question[self.path[self.cursor]]) if self.cursor >= 0 else None

    def ask(self, question: Question) -> Step:
        """Return the place of a question."""

        return Listing(self, question) if question.kind == "records" else Asking(self, question)

    def progress(self, question: Question) -> str:
        """Return in words how far one is."""
        every = [one.id for one in self.state.essentials()]
        if question.id in every:
            return f"{every.index(question.id) + 1} of {len(every)}, {question.section}"
        if self.section == "":
            return f"{max(1, len(self.state.hanging()))} more that could change a decision, {question.section}"
        return question.section
