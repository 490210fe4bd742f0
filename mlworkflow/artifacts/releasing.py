"""The fields of the last four artifacts: the registry entry, the rollout note, the signals, and what they set off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mlworkflow.artifacts.blanks import WORK, Unknown
from mlworkflow.artifacts.known import Known, column, text
from mlworkflow.artifacts.making import Fields, accepted_sources, used_features
from mlworkflow.artifacts.schemas import answer_schema, input_schema
from mlworkflow.freshness import freshness
from mlworkflow.gates import Gate, Signal, gates_of, signals_of
from mlworkflow.responsibility import Responsibility

OUTCOMES = {
    "refresh-data": "refresh_dataset",
    "update-threshold": "update_threshold",
    "retrain": "retrain",
    "revise-policy": "revise_policy",
}


def registry_entry(known: Known, found: Responsibility) -> Fields:
    """Return what stands beside the model's file: schemas, contracts, owners, and the rules of its rollout."""
    return {
        "name": known.said("name"),
        "version": WORK,
        "uri": WORK,
        "signature": WORK,
        "input_schema": input_schema(known, used_features(known)),
        "output_schema": answer_schema(known.spec),
        "data_contracts": _contracts(known),
        "owners": {one.clause.id.removeprefix("duty-"): one.accountable.name for one in found.critical}
        or Unknown("people"),
        "approver": known.said("approver"),
        "promotion": known.choice("promotion"),
        "rollout_rules": [text(one.says) for one in known.spec.kind("step")] or [known.choice("rollout")],
        "fallback": _fallback(known),
    }


def _contracts(known: Known) -> list[Fields]:
    sources = [
        {
            "name": one.value("name"),
            "owner": known.field(one, "sources", "owner"),
            "fresh_within": fresh.says if (fresh := freshness(one)) else Unknown("sources"),
            "stale_after": fresh.alarms if fresh else Unknown("sources"),
            "agreed_on": WORK,
        }
        for one in accepted_sources(known)
    ]
    served = [{"name": f"contract {place}", "says": says} for place, says in enumerate(known.sentences("contract"), 1)]
    return [*sources, *served]


def _fallback(known: Known) -> Fields:
    return {one.subject: known.spec.world.option_name(one.decision, one.chosen)
            for one in known.spec.of("fallback") if one.chosen is not None}  # fmt: skip


# ------------------------------------------------------------------ the rollout note


def rollout_note(known: Known) -> Fields:
    """Return what is agreed before the first user sees it: object, success, blast radius, stop rules, way back."""
    during = gates_of(known.spec, "during")
    return {
        "release_object": "bundle" if known.generative else "model",
        "success_metrics": _success(known, during),
        "blast_radius": _blast(known, during),
        "stop_rules": [_rule(one) for one in during if one.critical and one.column("part") == "release"],
        "rollback_rules": [_rollback(one) for one in known.spec.kind("rollback")],
        "fallback": _fallback(known),
        "expansion_steps": [_step(one) for one in known.spec.kind("step")],
        "decided_by": known.said("approver"),
        "decided_on": WORK,
        "rollback_rehearsed_on": WORK,
        "support_told_on": WORK,
    }


def _success(known: Known, during: Iterable[Gate]) -> Fields:
    shown = [_rule(one) for one in during if one.column("part") == "experiment" and one.key.endswith("_low")]
    found: Fields = {
        "business": known.said("business_metric"),
        "satisfaction": known.said("satisfaction_metric"),
        "guardrails": [f"{text(one.says)} {column(one, 'limit')}" for one in known.spec.kind("guardrail")],
    }
    return {**found, "shown_by": shown} if shown else found


# The step that each limit on the blast radius is about.
_HELD_AT = {
    "gate-blast-requests": "step-canary",
    "gate-blast-users": "step-invited",
    "gate-blast-device": "step-first-device",
    "gate-blast-table": "step-side-by-side",
    "gate-blast-site": "step-site",
}


def _blast(known: Known, during: Iterable[Gate]) -> Fields:
    """The most that the first step may touch: in percent where it is a share, else counted."""
    steps = known.spec.kind("step")
    gate = next((one for one in during if one.clause_id.startswith("gate-blast-")), None)
    held = _HELD_AT.get(gate.clause_id, "") if gate is not None else ""
    first = next((one for one in steps if held and one.clause.id.startswith(held)), steps[0] if steps else None)
    says = column(first, "exposure") if first is not None else known.choice("rollout")
    if gate is None or not isinstance(gate.limit, float | int):
        return {"first_step": says, "percent": WORK}
    if gate.measure.name == "share":
        return {"first_step": says, "metric": gate.key, "percent": round(gate.limit * 100, 6)}
    return {"first_step": says, "metric": gate.key, "count": gate.limit}


