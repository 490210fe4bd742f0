"""Summary: one page for a lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlworkflow.designing import Open
from mlworkflow.documents.escape import Md, escape
from mlworkflow.documents.saying import Say, Table, joined
from mlworkflow.documents.views import cost
from mlworkflow.documents.views.serving import modes, platform
from mlworkflow.documents.views.unknowns import WHO, settled_by_place
from mlworkflow.facts.cost import LINES
from mlworkflow.quantity import say_cost

MOST_FINDINGS = 6
EACH_CLASS = 30
SECTIONS = {
    "problem": "Problem Definition",
    "features": "Feature Engineering",
    "tracking": "Experiment Tracking",
    "training": "Training Pipeline",
    "serving": "Model Serving",
    "experiment": "A/B Testing",
    "monitoring": "Monitoring and Drift",
    "rationale": "Tool Selection Rationale",
    "responsibility": "Responsibility",
}
MOST_RISKS = 3
MOST_OPEN = 4


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    noticed = (*say.spec.blocking, *say.spec.kind("finding"))
    named = {_NAMES[one.clause.id] for one in noticed if one.clause.id in _NAMES}
    asked = sorted(
        (one for one in say.spec.open if _matters(one, named) and not settled_by_place(say, one)),
        key=lambda one: (one.question.id not in named, one.question.id == "also_batch", one.value is not None),
    )
    return {
        "status": _status(say),
        "proposal": list(_proposal(say)),
        "findings": [Md(f"{say.headline(one)} ({SECTIONS[one.clause.section]})") for one in noticed[:MOST_FINDINGS]],
        "more": max(0, len(noticed) - MOST_FINDINGS),
        "fits": Table(("Does it fit?", "Needed", "There is", "Verdict"), list(fits(say))),
        "risks": [
            Md(f"{say.sentence(one.says)}: {say.column(one, 'mitigation')}.")
            for one in (say.spec.kind("risk")[:MOST_RISKS] if say.full else ())
        ],
        "needs": _needs(say),
        "open": [Md(f"{escape(one.question.asks)} ({WHO[one.question.owner]})") for one in asked[:MOST_OPEN]],
        "conflicts": [Md(f"{verdict.decision.title}: {say.why(verdict)}") for verdict in say.spec.conflicts],
    }


# Findings that ask for one answer: it is settled before anything that only moves a choice.
_NAMES = {
    "no-threshold": "success_threshold",
    "baseline-unmeasured": "baseline_value",
    "no-business-metric": "business_metric",
    "no-direction-of-failure": "fail_direction",
    "no-latency-limit": "latency_p99",
    "tokens-without-a-price": "price_in",
    "p99-unsaid": "latency_p99",
}


def _matters(one: Open, named: set[str]) -> bool:
    return bool(one.hangs) or one.blocks or one.question.essential or one.question.id in named


def _status(say: Say) -> Md:
    parts = [f"Status: {say.value('status')}"]
    parts.append(f"owner: {say.value('document_owner', '**nobody named**')}")
    parts.append(f"approver: {say.value('approver', '**nobody named**')}")
    for label, id in (("date", "date"), ("review by", "review_by"), ("deadline", "deadline"), ("dataset", "dataset")):
        if say.known(id):
            parts.append(f"{label}: {say.value(id)}")
    return Md("; ".join(parts) + ".")


def _proposal(say: Say) -> Iterator[Md]:
    served = " and ".join(f"{mode.label.lower()} on {say.choice(platform(say, mode.id))}" for mode in modes(say))
    yield Md(
        f"**Model:** {say.choice('main-model')}, judged by {say.choice('deciding-metric')} under {_lower(say.choice('validation'))}; {say.because('main-model')}."
    )
    yield Md(
        f"**Serving:** {served or 'no mode follows from the answers'}; if no prediction comes: {', '.join(dict.fromkeys(str(say.chosen(verdict)) for verdict in say.spec.of('fallback')))}."
    )
    yield Md(f"**Proof:** {say.choice('experiment-kind')}{_length(say)}; rollout {_lower(say.choice('rollout'))}.")
    yield Md(
        f"**Care:** retraining {_lower(say.choice('retraining-policy'))}, {say.choice('retraining-cadence')}; drift by {say.choice('drift-tool') if say.spec.value('problem_type') != 'generative' else say.choice('llm-observability')}, operation by {say.choice('operational-monitoring')}."
    )
    yield Md(
        f"**Stack:** {say.choice('experiment-tracking')} for runs, {say.choice('orchestration')} for the pipeline, {say.choice('data-quality')} for checks; {_lower(say.choice('feature-store'))}."
    )


def _lower(text: Md) -> Md:
    return Md(text[:1].lower() + text[1:]) if text[1:2].islower() else text


def _length(say: Say) -> str:
    if say.spec.value("experiment_kind") not in ("ab-test", "holdout-on-action", "switchback", "interleaving"):
        return ""
    if say.known("slot_weeks"):
        return f", {say.value('slots_total')} hourly slots, {say.value('slot_weeks')} weeks"
    if say.known("length_after_interleaving") and say.spec.value("experiment_kind") == "interleaving":
        return f": one to two weeks, then {say.value('length_after_interleaving')}"
    if not say.known("experiment_weeks"):
        return ", not sized yet"
    decided = f", decided after {say.value('experiment_decided')}" if say.known("experiment_decided") else ""
    return f", {say.value('experiment_units')}, {say.value('experiment_weeks')} weeks{decided}"


def _needs(say: Say) -> Md:
    people = f"{say.value('people_words')}{_roles(say)}, on call: {say.marked('on_call')}"
    money = f"{say.marked('budget', 'no budget was given')}"
    return Md(
        f"{people}; budget: {money}; about {say.value('upkeep_hours')} hours of upkeep a month for the chosen tools (computed)."
    )


def _roles(say: Say) -> str:
    return f" (roles: {say.value('roles')})" if say.known("roles") else ""


# ------------------------------------------------------------------ does it fit


def fits(say: Say) -> Iterator[tuple[Any, ...]]:
    """Yield each constraint with what the design needs, what there is, and whether they agree."""
    for row in (
        _latency(say),
        _device(say),
        _traffic(say),
        _calendar(say),
        _labels(say),
        _capacity(say),
        _people(say),
        _hours(say),
        _reading(say),
        _data(say),
        _budget(say),
    ):
        if row is not None:
            yield row


def _verdict(ratio: float) -> str:
    return "fits" if ratio <= 0.8 else "tight" if ratio <= 1 else "**does not fit**"


def _counted(say: Say, id: str, noun: str) -> str:
    return f"{say.value(id)} {noun}{'' if say.spec.value(id) == 1 else 's'}"


def _latency(say: Say) -> tuple[Any, ...] | None:
    service, limit = say.spec.value("service_time"), say.spec.value("latency_limit")
    if service is None or limit is None or not say.holds("any_online"):
        return None
    problem = say.spec.figure("workers_for_p99").problem
    if not problem and not say.known("workers_for_p99"):
        return None
    if problem:
        return ("Latency", Md(f"p99 within {say.value('latency_limit')}"), Md(problem), Md("**does not fit**"))
    return (
        "Latency",
        Md(f"p99 within {say.value('latency_limit')}"),
        Md(f"{say.value('service_time')} of computing, {_counted(say, 'workers_for_p99', 'worker')} at the peak"),
        Md(_verdict((say.spec.value("slowest_service") or service) / limit)),
    )


def _device(say: Say) -> tuple[Any, ...] | None:
    busy = say.spec.value("device_busy")
    if busy is None:
        return None
    return (
        "Device",
        Md(f"{say.value('peak')} over {say.value('devices', '1')} devices"),
        Md(f"{say.value('device_busy')} busy at {say.value('service_time')} an item"),
        Md(_on_time(say) or ("fits" if busy <= 0.7 else "tight" if busy < 1 else "**does not fit**")),
    )


def _on_time(say: Say) -> str:
    """What is said where the slowest items would miss the limit, although the device is not busy."""
    slowest, limit = say.spec.value("slowest_service"), say.spec.value("latency_limit")
    if slowest is None or limit is None or slowest <= limit:
        return ""
    spread = f"{say.value('service_time')} × 2.68, a lognormal spread assumed"
    measured = "measured" if say.known("service_p99") else f"{spread}, to be measured on the device"
    return f"tight: p99 of computing {say.value('slowest_service')} ({measured}) against {say.value('latency_limit')}"


def _traffic(say: Say) -> tuple[Any, ...] | None:
    if say.holds("clustered") and say.holds("decides_at_random") and say.known("slot_weeks"):
        weeks, most = say.spec.value("slot_weeks"), say.spec.value("max_weeks") or 8
        needed = Md(f"{say.value('slots_total')} hourly slots for {say.value('minimum_effect')}")
        there = Md(f"{say.value('places')} places, 24 slots a day each: {weeks} weeks of {most}")
        return ("Traffic against effect", needed, there, Md(_verdict(weeks / most)))
    if say.holds("clustered") and say.holds("decides_at_random") and say.known("minimum_effect"):
        rate = Md(f"{say.value('eligible_per_day')} units a day" if say.known("eligible_per_day") else "not given")
        missing = "its numbers" if say.known("places") else "how many places can switch"
        return (
            "Traffic against effect",
            Md(f"slots for {say.value('minimum_effect')}"),
            rate,
            Md(f"not judged: slots count, not units, and {missing} {'are' if say.known('places') else 'is'} not given"),
        )
    weeks, most = say.spec.value("experiment_weeks"), say.spec.value("max_weeks")
    if weeks is None or most is None or not (say.holds("decides_at_random") or say.holds("too_slow_for_ab")):
        return None
    return (
        "Traffic against effect",
        Md(f"{say.value('users_total')} units for {say.value('minimum_effect')}"),
        Md(f"{say.value('eligible_per_day')} a day: {weeks} weeks of {most}{_in_all(say)}"),
        Md(_verdict(weeks / most) if not say.holds("too_few_people") else "**does not fit**"),
    )


def _in_all(say: Say) -> str:
    return f", and {say.value('people_there')} in all" if say.holds("too_few_people") else ""


def _calendar(say: Say) -> tuple[Any, ...] | None:
    deadline = say.spec.value("deadline")
    if say.known("parallel_calendar") and deadline is not None and len(deadline) == 10:
        kept = f"; {say.value('freezes_unread')} must be kept clear" if say.known("freezes_unread") else ""
        built = Md(_built_in(say, "parallel_weeks_to_build"))
        return (
            "Calendar",
            Md(f"{say.value('parallel_calendar')}{kept}"),
            Md(f"deadline {say.value('deadline')}"),
            built,
        )
    if not say.known("decided_on") or deadline is None or len(deadline) != 10 or not say.holds("decides_at_random"):
        return None
    moved = f", moved out of {say.value('freezes_that_move')}" if say.known("freezes_that_move") else ""
    kept = f"; {say.value('freezes_unread')} must be kept clear" if say.known("freezes_unread") else ""
    steps = f"{say.value('days_before_exposure')} days of steps from {say.value('steps_from')}"
    needed = (
        f"decided on {say.value('decided_on')} at the earliest: {steps}, exposure from {say.value('exposure_from')}"
    )
    if say.known("everyone_from") and say.spec.value("everyone_from") != say.spec.value("decided_on"):
        needed += f", everyone from {say.value('everyone_from')}"
    return ("Calendar", Md(f"{needed}{moved}{kept}"), Md(f"deadline {say.value('deadline')}"), Md(_built_in(say)))


def _built_in(say: Say, name: str = "weeks_to_build") -> str:
    weeks = say.spec.value(name)
    if weeks is None:
        return "**does not fit**"
    if weeks < 1:
        return "tight: no week is left to build it"
    return f"fits if building takes {_counted(say, name, 'week')} at most"


_CADENCE = {"daily": 1, "weekly": 7, "monthly": 30, "quarterly": 91}


def _labels(say: Say) -> tuple[Any, ...] | None:
    if say.spec.value("main_model") == "isolation":
        return None
    age, cadence = say.spec.value("label_age"), _CADENCE.get(say.spec.value("retraining_cadence") or "")
    if age is None or cadence is None:
        return None
    delay = age / 86400
    verdict = "fits" if delay <= cadence else "tight: each run learns from labels of an earlier period"
    return (
        "Label delay against cadence",
        Md(f"retraining {say.choice('retraining-cadence')}"),
        Md(f"labels mature after {say.value('label_age')}"),
        Md(verdict),
    )


def _capacity(say: Say) -> tuple[Any, ...] | None:
    if not say.known("highest_recall"):
        return None
    return (
        "Capacity against positives",
        Md(f"{say.value('positives_per_period')} positive cases"),
        Md(f"{say.value('action_capacity')} can be acted on"),
        Md(_ceilings(say) or "fits"),
    )


def _ceilings(say: Say) -> str:
    """What the capacity caps: recall where it is small, precision where it is larger than the positives."""
    parts = []
    if say.spec.value("highest_recall") < 1:
        parts.append(f"caps recall at {say.value('highest_recall')}")
    if (say.spec.value("highest_precision") or 1) < 1:
        parts.append(f"caps precision at {say.value('highest_precision')}")
    return ", ".join(parts)


def _people(say: Say) -> tuple[Any, ...] | None:
    if say.known("false_alarms_within_capacity") and say.known("set_aside_reviews"):
        return _bench(say)
    if not say.known("queue_growth"):
        return None
    return (
        "People against cases",
        Md(f"{say.value('arrivals')} cases a day to confirm"),
        Md(f"{say.value('reviews_per_day')} a day are confirmed"),
        Md("**does not fit**"),
    )


def _bench(say: Say) -> tuple[Any, ...] | None:
    """Those who act are the ones who review: what the gates allow fills their places on an average day."""
    aside, places = say.spec.value("set_aside_reviews"), say.spec.value("action_capacity")
    flagged = f"{places - aside:,.0f} flagged at the ceiling of false alarms"
    return (
        "People against cases",
        Md(f"{flagged}, {aside:,.0f} random and planted"),
        Md(f"{say.value('reviews_per_day')} a day"),
        Md("tight: every other day brings more, and no place is spare to catch up"),
    )


def _hours(say: Say) -> tuple[Any, ...]:
    wanted, there = say.spec.value("upkeep_hours"), say.spec.value("hours_available")
    return (
        "Hours for upkeep",
        Md(f"{say.value('upkeep_hours')} a month"),
        Md(f"{say.marked('hours_available')}"),
        Md(_verdict(wanted / there if there else 9)),
    )


def _reading(say: Say) -> tuple[Any, ...] | None:
    """The reading that monitoring and the golden set ask of people, against what they can read."""
    if not say.known("reading_hours"):
        return None
    sample, a_day = say.spec.value("audit_sample"), say.spec.value("reviews_per_day")
    once = (
        f"; once {say.spec.value('labelling_hours'):.0f} for golden set and judge"
        if say.known("labelling_hours")
        else ""
    )
    needed = f"{say.spec.value('reading_hours'):.0f} a month for {sample:,.0f} answers a week{once}, at 3 minutes a case (assumed)"
    there = f"{say.value('reviews_per_day')} a day can be read" if a_day else "not given"
    verdict = _verdict(sample / (5 * a_day)) if a_day else "open: nobody said how many can be read"
    return ("Hours for reading", Md(needed), Md(there), Md(verdict))


def _data(say: Say) -> tuple[Any, ...] | None:
    if say.known("labels_in_fold"):
        each = say.spec.value("labels_in_fold") / say.spec.value("classes")
        return (
            "Data against metric",
            Md(f"{EACH_CLASS} labels of each class in a test period"),
            Md(f"{say.value('labels_in_fold')} labels a fold, {each:,.0f} a class on average (computed)"),
            Md(_verdict(EACH_CLASS / each)),
        )
    if say.known("golden_locked_margin"):
        margin, gain = say.spec.value("golden_locked_margin"), _gain(say)
        each = f"; {EACH_CLASS} for each slice" if say.holds("slices_named") else ""
        needed = f"see a gain of {gain * 100:.2g} points" if gain else "see a gain, still to be given"
        return (
            "Data against metric",
            Md(f"{needed}{each}"),
            Md(
                f"±{margin * 100:.2g} points from {say.value('golden_locked')} locked cases, half of {say.value('golden_set')}"
            ),
            Md(_golden_fits(say, margin, gain)),
        )
    margin, gain = say.spec.value("precision_margin"), _gain(say)
    if margin is not None:
        needed = Md(
            f"see a gain of {gain * 100:.2g} points"
            if gain
            else f"tell {say.value('success_threshold')} from the baseline"
        )
        if say.known("left_alone") and say.known("cohort_cases") and gain:
            return ("Data against metric", needed, *_untouched(say))
        return (
            "Data against metric",
            needed,
            Md(f"±{margin * 100:.2g} points from one period of action"),
            Md(_verdict(margin / gain) if gain else "open: the baseline has no value"),
        )
    auc, gain = say.spec.value("auc_margin"), _gain(say)
    if auc is not None:
        needed = Md(f"see a gain of {gain:.2g}" if gain else "see a gain, still to be given")
        there = Md(f"±{auc:.1g} from a fifth of {say.value('labelled_positives')} positives")
        return ("Data against metric", needed, there, Md(_verdict(auc / gain) if gain else "open"))
    there, wanted = say.spec.value("labelled_positives"), say.spec.value("positives_needed")
    if there is None or not wanted:
        return None
    return (
        "Data against metric",
        Md(f"{say.value('positives_needed')} positives in the test part for {say.value('recall_margin_said')}"),
        Md(f"{0.2 * there:,.0f} in a test part of 20 % of the {say.value('labelled_positives')} labelled"),
        Md(
            f"{_verdict(wanted / (0.2 * there))}{_if_apart(say, wanted / (0.2 * there))}"
            if there
            else "**does not fit**"
        ),
    )


def _if_apart(say: Say, ratio: float) -> str:
    """Positives of one group count less than one each, and nobody said in how many groups they lie."""
    if ratio > 1 or not say.known("group_key"):
        return ""
    return f" if they lie in {say.value('positives_needed')} {say.value('group_key')} or more"


def _golden_fits(say: Say, margin: float, gain: float | None) -> str:
    """The whole against today's way, and whether the slices named can hold enough cases at all."""
    whole = _verdict(margin / gain) if gain else "open: the baseline has no value"
    slices = len(say.spec.value("slices") or ())
    short = slices * EACH_CLASS > say.spec.value("golden_locked")
    return f"{whole}; slices: to be counted{', too few if they do not overlap' if short else ''}" if slices else whole


