"""What a design's values, choices and reasons look like in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mlworkflow.clause import Applied, Sentence
from mlworkflow.decision import Because, Verdict
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, code, escape
from mlworkflow.quantity import say_number
from mlworkflow.question import Entry
from mlworkflow.wording import listed, said

NOT_GIVEN = "not given"


_STANDS_FOR = {"hours_available": "hours_per_month", "peak": "peak_load"}
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Table:
    """A table of the document; one without rows counts as absent."""

    header: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]

    def __bool__(self) -> bool:
        return bool(self.rows)


class Say:
    """Says what one design holds, escaped and in the document's words."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec

    def quote(self, text: str) -> Md:
        """Return a value's text so that it cannot be taken for Markdown."""
        return escape(text)

    # -------------------------------------------------------------- values

    def known(self, name: str) -> bool:
        """Whether there is a value."""
        return self.spec.known(name)

    @property
    def full(self) -> bool:
        """Whether the document shows every table."""
        return bool(self.spec.value("document_size") == "full")

    @property
    def brief(self) -> bool:
        """Whether the document shows only what one or two people need to build it."""
        return bool(self.spec.value("document_size") == "brief")

    def holds(self, fact: str) -> bool:
        """Whether a fact is known to be true."""
        return self.spec.value(fact) is True

    def value(self, name: str, otherwise: str = NOT_GIVEN) -> Md:
        """Return a value as the document says it."""
        return self.quote(self.spec.printed(name)) if self.known(name) else Md(otherwise)

    def marked(self, name: str, otherwise: str = NOT_GIVEN) -> Md:
        """Return a value with the mark of where it comes from: assumed or computed; given ones carry none."""
        text = self.value(name, otherwise)
        mark = self.mark(name)
        return Md(f"{text} ({mark})") if mark and self.known(name) else text

    def mark(self, name: str) -> str:
        """Return 'assumed', 'computed' or nothing."""
        answer = self.spec.answers.by_id.get(_STANDS_FOR.get(name, name))
        if answer is not None:
            return "" if answer.given else "assumed"
        return "" if name in self.spec.knowledge.question else "computed"

    def money(self, figure: str) -> Md:
        """Return an amount in the currency of the mistakes, to three digits."""
        amount = self.spec.value(figure)
        if amount is None:
            return Md(NOT_GIVEN)
        return self.quote(f"{say_number(float(f'{amount:.2e}'))} {self.spec.value('currency')}".strip())

    def texts(self, name: str) -> list[Md]:
        """Return the parts of a list answer."""
        return [self.quote(part) for part in self.spec.value(name) or ()]

    def field(self, entry: Entry, question: str, name: str, otherwise: str = NOT_GIVEN) -> Md:
        """Return a field of a record as the document says it."""
        value = entry.value(name)
        if value is None:
            return Md(otherwise)
        asked = next(one for one in self.spec.knowledge.question[question].fields if one.id == name)
        return self.quote(said(asked.kind, value, {one.id: one.label or one.means for one in asked.choices}))

    # -------------------------------------------------------------- sentences and choices

    def sentence(self, sentence: Sentence) -> Md:
        """Return one of our sentences, with its values escaped."""
        return Md(sentence.quoted(self.quote))

    def reason(self, because: Because, pack: str = "") -> Md:
        """Return a row's sentence, with the pack that it comes from."""
        return Md(f"{self.sentence(because.says)}{f' `[{pack}:{because.row}]`' if pack else ''}")

    def verdict(self, id: str) -> Verdict:
        """Return a verdict by its id."""
        return self.spec.by_id[id]

    def choice(self, id: str) -> Md:
        """Return what was chosen."""
        return self.chosen(self.verdict(id))

    def chosen(self, verdict: Verdict) -> Md:
        """Return the name of the chosen option."""
        if verdict.conflict:
            return Md("**nothing that meets the answers is left**")
        if not verdict.applies:
            return Md("does not apply")
        return self.quote(self.spec.world.option_name(verdict.decision, verdict.chosen))

    def option(self, verdict: Verdict, id: str | None) -> Md:
        """Return the name of an option of a decision."""
        return self.quote(self.spec.world.option_name(verdict.decision, id))

    def means(self, id: str) -> Md:
        """Return what the chosen option means."""
        verdict = self.verdict(id)
        return Md(next((one.means for one in verdict.decision.options if one.id == verdict.chosen), ""))

    def because(self, id: str) -> Md:
        """Return why it was chosen: the weightiest reason."""
        return self.why(self.verdict(id))

    def why(self, verdict: Verdict) -> Md:
        """Return the weightiest reason of a verdict, and a person's own where they decided."""
        if verdict.overruled is not None:
            instead = self.option(verdict, verdict.overruled.instead_of)
            return Md(f"decided by a person: {self.quote(verdict.overruled.reason)} (the rows say {instead})")
        if verdict.conflict:
            ways = "; ".join(
                f"{self.option(verdict, lost.option)}: {self.sentence(lost.because[0].says)}"
                for lost in verdict.lost[:4]
            )
            return Md(f"every option is ruled out: {ways}")
        if not verdict.applies:
            return Md(verdict.decision.otherwise or "the answers do not ask for it")
        return self.reason(verdict.because[0], self._pack(verdict, verdict.because[0])) if verdict.because else Md("")

    def _pack(self, verdict: Verdict, because: Because) -> str:
        full = self.spec.knowledge.in_full(verdict.decision)
        return next((row.pack for row in (*full.prefers, *full.rules_out) if row.id == because.row), "")

    # -------------------------------------------------------------- clauses

    def lines(self, kind: str, section: str = "") -> list[Md]:
        """Return the sentences of the clauses of a kind that hold and that this size shows."""
        return [self.sentence(one.says) for one in self.spec.kind(kind, section) if self.shows(one)]

    def shows(self, one: Applied) -> bool:
        """Whether this size shows a clause; `size = "full"` among its columns keeps one for the full document."""
        return self.full or str(one.columns.get("size", "")) != "full"

    def findings(self, section: str) -> list[Md]:
        """Return what an expert would notice about a section."""
        both = (*self.spec.kind("blocker", section), *self.spec.kind("finding", section))
        return [self.finding(one) for one in both if self.full or str(one.columns.get("shown", "")) != "summary"]

    def finding(self, one: Applied) -> Md:
        """Return a finding in full."""
        return self.sentence(one.says)

    def headline(self, one: Applied) -> Md:
        """Return a finding's first, bold sentence: what it comes to."""
        text = self.finding(one)
        bold = _BOLD.match(text)
        return Md(f"{bold[1].rstrip('.')}." if bold else text)

    def column(self, one: Applied, name: str) -> Md:
        """Return a column of a clause."""
        return self.sentence(one.columns[name])


def joined(parts: Iterable[str]) -> Md:
    """Return escaped parts as an enumeration."""
    return Md(listed(list(parts)))


def name(text: str) -> Md:
    """Return an identifier as code."""
    return code(text)


def capital(text: str) -> Md:
    """Return the text with a capital first letter."""
    return Md(text[:1].upper() + text[1:])
