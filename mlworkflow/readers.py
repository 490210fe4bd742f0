"""Who reads a name: the decisions whose rows do, directly or through facts and figures."""

from __future__ import annotations

from mlworkflow.condition import names
from mlworkflow.decision import Decision
from mlworkflow.facts import FACTS, FAMILIES
from mlworkflow.figures import FIGURES
from mlworkflow.pack import Knowledge


def readers(knowledge: Knowledge) -> dict[str, list[Decision]]:
    """Return, for each name that is read, its decisions in the order in which they are made."""
    found: dict[str, list[Decision]] = {}
    for decision in knowledge.decisions:
        full = knowledge.in_full(decision)
        trees = [decision.tree, *(row.tree for row in (*full.rules_out, *full.prefers))]
        todo = [name for tree in trees if tree is not None for name, _ in names(tree)]
        if decision.for_each:
            todo.append(FAMILIES[decision.for_each].fact)
        for name in _behind(todo):
            found.setdefault(name, []).append(decision)
    return found


def _behind(todo: list[str]) -> set[str]:
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            source = FACTS.get(name) or FIGURES.get(name)
            todo.extend(source.reads if source else ())
    return found
