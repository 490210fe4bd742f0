"""Alerts as rules over named series: the same set as the entries of the runbook, with the numbers of the design."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from mlworkflow.bundle.words import Plain, identifier, system
from mlworkflow.clause import Applied

Rule = Callable[[Plain, Applied], str]


@dataclass(frozen=True, slots=True)
class Series:
    """A series that the team's code exports: its name, kind, labels beside `system`, and what it holds."""

    name: str
    kind: str
    labels: str
    holds: str


_SERIES = (
    Series("ml_requests_total", "counter", "outcome: ok, fallback, error", "requests by how they were answered"),
    Series("ml_request_seconds", "histogram", "none", "time to an answer, as the caller sees it"),
    Series("ml_recent_failures", "gauge", "none", "failed or timed-out requests among the last 50"),
    Series("ml_recent_slow", "gauge", "none", "requests among the last 100 that were slower than the p99 limit"),
    Series("ml_throughput_ratio", "gauge", "none", "requests of the hour over the median of that hour in four weeks"),
    Series("ml_gpu_share", "gauge", "none", "busy share of the GPU"),
    Series(
        "ml_outside_share", "gauge", "none", "share of the week's inputs of a kind that the golden set does not hold"
    ),
    Series("ml_similarity_ratio", "gauge", "none", "mean similarity of the best passage over its reference"),
    Series("ml_passed_on_ratio", "gauge", "none", 'share of answers that say "I do not know" over its reference'),
    Series("ml_unseen_keys_ratio", "gauge", "feature", "share of unseen keys over its reference share"),
    Series("ml_audit_wrong", "gauge", "none", "wrong ones in the newest weekly sample"),
    Series("ml_prediction_psi", "gauge", "none", "PSI of the predictions of the newest window against the reference"),
    Series("ml_failures_running", "gauge", "none", "failed or timed-out requests in a row, up to now"),
    Series("ml_requests_in_flight_per_worker", "gauge", "none", "requests that are being answered, over workers"),
    Series("ml_queue_wait_seconds", "gauge", "none", "time that the oldest waiting request has waited"),
    Series("ml_latency_limit_seconds", "gauge", "none", "the p99 that is allowed, set once it is agreed"),
    Series("ml_run_late", "gauge", "none", "1 from the hour on at which the output should be there and is not, else 0"),
    Series("ml_run_rows_share", "gauge", "none", "rows written over rows expected, newest run"),
    Series(
        "ml_source_late_share",
        "gauge",
        "source",
        "age of the data in the source (now minus the time up to which it is complete there) over its alarm limit",
    ),
    Series("ml_source_failed_checks", "gauge", "source", "checks that the newest load failed"),
    Series("ml_drift_statistic", "gauge", "feature", "drift statistic of the newest window"),
    Series("ml_drift_windows_over", "gauge", "feature", "windows running over the threshold, up to now"),
    Series("ml_missing_ratio", "gauge", "feature", "share of missing values over its reference share"),
    Series("ml_shift_ratio", "gauge", "none", "what the alert on predictions watches, over its reference"),
    Series("ml_quality", "gauge", "slice", "deciding metric of the newest mature cohort"),
    Series("ml_cohorts_below", "gauge", "none", "mature cohorts running below the limit, up to now"),
    Series("ml_cohorts_falling", "gauge", "none", "cohorts running, each worse than the one before"),
    Series("ml_golden_pass_share", "gauge", "stratum", "share of golden cases that passed last night"),
    Series("ml_golden_nights_fallen", "gauge", "none", "nights running in which the golden set fell"),
    Series("ml_reported_cases_total", "counter", "alert", "cases that people reported and somebody confirmed"),
    Series("ml_camera_images_outside", "gauge", "camera", "images running outside the camera's own reference"),
    Series("ml_index_oldest_change_seconds", "gauge", "none", "age of the oldest change that is not in the index"),
    Series("ml_index_limit_seconds", "gauge", "none", "the age that was promised, set once it is agreed"),
    Series("ml_spend_ratio", "gauge", "none", "spend of the month over the plan up to this day"),
    Series("ml_event_seconds", "histogram", "none", "time from event to score"),
    Series("ml_events_total", "counter", "outcome: scored, unscored", "events by what became of them"),
    Series("ml_event_lag_seconds", "gauge", "none", "how far the reader is behind the newest event"),
    Series("ml_queue_oldest_ratio", "gauge", "none", "age of the oldest job over the promised time"),
    Series("ml_queue_dead_letters", "gauge", "none", "jobs in the dead-letter queue"),
    Series("ml_device_periods_silent", "gauge", "device", "report periods since the last report"),
    Series("ml_device_over_limit", "gauge", "device", "1 while latency or temperature is over its limit, else 0"),
    Series("ml_review_oldest_seconds", "gauge", "none", "age of the oldest unread case, in working time"),
    Series("ml_alert_condition", "gauge", "alert", "1 while the condition in the text of the alert holds, else 0"),
)
SERIES: Mapping[str, Series] = {one.name: one for one in _SERIES}


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alert of the runbook with its rule."""

    id: str
    title: str
    severity: str
    says: str
    means: str
    first: str
    act: str
    expression: str
    series: tuple[str, ...] = field(default=())
    also: str = ""

    @property
    def name(self) -> str:
        """The name of the rule; one of several for the same entry ends with what sets it apart."""
        return self.also + "".join(word.capitalize() for word in identifier(self.id.removeprefix("alert-")).split("_"))


def alarms(say: Plain) -> list[Alarm]:
    """Return a rule for each alert of the runbook, in its order."""
    return [_alarm(say, one) for one in say.spec.kind("alert")]


def _alarm(say: Plain, one: Applied) -> Alarm:
    rule = _RULES.get(one.clause.id, _stated)
    expression = rule(say, one).replace("$", f'system="{system(say.spec)}"')
    text = {name: str(say.column(one, name)) for name in ("severity", "monitor", "means", "first", "act")}
    return Alarm(
        one.id,
        str(say.sentence(one.says)),
        text["severity"],
        _limited(say, one, text["monitor"]),
        text["means"],
        text["first"],
        text["act"],
        expression,
        tuple(series.name for series in read_by(expression)),
    )


def _limited(say: Plain, one: Applied, monitor: str) -> str:
    """Name the thresholds that the words of an alert leave to the table of monitors."""
    if one.clause.id == "alert-score-shift":
        return f"{monitor}, or PSI of the predictions above 0.1"
    if one.clause.id == "alert-input-drift" and not _by_psi(say):
        from mlworkflow.documents.views import monitoring

        return f"{monitor} ({monitoring.view(say)['table'].rows[0][2]})"
    limit = say.spec.value("psi_threshold")
    if one.clause.id != "alert-input-drift" or limit is None or say.spec.value("drift_statistic") != "psi":
        return monitor
    return f"{monitor} (threshold: above {limit:.3g}; {say.choice('drift-statistic')})"


def budget_alarms(say: Plain) -> list[Alarm]:
    """Return the slower paces of the error budget: they ring beside the alert on a failing service, with its entry."""
    down = next((one for one in alarms(say) if one.id == "alert-service-down"), None)
    value = say.spec.value
    if down is None or not value("ticket_burn_failures"):
        return []
    paces = (
        ("Slow", "slow_burn", ("6h", "30m"), down.severity, "6 hours'", " and still in the last 30 minutes"),
        ("Ticket", "ticket_burn", ("3d", ""), "SEV-4", "3 days'", ""),
    )
    found = []
    for also, pace, (long, short), severity, words, still in paces:
        rate = value(f"{pace}_rate")
        # As in the document: a pace whose shorter window holds no whole failure is no alarm at this traffic.
        least = value(f"{pace}_failures_short" if short else f"{pace}_failures")
        if rate is None or least is None or least < 1:
            continue
        parts = [f"{_errors(window)} > {_number(rate)}" for window in (long, short) if window]
        expression = " and ".join(parts).replace("$", f'system="{system(say.spec)}"')
        says = f"{say.value(f'{pace}_rate')} of the last {words} requests fail{still}"
        title = f"{down.title}: the error budget is used up {'too fast' if short else 'before its month ends'}"
        found.append(
            replace(
                down,
                also=also,
                title=title,
                severity=severity,
                says=says,
                expression=expression,
                series=("ml_requests_total",),
            )
        )
    return found


def read_by(expression: str) -> list[Series]:
    """Return the series that an expression reads."""
    return [one for one in _SERIES if re.search(rf"\b{one.name}(?:_bucket)?\{{", expression)]


# ------------------------------------------------------------------ rules; $ stands for the label of this system


def _service_down(say: Plain, one: Applied) -> str:
    """The same three forms as the words of the alert: a pace of the error budget, few failures, or a plain share."""
    parts = []
    spec = say.spec
    few = "ml_failures_running{$} >= 5 or ml_recent_failures{$} >= 5"
    if not spec.value("low_traffic"):
        limit = spec.value("latency_p99")
        wanted = "ml_latency_limit_seconds{$}" if limit is None else _number(limit)
        quantile = f"{_p99('ml_request_seconds', '10m')} > {wanted if limit is not None else f'scalar({wanted})'}"
        words = str(say.value("down_when"))
        if "p99" in words:
            parts.append(quantile)
        if spec.value("burn_pages") and spec.value("fast_burn_rate") is not None:
            rate = _number(spec.value("fast_burn_rate"))
            parts.append(f"({_errors('1h')} > {rate} and {_errors('5m')} > {rate})")
        elif "in a row" in words:
            parts.append(few)
        else:
            parts.append(f"{_errors('10m')} > {_number(spec.value('error_budget') or 0.01)}")
    return " or ".join(parts) or few


def _errors(window: str) -> str:
    failed = f'sum(rate(ml_requests_total{{$,outcome="error"}}[{window}]))'
    return f"{failed} / sum(rate(ml_requests_total{{$}}[{window}]))"


def _p99(series: str, window: str) -> str:
    return f"histogram_quantile(0.99, sum by (le) (rate({series}_bucket{{$}}[{window}])))"


def _consumer_lag(say: Plain, one: Applied) -> str:
    spec = say.spec
    wait = spec.value("wait")
    limit = spec.value("hard_timeout") or spec.value("latency_p99") or (wait / 2 if wait is not None else None)
    if limit is None:
        return "min_over_time(ml_event_lag_seconds{$}[5m]) > 60"
    unscored = 'sum(rate(ml_events_total{$,outcome="unscored"}[1m])) / sum(rate(ml_events_total{$}[1m]))'
    return f"{_p99('ml_event_seconds', '1m')} > {_number(limit)} or {unscored} > 0.01"


def _score_shift(say: Plain, one: Applied) -> str:
    words = str(say.column(one, "monitor"))
    if "half to double" in words:
        return "ml_shift_ratio{$} < 0.5 or ml_shift_ratio{$} > 2"
    if "below 90 %" in words:
        return "ml_shift_ratio{$} < 0.9"
    return f"abs(ml_shift_ratio{{$}} - 1) > {'0.3' if '±30 %' in words else '0.2'}"


def _predictions_moved(rule: Rule) -> Rule:
    """Beside its own figure, the distribution of the predictions, as the table of monitors says."""
    return lambda say, one: f"{rule(say, one)} or ml_prediction_psi{{$}} > 0.1"


def _by_psi(say: Plain) -> bool:
    return say.spec.value("drift_statistic") not in ("embedding-classifier", "share-and-quantiles")


def _input_drift(say: Plain, one: Applied) -> str:
    """Missing values are watched where the table of monitors names them."""
    over = "ml_drift_windows_over{$} >= 2"
    return f"{over} or ml_missing_ratio{{$}} > 2" if _by_psi(say) else over


def _index_old(say: Plain, one: Applied) -> str:
    limit = say.spec.value("documents_change")
    wanted = "scalar(ml_index_limit_seconds{$})" if limit is None else _number(limit)
    return f"ml_index_oldest_change_seconds{{$}} > {wanted}"


def _reported(say: Plain, one: Applied) -> str:
    return f'increase(ml_reported_cases_total{{$,alert="{identifier(one.clause.id)}"}}[1h]) > 0'


def _stated(say: Plain, one: Applied) -> str:
    """An alert that we have no series for, such as one of a pack: its own check sets its condition."""
    return f'ml_alert_condition{{$,alert="{identifier(one.id)}"}} > 0'


def _review_queue(say: Plain, one: Applied) -> str:
    return f"ml_review_oldest_seconds{{$}} > {_number(say.spec.value('oldest_review') or 7200.0)}"


def _fixed(expression: str) -> Rule:
    return lambda say, one: expression


def _number(value: float) -> str:
    return f"{value:.8g}"


_FROM_FALLBACK = 'sum(increase(ml_requests_total{$,outcome="fallback"}[1d]))'
_RULES: Mapping[str, Rule] = {
    "alert-service-down": _service_down,
    "alert-fallback-share": _fixed(
        f"{_FROM_FALLBACK} / sum(increase(ml_requests_total{{$}}[1d])) > 0.01 and {_FROM_FALLBACK} >= 10"
    ),
    "alert-run-late": _fixed("ml_run_late{$} > 0 or ml_run_rows_share{$} < 0.99"),
    "alert-source-stale": _fixed("ml_source_late_share{$} > 1 or ml_source_failed_checks{$} > 0"),
    "alert-input-drift": _input_drift,
    "alert-score-shift": _predictions_moved(_score_shift),
    "alert-quality-loss": _fixed("ml_cohorts_below{$} >= 2"),
    "alert-golden-night": _fixed("ml_golden_nights_fallen{$} >= 2"),
    "alert-bad-answer": _reported,
    "alert-escape": _reported,
    "alert-missed-case": _reported,
    "alert-unsafe-error": _reported,
    "alert-sensor": _fixed("ml_camera_images_outside{$} >= 200"),
    "alert-index-old": _index_old,
    "alert-spend": _fixed("ml_spend_ratio{$} > 1.5"),
    "alert-consumer-lag": _consumer_lag,
    "alert-queue-age": _fixed("ml_queue_oldest_ratio{$} > 1 or ml_queue_dead_letters{$} > 0"),
    "alert-device-silent": _fixed("ml_device_periods_silent{$} >= 2 or ml_device_over_limit{$} > 0"),
    "alert-review-queue": lambda say, one: (
        f"ml_review_oldest_seconds{{$}} > {_number(say.spec.value('oldest_review') or 7200.0)}"
    ),
}
