"""Zeros, ones, halves of nothing and huge numbers in each answer: a document, or a clear sentence, never a crash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mlworkflow.answers import gather
from mlworkflow.errors import InputRefused
from mlworkflow.figures import FIGURES
from mlworkflow.question import Answers
from tests.helpers import EXAMPLES, example_values, knowledge, layer, spec

EXTREME = {
    "number": (0, 1, -1, 1e-12, 1e12),
    "count": (0, 1, 10**12),
    "share": ("0%", "100%", "0.000001%"),
    "duration": ("0s", "1ms", "100000 days"),
    "rate": ("0/s", "0.000001/s", "1000000/s"),
    "size": ("0 B", "1 B", "1000 TB"),
    "price": ("0 EUR", "0.000001 EUR", "1000000000 EUR"),
    "money": ("0 EUR", "1 EUR/month", "1000000000 EUR/month"),
    "effect": ("0 points", "0.000001 points", "99 points", "-99% relative"),
}


def changed() -> Iterator[tuple[str, str, Any]]:
    for name in EXAMPLES:
        for question in knowledge().questions:
            if question.kind in EXTREME and question.id in example_values(name):
                yield from ((name, question.id, value) for value in EXTREME[question.kind])


def gathered(values: dict[str, Any]) -> tuple[Answers | None, str]:
    """The answers, or the sentence with which they were refused."""
    try:
        return gather(knowledge(), [layer(values)]), ""
    except InputRefused as refused:
        return None, str(refused)


@pytest.mark.parametrize(("name", "id", "value"), list(changed()))
def test_an_extreme_answer_gives_a_design_or_a_sentence(name: str, id: str, value: Any) -> None:
    answers, said = gathered({**example_values(name), id: value})
    if answers is None:
        assert id in said or id.replace("_", " ") in said
        return
    design = spec(answers)
    for figure in FIGURES:
        worked = design.figure(figure)
        assert worked.value is None or worked.value == worked.value, (figure, "is no number")
        assert worked.value not in (float("inf"), float("-inf")), figure
    silent = [one.clause.id for one in design.clauses if "not known" in str(one.says)]
    assert silent in ([], ["experiment-too-long"])
