"""Facts on the way to everyone: shadow, canary, experiment, and when each step has passed."""

from __future__ import annotations

import re

from mlworkflow.facts.registry import fact

CANARIES = ("shadow-canary", "blue-green-canary")


@fact("text")
def shadow_days(mean_load: float | None = None) -> str:
    """How long a shadow runs: two weeks cover each weekday twice."""
    return "two weeks"


@fact("text")
def shadow_stop(problem_type: str) -> str:
    """What ends a shadow at once."""
    return "any crash, any missing trace" if problem_type == "generative" else "any crash, any missing feature"


@fact("text")
def shadow_passed(problem_type: str) -> str:
    """What a shadow must show before a case is decided by it."""
    if problem_type == "generative":
        return "traces complete; the golden set passes on the served bundle; latency inside the limit"
    return "served and recomputed features agree in 99.9 % of rows; latency inside the limit"


@fact("text")
def site_lasts(
    label_age: float | None = None, label_delay: float | None = None, label_source: str | None = None
) -> str:
    """How long a first group tries it: until the outcomes by which it is judged are known."""
    from mlworkflow.quantity import say_duration

    waits = (label_age if label_source in ("measurement", "events") else label_delay) or 0
    return "four weeks" if waits <= 7 * 86400 else f"four weeks of cases, and {say_duration(waits)} for their labels"


@fact("text")
def site_passed(baseline_kind: str, site_stop: str, label_source: str | None = None) -> str:
    """What a first group must show: where a measurement labels, it judges, not an opinion."""
    if label_source == "measurement":
        judged = (
            "where the two differ, the measurement was with it more often than with today's way"
            if baseline_kind not in ("none", "random")
            else "the measurements confirm it as often as the gates ask"
        )
        return f"{judged}; not {site_stop}"
    shown = (
        "where the two differ, people judged for it more often than against it"
        if baseline_kind not in ("none", "random")
        else "people follow it in most cases and say why where not"
    )
    return f"{shown}; not {site_stop}"


@fact("text")
def site_stop(problem_type: str) -> str:
    """What ends a first site at once."""
    return "one error beyond the safe limit" if problem_type in ("forecasting", "regression") else "one dangerous miss"


@fact("text")
def experiment_length(
    experiment_kind: str,
    experiment_weeks: float | None = None,
    experiment_decided: float | None = None,
    length_after_interleaving: str | None = None,
    slot_weeks: float | None = None,
) -> str:
    """How long units enter the experiment."""
    if slot_weeks is not None:
        return f"{slot_weeks} weeks"
    if experiment_kind == "interleaving" and length_after_interleaving is not None:
        return length_after_interleaving
    if experiment_weeks is None:
        return "as A/B Testing says, once it has a size"
    from mlworkflow.quantity import say_duration

    decided = f", decided after {say_duration(experiment_decided)}" if experiment_decided is not None else ""
    return f"{experiment_weeks} weeks{decided}"


@fact("text")
def detectable_effect_said(primary_metric_kind: str, detectable_effect: float | None = None) -> str | None:
    """The smallest effect that the traffic can show, in words."""
    if detectable_effect is None:
        return None
    if primary_metric_kind == "rate":
        return f"{detectable_effect * 100:.2g} points"
    return f"{float(f'{detectable_effect:.2g}'):,.0f}" if detectable_effect >= 10 else f"{detectable_effect:.2g}"


@fact("flag")
def decided_after_deadline(decided_on: str, deadline: str) -> bool:
    """The experiment is decided after the deadline (where the deadline is a day)."""
    is_day = len(deadline) == 10 and deadline[4:5] == deadline[7:8] == "-"
    return is_day and decided_on > deadline


@fact("flag")
def decides_at_random(experiment_kind: str) -> bool:
    """Units are assigned at random."""
    return experiment_kind in ("ab-test", "holdout-on-action", "switchback", "interleaving")


@fact("text")
def everyone_passed(decides_at_random: bool) -> str:
    """What must be seen before a version counts as released for good."""
    return (
        "metric on mature labels confirms the experiment"
        if decides_at_random
        else "metric on mature labels meets its threshold"
    )


@fact("text")
def differences_read(problem_type: str) -> str:
    """Which differences between two tables people read."""
    return (
        "the 50 largest differences" if problem_type in ("forecasting", "regression") else "the top cases that differ"
    )


