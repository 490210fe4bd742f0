"""Problem Definition: the statement, the fixed table, labels, and what mistakes cost."""

from __future__ import annotations

from typing import Any

from mlworkflow.documents.escape import Md, escape
from mlworkflow.documents.saying import Say, Table
from mlworkflow.experience import case


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    return {
        "statement": _statement(say),
        "likeness": _likeness(say),
        "traps": say.lines("trap"),
        "table": Table(("Aspect", "Detail"), _aspects(say)),
        "labels": Table(("Labels", "Detail"), _labels(say)),
        "costs": Table(("Policy", f"Cost per 1,000 decisions{_if_saved(say)}", "How"), _costs(say)),
        "cut": _cut(say),
        "out_of_scope": say.texts("out_of_scope"),
        "never": say.texts("never_topics"),
        "practices": say.lines("practice", "problem"),
        "findings": say.findings("problem"),
    }


def _ceiling(say: Say) -> str:
    parts = []
    if say.spec.value("highest_recall") < 1 and not any(
        one.clause.id == "capacity-caps-recall" for one in say.spec.clauses
    ):
        parts.append(f"recall cannot exceed {say.value('highest_recall')}")
    if say.known("recall_at_threshold"):
        parts.append(f"recall is {say.value('recall_at_threshold')} when the success threshold is just met")
    return f"so {', and '.join(parts)} (computed)" if parts else ""


def _statement(say: Say) -> Md:
    parts = [f"predict “{say.value('target')}”"]
    if say.known("prediction_unit"):
        parts.append(f"each about {say.value('prediction_unit')}")
    if say.known("for_whom"):
        parts.append(f"used by {say.value('for_whom')}")
    if say.known("decision_driven"):
        parts.append(f"it decides {say.value('decision_driven')}")
    if say.known("current_process"):
        parts.append(f"today: {say.value('current_process')}")
    return Md("; ".join(parts) + ".")


def _likeness(say: Say) -> Md:
    """What usual case it looks like, and by which words; nothing where it is none, or not clear."""
    one = case(say.spec.world)
    if one is None:
        return Md("")
    match = say.spec.value("recognised")
    if match is None:
        return Md(f"**This is read as {escape(one.name)}**, as it was asked for.")
    return Md(f"**This looks like {escape(one.name)}**: {escape(match.because)}.")


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
    top = (
        f" (k = {say.value('top_k')})"
        if say.known("top_k") and say.spec.value("deciding_metric").endswith("-k")
        else ""
    )
    return Md(f"{say.choice('deciding-metric')}{top}, {say.means('deciding-metric')}: {say.because('deciding-metric')}")


def _baseline(say: Say) -> Md:
    kind = say.marked("baseline_kind")
    if not say.known("baseline_value"):
        if say.known("baseline_reached"):
            return Md(
                f"{kind}: {say.value('baseline_reached')} (as told; measured again with the metric code of this project)"
            )
        return Md(f"{kind}; value still to be measured with the metric code of this project")
    how = f" ({say.value('baseline_measured')}{_interval(say)})" if say.known("baseline_measured") else ""
    hidden = (
        "; acting hides outcomes, so only reviews or an untouched share can measure it"
        if say.spec.value("action_effect") == "prevents"
        else ""
    )
    return Md(f"{kind}: {say.value('baseline_value')}{how}{hidden}")


def _interval(say: Say) -> str:
    """How far the count behind the baseline fixes it."""
    low, high = say.spec.value("baseline_low"), say.spec.value("baseline_high")
    return f"; 95 % interval {low:.3f} to {high:.3f}, computed" if low is not None else ""


def _threshold(say: Say) -> Md:
    accepted = f", accepted by {say.value('threshold_owner')}" if say.known("threshold_owner") else ""
    if not say.known("success_threshold"):
        return Md(f"not given; proposed: {say.value('threshold_proposal')}{accepted}")
    sign = "≤" if say.holds("lower_is_better") else "≥"
    gain = ""
    if say.spec.value("problem_type") == "generative" and say.known("baseline_value"):
        gain = " (the baseline is re-scored by the same judge first; until then the two cannot be compared)"
    elif say.holds("beats_something"):
        gain = _gain(say)
    alarms = say.known("false_alarms_within_capacity")
    beside = f", at false alarms ≤ {say.value('false_alarms_within_capacity')}" if alarms else ""
    return Md(f"{sign} {say.value('success_threshold')}{gain}{beside}{accepted}")


