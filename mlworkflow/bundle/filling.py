"""A design becomes the files of its bundle."""

from __future__ import annotations

from importlib import import_module

from mlworkflow.bundle.file import File, LeftOut
from mlworkflow.bundle.parts import PARTS
from mlworkflow.designing import Spec


def files(spec: Spec) -> tuple[File, ...]:
    """Return every file of the bundle, each path once, in the order of the parts."""
    return tuple(file for part in PARTS for file in import_module(f"mlworkflow.bundle.parts.{part}").files(spec))


def left_out(spec: Spec) -> tuple[LeftOut, ...]:
    """Return every file that does not apply to this design, with its reason."""
    parts = (import_module(f"mlworkflow.bundle.parts.{part}") for part in PARTS)
    return tuple(one for part in parts if hasattr(part, "left_out") for one in part.left_out(spec))
