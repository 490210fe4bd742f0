"""Every rule over one design: what it found, what is waived, and what counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from mlworkflow.change import behind, read_by
from mlworkflow.clause import Applied, parts
from mlworkflow.designing import Spec
from mlworkflow.documents.views.summary import SECTIONS
from mlworkflow.linting.coded import CODED, SAID_BY
from mlworkflow.linting.rule import ERROR, SEVERITIES, Result, ended, rule_of, rules
from mlworkflow.linting.waiving import concerns, of_waivers, waived, waivers


@dataclass(frozen=True, slots=True)
class Linted:
    """What lint found in a design, the weightiest first."""

    results: tuple[Result, ...]

    @property
    def counting(self) -> tuple[Result, ...]:
        """The results that nobody waived."""
        return tuple(one for one in self.results if one.waiver is None)

    def of(self, severity: str) -> tuple[Result, ...]:
        """Return the results of a severity that nobody waived."""
        return tuple(one for one in self.counting if one.rule.severity == severity)

    def failing(self, strict: bool = False) -> tuple[Result, ...]:
        """Return the results for which a check ends with 1: errors, and warnings where they count as well."""
        wanted = SEVERITIES[:2] if strict else (ERROR,)
        return tuple(one for severity in wanted for one in self.of(severity))


def lint(spec: Spec, today: str, only: Collection[str] = ()) -> Linted:
    """Return what the rules find in a design on a day (2026-11-21); of some rules, where only those are wanted."""
    accepted = waivers(spec.answers)
    every = [*_of_clauses(spec), *_of_code(spec, today)]
    known = [rule.id for rule in rules(spec.knowledge)]
    found = waived([*every, *of_waivers(every, accepted, known, today)], accepted, today)
    if only:
        found = [one for one in found if concerns(one, only)]
    return Linted(tuple(sorted(_said_once(found), key=_order)))


def _of_clauses(spec: Spec) -> Iterator[Result]:
    for applied in (*sorted(spec.clauses, key=lambda one: -one.clause.weight), *spec.linted):
        rule = rule_of(applied)
        if rule is not None:
            says, rest = parts(str(applied.says))
            fix = str(applied.columns.get("fix", "")) or rest
            answers = _answers(spec, applied)
            subject, place = applied.subject, _place(spec, answers)
            yield Result(rule, ended(says), fix, str(applied.because), answers, subject, place)


def _answers(spec: Spec, applied: Applied) -> tuple[str, ...]:
    """Return the answers in which a result is mended: those that its rule names, else those that it follows from."""
    named = str(applied.columns.get("place", ""))
    if named:
        return tuple(named.split(", "))
    found = behind(spec.world, read_by(spec.knowledge, applied.clause))
    asked = [one for one in found if one in spec.knowledge.question]
    return tuple(sorted(asked, key=lambda one: one in _SELDOM_MENDED))


# Nearly everything follows from these, and hardly anything is mended in them.
_SELDOM_MENDED = ("problem_type", "target", "group_key")


def _of_code(spec: Spec, today: str) -> Iterator[Result]:
    for one in CODED:
        for result in one.found(one.rule, spec, today):
            yield replace(result, says=ended(result.says), place=_place(spec, result.answers))


def _place(spec: Spec, answers: Collection[str]) -> str:
    """Return where the first of the answers stands that somebody gave."""
    found = (spec.answers.by_id.get(id) for id in answers)
    return next((one.place for one in found if one is not None and (one.given or one.unsure) and one.place), "")


def _said_once(found: list[Result]) -> list[Result]:
    """Leave out a box whose reason stands already as a finding."""
    there = {one.rule.id for one in found}
    return [one for one in found if not there.intersection(SAID_BY.get(one.rule.id, ()))]


_SECTIONS = (*SECTIONS, "document")


def _order(result: Result) -> tuple[bool, int, int]:
    section = result.rule.section
    place = _SECTIONS.index(section) if section in _SECTIONS else len(_SECTIONS)
    return result.waiver is not None, SEVERITIES.index(result.rule.severity), place
