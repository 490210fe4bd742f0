"""`mlworkflow explain`: why something was chosen, said as a colleague would say it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer

from mlworkflow.clause import Applied, headline
from mlworkflow.cli import options
from mlworkflow.cli.listing import answer, table
from mlworkflow.cli.meant import things
from mlworkflow.cli.source import source_of
from mlworkflow.cli.told import Flags, add_sets, from_environment, told
from mlworkflow.designing import Spec, design
from mlworkflow.documents.data import follows_from, row_id, verdict_data

HELP = """THING is a decision (feature-store, scaling[batch]), number:<figure>, finding:<clause>, the id of an
answer, a tool by any of its names, or a word such as "drift". Without it: every decision and finding in
one line each.

\b
Examples:
  mlworkflow explain examples/churn/answers.toml
  mlworkflow explain examples/churn/answers.toml serving-platform-realtime
  mlworkflow explain examples/churn/answers.toml finding:capacity-caps-recall
  mlworkflow explain examples/churn/answers.toml "W&B" """


def command() -> Callable[..., None]:
    """Return the command."""
    return explain


def explain(
    answers: options.Answers,
    thing: Annotated[str | None, typer.Argument(metavar="[THING]", help="What to explain.")] = None,
    sets: options.Sets = None,
    packs: options.Packs = None,
    format: options.Format = "text",
) -> None:
    """Explain one thing, or list every decision with its reason."""
    spec = _designed(answers, sets or [], packs or [])
    if thing is None:
        answer(format, lambda: _everything_as_data(spec), lambda: [*_every_decision(spec), *_every_finding(spec)])
        return
    found = things(spec, thing)
    answer(format, lambda: [one.data() for one in found], lambda: _apart(one.lines() for one in found))


def _designed(path: str, sets: list[str], packs: list[str]) -> Spec:
    """A document is explained as it stands; an answers file as `generate` would read it now."""
    flags = Flags()
    add_sets(flags, sets)
    source = source_of(path)
    layers = [] if source.document is not None else [from_environment(os.environ)]
    found = told(source, [*layers, flags.layer()], packs)
    return design(found.knowledge, found.answers)


def _apart(texts: Iterator[Iterator[str]]) -> Iterator[str]:
    for number, lines in enumerate(texts):
        if number:
            yield ""
        yield from lines


def _everything_as_data(spec: Spec) -> list[dict[str, Any]]:
    decisions = [{"kind": "decision", **verdict_data(spec, one)} for one in spec.verdicts]
    findings = [
        {"kind": one.clause.kind, "id": one.id, "says": str(one.says), **follows_from(spec, one.clause)}
        for one in _noticed(spec)
    ]
    return [*decisions, *findings]


def _noticed(spec: Spec) -> list[Applied]:
    return [*spec.blocking, *spec.kind("finding")]


def _every_finding(spec: Spec) -> Iterator[str]:
    """Each finding in one line, blockers first, as it is explained: finding:<id>."""
    rows = [(f"finding:{one.id}", one.clause.kind, headline(str(one.says))) for one in _noticed(spec)]
    if rows:
        yield ""
        yield from table(rows)


def _every_decision(spec: Spec) -> Iterator[str]:
    rows = []
    for verdict in spec.verdicts:
        if verdict.applies:
            reason = verdict.because[0] if verdict.because else None
            why = f"{reason.says} [{row_id(spec.knowledge, verdict.decision, reason.row)}]" if reason else ""
            if verdict.overruled is not None:
                why = f"decided by a person: {verdict.overruled.reason}"
            rows.append((verdict.id, spec.world.option_name(verdict.decision, verdict.chosen), why))
    yield from table(rows)
    skipped = [verdict.id for verdict in spec.verdicts if not verdict.applies]
    if skipped:
        yield f"not needed here: {', '.join(skipped)}"
