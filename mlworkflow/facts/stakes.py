"""Facts on what a prediction is worth: baseline, threshold, capacity, and how they are said."""

from __future__ import annotations

import re
from typing import Any

from mlworkflow.facts.registry import fact


@fact("flag")
def threshold_said(success_threshold: float | None = None) -> bool:
    """A success threshold was given."""
    return success_threshold is not None


@fact("flag")
def baseline_measured_said(baseline_value: float | None = None, baseline_reached: float | None = None) -> bool:
    """The baseline has a value for the metric that decides, given or following from other answers."""
    return baseline_value is not None or baseline_reached is not None


ML_METRICS = ("accuracy", "auc", "f1", "precision", "recall", "rmse", "mae", "mape", "ndcg", "log loss", "map", "r2")


@fact("flag")
def business_metric_missing(business_metric: str | None = None) -> bool:
    """No business metric was named, or an offline metric in its place."""
    if business_metric is None:
        return True
    plain = business_metric.lower().strip().replace("-", " ").replace("_", " ")
    return (
        plain in ML_METRICS or plain.removesuffix(" score") in ML_METRICS or plain in ("auc roc", "roc auc", "pr auc")
    )


_ERRORS = {
    "mae": "mae", "mean absolute error": "mae", "rmse": "rmse", "mape": "mape", "wape": "wape", "mase": "mase",
    "pinball": "pinball-loss",
}  # fmt: skip


# What a metric that decides is called where somebody tells in words what the baseline reached.
_TOLD = {
    "recall": ("recall", "sensitivity"),
    "precision-at-k": ("precision",),
    "precision-at-budget": ("precision",),
    "accuracy": ("accuracy",),
    "macro-f1": ("macro-f1", "macro f1"),
    "f1": ("f1",),
    "auc-roc": ("auc", "auc-roc", "roc-auc"),
    "pr-auc": ("pr-auc", "average precision"),
    "mae": ("mae", "mean absolute error"),
    "rmse": ("rmse",),
    "mape": ("mape",),
    "wape": ("wape",),
}


_NUMBER = r"(\d+(?:\.\d+)?)\s?(%?)"


@fact("number")
def baseline_told(deciding_metric: str, baseline_measured: str) -> float | None:
    """What the baseline reached on the metric that decides, where the words about its measurement say it."""
    names = "|".join(_TOLD.get(deciding_metric, ()))
    if not names:
        return None
    before, after = rf"(?<![\w-])(?:{names})\s*(?:of|is|was|:|=)?\s*{_NUMBER}", rf"{_NUMBER}\s+(?:{names})(?![\w-])"
    found = re.search(before, baseline_measured.lower()) or re.search(after, baseline_measured.lower())
    if found is None:
        return None
    value = float(found[1]) / (100 if found[2] else 1)
    return value if value <= 1 or (deciding_metric in _ERRORS.values() and not found[2]) else None


@fact("number")
def baseline_reached(
    deciding_metric: str,
    baseline_recall: float | None = None,
    baseline_precision: float | None = None,
    baseline_false_alarm_rate: float | None = None,
    cost_of_baseline: float | None = None,
    baseline_told: float | None = None,
) -> float | None:
    """What the baseline reaches on the metric that decides, as far as its rates or the words about it say so."""
    if deciding_metric == "recall-at-false-alarm-rate" and baseline_false_alarm_rate is not None:
        return baseline_recall
    known = {
        "recall": baseline_recall,
        "precision-at-k": baseline_precision,
        "precision-at-budget": baseline_precision,
        "expected-cost": cost_of_baseline,
    }
    found = known.get(deciding_metric)
    return found if found is not None else baseline_told


_RATES = {
    "auc": "auc-roc", "auc-roc": "auc-roc", "roc-auc": "auc-roc", "pr-auc": "pr-auc", "average precision": "pr-auc",
    "f1": "f1", "macro-f1": "macro-f1", "log loss": "log-loss",
}  # fmt: skip


@fact("text")
def other_metric_measured(deciding_metric: str, baseline_measured: str) -> str | None:
    """The metric that the baseline was measured with, where another one decides."""
    words = _ERRORS if deciding_metric in _ERRORS.values() else _RATES if deciding_metric in _RATES.values() else {}
    said = re.findall(
        rf"(?<![\w-])({'|'.join(sorted(words, key=len, reverse=True))})(?![\w-])", baseline_measured.lower()
    )
    measured = [word for word in said if word]
    if not measured or deciding_metric in [words[word] for word in measured]:
        return None
    return measured[0].upper() if " " not in measured[0] and measured[0] != "pinball" else str(measured[0]).capitalize()


