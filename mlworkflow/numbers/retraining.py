"""How often a model that goes stale is worth retraining."""

from __future__ import annotations

from math import exp, sqrt

from mlworkflow.numbers.calculus import rising_root
from mlworkflow.numbers.validity import Infeasible, not_negative, positive, shown


def best_interval(cost: float, loss_rate: float) -> float:
    """Return the days between retrainings that cost least when the daily loss grows by this rate each day."""
    positive("the cost of a retraining", cost)
    positive("the daily growth of the loss", loss_rate)
    return sqrt(2 * cost / loss_rate)


def cost_at_interval(interval: float, cost: float, loss_rate: float) -> float:
    """Return what retraining and staleness cost together per day at this interval."""
    positive("the days between retrainings", interval)
    not_negative("the cost of a retraining", cost)
    not_negative("the daily growth of the loss", loss_rate)
    return cost / interval + loss_rate * interval / 2


def penalty(interval_over_best: float) -> float:
    """Return how many times the least cost an interval costs that is this many times the best one."""
    positive("the interval over the best one", interval_over_best)
    return (interval_over_best + 1 / interval_over_best) / 2


def never_pays(cost: float, highest_loss: float, days_to_stale: float) -> bool:
    """Say whether a retraining costs more than all the loss that it can ever undo."""
    positive("the cost of a retraining", cost)
    positive("the highest daily loss", highest_loss)
    positive("the days in which the loss grows", days_to_stale)
    return cost >= highest_loss * days_to_stale


def best_interval_saturating(cost: float, highest_loss: float, days_to_stale: float) -> float:
    """Return the days between retrainings that cost least when the daily loss levels off."""
    if never_pays(cost, highest_loss, days_to_stale):
        raise Infeasible(
            f"a retraining costs {shown(cost)} and undoes at most {shown(highest_loss * days_to_stale)}: it never pays"
        )
    wanted = cost / highest_loss / days_to_stale
    return days_to_stale * rising_root(lambda x: 1 - (1 + x) * exp(-x) - wanted, 0.0, 1.0)


def interval_for_new_data(training_rows: float, new_rows_per_day: float, fresh_share: float = 0.1) -> float:
    """Return the days after which new labels are this share of the training data."""
    positive("the training rows", training_rows)
    positive("the new labels per day", new_rows_per_day)
    positive("the share of new labels", fresh_share)
    return fresh_share * training_rows / new_rows_per_day
