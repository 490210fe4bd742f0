"""The record of one decision: hashes of design and evidence, each gate with its verdict, and who decides."""

from __future__ import annotations

import hashlib
from typing import Any

from mlworkflow import __version__
from mlworkflow.answers import to_toml
from mlworkflow.designing import Spec
from mlworkflow.gates.evidence import Evidence
from mlworkflow.gates.judging import Judged, Outcome

SCHEMA = 1
IS_A_RECORD = "release gate"


def record(spec: Spec, fingerprint: str, evidence: Evidence, outcome: Outcome, date: str = "") -> dict[str, Any]:
    """Return the record; the same design, evidence and day give the same record."""
    return {
        "schema": SCHEMA,
        "record": IS_A_RECORD,
        "design": {
            "name": spec.answers.value("name"),
            "fingerprint": fingerprint,
            "answers_sha256": answers_hash(spec),
            "program": __version__,
            "catalog": spec.knowledge.catalog_date,
            "packs": list(spec.knowledge.packs),
        },
        "evidence": {"sha256": evidence.sha256, "format": evidence.format},
        "phase": outcome.phase,
        "date": date or None,
        "decision": outcome.decision,
        "parts": outcome.parts,
        "decided_by": decider(spec),
        "gates": [judged_row(one) for one in outcome.judged],
        "unused": list(outcome.unused),
    }


def answers_hash(spec: Spec) -> str:
    """Return the hash of what was said: it ties a record to its design."""
    return hashlib.sha256(to_toml(spec.knowledge, spec.answers).encode()).hexdigest()


def is_a_record(text: bytes) -> bool:
    """Whether the text is a record of ours."""
    import json

    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("record") == IS_A_RECORD


def decider(spec: Spec) -> str | None:
    """Return the person who says stop or go, or None where nobody is named."""
    return str(spec.value("approver")) if spec.known("approver") else None


def judged_row(one: Judged) -> dict[str, Any]:
    """Return a judged gate as plain values."""
    gate, shown = one.gate, one.shown
    return {
        "id": gate.id,
        "verdict": one.verdict,
        "weighs": one.weighs,
        "says": one.says,
        "key": gate.key,
        "value": one.value,
        "unit": gate.measure.name,
        "op": gate.op,
        "limit": list(gate.limit) if isinstance(gate.limit, tuple) else gate.limit,
        "wanted": gate.wanted,
        "owner": gate.owner,
        "part": gate.column("part"),
        "critical": gate.critical,
        "back_to": gate.column("back_to"),
        "act": gate.column("act"),
        "date": (shown.date if shown else "") or None,
        "source": (shown.source if shown else "") or None,
    }
