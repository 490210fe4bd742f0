"""The one currency that all prices of a run share."""

from __future__ import annotations

from collections.abc import Iterable

from mlworkflow.numbers.validity import Invalid
from mlworkflow.quantity import Money
from mlworkflow.sizing.model import Inputs


def currency(given: Inputs, apart: Iterable[str] = ()) -> str:
    """Return the currency of all prices, or refuse a mixture; some names may stand apart."""
    prices = {name: value for name, value in given.values.items() if isinstance(value, Money) and name not in apart}
    found = {value.currency: name for name, value in prices.items() if value.currency}
    if len(found) > 1:
        first, second, *_ = sorted(found)
        raise Invalid(
            f"--{found[first]} is in {first} and --{found[second]} in {second}; give all prices in one currency"
        )
    return next(iter(found), "")
