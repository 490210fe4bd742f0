"""Whose a file of a bundle is: the person of its artifact or duty, else whoever wears the hat of its persona."""

from __future__ import annotations

from collections.abc import Sequence

from mlworkflow.artifacts import Artifact
from mlworkflow.bundle.file import File
from mlworkflow.designing import Spec
from mlworkflow.documents.owning import wearers
from mlworkflow.responsibility import Responsibility

# The duties behind a file, by what its path begins with; the first that the design has counts.
_DUTIES: dict[str, tuple[str, ...]] = {
    "model-card": ("duty-model-card", "duty-golden-set"),
    "dataset-card": ("duty-data-contract", "duty-corpus"),
    "data-source-evaluation": ("duty-data-contract", "duty-corpus"),
    "eda": ("duty-label",),
    "feature": ("duty-features",),
    "lineage": ("duty-registry",),
    "pipeline": ("duty-snapshot", "duty-corpus", "duty-data-contract"),
    ".github/": ("duty-snapshot", "duty-corpus", "duty-data-contract"),
    ".gitlab-ci": ("duty-snapshot", "duty-corpus", "duty-data-contract"),
    "prompt-bundle": ("duty-prompt",),
    "golden-set": ("duty-golden-set",),
    "inference-specification": ("duty-serving", "duty-run-ready"),
    "schemas/": ("duty-serving", "duty-run-ready"),
    "benchmark-plan": ("duty-serving", "duty-run-ready"),
    "architecture-selection": ("duty-model", "duty-prompt"),
    "experiment-comparison": ("duty-model", "duty-golden-set"),
    "impact-analysis": ("duty-experiment",),
    "deployment-plan": ("duty-rollback",),
    "deploy/": ("duty-rollback",),
    "monitoring-specification": ("duty-monitors",),
    "alerts": ("duty-monitors",),
    "dashboard": ("duty-monitors",),
    "runbook": ("duty-on-call", "duty-morning-alerts"),
    "gates": ("duty-eval-gate", "duty-golden-set"),
    "workflow": ("duty-metric",),
    "answers": ("duty-metric",),
    "raci": ("duty-metric",),
    "tasks": ("duty-metric",),
}


def whose(spec: Spec, file: File, owned: Responsibility, chain: Sequence[Artifact]) -> str:
    """Return the person of a file, or "nobody"."""
    if handed := next((one.person for one in chain if file.path.endswith(f"-{one.id}.json")), ""):
        return handed
    duties = next((named for start, named in _DUTIES.items() if file.path.startswith(start)), ())
    for duty in duties:
        for one in owned.duties:
            if one.clause.id == duty:
                return one.accountable.name
    role = next((role for role in spec.knowledge.roles if role.id == file.owner), None)
    worn = wearers(role, owned.people) if role else []
    return worn[0].name if worn else "nobody"
