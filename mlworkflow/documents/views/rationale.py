"""Tool Selection Rationale: what was chosen, what lost and why, what would change it."""

from __future__ import annotations

from typing import Any

from mlworkflow.decision import Flip, Verdict
from mlworkflow.documents.escape import Md, escape
from mlworkflow.documents.saying import Say, Table
from mlworkflow.wording import nearest

ELSEWHERE = ("experiment-tracking", "orchestration", "model-registry", "assignment-tool")
OBVIOUS = ("problem_type", "already_used", "serving", "evaluation_metric", "split", "retraining")


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    tools = [verdict for verdict in say.spec.verdicts if verdict.decision.candidates and verdict.applies]
    waiting = say.spec.kind("not-yet")[: 12 if say.full else 0 if say.brief else 3]
    header = ("Job", "Choice, and why", "Lost", "Changes if", "State of the fact")
    columns = 5 if say.full else 2 if say.brief else 4
    return {
        "tools": Table(
            header[:columns],
            [_tool(say, verdict)[:columns] for verdict in tools],
        ),
        "changes": Table(("Decision", "Today", "Changes if"), _changes(say) if say.full else []),
        "not_yet": Table(
            ("Not yet", *(("Because",) if say.full else ()), "Comes back when"),
            [
                (say.sentence(one.says), *((say.sentence(one.because),) if say.full else ()), say.column(one, "back"))
                for one in waiting
            ],
        ),
        "upkeep": Md(
            f"The chosen tools want about {say.value('upkeep_hours')} hours a month to keep running (judgement: none 0, light 2, moderate 6, heavy 16 hours each); the team has {say.marked('hours_available')}."
        ),
        "overruled": [_overruled(say, verdict) for verdict in say.spec.verdicts if verdict.overruled],
        "catalog": Md(f"{say.spec.knowledge.catalog_date}{_less_sure(say, tools)}"),
        "findings": say.findings("rationale"),
    }


def _less_sure(say: Say, verdicts: list[Verdict]) -> str:
    """The chosen tools whose facts were not all looked up, in one phrase; in full each has its own state."""
    words = {"partly": "partly checked", "believed": "believed, so check before relying on it"}
    groups: dict[str, list[str]] = {}
    for id in dict.fromkeys(verdict.chosen for verdict in verdicts):
        if id is not None and say.spec.knowledge.is_tool(id):
            tool = say.spec.knowledge.tool(id)
            if tool.checked.confidence in words:
                groups.setdefault(words[tool.checked.confidence], []).append(str(escape(tool.name)))
            if tool.status.is_ != "active" and not tool.do_without:
                since = f" in {tool.status.since}" if tool.status.since else ""
                groups.setdefault(f"{tool.status.is_}{since}", []).append(str(escape(tool.name)))
    return "".join(f"; {words}: {', '.join(names)}" for words, names in groups.items()) if not say.full else ""


def _tool(say: Say, verdict: Verdict) -> tuple[Any, ...]:
    words = flip_words(say, verdict, 4 if say.full else 1)
    return (
        verdict.decision.title,
        Md(say.chosen(verdict) if _reasoned(say, verdict) else f"{say.chosen(verdict)}: {say.why(verdict)}"),
        _lost(say, verdict),
        Md("; ".join(words) or _fixed(verdict)),
        _fact(say, verdict.chosen),
    )


def _reasoned(say: Say, verdict: Verdict) -> bool:
    """Whether the table of another section gives the reason of this choice; in full every row stands for itself."""
    return not say.full and verdict.id in ELSEWHERE and verdict.overruled is None


def _fact(say: Say, id: str | None) -> Md:
    if id is None or not say.spec.knowledge.is_tool(id):
        return Md("–")
    tool = say.spec.knowledge.tool(id)
    if tool.do_without:
        return Md(f"no tool; upkeep {tool.upkeep}" if say.full else "no tool")
    since = f" since {tool.status.since}" if tool.status.since else ""
    words = {"verified": "checked", "partly": "partly checked", "believed": "believed; check before relying on it,"}[
        tool.checked.confidence
    ]
    upkeep = f"; upkeep {tool.upkeep}" if say.full else ""
    return Md(f"{tool.status.is_}{since}; {words} {tool.checked.on}{upkeep}")


def _fixed(verdict: Verdict) -> str:
    if any(flip.choice is not None for flip in verdict.flips):
        return "another kind of problem, or another mode"
    return "no single answer"


