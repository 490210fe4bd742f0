"""Who shows what a gate asks for: the person of the duty from which its evidence comes, the same in every file."""

from __future__ import annotations

from mlworkflow.gates import Gate
from mlworkflow.responsibility import Owned, Responsibility

# Which hat shows a gate or answers a question, by the word that gates and questions use.
HATS = {
    "data": "data-engineer",
    "model": "data-scientist",
    "platform": "platform",
    "product": "product",
    "legal": "product",
}
_JUDGE = ("duty-eval-gate", "duty-golden-set")
_DATA = ("duty-snapshot", "duty-corpus", "duty-data-contract")
_SOURCES = ("duty-data-contract", "duty-corpus")
_PERSONAL = ("duty-privacy", "duty-trace-privacy")
_SERVED = ("duty-serving", "duty-run-ready")
_REVIEW = ("duty-review-queue", "duty-feedback")
_SAFE = ("duty-guardrails", "duty-harm", "duty-golden-set")
# By the gate; the first duty that the design has counts.
_OF_GATE: dict[str, tuple[str, ...]] = {
    "gate-bundle": ("duty-prompt",),
    "gate-explanation": ("duty-model-card",),
    "gate-lineage": _DATA,
    "gate-data-checks": _DATA,
    "gate-reference-clean": _DATA,
    "gate-leakage": _JUDGE,
    "gate-slice-cases": _JUDGE,
    "gate-test-positives": _JUDGE,
    "gate-paired-cases": _JUDGE,
    "gate-agreement": ("duty-golden-set", "duty-label"),
    "gate-contract": ("duty-features", *_DATA),
    "gate-shadow-parity": ("duty-features", *_DATA),
    "gate-rights": _SOURCES,
    "gate-corpus-checks": ("duty-index", *_SOURCES),
    "gate-source-rights": _SOURCES,
    "gate-privacy": _PERSONAL,
    "gate-erasure": _PERSONAL,
    "gate-release-owner": ("duty-release",),
    "gate-outside-review": ("duty-release",),
    "gate-one-object": ("duty-release",),
    "gate-new-baseline": ("duty-release",),
    "gate-forbidden": _SAFE,
    "gate-attacks": _SAFE,
    "gate-tool-rights": _SAFE,
    "gate-grounded": _SAFE,
    "gate-live-danger": _SAFE,
    "gate-live-forbidden": _SAFE,
    "gate-live-unsupported": _SAFE,
    "gate-read-answers": _REVIEW,
    "gate-exposure": ("duty-metric",),
    "gate-rollback-rehearsed": ("duty-rollback",),
    "gate-fallback-tried": ("duty-rollback",),
    "gate-runbook": ("duty-on-call", "duty-morning-alerts"),
    "gate-alerts": ("duty-monitors",),
    "gate-run-time": ("duty-run-ready",),
    "gate-live-rows": ("duty-run-ready",),
    "gate-trace-complete": _SERVED,
    "gate-live-cost": ("duty-token-spend", "duty-spend"),
    "gate-live-cost-compute": ("duty-token-spend", "duty-spend"),
    "gate-cohort-age": ("duty-label",),
    "gate-labels-arrived": ("duty-label",),
    "gate-escalations": _REVIEW,
    "gate-review-sample": _REVIEW,
    "gate-audit-wrong": _REVIEW,
    "gate-overrides": _REVIEW,
    "gate-business-stable": ("duty-experiment", "duty-metric"),
    "gate-business-since": ("duty-experiment", "duty-metric"),
    "gate-golden-nights": _JUDGE,
    "gate-open-incidents": ("duty-on-call", "duty-morning-alerts"),
    "gate-error-budget": ("duty-on-call", "duty-morning-alerts"),
}
# By phase and by the word of the gate where nothing else is said.
_OF_PHASE: dict[tuple[str, str], tuple[str, ...]] = {
    ("before", "model"): _JUDGE,
    ("before", "platform"): _SERVED,
    ("during", "platform"): ("duty-monitors",),
    ("during", "model"): ("duty-monitors",),
    ("after", "platform"): ("duty-monitors",),
    ("after", "model"): ("duty-monitors",),
    ("after", "product"): _REVIEW,
}


def shown_by(gate: Gate, owned: Responsibility) -> Owned | None:
    """Return the duty, with its owner, whose work is the evidence of a gate; None where the design has no such duty."""
    duties = _OF_GATE.get(gate.clause_id) or _OF_PHASE.get((gate.phase, gate.owner), ())
    if gate.column("part") == "experiment":
        duties = ("duty-experiment", "duty-release")
    elif gate.clause_id.startswith("gate-blast-"):
        duties = ("duty-fleet", "duty-rollback")
    known = {one.clause.id: one for one in owned.duties}
    return next((known[duty] for duty in duties if duty in known), None)


def shows(gate: Gate, owned: Responsibility) -> str:
    """Return who shows what a gate asks for."""
    found = shown_by(gate, owned)
    return found.accountable.name if found is not None else wearer(owned, HATS[gate.owner])


def wearer(owned: Responsibility, hat: str) -> str:
    """Return who wears a hat: first the one whose role it is."""
    fits = [one for one in owned.people if hat in one.roles] or [one for one in owned.people if hat in one.hats]
    return fits[0].name if fits else "nobody"
