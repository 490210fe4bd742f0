"""Facts about what was said and what was not, and values in words for sentences."""

from __future__ import annotations

import re
from typing import Any

from mlworkflow.facts.data import FILES, overwriting
from mlworkflow.facts.registry import Subject, fact


@fact("flag")
def threshold_said(success_threshold: float | None = None) -> bool:
    """A success threshold was given."""
    return success_threshold is not None


@fact("flag")
def baseline_measured_said(baseline_value: float | None = None, baseline_reached: float | None = None) -> bool:
    """The baseline has a value for the metric that decides, given or following from other answers."""
    return baseline_value is not None or baseline_reached is not None


ML_METRICS = ("accuracy", "auc", "f1", "precision", "recall", "rmse", "mae", "mape", "ndcg", "log loss", "map", "r2")


@fact("flag")
def business_metric_missing(business_metric: str | None = None) -> bool:
    """No business metric was named, or an offline metric in its place."""
    if business_metric is None:
        return True
    plain = business_metric.lower().strip().replace("-", " ").replace("_", " ")
    return (
        plain in ML_METRICS or plain.removesuffix(" score") in ML_METRICS or plain in ("auc roc", "roc auc", "pr auc")
    )


_ERRORS = {
    "mae": "mae", "mean absolute error": "mae", "rmse": "rmse", "mape": "mape", "wape": "wape", "mase": "mase",
    "pinball": "pinball-loss",
}  # fmt: skip
# What a metric that decides is called where somebody tells in words what the baseline reached.
_TOLD = {
    "recall": ("recall", "sensitivity"),
    "precision-at-k": ("precision",),
    "precision-at-budget": ("precision",),
    "accuracy": ("accuracy",),
    "macro-f1": ("macro-f1", "macro f1"),
    "f1": ("f1",),
    "auc-roc": ("auc", "auc-roc", "roc-auc"),
    "pr-auc": ("pr-auc", "average precision"),
    "mae": ("mae", "mean absolute error"),
    "rmse": ("rmse",),
    "mape": ("mape",),
    "wape": ("wape",),
}
_NUMBER = r"(\d+(?:\.\d+)?)\s?(%?)"


@fact("number")
def baseline_told(deciding_metric: str, baseline_measured: str) -> float | None:
    """What the baseline reached on the metric that decides, where the words about its measurement say it."""
    names = "|".join(_TOLD.get(deciding_metric, ()))
    if not names:
        return None
    before, after = rf"(?<![\w-])(?:{names})\s*(?:of|is|was|:|=)?\s*{_NUMBER}", rf"{_NUMBER}\s+(?:{names})(?![\w-])"
    found = re.search(before, baseline_measured.lower()) or re.search(after, baseline_measured.lower())
    if found is None:
        return None
    value = float(found[1]) / (100 if found[2] else 1)
    return value if value <= 1 or (deciding_metric in _ERRORS.values() and not found[2]) else None


@fact("number")
def baseline_reached(
    deciding_metric: str,
    baseline_recall: float | None = None,
    baseline_precision: float | None = None,
    baseline_false_alarm_rate: float | None = None,
    cost_of_baseline: float | None = None,
    baseline_told: float | None = None,
) -> float | None:
    """What the baseline reaches on the metric that decides, as far as its rates or the words about it say so."""
    if deciding_metric == "recall-at-false-alarm-rate" and baseline_false_alarm_rate is not None:
        return baseline_recall
    known = {
        "recall": baseline_recall,
        "precision-at-k": baseline_precision,
        "precision-at-budget": baseline_precision,
        "expected-cost": cost_of_baseline,
    }
    found = known.get(deciding_metric)
    return found if found is not None else baseline_told


_RATES = {
    "auc": "auc-roc", "auc-roc": "auc-roc", "roc-auc": "auc-roc", "pr-auc": "pr-auc", "average precision": "pr-auc",
    "f1": "f1", "macro-f1": "macro-f1", "log loss": "log-loss",
}  # fmt: skip


@fact("text")
def other_metric_measured(deciding_metric: str, baseline_measured: str) -> str | None:
    """The metric that the baseline was measured with, where another one decides."""
    words = _ERRORS if deciding_metric in _ERRORS.values() else _RATES if deciding_metric in _RATES.values() else {}
    said = re.findall(
        rf"(?<![\w-])({'|'.join(sorted(words, key=len, reverse=True))})(?![\w-])", baseline_measured.lower()
    )
    measured = [word for word in said if word]
    if not measured or deciding_metric in [words[word] for word in measured]:
        return None
    return measured[0].upper() if " " not in measured[0] and measured[0] != "pinball" else str(measured[0]).capitalize()


@fact("flag")
def baseline_in_other_metric(other_metric_measured: str | None = None) -> bool:
    """The baseline was measured with a metric that does not decide."""
    return other_metric_measured is not None


@fact("flag")
def satisfaction_named(satisfaction_metric: str | None = None) -> bool:
    """A figure was named that tells how users like it."""
    return satisfaction_metric is not None


@fact("flag")
def slices_named(slices: tuple[str, ...] | None = None) -> bool:
    """Groups were named for which quality must hold."""
    return bool(slices)


@fact("flag")
def fail_direction_said(fail_direction: str | None = None) -> bool:
    """It was said which way to err."""
    return fail_direction is not None


@fact("flag")
def latency_known(latency_p99: float | None = None) -> bool:
    """A p99 latency was given."""
    return latency_p99 is not None


@fact("flag")
def several_sources(source_subjects: tuple[Subject, ...] = ()) -> bool:
    """At least two accepted sources hold documents."""
    kinds = ("documents", "files", "api", "s3-parquet")
    held = [one for one in source_subjects or () if one.attributes["kind"] in kinds]
    return len([one for one in held if one.attributes["state"] == "accepted"]) > 1


@fact("flag")
def has_sources(source_subjects: tuple[Subject, ...] = ()) -> bool:
    """Data sources were named."""
    return bool(source_subjects)


