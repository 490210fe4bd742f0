"""Facts about data and labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mlworkflow.facts.registry import Subject, fact


@fact("choices")
def source_kinds(source_subjects: tuple[Subject, ...] = ()) -> tuple[str, ...]:
    """The kinds of the sources."""
    return tuple(sorted({subject.attributes["kind"] for subject in source_subjects or ()}))


@fact("flag")
def event_sources(source_kinds: tuple[str, ...]) -> bool:
    """Some source is a stream of events."""
    return bool(set(source_kinds) & {"kafka", "kinesis", "pubsub"})


@fact("count")
def feature_count(feature_subjects: tuple[Subject, ...] = ()) -> int:
    """How many feature candidates there are."""
    return len(feature_subjects or ())


@fact("count")
def used_feature_count(feature_subjects: tuple[Subject, ...], feature_use: Mapping[str, str]) -> int:
    """How many feature candidates are used."""
    return sum(feature_use.get(subject.id) in ("used", "guarded") for subject in feature_subjects)


@fact("count")
def monitored_feature_count(feature_subjects: tuple[Subject, ...], used_features: tuple[str, ...]) -> int:
    """How many used candidates have levels or values that a distribution can be drawn of."""
    used = [one.attributes for one in feature_subjects if one.id in used_features]
    return sum(one["type"] in ("number", "flag") or (one["type"] == "category" and not _wide(one)) for one in used)


@fact("flag")
def keys_used(feature_subjects: tuple[Subject, ...] = (), used_features: tuple[str, ...] = ()) -> bool:
    """Some used candidate is a key, or a category with a thousand levels or more."""
    used = [one.attributes for one in feature_subjects or () if one.id in (used_features or ())]
    return any(one["type"] == "identifier" or (one["type"] == "category" and _wide(one)) for one in used)


def _wide(feature: Mapping[str, Any]) -> bool:
    return (feature["cardinality"] or 0) >= 1000


@fact("flag")
def windowed_features(feature_subjects: tuple[Subject, ...] = ()) -> bool:
    """Some features sum up a time window."""
    return any(subject.attributes["has_window"] for subject in feature_subjects or ())


@fact("flag")
def features_need_history(realtime_features: bool, windowed_features: bool) -> bool:
    """A request cannot carry all feature values itself."""
    return bool(realtime_features or windowed_features)


@fact("flag")
def overwritten_sources(source_subjects: tuple[Subject, ...] = ()) -> bool:
    """Some source overwrites its rows."""
    return any(
        subject.attributes["mutability"] == "overwritten" and subject.attributes["state"] == "accepted"
        for subject in source_subjects or ()
    )


FILES = ("files", "documents", "images", "s3-parquet")


@fact("flag")
def overwritten_files(unstructured: bool, source_subjects: tuple[Subject, ...] = ()) -> bool:
    """Some accepted source overwrites files from which examples are made."""
    return unstructured and any(one.attributes["kind"] in FILES for one in overwriting(source_subjects))


@fact("flag")
def overwritten_tables(
    unstructured: bool,
    source_subjects: tuple[Subject, ...] = (),
    feature_subjects: tuple[Subject, ...] = (),
    used_features: tuple[str, ...] = (),
) -> bool:
    """Beside texts or images, a feature is read from rows that are overwritten."""
    tables = {one.id for one in overwriting(source_subjects) if one.attributes["kind"] not in FILES}
    used = [one.attributes for one in feature_subjects or () if one.id in (used_features or ())]
    return unstructured and bool(tables & {one["source"] for one in used if not one["at_request"]})


def overwriting(sources: tuple[Subject, ...] | None) -> tuple[Subject, ...]:
    """The accepted sources that overwrite what they hold."""
    return tuple(
        one
        for one in sources or ()
        if one.attributes["mutability"] == "overwritten" and one.attributes["state"] == "accepted"
    )


@fact("duration")
def label_age(
    problem_type: str,
    label_delay: float | None = None,
    label_delay_p95: float | None = None,
    horizon: float | None = None,
) -> float | None:
    """Time until a week's labels can be trusted (in a forecast each step has its own, so the horizon adds nothing)."""
    if problem_type == "forecasting":
        return label_delay_p95 if label_delay_p95 is not None else label_delay
    known = [value for value in (label_delay_p95, label_delay, horizon) if value is not None]
    return max(known) if known else None


