"""Each name is worked out once with everything that it read, and a changed answer gives what a new design gives."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlworkflow.answers import gather
from mlworkflow.change import other_values
from mlworkflow.decision import Verdict
from mlworkflow.errors import InputRefused
from mlworkflow.facts import FACTS
from mlworkflow.figures import FIGURES, Worked
from mlworkflow.question import Answer, Answers, Question
from mlworkflow.tool import Tool
from mlworkflow.world import Changed, World
from tests import helpers
from tests.sampling import drawn, mended, sampled

KNOWLEDGE = helpers.knowledge()
CHANGEABLE = [
    one
    for one in KNOWLEDGE.questions
    if one.kind in ("choice", "choices", "flag", "number", "count", "duration", "rate", "share", "size", "money")
]


def judged(answers: Answers, decided: Mapping[str, tuple[str, str]] | None = None) -> World:
    """Return a world in which every decision was judged."""
    world = World(KNOWLEDGE, answers, decided)
    for decision in KNOWLEDGE.decisions:
        world.verdicts(decision)
    return world


def found(world: World) -> dict[str, str | None]:
    return {
        verdict.id: verdict.chosen for decision in KNOWLEDGE.decisions for verdict in world.verdicts(decision).values()
    }


def applies(world: World) -> dict[str, bool]:
    return {
        verdict.id: verdict.applies for decision in KNOWLEDGE.decisions for verdict in world.verdicts(decision).values()
    }


def with_answer(answers: Answers, id: str, value: Any) -> Answers:
    return Answers({**answers.by_id, id: Answer(value, "file")})


def other(question: Question, answers: Answers, dice: random.Random) -> Any:
    """Return another value of an answer, or nothing at all."""
    some = list(other_values(KNOWLEDGE, question, answers.value(question.id)))
    return dice.choice([*some, None]) if some else None


# ------------------------------------------------------------------ what a change changes


@given(seed=st.integers(0, 10**6), more=st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_a_changed_answer_gives_the_verdicts_of_a_whole_new_design(seed: int, more: int) -> None:
    dice = random.Random(more)
    answers = sampled(seed % 3000)
    world = judged(answers)
    for question in dice.sample(CHANGEABLE, 6):
        value = other(question, answers, dice)
        changed = Changed(world, question.id, value)
        anew = judged(with_answer(answers, question.id, value))
        assert found(changed) == found(anew), (question.id, value)
        assert applies(changed) == applies(anew), (question.id, value)


@given(seed=st.integers(0, 10**6), more=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_changed_answer_gives_what_a_changed_file_gives(seed: int, more: int) -> None:
    """What is assumed from the changed answer is assumed anew, as it would be when the file is read."""
    dice = random.Random(more)
    values = {
        id: value
        for id, value in drawn(seed % 3000).items()
        if KNOWLEDGE.question[id].kind in ("choice", "flag", "choices", "text")
    }
    values = {id: value for id, value in values.items() if not KNOWLEDGE.question[id].wish}
    values, answers = mended(values, {})
    world = judged(answers)
    asked = [one for one in KNOWLEDGE.questions if one.kind in ("choice", "flag") and not one.wish]
    for question in dice.sample(asked, 4):
        value = other(question, world.answers, dice)
        if value is None:
            continue
        try:
            anew = judged(gather(KNOWLEDGE, [helpers.layer({**values, question.id: value})]))
        except InputRefused:
            continue
        assert found(Changed(world, question.id, value)) == found(anew), (question.id, value)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_what_a_person_decided_stands_whatever_answer_is_changed(seed: int) -> None:
    dice = random.Random(seed)
    answers = sampled(seed % 3000)
    plain = [one for one in KNOWLEDGE.decisions if one.options and not one.for_each]
    decided = {one.id: (dice.choice(one.options).id, "a reason") for one in dice.sample(plain, 3)}
    world = judged(answers, decided)
    for question in dice.sample(CHANGEABLE, 3):
        value = other(question, answers, dice)
        changed = found(Changed(world, question.id, value))
        assert changed == found(judged(with_answer(answers, question.id, value), decided)), (question.id, value)
        for id, (option, _) in decided.items():
            assert changed[id] in (option, None)  # None where the decision does not apply any more


@given(seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_a_changed_world_leaves_the_first_one_as_it_was(seed: int) -> None:
    dice = random.Random(seed)
    world = judged(sampled(seed % 500))
    values, reads = dict(world.values), {name: dict(read) for name, read in world.reads.items()}
    for question in dice.sample(CHANGEABLE, 3):
        found(Changed(world, question.id, other(question, world.answers, dice)))
    assert world.values == values
    assert world.reads == reads


# ------------------------------------------------------------------ what was read


@given(seed=st.integers(0, 10**6), more=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_an_answer_that_is_not_read_cannot_matter(seed: int, more: int) -> None:
    dice = random.Random(more)
    answers = sampled(seed % 3000)
    world = judged(answers)
    unread = [one for one in CHANGEABLE if one.id not in world.values]
    for question in dice.sample(unread, min(6, len(unread))):
        value = other(question, answers, dice)
        assert found(judged(with_answer(answers, question.id, value))) == found(world), question.id


@given(seed=st.integers(0, 10**6), more=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_decision_changes_only_where_it_depends_on_the_answer(seed: int, more: int) -> None:
    dice = random.Random(more)
    answers = sampled(seed % 3000)
    world = judged(answers)
    question = dice.choice([one for one in CHANGEABLE if one.id in world.values])
    affected = world.dependents(question.id)
    anew = judged(with_answer(answers, question.id, other(question, answers, dice)))
    for decision in KNOWLEDGE.decisions:
        if decision.name not in affected:
            before, after = world.verdicts(decision), anew.verdicts(decision)
            assert {key: one.chosen for key, one in before.items()} == {key: one.chosen for key, one in after.items()}


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_a_verdict_names_the_facts_that_it_read_and_each_has_a_meaning(name: str) -> None:
    spec = helpers.example_spec(name)
    known = {*KNOWLEDGE.question, *FACTS, *FIGURES, *KNOWLEDGE.decision, "chosen_tools", "dead_tools"}
    for verdict in spec.verdicts:
        assert set(verdict.read) <= known, verdict.id
        assert len(set(verdict.read)) == len(verdict.read)
        assert verdict.decision.name not in verdict.read


def test_what_decided_is_among_what_was_read() -> None:
    verdicts = helpers.verdicts(helpers.answers({"features_shared": True}))
    assert verdicts["feature-store"].chosen == "batch-tables"
    assert "features_shared" in verdicts["feature-store"].read


def test_each_name_is_worked_out_once() -> None:
    asked: list[str] = []

    class Counted(World):
        def _work_out(self, name: str) -> Any:
            asked.append(name)
            return super()._work_out(name)

    world = Counted(KNOWLEDGE, helpers.example("churn"))
    for _ in range(2):
        for decision in KNOWLEDGE.decisions:
            world.verdicts(decision)
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_asking_does_not_matter(seed: int) -> None:
    answers = sampled(seed)
    wanted = found(judged(answers))
    world = World(KNOWLEDGE, answers)
    names = [*(one.name for one in KNOWLEDGE.decisions), *FACTS, *FIGURES]
    random.Random(seed).shuffle(names)
    for name in names:
        world.read(name)
    assert found(world) == wanted


@pytest.mark.parametrize("seed", range(20))
def test_every_fact_and_figure_can_be_read_of_any_answers(seed: int) -> None:
    world = World(KNOWLEDGE, sampled(seed))
    for name in FACTS:
        world.read(name)
    for name in FIGURES:
        worked = world.worked(name)
        assert isinstance(worked, Worked)
        assert worked.value is None or not worked.missing
        assert (worked.value is None) or worked.value == worked.value, name  # no nan


# ------------------------------------------------------------------ verdicts of sampled answers


@pytest.mark.parametrize("ten", range(5))
def test_every_option_is_chosen_or_lost_with_a_reason(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        for verdict in helpers.verdicts(sampled(seed)).values():
            options = [one.id for one in verdict.decision.options] or list(
                KNOWLEDGE.slots.get(verdict.decision.candidates, ())
            )
            if verdict.applies:
                assert {verdict.chosen, *(lost.option for lost in verdict.lost)} - {None} == set(options), verdict.id
                assert verdict.because or verdict.conflict, verdict.id
                assert all(lost.because for lost in verdict.lost), verdict.id
            else:
                assert (verdict.chosen, verdict.lost) == (None, ()), verdict.id


def test_a_plan_judges_as_the_rows_themselves_do() -> None:
    """What was worked out when the pack was compiled strikes what the row's own condition strikes."""
    from mlworkflow.condition import compiled

    for seed in range(12):
        world = judged(sampled(seed))
        for decision in KNOWLEDGE.decisions:
            if not decision.candidates or decision.for_each:
                continue
            verdict = world.verdicts(decision)[""]
            if not verdict.applies:
                continue
            lost = {one.option: [because.row for because in one.because] for one in verdict.lost}
            for option in KNOWLEDGE.slots[decision.candidates]:
                look = _look(world, KNOWLEDGE.tool(option))
                rows = [row for row in KNOWLEDGE.in_full(decision).rules_out if row.speaks_of(option)]
                struck = [row.id for row in rows if row.tree is None or compiled(row.tree)(look) is True]
                assert not struck or struck == lost[option], (seed, decision.id, option)


