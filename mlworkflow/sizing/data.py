"""Sizes data: positives and rows for a metric, its interval, comparisons of two models, folds and gaps."""

from __future__ import annotations

from math import sqrt

from mlworkflow.numbers import data as numbers
from mlworkflow.numbers import labels
from mlworkflow.numbers.normal import interval_z
from mlworkflow.numbers.validity import down
from mlworkflow.sizing.data_options import OPTIONS
from mlworkflow.sizing.data_pairs import improvement, points
from mlworkflow.sizing.model import Inputs, Picture, Point, Sizing, Topic
from mlworkflow.sizing.sheet import Sheet, shown

FEW, FLOOR = 30, 100


def size(given: Inputs) -> Sizing:
    """Return the rows that a claim about a model needs, and what the rows at hand can show."""
    sheet, margin = Sheet(given), points(given, "margin")
    recall, confidence = given.number("recall"), given.number("confidence")
    positives = sheet.add("positives_needed", "Positives in the test set", "count",
                          numbers.positives_for_recall(recall, margin, confidence), "z^2 r (1 - r) / margin^2",
                          "recall margin confidence", "positives")  # fmt: skip
    rows = sheet.add("rows_needed", "Rows that hold them", "count",
                     numbers.rows_for_positives(positives, given.number("prevalence")), "positives / prevalence",
                     "positives_needed prevalence", "rows")  # fmt: skip
    _slice(sheet, given, positives)
    _beside(sheet, given)
    _training(sheet, given)
    held = _at_hand(sheet, given, rows)
    improvement(sheet, given)
    _time(sheet, given)
    answer = f"{shown('count', positives, 'positives')[1]} in {shown('count', rows, 'test rows')[1]} fix the recall"
    answer = f"{answer} to within {shown('points', margin)[1]} either way."
    if held is not None:
        answer += f" The rows at hand fix it to within {shown('points', held)[1]}."
    return sheet.done("data", "rows_needed", answer, _picture(given, margin, rows), "margin_at_hand")


def _half_width(given: Inputs, positives: float) -> float:
    recall = given.number("recall")
    return interval_z(given.number("confidence")) * sqrt(recall * (1 - recall) / positives)


def _slice(sheet: Sheet, given: Inputs, positives: float) -> None:
    if given.has("slice-share"):
        rows = numbers.rows_for_positives(positives, given.number("prevalence") * given.number("slice-share"))
        sheet.add("rows_for_slice", "Rows for the same margin in the smallest slice", "count", rows,
                  "positives / (prevalence x share of the slice)", "positives_needed prevalence slice-share",
                  "rows")  # fmt: skip


def _beside(sheet: Sheet, given: Inputs) -> None:
    if given.has("auc"):
        events = numbers.events_for_auc_error(
            given.number("auc"), given.number("prevalence"), given.number("auc-error")
        )
        sheet.add("positives_for_auc", "Positives for the AUC's standard error", "count", events,
                  "(AUC - 2 T(z(AUC), 1/sqrt(3)) - AUC^2) / (error^2 (1 - prevalence)), Pavlou",
                  "auc auc-error prevalence", "positives")  # fmt: skip
    if given.has("highest-rate"):
        sheet.add("clean_trials", "Trials without a failure that show less than the highest rate", "count",
                  numbers.zero_failures_needed(given.number("highest-rate"), given.number("confidence")),
                  "ln(1 - confidence) / ln(1 - rate)", "highest-rate confidence", "trials")  # fmt: skip


def _training(sheet: Sheet, given: Inputs) -> None:
    if given.has("parameters", "explained"):
        sheet.add("training_rows", "Training rows of a regression", "count",
                  numbers.rows_for_shrinkage(given.whole("parameters"), given.number("explained")),
                  "parameters / ((0.9 - 1) ln(1 - explained/0.9)), Riley", "parameters explained", "rows")  # fmt: skip
    if given.has("target-error", "curve-floor", "curve-scale", "curve-exponent"):
        curve = (given.number("curve-floor"), given.number("curve-scale"), given.number("curve-exponent"))
        sheet.attempt("curve_rows", "Training rows that the learning curve asks for", "count",
                      lambda: numbers.learning_curve_rows(given.number("target-error"), *curve),
                      "(scale / (target - floor))^(1/exponent)",
                      "target-error curve-floor curve-scale curve-exponent", "rows")  # fmt: skip
        sheet.way("curve", "Settle for an error of", "number", curve[0] * 1.2, "1.2 x the floor of the curve")


