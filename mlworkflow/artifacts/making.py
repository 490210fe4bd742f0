"""The fields of the first three artifacts: the data, the run, and the report on it."""

from __future__ import annotations

from typing import Any

from mlworkflow.artifacts.blanks import WORK, Assumed, Unknown
from mlworkflow.artifacts.known import Known, column, text
from mlworkflow.freshness import freshness
from mlworkflow.gates import Gate, gates_of
from mlworkflow.question import Entry

Fields = dict[str, Any]


def used_features(known: Known) -> list[Entry]:
    """Return the feature candidates that this design uses."""
    used = known.spec.value("used_features") or ()
    return [entry for entry in known.spec.answers.entries("features") if entry.value("name") in used]


def accepted_sources(known: Known) -> list[Entry]:
    """Return the sources that this design reads."""
    every = known.spec.answers.entries("sources")
    return [entry for entry in every if entry.value("state") in (None, "accepted")]


def dataset_snapshot(known: Known) -> Fields:
    """Return what is frozen for one run: sources and versions, labels, points in time, features."""
    sources = accepted_sources(known)
    common = {
        "dataset_id": known.said("dataset"),
        "snapshot_id": WORK,
        "content_sha256": WORK,
        "taken_on": WORK,
        "sources": [_source(known, one) for one in sources] or Unknown("sources"),
        "versions": {one.value("name"): WORK for one in sources} or Unknown("sources"),
        "labels": _labels(known),
        "point_in_time": _point_in_time(known),
        "feature_definitions": [_feature(known, one) for one in used_features(known)] or Unknown("features"),
        "checks": {"tool": known.choice("data-quality"), "rules": _rules(known), "failed": WORK},
    }
    if not known.generative:
        return {**common, "rows": {"planned": known.plain("row_count"), "read": WORK}}
    index = {"store": known.choice("vector-store"), "splitter": WORK, "embedding_model": WORK, "passages": WORK}
    golden = {"cases": known.plain("golden_set"), "locked_part": WORK, "content_sha256": WORK}
    return {**common, "golden_set": golden, **({"index": index} if known.retrieves else {})}


def _source(known: Known, entry: Entry) -> Fields:
    names = ("kind", "owner", "licence", "provenance", "mutability")
    fresh = freshness(entry)
    return {
        "name": entry.value("name"),
        **{name: known.field(entry, "sources", name) for name in names},
        "fresh_within": fresh.says if fresh else Unknown("sources"),
    }


def _labels(known: Known) -> Fields:
    return {
        "definition": known.said("label_definition"),
        "recorded_by": known.said("label_source"),
        "which_cases": known.said("label_scope"),
        "final_after": known.said("label_delay_p95" if known.spec.known("label_delay_p95") else "label_delay"),
        "as_of": WORK,
    }


def _point_in_time(known: Known) -> Fields:
    split = known.spec.by_id["data-split"]
    why = text(split.because[0].says) if split.because else WORK
    found: Fields = {"unit": known.said("prediction_unit"), "split": known.choice("data-split"), "because": why}
    if known.spec.known("validation_gap") and not known.generative:
        found["gap"] = known.spec.said("validation_gap")
    if rules := _guards(known):
        found["rules"] = rules
    return found


def _guards(known: Known) -> list[str]:
    """Each reason for which a feature is used only with a guard, once."""
    world = known.spec.world
    subjects = {one.id: one for one in world.subjects("features")}
    found: dict[str, None] = {}
    for verdict in known.spec.of("feature-use"):
        if verdict.chosen == "guarded" and verdict.overruled is None:
            supporting = world.supporting(verdict.decision, subjects[verdict.subject], "guarded")
            found |= dict.fromkeys(text(sentence) for _, sentence in supporting)
    return list(found)


def _feature(known: Known, entry: Entry) -> Fields:
    id = entry.value("name")
    version = entry.value("version")
    found = {
        "name": id,
        "source": entry.value("source"),
        "type": known.field(entry, "features", "type"),
        "transformation": _transformation(known, entry),
        "version": version if version else Assumed("1"),
        "use": known.choice(f"feature-use[{id}]"),
    }
    if entry.value("window") is not None:
        found["window"] = known.field(entry, "features", "window")
    return found


def _transformation(known: Known, entry: Entry) -> Any:
    verdict = known.spec.by_id[f"transformation[{entry.value('name')}]"]
    if verdict.chosen == "given":
        return known.field(entry, "features", "transformation")
    return known.choice(verdict.id)


def _rules(known: Known) -> list[str]:
    cleaning = [f"{text(one.says)}: {column(one, 'rule')}" for one in known.spec.kind("cleaning")]
    return [*cleaning, *known.sentences("leakage-test")]


# ------------------------------------------------------------------ the run


