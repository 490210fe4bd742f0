"""Two models on the same rows: whether an improvement can be told from chance."""

from __future__ import annotations

from mlworkflow.numbers import data as numbers
from mlworkflow.numbers.calculus import root
from mlworkflow.numbers.validity import Invalid
from mlworkflow.sizing.model import Inputs
from mlworkflow.sizing.sheet import Sheet


def points(given: Inputs, name: str) -> float:
    """Return the size of a difference of shares; a relative one is refused."""
    effect = given.raw(name)
    if effect.relative:
        raise Invalid(f"--{name} is a difference of shares; write it in points, for example 5 points")
    return float(abs(effect.size))


def improvement(sheet: Sheet, given: Inputs) -> None:
    """Note the rows that an improvement needs, and the smallest that the rows at hand show."""
    apart = given.number("discordant")
    if given.has("improvement"):
        wanted = points(given, "improvement")
        if wanted >= apart:
            raise Invalid("--improvement must be smaller than --discordant, the share on which the models differ")
        pairs = numbers.mcnemar_pairs(
            (apart + wanted) / 2, (apart - wanted) / 2, given.number("alpha"), given.number("power")
        )
        short = given.has("rows") and given.number("rows") < pairs
        sheet.add("pairs", "Rows on which two models can be told apart", "count", pairs,
                  "(z(alpha/2) sqrt(s) + z(power) sqrt(s - d^2))^2 / d^2, McNemar",
                  "improvement discordant alpha power rows", "rows",
                  "more than the rows at hand" if short else "", "infeasible" if short else "")  # fmt: skip
        if short:
            sheet.way("pairs", "Judge more rows with both models", "count", pairs, "McNemar, as above", "rows")
    if given.has("rows"):
        smallest = _smallest(given, apart)
        if smallest is not None:
            sheet.add("smallest_improvement", "Smallest improvement that the rows at hand show", "points", smallest,
                      "the difference at which McNemar's pairs are the rows",
                      "rows discordant alpha power")  # fmt: skip


def _smallest(given: Inputs, apart: float) -> float | None:
    alpha, power, rows = given.number("alpha"), given.number("power"), given.number("rows")

    def missing(d: float) -> float:
        return rows - numbers.mcnemar_pairs((apart + d) / 2, (apart - d) / 2, alpha, power)

    low, high = apart * 1e-4, apart * (1 - 1e-9)
    return root(missing, low, high) if missing(low) < 0 < missing(high) and low > 1e-8 else None
