"""What right and wrong decisions are worth, and what a model must beat."""

from __future__ import annotations

from math import log, sqrt

from mlworkflow.numbers.validity import Invalid, not_negative, positive, probability, proportion, shown


def cost_per_thousand(
    prevalence: float, recall: float, false_alarm_rate: float, cost_missed: float, cost_false_alarm: float
) -> float:
    """Return what the errors of 1,000 decisions cost at this operating point."""
    _check_point(prevalence, recall, false_alarm_rate)
    not_negative("the cost of a missed case", cost_missed)
    not_negative("the cost of a false alarm", cost_false_alarm)
    missed = prevalence * (1 - recall) * cost_missed
    return 1000 * (missed + (1 - prevalence) * false_alarm_rate * cost_false_alarm)


def _check_point(prevalence: float, recall: float, false_alarm_rate: float) -> None:
    probability("the prevalence", prevalence)
    proportion("the recall", recall)
    proportion("the false-alarm rate", false_alarm_rate)


def cost_of_never_acting(prevalence: float, cost_missed: float) -> float:
    """Return what 1,000 decisions cost when nothing is ever done."""
    return cost_per_thousand(prevalence, 0, 0, cost_missed, 0)


def cost_of_always_acting(prevalence: float, cost_false_alarm: float) -> float:
    """Return what 1,000 decisions cost when every case is acted on."""
    return cost_per_thousand(prevalence, 1, 1, 0, cost_false_alarm)


def threshold_from_costs(
    cost_missed: float, cost_false_alarm: float, cost_right_alarm: float = 0.0, cost_right_pass: float = 0.0
) -> float:
    """Return the calibrated probability above which acting is cheaper than not acting."""
    for name, cost in (
        ("the cost of a missed case", cost_missed),
        ("the cost of a false alarm", cost_false_alarm),
        ("the cost of a right alarm", cost_right_alarm),
        ("the cost of a right pass", cost_right_pass),
    ):
        not_negative(name, cost)
    wasted, saved = cost_false_alarm - cost_right_pass, cost_missed - cost_right_alarm
    if wasted <= 0 or saved <= 0:
        raise Invalid(
            f"an error must cost more than the right decision: a false alarm costs {shown(cost_false_alarm)} against "
            f"{shown(cost_right_pass)}, a missed case {shown(cost_missed)} against {shown(cost_right_alarm)}"
        )
    return wasted / (wasted + saved)


def precision_from_rates(prevalence: float, recall: float, false_alarm_rate: float) -> float:
    """Return the share of alarms that are right."""
    _check_point(prevalence, recall, false_alarm_rate)
    right, wrong = prevalence * recall, (1 - prevalence) * false_alarm_rate
    if right + wrong == 0:
        raise Invalid(
            "the precision of a rule that never raises an alarm does not exist (recall and false alarms are 0)"
        )
    return right / (right + wrong)


def highest_false_alarm_rate(prevalence: float, recall: float, cost_missed: float, cost_false_alarm: float) -> float:
    """Return the false-alarm rate above which acting costs more than never acting."""
    _check_point(prevalence, recall, 0)
    not_negative("the cost of a missed case", cost_missed)
    positive("the cost of a false alarm", cost_false_alarm)
    return min(1.0, prevalence * recall * cost_missed / ((1 - prevalence) * cost_false_alarm))


def break_even_slope(prevalence: float, cost_missed: float, cost_false_alarm: float) -> float:
    """Return the ratio of recall to false-alarm rate below which acting costs more than never acting."""
    probability("the prevalence", prevalence)
    positive("the cost of a missed case", cost_missed)
    positive("the cost of a false alarm", cost_false_alarm)
    return (1 - prevalence) / prevalence * cost_false_alarm / cost_missed


def value_per_case(prevalence: float, recall: float, false_alarm_rate: float, gain: float, cost: float) -> float:
    """Return what acting on the alarms earns per case, gains of right alarms less costs of wrong ones."""
    _check_point(prevalence, recall, false_alarm_rate)
    not_negative("the gain of a right alarm", gain)
    not_negative("the cost of a false alarm", cost)
    return prevalence * recall * gain - (1 - prevalence) * false_alarm_rate * cost


