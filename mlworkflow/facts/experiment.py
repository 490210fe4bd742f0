"""Facts about the experiment."""

from __future__ import annotations

import re

from mlworkflow.facts.registry import fact


@fact("flag")
def experiment_sized(users_per_arm: float | None = None) -> bool:
    """The experiment has a size."""
    return users_per_arm is not None


@fact("flag")
def too_slow_for_ab(experiment_weeks: float, max_weeks: float) -> bool:
    """The traffic cannot show the effect in time."""
    return experiment_weeks > max_weeks


@fact("flag")
def traffic_known(eligible_per_day: float | None = None) -> bool:
    """It is known how many units can enter an experiment."""
    return eligible_per_day is not None and eligible_per_day > 0


_TIMES = {"slot", "hour", "day", "week", "shift", "daypart", "night"}


@fact("flag")
def clustered(interference: bool | None = None, experiment_unit: str | None = None) -> bool:
    """Units of one place and time resemble each other, and the unit named is not that place and time itself."""
    words = {word.rstrip("s") for word in re.split(r"[^a-z]+", (experiment_unit or "").lower())}
    return interference is True and not (words & _TIMES and len(words - {"and", "x", "by", "one", "a", ""}) > 1)


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
