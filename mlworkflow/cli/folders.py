"""Checks the folder of a bundle: every hash, the lineage of its artifacts, and what its answers give today."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlworkflow import __version__
from mlworkflow.artifacts import faults_of_chain
from mlworkflow.bundle.file import FILLABLE
from mlworkflow.bundle.layout import beside, mark_in
from mlworkflow.bundle.whole import IS_A_BUNDLE, MANIFEST, hashes, is_safe, marks, sha256, whole
from mlworkflow.cli.bundling import ANSWERS, MISSING, UNFINISHED, inside
from mlworkflow.cli.ending import say
from mlworkflow.cli.source import source_of
from mlworkflow.cli.told import told
from mlworkflow.designing import Spec, design
from mlworkflow.documents.data import is_untouched
from mlworkflow.documents.escape import visible
from mlworkflow.errors import CheckFound, InputRefused, MlworkflowError, Problem
from mlworkflow.reading import read_bytes, with_plain_ends


def check_bundle(folder: str, packs: Sequence[str]) -> None:
    """Say that the folder is what its answers give, or raise with one problem for each thing that is not."""
    manifest, text = _manifest(folder)
    held = _Folder(folder, manifest)
    problems = [*_of_manifest(manifest, text), *held.problems(), *_of_chain(held)]
    if filled := held.filled_in():
        say("\n".join(f"filled in: {visible(os.path.join(folder, path))}" for path in filled))
    behind: list[Problem] = []
    if held.is_as_written(ANSWERS):
        try:
            fresh = {one.path: one.text for one in whole(_designed(folder, packs), packs)}
        except MlworkflowError as refused:
            problems += [(ANSWERS, f"cannot be designed today: {problem.what}") for problem in refused.problems]
        else:
            problems += _outdated(held, fresh)
            behind += held.behind(fresh)
    if problems or behind:
        _refuse(folder, problems, behind, packs)
    say(f"up to date: {visible(folder)} ({len(held.hashes)} files, {len(held.artifacts())} artifacts)")


def _refuse(folder: str, found: Sequence[tuple[str, str]], behind: Sequence[Problem], packs: Sequence[str]) -> None:
    problems = [Problem(os.path.join(folder, path) if path else folder, what) for path, what in found]
    if problems:
        last = problems.pop()
        fix = f"keep what is worth keeping, then {_again(folder, packs)}"
        problems.append(Problem(last.place, last.what, fix))
    error = CheckFound((*problems, *behind)[0].what)
    error.problems = (*problems, *behind)
    raise error


def refuse_without_manifest(folder: str, packs: Sequence[str]) -> None:
    """Say that the manifest of a bundle is not there, and what writes it again."""
    fix = f"bring it back as it was; or {_again(folder, packs)}, which keeps what was filled in"
    raise CheckFound(MISSING, place=os.path.join(folder, MANIFEST), fix=fix)


def _again(folder: str, packs: Sequence[str]) -> str:
    more = "".join(f" --pack {shlex.quote(pack)}" for pack in packs)
    return f"mlworkflow generate {shlex.quote(os.path.join(folder, ANSWERS))} --bundle {shlex.quote(folder)}{more}"


def _manifest(folder: str) -> tuple[Mapping[str, Any], str]:
    place = os.path.join(folder, MANIFEST)
    text = with_plain_ends(read_bytes(place, None)).decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputRefused("is no JSON", place=place, fix="write the bundle again") from error
    if not isinstance(found, dict) or found.get("kind") != IS_A_BUNDLE:
        raise InputRefused(
            "is no manifest of a bundle", place=place, fix="give a folder that --bundle wrote, or a pack"
        )
    return found, text


def _of_manifest(manifest: Mapping[str, Any], text: str) -> Iterator[tuple[str, str]]:
    if not is_untouched(text):
        yield MANIFEST, "edited: somebody changed it after it was written"
    if UNFINISHED in manifest:
        yield "", "the last run did not finish"
    rows = manifest.get("files")
    unsafe = (
        [one for one in rows if not isinstance(one, Mapping) or not is_safe(one.get("path"))]
        if isinstance(rows, list)
        else [rows]
    )
    if unsafe:
        yield MANIFEST, f"names {len(unsafe)} files that are none of this folder"


class _Folder:
    """The files that a manifest names, as they are now."""

    def __init__(self, folder: str, manifest: Mapping[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest
        self.hashes = hashes(manifest)
        self.to_fill_in = [path for path in FILLABLE if path in self.hashes]
        self.data = {path: self._read(path) for path in self.hashes}

    def _read(self, path: str) -> bytes | None:
        if not os.path.exists(os.path.join(self.folder, path)):
            return None
        try:
            return with_plain_ends(read_bytes(inside(self.folder, path), None))
        except MlworkflowError:
            return b""  # too large, unreadable or a link that leads out: whatever it is, it is not what was written

    def is_as_written(self, path: str) -> bool:
        """Whether a file has the hash that the manifest names."""
        data = self.data.get(path)
        return data is not None and sha256(data) == self.hashes[path]

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield what is missing and what was changed."""
        for path, data in self.data.items():
            if data is None:
                yield path, "missing"
            elif path == ANSWERS and not self.is_as_written(path):
                yield path, "changed: the other files still follow the answers of before"
            elif not self.is_as_written(path) and path not in self.to_fill_in:
                yield path, "edited: somebody changed it after it was written"

    def filled_in(self) -> list[str]:
        """Return the files that were laid out for people to write in, and in which they wrote."""
        return [path for path in self.to_fill_in if self.data[path] is not None and not self.is_as_written(path)]

    def behind(self, fresh: Mapping[str, str]) -> Iterator[Problem]:
        """Yield the filled-in files that follow an older design than the folder, each with where the new text is."""
        noted = marks(self.manifest)
        for path in self.filled_in():
            now = mark_in(fresh.get(path, ""))
            follows = mark_in((self.data[path] or b"").decode("utf-8", "replace")) or noted.get(path, "")
            if now and follows != now:
                new = os.path.join(self.folder, beside(path, now))
                what = f"yours follows an older design: see {visible(new)}"
                yield Problem(os.path.join(self.folder, path), what, self._caught_up(new))

    def _caught_up(self, new: str) -> str:
        fix = "take over what changed, and its last line, which names the design"
        return fix if os.path.exists(new) else f"{_again(visible(self.folder), ())} lays it there; then {fix}"

    def artifacts(self) -> dict[str, Any]:
        """Return the artifacts by path, as JSON gives them."""
        return {
            path: _json(data) for path, data in self.data.items() if path.startswith("artifacts/") and data is not None
        }


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _of_chain(held: _Folder) -> Iterator[tuple[str, str]]:
    found = held.artifacts()
    paths = {
        one["id"]: path for path, one in found.items() if isinstance(one, Mapping) and isinstance(one.get("id"), str)
    }
    torn = [path for path, one in found.items() if not isinstance(one, Mapping)]
    yield from ((path, "lineage: is no JSON that can be read") for path in torn)
    for id, fault in faults_of_chain([one for one in found.values() if isinstance(one, Mapping)]).items():
        for path in torn:
            # artifacts/2-training-run.json is training-run
            gone = path.rsplit("/", 1)[-1].removesuffix(".json").partition("-")[2]
            fault = fault.replace(f"{gone}, which is not there", f"{gone}, which cannot be read")
        yield paths.get(id, "artifacts"), f"lineage: {fault}"


def _outdated(held: _Folder, fresh: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the files that the same answers no longer give, give anew, or give with another text."""
    looked_at = {path for path in held.hashes if held.is_as_written(path)} | set(held.filled_in())
    changed = [path for path, text in fresh.items() if path in looked_at and sha256(text.encode()) != held.hashes[path]]
    found = [(path, f"outdated: {_reason(held.manifest)}") for path in changed]
    found += [(path, "missing: the same answers also give it today") for path in fresh if path not in held.hashes]
    return found + [(path, "the same answers give it no longer") for path in held.hashes if path not in fresh]


def _reason(manifest: Mapping[str, Any]) -> str:
    if manifest.get("program") != __version__:
        return "another version of the program wrote it"
    return "the same answers now lead to another text"


def _designed(folder: str, packs: Sequence[str]) -> Spec:
    source = source_of(os.path.join(folder, ANSWERS))
    listed = source.layer.values.get("packs", ())
    found = told(source, packs=[pack for pack in packs if not isinstance(listed, list) or pack not in listed])
    return design(found.knowledge, found.answers)
