"""Evolution Notes: what people wrote down, and what changed since the version that a note names."""

from __future__ import annotations

from typing import Any

from mlworkflow.documents.escape import Md
from mlworkflow.documents.saying import Say


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    entries = say.spec.answers.entries("notes")
    lines = [
        Md(f"{say.field(entry, 'notes', 'on', 'no date')}: {say.field(entry, 'notes', 'text')}") for entry in entries
    ]
    dated = [entry for entry in entries if entry.value("verdicts")]
    return {
        "notes": lines,
        "since": say.field(dated[-1], "notes", "on", "the last note") if dated else None,
        "changes": _changes(say, dated[-1].value("verdicts")) if dated else [],
    }


def _changes(say: Say, before: str) -> list[Md]:
    old = dict(part.strip().split("=", 1) for part in before.split(";") if "=" in part)
    lines = []
    for verdict in say.spec.verdicts:
        was = old.pop(verdict.id, None)
        now = verdict.chosen if verdict.applies else None
        if was is not None and was != now:
            lines.append(
                Md(
                    f"{_title(verdict)}: {say.option(verdict, was)} → {say.chosen(verdict) if now else 'does not apply any more'}: {say.why(verdict) or 'no row applies'}"
                )
            )
        elif was is None and now is not None and not verdict.decision.for_each:
            lines.append(Md(f"{_title(verdict)}: new, {say.chosen(verdict)}: {say.why(verdict)}"))
    return lines


def _title(verdict: Any) -> Md:
    from mlworkflow.documents.escape import code

    return Md(f"{verdict.decision.title}{f' of {code(verdict.subject)}' if verdict.subject else ''}")
