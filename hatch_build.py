"""Puts into the wheel what a checkout makes on its own: checked knowledge and compiled templates."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Seals the knowledge and the templates of a wheel; an editable install needs neither."""

    folder: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add our files to a standard wheel."""
        if version != "standard":
            return
        self.folder = Path(tempfile.mkdtemp(prefix="mlworkflow-"))
        include = build_data["force_include"]
        include[str(Path(self.root) / "templates")] = "mlworkflow/templates"
        for file in sorted((Path(self.root) / "examples").glob("*/answers.toml")):
            include[str(file)] = f"mlworkflow/examples/{file.parent.name}/answers.toml"
        for file in _sealed(Path(self.root), self.folder):
            include[str(file)] = f"mlworkflow/compiled/{file.relative_to(self.folder).as_posix()}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was only made to be packed."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def _sealed(root: Path, folder: Path) -> list[Path]:
    """Write the compiled knowledge and templates into the folder, and return the files."""
    sys.path.insert(0, str(root))
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        from mlworkflow.documents.loading import compile_into
        from mlworkflow.pack import compiled_raw

        knowledge = json.dumps({**compiled_raw(), "stamp": "sealed"}, ensure_ascii=False, separators=(",", ":"))
        (folder / "knowledge.json").write_text(knowledge, encoding="utf-8")
        (folder / "templates").mkdir()
        modules = compile_into(folder / "templates")
    finally:
        sys.dont_write_bytecode = writes
        sys.path.remove(str(root))
    return [folder / "knowledge.json", *(folder / "templates" / name for name in modules)]
