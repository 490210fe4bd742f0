"""Answers drawn by a seeded generator: every question, every choice, numbers at each threshold, awkward names."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

from mlworkflow.answers import gather
from mlworkflow.errors import InputRefused
from mlworkflow.quantity import KINDS
from mlworkflow.question import Answers, Question
from tests.helpers import SMALLEST, knowledge, layer

SOURCES = ("orders", "crm", "events")
FEATURES = (
    "orders_30d", "country", "comment", "photo", "sound", "is_new", "seen_at", "user_id", "vector", "refund_date",
    "spend_90d", "tariff", "age_days", "sessions_7d", "region", "returns_60d",
)  # fmt: skip
PEOPLE = ("Ada", "Björn O'Neil", "Chen", "D. | Diaz")
ROLES = ("product", "data-scientist", "ml-engineer", "data-engineer", "platform")
NEVER_SAMPLED = ("packs", "notes", "decided", "people", "stage_owners", "waivers")
# Asked later than the others: dice of their own, so that what was drawn before them stays what it was.
OWN_DICE = (
    "passages", "dimensions", "gpu_hosts", "worker_cpus", "worker_memory", "log_bytes", "log_share", "exchange_rate",
    "prices", "metric_decay", "metric_value", "retrain_cost", "archetype", "devices_planned", "action_every",
)  # fmt: skip
AMOUNTS = {
    "money": ("0 EUR", "20 EUR", "900 EUR", "3k EUR/month", "50k EUR/month"),
    "price": ("0.5 EUR", "5 EUR", "180 EUR", "100000 EUR"),
    "effect": ("1 point", "0.1 points", "-5% relative", "20% relative", "3"),
    "day": ("2026-12-01", "2027-05-31"),
}
MAGNITUDES = {
    "number": (0.0, 0.01, 0.12, 0.5, 0.9, 2.0, 35.0, 400.0),
    "count": (1, 2, 4, 8, 30, 300, 4000, 60_000, 700_000, 20_000_000, 900_000_000),
    "duration": (0.004, 0.03, 0.2, 2.0, 45.0, 900.0, 7200.0, 86400.0, 10 * 86400.0, 60 * 86400.0, 400 * 86400.0),
    "rate": (0.00002, 0.01, 1.0, 15.0, 150.0, 4000.0),
    "share": (0.0004, 0.01, 0.08, 0.3, 0.5, 0.9, 0.99, 0.999),
    "size": (100_000.0, 5_000_000.0, 2_000_000_000.0),
}


def drawn(seed: int, **fixed: Any) -> dict[str, Any]:
    """Return answers as a file has them, the same for the same seed; fixed ones are kept."""
    first = random.Random(seed)
    density = first.choice((0.15, 0.5, 0.85))
    values: dict[str, Any] = dict(SMALLEST)
    for question in knowledge().questions:
        if question.id in NEVER_SAMPLED:
            continue
        dice = random.Random(f"{seed} {question.id}") if question.id in OWN_DICE else first
        drawn = _one(question, dice)
        wanted = question.required or question.id in ("who_waits", "cloud") or dice.random() < density
        rare = question.wish and dice.random() > 0.3
        if wanted and not rare and question.id not in ("name", "target"):
            values[question.id] = "not sure" if not question.required and dice.random() < 0.04 else drawn
    if "features" in values and values.get("sources") in (None, "not sure"):
        values["sources"] = _sources(first)
    return {**values, **_responsible(seed), **fixed}


def _responsible(seed: int) -> dict[str, Any]:
    """People and stage owners, from dice of their own: what else is drawn for a seed stays as it was."""
    dice = random.Random(f"people {seed}")
    if dice.random() < 0.5:
        return {}
    people = [_record("people", {"name": name}, dice) for name in PEOPLE[: dice.randint(1, 4)]]
    owners = [*ROLES, *(one["name"] for one in people if not one.get("away"))]
    stages = [choice.id for choice in knowledge().question["stage_owners"].fields[0].choices]
    chosen = [{"stage": one, "owner": dice.choice(owners)} for one in stages if dice.random() < 0.3]
    return {"people": people, **({"stage_owners": chosen} if chosen else {})}


def sampled(seed: int, **fixed: Any) -> Answers:
    """Return gathered answers: where two of them contradict each other, one is left out."""
    return mended(drawn(seed, **fixed), fixed)[1]


def mended(values: Mapping[str, Any], kept: Mapping[str, Any]) -> tuple[dict[str, Any], Answers]:
    """Return the values without those that contradict others, and the answers that they give."""
    left = dict(values)
    while True:
        try:
            return left, gather(knowledge(), [layer(left)])
        except InputRefused as refused:
            named = {name for problem in refused.problems for name in re.findall(r"`([a-z0-9_]+)`", problem.what)}
            named &= set(left) - set(kept) - set(SMALLEST)
            if not named:
                raise
            del left[min(named)]


def _one(question: Question, dice: random.Random) -> Any:
    match question.kind:
        case "choice":
            return dice.choice(question.choices).id
        case "choices":
            return [choice.id for choice in question.choices if dice.random() < 0.35]
        case "flag":
            return dice.random() < 0.5
        case "text":
            return question.example or "some words"
        case "lines":
            return ["first thing", "second thing"][: dice.randint(1, 2)]
        case "tools":
            return dice.sample(sorted(knowledge().raw["tools"]), dice.choice((0, 1, 3, 12, 40)))
        case "records":
            return {"sources": _sources, "features": _features, "prices": _prices}[question.id](dice)
        case kind if kind in AMOUNTS:
            return dice.choice(AMOUNTS[kind])
        case _:
            return _number(question, dice)


def _number(question: Question, dice: random.Random) -> str:
    known = knowledge().thresholds.get(question.id, ())
    at = [one * factor for one in known for factor in (0.9, 1.0, 1.1)]
    value = dice.choice(at) if at and dice.random() < 0.5 else dice.choice(MAGNITUDES[question.kind])
    low, high = question.low or 0.0, question.high or 1e15
    value = min(max(value, low), high)
    return KINDS[question.kind].write(round(value) if question.kind == "count" else value)


def _sources(dice: random.Random) -> list[dict[str, Any]]:
    return [_record("sources", {"name": name}, dice) for name in SOURCES]


def _features(dice: random.Random) -> list[dict[str, Any]]:
    found = []
    for name in dice.sample(FEATURES, dice.randint(1, len(FEATURES))):
        found.append(_record("features", {"name": name, "source": dice.choice(SOURCES)}, dice))
    return found


def _prices(dice: random.Random) -> list[dict[str, Any]]:
    items = [choice.id for choice in knowledge().question["prices"].fields[0].choices]
    return [{"item": item, "price": f"{dice.choice((0.02, 1, 90))} EUR"} for item in dice.sample(items, 3)]


def _record(id: str, known: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    for field in knowledge().question[id].fields:
        if field.id not in known and dice.random() < 0.6:
            known[field.id] = _one(field, dice)
    return known