_CUSTOMERS = {
    f"{word}{end}" for word in ("customer", "user", "subscriber", "member", "cardholder") for end in ("", "s")
}


@fact("flag")
def customer_events(prediction_unit: str = "", target: str = "") -> bool:
    """The unit is a customer or account with a history."""
    unit = set(re.findall(r"[a-z]+", (prediction_unit or "").lower()))
    named = set(re.findall(r"[a-z]+", (target or "").lower().split(":")[0]))
    return bool(unit & (_CUSTOMERS | {"account", "accounts"}) or named & _CUSTOMERS)


@fact("flag")
def event_history(source_kinds: tuple[str, ...]) -> bool:
    """Some source holds dated events."""
    return bool(
        set(source_kinds) & {"kafka", "kinesis", "pubsub", "logs", "sensor", "s3-parquet", "warehouse", "postgres"}
    )


@fact("text")
def currency(cost_missed: Any = None, budget: Any = None) -> str:
    """The currency in which mistakes are priced."""
    money = cost_missed or budget
    return money.currency if money is not None else ""


@fact("text")
def error_budget_share(availability: float | None = None) -> str:
    """The share of requests that may fail."""
    from mlworkflow.quantity import say_share

    return say_share(round(1 - availability, 8)) if availability is not None else "1 %"


@fact("text")
def log_kept(label_age: float | None = None) -> str:
    """How long predictions are kept: a year, or two label delays where that is longer."""
    from mlworkflow.quantity import say_duration

    return say_duration(max(365 * 86400.0, 2 * (label_age or 0)))


@fact("text")
def shadow_days(mean_load: float | None = None) -> str:
    """How long a shadow runs: two weeks cover each weekday twice."""
    return "two weeks"


@fact("text")
def shadow_stop(problem_type: str) -> str:
    """What ends a shadow at once."""
    return "any crash, any missing trace" if problem_type == "generative" else "any crash, any missing feature"


@fact("text")
def texts_labelled_twice(classes: float | None = None) -> str:
    """Which texts two people label, to see how far they agree."""
    if classes is not None and classes > 40:
        return "At least 400 texts, drawn as the classes occur,"
    return "At least 200 texts, and 20 for each class,"


@fact("text")
def shadow_passed(problem_type: str) -> str:
    """What a shadow must show before a case is decided by it."""
    if problem_type == "generative":
        return "traces complete; the golden set passes on the served bundle; latency inside the limit"
    return "served and recomputed features agree in 99.9 % of rows; latency inside the limit"


@fact("text")
def site_passed(baseline_kind: str, site_stop: str) -> str:
    """What a first site must show."""
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


@fact("text")
def over_devices(devices: float | None = None) -> str:
    """Over how many devices the load is spread."""
    return f"over {devices:,.0f} devices" if devices is not None and devices > 1 else "on one device"


@fact("text")
def golden_set_margin(golden_set: float) -> str | None:
    """Half the width of a 95 % interval at a pass rate of 85 %."""
    if golden_set <= 0:
        return None
    return f"{196 * (0.85 * 0.15 / golden_set) ** 0.5:.0f} points"


@fact("flag")
def decided_after_deadline(decided_on: str, deadline: str) -> bool:
    """The experiment is decided after the deadline (where the deadline is a day)."""
    is_day = len(deadline) == 10 and deadline[4:5] == deadline[7:8] == "-"
    return is_day and decided_on > deadline


@fact("text")
def today_words(baseline_kind: str, current_process: str | None = None) -> str:
    """What does the job today, in the words that were given."""
    if current_process:
        return current_process
    return {"rules": "the present rule", "vendor": "the bought service"}.get(baseline_kind, "people decide")


@fact("text")
def floor_role(baseline_kind: str, problem_type: str) -> str:
    """The part of the simplest candidate: where something does the job today, that is the baseline."""
    if baseline_kind not in ("rules", "people", "vendor"):
        return "baseline"
    return "simplest forecast" if problem_type == "forecasting" else "simplest learned model"


@fact("text")
def main_model_role_trees(main_model: str) -> str:
    """The part that boosted trees play among the candidates."""
    return "main candidate" if main_model in ("boosted-trees", "listwise-trees", "two-stage") else "challenger"


@fact("text")
def role_factors(towers_lead: bool) -> str:
    """The part that matrix factorisation plays."""
    return "simple challenger, first stage" if towers_lead else "main candidate, first stage"


@fact("text")
def role_towers(towers_lead: bool) -> str:
    """The part that a two-tower network plays."""
    return "main candidate, first stage" if towers_lead else "challenger, first stage"


@fact("text")
def role_pairs(few_items: bool) -> str:
    """The part that co-occurrence of items plays."""
    return "simple challenger" if few_items else "main candidate, first stage"


@fact("text")
def ranker_words(few_items: bool) -> str:
    """What a ranker orders."""
    return "all items that are eligible" if few_items else "the candidates"


@fact("text")
def role_ranker(few_items: bool) -> str:
    """The part that a ranker plays."""
    return "main candidate" if few_items else "main candidate, second stage"


@fact("text")
def factors_budget(search_budget: str, row_count: float | None = None) -> str:
    """What a matrix factorisation may cost."""
    return search_budget if row_count is not None and row_count >= 10_000_000 else "2 CPU hours"


@fact("text")
def towers_budget(search_budget: str, row_count: float | None = None) -> str:
    """What a two-tower network may cost."""
    large = row_count is not None and row_count >= 10_000_000
    return search_budget if large else "24 GPU hours, 16 GB GPU memory"


@fact("text")
def main_model_role_series(main_model: str) -> str:
    """The part that series models play among the candidates."""
    return "main candidate" if main_model == "statistical-series" else "simple challenger"


@fact("text")
def main_model_role_isolation(main_model: str) -> str:
    """The part that an isolation forest plays among the candidates."""
    return "main candidate" if main_model == "isolation" else "challenger without labels"


