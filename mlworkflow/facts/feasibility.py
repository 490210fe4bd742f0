"""Facts that say whether the plan can work."""

from __future__ import annotations

from mlworkflow.facts.registry import fact


@fact("flag")
def baseline_pays(cost_of_baseline: float, cost_of_nothing: float, cost_of_all: float) -> bool:
    """Today's baseline costs less than the best trivial policy."""
    return cost_of_baseline <= min(cost_of_nothing, cost_of_all)


@fact("flag")
def baseline_precision_disagrees(deciding_metric: str, baseline_value: float, baseline_precision: float) -> bool:
    """The measured precision of today and the one that its rates mean differ by more than half."""
    low, high = sorted((baseline_value, baseline_precision))
    return deciding_metric in ("precision-at-k", "precision-at-budget") and high > 1.5 * low


@fact("flag")
def gives_up_before_wait(wait: float, hard_timeout: float, answers_while_waiting: bool) -> bool:
    """The caller's time-out is shorter than the time that was said to be allowed."""
    return answers_while_waiting and hard_timeout < wait


@fact("flag")
def latency_impossible(service_time: float, latency_limit: float) -> bool:
    """One prediction takes longer than the p99 allows."""
    return service_time >= latency_limit


@fact("flag")
def device_too_slow(service_time: float, peak: float, mode_ids: tuple[str, ...], devices: float | None = None) -> bool:
    """One device cannot keep up with its items."""
    return "edge" in mode_ids and service_time * peak / max(devices or 1, 1) >= 1


@fact("choices", "none", "light", "moderate", "heavy")
def chosen_upkeep(chosen_tools: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The upkeep class of each chosen tool."""
    return tuple(upkeep for _, upkeep in chosen_tools)


@fact("flag")
def upkeep_over(upkeep_hours: float, hours_available: float) -> bool:
    """The chosen tools want more hours than the team has."""
    return upkeep_hours > hours_available
