"""Problem Definition: the statement, the fixed table, labels, and what mistakes cost."""

from __future__ import annotations

from typing import Any

from mlworkflow.documents.escape import Md
from mlworkflow.documents.saying import Say, Table


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    return {
        "statement": _statement(say),
        "table": Table(("Aspect", "Detail"), _aspects(say)),
        "labels": Table(("Labels", "Detail"), _labels(say)),
        "costs": Table(("Policy", "Cost per 1,000 decisions", "How"), _costs(say)),
        "cut": _cut(say),
        "out_of_scope": say.texts("out_of_scope"),
        "never": say.texts("never_topics"),
        "practices": say.lines("practice", "problem"),
        "findings": say.findings("problem"),
    }


def _at_threshold(say: Say) -> str:
    if not say.known("recall_at_threshold"):
        return ""
    return f", and is {say.value('recall_at_threshold')} when the success threshold is just met (computed)"


def _statement(say: Say) -> Md:
    parts = [f"Predict {say.value('target')}"]
    if say.known("prediction_unit"):
        parts.append(f"for {say.value('prediction_unit')}")
    if say.known("for_whom"):
        parts.append(f"for {say.value('for_whom')}, who decide {say.value('decision_driven', 'what to do')}")
    elif say.known("decision_driven"):
        parts.append(f"to decide {say.value('decision_driven')}")
    sources = [subject for subject in say.spec.world.subjects("sources") if subject.attributes["state"] == "accepted"]
    if sources:
        parts.append(f"from {len(sources)} data sources" if len(sources) > 1 else "from one data source")
    judged = f"judged offline by {say.choice('deciding-metric')} and in the end by {say.value('business_metric', 'a business metric that is still to be named')}"
    return Md(", ".join([*parts, judged]) + ".")


def _aspects(say: Say) -> list[tuple[Any, ...]]:
    return [
        ("Problem type", say.value("problem_type")),
        ("Target variable", say.value("target")),
        ("Business metric", say.value("business_metric", "not given; an open question below")),
        ("Evaluation metric", _metric(say)),
        ("Baseline performance", _baseline(say)),
        ("Success threshold", _threshold(say)),
    ]


def _metric(say: Say) -> Md:
    top = f" (k = {say.value('top_k')})" if say.known("top_k") and say.spec.value("deciding_metric").endswith("-k") else ""
    return Md(f"{say.choice('deciding-metric')}{top}, {say.means('deciding-metric')}: {say.because('deciding-metric')}")


def _baseline(say: Say) -> Md:
    kind = say.marked("baseline_kind")
    if not say.known("baseline_value"):
        return Md(f"{kind}; value still to be measured with the metric code of this project")
    how = f" ({say.value('baseline_measured')})" if say.known("baseline_measured") else ""
    return Md(f"{kind}: {say.value('baseline_value')}{how}")


def _threshold(say: Say) -> Md:
    accepted = f", accepted by {say.value('threshold_owner')}" if say.known("threshold_owner") else ""
    if not say.known("success_threshold"):
        return Md(f"not given; proposed: above baseline and best trivial policy by more than the test's sampling error{accepted}")
    sign = "≤" if say.holds("lower_is_better") else "≥"
    gain = ""
    if say.holds("beats_something"):
        change = abs(say.spec.value("success_threshold") - say.spec.value("baseline_value"))
        gain = f" ({change:.4g} better than the baseline)"
    return Md(f"{sign} {say.value('success_threshold')}{gain}{accepted}")


def _labels(say: Say) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        ("What counts as positive or right", say.value("label_definition", "not given; to be fixed in the first week")),
        ("Who says so", say.marked("label_source")),
        ("Which cases get one", say.marked("label_scope")),
        ("Delay", _delay(say)),
    ]
    if say.known("prevalence"):
        rows.append(("Positive cases", Md(f"{say.value('prevalence')}{_per_period(say)}")))
    if say.known("action_effect"):
        rows.append(("Acting on a case", say.marked("action_effect")))
    return rows


def _per_period(say: Say) -> str:
    if not say.known("positives_per_period"):
        return ""
    return f", {say.value('positives_per_period')} of {say.value('population')} in a period (computed)"


def _delay(say: Say) -> Md:
    if not say.known("label_age"):
        return Md("not given; an open question below")
    late = f", {say.value('label_delay_p95')} for 95 of 100" if say.known("label_delay_p95") else ""
    return Md(f"{say.value('label_delay', 'at the horizon')}{late}; the earliest metric on one week of predictions comes after {say.value('earliest_metric')} (computed)")


def _costs(say: Say) -> list[tuple[Any, ...]]:
    if not say.known("cost_of_nothing") or not say.known("cost_of_all"):
        return []
    missed, alarm, prevalence = say.value("cost_missed"), say.value("cost_false_alarm"), say.value("prevalence")
    rows = [
        ("Never act", say.money("cost_of_nothing"), Md(f"1,000 × {prevalence} × {missed}")),
        ("Act on everyone", say.money("cost_of_all"), Md(f"1,000 × (1 − {prevalence}) × {alarm}")),
    ]
    if say.known("cost_of_baseline"):
        recall, rate = say.value("baseline_recall"), say.value("baseline_false_alarm_rate")
        how = f"finds {recall} of the positives, flags {rate} of the others"
        rows.append(("Today's baseline", say.money("cost_of_baseline"), Md(how)))
    return rows


def _cut(say: Say) -> list[Md]:
    lines = []
    if say.known("threshold_by_cost") and say.known("prevalence"):
        lines.append(
            f"Acting pays above a probability of {say.value('threshold_by_cost')} "
            f"({say.value('cost_false_alarm')} / ({say.value('cost_false_alarm')} + {say.value('cost_missed')})); the score must be calibrated for that."
        )
    if say.known("baseline_precision"):
        lines.append(f"Today's alarms are right in {say.value('baseline_precision')} of cases (computed from recall, false-alarm rate and prevalence).")
    if say.known("highest_recall"):
        lines.append(
            f"Capacity: {say.value('action_capacity')} of {say.value('population')} ({say.value('share_acted_on')}) can be acted on, "
            f"so recall cannot exceed {say.value('highest_recall')}{_at_threshold(say)}."
        )
    if say.known("forecast_quantile"):
        lines.append(f"Planning uses the {say.value('forecast_quantile')} quantile, not the mean: too little costs {say.value('cost_missed')}, too much {say.value('cost_false_alarm')} a unit.")
    return [Md(line) for line in lines]
