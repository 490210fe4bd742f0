"""What is shown and asked next, as plain data that any front end can draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mlworkflow.documents.escape import visible
from mlworkflow.question import NOT_SURE, Answer, Question
from mlworkflow.wizard.why import ours
from mlworkflow.wording import said

BACK, HELP, PREVIEW, FINISH = "<", "?", "!", ">"
NONE = "none"
COMMANDS = (
    f"{BACK} goes back, {HELP} says more, {PREVIEW} shows the design so far, {FINISH} goes to the end, "
    f'"{NOT_SURE}" is an answer to almost every question.'
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to reply: what it stands for, and how it is shown."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One thing to ask: its words, what may be replied, and what Enter alone means."""

    id: str
    asks: str
    progress: str = ""
    notices: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    many: bool = False
    enter: str = ""
    """What Enter alone means, in words; nothing where a reply is needed."""
    at: str = ""
    """The offer that Enter takes."""
    marked: tuple[str, ...] = ()


def of_question(
    question: Question, now: Answer | None, why: str, progress: str, notices: tuple[str, ...], must: bool = False
) -> Screen:
    """Return the screen of a question that is answered in one line or by choosing."""
    lines = [f"Why: {why}."] if why else []
    lines += list(_default(question, now, must))
    return Screen(
        question.id,
        ours(question.asks),
        progress,
        notices,
        tuple(lines),
        tuple(_offers(question, must)),
        question.kind == "choices",
        _enter(question, now, must),
        _at(question, now, must),
        _marked(question, now),
    )


def shown(question: Question, answer: Answer) -> str:
    """Return an answer in the words of the document, with nothing in it that steers a terminal."""
    if answer.unsure:
        return NOT_SURE if answer.value is None else f"{NOT_SURE} ({shown_value(question, answer.value)} is assumed)"
    if question.kind == "records":
        names = [str(next(iter(entry.fields.values())).value) for entry in answer.value]
        return visible(", ".join(names)) or NONE
    return shown_value(question, answer.value)


def shown_value(question: Question, value: Any) -> str:
    """Return a value of a question in the words of the document."""
    if question.kind == "choices":
        return ", ".join(value) or NONE
    labels = {choice.id: choice.label or choice.means for choice in question.choices}
    text = said(question.kind, value, labels)
    return visible(text if question.kind in ("text", "lines", "tools") else ours(text))


def _default(question: Question, now: Answer | None, must: bool) -> tuple[str, ...]:
    example = f"For example: {ours(question.example)}" if question.example and not question.choices else ""
    if now is not None:
        return (f"Your answer: {shown(question, now)}",)
    if question.assume is not None:
        return (f"Default: {_assumed(question)}, because {ours(question.because)}.",)
    said = "It is needed." if must else "No default: unanswered, it becomes an open question of the document."
    return tuple(line for line in (said, example) if line)


def _assumed(question: Question) -> str:
    choice = question.choice(str(question.assume))
    return ours(choice.label or choice.id) if choice else ours(str(question.assume))


def _enter(question: Question, now: Answer | None, must: bool) -> str:
    if now is not None:
        return f"keep {shorter(shown(question, now))}"
    if question.assume is not None:
        return _assumed(question)
    return "" if must else NOT_SURE


def shorter(text: str, most: int = 40) -> str:
    """Return a text cut to a length, at a word where there is one."""
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."


def _at(question: Question, now: Answer | None, must: bool) -> str:
    if now is not None and not now.unsure and question.kind in ("choice", "flag"):
        return str(now.value) if question.kind == "choice" else ("yes" if now.value else "no")
    if now is None and question.assume is not None:
        return str(question.assume)
    return "" if must else NOT_SURE


def _marked(question: Question, now: Answer | None) -> tuple[str, ...]:
    if question.kind != "choices" or now is None:
        return ()
    return (NOT_SURE,) if now.unsure else tuple(now.value) or (NONE,)


def _offers(question: Question, must: bool) -> list[Offer]:
    offers = [Offer(choice.id, _choice(choice.id, ours(choice.means))) for choice in question.choices]
    if question.kind == "flag":
        offers = [Offer("yes", "yes"), Offer("no", "no")]
    if question.kind == "choices":
        offers.append(Offer(NONE, "none of these"))
    if offers and not must:
        offers.append(Offer(NOT_SURE, f"{NOT_SURE}: noted as an open question"))
    return offers


def _choice(id: str, means: str) -> str:
    return (means or id) if not means or means.startswith(id) else f"{id}: {means}"
