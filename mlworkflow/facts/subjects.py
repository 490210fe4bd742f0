"""What a decision or clause is judged for, one by one: modes, features, sources, tools that are gone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mlworkflow.condition import Domain
from mlworkflow.facts.naming import (
    is_calendar,
    is_forecast,
    is_planned,
    lag,
    lag_plan,
    names_a_case,
    names_a_key,
    names_a_model,
    of_the_past,
    outcome_word,
    snake,
)
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
    "past_outcome": Domain("flag"),
    "type_said": Domain("flag"),
    "named_key": Domain("flag"),
    "named_case": Domain("flag"),
    "of_a_model": Domain("flag"),
    "calendar": Domain("flag"),
    "forecast": Domain("flag"),
    "planned": Domain("flag"),
    "lag_plan": Domain("text"),
    "lag_inside": Domain("flag"),
    "lag_void": Domain("flag"),
    "missing_said": Domain("flag"),
    "source_completeness": Domain("share"),
    "suspicious_word": Domain("text"),
    "has_window": Domain("flag"),
    "says_transformation": Domain("flag"),
    "source_mutability": Domain("choice", ("append-only", "versioned", "overwritten")),
    "source_is_events": Domain("flag"),
    "source_accepted": Domain("flag"),
    "arrival_lag": Domain("duration"),
    "source_refresh": Domain("duration"),
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
def features_by_name(
    target: str, features: tuple[Entry, ...] = (), sources: tuple[Entry, ...] = (), problem_type: str = ""
) -> tuple[Subject, ...]:
    """The feature candidates with what their words and sources say; another number leaves them as they are."""
    by_name = {entry.value("name"): entry for entry in sources or ()}
    late = {entry.value("source") for entry in features or () if entry.value("available") == "after-label"}
    lists = problem_type in ("ranking", "recommendation")
    return tuple(_feature(entry, by_name.get(entry.value("source")), target, lists, late) for entry in features or ())


@fact("subjects")
def feature_subjects(
    features_by_name: tuple[Subject, ...],
    problem_type: str = "",
    rows: float | None = None,
    group_key: str | None = None,
    horizon: float | None = None,
    forecast_step: float | None = None,
    label_delay: float | None = None,
) -> tuple[Subject, ...]:
    """The feature candidates with what follows about each."""
    found = features_by_name
    if problem_type == "forecasting":
        found = tuple(_in_time(one, horizon, forecast_step, label_delay or 0) for one in found)
    return tuple(
        replace(one, attributes={**one.attributes, "comes_back": _back(one, rows, group_key)}) for one in found
    )


def _in_time(feature: Subject, horizon: float | None, step: float | None, delay: float) -> Subject:
    """The feature with what a lag is worth over the horizon."""
    length = lag(feature.id, step)
    if length is None or horizon is None:
        return feature
    inside, void = length < horizon + delay, length < delay
    plan = lag_plan(length, horizon, delay) if inside else ""
    return replace(
        feature,
        attributes={**feature.attributes, "lag_inside": inside and not void, "lag_void": void, "lag_plan": plan},
    )


ROWS_EACH = 10


def _back(feature: Subject, rows: float | None, group_key: str | None) -> bool:
    """Whether the values of a key stand in so many rows each that something can be learned of them."""
    levels = feature.attributes["cardinality"]
    return bool(levels and rows and rows >= ROWS_EACH * levels and feature.id != group_key)


def _feature(entry: Entry, source: Entry | None, target: str, lists: bool, late: set[Any]) -> Subject:
    name = entry.value("name")
    word, past = outcome_word(name, target), of_the_past(name, entry.value("window") is not None)
    later, position = _comes_later(entry.value("description")), lists and _is_position(entry)
    attributes = {
        **{field: entry.value(field) for field in _FEATURE},
        "id": name,
        "label": name,
        "suspicious": word is not None and not past,
        "suspicious_word": word or "",
        "past_outcome": word is not None and past,
        "type_said": entry.fields["type"].given,
        "named_key": names_a_key(name),
        "named_case": names_a_case(name),
        "of_a_model": entry.value("type") == "embedding" or names_a_model(name),
        "calendar": is_calendar(name),
        "forecast": is_forecast(name),
        "planned": is_planned(name),
        "lag_plan": "",
        "lag_inside": False,
        "lag_void": False,
        "missing_said": entry.value("missing_means") is not None,
        "source_completeness": source.value("completeness") if source else None,
        "has_window": entry.value("window") is not None,
        "says_transformation": entry.value("transformation") is not None,
        "personal": source is not None and source.value("personal") is True,
        "source_mutability": source.value("mutability") if source else None,
        "source_is_events": source is not None and source.value("kind") in EVENT_KINDS,
        "source_accepted": source is None or source.value("state") == "accepted",
        "arrival_lag": source.value("arrival_lag") if source else None,
        "source_refresh": source.value("refresh") if source else None,
        "availability_said": entry.value("available") is not None or position,
        "at_request": entry.value("available") == "at-request",
        "is_position": position,
        "beside_outcome": source is not None and source.value("name") in late,
        "source_kind": source.value("kind") if source else None,
        "basis_said": entry.value("personal_basis") is not None,
        "is_place": not _PLACES.isdisjoint(snake(name).split("_")),
        "later_word": later or "",
        "said_to_come_later": later is not None,
        "of_the_step": "step" in snake(name).split("_")
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
    plain, parts = snake(name), snake(name).split("_")
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
    named = not _POSITIONS.isdisjoint(snake(entry.value("name")).split("_"))
    described = _SHOWN_AT.search((entry.value("description") or "").lower()) is not None
    logged = not _ON_A_PAGE.isdisjoint(snake(entry.value("name")).split("_"))
    return (named or described) and (logged or entry.value("available") != "at-request")


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