@fact("flag")
def labels_slow(label_age: float) -> bool:
    """Labels arrive more than a week after the prediction."""
    return label_age > 7 * 86400


@fact("flag")
def labels_missing(problem_type: str, label_source: str) -> bool:
    """There are no labels to learn from."""
    return label_source == "none"


@fact("count")
def rows(problem_type: str, row_count: float | None = None, labelled_count: float | None = None) -> float | None:
    """Rows that one training run learns from (a series labels itself)."""
    if problem_type == "forecasting":
        return row_count
    known = [value for value in (row_count, labelled_count) if value is not None]
    return min(known) if known else None


@fact("count")
def labelled_positives(
    label_scope: str,
    positive_count: float | None = None,
    labelled_count: float | None = None,
    prevalence: float | None = None,
    baseline_recall: float | None = None,
) -> float | None:
    """Positive cases among the labelled ones (not known where only selected cases are labelled)."""
    if positive_count is not None and labelled_count is not None and positive_count > labelled_count:
        return None
    if positive_count is not None or labelled_count is None or prevalence is None or label_scope == "reviewed":
        return positive_count
    seen = 1 - (baseline_recall or 0) if label_scope == "not-acted" else 1.0
    return labelled_count * prevalence * seen


_EVERY = {"hour": 3600.0, "night": 86400.0, "day": 86400.0, "morning": 86400.0, "week": 604800.0, "month": 2592000.0}
_EVERY_SAID = re.compile(rf"\b(?:every|each|per) ({'|'.join(_EVERY)})\b|\b(hour|night|dai|week|month)ly\b")


@fact("duration")
def run_interval(freshness: float | None = None, prediction_unit: str | None = None) -> float | None:
    """How far two scheduled runs lie apart, as far as it was said."""
    return said_interval(prediction_unit) or freshness


def said_interval(text: str | None) -> float | None:
    """Return the interval that a text speaks of, as in "every night" or "weekly"."""
    found = _EVERY_SAID.search((text or "").lower())
    return _EVERY[(found[1] or found[2]).replace("dai", "day")] if found else None


@fact("number")
def rows_per_day(
    mean_load: float | None = None, rows_per_run: float | None = None, run_interval: float | None = None
) -> float | None:
    """Predictions that a day brings."""
    if mean_load:
        return mean_load * 86400
    return rows_per_run * 86400 / run_interval if rows_per_run and run_interval else None


@fact("flag")
def zero_share_said(zero_share: float | None = None) -> bool:
    """It was said how many of the actual values are zero."""
    return zero_share is not None


RICHER = 1.5


@fact("flag")
def training_is_richer(
    positive_count: float, prevalence: float, labelled_count: float | None = None, row_count: float | None = None
) -> bool:
    """The rows that a training reads hold a larger share of positives than production does."""
    known = [one for one in (labelled_count, row_count) if one]
    return bool(known) and positive_count / min(known) > RICHER * prevalence


@fact("text")
def richer_rows(positive_count: float, prevalence: float, labelled_count: float | None = None) -> str:
    """Which rows are richer in positives: the labelled cases, or what thinning leaves of them."""
    labelled = bool(labelled_count) and positive_count / (labelled_count or 1) > RICHER * prevalence
    return "labelled cases" if labelled else "thinned training rows"


@fact("flag")
def reads_warehouse(source_kinds: tuple[str, ...], tools_in_use: tuple[str, ...]) -> bool:
    """Training data is read from a warehouse."""
    return "warehouse" in source_kinds or bool(
        set(tools_in_use) & {"warehouse-snapshots", "warehouse-sql-ml", "dbt-tests"}
    )


@fact("flag")
def warehouse_clones(reads_warehouse: bool, tools_in_use: tuple[str, ...], cloud: str | None = None) -> bool:
    """The warehouse is one that clones its tables: Snowflake, Databricks or BigQuery."""
    named = any("snowflake" in tool or "databricks" in tool for tool in tools_in_use)
    return reads_warehouse and (named or cloud == "gcp" or "warehouse-snapshots" in tools_in_use)


@fact("flag")
def grouped(group_key: str | None = None) -> bool:
    """Some key must not stand in training and test at once."""
    return group_key is not None


@fact("flag")
def group_is_event(group_key: str) -> bool:
    """Each group happens once, so none of a later day was there before."""
    return (
        re.fullmatch(
            r"(search|request|session|impression|visit|page_?view|event|incident)([_ ]?id)?", group_key.lower()
        )
        is not None
    )


