"""A/B Testing: the fixed table, the size with its inputs, the steps of the rollout."""

from __future__ import annotations

from typing import Any

from mlworkflow.documents.escape import Md
from mlworkflow.documents.saying import Say, Table, capital
from mlworkflow.operation.rollout import Exposure, exposures

STEPPED = ("shadow-canary", "blue-green-canary")
RANDOM = ("ab-test", "holdout-on-action", "switchback", "interleaving")


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    return {
        "intro": Md(
            f"{say.choice('experiment-kind')}: {say.because('experiment-kind')}. {capital(say.means('experiment-kind'))}."
        ),
        "table": Table(("Aspect", "Detail"), _rows(say)),
        "size": Table(("Figure", "Value", "How"), _size(say)),
        "rollback": Table(
            ("Rollback when", "Comparison", "Window", "Action"),
            [
                (
                    say.sentence(one.says),
                    Md(f"{say.column(one, 'op')} {say.column(one, 'value')}"),
                    say.column(one, "window"),
                    say.column(one, "action"),
                )
                for one in (say.spec.kind("rollback") if not say.brief else ())
            ],
        ),
        "steps": _steps(say),
        "rollout": Md(f"{say.choice('rollout')}: {say.because('rollout')}{_kept_apart(say)}"),
        "findings": say.findings("experiment"),
    }


def _steps(say: Say) -> Table:
    """The steps of the rollout; in full with what each reaches at most."""
    columns = ("exposure", "lasts", "on", "stop")
    rows = [(say.sentence(one.says), *(say.column(one, name) for name in columns)) for one in say.spec.kind("step")]
    header = ("Step", "Exposure", "Lasts", "Goes on when", "Stops when")
    if not say.full:
        return Table(header, rows)
    reached = (_reached(say, one) for one in exposures(say.spec))
    return Table((*header, "Reaches at most"), [(*row, how) for row, how in zip(rows, reached, strict=True)])


def _reached(say: Say, one: Exposure) -> Md:
    """The blast radius of a step, with what it is worked out from."""
    if one.reached == 0:
        return Md("nobody: nothing is decided by it")
    if one.reached is None or one.share is None or one.days is None:
        named = ", ".join(_label(say, name) for name in one.missing)
        return Md(f"not known without {named}" if named else "not said")
    from mlworkflow.quantity import say_share

    share = say_share(round(one.share, 8))
    if one.share == 1 and one.days == 1:
        return Md(f"all {one.reached:,} {one.counted} of a day")
    stage = "" if one.part == "the step" else f" in {one.part}"
    return Md(f"{one.reached:,} {one.counted}{stage} ({one.base:,.0f} a day x {share} x {_days(one.days)})")


def _days(days: float) -> str:
    return "1 day" if days == 1 else f"{days:g} days"


_LABELS = {
    "arrivals": "the load",
    "one_device_share": "the number of devices",
    "one_place_share": "the number of places",
    "experiment_days": "the length of the experiment",
}


def _label(say: Say, name: str) -> str:
    question = say.spec.knowledge.question.get(name)
    return question.label if question else _LABELS[name]


def _kept_apart(say: Say) -> str:
    """Steps before an experiment show faults, the experiment shows the effect: said where both are there."""
    if say.spec.value("experiment_kind") not in RANDOM or say.spec.value("rollout") not in STEPPED:
        return ""
    steps = "What shadow and canary show is judged by the rules of their step"
    return f". {steps}; the effect on the business metric is judged by the experiment alone"


def _rows(say: Say) -> list[tuple[Any, ...]]:
    return [
        ("Traffic split", _split(say)),
        ("Primary metric", _primary(say)),
        (
            "Guardrail metrics",
            Md("; ".join(f"{say.sentence(one.says)} {say.column(one, 'limit')}" for one in say.spec.kind("guardrail"))),
        ),
        ("Min duration", _duration(say)),
        ("Rollback criteria", _rollback(say)),
        ("Minimum detectable effect", _effect(say)),
        ("Unit and assignment", _unit(say)),
        ("Looks", _looks(say)),
        ("Sample-ratio check", _ratio(say)),
    ]


