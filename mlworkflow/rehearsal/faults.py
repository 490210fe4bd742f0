"""The faults that can be injected: what each does to the world from its start on, and to which designs it applies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mlworkflow.quantity import say_rate
from mlworkflow.rehearsal.assumed import ASSUMED
from mlworkflow.rehearsal.plan import Plan

DAY, HOUR = 86400.0, 3600.0
# Days in which a changing world takes half of what the model gains.
HALVES = {"days": 14.0, "weeks": 60.0, "months": 180.0, "years": 720.0}
SPIKE, SPIKE_LASTS = 3.0, 2 * HOUR


@dataclass(frozen=True, slots=True)
class State:
    """How the world is at one moment, as far as a monitor could see it and a decision feel it."""

    failed: float = 0.0
    slow: float = 0.0
    stopped: bool = False
    moved: float = 0.0
    empty: float = 0.0
    scores: float = 0.0
    lost: float = 0.0
    novel: float = 0.0
    index_age: float = 0.0
    unlabelled: float = 0.0
    regressed: float = 0.0
    dimmed: float = 0.0
    times: float = 1.0


WELL = State()
World = Callable[[float], State]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong: what happens, from which designs it spares and why, and what mends it."""

    id: str
    title: str
    mends: str
    happens: Callable[[Plan], str]
    spares: Callable[[Plan], str]
    world: Callable[[Plan], World]
    office: bool = False
    lasts: float | None = None


def _never(plan: Plan) -> str:
    return ""


# ------------------------------------------------------------------ drift


def half_life(plan: Plan) -> float:
    """Return the days in which the world takes half of what the model gains."""
    gain = abs(plan.quality.released - plan.quality.nothing) * 100
    if plan.decay and gain:
        return 30 * gain / 2 / plan.decay
    return HALVES.get(plan.world_changes, HALVES["months"])


def _gradual(plan: Plan) -> World:
    days = half_life(plan)

    def at(time: float) -> State:
        share = time / DAY / days
        return State(
            moved=min(1.0, 0.5 * share),
            scores=min(1.0, 0.25 * share),
            lost=min(1.0, 0.5 * share),
            novel=min(0.4, 0.15 * share),
        )

    return at


def _gradual_says(plan: Plan) -> str:
    return (
        f"the world changes slowly: half of what the model gains is gone after {half_life(plan):,.0f} days; "
        "inputs move by half a standard deviation in the same time"
    )


def _sudden(plan: Plan) -> World:
    changed = State(moved=0.1, scores=0.1, lost=0.5, novel=0.08)
    return lambda time: changed


# ------------------------------------------------------------------ releases


def _release(plan: Plan) -> World:
    bad = State(failed=0.03, scores=0.5, lost=0.3, regressed=0.3)
    return lambda time: bad


# ------------------------------------------------------------------ labels


def _labels(share: float) -> Callable[[Plan], World]:
    return lambda plan: lambda time: State(unlabelled=share)


def _without_labels(plan: Plan) -> str:
    if plan.labels_missing:
        return "there are no labels"
    return "nobody said when a label is known" if plan.quality.label_age is None else ""


# ------------------------------------------------------------------ the live path


def _feature(plan: Plan) -> World:
    if plan.generative:
        return lambda time: State(
            index_age=time if plan.retrieves else 0.0, lost=min(0.3, time / (30 * DAY)), novel=0.05
        )
    if _watches_cameras(plan):
        places = max(1.0, plan.serving.devices)
        dim = State(dimmed=1.0, moved=1 / places, scores=0.5 / places, lost=0.3 / places)
        return lambda time: dim
    broken = State(empty=0.33, moved=0.3, scores=0.2, lost=0.3)
    return lambda time: broken


def _watches_cameras(plan: Plan) -> bool:
    return "alert-sensor" in plan.alerts


def _feature_says(plan: Plan) -> str:
    if plan.generative and plan.retrieves:
        return "the loader of the index stops: answers rest on what grows old, a third of the gain is gone in 9 days"
    if plan.generative:
        return "an input of the prompt arrives empty more and more often, a third of the gain is gone in 9 days"
    if _watches_cameras(plan):
        return "a lens gets dirty at one place: its images are darker, 30 % of the gain is gone there"
    return "a source delivers a column that is empty in a third of its rows; 30 % of the gain is gone"


def _spike(plan: Plan) -> World:
    """Workers as planned; what scales by itself has enough of them after some minutes."""
    failed, slow = overload(plan, SPIKE)
    lasts = min(SPIKE_LASTS, ASSUMED["scales"]) if plan.serving.scales else SPIKE_LASTS
    crowd = State(failed=failed, slow=slow, times=SPIKE * plan.serving.peak / plan.serving.load)
    over = State(times=crowd.times)
    return lambda time: crowd if time < lasts else over if time < SPIKE_LASTS else WELL


