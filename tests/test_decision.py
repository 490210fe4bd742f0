"""Strike out, prefer in order, take the simplest: exactly one option, and a deciding row for every other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlworkflow.clause import Sentence
from mlworkflow.decision import Decision, Option, Plan, Row, Verdict, judge, overrule

OPTIONS = ("one", "two", "three")
Written = tuple[str, str | tuple[str, ...], bool]


def judged(out: Sequence[Written] = (), liked: Sequence[Written] = (), weak: Sequence[str] = ()) -> Verdict:
    """Judge rows given as id, options, and whether their condition holds."""
    rows = [Row(id, f"of {id}", option=option, weak=id in weak) for id, option, _ in (*out, *liked)]
    holding = [holds for _, _, holds in (*out, *liked)]
    decision = Decision(
        "d",
        "?",
        "D",
        "s",
        tuple(Option(id, id) for id in OPTIONS),
        rules_out=tuple(rows[: len(out)]),
        prefers=tuple(rows[len(out) :]),
    )
    strikes = {
        option: tuple((index, index) for index, row in enumerate(decision.rules_out) if row.speaks_of(option))
        for option in OPTIONS
    }
    likes: tuple[Mapping[str, int], ...] = tuple(
        {option: len(out) + index for option in OPTIONS if row.speaks_of(option)}
        for index, row in enumerate(decision.prefers)
    )
    return judge(
        decision, Plan(OPTIONS, strikes, likes), holding.__getitem__, lambda row, option: Sentence(row.because)
    )


def reasons(verdict: Verdict) -> dict[str, tuple[str, ...]]:
    return {lost.option: tuple(because.row for because in lost.because) for lost in verdict.lost}


def why(verdict: Verdict) -> list[str]:
    return [because.row for because in verdict.because]


def test_the_default_is_the_simplest() -> None:
    verdict = judged()
    assert verdict.chosen == "one"
    assert reasons(verdict) == {"two": ("simplest",), "three": ("simplest",)}
    assert why(verdict) == ["simplest"]


def test_a_row_strikes_only_while_its_condition_is_true() -> None:
    assert judged(out=[("r", "one", True)]).chosen == "two"
    assert judged(out=[("r", "one", False)]).chosen == "one"


def test_all_reasons_against_a_struck_option_are_kept() -> None:
    verdict = judged(out=[("a", "one", True), ("b", ("one", "two"), True), ("c", "one", False)])
    assert verdict.chosen == "three"
    assert reasons(verdict) == {"one": ("a", "b"), "two": ("b",)}


def test_the_first_preference_outvotes_all_later_ones() -> None:
    verdict = judged(liked=[("a", "three", True), ("b", "two", True), ("c", "two", True)])
    assert verdict.chosen == "three"
    assert reasons(verdict) == {"one": ("a",), "two": ("a",)}


def test_a_preference_is_a_sieve_and_the_next_one_sifts_what_is_left() -> None:
    verdict = judged(liked=[("a", ("two", "three"), True), ("b", "three", True)])
    assert verdict.chosen == "three"
    assert reasons(verdict) == {"one": ("a",), "two": ("b",)}
    assert why(verdict) == ["a", "b"]


def test_a_preference_for_all_that_stand_or_for_none_decides_nothing() -> None:
    assert reasons(judged(liked=[("a", OPTIONS, True)])) == {"two": ("simplest",), "three": ("simplest",)}
    verdict = judged(out=[("r", "three", True)], liked=[("a", "three", True)])
    assert verdict.chosen == "one"
    assert why(verdict) == ["simplest"]


def test_a_preference_never_brings_back_what_was_struck() -> None:
    assert judged(out=[("r", "two", True)], liked=[("a", ("two", "three"), True)]).chosen == "three"


def test_nothing_left_is_a_conflict_with_every_reason() -> None:
    verdict = judged(out=[("a", OPTIONS, True), ("b", "two", True)], liked=[("c", "two", True)])
    assert verdict.conflict
    assert verdict.chosen is None
    assert reasons(verdict) == {"one": ("a",), "two": ("a", "b"), "three": ("a",)}


def test_a_verdict_that_does_not_apply_is_no_conflict() -> None:
    decision = Decision("d", "?", "D", "s")
    assert not Verdict(decision, "", None, (), (), applies=False).conflict


def test_a_weak_reason_is_never_given_first() -> None:
    assert why(judged(liked=[("a", ("two", "three"), True), ("b", "two", True)], weak=["a"])) == ["b", "a"]
    assert why(judged(liked=[("a", "two", True)], weak=["a"]))[0] != "a"


def test_where_all_others_were_struck_the_first_reason_against_the_simplest_is_said() -> None:
    assert why(judged(out=[("r", ("one", "two"), True)])) == ["r"]


written = st.lists(
    st.tuples(
        st.uuids().map(str), st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True).map(tuple), st.booleans()
    ),
    max_size=5,
)


@given(out=written, liked=written)
def test_every_option_is_chosen_or_lost_and_every_loser_has_a_row_that_held(out: Any, liked: Any) -> None:
    verdict = judged(out, liked)
    lost = reasons(verdict)
    assert {*lost, verdict.chosen} - {None} == set(OPTIONS)
    assert verdict.chosen not in lost
    rows = {id: (options, holds) for id, options, holds in (*out, *liked)}
    for option, ids in lost.items():
        assert ids
        for id in ids:
            if id == "simplest":
                assert verdict.chosen is not None
                assert OPTIONS.index(verdict.chosen) < OPTIONS.index(option)
            else:
                options, holds = rows[id]
                assert holds
                struck = id in [one for one, _, _ in out]
                assert (option in options) is struck
                assert struck or verdict.chosen in options


@given(out=written, liked=written)
def test_a_row_that_does_not_hold_changes_nothing(out: Any, liked: Any) -> None:
    whole = judged(out, liked)
    left = judged([row for row in out if row[2]], [row for row in liked if row[2]])
    assert (whole.chosen, reasons(whole), why(whole)) == (left.chosen, reasons(left), why(left))


@given(out=written, liked=written, extra=st.sampled_from(OPTIONS))
def test_one_more_preference_at_the_end_never_undoes_an_earlier_one(out: Any, liked: Any, extra: str) -> None:
    before = judged(out, liked)
    after = judged(out, [*liked, ("extra", extra, True)])
    settled = {option for option, ids in reasons(before).items() if ids != ("simplest",)}
    assert settled <= set(reasons(after))


# ------------------------------------------------------------------ a person decides otherwise


def test_overruling_keeps_what_the_rows_say_against_it() -> None:
    verdict = overrule(judged(out=[("a", "two", True), ("b", "two", True)]), "two", "we know it")
    assert verdict.chosen == "two"
    assert verdict.overruled is not None
    assert (verdict.overruled.instead_of, verdict.overruled.reason) == ("one", "we know it")
    assert [because.row for because in verdict.overruled.warnings] == ["a", "b"]
    assert reasons(verdict) == {"one": ("overruled",), "three": ("simplest",)}


def test_overruling_with_what_the_rows_choose_warns_of_nothing() -> None:
    verdict = overrule(judged(), "one", "fine")
    assert verdict.chosen == "one"
    assert verdict.overruled is not None
    assert verdict.overruled.warnings == ()
    assert set(reasons(verdict)) == {"two", "three"}


def test_overruling_settles_a_conflict() -> None:
    verdict = overrule(judged(out=[("a", OPTIONS, True)]), "three", "we must")
    assert not verdict.conflict
    assert verdict.overruled is not None
    assert verdict.overruled.instead_of is None
    assert set(reasons(verdict)) == {"one", "two"}


@pytest.mark.parametrize("subject", ["", "batch"])
def test_a_verdict_is_called_after_its_decision_and_subject(subject: str) -> None:
    verdict = Verdict(Decision("scaling", "?", "S", "s"), subject, "one", (), ())
    assert verdict.id == ("scaling[batch]" if subject else "scaling")
