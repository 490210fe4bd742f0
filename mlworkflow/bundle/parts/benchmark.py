"""The benchmark plan: what load, on what machine, how many requests, and from which numbers on it passes."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mlworkflow.bundle.file import File
from mlworkflow.bundle.page import TO_FILL, page, points, section, table
from mlworkflow.bundle.words import Full
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md
from mlworkflow.numbers.benchmark import ranks_around_quantile, requests_for_quantile
from mlworkflow.numbers.data import zero_failures_needed
from mlworkflow.quantity import say_duration, say_rate, say_share

PATH = "benchmark-plan.md"
# How far from 99 % the true rank of a measured p99 may lie; the widest is for traffic that would take days to narrow it.
MARGINS = (0.002, 0.004, 0.008)
LONGEST_RUN = 2 * 3600.0
RUNS = 3


def files(spec: Spec) -> Iterator[File]:
    """Yield the plan."""
    yield File(PATH, _page(Full(spec)), "Load, hardware, warm-up, requests and pass rules", "IOR")


def _page(say: Full) -> str:
    waits = bool(say.holds("any_online") or say.holds("on_device"))
    batch = "batch" in (say.spec.value("mode_ids") or ())
    return page(
        say.spec,
        "Benchmark Plan",
        "Before each first release of a model family, a new machine or a new runtime; with the very bundle that will serve.",
        section("Machine", points(_machine(say))),
        section("Requests and devices" if say.holds("on_device") else "Requests", points(_requests(say)))
        if waits
        else "",
        section("How many requests", _how_many(say)) if waits else "",
        section("Scheduled run", points(_run(say))) if batch else "",
        section("Passes when", table(("Measure", "Passes when", "From"), _rules(say, waits, batch))),
        section(
            "Result",
            table(
                ("Date", "Version", "Machine", "p50", "p95", "p99 with its interval", "Errors", "Passed"),
                [(TO_FILL,) * 8],
            ),
        ),
    )


def _machine(say: Full) -> list[Md]:
    if say.holds("on_device"):
        limit = f", at most {say.value('device_memory')} of memory for the model" if say.known("device_memory") else ""
        many = f"; the slowest and the warmest of {say.value('devices')}" if say.known("devices") else ""
        return [
            Md(
                f"A device as it stands at its place ({say.value('device_accelerator', 'accelerator still to be named')}){limit}{many}, never a faster one from the desk."
            ),
            Md("An hour at full rate first: what is measured cold says nothing about a hot case in summer."),
        ]
    gpu = " and its GPU" if say.holds("worker_has_gpu") else ""
    assumed = " (assumed)" if say.mark("worker_cpus") or say.mark("worker_memory") else ""
    size = f"{say.value('worker_cpus')} vCPUs, {say.value('worker_memory')}{assumed}"
    return [
        Md(
            f"One worker of the size that will serve ({size}{gpu}), then {say.value('workers_with_spare_zone')} of them."
            if say.known("workers_with_spare_zone")
            else f"One worker of the size that will serve ({size}{gpu}); the load test gives their number."
        ),
        Md("The load comes from another machine in the same zone; nothing else runs on either."),
    ]


def _requests(say: Full) -> list[Md]:
    peak, average = loads(say)
    mean, factor = say_rate(average) if average else "still to be given", 1.5
    lines = [
        Md(
            f"Open load: requests arrive at their own pace (Poisson), whether or not earlier ones were answered; mean {mean}{f', then the peak of {say_rate(peak)}' if peak else ''}."
        )
    ]
    if peak:
        lines.append(
            Md(
                f"Overload: {say_rate(float(f'{factor * peak:.3g}'))} (1.5 times the peak) for 5 minutes; what cannot be answered in time takes the fallback, and the queue empties within a minute after."
            )
        )
    lines.append(
        Md(
            f"Warm-up: {_warm_up(say)} are sent first and left out of the numbers; the first request after a start is reported on its own."
        )
    )
    lines += [Md(f"Mix: {part}.") for part in _mix(say)]
    return lines


def loads(say: Full) -> tuple[float | None, float | None]:
    """Return the peak and the mean that one target of the test has to bear: one device, or the whole service."""
    share = 1.0
    if say.holds("on_device") and not say.holds("any_online"):
        share = 1 / (say.spec.value("devices") or 1)
    peak, mean = say.spec.value("peak"), say.spec.value("mean_load")
    return (peak * share if peak else None), (mean * share if mean else None)


def _warm_up(say: Full) -> str:
    peak, _ = loads(say)
    if not peak or peak * 60 < 100:
        return "100 requests"
    return f"{math.ceil(peak * 60):,} requests, one minute at the peak,"


def _mix(say: Full) -> Iterator[str]:
    yield "drawn from logged requests of a full week; until there are some, from the locked test rows in their order of time"
    if say.texts("slices"):
        yield f"every slice is there with at least 100 requests: {'; '.join(say.texts('slices'))}"
    if (say.spec.value("items_per_request") or 1) > 1:
        yield f"{say.value('items_per_request')} items a request, and one in twenty with twice as many"
    if say.known("tokens_in"):
        yield f"{say.value('tokens_in')} tokens in and {say.value('tokens_out', 'as many as the output limit allows')} out on average, one in twenty at the limit of the prompt"
    if say.spec.value("problem_type") == "generative":
        yield "no answer comes from a cache of the provider, and its rate limit is part of what is tested"
    else:
        yield "one in a hundred with every optional value missing, one in a thousand of a wrong form"
    if say.holds("any_online") and say.spec.value("feature_store") == "online-store":
        yield "keys as skewed as in the log, one in ten never seen before, so that the store is not measured warm"


def _how_many(say: Full) -> str:
    peak, _ = loads(say)
    needed, within = _enough(peak)
    low, high = ranks_around_quantile(needed, 0.99)
    lines = [
        f"{needed:,} requests place the measured p99 between the true {say_share(round(0.99 - within, 6))} and {say_share(round(0.99 + within, 6))} in 95 of 100 tests: 1.96² × 0.99 × 0.01 / {within:g}² (computed).",
        f"Its 95 % interval, whatever the shape of the latencies: from value {low:,} to value {high:,} of the {needed:,} in order (binomial, computed).",
    ]
    lasts = (
        f"At the peak of {say_rate(float(f'{peak:.3g}'))} a run lasts {_time(needed / peak)}; {RUNS}"
        if peak
        else f"{RUNS}"
    )
    lines.append(f"{lasts} runs on different days, and the worst counts.")
    cost = say.spec.value("cost_per_thousand_requests")
    if cost:
        price = say.spec.value("price_in")
        lines.append(
            f"The model bills about {needed * RUNS / 1000 * cost:,.3g} {price.currency if price else ''}".rstrip()
            + " for them (computed)."
        )
    budget = say.spec.value("error_budget")
    if budget:
        errors = zero_failures_needed(budget)
        lines.append(
            f"Errors: {errors:,} requests without a failure show a rate below {say_share(round(budget, 8))} with 95 % confidence (1 − 0.05^(1/n), computed)."
        )
    return points(lines)


def _enough(peak: float | None) -> tuple[int, float]:
    """The requests of the narrowest margin whose run at the peak ends in two hours, else of the widest."""
    for within in MARGINS:
        needed = requests_for_quantile(0.99, within)
        if peak is None or needed <= peak * LONGEST_RUN:
            return needed, within
    return requests_for_quantile(0.99, MARGINS[-1]), MARGINS[-1]


def _time(seconds: float) -> str:
    """A time worked out, to three digits, in the unit in which a person would say it."""
    for unit, word in ((86400.0, "days"), (3600.0, "hours"), (60.0, "min"), (1.0, "s")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.3g} {word}"
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"


def _run(say: Full) -> list[Md]:
    rows = f"{say.value('rows_per_run')} rows" if say.known("rows_per_run") else "the rows of a full run"
    lines = [
        Md(f"A full run: {rows} from the snapshot of the newest month-end, read from where production reads them.")
    ]
    lines.append(Md("Run twice: the second output must equal the first, byte for byte or within the stated rounding."))
    lines.append(Md("Killed once in the middle: the rerun ends with the same table, and nobody has read half of one."))
    return lines


def _rules(say: Full, waits: bool, batch: bool) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    if waits:
        rows += [
            (label, f"upper end of its interval ≤ {say.value(id)}", "latency that was answered")
            for label, id in (("p50", "latency_p50"), ("p95", "latency_p95"), ("p99", "latency_p99"))
            if say.known(id)
        ]
        if not rows and say.known("latency_limit"):
            rows.append(
                (
                    "p99",
                    f"upper end of its interval ≤ {say_duration(say.spec.value('latency_limit'))}",
                    "longest wait that was allowed",
                )
            )
        if not rows:
            rows.append(("p99", "not before a limit is given", "open question of the document"))
        if say.known("error_budget"):
            rows.append(
                (
                    "errors",
                    f"≤ {say.value('error_budget_share')}, fallback answers counted apart",
                    "availability that was answered",
                )
            )
        if say.known("slowest_service") and say.holds("any_online"):
            rows.append(
                (
                    "service time, 99 of 100",
                    f"≤ {_time(say.spec.value('slowest_service'))}; above it the number of workers is computed anew",
                    "capacity of the document",
                )
            )
    if say.holds("on_device") and say.known("device_memory"):
        rows.append(
            (
                "memory on the device",
                f"≤ {say.value('device_memory')} at the end of the hour",
                "memory that was answered",
            )
        )
    if batch and say.known("ready_by"):
        rows.append(("run", f"published within {say.value('ready_by')} of complete data", "time that was answered"))
    if batch and say.known("batch_rate"):
        rows.append(
            (
                "throughput of the run",
                f"≥ {say.spec.value('batch_rate'):.4g} rows a second",
                "rows over the time allowed (computed)",
            )
        )
    rows.append(("outputs", _same(say), "the bundle that was evaluated"))
    return rows


def _same(say: Full) -> str:
    if say.spec.value("problem_type") == "generative":
        return "the golden set passes through the serving path as it did in the release pipeline"
    return "on 1,000 locked rows equal to those of the evaluation, within 1e-6 (compressed models: within their accepted loss)"
