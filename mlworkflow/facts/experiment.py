"""Facts about the experiment."""

from __future__ import annotations

import re

from mlworkflow.facts.registry import fact


@fact("flag")
def holds_out(problem_type: str, action_effect: str | None = None, capacity_limits: bool | None = None) -> bool:
    """Acting is meant to change the outcome of the few that are picked, so a part of the picks is not acted on."""
    return action_effect == "changes" and capacity_limits is True and problem_type == "classification"


@fact("flag")
def experiment_sized(users_per_arm: float | None = None) -> bool:
    """The experiment has a size."""
    return users_per_arm is not None


@fact("flag")
def effect_beyond_success(effect_absolute: float, effect_of_success: float) -> bool:
    """The smallest effect that the experiment looks for is larger than what the success threshold brings."""
    return effect_absolute / effect_of_success > 1


@fact("text")
def effect_of_success_said(effect_of_success: float) -> str:
    """What the success threshold brings, in points."""
    return f"{effect_of_success * 100:.3g} points"


@fact("flag")
def too_slow_for_ab(experiment_weeks: float, max_weeks: float) -> bool:
    """The traffic cannot show the effect in time."""
    return experiment_weeks > max_weeks


@fact("count")
def counted_per(business_metric: str, primary_metric_kind: str) -> int | None:
    """Of how many units the business metric counts its cases, where its name says so and it is a rate."""
    found = re.search(r"\bper (1,?000,?000|100,?000|10,?000|1,?000|million|thousand)\b", business_metric.lower())
    if found is None or primary_metric_kind != "rate":
        return None
    return {"million": 1_000_000, "thousand": 1000}.get(found[1]) or int(found[1].replace(",", ""))


@fact("count")
def people_there(problem_type: str, population: float | None = None) -> float | None:
    """How many people an experiment can reach at all (where the population counts people)."""
    return population if problem_type == "recommendation" else None


@fact("flag")
def too_few_people(users_total: float, people_there: float) -> bool:
    """The experiment needs more units than there are."""
    return users_total > people_there


@fact("text")
def experiment_units(
    users_total: float,
    users_per_arm: float,
    treatment_share: float,
    control_share: float | None = None,
    holds_out: bool = False,
) -> str:
    """The size of the experiment, in words that hold for an uneven split and for four cells."""
    if holds_out:
        return f"{users_total:,.0f} picks in four cells"
    even = treatment_share == (control_share or 1 - treatment_share)
    return f"{users_per_arm:,.0f} units an arm" if even else f"{users_total:,.0f} units in the experiment"


@fact("text")
def interleaved(mean_load: float | None = None, eligible_per_day: float | None = None) -> str:
    """Whose lists both rankers fill: a small share where traffic is large, everyone's where it is not."""
    large = (mean_load or 0) >= 100 or (eligible_per_day or 0) >= 100_000
    return "all lists of a random 5 % of the units" if large else "all lists of all units"


@fact("text")
def length_after_interleaving(
    max_weeks: float, too_slow_for_ab: bool | None = None, detectable_effect_said: str | None = None
) -> str | None:
    """What follows an interleaving whose test would take too long."""
    if not too_slow_for_ab or detectable_effect_said is None:
        return None
    return f"{max_weeks:.0f} weeks, which show {detectable_effect_said} or more; a smaller effect stays open"


@fact("flag")
def forecast_moves_nothing(problem_type: str, action_effect: str | None = None) -> bool:
    """What is forecast comes as it comes, unless somebody says that acting moves it."""
    return problem_type == "forecasting" and action_effect in (None, "none")


@fact("text")
def paired_stop(problem_type: str) -> str:
    """What ends a parallel run against the model."""
    if problem_type in ("forecasting", "regression"):
        return "the mean paired difference of errors is for the present way by more than its 95 % interval over whole weeks"
    return "the present way alone is right in more cases than the model alone (sign test at 5 %)"


