"""Sizes a service: replicas for p99, spares, scaling, retries, hops, batch windows and queues."""

from __future__ import annotations

from mlworkflow.numbers import serving as numbers
from mlworkflow.numbers.calculus import root
from mlworkflow.numbers.validity import Infeasible, Invalid, down
from mlworkflow.sizing.model import Inputs, Picture, Point, Sizing, Topic
from mlworkflow.sizing.picture import thinned
from mlworkflow.sizing.reading import one_of
from mlworkflow.sizing.serving_around import around
from mlworkflow.sizing.serving_latency import p99, precise, quantile_formula, slowest
from mlworkflow.sizing.serving_options import OPTIONS
from mlworkflow.sizing.sheet import Sheet, said_share, shown

LARGEST_LOAD = 5000.0
QUEUE = "service-time service-p99 slots"


def size(given: Inputs) -> Sizing:
    """Return the size of a service."""
    if not given.has("rate") and not given.has("per-day"):
        one_of("serving", ["--rate 200/s", "--per-day 5M"])
    sheet = Sheet(given)
    rate = _peak(sheet, given)
    service = given.number("service-time")
    if rate * service > LARGEST_LOAD:
        raise Invalid(
            f"more than {LARGEST_LOAD:,.0f} requests in service at once are beyond this sizing; split the load"
        )
    sheet.add("in_flight", "Requests in service at once", "number", numbers.in_flight(rate, service),
              "rate x mean service time", f"{_rate_name(given)} service-time")  # fmt: skip
    busy = sheet.add("replicas_for_utilisation", "Replicas that stay under the target utilisation", "count",
                     _for_utilisation(given, rate), "in service / (target x slots), rounded up",
                     "in_flight utilisation slots", "replicas")  # fmt: skip
    held = _for_p99(sheet, given, rate)
    main = None if given.has("p99") and held is None else int(max(busy, held or 0))
    if main is not None:
        _chosen(sheet, given, rate, main)
    around(sheet, given, rate, main)
    _reverse(sheet, given)
    answer = _answer(sheet, given, main)
    return sheet.done("serving", "replicas", answer, _picture(given, rate, main) if main else None,
                      "replicas_for_p99")  # fmt: skip


def _rate_name(given: Inputs) -> str:
    return "rate" if given.has("rate") else "peak_rate"


def _peak(sheet: Sheet, given: Inputs) -> float:
    if given.has("rate"):
        return given.number("rate")
    peak = numbers.peak_rate(given.number("per-day"), given.number("peak-factor"))
    sheet.add("peak_rate", "Requests at the peak", "rate", peak, "requests a day / 86,400 x peak over mean",
              "per-day peak-factor")  # fmt: skip
    return peak


def _for_utilisation(given: Inputs, rate: float) -> int:
    return numbers.replicas_for_utilisation(
        rate, given.number("service-time"), given.number("utilisation"), given.whole("slots")
    )


def _for_p99(sheet: Sheet, given: Inputs, rate: float) -> float | None:
    if not given.has("p99"):
        sheet.none("replicas_for_p99", "Replicas that keep p99", "", "", "no objective was given: add --p99 300ms")
        return None
    service, slo, slots = given.number("service-time"), given.number("p99"), given.whole("slots")
    names = f"{_rate_name(given)} service-time service-p99 slots p99"
    formula = f"fewest servers of one shared queue whose p99 stays within the objective; {quantile_formula(given)}"
    if slo <= slowest(given) * (1 + 1e-9):
        note = f"{precise(slo)} is not above the p99 of the service alone, {precise(slowest(given))}"
        sheet.none("replicas_for_p99", "Replicas that keep p99", formula, names, note, "infeasible")
        _ways_out(sheet, given, rate)
        return None
    found = sheet.attempt(
        "replicas_for_p99", "Replicas that keep p99", "count",
        lambda: numbers.replicas_for_p99(rate, service, slo, service_p99=given.maybe("service-p99"), slots=slots),
        formula, names, "replicas",
    )  # fmt: skip
    if not given.has("service-p99"):
        sheet.attempt("replicas_random", "Replicas if the balancer picks blindly", "count",
                      lambda: numbers.replicas_for_p99_random_routing(rate, service, slo) / slots,
                      "in service / (1 - 4.6 x service time / objective), each replica with a queue of its own",
                      names, "replicas")  # fmt: skip
    return found


