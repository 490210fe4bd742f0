"""What a person wrote becomes the value of a question, or a sentence that says how to write it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from mlworkflow.quantity import KINDS, Unreadable
from mlworkflow.question import NOT_SURE, Answer, Entry, Question

LONGEST_TEXT = 2000
MOST_RECORDS = 500


class Refused(ValueError):
    """A value that cannot be the answer; `fix` says what could be."""

    def __init__(self, what: str, fix: str = "", inner: tuple[str, ...] = ()) -> None:
        super().__init__(what)
        self.fix = fix
        self.inner = inner


def parsed(question: Question, raw: object, spellings: Mapping[str, str]) -> Any:
    """Return the value of a plain (not record) answer."""
    match question.kind:
        case "text":
            return _text(raw, question)
        case "choice":
            return _choice(question, raw)
        case "choices":
            return tuple(dict.fromkeys(_choice(question, one) for one in _many(raw, ",", question)))
        case "lines":
            return tuple(_text(one, question) for one in _many(raw, ";", question))
        case "tools":
            return tuple(dict.fromkeys(_tool(_text(one, question), spellings) for one in _many(raw, ",", question)))
        case _:
            return _quantity(question, raw)


def is_not_sure(raw: object) -> bool:
    """Whether a person said that they are not sure."""
    return isinstance(raw, str) and raw.strip().lower() in (NOT_SURE, "not-sure", "unknown", "don't know")


def _text(raw: object, question: Question) -> str:
    if not isinstance(raw, str):
        raise Refused(f"{raw!r} is not text", f'write it in quotes: {question.id} = "{raw}"')
    text = " ".join(raw.split())
    if not text:
        raise Refused("is empty", f'leave it out, or write "{NOT_SURE}"')
    longest = int(question.high or LONGEST_TEXT)
    if len(text) > longest:
        raise Refused(f"is longer than {longest} characters", "say it shorter")
    return text


def _choice(question: Question, raw: object) -> str:
    if isinstance(raw, bool) and {choice.id for choice in question.choices} >= {"yes", "no"}:
        return "yes" if raw else "no"
    text = _text(raw, question)
    wanted = _plain(text)
    for choice in question.choices:
        if wanted in (_plain(choice.id), _plain(choice.label)):
            return choice.id
    known = [choice.id for choice in question.choices]
    close = difflib.get_close_matches(wanted, known, n=1)
    meant = f"did you mean {close[0]!r}? " if close else ""
    raise Refused(f"{text!r} is not one of the choices", f"{meant}choose one of: {', '.join(known)}")


def _plain(text: str) -> str:
    return text.lower().replace("_", "-").replace(" ", "-")


def _many(raw: object, separator: str, question: Question) -> list[object]:
    if isinstance(raw, str):
        return [part for part in raw.split(separator) if part.strip()]
    if isinstance(raw, list | tuple):
        return [
            part
            for one in raw
            for part in (one.split(separator) if isinstance(one, str) and separator == "," else [one])
        ]
    raise Refused(f"{raw!r} is not a list", f'write a list: {question.id} = ["...", "..."]')


def _tool(text: str, spellings: Mapping[str, str]) -> str:
    wanted = text.lower()
    if wanted in spellings:
        return spellings[wanted]
    close = difflib.get_close_matches(wanted, spellings, n=1, cutoff=0.84)
    if close:
        raise Refused(f"{text!r} is not in the catalog", f"did you mean {spellings[close[0]]!r}?")
    return text


def _quantity(question: Question, raw: object) -> Any:
    try:
        value = KINDS[question.kind].parse(raw)
    except Unreadable as error:
        raise Refused(error.reason, f"for example {question.example or error.example!r}") from error
    amount: Any = getattr(value, "amount", getattr(value, "size", value))
    if isinstance(amount, bool | str):
        return value
    low = question.low if question.low is not None else (None if question.kind in ("number", "effect") else 0)
    if low is not None and amount < low:
        raise Refused(
            f"{raw} is below {_bound(question, low)}", f"for example {question.example!r}" if question.example else ""
        )
    if question.high is not None and amount > question.high:
        most = _bound(question, question.high)
        raise Refused(f"{raw} is above {most}", f"the most is {most}")
    return value


def _bound(question: Question, bound: float) -> str:
    """A bound as one would write the answer; a plain number stays one."""
    return str(KINDS["duration"].say(bound)) if question.kind == "duration" and bound else f"{bound:g}"


# ------------------------------------------------------------------ records


def record(question: Question, raw: object, source: str, places: Any, spellings: Mapping[str, str]) -> Entry:
    """Return one record, each field an answer of its own; `places(field)` says where a field stands."""
    table = _table(question, raw)
    known = {field.id: field for field in question.fields}
    problems: list[tuple[str, str, str]] = []
    fields: dict[str, Answer] = {}
    for key in table:
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            problems.append((places(key), f"a {question.label.rstrip('s')} has no `{key}`", _meant(close, known)))
    for field in question.fields:
        try:
            fields |= _field(field, table, source, places, spellings)
        except Refused as error:
            problems.append((places(field.id), f"`{field.id}`: {error}", error.fix))
    if problems:
        raise Several(problems)
    return Entry(fields, places(""))


class Several(ValueError):
    """Several mistakes in one record: place, what, fix."""

    def __init__(self, problems: list[tuple[str, str, str]]) -> None:
        super().__init__(problems[0][1])
        self.problems = problems


def _meant(close: list[str], known: Mapping[str, Question]) -> str:
    return f"did you mean `{close[0]}`?" if close else f"it has: {', '.join(known)}"


def _field(
    field: Question, table: Mapping[str, object], source: str, places: Any, spellings: Mapping[str, str]
) -> dict[str, Answer]:
    raw = table.get(field.id)
    if raw is None and field.required:
        raise Refused("is missing", f'write {field.id} = "..."')
    if raw is None or is_not_sure(raw):
        assumed = None if field.assume is None else parsed(field, field.assume, spellings)
        if raw is None and assumed is None:
            return {}
        return {field.id: Answer(assumed, "assumed", places(field.id), unsure=raw is not None)}
    return {field.id: Answer(parsed(field, raw, spellings), source, places(field.id))}


def _table(question: Question, raw: object) -> Mapping[str, object]:
    if isinstance(raw, Mapping):
        return raw
    if not isinstance(raw, str):
        raise Refused(f"{raw!r} is not a table", f"write [[{question.id}]] with its fields below")
    if raw.lstrip().startswith("{"):
        return _json_table(raw)
    if question.id == "decided":
        return _decision_words(raw)
    head = raw.split(",", 1)[0]
    if "=" in head and head.split("=", 1)[0].strip() in {field.id for field in question.fields}:
        return _named_parts(raw)
    parts = [part.strip() for part in raw.split(":", len(question.positional) - 1)]
    return {key: part for key, part in zip(question.positional, parts, strict=False) if part}


def _named_parts(raw: str) -> dict[str, object]:
    table: dict[str, object] = {}
    key = ""
    for part in raw.split(","):
        name, equals, value = part.partition("=")
        if equals and name.strip().isidentifier():
            key = name.strip()
            table[key] = value.strip()
        elif key:
            table[key] = f"{table[key]},{part}"
    return table


def _decision_words(raw: str) -> dict[str, object]:
    decision, equals, rest = raw.partition("=")
    option, colon, reason = rest.partition(":")
    if not equals or not colon or not reason.strip():
        raise Refused(
            f"{raw!r} is not of the form",
            'write "decision=option: reason", for example "feature-store=none: one model only"',
        )
    return {"decision": decision.strip(), "option": option.strip(), "reason": reason.strip()}


def _json_table(raw: str) -> Mapping[str, object]:
    import json

    try:
        table = json.loads(raw)
    except ValueError as error:
        raise Refused(f"is not a JSON table ({error})", 'write {"name": "...", ...}') from error
    if not isinstance(table, dict):
        raise Refused("is not a JSON table", 'write {"name": "...", ...}')
    return table