def _look(world: World, tool: Tool) -> Any:
    def read(name: str, attribute: str | None = None, /) -> Any:
        return tool.attribute(attribute or "id") if name == "tool" else world.read(name)

    return read


# ------------------------------------------------------------------ deciding otherwise


def overruled(decided: list[Mapping[str, str]], **values: Any) -> dict[str, Verdict]:
    return helpers.verdicts(helpers.answers({**values, "decided": decided}))


def test_a_person_may_decide_otherwise_and_later_decisions_see_it() -> None:
    because = {"decision": "experiment-tracking", "option": "wandb", "reason": "it is paid for"}
    verdicts = overruled([because], team_size=6, maturity="some-models")
    tracking = verdicts["experiment-tracking"]
    assert tracking.chosen == "wandb"
    assert tracking.overruled is not None
    assert tracking.overruled.reason == "it is paid for"
    assert (
        tracking.overruled.instead_of
        == helpers.choices({"team_size": 6, "maturity": "some-models"})["experiment-tracking"]
    )
    assert verdicts["model-registry"].chosen == "wandb"


def test_one_subject_of_several_can_be_decided_otherwise() -> None:
    values = {"who_waits": "person", "wait": "100ms", "also_batch": True, "baseline_kind": "rules"}
    before = helpers.choices(values)
    because = {"decision": "fallback[real-time]", "option": "default-answer", "reason": "the rule is wrong"}
    verdicts = overruled([because], **values)
    assert verdicts["fallback[real-time]"].chosen == "default-answer"
    assert verdicts["fallback[batch]"].chosen == before["fallback[batch]"]
    assert verdicts["fallback[batch]"].overruled is None