def _ways_out(sheet: Sheet, given: Inputs, rate: float) -> None:
    service, slo, alone = given.number("service-time"), given.number("p99"), slowest(given)
    wider, faster = 1.25 * alone, 0.8 * service * slo / alone
    if not given.has("service-p99"):
        sheet.way("measure", "Measure the service time, it was taken to be exponential; it suffices if its p99 is",
                  "duration",
                  0.8 * slo, "four fifths of the objective")  # fmt: skip
    sheet.way("wider", "Promise a wider p99", "duration", wider, "1.25 x the p99 of the service alone",
              note=_replicas_at(given, rate, service, wider))  # fmt: skip
    sheet.way("faster", "Make the service faster, to a mean of", "duration", faster,
              "0.8 x mean x objective / p99 of the service", note=_replicas_at(given, rate, faster, slo))  # fmt: skip


def _replicas_at(given: Inputs, rate: float, service: float, slo: float) -> str:
    p99 = given.maybe("service-p99")
    scaled = None if p99 is None else p99 * service / given.number("service-time")
    try:
        found = numbers.replicas_for_p99(rate, service, slo, service_p99=scaled, slots=given.whole("slots"))
    except Infeasible:
        return ""
    return f"then {shown('count', found, 'replicas')[1]} hold it"


def _chosen(sheet: Sheet, given: Inputs, rate: float, replicas: int) -> None:
    servers = replicas * given.whole("slots")
    names = "replicas_for_p99 replicas_for_utilisation" if given.has("p99") else "replicas_for_utilisation"
    sheet.add("replicas", "Replicas at the peak", "count", replicas, "the larger of both", names, "replicas")
    sheet.add("utilisation_reached", "Utilisation with them", "share", rate * given.number("service-time") / servers,
              "in service / (replicas x slots)", "in_flight replicas slots")  # fmt: skip
    sheet.add("p99_reached", "p99 with them", "duration", p99(given, rate, servers),
              quantile_formula(given), f"replicas {_rate_name(given)} {QUEUE}")  # fmt: skip


def _reverse(sheet: Sheet, given: Inputs) -> None:
    if not given.has("replicas", "p99"):
        return
    sheet.group = "The other way round"
    slo, servers = given.number("p99"), given.whole("replicas") * given.whole("slots")
    most = servers / given.number("service-time")
    label = f"Traffic that {shown('count', given.number('replicas'), 'replicas')[1]} carry within p99"
    if slo <= slowest(given) or servers > 2 * LARGEST_LOAD:
        sheet.none("rate_carried", label, "", "replicas p99", "none: the service alone is slower", "infeasible")
        return
    limit = root(lambda rate: p99(given, rate, servers) - slo, most * 1e-6, most * (1 - 1e-9))
    found = min(limit, most * given.number("utilisation"))
    if found > 1:
        found = float(down(found))
    sheet.add("rate_carried", label, "rate", found, "largest rate at which p99 and utilisation still hold",
              "replicas p99 service-time service-p99 slots utilisation")  # fmt: skip


def _answer(sheet: Sheet, given: Inputs, main: int | None) -> str:
    lines = {line.id: line for line in sheet.lines}
    if main is None:
        objective, alone = precise(given.number("p99")), precise(slowest(given))
        return f"No number of replicas keeps p99 within {objective}: the service alone takes {alone} at its p99."
    zone = lines["with_spare_zone"].value
    spare = f"; {zone:,.0f} with a zone to spare" if zone else ""
    held = f"{lines['replicas_for_p99'].value:,.0f} for p99, " if given.has("p99") else ""
    busy = (
        f"{lines['replicas_for_utilisation'].value:,.0f} to stay under {said_share(given.number('utilisation'))} busy"
    )
    return f"{lines['replicas'].said} at the peak: {held}{busy}{spare}."


def _picture(given: Inputs, rate: float, main: int) -> Picture:
    slots, load = given.whole("slots"), rate * given.number("service-time")
    first = int(load / slots) + 1
    points = []
    for replicas in range(first, max(main + 4, first + 6)):
        if load < replicas * slots:
            value = p99(given, rate, replicas * slots)
            label = shown("count", replicas, "replicas")[1]
            points.append(Point(label, value, shown("duration", value)[1], replicas == main))
    goal = given.maybe("p99")
    said = f"the objective, {shown('duration', goal)[1]}" if goal else ""
    return Picture("p99 against replicas behind one shared queue", thinned(points), goal, said)


TOPIC = Topic(
    "serving", "replicas",
    (
        "--rate 200/s --service-time 50ms --p99 300ms",
        "--rate 200/s --service-time 50ms --p99 300ms --picture",
        "--per-day 5M --service-time 30ms --service-p99 90ms --p99 150ms --replicas 12 --growth 10%",
        "--rate 20/s --service-time 20ms --p99 200ms --hop 10ms/50ms --hop 10ms/50ms --availability 99.9%",
        "--rate 2/s --service-time 100ms --rows 3M --rows-per-second 400 --workers 2 --ready-by 2h",
    ),
    OPTIONS, size,
)  # fmt: skip
