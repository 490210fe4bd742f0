"""`mlworkflow show`: one part of a design on its own, as text or as data."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer

from mlworkflow import __version__
from mlworkflow.cli import options
from mlworkflow.cli.explain import _designed
from mlworkflow.cli.listing import answer
from mlworkflow.cli.parts import PARTS, Asked, Data
from mlworkflow.cli.told import stacked
from mlworkflow.designing import Spec
from mlworkflow.errors import UsageProblem
from mlworkflow.pack import Knowledge
from mlworkflow.role import named_role

SCHEMA = 1
_LISTED = "\n".join(f"  {name.ljust(max(map(len, PARTS)) + 2)}{line}" for name, line in PARTS.items())
HELP = f"""\b
Parts:
{_LISTED}

\b
Examples:
  mlworkflow show roles --by phase
  mlworkflow show roles FAR
  mlworkflow show allocation examples/churn/answers.toml --by person
  mlworkflow show handoffs examples/churn/answers.toml data-contract
  mlworkflow show archetype examples/churn/answers.toml
  mlworkflow show gates examples/churn/answers.toml live-p99
  mlworkflow show artifacts examples/churn/answers.toml registry-entry
  mlworkflow show card examples/churn/answers.toml --evidence gate.json --model-version 1.0.0"""


def command() -> Callable[..., None]:
    """Return the command."""
    return show


def show(
    part: Annotated[
        str, typer.Argument(metavar="PART", help=f"One of: {', '.join(PARTS)}.", autocompletion=options.starting(PARTS))
    ],
    answers: Annotated[
        str | None, typer.Argument(metavar="[ANSWERS]", help="An answers file, - for standard input, or a document.")
    ] = None,
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Show this one.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="GROUP", help="Group: roles by phase, allocation by person.")
    ] = None,
    evidence: Annotated[
        list[str] | None,
        typer.Option(
            "--evidence", metavar="FILE", help="A record that `gate --record` kept; repeatable. For the card."
        ),
    ] = None,
    version: Annotated[
        str | None, typer.Option("--model-version", metavar="X.Y.Z", help="The version that the card names.")
    ] = None,
    format: options.Format = "text",
    sets: options.Sets = None,
    packs: options.Packs = None,
) -> None:
    """Show one part."""
    module = _module(part)
    _refuse_unknown_group(module, part, by)
    if (evidence or version) and not getattr(module, "EVIDENCE", False):
        raise UsageProblem(f"{part} knows no evidence", place="show", fix="leave out --evidence and --model-version")
    if answers and id is None and _is_id(part, answers, packs or []):
        answers, id = None, answers
    knowledge, spec = _read(module, part, answers, sets or [], packs or [])
    asked = Asked(knowledge, spec, id, by, tuple(evidence or ()), version)
    answer(format, lambda: _data(part, asked, module.data(asked)), lambda: module.lines(asked))


def _module(part: str) -> Any:
    if part not in PARTS:
        import difflib

        close = difflib.get_close_matches(part, PARTS, n=1, cutoff=0.5)
        fix = f"did you mean {close[0]!r}?" if close else f"choose one of: {', '.join(PARTS)}"
        raise UsageProblem(f"there is no part {part!r}", place="show", fix=fix)
    return import_module(f"mlworkflow.cli.parts.{part.replace('-', '_')}")


def _refuse_unknown_group(module: Any, part: str, by: str | None) -> None:
    groups: tuple[str, ...] = getattr(module, "BY", ())
    if by is not None and by not in groups:
        fix = f"choose {' or '.join(groups)}" if groups else "leave --by out"
        raise UsageProblem(f"{part} cannot be grouped by {by!r}", place="--by", fix=fix)


def _is_id(part: str, word: str, packs: list[str]) -> bool:
    """Whether the word after the part names one of its things, where a part needs no answers."""
    if part == "archetype":
        return any(word.lower() in (one.id, one.name.lower()) for one in stacked(packs).archetypes) or not any(
            mark in word for mark in "./\\"
        )
    return part == "roles" and _names_a_role(word, packs)


def _names_a_role(word: str, packs: list[str]) -> bool:
    """Whether the word after `show roles` is a role; what looks like no file is meant as one, and refused as one."""
    return named_role(stacked(packs).roles, word) is not None or not any(mark in word for mark in "./\\-")


def _read(module: Any, part: str, path: str | None, sets: list[str], packs: list[str]) -> tuple[Knowledge, Spec | None]:
    if path is not None:
        spec = _designed(path, sets, packs)
        return spec.knowledge, spec
    if not getattr(module, "WITHOUT_ANSWERS", False):
        fix = f"mlworkflow show {part} answers.toml"
        raise UsageProblem(f"{part} belongs to a design, and no answers were given", place="show", fix=fix)
    return stacked(packs), None


def _data(part: str, asked: Asked, found: Data) -> Data:
    """Return the part with what says which version wrote it, and for which design."""
    head: Data = {"schema": SCHEMA, "program": __version__, "part": part}
    if asked.spec is not None:
        head["name"] = asked.spec.answers.value("name")
    return {**head, **found}
