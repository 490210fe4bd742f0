"""The model card: its JSON form, whose status follows from gate records alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mlworkflow.artifacts import Artifact, artifacts, as_data
from mlworkflow.designing import Spec
from mlworkflow.errors import InputRefused
from mlworkflow.gates import Evidence, Outcome, Shown, gates_of, judge
from mlworkflow.gates.gate import PHASES
from mlworkflow.gates.record import IS_A_RECORD, answers_hash

# A design has released nothing yet.
UNRELEASED = "0.0.0"
# The five stages of the card, each with the persona that answers for it and the artifacts that it hands over.
STAGES = (
    ("data_pipeline", "POR", ("dataset-snapshot",), ()),
    ("feature_engineering", "FAR", ("dataset-snapshot",), ("feature_definitions", "point_in_time")),
    ("training", "ESC", ("training-run", "evaluation-report"), ()),
    ("inference", "IOR", ("registry-entry",), ()),
    ("deployment", "MOS", ("rollout-note", "monitoring-signals"), ()),
)
DESIGNED, BLOCKED, CONDITIONAL, APPROVED = "designed", "blocked", "conditional", "approved"
ROLLING, BACK, PRODUCTION = "rolling-out", "rolled-back", "production"


def card(spec: Spec, records: Sequence[Mapping[str, Any]] = (), version: str = UNRELEASED) -> dict[str, Any]:
    """Return the model card with exactly the keys that programs expect of it; without records its score is null."""
    found = {one.id: one for one in artifacts(spec)}
    outcomes = [outcome_of(spec, one) for one in records]
    return {
        "model_name": spec.answers.value("name"),
        "version": version,
        "pipeline_stages": [
            {"stage": stage, "persona": persona, "summary_length": sum(_length(found[id], fields) for id in ids)}
            for stage, persona, ids, fields in STAGES
        ],
        "quality_score": _score(spec, outcomes),
        "deployment_status": status(spec, outcomes),
    }


def _length(artifact: Artifact, only: Sequence[str]) -> int:
    """Return how many characters a stage hands over: its fields as JSON."""
    fields = as_data(artifact)["fields"]
    kept = {name: value for name, value in fields.items() if not only or name in only}
    return len(json.dumps(kept, ensure_ascii=False))


def _score(spec: Spec, outcomes: Sequence[Outcome]) -> float | None:
    """Return the deciding metric as it was shown before the rollout, on data that decided nothing."""
    key = spec.value("deciding_metric_key")
    values = [one.value for outcome in outcomes for one in outcome.judged if one.gate.key == key]
    return next((value for value in reversed(values) if isinstance(value, float)), None)


def status(spec: Spec, outcomes: Sequence[Outcome]) -> str:
    """Return how far the model is: production only after every gate before and during the rollout was passed."""
    by_phase = {outcome.phase: outcome for outcome in outcomes}
    before, during, after = (by_phase.get(phase) for phase in PHASES)
    if before is None:
        return DESIGNED
    if before.decision != "go":
        return BLOCKED if before.decision == "stop" else CONDITIONAL
    if any(one is not None and one.decision == "stop" for one in (during, after)):
        return BACK
    if during is None:
        return APPROVED
    return PRODUCTION if during.decision == "go" else ROLLING


def outcome_of(spec: Spec, record: Mapping[str, Any]) -> Outcome:
    """Return what the values of a record come to by the gates of this design, or refuse a record that is not its own."""
    design = record.get("design")
    if record.get("record") != IS_A_RECORD or not isinstance(design, Mapping) or record.get("phase") not in PHASES:
        raise InputRefused(
            "this is no record of a gate", fix="mlworkflow gate ANSWERS --evidence FILE --record gate.json"
        )
    if design.get("answers_sha256") != answers_hash(spec):
        raise InputRefused("this record belongs to other answers", fix="judge the evidence again by these answers")
    phase, rows = str(record["phase"]), record.get("gates")
    shown = {str(one.get("key")): Shown(one.get("value")) for one in rows or () if _was_shown(one)}
    outcome = judge(gates_of(spec, phase), Evidence(shown, "record", ""), phase)
    if record.get("decision") == "go" and outcome.decision == "stop" and not _is_of_one_part(spec, record):
        raise InputRefused("this record says go, and its values do not", fix="judge the evidence again")
    return outcome


def _was_shown(row: Any) -> bool:
    return isinstance(row, Mapping) and row.get("value") is not None and row.get("verdict") != "unfit"


def _is_of_one_part(spec: Spec, record: Mapping[str, Any]) -> bool:
    """Whether only the live path or only the experiment was judged; the other half then counts as not shown."""
    parts = record.get("parts")
    return isinstance(parts, Mapping) and set(parts) < {one.column("part") for one in gates_of(spec, record["phase"])}
