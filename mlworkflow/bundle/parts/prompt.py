"""The prompt bundle of a design that writes with a foundation model, and the form of its golden set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlworkflow.bundle.file import File, LeftOut
from mlworkflow.bundle.words import Plain, chosen, system, used_features
from mlworkflow.bundle.yaml_text import as_yaml
from mlworkflow.designing import Spec
from mlworkflow.documents.data import written

BUNDLE, GOLDEN = "prompt-bundle.yaml", "golden-set.schema.json"


def files(spec: Spec) -> Iterator[File]:
    """Yield the bundle and the form of a golden case where a prompt is written."""
    if _writes(spec):
        say = Plain(spec)
        yield File(BUNDLE, as_yaml(bundle(say), _COMMENT), "What is released together: prompt, settings, model", "ESC")
        yield File(GOLDEN, written(golden_case(say)), "The form of one golden case", "ENA")


def left_out(spec: Spec) -> Iterator[LeftOut]:
    """Yield the reason where no prompt is written."""
    if not _writes(spec):
        yield LeftOut(BUNDLE, "no prompt is written")
        yield LeftOut(GOLDEN, "models are compared on labelled rows, not on golden answers")


def _writes(spec: Spec) -> bool:
    return bool(spec.value("problem_type") == "generative")


_COMMENT = """One version of everything that changes an output; it goes out and back as one.
What is null is filled in by the team before the first run of the golden set."""


def bundle(say: Plain) -> dict[str, Any]:
    """Return the bundle as plain values."""
    spec = say.spec
    retrieves = spec.value("model_adaptation") == "retrieval"
    data: dict[str, Any] = {
        "system": system(spec),
        "version": None,
        "model": {
            "through": str(say.choice("model-provider")),
            "pinned_id": None,
            "second_id": None,
            "temperature": 0,
            "seed": spec.value("seed"),
        },
        "prompt": {
            "path": "prompts/system.txt",
            "sha256": None,
            "most_tokens_in": spec.value("tokens_in"),
            "most_tokens_out": spec.value("tokens_out"),
        },
        "inputs": [
            {
                "name": entry.value("name"),
                "source": entry.value("source"),
                "how": str(say.choice(f"transformation[{entry.value('name')}]")),
                "missing_means": entry.value("missing_means"),
            }
            for entry in used_features(spec)
        ],
        "never": list(spec.value("never_topics") or ()),
        "out_of_scope": list(spec.value("out_of_scope") or ()),
        "output_schema": "schemas/response.schema.json",
        "golden_set": {
            "schema": GOLDEN,
            "dataset": spec.value("dataset"),
            "cases": spec.value("golden_set"),
            "slices": list(spec.value("slices") or ()),
            "passes_from": spec.value("success_threshold"),
            "wrong_answer_counts": spec.value("wrong_answer_ratio"),
        },
    }
    if retrieves:
        data["index"] = {
            "store": str(say.choice("vector-store")),
            "embedding_id": None,
            "dimensions": spec.value("dimensions"),
            "most_passages": None,
            "oldest_seconds": spec.value("documents_change"),
        }
    if chosen(spec, "promotion") is not None:
        data["promotion"] = str(say.choice("promotion"))
    return data


def golden_case(say: Plain) -> dict[str, Any]:
    """Return the JSON Schema of one golden case."""
    text = {"type": "string", "minLength": 1}
    sources = {"type": "array", "items": text, "uniqueItems": True}
    slices = list(say.spec.value("slices") or ())
    in_slices: dict[str, Any] = {"type": "array", "items": {"enum": slices} if slices else text}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"One golden case of {say.spec.answers.value('name')}",
        "description": str(say.value("label_definition", "what makes an output right is still to be agreed")),
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "input", "expected", "agreed_by", "agreed_on", "split"],
        "properties": {
            "id": text,
            "input": {"type": "object", "description": "by the names of prompt-bundle.yaml", "minProperties": 1},
            "expected": {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind"],
                "properties": {
                    "kind": {"enum": ["answer", "hand-over", "refusal"]},
                    "answer": text,
                    "must_cite": sources,
                    "must_not_say": sources,
                },
                "if": {"properties": {"kind": {"const": "answer"}}},
                "then": {"required": ["answer"]},
            },
            "slices": in_slices,
            "agreed_by": {"type": "array", "items": text, "minItems": 2, "uniqueItems": True},
            "agreed_on": {"type": "string", "format": "date"},
            "split": {"enum": ["development", "locked"], "description": "locked cases are read by the gate alone"},
        },
    }
