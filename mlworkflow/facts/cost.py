"""Facts about what a month costs: which prices hold, how often things run, and where the money goes."""

from __future__ import annotations

from typing import Any

from mlworkflow.facts.registry import fact
from mlworkflow.price import ITEMS, Price, exchanged, price_of
from mlworkflow.question import Entry

DAY = 86400.0
# A row of a list in the log: an id, a position, a propensity, a score and some forty values of its own.
ROW_BYTES, UNSHOWN_LOGGED = 200.0, 0.01
Lines = tuple[tuple[str, Any], ...]
LINES = {
    "monthly_serving": "serving",
    "monthly_scoring": "scheduled scoring",
    "monthly_training": "training",
    "monthly_model": "language model",
    "monthly_golden": "golden set, each night",
    "monthly_stream": "job managers of the stream",
    "monthly_gpu_hosts": "GPU hosts",
    "monthly_storage": "log and snapshots",
    "monthly_index": "passage index",
    "monthly_labels": "labels and reviews",
}


# ------------------------------------------------------------------ prices


def _price(item: str, listed: tuple[Price, ...], cloud: str | None, own: tuple[Entry, ...] | None) -> Price | None:
    for entry in own or ():
        if entry.value("item") == item:
            money = entry.value("price")
            source = entry.value("source") or "the answers"
            return Price(
                "own", item, "own price", ITEMS[item], money.amount, money.currency, entry.value("on") or "", source
            )
    return price_of(item, cloud, listed)


@fact("listed price")
def vcpu_price(listed_prices: tuple[Price, ...], cloud: str | None = None, prices: Any = None) -> Price | None:
    """Price of a vCPU for an hour."""
    return _price("vcpu-hour", listed_prices, cloud, prices)


@fact("listed price")
def memory_price(listed_prices: tuple[Price, ...], cloud: str | None = None, prices: Any = None) -> Price | None:
    """Price of a gigabyte of memory for an hour."""
    return _price("memory-gb-hour", listed_prices, cloud, prices)


@fact("listed price")
def storage_price(listed_prices: tuple[Price, ...], cloud: str | None = None, prices: Any = None) -> Price | None:
    """Price of a gigabyte stored for a month."""
    return _price("storage-gb-month", listed_prices, cloud, prices)


@fact("listed price")
def small_gpu_price(listed_prices: tuple[Price, ...], cloud: str | None = None, prices: Any = None) -> Price | None:
    """Price of a small GPU for an hour."""
    return _price("gpu-small-hour", listed_prices, cloud, prices)


@fact("listed price")
def large_gpu_price(listed_prices: tuple[Price, ...], cloud: str | None = None, prices: Any = None) -> Price | None:
    """Price of a large GPU for an hour."""
    return _price("gpu-large-hour", listed_prices, cloud, prices)


@fact("listed price")
def label_price(listed_prices: tuple[Price, ...], cloud: str | None = None, prices: Any = None) -> Price | None:
    """Price of one label."""
    return _price("label", listed_prices, cloud, prices)


@fact("listed price")
def review_price(listed_prices: tuple[Price, ...], cloud: str | None = None, prices: Any = None) -> Price | None:
    """Price of one review."""
    return _price("review", listed_prices, cloud, prices)


# ------------------------------------------------------------------ what runs, and how often


@fact("flag")
def hosts_a_language_model(model_provider: str | None = None, model_access: str | None = None) -> bool:
    """A language model runs on machines that are paid for by the hour."""
    called = ("bedrock", "foundry-models", "gemini-platform", "llm-api-providers", "databricks-serving", "litellm")
    if model_provider is None:
        return False
    return model_access == "self-hosted" or model_provider not in called


@fact("flag")
def worker_has_gpu(main_model: str, has_gpu: bool) -> bool:
    """Serving and training use a small GPU each."""
    return has_gpu and main_model in ("network", "pretrained-network")


@fact("flag")
def stream_has_manager(serving_platform_streaming: str) -> bool:
    """The chosen stream processor keeps its jobs on a machine of its own."""
    return serving_platform_streaming in ("flink", "spark-structured-streaming")


