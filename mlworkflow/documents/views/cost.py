"""The monthly cost: one line a kind of expense, the total against the budget, and where the prices are from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlworkflow.documents.escape import Md, escape
from mlworkflow.documents.saying import Say, Table, capital, joined
from mlworkflow.facts.cost import LINES
from mlworkflow.figures.cost import RESTS_ON, spread
from mlworkflow.price import Price
from mlworkflow.quantity import Money, say_cost, say_number, say_price, say_size


@dataclass(frozen=True)
class Kind:
    """How one line is shown: its amount, its price and what that is for, and what it grows with."""

    amount: str
    unit: str
    price: str
    of: str
    driver: str
    ten: str
    listed: tuple[str, ...] = ()


_WORKER = ("vcpu_price", "memory_price", "small_gpu_price")
KINDS = {
    "monthly_serving": Kind("worker_hours", "hours of workers", "worker_hour", "an hour", "peak load", "", _WORKER),
    "monthly_scoring": Kind("scoring_hours", "hours", "worker_hour", "an hour", "rows and runs", "× 10, if rows grow with it", _WORKER),
    "monthly_training": Kind("training_hours", "hours", "training_hour", "an hour", "retraining runs, time of a trial", "as it is", _WORKER),
    "monthly_model": Kind("prompts_per_month", "requests", "cost_per_thousand_requests", "1,000 requests", "requests, tokens", "× 10"),
    "monthly_golden": Kind("golden_requests", "requests", "cost_per_thousand_requests", "1,000 requests", "cases, tokens", "as it is"),
    "monthly_stream": Kind("stream_hours", "hours", "worker_hour", "an hour", "nothing", "as it is", _WORKER),
    "monthly_gpu_hosts": Kind("gpu_host_hours", "hours of GPUs", "large_gpu_price", "an hour", "requests at once", "× 10 at most", ("large_gpu_price",)),
    "monthly_storage": Kind("kept_bytes", "", "storage_price", "a GB", "predictions, days kept", "× 10", ("storage_price",)),
    "monthly_index": Kind("index_bytes", "in memory", "memory_price", "a GB for an hour", "passages", "as it is", ("memory_price",)),
    "monthly_labels": Kind("labels_per_week", "labels a week", "label_price", "a label", "labels and reviews", "as it is", ("label_price", "review_price")),
}  # fmt: skip
RANGE = "Range (half to double where an input is assumed, else 30 % either way)"
NOT_COUNTED = "data transfer, load balancers, monitoring and the platform that is there already"


def view(say: Say) -> dict[str, Any]:
    """Return the table, the sentences below it, and every figure where the document is full."""
    names = [name for name in say.spec.value("lines_of_the_month") or () if _shown(say, name)]
    return {
        "table": Table(
            _HEADER if say.full else _SHORT_HEADER,
            [_cut(say, row) for row in (*(_line(say, name) for name in names), *_total_row(say))]
            if names and not say.brief
            else [],
        ),
        "total": _total(say),
        "prices": _prices(say, names),
        "figures": Table(("Figure", "Value", "How"), list(_figures(say)) if say.full else []),
        "listed": Table(("Price", "Amount", "From"), list(_listed(say, names)) if say.full else []),
    }


_HEADER = ("Line", "Amount", "Price", "A month", RANGE, "Grows with", "At ten times the traffic")
_SHORT_HEADER = tuple(one for one in _HEADER if one != "Grows with")


def _cut(say: Say, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A line with the columns of this size; what each grows with stands in the full one."""
    return row if say.full else (*row[:5], row[6])


def _shown(say: Say, name: str) -> bool:
    """Whether there is something to show: an amount, or an answer that belongs to it."""
    if say.known(name) or say.known(KINDS[name].amount):
        return True
    return bool(set(_SPEAKS_OF.get(name, ())) & set(_said(say)))


