"""When a difference between two samples is drift and when it is chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import expm1, log, log1p, sqrt

from mlworkflow.numbers.calculus import rising_root, root
from mlworkflow.numbers.distributions import (
    binomial_at_least,
    chi_square_critical,
    chi_square_tail,
    kolmogorov_critical,
    shifted_chi_square_tail,
    student_tail,
)
from mlworkflow.numbers.normal import both_z, cdf, quantile
from mlworkflow.numbers.validity import (
    Infeasible,
    Invalid,
    above,
    correlation,
    count,
    finite,
    positive,
    probability,
    proportion,
    shown,
    up,
)

MOST_BINS = 100_000
WASSERSTEIN_MEAN = 1.28838
WASSERSTEIN_UPPER = 2.1


def _two_samples(n_reference: float, n_current: float) -> float:
    """Check two sample sizes and return the sum of their inverses."""
    count("the rows of the reference", n_reference)
    count("the rows of the current window", n_current)
    return 1 / n_reference + 1 / n_current


def _check_bins(bins: int) -> None:
    count("the number of bins", bins, at_least=2, at_most=MOST_BINS)


@cache
def psi_critical(bins: int, n_reference: float, n_current: float, alpha: float = 0.05) -> float:
    """Return the PSI that two samples without drift exceed with probability alpha."""
    _check_bins(bins)
    probability("alpha", alpha)
    return chi_square_critical(alpha, bins - 1) * _two_samples(n_reference, n_current)


def psi_mean_without_drift(bins: int, n_reference: float, n_current: float) -> float:
    """Return the mean PSI of two samples without drift."""
    _check_bins(bins)
    return (bins - 1) * _two_samples(n_reference, n_current)


def psi_false_alarm(bins: int, n_reference: float, n_current: float, threshold: float = 0.1) -> float:
    """Return the probability that PSI exceeds a fixed threshold though nothing drifted."""
    _check_bins(bins)
    positive("the threshold of PSI", threshold)
    return chi_square_tail(threshold / _two_samples(n_reference, n_current), bins - 1)


def psi_power(bins: int, n_reference: float, n_current: float, true_psi: float, alpha: float = 0.05) -> float:
    """Return the probability that PSI exceeds its critical value when the true PSI is this."""
    _check_bins(bins)
    positive("the true PSI", true_psi)
    probability("alpha", alpha)
    limit = chi_square_critical(alpha, bins - 1)
    return shifted_chi_square_tail(limit, bins - 1, true_psi / _two_samples(n_reference, n_current))


def rows_for_psi_threshold(bins: int, threshold: float = 0.1, alpha: float = 0.05) -> int:
    """Return the rows in each sample from which a PSI threshold means more than chance."""
    _check_bins(bins)
    positive("the threshold of PSI", threshold)
    probability("alpha", alpha)
    return up(2 * chi_square_critical(alpha, bins - 1) / threshold)


def psi(reference: Sequence[float], current: Sequence[float]) -> float:
    """Return the PSI between two lists of shares over the same bins."""
    _check_shares(reference, current)
    if min(*reference, *current) == 0:
        raise Invalid("PSI is infinite when a bin is empty; merge the bin with its neighbour")
    return sum((b - a) * log(b / a) for a, b in zip(reference, current, strict=True))


def _check_shares(reference: Sequence[float], current: Sequence[float]) -> None:
    if len(reference) != len(current) or len(reference) < 2:
        raise Invalid(f"two lists of shares need the same 2 or more bins, not {len(reference)} and {len(current)}")
    for share in (*reference, *current):
        proportion("the share of a bin", share)
    for shares in (reference, current):
        if abs(sum(shares) - 1) > 1e-6:
            raise Invalid(f"the shares of all bins must add up to 1, not {shown(sum(shares))}")


def psi_of_shift(shift_in_sd: float, bins: int = 10) -> float:
    """Return the PSI, over quantile bins, of a normal feature whose mean moved; about the square of the move."""
    _check_bins(bins)
    if not (abs(shift_in_sd) <= 5):
        raise Invalid(f"the shift must be at most 5 standard deviations, not {shown(shift_in_sd)}")
    cuts = [quantile(k / bins) for k in range(1, bins)]
    moved = [0.0, *(cdf(cut - abs(shift_in_sd)) for cut in cuts), 1.0]
    return sum((b - a - 1 / bins) * log((b - a) * bins) for a, b in pairwise(moved))


def shift_of_psi(value: float) -> float:
    """Return the move of a normal feature's mean, in standard deviations, that this PSI stands for."""
    positive("PSI", value)
    return sqrt(value)


