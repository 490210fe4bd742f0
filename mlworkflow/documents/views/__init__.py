"""One view a section: what its template shows, in the order of the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mlworkflow.documents.saying import Say
from mlworkflow.documents.views import (
    architecture,
    experiment,
    features,
    gates,
    monitoring,
    operation,
    problem,
    quality,
    rationale,
    responsibility,
    runbook,
    serving,
    summary,
    tracking,
    training,
    unknowns,
)

View = Callable[[Say], Mapping[str, Any]]

VIEWS: dict[str, View] = {
    "summary": summary.view,
    "problem": problem.view,
    "features": features.view,
    "tracking": tracking.view,
    "training": training.view,
    "serving": serving.view,
    "experiment": experiment.view,
    "monitoring": monitoring.view,
    "architecture": architecture.view,
    "rationale": rationale.view,
    "runbook": runbook.view,
    "gates": gates.view,
    "responsibility": responsibility.view,
    "operation": operation.view,
    "unknowns": unknowns.view,
    "quality": quality.view,
}
