"""Imports go downward only; what knows the terminal, templates, files, clocks or pydantic stands where it belongs."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests import helpers

PACKAGE = helpers.ROOT / "mlworkflow"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "compiled" not in path.parts)
LINT = "import sys; from importlinter import cli; sys.exit(cli.lint_imports(no_cache=True))"


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def test_imports_go_downward_only() -> None:
    done = linted(helpers.ROOT)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((helpers.ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    found: list[dict[str, Any]] = settings["contracts"]
    return found


@pytest.mark.parametrize("contract", [one["name"] for one in contracts()])
def test_a_contract_would_notice_what_it_forbids(contract: str, tmp_path: Path) -> None:
    """The same contracts over a small package in which one module imports what it must not."""
    chosen = next(one for one in contracts() if one["name"] == contract)
    package = tmp_path / "mlworkflow"
    layers = [name.strip() for layer in contracts()[0]["layers"] for name in layer.split("|")]
    for name in layers:
        (package / name).mkdir(parents=True)
        (package / name / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "facts" / "deeper.py").write_text(f"import {chosen.get('forbidden_modules', ['mlworkflow.world'])[0]}\n")
    lines = [f"{key} = {_written(value)}" for key, value in chosen.items()]
    settings = "[tool.importlinter]\nroot_package = 'mlworkflow'\ninclude_external_packages = true\n"
    (tmp_path / "pyproject.toml").write_text(settings + "[[tool.importlinter.contracts]]\n" + "\n".join(lines))
    done = linted(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "mlworkflow.facts.deeper" in done.stdout


def _written(value: Any) -> str:
    return "true" if value is True else repr(value)


# ------------------------------------------------------------------ what no import shows


def calls(path: Path) -> set[str]:
    """Return the dotted names that a module calls or reads."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call | ast.Attribute):
            found.add(ast.unparse(node.func if isinstance(node, ast.Call) else node))
    return found


def place(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


EDGES = ("cli/", "wizard/", "__main__.py")
OPEN_FILES = ("pack/", "reading", "documents/loading.py", "documents/rendering.py")


@pytest.mark.parametrize("path", [path for path in MODULES if not place(path).startswith(EDGES)], ids=place)
def test_nothing_below_cli_reads_a_clock_an_environment_or_a_file(path: Path) -> None:
    found = calls(path)
    clocks = {
        "datetime.date.today",
        "datetime.datetime.now",
        "date.today",
        "datetime.now",
        "time.time",
        "time.monotonic",
    }
    assert not found & (clocks | {"os.environ", "os.getenv", "print", "input", "sys.stdout", "sys.stderr", "sys.argv"})
    if not place(path).startswith(OPEN_FILES):
        assert not {
            one for one in found if one == "open" or one.endswith((".read_text", ".write_text", ".read_bytes", ".glob"))
        }


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_nothing_is_evaluated_or_unpickled(path: Path) -> None:
    forbidden = {"eval", "exec", "pickle.loads", "pickle.load", "yaml.load", "os.system", "subprocess.run"}
    if place(path) == "documents/loading.py":
        forbidden -= {"exec"}  # our own templates, compiled by jinja2 when the wheel was built
    assert not calls(path) & forbidden


def test_a_design_needs_no_template_no_validation_and_no_terminal() -> None:
    """What is not used is not paid for: reading fresh knowledge and designing imports none of the heavy packages."""
    helpers.knowledge()
    code = (
        "import sys; from mlworkflow.pack import load; from mlworkflow.answers import gather, Layer;"
        "from mlworkflow.designing import design;"
        "k = load(); values = {'name': 'x', 'problem_type': 'regression', 'target': 'y'};"
        "design(k, gather(k, [Layer('file', values, lambda *keys: '')]));"
        "print([m for m in ('jinja2', 'pydantic', 'typer', 'rich', 'questionary', 'tomllib') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=helpers.ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
