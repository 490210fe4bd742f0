"""What a design says in files that people do not read as Markdown: the same words, without marks."""

from __future__ import annotations

import re
from typing import Any

from mlworkflow.clause import Sentence
from mlworkflow.decision import Verdict
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, slug
from mlworkflow.documents.saying import Say
from mlworkflow.question import Entry

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

    def quote(self, text: str) -> Md:
        """Return a value's text as it is."""
        return Md(text)

    def sentence(self, sentence: Sentence) -> Md:
        """Return one of our sentences without its marks."""
        return Md(_MARKS.sub("", str(sentence)))

    def chosen(self, verdict: Verdict) -> Md:
        """Return the name of the chosen option; where nothing is left, without its marks."""
        found = super().chosen(verdict)
        return Md(_MARKS.sub("", found)) if verdict.chosen is None else found


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
