"""The wheel holds all that the program needs, and writes the very bytes that a checkout writes."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "churn" / "answers.toml"
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "MLWORKFLOW_"))}

pytestmark = pytest.mark.slow


def run(*words: str | Path, folder: Path) -> bytes:
    """Run a program in a folder and return what it wrote on standard output."""
    done = subprocess.run([str(word) for word in words], cwd=folder, env=ENVIRONMENT, capture_output=True)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # What is here already need not be fetched again.
    here = all(importlib.util.find_spec(name) for name in ("hatchling", "jinja2", "pydantic"))
    isolation = ("--no-build-isolation",) if here else ()
    run(sys.executable, "-m", "pip", "wheel", ROOT, "--no-deps", *isolation, "--wheel-dir", folder, folder=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    return zipfile.ZipFile(wheel).namelist()


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of programs of a new environment that has the wheel."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    run(programs / "python", "-m", "pip", "install", wheel, folder=folder)
    return programs


def test_the_wheel_holds_templates_and_compiled_knowledge(names: list[str]) -> None:
    assert "mlworkflow/compiled/knowledge.json" in names
    for path in sorted((ROOT / "templates").rglob("*.j2")):
        assert f"mlworkflow/templates/{path.relative_to(ROOT / 'templates').as_posix()}" in names
    for path in sorted((ROOT / "examples").glob("*/answers.toml")):
        assert f"mlworkflow/examples/{path.parent.name}/answers.toml" in names
    templates = sum(1 for _ in (ROOT / "templates").rglob("*.md.j2"))
    assert sum(name.startswith("mlworkflow/compiled/templates/") for name in names) == templates


def test_the_wheel_holds_nothing_that_is_ours_alone(names: list[str]) -> None:
    outside = [name for name in names if not name.startswith(("mlworkflow/", "mlworkflow_design-"))]
    assert outside == []
    unwanted = ("/__pycache__/", "/tests/", "/test_", "/conftest", "/templates-cache/")
    assert [name for name in names if any(part in f"/{name}" for part in unwanted)] == []


def test_two_builds_give_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    run(sys.executable, "-m", "pip", "wheel", ROOT, "--no-deps", "--no-build-isolation", "-w", again, folder=tmp_path)
    assert next(again.glob("*.whl")).read_bytes() == wheel.read_bytes()


def test_an_installed_program_writes_what_the_checkout_writes(installed: Path, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    written = run(installed / "mlworkflow", "generate", EXAMPLE.name, folder=tmp_path)
    from_checkout = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from mlworkflow.cli import main; sys.exit(main())"
    assert written == run(sys.executable, "-c", from_checkout, "generate", EXAMPLE.name, folder=tmp_path)
    assert written.startswith(b"# ")
    assert [path.name for path in tmp_path.iterdir()] == [EXAMPLE.name]


def test_an_installed_program_compiles_no_template_and_reads_no_knowledge_file(installed: Path, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    watched = """
import sys
opened = []
sys.addaudithook(lambda event, details: opened.append(str(details[0])) if event == "open" else None)
from mlworkflow.cli import main
assert main() == 0
print("\\n".join(name for name in opened if name.endswith((".j2", ".toml"))), file=sys.stderr)
"""
    words = [str(installed / "python"), "-c", watched, "generate", EXAMPLE.name]
    done = subprocess.run(words, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8")
    assert done.stderr.split() == [EXAMPLE.name]