@fact("number")
def scoring_runs(mode_ids: tuple[str, ...], freshness: float | None = None) -> float | None:
    """Scheduled runs in 30 days (daily where no freshness was said, at most one an hour)."""
    if "batch" not in mode_ids:
        return None
    return 30 * DAY / max(freshness or DAY, 3600.0)


@fact("number")
def retraining_runs(retraining_cadence: str) -> float | None:
    """Retraining runs in a month (one in three months where evidence decides, unknown where each batch is a step)."""
    if retraining_cadence == "each-step":
        return None
    return {"daily": 30.0, "weekly": 30 / 7, "monthly": 1.0, "quarterly": 1 / 3}.get(retraining_cadence, 1 / 3)


@fact("number")
def log_days(problem_type: str, label_age: float | None = None) -> float:
    """Days that predictions are kept: 90 with a language model, else a year or two label delays."""
    return 90.0 if problem_type == "generative" else max(365.0, 2 * (label_age or 0) / DAY)


@fact("count")
def shown_rows(problem_type: str, items_per_request: float, top_k: float | None = None) -> float | None:
    """How many rows of a scored list are shown (20 where nobody said k), where a request scores a list."""
    if problem_type not in ("ranking", "recommendation") or items_per_request <= 1:
        return None
    return min(items_per_request, top_k or 20)


@fact("size")
def logged_bytes(
    main_model: str,
    log_bytes: float,
    items_per_request: float,
    tokens_in: float | None = None,
    tokens_out: float | None = None,
    shown_rows: float | None = None,
) -> float:
    """Bytes of one record: a list adds each shown row, and all other rows of one request in a hundred."""
    tokens = (tokens_in or 0) + (tokens_out or 0) if main_model == "foundation" else 0
    rows = 0.0 if shown_rows is None else shown_rows + UNSHOWN_LOGGED * (items_per_request - shown_rows)
    return log_bytes + 4 * tokens + ROW_BYTES * rows


# ------------------------------------------------------------------ the lines together


def _home(budget: Any) -> str:
    return budget.currency if budget is not None else ""


@fact("lines of money")
def monthly_lines(
    monthly_serving: Any = None,
    monthly_scoring: Any = None,
    monthly_training: Any = None,
    monthly_model: Any = None,
    monthly_golden: Any = None,
    monthly_stream: Any = None,
    monthly_gpu_hosts: Any = None,
    monthly_storage: Any = None,
    monthly_index: Any = None,
    monthly_labels: Any = None,
) -> Lines | None:
    """The lines of the month that have money."""
    found = (
        monthly_serving,
        monthly_scoring,
        monthly_training,
        monthly_model,
        monthly_golden,
        monthly_stream,
        monthly_gpu_hosts,
        monthly_storage,
        monthly_index,
        monthly_labels,
    )
    return tuple((name, money) for name, money in zip(LINES, found, strict=True) if money is not None) or None


@fact("lines")
def lines_of_the_month(
    problem_type: str,
    any_online: bool,
    mode_ids: tuple[str, ...],
    hosts_a_language_model: bool,
    prompted_only: bool,
    main_model: str | None = None,
    passages: float | None = None,
    label_price: Price | None = None,
    review_price: Price | None = None,
    golden_set: float | None = None,
    stream_has_manager: bool = False,
) -> tuple[str, ...]:
    """The lines that this design has, with or without money."""
    generative = problem_type == "generative"
    there = {
        "monthly_serving": any_online,
        "monthly_scoring": "batch" in mode_ids,
        "monthly_training": not generative and not prompted_only,
        "monthly_model": main_model == "foundation" and not hosts_a_language_model,
        "monthly_golden": generative and not hosts_a_language_model and bool(golden_set),
        "monthly_stream": stream_has_manager,
        "monthly_gpu_hosts": hosts_a_language_model,
        "monthly_storage": True,
        "monthly_index": generative and passages is not None,
        "monthly_labels": label_price is not None or review_price is not None,
    }
    return tuple(name for name, holds in there.items() if holds)


