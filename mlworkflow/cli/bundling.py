"""Writes a bundle into a folder: all of it or none of it, never over somebody's work, and what is as it was stays."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mlworkflow.bundle.file import FILLABLE
from mlworkflow.bundle.layout import beside, is_blank, mark_in
from mlworkflow.bundle.whole import IS_A_BUNDLE, MANIFEST, hashes, manifest, marks, sha256, whole
from mlworkflow.cli.ending import say
from mlworkflow.cli.output import write_file
from mlworkflow.cli.writing import content_of
from mlworkflow.designing import Spec
from mlworkflow.documents.data import is_untouched, with_fingerprint
from mlworkflow.documents.escape import visible
from mlworkflow.errors import CannotReadOrWrite, Problem, WorkProtected
from mlworkflow.reading import with_plain_ends

# What a manifest holds while files are being put in place: their new hashes, so that the next run knows its own work.
UNFINISHED = "being_written"
OURS = "--force overwrites it; another folder keeps both"
ANSWERS = "answers.toml"
MISSING = "missing: without it nothing tells which files of the folder are as we wrote them"
FIND_IT = "bring it back as it was; or --force writes every file anew, and keeps those that were filled in"


@dataclass(frozen=True, slots=True)
class Planned:
    """A file as it is to be, and as it was found."""

    path: str
    data: bytes
    before: bytes | None

    @property
    def found(self) -> bytes:
        """What was found, whatever line ends an editor or git gave it."""
        return with_plain_ends(self.before or b"")

    @property
    def text(self) -> str:
        """The same as text."""
        return self.found.decode("utf-8", "replace")


def write_bundle(folder: str, spec: Spec, packs: Sequence[str], *, read_from: str = "", force: bool = False) -> None:
    """Make the folder hold the bundle, or refuse with everything in it that is not ours to overwrite.

    Answers that were read from the folder itself are written back, and what people filled in stays, even with force.
    """
    every = whole(spec, packs)
    made = manifest(spec, every)
    _make(folder)
    old = _manifest_of(folder)
    every_plan = [_plan(folder, one.path, one.text.encode("utf-8")) for one in every]
    filled = [one for one in every_plan if _is_filled_in(one, old)]
    planned = [one for one in every_plan if one not in filled]
    _note_what_they_follow(made, filled, old)
    last = _plan(folder, MANIFEST, with_fingerprint(made).encode("utf-8"))
    if not force:
        own = _is_same(read_from, inside(folder, ANSWERS))
        _refuse_what_is_not_ours(folder, [*(one for one in planned if not own or one.path != ANSWERS), last], old)
    for one in planned:
        for above in _above(one.path):
            _make(inside(folder, above))
    outcomes = _put(folder, planned, last, made, old)
    outcomes += [*_kept(folder, filled, old), *_removed(folder, old, {one.path for one in every})]
    _tell(folder, outcomes)


def inside(folder: str, path: str) -> str:
    """Return the place of a file in the folder, unless a link leads out of it."""
    home, place = os.path.realpath(folder), os.path.join(folder, *path.split("/"))
    if os.path.commonpath((home, os.path.realpath(place))) != home:
        raise WorkProtected("a link leads out of the folder", place=place, fix="remove the link")
    return place


def _above(path: str) -> list[str]:
    """Return the folders of a path, the outermost first."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _make(folder: str) -> None:
    """Make a folder whose parent exists; one that is there stays as it is."""
    if os.path.isdir(folder):
        return
    try:
        os.mkdir(folder)
    except FileExistsError as error:
        raise CannotReadOrWrite("this is a file", place=folder, fix="name a folder") from error
    except FileNotFoundError as error:
        fix = f"mkdir -p {shlex.quote(visible(os.path.dirname(folder.rstrip(os.sep)) or folder))}"
        raise CannotReadOrWrite("the folder above it does not exist", place=folder, fix=fix) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise CannotReadOrWrite(f"this folder cannot be made: {why}", place=folder) from error


def _manifest_of(folder: str) -> Mapping[str, Any]:
    """Return the manifest of an earlier run; what is no manifest of ours names nothing."""
    data = content_of(inside(folder, MANIFEST))
    try:
        found = json.loads(data or b"")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and found.get("kind") == IS_A_BUNDLE else {}


def is_without_manifest(folder: str) -> bool:
    """Whether a folder holds files that a bundle lays out, but not its manifest."""
    if os.path.lexists(os.path.join(folder, MANIFEST)):
        return False
    texts = (content_of(os.path.join(folder, path)) for path in FILLABLE)
    return any(text and mark_in(with_plain_ends(text).decode("utf-8", "replace")) for text in texts)


def _plan(folder: str, path: str, data: bytes) -> Planned:
    return Planned(path, data, content_of(inside(folder, path)))


# ------------------------------------------------------------------ what may be overwritten


def _is_same(read_from: str, place: str) -> bool:
    """Whether the answers came from this very file, under whatever name."""
    try:
        return os.path.samefile(read_from, place)
    except (OSError, ValueError):
        return False


def _is_filled_in(one: Planned, old: Mapping[str, Any]) -> bool:
    """Whether people wrote into a file that an earlier run laid out for them."""
    written = one.path in FILLABLE and bool(_known(old, one.path) or mark_in(one.text))
    return written and bool(one.before) and one.found != one.data and not _is_ours(one, old)


