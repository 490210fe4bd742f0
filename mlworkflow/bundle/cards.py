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
    if before.decision == "stop":
        return BLOCKED
    if not _is_passed(spec, before):
        return CONDITIONAL
    if any(one is not None and _is_broken(one) for one in (during, after)):
        return BACK
    if during is None:
        return APPROVED
    return PRODUCTION if _is_passed(spec, during) else ROLLING


def _is_passed(spec: Spec, outcome: Outcome) -> bool:
    """Whether everything that a phase asks for was shown, on the live path as in the experiment."""
    asked = {one.column("part") for one in gates_of(spec, outcome.phase)}
    return outcome.decision == "go" and set(outcome.parts) == asked


def _is_broken(outcome: Outcome) -> bool:
    """Whether a critical gate failed; one that nobody has shown yet takes nothing back."""
    return any(one.gate.critical and one.verdict == "failed" for one in outcome.judged)


def outcome_of(spec: Spec, record: Mapping[str, Any]) -> Outcome:
    """Return what the values of a record come to by the gates of this design; refuse a record that is not its own."""
    design, phase, parts = (record.get(name) for name in ("design", "phase", "parts"))
    if record.get("record") != IS_A_RECORD or not isinstance(design, Mapping) or phase not in PHASES:
        fix = "mlworkflow gate ANSWERS --evidence FILE --record gate.json"
        raise InputRefused("this is no record of a gate", fix=fix)
    if design.get("answers_sha256") != answers_hash(spec):
        raise InputRefused("this record belongs to other answers", fix="judge the evidence again by these answers")
    rows = record.get("gates")
    rows = rows if isinstance(rows, list) else []
    shown = {str(one.get("key")): Shown(one.get("value")) for one in rows if _was_shown(one)}
    judged_parts = parts if isinstance(parts, Mapping) else {}
    gates = [one for one in gates_of(spec, phase) if one.column("part") in judged_parts]
    outcome = judge(gates, Evidence(shown, "record", ""), phase)
    if record.get("decision") != outcome.decision:
        what = f"this record says {record.get('decision')}, and its values do not"
        raise InputRefused(what, fix="judge the evidence again")
    return outcome


def _was_shown(row: Any) -> bool:
    return isinstance(row, Mapping) and row.get("value") is not None and row.get("verdict") != "unfit"
