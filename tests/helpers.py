"""What many tests need: the knowledge once, answers from plain values, and designs with or without flips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from mlworkflow import designing
from mlworkflow.answers import Layer, gather
from mlworkflow.decision import Verdict
from mlworkflow.designing import Spec
from mlworkflow.pack import Knowledge, load
from mlworkflow.question import Answers
from mlworkflow.reading import read_answers
from mlworkflow.world import World

TESTS = Path(__file__).parent
ROOT = TESTS.parent
EXAMPLES = tuple(sorted(path.parent.name for path in (ROOT / "examples").glob("*/answers.toml")))
SMALLEST = {"name": "Churn", "problem_type": "classification", "target": "churned"}


@cache
def knowledge() -> Knowledge:
    """Return our own knowledge."""
    return load()


def layer(values: Mapping[str, Any], source: str = "file") -> Layer:
    """Return plain values as one source of answers."""
    return Layer(source, values, lambda *keys: ".".join(str(key) for key in keys))


def answers(values: Mapping[str, Any], of: Knowledge | None = None) -> Answers:
    """Return the answers that a file with these values gives; what is required is filled in."""
    return gather(of or knowledge(), [layer({**SMALLEST, **values})])


@cache
def example_values(name: str) -> Mapping[str, Any]:
    """Return what stands in an example's answers file."""
    path = ROOT / "examples" / name / "answers.toml"
    return read_answers(path.read_bytes(), str(path)).values


@cache
def example(name: str) -> Answers:
    """Return the answers of an example."""
    return gather(knowledge(), [layer(example_values(name))])


@cache
def example_spec(name: str) -> Spec:
    """Return the whole design of an example, flips included."""
    return designing.design(knowledge(), example(name))


def spec(given: Answers, of: Knowledge | None = None, *, flips: bool = False) -> Spec:
    """Return a design; without flips it takes a tenth of the time."""
    if flips:
        return designing.design(of or knowledge(), given)
    with mock.patch.object(designing, "_changes", return_value=()):
        return designing.design(of or knowledge(), given)


def verdicts(given: Answers, of: Knowledge | None = None) -> dict[str, Verdict]:
    """Return every verdict by its id."""
    world = World(of or knowledge(), given, designing._decided(given))
    found = (verdict for decision in world.knowledge.decisions for verdict in world.verdicts(decision).values())
    return {verdict.id: verdict for verdict in found}


def choices(values: Mapping[str, Any], of: Knowledge | None = None) -> dict[str, str | None]:
    """Return what each decision comes to under these values."""
    return {id: verdict.chosen for id, verdict in verdicts(answers(values, of), of).items()}


def without(values: Mapping[str, Any], ids: Sequence[str]) -> dict[str, Any]:
    """Return the values without these answers."""
    return {id: value for id, value in values.items() if id not in ids}
