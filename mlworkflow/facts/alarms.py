"""Facts on operation: what alarms fire on, what is then done, and what log and evidence keep."""

from __future__ import annotations

from mlworkflow.facts.registry import Subject, fact


@fact("flag")
def latency_known(latency_p99: float | None = None) -> bool:
    """A p99 latency was given."""
    return latency_p99 is not None


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
def over_devices(devices: float | None = None) -> str:
    """Over how many devices the load is spread."""
    return f"over {devices:,.0f} devices" if devices is not None and devices > 1 else "on one device"


@fact("flag")
def low_traffic(mean_load: float) -> bool:
    """A quarter of an hour holds fewer than 500 requests."""
    return mean_load * 900 < 500


@fact("text")
def device_latency_limit(latency_p99: float | None = None) -> str:
    """The limit of latency on a device."""
    from mlworkflow.quantity import say_duration

    return (
        f"p99 not above {say_duration(latency_p99)}" if latency_p99 is not None else "p99 inside the time of one item"
    )


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
def fallback_often(answers_online: bool) -> str | None:
    """When the fallback answers so often that somebody must look, as whoever gets the answers counts them."""
    return "more than 1 % of a day's answers, and at least 10, from the fallback" if answers_online else None


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


CLASS_TYPES = ("classification", "computer-vision", "anomaly-detection", "nlp")


@fact("text")
def quality_act(problem_type: str, learns_without_labels: bool = False) -> str:
    """The safest act when quality on mature labels falls."""
    if learns_without_labels:
        return "threshold first if the scores of normal cases moved; a new reference period if normal changed; fall back to the baseline if it is better now"
    if problem_type in CLASS_TYPES:
        return "threshold first if calibration moved; retrain if the relation moved; fall back to the baseline if it is better now"
    return "mend labels and sources first, then retrain; the baseline takes over meanwhile if it is better now"


@fact("text")
def share_window(many_classes: bool) -> str:
    """Over which predictions that share is taken."""
    return "the last 1,000 predictions" if many_classes else "one day with at least 100 positive predictions"


@fact("text")
def share_watched(many_classes: bool) -> str:
    """Which share of the predictions must stay in its band."""
    return "share of any class" if many_classes else "share of positive predictions"


@fact("text")
def shift_monitor(
    problem_type: str,
    many_classes: bool = False,
    capped: bool = False,
    on_device: bool = False,
    budget_fixes_share: bool = False,
) -> str:
    """How a shift of predictions is seen."""
    if problem_type in ("forecasting", "regression"):
        return "mean or 90 % quantile of the predictions moved by more than 20 % for a day"
    if problem_type in ("ranking", "recommendation"):
        return "share of new items, or of items ever shown, below 90 % of its reference for a day"
    if capped and not on_device:
        return "score at the rank that capacity allows outside ±30 % of its four-week median"
    if budget_fixes_share:
        return "cases above the threshold, before the budget cuts them, outside half to double of its places for a day"
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
def cohorts_counted(labels_from_lists: bool, cohort_limit: float | None = None) -> bool:
    """Quality on mature labels is judged by a count of right ones."""
    return cohort_limit is not None and not labels_from_lists


@fact("text")
def cohort_mended(labels_from_lists: bool) -> str:
    """When a loss of quality is over."""
    return (
        "two mature cohorts back in their interval" if labels_from_lists else "two mature cohorts above the threshold"
    )


@fact("duration")
def upload_interval(
    offline: bool | None = None,
    on_device: bool = False,
    source_subjects: tuple[Subject, ...] = (),
    feature_subjects: tuple[Subject, ...] = (),
) -> float | None:
    """How often a device without a network hands over what it kept: its slowest source that is read on the spot."""
    read = {one.attributes["source"] for one in feature_subjects or () if one.attributes["at_request"]}
    ages = [one.attributes["refresh"] for one in source_subjects or () if one.id in read]
    longest = max((age for age in ages if age is not None), default=None)
    return longest if offline and on_device and longest is not None and longest >= 86400 else None


@fact("flag")
def uploads_only(mode_ids: tuple[str, ...], upload_interval: float | None = None) -> bool:
    """Nothing but devices serves, and they report with an upload of days."""
    return upload_interval is not None and set(mode_ids) == {"edge"}


@fact("text")
def silent_when(upload_interval: float | None = None) -> str:
    """When a device counts as silent."""
    from mlworkflow.quantity import say_duration

    if upload_interval is None:
        return "no report for two of its periods"
    return f"not seen in {say_duration(2 * upload_interval)}, two of its uploads"


@fact("text")
def over_limit_when(upload_interval: float | None = None) -> str:
    """How it shows that a device was slow or hot."""
    if upload_interval is None:
        return "latency or temperature over the limit"
    return "latency or temperature over the limit in the counters that its upload brought"


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
def audit_yield(prevalence: float, audit_positives: float | None = None) -> str:
    """What a random sample of a week would find."""
    from mlworkflow.quantity import say_share

    if audit_positives is None or audit_positives >= 20:
        return f"A random weekly sample would hold almost no positive case at {say_share(prevalence)}"
    held = f"about {audit_positives:.0f} positive cases" if audit_positives >= 1.5 else "fewer than two positive cases"
    return f"A random share of the reviews holds {held} a week"