@fact("flag")
def rare_positives(problem_type: str, prevalence: float | None = None) -> bool:
    """Positive cases are known to be rarer than one in ten."""
    classes = problem_type in ("classification", "nlp", "computer-vision", "anomaly-detection")
    return classes and prevalence is not None and prevalence < 0.1


@fact("flag")
def labels_grow_fast(rows: float, labels_per_week: float) -> bool:
    """A month brings at least half as many labels again as there are."""
    return labels_per_week * 4 >= rows / 2


@fact("count")
def rows_copied(problem_type: str, row_count: float | None = None, labelled_count: float | None = None) -> float | None:
    """Rows of tables or texts that a snapshot holds: as said, else the labelled ones where labels train the model."""
    labels_train = problem_type in ("classification", "regression", "ranking", "nlp")
    return row_count if row_count is not None else labelled_count if labels_train else None


STREAMS = {"kafka", "kinesis", "pubsub"}


@fact("flag")
def labels_stream(
    mode_ids: tuple[str, ...], source_kinds: tuple[str, ...] = (), label_source: str | None = None
) -> bool:
    """Events that carry or become labels arrive as a stream, whichever way predictions are served."""
    fed = bool(STREAMS & set(source_kinds or ())) and label_source in ("events", "feedback")
    return fed or "streaming" in mode_ids


@fact("text")
def online_misses(
    labels_stream: bool,
    high_stakes: bool,
    small_team: bool,
    label_age: float | None = None,
    adversarial: bool | None = None,
    safety: bool | None = None,
) -> str:
    """What learning with each batch of labels lacks here, the gravest first."""
    from mlworkflow.quantity import say_duration

    if high_stakes and safety is not False:
        return "a wrong step can do a person serious harm"
    if label_age is not None and label_age > 3600:
        return f"labels come after {say_duration(label_age)}"
    if adversarial:
        return "people who try to fool it could teach it"
    if not labels_stream:
        return "no stream brings labels"
    return "nobody can watch gates and rollback of each step" if small_team else "gates for each step are not there"


FEWEST_TO_TUNE = 1000
FEWEST_A_CLASS = 50


@fact("flag")
def few_labels(
    rows: float | None = None, classes: float | None = None, labelled_positives: float | None = None
) -> bool:
    """There are too few labels to fine-tune a network: in all, for each class, or of the positive case."""
    scarce = labelled_positives is not None and labelled_positives < FEWEST_A_CLASS
    if rows is None:
        return scarce
    return scarce or rows < FEWEST_TO_TUNE or rows / (classes or 2) < FEWEST_A_CLASS


@fact("text")
def labels_said(
    rows: float | None = None, classes: float | None = None, labelled_positives: float | None = None
) -> str:
    """How many labels there are, named by what is scarce about them."""
    if labelled_positives is not None and labelled_positives < FEWEST_A_CLASS:
        return f"{labelled_positives:,.0f} positive examples"
    if rows is None:
        return "the labels"
    if rows >= FEWEST_TO_TUNE and classes is not None:
        return f"{rows:,.0f} labels for {classes:,.0f} classes"
    return f"{rows:,.0f} labelled examples"


@fact("flag")
def enough_positives(label_source: str, labelled_positives: float | None = None) -> bool:
    """At least 500 labelled positive cases exist."""
    return labelled_positives is not None and labelled_positives >= 500 and label_source != "none"


@fact("text")
def pace_words(world_changes: str) -> str:
    """How fast the world changes, in words that follow a verb."""
    words = {"days": "within days", "weeks": "within weeks", "months": "over months"}
    return words.get(world_changes, "hardly")


@fact("flag")
def pace_said(world_changes: str | None = None) -> bool:
    """It was said how fast the world changes."""
    return world_changes is not None


@fact("flag")
def search_size_said(search_size: str | None = None) -> bool:
    """It was said how many settings are worth searching."""
    return search_size is not None


@fact("flag")
def keeps_state(realtime_features: bool, windowed_features: bool) -> bool:
    """Values per key are kept between events."""
    return realtime_features or windowed_features


@fact("flag")
def tracker_has_a_registry(experiment_tracking: str) -> bool:
    """The chosen tracker keeps models, too."""
    return experiment_tracking in (
        "mlflow", "wandb", "comet", "clearml", "databricks-mlflow", "sagemaker-mlflow", "azureml-registry", "vertex-experiments",
    )  # fmt: skip
