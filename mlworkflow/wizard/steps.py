"""The places of an interview at which a question is asked, and the one at which it begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from mlworkflow.documents.escape import visible
from mlworkflow.errors import MlworkflowError
from mlworkflow.question import NOT_SURE, Question
from mlworkflow.wizard.answering import Reply, picked, with_answer, written
from mlworkflow.wizard.screens import Offer, Screen, of_question
from mlworkflow.wizard.step import Step
from mlworkflow.wizard.telling import refused
from mlworkflow.wizard.why import ours

if TYPE_CHECKING:
    from mlworkflow.wizard.interview import Interview

SCRATCH, FILE = "scratch", "file"


class Start:
    """Where to begin: with nothing, with an example, or with a file."""

    def __init__(self, interview: Interview, starts: Mapping[str, str], load: Callable[[str], str]) -> None:
        self.interview = interview
        self.starts = starts
        self.load = load

    def screen(self) -> Screen:
        """Offer what there is to start from."""
        offers = [Offer(SCRATCH, "an empty page: answer about the things that matter")]
        offers += [Offer(name, f"the example {name}: {line}") for name, line in self.starts.items()]
        offers.append(Offer(FILE, "another answers file or document"))
        notices = self.interview.state.said()
        return Screen("start", "What do you want to start from?", "", notices, (), tuple(offers), enter="an empty page")

    def reply(self, reply: Reply) -> Step | None:
        """Begin with what was chosen."""
        chosen = picked(reply, self.screen().offers, SCRATCH)
        if chosen == SCRATCH:
            return self.interview.begin()
        if chosen == FILE:
            return Path(self)
        return self.begin_with(chosen)

    def begin_with(self, name: str) -> Step | None:
        """Take the answers of an example or a file as the draft."""
        state = self.interview.state
        try:
            text = self.load(name)
        except MlworkflowError as error:
            state.say(*refused(error))
            return None
        return self.interview.begin(walk=True) if state.take(text) else None

    def back(self) -> Step | None:
        """There is nothing before."""
        return None

    def help(self) -> tuple[str, ...]:
        """Say what an example is good for."""
        return ("An example is a finished design: keep what fits, replace what does not.",)


class Path:
    """Which file to start from."""

    def __init__(self, start: Start) -> None:
        self.start = start

    def screen(self) -> Screen:
        """Ask for its name."""
        return Screen("path", "Which file?", "", self.start.interview.state.said(), ("A .toml, .json or .md file.",))

    def reply(self, reply: Reply) -> Step | None:
        """Begin with the file."""
        name = reply.strip() if isinstance(reply, str) else ""
        return self.start.begin_with(name) if name else self.start

    def back(self) -> Step | None:
        """Return to the choice."""
        return self.start

    def help(self) -> tuple[str, ...]:
        """Say what can be read."""
        return ("Any answers file, or a document that this program wrote.",)


class Asking:
    """A question that is answered in one line or by choosing."""

    def __init__(self, interview: Interview, question: Question) -> None:
        self.interview = interview
        self.question = question

    def screen(self) -> Screen:
        """Show why it is asked, what is assumed otherwise, and what may be replied."""
        state = self.interview.state
        return of_question(
            self.question,
            state.now(self.question),
            state.why(self.question),
            self.interview.progress(self.question),
            state.said(),
            self.question.required,
        )

    def reply(self, reply: Reply) -> Step | None:
        """Write the answer; Enter alone keeps what is there, takes the default, or means not sure."""
        state, question = self.interview.state, self.question
        now = state.now(question)
        if reply in ("", ()):
            if now is not None:
                return self.interview.onward()
            reply = str(question.assume) if question.assume is not None else NOT_SURE
        offers = of_question(question, now, "", "", (), question.required).offers
        value, understood = written(state.knowledge, question, reply, offers)
        before = state.spec
        if not state.take(with_answer(state.draft, state.knowledge, question, value), understood):
            return None
        if now is not None:
            state.tell_changes(before)
        return self.interview.onward()

    def back(self) -> Step | None:
        """Return to the question before."""
        return self.interview.before()

    def help(self) -> tuple[str, ...]:
        """Say everything about the question."""
        return tuple(help_lines(self.question))


def help_lines(question: Question) -> list[str]:
    """Return what a question means, with an example, who usually knows, and how to answer it without being asked."""
    said = [question.help] if question.help else []
    if question.choices:
        said += [f"  {choice.id}: {choice.means}" for choice in question.choices]
    if question.example:
        said.append(f"For example: {question.example}")
    said.append(f"Usually known by: {question.owner}. As a flag: {question.option}. In the file: {question.id}.")
    return [visible(ours(line)) for line in said]
