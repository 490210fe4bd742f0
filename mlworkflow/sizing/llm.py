"""Sizes a language model: memory, GPUs, tokens per second, and the API against one's own GPUs."""

from __future__ import annotations

from mlworkflow.numbers import llm as numbers
from mlworkflow.numbers.validity import down, up
from mlworkflow.sizing.llm_memory import cache, context, ways_out, weights
from mlworkflow.sizing.llm_options import MODEL, OPTIONS, card
from mlworkflow.sizing.llm_prices import prices
from mlworkflow.sizing.model import Inputs, Picture, Point, Sizing, Topic
from mlworkflow.sizing.picture import thinned
from mlworkflow.sizing.reading import one_of
from mlworkflow.sizing.sheet import Sheet, shown

PREFILL = 0.45


def size(given: Inputs) -> Sizing:
    """Return the size of a language model's serving, and its cost where prices are given."""
    own = given.has(*MODEL) and card(given) is not None
    if not own and not given.has("price-in", "price-out"):
        one_of("llm", ["--parameters 8.03B --layers 32 --kv-heads 8 --head-size 128 --gpu H100",
                       '--price-in "3 USD" --price-out "15 USD"'])  # fmt: skip
    sheet = Sheet(given)
    gpus = _memory(sheet, given) if own else None
    if own and gpus:
        _speed(sheet, given, gpus)
    prices(sheet, given)
    main = "gpus" if own else "api_per_thousand"
    return sheet.done("llm", main, _answer(sheet, own), _picture(given, gpus) if gpus else None,
                      "sequences_that_fit")  # fmt: skip


def _memory(sheet: Sheet, given: Inputs) -> int | None:
    found = card(given)
    assert found is not None
    memory, tokens = found[0], context(given)
    sheet.add("weights", "Weights", "size", weights(given), "parameters x bits / 8", "parameters weight-bits")
    sheet.add("cache_per_token", "Cache of one token", "size", cache(given), "2 x layers x heads x size x bits / 8",
              "layers kv-heads head-size kv-bits")  # fmt: skip
    inside = _inside(sheet, given)
    needed = numbers.gpus_needed(weights(given), cache(given), tokens, inside, memory, given.number("usable"))
    needed = int(sheet.add("gpus_for_memory", "GPUs that hold weights and caches", "count", needed,
                           "(1.05 x weights + cache x tokens x sequences) / (usable x memory), rounded up",
                           "weights cache_per_token tokens-in tokens-out sequences gpu gpu-memory usable",
                           "GPUs"))  # fmt: skip
    gpus = needed
    if given.has("heads"):
        heads = given.whole("heads")
        split = sheet.attempt("gpus_split", "Next number that divides the heads", "count",
                              lambda: numbers.tensor_parallel_size(needed, heads),
                              "smallest divisor of heads at or above",
                              "gpus_for_memory heads", "GPUs")  # fmt: skip
        if split is None:
            ways_out(sheet, given, needed)
            return None
        gpus = int(split)
    if given.has("gpus-at-hand") and gpus > given.whole("gpus-at-hand"):
        ways_out(sheet, given, gpus)
    _result(sheet, given, gpus)
    _fitting(sheet, given, memory, tokens, gpus)
    return gpus


def _inside(sheet: Sheet, given: Inputs) -> float:
    if given.has("concurrency"):
        return sheet.add("sequences", "Sequences at once", "count", given.number("concurrency"), "",
                         "concurrency", "sequences")  # fmt: skip
    if not given.has("rate"):
        return sheet.add("sequences", "Sequences at once", "count", 1,
                         "one, for neither --rate nor --concurrency is given",
                         "", "sequences", "add --rate 5/s to size for traffic")  # fmt: skip
    inside = numbers.concurrency_needed(
        given.number("rate"), given.number("first-token"), given.number("tokens-out"), given.number("per-token")
    )
    return sheet.add("sequences", "Sequences at once", "count", inside,
                     "rate x (time to first token + tokens out x time per token)",
                     "rate first-token tokens-out per-token", "sequences")  # fmt: skip


def _result(sheet: Sheet, given: Inputs, gpus: int) -> None:
    most = given.maybe("gpus-at-hand")
    short = most is not None and gpus > most
    note = "more than there are" if short else ""
    names = "gpus_split" if given.has("heads") else "gpus_for_memory"
    sheet.add("gpus", "GPUs of one copy", "count", gpus, "those that hold it, divided evenly", f"{names} gpus-at-hand",
              "GPUs", note,
              "infeasible" if short else "")  # fmt: skip


