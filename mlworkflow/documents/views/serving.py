"""Model Serving: the fixed table, capacity, contracts and fallback for each mode."""

from __future__ import annotations

from typing import Any

from mlworkflow.documents.escape import Md
from mlworkflow.documents.saying import Say, Table, capital
from mlworkflow.documents.views import cost
from mlworkflow.facts import Subject
from mlworkflow.figures.serving import MODEL_PART

PLATFORM = {"batch": "batch", "real-time": "realtime", "streaming": "streaming", "edge": "edge", "queue": "queue"}


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    return {
        "table": Table(("Aspect", "Detail"), _rows(say)),
        "fallbacks": [_mode(say, mode) for mode in modes(say)] if say.full else [],
        "figures": Table(("Figure", "Value", "How"), _figures(say)),
        "cost": cost.view(say),
        "latency": _hops(say) if not say.brief else Md(""),
        "contracts": say.lines("contract") if not say.brief else [],
        "practices": say.lines("practice", "serving") if not say.brief else [],
        "compression": _compression(say),
        "findings": say.findings("serving"),
    }


def modes(say: Say) -> tuple[Subject, ...]:
    """Return the serving modes of the design."""
    return say.spec.world.subjects("modes")


def platform(say: Say, mode: str) -> str:
    """Return the id of the decision that chose the mode's platform."""
    return f"serving-platform-{PLATFORM[mode]}"


def _rows(say: Say) -> list[tuple[Any, ...]]:
    several = len(modes(say)) > 1
    why = "; ".join(
        f"{f'{mode.label}: ' if several else ''}{say.because(f'serving-mode[{mode.id}]')}" for mode in modes(say)
    )
    return [
        (
            "Serving mode",
            Md(f"{' and '.join(mode.label for mode in modes(say)) or 'none follows from the answers'} ({why})"),
        ),
        ("Latency SLA", _latency(say)),
        ("Throughput", _throughput(say)),
        (
            "Scaling",
            Md("; ".join(f"{f'{mode.label}: ' if several else ''}{_scaling(say, mode)}" for mode in modes(say))),
        ),
        ("Fallback", Md("; ".join(_fallback(say, mode) for mode in modes(say)))),
        ("Availability", _availability(say)),
    ]


def _latency(say: Say) -> Md:
    if not say.holds("any_online") and not say.holds("on_device"):
        ready = (
            f"within {say.value('ready_by')} of complete data"
            if say.known("ready_by")
            else "before its readers start work; the hour is an open question"
        )
        return Md(f"does not apply: nobody waits for one prediction. The table is ready {ready}")
    parts = [
        f"{label} {say.value(id)}"
        for label, id in (("p50", "latency_p50"), ("p95", "latency_p95"), ("p99", "latency_p99"))
        if say.known(id)
    ]
    if not parts and say.known("wait"):
        return Md(
            f"within {say.value('wait')} of the {_LATENCY_FROM[_first_online(say)]}, the longest that was allowed"
        )
    if not parts:
        return Md("not given; an open question below, and the release waits for it")
    out = f"; the caller gives up after {say.value('hard_timeout')}" if say.known("hard_timeout") else ""
    return Md(", ".join(parts) + out)


_LATENCY_FROM = {"real-time": "request", "streaming": "event", "edge": "item", "queue": "hand-in of the job"}


def _first_online(say: Say) -> str:
    return next((mode.id for mode in modes(say) if mode.id in _LATENCY_FROM), "real-time")


def _throughput(say: Say) -> Md:
    parts = []
    if say.known("mean_load"):
        parts.append(
            f"mean {say.value('mean_load')}, peak {say.marked('peak_load') if say.known('peak_load') else say.value('peak') + ' (assumed: three times the mean)'}"
        )
    if say.known("rows_per_run"):
        parts.append(f"{say.value('rows_per_run')} rows per scheduled run")
    if (say.spec.value("items_per_request") or 1) > 1:
        parts.append(f"{say.value('items_per_request')} items per request, for which the service time holds together")
    if say.known("devices"):
        parts.append(f"over {say.value('devices')} devices")
    if say.known("device_memory") and say.holds("on_device"):
        parts.append(f"in at most {say.value('device_memory')} of memory on each")
    return Md(", ".join(parts) or "not given; an open question below")


