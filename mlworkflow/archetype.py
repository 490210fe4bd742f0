"""A usual case of the field: the words by which it is recognised, and what its people know that no answer says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mlworkflow.clause import Clause

PLACES = {"target": 3, "name": 2, "unit": 2, "decision": 2, "sources": 1}
ENOUGH = 5
LEAD = 3
MOST_HINTS = 3
KINDS = {"feature": "proposed-feature", "trap": "trap", "metric": "metric", "rule": "rule", "question": "ask"}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that comes with a usual case: a feature, a trap, a metric, a rule to check or a question to ask."""

    id: str
    kind: Literal["feature", "trap", "metric", "rule", "question"]
    says: str
    why: str = ""
    when: str = ""
    weight: int = 50
    needs: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    owner: str = "product"
    on: str = ""
    source: str = ""
    confidence: Literal["", "verified", "partly", "believed"] = ""
    pack: str = ""
    tree: list[Any] | None = None

    def clause(self, archetype: str) -> Clause:
        """Return it as a line that a document can show."""
        section = "features" if self.kind == "feature" else "problem"
        columns = {"owner": self.owner, **({"why": self.why} if self.why else {})}
        return Clause(
            f"{archetype}-{self.id}", KINDS[self.kind], self.says, section, self.when,
            weight=self.weight, columns=columns, pack=self.pack,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Archetype:
    """A usual case: its name, the problem types it comes as, the words that speak for it, and its points."""

    id: str
    name: str
    problem_types: tuple[str, ...]
    words: tuple[str, ...]
    hints: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    pack: str = ""

    def of(self, kind: str) -> tuple[Point, ...]:
        """Return its points of a kind, the weightiest first."""
        return tuple(sorted((one for one in self.points if one.kind == kind), key=lambda one: -one.weight))


@dataclass(frozen=True, slots=True)
class Match:
    """How well answers fit a usual case, and which of their words say so."""

    archetype: str
    name: str
    score: int
    places: Mapping[str, str] = field(default_factory=dict)
    hints: tuple[str, ...] = ()

    @property
    def because(self) -> str:
        """The words that speak for it, and where they stand."""
        said = [
            f"the {place} {'say' if place == 'sources' else 'says'} “{word}”" for place, word in self.places.items()
        ]
        said += [f"“{word}” is named" for word in self.hints[: max(0, 2 - len(said))]]
        return ", ".join(said[:2])


def found_word(words: tuple[str, ...], text: str) -> str | None:
    """Return the first of the words that a plain text holds; a star stands for any ending."""
    return next((one.rstrip("*") for one in words if in_text(one, text)), None)


def in_text(word: str, text: str) -> bool:
    """Whether a plain text holds a word or a phrase; a star stands for any ending."""
    return f" {word[:-1]}" in text if word.endswith("*") else f" {word} " in text


def plain(*texts: str | None) -> str:
    """Return texts in lower case with single spaces, between spaces, so that whole words can be found."""
    letters = "".join(one if one.isalnum() else " " for one in " ".join(text or "" for text in texts).lower())
    return f" {' '.join(letters.split())} "


def match(archetype: Archetype, problem_type: str, texts: Mapping[str, str]) -> Match | None:
    """Return how well plain texts by place fit; nothing where the problem type is another, or no word of it is said."""
    if problem_type not in archetype.problem_types:
        return None
    places = {place: word for place, text in texts.items() if (word := found_word(archetype.words, text))}
    every = " ".join(texts.values())
    hints = tuple(one.rstrip("*") for one in archetype.hints if in_text(one, every))
    score = sum(PLACES[place] for place in places) + min(MOST_HINTS, len(hints))
    score -= 3 * sum(in_text(one, every) for one in archetype.against)
    return Match(archetype.id, archetype.name, score, places, hints) if places else None


def best(matches: list[Match]) -> Match | None:
    """Return the match that is strong enough and clearly ahead; an ambiguous or weak one says nothing."""
    ranked = sorted(matches, key=lambda one: -one.score)
    if not ranked or ranked[0].score < ENOUGH:
        return None
    return ranked[0] if len(ranked) == 1 or ranked[0].score - ranked[1].score >= LEAD else None