def _at_hand(sheet: Sheet, given: Inputs, rows: float) -> float | None:
    if not given.has("rows"):
        return None
    sheet.group = "The other way round"
    positives = down(given.number("rows") * given.number("prevalence"))
    note = ""
    if positives < FLOOR:
        note = f"fewer than {FLOOR}" + (f"; below {FEW}, report no slice and no AUC alone" if positives < FEW else "")
    sheet.add("positives_at_hand", "Positives in the rows at hand", "count", positives,
              "rows x prevalence, rounded down",
              "rows prevalence", "positives", note)  # fmt: skip
    if not positives:
        sheet.none("margin_at_hand", "Margin that they give", "", "positives_at_hand",
                   "there is no positive to measure",
                   "infeasible")  # fmt: skip
        _ways_out(sheet, given, rows)
        return None
    hits = round(positives * given.number("recall"))
    low, high = numbers.wilson(hits, positives, given.number("confidence"))
    sheet.add("interval_low", "Interval of the recall, lower end", "share", low, "Wilson's interval",
              "positives_at_hand recall confidence")  # fmt: skip
    sheet.add("interval_high", "Interval of the recall, upper end", "share", high, "Wilson's interval",
              "positives_at_hand recall confidence")  # fmt: skip
    short = given.number("rows") < rows
    margin = sheet.add("margin_at_hand", "Margin that they give", "points", _half_width(given, positives),
                       "z sqrt(r (1 - r) / positives)", "positives_at_hand recall confidence margin",
                       note="wider than the margin wanted" if short else "",
                       status="infeasible" if short else "")  # fmt: skip
    if short:
        _ways_out(sheet, given, rows)
    return margin


def _ways_out(sheet: Sheet, given: Inputs, rows: float) -> None:
    positives = down(given.number("rows") * given.number("prevalence"))
    if positives:
        sheet.way("wider", "Accept a wider margin, either way", "points", _half_width(given, positives),
                  "z sqrt(r (1 - r) / positives at hand)")  # fmt: skip
    missing = (sheet.value("positives_needed") or 0) - positives
    sheet.way("enrich", "Look for positives where they are likely, and weigh them: more positives", "count", missing,
              "positives needed - at hand", "positives")  # fmt: skip
    sheet.way("collect", "Collect and label more rows at random", "count", rows - given.number("rows"),
              "rows needed - at hand", "rows")  # fmt: skip


def _time(sheet: Sheet, given: Inputs) -> None:
    if given.has("rows"):
        folds, repeats = numbers.folds_advised(given.number("rows"), given.has("horizon"))
        said = (
            "one holdout or walk forward"
            if folds == 1
            else f"{folds} folds{f', {repeats} times' if repeats > 1 else ''}"
        )
        sheet.add("folds", f"Fits of a validation ({said})", "count", folds * repeats,
                  "10 x 5 below 1,000 rows, 5 up to 100,000, else or with --horizon one split", "rows horizon",
                  "fits")  # fmt: skip
    if given.has("horizon"):
        gap = labels.validation_gap(given.days("horizon"), given.days("label-delay"))
        sheet.add("gap", "Gap between training and test days", "count", gap, "horizon + label delay",
                  "horizon label-delay", "days")  # fmt: skip


def _picture(given: Inputs, margin: float, rows: float) -> Picture:
    bars = []
    for factor in (0.05, 0.1, 0.2, 0.5, 1, 2, 4):
        count = rows * factor
        value = _half_width(given, max(1.0, count * given.number("prevalence")))
        bars.append(Point(shown("count", count, "rows")[1], value, shown("points", value)[1], factor == 1))
    return Picture("Margin against test rows", tuple(bars), margin, f"the margin wanted, {shown('points', margin)[1]}")


TOPIC = Topic(
    "data", "rows_needed",
    (
        "--prevalence 0.5%",
        '--prevalence 2% --recall 80% --margin "5 points" --rows 5000 --picture',
        '--prevalence 5% --rows 20k --improvement "2 points" --auc 0.8 --horizon "30 days"',
        "--prevalence 1% --highest-rate 0.1% --slice-share 5%",
    ),
    OPTIONS, size,
)  # fmt: skip
