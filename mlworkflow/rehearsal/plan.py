"""Everything about a design that a rehearsal reads: its numbers, monitors, fallbacks and people, in one value."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from mlworkflow.designing import Spec
from mlworkflow.rehearsal.calling import Callee, Rota
from mlworkflow.rehearsal.freezes import begins_on
from mlworkflow.rehearsal.stakes import Stakes, stakes_of
from mlworkflow.responsibility import Responsibility, responsibility

DAY, HOUR = 86400.0, 3600.0
# The mode in which a fault hurts first.
URGENT_FIRST = ("real-time", "streaming", "queue", "edge", "batch")
CADENCES = {"quarterly": 91 * DAY, "monthly": 30 * DAY, "weekly": 7 * DAY, "daily": DAY}
CONTINUOUS = DAY
# A golden set is run before anybody sees a new bundle.
GOLDEN_RUN = 900.0
# The duty whose owner is called, and the duties whose owners read the tickets of an area.
CALLED = ("duty-on-call", "duty-morning-alerts")
READ_BY = {
    "data": ("duty-data-contract", "duty-corpus"),
    "model": ("duty-monitors",),
    "platform": CALLED,
    "product": ("duty-feedback", "duty-review-queue", "duty-release"),
}


@dataclass(frozen=True, slots=True)
class Alert:
    """A runbook entry of the design: what rings, and how loud."""

    id: str
    title: str
    severity: str
    area: str


@dataclass(frozen=True, slots=True)
class Source:
    """A source that features are made of: how often it comes, how late, and how complete it is said to be."""

    refresh: float | None
    lag: float
    completeness: float | None


@dataclass(frozen=True, slots=True)
class Serving:
    """The live path: load, workers, limits, and what happens when no prediction comes."""

    mode: str
    load: float
    load_known: bool
    peak: float
    service_time: float | None
    slowest: float | None
    workers: int | None
    scales: bool
    limit: float | None
    wait: float | None
    budget: float
    fast: float | None
    slow: float | None
    ticket: float | None
    bursts: bool
    few: bool
    devices: float
    fallback: str
    output_age: float | None
    run_interval: float
    ready_by: float


@dataclass(frozen=True, slots=True)
class Cohort:
    """A pooled cohort that is judged by a count: its cases, how long they take, and the right ones that alarm."""

    size: float
    limit: float
    length: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How the design sees a loss of quality: the check, its samples, and when labels are known."""

    check: str
    limit: float | None
    released: float
    nothing: float
    lower_is_better: bool
    is_share: bool
    week: float
    label_age: float | None
    median: float | None
    p95: float | None
    labels_week: float
    sample: float
    sample_limit: float
    tolerated: float
    cohort: Cohort | None = None
    # Lists of a new ranker are compared with their own first ones, everything else with the threshold.
    compared_with_itself: bool = False


@dataclass(frozen=True, slots=True)
class Inputs:
    """How the design sees that inputs or predictions moved."""

    statistic: str
    window: float
    rows: float
    limit: float
    features: int
    prevalence: float | None
    sources: tuple[Source, ...]
    golden_set: float | None
    golden_alarm: float | None
    index_age: float | None


@dataclass(frozen=True, slots=True)
class Mending:
    """How the design mends: retraining, its time, the steps of a rollout, who does what."""

    policy: str
    cadence: float | None
    training: float
    hidden: float
    canary: float
    canary_share: float
    rolls_back: bool
    learns: bool
    owners: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """A design as a rehearsal sees it."""

    generative: bool
    retrieves: bool
    provider: bool
    modes: tuple[str, ...]
    alerts: Mapping[str, Alert]
    serving: Serving
    quality: Quality
    inputs: Inputs
    mending: Mending
    stakes: Stakes
    rota: Rota
    key_person: str
    reviews_per_day: float | None
    world_changes: str
    decay: float | None
    needs_live_features: bool
    labels_missing: bool
    freezes: tuple[str, ...] = ()
    # The Monday from which the calendar counts, and whether a retrained version of the same recipe waits as well.
    begins: datetime.date = datetime.date(2026, 1, 5)
    refreshes_wait: bool = True

    @property
    def online(self) -> bool:
        """Whether requests, events or jobs are answered as they come."""
        return self.serving.mode in ("real-time", "streaming", "queue")