def _fitting(sheet: Sheet, given: Inputs, memory: float, tokens: float, gpus: int) -> None:
    sheet.group = "The other way round"
    held = int(given.maybe("gpus-at-hand") or gpus)
    sheet.attempt("sequences_that_fit", f"Sequences that fit on {shown('count', held, 'GPUs')[1]}", "count",
                  lambda: numbers.concurrency(weights(given), cache(given), tokens, memory, held,
                                              given.number("usable")),
                  "(usable x memory x GPUs - 1.05 x weights) / (cache x tokens), rounded down",
                  "weights cache_per_token tokens-in tokens-out gpu gpu-memory usable gpus-at-hand",
                  "sequences")  # fmt: skip


def _speed(sheet: Sheet, given: Inputs, gpus: int) -> None:
    found = card(given)
    assert found is not None
    _, bandwidth, flops = found
    if bandwidth is None or flops is None:
        return
    sheet.group = "Speed"
    bandwidth, flops = bandwidth * gpus, flops * gpus
    active, reached = given.maybe("active-parameters") or given.number("parameters"), given.number("reached")
    inside = max(1.0, sheet.value("sequences") or 1)
    step = numbers.decode_step_seconds(weights(given), cache(given), context(given), inside, bandwidth, flops, active)
    names = "weights cache_per_token sequences gpus gpu gpu-bandwidth gpu-tflops active-parameters reached"
    slow = step / reached > given.number("per-token")
    sheet.add("step", "Time per token of each sequence", "duration", step / reached,
              "max((weights + caches) / bandwidth, 2 x parameters x sequences / operations) / share reached",
              f"{names} per-token",
              note="slower than wanted: fewer bits, more or faster GPUs" if slow else "")  # fmt: skip
    speed = inside / step * reached
    sheet.add("tokens_per_second", "Tokens per second of one copy", "number", speed, "sequences / time per token",
              "sequences step", "tokens/s")  # fmt: skip
    if given.has("rate"):
        sheet.add("copies", "Copies for the traffic", "count",
                  up(given.number("rate") * given.number("tokens-out") / speed),
                  "rate x tokens out / tokens per second, rounded up", "rate tokens-out tokens_per_second",
                  "copies")  # fmt: skip
    sheet.add("compute_binds", "Sequences from which arithmetic limits", "number",
              down(numbers.batch_where_compute_binds(flops, bandwidth, given.number("weight-bits") / 8)),
              "operations x bytes / (2 x bandwidth)", "gpu weight-bits")  # fmt: skip
    first = numbers.prefill_seconds(active, given.number("tokens-in"), flops, PREFILL)
    late = first > given.number("first-token")
    sheet.add("first_token", "Time to read the prompt", "duration", first,
              f"2 x parameters x tokens in / (operations x {PREFILL})", "parameters tokens-in gpus gpu first-token",
              note="longer than the first token may take" if late else "")  # fmt: skip


def _answer(sheet: Sheet, own: bool) -> str:
    lines = {line.id: line for line in sheet.lines}
    parts = []
    if own:
        gpus = lines.get("gpus") or lines["gpus_split"]
        parts.append(f"{gpus.said} for {lines['weights'].said} of weights and {lines['sequences'].said} at once")
    for id, words in (("api_per_thousand", "by API for 1,000 requests"), ("own_per_thousand", "on your own GPUs")):
        if id in lines:
            parts.append(f"{lines[id].said} {words}")
    return "; ".join(parts) + "."


def _picture(given: Inputs, gpus: int) -> Picture:
    found = card(given)
    assert found is not None
    tokens, points = context(given), []
    for count in range(1, max(gpus + 3, 8) + 1):
        free = given.number("usable") * found[0] * count - 1.05 * weights(given)
        fit = max(0, down(free / (cache(given) * tokens)))
        points.append(Point(f"{count} GPU", fit, f"{fit:,}", count == gpus))
    return Picture("Sequences that fit against GPUs", thinned(points))


TOPIC = Topic(
    "llm", "gpus",
    (
        "--parameters 8.03B --layers 32 --kv-heads 8 --head-size 128 --gpu H100 --rate 5/s",
        "--parameters 70.6B --layers 80 --kv-heads 8 --head-size 128 --heads 64 --gpu H100 --concurrency 32 --picture",
        '--price-in "3 USD" --price-out "15 USD" --tokens-in 1000 --tokens-out 250 --rate 100k/day',
        '--price-in "3 USD" --price-out "15 USD" --own-month "4380 USD" --rate 1M/month --price-date 2026-10-01',
    ),
    OPTIONS, size,
)  # fmt: skip