def _untouched(say: Say) -> tuple[Md, Md]:
    """What the untouched cases of one cohort show, and how many pooled ones show enough."""
    cases, unit, pooled = (say.spec.value(id) for id in ("cohort_cases", "cohort_unit", "periods_to_tell"))
    threshold = say.spec.value("success_threshold")
    margin = 1.96 * (threshold * (1 - threshold) / cases) ** 0.5
    share = f"{say.value('left_alone')}{'' if say.known('untouched_share') else ', assumed'}"
    there = Md(f"±{margin * 100:.2g} points from the {cases:,.0f} untouched cases of a {unit} ({share})")
    today = f", against today's {say.value('baseline_cases')} cases" if say.known("baseline_cases") else ""
    if pooled is None:
        return there, Md(f"**does not fit**: today's {say.value('baseline_cases')} cases alone leave too much open")
    return there, Md("fits" if pooled == 1 else f"fits once {pooled:,.0f} {unit}s are pooled{today} (power 80 %)")


def _gain(say: Say) -> float | None:
    threshold, baseline = say.spec.value("success_threshold"), say.spec.value("baseline_value")
    return abs(threshold - baseline) or None if threshold is not None and baseline is not None else None


def _budget(say: Say) -> tuple[Any, ...] | None:
    if not say.known("budget"):
        return None
    there = Md(f"{say.value('budget')}")
    if not say.known("monthly_total"):
        problem = say.spec.figure("monthly_total").problem
        return ("Budget", _unpriced(say), there, Md(f"not judged: {problem or cost.no_prices(say)}"))
    needed = f"{say.value('monthly_total')} a month"
    if say.known("lines_without_money"):
        needed += f", without {say.value('lines_without_money')}"
    if say.known("monthly_low"):
        needed += f" ({say.value('monthly_low')} to {say.value('monthly_high')})"
    problem = say.spec.figure("budget_used").problem
    return ("Budget", Md(needed), there, Md(f"not judged: {problem}" if problem else cost.verdict(say)))


def _unpriced(say: Say) -> Md:
    lines = [f"{LINES[name]} {escape(say_cost(money))}" for name, money in say.spec.value("monthly_lines") or ()]
    if lines:
        return joined(lines)
    if say.known("worker_hours"):
        return Md(f"{_counted(say, 'serving_workers', 'worker')}")
    return Md("the machines of the stack below")
