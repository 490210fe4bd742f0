"""The README: every command in it runs and shows what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import terminal

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(
    r"^```console\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
INTERVIEW = re.findall(
    r"^```text\n\$ mlworkflow new --plain\n(.*?)^```$",
    (ROOT / "README.md").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)
SESSIONS = [block for block in BLOCKS if block.startswith("$ ")]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder that looks like a fresh clone, with the command on its path."""
    for name in ("examples", "tests/packs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    command = tmp_path / "bin" / "mlworkflow"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mlworkflow "$@"\n')
    command.chmod(0o755)
    return tmp_path


def steps(block: str) -> list[tuple[str, list[str]]]:
    """Return each command of a block with the lines that it shows."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def pattern(lines: list[str]) -> str:
    """Return what the output must look like; `...` stands for anything."""
    return r"\s*" + r"\n".join(re.escape(line).replace(r"\.\.\.", r"[\s\S]*?") for line in lines) + r"\s*"


@pytest.mark.parametrize("block", SESSIONS, ids=lambda block: block.splitlines()[0][2:50])
def test_a_command_shows_what_the_readme_says(block: str, place: Path) -> None:
    environment = {**os.environ, "PATH": f"{place / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    for command, shown in steps(block):
        done = subprocess.run(
            command, shell=True, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert re.fullmatch(pattern(shown), done.stdout), done.stdout


def test_the_readme_shows_sessions() -> None:
    assert len(SESSIONS) >= 6


def test_the_interview_is_as_the_readme_shows_it(tmp_path: Path) -> None:
    typed = ("Late Parcels", "late: delivered after the promised day", "whom to warn tomorrow", "", ">", "")
    with terminal("new", "--plain", cwd=tmp_path) as at:
        at.answer("1", "classification", *typed)
        assert at.end() == 0
    shown = "\n".join(line.rstrip() for line in at.text.splitlines())
    (block,) = INTERVIEW
    assert re.fullmatch(pattern(block.splitlines()), shown), shown