_TRIGGERS = {
    "autoscale-gpu-queue": "trigger: time in queue above 20 % of the p99 for 1 minute; minimum 2 replicas, scaled down after 10 quiet minutes",
    "partitions-by-key": "trigger: lag above half of the allowed time for 30 seconds; maximum is the partition count, scaled down after 30 quiet minutes",
    "workers-by-depth": "trigger: oldest job above a third of the promised time; minimum 1 worker, scaled down after 15 quiet minutes",
}


def _scaling(say: Say, mode: Subject) -> Md:
    verdict = say.verdict(f"scaling[{mode.id}]")
    detail = _TRIGGERS.get(verdict.chosen or "", "")
    if verdict.chosen == "autoscale-concurrency":
        detail = _autoscale(say)
    elif verdict.chosen == "fixed-replicas":
        detail = _fixed(say)
    return Md(f"{say.chosen(verdict)}, {detail}" if detail else say.chosen(verdict))


def _autoscale(say: Say) -> str:
    return f"trigger: more than 0.7 requests in flight per worker for 1 minute; {_bounds(say)}, scaled down after 5 quiet minutes"


def _bounds(say: Say) -> str:
    if not say.known("workers_with_spare_zone"):
        return "minimum 2 workers, maximum to be set by the load test"
    workers = say.spec.value("workers_with_spare_zone")
    return f"minimum {min(3, workers)}, maximum {max(2 * workers, 4)} workers"


def _fixed(say: Say) -> str:
    if not say.known("workers_with_spare_zone"):
        return "two until the load test gives the number"
    return f"{say.value('workers_with_spare_zone')} workers"


def _fallback(say: Say, mode: Subject) -> Md:
    several = len(modes(say)) > 1
    chosen = say.verdict(f"fallback[{mode.id}]").chosen
    last = _AFTER_THE_OLD_MODEL.get(say.spec.value("problem_type"), "") if chosen == "old-model" else ""
    if chosen == "last-output" and say.known("last_good_until"):
        last = f" once it is older than {say.value('last_good_until')}"
    return Md(f"{f'{mode.label}: ' if several else ''}{say.choice(f'fallback[{mode.id}]')}{last}{_timeout(say, mode)}")


_AFTER_THE_OLD_MODEL = {"ranking": ", then the search engine's order,", "recommendation": ", then popular items,"}


def _timeout(say: Say, mode: Subject) -> str:
    if mode.id not in ("real-time", "streaming"):
        return ""
    # A job that stands still cannot time out its own events: whoever waits for the score has the clock.
    who = "the reader of the scores" if mode.id == "streaming" else "the caller"
    known = [id for id in ("hard_timeout", "wait") if say.known(id)]
    promised = say.spec.value("latency_p99") or 0
    # Who waited long enough is gone before the time-out; a limit at the p99 would cut off what is promised.
    limit = min(known, key=lambda id: (say.spec.value(id) <= promised, say.spec.value(id)), default="")
    if "hard_timeout" in known or (limit and not say.known("latency_p99")):
        return f" when nothing has come within {say.value(limit)}, decided by {who}"
    if not say.known("latency_p99"):
        return f" when nothing has come in time, decided by {who}"
    return f" after a time-out above the p99 of {say.value('latency_p99')}, set by {who}"


def _availability(say: Say) -> Md:
    if not say.known("availability"):
        return Md("not given")
    if not say.known("downtime_allowed"):
        breaks = ", which leaves no error budget: a single failed request breaks the promise"
        return Md(f"{say.value('availability')}{breaks if say.spec.value('availability') == 1 else ''}")
    return Md(
        f"{say.value('availability')}, so {say.value('downtime_allowed')} without a valid answer in 30 days (computed); an answer from the fallback counts as valid and is counted on its own"
    )


def _mode(say: Say, mode: Subject) -> Md:
    return Md(
        f"{mode.label} on {say.choice(platform(say, mode.id))}; the fallback is that one because {say.because(f'fallback[{mode.id}]')}."
    )


