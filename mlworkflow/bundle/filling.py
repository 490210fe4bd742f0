"""A design becomes the files of its bundle."""

from __future__ import annotations

from importlib import import_module

from mlworkflow.bundle.file import File
from mlworkflow.bundle.parts import PARTS
from mlworkflow.designing import Spec


def files(spec: Spec) -> tuple[File, ...]:
    """Return every file of the bundle, each path once, in the order of the parts."""
    return tuple(file for part in PARTS for file in import_module(f"mlworkflow.bundle.parts.{part}").files(spec))