def _rule(gate: Gate) -> Fields:
    """A gate as a rule that a program can hold: what must stay true, and what happens when it does not."""
    limit: Any = gate.limit if gate.limit is not None else Unknown(gate.unknown[0])
    return {
        "metric": gate.key,
        "op": gate.op,
        "value": list(limit) if isinstance(limit, tuple) else limit,
        "unit": gate.measure.name,
        "window": gate.column("window"),
        "when_broken": gate.column("act"),
    }


def _rollback(one: Any) -> Fields:
    return {"metric": text(one.says), **{name: column(one, name) for name in ("op", "value", "window", "action")}}


def _step(one: Any) -> Fields:
    return {
        "name": text(one.says),
        "exposure": column(one, "exposure"),
        "lasts": column(one, "lasts"),
        "goes_on_when": column(one, "on"),
        "stops_when": column(one, "stop"),
    }


# ------------------------------------------------------------------ the signals

# The six that every live path is watched by: the gates that hold each, best first, then the signals that tell of it,
# and the question whose answer sets its limit.
SIX = {
    "latency": (
        ("live_p99_ms", "live_device_p99_ms", "late_jobs_share", "unscored_share", "rows_written_share"),
        (
            "signal-latency-spike",
            "signal-run-late",
            "signal-queue-growth",
            "signal-consumer-lag",
            "signal-device-silent",
        ),
        "latency_p99",
    ),
    "quality": (
        (
            "gate-mature-metric",
            "gate-mature-count",
            "gate-mature-error",
            "gate-proxy",
            "golden_net_losses",
            "outputs_wrong",
        ),
        ("signal-outcome-drop", "signal-golden-falls", "signal-prediction-shift"),
        "success_threshold",
    ),
    "cost": (
        ("cost_over_plan", "device_busy_share"),
        ("signal-spend", "signal-mistake-cost", "signal-false-positive-cost"),
        "budget",
    ),
    "escalation_volume": (("oldest_case_hours", "overrides_ratio"), ("signal-escalations",), "reviews_per_day"),
    "segment_regressions": (
        ("gate-live-slice", "gate-live-slice-audit"),
        ("signal-slice-drift", "signal-slice-falls"),
        "slices",
    ),
    "fallback_rate": (("fallback_share",), ("signal-fallback-rate", "signal-run-late"), "fail_direction"),
}


def monitoring_signals(known: Known) -> Fields:
    """Return the six signals of the live path, each with limit and owner, and where operation and drift are watched."""
    gates = (*gates_of(known.spec, "during", "release"), *gates_of(known.spec, "after"))
    signals = signals_of(known.spec)
    drift = known.choice("llm-observability" if known.generative else "drift-tool")
    found: Fields = {
        "signals": [_signal(name, *told, gates, signals) for name, told in SIX.items()],
        "watched_in": {"operation": known.choice("operational-monitoring"), "quality": drift},
        "reference_window": {"from": WORK, "to": WORK},
        "first_values": WORK,
    }
    if known.spec.known("drift_window") and not known.generative:
        found["drift_window"] = known.spec.said("drift_window")
    return found


def _signal(
    name: str, keys: Iterable[str], ids: Iterable[str], asks: str, gates: Iterable[Gate], signals: Iterable[Signal]
) -> Fields:
    """One signal: what tells of it, and the limits that gates hold it to; without a gate its limit is still open."""
    told = next((one for id in ids for one in signals if one.applied.clause.id == id), None)
    found: Fields = {"id": name}
    if told is not None:
        found |= {
            "says": text(told.applied.says),
            "shown_by": told.column("shown_by"),
            "owner": told.column("owner"),
            "act": told.column("act"),
        }
    held = next((rules for key in keys if (rules := [one for one in gates if key in (one.key, one.clause_id)])), [])
    if held:
        found.setdefault("owner", held[0].owner)
        found["limits"] = [_rule(one) for one in held]
    elif told is None:
        found["limits"] = Unknown(asks)
    return found


def retraining_trigger(known: Known) -> Fields:
    """Return which signal opens which item of work, and what only starts a look."""
    signals = signals_of(known.spec)
    policy = {"policy": known.choice("retraining-policy"), "cadence": known.choice("retraining-cadence")}
    if known.spec.known("newest_labels") and not known.generative:
        policy["newest_labels_are"] = known.spec.said("newest_labels")
    first = [one.id for one in signals if one.column("outcome") not in OUTCOMES]
    return {
        "triggers": [_trigger(place, one) for place, one in enumerate(_opening(signals), 1)],
        "looked_at_first": first,
        **policy,
        "fired": {"signal": WORK, "on": WORK, "value": WORK},
        "backlog_item": WORK,
    }


def _opening(signals: Iterable[Signal]) -> list[Signal]:
    return [one for one in signals if one.column("outcome") in OUTCOMES]


def _trigger(place: int, one: Signal) -> Fields:
    return {
        "id": one.id,
        "signal": text(one.applied.says),
        "outcome": OUTCOMES[one.column("outcome")],
        "owner": one.column("owner"),
        "priority": place,
        "act": one.column("act"),
        "rolls_back": one.column("rolls_back") == "yes",
    }
