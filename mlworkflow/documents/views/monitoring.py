"""Monitoring and Drift: the fixed table, its figures, and the retraining policy."""

from __future__ import annotations

from typing import Any

from mlworkflow.documents.escape import Md
from mlworkflow.documents.saying import Say, Table

GENERATIVE = "generative"


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    return {
        "table": Table(("Monitor", "Tool", "Threshold", "Action"), _rows(say)),
        "windows": [Md(f"{what}: {value}; {why}.") for what, value, why in _windows(say)],
        "policy": _policy(say),
        "rules": _rules(say),
        "expected": say.texts("drift_sources"),
        "freezes": say.texts("freeze_periods"),
        "findings": say.findings("monitoring"),
    }


def _generative(say: Say) -> bool:
    return bool(say.spec.value("problem_type") == GENERATIVE)


def _retrieves(say: Say) -> bool:
    return bool(say.spec.value("model_adaptation") == "retrieval")


def _trains_on_labels(say: Say) -> bool:
    return bool(say.spec.value("main_model") != "isolation")


_ACTIONS = {
    "data": "look for broken data first, then the changed world; drift alone starts no retraining",
    "model": "compare with the previous version on the same inputs; switch back if they differ without a reason",
}
_ACTIONS_GENERATIVE = {
    "data": "read the new questions; write or index what is missing, and add cases of the topic to the golden set",
    "model": "return to the last configuration bundle; if the provider changed its model, switch to the second one",
    "concept": "sort wrong answers by the first step that failed (retrieval, passage, prompt, model) and mend that step",
}
_ACTIONS_UNRETRIEVED = {
    **_ACTIONS_GENERATIVE,
    "data": "read the new inputs; add cases of the kind to the golden set, and a rule or example to the prompt",
    "concept": "sort wrong outputs by the first step that failed (reading the input, prompt, model, check) and mend that step",
}


def _rows(say: Say) -> list[tuple[Any, ...]]:
    act = _acts(say)
    return [
        ("Data drift", _tool(say), _data_threshold(say), Md(act["data"])),
        ("Model drift", _tool(say), _model_threshold(say), Md(act["model"])),
        (
            "Concept drift",
            say.choice("concept-check"),
            _concept_threshold(say),
            Md(act["concept"]) if "concept" in act else say.value("quality_act"),
        ),
        (
            "Operational",
            say.choice("operational-monitoring"),
            _operational_threshold(say),
            Md("the runbook entry of the alert; fallback takes over by itself"),
        ),
    ]


def _acts(say: Say) -> dict[str, str]:
    acts = _ACTIONS_GENERATIVE if _retrieves(say) else _ACTIONS_UNRETRIEVED
    if not _generative(say):
        return _ACTIONS
    if say.spec.value("model_access") == "self-hosted":
        return {
            **acts,
            "model": "return to the last configuration bundle: prompt, settings and weights go back together",
        }
    return acts


def _tool(say: Say) -> Md:
    return say.choice("llm-observability") if _generative(say) else say.choice("drift-tool")


def _data_threshold(say: Say) -> Md:
    if _generative(say):
        if not _retrieves(say):
            return Md(
                "share of inputs of a kind that the golden set does not hold above 15 % of a week; length of inputs or share of unreadable ones outside half to double its reference"
            )
        return Md(
            "share of questions outside the topics of the golden set above 15 % of a week; average similarity of the best passage down by 10 %"
        )
    if say.spec.value("drift_statistic") == "embedding-classifier":
        place = (
            "; brightness and sharpness of each camera outside its own reference" if say.holds("own_cameras") else ""
        )
        return Md(f"held-out AUC above 0.6 on 1,000 reference and 1,000 current items, in two windows running{place}")
    if say.spec.value("drift_statistic") == "share-and-quantiles":
        return Md(
            "share of zeros outside ±3 standard errors of its reference, or the 50, 90 or 99 % quantile of the rest moved by more than 20 %, in two windows running"
        )
    level = f", false-alarm level {say.spec.value('alarm_level'):.2g} a test" if say.known("alarm_level") else ""
    limit = (
        f"PSI above {say.value('psi_threshold', '0.1')}"
        if say.known("psi_threshold")
        else "PSI above 0.1 (convention; to be set on the first reference window)"
    )
    return Md(f"{limit} for a feature in two windows running{level}; missing values above twice their reference share")


