"""One file of a bundle."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """A file of a bundle: its path inside the folder, with slashes, its whole text, and which persona owns it."""

    path: str
    text: str
    title: str
    owner: str
