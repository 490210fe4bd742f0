"""The experiment comparison: candidates, the rule that picks one, what counts as a tie, and rows for the results."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mlworkflow.bundle.file import File
from mlworkflow.bundle.page import TO_FILL, page, section, table
from mlworkflow.bundle.words import Full
from mlworkflow.clause import Applied
from mlworkflow.designing import Spec
from mlworkflow.documents.views import training
from mlworkflow.numbers.data import hanley_mcneil_error
from mlworkflow.numbers.distributions import student_critical

PATH = "experiment-comparison.md"
Z = 1.959963984540054
DAY = 86400.0


def files(spec: Spec) -> Iterator[File]:
    """Yield the comparison."""
    yield File(PATH, _page(Full(spec)), "Candidates, selection rule, and rows for the results", "ESC")


def _page(say: Full) -> str:
    candidates = say.spec.kind("candidate")
    metric = f"{say.choice('deciding-metric')}{', lower is better' if say.holds('lower_is_better') else ''}"
    return page(
        say.spec,
        "Experiment Comparison",
        f"Deciding metric: {metric}; shipping from {say.value('success_threshold', 'a threshold that is still to be agreed')}. "
        f"Split: {say.choice('data-split')}, judged by {say.choice('validation')}; seed {say.value('seed')}.",
        section("Candidates", _candidates(say, candidates)),
        section("Results", _results(say, candidates)),
        section("Slices", _slices(say)),
        section("Selection rule", _rule(say)),
        section("Tie", tie(say)),
        section(
            "Justification", table(("Finalist", "Wins over", "By", "Accepted weakness", "Signed by"), [(TO_FILL,) * 5])
        ),
    )


def _candidates(say: Full, candidates: tuple[Applied, ...]) -> str:
    rows = [
        (say.sentence(one.says), *(say.column(one, name) for name in ("role", "ranges", "stops", "budget")))
        for one in candidates
    ]
    return table(("Candidate", "Part", "Ranges", "Stops", "Budget"), rows)


def _results(say: Full, candidates: tuple[Applied, ...]) -> str:
    generative = say.spec.value("problem_type") == "generative"
    spent = ("Tokens and cost of a run", "Repeats agree") if generative else ("GPU hours and memory", "Stopped because")
    header = (
        "Candidate",
        "Run",
        str(say.choice("deciding-metric")),
        "95 % interval",
        "Gain over the next simpler",
        *spent,
    )
    return table(header, [(say.sentence(one.says), *(TO_FILL,) * 6) for one in candidates])


def _slices(say: Full) -> str:
    header = ("Slice", "Cases that count", "Finalist, with interval", "Next simpler, with interval")
    rows = [(name, *(TO_FILL,) * 3) for name in say.texts("slices")]
    return table(header, rows) or "No slice was named; without one, quality is shown for the whole only."


def _rule(say: Full) -> str:
    order = "in the order above, simplest first" if len(say.spec.kind("candidate")) > 1 else "against the baseline"
    return (
        f"Candidates are compared {order}. The next one takes the place of the one before only if its paired gain on "
        "the same cases is no tie by the rule below, no slice that counts becomes worse by more than its interval, and "
        "every limit of latency and memory holds. A tie goes to the simpler one. The locked part is read once, by the gate, "
        "for the finalist alone."
    )


# ------------------------------------------------------------------ when two candidates tie


def tie(say: Full) -> str:
    """Return the rule for a tie, with the smallest gain that this design's test can tell from noise."""
    metric = say.spec.value("deciding_metric")
    found = None
    if metric == "precision-at-k":
        found = _lists(say)
    elif metric == "auc-roc":
        found = _ranks(say)
    elif metric in ("recall", "accuracy", "golden-set-pass-rate", "precision-at-budget"):
        found = _cases(say)
    return found or _periods(say)


def _share(say: Full) -> float | None:
    value = say.spec.value("success_threshold")
    return value if value is not None and 0 < value < 1 else None


def _points(gain: float) -> str:
    return f"{gain * 100:.2g} points"