def plan_of(spec: Spec) -> Plan:
    """Return what a rehearsal reads of a design."""
    team = responsibility(spec)
    owners = {one.duty.id: one.accountable.name for one in team.duties}
    modes = tuple(spec.value("mode_ids") or ())
    areas = {str(one.columns["alert"]): str(one.columns["owner"]) for one in spec.kind("signal")}
    kind = str(spec.value("problem_type"))
    return Plan(
        generative=kind == "generative",
        retrieves=spec.value("model_adaptation") == "retrieval",
        provider=kind == "generative" and _is_provided(spec),
        modes=modes,
        alerts={
            one.clause.id: Alert(
                one.clause.id, str(one.says), str(one.columns["severity"]), areas.get(one.clause.id, "")
            )
            for one in spec.kind("alert")
        },
        serving=_serving(spec, modes),
        quality=_quality(spec),
        inputs=_inputs(spec),
        mending=_mending(spec, owners),
        stakes=stakes_of(spec),
        rota=_rota(spec, team),
        key_person=_key_person(team),
        reviews_per_day=spec.value("reviews_per_day"),
        world_changes=str(spec.value("world_changes") or "months"),
        decay=spec.value("metric_decay"),
        needs_live_features=spec.value("feature_store") == "online-store" or bool(spec.value("realtime_features")),
        labels_missing=bool(spec.value("labels_missing")),
        freezes=tuple(spec.value("freeze_periods") or ()),
        begins=begins_on(spec),
        refreshes_wait=spec.value("promotion") != "two-paths",
    )


def _is_provided(spec: Spec) -> bool:
    hosted = ("vllm", "ollama", "llama-cpp")
    return spec.value("model_access") != "self-hosted" and spec.value("model_provider") not in hosted


# ------------------------------------------------------------------ the live path


def _serving(spec: Spec, modes: tuple[str, ...]) -> Serving:
    mode = next((one for one in URGENT_FIRST if one in modes), "batch")
    mean, peak = spec.value("mean_load"), spec.value("peak")
    load = mean or (peak / 3 if peak else 1.0)
    scaling = _of_mode(spec, "scaling", mode)
    return Serving(
        mode=mode,
        load=load,
        load_known=bool(mean or peak),
        peak=peak or 3 * load,
        service_time=spec.value("service_time"),
        slowest=spec.value("slowest_service"),
        workers=_workers(spec, mode),
        scales=scaling.startswith("autoscale") or scaling in ("partitions-by-key", "workers-by-depth"),
        limit=spec.value("latency_limit"),
        wait=spec.value("longest_wait"),
        budget=float(spec.value("error_budget") or 0.01),
        fast=spec.value("fast_burn_rate"),
        slow=spec.value("slow_burn_rate"),
        ticket=spec.value("ticket_burn_rate"),
        bursts=bool(spec.value("burn_pages")),
        few=bool(spec.value("low_traffic")),
        devices=float(spec.value("devices") or 1),
        fallback=_of_mode(spec, "fallback", mode),
        output_age=spec.value("freshness"),
        run_interval=max(spec.value("run_interval") or DAY, HOUR),
        ready_by=spec.value("ready_by") or 6 * HOUR,
    )


def _of_mode(spec: Spec, decision: str, mode: str) -> str:
    found = spec.value(decision)
    chosen = found.get(mode) if isinstance(found, Mapping) else found
    return str(chosen or "")


def _workers(spec: Spec, mode: str) -> int | None:
    found = spec.value("queue_workers") if mode == "queue" else spec.value("workers_with_spare_zone")
    return None if found is None else int(found)


# ------------------------------------------------------------------ quality and inputs

_SHARES = (
    "precision-at-k", "precision-at-budget", "recall", "accuracy", "f1", "macro-f1", "pr-auc", "auc-roc", "ndcg-at-k",
    "mrr", "recall-at-k", "map-detection", "iou", "golden-set-pass-rate",
)  # fmt: skip
# What the design calls the smallest mature cohort, in labels.
SMALLEST_COHORT = 200.0
UNTOUCHED = 0.05


def _quality(spec: Spec) -> Quality:
    from mlworkflow.rehearsal.assumed import ASSUMED

    limit, nothing = spec.value("success_threshold"), spec.value("baseline_value")
    lower = bool(spec.value("lower_is_better"))
    target = limit if limit else 1.0
    if nothing is None or nothing == target or (nothing > target) is not lower:
        nothing = target * (1.25 if lower else 0.8)
    label_age = None if spec.value("labels_missing") else spec.value("label_age")
    return Quality(
        check=str(spec.value("concept_check") or ""),
        limit=limit,
        released=target + ASSUMED["margin"] * (target - nothing),
        nothing=float(nothing),
        lower_is_better=lower,
        is_share=spec.value("deciding_metric") in _SHARES and 0 < target <= 1,
        week=_cases_a_week(spec),
        label_age=label_age,
        median=spec.value("label_delay"),
        p95=spec.value("label_delay_p95") or label_age,
        labels_week=float(spec.value("labels_a_week") or SMALLEST_COHORT),
        sample=float(spec.value("audit_sample") or 100.0),
        sample_limit=float(spec.value("audit_limit") or 9.0),
        tolerated=float(spec.value("highest_wrong_share") or 0.05),
        cohort=_cohort(spec),
        compared_with_itself=bool(spec.value("labels_from_lists")),
    )