def _split(say: Say) -> Md:
    if say.spec.value("experiment_kind") not in RANDOM:
        return Md("does not apply: nobody is assigned at random")
    if _holds_out(say):
        share = round((say.spec.value("treatment_share") or 0.5) * 100, 1)
        assumed = " (assumed)" if say.mark("treatment_share") else ""
        return Md(
            f"four cells: {share:g} % of the picks from the model{assumed}, the others from today's way, and a random half of each is not acted on{_untouched(say)}; {_drawn(say)}"
        )
    share = say.spec.value("treatment_share") or 0.5
    control = say.spec.value("control_share") or 1 - share
    rest = 1 - share - control
    if rest > 0.001:
        return Md(
            f"{round(control * 100, 1):g} % control, {round(share * 100, 1):g} % treatment; the other {round(rest * 100, 1):g} % keep the present one and are not counted{_untouched(say)}; sticky"
        )
    return Md(
        f"{round((1 - share) * 100, 1):g} % control, {round(share * 100, 1):g} % treatment{' (assumed)' if say.mark('treatment_share') else ''}{_untouched(say)}; {_drawn(say)}"
    )


def _untouched(say: Say) -> str:
    """The group that is left alone for good takes no part."""
    if not say.known("untouched_share"):
        return ""
    return f", of those outside the {say.value('untouched_share')} that stay untouched"


def _holds_out(say: Say) -> bool:
    return bool(say.spec.value("experiment_kind") == "holdout-on-action")


def _drawn(say: Say) -> str:
    return "slots drawn anew for each place" if say.spec.value("experiment_kind") == "switchback" else "sticky"


def _primary(say: Say) -> Md:
    now = "in picks left alone" if _holds_out(say) else "today"
    today = (
        f", {now} {_level(say, say.spec.value('primary_baseline'))}"
        if say.known("primary_baseline")
        else ", its value today is an open question"
    )
    metric = f"{say.value('business_metric', 'the business metric, still to be named')}{today}"
    if say.spec.value("experiment_kind") == "parallel-run":
        return Md(
            f"{say.choice('deciding-metric')} on the paired cases; {metric}; it is compared before and after, once the model acts"
        )
    return Md(metric)


def _level(say: Say, value: float) -> str:
    """A value of the business metric: a rate in percent, a mean as it is."""
    from mlworkflow.quantity import say_number, say_share

    if say.spec.value("primary_metric_kind") == "rate":
        counted = say.spec.value("counted_per")
        return f"{say_number(round(value * counted, 6))} of {counted:,}" if counted else say_share(round(value, 8))
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _duration(say: Say) -> Md:
    if say.known("paired_positives"):
        most = (
            f"; {say.value('paired_positives_at_most')} if it is {say.spec.value('baseline_high'):.3f}"
            if say.known("paired_positives_at_most")
            else ""
        )
        wanted = "success_threshold" if say.spec.value("deciding_metric") == "recall" else "recall_at_threshold"
        return Md(
            f"until both have judged {say.value('paired_positives')} positive cases (computed: paired test, baseline recall {say.value('baseline_recall')} against {say.value(wanted)}, judged independently{most}), and at least two full weeks"
        )
    if say.spec.value("experiment_kind") not in RANDOM:
        return Md("does not apply in weeks of a split; the steps below say how long each stage lasts")
    if say.holds("clustered") and say.known("slot_weeks"):
        return Md(
            f"{say.value('slot_weeks')} full weeks of hourly slots in {say.value('places')} places (computed; units of one slot are taken to be 0.01 alike until an A/A run measures it)"
        )
    if say.holds("clustered"):
        return Md(
            f"counted in slots, not in units, as those of one slot resemble each other: not computed, {_slots_missing(say)}; never under two full weeks"
        )
    worked = say.spec.figure("experiment_weeks")
    if worked.problem:
        return Md(f"cannot be computed: {worked.problem}")
    if say.spec.value("experiment_kind") == "interleaving":
        then = say.value("length_after_interleaving") if say.known("length_after_interleaving") else _test_length(say)
        return Md(f"interleaving one to two full weeks; then {then}")
    if worked.value is None:
        return Md(f"not computed: {_missing(say)}; never under two full weeks")
    if say.known("label_age") and say.known("outcome_window"):
        return Md(f"{_in_days(say)}{_from_first_step(say)} (computed)")
    after = (
        f", then {say.value('experiment_wait')} until outcomes are known and mature: decided after {say.value('experiment_decided')}"
        if say.known("label_age")
        else ""
    )
    return Md(f"{say.value('experiment_weeks')} full weeks of exposure{after}{_from_first_step(say)} (computed)")


