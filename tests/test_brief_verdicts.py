"""Whole briefs that no row was written for: what experts of each field insist on, and reasons that name the case."""

from __future__ import annotations

import tomllib
from functools import cache

import pytest

from mlworkflow.answers import Layer, gather
from mlworkflow.decision import SIMPLEST
from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from tests import helpers

FOLDER = helpers.TESTS / "briefs"
WANTED = tomllib.loads((helpers.TESTS / "data" / "brief-verdicts.toml").read_text("utf-8"))
CASES = [(brief, decision, choice) for brief, wanted in WANTED.items() for decision, choice in wanted.items()]


@cache
def spec(brief: str) -> Spec:
    """Return the design of a brief."""
    raw = tomllib.loads((FOLDER / f"{brief}.toml").read_text("utf-8"))
    return helpers.spec(gather(helpers.knowledge(), [Layer("file", raw, lambda *keys: str(keys))]))


def test_every_brief_is_judged() -> None:
    assert set(WANTED) <= {path.stem for path in FOLDER.glob("*.toml")}


@pytest.mark.parametrize(("brief", "decision", "choice"), CASES, ids=[f"{b}: {d}" for b, d, _ in CASES])
def test_the_choice_is_what_an_expert_of_the_field_would_make(brief: str, decision: str, choice: str) -> None:
    verdict = spec(brief).by_id[decision]
    assert verdict.chosen == choice, "; ".join(str(because.says) for because in verdict.because)


@pytest.mark.parametrize("brief", WANTED)
def test_no_choice_rests_on_a_sentence_that_stands_everywhere(brief: str) -> None:
    for verdict in spec(brief).verdicts:
        if verdict.applies and not verdict.decision.candidates:
            assert str(verdict.because[0].says) != SIMPLEST, verdict.id


@pytest.mark.parametrize("brief", WANTED)
def test_a_brief_becomes_a_document(brief: str) -> None:
    assert render(spec(brief)).startswith("# ML Workflow: ")