_SPEAKS_OF = {
    "monthly_serving": ("mean_load", "peak_load", "service_time", "latency_p99"),
    "monthly_scoring": ("rows_per_run", "ready_by"),
    "monthly_training": ("trial_time",),
    "monthly_model": ("tokens_in", "tokens_out", "price_in", "price_out"),
    "monthly_gpu_hosts": ("gpu_hosts",),
    "monthly_index": ("passages",),
    "monthly_labels": ("labels_per_week", "reviews_per_day"),
}


def _said(say: Say) -> tuple[str, ...]:
    return say.spec.value("said_answers") or ()


def _money(amount: float, currency: str) -> Md:
    return escape(say_cost(Money(amount, currency)))


# ------------------------------------------------------------------ the lines


def _line(say: Say, name: str) -> tuple[Any, ...]:
    kind, money = KINDS[name], say.spec.value(name)
    return (
        capital(LINES[name]),
        _amount(say, name, kind),
        _price(say, name, kind),
        say.value(name, "–"),
        _range(say, name, money) if money is not None else Md("–"),
        kind.driver,
        _grown(say) if name == "monthly_serving" else Md(kind.ten),
    )


def _amount(say: Say, name: str, kind: Kind) -> Md:
    if not say.known(kind.amount):
        return _unknown(say, name, kind.amount)
    mark = " (assumed)" if kind.listed != _WORKER and _assumed(say, name) and not _made_of(say, name) else ""
    return Md(f"{say.value(kind.amount)} {kind.unit}".rstrip() + _made_of(say, name) + mark)


def _made_of(say: Say, name: str) -> str:
    """What an amount is made of, where it is not plain from its line."""
    if name == "monthly_training" and say.known("search_time"):
        fits = "1 fit" if say.spec.value("folds") == 1 else f"{say.value('folds')} fits"
        runs = f"{say.spec.value('retraining_runs'):.2g}"
        retrained = f"{runs} retraining{'' if runs == '1' else 's'}"
        return f" (({say.value('trials')} trials + {retrained}) × {fits} × {say.value('trial_time')})"
    if name == "monthly_golden":
        return f" ({say.value('golden_set')} cases × 30 nights × 2, the judge assumed to read as much)"
    if name != "monthly_storage":
        return ""
    each = f"{say_size(_two(say.spec.value('logged_bytes')))}{' assumed' if say.mark('log_bytes') else ''}"
    parts = []
    if say.known("log_kept_bytes"):
        a_day = say_number(_two((say.spec.value("lists_per_month") or say.spec.value("predictions_per_month")) / 30))
        share = f" × {say.value('log_share')}" if say.spec.value("log_share") < 1 else ""
        parts.append(f"{a_day} a day × {say.value('log_days')} days{share} × {each}")
    if say.known("snapshot_bytes"):
        row = f"{say.value('log_bytes')}{' assumed' if say.mark('log_bytes') else ''}"
        parts.append(f"12 snapshots × {say.value('row_count')} rows × {row}")
    rows = (
        f"; a request keeps its {say.value('shown_rows')} shown rows, one in 100 all" if say.known("shown_rows") else ""
    )
    return f" ({' + '.join(parts)}{rows})"


def _assumed(say: Say, name: str) -> bool:
    return not set(RESTS_ON[name]) <= set(_said(say))


def _unknown(say: Say, name: str, amount: str) -> Md:
    """An amount that cannot be known says which answer it waits for."""
    if name == "monthly_serving":
        return Md("no number of workers is enough")
    questions = say.spec.knowledge.question
    missing = [questions[id].label for id in _waits_for(say, amount) if id in questions]
    return Md(f"not known: {joined(missing)}" if missing else "not known")


def _waits_for(say: Say, name: str) -> list[str]:
    if name in say.spec.knowledge.question:
        return [name]
    missing = say.spec.figure(name).missing
    if name == "scoring_hours" and not missing:
        return ["rows_per_run", "ready_by"]
    return list(dict.fromkeys(one for id in missing for one in _behind(say, id)))


def _behind(say: Say, id: str) -> list[str]:
    if id in say.spec.knowledge.question:
        return [id]
    return [
        one for one in say.spec.world.reads.get(id, ()) if one in say.spec.knowledge.question and not say.known(one)
    ]


