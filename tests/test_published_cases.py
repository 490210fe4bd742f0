"""Our choices against what the builders of real systems published: understood, explained, and mostly the same."""

from __future__ import annotations

import tomllib
from functools import cache

import pytest

from benchmarks import score_cases
from benchmarks.score_cases import Case, Score
from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from tests import helpers

CASES = {case.name: case for case in score_cases.cases()}
SHORTFALLS = tomllib.loads((helpers.TESTS / "data" / "known-shortfalls.toml").read_text("utf-8"))
ENOUGH = 0.85


@cache
def spec(name: str) -> Spec:
    """Return the design of a case."""
    return score_cases.designed(helpers.knowledge(), CASES[name])


@cache
def scores() -> tuple[Score, ...]:
    """Return every score of every case."""
    return tuple(score for name in CASES for score in score_cases.scores(CASES[name], spec(name)))


def contradictions() -> list[Score]:
    return [score for score in scores() if score.verdict == "contradiction"]


def test_there_are_twelve_cases() -> None:
    assert len(CASES) == 12


@pytest.mark.parametrize("name", CASES)
def test_the_answers_of_a_case_are_accepted_and_make_a_document(name: str) -> None:
    assert render(spec(name)).startswith(f"# ML Workflow: {CASES[name].answers['name']}")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_no_answer_is_a_decision_that_somebody_took(case: Case) -> None:
    wishes = {question.id for question in helpers.knowledge().questions if question.wish}
    assert not (wishes | {"decided"}) & set(case.answers)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_published_decision_has_its_evidence(case: Case) -> None:
    for entry in case.published.values():
        assert entry["source"].startswith("https://")
        assert entry["evidence"].endswith(".")
        assert entry["values"]


def test_every_published_value_has_a_meaning_and_no_other_has_one() -> None:
    published = {value for case in CASES.values() for value in case.values}
    assert published == set(score_cases.meanings())


def test_a_meaning_names_what_is_there_and_says_why() -> None:
    knowledge = helpers.knowledge()
    known = {clause.id for clause in knowledge.clauses}
    for meaning in (one for several in score_cases.meanings().values() for one in several):
        assert set(meaning.clauses) <= known, meaning
        assert meaning.because or not (meaning.about or meaning.answer), meaning
        if meaning.answer:
            assert meaning.answer in knowledge.question, meaning
        elif meaning.about:
            assert {*meaning.match, *meaning.compatible} - {"*"} <= options(meaning.about), meaning


def options(decision: str) -> set[str]:
    found = helpers.knowledge().decision[decision.replace("-", "_")]
    if decision == "serving-mode":
        return {"batch", "real-time", "streaming", "edge", "queue"}
    return set(helpers.knowledge().slots[found.candidates]) if found.candidates else {one.id for one in found.options}


def test_each_contradiction_has_a_reason_or_is_known() -> None:
    without = {score.key for score in contradictions() if not score.why}
    assert without == set(SHORTFALLS["contradictions"])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_reason_to_differ_belongs_to_a_contradiction(case: Case) -> None:
    assert set(case.differs) <= {score.about for score in contradictions() if score.case == case.name}


def test_each_decision_mostly_agrees_with_what_was_built() -> None:
    short = {
        about
        for about, (agreed, judged, in_cases) in score_cases.shares(scores()).items()
        if in_cases >= 2 and agreed < ENOUGH * judged
    }
    assert short == set(SHORTFALLS["shares"])
