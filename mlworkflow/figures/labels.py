"""When labels are mature, and from which day on a metric can be trusted."""

from __future__ import annotations

from mlworkflow.figures.registry import DAY, WEEK, figure


@figure(
    "duration",
    "training",
    "label delay of 95 of 100 cases, counted from the prediction, at least the horizon; in a forecast the reporting delay",
)
def validation_gap(label_age: float) -> float:
    """Gap to leave between training and test periods."""
    return label_age


@figure(
    "duration",
    "training",
    "7 days, 30 where labels come after a week; whole weeks that hold 10 positive cases, or 300 rows where a number is predicted, at most a sixth of the history; the time in which each class gets its labels",
)
def fold_length(
    problem_type: str,
    validation_gap: float | None = None,
    horizon: float | None = None,
    history: float | None = None,
    labelled_positives: float | None = None,
    rows: float | None = None,
    time_for_classes: float | None = None,
) -> float:
    """Length of one test period."""
    gap = validation_gap or horizon or 0.0
    shortest = max(30 * DAY if gap >= 7 * DAY else 7 * DAY, time_for_classes or 0.0)
    there, wanted = (rows, 300) if problem_type == "regression" else (labelled_positives, 10)
    if not there or not history:
        return shortest
    whole_weeks = 7 * DAY * -(-(wanted * history / there) // (7 * DAY))
    return float(max(shortest, min(whole_weeks, history / 6 // DAY * DAY)))


@figure("count", "training", "training rows x length of one test period / history")
def rows_in_fold(rows: float, fold_length: float, history: float) -> float | None:
    """Rows that one test period holds."""
    return rows * fold_length / history if history > 0 else None


@figure("duration", "monitoring", "7 days + time until labels are mature")
def earliest_metric(label_age: float) -> float:
    """Earliest day with a trustworthy metric for one week of predictions."""
    return 7 * DAY + label_age


@figure("duration", "monitoring", "horizon + reporting delay")
def last_step_age(problem_type: str, horizon: float, label_age: float) -> float | None:
    """Time until the last step of a forecast over more than a week can be judged."""
    return horizon + label_age if problem_type == "forecasting" and horizon > 7 * DAY else None


@figure("share", "problem", "lognormal delay with that median and 95th percentile, its share within 7 days")
def labels_after_week(label_delay: float, label_delay_p95: float) -> float | None:
    """Share of the labels that is there 7 days after the prediction."""
    from mlworkflow.numbers.labels import share_matured

    if label_delay_p95 <= WEEK:
        return None
    share = share_matured(WEEK, label_delay, label_delay_p95)
    return share if share > 1e-9 else 0.0


@figure("share", "problem", "lognormal delay with that median and 95th percentile, its share within half of the latter")
def labels_at_half(label_delay: float, label_delay_p95: float) -> float:
    """Share of the labels that is there after half of the delay of 95 of 100."""
    from mlworkflow.numbers.labels import share_matured

    share = share_matured(label_delay_p95 / 2, label_delay, label_delay_p95)
    return share if share > 1e-9 else 0.0