def _cohort(spec: Spec) -> Cohort | None:
    """The count that the document's alert names, where it names one."""
    size, limit, periods = (spec.value(f"cohort_{name}") for name in ("size", "limit", "periods"))
    if not spec.value("cohorts_counted") or size is None or limit is None or not periods:
        return None
    period = 7 * DAY if spec.value("cohort_unit") == "week" else stakes_of(spec).period or 7 * DAY
    return Cohort(float(size), float(limit), period * periods)


def _cases_a_week(spec: Spec) -> float:
    """Cases a week that the deciding metric is measured on: picked ones, positive ones, or all that get a label."""
    labels = float(spec.value("labels_a_week") or SMALLEST_COHORT)
    metric, capacity = spec.value("deciding_metric"), spec.value("action_capacity")
    found = labels
    if metric in ("precision-at-k", "precision-at-budget") and capacity:
        found = min(labels, capacity * 7 * DAY / (stakes_of(spec).period or 7 * DAY))
    elif metric == "recall" and spec.value("prevalence"):
        found = labels * spec.value("prevalence")
    if spec.value("concept_check") == "control-group":
        found *= spec.value("untouched_share") or UNTOUCHED
    return max(found, 0.1)


def _inputs(spec: Spec) -> Inputs:
    window = spec.value("drift_window") or 7 * DAY
    rows = spec.value("drift_rows")
    if spec.value("drift_statistic") == "embedding-classifier":
        rows = 1000.0
    return Inputs(
        statistic=str(spec.value("drift_statistic") or ""),
        window=max(float(window), HOUR),
        rows=float(rows or spec.value("rows_for_psi") or 400.0),
        limit=float(spec.value("psi_threshold") or 0.1),
        features=int(spec.value("monitored_feature_count") or 0),
        prevalence=spec.value("prevalence"),
        sources=tuple(_sources(spec)),
        golden_set=spec.value("golden_set") or None,
        golden_alarm=spec.value("golden_alarm"),
        index_age=spec.value("documents_change"),
    )


def _sources(spec: Spec) -> list[Source]:
    found = []
    for entry in spec.answers.entries("sources"):
        if entry.value("state") in (None, "accepted"):
            completeness = entry.value("completeness")
            found.append(Source(entry.value("refresh"), entry.value("arrival_lag") or 0.0, completeness))
    return found


# ------------------------------------------------------------------ mending and people


def _mending(spec: Spec, owners: Mapping[str, str]) -> Mending:
    from mlworkflow.rehearsal.steps import canary_of

    policy = str(spec.value("retraining_policy") or "triggered")
    cadence = CADENCES.get(str(spec.value("retraining_cadence"))) if policy == "scheduled" else None
    hidden, canary, share = canary_of(spec)
    if spec.value("problem_type") == "generative" and spec.value("golden_set"):
        hidden += GOLDEN_RUN
    return Mending(
        policy=policy,
        cadence=CONTINUOUS if policy == "continuous" else cadence,
        training=float(spec.value("search_time") or 8 * HOUR),
        hidden=hidden,
        canary=canary,
        canary_share=share,
        rolls_back=any(True for _ in spec.kind("rollback")),
        learns=spec.value("problem_type") != "generative",
        owners=owners,
    )


def _rota(spec: Spec, team: Responsibility) -> Rota:
    """Owner and backup of the call, and of what each area reads as a ticket."""
    return Rota(
        kind=str(spec.value("on_call") or "office-hours"),
        callees=_pair(team, CALLED),
        readers={area: pair for area, duties in READ_BY.items() if (pair := _pair(team, duties))},
        size=int(spec.value("people_on_rota") or 0),
    )


def _pair(team: Responsibility, duties: tuple[str, ...]) -> tuple[Callee, ...]:
    """Who owns the first of these duties that there is, and who stands in."""
    found = next((one for id in duties for one in team.duties if one.duty.id == id), None)
    people = [] if found is None else [found.accountable, *([found.backup] if found.backup else [])]
    return tuple(Callee(one.name, one.can_be_called) for one in people)


def _key_person(team: Responsibility) -> str:
    """Who owns the call, and otherwise most critical duties."""
    for one in team.duties:
        if one.duty.id in CALLED:
            return one.accountable.name
    return team.people[0].name if team.people else ""
