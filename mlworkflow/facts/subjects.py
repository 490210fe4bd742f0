"""What a decision or clause is judged for, one by one: modes, features, sources, tools that are gone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mlworkflow.condition import Domain
from mlworkflow.facts.registry import Family, Subject, fact
from mlworkflow.question import Entry

MODES = {
    "batch": "Batch",
    "real-time": "Real-time",
    "streaming": "Streaming",
    "edge": "Edge",
    "queue": "Asynchronous queue",
}
_MODE = {"id": Domain("choice", tuple(MODES)), "label": Domain("text")}


@fact("subjects")
def every_mode() -> tuple[Subject, ...]:
    """The five ways to deliver a prediction."""
    return tuple(Subject(id, label, {"id": id, "label": label}) for id, label in MODES.items())


@fact("subjects")
def modes(serving_mode: Mapping[str, str]) -> tuple[Subject, ...]:
    """The serving modes of this design."""
    return tuple(subject for subject in every_mode() if serving_mode.get(subject.id) == "yes")


@fact("choices", *MODES)
def mode_ids(modes: tuple[Subject, ...]) -> tuple[str, ...]:
    """The serving modes of this design, by name."""
    return tuple(mode.id for mode in modes)


SUSPICIOUS = (
    "chargeback", "cancel", "cancellation", "closed", "final", "refund", "discharge", "outcome", "resolved",
    "settlement", "churned", "churn_date", "is_fraud", "label", "target", "dispute", "write_off", "recovered",
    "repair", "repaired", "rework", "scrap", "rejected", "decision", "confirmed", "resolution", "verdict", "reversed",
    "appeal",
)  # fmt: skip
_FEATURE = {
    "id": Domain("text"),
    "name": Domain("text"),
    "label": Domain("text"),
    "source": Domain("text"),
    "type": Domain(
        "choice",
        ("number", "category", "flag", "text", "image", "audio", "timestamp", "identifier", "embedding", "series"),
    ),
    "kind": Domain("choice", ("raw", "engineered", "interaction")),
    "cardinality": Domain("count"),
    "window": Domain("duration"),
    "available": Domain("choice", ("before", "at-request", "after", "after-label")),
    "transformation": Domain("text"),
    "personal": Domain("flag"),
    "personal_basis": Domain("text"),
    "suspicious": Domain("flag"),
    "suspicious_word": Domain("text"),
    "has_window": Domain("flag"),
    "says_transformation": Domain("flag"),
    "source_mutability": Domain("choice", ("append-only", "versioned", "overwritten")),
    "source_is_events": Domain("flag"),
    "source_accepted": Domain("flag"),
    "arrival_lag": Domain("duration"),
    "availability_said": Domain("flag"),
    "at_request": Domain("flag"),
    "is_position": Domain("flag"),
    "source_kind": Domain("text"),
    "basis_said": Domain("flag"),
    "is_place": Domain("flag"),
    "later_word": Domain("text"),
    "said_to_come_later": Domain("flag"),
    "source_licence": Domain("choice", ("own", "licensed", "open", "unknown", "forbidden")),
}
EVENT_KINDS = ("kafka", "kinesis", "pubsub", "logs", "sensor")


@fact("subjects")
def feature_subjects(
    target: str, features: tuple[Entry, ...] = (), sources: tuple[Entry, ...] = ()
) -> tuple[Subject, ...]:
    """The feature candidates with what follows about each."""
    by_name = {entry.value("name"): entry for entry in sources or ()}
    return tuple(_feature(entry, by_name.get(entry.value("source")), target) for entry in features or ())


def _feature(entry: Entry, source: Entry | None, target: str) -> Subject:
    name = entry.value("name")
    word, later = _suspicious_word(name, target), _comes_later(entry.value("description"))
    attributes = {
        **{field: entry.value(field) for field in _FEATURE},
        "id": name,
        "label": name,
        "suspicious": word is not None,
        "suspicious_word": word or "",
        "has_window": entry.value("window") is not None,
        "says_transformation": entry.value("transformation") is not None,
        "personal": source is not None and source.value("personal") is True,
        "source_mutability": source.value("mutability") if source else None,
        "source_is_events": source is not None and source.value("kind") in EVENT_KINDS,
        "source_accepted": source is None or source.value("state") == "accepted",
        "arrival_lag": source.value("arrival_lag") if source else None,
        "availability_said": entry.value("available") is not None,
        "at_request": entry.value("available") == "at-request",
        "is_position": not {"position", "rank"}.isdisjoint(_snake(name).split("_")),
        "source_kind": source.value("kind") if source else None,
        "basis_said": entry.value("personal_basis") is not None,
        "is_place": not _PLACES.isdisjoint(_snake(name).split("_")),
        "later_word": later or "",
        "said_to_come_later": later is not None,
        "source_licence": _said(source, "licence"),
    }
    return Subject(name, name, attributes)


def _said(entry: Entry | None, field: str) -> Any:
    """What was said of a field, not what stands in for it."""
    answer = None if entry is None else entry.fields[field]
    return answer.value if answer is not None and (answer.given or answer.unsure) else None


_PLACES = {
    "gps", "lat", "lon", "latitude", "longitude", "site", "station", "camera", "device", "detector", "scanner", "line",
}  # fmt: skip
_LATER = re.compile(r"\b(later|afterwards|subsequently|after (?:the|a|this|each) (?!last|previous|first|latest)\w+)")


def _comes_later(description: str | None) -> str | None:
    found = _LATER.search((description or "").lower())
    return found[1] if found else None


def _snake(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")


def _suspicious_word(name: str, target: str) -> str | None:
    words = _snake(name)
    first = target.lower().split(":")[0].split()[0].strip(",.") if target.strip() else ""
    if len(first) > 3 and first == words:
        return first
    parts = words.split("_")
    return next((word for word in SUSPICIOUS if (word in words if "_" in word else word in parts)), None)


_SOURCE = {
    "id": Domain("text"),
    "name": Domain("text"),
    "label": Domain("text"),
    "kind": Domain("text"),
    "owner": Domain("text"),
    "refresh": Domain("duration"),
    "arrival_lag": Domain("duration"),
    "licence": Domain("choice", ("own", "licensed", "open", "unknown", "forbidden")),
    "completeness": Domain("share"),
    "personal": Domain("flag"),
    "mutability": Domain("choice", ("append-only", "versioned", "overwritten")),
    "state": Domain("choice", ("accepted", "candidate", "rejected")),
    "has_owner": Domain("flag"),
}


@fact("subjects")
def source_subjects(sources: tuple[Entry, ...] = ()) -> tuple[Subject, ...]:
    """The data sources with what is known of each."""
    return tuple(
        Subject(
            entry.value("name"),
            entry.value("name"),
            {
                **{field: entry.value(field) for field in _SOURCE},
                "id": entry.value("name"),
                "label": entry.value("name"),
                "has_owner": entry.value("owner") is not None,
            },
        )
        for entry in sources or ()
    )


_DEAD = {
    "id": Domain("text"),
    "name": Domain("text"),
    "label": Domain("text"),
    "status": Domain("text"),
    "since": Domain("text"),
    "note": Domain("text"),
    "source": Domain("text"),
    "checked": Domain("text"),
    "instead": Domain("text"),
}


@fact("subjects")
def dead_tool_subjects(dead_tools: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """The tools that were asked for by name and take no new work."""
    return dead_tools


_SLICE = {"id": Domain("text"), "name": Domain("text"), "label": Domain("text")}

FAMILIES = {
    "every-mode": Family("mode", "every_mode", _MODE),
    "modes": Family("mode", "modes", _MODE),
    "features": Family("feature", "feature_subjects", _FEATURE),
    "sources": Family("source", "source_subjects", _SOURCE),
    "dead-tools": Family("dead", "dead_tool_subjects", _DEAD),
    "slices": Family("slice", "slice_subjects", _SLICE),
}
