"""What a month costs, line by line: amounts, prices, totals with their range, and what would make it cheaper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mlworkflow.figures.registry import DAY, JUDGEMENT, figure
from mlworkflow.figures.serving import with_a_spare
from mlworkflow.price import exchanged
from mlworkflow.quantity import Money

HOURS = 730.0
TRAINING_CPUS, TRAINING_GIGABYTES = 8, 32
SNAPSHOTS = 12
OFFICE_HOURS, SCHEDULED_HOURS = 220.0, 120.0
GB = 1e9
Lines = tuple[tuple[str, Money], ...]

# What a line rests on; where nobody said one of these, the line may be half or double, else 30 % off either way.
RESTS_ON = {
    "monthly_serving": ("worker_cpus", "worker_memory", "peak_load", "service_time"),
    "monthly_scoring": ("worker_cpus", "worker_memory", "rows_per_run"),
    "monthly_training": ("a training machine, which nobody is asked for",),
    "monthly_model": ("tokens_in", "tokens_out", "mean_load"),
    "monthly_golden": ("tokens_in", "tokens_out", "golden_set", "the price of the judge, which nobody is asked for"),
    "monthly_stream": ("worker_cpus", "worker_memory"),
    "monthly_gpu_hosts": ("gpu_hosts",),
    "monthly_storage": ("log_bytes", "log_share"),
    "monthly_index": ("passages", "dimensions"),
    "monthly_labels": ("labels_per_week",),
}
ALL_SAID, SOME_ASSUMED = (0.7, 1.3), (0.5, 2.0)
GROWS = ("monthly_scoring", "monthly_model", "monthly_gpu_hosts", "monthly_storage")


def spread(line: str, said: Iterable[str]) -> tuple[float, float]:
    """Return how far a line may be off: by more where an input of it was assumed."""
    return ALL_SAID if set(RESTS_ON[line]) <= set(said) else SOME_ASSUMED


# ------------------------------------------------------------------ amounts of a month


@figure(
    "count",
    "serving",
    "those that survive the loss of a zone; without a p99 as many as stay under 70 % busy then; two where load or computing time is not known",
)
def serving_workers(
    any_online: bool,
    problem_type: str,
    workers_with_spare_zone: float | None = None,
    peak: float | None = None,
    service_time: float | None = None,
    latency_limit: float | None = None,
    cloud: str | None = None,
) -> float | None:
    """Workers that run all month."""
    from mlworkflow.numbers.serving import replicas_for_utilisation

    if not any_online or workers_with_spare_zone is not None:
        return workers_with_spare_zone if any_online else None
    if problem_type == "generative" or peak is None or service_time is None:
        return 2
    if latency_limit is not None:  # no number of workers keeps the promise
        return None
    return with_a_spare(replicas_for_utilisation(peak, service_time, 0.7), cloud)


@figure("count", "serving", "workers x 730 hours")
def worker_hours(serving_workers: float) -> float:
    """Hours of workers in a month."""
    return serving_workers * HOURS


@figure(
    "number",
    "serving",
    "runs a month x rows x service time, or x the time for a run where that is shorter or alone is known",
)
def scoring_hours(
    scoring_runs: float,
    rows_per_run: float | None = None,
    service_time: float | None = None,
    ready_by: float | None = None,
) -> float | None:
    """Hours of scheduled scoring in a month."""
    computing = rows_per_run * service_time if rows_per_run is not None and service_time is not None else None
    known = [one for one in (computing, ready_by) if one is not None]
    return scoring_runs * min(known) / 3600 if known else None


@figure(
    "number", "serving", "one search (judgement) + retraining runs a month x fits x time of one trial", (JUDGEMENT,)
)
def training_hours(search_time: float, retraining_runs: float, folds: float, trial_time: float) -> float:
    """Hours of training in a month."""
    return (search_time + retraining_runs * folds * trial_time) / 3600


@figure("count", "serving", "GPUs x 730 hours")
def gpu_host_hours(hosts_a_language_model: bool, gpu_hosts: float | None = None) -> float | None:
    """Hours of GPUs that serve a language model in a month (two GPUs where nothing was said)."""
    return (gpu_hosts or 2) * HOURS if hosts_a_language_model else None


@figure("count", "serving", "mean load x items per request x 30 days + rows x scheduled runs a month")
def predictions_per_month(
    items_per_request: float,
    mean_load: float | None = None,
    rows_per_run: float | None = None,
    scoring_runs: float | None = None,
) -> float | None:
    """Predictions in a month."""
    if mean_load is None and (rows_per_run is None or scoring_runs is None):
        return None
    return (mean_load or 0) * items_per_request * 30 * DAY + (rows_per_run or 0) * (scoring_runs or 0)


@figure("count", "serving", "mean load x 30 days + rows x scheduled runs a month")
def lists_per_month(
    shown_rows: float,
    mean_load: float | None = None,
    rows_per_run: float | None = None,
    scoring_runs: float | None = None,
) -> float:
    """Lists in a month, each of which is one record of the log."""
    return (mean_load or 0) * 30 * DAY + (rows_per_run or 0) * (scoring_runs or 0)


@figure("size", "serving", "predictions (or lists) a month / 30 x days kept x share logged x bytes logged")
def log_kept_bytes(
    predictions_per_month: float,
    log_days: float,
    log_share: float,
    logged_bytes: float,
    lists_per_month: float | None = None,
) -> float:
    """Prediction log, once it is full."""
    records = predictions_per_month if lists_per_month is None else lists_per_month
    return records / 30 * log_days * log_share * logged_bytes


@figure(
    "size",
    "serving",
    "training rows x bytes logged per prediction x 12, one snapshot a month for a year (judgement)",
    (JUDGEMENT,),
)
def snapshot_bytes(
    row_count: float, log_bytes: float, unstructured: bool, data_versioning: str | None = None
) -> float | None:
    """Snapshots of the training rows that are kept; a warehouse that clones tables copies none."""
    if unstructured or data_versioning == "warehouse-snapshots":
        return None
    return row_count * log_bytes * SNAPSHOTS


@figure("size", "serving", "prediction log + snapshots")
def kept_bytes(log_kept_bytes: float | None = None, snapshot_bytes: float | None = None) -> float | None:
    """What is kept in object storage."""
    if log_kept_bytes is None and snapshot_bytes is None:
        return None
    return (log_kept_bytes or 0) + (snapshot_bytes or 0)


@figure("size", "serving", "passages x (4 x dimensions + 16 x 8) bytes, a graph index in memory")
def index_bytes(passages: float, dimensions: float) -> float:
    """Passage index, held in memory."""
    from mlworkflow.numbers.cost import vector_index_bytes

    return vector_index_bytes(passages, int(dimensions))


@figure(
    "count", "serving", "as for one of three zones lost, or with one spare on our own machines, at ten times the peak"
)
def workers_at_ten_times(
    peak: float, service_time: float, slowest_service: float, latency_limit: float, any_online: bool,
    model_part: float | None = None, cloud: str | None = None,
) -> float | None:  # fmt: skip
    """Workers at ten times the traffic."""
    from mlworkflow.numbers import serving

    if not any_online:
        return None
    allowed = latency_limit * (model_part or 1)
    for_p99 = serving.replicas_for_p99(10 * peak, service_time, allowed, service_p99=slowest_service)
    return with_a_spare(max(for_p99, serving.replicas_for_utilisation(10 * peak, service_time)), cloud)


@figure(
    "count", "serving", "golden set x 30 nights x 2: each case is answered, and judged by as many tokens", (JUDGEMENT,)
)
def golden_requests(problem_type: str, golden_set: float) -> float | None:
    """Requests of the nightly golden set in a month."""
    return golden_set * 30 * 2 if problem_type == "generative" and golden_set > 0 else None


STANDBY_FROM = 0.999  # 43 minutes a month: starting a lost manager elsewhere, and its jobs again, takes a part of it


@figure(
    "count",
    "serving",
    "machines x 730 hours, each as small as a worker; one, and a standby from an availability of 99.9 % on",
    (JUDGEMENT,),
)
def stream_hours(stream_has_manager: bool, availability: float | None = None) -> float | None:
    """Hours of the machines that keep the jobs of a stream processor."""
    if not stream_has_manager:
        return None
    return 2 * HOURS if availability is not None and availability >= STANDBY_FROM else HOURS


@figure("count", "serving", "30 x (cases a day x 1 % + reviews a day)")
def images_kept(problem_type: str, arrivals: float, reviews_per_day: float | None = None) -> float | None:
    """Images that are kept in a month: all that people look at, and 1 % of the others."""
    return 30 * (0.01 * arrivals + (reviews_per_day or 0)) if problem_type == "computer-vision" else None


# ------------------------------------------------------------------ prices of an hour


@figure(
    "price",
    "serving",
    "vCPUs x price of a vCPU-hour + GB x price of a GB-hour; with a GPU, the price of a small GPU's hour",
)
def worker_hour(
    worker_has_gpu: bool,
    worker_cpus: float,
    worker_memory: float,
    vcpu_price: Any = None,
    memory_price: Any = None,
    small_gpu_price: Any = None,
) -> Money | None:
    """Price of one worker for an hour."""
    return _hour(worker_has_gpu, worker_cpus, worker_memory / GB, vcpu_price, memory_price, small_gpu_price)


@figure(
    "price", "serving", "8 vCPUs and 32 GB (judgement) at their prices; with a GPU, the price of a small GPU's hour"
)
def training_hour(
    worker_has_gpu: bool, vcpu_price: Any = None, memory_price: Any = None, small_gpu_price: Any = None
) -> Money | None:
    """Price of the training machine for an hour."""
    return _hour(worker_has_gpu, TRAINING_CPUS, TRAINING_GIGABYTES, vcpu_price, memory_price, small_gpu_price)


def _hour(gpu: bool, cpus: float, gigabytes: float, vcpu: Any, memory: Any, small_gpu: Any) -> Money | None:
    from mlworkflow.numbers.cost import container_hour
    from mlworkflow.numbers.validity import Invalid

    if gpu:
        return small_gpu.money if small_gpu is not None else None
    if vcpu is None or memory is None:
        return None
    if vcpu.currency != memory.currency:
        raise Invalid(f"the price of a vCPU is in {vcpu.currency}, that of memory in {memory.currency}")
    return Money(container_hour(cpus, gigabytes, vcpu.price, memory.price), vcpu.currency)


# ------------------------------------------------------------------ the lines of a month


@figure("cost", "serving", "hours of workers x price of an hour")
def monthly_serving(worker_hours: float, worker_hour: Money) -> Money:
    """Serving, a month."""
    return _times(worker_hours, worker_hour)


@figure("cost", "serving", "hours of scheduled scoring x price of a worker's hour")
def monthly_scoring(scoring_hours: float, worker_hour: Money) -> Money:
    """Scheduled scoring, a month."""
    return _times(scoring_hours, worker_hour)


@figure("cost", "serving", "hours of training x price of the training machine's hour")
def monthly_training(
    problem_type: str, prompted_only: bool, training_hours: float, training_hour: Money
) -> Money | None:
    """Training, a month."""
    return None if problem_type == "generative" or prompted_only else _times(training_hours, training_hour)


@figure("cost", "serving", "cost of 1,000 requests x prompts a month / 1000")
def monthly_model(model_cost_per_month: float, price_in: Money, hosts_a_language_model: bool) -> Money | None:
    """Language model by API, a month."""
    return None if hosts_a_language_model else Money(model_cost_per_month, price_in.currency)


@figure("cost", "serving", "requests of the golden set / 1000 x cost of 1,000 requests")
def monthly_golden(
    golden_requests: float, cost_per_thousand_requests: float, price_in: Money, hosts_a_language_model: bool
) -> Money | None:
    """Nightly golden set by API, a month."""
    if hosts_a_language_model:
        return None
    return Money(golden_requests / 1000 * cost_per_thousand_requests, price_in.currency)


@figure("cost", "serving", "hours of the machines x price of a worker's hour")
def monthly_stream(stream_hours: float, worker_hour: Money) -> Money:
    """Job managers of the stream, a month."""
    return _times(stream_hours, worker_hour)


@figure("cost", "serving", "hours of GPUs x price of a large GPU's hour")
def monthly_gpu_hosts(gpu_host_hours: float, large_gpu_price: Any) -> Money:
    """GPU hosts of a language model, a month."""
    return _times(gpu_host_hours, large_gpu_price.money)


@figure("cost", "serving", "gigabytes kept x price of a gigabyte for a month")
def monthly_storage(kept_bytes: float, storage_price: Any) -> Money:
    """Log and snapshots, a month."""
    return _times(kept_bytes / GB, storage_price.money)


@figure("cost", "serving", "gigabytes of the index x 730 hours x price of a gigabyte of memory for an hour")
def monthly_index(index_bytes: float, memory_price: Any) -> Money:
    """Passage index, a month."""
    return _times(index_bytes / GB * HOURS, memory_price.money)


@figure("cost", "serving", "labels a week x 30 / 7 x price of a label + reviews a day x 30 x price of a review")
def monthly_labels(
    label_price: Any = None,
    review_price: Any = None,
    labels_per_week: float | None = None,
    reviews_per_day: float | None = None,
) -> Money | None:
    """Labels and reviews, a month."""
    from mlworkflow.numbers.validity import Invalid

    labels = _times((labels_per_week or 0) * 30 / 7, label_price.money) if label_price else None
    reviews = _times((reviews_per_day or 0) * 30, review_price.money) if review_price else None
    parts = tuple(("", one) for one in (labels, reviews) if one is not None)
    if len({one.currency for _, one in parts}) > 1:
        raise Invalid("the prices of a label and of a review are in two currencies")
    return _sum(parts, parts[0][1].currency, "", None) if parts else None


def _times(amount: float, price: Money) -> Money:
    return Money(amount * price.amount, price.currency)


# ------------------------------------------------------------------ together


def _sum(lines: Lines, wanted: str, home: str, rate: float | None) -> Money:
    return Money(sum(exchanged(one, wanted, home, rate).amount for _, one in lines), wanted)


def _currency(lines: Lines, home: str, rate: float | None) -> str:
    """The budget's currency where the lines can be had in it, else the one that they share."""
    from mlworkflow.numbers.validity import Invalid

    abroad = sorted({one.currency for _, one in lines} - {home, ""})
    if len(abroad) > 1:
        raise Invalid(f"prices are in {' and '.join(abroad)}: give all of them in one currency")
    if not abroad or (rate is not None and home):
        return home
    if len({one.currency for _, one in lines if one.currency}) > 1:
        raise Invalid(f"prices are in {home} and {abroad[0]}, and nobody said `exchange_rate`")
    return abroad[0]