@fact("text")
def paired_shown(problem_type: str) -> str:
    """How a parallel run shows what was gained."""
    if problem_type in ("forecasting", "regression"):
        return "paired differences of errors by period, their interval drawn over whole weeks"
    return "paired review: cases that only one of both got right"


@fact("text")
def parallel_length(problem_type: str, paired_positives: float | None = None) -> str:
    """How long both ways judge the same cases."""
    if problem_type == "forecasting":
        return "four full weeks of forecasts, and until what they forecast is known"
    if paired_positives is None:
        return "at least two full weeks"
    return f"until both have judged {paired_positives:,.0f} positive cases, at least two full weeks"


@fact("text")
def first_device_lasts(experiment_kind: str, parallel_length: str) -> str:
    """How long one device runs beside the present way: as long as the parallel run, where there is one."""
    return parallel_length if experiment_kind == "parallel-run" else "one week"


@fact("flag")
def traffic_known(eligible_per_day: float | None = None) -> bool:
    """It is known how many units can enter an experiment."""
    return eligible_per_day is not None and eligible_per_day > 0


_TIMES = {"slot", "hour", "day", "week", "shift", "daypart", "night"}


@fact("flag")
def shares_supply(interference: bool | None = None, shared: str | None = None) -> bool:
    """What one unit gets, another lacks, or all of one place feel it: no unit can be assigned by itself."""
    return interference is True and shared != "attention"


@fact("text")
def shared_words(shared: str | None = None) -> str:
    """What units in control and treatment share."""
    return "one place" if shared == "place" else "a supply"


@fact("flag")
def shares_attention(interference: bool | None = None, shared: str | None = None) -> bool:
    """Units meet the same sellers or posts, and one's outcome takes little from another's."""
    return interference is True and shared == "attention"


@fact("flag")
def clustered(shares_supply: bool, experiment_unit: str | None = None) -> bool:
    """Units of one place and time resemble each other, and the unit named is not that place and time itself."""
    words = {word.rstrip("s") for word in re.split(r"[^a-z]+", (experiment_unit or "").lower())}
    return shares_supply and not (words & _TIMES and len(words - {"and", "x", "by", "one", "a", ""}) > 1)


HIGHEST_CORRELATION = 0.9
LONGEST_WEEKS = 52


@fact("text")
def experiment_ways(
    experiment_weeks: float,
    users_total: float,
    units_in_time: float,
    max_weeks: float,
    correlation_needed: float | None = None,
    detectable_effect_said: str | None = None,
) -> str:
    """The ways out of an experiment that takes too long, each sized, cheapest first."""
    if correlation_needed is None:
        return "the units would be there, but less than two full weeks shows no two weekends."
    weeks = "1 week brings" if max_weeks == 1 else f"{max_weeks:,.0f} weeks bring"
    brought = f"{weeks} {units_in_time:,.0f} of {users_total:,.0f} units"
    ways = [f"only effects from {detectable_effect_said} upwards"] if detectable_effect_said else []
    if experiment_weeks <= LONGEST_WEEKS:
        ways.append(f"{experiment_weeks:,.0f} weeks of exposure")
    before, needed = "a figure of the same units from before the test", _at_least(correlation_needed)
    if correlation_needed > HIGHEST_CORRELATION:
        none = f"{before} would have to correlate {needed} with the metric, and hardly any does"
        return f"{brought}. {_ways(ways)}{none[0].upper()}{none[1:]}."
    return f"{brought}. {_ways([f'{before} that correlates {needed} with the metric, to take out its noise', *ways]).strip()}"


def _at_least(correlation: float) -> str:
    """A correlation rounded up, so that what is said suffices."""
    import math

    above = math.ceil(correlation * 100 - 1e-9) / 100
    return f"at {above:.2f} or more" if above < 1 else "above 0.99"


def _ways(ways: list[str]) -> str:
    return f"Ways out, cheapest first: {'; '.join(ways)}. " if ways else ""
