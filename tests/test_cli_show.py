"""`show`: each part of a design on its own, for people in aligned lines and for programs as data with a version."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from mlworkflow.cli.parts import PARTS
from tests import helpers

if TYPE_CHECKING:
    from tests.conftest import Run

CHURN = "examples/churn/answers.toml"
ASSISTANT = "examples/support-assistant/answers.toml"


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(helpers.ROOT)


def data(main: Run, *words: str) -> Any:
    done = main("show", *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def lines(main: Run, *words: str) -> list[str]:
    done = main("show", *words)
    assert done.returncode == 0, done.stderr
    return list(done.stdout.splitlines())


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_shown_as_lines_and_as_data_with_a_version(main: Run, part: str) -> None:
    assert lines(main, part, CHURN)
    found = data(main, part, CHURN)
    assert (found["schema"], found["part"], found["name"]) == (1, part, "Customer Churn Prediction")


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_its_module(part: str) -> None:
    module = import_module(f"mlworkflow.cli.parts.{part.replace('-', '_')}")
    assert module.__doc__
    assert module.lines
    assert module.data


def test_a_part_that_does_not_exist_is_refused_with_the_nearest(main: Run) -> None:
    done = main("show", "allocatoin", CHURN)
    assert done.returncode == 2
    assert "did you mean 'allocation'?" in done.stderr
    assert "choose one of: roles, allocation, handoffs" in main("show", "xyz").stderr


def test_roles_need_no_answers(main: Run) -> None:
    found = data(main, "roles")
    assert len(found["roles"]) == 11
    assert [one["id"] for one in found["classic"]] == [
        "product", "data-scientist", "ml-engineer", "data-engineer", "platform",
    ]  # fmt: skip
    assert "name" not in found


def test_roles_by_phase_are_the_three_parts_of_the_day(main: Run) -> None:
    shown = lines(main, "roles", "--by", "phase")
    headings = [line for line in shown if line and not line.startswith(" ")]
    assert [line.split(":")[0] for line in headings] == ["Morning", "Midday", "Afternoon"]
    assert [len(one["roles"]) for one in data(main, "roles", "--by", "phase")["phases"]] == [4, 2, 5]


@pytest.mark.parametrize("word", ["MOS", "mos", "Model Ops Steward", "model operations specialist"])
def test_a_role_is_shown_by_any_of_its_names(main: Run, word: str) -> None:
    shown = lines(main, "roles", word)
    assert shown[0] == "MOS: Model Operations Specialist"
    assert "    run a model that nobody monitors" in shown
    assert data(main, "roles", word)["role"]["aliases"] == ["Model Ops Steward"]


def test_a_role_of_a_design_says_who_wears_it(main: Run) -> None:
    assert data(main, "roles", CHURN, "FAR")["role"]["worn_by"] == ["data engineer"]
    assert any(line.split() == ["worn", "by", "data", "engineer"] for line in lines(main, "roles", CHURN, "FAR"))


def test_an_unknown_role_is_refused_with_the_nearest(main: Run) -> None:
    for words in (("roles", "FARR"), ("roles", CHURN, "FARR")):
        done = main("show", *words)
        assert done.returncode == 2
        assert "did you mean 'FAR'?" in done.stderr


def test_a_missing_answers_file_is_not_taken_for_a_role(main: Run) -> None:
    assert main("show", "roles", "nowhere.toml").returncode == 5


def test_an_allocation_needs_a_design(main: Run) -> None:
    done = main("show", "allocation")
    assert done.returncode == 2
    assert "fix: mlworkflow show allocation answers.toml" in done.stderr


def test_the_allocation_of_three_people_with_a_language_model_leaves_nothing_unowned(main: Run) -> None:
    found = data(main, "allocation", ASSISTANT)
    assert found["unowned"] == []
    assert len(found["people"]) == 3
    assert all(one["accountable"] and one["backup"] for one in found["duties"])
    assert [gap["id"] for gap in found["gaps"]] == ["gap-roles-nobody-has"]


def test_a_plan_that_nobody_owns_does_not_pass_as_sound(main: Run) -> None:
    alone = ("--set", "team_size=1", "--set", 'people=[{"name": "Ed", "away": true}]')
    done = main("generate", "--name", "X", "--problem-type", "ranking", "--target", "y: z", *alone, "--strict")
    assert done.returncode == 1
    assert "**Nobody is there to own anything.**" in done.stdout


def test_an_allocation_is_shown_by_person_one_person_and_one_duty(main: Run) -> None:
    shown = lines(main, "allocation", CHURN, "--by", "person")
    assert "product owner: product" in shown
    assert lines(main, "allocation", CHURN, "product owner")[0] == "product owner: product"
    assert lines(main, "allocation", CHURN, "duty-release")[0] == "duty-release: Preparing the release decision"
    assert data(main, "allocation", CHURN, "on-call")["duty"]["persona"] == "MOS"
    assert "did you mean 'duty-release'?" in main("show", "allocation", CHURN, "duty-relaese").stderr


def test_handoffs_without_answers_are_those_of_the_default_map(main: Run) -> None:
    arrows = [line for line in lines(main, "handoffs") if " -> " in line]
    assert len(arrows) == 5
    assert arrows[0] == "Product owner + Data scientist -> Data engineer (full)"
    assert [one["kind"] for one in data(main, "handoffs")["handoffs"]] == ["full"] * 3 + ["partial"] * 2


def test_edited_stage_owners_change_the_handoffs(main: Run) -> None:
    owner = ("--set", "stage_owners=train:ml-engineer")
    kinds = [one["kind"] for one in data(main, "handoffs", CHURN, *owner)["handoffs"]]
    assert kinds == ["full", "full", "same", "partial", "partial"]
    assert any("ML engineer changes hats" in line for line in lines(main, "handoffs", CHURN, *owner))


def test_a_team_of_one_has_no_handoffs_and_its_hats(main: Run) -> None:
    shown = lines(main, "handoffs", CHURN, "--set", "team_size=1")
    assert "no handoffs, 5 hats; where the hat changes:" in shown
    assert data(main, "handoffs", CHURN, "--set", "team_size=1")["between_people"] == 0


def test_one_handoff_is_shown_in_full(main: Run) -> None:
    shown = "\n".join(lines(main, "handoffs", CHURN, "model-to-production"))
    for label in ("gives", "takes", "crosses", "contract", "accepted", "fails as"):
        assert f"  {label} " in shown


def test_a_grouping_that_a_part_does_not_know_is_refused(main: Run) -> None:
    assert "choose phase" in main("show", "roles", "--by", "person").stderr
    assert main("show", "handoffs", "--by", "phase").returncode == 2


def test_a_document_is_shown_as_its_answers_are(main: Run) -> None:
    assert lines(main, "allocation", "examples/churn/workflow.md") == lines(main, "allocation", CHURN)


def test_a_pack_shows_its_roles(main: Run) -> None:
    shown = lines(main, "roles", "Desk Liaison", "--pack", "tests/packs/acme")
    assert shown[0] == "ADL: Desk Liaison"
    assert any(line.split() == ["pack", "acme"] for line in shown)


def test_a_gate_is_shown_by_its_id_its_key_and_its_short_name(main: Run) -> None:
    texts = {main("show", "gates", CHURN, word).stdout for word in ("gate-leakage", "leakage", "leakage_tests_failed")}
    assert len(texts) == 1
    assert "back to   data" in texts.pop()
    assert "did you mean" in main("show", "gates", CHURN, "gate-leakag").stderr


def test_a_signal_leads_to_one_outcome(main: Run) -> None:
    assert "nothing is retrained" in main("show", "signals", CHURN, "dependency").stdout
    assert {one["outcome"] for one in data(main, "signals", CHURN)["signals"]} >= {"incident", "retrain", "investigate"}


def test_the_usual_case_is_shown_with_its_reasons_and_what_is_left_out(main: Run) -> None:
    shown = lines(main, "archetype", CHURN)
    assert shown[0].startswith("churn-and-propensity: churn and propensity, because the target says “churned”")
    assert any(line.strip().startswith("left out:") for line in shown)
    found = data(main, "archetype", CHURN)
    assert found["archetype"]["id"] == "churn-and-propensity"
    assert {one["kind"] for one in found["archetype"]["points"]} == {"feature", "trap", "metric", "rule", "question"}
    assert all(one["in_document"] or one["left_out"] for one in found["archetype"]["points"])


def test_the_usual_cases_are_listed_and_one_shows_the_words_by_which_it_is_known(main: Run) -> None:
    assert len(lines(main, "archetype")) == 14
    one = lines(main, "archetype", "medical-triage")
    assert one[0] == "medical-triage: medical triage"
    assert any(line.strip().startswith("words") and "sepsis" in line for line in one)
