"""Texts of flags -> the inputs of a topic; every mistake is reported at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mlworkflow.errors import InputRefused, Problem, UsageProblem
from mlworkflow.quantity import KINDS, Effect, Money, Unreadable
from mlworkflow.sizing.model import Inputs, Option, Topic

# name: what holds, and the sentence when it does not
ALLOWED: dict[str, tuple[Callable[[float], bool], str]] = {
    "anything": (lambda x: True, ""),
    "positive": (lambda x: x > 0, "must be above zero"),
    "zero or more": (lambda x: x >= 0, "must not be below zero"),
    "at least 1": (lambda x: 1 <= x <= 1e12, "must be at least 1 and at most 1e12"),
    "2 or more": (lambda x: 2 <= x <= 1000, "must lie between 2 and 1,000"),
    "up to 20": (lambda x: 1 <= x <= 20, "must lie between 1 and 20"),
    "weeks": (lambda x: 1 <= x <= 520, "must lie between 1 and 520"),
    "probability": (lambda x: 0 < x < 1, "must lie between 0 % and 100 %, both excluded"),
    "share": (lambda x: 0 < x <= 1, "must be above 0 %"),
    "alpha": (lambda x: 1e-9 <= x < 0.5, "must lie between 0 % and 50 %, both excluded"),
    "power": (lambda x: 0.5 <= x < 1, "must be at least 50 % and below 100 %"),
    "correlation": (lambda x: -1 < x < 1, "must lie between -1 and 1, both excluded"),
    "exponent": (lambda x: 0 < x <= 1, "must be above 0 and at most 1"),
    "AUC": (lambda x: 0.5 < x < 1, "must lie between 0.5 and 1, both excluded"),
    "hours": (lambda x: 0 < x <= 744, "must be above 0 and at most the 744 hours of a month"),
    "multiple": (lambda x: x > 1, "must be above 1"),
    "0 to 1": (lambda x: 0 <= x <= 1, "must lie between 0 and 1"),
    "availability": (lambda x: 0 < x < 1, "must lie between 0 % and 100 %, both excluded"),
    "objective": (lambda x: 0 < x < 1, "must be above 0 % and below 100 %, for 100 % leaves no error budget"),
}


def read(topic: Topic, texts: Mapping[str, Any]) -> Inputs:
    """Return the inputs that the texts and the topic's defaults give, or refuse all that cannot be used."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for option in topic.options:
        try:
            values[option.name] = _value(option, texts.get(option.name))
        except Unreadable as error:
            problems.append(_problem(option, error))
    if problems:
        raise InputRefused.because(problems)
    _refuse_missing(topic, values)
    given = frozenset(name for name, text in texts.items() if text not in (None, []))
    return Inputs({option.name: option for option in topic.options}, values, given)


def _value(option: Option, text: Any) -> Any:
    if text is None or text == []:
        return parsed(option, option.default) if option.default else None
    return tuple(parsed(option, one) for one in text) if option.many else parsed(option, text)


def parsed(option: Option, text: str) -> Any:
    """Return one text as the option's kind reads it, within what the option allows."""
    if option.choices:
        if text not in option.choices:
            raise Unreadable(f"there is no {text!r}; choose {' or '.join(option.choices)}", option.choices[0])
        return text
    if option.kind == "hop":
        return _hop(text)
    value = KINDS[option.kind].parse(text)
    _check(option, value, text)
    return value


def _hop(text: str) -> tuple[float, float]:
    p50, slash, p99 = text.partition("/")
    if not slash:
        raise Unreadable("a hop is its p50 and its p99", "10ms/50ms")
    parse = KINDS["duration"].parse
    first, last = parse(p50), parse(p99)
    assert isinstance(first, float)
    assert isinstance(last, float)
    if not 0 < first <= last:
        raise Unreadable("the p50 of a hop must be above zero and at most its p99", "10ms/50ms")
    return first, last


def allowed(option: Option, value: Any) -> bool:
    """Say whether a value lies within what the option allows."""
    plain = abs(value.size) if isinstance(value, Effect) else value.amount if isinstance(value, Money) else value
    return not isinstance(plain, (int, float)) or ALLOWED[option.allows][0](plain)


def _check(option: Option, value: Any, text: str) -> None:
    if not allowed(option, value):
        raise Unreadable(f"{ALLOWED[option.allows][1]}, not {text.strip()}", example(option))


def example(option: Option) -> str:
    """Return a value that the option reads: its default, or its kind's example."""
    if option.default or option.kind == "hop":
        return option.default or "10ms/50ms"
    if option.allows == "correlation":
        return "0.7"
    return "99.9%" if option.allows in ("objective", "availability") else KINDS[option.kind].example


def _problem(option: Option, error: Unreadable) -> Problem:
    return Problem(f"--{option.name}", error.reason, f"for example --{option.name} {_quoted(error.example)}")


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def _refuse_missing(topic: Topic, values: Mapping[str, Any]) -> None:
    missing = [option for option in topic.options if option.required and values[option.name] is None]
    if missing:
        one_of(topic.name, [f"--{option.name} {_quoted(example(option))}" for option in missing], joint=" ")


def one_of(topic: str, flags: Sequence[str], joint: str = " or ") -> None:
    """Raise because a value that the answer hangs on was not given."""
    raise UsageProblem("a value is missing", place=f"size {topic}", fix=f"add {joint.join(flags)}")
