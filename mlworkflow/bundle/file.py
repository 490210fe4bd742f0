"""One file of a bundle, and one that a design does without."""

from __future__ import annotations

from dataclasses import dataclass

# Files in which people write: what they filled in is no edit, and no run of ours writes over it.
FILLABLE = (
    "gates.toml",
    "prompt-bundle.yaml",
    "model-card.md",
    "dataset-card.md",
    "tasks.md",
    "runbook.md",
    "experiment-comparison.md",
    "benchmark-plan.md",
    "impact-analysis.md",
)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a bundle: its path inside the folder, with slashes, its whole text, and which persona owns it."""

    path: str
    text: str
    title: str
    owner: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that a design does without, and the reason, which reads on after "because"."""

    path: str
    because: str
