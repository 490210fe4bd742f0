"""How many users an experiment needs, how long it runs, and what it can show."""

from __future__ import annotations

from functools import cache
from math import erfc, exp, lgamma, log, sqrt

from mlworkflow.numbers import looks as repeated
from mlworkflow.numbers.calculus import integral, rising_root, root, secant
from mlworkflow.numbers.distributions import student_critical
from mlworkflow.numbers.normal import both_z, cdf, critical_z, density, power_z
from mlworkflow.numbers.validity import (
    Infeasible,
    Invalid,
    correlation,
    count,
    finite,
    not_negative,
    positive,
    probability,
    proportion,
    share,
    shown,
    up,
)

SMALLEST_EFFECT = 1e-9


def _two_rates(base: float, effect: float) -> float:
    """Check two rates that differ by the effect, and return the second."""
    probability("the base rate", base)
    finite("the effect", effect)
    if abs(effect) < SMALLEST_EFFECT:
        raise Invalid(f"the effect must not be 0 (it is {shown(effect)}): no sample is large enough to see nothing")
    if not (0 < base + effect < 1):
        raise Invalid(
            f"the base rate {shown(base)} plus the effect {shown(effect)} is {shown(base + effect)}, "
            "and a rate must lie between 0 and 1; is the effect perhaps meant as relative?"
        )
    return base + effect


def users_per_arm_for_rates(
    base: float, effect_absolute: float, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0, sides: int = 2
) -> float:
    """Return the treatment users, not rounded, that show this change of a rate; control has ratio times them."""
    other = _two_rates(base, effect_absolute)
    positive("the ratio of control to treatment", ratio)
    pooled = (other + ratio * base) / (1 + ratio)
    alike = critical_z(alpha, sides) * sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    apart = power_z(power) * sqrt(other * (1 - other) + base * (1 - base) / ratio)
    return float(((alike + apart) / effect_absolute) ** 2)


def users_per_arm_for_means(
    sd: float, effect: float, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0, sides: int = 2
) -> float:
    """Return the treatment users, not rounded, that show this change of a mean; control has ratio times them."""
    positive("the standard deviation", sd)
    positive("the size of the effect", abs(effect))
    positive("the ratio of control to treatment", ratio)
    return (1 + 1 / ratio) * (both_z(alpha, power, sides) * sd / effect) ** 2


