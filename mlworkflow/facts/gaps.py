"""Facts about what was said and what was not, and values in words for sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlworkflow.facts.registry import Subject, fact


@fact("flag")
def threshold_said(success_threshold: float | None = None) -> bool:
    """A success threshold was given."""
    return success_threshold is not None


@fact("flag")
def baseline_measured_said(baseline_value: float | None = None) -> bool:
    """The baseline has a value."""
    return baseline_value is not None


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
def has_sources(source_subjects: tuple[Subject, ...] = ()) -> bool:
    """Data sources were named."""
    return bool(source_subjects)


@fact("flag")
def customer_events(prediction_unit: str = "", target: str = "") -> bool:
    """The unit is a customer or account with a history."""
    words = f"{prediction_unit or ''} {target or ''}".lower()
    return any(word in words for word in ("customer", "account", "user", "subscriber", "member"))


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
def experiment_length(experiment_weeks: float | None = None) -> str:
    """How long units enter the experiment."""
    return f"{experiment_weeks} weeks" if experiment_weeks is not None else "as sized in A/B Testing"


@fact("text")
def detectable_effect_said(primary_metric_kind: str, detectable_effect: float | None = None) -> str | None:
    """The smallest effect that the traffic can show, in words."""
    if detectable_effect is None:
        return None
    return f"{detectable_effect * 100:.2g} points" if primary_metric_kind == "rate" else f"{detectable_effect:.2g}"


@fact("text")
def golden_set_margin(golden_set: float) -> str | None:
    """Half the width of a 95 % interval at a pass rate of 85 %."""
    if golden_set <= 0:
        return None
    return f"{196 * (0.85 * 0.15 / golden_set) ** 0.5:.0f} points"


@fact("text")
def fallback_words(fallback: Mapping[str, str], modes: tuple[Subject, ...]) -> str:
    """What stands in when no prediction comes, in words."""
    return ", ".join(dict.fromkeys(fallback[mode.id].replace("-", " ") for mode in modes if fallback.get(mode.id)))


@fact("day")
def decided_on(experiment_decided: float, start_date: str) -> str | None:
    """The day on which the experiment can be decided, if it starts with the work."""
    import datetime

    try:
        return (datetime.date.fromisoformat(start_date) + datetime.timedelta(seconds=experiment_decided)).isoformat()
    except OverflowError:  # a test of thousands of years ends on no day of a calendar
        return None


@fact("flag")
def decided_after_deadline(decided_on: str, deadline: str) -> bool:
    """The experiment is decided after the deadline (where the deadline is a day)."""
    is_day = len(deadline) == 10 and deadline[4:5] == deadline[7:8] == "-"
    return is_day and decided_on > deadline


@fact("text")
def main_model_role_trees(main_model: str) -> str:
    """The part that boosted trees play among the candidates."""
    return "main candidate" if main_model in ("boosted-trees", "listwise-trees", "two-stage") else "challenger"


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
    return {"cross-validation": 5, "walk-forward": 3}.get(validation, 1)


@fact("text")
def service_varies(service_p99: float | None = None) -> str:
    """How much computing times vary, and whether that was measured."""
    return "as measured" if service_p99 is not None else "assumed to vary moderately"


@fact("flag")
def decides_at_random(experiment_kind: str) -> bool:
    """Units are assigned at random."""
    return experiment_kind in ("ab-test", "holdout-on-action", "switchback", "interleaving")