@fact("text")
def lines_without_money(lines_of_the_month: tuple[str, ...], monthly_lines: Lines | None = None) -> str | None:
    """The lines that are not in the total, in words."""
    from mlworkflow.wording import listed

    priced = {name for name, _ in monthly_lines or ()}
    left = [LINES[name] for name in lines_of_the_month if name not in priced]
    return listed(left) if left else None


@fact("text")
def largest_line(monthly_lines: Lines, monthly_total: Any, budget: Any = None, exchange_rate: Any = None) -> str:
    """The line that costs most, in words."""
    from mlworkflow.quantity import say_cost

    def amount(line: tuple[str, Any]) -> float:
        return exchanged(line[1], monthly_total.currency, _home(budget), exchange_rate).amount

    name, money = max(monthly_lines, key=amount)
    return f"{LINES[name]} ({say_cost(money)})"


@fact("flag")
def model_unpriced(lines_of_the_month: tuple[str, ...], monthly_model: Any = None) -> bool:
    """A language model is paid by its tokens, and nobody said what they cost."""
    return "monthly_model" in lines_of_the_month and monthly_model is None


@fact("choice", "fits", "tight", "over")
def budget_fit(
    monthly_total: Any,
    monthly_high: Any,
    budget_amount: float,
    budget_used: float | None = None,
    model_unpriced: bool = False,
) -> str | None:
    """How the month stands against the budget: tight from 80 % on, or where only the high end is above it."""
    if model_unpriced and (budget_used is None or budget_used <= 1) and budget_amount > 0:
        return None
    if budget_amount <= 0:
        return "over" if monthly_total.amount > 0 else "fits"
    if budget_used is None:
        return None
    high = budget_used * monthly_high.amount / monthly_total.amount if monthly_total.amount else 0.0
    return "over" if budget_used > 1 else "tight" if budget_used > 0.8 or high > 1 else "fits"


@fact("flag")
def over_even_at_the_low_end(budget_fit: str, budget_used: float, monthly_low: Any, monthly_total: Any) -> bool:
    """The month costs more than the budget even if every assumption errs on the dear side."""
    return budget_fit == "over" and budget_used * monthly_low.amount / monthly_total.amount > 1


@fact("ways")
def ways_out(
    monthly_total: Any,
    budget: Any = None,
    exchange_rate: Any = None,
    saving_by_sampling: Any = None,
    saving_by_shorter_log: Any = None,
    saving_by_searching_less: Any = None,
    saving_by_smaller_worker: Any = None,
    saving_by_shorter_prompt: Any = None,
    saving_by_office_hours: Any = None,
    saving_by_schedule: Any = None,
) -> Lines:
    """What would save at least a hundredth of the month, the least effort first."""
    ways = (
        ("log one prediction in ten, and all that chance decided", saving_by_sampling),
        ("keep logged lists for 90 days, or two label delays, and older rows in snapshots", saving_by_shorter_log),
        ("search settings once in three months", saving_by_searching_less),
        ("workers of half the size, if a load test allows it", saving_by_smaller_worker),
        ("a prompt of half the length", saving_by_shorter_prompt),
        ("GPUs that run in office hours only", saving_by_office_hours),
        ("score on a schedule, four hours a day, if answers can wait", saving_by_schedule),
    )
    least, currency = 0.01 * monthly_total.amount, monthly_total.currency
    there = tuple((words, money) for words, money in ways if money is not None)
    return tuple(way for way in there if exchanged(way[1], currency, _home(budget), exchange_rate).amount > least)


@fact("text")
def cheapest_way_out(
    ways_out: Lines, monthly_total: Any, budget_used: float, budget: Any = None, exchange_rate: Any = None
) -> str:
    """The way out of least effort that is enough, else the one that saves most."""
    from mlworkflow.quantity import say_cost

    gap = monthly_total.amount * (1 - 1 / budget_used) if budget_used else 0.0

    def saved(way: tuple[str, Any]) -> float:
        return exchanged(way[1], monthly_total.currency, _home(budget), exchange_rate).amount

    if not ways_out:
        return "a larger budget"
    words, money = next((way for way in ways_out if saved(way) >= gap), max(ways_out, key=saved))
    return f"{words} (saves {say_cost(money)})"
