"""What lint found, told to a person in eighty columns, to GitHub, and as data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from mlworkflow.designing import Spec
from mlworkflow.documents.data import origin, plain, said_of
from mlworkflow.documents.views.summary import SECTIONS
from mlworkflow.linting.linting import Linted
from mlworkflow.linting.rule import ERROR, SEVERITIES, WARNING, Result, Rule, ended
from mlworkflow.wording import annotation

WIDTH = 80
MOST_ANSWERS = 3
SCHEMA = 1
_COMMANDS = {ERROR: "error", WARNING: "warning"}


def counts(linted: Linted) -> dict[str, int]:
    """Return how many results there are of each severity, and how many are waived."""
    found = {severity: len(linted.of(severity)) for severity in SEVERITIES}
    return {**found, "waived": len(linted.results) - len(linted.counting)}


def summary(linted: Linted) -> str:
    """Return the counts in one line."""
    found = counts(linted)
    words = [f"{found[one]} {one}{'' if found[one] == 1 else 's'}" for one in SEVERITIES]
    return ", ".join([*words, *([f"{found['waived']} waived"] if found["waived"] else [])])


def lines(spec: Spec, linted: Linted) -> Iterator[str]:
    """Yield every result with its place, its reason and what to do, then the counts."""
    for one in linted.results:
        yield from told(spec, one)
        yield ""
    yield summary(linted)


def told(spec: Spec, one: Result) -> Iterator[str]:
    """Yield one result with its place, its reason and what to do."""
    weight = "waived" if one.waiver else one.rule.severity
    yield from _wrapped(f"{weight}: {one.id} ({title(one.rule)})", "", "  ")
    yield from _wrapped(one.says, "  ", "  ")
    if one.fix:
        yield from _wrapped(one.fix, "  fix: ", "       ")
    where = _where(spec, one)
    if where:
        yield from _wrapped(where, "  in: ", "      ")
    if one.waiver:
        accepted = f"{one.waiver.owner}, until {one.waiver.until}: {one.waiver.reason}"
        yield from _wrapped(accepted, "  accepted by ", "              ")


def title(rule: Rule) -> str:
    """Return the section that a rule belongs to, as the document calls it."""
    return SECTIONS.get(rule.section, rule.section.capitalize() or "Design")


def _where(spec: Spec, result: Result) -> str:
    if not result.answers:
        return result.place
    stands: dict[str, list[str]] = {}
    for id in result.answers[:MOST_ANSWERS]:
        stands.setdefault(_stands(spec, result, id), []).append(id)
    words = [f"{', '.join(ids)} ({place})" for place, ids in stands.items()]
    more = len(result.answers) - MOST_ANSWERS
    return "; ".join([*words, *([f"{more} more: explain finding:{result.rule.id}"] if more > 0 else [])])


def _stands(spec: Spec, result: Result, id: str) -> str:
    answer = spec.answers.by_id.get(id)
    if id == "waivers" and result.place:
        return result.place
    if answer is None:
        return "nobody said"
    return answer.place or answer.source if answer.given or answer.unsure else "assumed"


def _wrapped(text: str, first: str, then: str) -> Sequence[str]:
    return textwrap.wrap(
        " ".join(text.split()), WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False
    )


def listed(every: Sequence[Rule]) -> Iterator[str]:
    """Yield each rule with its severity and what it says, in lines of eighty columns."""
    width = max(len(rule.id) for rule in every)
    for rule in every:
        yield from _wrapped(rule.says, f"{rule.id.ljust(width)}  {rule.severity.ljust(7)}  ", " " * 4)


def github(linted: Linted) -> Iterator[str]:
    """Yield GitHub workflow commands: one a result that counts, beside the line where its answer stands."""
    for one in linted.counting:
        file, _, line = one.place.rpartition(":")
        known = {"file": file, "line": line} if file and line.isdigit() and file != "standard input" else {}
        text = f"{one.says} Fix: {ended(one.fix)}" if one.fix else one.says
        yield annotation(_COMMANDS.get(one.rule.severity, "notice"), text, **known, title=f"lint {one.id}")
    yield annotation("notice", summary(linted), title="lint")


# ------------------------------------------------------------------ as data


def data(spec: Spec, linted: Linted, today: str) -> dict[str, Any]:
    """Return everything as values that JSON knows."""
    return {
        "schema": SCHEMA,
        "name": spec.answers.value("name"),
        "date": today,
        "counts": counts(linted),
        "results": [_result(spec, one) for one in linted.results],
    }


def _result(spec: Spec, one: Result) -> dict[str, Any]:
    waiver = one.waiver
    return {
        "rule": one.rule.id,
        "subject": one.subject,
        "severity": one.rule.severity,
        "section": one.rule.section,
        "place": one.place,
        "says": one.says,
        "because": one.because,
        "fix": one.fix,
        "answers": [
            {"id": id, "value": plain(spec.value(id)), "said": said_of(spec, id), "source": origin(spec, id)}
            for id in one.answers
        ],
        "waived": {"owner": waiver.owner, "until": waiver.until, "reason": waiver.reason} if waiver else None,
    }


def rule_data(rule: Rule) -> dict[str, str]:
    """Return one rule as data."""
    return {"id": rule.id, "severity": rule.severity, "section": rule.section, "says": rule.says, "pack": rule.pack}