def alpha_per_test(alarms_per_month: float, features: int, windows_per_month: float) -> float:
    """Return the alpha of one test that leads to the false alarms a month which people will bear."""
    positive("the false alarms a month", alarms_per_month)
    count("the number of features", features)
    positive("the windows a month", windows_per_month)
    alpha = alarms_per_month / (features * windows_per_month)
    if alpha >= 1:
        raise Invalid(
            f"{shown(alarms_per_month)} false alarms a month are more than the "
            f"{shown(features * windows_per_month)} tests that run in it"
        )
    return alpha


def alarms_per_month(alpha: float, features: int, windows_per_month: float) -> float:
    """Return the false alarms a month of this many tests at alpha."""
    probability("alpha", alpha)
    count("the number of features", features)
    positive("the windows a month", windows_per_month)
    return alpha * features * windows_per_month


def any_false_alarm(features: int, alpha: float = 0.05) -> float:
    """Return the probability that at least one of several independent tests at alpha raises a false alarm."""
    count("the number of tests", features)
    probability("alpha", alpha)
    return -expm1(features * log1p(-alpha))


def k_of_n(k: int, n: int, rate: float) -> float:
    """Return the probability of k or more events in n: a false alarm at the good rate, a detection at the bad one."""
    count("the number of trials", n, at_most=1e9)
    count("the number that alarms", k, at_least=0, at_most=1e9)
    return binomial_at_least(k, n, rate)


def ks_coefficient(alpha: float = 0.05) -> float:
    """Return the Kolmogorov-Smirnov coefficient c of alpha."""
    probability("alpha", alpha)
    return kolmogorov_critical(alpha)


def ks_critical(n_reference: float, n_current: float, alpha: float = 0.05) -> float:
    """Return the Kolmogorov-Smirnov distance that two samples without drift exceed with probability alpha."""
    return ks_coefficient(alpha) * sqrt(_two_samples(n_reference, n_current))


def ks_of_shift(shift_in_sd: float) -> float:
    """Return the Kolmogorov-Smirnov distance of a normal feature whose mean moved."""
    finite("the shift", shift_in_sd)
    return 2 * cdf(abs(shift_in_sd) / 2) - 1


def shift_of_ks(distance: float) -> float:
    """Return the move of a normal feature's mean, in standard deviations, that this distance stands for."""
    probability("the Kolmogorov-Smirnov distance", distance)
    return 2 * quantile((1 + distance) / 2) if distance < 1 - 1e-12 else 2 * quantile(1 - 1e-12)


