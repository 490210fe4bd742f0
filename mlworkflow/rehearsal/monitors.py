"""The monitors of a design: each looks at samples of the world, in its own windows, and rings by its own threshold."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf, sqrt
from random import Random

from mlworkflow.rehearsal.assumed import ASSUMED
from mlworkflow.rehearsal.chance import psi_drawn, successes
from mlworkflow.rehearsal.faults import State, World
from mlworkflow.rehearsal.plan import SMALLEST_COHORT, Plan, Quality

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
WEEK = 7 * DAY
Now = Callable[[], float]
# Yields how long it waits until it looks again; when it ends, it has rung.
Watch = Generator[float, None, None]
# A reference share of empty values, where nobody stated one.
USUAL_EMPTY = 0.005
PLANTED = 20
# How far two readings of a metric lie apart.
SCRAPE = 15.0


@dataclass(frozen=True, slots=True)
class Monitor:
    """A monitor: the alert that it rings, what it sees, and how it watches."""

    id: str
    title: str
    severity: str
    area: str
    sees: str
    reads: tuple[str, ...]
    watch: Callable[[World, Now, Random], Watch] = field(compare=False)
    window: float = 0.0

    @property
    def soonest(self) -> float:
        """How long it takes at least: one scrape, and the shortest window that it looks at."""
        return SCRAPE + self.window

    def touched(self, world: World) -> bool:
        """Whether a fault changes anything that this monitor reads."""
        states = [world(time) for time in (0.0, DAY, 90 * DAY)]
        return any(getattr(state, name) for state in states for name in self.reads)


def monitors_of(plan: Plan) -> tuple[Monitor, ...]:
    """Return every monitor that the design has numbers for."""
    return tuple(one for one in _all(plan) if one is not None)


def _all(plan: Plan) -> Iterator[Monitor | None]:
    sees = "errors of the last minutes and hours"
    yield _alert(plan, "alert-service-down", sees, ("failed", "slow"), _errors(plan), _shortest(plan))
    yield _alert(plan, "alert-service-down", "p99 over its limit for 10 minutes", ("slow",), _latency(plan))
    yield _alert(plan, "alert-consumer-lag", "events late or unscored for a minute", ("failed", "slow"), _lag(plan))
    yield _alert(plan, "alert-queue-age", "age of the oldest job", ("failed", "stopped"), _queue(plan))
    yield _alert(plan, "alert-run-late", "output of the scheduled run", ("stopped",), _run(plan))
    yield _alert(plan, "alert-device-silent", "two report periods without a report", ("stopped",), _device(plan))
    yield _alert(plan, "alert-source-stale", "checks of each load", ("empty",), _loads(plan))
    yield _alert(plan, "alert-sensor", "brightness of 200 images of each camera", ("dimmed",), _camera(plan))
    yield _alert(plan, "alert-index-old", "oldest change that is not indexed", ("index_age",), _index(plan))
    yield _alert(
        plan, "alert-input-drift", f"{plan.inputs.statistic} in two windows running", ("moved",), _inputs(plan)
    )
    yield _alert(plan, "alert-input-drift", "share of missing values in two windows running", ("empty",), _empty(plan))
    yield _alert(plan, "alert-score-shift", "predictions in two windows running", ("scores",), _scores(plan))
    yield _alert(plan, "alert-score-shift", "share of positive predictions over a day", ("scores",), _positives(plan))
    yield _alert(plan, "alert-golden-night", "golden set in two nightly runs", ("regressed",), _golden(plan))
    yield _concept(plan)
    yield _warning(plan)
    if plan.generative:
        yield Monitor("signal-topic-drift", "Users bring what the golden set does not hold", "SEV-4", "product",
                      "share of new kinds in a week", ("novel",), _novel(plan))  # fmt: skip
    if not plan.labels_missing and plan.quality.label_age is not None and plan.quality.median:
        sees = "weekly cohort with fewer than 95 % of its labels"
        yield Monitor(
            "gate-labels-arrived", "Labels of a mature cohort have not arrived", "SEV-4", "data", sees, ("unlabelled",),
            _arrived(plan.quality),
        )  # fmt: skip


def _alert(
    plan: Plan,
    id: str,
    sees: str,
    reads: tuple[str, ...],
    watch: Callable[[World, Now, Random], Watch] | None,
    window: float = 0.0,
) -> Monitor | None:
    alert = plan.alerts.get(id)
    return (
        None
        if alert is None or watch is None
        else Monitor(id, alert.title, alert.severity, alert.area, sees, reads, watch, window)
    )


def _running(every: float, first: float, wanted: int, over: Callable[[], bool]) -> Watch:
    """Look every so often, and ring when so many looks running were over."""
    yield first
    count = 0
    while True:
        count = count + 1 if over() else 0
        if count >= wanted:
            return
        yield every


# ------------------------------------------------------------------ the live path

_MINUTES = 720


def _errors(plan: Plan) -> Callable[[World, Now, Random], Watch] | None:
    """Error budget by its pace, or requests in a row where there are few."""
    live = plan.serving
    if not plan.online:
        return None
    paces = _paces(plan)
    if not paces:
        return lambda world, now, rng: _last_requests(world, now, rng, live.load, live.budget)
    return lambda world, now, rng: _burn(world, now, rng, live.load, live.budget, paces)


def _paces(plan: Plan) -> list[tuple[float, int, int]]:
    """Each pace of the error budget with its long and its short window, in minutes; none where requests are few."""
    live = plan.serving
    if live.few:
        return []
    return [(rate, long, short) for rate, long, short in (
        (live.fast if live.bursts else None, 60, 5), (live.slow, 360, 30), (live.ticket, 4320, 4320)
    ) if rate is not None]  # fmt: skip


def _shortest(plan: Plan) -> float:
    return min((short for _, _, short in _paces(plan)), default=1) * MINUTE


def _last_requests(world: World, now: Now, rng: Random, load: float, budget: float) -> Watch:
    """Five failed in a row, or five of the last fifty."""
    usual = ASSUMED["background"] * budget
    return last_requests(lambda: _failing(world(now()), usual), lambda: load * world(now()).times, rng)


def _failing(state: State, usual: float) -> float:
    """A request that times out has failed as well."""
    return max(state.failed, state.slow, usual)


def last_requests(failing: Callable[[], float], load: Callable[[], float], rng: Random) -> Watch:
    """Draw requests, fifty at a time, until five in a row or five of the last fifty have failed."""
    last: deque[bool] = deque([False] * 50, maxlen=50)
    seen = row = 0
    for _ in range(60):
        share, pace, waited = failing(), max(load(), 1e-9), 0.0
        for _ in range(50):
            waited += rng.expovariate(pace)
            failed = rng.random() < share
            seen += failed - last[0]
            last.append(failed)
            row = row + 1 if failed else 0
            if row >= 5 or seen >= 5:
                yield waited
                return
        yield waited
    yield inf


def _burn(
    world: World, now: Now, rng: Random, load: float, budget: float, paces: list[tuple[float, int, int]]
) -> Watch:
    usual, held = ASSUMED["background"] * budget, load * MINUTE
    failed, asked = [0.0], [0.0]

    def over(rate: float, minutes: int) -> bool:
        here = min(minutes, len(failed) - 1)
        before = (minutes - here) * held
        counted = failed[-1] - failed[-1 - here] + before * usual
        return counted > rate * (asked[-1] - asked[-1 - here] + before)

    for _ in range(_MINUTES):
        yield MINUTE
        state = world(now())
        asked.append(asked[-1] + held * state.times)
        failed.append(failed[-1] + successes(rng, held * state.times, max(state.failed, usual)))
        if any(over(rate, long) and over(rate, short) for rate, long, short in paces):
            return
    slowest = max(minutes for _, minutes, _ in paces)
    rate = next(rate for rate, minutes, _ in paces if minutes == slowest)
    pace = world(now()).failed
    if slowest > _MINUTES and pace > rate > usual:
        yield max(0.0, slowest * MINUTE * (rate - usual) / (pace - usual) - _MINUTES * MINUTE)
        return
    yield inf


def _latency(plan: Plan) -> Callable[[World, Now, Random], Watch] | None:
    live = plan.serving
    if not plan.online or live.limit is None or live.few:
        return None

    def watch(world: World, now: Now, rng: Random) -> Watch:
        def over() -> bool:
            state = world(now())
            held = max(1, round(live.load * MINUTE * state.times))
            return successes(rng, held, max(0.005, state.slow)) / held > 0.01

        return _bounded(_running(MINUTE, MINUTE, 10, over), 2 * _MINUTES)

    return watch


def _bounded(watch: Watch, looks: int) -> Watch:
    """Look no more than so often: what has not rung by then does not ring."""
    for count, wait in enumerate(watch):
        yield wait if count < looks else inf


def _lag(plan: Plan) -> Callable[[World, Now, Random], Watch]:
    def watch(world: World, now: Now, rng: Random) -> Watch:
        def over() -> bool:
            state = world(now())
            held = max(1, round(plan.serving.load * MINUTE * state.times))
            usual = ASSUMED["background"] * min(0.01, plan.serving.budget)
            return successes(rng, held, max(state.failed, state.slow, usual)) / held > 0.01

        return _bounded(_running(MINUTE, MINUTE, 1, over), 2 * _MINUTES)

    return watch


def _queue(plan: Plan) -> Callable[[World, Now, Random], Watch]:
    """The oldest job is as old as the backlog is long."""
    promised = plan.serving.wait or HOUR

    def watch(world: World, now: Now, rng: Random) -> Watch:
        every = min(5 * MINUTE, max(10.0, promised / 10))
        age = 0.0
        for _ in range(_MINUTES):
            yield every
            state = world(now())
            age = max(0.0, age + every * (1.0 if state.stopped else state.failed - 0.3))
            if age > promised:
                return
        yield inf

    return watch


def _run(plan: Plan) -> Callable[[World, Now, Random], Watch]:
    """The next run fails while its input is down; that shows when its output is due."""
    live = plan.serving

    def watch(world: World, now: Now, rng: Random) -> Watch:
        yield live.run_interval * rng.random()
        while True:
            stopped = world(now()).stopped
            yield live.ready_by
            if stopped:
                return
            yield max(0.0, live.run_interval - live.ready_by)

    return watch


REPORTS = 15 * MINUTE


def _device(plan: Plan) -> Callable[[World, Now, Random], Watch]:
    def watch(world: World, now: Now, rng: Random) -> Watch:
        return _running(REPORTS, REPORTS * rng.random(), 2, lambda: world(now()).stopped)

    return watch


# ------------------------------------------------------------------ data


def _loads(plan: Plan) -> Callable[[World, Now, Random], Watch] | None:
    """Each load of the broken source is held against the completeness that was stated; with none stated, nothing is."""
    stated = [one for one in plan.inputs.sources if one.completeness is not None]
    if not stated or plan.generative:
        return None
    source = stated[0]
    every = source.refresh if source.refresh else DAY
    usual = 1 - (source.completeness or 1.0)

    def watch(world: World, now: Now, rng: Random) -> Watch:
        looked = max(every, HOUR)
        rows = max(50.0, plan.stakes.per_day * looked / DAY)

        def over() -> bool:
            empty = world(now()).empty
            return successes(rng, rows, min(1.0, usual + empty)) / rows > max(2 * usual, 0.01)

        return _running(looked, looked * rng.random() + source.lag, 1, over)

    return watch


IMAGES = 200


def _camera(plan: Plan) -> Callable[[World, Now, Random], Watch]:
    """The mean brightness of so many images of one place, three standard errors from its own reference."""
    every = max(MINUTE, IMAGES / max(plan.serving.load / max(1.0, plan.serving.devices), 1e-6))
    spread = 1 / sqrt(IMAGES)

    def watch(world: World, now: Now, rng: Random) -> Watch:
        return _running(every, every, 1, lambda: abs(rng.gauss(world(now()).dimmed, spread)) > 3 * spread)

    return watch


def _index(plan: Plan) -> Callable[[World, Now, Random], Watch] | None:
    """Where no age was promised, nothing is too old."""
    promised = plan.inputs.index_age
    if promised is None:
        return None
    every = min(HOUR, max(promised, 5 * MINUTE))
    return lambda world, now, rng: _running(every, every, 1, lambda: world(now()).index_age > promised)


def _inputs(plan: Plan) -> Callable[[World, Now, Random], Watch] | None:
    inputs = plan.inputs
    if inputs.statistic == "psi" and inputs.features == 0:
        return None

    def statistic_over(shift: float, rng: Random) -> bool:
        if inputs.statistic == "embedding-classifier":
            from mlworkflow.numbers.drift import domain_classifier_auc, domain_classifier_null_sd

            return rng.gauss(domain_classifier_auc(shift), domain_classifier_null_sd(1000, 1000)) > 0.6
        if inputs.statistic == "share-and-quantiles":
            spread = sqrt(0.25 * (1 / inputs.rows + 1 / (4 * inputs.rows)))
            return abs(rng.gauss(0.4 * shift, spread)) > 3 * spread
        return psi_drawn(rng, shift, inputs.rows) > inputs.limit

    return lambda world, now, rng: _windows(
        inputs.window, rng, lambda share: statistic_over(share * world(now()).moved, rng)
    )


def _windows(window: float, rng: Random, over: Callable[[float], bool]) -> Watch:
    """Windows of one length, two of which must be over; the first holds the fault only in part."""
    first = window * rng.random()
    yield first
    share, count = first / window, 0
    while True:
        count = count + 1 if over(share) else 0
        if count >= 2:
            return
        share = 1.0
        yield window


def _empty(plan: Plan) -> Callable[[World, Now, Random], Watch] | None:
    inputs = plan.inputs
    if inputs.statistic != "psi" or inputs.features == 0:
        return None
    return lambda world, now, rng: _windows(
        inputs.window,
        rng,
        lambda share: (
            successes(rng, inputs.rows, USUAL_EMPTY + share * world(now()).empty)
            > 2 * USUAL_EMPTY * inputs.rows + 3 * sqrt(USUAL_EMPTY * inputs.rows)
        ),
    )


def _scores(plan: Plan) -> Callable[[World, Now, Random], Watch]:
    inputs = plan.inputs
    return lambda world, now, rng: _windows(
        inputs.window, rng, lambda share: psi_drawn(rng, share * world(now()).scores, inputs.rows) > 0.1
    )


def _positives(plan: Plan) -> Callable[[World, Now, Random], Watch] | None:
    """The share of positives outside half to double its reference, over a day with enough of them."""
    share = plan.inputs.prevalence
    if share is None or not 0 < share < 1 or plan.serving.mode == "batch":
        return None
    from mlworkflow.numbers.normal import cdf, quantile

    cut, rows = quantile(1 - share), plan.serving.load * DAY

    def watch(world: World, now: Now, rng: Random) -> Watch:
        def over() -> bool:
            seen = successes(rng, rows, 1 - cdf(cut - world(now()).scores)) / max(rows, 1)
            return rows * share >= 100 and not share / 2 <= seen <= 2 * share

        return _running(DAY, DAY * (0.5 + rng.random()), 1, over)

    return watch


# ------------------------------------------------------------------ quality


def value_at(quality: Quality, lost: float) -> float:
    """Return the deciding metric when this share of the model's gain is lost."""
    return quality.released - lost * (quality.released - quality.nothing)


