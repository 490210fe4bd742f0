"""The parts of a bundle; each is a module with `files(spec)`, which yields the files that this design needs."""

from __future__ import annotations

PARTS: tuple[str, ...] = (
    "cards",
    "runbook",
    "raci",
    "tasks",
    "gates",
    "lineage",
    "artifacts",
    "sources",
    "notebook",
    "features",
    "pipeline",
    "prompt",
    "inference",
    "choosing",
    "comparing",
    "benchmark",
    "impact",
    "deployment",
    "watching",
)
