"""`mlworkflow generate`: answers in, the document out."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Annotated, Any

import typer

from mlworkflow.answers import Layer
from mlworkflow.cli import options
from mlworkflow.cli.listing import unmarked
from mlworkflow.cli.source import source_of
from mlworkflow.cli.told import Flags, Told, add_sets, from_environment, own, told
from mlworkflow.cli.writing import write
from mlworkflow.designing import Spec, design
from mlworkflow.errors import CheckFound, Problem, UsageProblem
from mlworkflow.pack import Knowledge

HELP = """Never asks: what is required and missing ends with exit code 2. A flag beats a variable
(MLWORKFLOW_<ID>), a variable beats the file. "not sure" answers any question.

\b
Examples:
  mlworkflow generate examples/churn/answers.toml -o workflow.md
  mlworkflow generate examples/churn/answers.toml --bundle churn
  mlworkflow generate examples/churn/answers.toml --latency-p99 80ms --decide "feature-store=none: one model only"
  mlworkflow generate examples/churn/answers.toml --format json | head -3"""

_FIRST_STEPS = """name an answers file: mlworkflow generate answers.toml
or give flags: mlworkflow generate --name Churn --problem-type classification --target "churned in 60 days\""""


def command() -> Callable[..., None]:
    """Return the command, with one option for every question."""
    return options.with_options(generate, options.of_questions(own().questions))


def generate(
    answers: Annotated[
        str | None, typer.Argument(metavar="[ANSWERS]", help="An answers file, - for standard input, or a document.")
    ] = None,
    sets: options.Sets = None,
    packs: options.Packs = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="PATH", help="Where to write; - is standard output.")
    ] = "-",
    format: Annotated[str, typer.Option("--format", metavar="FORMAT", help="markdown or json")] = "markdown",
    bundle: Annotated[
        str | None,
        typer.Option("--bundle", metavar="DIR", help="Write the document and every file beside it into a folder."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 when something blocks the plan.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite what was edited or is not ours; never what is filled in.")
    ] = False,
    **flags: Any,
) -> None:
    """Write the document, then say what --strict does not accept."""
    if format not in ("markdown", "json"):
        raise UsageProblem(f"there is no format {format!r}", place="--format", fix="choose markdown or json")
    if bundle is not None and (output != "-" or format != "markdown"):
        raise UsageProblem(
            "the folder holds the document and the data", place="--bundle", fix="leave out -o and --format"
        )
    found = _told(answers, flags, sets or [], packs or [])
    spec = design(found.knowledge, found.answers)
    if bundle is None:
        write(output, _text(spec, found, format), force=force)
    else:
        from mlworkflow.cli.bundling import write_bundle

        write_bundle(bundle, spec, found.named_packs, read_from=answers or "", force=force)
    if strict:
        refuse_what_blocks(spec)


def _told(path: str | None, flags: dict[str, Any], sets: list[str], packs: list[str]) -> Told:
    layer, environment = _flags(own(), flags, sets), from_environment(os.environ)
    if path is None and not (layer.values or environment.values):
        raise UsageProblem("there are no answers", fix=_FIRST_STEPS)
    return told(source_of(path) if path else None, [environment, layer], packs)


def _flags(knowledge: Knowledge, flags: dict[str, Any], sets: list[str]) -> Layer:
    collected = Flags()
    for id, value, place in options.given(knowledge.question, flags):
        collected.add(id, value, place)
    add_sets(collected, sets)
    return collected.layer()


def _text(spec: Spec, found: Told, format: str) -> str:
    if format == "json":
        from mlworkflow.documents.data import as_json

        return as_json(spec)
    from mlworkflow.documents.rendering import render

    return render(spec, found.named_packs)


def refuse_what_blocks(spec: Spec) -> None:
    """Raise with everything that makes the plan impossible as it stands."""
    problems = [
        Problem(f"finding:{one.id}", unmarked(one.says), f"mlworkflow explain ANSWERS 'finding:{one.id}'")
        for one in spec.blocking
    ]
    for verdict in spec.conflicts:
        reasons = dict.fromkeys(f"{lost.option}: {lost.because[0].says}" for lost in verdict.lost if lost.because)
        fix = f"mlworkflow explain ANSWERS '{verdict.id}'"
        problems.append(Problem(verdict.id, "no option is left; " + "; ".join(reasons), fix))
    if problems:
        error = CheckFound(problems[0].what)
        error.problems = tuple(problems)
        raise error