def _home(budget: Any) -> str:
    return str(budget.currency) if budget is not None else ""


def _scaled(lines: Lines, factors: dict[str, float]) -> Lines:
    return tuple((name, Money(one.amount * factors.get(name, 1.0), one.currency)) for name, one in lines)


@figure("cost", "serving", "sum of the lines, in the budget's currency where a rate was said")
def monthly_total(monthly_lines: Lines, budget: Any = None, exchange_rate: float | None = None) -> Money:
    """Total of a month."""
    home = _home(budget)
    return _sum(monthly_lines, _currency(monthly_lines, home, exchange_rate), home, exchange_rate)


@figure("cost", "serving", "half of each line that rests on an assumption, 70 % of each other line")
def monthly_low(
    monthly_lines: Lines, monthly_total: Money, said_answers: tuple[str, ...], budget: Any = None,
    exchange_rate: float | None = None,
) -> Money:  # fmt: skip
    """Total of a month, low."""
    low = {name: spread(name, said_answers)[0] for name, _ in monthly_lines}
    return _sum(_scaled(monthly_lines, low), monthly_total.currency, _home(budget), exchange_rate)


@figure("cost", "serving", "double of each line that rests on an assumption, 130 % of each other line")
def monthly_high(
    monthly_lines: Lines, monthly_total: Money, said_answers: tuple[str, ...], budget: Any = None,
    exchange_rate: float | None = None,
) -> Money:  # fmt: skip
    """Total of a month, high."""
    high = {name: spread(name, said_answers)[1] for name, _ in monthly_lines}
    return _sum(_scaled(monthly_lines, high), monthly_total.currency, _home(budget), exchange_rate)


