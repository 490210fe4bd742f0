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


@fact("count")
def people(problem_type: str, population: float | None = None) -> float | None:
    """How many people an experiment can reach at all (where the population counts people)."""
    return population if problem_type == "recommendation" else None


@fact("flag")
def too_few_people(users_total: float, people: float) -> bool:
    """The experiment needs more units than there are."""
    return users_total > people


@fact("text")
def experiment_units(
    users_total: float, users_per_arm: float, treatment_share: float, control_share: float | None = None
) -> str:
    """The size of the experiment, in words that hold for an uneven split."""
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


@fact("text")
def parallel_length(paired_positives: float | None = None) -> str:
    """How long both ways judge the same cases."""
    if paired_positives is None:
        return "at least two full weeks"
    return f"until both have judged {paired_positives:,.0f} positive cases, at least two full weeks"


@fact("flag")
def traffic_known(eligible_per_day: float | None = None) -> bool:
    """It is known how many units can enter an experiment."""
    return eligible_per_day is not None and eligible_per_day > 0
