"""Facts about the experiment."""

from __future__ import annotations

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


HIGHEST_CORRELATION = 0.9


@fact("text")
def experiment_ways(
    experiment_weeks: float,
    users_total: float,
    units_in_time: float,
    correlation_needed: float,
    max_weeks: float,
    detectable_effect_said: str | None = None,
) -> str:
    """The ways out of an experiment that takes too long, each sized, cheapest first."""
    brought = f"{max_weeks:,.0f} weeks bring {units_in_time:,.0f} of {users_total:,.0f} units"
    ways = [f"{experiment_weeks:,.0f} weeks of exposure"]
    if detectable_effect_said:
        ways.insert(0, f"only effects from {detectable_effect_said} upwards")
    before, needed = "of the same units from before the test", _up(correlation_needed)
    if correlation_needed > HIGHEST_CORRELATION:
        none = f"a figure {before} would have to correlate at {needed} with the metric, and none does"
        return f"{brought}. Ways out, cheapest first: {_either(ways)}; {none}."
    ways.insert(0, f"a figure {before} that correlates at {needed} or more with the metric, to take out its noise")
    return f"{brought}. Ways out, cheapest first: {_either(ways)}."


def _up(correlation: float) -> str:
    """A correlation rounded up, so that what is said suffices."""
    import math

    return f"{math.ceil(correlation * 100 - 1e-9) / 100:.2f}"


def _either(ways: list[str]) -> str:
    return ways[0] if len(ways) == 1 else f"{', '.join(ways[:-1])}, or {ways[-1]}"