def _price(say: Say, name: str, kind: Kind) -> Md:
    value = say.spec.value(kind.price)
    if value is None:
        return Md("no price")
    if isinstance(value, float):
        return Md(f"{_money(value, say.spec.value('price_in').currency)} for {kind.of} (given)")
    days = sorted(one.on for one in _read(say, kind.price, kind.listed) if one.on)[:1]
    size = ["size assumed"] if kind.listed == _WORKER and _assumed(say, name) else []
    money = value.money if isinstance(value, Price) else value
    marks = f" ({', '.join([*days, *size])})" if days or size else ""
    return Md(f"{escape(say_price(Money(float(f'{money.amount:.2e}'), money.currency)))} {kind.of}{marks}")


def _read(say: Say, price: str, names: tuple[str, ...]) -> list[Price]:
    """The listed prices that stand behind a price: with a GPU that of the GPU, else those of vCPU and memory."""
    gpu = say.holds("worker_has_gpu")
    hourly = ("small_gpu_price",) if gpu else ("vcpu_price", "memory_price")
    wanted = hourly if price in ("worker_hour", "training_hour") else names
    return [value for name in wanted if (value := say.spec.value(name)) is not None]


def _range(say: Say, name: str, money: Money) -> Md:
    low, high = (_money(money.amount * factor, "") for factor in spread(name, _said(say)))
    return Md(f"{low} to {high}")


def _grown(say: Say) -> Md:
    if not say.known("workers_at_ten_times"):
        return Md("× 10 at most")
    return Md(f"{say.value('workers_at_ten_times')} workers instead of {say.value('serving_workers')}")


def _total_row(say: Say) -> Iterator[tuple[Any, ...]]:
    if say.known("monthly_total"):
        low, high = (say_number(_two(say.spec.value(name).amount)) for name in ("monthly_low", "monthly_high"))
        yield (
            Md("**Total**"), Md("–"), Md("–"), Md(f"**{say.value('monthly_total')}**"), Md(f"{low} to {high}"), Md("–"),
            say.value("monthly_at_ten_times"),
        )  # fmt: skip


def _two(amount: float) -> float:
    return float(f"{amount:.1e}")


# ------------------------------------------------------------------ the sentences


def _total(say: Say) -> Md:
    """The total against the budget, with the ways out where it is tight."""
    if not say.known("monthly_total"):
        return Md(f"No total: {_why_none(say)}.")
    parts = [f"{say.value('monthly_total')} a month{_without(say)}, {_against(say)}"]
    if say.known("monthly_per_thousand"):
        parts.append(f"{say.value('monthly_per_thousand')} for 1,000 predictions")
    rate = f"; at {_rate(say)}" if say.known("exchange_rate") else ""
    return Md(f"{'; '.join(parts)}{rate}.{_ways(say)}")


def _why_none(say: Say) -> str:
    problem = say.spec.figure("monthly_total").problem
    if problem:
        shown = ", ".join(f"{LINES[name]} {escape(say_cost(one))}" for name, one in say.spec.value("monthly_lines"))
        return f"{problem}: {shown}"
    return no_prices(say)


def no_prices(say: Say) -> str:
    """Return why no listed price holds here."""
    match say.spec.value("cloud"):
        case "on-prem":
            return "your own machines are counted in hours and gigabytes, not in money"
        case None:
            return "it was not said where it runs, so no list of prices applies"
        case "multi":
            return "several clouds were named, so no single list of prices applies"
        case _:
            return "amounts or prices are not known"


def _without(say: Say) -> str:
    return f" without {say.value('lines_without_money')}" if say.known("lines_without_money") else ""


def _against(say: Say) -> str:
    if not say.known("budget"):
        return "no budget was given"
    if not say.known("budget_used"):
        return say.spec.figure("budget_used").problem or f"the budget is {say.value('budget')}"
    return f"{say.value('budget_used')} of the budget of {say.value('budget')}: {verdict(say)}"


