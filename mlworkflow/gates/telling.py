"""What gates come to, told to a person, to GitHub and to whatever reads JUnit; and the sheet to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mlworkflow.gates.gate import OPERATORS, Gate
from mlworkflow.gates.judging import CONDITIONAL, GO, STOP, Judged, Outcome
from mlworkflow.reading.characters import visible
from mlworkflow.wording import annotation

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_NAMES = 20
PARTS = {"release": "live path", "experiment": "experiment"}
_WEIGHS = (
    (STOP, "stops it", "stop it"),
    (CONDITIONAL, "leaves it conditional", "leave it conditional"),
)
_COMMANDS = {STOP: "error", CONDITIONAL: "warning"}


def summary(outcome: Outcome) -> str:
    """Return the decision with its counts."""
    counts = [f"{len(outcome.of(GO))} of {len(outcome.judged)} gates passed"]
    for weighs, one, several in _WEIGHS:
        if found := outcome.of(weighs):
            counts.append(f"{len(found)} {one if len(found) == 1 else several}")
    return f"{outcome.decision}: {outcome.phase} rollout, {', '.join(counts)}"


def lines(outcome: Outcome, decided_by: str | None) -> Iterator[str]:
    """Yield the decision and every gate, those that stop it first."""
    yield summary(outcome)
    if len(outcome.parts) > 1:
        parts = [f"{PARTS[part]} {decision}" for part, decision in outcome.parts.items()]
        yield f"apart from each other: {', '.join(parts)}"
    yield f"decides: {decided_by or 'nobody is named; answer approver'}"
    for weighs, words, _ in (*_WEIGHS, (GO, "passed", "")):
        for one in outcome.of(weighs):
            yield f"  {words}: {one.gate.id}: {one.says}"
            if not one.passed:
                yield f"    {one.gate.falls_back}"
    if outcome.unused:
        names = sorted(outcome.unused)
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        yield f"no gate of this phase asks for: {', '.join(names[:MOST_NAMES])}{more}"


def wanted(gates: Sequence[Gate], phase: str) -> Iterator[str]:
    """Yield the gates of a phase with the key that evidence must hold for each."""
    yield f"{phase} rollout: {len(gates)} gates; * stops the release, the others leave it conditional"
    for gate in gates:
        yield f"{'*' if gate.critical else ' '} {gate.key} {gate.wanted}: {gate.applied.says} [{gate.id}]"
        yield f"    {gate.owner}; {gate.column('window')}; {gate.column('evidence')}"


def sheet(gates: Sequence[Gate], phase: str) -> Iterator[str]:
    """Yield an evidence file to fill in; a blank value passes nothing."""
    yield f"# Evidence {phase} the rollout. A blank stays missing, and what is missing never counts as passed."
    yield '# A bare number counts in the unit beside its key; one with a unit, such as "20 s" or "9/min", says its own.'
    yield 'date = ""    # the day on which the values were taken, such as 2026-11-21'
    yield 'source = ""  # where they come from: a report, a run, a dashboard'
    for gate in _by_key(gates):
        yield ""
        weighs = "stops the release" if gate.critical else "conditional"
        yield f"# {_line(str(gate.applied.says))}; {weighs}; {gate.owner}"
        yield f"# {_line(gate.column('evidence'))}"
        yield f'{gate.key} = ""  # {gate.measure.means}, wanted {_line(_in_its_unit(gate))}'


def _in_its_unit(gate: Gate) -> str:
    """What is wanted, with the limit in the unit in which a bare number is read; people's words stand behind it."""
    if gate.limit is None or gate.measure.kind not in ("duration", "rate"):
        return gate.wanted
    ends = gate.limit if isinstance(gate.limit, tuple) else (gate.limit,)
    said = " to ".join(f"{one:.10g}" for one in ends)
    words = gate.column("value")
    unit = "per second" if gate.measure.kind == "rate" else gate.measure.means
    return f"{OPERATORS[gate.op]} {said} {unit}{'' if words == f'{said} {unit}' else f', which is {words}'}".strip()


def _by_key(gates: Sequence[Gate]) -> list[Gate]:
    """Return the first gate of each key: two gates may be shown by the same value."""
    found: dict[str, Gate] = {}
    for gate in gates:
        found.setdefault(gate.key, gate)
    return list(found.values())


def _line(text: str) -> str:
    return visible(" ".join(text.split()))


# ------------------------------------------------------------------ for machines


def github(outcome: Outcome) -> Iterator[str]:
    """Yield GitHub workflow commands: an error or a warning a gate that is not passed, and the decision."""
    for one in (*outcome.of(STOP), *outcome.of(CONDITIONAL)):
        title, text = f"gate {one.gate.id}", f"{one.says}; {one.gate.falls_back}"
        yield annotation(_COMMANDS[one.weighs], text, title=title)
    yield annotation("notice", summary(outcome), title=f"gates {outcome.phase} rollout")


def junit(outcome: Outcome) -> str:
    """Return the outcome as JUnit XML: failed gates are failures, and those without usable evidence errors."""
    from xml.etree import ElementTree

    failed = sum(one.verdict == "failed" for one in outcome.judged)
    counts = {
        "tests": str(len(outcome.judged)),
        "failures": str(failed),
        "errors": str(sum(not one.passed for one in outcome.judged) - failed),
    }
    suites = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(suites, "testsuite", {"name": f"gates {outcome.phase} rollout", **counts})
    for one in outcome.judged:
        case = ElementTree.SubElement(
            suite, "testcase", {"classname": f"gates.{outcome.phase}.{one.gate.owner}", "name": visible(one.gate.id)}
        )
        if not one.passed:
            _broken(ElementTree.SubElement(case, "failure" if one.verdict == "failed" else "error"), one)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _broken(element: Element, one: Judged) -> None:
    element.set("type", one.weighs)
    element.set("message", visible(one.says))
    element.text = visible(one.gate.falls_back)