def _figures(say: Say) -> list[tuple[Any, ...]]:
    names = (
        "in_flight",
        "slowest_service",
        "workers_for_p99",
        "workers_with_spare_zone",
        "queue_workers",
        "queue_depth",
        "queue_backlog",
        "queue_drain",
        "batch_rate",
        "run_time",
        "run_workers",
        "device_busy",
        "tokens_per_minute",
        "cost_per_thousand_requests",
        "model_cost_per_month",
    )
    rows = []
    for id in names:
        worked = say.spec.figure(id)
        if id in _ON_THE_WAY and not say.full and not worked.problem:
            continue
        if worked.problem:
            rows.append((capital(worked.figure.label), Md("none"), Md(f"**not feasible:** {worked.problem}")))
        elif worked.value is not None and (worked.figure.name not in _ONLINE or say.holds("any_online")):
            if _says_nothing(id, worked.value):
                continue
            how = f"{_worked(say, worked.figure.formula, worked.inputs)}{_of_a_run(say, id)}"
            if id == "workers_for_p99" and say.holds("has_gpu") and say.spec.value("main_model") in _NETWORKS:
                how += (
                    "; an upper limit, as a GPU computes several at once: the load test with batches gives the number"
                )
            rows.append((capital(worked.figure.label), _amount(say, id), Md(how)))
    return rows


_ON_THE_WAY = ("in_flight", "slowest_service", "queue_depth", "batch_rate")


def _amount(say: Say, id: str) -> Md:
    price = say.spec.value("price_in")
    currency = f" {price.currency}" if price is not None and "cost" in id and price.currency else ""
    return Md(f"{say.value(id)}{currency}")


def _says_nothing(id: str, value: float) -> bool:
    """Whether a row would only repeat another or show a number as good as zero."""
    return (
        (id == "run_workers" and value <= 1)
        or (id == "queue_depth" and value < _FEWEST_WAITING)
        or (id == "run_time" and value <= 0)
    )


_FEWEST_WAITING = 0.05


def _of_a_run(say: Say, id: str) -> str:
    """How the time of a run stands against the time that it may take."""
    if id != "run_time":
        return ""
    from mlworkflow.quantity import say_share

    allowed = ""
    if say.spec.value("ready_by"):
        share = say_share(say.spec.value("run_time") / say.spec.value("ready_by"))
        allowed = f" {share} of the {say.value('ready_by')} after the data is complete"
    return f"; at most{allowed}, as a run scores many rows at once"


_NETWORKS = ("network", "pretrained-network")
_ONLINE = ("in_flight", "slowest_service", "workers_for_p99", "workers_with_spare_zone")
_SILENT = ("mode_ids", "any_online", "problem_type", "deciding_metric")


def _worked(say: Say, formula: str, inputs: Any) -> str:
    """The formula with the values that went in."""
    shown = ", ".join(f"{_label(say, id)} {say.value(id)}" for id in inputs if say.known(id) and id not in _SILENT)
    return f"{formula} ({shown})" if shown else formula


def _label(say: Say, id: str) -> str:
    question = say.spec.knowledge.question.get(id)
    return question.label if question else id.replace("_", " ")


_SHARES = (
    ("network and gateway", 0.15),
    ("validation", 0.05),
    ("features", 0.30),
    ("model", MODEL_PART),
    ("log and answer", 0.10),
)


def _hops(say: Say) -> Md:
    """A first split of the p99 over the hops."""
    p99 = say.spec.value("latency_p99")
    if (
        p99 is None
        or "real-time" not in (say.spec.value("mode_ids") or ())
        or say.spec.value("problem_type") == "generative"
    ):
        return Md("")
    from mlworkflow.quantity import say_duration

    part = say.spec.value("model_part") or MODEL_PART
    if part >= 1:  # nothing is left to split
        return Md("")
    rest = (1 - part) / (1 - MODEL_PART)
    shares = ((hop, part if hop == "model" else share * rest) for hop, share in _SHARES)
    return Md(", ".join(f"{hop} {say_duration(float(f'{p99 * share:.3g}'))}" for hop, share in shares))


def _compression(say: Say) -> Md:
    verdict = say.verdict("compression")
    if verdict.chosen == "none":
        return Md(f"Compression: none; {say.why(verdict)}." if say.full else "")
    gate = (
        f"the threshold of {say.value('success_threshold')} still holds"
        if say.known("success_threshold")
        else "the deciding metric stays within the noise of the test"
    )
    smaller = ""
    if verdict.chosen in ("quantise", "quantise-and-distil"):
        smaller = "the file is at least 60 % smaller, the small model keeps at least 98 % of the large one's deciding metric, "
    return Md(
        f"Compression: {say.chosen(verdict)}; {say.why(verdict)}. Accepted when {smaller}{gate} on the locked test, "
        "and p50, p95 and p99 hold on the machine that will serve."
    )
