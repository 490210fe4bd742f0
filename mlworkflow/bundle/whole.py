"""A bundle in full: the document, its answers, every companion, the first page, and the manifest that names them all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from mlworkflow import __version__
from mlworkflow.answers import to_toml
from mlworkflow.artifacts import artifacts
from mlworkflow.bundle.file import FILLABLE, File
from mlworkflow.bundle.filling import files, left_out
from mlworkflow.bundle.layout import laid_out, mark_in
from mlworkflow.bundle.readme import readme
from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render

MANIFEST = "manifest.json"
SCHEMA = 1
IS_A_BUNDLE = "mlworkflow bundle"
# The nine outputs of the lifecycle: the persona that brings each, and the file that holds it; a design without
# stored features has the second.
OUTPUTS = {
    "DSS": ("data-source-evaluation.md",),
    "ENA": ("eda.ipynb",),
    "FAR": ("feature-store.md", "prompt-bundle.yaml"),
    "MAR": ("architecture-selection.md",),
    "ESC": ("experiment-comparison.md",),
    "IOR": ("benchmark-plan.md",),
    "IRE": ("model-card.md",),
    "IAN": ("impact-analysis.md",),
    "MOS": ("deployment-plan.md",),
}


def whole(spec: Spec, packs: Sequence[str] = ()) -> tuple[File, ...]:
    """Return every file of the bundle but its manifest, in the order of the first page."""
    own = (
        File("workflow.md", render(spec, packs), "The design: every choice with its reason", "GCA"),
        File(
            "answers.toml",
            to_toml(spec.knowledge, spec.answers),
            "What was said; everything else follows from it",
            "POR",
        ),
        *(laid_out(one) for one in files(spec)),
    )
    return (readme(spec, own), *own)


def manifest(spec: Spec, every: Sequence[File]) -> dict[str, Any]:
    """Return what is in the bundle: each file with hash and owner, the artifacts with their lineage, the nine outputs."""
    return {
        "schema": SCHEMA,
        "kind": IS_A_BUNDLE,
        "program": __version__,
        "catalog": spec.knowledge.catalog_date,
        "name": spec.answers.value("name"),
        "files": [
            {
                "path": one.path,
                "sha256": sha256(one.text.encode()),
                "title": one.title,
                "owner": one.owner,
                "to_fill_in": one.path in FILLABLE,
                **({"laid_out_as": mark_in(one.text)} if one.path in FILLABLE else {}),
            }
            for one in every
        ],
        "artifacts": [{"id": one.id, "hash": one.hash, "stands_on": list(one.stands_on)} for one in artifacts(spec)],
        "outputs": _outputs(spec, every),
        "left_out": [{"path": one.path, "because": one.because} for one in left_out(spec)],
    }


def _outputs(spec: Spec, every: Sequence[File]) -> list[dict[str, Any]]:
    """Return the nine outputs of the lifecycle, each with its persona and its file, or why this design has none."""
    names = {role.id: role.outputs[0] for role in spec.knowledge.roles if role.id in OUTPUTS}
    there = {one.path for one in every}
    why = {one.path: one.because for one in left_out(spec)}
    found = []
    for persona, paths in OUTPUTS.items():
        path = next((path for path in paths if path in there), None)
        because = None if path else next((why[one] for one in paths if one in why), None)
        found.append({"persona": persona, "output": names[persona], "file": path, "left_out_because": because})
    return found


def sha256(data: bytes) -> str:
    """Return the hash of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def is_safe(path: Any) -> bool:
    """Whether a path of a manifest stays inside the folder, whatever somebody wrote into it."""
    if not isinstance(path, str) or not path or path != path.strip() or "\\" in path or ":" in path or "\0" in path:
        return False
    return all(part not in ("", ".", "..") for part in path.split("/"))


def hashes(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the hash of each file that a manifest names; what has not its form is left out."""
    return {path: str(one.get("sha256")) for path, one in _rows(manifest).items()}


def marks(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return, for each file that people fill in, the mark of the design that theirs followed when it was kept."""
    return {path: str(one["laid_out_as"]) for path, one in _rows(manifest).items() if "laid_out_as" in one}


def _rows(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    rows = manifest.get("files")
    found = [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []
    return {one["path"]: one for one in found if is_safe(one.get("path"))}
