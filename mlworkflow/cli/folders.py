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
from mlworkflow.bundle.whole import IS_A_BUNDLE, MANIFEST, hashes, is_safe, sha256, whole
from mlworkflow.cli.bundling import ANSWERS, UNFINISHED, inside
from mlworkflow.cli.ending import say
from mlworkflow.cli.source import source_of
from mlworkflow.cli.told import told
from mlworkflow.designing import Spec, design
from mlworkflow.documents.data import is_untouched
from mlworkflow.documents.escape import visible
from mlworkflow.errors import CheckFound, InputRefused, MlworkflowError, Problem
from mlworkflow.reading import read_bytes


def check_bundle(folder: str, packs: Sequence[str]) -> None:
    """Say that the folder is what its answers give, or raise with one problem for each thing that is not."""
    manifest, text = _manifest(folder)
    held = _Folder(folder, manifest)
    problems = [*_of_manifest(manifest, text), *held.problems(), *_of_chain(held)]
    if filled := held.filled_in():
        say("\n".join(f"filled in: {visible(os.path.join(folder, path))}" for path in filled))
    if held.is_as_written(ANSWERS):
        problems += _outdated(held, packs)
    if problems:
        _refuse(folder, problems, manifest, packs)
    say(f"up to date: {visible(folder)} ({len(held.hashes)} files, {len(held.artifacts())} artifacts)")


def _refuse(folder: str, found: Sequence[tuple[str, str]], manifest: Mapping[str, Any], packs: Sequence[str]) -> None:
    problems = [Problem(os.path.join(folder, path) if path else folder, what) for path, what in found]
    more = "".join(f" --pack {shlex.quote(pack)}" for pack in packs)
    fix = f"mlworkflow generate {shlex.quote(os.path.join(folder, ANSWERS))} --bundle {shlex.quote(folder)}{more}"
    last = problems[-1]
    error = CheckFound(problems[0].what)
    error.problems = (*problems[:-1], Problem(last.place, last.what, f"keep what is worth keeping, then {fix}"))
    raise error


def _manifest(folder: str) -> tuple[Mapping[str, Any], str]:
    place = os.path.join(folder, MANIFEST)
    text = read_bytes(place, None).decode("utf-8", "replace")
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
            return read_bytes(inside(self.folder, path), None)
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
    for id, fault in faults_of_chain(list(found.values())).items():
        yield paths.get(id, "artifacts"), f"lineage: {fault}"


def _outdated(held: _Folder, packs: Sequence[str]) -> list[tuple[str, str]]:
    """Return the files that the same answers no longer give, give anew, or give with another text."""
    try:
        fresh = {one.path: one.text.encode() for one in whole(_designed(held.folder, packs), packs)}
    except MlworkflowError as refused:
        return [(ANSWERS, f"cannot be designed today: {problem.what}") for problem in refused.problems]
    looked_at = {path for path in held.hashes if held.is_as_written(path)} | set(held.filled_in())
    changed = [path for path, data in fresh.items() if path in looked_at and sha256(data) != held.hashes[path]]
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
