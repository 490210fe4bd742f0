"""What the sizing of a language model reads."""

from __future__ import annotations

from mlworkflow.sizing.model import Inputs, Option

MODEL = ("parameters", "layers", "kv-heads", "head-size")
# Memory in bytes, bandwidth in bytes a second, dense 16-bit operations a second, as the makers' data sheets have them.
CARDS = {
    "A100": (80e9, 2.039e12, 312e12),
    "H100": (80e9, 3.35e12, 989e12),
    "H200": (141e9, 4.8e12, 989e12),
    "L40S": (48e9, 0.864e12, 362e12),
}
OPTIONS = (
    Option("parameters", "count", "Parameters of the model."),
    Option("active-parameters", "count", "Parameters that one token uses, in a mixture of experts."),
    Option("layers", "count", "Layers."),
    Option("kv-heads", "count", "Key-value heads."),
    Option("head-size", "count", "Dimension of a head."),
    Option("heads", "count", "Attention heads, which GPUs must divide evenly.", allows="at least 1"),
    Option("weight-bits", "number", "Bits of a parameter.", "16", "models are published in 16 bits"),
    Option("kv-bits", "number", "Bits of a cached number.", "16", "caches are kept in 16 bits unless asked otherwise"),
    Option("tokens-in", "count", "Tokens of the prompt.", "2000", "a few retrieved passages and a question take that"),
    Option("tokens-out", "count", "Tokens of the answer.", "300", "that is a page of text"),
    Option("rate", "rate", "Requests."),
    Option("concurrency", "count", "Sequences at once, when it is known.", allows="at least 1"),
    Option("first-token", "duration", "Longest wait for the first token.", "1 s", "readers notice beyond a second"),
    Option("per-token", "duration", "Longest time for a token.", "50 ms", "20 a second is faster than people read"),
    Option("gpu", "choice", f"One of {', '.join(CARDS)}, by data sheet.", choices=tuple(CARDS)),
    Option("gpu-memory", "size", "Memory of a GPU; replaces the data sheet."),
    Option("gpu-bandwidth", "size", "Bytes that a GPU reads in a second; replaces the data sheet."),
    Option("gpu-tflops", "number", "Dense 16-bit teraflops of a GPU; replaces the data sheet."),
    Option("gpus-at-hand", "count", "GPUs that there are.", allows="at least 1"),
    Option("usable", "share", "Usable share of the memory.", "90 %", "servers leave the rest for themselves", "share"),
    Option("reached", "share", "Share of the bound that is reached.", "60 %", "servers reach 50 to 70 % of it",
           "share"),
    Option("price-in", "price", "Price of a million input tokens.", allows="zero or more"),
    Option("price-out", "price", "Price of a million output tokens.", allows="zero or more"),
    Option("gpu-hour", "price", "Price of a GPU hour."),
    Option("busy", "share", "Share of the time that own GPUs are used.", "30 %",
           "traffic of a day rarely fills more", "share"),
    Option("own-month", "price", "Fixed cost of a month of one's own serving, people included."),
    Option("price-date", "day", "Day of the prices."),
)  # fmt: skip


def card(given: Inputs) -> tuple[float, float | None, float | None] | None:
    """Return memory, bandwidth and operations of the GPU that is meant, as far as they are known."""
    known: tuple[float | None, float | None, float | None] = CARDS.get(given.raw("gpu"), (None, None, None))
    memory = given.maybe("gpu-memory") or known[0]
    if memory is None:
        return None
    tflops = given.maybe("gpu-tflops")
    return memory, given.maybe("gpu-bandwidth") or known[1], tflops * 1e12 if tflops else known[2]
