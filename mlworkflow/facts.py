"""One small function a computed fact: its parameters are what it reads, None means that it is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlworkflow.condition import Domain
from mlworkflow.question import Entry


@dataclass(frozen=True, slots=True)
class Fact:
    """A named value computed from answers, figures or verdicts."""

    name: str
    domain: Domain
    reads: tuple[str, ...]
    optional: frozenset[str]
    function: Callable[..., Any]

    @property
    def label(self) -> str:
        """What the fact says, as its docstring has it."""
        return (self.function.__doc__ or self.name).strip().rstrip(".")


@dataclass(frozen=True, slots=True)
class Subject:
    """One of several things that a decision or clause is judged for: a mode, a feature, a source."""

    id: str
    label: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of subject: how rows call one of them, which fact lists them, what may be read of them."""

    noun: str
    fact: str
    attributes: Mapping[str, Domain]


FACTS: dict[str, Fact] = {}


def fact(kind: str, *values: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as a fact of that kind; a parameter with a default may be unknown."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        code = function.__code__
        reads = code.co_varnames[: code.co_argcount]
        optional = frozenset(reads[len(reads) - len(function.__defaults__ or ()) :])
        name = function.__name__
        FACTS[name] = Fact(name, Domain(kind, values), reads, optional, function)
        return function

    return register


# ------------------------------------------------------------------ subjects

MODES = {"batch": "Batch", "real-time": "Real-time", "streaming": "Streaming", "edge": "Edge", "queue": "Asynchronous queue"}
_MODE = {"id": Domain("choice", tuple(MODES)), "label": Domain("text")}


@fact("subjects")
def every_mode() -> tuple[Subject, ...]:
    """The five ways to deliver a prediction."""
    return tuple(Subject(id, label, {"id": id, "label": label}) for id, label in MODES.items())


@fact("subjects")
def modes(serving_mode: Mapping[str, str]) -> tuple[Subject, ...]:
    """The serving modes of this design."""
    return tuple(subject for subject in every_mode() if serving_mode.get(subject.id) == "yes")


@fact("choices", *MODES)
def mode_ids(modes: tuple[Subject, ...]) -> tuple[str, ...]:
    """The serving modes of this design, by name."""
    return tuple(mode.id for mode in modes)


SUSPICIOUS = (
    "chargeback", "cancel", "cancellation", "closed", "final", "refund", "discharge", "outcome", "resolved",
    "settlement", "churned", "churn_date", "is_fraud", "label", "target", "dispute", "write_off", "recovered",
    "repair", "repaired", "rework", "scrap", "rejected", "decision", "confirmed", "resolution", "verdict",
)  # fmt: skip
_FEATURE = {
    "id": Domain("text"),
    "name": Domain("text"),
    "label": Domain("text"),
    "source": Domain("text"),
    "type": Domain("choice", ("number", "category", "flag", "text", "image", "audio", "timestamp", "identifier", "embedding", "series")),
    "kind": Domain("choice", ("raw", "engineered", "interaction")),
    "cardinality": Domain("count"),
    "window": Domain("duration"),
    "available": Domain("choice", ("before", "at-request", "after", "after-label")),
    "transformation": Domain("text"),
    "personal": Domain("flag"),
    "personal_basis": Domain("text"),
    "suspicious": Domain("flag"),
    "suspicious_word": Domain("text"),
    "has_window": Domain("flag"),
    "says_transformation": Domain("flag"),
    "source_mutability": Domain("choice", ("append-only", "versioned", "overwritten")),
    "source_is_events": Domain("flag"),
    "source_accepted": Domain("flag"),
    "arrival_lag": Domain("duration"),
    "availability_said": Domain("flag"),
    "basis_said": Domain("flag"),
}
EVENT_KINDS = ("kafka", "kinesis", "pubsub", "logs", "sensor")


@fact("subjects")
def feature_subjects(target: str, features: tuple[Entry, ...] = (), sources: tuple[Entry, ...] = ()) -> tuple[Subject, ...]:
    """The feature candidates with what follows about each."""
    by_name = {entry.value("name"): entry for entry in sources or ()}
    return tuple(_feature(entry, by_name.get(entry.value("source")), target) for entry in features or ())


def _feature(entry: Entry, source: Entry | None, target: str) -> Subject:
    name = entry.value("name")
    word = _suspicious_word(name, target)
    attributes = {
        **{field: entry.value(field) for field in _FEATURE},
        "id": name,
        "label": name,
        "suspicious": word is not None,
        "suspicious_word": word or "",
        "has_window": entry.value("window") is not None,
        "says_transformation": entry.value("transformation") is not None,
        "personal": source is not None and source.value("personal") is True,
        "source_mutability": source.value("mutability") if source else None,
        "source_is_events": source is not None and source.value("kind") in EVENT_KINDS,
        "source_accepted": source is None or source.value("state") == "accepted",
        "arrival_lag": source.value("arrival_lag") if source else None,
        "availability_said": entry.value("available") is not None,
        "basis_said": entry.value("personal_basis") is not None,
    }
    return Subject(name, name, attributes)


def _suspicious_word(name: str, target: str) -> str | None:
    words = name.lower().replace("-", "_").replace(" ", "_")
    first = target.lower().split(":")[0].split()[0].strip(",.") if target.strip() else ""
    if len(first) > 3 and first == words:
        return first
    parts = words.split("_")
    return next((word for word in SUSPICIOUS if (word in words if "_" in word else word in parts)), None)


_SOURCE = {
    "id": Domain("text"),
    "name": Domain("text"),
    "label": Domain("text"),
    "kind": Domain("text"),
    "owner": Domain("text"),
    "refresh": Domain("duration"),
    "arrival_lag": Domain("duration"),
    "licence": Domain("choice", ("own", "licensed", "open", "unknown", "forbidden")),
    "completeness": Domain("share"),
    "personal": Domain("flag"),
    "mutability": Domain("choice", ("append-only", "versioned", "overwritten")),
    "state": Domain("choice", ("accepted", "candidate", "rejected")),
    "has_owner": Domain("flag"),
}


@fact("subjects")
def source_subjects(sources: tuple[Entry, ...] = ()) -> tuple[Subject, ...]:
    """The data sources with what is known of each."""
    return tuple(
        Subject(
            entry.value("name"),
            entry.value("name"),
            {
                **{field: entry.value(field) for field in _SOURCE},
                "id": entry.value("name"),
                "label": entry.value("name"),
                "has_owner": entry.value("owner") is not None,
            },
        )
        for entry in sources or ()
    )


FAMILIES = {
    "every-mode": Family("mode", "every_mode", _MODE),
    "modes": Family("mode", "modes", _MODE),
    "features": Family("feature", "feature_subjects", _FEATURE),
    "sources": Family("source", "source_subjects", _SOURCE),
}


# ------------------------------------------------------------------ the problem


@fact("choices")
def used_features(feature_use: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the candidates that are used."""
    return tuple(name for name, use in feature_use.items() if use in ("used", "guarded"))


@fact("flag")
def unstructured(problem_type: str, feature_subjects: tuple[Subject, ...] = ()) -> bool:
    """Images, sound or free text carry the signal."""
    types = {subject.attributes["type"] for subject in feature_subjects or ()}
    return problem_type in ("nlp", "computer-vision", "generative") or bool(types & {"image", "audio"})


@fact("choice", "linear", "trees", "deep", "foundation")
def complexity(problem_type: str, complexity_to: str | None = None) -> str:
    """The most complex model family that this design considers."""
    if complexity_to:
        return complexity_to
    return {"computer-vision": "deep", "nlp": "deep", "generative": "foundation"}.get(problem_type, "trees")


@fact("flag")
def no_weights_trained(problem_type: str, model_adaptation: str) -> bool:
    """A foundation model is used as it is, so configuration is what is versioned."""
    return problem_type == "generative" and model_adaptation in ("prompt", "retrieval")


@fact("flag")
def time_matters(
    problem_type: str,
    temporal: bool | None = None,
    horizon: float | None = None,
    label_delay: float | None = None,
    world_changes: str | None = None,
    feature_subjects: tuple[Subject, ...] = (),
) -> bool:
    """Later rows differ from earlier ones, so time must not be shuffled."""
    if temporal is not None:
        return temporal
    if problem_type == "forecasting":
        return True
    if problem_type in ("generative", "computer-vision"):
        return False
    windows = any(subject.attributes["has_window"] for subject in feature_subjects or ())
    delayed = (horizon or 0) > 0 or (label_delay or 0) >= 86400
    return bool(windows or delayed or world_changes in ("days", "weeks"))


@fact("flag")
def imbalanced(prevalence: float) -> bool:
    """The positive case is rarer than one in ten."""
    return prevalence < 0.1


@fact("flag")
def probability_used(
    calibrated: bool | None = None,
    cost_missed: float | None = None,
    cost_false_alarm: float | None = None,
    wrong_answer_ratio: float | None = None,
) -> bool:
    """A threshold, price or expected value is computed from the score."""
    if calibrated is not None:
        return calibrated
    return cost_missed is not None and cost_false_alarm is not None


@fact("flag")
def binary(problem_type: str, classes: float | None = None) -> bool:
    """There is one positive case and its absence."""
    return problem_type in ("classification", "anomaly-detection") and (classes is None or classes == 2)


@fact("flag")
def costs_known(cost_missed: float | None = None, cost_false_alarm: float | None = None) -> bool:
    """Both kinds of mistake have a price."""
    return cost_missed is not None and cost_false_alarm is not None


@fact("flag")
def capacity_limits(action_capacity: float, population: float, prevalence: float = 0.0) -> bool:
    """Fewer cases can be acted on than there are positive ones, or a small share of all."""
    return action_capacity < population * max(prevalence or 0.0, 0.05)


LOWER_IS_BETTER = ("expected-cost", "log-loss", "mae", "rmse", "mape", "wape", "mase", "pinball-loss")


@fact("flag")
def lower_is_better(deciding_metric: str) -> bool:
    """The evaluation metric counts errors."""
    return deciding_metric in LOWER_IS_BETTER


@fact("flag")
def beats_something(baseline_value: float | None = None, success_threshold: float | None = None) -> bool:
    """Both the baseline and the threshold have a value."""
    return baseline_value is not None and success_threshold is not None


@fact("flag")
def high_stakes(
    affects_people: bool | None = None, safety: bool | None = None, regulation: tuple[str, ...] | None = None
) -> bool:
    """A wrong prediction can do a person serious harm."""
    return bool(affects_people or safety or set(regulation or ()) & {"health", "bank"})


@fact("flag")
def uses_personal_data(personal_data: bool | None = None, source_subjects: tuple[Subject, ...] = ()) -> bool:
    """Personal data is read somewhere."""
    return bool(personal_data or any(subject.attributes["personal"] for subject in source_subjects or ()))


# ------------------------------------------------------------------ data and labels


@fact("choices")
def source_kinds(source_subjects: tuple[Subject, ...] = ()) -> tuple[str, ...]:
    """The kinds of the sources."""
    return tuple(sorted({subject.attributes["kind"] for subject in source_subjects or ()}))


@fact("flag")
def event_sources(source_kinds: tuple[str, ...]) -> bool:
    """Some sources deliver events as they happen."""
    return bool(set(source_kinds) & {"kafka", "kinesis", "pubsub"})


@fact("count")
def feature_count(feature_subjects: tuple[Subject, ...] = ()) -> int:
    """How many feature candidates there are."""
    return len(feature_subjects or ())


@fact("count")
def used_feature_count(feature_subjects: tuple[Subject, ...], feature_use: Mapping[str, str]) -> int:
    """How many feature candidates are used."""
    return sum(feature_use.get(subject.id) in ("used", "guarded") for subject in feature_subjects)


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


@fact("duration")
def label_age(label_delay: float | None = None, label_delay_p95: float | None = None, horizon: float | None = None) -> float | None:
    """Time until a week's labels can be trusted."""
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
def rows(row_count: float | None = None, labelled_count: float | None = None) -> float | None:
    """Rows that one training run learns from."""
    known = [value for value in (row_count, labelled_count) if value is not None]
    return min(known) if known else None


@fact("count")
def labelled_positives(
    positive_count: float | None = None, labelled_count: float | None = None, prevalence: float | None = None
) -> float | None:
    """Positive cases among the labelled ones."""
    if positive_count is not None or labelled_count is None or prevalence is None:
        return positive_count
    return labelled_count * prevalence


@fact("flag")
def reads_warehouse(source_kinds: tuple[str, ...], tools_in_use: tuple[str, ...]) -> bool:
    """Training data is read from a warehouse."""
    return "warehouse" in source_kinds or bool(set(tools_in_use) & {"warehouse-snapshots", "warehouse-sql-ml", "dbt-tests"})


@fact("flag")
def grouped(group_key: str | None = None) -> bool:
    """Some key must not stand in training and test at once."""
    return group_key is not None


@fact("flag")
def rare_positives(problem_type: str, prevalence: float | None = None) -> bool:
    """Positive cases are known to be rarer than one in ten."""
    classes = problem_type in ("classification", "nlp", "computer-vision", "anomaly-detection")
    return classes and prevalence is not None and prevalence < 0.1


@fact("flag")
def enough_positives(label_source: str, labelled_positives: float | None = None) -> bool:
    """At least 500 labelled positive cases exist."""
    return labelled_positives is not None and labelled_positives >= 500 and label_source != "none"


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


# ------------------------------------------------------------------ serving


@fact("flag")
def serving_named(serving: tuple[str, ...] | None = None) -> bool:
    """Serving modes were asked for by name."""
    return bool(serving)


@fact("flag")
def waits_for_each(who_waits: str) -> bool:
    """A person or program waits for each answer."""
    return who_waits in ("person", "program")


@fact("flag")
def wait_known(longest_wait: float | None = None) -> bool:
    """It was said how long they may wait."""
    return longest_wait is not None


@fact("duration")
def longest_wait(wait: float | None = None, latency_p99: float | None = None, hard_timeout: float | None = None) -> float | None:
    """The strictest time within which an answer must be there."""
    known = [value for value in (wait, latency_p99, hard_timeout) if value is not None]
    return min(known) if known else None


@fact("flag")
def answers_while_waiting(mode_ids: tuple[str, ...]) -> bool:
    """Somebody or something waits for each answer."""
    return bool(set(mode_ids) & {"real-time", "edge"})


@fact("flag")
def any_online(mode_ids: tuple[str, ...]) -> bool:
    """Predictions are made as requests, events or jobs come in."""
    return bool(set(mode_ids) & {"real-time", "streaming", "queue"})


@fact("flag")
def answers_online(mode_ids: tuple[str, ...]) -> bool:
    """Requests or events are answered in the data centre as they come."""
    return bool(set(mode_ids) & {"real-time", "streaming"})


@fact("flag")
def edge_only(mode_ids: tuple[str, ...]) -> bool:
    """All predictions are made on devices."""
    return mode_ids == ("edge",)


@fact("flag")
def batch_only(mode_ids: tuple[str, ...]) -> bool:
    """All predictions are made on a schedule."""
    return mode_ids == ("batch",)


@fact("flag")
def on_device(mode_ids: tuple[str, ...]) -> bool:
    """The model runs outside the data centre."""
    return "edge" in mode_ids


@fact("rate")
def peak(mean_load: float | None = None, peak_load: float | None = None) -> float | None:
    """The highest load to be ready for (three times the mean where no peak was given)."""
    if peak_load is not None:
        return peak_load
    return None if mean_load is None else 3 * mean_load


@fact("flag")
def peak_was_guessed(mean_load: float, peak_load: float | None = None) -> bool:
    """No peak was given, so three times the mean stands in."""
    return peak_load is None


@fact("flag")
def has_gpu(gpu: str) -> bool:
    """Some GPU can be used."""
    return gpu != "none"


# ------------------------------------------------------------------ team and place


@fact("flag")
def small_team(team_size: float) -> bool:
    """At most five people."""
    return team_size <= 5


@fact("flag")
def alone(team_size: float) -> bool:
    """One person."""
    return team_size <= 1


@fact("flag")
def large_team(team_size: float) -> bool:
    """More than twenty people."""
    return team_size > 20


@fact("flag")
def can_run_kubernetes(kubernetes: str, team_size: float, skills: tuple[str, ...] | None = None) -> bool:
    """Somebody can keep a Kubernetes cluster healthy."""
    if kubernetes == "run-for-us":
        return True
    return kubernetes == "own" and (team_size >= 6 or "kubernetes" in (skills or ()))


@fact("flag")
def can_run_streams(event_sources: bool, team_size: float, skills: tuple[str, ...] | None = None) -> bool:
    """Somebody can run a stateful stream processor."""
    return "streaming" in (skills or ()) or "jvm" in (skills or ()) or team_size >= 12


@fact("number")
def budget_amount(budget: Any) -> float:
    """The monthly budget as a plain number."""
    return float(budget.amount)


@fact("flag")
def no_budget(budget_amount: float | None = None) -> bool:
    """There is no money for paid tools."""
    return budget_amount is not None and budget_amount <= 0


@fact("number")
def budget_per_person(budget_amount: float, team_size: float) -> float:
    """Monthly budget for each member of the team."""
    return budget_amount / team_size


@fact("number")
def hours_available(team_size: float, hours_per_month: float | None = None) -> float:
    """Hours a month for keeping tools running (eight a person where nothing was said)."""
    return hours_per_month if hours_per_month is not None else 8 * team_size


@fact("flag")
def stays_inside(air_gap: bool, residency: str | None = None) -> bool:
    """Data may not leave our own premises."""
    return bool(air_gap or residency == "premises")


@fact("choices", "aws", "gcp", "azure", "on-prem")
def places(cloud: str | None = None) -> tuple[str, ...] | None:
    """Where tools may run."""
    if cloud is None:
        return None
    return ("aws", "gcp", "azure") if cloud == "multi" else (cloud,)


@fact("flag")
def established(maturity: str) -> bool:
    """There is an ML platform already."""
    return maturity == "platform"


@fact("flag")
def around_the_clock(on_call: str) -> bool:
    """Somebody can be woken."""
    return on_call in ("around-the-clock", "first-line")


COMES_WITH = {"github-actions": "github-actions-schedule"}


@fact("tools")
def tools_in_use(already_used: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """The tools that already run, with what comes with them."""
    named = already_used or ()
    return (*named, *(COMES_WITH[tool] for tool in named if tool in COMES_WITH))


@fact("flag")
def cloud_known(cloud: str | None = None) -> bool:
    """It was said where the system runs."""
    return cloud is not None


@fact("flag")
def no_cluster(kubernetes: str) -> bool:
    """Nobody runs a cluster for the team."""
    return kubernetes != "run-for-us"


@fact("flag")
def databricks_in_use(tools_in_use: tuple[str, ...]) -> bool:
    """Databricks already runs."""
    return any("databricks" in tool for tool in tools_in_use)


@fact("flag")
def snowflake_in_use(tools_in_use: tuple[str, ...]) -> bool:
    """Snowflake already runs."""
    return any("snowflake" in tool for tool in tools_in_use)


@fact("flag")
def knows_jvm(skills: tuple[str, ...] | None = None) -> bool:
    """The team can run JVM services."""
    return bool(set(skills or ()) & {"jvm", "streaming"})


@fact("flag")
def needs_a_dag(
    team_size: float, maturity: str, mode_ids: tuple[str, ...], documents_change: float | None = None
) -> bool:
    """Steps, schedules and people are too many for one script."""
    fresh_index = documents_change is not None and documents_change < 86400
    return team_size >= 6 or maturity == "platform" or len(mode_ids) > 1 or fresh_index


@fact("flag")
def many_experiments(team_size: float, maturity: str) -> bool:
    """Several experiments run at a time."""
    return team_size >= 12 and maturity == "platform"


@fact("tools")
def dead_tools_in_use(dead_tools: tuple[str, ...]) -> tuple[str, ...]:
    """Tools that already run and take no new work."""
    return dead_tools


@fact("flag")
def dead_tools_in_use_any(dead_tools: tuple[str, ...]) -> bool:
    """Some tool that already runs takes no new work."""
    return bool(dead_tools)


# ------------------------------------------------------------------ the experiment


@fact("flag")
def experiment_sized(users_per_arm: float | None = None) -> bool:
    """The experiment has a size."""
    return users_per_arm is not None


@fact("flag")
def experiment_fits(experiment_weeks: float, max_weeks: float) -> bool:
    """The traffic shows the effect within the weeks that are allowed."""
    return experiment_weeks <= max_weeks


@fact("flag")
def too_slow_for_ab(experiment_weeks: float, max_weeks: float) -> bool:
    """The traffic cannot show the effect in time."""
    return experiment_weeks > max_weeks


@fact("flag")
def traffic_known(eligible_per_day: float | None = None) -> bool:
    """It is known how many units can enter an experiment."""
    return eligible_per_day is not None


# ------------------------------------------------------------------ feasibility


@fact("flag")
def baseline_pays(cost_of_baseline: float, cost_of_nothing: float, cost_of_all: float) -> bool:
    """Today's baseline costs less than the best trivial policy."""
    return cost_of_baseline <= min(cost_of_nothing, cost_of_all)


@fact("flag")
def latency_impossible(service_time: float, latency_p99: float) -> bool:
    """One prediction takes longer than the p99 allows."""
    return service_time >= latency_p99


@fact("flag")
def device_too_slow(service_time: float, peak: float, mode_ids: tuple[str, ...], devices: float | None = None) -> bool:
    """One device cannot keep up with its items."""
    return "edge" in mode_ids and service_time * peak / max(devices or 1, 1) >= 1


@fact("choices", "none", "light", "moderate", "heavy")
def chosen_upkeep(chosen_tools: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The upkeep class of each chosen tool."""
    return tuple(upkeep for _, upkeep in chosen_tools)


@fact("flag")
def upkeep_over(upkeep_hours: float, hours_available: float) -> bool:
    """The chosen tools want more hours than the team has."""
    return upkeep_hours > hours_available


# ------------------------------------------------------------------ what was said, for findings that name a gap


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
    return plain in ML_METRICS or plain.removesuffix(" score") in ML_METRICS or plain in ("auc roc", "roc auc", "pr auc")


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
    return bool(set(source_kinds) & {"kafka", "kinesis", "pubsub", "logs", "sensor", "s3-parquet", "warehouse", "postgres"})


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
    return f"{trials} trials of {folds} fits, {hours:.0f} machine hours" if hours >= 1 else f"{trials} trials of {folds} fits, under an hour"


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
