"""List prices by the name of a cloud: what stands in for the prices that a run does not give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from mlworkflow.numbers.cost import HOURS_IN_MONTH, container_hour
from mlworkflow.price import Price, price_of
from mlworkflow.quantity import Money
from mlworkflow.sizing.model import Inputs
from mlworkflow.sizing.sheet import Sheet

REPLICA = {"replica-cpus": 2.0, "replica-memory": 4e9}
TRAINING_CPUS, TRAINING_GIGABYTES = 8, 32
USED_BY = {
    "replica-hour": ("replicas",),
    "storage": ("log-bytes",),
    "vector-storage": ("vectors", "dimensions"),
    "training-hour": ("training-hours",),
}


@dataclass(frozen=True)
class Listed:
    """A price that was taken from the list: the flag that it stands for, how it was made, and from which prices."""

    name: str
    label: str
    formula: str
    money: Money
    prices: tuple[Price, ...]
    inputs: str = ""


def with_listed(given: Inputs) -> tuple[Inputs, list[Listed]]:
    """Return the inputs with the cloud's price for each line that has none, and what was taken from the list."""
    if not given.has("cloud"):
        return given, []
    for name, value in REPLICA.items() if given.has("replicas") else ():
        given = _filled(given, name, value, "a small container serves most models without a GPU")
    found = [one for one in _listed(given) if not given.has(one.name) and given.has(*USED_BY[one.name])]
    for one in found:
        given = _filled(given, one.name, one.money, f"it stands on the list of {given.raw('cloud')}; see below")
    return given, found


def _filled(given: Inputs, name: str, value: Any, because: str) -> Inputs:
    if given.has(name):
        return given
    option = replace(given.options[name], because=because)
    return replace(given.but(name, value), options={**given.options, name: option})


def _listed(given: Inputs) -> Iterator[Listed]:
    cpu, memory, storage = (
        price_of(item, given.raw("cloud"), given.listed) for item in ("vcpu-hour", "memory-gb-hour", "storage-gb-month")
    )
    if cpu and memory:
        yield from _of_machines(given, cpu, memory)
    if storage:
        yield Listed("storage", "List price of a GB for a month", "as listed", storage.money, (storage,))


def _of_machines(given: Inputs, cpu: Price, memory: Price) -> Iterator[Listed]:
    def hour(cpus: float, gigabytes: float) -> Money:
        return Money(container_hour(cpus, gigabytes, cpu.price, memory.price), cpu.currency)

    if given.has("replicas"):
        size = hour(given.number("replica-cpus"), given.number("replica-memory") / 1e9)
        formula, inputs = "vCPUs x price + GB x price", "replica-cpus replica-memory"
        yield Listed("replica-hour", "List price of a replica's hour", formula, size, (cpu, memory), inputs)
    month = Money(memory.price * HOURS_IN_MONTH, memory.currency)
    yield Listed("vector-storage", "List price of a GB of memory for a month", "price x 730 hours", month, (memory,))
    trained = hour(TRAINING_CPUS, TRAINING_GIGABYTES)
    formula = "8 vCPUs x price + 32 GB x price"
    yield Listed("training-hour", "List price of a training hour", formula, trained, (cpu, memory))


def note_listed(sheet: Sheet, listed: list[Listed]) -> None:
    """Note each list price that a line uses, with its day and source."""
    for one in listed:
        each = "; ".join(f"{price.price} {price.currency} per {price.unit}: {price.from_where}" for price in one.prices)
        sheet.add(f"listed_{one.name.replace('-', '_')}", one.label, "price", one.money.amount, one.formula,
                  f"cloud {one.inputs}".rstrip(), note=f"indicative: {each}", status="ok")  # fmt: skip