@fact("text")
def search_budget(trials: float, folds: float, search_time: float | None = None) -> str:
    """What the search of the main candidate may cost."""
    if search_time is None:
        return f"{trials} trials of {folds} fits each; memory of one training machine"
    hours = search_time / 3600
    return (
        f"{trials} trials of {folds} fits, {hours:.0f} machine hours"
        if hours >= 1
        else f"{trials} trials of {folds} fits, under an hour"
    )


@fact("count")
def trials(tuning_method: str, random_trials: float) -> float:
    """Settings that the chosen search tries."""
    return {"grid": 8, "random": random_trials, "bayesian": 40}.get(tuning_method, 1)


@fact("count")
def folds(validation: str) -> float:
    """Fits for each setting under the chosen validation."""
    return {"cross-validation": 5, "walk-forward": 2}.get(validation, 1)


@fact("flag")
def decides_at_random(experiment_kind: str) -> bool:
    """Units are assigned at random."""
    return experiment_kind in ("ab-test", "holdout-on-action", "switchback", "interleaving")


@fact("flag")
def too_few_test_positives(labelled_positives: float, positives_needed: float) -> bool:
    """A test part of 20 % holds too few positive cases for the metric."""
    return 0.2 * labelled_positives < positives_needed


@fact("text")
def recall_margin_said(recall_margin: float) -> str:
    """How exact a test makes recall."""
    return f"±{recall_margin * 100:.2g} points"


@fact("flag")
def recall_without_floor(deciding_metric: str, false_alarms_within_capacity: float | None = None) -> bool:
    """Recall decides, and no capacity limits the false alarms that buy it."""
    return deciding_metric == "recall" and false_alarms_within_capacity is None


