"""What the data at hand can show: positives, margins, cases for a gain."""

from __future__ import annotations

import re

from mlworkflow.figures.registry import DAY, figure

COUNTED = (
    "recall", "recall-at-precision", "recall-at-false-alarm-rate", "accuracy", "precision-at-k", "precision-at-budget",
    "golden-set-pass-rate",
)  # fmt: skip
NEAR = 0.0051  # a share that is said with two digits
RECALLS = ("recall", "recall-at-precision", "recall-at-false-alarm-rate")


@figure(
    "duration",
    "problem",
    "as said; a day where the load brings the population in one; else action capacity / units that can enter in a day",
)
def action_period_length(
    action_capacity: float,
    acts_daily: bool,
    experiment_kind: str,
    action_every: float | None = None,
    eligible_per_day: float | None = None,
) -> float | None:
    """How long a period of action is."""
    if action_every is not None or acts_daily:
        return action_every or DAY
    picked = experiment_kind == "holdout-on-action" and eligible_per_day
    return action_capacity / eligible_per_day * DAY if picked and eligible_per_day else None


@figure("number", "training", "5 points; half of threshold - baseline and half of 1 - threshold where recall decides")
def recall_margin(
    deciding_metric: str, success_threshold: float | None = None, baseline_value: float | None = None
) -> float:
    """Half the 95 % interval of recall that a test must give."""
    if deciding_metric not in RECALLS or success_threshold is None or not 0 < success_threshold < 1:
        return 0.05
    gain = abs(success_threshold - baseline_value) if baseline_value is not None else 0.0
    return min(0.05, gain / 2 or 0.05, (1 - success_threshold) / 2)


@figure("count", "training", "1.96^2 x r (1 - r) / margin^2, r = success threshold where recall decides, else 80 %")
def positives_needed(deciding_metric: str, recall_margin: float, success_threshold: float | None = None) -> float:
    """Positive cases that the test set needs to give recall within that margin."""
    from mlworkflow.numbers.data import positives_for_recall

    given = success_threshold if deciding_metric in RECALLS else None
    return positives_for_recall(given if given is not None and 0 < given < 1 else 0.8, recall_margin)


FEW_MISSES = 0.98


@figure("count", "training", "ln 0.05 / ln success threshold, rounded up: so many positives without one miss")
def zero_miss_positives(deciding_metric: str, success_threshold: float) -> float | None:
    """Positive cases that must be found without one miss to show so high a recall."""
    from math import ceil, log

    if deciding_metric not in RECALLS or not FEW_MISSES <= success_threshold < 1:
        return None
    return float(ceil(log(0.05) / log(success_threshold)))


@figure("share", "training", "1 - 0.05^(1 / positives), positives in a test part of 20 %")
def zero_miss_bound(labelled_positives: float) -> float | None:
    """Share of misses that a test part without one miss still allows."""
    tested = labelled_positives // 5
    return float(1 - 0.05 ** (1 / tested)) if tested >= 1 else None


@figure(
    "number", "training", "1.96 x standard error by Hanley and McNeil, a fifth of the labelled cases in the test part"
)
def auc_margin(
    deciding_metric: str, labelled_positives: float, prevalence: float, success_threshold: float
) -> float | None:
    """Half the width of the interval of an AUC."""
    from mlworkflow.numbers.data import hanley_mcneil_error

    positives = int(0.2 * labelled_positives)
    if deciding_metric != "auc-roc" or positives < 1 or not 0 < prevalence < 1 or not 0 < success_threshold < 1:
        return None
    return 1.96 * hanley_mcneil_error(success_threshold, positives, max(1, int(positives * (1 / prevalence - 1))))


@figure("count", "training", "positives needed / prevalence")
def rows_needed(positives_needed: float, prevalence: float) -> float:
    """Rows that such a test set needs."""
    from mlworkflow.numbers.data import rows_for_positives

    return rows_for_positives(positives_needed, prevalence)


@figure("count", "training", "as said, else labelled examples x 7 days / history")
def labels_a_week(
    labels_per_week: float | None = None, labelled_count: float | None = None, history: float | None = None
) -> float | None:
    """Labels that a week brings."""
    if labels_per_week is not None:
        return labels_per_week
    return labelled_count / history * 7 * DAY if labelled_count and history else None


@figure("duration", "training", "whole weeks that hold 30 labels a class on average; at most a sixth of the history")
def time_for_classes(many_classes: bool, classes: float, labels_a_week: float, history: float) -> float | None:
    """Test period that holds enough of each class."""
    if not many_classes or labels_a_week <= 0:
        return None
    return min(-(-30 * classes // labels_a_week) * 7 * DAY, history / 6 // DAY * DAY)


@figure("count", "training", "labels a week x test period; 7 days, 30 where labels come after a week")
def labels_in_fold(
    validation: str, labels_a_week: float, time_for_classes: float, validation_gap: float | None = None
) -> float | None:
    """Labels that one test period holds."""
    shortest = 30 * DAY if (validation_gap or 0) >= 7 * DAY else 7 * DAY
    weeks = max(shortest, time_for_classes) / (7 * DAY)
    return labels_a_week * weeks if validation == "walk-forward" else None


@figure("count", "training", "ln(1 - 0.95) / ln(1 - 0.05), rounded up")
def random_trials() -> float:
    """Random settings to try for a 95 % chance of one in the best 5 %."""
    from mlworkflow.numbers.search import random_trials as trials

    return trials(0.05, 0.95)


@figure("duration", "training", "trials x time of one trial x fits a trial")
def search_time(trials: float, trial_time: float, folds: float) -> float:
    """Machine time of one search."""
    return trials * trial_time * folds


def counted(text: str, value: float) -> tuple[float, float] | None:
    """Return the right ones and the cases behind a share, where the words name them and they give that share."""
    plain = text.lower().replace(",", "")
    pairs = [(float(right), float(cases)) for right, cases in re.findall(r"\b(\d+) of (?:the )?(\d+)\b", plain)]
    # "among the 900 payments stopped each day" is a rate, and "on 2024 installations" may be a year.
    for cases, of_what in re.findall(r"\b(?:among|on) (?:the |all )?(\d+)\b([^;]*?)(?:;|$| \d+ of )", plain):
        rate = re.search(r"\b(?:a|each|every|per) (?:day|week|month)\b", of_what)
        if rate is None and not 1990 <= float(cases) <= 2100:
            pairs.append((float(round(value * float(cases))), float(cases)))
    near = (one for one in pairs if one[1] > 0 and one[0] <= one[1] and abs(one[0] / one[1] - value) <= NEAR)
    return next(near, None)


def _interval(deciding_metric: str, baseline_value: float, baseline_measured: str) -> tuple[float, float] | None:
    from mlworkflow.numbers.data import wilson

    found = counted(baseline_measured, baseline_value) if deciding_metric in COUNTED else None
    return wilson(*found) if found is not None else None


@figure("number", "problem", "lower end of the 95 % interval by Wilson, of the right ones among the cases counted")
def baseline_low(deciding_metric: str, baseline_value: float, baseline_measured: str) -> float | None:
    """Value that the baseline may have at least."""
    interval = _interval(deciding_metric, baseline_value, baseline_measured)
    return interval[0] if interval is not None else None


@figure("number", "problem", "upper end of the 95 % interval by Wilson, of the right ones among the cases counted")
def baseline_high(deciding_metric: str, baseline_value: float, baseline_measured: str) -> float | None:
    """Value that the baseline may have at most."""
    interval = _interval(deciding_metric, baseline_value, baseline_measured)
    return interval[1] if interval is not None else None
