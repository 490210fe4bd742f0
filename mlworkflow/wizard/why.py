"""Why a question is asked: the decisions, then the numbers, that read its answer."""

from __future__ import annotations

from mlworkflow.condition import names
from mlworkflow.facts import FACTS, FAMILIES
from mlworkflow.figures import FIGURES
from mlworkflow.pack import Knowledge
from mlworkflow.question import Question

_ASCII = str.maketrans(
    {"→": "->", "–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "…": "...", "µ": "u", "×": "x", "≥": ">=", "≤": "<="}
)
MOST_NAMED = 4


def ours(text: str) -> str:
    """Return a text of our own as it can be read on every terminal."""
    return text if text.isascii() else text.translate(_ASCII).encode("ascii", "replace").decode("ascii")


def readers(knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Return, for each name, the titles of the decisions whose rows read it, directly or through facts and figures."""
    found: dict[str, dict[str, None]] = {}
    for decision in knowledge.decisions:
        full = knowledge.in_full(decision)
        trees = [decision.tree, *(row.tree for row in (*full.rules_out, *full.prefers))]
        todo = [name for tree in trees if tree is not None for name, _ in names(tree)]
        if decision.for_each:
            todo.append(FAMILIES[decision.for_each].fact)
        for name in _behind(todo):
            found.setdefault(name, {})[decision.title] = None
    return {name: tuple(titles) for name, titles in found.items()}


def _behind(todo: list[str]) -> set[str]:
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            source = FACTS.get(name) or FIGURES.get(name)
            todo.extend(source.reads if source else ())
    return found


def why(question: Question, titles: tuple[str, ...]) -> str:
    """Return one line that says what the answer is for."""
    if titles:
        return ours(f"it bears on {some(titles)}")
    numbers = [figure.label for figure in FIGURES.values() if question.id in figure.reads]
    if numbers:
        return ours(f"it goes into {some(tuple(sorted(numbers, key=len)), 2)}")
    return f"it stands in the document ({question.section or 'problem'}); no decision reads it"


def some(parts: tuple[str, ...], most: int = MOST_NAMED) -> str:
    """Return the first few parts, and how many more there are."""
    shown = [part[:1].lower() + part[1:] if part[1:2].islower() else part for part in parts]
    if len(shown) > most + 1:
        return f"{', '.join(shown[:most])} and {len(shown) - most} more"
    return ", ".join(shown)