def _lost(say: Say, verdict: Verdict) -> Md:
    """The losers that a reader would ask for; in full all of them, grouped by the reason that beat them."""
    groups: dict[str, list[str]] = {}
    preferences = {row.id for row in say.spec.knowledge.in_full(verdict.decision).prefers}
    most, names_each = (40, 40) if say.full else (1, 2)
    for lost in sorted(verdict.lost, key=lambda lost: (_general(lost.because[0].row), not _usual(say, lost.option))):
        why = str(say.sentence(lost.because[0].says))
        if lost.because[0].row in preferences and why != str(say.why(verdict)):
            why = f"behind {say.chosen(verdict)}: {why}"
        names = groups.setdefault(why, []) if why in groups or len(groups) < most else []
        if len(names) < names_each:
            names.append(str(say.option(verdict, lost.option)))
    if not say.full:
        return Md(", ".join(name for names in groups.values() for name in names) or "no other was left")
    chosen_why = str(say.why(verdict))
    return Md(
        "; ".join(
            f"{', '.join(names)}{'' if why == chosen_why else f' ({_short(why, names)})'}"
            for why, names in groups.items()
        )
        or "no other was left"
    )


def _short(why: str, names: list[str]) -> str:
    """A reason that begins with the tool's name does not say it twice."""
    same = len(names) == 1 and why.lower().startswith(f"{names[0].lower()} ")
    return f"it{why[len(names[0]) :]}" if same else why


def _general(row: str) -> bool:
    return row.startswith(
        (
            "not-on-",
            "bound-to-",
            "not-a-special",
            "no-open-doubts",
            "kept-only",
            "no-databricks",
            "no-snowflake",
            "not-alive",
            "too-heavy",
        )
    )


def _usual(say: Say, id: str) -> bool:
    tool = say.spec.knowledge.tool(id)
    return "default-choice" in tool.capabilities or tool.do_without


def _changes(say: Say) -> list[tuple[Any, ...]]:
    rows = []
    for verdict in say.spec.verdicts:
        words = flip_words(say, verdict, 6 if say.full else 1)
        if words and verdict.applies and not verdict.decision.for_each and not verdict.decision.candidates:
            rows.append((verdict.decision.title, say.chosen(verdict), Md("; ".join(words))))
    return rows


def flip_words(say: Say, verdict: Verdict, most: int) -> list[str]:
    """Return the nearest changes of one answer that would change the choice."""
    groups: dict[tuple[str, str | None], list[Flip]] = {}
    for flip in (flip for flip in verdict.flips if flip.answer not in OBVIOUS and flip.choice is not None):
        groups.setdefault((flip.answer, flip.choice), []).append(flip)
    words = []
    for (answer, choice), flips in list(groups.items())[:most]:
        question = say.spec.knowledge.question[answer]
        values = " or ".join(dict.fromkeys(_value(say, flip) for flip in _closest(say, flips)))
        words.append(f"{escape(question.label)} {values} → {say.option(verdict, choice)}")
    return words


def _closest(say: Say, flips: list[Flip]) -> list[Flip]:
    values = [flip.value for flip in flips]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        return flips[:2]
    near = nearest(say.spec.answers.value(flips[0].answer) or 0, values)
    return [flip for flip in flips if flip.value in near] or flips[:1]  # nobody said it, and 0 is a change


def _value(say: Say, flip: Flip) -> str:
    question = say.spec.knowledge.question[flip.answer]
    if question.kind == "flag":
        return "yes" if flip.value else "no"
    if question.kind == "choices":
        before = set(say.spec.value(flip.answer) or ())
        added = [one for one in flip.value if one not in before]
        gone = [one for one in before if one not in flip.value]
        return f"with {', '.join(added)}" if added else f"without {', '.join(gone)}"
    return str(escape(say.spec.world.say(flip.answer, flip.value)))


def _overruled(say: Say, verdict: Verdict) -> Md:
    assert verdict.overruled is not None
    against = "; ".join(str(say.sentence(because.says)) for because in verdict.overruled.warnings)
    warning = f" The rows say against it: {against}." if against else ""
    return Md(
        f"{verdict.decision.title}: {say.chosen(verdict)} instead of {say.option(verdict, verdict.overruled.instead_of)}, because {escape(verdict.overruled.reason)}.{warning}"
    )
