"""Sizes a drift monitor: thresholds, windows, false alarms, and the smallest shift that is seen."""

from __future__ import annotations

from mlworkflow.numbers import drift as numbers
from mlworkflow.numbers.validity import Invalid, up
from mlworkflow.quantity import say_number
from mlworkflow.sizing.model import Inputs, Option, Picture, Point, Sizing, Topic
from mlworkflow.sizing.picture import thinned
from mlworkflow.sizing.sheet import Sheet, shown

LEVEL = 0.05
ROWS = "rows-per-day window autocorrelation"
OPTIONS = (
    Option("rows-per-day", "count", "Rows scored in a day.", required=True),
    Option("reference-rows", "count", "Rows of the reference sample.", required=True),
    Option("features", "count", "Features that are watched.", required=True, allows="at least 1"),
    Option("alarms", "number", "False alarms a month that people will bear.", "1", "one a month is still looked at"),
    Option("window", "duration", "Length of the current window.", "7 days", "whole weeks compare like with like"),
    Option("bins", "count", "Bins of PSI.", "10", "deciles are the custom", "2 or more"),
    Option("threshold", "number", "PSI below which nobody would act.", "0.1",
           "it is a shift of about a third of an sd"),
    Option("shift", "number", "Shift of a mean that must be seen, in standard deviations."),
    Option("power", "share", "Chance to see that shift.", "80 %", "it is the custom", "power"),
    Option("autocorrelation", "number", "How alike successive rows are.", "0", "rows are independent", "correlation"),
    Option("windows-in-a-row", "count", "Windows in a row before an alarm is raised.", "2",
           "two in a row keep single odd days quiet", "up to 20"),
    Option("label-delay", "duration", "Until labels are there, for an alarm that needs them.", "0 s",
           "features and scores need no labels", "zero or more"),
    Option("rate-before", "share", "Error rate before a change, for a stream.", allows="probability"),
    Option("rate-after", "share", "Error rate after it.", allows="probability"),
)  # fmt: skip


def size(given: Inputs) -> Sizing:
    """Return thresholds and delays of a drift monitor."""
    sheet, rows = Sheet(given), _rows(given, given.days("window"))
    if rows < 2:
        raise Invalid("a window holds fewer than two rows; make --window longer")
    sheet.add("rows_per_window", "Independent rows of a window", "count", rows,
              "rows a day x days x (1 - a)/(1 + a), a = autocorrelation", ROWS, "rows")  # fmt: skip
    level = _level(sheet, given)
    limit = _psi(sheet, given, rows, level)
    _others(sheet, given, rows, level)
    visible = _reverse(sheet, given, rows, level)
    _wanted(sheet, given, level)
    _stream(sheet, given)
    seen = shown("duration", _delay(given, given.number("window")))[1]
    answer = (
        f"Alarm when PSI exceeds {shown('number', limit)[1]}; the smallest shift of a mean that a window shows is "
        f"{shown('number', visible)[1]} sd, and an alarm takes {seen}."
    )
    return sheet.done("drift", "smallest_shift", answer, _picture(given, level))


def _rows(given: Inputs, days: float) -> float:
    return numbers.independent_rows(given.number("rows-per-day") * days, given.number("autocorrelation"))


def _delay(given: Inputs, window: float) -> float:
    return window * given.number("windows-in-a-row") + given.number("label-delay")


def _level(sheet: Sheet, given: Inputs) -> float:
    windows = sheet.add("windows_per_month", "Windows of 30 days", "number", 30 / given.days("window"),
                        "30 days / window", "window")  # fmt: skip
    features, alarms = given.whole("features"), given.number("alarms")
    level = min(LEVEL, numbers.alpha_per_test(min(alarms, 0.999999 * features * windows), features, windows))
    sheet.add("level", "False alarms that one test may have", "share", level,
              "false alarms a month / (features x windows a month), at most 5 %",
              "alarms features windows_per_month")  # fmt: skip
    sheet.add("naive", "Chance of any false alarm in a window at 5 % a test", "share",
              numbers.any_false_alarm(features),
              "1 - (1 - 5 %)^features", "features")  # fmt: skip
    return level


def _psi(sheet: Sheet, given: Inputs, rows: float, level: float) -> float:
    bins, reference, least = given.whole("bins"), given.number("reference-rows"), given.number("threshold")
    few = min(rows, reference) < 5 * bins
    critical = numbers.psi_critical(bins, reference, rows, level)
    names = "level bins reference-rows rows_per_window"
    sheet.add("psi_by_chance", "PSI that chance alone exceeds that often", "number", critical,
              "chi-square(1 - level; bins - 1) x (1/n + 1/m)", names,
              note="fewer than five rows a bin: use fewer bins or a longer window" if few else "")  # fmt: skip
    limit = sheet.add("psi_threshold", "PSI to alarm at", "number", max(critical, least),
                      "the larger of chance and need",
                      "psi_by_chance threshold")  # fmt: skip
    needed = numbers.rows_for_psi_threshold(bins, least)
    sheet.add("rows_for_threshold", f"Rows of each sample from which {say_number(least)} means more than chance",
              "count", needed,
              "2 x chi-square(95 %; bins - 1) / threshold", "bins threshold", "rows",
              "a window or the reference has fewer" if needed > min(rows, reference) else "")  # fmt: skip
    sheet.add("false_at_threshold", f"False alarms of one test at {say_number(least)}", "share",
              numbers.psi_false_alarm(bins, reference, rows, least), "chi-square tail of threshold / (1/n + 1/m)",
              "bins reference-rows rows_per_window threshold")  # fmt: skip
    return limit


