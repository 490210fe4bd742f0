"""What a search for hyperparameters costs, and how far its winner flatters itself."""

from __future__ import annotations

from math import log1p

from mlworkflow.numbers.distributions import largest_of_normals
from mlworkflow.numbers.validity import Invalid, count, positive, probability, shown, up


def random_trials(top_share: float, confidence: float = 0.95) -> int:
    """Return the random trials of which at least one lies in the top share of the space."""
    probability("the top share", top_share)
    probability("the confidence", confidence)
    return up(log1p(-confidence) / log1p(-top_share))


def budget_hours(trials: float, hours_each: float, folds: int = 1, parallel: int = 1) -> float:
    """Return the hours that all trials take."""
    count("the number of trials", trials)
    positive("the hours of a trial", hours_each)
    count("the number of folds", folds)
    count("the trials at once", parallel)
    return trials * hours_each * folds / parallel


def halving_rungs(least: float, most: float, eta: float = 4.0) -> list[float]:
    """Return the budgets at which successive halving drops the worse trials."""
    positive("the least budget of a trial", least)
    positive("the most budget of a trial", most)
    count("the factor of halving", eta, at_least=1.1, at_most=1e6)
    if least > most:
        raise Invalid(f"the least budget of a trial ({shown(least)}) is above the most ({shown(most)})")
    rungs = [least]
    while rungs[-1] * eta <= most * (1 + 1e-12):
        rungs.append(rungs[-1] * eta)
    return rungs


def halving_cost(trials: float, least: float, most: float, eta: float = 4.0) -> float:
    """Return the budget that successive halving spends when trials are resumed from rung to rung."""
    count("the number of trials", trials)
    rungs = halving_rungs(least, most, eta)
    spent, running, reached = 0.0, trials, 0.0
    for rung in (*rungs, most):
        spent += running * (rung - reached)
        running, reached = max(1.0, running // eta) if rung != most else running, rung
    return spent


def winners_optimism(trials: float, validation_error: float) -> float:
    """Return by how much the best of equally good trials looks better than it is, at most."""
    positive("the standard error of the validation score", validation_error)
    return largest_of_normals(trials) * validation_error