@figure("cost", "serving", "total / predictions a month x 1000")
def monthly_per_thousand(monthly_total: Money, predictions_per_month: float) -> Money | None:
    """1,000 predictions."""
    if not predictions_per_month:
        return None
    return Money(1000 * monthly_total.amount / predictions_per_month, monthly_total.currency)


@figure(
    "cost",
    "serving",
    "serving x workers at ten times / workers; scoring, language model, GPUs and storage x 10; the rest as it is",
)
def monthly_at_ten_times(
    monthly_lines: Lines, monthly_total: Money, serving_workers: float | None = None,
    workers_at_ten_times: float | None = None, budget: Any = None, exchange_rate: float | None = None,
) -> Money:  # fmt: skip
    """Total of a month at ten times the traffic."""
    serving = workers_at_ten_times / serving_workers if serving_workers and workers_at_ten_times else 10.0
    factors = dict.fromkeys(GROWS, 10.0) | {"monthly_serving": serving}
    return _sum(_scaled(monthly_lines, factors), monthly_total.currency, _home(budget), exchange_rate)


@figure("share", "serving", "total / budget, at the exchange rate where the currencies differ")
def budget_used(monthly_total: Money, budget: Any, exchange_rate: float | None = None) -> float | None:
    """Share of the budget that a month takes."""
    from mlworkflow.numbers.validity import Invalid

    if not budget.amount:
        return None
    if exchange_rate is None and monthly_total.currency not in ("", budget.currency):
        raise Invalid(
            f"the budget is in {budget.currency}, prices are in {monthly_total.currency}, and nobody said `exchange_rate`"
        )
    home = budget.currency
    return exchanged(monthly_total, home, home, exchange_rate).amount / float(budget.amount)


