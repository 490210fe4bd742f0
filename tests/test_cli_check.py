"""`check`: equal or not, and why not; a pack sound or not. It never writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mlworkflow.documents.sealing import sealed
from tests import helpers

if TYPE_CHECKING:
    from tests.conftest import Run


@pytest.fixture
def page(document: str, tmp_path: Path) -> Path:
    path = tmp_path / "spec.md"
    path.write_text(document, "utf-8")
    return path


def test_a_fresh_document_is_up_to_date(main: Run, run: Run, page: Path, document: str) -> None:
    before = page.stat().st_mtime_ns
    done = main("check", str(page))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"up to date: {page}\n")
    assert page.stat().st_mtime_ns == before
    assert page.read_text("utf-8") == document
    assert run("check", "-", input=document).returncode == 0


def test_the_environment_does_not_reach_a_check(run: Run, page: Path) -> None:
    assert run("check", str(page), env={"MLWORKFLOW_TEAM_SIZE": "50"}).returncode == 0


def body(document: str) -> str:
    return document[: document.rindex("Written by mlworkflow")]


def test_an_edited_document_is_called_edited(main: Run, page: Path, document: str) -> None:
    page.write_text(document.replace("# ", "# Our ", 1), "utf-8")
    done = main("check", str(page))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-2].startswith(f"found: {page}: edited")
    assert any(line.startswith("-# Our ") for line in done.stderr.splitlines())
    assert page.read_text("utf-8") != document


def test_edited_answers_are_called_edited_even_when_they_are_wrong(main: Run, page: Path, document: str) -> None:
    page.write_text(document.replace('gpu = "none"', 'gpu = "nil"'), "utf-8")
    done = main("check", str(page))
    assert done.returncode == 1
    assert "edited" in done.stderr
    assert "`gpu`" in done.stderr


def test_line_ends_of_windows_are_no_difference(main: Run, page: Path, churn: Path, document: str) -> None:
    data = document.replace("\n", "\r\n").encode()
    page.write_bytes(data)
    assert main("check", str(page)).returncode == 0
    done = main("generate", str(churn), "-o", str(page))
    assert (done.returncode, done.stderr, page.read_bytes()) == (0, f"unchanged: {page}\n", data)
    assert main("generate", str(churn), "-o", str(page), "--name", "Other").returncode == 0
    assert page.read_text("utf-8").startswith("# ML Workflow: Other")


def test_a_document_of_another_version_is_told_apart(main: Run, page: Path, document: str) -> None:
    page.write_text(sealed(body(document).replace("# ", "# Old ", 1), "0.0.9", "2026-01-01"), "utf-8")
    done = main("check", str(page))
    assert done.returncode == 1
    assert f"{page}: program" in done.stderr
    assert f"mlworkflow generate {page} -o {page}" in done.stderr


def test_knowledge_that_moved_is_told_apart(main: Run, page: Path, document: str) -> None:
    from mlworkflow import __version__
    from mlworkflow.pack import load

    page.write_text(sealed(body(document).replace("# ", "# Old ", 1), __version__, load().catalog_date), "utf-8")
    done = main("check", str(page))
    assert done.returncode == 1
    assert f"{page}: knowledge" in done.stderr


def test_what_is_not_ours_is_refused(main: Run, page: Path, document: str, churn: Path) -> None:
    page.write_text("# Something\n\nelse\n", "utf-8")
    assert main("check", str(page)).returncode == 3
    page.write_text(body(document), "utf-8")
    assert main("check", str(page)).returncode == 3
    assert main("check", str(churn)).returncode == 3
    assert main("check", str(page.parent / "none.md")).returncode == 5


def test_the_fix_that_check_names_works(main: Run, page: Path, document: str) -> None:
    page.write_text(sealed(body(document).replace("# ", "# Old ", 1), "0.0.9", "2026-01-01"), "utf-8")
    assert main("generate", str(page), "-o", str(page)).returncode == 0
    assert page.read_text("utf-8") == document
    assert main("check", str(page)).returncode == 0


# ------------------------------------------------------------------ packs


def test_a_sound_pack_says_what_it_holds(main: Run, tmp_path: Path) -> None:
    (tmp_path / "questions.toml").write_text(
        '[[question]]\nid = "cost_centre"\nasks = "Who pays?"\nlabel = "cost centre"\nkind = "text"\n', "utf-8"
    )
    done = main("check", str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"sound: {tmp_path} (1 questions)\n"


def test_a_bad_pack_names_every_mistake(main: Run, tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "order.toml").write_text('order = ["promotion"]\n', "utf-8")
    (tmp_path / "decisions" / "promotion.toml").write_text(
        '[[prefers]]\nid = "one"\nwhen = "team_siez > 2"\noption = "nobody"\nbecause = "b"\n'
        '[[prefers]]\nid = "two"\nwhen = "gpu == \'many\'"\noption = "second-person"\nbecause = "b"\n',
        "utf-8",
    )
    done = main("check", str(tmp_path))
    assert done.returncode == 3
    for mistake in ("team_siez", "many", "nobody"):
        assert mistake in done.stderr


def test_an_empty_folder_is_no_pack(main: Run, tmp_path: Path) -> None:
    assert main("check", str(tmp_path)).returncode == 3


def test_our_own_knowledge_is_a_sound_pack(main: Run) -> None:
    done = main("check", str(helpers.ROOT / "mlworkflow" / "knowledge"))
    assert (done.returncode, done.stderr[:7]) == (0, "sound: ")
