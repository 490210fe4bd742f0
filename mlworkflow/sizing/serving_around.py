"""What stands around the replicas: spares, scaling, retries, paths, scheduled runs and backlogs."""

from __future__ import annotations

from mlworkflow.numbers import serving as numbers
from mlworkflow.numbers.validity import up
from mlworkflow.sizing.model import Inputs
from mlworkflow.sizing.sheet import Sheet


def around(sheet: Sheet, given: Inputs, rate: float, replicas: int | None) -> None:
    """Note what the inputs say about everything beside the replicas at the peak."""
    if replicas is not None:
        _spares(sheet, given, replicas)
        _scaling(sheet, given, rate, replicas)
        _backlog(sheet, given, rate, replicas)
    _path(sheet, given)
    _promise(sheet, given)
    _scheduled(sheet, given)


def _spares(sheet: Sheet, given: Inputs, replicas: int) -> None:
    sheet.group = "Spares"
    sheet.add("with_one_spare", "With one spare (N+1)", "count", replicas + 1, "replicas + 1", "replicas", "replicas")
    zones = given.whole("zones")
    if zones < 2:
        sheet.none(
            "with_spare_zone", "With a spare zone", "", "zones", "a single zone has no spare; its loss is an outage"
        )
        return
    sheet.add("with_spare_zone", "So that a zone may be lost", "count", numbers.replicas_for_zone_loss(replicas, zones),
              "zones x ceil(replicas / (zones - 1))", "replicas zones", "replicas")  # fmt: skip


def _scaling(sheet: Sheet, given: Inputs, rate: float, replicas: int) -> None:
    sheet.group = "Scaling"
    if given.has("growth"):
        most = numbers.utilisation_for_growth(given.number("growth"), given.number("lag") / 60)
        reached = rate * given.number("service-time") / (replicas * given.whole("slots"))
        note = "the replicas above are busier than that at the peak" if reached > most else ""
        sheet.add("scaling_trigger", "Utilisation at which to add replicas", "share", most, "1 / (1 + growth)^minutes",
                  "growth lag", note=note)  # fmt: skip
    if given.number("retries"):
        worst = numbers.retried_rate(rate, given.number("retries"))
        carried = replicas * given.whole("slots") / given.number("service-time")
        note = "more than the replicas can serve at all: limit retries" if worst >= carried else ""
        sheet.add("retried_rate", "Load when every call times out", "rate", worst, "rate x (1 + retries)",
                  "rate retries",
                  note=note)  # fmt: skip


def _backlog(sheet: Sheet, given: Inputs, rate: float, replicas: int) -> None:
    if given.has("backlog"):
        capacity = replicas * given.whole("slots") / given.number("service-time")
        sheet.add("drain", "Until the backlog is gone", "duration",
                  numbers.queue_drain_seconds(given.number("backlog"), rate, capacity),
                  "backlog / (replicas x slots / service time - rate)",
                  "backlog replicas slots service-time rate")  # fmt: skip


def _path(sheet: Sheet, given: Inputs) -> None:
    sheet.group = "Path"
    hops = given.raw("hop")
    if hops:
        whole = numbers.hops_p99(hops)
        late = given.has("p99") and whole > given.number("p99")
        sheet.add("path_p99", "p99 of the whole path, hops independent", "duration", whole,
                  "lognormal of the summed mean and variance; percentiles do not add", "hop p99",
                  note="that is above the objective" if late else "")  # fmt: skip
        sheet.add("path_p99_together", "p99 of the path, hops slow together", "duration",
                  numbers.hops_p99_together(hops), "sum of the p99s", "hop")  # fmt: skip
    if given.has("fan-out"):
        calls, slow = given.number("fan-out"), given.number("slow-share")
        sheet.add("slow_requests", "Requests that meet a slow call", "share", numbers.fan_out(calls, slow),
                  "1 - (1 - slow)^calls", "fan-out slow-share")  # fmt: skip
        sheet.add("call_quantile", "Quantile that each call must hold for a p99", "share", numbers.leaf_quantile(calls),
                  "0.99^(1/calls)", "fan-out")  # fmt: skip


def _promise(sheet: Sheet, given: Inputs) -> None:
    if given.has("availability"):
        sheet.group = "Availability"
        sheet.add("downtime", "Outage allowed in 30 days", "duration",
                  60 * numbers.downtime_minutes(given.number("availability")), "(1 - availability) x 30 days",
                  "availability")  # fmt: skip


def _scheduled(sheet: Sheet, given: Inputs) -> None:
    if not given.has("rows", "rows-per-second"):
        return
    sheet.group = "Scheduled run"
    rows, speed, workers = given.number("rows"), given.number("rows-per-second"), given.whole("workers")
    seconds = 3600 * numbers.batch_hours(rows, speed, workers)
    limit = given.maybe("ready-by")
    late = limit is not None and seconds > limit
    sheet.add("run_time", "Time of the run", "duration", seconds, "rows / rows a second / workers",
              "rows rows-per-second workers ready-by", note="that is later than it must be ready" if late else "",
              status="infeasible" if late else "")  # fmt: skip
    if limit:
        needed = up(rows / speed / limit)
        sheet.add("run_workers", "Workers that finish in time", "count", needed, "rows / rows a second / time allowed",
                  "rows rows-per-second ready-by", "workers")  # fmt: skip
        if late:
            sheet.way("more_workers", "Run with more workers", "count", needed, "rows / rows a second / time allowed",
                      "workers")  # fmt: skip