@fact("flag")
def baseline_in_other_metric(other_metric_measured: str | None = None) -> bool:
    """The baseline was measured with a metric that does not decide."""
    return other_metric_measured is not None


@fact("flag")
def satisfaction_named(satisfaction_metric: str | None = None) -> bool:
    """A figure was named that tells how users like it."""
    return satisfaction_metric is not None


@fact("flag")
def slices_named(slices: tuple[str, ...] | None = None) -> bool:
    """Groups were named for which quality must hold."""
    return bool(slices)


@fact("flag")
def fail_direction_said(fail_direction: str | None = None) -> bool:
    """It was said which way to err."""
    return fail_direction is not None


@fact("text")
def currency(cost_missed: Any = None, budget: Any = None) -> str:
    """The currency in which mistakes are priced."""
    money = cost_missed or budget
    return money.currency if money is not None else ""


@fact("text")
def today_words(baseline_kind: str, current_process: str | None = None) -> str:
    """What does the job today, in the words that were given."""
    if current_process:
        return current_process
    return {"rules": "the present rule", "vendor": "the bought service"}.get(baseline_kind, "people decide")


@fact("text")
def price_of_both(
    reviews_at_least: float | None = None,
    reviews_at_most: float | None = None,
    actions_of_baseline: float | None = None,
    action_capacity: float | None = None,
    set_aside_reviews: float | None = None,
) -> str:
    """What it costs in reviews that either of two versions holds a case."""
    if reviews_at_least is None or reviews_at_most is None or not action_capacity or not actions_of_baseline:
        return "The price is the work of both"
    possible = action_capacity - (set_aside_reviews or 0)
    left = possible - actions_of_baseline
    beside = f" beside {set_aside_reviews:,.0f} random and planted ones" if set_aside_reviews else ""
    range_ = f"That is {reviews_at_least:,.0f} to {reviews_at_most:,.0f} cases a period, and {possible:,.0f} are possible{beside}"
    if left >= 1:
        return f"{range_}: what only the model flags is held up to the {left:,.0f} places that are left, riskiest first"
    return f"{range_}; today's way takes {actions_of_baseline:,.0f}: add places, or let both judge a part only"


@fact("text")
def own_actions_seen(problem_type: str, dangerous: bool, action_effect: str | None = None) -> str:
    """How a model's own actions are kept out of what it learns."""
    if problem_type in ("ranking", "recommendation"):
        return "an explored share, its propensity logged, and metrics on that share"
    if dangerous or (action_effect == "changes" and problem_type in ("regression", "forecasting")):
        return "each act logged with its time, and errors reported by act"
    return "an untouched or explored share, its propensity logged, and metrics on that share"


@fact("text")
def compared_with(decides_at_random: bool) -> str:
    """What a guardrail is compared with."""
    return "in control" if decides_at_random else "in the four weeks before"


@fact("flag")
def baseline_described_twice(actions_of_baseline: float, action_capacity: float) -> bool:
    """The baseline's rates mean more actions than are possible."""
    return actions_of_baseline > 1.2 * action_capacity


@fact("flag")
def effect_loses_money(break_even_effect: float, effect_absolute: float) -> bool:
    """An experiment won by the smallest effect would still lose money."""
    return 0 < effect_absolute < break_even_effect


@fact("flag")
def win_said(value_of_a_win: Any = None) -> bool:
    """What a win by the minimum effect brings can be computed."""
    return value_of_a_win is not None


@fact("text")
def win_words(
    value_of_a_win: Any,
    minimum_effect: Any,
    acts_daily: bool,
    value_of_today: Any = None,
    monthly_total: Any = None,
) -> str:
    """What a win by the minimum effect brings in a period, beside today's way and what running costs."""
    from mlworkflow.quantity import say_amount, say_cost, say_effect

    period = "day" if acts_daily else "period"
    running = f", before {say_cost(monthly_total)} a month of running" if monthly_total is not None else ""
    today = f"; today's way at the same saving share {say_amount(value_of_today)}" if value_of_today is not None else ""
    return f"A win by {say_effect(minimum_effect)} brings {say_amount(value_of_a_win)} a {period} above the cost of acting in vain{running}{today}."


@fact("text")
def untouched_margin_said(untouched_margin: float, action_capacity: float, untouched_share: float | None = None) -> str:
    """What the untouched group can tell."""
    cases = action_capacity * (untouched_share or 0.05)
    return f"{cases:.0f} cases a period, which give precision within ±{untouched_margin * 100:.2g} points"


