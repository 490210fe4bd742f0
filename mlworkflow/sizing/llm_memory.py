"""What a model takes of a GPU's memory, and the ways out when it does not fit."""

from __future__ import annotations

from mlworkflow.numbers import llm as numbers
from mlworkflow.sizing.llm_options import card
from mlworkflow.sizing.model import Inputs
from mlworkflow.sizing.sheet import Sheet


def weights(given: Inputs) -> float:
    """Return the bytes of the weights."""
    return numbers.weights_bytes(given.number("parameters"), given.number("weight-bits") / 8)


def cache(given: Inputs) -> float:
    """Return the bytes of cache that one token takes."""
    return numbers.kv_bytes_per_token(
        given.whole("layers"), given.whole("kv-heads"), given.whole("head-size"), given.number("kv-bits") / 8
    )


def context(given: Inputs) -> float:
    """Return the tokens of a whole sequence."""
    return given.number("tokens-in") + given.number("tokens-out")


def ways_out(sheet: Sheet, given: Inputs, gpus: int) -> None:
    """Note the ways out of too little memory, in the order of what they cost."""
    found = card(given)
    assert found is not None
    inside = sheet.value("sequences") or 1
    for bits in (8, 4):
        if bits < given.number("weight-bits"):
            small = given.number("parameters") * bits / 8
            needed = numbers.gpus_needed(small, cache(given), context(given), inside, found[0], given.number("usable"))
            sheet.way(f"weights_{bits}", f"Keep the weights in {bits} bits, and measure the loss of quality", "count",
                      needed,
                      "the same memory sum with fewer bits", "GPUs")  # fmt: skip
    sheet.way("shorter", "Halve the context", "count",
              numbers.gpus_needed(weights(given), cache(given), context(given) / 2, inside, found[0],
                                  given.number("usable")),
              "the same memory sum with half the tokens", "GPUs")  # fmt: skip
    sheet.way(
        "more_gpus", "Use more GPUs, over several machines", "count", gpus, "weights and caches / usable memory", "GPUs"
    )
