"""What a decision or clause is judged for, one by one: modes, features, sources, tools that are gone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
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
    "beside_outcome": Domain("flag"),
    "source_kind": Domain("text"),
    "basis_said": Domain("flag"),
    "is_place": Domain("flag"),
    "comes_back": Domain("flag"),
    "later_word": Domain("text"),
    "said_to_come_later": Domain("flag"),
    "of_the_step": Domain("flag"),
    "mutability_said": Domain("flag"),
    "is_direct_identifier": Domain("flag"),
    "is_protected": Domain("flag"),
    "source_licence": Domain("choice", ("own", "licensed", "open", "unknown", "forbidden")),
}
EVENT_KINDS = ("kafka", "kinesis", "pubsub", "logs", "sensor")


@fact("subjects")
def feature_subjects(
    target: str,
    problem_type: str = "",
    features: tuple[Entry, ...] = (),
    sources: tuple[Entry, ...] = (),
    rows: float | None = None,
    group_key: str | None = None,
) -> tuple[Subject, ...]:
    """The feature candidates with what follows about each."""
    by_name = {entry.value("name"): entry for entry in sources or ()}
    late = {entry.value("source") for entry in features or () if entry.value("available") == "after-label"}
    lists = problem_type in ("ranking", "recommendation")
    found = [_feature(entry, by_name.get(entry.value("source")), target, lists, late) for entry in features or ()]
    return tuple(
        replace(one, attributes={**one.attributes, "comes_back": _back(one, rows, group_key)}) for one in found
    )


ROWS_EACH = 10


def _back(feature: Subject, rows: float | None, group_key: str | None) -> bool:
    """Whether the values of a key stand in so many rows each that something can be learned of them."""
    levels = feature.attributes["cardinality"]
    return bool(levels and rows and rows >= ROWS_EACH * levels and feature.id != group_key)


def _feature(entry: Entry, source: Entry | None, target: str, lists: bool, late: set[Any]) -> Subject:
    name = entry.value("name")
    word = _suspicious_word(name, target) or _outcome_word(name, target, entry.value("window") is not None)
    later, position = _comes_later(entry.value("description")), lists and _is_position(entry)
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
        "availability_said": entry.value("available") is not None or position,
        "at_request": entry.value("available") == "at-request",
        "is_position": position,
        "beside_outcome": source is not None and source.value("name") in late,
        "source_kind": source.value("kind") if source else None,
        "basis_said": entry.value("personal_basis") is not None,
        "is_place": not _PLACES.isdisjoint(_snake(name).split("_")),
        "later_word": later or "",
        "said_to_come_later": later is not None,
        "of_the_step": "step" in _snake(name).split("_")
        or bool(_STEP.search((entry.value("description") or "").lower())),
        "mutability_said": _said(source, "mutability") is not None,
        "is_direct_identifier": _is_named(name, _NAMING) and entry.value("type") in ("text", "category", "identifier"),
        "is_protected": _is_named(name, _PROTECTED),
        "source_licence": _said(source, "licence"),
    }
    return Subject(name, name, attributes)


def _said(entry: Entry | None, field: str) -> Any:
    """What was said of a field, not what stands in for it."""
    answer = None if entry is None else entry.fields[field]
    return answer.value if answer is not None and (answer.given or answer.unsure) else None


_NAMING = {
    "first_name", "firstname", "last_name", "lastname", "surname", "full_name", "given_name", "family_name", "email",
    "phone", "iban", "street", "passport", "ssn",
}  # fmt: skip
_PROTECTED = {
    "age", "birth", "birthday", "birthdate", "sex", "gender", "nationality", "religion", "ethnicity", "disability",
    "marital", "pregnant", "pregnancy",
}  # fmt: skip
_OF_THINGS = {
    "account", "device", "email", "phone", "domain", "card", "machine", "part", "model", "battery", "tool", "vehicle",
    "days", "hours", "minutes", "order", "contract", "customer", "ticket", "company", "supplier",
}  # fmt: skip


def _is_named(name: str, words: set[str]) -> bool:
    """Whether a name holds such a word as a part; the age of a thing, or a property of an address, is none."""
    plain, parts = _snake(name), _snake(name).split("_")
    if words is _PROTECTED:
        return not set(parts) & _OF_THINGS and bool(set(parts) & words)
    return parts[-1] in words or any(word in plain for word in words if "_" in word)


_PLACES = {
    "gps", "lat", "lon", "latitude", "longitude", "site", "station", "camera", "device", "detector", "scanner", "line",
}  # fmt: skip
_LATER = re.compile(r"\b(later|afterwards|subsequently|after (?:the|a|this|each) (?!last|previous|first|latest)\w+)")


_STEP = re.compile(r"\b(?:forecast|of that|in that|of the same) (?:step|quarter|hour|day|week|month)")


def _comes_later(description: str | None) -> str | None:
    found = _LATER.search((description or "").lower())
    return found[1] if found else None


_POSITIONS = {"position", "rank", "slot", "place", "row"}
_ON_A_PAGE = {"page", "screen", "list", "shown", "displayed", "carousel"}
_SHOWN_AT = re.compile(r"\bat logging time|\bwas shown\b")


def _is_position(entry: Entry) -> bool:
    """Whether a candidate says where an item stood when it was logged; what comes with a request is a score."""
    named = not _POSITIONS.isdisjoint(_snake(entry.value("name")).split("_"))
    described = _SHOWN_AT.search((entry.value("description") or "").lower()) is not None
    logged = not _ON_A_PAGE.isdisjoint(_snake(entry.value("name")).split("_"))
    return (named or described) and (logged or entry.value("available") != "at-request")


_OUTCOME = re.compile(
    r"(?:^|_)(cancel[a-z]*|clos(?:ed|ing)|redeem[a-z]*|watched|completion|convert[a-z]*|next_(?:day|week|month|quarter|year)|after|future)(?:_|$)"
)
_DONE = re.compile(r"\w{3,}ed|bought|sold|paid|lost|hired")


def _outcome_word(name: str, target: str, has_window: bool) -> str | None:
    """A word that tells of what came later, or that the target also uses for what is done; a past window may hold it."""
    found = _OUTCOME.search(_snake(name))
    if has_window or {"lag", "last", "previous", "past"} & set(_snake(name).split("_")):
        return None
    if found:
        return found[1]
    done = {word for word in re.findall(r"[a-z]+", target.lower()) if _DONE.fullmatch(word)}
    return next((word for word in _snake(name).split("_") if word in done), None)


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
    "history": Domain("duration"),
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