def verdict(say: Say) -> str:
    """Return how the month stands against the budget."""
    if say.spec.value("budget_fit") is None and say.holds("model_unpriced"):
        return "cannot be said: the largest line, the language model, has no price"
    said = {"fits": "fits", "tight": "tight", "over": "**does not fit**", None: "not judged"}[
        say.spec.value("budget_fit")
    ]
    return f"{said} so far" if said == "fits" and say.known("lines_without_money") else said


def _rate(say: Say) -> str:
    """The exchange rate with both currencies, as far as they are known."""
    budget, lines = say.spec.value("budget"), say.spec.value("monthly_lines") or ()
    home = budget.currency if budget is not None else ""
    abroad = next((one.currency for _, one in lines if one.currency != home), "")
    return f"{say.value('exchange_rate')} {abroad} for one {home or 'unit of the budget'}".replace("  ", " ")


def _ways(say: Say) -> str:
    if say.spec.value("budget_fit") not in ("tight", "over"):
        return ""
    ways = [f"{words} ({escape(say_cost(money))})" for words, money in say.spec.value("ways_out") or ()]
    return f" Ways out, and what each saves a month: {'; '.join(ways) or 'only a larger budget'}."


def _prices(say: Say, names: list[str]) -> Md:
    """Where the prices are from, and what is not counted."""
    found = dict.fromkeys(
        escape(price.from_where if say.full else price.briefly)
        for name in names
        if say.known(name)
        for price in _read(say, KINDS[name].price, KINDS[name].listed)
    )
    prices = (
        f"Prices are indicative, and yours replace them (`prices`, or a pack): {'; '.join(found)}. " if found else ""
    )
    if found and say.spec.value("residency") == "region" and _listed_elsewhere(say, names):
        prices += "They are of other or unnamed regions: confirm them for the one in which the data must stay. "
    return Md(
        f"{prices}Not counted: people (their hours stand under Tool Selection), {NOT_COUNTED}{_beside(say)}{_vendors(say)}."
    )


def _listed_elsewhere(say: Say, names: list[str]) -> bool:
    """Whether some price is neither an answer nor a pack's, whose people know their region."""
    shown = (name for name in names if say.known(name))
    read = (one for name in shown for one in _read(say, KINDS[name].price, KINDS[name].listed))
    return any(one.id != "own" and not one.pack for one in read)


def _beside(say: Say) -> str:
    """What this kind of system costs beside the lines."""
    parts = []
    if "streaming" in (say.spec.value("mode_ids") or ()):
        parts.append("state and checkpoints of the stream")
    if say.spec.value("problem_type") == "generative" and not say.known("monthly_golden"):
        parts.append("runs of the golden set and of its judge")
    if say.known("images_kept"):
        kept = say_number(_two(say.spec.value("images_kept")))
        parts.append(f"the images that are kept (all that people see and 1 % of the others: {kept} a month)")
    return "".join(f"; {part}" for part in parts)


def _vendors(say: Say) -> str:
    knowledge = say.spec.knowledge
    tools = [knowledge.tool(id) for id, _ in say.spec.value("chosen_tools") if knowledge.is_tool(id)]
    asked = dict.fromkeys(escape(tool.name) for tool in tools if tool.paid)
    if say.known("monthly_model"):
        asked.pop(say.choice("model-provider"), None)
    return f"; paid tools, ask the vendor: {joined(asked)}" if asked else ""


# ------------------------------------------------------------------ the full calculation


def _figures(say: Say) -> Iterator[tuple[Any, ...]]:
    for worked in say.spec.figures:
        if worked.figure.function.__module__.endswith("figures.cost") and worked.value is not None:
            yield (capital(worked.figure.label), say.value(worked.figure.name), Md(escape(worked.figure.formula)))


def _listed(say: Say, names: list[str]) -> Iterator[tuple[Any, ...]]:
    for price in dict.fromkeys(price for name in names for price in _read(say, KINDS[name].price, KINDS[name].listed)):
        yield (escape(price.unit), escape(say_price(price.money)), escape(price.from_where))
