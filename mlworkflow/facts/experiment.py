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
