"""When retraining pays, and what upkeep takes."""

from __future__ import annotations

from typing import Any

from mlworkflow.figures.registry import DAY, figure


@figure("duration", "monitoring", "time until labels are mature")
def newest_labels(label_age: float) -> float:
    """Age of the newest labels that a retraining may read."""
    return label_age


@figure(
    "duration",
    "monitoring",
    "sqrt(2 C / d), C = cost of a retraining, d = points a month / 30 x value of a point a month / 30",
)
def best_interval(metric_decay: float, metric_value: Any, retrain_cost: Any) -> float | None:
    """Interval between retrainings that costs least."""
    from mlworkflow.numbers import retraining

    growth = metric_decay / 30 * metric_value.amount / 30
    if growth <= 0 or retrain_cost.amount <= 0 or metric_value.currency != retrain_cost.currency:
        return None
    return retraining.best_interval(retrain_cost.amount, growth) * DAY


@figure("number", "monitoring", "d x 365 x 365 / 2, d = points a month / 30 x value of a point a month / 30")
def decay_in_a_year(metric_decay: float, metric_value: Any) -> float:
    """What a year without any retraining loses."""
    return float(metric_decay / 30 * metric_value.amount / 30 * 365 * 365 / 2)


CADENCE_DAYS = {"quarterly": 91, "monthly": 30, "weekly": 7, "daily": 1}


@figure("number", "monitoring", "(T / best + best / T) / 2, T = chosen cadence in days")
def cadence_penalty(retraining_cadence: str, best_interval: float) -> float | None:
    """Times the least cost that the chosen cadence costs."""
    from mlworkflow.numbers import retraining

    days = CADENCE_DAYS.get(retraining_cadence)
    return None if days is None else retraining.penalty(days * DAY / best_interval)


@figure("number", "rationale", "sum of the upkeep hours of the chosen tools (none 0, light 2, moderate 6, heavy 16)")
def upkeep_hours(chosen_upkeep: tuple[str, ...]) -> float:
    """Hours a month that the chosen tools want."""
    hours = {"none": 0, "light": 2, "moderate": 6, "heavy": 16}
    return float(sum(hours[upkeep] for upkeep in chosen_upkeep))