def training_run(known: Known) -> Fields:
    """Return what makes a run repeatable: parameters, code, dependencies, log, and what it was compared with."""
    common = {
        "parameters": {"candidates": [_candidate(one) for one in known.spec.kind("candidate")], "chosen": WORK},
        "seed": known.plain("seed"),
        "code": {"repository": WORK, "commit": WORK},
        "dependencies": {"lock_file_sha256": WORK, "image_digest": WORK},
        "orchestrator": known.choice("orchestration"),
        "experiment_log": {
            "tool": known.choice("experiment-tracking"),
            "run_id": WORK,
            "tracked": known.sentences("tracked"),
        },
        "baseline_comparison": _baseline(known),
    }
    if not known.generative:
        tuning = {"method": known.choice("tuning-method"), "validation": known.choice("validation"), "trials": WORK}
        return {**common, "search": tuning}
    bundle = {
        "prompt_version": WORK,
        "model_id": WORK,
        "provider": known.choice("model-provider"),
        "adaptation": known.choice("model-adaptation"),
        "settings": WORK,
    }
    return {**common, "bundle": bundle}


def _candidate(one: Any) -> Fields:
    return {"name": text(one.says), **{name: column(one, name) for name in ("role", "ranges", "stops", "budget")}}


def _baseline(known: Known) -> Fields:
    """The comparison with what does the job today; where nothing does, with chance."""
    found: Fields = {"baseline": known.said("baseline_kind"), "metric": known.choice("deciding-metric")}
    if known.spec.value("baseline_kind") != "none":
        found["baseline_value"] = known.plain("baseline_value")
    return {**found, "candidate_value": WORK, "gain_low": WORK, "gain_high": WORK}


# ------------------------------------------------------------------ the report


def evaluation_report(known: Known) -> Fields:
    """Return what was checked before anybody sees the model: metrics, groups, calibration, shifts, regressions."""
    gates = gates_of(known.spec, "before")
    return {
        "offline_metrics": _metrics(known, gates),
        "segment_deltas": [_segment(known, one) for one in gates if one.applied.subject] or Unknown("slices"),
        "calibration": _calibration(gates),
        "shift_checks": _shift(known),
        "regression_suite": _regressions(known),
        "limits": {"of_the_design": _limits(known), "found": WORK},
        "explanation": known.choice("explanation-method"),
        "gates_before": {"asked": [one.id for one in gates], "record_sha256": WORK},
    }


def _metrics(known: Known, gates: tuple[Gate, ...]) -> list[Fields]:
    deciding = known.spec.value("deciding_metric_key")
    found = [one for one in gates if one.key == deciding or one.key.startswith("gain_over_")]
    return [_measured(one) for one in found] or [_unagreed(known)]


def _unagreed(known: Known) -> Fields:
    return {"metric": known.choice("deciding-metric"), "op": WORK, "limit": Unknown("success_threshold"), "value": WORK}


def _measured(gate: Gate) -> Fields:
    limit: Any = gate.limit if gate.limit is not None else Unknown(gate.unknown[0])
    limit = list(limit) if isinstance(limit, tuple) else limit
    return {"metric": gate.key, "op": gate.op, "limit": limit, "value": WORK, "interval": WORK}


def _segment(known: Known, gate: Gate) -> Fields:
    names = {one.id: one.label for one in known.spec.value("slice_subjects") or ()}
    name = names.get(gate.applied.subject, gate.applied.subject)
    limit: Any = gate.limit if gate.limit is not None else Unknown(gate.unknown[0])
    return {"segment": name, "metric": gate.key, "op": gate.op, "limit": limit, "value": WORK, "cases": WORK}


def _calibration(gates: tuple[Gate, ...]) -> Fields:
    asked = next((one for one in gates if one.key in ("observed_over_predicted", "judge_kappa", "coverage_80")), None)
    if asked is None:
        return {"needed": False, "because": "no gate of this design reads a probability, an interval or a judge"}
    limit = list(asked.limit) if isinstance(asked.limit, tuple) else asked.limit
    return {"needed": True, "metric": asked.key, "op": asked.op, "limit": limit, "value": WORK, "notes": WORK}


def _shift(known: Known) -> Fields:
    if known.generative:
        compares = "topics and languages of the golden set against real requests of the last weeks"
        return {"compares": compares, "result": WORK}
    compares = "locked test part against training part, feature by feature"
    return {"compares": compares, "statistic": known.choice("drift-statistic"), "result": WORK}


def _regressions(known: Known) -> Fields:
    must_not = [*(known.spec.value("never_topics") or ()), *(known.spec.value("out_of_scope") or ())]
    return {"must_not": must_not or Unknown("out_of_scope"), "cases": WORK, "broken": WORK}


def _limits(known: Known) -> list[str]:
    sections = ("problem", "features", "training")
    both = [text for section in sections for text in (*known.sentences("blocker", section),
                                                      *known.sentences("finding", section))]  # fmt: skip
    return both or ["the design knows none; what the evaluation finds stands in `found`"]
