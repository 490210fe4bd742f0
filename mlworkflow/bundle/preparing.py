"""What must be set up, written and shown besides the model: accesses, groups that stay untouched, plans, cards, evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mlworkflow.bundle.words import Plain, accepted_sources, chosen
from mlworkflow.documents.views import experiment
from mlworkflow.documents.views.experiment import RANDOM


@dataclass(frozen=True, slots=True)
class Chore:
    """One piece of such work: its stage, the hat that does it, and the duties whose owner comes first."""

    id: str
    title: str
    done: str
    stage: str
    hat: str
    duties: tuple[str, ...]


_SOURCES = ("duty-data-contract", "duty-corpus")
_DATA = ("duty-snapshot", *_SOURCES)
_JUDGE = ("duty-eval-gate", "duty-golden-set")
_PERSONAL = ("duty-privacy", "duty-trace-privacy")
# Stage, hat and duties of each line of the first setup; what gates, alerts and candidates say already is left out.
_SETUP: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "build-archive": ("data", "data-engineer", _DATA),
    "build-basis": ("data", "product", _PERSONAL),
    "build-untouched": ("data", "data-scientist", ("duty-experiment", "duty-label")),
    "build-pass-share": ("data", "product", ("duty-experiment", "duty-label")),
    "build-copy-files": ("data", "data-engineer", _DATA),
    "build-exposure-log": ("serve", "ml-engineer", ("duty-serving",)),
    "build-request-log": ("serve", "ml-engineer", ("duty-serving",)),
    "build-locked-test": ("data", "ml-engineer", _JUDGE),
    "build-golden-set": ("data", "data-scientist", ("duty-golden-set",)),
    "build-label-rule": ("data", "data-scientist", ("duty-label",)),
    "build-baseline": ("train", "data-scientist", _JUDGE),
    "build-trivial": ("train", "data-scientist", _JUDGE),
    "build-fallback": ("serve", "platform", ("duty-rollback",)),
    "build-log": ("serve", "ml-engineer", ("duty-serving", "duty-run-ready")),
    "build-checks": ("data", "data-engineer", _DATA),
    "build-thin-line": ("serve", "ml-engineer", ("duty-serving", "duty-run-ready")),
    "build-last": ("deploy", "data-engineer", ("duty-features", "duty-retraining")),
}
_SAID_ELSEWHERE = ("build-way-back", "build-alerts", "build-model", "build-prompt")
# Decisions whose tool is a system that somebody signs in to.
_SYSTEMS = ("experiment-tracking", "model-registry", "orchestration", "feature-store-tool", "vector-store", "model-provider",
            "serving-platform-batch", "serving-platform-realtime", "serving-platform-streaming", "serving-platform-queue",
            "serving-platform-edge", "operational-monitoring", "llm-observability")  # fmt: skip


def chores(say: Plain) -> Iterator[Chore]:
    """Yield every such piece of work of the design."""
    yield from _accesses(say)
    yield from _setup(say)
    yield from _experiment(say)
    yield from _papers(say)
    yield from _evidence(say)


def _accesses(say: Plain) -> Iterator[Chore]:
    for source in accepted_sources(say.spec):
        name = source.value("name")
        owner = say.field(source, "sources", "owner", "its owner, still to be named")
        done = "the pipeline's own account reads one day of it and nothing else, and the right is written down"
        yield Chore(f"access-{name}", f"Get access to {name} from {owner}", done, "data", "data-engineer", _SOURCES)
    for system in _systems(say):
        done = "each person enters by a name of their own with the least right, and no key stands in code"
        yield Chore(f"system-{system}", f"Open {system} to the team", done, "data", "platform", ("duty-access",))


def _systems(say: Plain) -> list[str]:
    """Return the chosen tools that have accounts, each once; a library has none."""
    found: dict[str, None] = {}
    for decision in _SYSTEMS:
        option = chosen(say.spec, decision)
        if option is not None and set((tool := say.spec.knowledge.tool(option)).hosting) - {"library", "embedded"}:
            found[tool.name] = None
    return list(found)


def _setup(say: Plain) -> Iterator[Chore]:
    """The lines of the first setup, as `show rollout` says them; one of a pack goes to whoever runs the platform."""
    for one in say.spec.kind("build"):
        if one.clause.id not in _SAID_ELSEWHERE:
            stage, hat, duties = _SETUP.get(one.clause.id, ("serve", "platform", ()))
            title, done = f"Set up: {say.sentence(one.says)}", str(say.column(one, "done"))
            yield Chore(one.id, title, done, stage, hat, duties)


def _experiment(say: Plain) -> Iterator[Chore]:
    kind = say.choice("experiment-kind")
    shown = {str(row[0]): str(row[1]) for row in experiment.view(say)["table"].rows}
    signs = say.value("approver", "the approver, still to be named,")
    said = "; ".join(part for name in ("Primary metric", "Min duration") if (part := shown.get(name)))
    done = f"metric, size, length, guardrails and what follows from each outcome stand in impact-analysis.md ({said}), signed by {signs} before the first exposure"
    duties = ("duty-experiment", "duty-metric")
    yield Chore("experiment-plan", f"Write the experiment plan: {kind}", done, "train", "data-scientist", duties)
    if say.spec.value("experiment_kind") in RANDOM:
        split = shown.get("Traffic split", "as the plan says")
        done = "a run of a week without any change shows arms of the planned sizes, and each exposure left a line"
        yield Chore(
            "experiment-arms", f"Draw the arms: {split}", done, "serve", "ml-engineer", ("duty-serving", *duties)
        )


def _papers(say: Plain) -> Iterator[Chore]:
    """The files that people fill in."""
    generative = say.spec.value("problem_type") == "generative"
    before = "before the gates are judged"
    signs = say.value("approver", "the approver, still to be named,")
    card = f"no blank is left in it, {before}"
    yield Chore("paper-dataset-card", "Fill in dataset-card.md", card, "data", "data-engineer", _SOURCES)
    yield Chore(
        "paper-model-card", "Fill in model-card.md", card, "train", "data-scientist", ("duty-model-card", *_JUDGE)
    )
    if generative:
        done = f"no value is null, {before}, and its version stands in the registry entry"
        yield Chore("paper-prompt-bundle", "Fill in prompt-bundle.yaml", done, "train", "ml-engineer", ("duty-prompt",))
    yield Chore("paper-comparison", "Fill in experiment-comparison.md",
                "each candidate has its row with interval and cost, and the finalist is named by the selection rule",
                "train", "data-scientist", ("duty-model", "duty-golden-set"))  # fmt: skip
    yield Chore("paper-benchmark", "Run benchmark-plan.md and fill in its results",
                "each pass rule has its measured value, with hardware and date", "serve", "ml-engineer",
                ("duty-serving", "duty-run-ready"))  # fmt: skip
    yield Chore("paper-runbook", "Fill in contacts and kill switch in runbook.md",
                "each number was dialled once, and whoever may throw the switch has thrown it in staging", "deploy",
                "platform", ("duty-on-call", "duty-morning-alerts"))  # fmt: skip
    yield Chore("paper-impact", "Fill in impact-analysis.md",
                f"each “to fill in” holds its value once outcomes are known, and {signs} has decided by it", "deploy",
                "data-scientist", ("duty-experiment", "duty-metric"))  # fmt: skip


def _evidence(say: Plain) -> Iterator[Chore]:
    """What rules of law or supervision ask for; voluntary ones are no task."""
    for one in say.spec.kind("rule"):
        if "voluntary" not in str(one.says):
            done = f"{say.column(one, 'asks')}; whoever advises on law has confirmed it in writing"
            yield Chore(
                one.id, f"Settle and record: {say.sentence(one.says)}", done, "deploy", "product", ("duty-rules",)
            )
