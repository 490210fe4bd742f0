"""What goes into the served model and what comes out of it, as JSON Schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlworkflow.artifacts.blanks import Unknown
from mlworkflow.artifacts.known import Known
from mlworkflow.designing import Spec
from mlworkflow.question import Entry

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
ID: Schema = {"type": "string", "minLength": 1, "maxLength": 200}
VALUE_TYPES: dict[str, Schema] = {
    "number": {"type": "number"},
    "category": {"type": "string", "maxLength": 200},
    "flag": {"type": "boolean"},
    "timestamp": {"type": "string", "format": "date-time"},
    "text": {"type": "string", "maxLength": 20000},
    "image": {"type": "string", "description": "reference to the image, never its bytes", "maxLength": 500},
    "audio": {"type": "string", "description": "reference to the recording, never its bytes", "maxLength": 500},
    "identifier": {"type": "string", "maxLength": 200},
    "embedding": {"type": "array", "items": {"type": "number"}},
    "series": {"type": "array", "items": {"type": "number"}},
}
_NUMBER: Schema = {"type": "number"}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}


def input_schema(known: Known, features: Sequence[Entry]) -> Any:
    """Return the schema of one input: each feature is there, and null only where it may be missing."""
    if not features:
        return Unknown("features")
    properties = {entry.value("name"): _property(entry) for entry in features}
    return {
        "$schema": DRAFT,
        "title": "What the model reads",
        "description": "a request brings only what is known at its time; the rest is looked up by its unit",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": True,
    }


def _property(entry: Entry) -> Schema:
    found = dict(VALUE_TYPES[entry.value("type") or "number"])
    if entry.value("description"):
        found["description"] = entry.value("description")
    return missing_allowed(found, entry)


def may_be_missing(entry: Entry) -> bool:
    """Whether a value may be null: a request brings what it must, and a look-up may find nothing."""
    return entry.value("available") != "at-request" or bool(entry.value("missing_means"))


def missing_allowed(form: Schema, entry: Entry) -> Schema:
    """Return the form of a value with null where it may be missing, and with what null then means."""
    if not may_be_missing(entry):
        return form
    means = entry.value("missing_means") or "the look-up found nothing for the unit"
    said = f"{form['description']}; null: {means}" if "description" in form else f"null: {means}"
    return {**form, "type": [form["type"], "null"], "description": said}


def answer_schema(spec: Spec) -> Schema:
    """Return the schema of an answer; one from the fallback is marked and may hold no prediction."""
    properties, needed = predicted(spec)
    reasons = {"reasons": {"type": "array", "items": {"type": "object"}, "description": "contributions, largest first"}}
    explained = spec.value("explainability") in ("per-decision", "per-decision-legal")
    return {
        "$schema": DRAFT,
        "title": f"Answer of {spec.answers.value('name')}",
        "type": "object",
        "properties": {
            "request_id": ID,
            "unit_id": ID,
            "model_version": ID,
            "fallback": {
                "type": ["string", "null"],
                "description": "null where the model answered, else which fallback",
            },
            **properties,
            **(reasons if explained and spec.value("problem_type") != "generative" else {}),
        },
        "required": ["unit_id", "model_version", "fallback"],
        "if": {"properties": {"fallback": {"type": "null"}}},
        "then": {"required": needed},
        "additionalProperties": False,
    }


def predicted(spec: Spec) -> tuple[Schema, list[str]]:
    """Return what a prediction consists of, and which of it an answer of the model must hold."""
    value = spec.value
    kind = value("problem_type")
    if kind in _SCORE:
        return _SCORE[kind], [next(iter(_SCORE[kind]))]
    if kind == "computer-vision" and value("vision_task") in ("boxes", "masks"):
        place = "box" if value("vision_task") == "boxes" else "mask"
        return {"objects": {"type": "array", "items": _found(place)}}, ["objects"]
    if kind == "nlp" and value("text_task") == "spans":
        return {"spans": {"type": "array", "items": _found("span")}}, ["spans"]
    if value("many_classes") or (value("classes") or 2) > 2:
        share = {"type": "number", "minimum": 0, "maximum": 1}
        return {"label": ID, "scores": {"type": "object", "additionalProperties": share}}, ["label", "scores"]
    calibrated = "calibrated probability" if value("probability_used") else "score; it ranks, and is no probability"
    return {
        "score": {"type": "number", "minimum": 0, "maximum": 1, "description": calibrated},
        "acts": {"type": "boolean", "description": "whether the threshold or the capacity lets this case be acted on"},
    }, ["score", "acts"]


# The first of each is what every answer of the model holds.
_SCORE: dict[str, Schema] = {
    "regression": {"prediction": _NUMBER, "low_80": _NUMBER, "high_80": _NUMBER},
    "forecasting": {
        "steps": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "at": {"type": "string", "format": "date-time"},
                    "value": _NUMBER,
                    "low_80": _NUMBER,
                    "high_80": _NUMBER,
                },
                "required": ["at", "value"],
            },
        }
    },
    "generative": {
        "output": {"type": "string"},
        "passed_on": {"type": "boolean", "description": "true where a person takes over"},
        "citations": _TEXTS,
    },
    "ranking": {"items": {"type": "array", "items": {"type": "string"}, "uniqueItems": True}},
    "recommendation": {"items": {"type": "array", "items": {"type": "string"}, "uniqueItems": True}},
}


def _found(place: str) -> Schema:
    numbers: Schema = {"type": "array", "items": _NUMBER}
    properties: Schema = {"class": {"type": "string"}, place: numbers, "score": _NUMBER}
    return {"type": "object", "properties": properties, "required": list(properties)}
