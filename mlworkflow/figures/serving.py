"""What serving takes: workers, queues, runs and devices."""

from __future__ import annotations

from typing import Any

from mlworkflow.figures.registry import DAY, HOUR, figure

MODEL_PART = 0.4


@figure("number", "serving", "peak load x service time", ("peak_load",))
def in_flight(peak: float, service_time: float) -> float:
    """Predictions being computed at once at the peak."""
    return peak * service_time


@figure(
    "duration",
    "serving",
    "as measured; else service time x 2.68, a lognormal with squared coefficient of variation 0.25",
    ("service_p99",),
)
def slowest_service(problem_type: str, service_time: float, service_p99: float | None = None) -> float | None:
    """Time within which 99 of 100 predictions are computed."""
    from mlworkflow.numbers.serving import lognormal_p99

    if problem_type == "generative":
        return None
    return service_p99 if service_p99 is not None else lognormal_p99(service_time, 0.25)


@figure(
    "share",
    "serving",
    "40 % of the time allowed, or 1.25 x slowest service / time allowed where that is more; "
    "in a stream what the arrival of the event leaves of it",
)
def model_part(
    mode_ids: Any, slowest_service: float, latency_limit: float, event_age: float | None = None
) -> float | None:
    """Share of the p99 that waiting for the model and computing may take."""
    if latency_limit <= 0:
        return None
    if "real-time" not in (mode_ids or ()):
        return 1 - event_age / latency_limit if event_age is not None and event_age < latency_limit else None
    return float(min(1.0, max(MODEL_PART, 1.25 * slowest_service / latency_limit)))


@figure(
    "count",
    "serving",
    "fewest one-at-a-time workers on one shared queue that keep p99 (Allen-Cunneen, "
    "model's part of the limit) and stay under 70 % busy",
)
def workers_for_p99(
    peak: float,
    service_time: float,
    slowest_service: float,
    latency_limit: float,
    any_online: bool,
    model_part: float | None = None,
) -> float | None:
    """Workers that keep p99 at the peak."""
    from mlworkflow.numbers import serving

    if not any_online:
        return None
    allowed = latency_limit * (model_part or 1)
    for_p99 = serving.replicas_for_p99(peak, service_time, allowed, service_p99=slowest_service)
    return max(for_p99, serving.replicas_for_utilisation(peak, service_time, 0.7))


def with_a_spare(workers: float, cloud: str | None) -> float:
    """Return the workers that leave enough when one of three zones, or one machine of our own with one worker on it, is lost."""
    from mlworkflow.numbers.serving import replicas_for_zone_loss

    return workers + 1 if cloud == "on-prem" else replicas_for_zone_loss(int(workers), 3)


@figure("count", "serving", "zones x ceil(workers / (zones - 1)), 3 zones; on our own machines workers + 1")
def workers_with_spare_zone(workers_for_p99: float, cloud: str | None = None) -> float:
    """Workers that survive the loss of one of three zones, or of one machine of ours that holds one worker."""
    return with_a_spare(workers_for_p99, cloud)


@figure("duration", "serving", "(1 - availability) x 30 days")
def downtime_allowed(availability: float) -> float:
    """Time without an answer that 30 days may have."""
    from mlworkflow.numbers.serving import downtime_minutes

    return downtime_minutes(availability) * 60


@figure("share", "serving", "items per second on one device x service time")
def device_busy(
    peak: float, service_time: float, mode_ids: tuple[str, ...], devices: float | None = None
) -> float | None:
    """Share of its time that one device computes."""
    if "edge" not in mode_ids:
        return None
    return peak * service_time / max(devices or 1, 1)


@figure("number", "serving", "rows / time for a scheduled run")
def batch_rate(rows_per_run: float, ready_by: float) -> float:
    """Rows to score each second of a scheduled run."""
    from mlworkflow.numbers.validity import positive

    positive("the time for a scheduled run", ready_by)
    return rows_per_run / ready_by


@figure("duration", "serving", "rows x service time")
def run_time(mode_ids: tuple[str, ...], rows_per_run: float, service_time: float) -> float | None:
    """Time that one worker needs for a scheduled run."""
    return rows_per_run * service_time if "batch" in mode_ids else None


@figure("count", "serving", "time of the run on one worker / time allowed, rounded up")
def run_workers(run_time: float, ready_by: float) -> float | None:
    """Workers that finish a scheduled run in time."""
    from mlworkflow.numbers.validity import up

    return max(1, up(run_time / ready_by)) if ready_by > 0 else None


