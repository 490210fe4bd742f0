"""The last line of a file that people fill in: it tells which design the rest follows, whatever was written into it."""

from __future__ import annotations

import hashlib
import re

from mlworkflow.bundle.file import FILLABLE, File

_LINE = re.compile(r"^(?:# )?Laid out by mlworkflow as `(?P<mark>[0-9a-f]{8})`.*\n?", re.MULTILINE)


def laid_out(one: File) -> File:
    """Return the file with its last line where people fill it in, else the file as it is."""
    if one.path not in FILLABLE:
        return one
    line = f"Laid out by mlworkflow as `{_hash(one.text)}`: by this line `mlworkflow check` sees which design you filled in."
    remark = "" if one.path.endswith(".md") else "# "
    return File(one.path, f"{one.text}\n{remark}{line}\n", one.title, one.owner)


def mark_in(text: str) -> str:
    """Return the mark of the design that a file says it follows, or nothing where it says none."""
    found = list(_LINE.finditer(text))
    return found[-1]["mark"] if found else ""


def is_blank(text: str) -> bool:
    """Whether a file is as it was laid out: nobody has written into it."""
    found = list(_LINE.finditer(text))
    if len(found) != 1 or found[0].end() != len(text):
        return False
    return _hash(text[: found[0].start() - 1]) == found[0]["mark"]


def beside(path: str, mark: str) -> str:
    """Return where the new text of a file lies while people have written into the old one."""
    return f"{path}.new-{mark}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