@fact("text")
def untouched_part(untouched_share: float | None = None) -> str:
    """The share of the cases that is left untouched."""
    from mlworkflow.quantity import say_share

    return say_share(untouched_share or 0.05)


@fact("text")
def untouched_words(untouched_share: float | None = None) -> str:
    """On which untouched group the model is measured."""
    from mlworkflow.quantity import say_share

    if untouched_share:
        return f"The model is measured on the {say_share(untouched_share)} that stay untouched, and on them alone"
    return "Keep a random untouched group from the first day, and measure the model on it alone"


@fact("text")
def capacity_words(action_capacity: float | None = None, reviews_per_day: float | None = None) -> str:
    """How many cases people can handle."""
    if reviews_per_day is not None:
        return f"{reviews_per_day:,.0f} a day"
    return f"{action_capacity:,.0f} a period" if action_capacity is not None else "what people can handle"


@fact("flag")
def capped(capacity_limits: bool | None = None) -> bool:
    """The number of actions is fixed by capacity."""
    return capacity_limits is True


@fact("flag")
def budget_fixes_share(
    problem_type: str, deciding_metric: str, reviews_per_day: float | None = None, many_classes: bool = False
) -> bool:
    """A number of reviews a day cuts the alerts, so the share that is flagged can never move."""
    if problem_type not in ("classification", "anomaly-detection", "nlp") or many_classes:
        return False
    return bool(reviews_per_day) and deciding_metric in ("precision-at-budget", "precision-at-k")


@fact("flag")
def few_actions(action_capacity: float | None = None) -> bool:
    """Fewer than 100 cases are acted on in a period, too few to see their share move."""
    return action_capacity is not None and action_capacity < 100


@fact("flag")
def threshold_worse(lower_is_better: bool, success_threshold: float, baseline_value: float, problem_type: str) -> bool:
    """The success threshold is worse than the baseline."""
    if problem_type == "generative":
        return False
    return success_threshold > baseline_value if lower_is_better else success_threshold < baseline_value


@fact("flag")
def held_below_people(
    threshold_worse: bool = False, baseline_kind: str | None = None, human_decides: bool | None = None
) -> bool:
    """A model that works for a person who decides is asked for less than people reach alone."""
    return threshold_worse and human_decides is True and baseline_kind == "people"


_ALIKE = 5


@fact("text")
def costs_apart(cost_missed: Any, cost_false_alarm: Any) -> str | None:
    """How many times one error costs the other, where that is more than five, and which is the dear one."""
    missed, alarm = cost_missed.amount, cost_false_alarm.amount
    if not missed or not alarm or max(missed, alarm) <= _ALIKE * min(missed, alarm):
        return None
    dear, cheap = ("a missed case", "a false alarm") if missed > alarm else ("a false alarm", "a missed case")
    return f"{dear} costs {float(f'{max(missed, alarm) / min(missed, alarm):.2g}'):,.0f} times {cheap}"


@fact("flag")
def one_error_dearer(costs_apart: str | None = None) -> bool:
    """One of the two errors costs more than five times the other."""
    return costs_apart is not None


@fact("text")
def loss_words(deciding_metric: str, planned_quantile: str) -> str:
    """The loss of a model that is judged by a quantile."""
    return f", quantile loss at {planned_quantile}" if deciding_metric == "pinball-loss" else ""


@fact("text")
def planned_quantile(forecast_quantile: float | None = None) -> str:
    """The quantile that is planned with."""
    from mlworkflow.quantity import say_share

    return say_share(forecast_quantile) if forecast_quantile is not None else "10, 50 and 90 %"


@fact("text")
def score_word(problem_type: str) -> str:
    """What a model puts out."""
    return "value predicted" if problem_type in ("forecasting", "regression") else "uncalibrated score"


@fact("text")
def usual_share(baseline_kind: str) -> str:
    """Where the usual share of one prediction is read from."""
    return "in the present version" if baseline_kind == "model" else "in the shadow, or in the version before"


@fact("flag")
def acts_daily(new_cases_each_run: bool, population: float | None = None, mean_load: float | None = None) -> bool:
    """A period of action is a day: its population is what the load brings in one."""
    if not new_cases_each_run or not population or not mean_load:
        return False
    return 0.8 <= mean_load * 86400 / population <= 1.25


@fact("text")
def exploration_said(exploration_cost: Any, acts_daily: bool) -> str:
    """What a random share costs that passes untouched, in a month where a period is a day."""
    from mlworkflow.quantity import Money, say_cost

    if not acts_daily:
        return f"{say_cost(exploration_cost)} a period"
    return f"{say_cost(Money(30 * exploration_cost.amount, exploration_cost.currency))} a month"