def _in_days(say: Say) -> str:
    """Until which day units enter and arms are held, and on which one it is decided."""
    weeks, window, decided = (say.spec.value(id) for id in ("experiment_weeks", "outcome_window", "experiment_decided"))
    entered = weeks * 7
    held = entered + window / 86400
    return (
        f"{weeks:.0f} full weeks of exposure, arms held to day {held:,.0f}, decided after {decided / 86400:,.0f} days"
    )


def _from_first_step(say: Say) -> str:
    """The same, counted from the first step of the rollout."""
    before, decided = say.spec.value("days_before_exposure"), say.spec.value("experiment_decided")
    if before is None or decided is None or not say.known("label_age"):
        return ""
    return f", {before + decided / 86400:,.0f} with the {before:.0f} days of steps before it"


def _slots_missing(say: Say) -> str:
    wanted = ("places", "primary_baseline", "minimum_effect", "eligible_per_day")
    labels = [say.spec.knowledge.question[id].label for id in wanted if not say.known(id)]
    return "not given: " + ", ".join(labels) if labels else "the standard deviation is not given"


def _test_length(say: Say) -> Md:
    if not say.known("experiment_weeks"):
        return Md(f"the A/B test, whose length is not computed: {_missing(say)}")
    return Md(f"{say.value('experiment_weeks')} full weeks of A/B test (computed)")


def _missing(say: Say) -> str:
    wanted = ("primary_baseline", "minimum_effect", "eligible_per_day")
    labels = [say.spec.knowledge.question[id].label for id in wanted if not say.known(id)]
    return "not given: " + ", ".join(labels) if labels else "the standard deviation is not given"


def _rollback(say: Say) -> Md:
    rules = say.spec.kind("rollback")
    if not rules:
        return Md("none can be automatic here; a person decides by the rules of the step")
    return Md(f"any of the {len(rules)} rules below; the first: {say.sentence(rules[0].says)}")


def _effect(say: Say) -> Md:
    if not say.known("minimum_effect"):
        reach = (
            f"; this traffic can show {say.value('detectable_effect_said')} in {say.value('max_weeks')} weeks (computed)"
            if say.known("detectable_effect_said")
            else ""
        )
        return Md(f"not given{reach}")
    base = say.spec.value("primary_baseline")
    effect = say.spec.value("effect_absolute")
    moved = ""
    if base is not None and effect is not None:
        moved = f", from {_level(say, base)} to {_level(say, base + effect)}"
        if base and not say.spec.value("minimum_effect").relative:
            moved += f" ({effect / base * 100:.3g} % relative)"
    if _holds_out(say):
        moved += " between acted and not acted among the model's picks"
    if say.known("effect_of_success_said"):
        moved += f"; the success threshold would bring {say.value('effect_of_success_said')} (computed)"
    return Md(f"{say.value('minimum_effect')}{moved}")


