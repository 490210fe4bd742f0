"""The impact analysis: the outcome of the experiment, what its users say, and what drift is measured against."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.bundle.file import File
from mlworkflow.bundle.page import TO_FILL, page, points, section, table
from mlworkflow.bundle.words import Full
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md
from mlworkflow.documents.views import experiment, monitoring
from mlworkflow.documents.views.experiment import RANDOM

PATH = "impact-analysis.md"


def files(spec: Spec) -> Iterator[File]:
    """Yield the template of the report with everything that is settled before the first outcome is seen."""
    yield File(PATH, _page(Full(spec)), "Outcome of the experiment, satisfaction, drift baselines, trend rule", "IAN")


def _page(say: Full) -> str:
    return page(
        say.spec,
        "Impact Analysis",
        "What is settled here is settled before the first outcome is seen; only “to fill in” is written afterwards.",
        section(
            "Outcome",
            table(
                _header(say),
                _outcome(say),
            ),
        ),
        section("Valid only if", points(_valid(say))),
        section("What follows", table(("Outcome", "What is done"), _follows(say))),
        section("Satisfaction", _satisfaction(say)),
        section(
            "Drift baselines", table(("Monitor", "Reference", "Threshold", "Value on release day"), _baselines(say))
        ),
        section("Trend rule", _trend(say)),
    )


def _header(say: Full) -> tuple[str, ...]:
    arms = ("Treated", "Control") if _random(say) else ("New model", "Present way")
    return ("Metric", "Before", "Passes when", *arms, "Difference, 95 % interval", "Passed")


def _random(say: Full) -> bool:
    return say.spec.value("experiment_kind") in RANDOM


def _outcome(say: Full) -> list[tuple[object, ...]]:
    shown = {str(row[0]): row[1] for row in experiment.view(say)["table"].rows}
    wanted = "interval above zero" if not _falls(say) else "interval below zero"
    if say.known("minimum_effect"):
        wanted = f"{wanted}; worth shipping from {say.value('minimum_effect')} on"
    if say.spec.value("experiment_kind") == "parallel-run":
        wanted = (
            f"threshold of {say.value('success_threshold')} met, and not behind the present way on the same cases"
            if say.known("success_threshold")
            else "not behind the present way on the same cases"
        )
    before = "as named beside it" if say.known("primary_baseline") else "to measure first"
    rows: list[tuple[object, ...]] = [(Md(f"**Primary:** {shown['Primary metric']}"), before, wanted, *(TO_FILL,) * 4)]
    for one in say.spec.kind("guardrail"):
        rows.append((say.sentence(one.says), TO_FILL, say.column(one, "limit"), *(TO_FILL,) * 4))
    return rows


def _falls(say: Full) -> bool:
    effect = say.spec.value("effect_absolute")
    return effect is not None and effect < 0


def _valid(say: Full) -> list[Md]:
    shown = {str(row[0]): row[1] for row in experiment.view(say)["table"].rows}
    lines = [Md(f"Kind: {say.choice('experiment-kind')}; split: {shown['Traffic split']}.")]
    lines.append(Md(f"Length: {shown['Min duration']}."))
    if _random(say):
        lines.append(Md(f"Units counted in each arm: {shown['Sample-ratio check']}."))
        lines.append(Md(f"Looks: {shown['Looks']}."))
        lines.append(Md("Everyone who was assigned is counted, acted on or not."))
    else:
        lines.append(Md("Nobody was assigned at random, so the report says “before and after” and never “because of”."))
    lines.append(Md("The hash of the evidence file and the version of both arms stand beside the outcome."))
    return lines


def _follows(say: Full) -> list[tuple[str, str]]:
    approver = say.value("approver", "the approver, still to be named,")
    owner = say.value("threshold_owner") if say.known("threshold_owner") else approver
    rows = [
        ("primary won, guardrails held", f"{approver} lets it go to everyone"),
        (
            "primary won, a guardrail broken",
            "back; the cost of the broken one is written down, and nobody trades it silently",
        ),
    ]
    if _random(say):
        smallest = (
            f"; this traffic shows {say.value('detectable_effect_said')} at best"
            if say.known("detectable_effect_said")
            else ""
        )
        rows.append(("interval holds zero", f"the present way stays; not shown is not the same as no effect{smallest}"))
        rows.append(("counted units disagree with the split", "no conclusion; find the cause, then start again"))
    else:
        rows.append(("no clear difference", f"{owner} decides with both numbers, and the doubt is written down"))
    rows.append(("worse", "back by the steps of `deployment-plan.md`; what was learned goes to the candidates"))
    return rows


def _satisfaction(say: Full) -> str:
    if not say.known("satisfaction_metric"):
        return "No figure was named that tells how its users like it; name one, and its value today, before the first exposure."
    header = ("Figure", "Four weeks before", "During", "Limit")
    limit = Md(f"not worse by more than 10 % than {say.value('compared_with', 'before')}")
    return table(header, [(say.value("satisfaction_metric"), TO_FILL, TO_FILL, limit)])


def _baselines(say: Full) -> list[tuple[object, ...]]:
    shown = monitoring.view(say)
    thresholds = {str(row[0]): row[2] for row in shown["table"].rows}
    window = _window(shown["windows"])
    references = {
        "Data drift": window,
        "Model drift": "predictions of the same window; quality at release",
        "Concept drift": "the deciding metric at release, by cohort",
        "Operational": "the load test, then the four weeks before",
    }
    return [(name, references.get(name, window), limit, TO_FILL) for name, limit in thresholds.items()]


def _window(lines: list[Md]) -> str:
    """The reference window in the words of the document."""
    for line in lines:
        label, _, rest = line.partition(": ")
        if label in ("Reference window", "Reference"):
            return rest.rstrip(".").split("; ")[0]
    return "the first four weeks after release"


def _cohorts(say: Full) -> str:
    """How long a cohort is, as the count of its alert says, else a week."""
    if not say.holds("cohorts_counted"):
        return "weekly"
    periods, unit = say.spec.value("cohort_periods"), say.value("cohort_unit")
    return f"one-{unit}" if periods == 1 else f"{periods:.0f}-{unit}"


def _trend(say: Full) -> str:
    kept = f"cohorts older than {say.value('label_age')}" if say.known("label_age") else "mature cohorts"
    what = (
        f"nightly passes of the golden set, a week each, and the {say.choice('concept-check')}"
        if say.spec.value("problem_type") == "generative"
        else f"{say.choice('deciding-metric')} on {_cohorts(say)} {kept}"
    )
    unit = say.value("cohort_unit") if say.holds("cohorts_counted") else "week"
    rises = "rises" if say.holds("lower_is_better") else "falls"
    return (
        f"Besides the thresholds: {what}. Four running {rises}, each against the one before, is a trend even inside its limits: "
        "five values without a trend stand in one given order once in 120 times. "
        f"Then the slope (median of all pairs of {unit}s) and the {unit} in which it reaches the limit are reported, and a retraining or its refusal is recommended in writing."
    )
