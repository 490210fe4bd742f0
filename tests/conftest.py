"""What several tests need: the program as a process of its own, and the example's document."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

# A slow machine is no fault of the program: speed is measured in benchmarks/, and no test may fail on it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

Run = Callable[..., subprocess.CompletedProcess[str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes the documents of the examples anew."""
    parser.addoption("--rewrite", action="store_true", help="write the documents of the examples anew")


def _run(
    *args: str,
    input: bytes | str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
    python: tuple[str, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """Run the program and return its exit code with what it wrote, read as UTF-8."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MLWORKFLOW_")}
    done = subprocess.run(
        [sys.executable, *python, "-m", "mlworkflow", *args],
        input=input.encode("utf-8") if isinstance(input, str) else input,
        stdin=subprocess.DEVNULL if input is None else None,
        capture_output=True,
        env={**clean, **(env or {})},
        cwd=cwd,
        timeout=60,
        check=False,
    )
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


@pytest.fixture(scope="session")
def run() -> Run:
    """The program: arguments in, exit code and texts out."""
    return _run


@pytest.fixture(scope="session")
def churn() -> Path:
    """The answers of the first example."""
    return Path(__file__).parent.parent / "examples" / "churn" / "answers.toml"


@pytest.fixture(scope="session")
def document(churn: Path) -> str:
    """The document that the first example leads to."""
    done = _run("generate", str(churn))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def main(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """The program within this process: the same words in, the same texts out, without the start-up."""
    from mlworkflow.cli import main

    def call(*args: str) -> subprocess.CompletedProcess[str]:
        code = main(list(args))
        out, err = capfdbinary.readouterr()
        return subprocess.CompletedProcess(args, code, out.decode("utf-8"), err.decode("utf-8"))

    return call
