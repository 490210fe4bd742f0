"""The places of an interview after the questions in turn: where to go on, and the table of answers before the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mlworkflow.errors import InputRefused, Problem
from mlworkflow.question import Question
from mlworkflow.wizard import telling
from mlworkflow.wizard.answering import Reply, picked
from mlworkflow.wizard.screens import Offer, Screen, shorter, shown
from mlworkflow.wizard.step import Step
from mlworkflow.wizard.why import ours

if TYPE_CHECKING:
    from mlworkflow.wizard.interview import Interview

MORE, DETAILS, REVIEW, WRITE = "go on", "details", "review", "finish"
LONGEST_SHOWN = 60


class Crossroads:
    """The essential questions are through: go on, look at details, review, or finish."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview

    def _offers(self) -> tuple[Offer, ...]:
        state = self.interview.state
        more, details = {one.id for one in (*state.missing(), *state.hanging())}, len(state.details())
        offers = [Offer(MORE, f"{MORE} with the {len(more)} that matter most")] if more else []
        if details:
            offers.append(Offer(DETAILS, f"{DETAILS}: choose among all {details} open questions, by subject"))
        offers += [
            Offer(REVIEW, "review: see all answers, change some"),
            Offer(WRITE, "finish: write the document now"),
        ]
        return tuple(offers)

    def screen(self) -> Screen:
        """Say how much is settled, and offer the ways on."""
        state = self.interview.state
        lines = (telling.standing(state.spec),)
        offers = self._offers()
        asks = "That is enough for a document. What next?"
        return Screen("crossroads", asks, "", state.said(), lines, offers, enter=offers[-2].value, at=REVIEW)

    def reply(self, reply: Reply) -> Step | None:
        """Go where was asked for."""
        match picked(reply, self._offers(), REVIEW):
            case "go on":
                return self.interview.go("")
            case "details":
                return Sections(self.interview)
            case "review":
                self.interview.reviewing = True
                return Review(self.interview)
            case _:
                self.interview.done = True
                return None

    def back(self) -> Step | None:
        """Return to the last question."""
        return self.interview.last()

    def help(self) -> tuple[str, ...]:
        """Say what an unanswered question becomes."""
        return ("What you leave open is assumed where that is safe, and stands in the document as an open question.",)


class Sections:
    """Which subject to go into."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview

    def _offers(self) -> tuple[Offer, ...]:
        counts = Counter(one.section for one in self.interview.state.details())
        return tuple(Offer(section, f"{section}: {count} open") for section, count in counts.items())

    def screen(self) -> Screen:
        """Offer every subject with open questions."""
        notices = self.interview.state.said()
        return Screen("sections", "Which subject?", "", notices, (), self._offers(), enter="none, back")

    def reply(self, reply: Reply) -> Step | None:
        """Ask the open questions of the subject."""
        section = picked(reply, self._offers(), "")
        return self.interview.go(section) if section else self.back()

    def back(self) -> Step | None:
        """Return to the crossroads."""
        self.interview.reviewing = False
        return self.interview.home()

    def help(self) -> tuple[str, ...]:
        """Say how to leave a subject."""
        return ("Inside a subject > leads to the table of answers at any moment.",)


class Review:
    """All answers as a table: change one by its number, or write."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        self.meant: list[Question] | None = None  # what a word led to, where it did not lead to one question

    def screen(self) -> Screen:
        """Show every answer with its number."""
        state = self.interview.state
        rows = state.answered()
        labels = [shorter(ours(one.label), 28) for one in rows]
        width = max((len(label) for label in labels), default=0)
        lines = [
            f"{number:4} {label:{width}}  {self._said(one)}"
            for number, (label, one) in _numbered(labels, rows)
            if self.meant is None or one in self.meant
        ]
        asks = "A number, or a word of a question, to change it; Enter to write the document"
        if self.meant is not None:
            asks = "A number, or a word of a question, to change it; Enter for all answers"
            return Screen("review", asks, "", state.said(), tuple(lines), enter="all answers")
        return Screen("review", asks, "", state.said(), ("Your answers:", *lines), enter="write the document")

    def _said(self, question: Question) -> str:
        answer = self.interview.state.now(question)
        return "" if answer is None else shorter(shown(question, answer), LONGEST_SHOWN)

    def reply(self, reply: Reply) -> Step | None:
        """Finish, or ask the question that was named."""
        text = reply.strip() if isinstance(reply, str) else ""
        if not text:
            # After a word that was not clear, Enter leads back to the table and writes nothing yet.
            self.interview.done = self.meant is None
            self.meant = None
            return None
        self.interview.reviewing = True
        named = self._named(text)
        self.meant = None
        return self.interview.edit(named)

    def _named(self, text: str) -> Question:
        state = self.interview.state
        rows = state.answered()
        if text.isascii() and text.isdigit():
            if 0 < int(text[:6]) <= len(rows):
                return rows[int(text) - 1]
            raise InputRefused.because([Problem("", f"there is no number {text[:6]}", f"1 to {len(rows)}")])
        found = _called(state.knowledge.questions, text)
        if len(found) != 1:
            self.meant = found
            what = f"{len(found) or 'no'} questions have {text[:40]!r} in their name"
            names = ", ".join(one.id for one in found[:8])
            raise InputRefused.because([Problem("", what, f"say which: {names}" if found else "try another word")])
        return found[0]

    def back(self) -> Step | None:
        """Return to the crossroads."""
        self.interview.reviewing = False
        return self.interview.home()

    def help(self) -> tuple[str, ...]:
        """Say what can be done here."""
        return ("Questions without an answer are found by a word too, for example: latency_p95.",)


def _called(questions: tuple[Question, ...], text: str) -> list[Question]:
    """Return the one question of that name, or all that have the text in it."""
    wanted = text.lower().removeprefix("--").replace("-", "_").replace(" ", "_")
    exact = [one for one in questions if wanted == one.id]
    return exact or [one for one in questions if wanted in one.id or text.lower() in one.label.lower()]


def _numbered(labels: list[str], rows: list[Question]) -> list[tuple[int, tuple[str, Question]]]:
    return list(enumerate(zip(labels, rows, strict=True), 1))
