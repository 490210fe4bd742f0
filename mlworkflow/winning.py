"""Where a tool could be chosen: what its rows come to once everything about the tool is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlworkflow.clause import PLACEHOLDER
from mlworkflow.condition import residual, spelled
from mlworkflow.decision import Decision, Row
from mlworkflow.pack import Knowledge
from mlworkflow.tool import Tool


@dataclass(frozen=True, slots=True)
class Reason:
    """A row that speaks for or against a tool, and what of its condition is left to the answers."""

    row: str
    when: str
    because: str


@dataclass(frozen=True, slots=True)
class Chance:
    """A decision in which a tool is a candidate: what speaks for it, what strikes it, its place by upkeep."""

    decision: Decision
    place: int
    candidates: int
    preferred: tuple[Reason, ...]
    out: tuple[Reason, ...]

    @property
    def never(self) -> Reason | None:
        """The row that strikes the tool whatever the answers are."""
        return next((reason for reason in self.out if not reason.when), None)


def chances(knowledge: Knowledge, tool: Tool) -> Iterator[Chance]:
    """Yield each decision that the tool is a candidate of, in the order of the decisions."""
    for decision in knowledge.decisions:
        slot = knowledge.slots.get(decision.candidates, ())
        if tool.id in slot:
            full = knowledge.in_full(decision)
            preferred = _reasons([row for row in full.prefers if not row.weak], tool)
            yield Chance(
                decision,
                slot.index(tool.id) + 1,
                len(slot),
                tuple(preferred),
                tuple(_reasons(full.rules_out, tool)),
            )


def _reasons(rows: Sequence[Row], tool: Tool) -> Iterator[Reason]:
    for row in rows:
        left = residual(row.tree, "tool", tool.attribute) if row.tree else ["const", True]
        if row.speaks_of(tool.id) and (left[0] != "const" or left[1] is True):
            id = f"{row.pack}:{row.id}" if row.pack else row.id
            yield Reason(id, "" if left[0] == "const" else spelled(left), _filled(row.because, tool))


def _filled(sentence: str, tool: Tool) -> str:
    for found in PLACEHOLDER.findall(sentence):
        name, _, attribute = found.partition(".")
        if name == "tool":
            sentence = sentence.replace("{" + found + "}", str(tool.attribute(attribute or "id")))
    return sentence