@fact("text")
def canary_exposure(mode_ids: tuple[str, ...], shares_supply: bool) -> str:
    """What a canary reaches: where units share a supply, a share of them would still move all of it."""
    if shares_supply:
        return "one place"
    if {"real-time", "batch"} <= set(mode_ids):
        # A unit must get one answer, whichever way it is asked for: the split is by unit, not by request.
        return "5 % of the units, their requests and their rows in the table alike"
    if "real-time" in mode_ids:
        return "5 % of requests"
    return "5 % of the keys" if "streaming" in mode_ids else "5 % of the jobs"


@fact("text")
def canary_lasts(canary_days: float, shares_supply: bool) -> str:
    """How long a canary runs."""
    if shares_supply:
        return "at least one full week"
    return (
        "at least one full day of traffic" if canary_days <= 1 else f"at least {canary_days:.0f} full days of traffic"
    )


@fact("count")
def canary_days(
    shares_supply: bool, canary_window: float | None = None, canary_slow_window: float | None = None
) -> float:
    """Days that a canary needs: a whole one, and as many as show three times the allowed errors or slow requests."""
    return 7 if shares_supply else max(1.0, -(-max(canary_window or 0, canary_slow_window or 0) // 86400))


@fact("flag")
def errors_counted(service_window: float | None = None) -> bool:
    """Some count of errors tells harm from chance within two weeks."""
    return service_window is not None


@fact("text")
def canary_rule(
    error_budget_share: str,
    service_errors: float,
    service_requests: float,
    canary_errors: float | None = None,
    canary_requests: float | None = None,
    canary_power: float | None = None,
    service_power: float | None = None,
) -> str:
    """How many failed requests take a release back, in the canary and at full traffic."""
    least = int(100 * min(one for one in (canary_power, service_power, 1.0) if one is not None))
    why = f"passed by 3 x the allowed {error_budget_share} in {least} % of windows, by chance on 1 day of 20"
    everywhere = f"{service_errors:,.0f} of all {service_requests:,.0f}"
    if canary_errors is None or canary_requests is None:
        return f"{everywhere} ({why}); a canary of 5 % is too small to show it within two weeks"
    return f"{canary_errors:,.0f} of the canary's {canary_requests:,.0f}, or {everywhere} ({why})"


@fact("text")
def service_rule_seen(service_power: float) -> str:
    """In which share of windows three times the allowed errors pass the count of the whole traffic, rounded down."""
    return f"{int(100 * service_power)} %"


@fact("flag")
def few_for_p99(mean_load: float | None = None) -> bool:
    """It is known that a quarter of an hour holds fewer than 1,000 requests, so its p99 is one of the few slowest."""
    return mean_load is not None and mean_load * 900 < 1000


@fact("text")
def slow_rule(
    rollout: str,
    slow_count: float,
    slow_requests: float,
    canary_slow_count: float | None = None,
    canary_slow_requests: float | None = None,
) -> str:
    """How many slow requests take a release back, in the canary and at full traffic."""
    why = "if 1 % are slower, by chance on 1 day of 20"
    everywhere = f"{slow_count:,.0f} of all {slow_requests:,.0f}"
    if rollout not in CANARIES or canary_slow_count is None or canary_slow_requests is None:
        return f"{everywhere} ({why})"
    return f"{canary_slow_count:,.0f} of the canary's {canary_slow_requests:,.0f}, or {everywhere} ({why})"


@fact("text")
def slow_rule_window(rollout: str, slow_window: float, canary_slow_window: float | None = None) -> str:
    """Within which time slow requests are counted."""
    from mlworkflow.quantity import say_duration

    everywhere = say_duration(slow_window)
    if rollout not in CANARIES or canary_slow_window is None or canary_slow_window == slow_window:
        return everywhere
    return f"{say_duration(canary_slow_window)}, or {everywhere}"


@fact("text")
def rank_window(mode_ids: tuple[str, ...]) -> str:
    """Over which scores their rank is taken: a step of the rollout may be as short as a day."""
    return "each run" if "batch" in mode_ids else "one day"


@fact("text")
def constant_window(arrivals: float | None = None) -> str:
    """Over how many predictions a repeated one is counted: by chance 10 points more than usual come on 1 day of 20 at most."""
    # The widest binomial spread is that of a share of one half: 6.2 of 10 points at 1,000 windows a day of 1,000.
    held = 1000 if arrivals is None else min(1000, max(100, arrivals))
    return f"{held:,.0f} predictions"


@fact("text")
def canary_rule_window(service_window: float, canary_window: float | None = None) -> str:
    """Within which time they are counted."""
    from mlworkflow.quantity import say_duration

    everywhere = say_duration(service_window)
    return everywhere if canary_window is None else f"{say_duration(canary_window)}, or {everywhere}"


@fact("flag")
def control_answers(problem_type: str, baseline_kind: str | None = None) -> bool:
    """Control gives something of the same kind that can be judged alike."""
    return problem_type != "generative" or baseline_kind in ("model", "vendor")


@fact("text")
def unsafe_first(
    regulation: tuple[str, ...] | None = None,
    personal_data: bool | None = None,
    never_topics: tuple[str, ...] | None = None,
) -> str:
    """What is looked at first after a harmful answer, and what one with somebody else's data sets off."""
    first = "Reproduce from the trace; is it one document, one topic or all?"
    others = any(re.search(r"\b(?:other|another|else)", topic.lower()) for topic in never_topics or ())
    if "gdpr" not in (regulation or ()) or not (personal_data or others):
        return first
    return f"{first} Data of others seen: the authority is told within 72 hours, unless no risk to them is likely (GDPR, Article 33)."


@fact("duration")
def experiment_wait(
    label_age: float | None = None, outcome_window: float | None = None, horizon: float | None = None
) -> float:
    """Time from the last unit that enters until its outcome is known."""
    # What happens inside a window that is shorter than the horizon of a label needs its own labels: both add up.
    if horizon is not None and 0 < (outcome_window or 0) < horizon:
        return (outcome_window or 0) + (label_age or 0)
    return max(label_age or 0, outcome_window or 0)


@fact("text")
def assigned_words(experiment_kind: str) -> str:
    """What an experiment assigns."""
    if experiment_kind == "holdout-on-action":
        return "picks from the model, half of each list not acted on"
    return "slots" if experiment_kind == "switchback" else "units"


@fact("text")
def overflow_words(
    problem_type: str, has_signals: bool = False, human_decides: bool | None = None, adversarial: bool | None = None
) -> str:
    """Where cases go that exceed the capacity."""
    if problem_type == "anomaly-detection" and has_signals:
        return "what an outage brings above it is grouped into one incident, not queued one by one."
    peak = "an attack or a peak" if adversarial else "a peak"
    if human_decides is False:
        return f"what {peak} brings above it is acted on too; people look at the riskiest first."
    return f"what {peak} brings above it goes to the fallback, not into the queue."


_LINE = re.compile(
    r"\b(weld|part|module|assembly|production line|conveyor|station|inspect\w*|reject\w*|defect\w*|bottle|seam|scratch\w*)s?\b"
)
_ON_ALL = re.compile(r"\b(whole|blanket|everything|everywhere|all of (it|them))\b")


@fact("flag")
def on_a_line(
    target: str | None = None, prediction_unit: str | None = None, decision_driven: str | None = None
) -> bool:
    """Parts pass a device one by one, and a bad one is taken out."""
    return _LINE.search(f"{target or ''} {prediction_unit or ''} {decision_driven or ''}".lower()) is not None


@fact("flag")
def present_way_finds(baseline_kind: str, current_process: str | None = None) -> bool:
    """Something picks cases today; acting on all of them, or on none, is no picking."""
    acts_on_all = baseline_kind != "people" and _ON_ALL.search((current_process or "").lower()) is not None
    return baseline_kind not in ("none", "random") and not acts_on_all


@fact("text")
def bench_exposure(on_a_line: bool) -> str:
    """Where a converted model is tried before anything depends on it."""
    return "one device off the line" if on_a_line else "one device on a bench, fed with recorded inputs"


@fact("text")
def cases_sought(on_a_line: bool) -> str:
    """What is looked for, in the words of the place."""
    return "bad cases" if on_a_line else "positive cases"


@fact("text")
def first_device_exposure(on_a_line: bool) -> str:
    """How the first device runs."""
    if on_a_line:
        return "one device, people confirm every reject"
    return "one device, with somebody beside it who can switch back to today's way"


@fact("text")
def first_device_on(on_a_line: bool, present_way_finds: bool) -> str:
    """What the first device must show."""
    if present_way_finds:
        return "differences to the present system reviewed" if on_a_line else "differences to today's way reviewed"
    return "a random sample of what it saw labelled, the threshold met there"


@fact("text")
def first_device_stop(on_a_line: bool, present_way_finds: bool) -> str:
    """What ends the run of the first device."""
    if present_way_finds:
        today = "the present system" if on_a_line else "today's way"
        cases = "bad" if on_a_line else "positive"
        return f"{today} alone finds more {cases} cases than the model alone (sign test at 5 %)"
    return "the upper end of the 95 % interval of the deciding metric on that sample is below the threshold"