def _gain(say: Say) -> str:
    """How much better than the baseline the threshold is, in the direction of the metric."""
    if say.known("other_metric_measured"):
        return f" (not comparable yet: the baseline was measured as {say.value('other_metric_measured')})"
    change = say.spec.value("success_threshold") - say.spec.value("baseline_value")
    better = -change if say.holds("lower_is_better") else change
    if better < 0:
        return f"; **worse than the baseline of {say.value('baseline_value')}: one of the two was measured with another metric**"
    return f" ({better:.4g} better than the baseline)"


def _labels(say: Say) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        ("What counts as positive or right", say.value("label_definition", "not given; to be fixed in the first week")),
        ("Who says so", say.marked("label_source")),
        ("Which cases get one", _scope(say)),
        ("Delay", _delay(say)),
    ]
    if say.known("labels_per_week"):
        rows.append(("New labels", Md(f"{say.value('labels_per_week')} a week")))
    if say.known("prevalence"):
        rows.append(("Positive cases", Md(f"{say.value('prevalence')}{_per_period(say)}")))
    if say.known("action_effect"):
        rows.append(("Acting on a case", say.marked("action_effect")))
    return rows


def _scope(say: Say) -> Md:
    if say.holds("labels_from_lists") and say.spec.value("label_source") == "feedback" and say.mark("label_scope"):
        return Md("only what was shown to someone, as labels are feedback")
    return say.marked("label_scope")


def _per_period(say: Say) -> str:
    if not say.known("positives_per_period"):
        return ""
    long = f" of {say.value('action_period_length')}" if say.known("action_period_length") else ""
    return f", {say.value('positives_per_period')} of {say.value('population')} in a period{long} (computed)"


def _delay(say: Say) -> Md:
    if not say.known("label_age"):
        return Md("not given; an open question below")
    late = f", {say.value('label_delay_p95')} for 95 of 100" if say.known("label_delay_p95") else ""
    whole = f", on the whole horizon after {say.value('last_step_age')}" if say.known("last_step_age") else ""
    return Md(
        f"{say.value('label_delay', 'at the horizon')}{late}{_premature(say)}; the earliest metric on one week of predictions comes after {say.value('earliest_metric')}{whole} (computed)"
    )


def _premature(say: Say) -> str:
    """What a metric would see that is read before its labels are there."""
    if not say.known("labels_at_half") or say.spec.value("label_delay_p95") < 2 * 86400:
        return ""
    from mlworkflow.quantity import say_duration

    if say.spec.value("label_delay") >= (say.spec.value("horizon") or 0) > 0:
        return f"; none is final before {say.value('horizon')}"
    week, half = say.spec.value("labels_after_week"), say.spec.value("labels_at_half")
    later = f"after {say_duration(say.spec.value('label_delay_p95') / 2)}"
    seen = f"{later} would see {_part(half)}"
    if week is not None and half >= _NONE:
        seen = f"after 7 days would see {_part(week)}, one {later} {half * 100:.2g} %"
    return f"; a metric read {seen} (computed: lognormal delay)"


_NONE = 0.001


def _part(share: float) -> str:
    return "no label" if share < _NONE else f"{share * 100:.2g} % of the labels"


