"""Facts about what was said and what was not, and values in words for sentences."""

from __future__ import annotations

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
def several_sources(source_subjects: tuple[Subject, ...] = ()) -> bool:
    """At least two accepted sources hold documents."""
    kinds = ("documents", "files", "api", "s3-parquet")
    held = [one for one in source_subjects or () if one.attributes["kind"] in kinds]
    return len([one for one in held if one.attributes["state"] == "accepted"]) > 1


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
def canary_share(mode_ids: tuple[str, ...]) -> str:
    """What a canary meets first."""
    if "real-time" in mode_ids:
        return "5 % of requests"
    return "5 % of the keys" if "streaming" in mode_ids else "5 % of the jobs"


@fact("text")
def shadow_passed(problem_type: str) -> str:
    """What a shadow must show before a case is decided by it."""
    if problem_type == "generative":
        return "traces complete; the golden set passes on the served bundle; latency inside the limit"
    return "served and recomputed features agree in 99.9 % of rows; latency inside the limit"


@fact("text")
def site_passed(baseline_kind: str) -> str:
    """What a first site must show."""
    return (
        "where the two differ, people judged for it more often than against it; no dangerous miss"
        if baseline_kind not in ("none", "random")
        else "people follow it in most cases and say why where not; no dangerous miss"
    )


@fact("text")
def experiment_length(experiment_weeks: float | None = None, experiment_decided: float | None = None) -> str:
    """How long units enter the experiment."""
    if experiment_weeks is None:
        return "as sized in A/B Testing"
    from mlworkflow.quantity import say_duration

    decided = f", decided after {say_duration(experiment_decided)}" if experiment_decided is not None else ""
    return f"{experiment_weeks} weeks{decided}"


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
    return {"cross-validation": 5, "walk-forward": 2}.get(validation, 1)


@fact("flag")
def decides_at_random(experiment_kind: str) -> bool:
    """Units are assigned at random."""
    return experiment_kind in ("ab-test", "holdout-on-action", "switchback", "interleaving")


@fact("flag")
def too_few_test_positives(labelled_positives: float, positives_needed: float) -> bool:
    """A test part of 20 % holds too few positive cases for the metric."""
    return 0.2 * labelled_positives < positives_needed


@fact("flag")
def low_traffic(mean_load: float) -> bool:
    """A quarter of an hour holds fewer than 500 requests."""
    return mean_load * 900 < 500


@fact("text")
def compared_with(decides_at_random: bool) -> str:
    """What a guardrail is compared with."""
    return "in control" if decides_at_random else "in the four weeks before"


@fact("text")
def device_latency_limit(latency_p99: float | None = None) -> str:
    """The limit of latency on a device."""
    from mlworkflow.quantity import say_duration

    return (
        f"p99 not above {say_duration(latency_p99)}" if latency_p99 is not None else "p99 inside the time of one item"
    )


@fact("text")
def down_when(error_budget_share: str, low_traffic: bool = False, latency_p99: float | None = None) -> str:
    """When a service counts as down."""
    from mlworkflow.quantity import say_duration

    if low_traffic:
        return "5 failed or timed-out requests in a row, or 5 of the last 50"
    limit = say_duration(latency_p99) if latency_p99 is not None else "its limit, once given"
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


@fact("text")
def untouched_margin_said(untouched_margin: float, action_capacity: float) -> str:
    """What an untouched group of 5 % can tell."""
    return (
        f"{action_capacity * 0.05:.0f} cases a period, which give precision within ±{untouched_margin * 100:.2g} points"
    )


@fact("text")
def late_features(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> str:
    """The used features whose history was overwritten."""
    return _named(
        tuple(
            subject
            for subject in feature_subjects
            if subject.id in used_features
            and subject.attributes["source_mutability"] == "overwritten"
            and not subject.attributes["at_request"]
        )
    )


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
def review_limit(answers_online: bool) -> str:
    """How old an unread case may be."""
    return "2 hours" if answers_online else "one working day"


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
def experiment_wait(label_age: float | None = None, outcome_window: float | None = None) -> float:
    """Time from the last unit that enters until its outcome is known."""
    return max(label_age or 0, outcome_window or 0)


@fact("flag")
def many_classes(classes: float | None = None) -> bool:
    """There are more than two classes."""
    return classes is not None and classes > 2


@fact("text")
def planned_quantile(forecast_quantile: float | None = None) -> str:
    """The quantile that is planned with."""
    from mlworkflow.quantity import say_share

    return say_share(forecast_quantile) if forecast_quantile is not None else "that share"


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
def overflow_words(problem_type: str, has_signals: bool = False) -> str:
    """Where cases go that exceed the capacity."""
    if problem_type == "anomaly-detection" and has_signals:
        return "what an outage brings above it is grouped into one incident, not queued one by one."
    return "what an attack or a peak brings above it goes to the fallback, not into the queue."


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
def role_frozen(has_gpu: bool) -> str:
    """The part that frozen embeddings play."""
    return "challenger without a GPU" if has_gpu else "main candidate"


@fact("text")
def role_tuned(has_gpu: bool) -> str:
    """The part that a tuned encoder plays."""
    return "main candidate" if has_gpu else "challenger, on a GPU rented by the hour"
