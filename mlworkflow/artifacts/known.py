"""What a design holds, as an artifact writes it down: said, counted, chosen, or still unknown."""

from __future__ import annotations

from typing import Any

from mlworkflow.artifacts.blanks import WORK, Assumed, Unknown
from mlworkflow.clause import Applied
from mlworkflow.designing import Spec
from mlworkflow.question import Entry
from mlworkflow.wording import said


class Known:
    """Reads one design; what nobody said is unknown with its question, what was assumed is marked."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec

    @property
    def generative(self) -> bool:
        """Whether the product is a language model's output."""
        return bool(self.spec.value("problem_type") == "generative")

    @property
    def retrieves(self) -> bool:
        """Whether answers rest on passages of an index."""
        return bool(self.spec.value("model_adaptation") == "retrieval")

    def said(self, name: str) -> Any:
        """Return a value as a document says it."""
        return self._marked(name, self.spec.said(name)) if self.spec.known(name) else self._unknown(name)

    def plain(self, name: str) -> Any:
        """Return a value as it is: a number, a text, yes or no, or a list of texts."""
        value = self.spec.value(name)
        if value is None:
            return self._unknown(name)
        return self._marked(name, list(value) if isinstance(value, tuple) else value)

    def _unknown(self, name: str) -> Unknown:
        return Unknown(name) if name in self.spec.knowledge.question else WORK

    def _marked(self, name: str, value: Any) -> Any:
        answer = self.spec.answers.by_id.get(name)
        return Assumed(value) if answer is not None and not answer.given else value

    def choice(self, decision: str) -> str:
        """Return the name of what was chosen, or that there was nothing to choose."""
        verdict = self.spec.by_id[decision]
        if not verdict.applies:
            return "does not apply"
        if verdict.chosen is None:
            return "nothing that meets the answers is left"
        return self.spec.world.option_name(verdict.decision, verdict.chosen)

    def field(self, entry: Entry, question: str, name: str) -> Any:
        """Return a field of a record as a document says it."""
        answer = entry.fields.get(name)
        if answer is None or answer.value is None:
            return Unknown(question)
        asked = next(one for one in self.spec.knowledge.question[question].fields if one.id == name)
        text = said(asked.kind, answer.value, {one.id: one.label or one.means for one in asked.choices})
        return text if answer.given else Assumed(text)

    def sentences(self, kind: str, section: str = "") -> list[str]:
        """Return the sentences of the clauses of a kind, without what makes parts of them bold."""
        return [text(one.says) for one in self.spec.kind(kind, section)]


def text(sentence: object) -> str:
    """Return a sentence of ours without Markdown."""
    return str(sentence).replace("**", "")


def column(one: Applied, name: str) -> str:
    """Return a column of a clause as plain text."""
    return str(one.columns[name])
