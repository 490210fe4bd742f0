"""A price on a day: what it is for, how much, on whose list it stands, and where it was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mlworkflow.quantity import Money, say_price

ITEMS = {
    "vcpu-hour": "vCPU-hour",
    "memory-gb-hour": "GB of memory for an hour",
    "storage-gb-month": "GB stored for a month",
    "gpu-small-hour": "hour of a small GPU",
    "gpu-large-hour": "hour of a large GPU",
    "label": "label",
    "review": "review",
}
Cloud = Literal["any", "aws", "gcp", "azure", "on-prem"]
Confidence = Literal["verified", "partly", "believed"]
SURE = {"verified": "", "partly": "partly checked", "believed": "believed; check before relying on it"}


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs, in which currency, since when it is known, and from where."""

    id: str
    item: str
    label: str
    unit: str
    price: float
    currency: str
    on: str
    source: str
    cloud: Cloud = "any"
    confidence: Confidence = "verified"
    pack: str = ""

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.price, self.currency)

    @property
    def from_where(self) -> str:
        """Whose list it stands on, the day, how sure it is, and where it was seen."""
        pack = f"pack {self.pack}" if self.pack else ""
        return ", ".join(part for part in (self.label, pack, self.on, SURE[self.confidence], self.source) if part)

    @property
    def briefly(self) -> str:
        """The same without the address where it was seen."""
        return self.from_where.removesuffix(f", {self.source}") if "://" in self.source else self.from_where

    def __str__(self) -> str:
        return f"{say_price(self.money)} per {self.unit}"


def price_of(item: str, cloud: str | None, listed: Iterable[Price]) -> Price | None:
    """Return the first listed price of an item that holds on this cloud."""
    return next((one for one in listed if one.item == item and one.cloud in ("any", cloud)), None)


def exchanged(money: Money, wanted: str, home: str, rate: float | None) -> Money:
    """Return money in the wanted currency; the rate says what one unit of the home currency buys abroad."""
    if money.currency == wanted or not money.currency or not wanted:
        return Money(money.amount, wanted or money.currency)
    if rate is None:
        raise ValueError(f"{money.currency} and {wanted} have no exchange rate")
    return Money(money.amount / rate if wanted == home else money.amount * rate, wanted)
