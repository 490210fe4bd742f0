"""What is watched while an experiment runs: looks at the result, and the split of users."""

from __future__ import annotations

from mlworkflow.numbers import experiment as numbers
from mlworkflow.sizing.model import Inputs
from mlworkflow.sizing.sheet import Sheet


def looking(sheet: Sheet, given: Inputs, weeks: int | None) -> None:
    """Note what planned looks cost, and what looking at will does."""
    alpha, power, looks = given.number("alpha"), given.number("power"), given.whole("looks")
    if looks > 1:
        expected = numbers.looks_expected_inflation(looks, alpha, power)
        sheet.add("looks_on_average", "Planned looks, on average if the effect is there", "factor", expected,
                  "expected size over the size with one look", "looks alpha power")  # fmt: skip
        return
    looks = min(weeks or 0, 20)
    if looks < 2:
        return
    sheet.add("peeking", "False alarms when somebody looks every week and stops at will", "share",
              numbers.false_alarm_of_peeking(looks, alpha), "chance that any weekly look crosses the plain limit",
              "weeks alpha")  # fmt: skip
    sheet.add("looks_instead", f"{looks} planned looks instead (--looks {looks}): users at most", "factor",
              numbers.looks_inflation(looks, alpha, power),
              "O'Brien-Fleming's largest size over the size with one look",
              "weeks alpha power")  # fmt: skip


def sample_ratio(sheet: Sheet, given: Inputs) -> None:
    """Note whether the users counted in both arms agree with the planned split."""
    if not given.has("control-users", "treatment-users"):
        return
    share, sheet.group = given.number("treatment-share"), "Check of the split"
    p = numbers.sample_ratio_p(given.number("control-users"), given.number("treatment-users"), share)
    note = "stop the analysis: the split is not the planned one, and below 0.1 % chance is no explanation"
    sheet.add("sample_ratio", "Chance of a split at least this uneven", "share", p, "chi-square of both counts",
              "control-users treatment-users treatment-share", note=note if p < 0.001 else "")  # fmt: skip