def overload(plan: Plan, times: float, workers: int | None = None) -> tuple[float, float]:
    """Return which share of requests finds no worker in time, and which share is slow, at so many times the peak."""
    from mlworkflow.numbers.serving import p99_general
    from mlworkflow.numbers.validity import Invalid

    live = plan.serving
    workers = workers or live.workers
    if workers is None or live.service_time is None:
        return 1 - 1 / times, 1.0
    busy = times * live.peak * live.service_time / workers
    if busy >= 1:
        return 1 - 1 / busy, 1.0
    try:
        slowest = p99_general(times * live.peak, live.service_time, workers, 0.25, live.slowest)
    except Invalid:
        return 0.0, 0.0
    return 0.0, 0.05 if live.limit and slowest > live.limit else 0.0


def _spike_says(plan: Plan) -> str:
    live = plan.serving
    load = f"three times the peak, {say_rate(SPIKE * live.peak)}, for {SPIKE_LASTS / HOUR:.0f} hours"
    if live.workers is None or live.service_time is None:
        return f"{load}; the design knows no number of workers, so what serves is taken to end at the peak"
    busy = SPIKE * live.peak * live.service_time / live.workers
    more = ", until more come by themselves" if live.scales and busy >= 1 else ""
    return f"{load}, {100 * busy:.0f} % of what the {live.workers} planned workers can do{more}"


def _spike_spares(plan: Plan) -> str:
    if plan.serving.mode == "batch":
        return "nobody sends requests: a scheduled run scores the rows that are there"
    if plan.serving.mode == "edge":
        return "each device scores what passes it, and what passes it is no more than the line can move"
    return "" if plan.serving.load_known else "no load was given, so three times the peak is not known"


def _dead(plan: Plan) -> World:
    share = 1 / max(1.0, plan.serving.devices) if plan.serving.mode == "edge" else 1.0
    down = State(failed=share, slow=share, stopped=True)
    return lambda time: down


def _dead_says(plan: Plan) -> str:
    if plan.serving.mode == "batch":
        return "the warehouse that a scheduled run reads is down"
    if plan.serving.mode == "edge":
        return "the process on a device hangs"
    if plan.generative:
        return "the model's endpoint is down"
    return "a service that every prediction calls is down"


# ------------------------------------------------------------------ provider


def _retired(plan: Plan) -> World:
    return lambda time: State(lost=0.35, regressed=0.35)


def _no_provider(plan: Plan) -> str:
    if not plan.generative:
        return "the model is the team's own: there is no provider who could retire it"
    return "" if plan.provider else "the weights are hosted by the team: nobody else retires them"


FAULTS = {
    one.id: one
    for one in (
        Fault("gradual-drift", "Gradual drift", "retrain", _gradual_says, _never, _gradual),
        Fault(
            "sudden-drift", "Sudden drift", "retrain",
            lambda plan: "half of the gain is gone overnight, while inputs hardly move", _never, _sudden,
        ),
        Fault(
            "bad-release", "Bad release", "rollback",
            lambda plan: "a new version fails on 3 % of requests, and 30 % of the gain is gone",
            _never, _release, office=True,
        ),
        Fault(
            "late-labels", "Late labels", "labels",
            lambda plan: "labels take twice as long from now on", _without_labels, _labels(0.5),
        ),
        Fault(
            "missing-labels", "Missing labels", "labels",
            lambda plan: "no more labels arrive", _without_labels, _labels(1.0),
        ),
        Fault("broken-feature", "Broken feature", "data", _feature_says, _never, _feature),
        Fault(
            "traffic-spike", "Traffic spike", "capacity",
            _spike_says, _spike_spares, _spike,
            office=True, lasts=SPIKE_LASTS,
        ),
        Fault("dead-dependency", "Dead dependency", "dependency", _dead_says, _never, _dead),
        Fault(
            "provider-retires", "Provider retires the model", "provider",
            lambda plan: "the pinned version is retired, and its successor answers: 35 % of the gain is gone",
            _no_provider, _retired,
        ),
        Fault(
            "key-person-away", "Key person away", "dependency",
            lambda plan: f"{plan.key_person or 'nobody'} is away for two weeks, and then: {_dead_says(plan)}",
            lambda plan: "" if plan.key_person else "nobody is there who could be away", _dead,
        ),
    )
}  # fmt: skip
