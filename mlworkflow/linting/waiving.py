"""Waivers: a result that somebody accepts for a reason, until a day, is shown and does not count."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from mlworkflow.linting.rule import ERROR, NOTE, Result, Rule, Waiver, ended
from mlworkflow.question import Answers

EXPIRED = Rule("waiver-expired", ERROR, "document", "waiver", "A waiver's last day is over")
UNUSED = Rule("waiver-unused", NOTE, "document", "waiver", "A waiver accepts what is not found")
UNKNOWN = Rule(
    "waiver-for-no-rule", ERROR, "document", "waiver", "A waiver names a rule that does not exist, or one about waivers"
)
RULES = (EXPIRED, UNUSED, UNKNOWN)
_OWN = {one.id for one in RULES}


def waivers(answers: Answers) -> tuple[Waiver, ...]:
    """Return the waivers of a design, as its answers have them."""
    found = []
    for entry in answers.entries("waivers"):
        rule, reason, owner, until = (str(entry.value(field)) for field in ("rule", "reason", "owner", "until"))
        found.append(Waiver(rule, reason, owner, until, entry.place))
    return tuple(found)


def waived(results: Iterable[Result], accepted: Sequence[Waiver], today: str) -> list[Result]:
    """Return the results, each with the waiver that covers it today."""
    valid = [one for one in accepted if one.until >= today]
    return [replace(one, waiver=next((by for by in valid if _covers(by, one)), None)) for one in results]


def _covers(waiver: Waiver, result: Result) -> bool:
    """What is wrong with a waiver is never waived: a second waiver would make the first one last for ever."""
    return result.rule.id not in _OWN and waiver.rule in (result.id, result.rule.id)


def concerns(result: Result, names: Collection[str]) -> bool:
    """Whether a result is of one of these rules, or says that a waiver of one of them is not in order."""
    if result.rule.id in names or result.id in names:
        return True
    rules = {name.split("[")[0] for name in names}
    return result.rule.id in _OWN and result.subject.split("[")[0] in rules


def of_waivers(
    results: Sequence[Result], accepted: Sequence[Waiver], known: Sequence[str], today: str
) -> Iterator[Result]:
    """Yield what is wrong with the waivers themselves."""
    for one in accepted:
        if one.rule.split("[")[0] in _OWN:
            fix = "drop this waiver, and mend or renew the one that it was to excuse"
            yield _of(UNKNOWN, f"{one.rule} is about waivers, and cannot be waived", fix, one)
        elif one.rule.split("[")[0] not in known:
            close = difflib.get_close_matches(one.rule, known, n=1)
            fix = f"did you mean {close[0]}?" if close else "mlworkflow lint --list names the rules"
            yield _of(UNKNOWN, f"There is no rule {one.rule}", fix, one)
        elif not any(_covers(one, result) for result in results):
            yield _of(UNUSED, f"{one.rule} does not hold here, and {one.owner} accepted it", "drop the waiver", one)
        elif one.until < today:
            says = f"{one.owner} accepted {one.rule} until {one.until}: {one.reason}"
            yield _of(EXPIRED, says, "mend it now, or have it accepted anew, with a reason that still holds", one)


def _of(rule: Rule, says: str, fix: str, waiver: Waiver) -> Result:
    return Result(rule, ended(says), fix, "", ("waivers",), waiver.rule, waiver.place)