def value_of_action(probability_of_case: float, success_share: float, value_of_success: float, cost: float) -> float:
    """Return what one action earns on a case with this probability."""
    proportion("the probability of the case", probability_of_case)
    proportion("the share of actions that succeed", success_share)
    not_negative("the value of a success", value_of_success)
    not_negative("the cost of an action", cost)
    return probability_of_case * success_share * value_of_success - cost


def least_probability_to_act(success_share: float, value_of_success: float, cost: float) -> float:
    """Return the probability from which an action pays; above 1 it never does."""
    probability("the share of actions that succeed", success_share)
    positive("the value of a success", value_of_success)
    not_negative("the cost of an action", cost)
    return cost / (success_share * value_of_success)


def highest_recall_at_capacity(capacity: float, population: float, prevalence: float) -> float:
    """Return the recall that no model can exceed when only so many cases can be acted on."""
    not_negative("the capacity", capacity)
    positive("the population", population)
    probability("the prevalence", prevalence)
    return min(1.0, capacity / (population * prevalence))


def share_touched(capacity: float, population: float) -> float:
    """Return the share of the population that the capacity reaches."""
    not_negative("the capacity", capacity)
    positive("the population", population)
    return min(1.0, capacity / population)


def recall_at_capacity(capacity: float, precision: float, population: float, prevalence: float) -> float:
    """Return the recall that follows from a precision quoted at a capacity."""
    proportion("the precision", precision)
    ceiling = highest_recall_at_capacity(capacity, population, prevalence)
    recall = capacity * precision / (population * prevalence)
    if recall > 1 + 1e-9:
        raise Invalid(
            f"a precision of {shown(precision)} at {shown(capacity)} cases finds more positives than there are "
            f"({shown(population * prevalence)})"
        )
    return min(ceiling, recall)


def lift(precision: float, prevalence: float) -> float:
    """Return how many times more often than by chance an alarm is right."""
    proportion("the precision", precision)
    probability("the prevalence", prevalence)
    return precision / prevalence


def accuracy_floor(prevalence: float) -> float:
    """Return the accuracy of always giving the commoner answer."""
    probability("the prevalence", prevalence)
    return max(prevalence, 1 - prevalence)


def average_precision_floor(prevalence: float) -> float:
    """Return the area under the precision-recall curve of random scores."""
    probability("the prevalence", prevalence)
    return prevalence


def brier_floor(prevalence: float) -> float:
    """Return the Brier score of always answering the prevalence."""
    probability("the prevalence", prevalence)
    return prevalence * (1 - prevalence)


def log_loss_floor(prevalence: float) -> float:
    """Return the log loss of always answering the prevalence."""
    probability("the prevalence", prevalence)
    return -prevalence * log(prevalence) - (1 - prevalence) * log(1 - prevalence)


def f1_floor(prevalence: float) -> float:
    """Return the F1 of raising an alarm on every case."""
    probability("the prevalence", prevalence)
    return 2 * prevalence / (1 + prevalence)


def count_forecast_floor(mean_count: float) -> float:
    """Return the relative error that the best forecast of a count keeps, whatever the model."""
    positive("the mean count", mean_count)
    return 0.80 / sqrt(mean_count)


def newsvendor_quantile(cost_under: float, cost_over: float) -> float:
    """Return the quantile to forecast when too little and too much cost differently."""
    positive("the cost of too little", cost_under)
    positive("the cost of too much", cost_over)
    return cost_under / (cost_under + cost_over)


def abstain_above(wrong_to_abstain: float) -> float:
    """Return the probability of being wrong above which passing the case to a person is cheaper."""
    not_negative("the cost of a wrong answer over that of passing on", wrong_to_abstain)
    return 1 / (1 + wrong_to_abstain)


def undo_sampling(probability_seen: float, negatives_kept: float) -> float:
    """Return the true probability behind one that was learned with only this share of the negatives."""
    proportion("the probability", probability_seen)
    probability("the share of negatives kept", negatives_kept)
    return probability_seen / (probability_seen + (1 - probability_seen) / negatives_kept)


def review_hours(
    cases: float, prevalence: float, recall: float, false_alarm_rate: float, seconds_per_review: float
) -> float:
    """Return the hours in which people look through the alarms raised on that many cases."""
    _check_point(prevalence, recall, false_alarm_rate)
    not_negative("the number of cases", cases)
    positive("the seconds per review", seconds_per_review)
    alarms = cases * (prevalence * recall + (1 - prevalence) * false_alarm_rate)
    return alarms * seconds_per_review / 3600
