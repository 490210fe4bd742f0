"""A single figure of an ML design, worked out from a few given values and shown with its calculation."""

from __future__ import annotations

from importlib import import_module

from mlworkflow.sizing.model import Topic

TOPICS = {
    "experiment": "Users, weeks, and the smallest effect that the traffic can show.",
    "serving": "Replicas, p99 latency, spare zones, scaling, batch windows and queues.",
    "llm": "Memory, GPUs, tokens per second, and the API against one's own GPUs.",
    "drift": "Thresholds, windows, false alarms, and the smallest shift that is seen.",
    "data": "Positives and rows for a metric, its interval, and comparing two models.",
    "slo": "Error budget, burn-rate alerts and where they cannot fire, canaries.",
    "retraining": "How often a model is worth retraining, and when it never is.",
    "cost": "A monthly table at prices given or listed, against the budget and the traffic.",
}


def topic(name: str) -> Topic:
    """Return everything about one topic."""
    found: Topic = import_module(f"mlworkflow.sizing.{name}").TOPIC
    return found
