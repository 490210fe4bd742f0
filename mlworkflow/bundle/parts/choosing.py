"""The architecture selection report: every decision with its reason, what lost, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlworkflow.bundle.file import File
from mlworkflow.bundle.page import page, points, section, table
from mlworkflow.bundle.words import Full
from mlworkflow.decision import Lost, Verdict
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, escape
from mlworkflow.documents.views.rationale import flip_words

PATH = "architecture-selection.md"
OF_FEATURES = ("feature-use", "transformation")
SECTIONS = {
    "problem": "Problem",
    "features": "Features",
    "tracking": "Tracking",
    "training": "Model and training",
    "serving": "Serving",
    "experiment": "Experiment and rollout",
    "monitoring": "Monitoring",
}
MOST_REASONS, MOST_NAMES, MOST_FLIPS = 3, 3, 3


def files(spec: Spec) -> Iterator[File]:
    """Yield the report."""
    yield File(PATH, _page(Full(spec)), "Each decision, what lost and why, what would flip it", "MAR")


def _page(say: Full) -> str:
    shown = [one for one in say.spec.verdicts if one.applies and one.decision.id not in OF_FEATURES and not _is_no(one)]
    others = [*SECTIONS, *dict.fromkeys(one.decision.section for one in shown if one.decision.section not in SECTIONS)]
    parts = [
        section(
            SECTIONS.get(name, name.capitalize()), _table(say, [one for one in shown if one.decision.section == name])
        )
        for name in others
    ]
    conflicts = [f"{one.decision.title}: {say.why(one)}" for one in say.spec.conflicts]
    overruled = [f"{one.decision.title}: {say.why(one)}" for one in shown if one.overruled]
    return page(
        say.spec,
        "Architecture Selection",
        "What stands under “Lost” without a reason lost to the reason beside it.",
        section("Nothing fits", points(conflicts)),
        section("Decided by a person", points(overruled)),
        *parts,
        section("Does not apply", points(_elsewhere(say))),
    )


def _is_no(verdict: Verdict) -> bool:
    """A serving mode that the design has not."""
    return verdict.decision.id == "serving-mode" and verdict.chosen == "no"


def _table(say: Full, verdicts: list[Verdict]) -> str:
    header = ("Decision", "Chosen", "Because", "Lost, and why", "Flips when")
    return table(header, [_row(say, one) for one in verdicts])


def _row(say: Full, verdict: Verdict) -> tuple[Any, ...]:
    subject = f" ({_subject(say, verdict)})" if verdict.subject else ""
    flips = "; ".join(flip_words(say, verdict, MOST_FLIPS)) or "no single answer that was tried"
    return (f"{verdict.decision.title}{subject}", say.chosen(verdict), say.why(verdict), _lost(say, verdict), Md(flips))


def _subject(say: Full, verdict: Verdict) -> Md:
    found = {one.id: one.label for one in say.spec.world.subjects(verdict.decision.for_each)}
    return escape(found.get(verdict.subject, verdict.subject))


def _lost(say: Full, verdict: Verdict) -> Md:
    """The losers by the reason that beat them; of many tools those first that another team would take."""
    chosen_why, groups = str(say.why(verdict)), _groups(say, verdict)
    found = []
    for why, names in list(groups.items())[:MOST_REASONS]:
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        found.append(f"{', '.join(names[:MOST_NAMES])}{more}{'' if why == chosen_why else f' ({_short(why, names)})'}")
    unsaid = sum(len(names) for names in list(groups.values())[MOST_REASONS:])
    return Md(
        "; ".join([*found, *([f"{unsaid} more for other reasons"] if unsaid else [])]) or "nothing else was offered"
    )


def _groups(say: Full, verdict: Verdict) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    preferences = {row.id for row in say.spec.knowledge.in_full(verdict.decision).prefers}
    for lost in sorted(verdict.lost, key=lambda one: _order(say, verdict, one)):
        why = str(say.sentence(lost.because[0].says))
        if lost.because[0].row in preferences and why != str(say.why(verdict)):
            why = f"behind {say.chosen(verdict)}: {why}"  # a preference speaks for what was chosen, not for the loser
        groups.setdefault(why, []).append(_named(say.option(verdict, lost.option)))
    return groups


def _named(option: Md) -> str:
    return f"“{option}”" if "," in option else str(option)


def _order(say: Full, verdict: Verdict, lost: Lost) -> tuple[bool, bool]:
    """Reasons of this very decision before those that hold for a tool everywhere, such as its cloud."""
    name = say.spec.world.option_name(verdict.decision, lost.option)
    everywhere = str(lost.because[0].says).lower().startswith(name.lower())
    if not verdict.decision.candidates or not say.spec.knowledge.is_tool(lost.option):
        return everywhere, False
    tool = say.spec.knowledge.tool(lost.option)
    return everywhere, not ("default-choice" in tool.capabilities or tool.do_without)


def _short(why: str, names: list[str]) -> str:
    """A reason that begins with the tool's name does not say it twice."""
    same = len(names) == 1 and why.lower().startswith(f"{names[0].lower()} ")
    return f"it{why[len(names[0]) :]}" if same else why


def _elsewhere(say: Full) -> list[str]:
    """Each decision that no subject has, once."""
    found: dict[str, str] = {}
    applying = {one.decision.id for one in say.spec.verdicts if one.applies}
    for one in say.spec.verdicts:
        if not one.applies and one.decision.id not in applying:
            found.setdefault(one.decision.title, str(say.why(one)))
    return [f"{title}: {why}." for title, why in found.items()]