def _unit(say: Say) -> Md:
    if say.spec.value("experiment_kind") not in RANDOM:
        if say.spec.value("experiment_kind") == "pilot":
            return Md("one place, group or desk, named before it starts; nobody is assigned")
        return Md(f"{say.value('prediction_unit', 'each case')}, judged by both; nobody is assigned")
    if say.spec.value("experiment_kind") == "switchback":
        return Md(
            f"{_slot(say)}; what began under the other version is left out; by {say.choice('assignment-tool')}: {say.because('assignment-tool')}"
        )
    return Md(
        f"{say.value('experiment_unit', 'not given; it must be what the treatment touches')}, by {say.choice('assignment-tool')}: {say.because('assignment-tool')}{_alike(say)}"
    )


def _slot(say: Say) -> str:
    """What a switchback assigns, and what is only counted within it."""
    if not say.holds("clustered"):
        return str(say.value("experiment_unit"))
    counted = f"; {say.value('experiment_unit')} is only counted within it" if say.known("experiment_unit") else ""
    return f"one place for one slot{counted}"


def _looks(say: Say) -> Md:
    if say.spec.value("experiment_kind") not in RANDOM:
        if say.spec.value("experiment_kind") == "pilot":
            return Md("one, at the end of the pilot; earlier looks may stop for harm only")
        return Md("people read the paired differences weekly; nothing is stopped early for success")
    looks = say.spec.value("looks") or 1
    if looks == 1:
        return Md(f"one, at the end{' (assumed)' if say.mark('looks') else ''}; earlier looks may stop for harm only")
    return Md(f"{looks}, O'Brien-Fleming limits; the size is multiplied by {say.value('looks_factor')} (computed)")


def _ratio(say: Say) -> Md:
    if say.spec.value("experiment_kind") not in RANDOM:
        return Md("does not apply: nothing is assigned at random")
    counted = "slots" if say.spec.value("experiment_kind") == "switchback" else "units"
    return Md(
        f"chi-square on the {counted} counted in each arm; below p = 0.001 the analysis stops until the cause is found"
    )


def _size(say: Say) -> list[tuple[Any, ...]]:
    kind = say.spec.value("experiment_kind")
    if kind not in RANDOM and not (kind == "pilot" and say.holds("too_slow_for_ab")):
        return []
    rows = []
    for id in _SIZES:
        worked = say.spec.figure(id)
        if worked.value is not None and (id not in _OF_CELLS or _holds_out(say)):
            label = "Units in each of the model's two cells" if id == "users_per_arm" and _in_cells(say) else ""
            rows.append((label or capital(worked.figure.label), _sized(say, id), _how(say, id)))
    return rows


_OF_CELLS = ("untouched_per_list", "detectable_gap")
_SIZES = (
    "users_per_arm", "untouched_per_list", "users_total", "experiment_weeks", "detectable_effect", "detectable_gap",
    "slots_total", "slot_weeks",
)  # fmt: skip


def _sized(say: Say, id: str) -> Md:
    if id == "detectable_effect":
        return say.value("detectable_effect_said")
    if id == "detectable_gap":
        gap, planned = say.spec.value("detectable_gap"), say.spec.value("planned_gap")
        first = f"{planned * 100:.3g} points in the planned weeks, " if planned else ""
        return Md(f"{first}{gap * 100:.2g} in the longest" if first else f"{gap * 100:.2g} points")
    return say.value(id)


