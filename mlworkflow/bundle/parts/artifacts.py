"""The seven artifacts as JSON, each with its blanks, its owner and its hash."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.artifacts import artifacts, as_data
from mlworkflow.bundle.file import File
from mlworkflow.designing import Spec
from mlworkflow.documents.data import written

FOLDER = "artifacts"


def files(spec: Spec) -> Iterator[File]:
    """Yield one file an artifact, numbered in the order of the chain."""
    for number, one in enumerate(artifacts(spec), 1):
        yield File(f"{FOLDER}/{number}-{one.id}.json", written(as_data(one)), one.title, one.owner)
