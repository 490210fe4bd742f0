"""Facts on sources and candidates: what is late, overwritten, unchecked, too short or like the outcome."""

from __future__ import annotations

import re

from mlworkflow.facts.data import FILES, overwriting
from mlworkflow.facts.registry import Subject, fact


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
def late_wait(validation_gap: float | None = None, fold_length: float | None = None) -> str:
    """How many snapshots there must be before a fold can hold what they keep: the gap, and one test period."""
    if not validation_gap or not fold_length:
        return "they reach back far enough"
    return (
        f"{(validation_gap + fold_length) / 86400:,.0f} days of them are there (the gap and one test period, computed)"
    )


@fact("text")
def first_run_reads(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> str:
    """What a run can read before any snapshot is old enough."""
    left = len(used_features) - len(_late(feature_subjects, used_features))
    return f"{left} of {len(used_features)} features" if left else "none of these features, so it waits"


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


def _event(features: tuple[Subject, ...], modes: tuple[str, ...]) -> tuple[float, float, str] | None:
    """Lag, refresh and name of the slowest stream that brings the event to be scored; a request brings its own."""
    if "streaming" not in modes:
        return None
    found = (
        (one.attributes["arrival_lag"] or 0.0, one.attributes["source_refresh"] or 0.0, str(one.attributes["source"]))
        for one in features
        if one.attributes["at_request"] and one.attributes["source_is_events"] and one.attributes["source_accepted"]
    )
    return max(found, key=lambda one: one[0] + one[1], default=None)


@fact("duration")
def event_age(mode_ids: tuple[str, ...], feature_subjects: tuple[Subject, ...] = ()) -> float | None:
    """Age that the event may have before a stream can score it: arrival lag and refresh of its source."""
    event = _event(feature_subjects or (), mode_ids)
    return event[0] + event[1] if event is not None and event[0] + event[1] > 0 else None


@fact("text")
def event_too_late(
    mode_ids: tuple[str, ...],
    feature_subjects: tuple[Subject, ...] = (),
    latency_limit: float | None = None,
    latency_p50: float | None = None,
) -> str | None:
    """Which source brings the event after its score is due: at the latest, or half of all events on the mean way."""
    from mlworkflow.quantity import say_duration

    event = _event(feature_subjects or (), mode_ids)
    if event is None:
        return None
    lag, refresh, name = event
    if latency_limit is not None and lag + refresh >= latency_limit:
        return f"{name} brings an event up to {say_duration(lag + refresh)} after it happened, and its score is due within {say_duration(latency_limit)}"
    if latency_p50 is not None and lag + refresh / 2 >= latency_p50:
        return f"{name} brings half of the events {say_duration(lag + refresh / 2)} or more after they happened, and half of the scores are due within {say_duration(latency_p50)}"
    return None


@fact("flag")
def event_late(event_too_late: str | None = None) -> bool:
    """The event arrives after its score is due."""
    return event_too_late is not None


@fact("text")
def lag_limit(hard_timeout: float | None = None, latency_p99: float | None = None, wait: float | None = None) -> str:
    """When a stream is too late."""
    from mlworkflow.quantity import say_duration

    limit = hard_timeout or latency_p99 or (wait / 2 if wait is not None else None)
    if limit is None:
        return "lag above 60 seconds of events for 5 minutes"
    return f"p99 from event to score above {say_duration(limit)}, or more than 1 % unscored, for 1 minute"


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


@fact("flag")
def position_named(feature_subjects: tuple[Subject, ...] = ()) -> bool:
    """The position at which an item was shown is among the candidates."""
    return any(subject.attributes["is_position"] for subject in feature_subjects or ())


@fact("flag")
def many_classes(classes: float | None = None) -> bool:
    """There are more than two classes."""
    return classes is not None and classes > 2


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
def list_window(any_online: bool, batch_only: bool) -> str:
    """How long lists are counted before they speak."""
    return "15 min" if any_online else "one run" if batch_only else "one report period"


@fact("text")
def list_level(any_online: bool) -> str:
    """What lists without a click are compared with."""
    return "its level at this hour in the four weeks before" if any_online else "its level in the four weeks before"


@fact("text")
def same_inputs(model_adaptation: str | None = None) -> str:
    """What a larger model is given to compare it with the small one."""
    return "same prompts and passages" if model_adaptation == "retrieval" else "same prompts and inputs"