def _how(say: Say, id: str) -> Md:
    """How a size was computed, with what went in."""
    base, effect = say.spec.value("primary_baseline"), say.spec.value("effect_absolute")
    rate = say.spec.value("primary_metric_kind") == "rate"
    per_day, weeks = say.value("eligible_per_day"), say.value("max_weeks")
    match id:
        case "users_per_arm" if rate:
            return Md(
                f"pooled two-proportion formula, two-sided 5 %, power 80 %: {_level(say, base)} → {_level(say, base + effect)}"
            )
        case "users_per_arm":
            return Md(f"2 (1.960 + 0.842)² sd² / effect², sd {say.value('primary_sd')}, effect {effect:.4g}")
        case "untouched_per_list":
            return Md(f"the same formula: {say.value('baseline_value')} → {say.value('success_threshold')}")
        case "detectable_gap":
            return Md(
                f"2.802 √(4 p (1 − p) / n), p = {_level(say, base)}, n = {_split_product(say)} of weeks × 7 × {per_day}{_unseen(say)}"
            )
        case "users_total":
            return Md(_units_from(say))
        case "slots_total" | "slot_weeks":
            return Md(say.spec.figure(id).figure.formula)
        case "experiment_weeks":
            part = f" × {_entering(say)} that enter" if say.known("control_share") else ""
            return Md(f"{say.value('users_total')} / {per_day} a day{part}, at least 14 days, rounded up to weeks")
        case _:
            most = f", {say.value('people_there')} at most" if say.known("people_there") else ""
            part = f" × {_entering(say)}" if say.known("control_share") and not _in_cells(say) else ""
            cell = f" × {say.value('treatment_share')} / 2" if _in_cells(say) else ""
            fewer = f" / {_looks_factor(say)}" if _looks_factor(say) else ""
            return Md(
                f"the same formula backwards, with {weeks} weeks × 7 × {per_day}{part}{cell}{fewer} units{' a cell' if cell else ''}{most}"
            )


def _units_from(say: Say) -> str:
    """How the whole experiment follows from its arms, or, in a hold-out, from what each of its two questions needs."""
    factor = _looks_factor(say)
    looks = f", × {factor} for {say.value('looks')} looks" if factor else ""
    each = say.value("users_per_arm")
    if not _in_cells(say):
        return f"2 × {each}{looks}, divided by 4 × share × (1 − share) for a treatment share of {_share_entering(say)}"
    acted = f"2 × {each} / {_percent(_treated(say))}"
    if not say.known("untouched_per_list"):
        return f"{acted}{looks}"
    return f"the larger of {acted} and {say.value('untouched_per_list')} / ({_split_product(say)}){looks}"


def _in_cells(say: Say) -> bool:
    """The size is that of a hold-out, also where it takes too long and something else is done."""
    return say.holds("holds_out")


def _looks_factor(say: Say) -> str:
    """The factor of the looks with as many digits as the printed number of units needs; empty where it is 1."""
    factor, units = say.spec.value("looks_factor") or 1.0, say.spec.value("users_total") or 0.0
    if factor == 1:
        return ""
    return f"{factor:.{max(5, len(f'{units:.0f}') + 2)}g}"


def _treated(say: Say) -> float:
    """The share of the treatment in the units that enter."""
    share = say.spec.value("treatment_share") or 0.5
    return float(share / (share + (say.spec.value("control_share") or 1 - share)))


def _split_product(say: Say) -> str:
    share = _treated(say)
    return f"{_percent(share)} × {_percent(1 - share)}"


def _percent(share: float) -> str:
    return f"{share * 100:.3g} %"


def _unseen(say: Say) -> str:
    """What the test leaves open when the expected difference of the two lists is too small for it."""
    expected, shown = say.spec.value("expected_gap"), say.spec.value("planned_gap")
    if expected is None or shown is None or expected >= shown:
        return ""
    return f"; {expected * 100:.2g} are expected: the test shows that acting works and that precision differs, not that the model's actions gain more"


def _share_entering(say: Say) -> Md:
    if not say.known("control_share"):
        return say.value("treatment_share")
    treatment, control = say.spec.value("treatment_share"), say.spec.value("control_share")
    return Md(f"{treatment / (treatment + control) * 100:.3g} % of those who enter")


def _entering(say: Say) -> str:
    return f"{(say.spec.value('treatment_share') + say.spec.value('control_share')) * 100:.3g} %"


def _alike(say: Say) -> str:
    """Lists of one unit are alike."""
    lists = say.spec.value("problem_type") in ("ranking", "recommendation") and say.holds("any_online")
    if not lists or not say.known("experiment_unit"):
        return ""
    return f"; requests of one {say.value('experiment_unit')} are not independent, so intervals are clustered by it"
