"""Answers become a design: flips that come true, open questions that say what hangs on them, clauses that hold."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from mlworkflow.answers import gather
from mlworkflow.answers.writing import literal
from mlworkflow.designing import Spec
from mlworkflow.errors import InputRefused
from mlworkflow.experience import case
from tests import helpers
from tests.sampling import sampled

KNOWLEDGE = helpers.knowledge()
Claim = tuple[str, str | None]


def claims(spec: Spec) -> Iterator[tuple[str, Any, list[Claim]]]:
    """Yield each single changed answer with every choice that it is said to change."""
    found: dict[tuple[str, str], tuple[str, Any, list[Claim]]] = {}
    for verdict in spec.verdicts:
        for flip in verdict.flips:
            key = (flip.answer, repr(flip.value))
            found.setdefault(key, (flip.answer, flip.value, []))[2].append((verdict.id, flip.choice))
    yield from found.values()


@cache
def after(name: str, answer: str, written: str) -> dict[str, str | None] | None:
    """Return the choices once the example's file says something else, or nothing where that contradicts the rest."""
    values = {**helpers.example_values(name), answer: tomllib.loads(f"x = {written}")["x"]}
    try:
        answers = gather(KNOWLEDGE, [helpers.layer(values)])
    except InputRefused:
        return None
    return {id: verdict.chosen for id, verdict in helpers.verdicts(answers).items()}


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_every_flip_comes_true_when_the_file_is_changed_so(name: str) -> None:
    spec = helpers.example_spec(name)
    before = {id: verdict.chosen for id, verdict in spec.by_id.items()}
    tried = 0
    for answer, value, claimed in claims(spec):
        choices = after(name, answer, literal(KNOWLEDGE.question[answer], value))
        if choices is None:
            continue
        for id, choice in claimed:
            tried += 1
            assert choices[id] == choice, (answer, value, id)
            assert before[id] != choice, (answer, value, id)
    assert tried > 50


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_no_choice_changes_by_a_flip_without_being_claimed(name: str) -> None:
    spec = helpers.example_spec(name)
    for answer, value, claimed in claims(spec):
        choices = after(name, answer, literal(KNOWLEDGE.question[answer], value))
        if choices is None:
            continue
        moved = {id for id, verdict in spec.by_id.items() if id in choices and choices[id] != verdict.chosen}
        assert moved == {id for id, _ in claimed}, (answer, value)


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_a_flip_is_another_answer_than_the_one_given(name: str) -> None:
    spec = helpers.example_spec(name)
    for verdict in spec.verdicts:
        seen = [(flip.answer, repr(flip.value)) for flip in verdict.flips]
        assert len(seen) == len(set(seen)), verdict.id
        for flip in verdict.flips:
            assert flip.value != spec.answers.value(flip.answer), verdict.id
            assert flip.choice != verdict.chosen, verdict.id


def test_what_a_person_decided_flips_with_no_answer() -> None:
    values = {
        "decided": [{"decision": "feature-store", "option": "none", "reason": "one model"}],
        "features_shared": True,
    }
    spec = helpers.spec(helpers.answers(values), flips=True)
    assert spec.by_id["feature-store"].flips == ()
    assert spec.by_id["experiment-tracking"].flips != ()


# ------------------------------------------------------------------ what is open


@pytest.mark.parametrize(
    "values", [{}, {"temporal": "not sure", "cloud": "aws"}, {"problem_type": "generative", "who_waits": "person"}]
)
def test_open_questions_are_those_nobody_answered_with_what_hangs_on_them(values: dict[str, Any]) -> None:
    spec = helpers.spec(helpers.answers(values), flips=True)
    said = {id for id, answer in spec.answers.given() if not answer.unsure}
    assert not said & {one.question.id for one in spec.open}
    for one in spec.open:
        assert one.value == spec.answers.value(one.question.id)
        for decision, value, choice in one.hangs:
            assert any(
                (flip.answer, flip.value, flip.choice) == (one.question.id, value, choice)
                for flip in spec.by_id[decision].flips
            )
    weights = [one.weight for one in spec.open]
    assert weights == sorted(weights, reverse=True)


def test_a_question_that_does_not_come_up_is_not_open() -> None:
    spec = helpers.spec(helpers.answers({}), flips=True)
    asked = {one.question.id for one in spec.open}
    assert "tokens_in" not in asked
    assert "cloud" in asked
    assert "evaluation_metric" not in asked  # a wish is no open question


def test_not_sure_about_a_wish_opens_it() -> None:
    spec = helpers.spec(helpers.answers({"retraining": "not sure"}), flips=True)
    assert "retraining" in {one.question.id for one in spec.open}


# ------------------------------------------------------------------ clauses


def test_a_clause_stands_exactly_where_its_condition_holds() -> None:
    for seed in range(8):
        spec = helpers.spec(sampled(seed))
        applied = [one.id for one in (*spec.clauses, *spec.linted)]
        assert len(applied) == len(set(applied))
        wanted = []
        for clause in KNOWLEDGE.clauses:
            for subject in spec.world.subjects(clause.for_each) if clause.for_each else (None,):
                test = KNOWLEDGE.test(clause.tree)
                if test is None or test(spec.world.look(clause.for_each, subject)) is True:
                    wanted.append(f"{clause.id}[{subject.id}]" if subject else clause.id)
        if case(spec.world) is None:
            assert sorted(applied) == sorted(wanted)
        else:  # a usual case brings lines of its own, which may stand for general ones
            known = {clause.id for clause in KNOWLEDGE.clauses}
            assert {id for id in applied if id.split("[")[0] in known} <= set(wanted)


def test_the_weightiest_clause_of_a_kind_comes_first() -> None:
    for name in helpers.EXAMPLES:
        spec = helpers.example_spec(name)
        for kind in {one.clause.kind for one in spec.clauses}:
            weights = [one.clause.weight for one in spec.kind(kind)]
            assert weights == sorted(weights, reverse=True), kind


def test_no_clause_has_a_placeholder_left() -> None:
    for seed in range(20):
        for one in helpers.spec(sampled(seed)).clauses:
            for sentence in (one.says, one.because, *one.columns.values()):
                assert "{" not in str(sentence), one.id


# ------------------------------------------------------------------ the whole


def test_a_design_is_a_function_of_its_answers() -> None:
    for seed in range(5):
        one, two = (helpers.spec(sampled(seed), flips=True) for _ in range(2))
        assert one.verdicts == two.verdicts
        assert one.clauses == two.clauses
        assert one.open == two.open


def test_conflicts_are_findings_not_crashes() -> None:
    for seed in range(150):
        spec = helpers.spec(sampled(seed))
        for verdict in spec.conflicts:
            assert verdict.chosen is None
            assert verdict.lost
            assert all(lost.because for lost in verdict.lost)
            assert spec.by_id[verdict.id] is verdict
