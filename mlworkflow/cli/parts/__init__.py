"""The parts of a design that `show` can show; a new part is one line here and one module beside this file.

A module has `lines(asked)` and `data(asked)`, and may have `WITHOUT_ANSWERS`, `BY`: the groupings that it knows, and
`EVIDENCE`: that it reads gate records and the version of a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mlworkflow.designing import Spec
from mlworkflow.pack import Knowledge

PARTS = {
    "roles": "the personas of the lifecycle and the classic roles of a team",
    "allocation": "every duty with its owner and backup, and what is not covered",
    "handoffs": "the stages with their owners, and what crosses between them",
    "gates": "what a release must show before, during and after its rollout",
    "archetype": "the usual case that a design looks like, and what its people know",
    "signals": "what may change course afterwards, and where each leads",
    "artifacts": "what each step leaves for the next, what is still blank in it, and on what it stands",
    "card": "the model card as JSON; gate records give it a score and a status",
    "release-path": "the steps from a candidate to everyone, with gates, stop rules and the way back",
    "runbook": "what is done when an alert rings, who is called, the ladder down, the drills",
    "rollout": "each step with what it reaches; what is built first, what goes back first",
    "review": "the queue of those who review, the parity test, satisfaction",
    "mistakes": "what a design like this one gets wrong, and what is recommended",
    "maturity": "28 tests in four sections, and the step that gains most",
    "rules": "dated rules of law and supervision that the answers ask for",
}
Data = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a person wants to see: of which design, if any, which one of them, grouped by what."""

    knowledge: Knowledge
    spec: Spec | None
    id: str | None
    by: str | None
    evidence: tuple[str, ...] = ()
    version: str | None = None

    @property
    def design(self) -> Spec:
        """The design; only asked for by parts that need one."""
        assert self.spec is not None
        return self.spec
