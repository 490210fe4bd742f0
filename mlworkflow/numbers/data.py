"""How many rows a claim about a model needs."""

from __future__ import annotations

from math import exp, expm1, lgamma, log, log1p, pi, sqrt

from mlworkflow.numbers.distributions import owens_t
from mlworkflow.numbers.normal import both_z, critical_z, interval_z, power_z, quantile
from mlworkflow.numbers.validity import (
    Infeasible,
    Invalid,
    above,
    count,
    not_negative,
    positive,
    probability,
    proportion,
    share,
    shown,
    up,
)

ROOT_SPREAD_OF_UNIFORM_SCORES = pi / 8


def wilson(successes: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval of rates that this many successes in n speak for."""
    count("the number of trials", n)
    count("the number of successes", successes, at_least=0, at_most=n)
    z = interval_z(confidence)
    observed, scale = successes / n, 1 + z * z / n
    centre = (observed + z * z / (2 * n)) / scale
    half = z / scale * sqrt(observed * (1 - observed) / n + (z / (2 * n)) ** 2)
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return (0.0 if successes == 0 else low), (1.0 if successes == n else high)


def positives_for_recall(recall: float, margin: float, confidence: float = 0.95) -> int:
    """Return the positives in a test set that fix the recall to within the margin."""
    probability("the recall", recall)
    probability("the margin", margin)
    return up((interval_z(confidence) / margin) ** 2 * recall * (1 - recall))


def rows_for_positives(positives: float, prevalence: float) -> int:
    """Return the rows among which that many positives are expected."""
    positive("the number of positives", positives)
    probability("the prevalence", prevalence)
    return up(positives / prevalence)


def zero_failures_upper(n: float, confidence: float = 0.95) -> float:
    """Return the failure rate that n trials without a failure rule out; about 3/n."""
    count("the number of trials", n)
    probability("the confidence", confidence)
    return -expm1(log1p(-confidence) / n)


def zero_failures_needed(highest_rate: float, confidence: float = 0.95) -> int:
    """Return the trials without a failure that show the rate to be below the highest one allowed."""
    probability("the highest rate", highest_rate)
    probability("the confidence", confidence)
    return up(log1p(-confidence) / log1p(-highest_rate))


def mcnemar_pairs(first_only: float, second_only: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the rows on which two models, each right alone on such a share of them, can be told apart."""
    proportion("the share that only the first gets right", first_only)
    proportion("the share that only the second gets right", second_only)
    discordant, difference = first_only + second_only, abs(first_only - second_only)
    if discordant > 1 or difference < 1e-9:
        raise Invalid(
            f"the shares that only one model gets right ({shown(first_only)} and {shown(second_only)}) "
            "must differ and add up to at most 1"
        )
    strict, strong = critical_z(alpha), power_z(power)
    return ((strict * sqrt(discordant) + strong * sqrt(discordant - difference**2)) / difference) ** 2


def _auc_parts(auc: float) -> tuple[float, float]:
    probability("the AUC", auc)
    return auc / (2 - auc) - auc * auc, 2 * auc * auc / (1 + auc) - auc * auc


def hanley_mcneil_error(auc: float, positives: float, negatives: float) -> float:
    """Return the standard error of an AUC by Hanley and McNeil; it is too wide where positives are rare."""
    count("the number of positives", positives)
    count("the number of negatives", negatives)
    first, second = _auc_parts(auc)
    variance = auc * (1 - auc) + (positives - 1) * first + (negatives - 1) * second
    return sqrt(variance / positives / negatives)


def rows_to_compare_auc(auc: float, other_auc: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the rows in each class, in each of two samples, that tell two AUCs apart in a one-sided test."""
    spread, other_spread = sum(_auc_parts(auc)), sum(_auc_parts(other_auc))
    if abs(auc - other_auc) < 1e-9:
        raise Invalid(f"two AUCs must differ to be told apart, and both are {shown(auc)}")
    strict, strong = critical_z(alpha, sides=1), power_z(power)
    return float(((strict * sqrt(2 * spread) + strong * sqrt(spread + other_spread)) / (auc - other_auc)) ** 2)


def events_for_auc_error(auc: float, prevalence: float, error: float = 0.025) -> float:
    """Return the positives with which the AUC is known to this standard error, by Pavlou's formula."""
    count("the AUC", auc, at_least=0.5, at_most=0.9999)
    probability("the prevalence", prevalence)
    positive("the standard error", error)
    spread = auc - 2 * owens_t(quantile(auc), 1 / sqrt(3)) - auc * auc
    return spread / (error * error * (1 - prevalence))


def events_for_observed_expected(ratio_margin: float, confidence: float = 0.95) -> int:
    """Return the positives that fix the ratio of observed to expected events to within this factor."""
    above("the margin of the ratio", ratio_margin, 1 + 1e-9)
    return up((interval_z(confidence) / log(ratio_margin)) ** 2)


def rows_for_shrinkage(parameters: int, r_squared: float, shrinkage: float = 0.9) -> int:
    """Return the training rows that keep a regression with so many parameters from overfitting, by Riley's rule."""
    count("the number of parameters", parameters)
    probability("the shrinkage", shrinkage)
    probability("the explained share", r_squared)
    if r_squared >= shrinkage:
        raise Invalid(f"the explained share ({shown(r_squared)}) must be below the shrinkage ({shown(shrinkage)})")
    return up(parameters / ((shrinkage - 1) * log1p(-r_squared / shrinkage)))


def folds_advised(rows: float, ordered_in_time: bool) -> tuple[int, int]:
    """Return the folds and repeats that suit this many rows; one fold stands for a holdout or a walk forward."""
    count("the number of rows", rows)
    if ordered_in_time or rows > 100_000:
        return 1, 1
    return (10, 5) if rows < 1000 else (5, 1)


def folds_variance(repeats: int, folds: int) -> float:
    """Return the factor from the spread of fold scores to the variance of their mean, by Nadeau and Bengio."""
    count("the number of repeats", repeats)
    count("the number of folds", folds, at_least=2)
    return 1 / (repeats * folds) + 1 / (folds - 1)


def ece_null(rows: float, bins: int = 15, root_spread: float = ROOT_SPREAD_OF_UNIFORM_SCORES) -> float:
    """Return the calibration error that a perfectly calibrated model shows by chance."""
    count("the number of rows", rows)
    count("the number of bins", bins)
    not_negative("the mean root of p(1-p)", root_spread)
    return sqrt(2 / pi) * min(root_spread, 0.5) * sqrt(bins / rows)


def brier_rows(score_sd: float, margin: float, confidence: float = 0.95) -> int:
    """Return the rows that fix a mean of row scores, such as Brier's, to within the margin."""
    positive("the standard deviation of a row's score", score_sd)
    positive("the margin", margin)
    return up((interval_z(confidence) * score_sd / margin) ** 2)


def rows_per_group_for_difference(rate: float, difference: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the rows in each of two groups that show this difference of a rate."""
    probability("the rate", rate)
    probability("the size of the difference", abs(difference))
    return 2 * rate * (1 - rate) * (both_z(alpha, power) / difference) ** 2


def rows_per_group_for_ratio(rate: float, ratio: float = 0.8, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the rows in each of two groups with the same rate that rule out a ratio as low as this."""
    probability("the rate", rate)
    probability("the ratio", ratio)
    if ratio > 1 - 1e-9:
        raise Invalid(f"the ratio must be below 1, not {shown(ratio)}")
    return (1 - rate) / rate * 2 * (both_z(alpha, power, sides=1) / log(ratio)) ** 2


def four_fifths_false_alarm(rows_per_group: int, rate: float, groups: int = 2, ratio: float = 0.8) -> float:
    """Return the probability that groups with the same true rate break the four-fifths rule by chance."""
    count("the rows of a group", rows_per_group, at_most=1e8)
    probability("the rate", rate)
    count("the number of groups", groups, at_least=2, at_most=1000)
    probability("the ratio", ratio)
    first, running = _binomial_shares(rows_per_group, rate)

    def reached(count_of_successes: int) -> float:
        return running[min(max(count_of_successes - first, 0), len(running) - 1)]

    fair = sum(
        (reached(top + 1) - reached(up(ratio * top))) ** groups - (reached(top) - reached(up(ratio * top))) ** groups
        for top in range(first, first + len(running) - 1)
    )
    return min(1.0, max(0.0, 1 - fair))


def _binomial_shares(trials: int, rate: float) -> tuple[int, list[float]]:
    """Return the first count that can matter, and from it on the probability of fewer successes than each count."""
    mean, reach = trials * rate, 12 * sqrt(trials * rate * (1 - rate)) + 12
    first, last = max(0, int(mean - reach)), min(trials, int(mean + reach) + 1)
    running = [0.0]
    for k in range(first, last + 1):
        weight = lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1)
        running.append(running[-1] + exp(weight + k * log(rate) + (trials - k) * log1p(-rate)))
    return first, running


def learning_curve_error(rows: float, asymptote: float, scale: float, exponent: float) -> float:
    """Return the error that a learning curve predicts at this many rows."""
    count("the number of rows", rows)
    _check_curve(asymptote, scale, exponent)
    return asymptote + scale * exp(-exponent * log(rows))


def learning_curve_rows(target: float, asymptote: float, scale: float, exponent: float) -> float:
    """Return the rows at which a learning curve reaches the target error."""
    _check_curve(asymptote, scale, exponent)
    positive("the target error", target)
    if target <= asymptote * (1 + 1e-12):
        raise Infeasible(f"more rows never bring the error below {shown(asymptote)}; {shown(target)} is asked")
    power = log(scale / (target - asymptote)) / exponent
    if power > 40:
        raise Infeasible(f"an error of {shown(target)} needs more rows than anyone has (1e17 and more)")
    return max(1.0, exp(power))


def _check_curve(asymptote: float, scale: float, exponent: float) -> None:
    not_negative("the error that rows cannot remove", asymptote)
    positive("the scale of a learning curve", scale)
    share("the exponent of a learning curve", exponent)


def gain_from_doubling(exponent: float) -> float:
    """Return the share of the reducible error that twice the rows remove."""
    share("the exponent of a learning curve", exponent)
    return 1 - 2**-exponent


def largest_auc_of_noise(features: int, positives: float, negatives: float, confidence: float = 0.95) -> float:
    """Return how far from one half the AUC of the luckiest of many pure-noise features may lie."""
    count("the number of features", features)
    count("the number of positives", positives)
    count("the number of negatives", negatives)
    probability("the confidence", confidence)
    z = quantile(1 - (1 - confidence) / (2 * features))
    return min(0.5, z * sqrt((positives + negatives + 1) / (12 * positives * negatives)))
