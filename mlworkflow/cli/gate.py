"""`mlworkflow gate`: evidence against the gates of the design, decided by veto."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from mlworkflow.cli import options
from mlworkflow.cli.explain import _designed
from mlworkflow.cli.listing import show, show_data
from mlworkflow.designing import Spec
from mlworkflow.errors import CheckFound, UsageProblem, WorkProtected
from mlworkflow.gates import Evidence, Gate, Outcome

HELP = """Evidence is a file of keys and values: JSON, TOML, CSV (key,value,date,source), or a run
that was exported from MLflow as JSON. Without --evidence the gates are listed with their keys.
A critical gate that is not passed stops the release, another one leaves it conditional, and
what is missing never counts as passed: 0 is go, 1 is conditional or stop.

\b
Examples:
  mlworkflow gate examples/churn/answers.toml --phase before
  mlworkflow gate examples/churn/answers.toml --phase before --template > evidence.toml
  mlworkflow gate answers.toml --phase before --evidence evidence.toml --record gate.json"""
PHASES = ("before", "during", "after")
PARTS = ("release", "experiment")
FORMATS = ("text", "json", "github", "junit")

Phase = Annotated[str, typer.Option("--phase", metavar="PHASE", help=f"{', '.join(PHASES)} the rollout.")]
Part = Annotated[
    str | None, typer.Option("--part", metavar="PART", help="Only the live path (release) or only the experiment.")
]
From = Annotated[str | None, typer.Option("--evidence", metavar="FILE", help="What was shown; - for standard input.")]
Template = Annotated[bool, typer.Option("--template", help="Print an evidence file to fill in.")]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json, github or junit")]
Record = Annotated[str | None, typer.Option("--record", metavar="FILE", help="Keep the decision as JSON.")]
Day = Annotated[str | None, typer.Option("--date", metavar="DAY", help="The day that the record carries.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite another record.")]


def command() -> Callable[..., None]:
    """Return the command."""
    return gate


def gate(
    answers: options.Answers,
    phase: Phase,
    evidence: From = None,
    part: Part = None,
    template: Template = False,
    format: Format = "text",
    record: Record = None,
    date: Day = None,
    force: Force = False,
    sets: options.Sets = None,
    packs: options.Packs = None,
) -> None:
    """List the gates, print the sheet, or judge evidence."""
    from mlworkflow.gates import gates_of, judge

    _check_words(phase, part, format)
    _check_usage(answers, evidence, template, format, record)
    day = _day(date)
    spec = _designed(answers, sets or [], packs or [])
    gates = gates_of(spec, phase, part or "")
    if evidence is None:
        _show_gates(gates, phase, template, format)
        return
    found = _evidence(evidence)
    outcome = judge(gates, found, phase, day)
    kept = _record(spec, found, outcome, day, packs or []) if record is not None or format == "json" else {}
    if record is not None:
        _keep(record, kept, force)
    _tell(spec, outcome, format, kept)
    _end(outcome)


def _check_words(phase: str, part: str | None, format: str) -> None:
    for option, value, known in (("phase", phase, PHASES), ("part", part, PARTS), ("format", format, FORMATS)):
        if value is not None and value not in known:
            raise UsageProblem(f"there is no {option} {value!r}", place=f"--{option}", fix=f"choose {', '.join(known)}")


def _check_usage(answers: str, evidence: str | None, template: bool, format: str, record: str | None) -> None:
    if answers == "-" and evidence == "-":
        fix = "give one of the two as a file"
        raise UsageProblem("answers and evidence cannot both come from standard input", place="--evidence", fix=fix)
    if evidence is not None and template:
        raise UsageProblem("the sheet is printed without evidence", place="--template", fix="leave out --evidence")
    if record == "-":
        raise UsageProblem("the record goes into a file", place="--record", fix="--format json prints it")
    if evidence is None and record is not None:
        raise UsageProblem("there is nothing to record", place="--record", fix="give --evidence as well")
    if evidence is None and format in ("github", "junit"):
        raise UsageProblem(f"{format} tells a decision", place="--format", fix="give --evidence as well")
    if template and format != "text":
        raise UsageProblem("the sheet is TOML", place="--template", fix="leave out --format")


def _day(text: str | None) -> str:
    from mlworkflow.quantity import KINDS, Unreadable

    if text is None:
        return ""
    try:
        return str(KINDS["day"].parse(text))
    except Unreadable as error:
        raise UsageProblem(f"{text!r} is no day", place="--date", fix="write it as 2026-11-21") from error


def _show_gates(gates: Sequence[Gate], phase: str, template: bool, format: str) -> None:
    from mlworkflow.gates.rows import gate_row
    from mlworkflow.gates.telling import sheet, wanted

    if format == "json":
        show_data([gate_row(one) for one in gates])
    else:
        show(sheet(gates, phase) if template else wanted(gates, phase))


def _evidence(path: str) -> Evidence:
    import sys

    from mlworkflow.gates import read_evidence
    from mlworkflow.reading import read_bytes

    return read_evidence(read_bytes(path, sys.stdin.buffer if sys.stdin is not None else None), path)


# ------------------------------------------------------------------ the decision


def _end(outcome: Outcome) -> None:
    """End the command as the decision asks for it: quietly, or with what to do first."""
    from mlworkflow.gates.telling import summary

    if outcome.decision != "go":
        first = next((one for one in outcome.judged if one.weighs == outcome.decision), None)
        fix = (
            f"{first.gate.id}: {first.says}; {first.gate.falls_back}" if first else "no gate applies, so none is passed"
        )
        raise CheckFound(summary(outcome), fix=fix)


def _tell(spec: Spec, outcome: Outcome, format: str, kept: dict[str, object]) -> None:
    from mlworkflow.cli.output import emit
    from mlworkflow.gates.record import decider
    from mlworkflow.gates.telling import github, junit, lines

    if format == "json":
        show_data(kept)
    elif format == "junit":
        emit(junit(outcome).encode("utf-8", "backslashreplace"))
    else:
        show(github(outcome) if format == "github" else lines(outcome, decider(spec)))


def _record(spec: Spec, evidence: Evidence, outcome: Outcome, day: str, packs: Sequence[str]) -> dict[str, object]:
    """Return the record with the fingerprint that the document of this design carries."""
    from mlworkflow.documents.rendering import render
    from mlworkflow.documents.sealing import seal_of
    from mlworkflow.gates.record import record

    seal = seal_of(render(spec, tuple(packs)))
    return record(spec, seal.fingerprint if seal else "", evidence, outcome, day)


def _keep(path: str, kept: dict[str, object], force: bool) -> None:
    """Write the record; a decision that was kept before is not lost to another one, nor any other text."""
    from mlworkflow.cli.ending import say
    from mlworkflow.cli.output import write_file
    from mlworkflow.cli.writing import content_of
    from mlworkflow.documents.data import written
    from mlworkflow.documents.escape import visible
    from mlworkflow.gates.record import is_a_record

    data = written(kept).encode("utf-8", "backslashreplace")
    before = content_of(path)
    if before and before != data and not (force and is_a_record(before)):
        what = "another decision is kept there" if is_a_record(before) else "this is no record of a gate"
        raise WorkProtected(what, place=path, fix="name another file; --force overwrites a record and nothing else")
    outcome = write_file(path, data, expected=before)
    say(f"{'unchanged' if outcome == 'unchanged' else 'written'}: {visible(path)}")
