"""`mlworkflow check`: is a document or a bundle still what its answers give; is a pack sound. It never writes."""

from __future__ import annotations

import os
from collections.abc import Callable

from mlworkflow import __version__
from mlworkflow.cli import options
from mlworkflow.cli.ending import say
from mlworkflow.cli.source import Source, source_of
from mlworkflow.cli.told import stacked, told
from mlworkflow.cli.writing import say_difference
from mlworkflow.designing import Spec, design
from mlworkflow.documents.escape import visible
from mlworkflow.documents.sealing import Seal, seal_of
from mlworkflow.errors import CheckFound, InputRefused, Problem
from mlworkflow.pack import OWN, Knowledge, compiled_raw
from mlworkflow.pack.reading import read_pack
from mlworkflow.reading import with_plain_ends

HELP = """A document is generated anew from the answers that stand in it, and compared byte by byte.
When they differ, the first word says why: edited, program or knowledge. A bundle's folder is held against its
manifest, the lineage of its artifacts, and what its answers give today: one line a problem.

\b
Examples:
  mlworkflow check workflow.md
  mlworkflow check churn/
  mlworkflow check acme/"""
_REASONS = {
    "edited": "somebody changed the text after it was written",
    "program": "another version of the program wrote it",
    "knowledge": "the same answers now lead to another document",
}


def command() -> Callable[..., None]:
    """Return the command."""
    return check


def check(thing: options.Checked, packs: options.Packs = None) -> None:
    """Compare a document or a bundle, or load a pack."""
    if thing != "-" and os.path.isfile(os.path.join(thing, "manifest.json")):
        from mlworkflow.cli.folders import check_bundle

        check_bundle(thing, packs or [])
    elif thing != "-" and os.path.isdir(thing):
        from mlworkflow.cli.bundling import is_without_manifest

        if is_without_manifest(thing):
            from mlworkflow.cli.folders import refuse_without_manifest

            refuse_without_manifest(thing, packs or [])
        _check_pack(thing, packs or [])
    else:
        _check_document(thing, packs or [])


def _check_pack(folder: str, below: list[str]) -> None:
    from pathlib import Path

    raw = read_pack(Path(folder))
    templates = _sound_templates(folder)
    parts = {
        kind: len(raw[kind]) for kind in ("questions", "decisions", "tools", "clauses", "archetypes", "roles", "prices")
    }
    parts["templates"] = templates
    if Path(folder).resolve() == OWN.resolve():
        compiled_raw()  # our own pack stands below every other, and on nothing
    else:
        _refuse_days_to_come(stacked([*below, folder]), raw["name"])
    say(f"sound: {visible(folder)} ({', '.join(f'{count} {kind}' for kind, count in parts.items() if count)})")


def _sound_templates(folder: str) -> int:
    """Return how many templates a pack has, each of which can be parsed."""
    from pathlib import Path

    found = sorted((Path(folder) / "templates").glob("*.md.j2"))
    if found:
        from mlworkflow.documents.loading import pack_environment

        rendering = pack_environment(folder)
        for path in found:
            rendering.get_template(path.name)
    return len(found)


def _refuse_days_to_come(knowledge: Knowledge, pack: str) -> None:
    """A price or a check of a tool that is dated after today was never made."""
    import datetime

    today = datetime.date.today().isoformat()
    dated = [(f"price {pack}:{one.id}", one.on) for one in knowledge.prices if one.pack == pack]
    tools = [(id, one) for id, one in knowledge.raw["tools"].items() if one.get("pack", "") == pack]
    dated += [(f"tool {pack}:{id}", one["checked"]["on"]) for id, one in tools]
    fix = f"write a day up to today, {today}"
    problems = [Problem(place, f"on = {on!r} is a day to come", fix) for place, on in dated if on > today]
    if problems:
        raise InputRefused.because(problems)


def _check_document(path: str, packs: list[str]) -> None:
    from mlworkflow.documents.rendering import render

    source = source_of(path)
    document, seal = _sealed(path, source)
    spec = _designed(path, source, seal, packs)
    fresh = render(spec, tuple(packs))
    if fresh.encode("utf-8") == with_plain_ends(source.data):
        say(f"up to date: {visible(path)}")
        return
    reason = _reason(seal, spec.knowledge.catalog_date)
    say_difference(document, fresh, path)
    raise CheckFound(f"{reason}: {_REASONS[reason]}", place=path, fix=_fix(reason, path))


def _designed(path: str, source: Source, seal: Seal, packs: list[str]) -> Spec:
    try:
        found = told(source, packs=_not_listed(source, packs))
    except InputRefused as refused:
        if seal.untouched:
            raise
        error = CheckFound(f"edited: {_REASONS['edited']}, its answers among it", place=path, fix=_fix("edited", path))
        error.problems += refused.problems
        raise error from None
    return design(found.knowledge, found.answers)


def _sealed(path: str, source: Source) -> tuple[str, Seal]:
    seal = seal_of(source.document) if source.document is not None else None
    if source.document is None or seal is None:
        what = (
            "answers, and no document"
            if source.document is None
            else "no document of ours: its last line names no program"
        )
        fix = "give a document or a folder that `mlworkflow generate` wrote, or a pack's folder"
        raise InputRefused(f"these are {what}" if source.document is None else f"this is {what}", place=path, fix=fix)
    return source.document, seal


def _not_listed(source: Source, packs: list[str]) -> list[str]:
    """Return the packs that the document does not list itself; naming a listed one only trusts its templates."""
    listed = source.layer.values.get("packs", ())
    return [pack for pack in packs if not isinstance(listed, list) or pack not in listed]


def _reason(seal: Seal, catalog: str) -> str:
    if not seal.untouched:
        return "edited"
    return "program" if (seal.version, seal.catalog) != (__version__, catalog) else "knowledge"


def _fix(reason: str, path: str) -> str:
    if path == "-":
        return "generate it again from its answers"
    if reason == "edited":
        return "keep what is worth keeping as a note in the answers, then generate it again with --force"
    import shlex

    return f"mlworkflow generate {shlex.quote(path)} -o {shlex.quote(path)}"
