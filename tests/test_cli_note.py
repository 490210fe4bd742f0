"""`note`: one table more in the answers file, and every other byte as it was."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Run


@pytest.fixture
def answers(churn: Path, tmp_path: Path) -> Path:
    path = tmp_path / "answers.toml"
    path.write_bytes(churn.read_bytes())
    return path


def test_a_note_is_added_at_the_end_and_nothing_else_changes(main: Run, answers: Path) -> None:
    before = answers.read_bytes()
    done = main("note", str(answers), 'legal said "no"', "--date", "2026-11-21")
    assert done.returncode == 0
    assert str(answers) in done.stderr
    after = answers.read_bytes()
    assert after.startswith(before)
    added = after[len(before) :].decode()
    assert 'on = "2026-11-21"' in added
    assert 'text = "legal said \\"no\\""' in added
    assert "feature-store=none; " in added
    assert main("note", str(answers), "a second one").returncode == 0
    assert answers.read_text("utf-8").count("[[notes]]") == 2
    assert main("generate", str(answers)).returncode == 0
    assert os.listdir(answers.parent) == ["answers.toml"]


def test_the_document_says_what_changed_since_the_note(main: Run, answers: Path) -> None:
    main("note", str(answers), "as agreed", "--date", "2026-11-21")
    same = main("generate", str(answers)).stdout
    changed = main("generate", str(answers), "--affects-people").stdout
    assert "as agreed" in same
    assert changed != same


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n# the end"])
def test_line_ends_and_the_end_of_the_file_are_kept(main: Run, answers: Path, end: bytes) -> None:
    before = b'# mine\r\nname = "x"\r\nproblem_type = "regression"\r\ntarget = "y"' + end.replace(b"\n", b"\r\n")
    answers.write_bytes(before)
    assert main("note", str(answers), "one").returncode == 0
    after = answers.read_bytes()
    assert after.startswith(before)
    assert b"\n" not in after.replace(b"\r\n", b"")


def test_a_json_file_gets_one_entry_more(main: Run, tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    data = {"name": "x", "problem_type": "regression", "target": "é"}
    path.write_text(json.dumps(data, indent=4, ensure_ascii=False), "utf-8")
    assert main("note", str(path), "one").returncode == 0
    assert main("note", str(path), "two").returncode == 0
    after = json.loads(path.read_text("utf-8"))
    assert [note["text"] for note in after.pop("notes")] == ["one", "two"]
    assert after == data
    assert '\n    "name"' in path.read_text("utf-8")


def test_what_cannot_take_a_note_is_left_alone(main: Run, answers: Path, document: str) -> None:
    for text in ('name = "x"\nnotes = []\n', 'name = "x"\nnotes = "none"\n', "name = \n"):
        answers.write_text(text, "utf-8")
        assert main("note", str(answers), "one").returncode == 3
        assert answers.read_text("utf-8") == text
    page = answers.parent / "spec.md"
    page.write_text(document, "utf-8")
    assert main("note", str(page), "one").returncode == 2
    assert page.read_text("utf-8") == document
    assert main("note", "-", "one").returncode == 2


@pytest.mark.parametrize(
    ("words", "code"), [(("a\x1b",), 3), ((" ",), 2), (("x", "--date", "soon"), 2), (("x", "--date", "2026-13-01"), 2)]
)
def test_a_bad_note_is_refused(main: Run, answers: Path, words: tuple[str, ...], code: int) -> None:
    before = answers.read_bytes()
    assert main("note", str(answers), *words).returncode == code
    assert answers.read_bytes() == before