@figure(
    "count",
    "serving",
    "the larger of mean load x service time / 70 % and, where a wait was promised, "
    "peak x service time x 1 h / (1 h + longest wait), rounded up",
)
def queue_workers(
    mode_ids: tuple[str, ...],
    mean_load: float,
    peak: float,
    service_time: float,
    longest_wait: float | None = None,
) -> float | None:
    """Workers that suffice where jobs wait out an hour at the peak."""
    from mlworkflow.numbers.serving import workers_for_burst

    if "queue" not in mode_ids or mean_load <= 0 or service_time <= 0:
        return None
    return workers_for_burst(mean_load, peak, service_time, HOUR, longest_wait or None)


@figure("number", "serving", "mean load x mean wait (Allen-Cunneen, squared coefficient of variation 0.25)")
def queue_depth(queue_workers: float, mean_load: float, service_time: float) -> float:
    """Jobs that wait at the mean load."""
    from mlworkflow.numbers.serving import wait

    return mean_load * wait(mean_load, service_time, int(queue_workers), 0.25)


@figure("count", "serving", "1 h x (peak - workers / service time)")
def queue_backlog(queue_workers: float, peak: float, service_time: float) -> float | None:
    """Jobs that wait after an hour at the peak."""
    from mlworkflow.numbers.serving import backlog_after_burst

    return backlog_after_burst(peak, queue_workers / service_time, HOUR) or None


@figure("duration", "serving", "jobs that wait / (workers / service time - mean load)")
def queue_drain(queue_backlog: float, queue_workers: float, service_time: float, mean_load: float) -> float:
    """Time until they are gone at the mean load."""
    from mlworkflow.numbers.serving import queue_drain_seconds

    return queue_drain_seconds(queue_backlog, mean_load, queue_workers / service_time)


@figure("count", "serving", "mean load x 30 days")
def requests_per_month(mean_load: float) -> float:
    """Requests or events in 30 days."""
    return mean_load * 30 * DAY


LAST_REQUESTS = 100


@figure(
    "count",
    "monitoring",
    "smallest c with requests a month x 1 % x 99 % x B(c - 1; 99, 1 %) <= false alarms a month, c = the count that alarms, B = binomial probability",
)
def slow_alarm(
    any_online: bool,
    few_for_p99: bool,
    latency_p99: float,
    requests_per_month: float,
    false_alarms_per_month: float | None = None,
) -> float | None:
    """Requests of the last 100 above the p99 limit that mean more than chance."""
    from mlworkflow.numbers.alarms import count_that_alarms

    if not any_online or not few_for_p99 or requests_per_month <= 0:
        return None
    return float(count_that_alarms(requests_per_month, LAST_REQUESTS, 0.01, false_alarms_per_month or 1.0))


@figure(
    "number",
    "monitoring",
    "requests a month x 1 % x 99 % x B(c - 1; 99, 1 %), c = the count that alarms, B = binomial probability",
)
def slow_by_chance(slow_alarm: float, requests_per_month: float) -> float:
    """False alarms a month of that count when the p99 limit is just kept."""
    from mlworkflow.numbers.alarms import count_onsets

    return count_onsets(requests_per_month, int(slow_alarm), LAST_REQUESTS, 0.01)


@figure("count", "serving", "load x 1 day, or rows of a run / days between runs")
def arrivals(
    mean_load: float | None = None, rows_per_run: float | None = None, freshness: float | None = None
) -> float | None:
    """Cases that arrive in a day."""
    if mean_load is not None:
        return float(round(mean_load * DAY))
    return None if rows_per_run is None else float(round(rows_per_run / max((freshness or DAY) / DAY, 1)))


WORKING_DAY = 8 * HOUR


@figure(
    "duration",
    "monitoring",
    "8 h x the larger of (reviews - cases) / cases, what a day's spare reading catches up, and ln 20 / (reviews - cases), "
    "what chance alone brings to one case in 20 (one queue, random arrivals); 1 h at least, 8 h at most",
)
def review_age(
    reviews_per_day: float,
    each_is_confirmed: bool,
    arrivals: float | None = None,
    flagged_per_day: float | None = None,
    set_aside_reviews: float | None = None,
) -> float | None:
    """Age at which a case that waits for a person is too old, in working time."""
    import math

    cases = arrivals if each_is_confirmed else flagged_per_day
    spare = reviews_per_day - (cases or 0) - (set_aside_reviews or 0)
    if not cases or spare <= 0:
        return None
    return min(WORKING_DAY, max(HOUR, WORKING_DAY * max(spare / cases, math.log(20) / spare)))


@figure("count", "serving", "cases of a day - reviews a day, where a person confirms each")
def queue_growth(each_is_confirmed: bool, arrivals: float, reviews_per_day: float) -> float | None:
    """Cases by which the queue of those who confirm grows in a day."""
    return arrivals - reviews_per_day if each_is_confirmed and arrivals > reviews_per_day else None