def _model_threshold(say: Say) -> Md:
    if _generative(say):
        return Md(
            f"nightly golden set: {say.value('golden_fall')}, in two runs; share of “I do not know” outside half to double its reference"
        )
    performance = (
        f"{say.choice('deciding-metric')} worse than {say.value('success_threshold')}"
        if say.known("success_threshold")
        else f"{say.choice('deciding-metric')} worse than its threshold"
    )
    age = f" on cohorts older than {say.value('label_age')}" if say.known("label_age") else " on labelled cohorts"
    if say.spec.value("concept_check") == "control-group":
        age = f" in the untouched group{age}"
    if say.spec.value("concept_check") == "stratified-audit":
        performance, age = (
            f"share of planted known cases that are found, upper 95 % limit below {_planted_limit(say)}",
            "",
        )
    return Md(
        f"prediction distribution: PSI of the predictions above 0.1, or {say.value('shift_monitor')}; performance: {performance}{age}"
    )


def _planted_limit(say: Say) -> Md:
    if say.spec.value("deciding_metric") == "recall":
        return say.value("success_threshold", "the threshold")
    return Md("its value at release")


def _concept_threshold(say: Say) -> Md:
    match say.spec.value("concept_check"):
        case "control-group":
            return Md(
                "deciding metric in the untouched group below the threshold in two mature cohorts, or falling in four running (trend rule)"
            )
        case "residual-by-horizon":
            return Md(
                "skill against seasonal naive below 0 in two weeks running, or falling in four running (trend rule)"
            )
        case "stratified-audit":
            return Md(
                "misses among planted cases or in later measurements above the 95 % Poisson limit of the last 90 days, or rising in four weeks running (trend rule)"
            )
        case "audited-sample":
            return Md(
                f"wrong ones in the weekly sample of {say.value('audit_sample')} above {say.value('audit_limit')} (computed), or rising in four weeks running (trend rule)"
            )
        case "proxy-and-matured":
            return Md(
                "proxy down by 10 % for two weeks is a warning; the metric on two mature cohorts below the threshold, or falling in four running (trend rule), decides"
            )
        case _:
            return Md(
                "deciding metric on two mature cohorts below the threshold, or falling in four running (trend rule)"
            )


def _operational_threshold(say: Say) -> Md:
    parts = []
    if say.holds("any_online"):
        parts.append(f"{say.value('down_when')}; throughput outside the usual band of the hour")
    if say.holds("on_device"):
        parts.append("device silent for two of its report periods; latency or temperature above the limit")
    if "batch" in (say.spec.value("mode_ids") or ()):
        parts.append("run late, or fewer than 99 % of the expected rows")
    gpu = "nothing here runs on a GPU, so no GPU utilization"
    if _computes_on_gpu(say):
        gpu = (
            "GPU utilization above 90 % for 10 minutes"
            if say.holds("any_online")
            else "GPU utilization of a device above 70 % in any minute"
        )
    return Md("; ".join([*parts, gpu]))


def _computes_on_gpu(say: Say) -> bool:
    network = say.spec.value("main_model") in ("network", "pretrained-network")
    return say.holds("has_gpu") and (network or say.spec.value("model_access") == "self-hosted")


