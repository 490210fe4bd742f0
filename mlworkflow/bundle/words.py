"""What a design says in files that people do not read as Markdown: the same words, without marks."""

from __future__ import annotations

import re
from typing import Any

from mlworkflow.clause import Sentence
from mlworkflow.decision import Verdict
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, slug
from mlworkflow.documents.saying import NOT_GIVEN, Say
from mlworkflow.question import Entry
from mlworkflow.wording import said

_MARKS = re.compile(r"\*\*|`")


class Full(Say):
    """Says a design at its full size, whatever size its document has."""

    @property
    def full(self) -> bool:
        """Always: companions hold what the document leaves out."""
        return True

    @property
    def brief(self) -> bool:
        """Never, for the same reason."""
        return False


class Plain(Full):
    """Says a design without escapes: for YAML, JSON and code, which quote in their own way."""

    def value(self, name: str, otherwise: str = NOT_GIVEN) -> Md:
        """Return a value in words."""
        return Md(self.spec.said(name) if self.known(name) else otherwise)

    def texts(self, name: str) -> list[Md]:
        """Return the parts of a list answer."""
        return [Md(part) for part in self.spec.value(name) or ()]

    def field(self, entry: Entry, question: str, name: str, otherwise: str = NOT_GIVEN) -> Md:
        """Return a field of a record in words."""
        value = entry.value(name)
        if value is None:
            return Md(otherwise)
        asked = next(one for one in self.spec.knowledge.question[question].fields if one.id == name)
        return Md(said(asked.kind, value, {one.id: one.label or one.means for one in asked.choices}))

    def sentence(self, sentence: Sentence) -> Md:
        """Return one of our sentences without its marks."""
        return Md(_MARKS.sub("", str(sentence)))

    def chosen(self, verdict: Verdict) -> Md:
        """Return the name of the chosen option."""
        return Md(_MARKS.sub("", super().chosen(verdict)) if verdict.chosen is None else self._name(verdict))

    def _name(self, verdict: Verdict) -> str:
        return self.spec.world.option_name(verdict.decision, verdict.chosen)


def system(spec: Spec) -> str:
    """Return the name of the system in commands, series and paths."""
    return slug(spec.answers.value("name"))


def identifier(text: str) -> str:
    """Return a name of a-z, 0-9 and underscores that code and commands may hold."""
    name = slug(text).replace("-", "_")
    return f"x_{name}" if name[:1].isdigit() else name


def identifiers(texts: list[str]) -> list[str]:
    """Return a name for each text, no two alike."""
    found: list[str] = []
    for text in texts:
        name, number = identifier(text), 2
        while name in found:
            name, number = f"{identifier(text)}_{number}", number + 1
        found.append(name)
    return found


def accepted_sources(spec: Spec) -> list[Entry]:
    """Return the sources that the design reads."""
    return [one for one in spec.answers.entries("sources") if one.value("state") == "accepted"]


def used_features(spec: Spec) -> list[Entry]:
    """Return the features that are not refused."""
    return [one for one in spec.answers.entries("features") if not refused(spec, one)]


def refused(spec: Spec, entry: Entry) -> bool:
    """Whether the design refuses a feature."""
    return spec.by_id[f"feature-use[{entry.value('name')}]"].chosen == "refused"


def chosen(spec: Spec, decision: str) -> Any:
    """Return the chosen option of a decision that is judged once, or None where it does not apply."""
    verdict = spec.by_id.get(decision)
    return verdict.chosen if verdict is not None and verdict.applies else None