def _seen(quality: Quality, value: float, cases: float, rng: Random) -> float:
    """The metric as a cohort of so many cases shows it."""
    cases = max(cases, 1.0)
    if quality.is_share:
        return successes(rng, cases, value) / max(1, round(cases))
    return value * (1 + rng.gauss(0, 0.75 / sqrt(cases)))


def _worse(quality: Quality, value: float, than: float) -> bool:
    return value > than if quality.lower_is_better else value < than


def _cohorts(quality: Quality) -> tuple[float, float]:
    """Length of a cohort and the cases in it: as its count rule says, else at least a week and 200 cases."""
    if quality.cohort is not None:
        return quality.cohort.length, quality.cohort.size
    length = max(WEEK, WEEK * -(-SMALLEST_COHORT // quality.week)) if quality.week < SMALLEST_COHORT else WEEK
    return length, quality.week * length / WEEK


def _concept(plan: Plan) -> Monitor | None:
    quality = plan.quality
    watch: Callable[[World, Now, Random], Watch] | None
    match quality.check:
        case "audited-sample":
            sees, watch = f"weekly sample of {quality.sample:,.0f}", _audit(quality)
        case "stratified-audit":
            sees, watch = f"{PLANTED} planted known cases a week", _planted(quality)
        case _:
            if quality.label_age is None:
                return None
            length, cases = _cohorts(quality)
            later = quality.label_age / DAY
            sees = f"cohorts of {length / DAY:,.0f} days, {cases:,.0f} cases each, {later:,.0f} days later"
            watch = _mature(quality)
    alert = plan.alerts.get("alert-quality-loss")
    if alert is None:
        return Monitor(
            "monitor-concept", "Wrong outputs in the weekly sample", "SEV-3", "product", sees, ("lost",), watch
        )
    return Monitor(alert.id, alert.title, alert.severity, alert.area, sees, ("lost",), watch)


def _mature(quality: Quality) -> Callable[[World, Now, Random], Watch]:
    """Two mature cohorts too low by the rule of the alert, or four running that fall."""
    length, cases = _cohorts(quality)
    age = quality.label_age or 0.0

    def watch(world: World, now: Now, rng: Random) -> Watch:
        first = length * rng.random()
        yield first + age
        part, below, values = first / length, 0, [quality.released]
        while True:
            made = now() - age
            lost = part * world(max(0.0, made - length / 2)).lost
            values.append(_seen(quality, value_at(quality, lost), cases, rng))
            below = below + 1 if _too_low(quality, values[-1], cases) else 0
            if below >= 2 or _falling(quality, values):
                return
            part = 1.0
            yield length

    return watch


def _too_low(quality: Quality, value: float, cases: float) -> bool:
    """By count where the alert names one; else worse than the threshold by more than half of the 95 % interval."""
    if quality.cohort is not None:
        return round(value * round(cases)) <= quality.cohort.limit
    wanted = quality.released if quality.compared_with_itself else quality.limit
    if wanted is None:
        return False
    noise = sqrt(wanted * (1 - wanted) / max(cases, 1.0)) if quality.is_share else wanted * 0.75 / sqrt(max(cases, 1.0))
    return _worse(quality, value, wanted + 1.96 * noise if quality.lower_is_better else wanted - 1.96 * noise)


def _falling(quality: Quality, values: list[float]) -> bool:
    last = values[-5:]
    return len(last) == 5 and all(_worse(quality, b, a) for a, b in pairwise(last))


def _audit(quality: Quality) -> Callable[[World, Now, Random], Watch]:
    gain = abs(quality.released - quality.nothing) if quality.is_share else 0.3

    def watch(world: World, now: Now, rng: Random) -> Watch:
        def over() -> bool:
            wrong = quality.tolerated / 2 + world(now()).lost * gain
            return successes(rng, quality.sample, wrong) > quality.sample_limit

        return _running(WEEK, WEEK * rng.random(), 1, over)

    return watch


def _planted(quality: Quality) -> Callable[[World, Now, Random], Watch]:
    from mlworkflow.numbers.distributions import poisson_limit

    usual = 1 - quality.released if quality.is_share else 0.1
    limit = poisson_limit(max(PLANTED * usual, 0.05), 0.95)

    def watch(world: World, now: Now, rng: Random) -> Watch:
        def over() -> bool:
            missed = 1 - value_at(quality, world(now()).lost) if quality.is_share else usual + 0.3 * world(now()).lost
            return successes(rng, PLANTED, missed) > limit

        return _running(WEEK, WEEK * rng.random(), 1, over)

    return watch


def _warning(plan: Plan) -> Monitor | None:
    """An early proxy that follows half of a fall and is down by a tenth for two weeks."""
    if plan.quality.check != "proxy-and-matured":
        return None

    def watch(world: World, now: Now, rng: Random) -> Watch:
        noise = 0.75 / sqrt(max(plan.quality.labels_week, 1.0))
        return _running(WEEK, WEEK * rng.random(), 2,
                        lambda: 1 - 0.5 * world(now()).lost + rng.gauss(0, noise) < 0.9)  # fmt: skip

    return Monitor(
        "monitor-proxy",
        "Early proxy down by a tenth",
        "SEV-3",
        "model",
        "the proxy of two weeks running",
        ("lost",),
        watch,
    )


def _golden(plan: Plan) -> Callable[[World, Now, Random], Watch] | None:
    cases, alarm = plan.inputs.golden_set, plan.inputs.golden_alarm
    if not cases or alarm is None:
        return None
    gain = abs(plan.quality.released - plan.quality.nothing) if plan.quality.is_share else 0.3

    def watch(world: World, now: Now, rng: Random) -> Watch:
        def over() -> bool:
            return rng.gauss(world(now()).regressed * gain * cases, sqrt(0.1 * cases)) >= alarm

        return _running(DAY, DAY * rng.random(), 2, over)

    return watch


def _novel(plan: Plan) -> Callable[[World, Now, Random], Watch]:
    rows = max(1.0, plan.serving.load * WEEK)

    def watch(world: World, now: Now, rng: Random) -> Watch:
        def over() -> bool:
            return successes(rng, rows, 0.05 + world(now()).novel) / max(1, round(rows)) > 0.15

        return _running(WEEK, WEEK * rng.random(), 1, over)

    return watch


def _arrived(quality: Quality) -> Callable[[World, Now, Random], Watch]:
    """Each week the cohort that has just come of age is counted; labels not there at the start come late or never."""
    from mlworkflow.numbers.labels import share_matured

    age, median = quality.label_age or 0.0, quality.median or 0.0
    p95 = min(max(quality.p95 or 0.0, median * 1.0001), median * 1e5)

    def known(old: float) -> float:
        return share_matured(max(0.0, old), median, p95) if median > 0 else 1.0

    def watch(world: World, now: Now, rng: Random) -> Watch:
        def over() -> bool:
            fault = world(now()).unlabelled
            before = max(0.0, age - now())
            share = known(before + (age - before) * (1 - fault)) / max(known(age), 1e-9) * 0.97
            return successes(rng, quality.labels_week, share) / max(1, round(quality.labels_week)) < 0.95

        return _running(WEEK, WEEK * rng.random(), 1, over)

    return watch


def chance_alarms(monitor: Monitor, seed: int, days: float = 720.0) -> float:
    """Return how often a month a monitor rings while nothing is wrong."""
    from mlworkflow.rehearsal.chance import dice

    rng, time, rang = dice(seed, "well", monitor.id, monitor.sees), [0.0], 0
    while time[0] < days * DAY:
        for wait in monitor.watch(lambda _: State(), lambda: time[0], rng):
            time[0] += wait
            if time[0] >= days * DAY:
                break
        else:
            rang += 1
    return rang / days * 30