def smallest_shift(n_reference: float, n_current: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the smallest move of a mean, in standard deviations, that two samples show."""
    return both_z(alpha, power) * sqrt(_two_samples(n_reference, n_current))


def window_rows(shift_in_sd: float, n_reference: float, alpha: float = 0.05, power: float = 0.8) -> int:
    """Return the rows of a window that shows this move of a mean against the reference."""
    positive("the size of the shift", abs(shift_in_sd))
    count("the rows of the reference", n_reference)
    squared = (both_z(alpha, power) / shift_in_sd) ** 2
    if squared >= n_reference * (1 - 1e-9):
        raise Infeasible(
            f"a reference of {shown(n_reference)} rows cannot show a shift of {shown(shift_in_sd)} sd; "
            f"it needs more than {squared:.6g} rows"
        )
    return up(squared / (1 - squared / n_reference))


def window_days(rows: float, rows_per_day: float) -> int:
    """Return the days, in whole weeks, in which that many rows arrive."""
    positive("the rows of a window", rows)
    positive("the rows per day", rows_per_day)
    return 7 * up(rows / rows_per_day / 7)


def independent_rows(rows: float, autocorrelation: float) -> float:
    """Return the independent rows that this many rows in sequence are worth."""
    positive("the rows", rows)
    correlation("the autocorrelation", autocorrelation)
    return rows * (1 - autocorrelation) / (1 + autocorrelation)


def js_distance(reference: Sequence[float], current: Sequence[float], base: float | None = None) -> float:
    """Return the Jensen-Shannon distance of two lists of shares, in nats unless a base is given."""
    _check_shares(reference, current)
    if base is not None:
        above("the base of a logarithm", base, 1 + 1e-9)
    pairs = list(zip(reference, current, strict=True))
    divergence = sum(_half(a, b) + _half(b, a) for a, b in pairs)
    return sqrt(max(0.0, divergence) / (1 if base is None else log(base)))


def _half(a: float, b: float) -> float:
    return 0.5 * a * log(2 * a / (a + b)) if a > 0 else 0.0


def psi_of_js(distance: float, base: float | None = None) -> float:
    """Return the PSI that a small Jensen-Shannon distance, in nats unless a base is given, stands for."""
    proportion("the Jensen-Shannon distance", distance)
    if base is not None:
        above("the base of a logarithm", base, 1 + 1e-9)
    return 8 * distance**2 * (1 if base is None else log(base))


def wasserstein_mean_without_drift(n_reference: float, n_current: float) -> float:
    """Return the mean Wasserstein distance, in standard deviations, of two normal samples without drift."""
    return WASSERSTEIN_MEAN * sqrt(_two_samples(n_reference, n_current))


def wasserstein_critical(n_reference: float, n_current: float) -> float:
    """Return about the Wasserstein distance, in sd, that normal samples without drift exceed 1 time in 20."""
    return WASSERSTEIN_UPPER * sqrt(_two_samples(n_reference, n_current))


def domain_classifier_null_sd(n_reference: float, n_current: float) -> float:
    """Return the standard deviation of the AUC with which chance tells two equal samples apart."""
    _two_samples(n_reference, n_current)
    return sqrt((n_reference + n_current + 1) / n_reference / n_current / 12)


def domain_classifier_auc(shift_in_sd: float) -> float:
    """Return the AUC of the best classifier between before and after a move of one normal feature."""
    finite("the shift", shift_in_sd)
    return cdf(abs(shift_in_sd) / sqrt(2))


def three_sigma_false_alarm(reference_chunks: int) -> float:
    """Return how often a chunk without drift exceeds the mean plus three deviations of a few reference chunks."""
    count("the number of reference chunks", reference_chunks, at_least=2)
    n = reference_chunks
    return student_tail(3 * sqrt((n - 1) / (n + 1)), n - 1)


def adwin_cut(n_before: float, n_after: float, variance: float, delta: float = 0.002) -> float:
    """Return the difference of means at which ADWIN cuts its window."""
    inverse = _two_samples(n_before, n_after)
    positive("the variance", variance)
    probability("delta", delta)
    detail = log(2 * log(n_before + n_after) / delta)
    return sqrt(2 * inverse * variance * detail) + 2 / 3 * inverse * detail


def best_possible_delay(rate_before: float, rate_after: float, rows_between_false_alarms: float) -> float:
    """Return the rows that no detector can undercut between a change of a rate and its alarm."""
    probability("the rate before", rate_before)
    probability("the rate after", rate_after)
    count("the rows between false alarms", rows_between_false_alarms, at_least=2)
    information = _divergence(rate_after, rate_before)
    if information < 1e-15:
        raise Invalid(f"the rates before and after must differ, and both are {shown(rate_before)}")
    return log(rows_between_false_alarms) / information


def _divergence(after: float, before: float) -> float:
    return after * log(after / before) + (1 - after) * log((1 - after) / (1 - before))


WIDEST_SHIFT = 5.0


def power_of_each(windows: int, power: float = 0.8) -> float:
    """Return the power that each of several windows running needs so that all of them alarm with the power wanted."""
    count("the number of windows", windows, at_most=1000)
    probability("the power", power)
    return float(power ** (1 / windows))


def psi_seen(bins: int, n_reference: float, n_current: float, threshold: float, power: float = 0.8) -> float:
    """Return the true PSI with which the measured one exceeds a threshold with this power."""
    _check_bins(bins)
    positive("the threshold of PSI", threshold)
    probability("the power", power)
    inverse = _two_samples(n_reference, n_current)
    limit = threshold / inverse
    if chi_square_tail(limit, bins - 1) >= power:
        raise Infeasible(f"a PSI of {shown(threshold)} is passed by chance alone with windows this small")
    return inverse * rising_root(lambda moved: _moved_tail(limit, bins - 1, moved) - power, 0.0, max(1.0, limit))


def _moved_tail(x: float, freedom: float, moved: float) -> float:
    """The chance that non-central chi-square exceeds x, by Sankaran's root, which is good to three digits and quick."""
    once, twice, thrice = freedom + moved, freedom + 2 * moved, freedom + 3 * moved
    h = 1 - 2 / 3 * once * thrice / twice**2
    p = twice / once**2
    m = (h - 1) * (1 - 3 * h)
    mean = 1 + h * p * (h - 1 - (2 - h) * m * p / 2)
    return cdf((mean - (x / once) ** h) / (h * sqrt(2 * p) * (1 + m * p / 2)))


def shift_seen_by_psi(
    bins: int, n_reference: float, n_current: float, threshold: float = 0.1, power: float = 0.8
) -> float:
    """Return the smallest move of a normal feature's mean, in standard deviations, that a PSI threshold sees."""
    wanted = psi_seen(bins, n_reference, n_current, threshold, power)
    if psi_of_shift(WIDEST_SHIFT, bins) < wanted:
        raise Infeasible(f"no shift up to {WIDEST_SHIFT:g} standard deviations passes so high a PSI with this power")
    return root(lambda shift: psi_of_shift(shift, bins) - wanted, 0.0, WIDEST_SHIFT)


def shift_seen_by_auc(n_reference: float, n_current: float, threshold: float, power: float = 0.8) -> float:
    """Return the smallest move of one direction, in sd, that a domain classifier's AUC threshold sees."""
    probability("the threshold of the AUC", threshold)
    wanted = threshold + quantile(power) * domain_classifier_null_sd(n_reference, n_current)
    if wanted >= 1:
        raise Infeasible("no shift lifts the AUC of samples this small above the threshold with this power")
    return max(0.0, sqrt(2) * quantile(wanted))


def share_seen(share_before: float, n_reference: float, n_current: float, errors: float, power: float = 0.8) -> float:
    """Return the smallest change of a share that a limit of so many standard errors sees."""
    probability("the share before", share_before)
    positive("the standard errors of the limit", errors)
    spread = sqrt(share_before * (1 - share_before) * _two_samples(n_reference, n_current))
    return (errors + quantile(power)) * spread


def rate_seen(alarm_above: int, trials: int, power: float = 0.8) -> float:
    """Return the smallest rate with which a sample holds more cases than the alarm allows, with this power."""
    count("the sample", trials)
    probability("the power", power)
    if alarm_above >= trials:
        raise Infeasible("a sample never holds more cases than it has")
    return root(lambda rate: binomial_at_least(alarm_above + 1, trials, rate) - power, 0.0, 1.0)
