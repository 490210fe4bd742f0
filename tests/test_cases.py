"""Cases as data: some answers, what an expert would choose, and a sentence for a name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests import helpers

FILES = sorted((helpers.TESTS / "cases").glob("*.toml"))


def cases() -> Iterator[Any]:
    """Yield each case with its decision; where an expert and the program still differ, it must fail."""
    for path in FILES:
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            marks = [pytest.mark.xfail(reason="disputed", strict=True)] if case.get("disputed") else []
            yield pytest.param(path.stem, case, id=f"{path.stem}: {case['says']}", marks=marks)


@pytest.mark.parametrize(("decision", "case"), list(cases()))
def test_the_choice_is_what_an_expert_would_make(decision: str, case: dict[str, Any]) -> None:
    id = f"{decision}[{case['subject']}]" if "subject" in case else decision
    verdict = helpers.verdicts(helpers.answers(case["answers"]))[id]
    wanted = case["expects"] if isinstance(case["expects"], list) else [case["expects"]]
    reasons = "; ".join(str(because.says) for because in verdict.because)
    assert verdict.chosen in wanted, f"{verdict.chosen}, because {reasons}"


def test_every_decision_has_its_cases() -> None:
    assert {path.stem for path in FILES} == {decision.id for decision in helpers.knowledge().decisions}


def test_no_two_cases_have_the_same_name() -> None:
    named = [case.id for case in cases()]
    assert len(named) == len(set(named))