@fact("flag")
def low_traffic(mean_load: float) -> bool:
    """A quarter of an hour holds fewer than 500 requests."""
    return mean_load * 900 < 500


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
def canary_days(shares_supply: bool, canary_window: float | None = None) -> float:
    """Days that a canary needs: a whole one, and as many as show three times the allowed errors."""
    return 7 if shares_supply else max(1.0, -(-(canary_window or 0) // 86400))


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
) -> str:
    """How many failed requests take a release back, in the canary and at full traffic."""
    why = f"passed by 3 x the allowed {error_budget_share} in 8 of 10 windows, by chance on 1 day of 20"
    everywhere = f"{service_errors:,.0f} of all {service_requests:,.0f}"
    if canary_errors is None or canary_requests is None:
        return f"{everywhere} ({why}); a canary of 5 % is too small to show it within two weeks"
    return f"{canary_errors:,.0f} of the canary's {canary_requests:,.0f}, or {everywhere} ({why})"


@fact("flag")
def few_for_p99(mean_load: float | None = None) -> bool:
    """It is known that a quarter of an hour holds fewer than 1,000 requests, so its p99 is one of the few slowest."""
    return mean_load is not None and mean_load * 900 < 1000


@fact("text")
def canary_rule_window(service_window: float, canary_window: float | None = None) -> str:
    """Within which time they are counted."""
    from mlworkflow.quantity import say_duration

    everywhere = say_duration(service_window)
    return everywhere if canary_window is None else f"{say_duration(canary_window)}, or {everywhere}"


@fact("text")
def price_of_both(
    reviews_at_least: float | None = None,
    reviews_at_most: float | None = None,
    actions_of_baseline: float | None = None,
    action_capacity: float | None = None,
    set_aside_reviews: float | None = None,
) -> str:
    """What it costs in reviews that either of two versions holds a case."""
    if reviews_at_least is None or reviews_at_most is None or not action_capacity or not actions_of_baseline:
        return "The price is the work of both"
    possible = action_capacity - (set_aside_reviews or 0)
    left = possible - actions_of_baseline
    beside = f" beside {set_aside_reviews:,.0f} random and planted ones" if set_aside_reviews else ""
    range_ = f"That is {reviews_at_least:,.0f} to {reviews_at_most:,.0f} cases a period, and {possible:,.0f} are possible{beside}"
    if left >= 1:
        return f"{range_}: what only the model flags is held up to the {left:,.0f} places that are left, riskiest first"
    return f"{range_}; today's way takes {actions_of_baseline:,.0f}: add places, or let both judge a part only"


@fact("text")
def own_actions_seen(problem_type: str, action_effect: str, dangerous: bool) -> str:
    """How a model's own actions are kept out of what it learns."""
    if problem_type in ("ranking", "recommendation"):
        return "an explored share, its propensity logged, and metrics on that share"
    if dangerous or (action_effect == "changes" and problem_type in ("regression", "forecasting")):
        return "each act logged with its time, and errors reported by act"
    return "an untouched or explored share, its propensity logged, and metrics on that share"


@fact("text")
def compared_with(decides_at_random: bool) -> str:
    """What a guardrail is compared with."""
    return "in control" if decides_at_random else "in the four weeks before"


@fact("flag")
def control_answers(problem_type: str, baseline_kind: str | None = None) -> bool:
    """Control gives something of the same kind that can be judged alike."""
    return problem_type != "generative" or baseline_kind in ("model", "vendor")


@fact("text")
def device_latency_limit(latency_p99: float | None = None) -> str:
    """The limit of latency on a device."""
    from mlworkflow.quantity import say_duration

    return (
        f"p99 not above {say_duration(latency_p99)}" if latency_p99 is not None else "p99 inside the time of one item"
    )


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


FEW_FAILURES = "5 failed or timed-out requests in a row, or 5 of the last 50"


@fact("flag")
def burn_pages(fast_burn_failures_short: float) -> bool:
    """Five minutes hold enough requests for a page by the pace at which the error budget is used up."""
    return fast_burn_failures_short >= 1


@fact("text")
def down_when(
    error_budget_share: str,
    low_traffic: bool = False,
    latency_p99: float | None = None,
    availability: float | None = None,
    mean_load: float | None = None,
    fast_burn_rate: float | None = None,
    burn_pages: bool = False,
    few_for_p99: bool = False,
) -> str:
    """When a service counts as down."""
    from mlworkflow.quantity import say_duration, say_share

    if fast_burn_rate is not None and burn_pages:
        errors = (
            f"{say_share(round(fast_burn_rate, 8))} of the last hour's requests fail, and still in the last 5 minutes"
        )
    elif low_traffic or (availability is not None and mean_load is not None):
        errors = FEW_FAILURES
    else:
        errors = ""
    if low_traffic:
        return FEW_FAILURES if errors == FEW_FAILURES else f"{errors}, or 5 failed or timed-out requests in a row"
    if errors and (latency_p99 is None or few_for_p99):
        return errors
    if few_for_p99:
        return f"errors above {error_budget_share} for 10 minutes, or {FEW_FAILURES}"
    limit = say_duration(latency_p99) if latency_p99 is not None else "its limit, once given"
    if errors:
        return f"p99 above {limit} for 10 minutes, or {errors}"
    return f"p99 above {limit}, or errors above {error_budget_share}, for 10 minutes"


@fact("text")
def index_age_limit(documents_change: float | None = None) -> str:
    """How old the index may be."""
    from mlworkflow.quantity import say_duration

    return (
        say_duration(documents_change)
        if documents_change is not None
        else "the promised age, which is still to be given"
    )


@fact("text")
def log_inputs(unstructured: bool) -> str:
    """What of the input is logged."""
    return "id and hash of the input, version of its preparation" if unstructured else "feature values as served"


def _named(subjects: tuple[Subject, ...]) -> str:
    from mlworkflow.wording import listed

    return listed([subject.label for subject in subjects])


@fact("text")
def overwritten_names(source_subjects: tuple[Subject, ...] = ()) -> str:
    """The accepted sources that overwrite their rows."""
    return _named(
        tuple(
            subject
            for subject in source_subjects or ()
            if subject.attributes["mutability"] == "overwritten" and subject.attributes["state"] == "accepted"
        )
    )


@fact("text")
def overwritten_tables_names(source_subjects: tuple[Subject, ...] = ()) -> str:
    """The accepted sources whose rows are overwritten, files of examples left out."""
    return _named(tuple(one for one in overwriting(source_subjects) if one.attributes["kind"] not in FILES))


@fact("text")
def overwritten_files_names(source_subjects: tuple[Subject, ...] = ()) -> str:
    """The accepted sources whose files are overwritten."""
    return _named(tuple(one for one in overwriting(source_subjects) if one.attributes["kind"] in FILES))


def _unchecked(sources: tuple[Subject, ...]) -> tuple[Subject, ...]:
    return tuple(
        subject
        for subject in sources or ()
        if subject.attributes["licence"] == "unknown" and subject.attributes["state"] != "rejected"
    )


@fact("text")
def unchecked_names(source_subjects: tuple[Subject, ...] = ()) -> str:
    """The sources whose right of use nobody has checked."""
    return _named(_unchecked(source_subjects))


@fact("flag")
def unchecked_any(source_subjects: tuple[Subject, ...] = ()) -> bool:
    """The right of use of some source was not checked."""
    return bool(_unchecked(source_subjects))


def _with_the_outcome(features: tuple[Subject, ...]) -> tuple[Subject, ...]:
    return tuple(
        subject
        for subject in features or ()
        if subject.attributes["available"] == "after-label"
        or (subject.attributes["suspicious"] and not subject.attributes["availability_said"])
    )


@fact("text")
def outcome_like(feature_subjects: tuple[Subject, ...] = ()) -> str:
    """The candidates that are known only with the outcome, or whose names say so."""
    return _named(_with_the_outcome(feature_subjects))


@fact("flag")
def outcome_like_any(feature_subjects: tuple[Subject, ...] = ()) -> bool:
    """Some candidate is known only with the outcome."""
    return bool(_with_the_outcome(feature_subjects))


def _slower(sources: tuple[Subject, ...], promised: float | None) -> tuple[Subject, ...]:
    return tuple(
        subject
        for subject in sources or ()
        if promised is not None
        and (subject.attributes["refresh"] or 0) > promised
        and subject.attributes["state"] == "accepted"
        and subject.attributes["kind"] in ("documents", "files", "api")
    )


@fact("text")
def slower_sources(source_subjects: tuple[Subject, ...] = (), documents_change: float | None = None) -> str:
    """The document sources that are refreshed more slowly than answers promise."""
    return _named(_slower(source_subjects, documents_change))


@fact("flag")
def slower_sources_any(source_subjects: tuple[Subject, ...] = (), documents_change: float | None = None) -> bool:
    """Some document source is refreshed more slowly than answers promise."""
    return bool(_slower(source_subjects, documents_change))


@fact("flag")
def baseline_described_twice(actions_of_baseline: float, action_capacity: float) -> bool:
    """The baseline's rates mean more actions than are possible."""
    return actions_of_baseline > 1.2 * action_capacity


@fact("flag")
def effect_loses_money(break_even_effect: float, effect_absolute: float) -> bool:
    """An experiment won by the smallest effect would still lose money."""
    return 0 < effect_absolute < break_even_effect


@fact("flag")
def win_said(value_of_a_win: Any = None) -> bool:
    """What a win by the minimum effect brings can be computed."""
    return value_of_a_win is not None


@fact("text")
def win_words(
    value_of_a_win: Any,
    minimum_effect: Any,
    acts_daily: bool,
    value_of_today: Any = None,
    monthly_total: Any = None,
) -> str:
    """What a win by the minimum effect brings in a period, beside today's way and what running costs."""
    from mlworkflow.quantity import say_cost, say_effect

    period = "day" if acts_daily else "period"
    running = f", before {say_cost(monthly_total)} a month of running" if monthly_total is not None else ""
    today = f"; today's way at the same saving share {say_cost(value_of_today)}" if value_of_today is not None else ""
    return f"A win by {say_effect(minimum_effect)} brings {say_cost(value_of_a_win)} a {period} above the cost of acting{running}{today}."


@fact("text")
def untouched_margin_said(untouched_margin: float, action_capacity: float, untouched_share: float | None = None) -> str:
    """What the untouched group can tell."""
    cases = action_capacity * (untouched_share or 0.05)
    return f"{cases:.0f} cases a period, which give precision within ±{untouched_margin * 100:.2g} points"


@fact("text")
def untouched_part(untouched_share: float | None = None) -> str:
    """The share of the cases that is left untouched."""
    from mlworkflow.quantity import say_share

    return say_share(untouched_share or 0.05)


@fact("text")
def untouched_words(untouched_share: float | None = None) -> str:
    """On which untouched group the model is measured."""
    from mlworkflow.quantity import say_share

    if untouched_share:
        return f"The model is measured on the {say_share(untouched_share)} that stay untouched, and on them alone"
    return "Keep a random untouched group from the first day, and measure the model on it alone"


def _late(features: tuple[Subject, ...], used: tuple[str, ...], at_request: bool = False) -> tuple[Subject, ...]:
    """Where it was said of some source that it overwrites, only its features; else all of which it was assumed."""
    found = tuple(
        subject
        for subject in features
        if subject.id in used
        and subject.attributes["source_mutability"] == "overwritten"
        and subject.attributes["at_request"] is at_request
    )
    return tuple(subject for subject in found if subject.attributes["mutability_said"]) or found


def _sources_of(features: tuple[Subject, ...]) -> str:
    from mlworkflow.wording import listed

    return listed(list(dict.fromkeys(str(subject.attributes["source"]) for subject in features)))


@fact("text")
def late_features(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> str:
    """The used features whose history was overwritten."""
    return _named(_late(feature_subjects, used_features))


@fact("flag")
def late_features_any(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> bool:
    """Some used feature has a history that was overwritten."""
    return bool(_late(feature_subjects, used_features))


@fact("text")
def late_sources(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> str:
    """The sources of used features that overwrite their rows."""
    return _sources_of(_late(feature_subjects, used_features))


@fact("flag")
def mutability_guessed(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> bool:
    """Nobody said of any of these sources that it overwrites; it was assumed."""
    return not any(subject.attributes["mutability_said"] for subject in _late(feature_subjects, used_features))


def _unkept(features: tuple[Subject, ...], used: tuple[str, ...]) -> tuple[Subject, ...]:
    kept = tuple(one for one in _late(features, used, at_request=True) if one.attributes["mutability_said"])
    return tuple(one for one in kept if one.attributes["source_kind"] == "api")


@fact("flag")
def unkept_any(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> bool:
    """Some used feature is what a source answers to a request and does not keep."""
    return bool(_unkept(feature_subjects, used_features))


@fact("text")
def unkept_features(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> str:
    """The used features that a source answers to a request and does not keep."""
    return _named(_unkept(feature_subjects, used_features))


@fact("text")
def unkept_sources(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> str:
    """The sources that answer a request and do not keep what they answered."""
    return _sources_of(_unkept(feature_subjects, used_features))


@fact("flag")
def protected_any(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> bool:
    """Some used feature bears on a protected group."""
    return any(subject.id in used_features and subject.attributes["is_protected"] for subject in feature_subjects)


@fact("text")
def protected_names(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> str:
    """The used features that bear on a protected group."""
    found = (one for one in feature_subjects if one.id in used_features and one.attributes["is_protected"])
    return _named(tuple(found))


@fact("text")
def short_sources(
    history: float,
    feature_subjects: tuple[Subject, ...],
    source_subjects: tuple[Subject, ...],
    used_features: tuple[str, ...],
) -> str | None:
    """The sources of used features that reach back less far than training does."""
    read = {subject.attributes["source"] for subject in feature_subjects if subject.id in used_features}
    short = [
        one
        for one in source_subjects
        if one.id in read and one.attributes["history"] is not None and one.attributes["history"] < 0.9 * history
    ]
    return _named(tuple(short)) if short else None


@fact("flag")
def sources_too_short(short_sources: str | None = None) -> bool:
    """Some source of a used feature reaches back less far than training does."""
    return short_sources is not None


@fact("text")
def lag_limit(hard_timeout: float | None = None, latency_p99: float | None = None, wait: float | None = None) -> str:
    """When a stream is too late."""
    from mlworkflow.quantity import say_duration

    limit = hard_timeout or latency_p99 or (wait / 2 if wait is not None else None)
    if limit is None:
        return "lag above 60 seconds of events for 5 minutes"
    return f"p99 from event to score above {say_duration(limit)}, or more than 1 % unscored, for 1 minute"


@fact("text")
def late_means(new_cases_each_run: bool) -> str:
    """What a late run means for those who read its output."""
    return "new cases stand without a score" if new_cases_each_run else "consumers read the last good table"


@fact("text")
def late_act(new_cases_each_run: bool) -> str:
    """What is done when a run fails twice."""
    if new_cases_each_run:
        return "tell its readers that the new cases take the fallback"
    return "leave the last good table and tell its readers"


@fact("text")
def empty_act(new_cases_each_run: bool) -> str:
    """What happens to an output table that lacks rows."""
    return "publish nothing; the missing cases take the fallback" if new_cases_each_run else "keep the last good table"


@fact("text")
def stale_severity(answers_online: bool) -> str:
    """How grave a stale source is."""
    return "SEV-2" if answers_online else "SEV-3"


@fact("text")
def retry_pauses(longest_wait: float | None = None) -> str:
    """The two pauses between three tries, inside the promised time."""
    from mlworkflow.quantity import say_duration

    promised = longest_wait if longest_wait is not None else 1800.0
    return f"{say_duration(_handy(promised / 20))} and {say_duration(_handy(promised / 5))}"


def _handy(seconds: float) -> float:
    """A duration that a person would write: one significant digit."""
    if seconds < 1:
        return 1.0
    size = 10 ** (len(str(int(seconds))) - 1)
    return float(int(seconds // size) * size) if seconds < 120 else float(int(seconds // 60) * 60)


@fact("text")
def queue_severity(longest_wait: float | None = None, dangerous: bool = False) -> str:
    """How grave an old job is."""
    return "SEV-2" if dangerous or (longest_wait is not None and longest_wait < 3600) else "SEV-3"


@fact("text")
def review_limit(oldest_review: float) -> str:
    """How old an unread case may be."""
    from mlworkflow.quantity import say_duration

    return "one working day" if oldest_review == 8 * 3600 else say_duration(oldest_review)


@fact("text")
def capacity_words(action_capacity: float | None = None, reviews_per_day: float | None = None) -> str:
    """How many cases people can handle."""
    if reviews_per_day is not None:
        return f"{reviews_per_day:,.0f} a day"
    return f"{action_capacity:,.0f} a period" if action_capacity is not None else "what people can handle"


@fact("flag")
def table_would_do(
    mode_ids: tuple[str, ...],
    realtime_features: bool,
    freshness: float,
    feature_subjects: tuple[Subject, ...],
) -> bool:
    """No request needs anything that is younger than the scheduled table."""
    younger = any(subject.attributes["at_request"] for subject in feature_subjects)
    return {"batch", "real-time"} <= set(mode_ids) and not realtime_features and freshness >= 86400 and not younger


@fact("text")
def golden_fall(golden_alarm: float | None = None) -> str:
    """When the nightly golden set counts as fallen."""
    if golden_alarm is None:
        return "more cases lost than won against the released version than two runs of one version differ by"
    return f"at least {golden_alarm:.0f} more cases lost than won against the released version"


@fact("text")
def grounded_words(model_adaptation: str | None = None) -> str:
    """What an ungrounded output is called here."""
    if model_adaptation == "retrieval":
        return "answers without a supporting passage"
    return "outputs with a statement that the input does not support"


@fact("text")
def evidence_words(model_adaptation: str | None = None) -> str:
    """What an output must rest on."""
    return "answers only from cited passages" if model_adaptation == "retrieval" else "outputs only what the input says"


@fact("text")
def removed_words(model_adaptation: str | None = None) -> str:
    """What takes a harmful answer out."""
    if model_adaptation == "retrieval":
        return "kill switch for the topic or the whole assistant; remove the passage from the index"
    return "kill switch for the kind of case or the whole system; people do the work by hand meanwhile"


@fact("text")
def shorter_words(model_adaptation: str | None = None) -> str:
    """What makes a request cheaper."""
    if model_adaptation == "retrieval":
        return "limit the caller; shorten passages; send simple questions to the small model"
    return "limit the caller; cut what the prompt repeats; send simple cases to the small model"


@fact("text")
def traced_words(model_adaptation: str | None = None) -> str:
    """What a trace holds beside the request."""
    return "passages with version, answer" if model_adaptation == "retrieval" else "input reference, output"


@fact("text")
def prompt_privacy(llm_task: str | None = None) -> str:
    """How personal data meets the prompt."""
    if llm_task == "extract":
        return "personal data goes to the model only as the contract allows, and the log keeps references, not values"
    return "personal data is removed before the prompt"


@fact("flag")
def quick(latency_p99: float | None = None, wait: float | None = None) -> bool:
    """An answer is due within a second."""
    return min(latency_p99 or 9e9, wait or 9e9) <= 1


@fact("flag")
def capped(capacity_limits: bool | None = None) -> bool:
    """The number of actions is fixed by capacity."""
    return capacity_limits is True


@fact("flag")
def few_actions(action_capacity: float | None = None) -> bool:
    """Fewer than 100 cases are acted on in a period, too few to see their share move."""
    return action_capacity is not None and action_capacity < 100


@fact("flag")
def position_named(feature_subjects: tuple[Subject, ...] = ()) -> bool:
    """The position at which an item was shown is among the candidates."""
    return any(subject.attributes["is_position"] for subject in feature_subjects or ())


@fact("flag")
def threshold_worse(lower_is_better: bool, success_threshold: float, baseline_value: float, problem_type: str) -> bool:
    """The success threshold is worse than the baseline."""
    if problem_type == "generative":
        return False
    return success_threshold > baseline_value if lower_is_better else success_threshold < baseline_value


@fact("duration")
def experiment_wait(
    label_age: float | None = None, outcome_window: float | None = None, horizon: float | None = None
) -> float:
    """Time from the last unit that enters until its outcome is known."""
    # What happens inside a window that is shorter than the horizon of a label needs its own labels: both add up.
    if horizon is not None and 0 < (outcome_window or 0) < horizon:
        return (outcome_window or 0) + (label_age or 0)
    return max(label_age or 0, outcome_window or 0)


@fact("flag")
def many_classes(classes: float | None = None) -> bool:
    """There are more than two classes."""
    return classes is not None and classes > 2


@fact("text")
def coverage_gate(rows_in_fold: float | None = None) -> str:
    """How far the coverage of an 80 and a 95 % interval may lie off: with few rows, as far as chance goes."""
    if rows_in_fold is not None and rows_in_fold < 300:
        return f"within the 95 % binomial interval of about {rows_in_fold:,.0f} rows"
    return "75 to 85 and 92 to 98 %"


@fact("text")
def loss_words(deciding_metric: str, planned_quantile: str) -> str:
    """The loss of a model that is judged by a quantile."""
    return f", quantile loss at {planned_quantile}" if deciding_metric == "pinball-loss" else ""


@fact("text")
def planned_quantile(forecast_quantile: float | None = None) -> str:
    """The quantile that is planned with."""
    from mlworkflow.quantity import say_share

    return say_share(forecast_quantile) if forecast_quantile is not None else "10, 50 and 90 %"


_CYCLES = {"day": 86400.0, "week": 604800.0, "month": 2592000.0, "year": 364 * 86400.0}


@fact("text")
def naive_candidate(seasonality: tuple[str, ...] | None = None) -> str:
    """The forecast that only repeats the past, for the cycles that were named."""
    cycles = set(seasonality or ())
    if not cycles:
        return "Naive (last value)"
    if "day" in cycles:
        same = "same time of the same weekday" if "week" in cycles else "same time of the day before"
    elif "week" in cycles:
        same = "same weekday, or same day last year" if "year" in cycles else "same weekday of last week"
    else:
        same = "same day of last month" if "month" in cycles else "same week or month of last year"
    return f"Seasonal naive ({same})"


@fact("text")
def naive_ranges(seasonality: tuple[str, ...] | None = None, forecast_step: float | None = None) -> str:
    """The seasons that a naive forecast tries, in steps where a step has a length."""
    cycles = [length for cycle, length in _CYCLES.items() if cycle in (seasonality or ())]
    if not cycles:
        return "none; cycles were not named"
    if not forecast_step:
        return "one season for each cycle, in steps"
    steps = [str(round(length / forecast_step)) for length in cycles if length >= 2 * forecast_step]
    return f"season of {' or '.join(steps)} steps" if steps else "none; each cycle is shorter than a step"


@fact("text")
def same_period_words(problem_type: str, seasonality: tuple[str, ...]) -> str | None:
    """The earlier values that a season makes telling."""
    cycles = set(seasonality)
    if problem_type != "forecasting" or not cycles:
        return None
    if "day" in cycles:
        return f"same time of the last four {'same weekdays' if 'week' in cycles else 'days'}"
    if "week" in cycles:
        return "same weekday of the last four weeks"
    return "same day of the last three months" if "month" in cycles else "same week or month of the last two years"


_PROMOTED = ("promo", "campaign", "discount", "offer")


@fact("text")
def calendar_parts(
    seasonality: tuple[str, ...] = (),
    feature_subjects: tuple[Subject, ...] = (),
    source_subjects: tuple[Subject, ...] = (),
) -> str:
    """What a calendar says about a step: only cycles that were named, promotions only where there are any."""
    cycles = set(seasonality or ())
    parts = ["hour"] if "day" in cycles else []
    parts += ["weekday", "holiday", "days to holiday"] if cycles & {"day", "week"} else ["holidays in the step"]
    parts += ["day of the month"] if "month" in cycles else []
    parts += ["week of the year"] if "year" in cycles else []
    named = " ".join(one.label.lower() for one in (*(feature_subjects or ()), *(source_subjects or ())))
    return ", ".join([*parts, "promotion as planned"] if any(word in named for word in _PROMOTED) else parts)


@fact("text")
def score_word(problem_type: str) -> str:
    """What a model puts out."""
    return "value predicted" if problem_type in ("forecasting", "regression") else "uncalibrated score"


CLASS_TYPES = ("classification", "computer-vision", "anomaly-detection", "nlp")


@fact("text")
def quality_act(problem_type: str) -> str:
    """The safest act when quality on mature labels falls."""
    if problem_type in CLASS_TYPES:
        return "threshold first if calibration moved; retrain if the relation moved; fall back to the baseline if it is better now"
    return "mend labels and sources first, then retrain; the baseline takes over meanwhile if it is better now"


@fact("text")
def share_window(many_classes: bool) -> str:
    """Over which predictions that share is taken."""
    return "the last 1,000 predictions" if many_classes else "one day with at least 100 positive predictions"


@fact("text")
def assigned_words(experiment_kind: str) -> str:
    """What an experiment assigns."""
    if experiment_kind == "holdout-on-action":
        return "picks from the model, half of each list not acted on"
    return "slots" if experiment_kind == "switchback" else "units"


@fact("text")
def usual_share(baseline_kind: str) -> str:
    """Where the usual share of one prediction is read from."""
    return "in the present version" if baseline_kind == "model" else "in the shadow, or in the version before"


@fact("text")
def share_watched(many_classes: bool) -> str:
    """Which share of the predictions must stay in its band."""
    return "share of any class" if many_classes else "share of positive predictions"


@fact("text")
def shift_monitor(problem_type: str, many_classes: bool = False, capped: bool = False, on_device: bool = False) -> str:
    """How a shift of predictions is seen."""
    if problem_type in ("forecasting", "regression"):
        return "mean or 90 % quantile of the predictions moved by more than 20 % for a day"
    if problem_type in ("ranking", "recommendation"):
        return "share of new items, or of items ever shown, below 90 % of its reference for a day"
    if capped and not on_device:
        return "score at the rank that capacity allows outside ±30 % of its four-week median"
    return f"share of {'a class' if many_classes else 'positives'} outside half to double its reference for a day"


@fact("text")
def cohort_fall(
    labels_from_lists: bool,
    concept_check: str,
    deciding_metric: str,
    cohort_limit: float | None = None,
    cohort_size: float | None = None,
    cohort_periods: float | None = None,
    cohort_unit: str = "period",
) -> str:
    """When mature labels count as too bad."""
    if labels_from_lists:
        return "deciding metric on the randomised share below its own first four weeks by more than its interval, on two mature cohorts running"
    if cohort_limit is None or cohort_size is None or not cohort_periods:
        return "deciding metric worse than the threshold by more than its 95 % interval on two mature cohorts running"
    cases = "positive" if deciding_metric == "recall" else "untouched" if concept_check == "control-group" else "picked"
    pooled = f"a {cohort_unit}" if cohort_periods == 1 else f"{cohort_periods:.0f} {cohort_unit}s"
    right = "found" if deciding_metric == "recall" else "right"
    return f"at most {cohort_limit:,.0f} {right} of the {cohort_size:,.0f} {cases} cases of {pooled}, in two mature cohorts running"


@fact("text")
def cohort_unit(deciding_metric: str, acts_daily: bool = False) -> str:
    """In what the cases of a cohort are counted: weeks, or longer periods of action."""
    return "week" if deciding_metric == "recall" or acts_daily else "period"


@fact("flag")
def acts_daily(new_cases_each_run: bool, population: float | None = None, mean_load: float | None = None) -> bool:
    """A period of action is a day: its population is what the load brings in one."""
    if not new_cases_each_run or not population or not mean_load:
        return False
    return 0.8 <= mean_load * 86400 / population <= 1.25


@fact("flag")
def cohorts_counted(labels_from_lists: bool, cohort_limit: float | None = None) -> bool:
    """Quality on mature labels is judged by a count of right ones."""
    return cohort_limit is not None and not labels_from_lists


@fact("text")
def cohort_mended(labels_from_lists: bool) -> str:
    """When a loss of quality is over."""
    return (
        "two mature cohorts back in their interval" if labels_from_lists else "two mature cohorts above the threshold"
    )


@fact("text")
def kept_on_device(problem_type: str) -> str:
    """What a device keeps until there is a network."""
    if problem_type in ("ranking", "recommendation"):
        return "every shown list with what was chosen from it"
    if problem_type in ("regression", "forecasting"):
        return "every predicted value, and the inputs of a 1 % random share,"
    return "everything flagged and a 1 % random share"


@fact("text")
def device_day(
    mean_load: float | None = None,
    devices: float | None = None,
    log_bytes: float | None = None,
    log_share: float = 1.0,
    devices_planned: float | None = None,
) -> str:
    """What one device writes down in a day without a network, and all of them together."""
    from mlworkflow.quantity import say_size

    if not mean_load or not devices or not log_bytes:
        return ""
    every = mean_load * 86400 * log_bytes * log_share
    fleet = max(devices, devices_planned or 0)
    each, whole = (say_size(float(f"{one:.2g}")) for one in (every / devices, every * fleet / devices))
    planned = " planned" if fleet > devices else ""
    return f"; a day offline is {each} of log on each device, {whole} over all {fleet:,.0f}{planned}"


@fact("text")
def list_window(any_online: bool, batch_only: bool) -> str:
    """How long lists are counted before they speak."""
    return "15 min" if any_online else "one run" if batch_only else "one report period"


@fact("text")
def list_level(any_online: bool) -> str:
    """What lists without a click are compared with."""
    return "its level at this hour in the four weeks before" if any_online else "its level in the four weeks before"


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


@fact("text")
def shift_action(adversarial: bool | None = None) -> str:
    """What follows at once when the score at the rank of the capacity moves."""
    if adversarial:
        return "page; switch back only if the version before disagrees on the same inputs"
    return "switch back"


@fact("text")
def action_period(acts_daily: bool) -> str:
    """What a period of action is called."""
    return "day" if acts_daily else "period"


@fact("text")
def exploration_said(exploration_cost: Any, acts_daily: bool) -> str:
    """What a random share costs that passes untouched, in a month where a period is a day."""
    from mlworkflow.quantity import Money, say_cost

    if not acts_daily:
        return f"{say_cost(exploration_cost)} a period"
    return f"{say_cost(Money(30 * exploration_cost.amount, exploration_cost.currency))} a month"


@fact("text")
def linear_budget(rows: float | None = None) -> str:
    """What the search of a linear model may take: ten minutes for each million rows."""
    minutes = 10 * max(1.0, (rows or 0) / 1e6)
    return f"{minutes:.0f} CPU minutes" if minutes < 90 else f"{minutes / 60:.0f} CPU hours"


@fact("text")
def llm_ranges(model_adaptation: str | None = None) -> str:
    """What is varied around a language model."""
    if model_adaptation == "retrieval":
        return "prompt variants up to 5, 3 to 10 passages, temperature 0"
    if model_adaptation == "light-tuning":
        return "rank 8 to 64, learning rate 1e-5 to 3e-4, 1 to 3 epochs; the untuned prompt beside it"
    return "prompt variants up to 5, 0 to 8 examples in the prompt, temperature 0"


@fact("text")
def same_inputs(model_adaptation: str | None = None) -> str:
    """What a larger model is given to compare it with the small one."""
    return "same prompts and passages" if model_adaptation == "retrieval" else "same prompts and inputs"


@fact("text")
def configuration_words(model_adaptation: str | None = None) -> str:
    """What makes up a configuration beside the model."""
    return "prompt, retrieval settings" if model_adaptation == "retrieval" else "prompt, output schema, checks"


@fact("text")
def role_frozen(has_gpu: bool, main_model: str) -> str:
    """The part that frozen embeddings play."""
    if main_model == "frozen-embeddings" or not (has_gpu or main_model == "foundation"):
        return "main candidate"
    return "challenger" if main_model == "foundation" else "challenger without a GPU"


@fact("text")
def role_frozen_image(main_model: str) -> str:
    """The part that frozen features of images play."""
    return "main candidate" if main_model == "frozen-embeddings" else "baseline"


@fact("text")
def role_tuned_image(main_model: str) -> str:
    """The part that fine-tuning plays among images."""
    return "main candidate" if main_model == "pretrained-network" else "challenger, once there are labels enough"


@fact("text")
def role_prompted(main_model: str) -> str:
    """The part that a prompted model plays where text or images are sorted."""
    return "main candidate" if main_model == "foundation" else "ceiling, to see what size buys"


@fact("text")
def role_chain(main_model: str) -> str:
    """The part that a chain over tokens plays."""
    return "main candidate" if main_model == "linear" else "challenger without a GPU"


@fact("text")
def tuned_budget(search_budget: str, trial_time: float | None = None) -> str:
    """What the tuning of an encoder may cost."""
    return search_budget if trial_time is not None else "8 GPU hours, 16 GB GPU memory"


@fact("text")
def prompted_words(model_access: str | None = None) -> str:
    """Which language model is prompted as a ceiling."""
    return "Prompted local model" if model_access == "self-hosted" else "Prompted model of a provider"


@fact("text")
def audit_yield(prevalence: float, audit_positives: float | None = None) -> str:
    """What a random sample of a week would find."""
    from mlworkflow.quantity import say_share

    if audit_positives is None or audit_positives >= 20:
        return f"A random weekly sample would hold almost no positive case at {say_share(prevalence)}"
    held = f"about {audit_positives:.0f} positive cases" if audit_positives >= 1.5 else "fewer than two positive cases"
    return f"A random share of the reviews holds {held} a week"


@fact("text")
def role_tuned(has_gpu: bool, main_model: str) -> str:
    """The part that a tuned encoder plays."""
    if main_model == "pretrained-network":
        return "main candidate"
    return "challenger, once there are labels enough" if has_gpu else "challenger, on a GPU rented by the hour"