def _costs(say: Say) -> list[tuple[Any, ...]]:
    if not say.known("cost_of_nothing") or not say.known("cost_of_all") or say.holds("baseline_described_twice"):
        return []
    missed, alarm, prevalence = say.value("cost_missed"), say.value("cost_false_alarm"), say.value("prevalence")
    rows = [
        ("Never act", say.money("cost_of_nothing"), Md(f"1,000 × {prevalence} × {missed}")),
        ("Act on everyone", say.money("cost_of_all"), Md(f"1,000 × (1 − {prevalence}) × {alarm}")),
    ]
    if say.known("cost_of_baseline"):
        recall, rate = say.value("baseline_recall"), say.value("baseline_false_alarm_rate")
        how = f"finds {recall} of the positives, flags {rate} of the others{_pays(say, 'saving_for_baseline')}"
        rows.append(("Today's baseline", say.money("cost_of_baseline"), Md(how)))
    if say.known("cost_at_threshold"):
        how = f"capacity filled at {say.choice('deciding-metric')} {say.value('success_threshold')}{_at_threshold(say)}{_pays(say, 'saving_for_threshold')}"
        rows.append(("Model at the success threshold", say.money("cost_at_threshold"), Md(how)))
    return rows


def _if_saved(say: Say) -> str:
    """What the costs take for granted where acting is meant to change the outcome."""
    return ", if acting saved each case it finds" if say.spec.value("action_effect") == "changes" else ""


def _at_threshold(say: Say) -> str:
    if say.known("recall_at_threshold"):
        return f", recall {say.value('recall_at_threshold')}"
    return f", false-alarm rate {say.value('false_alarms_within_capacity')}"


def _pays(say: Say, saving: str) -> str:
    """From which share of saved cases on a policy costs less than never acting."""
    share = say.spec.value(saving)
    if share is None:
        return ""
    if share > 1:
        return "; loses money even if acting saves each of them"
    return f"; pays once acting saves {share * 100:.2g} % of them (computed)"


def _calibration(say: Say) -> str:
    if say.spec.value("main_model") == "isolation":
        return "; an anomaly score is no probability, so the threshold follows from the capacity instead"
    return "; the score must be calibrated for that"


def _counts(say: Say) -> str:
    """The same in cases: what a percentage hides."""
    if not say.known("missed_per_period") or not say.known("false_alarms_per_period"):
        return ""
    return f"; a period: {say.value('missed_per_period')} missed, {say.value('false_alarms_per_period')} in vain"


def _set_aside(say: Say) -> str:
    return (
        f", less {say.value('set_aside_reviews')} random and planted cases," if say.known("set_aside_reviews") else ""
    )


def _cut(say: Say) -> list[Md]:
    lines = []
    if say.known("threshold_by_cost") and say.known("prevalence"):
        lines.append(
            f"Acting pays above a probability of {say.value('threshold_by_cost')} "
            f"({say.value('cost_false_alarm')} / ({say.value('cost_false_alarm')} + {say.value('cost_missed')})), where acting saves the case{_calibration(say)}."
        )
    if say.known("baseline_precision"):
        lines.append(
            f"Today's alarms are right in {say.value('baseline_precision')} of cases{_counts(say)} (computed)."
        )
    if say.known("value_per_month"):
        lines.append(
            f"At the success threshold a month is worth {say.value('value_per_month')} against today (computed)."
        )
    if say.known("false_alarm_ceiling") and not say.known("false_alarms_within_capacity"):
        lines.append(
            f"At a recall of {say.value('success_threshold')}, a false-alarm rate above {say.value('false_alarm_ceiling')} costs more than it saves (computed)."
        )
    if say.known("false_alarms_within_capacity"):
        lines.append(
            f"At a recall of {say.value('success_threshold')}, {say.value('action_capacity')} places{_set_aside(say)} leave room for a false-alarm rate of {say.value('false_alarms_within_capacity')} at most (computed); both together are the gate."
        )
    if (
        say.full
        and say.known("highest_recall")
        and _ceiling(say)
        and (say.spec.value("highest_recall") < 1 or say.known("recall_at_threshold"))
    ):
        lines.append(
            f"Capacity: {say.value('action_capacity')} of {say.value('population')} ({say.value('share_acted_on')}) can be acted on, "
            f"{_ceiling(say)}."
        )
    if say.known("forecast_quantile"):
        lines.append(
            f"Planning uses the {say.value('forecast_quantile')} quantile, not the mean: too little costs {say.value('cost_missed')}, too much {say.value('cost_false_alarm')} a unit."
        )
    return [Md(line) for line in lines]
