"""A sizing as lines for a person, and as data for a program."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from mlworkflow.quantity import KINDS, Effect, Money
from mlworkflow.sizing.model import Inputs, Line, Option, Sizing
from mlworkflow.sizing.picture import drawn
from mlworkflow.wording import listed

SCHEMA = 1
WIDTH = 96
_MARKS = {"warning": "!", "infeasible": "x", "unknown": "?"}


def lines(sizing: Sizing, picture: bool = False) -> Iterator[str]:
    """Yield the answer, the calculation line by line, the ways out and what moves it most."""
    yield from textwrap.wrap(sizing.answer, WIDTH)
    yield f"status: {sizing.status}"
    if picture and sizing.picture:
        yield ""
        yield from drawn(sizing.picture)
    yield from _inputs(sizing)
    group = None
    for line in sizing.lines:
        if line.group != group:
            group = line.group
            yield from ("", group or "Calculation")
        yield from _line(line)
    yield from _ways(sizing)
    if sizing.moves:
        yield from ("", "What moves it most")
        yield from (f"  {move}" for move in sizing.moves)


def _inputs(sizing: Sizing) -> Iterator[str]:
    used = {name for line in sizing.lines for name in line.inputs}
    known = [option for option in sizing.inputs.options.values() if sizing.inputs.raw(option.name) is not None]
    known = [option for option in known if option.name in sizing.inputs.given or option.name in used]
    widths = max((len(option.name) for option in known), default=0)
    yield from ("", "Inputs")
    for option in known:
        said = said_input(option, sizing.inputs.raw(option.name))
        yield f"  {option.name.ljust(widths)}  {said}, {source(sizing.inputs, option)}"


def source(inputs: Inputs, option: Option) -> str:
    """Return where a value comes from."""
    return "given" if option.name in inputs.given else f"default, because {option.because}"


def said_input(option: Option, value: Any) -> str:
    """Return an input as a document says it."""
    if isinstance(value, tuple) and option.kind == "hop" and not isinstance(value[0], tuple):
        return "/".join(KINDS["duration"].say(part) for part in value)
    if isinstance(value, tuple):
        return listed([said_input(option, part) for part in value])
    if isinstance(value, str) and option.kind not in KINDS:
        return value
    if isinstance(value, Effect) and not value.relative and not value.points:
        return KINDS["effect"].say(value)
    return KINDS[option.kind].say(value)


def _line(line: Line) -> Iterator[str]:
    yield f"  {line.label}: {line.said}"
    if line.formula:
        yield from _wrapped(f"= {line.formula}")
    if line.inputs:
        yield from _wrapped(f"from {listed([name.replace('_', ' ') for name in line.inputs])}")
    if line.note:
        yield from _wrapped(f"{_MARKS.get(line.status, '-')} {line.note}")


def _wrapped(text: str) -> Iterator[str]:
    yield from textwrap.wrap(
        text, WIDTH, initial_indent="      ", subsequent_indent="        ", break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _ways(sizing: Sizing) -> Iterator[str]:
    if sizing.ways_out:
        yield from ("", "Ways out, cheapest first")
    for number, way in enumerate(sizing.ways_out, 1):
        yield f"  {number}. {way.label}: {way.said}"
        if way.formula:
            yield from _wrapped(f"= {way.formula}")
        if way.note:
            yield from _wrapped(f"- {way.note}")


def as_data(sizing: Sizing) -> dict[str, Any]:
    """Return the sizing as values that JSON knows."""
    data = {
        "schema": SCHEMA,
        "topic": sizing.topic,
        "status": sizing.status,
        "answer": sizing.answer,
        "main": sizing.main,
        "inputs": [_input(sizing.inputs, option) for option in sizing.inputs.options.values()],
        "figures": [_figure(line) for line in sizing.lines],
        "ways_out": [_figure(line) for line in sizing.ways_out],
        "moves": list(sizing.moves),
    }
    if sizing.picture:
        points = [{"at": point.label, "value": point.value, "said": point.said} for point in sizing.picture.points]
        data["picture"] = {"title": sizing.picture.title, "goal": sizing.picture.goal, "points": points}
    return data


def _input(inputs: Inputs, option: Option) -> dict[str, Any]:
    value = inputs.raw(option.name)
    if value is None:
        return {"id": option.name, "value": None, "said": "not given", "source": "not given"}
    origin = "given" if option.name in inputs.given else "default"
    said = said_input(option, value)
    return {
        "id": option.name, "value": _plain(value), "said": said, "source": origin,
        "because": "" if origin == "given" else option.because,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"amount": value.amount, "currency": value.currency}
    if isinstance(value, Effect):
        return {"size": value.size, "relative": value.relative}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _figure(line: Line) -> dict[str, Any]:
    return {
        "id": line.id, "label": line.label, "value": line.value, "said": line.said, "unit": line.unit,
        "formula": line.formula, "inputs": list(line.inputs), "status": line.status, "note": line.note,
    }  # fmt: skip
