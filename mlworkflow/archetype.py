"""A usual case of the field: by which answers and words it is known, and what its people know that no answer says."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from mlworkflow.clause import Clause

PLACES = {"target": 3, "name": 2, "unit": 2, "decision": 2, "sources": 1}
ENOUGH = 5
LEAD = 3
MOST_HINTS = 3
MOST_SIGNS = ENOUGH
# The answers that may speak for a case besides its words; the kinds are those of the sources.
STRUCTURED = (
    "problem_type", "llm_task", "text_task", "vision_task", "evaluation_metric", "action_effect", "adversarial",
    "safety", "regulation", "who_waits", "source_kinds",
)  # fmt: skip
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
class Sign:
    """A structured answer that speaks for a usual case, whatever the language of its words."""

    answer: str
    has: tuple[str, ...]
    says: str
    counts: int = 1


@dataclass(frozen=True, slots=True)
class Archetype:
    """A usual case: its name, the problem types it comes as, the answers and words that speak for it, and its points.

    Words and hints are English; `words_in` and `hints_in` hold them by language.
    """

    id: str
    name: str
    problem_types: tuple[str, ...]
    words: tuple[str, ...]
    words_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hints: tuple[str, ...] = ()
    hints_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    against: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
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
    signs: tuple[str, ...] = ()

    @property
    def because(self) -> str:
        """The words that speak for it and where they stand, then the answers that do."""
        said = [
            f"the {place} {'say' if place == 'sources' else 'says'} “{word}”" for place, word in self.places.items()
        ]
        said += self.signs[: max(0, 2 - len(said))]
        said += [f"“{word}” is named" for word in self.hints[: max(0, 2 - len(said))]]
        return ", ".join(said[:2])


@dataclass(frozen=True, slots=True)
class Spoken:
    """What texts say of a usual case: its word at each place, its hints, and how many words speak against it."""

    places: Mapping[str, str]
    hints: tuple[str, ...]
    against: int


def found_word(words: Sequence[str], text: str) -> str | None:
    """Return what a plain text has for the first of the words that it holds; a star stands for any letters."""
    return next((found for one in words if (found := _found(one, text))), None)


def in_text(word: str, text: str) -> bool:
    """Whether a plain text holds a word or a phrase, accents aside; a star stands for any letters."""
    return _found(word, text) is not None


def _found(word: str, text: str) -> str | None:
    """The whole words of a text in which a pattern was found."""
    letters, bare = folded(text), folded(word.strip("*"))
    at = letters.find(f"{'' if word.startswith('*') else ' '}{bare}{'' if word.endswith('*') else ' '}")
    if at < 0:
        return None
    first = letters[: at + 1].count(" ") - 1
    return " ".join(text.split()[first : first + 1 + bare.count(" ")])


@cache
def folded(text: str) -> str:
    """Return a text without accents, in which letters that people write for each other are the same."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if one.isalnum() or one == " ")


def plain(*texts: str | None) -> str:
    """Return texts in lower case with single spaces, between spaces, so that whole words can be found."""
    letters = "".join(one if one.isalnum() else " " for one in " ".join(text or "" for text in texts).lower())
    return f" {' '.join(letters.split())} "


def spoken(archetype: Archetype, texts: Mapping[str, str]) -> Spoken:
    """Return what plain texts by place say of a case, in any of its languages."""
    words, hints = _in_any(archetype.words, archetype.words_in), _in_any(archetype.hints, archetype.hints_in)
    every = " ".join(texts.values())
    return Spoken(
        {place: word for place, text in texts.items() if (word := found_word(words, text))},
        tuple(dict.fromkeys(found for one in hints if (found := _found(one, every)))),
        sum(in_text(one, every) for one in archetype.against),
    )


def _in_any(words: Sequence[str], others: Mapping[str, Sequence[str]]) -> list[str]:
    return [*words, *(one for language in others.values() for one in language)]


def match(archetype: Archetype, said: Spoken, structured: Mapping[str, Sequence[str]]) -> Match | None:
    """Return how well answers fit; nothing where the problem type is another, or too little speaks for it."""
    if structured["problem_type"][0] not in archetype.problem_types:
        return None
    signs = [one for one in archetype.signs if set(one.has) & set(structured.get(one.answer, ()))]
    shown = min(MOST_SIGNS, sum(one.counts for one in signs))
    if shown < ENOUGH and (not said.places or _by_name_alone(said, signs)):
        return None
    score = shown + sum(PLACES[place] for place in said.places) + min(MOST_HINTS, len(said.hints)) - 3 * said.against
    weighty = tuple(one.says for one in sorted(signs, key=lambda one: -one.counts))
    return Match(archetype.id, archetype.name, score, said.places, said.hints, weighty)


def _by_name_alone(said: Spoken, signs: list[Sign]) -> bool:
    """Whether a word of the name is all that was said, and what else speaks for the case speaks for many."""
    return set(said.places) == {"name"} and all(one.counts < 2 for one in signs)


def best(matches: list[Match]) -> Match | None:
    """Return the match that is strong enough and clearly ahead; an ambiguous or weak one says nothing."""
    ranked = sorted(matches, key=lambda one: -one.score)
    if not ranked or ranked[0].score < ENOUGH:
        return None
    return ranked[0] if len(ranked) == 1 or ranked[0].score - ranked[1].score >= LEAD else None
