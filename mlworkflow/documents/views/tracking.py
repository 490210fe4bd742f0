"""Experiment Tracking: the fixed table, comparison, data versions, run names."""

from __future__ import annotations

from typing import Any

from mlworkflow.documents.escape import Md, slug
from mlworkflow.documents.saying import Say, Table, name


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    return {"table": Table(("Aspect", "Choice", "Rationale"), _rows(say)), "findings": say.findings("tracking")}


def _rows(say: Say) -> list[tuple[Any, ...]]:
    project = slug(say.spec.answers.value("name"))
    return [
        ("Tool", say.choice("experiment-tracking"), say.because("experiment-tracking")),
        (
            "What's tracked",
            Md(", ".join(say.lines("tracked"))),
            Md("each of them can change the result; together they repeat any run"),
        ),
        (
            "Organization",
            Md(f"{name(f'{project}/{_group(say)}')}, a group for each question → runs such as {name(_run_name(say))}"),
            Md("runs of one question compare fairly; a name says model, change, snapshot and seed"),
        ),
        *([("Comparison", say.choice("run-comparison"), say.because("run-comparison"))] if say.full else []),
        *([("Data version", say.choice("data-versioning"), say.because("data-versioning"))] if say.full else []),
    ]


def _group(say: Say) -> str:
    if say.spec.value("problem_type") == "generative" and say.spec.value("model_adaptation") != "retrieval":
        return "q1-prompt"
    return {"generative": "q1-retrieval-depth", "computer-vision": "q1-input-size", "nlp": "q1-text-length"}.get(
        say.spec.value("problem_type"), "q1-feature-windows"
    )


_SHORT = {
    "boosted-trees": "gbm",
    "linear": "logit",
    "frozen-embeddings": "frozen",
    "statistical-series": "ets",
    "isolation": "iforest",
    "two-stage": "als-gbm",
    "listwise-trees": "lambdamart",
    "pretrained-network": "finetune",
    "network": "mlp",
    "foundation": "rag",
}


def _day(say: Say) -> str:
    return str(say.spec.value("start_date") or say.spec.value("date") or "01").replace("-", "")


def _run_name(say: Say) -> str:
    seed = say.spec.value("seed")
    changed = {"generative": "top8-rerank", "computer-vision": "px512-lr1e4", "nlp": "len256-lr2e5"}.get(
        say.spec.value("problem_type"), "win30d-lr005"
    )
    if say.spec.value("problem_type") == "nlp" and say.spec.value("main_model") == "linear":
        changed = "ngram13-c1"
    if say.spec.value("main_model") == "frozen-embeddings":
        changed = "c1"
    if say.spec.value("main_model") == "foundation" and say.spec.value("model_adaptation") != "retrieval":
        return f"prompt-v3-json-snap{_day(say)}-s{seed}"
    if say.spec.value("main_model") == "isolation":
        changed = "win30d-sample1024"
    return f"{_SHORT[say.spec.value('main_model') or 'linear']}-{changed}-snap{_day(say)}-s{seed}"