def _others(sheet: Sheet, given: Inputs, rows: float, level: float) -> None:
    reference = given.number("reference-rows")
    critical = numbers.ks_critical(reference, rows, level)
    note = "no two samples this small can be told apart" if critical >= 1 else ""
    sheet.add("ks_threshold", "Kolmogorov-Smirnov distance to alarm at", "number", critical, "c(level) sqrt(1/n + 1/m)",
              "level reference-rows rows_per_window", note=note)  # fmt: skip
    if critical < 1:
        sheet.add("ks_shift", "The shift that it stands for", "number", numbers.shift_of_ks(critical),
                  "2 z((1 + D)/2)", "ks_threshold", "sd")  # fmt: skip
    sheet.add("psi_shift", "The shift that the PSI stands for", "number",
              numbers.shift_of_psi(sheet.value("psi_threshold") or 1), "sqrt(PSI)", "psi_threshold", "sd")  # fmt: skip


def _reverse(sheet: Sheet, given: Inputs, rows: float, level: float) -> float:
    sheet.group = "The other way round"
    visible = numbers.smallest_shift(given.number("reference-rows"), rows, level, given.number("power"))
    sheet.add("delay", "From a shift to its alarm", "duration", _delay(given, given.number("window")),
              "window x windows in a row + label delay", "window windows-in-a-row label-delay")  # fmt: skip
    return sheet.add("smallest_shift", "Smallest shift of a mean that a window shows", "number", visible,
                     "(z(level/2) + z(power)) sqrt(1/n + 1/m)", "level power reference-rows rows_per_window",
                     "sd")  # fmt: skip


def _wanted(sheet: Sheet, given: Inputs, level: float) -> None:
    if not given.has("shift"):
        return
    shift, power, reference = given.number("shift"), given.number("power"), given.number("reference-rows")
    least = (numbers.smallest_shift(1, 1e12, level, power) / shift) ** 2
    formula = "k / (1 - k/reference), k = ((z(level/2) + z(power)) / shift)^2"
    label, names = "Rows of a window that show the shift wanted", "shift reference-rows level power"
    if least >= reference * (1 - 1e-6):
        sheet.none("window_rows", label, formula, names,
                   f"no window suffices, for the reference itself needs more than {up(least):,} rows",
                   "infeasible")  # fmt: skip
        sheet.way("reference", "Use a larger reference sample", "count", 2 * least,
                  "2 k: then 2 k rows in a window too",
                  "rows")  # fmt: skip
        nearest = numbers.smallest_shift(reference, 1e12, level, power) * 1.1
        sheet.way("larger_shift", "Look only for a larger shift", "number", nearest,
                  "1.1 x what the reference can show at best", "sd")  # fmt: skip
        fewer = max(1, given.whole("features") // 10)
        sheet.way(
            "fewer_features", "Watch only the features that matter", "count", fewer, "a tenth of them", "features"
        )
        return
    rows = sheet.add("window_rows", label, "count", numbers.window_rows(shift, reference, level, power), formula, names,
                     "rows")  # fmt: skip
    per_day = _rows(given, 1)
    sheet.add("window_days", "Days of such a window", "count", numbers.window_days(rows, per_day),
              "rows / rows a day, in whole weeks", "window_rows rows-per-day autocorrelation", "days")  # fmt: skip


def _stream(sheet: Sheet, given: Inputs) -> None:
    if not given.has("rate-before", "rate-after"):
        return
    between = max(2.0, given.number("rows-per-day") * 30 / given.number("alarms"))
    before, after = given.number("rate-before"), given.number("rate-after")
    sheet.add("best_delay", "Labelled rows that no stream detector can undercut", "count",
              numbers.best_possible_delay(before, after, between), "ln(rows between false alarms) / KL(after, before)",
              "rate-before rate-after rows-per-day alarms", "rows")  # fmt: skip


def _picture(given: Inputs, level: float) -> Picture:
    power, reference = given.number("power"), given.number("reference-rows")
    windows = [1, 2, 3, 7, 14, 21, 28, 42, 56, 91]
    points = []
    for days in windows:
        rows = _rows(given, days)
        if rows >= 2:
            value = numbers.smallest_shift(reference, rows, level, power)
            said = f"{shown('number', value)[1]} sd"
            points.append(Point(shown("count", days, "days")[1], value, said, days == given.days("window")))
    goal = given.maybe("shift")
    return Picture("Smallest shift that is seen, against the window", thinned(points), goal,
                   f"the shift wanted, {goal:g} sd" if goal else "")  # fmt: skip


TOPIC = Topic(
    "drift", "smallest_shift",
    (
        "--rows-per-day 2000 --reference-rows 50k --features 40",
        "--rows-per-day 2000 --reference-rows 50k --features 40 --shift 0.1 --picture",
        "--rows-per-day 300 --reference-rows 1000 --features 40 --rate-before 10% --rate-after 20%",
    ),
    OPTIONS, size,
)  # fmt: skip
