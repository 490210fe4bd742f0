"""What moves the main figure most: each input halved or doubled, one at a time."""

from __future__ import annotations

from dataclasses import replace
from math import log
from typing import Any

from mlworkflow.numbers.validity import Invalid
from mlworkflow.quantity import Effect, Money
from mlworkflow.sizing.model import Inputs, Line, Sizing, Topic
from mlworkflow.sizing.reading import allowed

MOST = 3
_LEAST = log(1.02)


def with_moves(topic: Topic, sizing: Sizing) -> Sizing:
    """Return the sizing with the inputs that move its main figure most."""
    main = sizing.line(sizing.main)
    if main is None or not main.value:
        return sizing
    found = [_of(topic, sizing, main, name) for name in sorted(_behind(sizing, main))]
    largest = sorted((one for one in found if one), key=lambda one: -one[0])[:MOST]
    return replace(sizing, moves=tuple(sentence for _, sentence in largest))


def _behind(sizing: Sizing, line: Line) -> set[str]:
    """Return the inputs that a figure comes from, directly or through other figures."""
    names: set[str] = set()
    waiting = list(line.inputs)
    while waiting:
        name = waiting.pop()
        if name in names:
            continue
        names.add(name)
        other = sizing.line(name)
        waiting += other.inputs if other else ()
    return {name for name in names if sizing.inputs.raw(name) is not None}


def _of(topic: Topic, sizing: Sizing, main: Line, name: str) -> tuple[float, str] | None:
    option = sizing.inputs.options[name]
    changed = [(word, value) for word, value in _changed(sizing, name) if allowed(option, value)]
    moved = [(word, _main(topic, sizing.inputs.but(name, value), main.id)) for word, value in changed]
    sized = [(abs(log(line.value / (main.value or 1))), word, line) for word, line in moved if line and line.value]
    largest = max(sized, key=lambda one: one[0], default=None)
    if largest is None or largest[0] < _LEAST:
        return None
    size, word, line = largest
    return size, f"--{name} {word}: {line.said} instead of {main.said}"


def _main(topic: Topic, inputs: Inputs, id: str) -> Line | None:
    try:
        return topic.size(inputs).line(id)
    except Invalid:
        return None


def _changed(sizing: Sizing, name: str) -> list[tuple[str, Any]]:
    value, option = sizing.inputs.raw(name), sizing.inputs.options[name]
    if isinstance(value, Effect):
        return [("halved", replace(value, size=value.size / 2)), ("doubled", replace(value, size=value.size * 2))]
    if isinstance(value, Money):
        return [(word, Money(value.amount * factor, value.currency)) for word, factor in _FACTORS]
    if isinstance(value, (bool, str, tuple)):
        return []
    if option.kind == "share" and value >= 0.5:
        return [("half as far from 100 %", (1 + value) / 2)]
    if isinstance(value, int):
        return [(word, max(1, round(value * factor))) for word, factor in _FACTORS if value * factor >= 1]
    return [(word, value * factor) for word, factor in _FACTORS]


_FACTORS = (("halved", 0.5), ("doubled", 2.0))