def _windows(say: Say) -> list[tuple[Any, ...]]:
    if _generative(say):
        asked = "questions" if _retrieves(say) else "inputs"
        return [
            (
                "Reference",
                Md(f"the golden set and the {asked} of the first four weeks, renewed with each release"),
                Md(f"{asked} change with the product"),
            )
        ]
    season = (
        "same weeks of last year as well"
        if "year" in (say.spec.value("seasonality") or ())
        else "whole weeks, so that weekdays agree"
    )
    if say.spec.value("drift_statistic") == "embedding-classifier":
        return [
            ("Statistic", say.choice("drift-statistic"), say.because("drift-statistic")),
            (
                "Reference window",
                Md("1,000 items of the first four weeks after release"),
                Md("spread over languages, channels and days")
                if say.spec.value("problem_type") == "nlp"
                else Md("spread over devices, sites and days"),
            ),
        ]
    rows: list[tuple[Any, ...]] = [
        ("Statistic", say.choice("drift-statistic"), say.because("drift-statistic")),
        (
            "Reference window",
            Md("the scoring inputs of the first four weeks after release; until then the last training period"),
            Md(season),
        ),
        (
            "Current window",
            say.value("drift_window"),
            Md(
                f"holds at least {say.value('rows_for_psi')} rows, below which chance alone passes 0.1 in one window of 20 (computed)"
            )
            if say.spec.value("drift_statistic") == "psi"
            else Md("the same length as each slice of the reference that it is compared with"),
        ),
    ]
    if say.known("alarm_level") and say.spec.value("drift_statistic") == "psi":
        rows.append(
            (
                "False alarms",
                Md(f"{say.marked('false_alarms_per_month')} a month"),
                Md(
                    f"spread over {say.value('used_feature_count')} features and {say.value('drift_windows_per_month')} windows a month, so each test may err at {say.spec.value('alarm_level'):.2g} (computed)"
                ),
            )
        )
    if say.known("earliest_metric"):
        rows.append(
            (
                "First trustworthy quality",
                say.value("earliest_metric"),
                Md("after the first week of predictions, when 95 of 100 labels are known (computed)"),
            )
        )
    return rows


def _policy(say: Say) -> Md:
    policy, cadence = say.choice("retraining-policy"), say.choice("retraining-cadence")
    if _generative(say) and say.spec.value("model_adaptation") == "light-tuning":
        return Md(f"{policy}, {cadence}: {say.because('retraining-policy')}; the prompt is tried first, each time")
    if _generative(say) and not _retrieves(say):
        return Md(
            f"{policy}, {cadence}: nothing is trained; prompt, checks and model id change when the golden set, the weekly sample or a retired model asks for it"
        )
    if _generative(say):
        return Md(
            f"{policy}, {cadence}: nothing is trained; prompts, index and model id change when the golden set, the weekly audit or a retired model asks for it"
        )
    why = say.because("retraining-policy")
    floor = (
        f"; the newest labels that it may read are {say.value('newest_labels')} old"
        if say.known("newest_labels") and _trains_on_labels(say)
        else ""
    )
    if say.spec.value("retraining_policy") == "scheduled":
        return Md(
            f"{policy}, {cadence}: {say.because('retraining-cadence')}{floor}. Earlier only when the alert on mature labels fires"
        )
    return Md(f"{policy}, {cadence}: {why}{floor}")


def _rules(say: Say) -> list[Md]:
    if _generative(say):
        rules = [
            Md(
                f"Automation: the golden set runs by itself each night and on each change; promotion follows “{say.choice('promotion')}”."
            )
        ]
        if say.spec.value("model_access") != "self-hosted":
            rules.append(
                Md(
                    "A new model version of the provider is a release like any other: golden set, a small share, then all."
                )
            )
        return rules
    return [
        Md(
            "Trigger: the alert “Quality on mature labels below its limit”. Input drift opens an investigation, never a training; data is checked first."
        ),
        Md(
            f"Automation: training, tests and comparison run by themselves; promotion follows “{say.choice('promotion')}”."
        ),
        Md(
            "A retrained model replaces the old one only if it wins, by more than the paired noise, on the newest mature period that neither was trained on; a tie keeps the old one."
        ),
        Md("Labels used for training carry their as-of date, and only mature ones are read.")
        if _trains_on_labels(say)
        else Md("A new reference period holds no known incident and no week that was explained by a fault."),
    ]