# ------------------------------------------------------------------ ways out


@figure("cost", "serving", "log and snapshots x share of the log in them x (1 - 10 % / share logged)")
def saving_by_sampling(
    monthly_storage: Money, kept_bytes: float, log_kept_bytes: float, log_share: float, shown_rows: float | None = None
) -> Money | None:
    """Saved a month by logging one prediction in ten."""
    # Rows of a list that were shown are labels: they are never thinned.
    if log_share <= 0.1 or not kept_bytes or shown_rows is not None:
        return None
    return _times(log_kept_bytes / kept_bytes * (1 - 0.1 / log_share), monthly_storage)


@figure("cost", "serving", "log and snapshots x share of the log in them x (1 - days needed / days kept)")
def saving_by_shorter_log(
    monthly_storage: Money,
    kept_bytes: float,
    log_kept_bytes: float,
    log_days: float,
    shown_rows: float,
    label_age: float | None = None,
) -> Money | None:
    """Saved a month by keeping the log of lists for 90 days, or for two label delays where these are longer."""
    needed = max(90.0, 2 * (label_age or 0) / DAY)
    if needed >= log_days or not kept_bytes:
        return None
    return _times(log_kept_bytes / kept_bytes * (1 - needed / log_days), monthly_storage)


@figure("cost", "serving", "training x share of the search in it x 2/3")
def saving_by_searching_less(monthly_training: Money, search_time: float, training_hours: float) -> Money | None:
    """Saved a month by searching settings once in three months."""
    return _times(search_time / 3600 / training_hours * 2 / 3, monthly_training) if training_hours else None


