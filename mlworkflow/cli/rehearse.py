"""`mlworkflow rehearse`: the design runs in simulated time, something breaks, and what follows is measured."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Annotated

import typer

from mlworkflow.cli import options
from mlworkflow.cli.explain import _designed
from mlworkflow.cli.listing import answer
from mlworkflow.errors import CheckFound, InputRefused, UsageProblem
from mlworkflow.gates import Evidence

HELP = """Stages, handoffs and gates run in simulated time; then a fault is injected into the released
system, and the design's own monitors, windows, label delay and on-call decide what follows.
Without --scenario every fault gets one line. Without --evidence each gate is taken as just met.

\b
Scenarios: gradual-drift, sudden-drift, bad-release, late-labels, missing-labels,
broken-feature, traffic-spike, dead-dependency, provider-retires, key-person-away.

\b
Examples:
  mlworkflow rehearse examples/churn/answers.toml
  mlworkflow rehearse examples/churn/answers.toml --scenario broken-feature --trace trace.jsonl
  mlworkflow rehearse answers.toml --evidence evidence.toml"""
ALL = "all"
MOST_DAYS = 3650

Scenario = Annotated[str, typer.Option("--scenario", metavar="NAME", help="One fault, or all.")]
Days = Annotated[str, typer.Option("--days", metavar="N", help="Watch each fault for so many days.")]
Seed = Annotated[str, typer.Option("--seed", metavar="S", help="Another seed gives other runs.")]
TraceTo = Annotated[str | None, typer.Option("--trace", metavar="FILE", help="Keep every event as a line of JSON.")]
MetricsTo = Annotated[str | None, typer.Option("--metrics", metavar="FILE", help="Keep counters and times as JSON.")]
From = Annotated[str | None, typer.Option("--evidence", metavar="FILE", help="What was shown; - for standard input.")]


def command() -> Callable[..., None]:
    """Return the command."""
    return rehearse


def rehearse(
    answers: options.Answers,
    scenario: Scenario = ALL,
    days: Days = "365",
    seed: Seed = "1",
    trace: TraceTo = None,
    metrics: MetricsTo = None,
    evidence: From = None,
    format: options.Format = "text",
    sets: options.Sets = None,
    packs: options.Packs = None,
) -> None:
    """Rehearse the design, keep what was asked for, and end with 1 where the chain stops."""
    if answers == "-" and evidence == "-":
        fix = "give one of the two as a file"
        raise UsageProblem("answers and evidence cannot both come from standard input", place="--evidence", fix=fix)
    if format not in ("text", "json"):
        raise UsageProblem(f"there is no format {format!r}", place="--format", fix="choose text or json")
    names, watched, drawn = _names(scenario), _number(days, "--days", 1, MOST_DAYS), _number(seed, "--seed", 0, 2**31)
    for option, path in (("--trace", trace), ("--metrics", metrics)):
        if path == "-":
            raise UsageProblem("it goes into a file", place=option, fix="name a file; --format json prints the result")
    from mlworkflow.documents.data import written
    from mlworkflow.rehearsal import telling
    from mlworkflow.rehearsal.whole import rehearsed

    spec = _designed(answers, sets or [], packs or [])
    found = None if evidence is None else _evidence(evidence)
    try:
        done = rehearsed(spec, names, drawn, watched, found)
    except OverflowError as error:
        raise InputRefused("the answers hold a number that no time can be reckoned with", place="rehearse") from error
    _keep(trace, telling.trace(done))
    _keep(metrics, written(telling.metrics(done)))
    answer(format, lambda: telling.as_data(done), lambda: telling.lines(done, scenario != ALL))
    if done.walk.missing:
        raise CheckFound("not releasable as answered", place="rehearse", fix=done.walk.fix)
    if done.walk.stopped:
        raise CheckFound(done.walk.stopped, place="rehearse", fix=done.walk.fix)


def _names(scenario: str) -> list[str]:
    from mlworkflow.rehearsal.faults import FAULTS

    if scenario == ALL:
        return list(FAULTS)
    if scenario not in FAULTS:
        close = difflib.get_close_matches(scenario, FAULTS, n=1, cutoff=0.5)
        fix = f"did you mean {close[0]!r}?" if close else f"choose all, {', '.join(FAULTS)}"
        raise UsageProblem(f"there is no scenario {scenario!r}", place="--scenario", fix=fix)
    return [scenario]


def _number(text: str, option: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12 and low <= int(text) <= high):
        raise UsageProblem(
            f"{text!r} is no whole number from {low} to {high}", place=option, fix=f"{option} {low + 30}"
        )
    return int(text)


def _evidence(path: str) -> Evidence:
    import sys

    from mlworkflow.gates import read_evidence
    from mlworkflow.reading import read_bytes

    return read_evidence(read_bytes(path, sys.stdin.buffer if sys.stdin is not None else None), path)


def _keep(path: str | None, text: str) -> None:
    """Write a file that somebody asked for; what is no file of a rehearsal is left alone."""
    from mlworkflow.cli.ending import say
    from mlworkflow.cli.output import write_file
    from mlworkflow.cli.writing import content_of
    from mlworkflow.documents.escape import visible

    if path is None:
        return
    before = content_of(path)
    _refuse_other_work(path, before)
    outcome = write_file(path, text.encode("utf-8", "backslashreplace"), expected=before)
    say(f"{'unchanged' if outcome == 'unchanged' else 'written'}: {visible(path)}")


def _refuse_other_work(path: str, before: bytes | None) -> None:
    from mlworkflow.errors import WorkProtected

    if before and not before.startswith((b'{"sequence"', b'{\n  "schema"')):
        raise WorkProtected("this is no trace and no metrics of a rehearsal", place=path, fix="name another file")
