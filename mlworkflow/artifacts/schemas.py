"""What goes into the served model and what comes out of it, as JSON Schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlworkflow.artifacts.blanks import Unknown
from mlworkflow.artifacts.known import Known
from mlworkflow.question import Entry

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[str, Schema] = {
    "number": {"type": ["number", "null"]},
    "category": {"type": ["string", "null"]},
    "flag": {"type": ["boolean", "null"]},
    "text": {"type": "string"},
    "image": {"type": "string", "contentEncoding": "base64", "contentMediaType": "image/*"},
    "audio": {"type": "string", "contentEncoding": "base64", "contentMediaType": "audio/*"},
    "timestamp": {"type": "string", "format": "date-time"},
    "identifier": {"type": "string"},
    "embedding": {"type": "array", "items": {"type": "number"}},
    "series": {"type": "array", "items": {"type": "number"}},
}
_NUMBER: Schema = {"type": "number"}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}


def input_schema(known: Known, features: Sequence[Entry]) -> Any:
    """Return the schema of one input; a feature that may be missing is null, never left out."""
    if not features:
        return Unknown("features")
    properties = {entry.value("name"): _property(entry) for entry in features}
    return {
        "$schema": DRAFT,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": True,
    }


def _property(entry: Entry) -> Schema:
    found = dict(_TYPES.get(entry.value("type") or "number", _NUMBER))
    if entry.value("description"):
        found["description"] = entry.value("description")
    return found


def output_schema(known: Known) -> Schema:
    """Return the schema of one output: what was predicted, by which version, and at which level of fallback."""
    common: Schema = {"model_version": {"type": "string"}, "fallback_level": {"type": "integer", "minimum": 0}}
    properties = {**_predicted(known), **common}
    return {"$schema": DRAFT, "type": "object", "properties": properties, "required": list(properties)}


def _predicted(known: Known) -> Schema:
    value = known.spec.value
    match value("problem_type"):
        case "generative":
            cited: Schema = {"cited_passages": _TEXTS} if known.retrieves else {}
            return {"output": {"type": "string"}, **cited, "passed_on": {"type": "boolean"}}
        case "regression":
            return {"value": _NUMBER, "low": _NUMBER, "high": _NUMBER}
        case "forecasting":
            return {"steps": {"type": "array", "items": _step()}}
        case "ranking" | "recommendation":
            most = {"maxItems": value("top_k")} if value("top_k") else {}
            return {"items": {"type": "array", **most, "items": _item()}}
        case "computer-vision" if value("vision_task") in ("boxes", "masks"):
            return {"objects": {"type": "array", "items": _found("box" if value("vision_task") == "boxes" else "mask")}}
        case "nlp" if value("text_task") == "spans":
            return {"spans": {"type": "array", "items": _found("span")}}
        case "anomaly-detection":
            return {"score": _NUMBER, "alarm": {"type": "boolean"}}
        case _:
            return {"score": {"type": "number", "minimum": 0, "maximum": 1}, "class": {"type": "string"}}


def _step() -> Schema:
    quantiles: Schema = {"type": "object", "additionalProperties": _NUMBER}
    properties: Schema = {"at": {"type": "string", "format": "date-time"}, "value": _NUMBER, "quantiles": quantiles}
    return {"type": "object", "properties": properties, "required": ["at", "value"]}


def _item() -> Schema:
    return {
        "type": "object",
        "properties": {"id": {"type": "string"}, "score": _NUMBER},
        "required": ["id", "score"],
    }


def _found(place: str) -> Schema:
    numbers: Schema = {"type": "array", "items": _NUMBER}
    properties: Schema = {"class": {"type": "string"}, place: numbers, "score": _NUMBER}
    return {"type": "object", "properties": properties, "required": list(properties)}