def _follows(one: Planned, old: Mapping[str, Any]) -> str:
    """Return the mark of the design that a filled-in file follows; where its line is gone, what the manifest noted."""
    return mark_in(one.text) or marks(old).get(one.path, "")


def _note_what_they_follow(made: Mapping[str, Any], filled: Sequence[Planned], old: Mapping[str, Any]) -> None:
    follow = {one.path: _follows(one, old) for one in filled}
    for row in made["files"]:
        row |= {"laid_out_as": follow[row["path"]]} if row["path"] in follow else {}


def _kept(folder: str, filled: Sequence[Planned], old: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Leave what was filled in as it is; where our own text changed, put the new one beside it, over nobody's work."""
    for one in filled:
        mark = mark_in(one.data.decode())
        if _follows(one, old) == mark:
            yield "kept as filled in", one.path
            continue
        path = beside(one.path, mark)
        place = inside(folder, path)
        if content_of(place) is None:
            write_file(place, one.data, expected=None)
        yield f"kept as filled in; ours changed and lies beside it as {path.rsplit('/', 1)[-1]}", one.path


def _refuse_what_is_not_ours(folder: str, planned: Sequence[Planned], old: Mapping[str, Any]) -> None:
    problems = [
        Problem(os.path.join(folder, one.path), _whose(one, old), _fix(folder, one, old))
        for one in planned
        if one.before and one.found != one.data and not _is_ours(one, old)
    ]
    if problems and not old and is_without_manifest(folder):
        problems.insert(0, Problem(os.path.join(folder, MANIFEST), MISSING, FIND_IT))
    if problems:
        error = WorkProtected(problems[0].what)
        error.problems = (*problems, Problem("", "nothing was written"))
        raise error


def _is_ours(one: Planned, old: Mapping[str, Any]) -> bool:
    """Whether a file is as an earlier run left it, finished or not."""
    if one.path == MANIFEST:
        return bool(old) and is_untouched(one.text)
    return sha256(one.found) in _known(old, one.path) or (one.path in FILLABLE and is_blank(one.text))


def _known(old: Mapping[str, Any], path: str) -> set[str]:
    unfinished = old.get(UNFINISHED)
    started = unfinished.get(path) if isinstance(unfinished, Mapping) else None
    return {one for one in (hashes(old).get(path), started) if isinstance(one, str)}


def _fix(folder: str, one: Planned, old: Mapping[str, Any]) -> str:
    if one.path != ANSWERS or not _known(old, one.path):
        return OURS
    place, whole = (shlex.quote(visible(path)) for path in (os.path.join(folder, one.path), folder))
    return f"mlworkflow generate {place} --bundle {whole} takes these answers; --force overwrites them"


def _whose(one: Planned, old: Mapping[str, Any]) -> str:
    written = bool(old) and (one.path == MANIFEST or bool(_known(old, one.path)))
    return "was edited since it was written" if written else "was not written by this program"


# ------------------------------------------------------------------ putting it in place


def _put(
    folder: str, planned: Sequence[Planned], last: Planned, made: Mapping[str, Any], old: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Write what differs; the manifest says so before the first file changes, and is whole again after the last."""
    changed = [one for one in planned if one.before is None or one.found != one.data]
    if changed:
        before = old or {"kind": IS_A_BUNDLE, "schema": made["schema"], "files": []}
        kept = {name: value for name, value in before.items() if name not in ("fingerprint", UNFINISHED)}
        started = with_fingerprint({**kept, UNFINISHED: {one.path: sha256(one.data) for one in changed}})
        write_file(inside(folder, MANIFEST), started.encode(), expected=last.before)
        last = Planned(last.path, last.data, started.encode())
    found = []
    for one in planned:
        found.append((_written(folder, one), one.path))
    outcome = _written(folder, last)
    return [*found, (outcome if old else "created", MANIFEST)]


def _written(folder: str, one: Planned) -> str:
    """Write a file; other line ends alone are no reason to."""
    if one.before is not None and one.found == one.data:
        return "unchanged"
    return write_file(inside(folder, one.path), one.data, expected=one.before)


def _removed(folder: str, old: Mapping[str, Any], now: set[str]) -> Iterator[tuple[str, str]]:
    """Remove what an earlier run wrote, nobody touched, and this design does without; name what somebody edited."""
    for path in hashes(old):
        if path in now or path == MANIFEST:
            continue
        place = inside(folder, path)
        data = content_of(place)
        if data is None or os.path.islink(place):
            continue
        if sha256(with_plain_ends(data)) not in _known(old, path):
            yield "kept, because it was edited, though this design does without it", path
            continue
        with suppress(OSError):
            os.unlink(place)
            yield "removed, because this design does without it", path
        with suppress(OSError):
            for above in reversed(_above(path)):
                os.rmdir(inside(folder, above))


def _tell(folder: str, outcomes: Sequence[tuple[str, str]]) -> None:
    lines = [
        f"{outcome}: {visible(os.path.join(folder, path))}" for outcome, path in outcomes if outcome != "unchanged"
    ]
    same = sum(outcome == "unchanged" for outcome, _ in outcomes)
    if same:
        lines.append(f"unchanged: {same} files in {visible(folder)}")
    say("\n".join([*lines, f"start with {visible(os.path.join(folder, 'README.md'))}"]))
