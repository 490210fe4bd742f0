"""Folders of data become Knowledge: ours from its compiled file where that is fresh, others read and stacked on it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from mlworkflow.errors import Damaged
from mlworkflow.pack.knowledge import Knowledge, Raw

HERE = Path(__file__).parent.parent
OWN = HERE / "knowledge"
COMPILED = HERE / "compiled" / "knowledge.json"
INSTALLED = (HERE / "templates").is_dir()

__all__ = ["COMPILED", "OWN", "Knowledge", "Raw", "compiled_raw", "load", "own_raw"]


def load(packs: Sequence[str] = ()) -> Knowledge:
    """Return our own knowledge with the packs stacked on it, or report every mistake in them."""
    own = own_raw()
    if not packs:
        return Knowledge(own)
    from mlworkflow.pack.reading import read_pack
    from mlworkflow.pack.stacking import stacked

    return Knowledge(stacked(own, [read_pack(Path(pack)) for pack in packs]))


def own_raw() -> Raw:
    """Return the first pack, from its compiled file where that is fresh."""
    if INSTALLED:
        return _installed()
    stamp = source_stamp(OWN)
    try:
        with open(COMPILED, "rb") as file:
            raw: Raw = json.load(file)
        if raw.pop("stamp") == stamp:
            return raw
    except (ValueError, KeyError, OSError):
        pass  # missing or torn: it is made again from its folder
    raw = compiled_raw()
    _keep({**raw, "stamp": stamp})
    return raw


def _installed() -> Raw:
    """Return what was compiled when the wheel was built; nothing else is looked at."""
    try:
        with open(COMPILED, "rb") as file:
            raw: Raw = json.load(file)
        raw.pop("stamp")
    except (ValueError, KeyError, OSError) as error:
        raise Damaged(f"the installed knowledge cannot be read ({error})", fix="install mlworkflow again") from error
    return raw


def compiled_raw() -> Raw:
    """Return the first pack, read from its folder and checked."""
    from mlworkflow.pack.reading import read_pack
    from mlworkflow.pack.stacking import stacked

    nothing: Raw = {
        "questions": [],
        "decisions": [],
        "clauses": [],
        "prices": [],
        "packs": [],
        "roles": [],
        "stages": [],
        "archetypes": [],
    }
    return stacked({**nothing, "tools": {}, "vocabulary": {}, "every_tool": {}}, [read_pack(OWN, own=True)])


def source_stamp(folder: Path) -> str:
    """Return what changes whenever a file of the folder, or the code that reads it, changes."""
    newest, count, size = 0, 0, 0
    for path, _, files in os.walk(folder):
        for file in files:
            if file.endswith(".toml"):
                found = os.stat(os.path.join(path, file))
                newest, count, size = max(newest, found.st_mtime_ns), count + 1, size + found.st_size
    folders = ("pack", "facts", "figures")
    code = [
        HERE / "archetype.py",
        HERE / "condition.py",
        HERE / "price.py",
        *(path for one in folders for path in (HERE / one).glob("*.py")),
    ]
    return f"{newest}-{count}-{size}-{max(os.stat(path).st_mtime_ns for path in code)}"


def _keep(raw: Raw) -> None:
    """Write the compiled file if its place can be written; a checkout without it only starts slower."""
    part = COMPILED.with_name(f".knowledge-{os.getpid()}.tmp")
    try:
        COMPILED.parent.mkdir(exist_ok=True)
        part.write_text(json.dumps(raw, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        os.replace(part, COMPILED)
    except OSError:
        part.unlink(missing_ok=True)
