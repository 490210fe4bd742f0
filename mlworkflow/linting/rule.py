"""A lint rule and what it found: most rules are clauses of the knowledge, a few are code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mlworkflow.clause import PLACEHOLDER, Applied, Clause, headline
from mlworkflow.designing import Spec
from mlworkflow.pack import Knowledge

ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)
# What a clause weighs that does not say so itself; clauses of other kinds are no rules.
_WEIGHS = {"blocker": ERROR, "finding": WARNING, "gap": WARNING, "lint": WARNING}


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that can be wrong with a design: its stable id, how much it weighs, and what it says in one line."""

    id: str
    severity: str
    section: str
    kind: str
    says: str
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Somebody's word that a result is accepted until a day."""

    rule: str
    reason: str
    owner: str
    until: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that a rule found in this design, with the answers in which it is mended."""

    rule: Rule
    says: str
    fix: str
    because: str = ""
    answers: tuple[str, ...] = ()
    subject: str = ""
    place: str = ""
    waiver: Waiver | None = None

    @property
    def id(self) -> str:
        """The rule's id, with the subject where it is one of several."""
        return f"{self.rule.id}[{self.subject}]" if self.subject else self.rule.id


@dataclass(frozen=True, slots=True)
class Coded:
    """A rule that no condition can say, with the function that looks for it; today is a day."""

    rule: Rule
    found: Callable[[Rule, Spec, str], Iterator[Result]]


def rules(knowledge: Knowledge) -> tuple[Rule, ...]:
    """Return every rule: those of the knowledge in file order, then those that are code."""
    from mlworkflow.linting.coded import CODED
    from mlworkflow.linting.waiving import RULES

    clauses = [_rule(clause) for clause in knowledge.clauses if clause.kind in _WEIGHS]
    return (*clauses, *(one.rule for one in CODED), *RULES)


def _rule(clause: Clause) -> Rule:
    severity = clause.columns.get("severity") or _WEIGHS[clause.kind]
    return Rule(clause.id, severity, clause.section, clause.kind, in_one_line(clause.says), clause.pack)


def rule_of(applied: Applied) -> Rule | None:
    """Return the rule that a clause is, if it is one."""
    return _rule(applied.clause) if applied.clause.kind in _WEIGHS else None


def ended(says: str) -> str:
    """Return a statement with the period at its end that it may lack."""
    return says if not says or says.endswith((".", "!", "?", "…")) else f"{says.rstrip(':;, ')}."


def in_one_line(says: str) -> str:
    """Return the first statement of a sentence, with a word for each value."""
    return PLACEHOLDER.sub(lambda found: f"<{found[1].replace('_', ' ').replace('.', ' ')}>", headline(says))