def smallest_gain_of_lists(k: float, share: float, common: float) -> float:
    """Return the gain in precision that is no tie at 5 % where two lists of k have a part in common."""
    alone = (1 - common) * k
    return Z * math.sqrt(2 * alone * share * (1 - share)) / k


def _lists(say: Full) -> str | None:
    k, share = say.spec.value("top_k") or say.spec.value("action_capacity"), _share(say)
    if not k or share is None:
        return None
    rows = [
        (f"{common:.0%}".replace("%", " %"), _points(smallest_gain_of_lists(k, share, common)))
        for common in (0.95, 0.9, 0.8, 0.5)
    ]
    text = (
        f"Two lists of {k:,} are compared on what only one of them holds: the difference of their hits, over {k:,}, is a "
        f"tie within 1.96 × √(2 × {k:,} × (1 − common) × p × (1 − p)) / {k:,}, p = {share:g} (computed for one period; n pooled periods divide it by √n)."
    )
    return "\n\n".join([text, table(("Both lists have in common", "A tie up to"), rows)])


def smallest_gain_of_cases(cases: float, differing: float) -> float:
    """Return the gain in a share of cases that is no tie at 5 % where two candidates differ on a share of them."""
    return Z * math.sqrt(differing / cases)


def _cases(say: Full) -> str | None:
    if say.spec.value("deciding_metric") == "golden-set-pass-rate":
        cases, what = say.spec.value("golden_set"), "golden cases"
    else:
        cases, what = say.spec.value("positives_needed"), "positive cases of the test part"
    if not cases:
        return None
    rows = [
        (f"{part:.0%}".replace("%", " %"), _points(smallest_gain_of_cases(cases, part)))
        for part in (0.02, 0.05, 0.1, 0.2)
    ]
    text = (
        f"Two candidates are compared on the cases where just one is right (McNemar): with {cases:,.0f} {what}, "
        f"the difference is a tie within 1.96 × √(differing / {cases:,.0f}) (computed); below 25 differing cases the exact sign test decides."
    )
    return "\n\n".join([text, table(("Judged differently", "A tie up to"), rows)])


def _ranks(say: Full) -> str | None:
    auc, rows, share = _share(say), say.spec.value("rows_in_fold"), say.spec.value("prevalence")
    if auc is None or not rows or not share or auc <= 0.5 or rows * share < 1:
        return None
    error = hanley_mcneil_error(auc, rows * share, rows * (1 - share))
    found = [(f"{r:g}", _points(Z * error * math.sqrt(2 * (1 - r)))) for r in (0.5, 0.8, 0.9, 0.95)]
    text = (
        f"One fold of {rows:,.0f} rows, {rows * share:,.0f} of them positive, gives an AUC of {auc:g} with a standard error of "
        f"{error * 100:.2g} points (Hanley and McNeil); two scores that agree with a correlation r tie within 1.96 × error × √(2 (1 − r)) (computed)."
    )
    return "\n\n".join([text, table(("Correlation of the two scores", "A tie up to"), found)])


def _periods(say: Full) -> str:
    folds = len(training.view(say)["folds"].rows) or 5
    if say.spec.value("problem_type") == "generative":
        return "Two candidates are compared case by case on the golden set: below 25 cases that only one gets right the exact sign test decides, above it McNemar's test, both at 5 %."
    if say.spec.value("validation") == "holdout":
        unit = say.value("group_key") if say.known("group_key") else "cases"
        return f"The paired difference on the test part is drawn again 2,000 times over whole {unit} (bootstrap, seed {say.value('seed')}); where its 95 % interval holds zero, it is a tie."
    limit = student_critical(0.05, folds - 1)
    return (
        f"The gain is taken fold by fold on the same rows; with {folds} folds it is a tie while its mean stays below "
        f"{limit:.3g} × sd / √{folds}, Student's t with {folds - 1} degrees of freedom (computed). Folds that share training rows are not independent, so a gain that just passes is read as a tie."
    )