@figure("cost", "serving", "serving / 2")
def saving_by_smaller_worker(monthly_serving: Money, worker_has_gpu: bool) -> Money | None:
    """Saved a month by workers of half the size."""
    return None if worker_has_gpu else _times(0.5, monthly_serving)


@figure("cost", "serving", "tokens in / 2 x price in x prompts a month / 1,000,000")
def saving_by_shorter_prompt(
    monthly_model: Money, tokens_in: float, price_in: Money, prompts_per_month: float
) -> Money:
    """Saved a month by a prompt of half the length."""
    return Money(tokens_in / 2 * price_in.amount * prompts_per_month / 1e6, price_in.currency)


@figure("cost", "serving", "GPU hosts x (1 - 220 / 730 hours)")
def saving_by_office_hours(monthly_gpu_hosts: Money) -> Money:
    """Saved a month by GPUs that run in office hours only."""
    return _times(1 - OFFICE_HOURS / HOURS, monthly_gpu_hosts)


@figure("cost", "serving", "serving x (1 - 120 / 730 hours)")
def saving_by_schedule(monthly_serving: Money, quick: bool) -> Money | None:
    """Saved a month by scoring on a schedule, four hours a day, where no answer is due within a second."""
    return None if quick else _times(1 - SCHEDULED_HOURS / HOURS, monthly_serving)
