"""Writes a document where it was asked for, and never over somebody's work."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator

from mlworkflow.cli.ending import say, shown
from mlworkflow.cli.output import emit, write_file
from mlworkflow.documents.escape import visible
from mlworkflow.errors import WorkProtected
from mlworkflow.reading import with_plain_ends

MOST_DIFF_LINES = 40


def write(path: str, text: str, *, force: bool) -> None:
    """Put the text on standard output or into the file, and say what became of the file."""
    data = text.encode("utf-8")
    if path == "-":
        emit(data)
        return
    before = content_of(path)
    if before is not None and with_plain_ends(before) == data:
        say(f"unchanged: {visible(path)}")
        return
    if before is not None and not force:
        _refuse_what_is_not_ours(path, with_plain_ends(before), data)
    outcome = write_file(path, data, expected=before)
    say(f"{'unchanged' if outcome == 'unchanged' else 'written'}: {visible(path)}")


def content_of(path: str) -> bytes | None:
    """Return what the file holds; what is no file or cannot be read is left to the writer to refuse."""
    if not os.path.isfile(path):
        return None
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError):
        return None


def _refuse_what_is_not_ours(path: str, before: bytes, after: bytes) -> None:
    text = before.decode("utf-8", "replace")
    if not before or _is_untouched(text):
        return
    from mlworkflow.documents.sealing import seal_of

    say_difference(text, after.decode("utf-8"), path)
    what = (
        "was edited since it was written"
        if seal_of(text) or '"fingerprint"' in text
        else "was not written by this program"
    )
    raise WorkProtected(what, place=path, fix="--force overwrites it; `-o` with another name keeps both")


def _is_untouched(text: str) -> bool:
    from mlworkflow.documents.data import is_untouched
    from mlworkflow.documents.sealing import seal_of

    seal = seal_of(text)
    return seal.untouched if seal else is_untouched(text)


def say_difference(before: str, after: str, path: str) -> None:
    """Show on standard error how the two texts differ, in a bounded number of lines."""
    say("\n".join(_difference(before, after, path)))


def _difference(before: str, after: str, path: str) -> Iterator[str]:
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), path, "generated", n=1, lineterm=""))
    yield from (shown(line) for line in lines[:MOST_DIFF_LINES])
    if len(lines) > MOST_DIFF_LINES:
        yield f"... and {len(lines) - MOST_DIFF_LINES} more lines"