def users_per_arm_for_few(sd: float, effect: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the users per arm for a change of a mean by Student's t, which matters below about 50 per arm."""
    normal, ratio = users_per_arm_for_means(sd, effect, alpha, power), abs(effect) / sd

    def missing(users: float) -> float:
        return power_of_t(ratio, users, alpha) - power

    if normal < 5:
        return rising_root(missing, max(1.1, normal - 1), 1.0)
    return secant(missing, normal + 1, normal + 1.1)


def power_of_t(effect_in_sd: float, per_arm: float, alpha: float = 0.05) -> float:
    """Return the power of a two-sided t test with this many users per arm."""
    finite("the effect", effect_in_sd)
    count("the users per arm", per_arm, at_least=1.01)
    freedom = 2 * per_arm - 2
    limit, drift = student_critical(alpha / 2, freedom), effect_in_sd * sqrt(per_arm / 2)
    low, high = max(0.0, 1 - 8 / sqrt(freedom)), 1 + 8 / sqrt(freedom)
    return integral(lambda s: _spread(s, freedom) * (cdf(drift - limit * s) + cdf(-drift - limit * s)), low, high)


def _spread(s: float, freedom: float) -> float:
    """The density of the ratio of the measured to the true standard deviation."""
    half = freedom / 2
    return exp(half * log(half) - lgamma(half) + log(2) + (freedom - 1) * log(s) - half * s * s)


def detectable_effect_for_rates(
    base: float,
    per_arm: float,
    alpha: float = 0.05,
    power: float = 0.8,
    ratio: float = 1.0,
    sides: int = 2,
    falling: bool = False,
) -> float:
    """Return the change of a rate that this many users per arm show; it is negative when a fall is looked for."""
    probability("the base rate", base)
    positive("the users per arm", per_arm)
    sign, room = (-1, base) if falling else (1, 1 - base)
    low, high = 2 * SMALLEST_EFFECT, room * (1 - 1e-9)
    if low >= high or _needed(base, sign * high, alpha, power, ratio, sides) > per_arm:
        raise Infeasible(f"{shown(per_arm)} users per arm cannot show any change of a rate of {shown(base)}")
    if _needed(base, sign * low, alpha, power, ratio, sides) < per_arm:
        raise Invalid(f"the users per arm ({shown(per_arm)}) exceed what any experiment needs")
    return sign * root(lambda size: per_arm - _needed(base, sign * size, alpha, power, ratio, sides), low, high)


def _needed(base: float, effect: float, alpha: float, power: float, ratio: float, sides: int) -> float:
    return users_per_arm_for_rates(base, effect, alpha, power, ratio, sides)


def detectable_effect_for_means(
    sd: float, per_arm: float, alpha: float = 0.05, power: float = 0.8, ratio: float = 1.0, sides: int = 2
) -> float:
    """Return the change of a mean that this many users per arm show."""
    positive("the standard deviation", sd)
    positive("the users per arm", per_arm)
    positive("the ratio of control to treatment", ratio)
    return both_z(alpha, power, sides) * sd * sqrt((1 + 1 / ratio) / per_arm)


def power_for_rates(base: float, effect_absolute: float, per_arm: float, alpha: float = 0.05) -> float:
    """Return the power with which two equal arms of this size show this change of a rate."""
    other = _two_rates(base, effect_absolute)
    positive("the users per arm", per_arm)
    middle = (base + other) / 2
    alike = critical_z(alpha) * sqrt(2 * middle * (1 - middle))
    return cdf((abs(effect_absolute) * sqrt(per_arm) - alike) / sqrt(base * (1 - base) + other * (1 - other)))


def normal_enough(base: float, effect_absolute: float, per_arm: float) -> bool:
    """Say whether both arms have 10 or more successes and failures, below which the formula for rates strains."""
    other = _two_rates(base, effect_absolute)
    return per_arm * min(base, 1 - base, other, 1 - other) >= 10


def users_for_skew(skewness: float) -> int:
    """Return the users per arm from which the mean of so skewed a metric may be treated as normal."""
    finite("the skewness", skewness)
    return up(min(355 * skewness * skewness, 1e18))


def split_inflation(treatment_share: float) -> float:
    """Return how many times the traffic of an equal split this split needs."""
    probability("the share of the treatment", treatment_share)
    return 1 / (4 * treatment_share * (1 - treatment_share))


def total_users(per_arm: float, treatment_share: float = 0.5) -> float:
    """Return the users in both arms together, from the users per arm of an equal split."""
    positive("the users per arm", per_arm)
    return 2 * per_arm * split_inflation(treatment_share)


def trigger_inflation(triggered: float, only_triggered_analysed: bool) -> float:
    """Return how many times the users are needed when only a share of them meets the change."""
    share("the share of users that meet the change", triggered)
    return 1 / triggered if only_triggered_analysed else 1 / triggered**2


def days_needed(total: float, eligible_per_day: float, share_of_traffic: float = 1.0) -> int:
    """Return the whole days in which this traffic brings that many users."""
    positive("the total of users", total)
    positive("the eligible users per day", eligible_per_day)
    share("the share of traffic in the experiment", share_of_traffic)
    return up(total / (eligible_per_day * share_of_traffic))


def weeks_needed(total_users: float, eligible_per_day: float, share: float = 1.0, at_least: int = 2) -> int:
    """Return the whole weeks in which this traffic brings that many users, never fewer than asked."""
    count("the fewest weeks", at_least, at_least=1, at_most=520)
    return max(at_least, -(-days_needed(total_users, eligible_per_day, share) // 7))


def users_in_weeks(weeks: float, eligible_per_day: float, share_of_traffic: float = 1.0) -> float:
    """Return the users that this traffic brings in that many weeks."""
    positive("the weeks", weeks)
    positive("the eligible users per day", eligible_per_day)
    share("the share of traffic in the experiment", share_of_traffic)
    return 7 * weeks * eligible_per_day * share_of_traffic


def analysis_day(weeks: float, outcome_window_days: float = 0.0, label_maturity_days: float = 0.0) -> int:
    """Return the day, counted from the start, on which the last user's outcome is known."""
    positive("the weeks", weeks)
    not_negative("the outcome window in days", outcome_window_days)
    not_negative("the days until labels are mature", label_maturity_days)
    return up(7 * weeks + outcome_window_days + label_maturity_days)


def design_effect(cluster_size: float, icc: float, cv_cluster_size: float = 0.0) -> float:
    """Return how many times the users are needed when they come in clusters that resemble themselves."""
    count("the size of a cluster", cluster_size)
    proportion("the intra-cluster correlation", icc)
    not_negative("the coefficient of variation of the cluster size", cv_cluster_size)
    return max(1.0, 1 + ((cv_cluster_size**2 + 1) * cluster_size - 1) * icc)


def ratio_metric_variance(
    variance_top: float, variance_bottom: float, covariance: float, ratio: float, mean_bottom: float
) -> float:
    """Return the variance per user of a ratio of two sums, when users and not events were randomised."""
    not_negative("the variance of the upper part", variance_top)
    not_negative("the variance of the lower part", variance_bottom)
    finite("the covariance", covariance)
    finite("the ratio", ratio)
    positive("the mean of the lower part", mean_bottom)
    variance = variance_top - 2 * ratio * covariance + ratio**2 * variance_bottom
    if variance < 0:
        raise Invalid(f"the covariance {shown(covariance)} is impossible with these variances")
    return variance / mean_bottom**2


def cuped(per_arm: float, rho: float) -> float:
    """Return the users per arm that are left to find when a figure from before explains part of the metric."""
    positive("the users per arm", per_arm)
    correlation("the correlation with the figure from before", rho)
    return per_arm * (1 - rho * rho)


def correlation_needed(available: float, needed: float) -> float:
    """Return the correlation with a figure from before with which the users at hand are enough."""
    positive("the users available", available)
    positive("the users needed", needed)
    return sqrt(max(0.0, 1 - available / needed))


@cache
def several_variants_z(variants: int, alpha: float = 0.05) -> float:
    """Return Dunnett's critical z for this many treatments against one control of equal size."""
    count("the number of treatments", variants, at_most=1000)
    high = 0.01 + several_variants_bonferroni_z(variants, alpha)
    return root(lambda z: _none_beyond(z, variants) - (1 - alpha), 0.0, high)


def several_variants_bonferroni_z(variants: int, alpha: float = 0.05) -> float:
    """Return the critical z that splits alpha evenly over this many treatments, a little stricter than Dunnett's."""
    count("the number of treatments", variants, at_most=1000)
    return critical_z(alpha / variants)


def _none_beyond(z: float, variants: int) -> float:
    """The probability that no treatment differs from the shared control by more than z standard errors."""
    width = z * sqrt(2)
    return integral(lambda x: density(x) * (cdf(x + width) - cdf(x - width)) ** variants, -8.5, 8.5, 48)


def several_variants_inflation(variants: int, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return how many times the users per arm are needed with this many treatments, by Dunnett's z."""
    return critical_inflation(several_variants_z(variants, alpha), alpha, power)


def critical_inflation(z: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return how many times the users per arm are needed when the critical z is stricter than that of alpha."""
    positive("the critical z", z)
    return ((z + power_z(power)) / both_z(alpha, power)) ** 2


def control_share(variants: int) -> float:
    """Return the share of traffic that a control shared by this many treatments is best given."""
    count("the number of treatments", variants, at_most=1000)
    return sqrt(variants) / (sqrt(variants) + variants)


def guardrail_users_for_rates(base: float, margin: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the users per arm that show a rate to be no worse than the margin allows."""
    probability("the base rate", base)
    probability("the margin", margin)
    return 2 * base * (1 - base) * (both_z(alpha, power, sides=1) / margin) ** 2


def guardrail_users_for_means(sd: float, margin: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the users per arm that show a mean to be no worse than the margin allows."""
    return users_per_arm_for_means(sd, margin, alpha, power, sides=1)


def power_for_each_guardrail(guardrails: int, power: float = 0.8) -> float:
    """Return the power that each guardrail needs so that all pass together with the power wanted."""
    count("the number of guardrails", guardrails, at_most=1000)
    probability("the power", power)
    return 1 - (1 - power) / guardrails


def interleaving_impressions(win_share: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the decided impressions that tell a ranking which wins this share of them from its rival."""
    probability("the share of wins", win_share)
    if abs(win_share - 0.5) < SMALLEST_EFFECT:
        raise Invalid(f"the share of wins must differ from 0.5, not {shown(win_share)}")
    spread = sqrt(win_share * (1 - win_share))
    return float(((0.5 * critical_z(alpha) + power_z(power) * spread) / (win_share - 0.5)) ** 2)


def looks_inflation(looks: int, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return how many times the users are needed at most with this many planned O'Brien-Fleming looks."""
    limits = repeated.obrien_fleming_limits(repeated.obrien_fleming_constant(looks, alpha), looks)
    return repeated.inflation(limits, alpha, power)


def looks_expected_inflation(looks: int, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return how many times the users are needed on average with O'Brien-Fleming looks, if the effect is there."""
    limits = repeated.obrien_fleming_limits(repeated.obrien_fleming_constant(looks, alpha), looks)
    return repeated.expected_inflation(limits, alpha, power)


def false_alarm_of_peeking(looks: int, alpha: float = 0.05) -> float:
    """Return the probability that at least one of several plain looks at alpha raises a false alarm."""
    count("the number of looks", looks, at_most=repeated.MOST_LOOKS)
    return sum(repeated.crossing(repeated.pocock_limits(critical_z(alpha), looks)))


def always_valid_half_width(users: float, tuned_for: float = 5000.0, alpha: float = 0.05) -> float:
    """Return the half width, in standard deviations, of an interval that holds at every look."""
    positive("the users", users)
    positive("the users that the interval is tuned for", tuned_for)
    probability("alpha", alpha)
    tuning = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / tuned_for
    grown = users * tuning + 1
    return sqrt(2 * grown / (users * users * tuning) * log(sqrt(grown) / alpha))


def sample_ratio_p(control: float, treatment: float, share: float = 0.5) -> float:
    """Return the p-value of the counts in both arms when this share of users should be in treatment."""
    not_negative("the users in control", control)
    not_negative("the users in treatment", treatment)
    probability("the share of the treatment", share)
    total = control + treatment
    positive("the users in both arms", total)
    chi_square = (treatment - total * share) ** 2 / (total * share * (1 - share))
    return erfc(sqrt(chi_square / 2))


def before_after_effect(
    days_each_side: float, cv_daily: float, autocorrelation: float = 0.5, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Return the relative change that a comparison of before and after shows against the noise of days."""
    positive("the days on each side", days_each_side)
    positive("the daily coefficient of variation", cv_daily)
    correlation("the autocorrelation", autocorrelation)
    memory = (1 + autocorrelation) / (1 - autocorrelation)
    return both_z(alpha, power) * cv_daily * sqrt(2 / days_each_side * memory)


def switchback_slots(
    base: float, effect_absolute: float, units_per_slot: float, icc: float, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Return the slots of both arms together when whole slots of time are switched."""
    per_arm = users_per_arm_for_rates(base, effect_absolute, alpha, power)
    return 2 * per_arm * design_effect(units_per_slot, icc) / units_per_slot


def periods_to_see_action(
    events_prevented: float, population: float, prevalence: float, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Return the periods after which events prevented by acting stand out of the noise of the whole population."""
    positive("the events prevented in a period", events_prevented)
    positive("the population", population)
    probability("the prevalence", prevalence)
    return (both_z(alpha, power) * sqrt(population * prevalence * (1 - prevalence)) / events_prevented) ** 2
