"""Why a question is asked: the decisions, then the numbers, that read its answer."""

from __future__ import annotations

from mlworkflow.figures import FIGURES
from mlworkflow.pack import Knowledge
from mlworkflow.question import Question
from mlworkflow.readers import readers

_ASCII = str.maketrans(
    {"→": "->", "–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "…": "...", "µ": "u", "×": "x", "≥": ">=", "≤": "<="}
)
MOST_NAMED = 4


def ours(text: str) -> str:
    """Return a text of our own as it can be read on every terminal."""
    return text if text.isascii() else text.translate(_ASCII).encode("ascii", "replace").decode("ascii")


def titles(knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Return, for each name, the titles of the decisions that read it, each once."""
    return {name: tuple(dict.fromkeys(one.title for one in read)) for name, read in readers(knowledge).items()}


def why(question: Question, deciding: tuple[str, ...]) -> str:
    """Return one line that says what the answer is for."""
    if deciding:
        return ours(f"it bears on {some(deciding)}")
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
