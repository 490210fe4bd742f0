"""Layers of answers (file, environment, flags) become one set; every mistake is reported at once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlworkflow.answers.checking import contradictions
from mlworkflow.answers.parsing import MOST_RECORDS, Refused, Several, is_not_sure, parsed, record
from mlworkflow.condition import Read
from mlworkflow.errors import InputRefused, Problem, UsageProblem, WorkProtected
from mlworkflow.pack import Knowledge
from mlworkflow.question import Answer, Answers, Entry, Question

SCHEMA = 1


@dataclass(frozen=True)
class Layer:
    """Raw answers from one source; `place` says where one of them (or one field of a record) stands."""

    source: str
    values: Mapping[str, Any]
    place: Callable[..., str]


def gather(knowledge: Knowledge, layers: Sequence[Layer], *, complete: bool = True) -> Answers:
    """Return the answers; later layers win, and each value remembers its source."""
    problems: list[Problem] = []
    found: dict[str, Answer] = {}
    refused: set[str] = set()
    _check_schema(layers)
    problems.extend(_unknown_keys(knowledge, layers))
    for question in knowledge.questions:
        layer = next((layer for layer in reversed(layers) if question.id in layer.values), None)
        if layer is not None:
            before = len(problems)
            answer = _answer(knowledge, question, layer, problems)
            if answer is not None:
                found[question.id] = answer
            if len(problems) > before:
                refused.add(question.id)
    answers = _with_assumptions(knowledge, found)
    problems.extend(contradictions(knowledge, answers, refused))
    if problems:
        raise InputRefused.because(problems)
    if complete:
        _refuse_missing(knowledge, answers)
    return answers


def _check_schema(layers: Sequence[Layer]) -> None:
    for layer in layers:
        version = layer.values.get("schema", SCHEMA)
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            raise InputRefused(
                f"schema = {version!r} is no version", place=layer.place("schema"), fix=f"write schema = {SCHEMA}"
            )
        if version > SCHEMA:
            raise WorkProtected(
                f"the answers are of schema {version}, this program knows up to {SCHEMA}",
                place=layer.place("schema"),
                fix="use a newer mlworkflow",
            )


def _unknown_keys(knowledge: Knowledge, layers: Sequence[Layer]) -> Iterable[Problem]:
    known = {"schema", *knowledge.question}
    for layer in layers:
        for key in layer.values:
            if key not in known:
                close = _flagged(knowledge, key) or difflib.get_close_matches(key, known, n=1, cutoff=0.6)
                fix = f"did you mean `{close[0]}`?" if close else "`mlworkflow questions` lists what can be answered"
                yield Problem(layer.place(key), f"there is no question `{key}`", fix)


def _flagged(knowledge: Knowledge, key: str) -> list[str]:
    """Return the question whose flag the key is, as `owner` is that of `document_owner`."""
    option = "--" + key.lstrip("-").replace("_", "-")
    return [one.id for one in knowledge.questions if one.option == option]


def _answer(knowledge: Knowledge, question: Question, layer: Layer, problems: list[Problem]) -> Answer | None:
    raw, place = layer.values[question.id], layer.place(question.id)
    try:
        if is_not_sure(raw):
            return Answer(_assumed(knowledge, question), "assumed", place, unsure=True)
        if question.kind == "records":
            return Answer(_records(knowledge, question, layer, problems), layer.source, place)
        return Answer(parsed(question, raw, knowledge.spellings), layer.source, place)
    except Refused as error:
        problems.append(Problem(place, f"`{question.id}`: {error}", error.fix))
        return None


def _records(knowledge: Knowledge, question: Question, layer: Layer, problems: list[Problem]) -> tuple[Entry, ...]:
    raw = layer.values[question.id]
    if not isinstance(raw, list | tuple):
        raise Refused(f"{raw!r} is not a list of tables", f"write [[{question.id}]] for each")
    if len(raw) > MOST_RECORDS:
        raise Refused(f"has more than {MOST_RECORDS} entries", "describe the ones that matter")
    entries = []
    for index, one in enumerate(raw):
        try:
            entries.append(record(question, one, layer.source, _placer(layer, question, index), knowledge.spellings))
        except Refused as error:
            problems.append(Problem(layer.place(question.id, index), str(error), error.fix))
        except Several as several:
            problems.extend(Problem(*problem) for problem in several.problems)
    return tuple(entries)


def _placer(layer: Layer, question: Question, index: int) -> Callable[[str], str]:
    return lambda field: layer.place(question.id, index, *((field,) if field else ()))


def _assumed(knowledge: Knowledge, question: Question) -> Any:
    return None if question.assume is None else parsed(question, question.assume, knowledge.spellings)


def _with_assumptions(knowledge: Knowledge, found: Mapping[str, Answer]) -> Answers:
    """Fill in what nobody said, where the question is one that would be asked."""
    answers: dict[str, Answer] = {}
    reader = _reader(answers)
    for question in knowledge.questions:
        if question.id in found:
            answers[question.id] = found[question.id]
        elif question.assume is not None and _asked(knowledge, question, reader):
            answers[question.id] = Answer(_assumed(knowledge, question), "assumed")
    return Answers(answers)


def _reader(answers: Mapping[str, Answer]) -> Read:
    def read(name: str, attribute: str | None = None, /) -> Any:
        answer = answers.get(name)
        return None if answer is None else answer.value

    return read


def _asked(knowledge: Knowledge, question: Question, read: Read) -> bool:
    test = knowledge.test(question.tree)
    return test is None or test(read) is True


def _refuse_missing(knowledge: Knowledge, answers: Answers) -> None:
    missing = [one for one in knowledge.questions if one.required and answers.value(one.id) is None]
    if missing:
        listed = ", ".join(question.option for question in missing)
        lines = "\n".join(f'{question.id} = "{question.example or "..."}"' for question in missing)
        raise UsageProblem(
            f"these answers are missing: {listed}",
            fix=f"give the flags, or write them into an answers file:\n{lines}",
        )