def test_what_a_person_decided_against_warns_with_the_rows_that_it_breaks() -> None:
    because = {"decision": "data-split", "option": "random", "reason": "we always did"}
    verdict = overruled([because], temporal=True)["data-split"]
    assert verdict.overruled is not None
    assert [one.row for one in verdict.overruled.warnings] == ["time-must-not-be-shuffled"]


def test_a_decision_is_judged_for_each_subject() -> None:
    verdicts = helpers.verdicts(helpers.answers({"serving": ["batch", "real-time", "edge"]}))
    assert {id for id in verdicts if id.startswith("scaling[")} == {
        "scaling[batch]",
        "scaling[real-time]",
        "scaling[edge]",
    }


def test_not_sure_is_read_as_not_known_or_as_what_is_assumed() -> None:
    unsure = helpers.answers({"temporal": "not sure", "team_size": "not sure"})
    assert unsure.by_id["temporal"] == replace(unsure.by_id["temporal"], value=None, unsure=True)
    assert World(KNOWLEDGE, unsure).read("team_size") == World(KNOWLEDGE, helpers.answers({})).read("team_size")
    assert helpers.verdicts(unsure).keys() == helpers.verdicts(helpers.answers({})).keys()


# ------------------------------------------------------------------ sentences


@pytest.mark.parametrize("seed", range(10))
def test_no_sentence_has_a_placeholder_left(seed: int) -> None:
    for verdict in helpers.verdicts(sampled(seed)).values():
        for because in (*verdict.because, *(one for lost in verdict.lost for one in lost.because)):
            assert "{" not in str(because.says), (verdict.id, because.row)
            assert str(because.says).strip(), (verdict.id, because.row)
