"""The artifact chain: seven in order, filled from the answers, blank where nobody can know yet, tied by hashes."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from mlworkflow.artifacts import artifacts, as_data, faults, faults_of_chain, filled, stands_above
from mlworkflow.artifacts.blanks import blanks_in
from mlworkflow.designing import Spec
from mlworkflow.pack.roles import LINKS
from mlworkflow.responsibility import responsibility
from tests import helpers
from tests.sampling import sampled

SAMPLES = range(60)
FIELDS = {
    "dataset-snapshot": ("dataset_id", "sources", "versions", "labels", "point_in_time", "feature_definitions"),
    "training-run": ("parameters", "code", "dependencies", "experiment_log", "baseline_comparison"),
    "evaluation-report": (
        *("offline_metrics", "segment_deltas", "calibration", "shift_checks", "regression_suite", "limits"),
    ),
    "registry-entry": ("input_schema", "output_schema", "data_contracts", "owners", "rollout_rules"),
    "rollout-note": (
        *("release_object", "success_metrics", "blast_radius", "stop_rules", "fallback", "expansion_steps"),
    ),
    "monitoring-signals": ("signals",),
    "retraining-trigger": ("triggers",),
}


@cache
def design(name: str | int) -> Spec:
    return helpers.spec(sampled(name) if isinstance(name, int) else helpers.example(name))


def handed_over(name: str | int) -> list[dict[str, Any]]:
    """Return the chain as a program reads it back from JSON."""
    data: list[dict[str, Any]] = json.loads(json.dumps([as_data(one) for one in artifacts(design(name))]))
    return data


def sha256(one: dict[str, Any]) -> str:
    """Return the hash as the documentation says it, worked out on its own."""
    data = {name: one[name] for name in ("id", "fields", "stands_on")}
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.replace(".0,", ",").replace(".0}", "}").replace(".0]", "]").encode()).hexdigest()


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *SAMPLES])
def test_a_design_has_the_seven_artifacts_with_their_fields_each_with_an_owner(name: str | int) -> None:
    spec = design(name)
    found = artifacts(spec)
    assert tuple(one.id for one in found) == LINKS
    personas = {role.id for role in spec.knowledge.roles if role.set == "lifecycle"}
    for one in found:
        assert set(FIELDS[one.id]) <= set(one.fields), one.id
        assert one.owner in personas
        assert one.stage in {stage.id for stage in spec.knowledge.stages}
        assert one.person or not responsibility(spec).people, one.id  # everybody may be away
        empty = ("{", "not known", "none", *(() if spec.conflicts else ("nothing",)))
        assert not any(word in one.lives_in for word in empty)


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *SAMPLES])
def test_every_blank_is_counted_and_nothing_else(name: str | int) -> None:
    for one in artifacts(design(name)):
        nulls = [at for field, value in one.fields.items() for at in blanks_in(value, field)]
        assert sorted(nulls) == sorted(one.missing)
        assert {blank.asks for blank in one.open_answers} <= set(design(name).knowledge.question)


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *SAMPLES])
def test_each_hash_follows_from_fields_and_from_what_it_stands_on(name: str | int) -> None:
    chain = handed_over(name)
    by_id = {one["id"]: one for one in chain}
    for place, one in enumerate(chain):
        assert one["hash"] == sha256(one)
        assert all(one["stands_on"][id] == by_id[id]["hash"] for id in one["stands_on"])
        assert set(one["stands_on"]) <= {other["id"] for other in chain[:place]}
    assert faults_of_chain(chain) == {}


@pytest.mark.parametrize("edited", LINKS)
@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_an_edited_artifact_breaks_itself_and_those_that_stand_on_it(name: str, edited: str) -> None:
    chain = handed_over(name)
    one = next(one for one in chain if one["id"] == edited)
    one["fields"]["added"] = "by hand"
    assert tuple(faults_of_chain(chain)) == (edited, *stands_above(edited))
    one["hash"] = sha256(one)
    assert tuple(faults_of_chain(chain)) == stands_above(edited)


def test_the_lineage_reaches_from_data_to_everything_and_from_the_last_to_nothing() -> None:
    assert stands_above(LINKS[0]) == LINKS[1:]
    assert stands_above("rollout-note") == ("monitoring-signals", "retraining-trigger")
    assert stands_above(LINKS[-1]) == ()


def test_an_artifact_that_is_left_out_is_missed() -> None:
    chain = handed_over("churn")
    found = faults_of_chain([one for one in chain if one["id"] != "evaluation-report"])
    assert "evaluation-report" in found["registry-entry"]
    assert "not there" in found["registry-entry"]


@pytest.mark.parametrize("thing", [None, 3, "text", [], {}, {"id": "training-run"}, {"id": "x", "stands_on": 3}])
def test_what_is_no_artifact_is_said_to_be_none(thing: Any) -> None:
    assert faults(artifacts(design("churn"))[1], thing)
    assert faults_of_chain([thing])


def test_a_handed_over_artifact_is_judged_by_field_and_by_hash() -> None:
    wanted = artifacts(design("churn"))[0]
    given = json.loads(json.dumps(as_data(wanted)))
    assert set(faults(wanted, given)) == {f"dataset-snapshot: {at} is blank" for at in wanted.missing}
    del given["fields"]["labels"]
    assert "dataset-snapshot: the field labels is missing" in faults(wanted, given)
    assert any("hash does not fit" in one for one in faults(wanted, given))


def complete(value: Any) -> Any:
    """Return fields with something in every blank."""
    if isinstance(value, dict):
        return {key: complete(one) for key, one in value.items()}
    if isinstance(value, list):
        return [complete(one) for one in value]
    return "given" if value is None else value


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_a_chain_that_is_filled_from_below_is_taken_over_without_a_word(name: str) -> None:
    below: dict[str, str] = {}
    for wanted in artifacts(design(name)):
        made = filled(wanted, complete(wanted.fields), below)
        assert made.missing == ()
        given = json.loads(json.dumps(as_data(made)))
        assert faults(wanted, given, below) == ()
        if wanted.stands_on:
            assert any("stands on another" in one for one in faults(wanted, given))
        below[made.id] = made.hash


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *SAMPLES])
def test_the_schemas_of_the_registry_entry_are_schemas(name: str | int) -> None:
    entry = artifacts(design(name))[3].fields
    for schema in (entry["input_schema"], entry["output_schema"]):
        if schema is not None:
            jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", [*helpers.EXAMPLES, *SAMPLES])
def test_stop_rules_can_be_held_by_a_program_and_triggers_lead_to_four_outcomes(name: str | int) -> None:
    chain = {one.id: one for one in artifacts(design(name))}
    note, trigger = chain["rollout-note"].fields, chain["retraining-trigger"].fields
    assert note["stop_rules"]
    unknown = {blank.at for blank in chain["rollout-note"].blanks}
    for rule in note["stop_rules"]:
        known = rule["value"] is not None or any(f"stop_rules[{rule['metric']}]" in at for at in unknown)
        assert known
        assert rule["metric"]
        assert rule["op"] in ("<=", ">=", "==", "in")
    four = {"refresh_dataset", "update_threshold", "retrain", "revise_policy"}
    assert {one["outcome"] for one in trigger["triggers"]} <= four
    assert "revise_policy" in {one["outcome"] for one in trigger["triggers"]}
    assert len(chain["monitoring-signals"].fields["signals"]) == 6


def test_what_nobody_said_is_blank_with_the_question_that_asks_for_it() -> None:
    chain = {one.id: one for one in artifacts(helpers.spec(helpers.answers({})))}
    asked = {blank.at: blank.asks for blank in chain["dataset-snapshot"].open_answers}
    assert {"dataset_id": "dataset", "sources": "sources", "feature_definitions": "features"}.items() <= asked.items()
    assert chain["dataset-snapshot"].fields["sources"] is None
    told = {"dataset": "d", "sources": [{"name": "orders"}], "features": [{"name": "f", "source": "orders"}]}
    after = artifacts(helpers.spec(helpers.answers(told)))[0]
    assert not {"dataset_id", "sources", "feature_definitions"} & set(after.missing)
    assert "sources[orders].kind" in after.assumed


def test_one_answer_changes_the_hash_of_what_holds_it_and_of_all_that_stand_on_it() -> None:
    one = {a.id: a.hash for a in artifacts(helpers.spec(helpers.answers({"approver": "Ann"})))}
    other = {a.id: a.hash for a in artifacts(helpers.spec(helpers.answers({"approver": "Bob"})))}
    changed = [id for id in LINKS if one[id] != other[id]]
    assert changed == ["registry-entry", *stands_above("registry-entry")]


def test_a_language_model_hands_over_a_bundle_a_golden_set_and_an_index() -> None:
    chain = {one.id: one for one in artifacts(design("support-assistant"))}
    assert chain["dataset-snapshot"].fields["golden_set"]["cases"] == 120
    assert chain["dataset-snapshot"].fields["index"]["store"] == "pgvector"
    assert "prompt_version" in chain["training-run"].fields["bundle"]
    assert chain["rollout-note"].fields["release_object"] == "bundle"
    assert "index" not in artifacts(design("churn"))[0].fields
