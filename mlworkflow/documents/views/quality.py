"""Quality Checks: ten boxes, each computed from the design and ticked or not with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlworkflow.decision import Because, Verdict
from mlworkflow.documents.escape import Md, code
from mlworkflow.documents.saying import Say
from mlworkflow.question import Entry


@dataclass(frozen=True)
class Check:
    """One box: whether it holds, and what it was judged by."""

    id: str
    asks: str
    holds: bool
    reason: Md
    missing: tuple[str, ...] = ()  # the answers that would let it be judged, where that is what is wrong

    @property
    def told(self) -> Md:
        """The reason as it stands behind the question, where there is one."""
        return Md(f": {self.reason}") if self.reason else Md("")

    @property
    def box(self) -> Md:
        """The mark in the box; escaping would take the blank away, and `[]` is no box."""
        return Md("x" if self.holds else " ")


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    found = list(checks(say))
    shown = [check for check in found if say.full or not check.holds]
    return {
        "checks": shown,
        "open": bool(shown) and not say.full,
        "held": sum(check.holds for check in found),
        "all": len(found),
        "waived": [_waived(say, one) for one in say.spec.answers.entries("waivers")],
    }


def _waived(say: Say, entry: Entry) -> Md:
    """A lint result that somebody accepts; whether its day is over, only the command says."""
    rule, until, owner, reason = (say.field(entry, "waivers", field) for field in ("rule", "until", "owner", "reason"))
    return Md(f"{rule} until {until}, accepted by {owner}: {reason}")


def checks(say: Say) -> Iterator[Check]:
    """Yield the ten checks of the design."""
    yield _business_metric(say)
    yield _leakage(say)
    yield _reproducible(say)
    yield _split(say)
    yield _promotion(say)
    yield _serving(say)
    yield _experiment(say)
    yield _thresholds(say)
    yield _retraining(say)
    yield _fallback(say)


def _business_metric(say: Say) -> Check:
    missing = say.holds("business_metric_missing")
    reason = f"given as “{say.value('business_metric')}”" if say.known("business_metric") else "none was given"
    return Check(
        "QC-01",
        "The problem has a business metric, not only an offline one",
        not missing,
        Md(reason if not missing else f"{reason}; an offline metric is no business metric"),
    )


def _leakage(say: Say) -> Check:
    unsaid = [subject for subject in say.spec.world.subjects("features") if _open_leak(say, subject)]
    named = ", ".join(str(code(subject.label)) for subject in unsaid)
    if not say.spec.world.subjects("features"):
        return Check(
            "QC-02", "Leakage risk is written for every temporal feature", False, Md("no feature candidate was named")
        )
    return Check(
        "QC-02",
        "Leakage risk is written for every temporal feature",
        not unsaid,
        Md(
            f"nothing was said about when these are known: {named}"
            if unsaid
            else "each candidate has a risk, and each guarded one its reason"
        ),
    )


def _open_leak(say: Say, subject: Any) -> bool:
    temporal = say.holds("time_matters") or subject.attributes["has_window"]
    refused = say.verdict(f"feature-use[{subject.id}]").chosen == "refused"
    return temporal and not refused and not subject.attributes["availability_said"]


# What must be recorded, and the lines that record it: a prompted model has other ones than a trained one.
_KINDS = {
    "parameters": {"track-parameters", "track-settings"},
    "metrics": {"track-metrics", "track-golden-metrics"},
    "data": {"track-data", "track-golden-data"},
    "code": {"track-code"},
    "environment": {"track-environment"},
    "artifacts": {"track-artifacts", "track-answers"},
}


def _reproducible(say: Say) -> Check:
    tracked = {one.clause.id for one in say.spec.kind("tracked")}
    missing = [kind for kind, lines in _KINDS.items() if not lines & tracked]
    places = [say.verdict("data-versioning"), say.verdict("experiment-tracking")]
    against = [str(say.sentence(warning.says)) for verdict in places for warning in _struck(say, verdict)]
    frozen = all(verdict.chosen is not None for verdict in places) and not against
    if against and not missing:
        return Check(
            "QC-03",
            "Tracking records enough to repeat any run",
            False,
            Md(f"a person decided otherwise, although {'; '.join(against)}"),
        )
    reason = (
        "parameters, metrics, data, code, environment and artifacts are recorded"
        if not missing and frozen
        else f"missing: {', '.join(missing) or 'a place for runs or data versions'}"
    )
    return Check("QC-03", "Tracking records enough to repeat any run", not missing and frozen, Md(reason))


def _struck(say: Say, verdict: Verdict) -> list[Because]:
    """What rules out the option that a person chose all the same."""
    rows = {row.id for row in say.spec.knowledge.in_full(verdict.decision).rules_out}
    return [] if verdict.overruled is None else [one for one in verdict.overruled.warnings if one.row in rows]


def _split(say: Say) -> Check:
    chosen = say.verdict("data-split")
    shuffled = say.holds("time_matters") and chosen.chosen in ("random", "stratified", "group")
    wrong = shuffled or chosen.conflict
    return Check("QC-04", "The split fits the data", not wrong, Md(f"{say.chosen(chosen)}: {say.why(chosen)}"))


def _promotion(say: Say) -> Check:
    chosen = say.verdict("promotion")
    registry = say.verdict("model-registry")
    holds = chosen.chosen is not None and registry.chosen is not None and say.known("approver")
    missing = "" if say.known("approver") else "; nobody is named who approves"
    return Check(
        "QC-05",
        "The registry has a path from dev to staging to production, and a name that approves",
        holds,
        Md(f"{say.chosen(chosen)} in {say.chosen(registry)}{missing}"),
    )


def _serving(say: Say) -> Check:
    broken = [one for one in say.spec.blocking if one.clause.section == "serving"]
    problem = say.spec.figure("workers_for_p99").problem if say.holds("any_online") else ""
    missing = _unknown_needs(say)
    unknown = [say.spec.knowledge.question[id].label for id in missing]
    if not say.spec.value("mode_ids"):
        unknown = ["who waits for the answer"]
    self_hosted = say.spec.value("model_access") == "self-hosted" and say.spec.value("main_model") == "foundation"
    unsized = self_hosted and not say.known("workers_for_p99")
    if unsized and say.holds("any_online") and not unknown:
        unknown = ["a load test of the model server (its size follows from tokens, not from one service time)"]
    slowest, limit = say.spec.value("slowest_service"), say.spec.value("latency_limit")
    reason = "latency and load are met by the sizes in Model Serving"
    if broken or problem:
        reason = problem or "see the first finding of Model Serving"
    elif unknown:
        reason = f"cannot be judged: not given: {', '.join(unknown)}"
    elif say.holds("on_device") and slowest is not None and limit is not None and slowest > limit:
        unknown, missing = [_too_slow(say)], () if say.known("service_p99") else ("service_p99",)
        reason = unknown[0]
    holds = not (broken or problem or unknown)
    return Check(
        "QC-06", "Serving meets latency and throughput", holds, Md(reason), () if broken or problem else missing
    )


def _too_slow(say: Say) -> str:
    limit = say.value("latency_limit")
    if say.known("service_p99"):
        return f"99 of 100 computations take up to {say.value('service_p99')}, and {limit} are allowed"
    estimate = say.value("slowest_service")
    return f"99 of 100 computations are estimated to take up to {estimate}, and {limit} are allowed; a measured p99 decides"


def _unknown_needs(say: Say) -> tuple[str, ...]:
    modes = say.spec.value("mode_ids") or ()
    wanted = []
    if not modes:
        return ("who_waits",)
    if set(modes) & {"real-time", "streaming", "queue", "edge"}:
        wanted += ["mean_load", "service_time"]
    if set(modes) & {"real-time", "streaming"} and not say.known("latency_limit"):
        wanted.append("latency_p99")
    if "batch" in modes:
        wanted += ["rows_per_run", "ready_by"]
    return tuple(id for id in wanted if not say.known(id))


def _experiment(say: Say) -> Check:
    slots = say.known("slot_weeks") and say.spec.value("experiment_kind") == "switchback"
    sized = slots or (say.known("users_per_arm") and say.known("experiment_weeks"))
    random = say.spec.value("experiment_kind") in ("ab-test", "holdout-on-action", "switchback", "interleaving")
    guarded = bool(say.spec.kind("guardrail"))
    if not random and say.known("paired_positives"):
        return Check(
            "QC-07",
            "The experiment has a power calculation and guardrails",
            guarded,
            Md(
                f"{say.value('paired_positives')} positive cases judged by both, {len(say.spec.kind('guardrail'))} guardrails"
            ),
        )
    if say.spec.value("experiment_kind") == "parallel-run":
        return _paired(say, guarded)
    if not random:
        return Check(
            "QC-07",
            "The experiment has a power calculation and guardrails",
            False,
            Md(f"{say.choice('experiment-kind')} has no power calculation: {say.because('experiment-kind')}"),
        )
    if random and sized and say.holds("too_slow_for_ab"):
        return Check(
            "QC-07",
            "The experiment has a power calculation and guardrails",
            False,
            Md(
                f"the effect needs {say.value('experiment_weeks')} weeks and {say.value('max_weeks')} are allowed: a smaller one stays open"
            ),
        )
    reason = (
        f"{say.value('slots_total')} hourly slots, {say.value('slot_weeks')} weeks, {len(say.spec.kind('guardrail'))} guardrails"
        if slots
        else f"{say.value('experiment_units')}, {say.value('experiment_weeks')} weeks, {len(say.spec.kind('guardrail'))} guardrails"
        if sized
        else "slots are counted here, and what their number follows from is not given"
        if say.holds("clustered")
        else "value today, smallest effect or traffic is not given, so it has no size"
    )
    wanted = () if sized else ("primary_baseline", "minimum_effect", "eligible_per_day")
    missing = tuple(one for one in wanted if not say.known(one))
    return Check(
        "QC-07", "The experiment has a power calculation and guardrails", sized and guarded, Md(reason), missing
    )


def _paired(say: Say, guarded: bool) -> Check:
    """A parallel run that was not sized: by recall it can be; by another metric the interval of the gain decides."""
    asks = "The paired review has a size or an interval that decides, and guardrails"
    missing = tuple(one for one in ("baseline_recall", "success_threshold") if not say.known(one))
    if say.spec.value("deciding_metric") == "recall" and missing:
        labels = " and ".join(say.spec.knowledge.question[id].label for id in missing)
        return Check(
            "QC-07", asks, False, Md(f"the cases that both must judge follow from {labels}: not given"), missing
        )
    interval = any(one.clause.id == "gate-paired-gain" for one in say.spec.kind("gate"))
    reason = f"{say.value('parallel_length')}, and the lower end of the interval of the paired gain decides"
    return Check("QC-07", asks, guarded and interval, Md(reason if guarded else "no guardrail stands beside it"))


def _thresholds(say: Say) -> Check:
    holds = say.known("success_threshold")
    reason = (
        "data, model and concept drift each have one"
        if holds
        else "the success threshold is not given, so model and concept drift have no limit"
    )
    return Check("QC-08", "Data, model and concept drift have thresholds", holds, Md(reason))


def _retraining(say: Say) -> Check:
    chosen = say.verdict("retraining-policy")
    labelled = say.known("label_age") or say.spec.value("problem_type") == "generative"
    reason = (
        f"{say.chosen(chosen)}, {say.choice('retraining-cadence')}"
        if labelled
        else "the label delay is not given, so no cadence can be defended"
    )
    return Check(
        "QC-09",
        "The retraining policy has triggers and a degree of automation",
        chosen.chosen is not None and labelled,
        Md(reason),
    )


def _fallback(say: Say) -> Check:
    verdicts = say.spec.of("fallback")
    decided = say.known("fail_direction") or not say.holds("any_online") or not say.holds("errs_one_way")
    holds = bool(verdicts) and all(verdict.chosen for verdict in verdicts) and decided
    reason = ", ".join(str(say.chosen(verdict)) for verdict in verdicts) or "no serving mode follows from the answers"
    return Check(
        "QC-10",
        "There is a fallback when no model answers",
        holds,
        Md(reason if decided else f"{reason}; but nobody said which way to err"),
    )
