"""`generate`: from answers to a document, in its formats, and never over somebody's work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mlworkflow.documents.data import is_untouched

if TYPE_CHECKING:
    from tests.conftest import Run


def test_a_document_goes_to_standard_output_and_nothing_else_does(run: Run, churn: Path) -> None:
    done = run("generate", str(churn))
    assert done.returncode == 0
    assert done.stdout.startswith("# ")
    assert done.stderr == ""


def test_without_any_answer_the_way_in_is_shown(main: Run) -> None:
    done = main("generate")
    assert done.returncode == 2
    assert "mlworkflow generate answers.toml" in done.stderr
    assert "--problem-type" in done.stderr


def test_what_is_missing_is_named_as_flag_and_as_line(main: Run) -> None:
    done = main("generate", "--team-size", "4")
    assert done.returncode == 2
    for wanted in ("--name", "--problem-type", "--target", "problem_type = ", "target = "):
        assert wanted in done.stderr


def test_flags_alone_are_enough(main: Run) -> None:
    done = main("generate", "--name", "Tiny", "--problem-type", "regression", "--target", "price")
    assert done.returncode == 0
    assert "Tiny" in done.stdout


def test_a_document_gives_the_same_document(main: Run, document: str, tmp_path: Path) -> None:
    page = tmp_path / "spec.md"
    page.write_text(document, "utf-8")
    assert main("generate", str(page)).stdout == document


def test_standard_input_gives_the_same_document(run: Run, churn: Path, document: str) -> None:
    assert run("generate", "-", input=churn.read_bytes()).stdout == document
    assert run("generate", "-", input=document).stdout == document


# ------------------------------------------------------------------ writing a file


def test_a_file_of_ours_is_replaced_and_says_so_once(main: Run, churn: Path, tmp_path: Path) -> None:
    page = tmp_path / "spec.md"
    assert main("generate", str(churn), "-o", str(page)).stderr == f"written: {page}\n"
    assert main("generate", str(churn), "-o", str(page)).stderr == f"unchanged: {page}\n"
    assert main("generate", str(churn), "--team-size", "2", "-o", str(page)).stderr == f"written: {page}\n"


@pytest.mark.parametrize("text", ["edited", "my own notes\n", "# Other\n\ncafé \x1b[2J\n"])
def test_work_of_a_person_is_not_overwritten(main: Run, churn: Path, document: str, tmp_path: Path, text: str) -> None:
    page = tmp_path / "spec.md"
    before = document.replace("# ", "# My ", 1) if text == "edited" else text
    page.write_text(before, "utf-8")
    done = main("generate", str(churn), "-o", str(page))
    assert done.returncode == 4
    assert page.read_text("utf-8") == before
    assert "--force overwrites it" in done.stderr
    assert "+++ generated" in done.stderr
    assert "\x1b" not in done.stderr
    assert len(done.stderr.splitlines()) < 50
    assert main("generate", str(churn), "-o", str(page), "--force").returncode == 0
    assert page.read_text("utf-8") == document


def test_an_empty_file_is_filled(main: Run, churn: Path, tmp_path: Path) -> None:
    page = tmp_path / "spec.md"
    page.touch()
    assert main("generate", str(churn), "-o", str(page)).returncode == 0


def test_data_of_ours_is_replaced_and_edited_data_is_not(main: Run, churn: Path, tmp_path: Path) -> None:
    page = tmp_path / "spec.json"
    arguments = ("generate", str(churn), "--format", "json", "-o", str(page))
    assert main(*arguments).returncode == 0
    assert is_untouched(page.read_text("utf-8"))
    assert main(*arguments, "--top-k", "900").returncode == 0
    page.write_text(page.read_text("utf-8").replace('"chosen": "airflow"', '"chosen": "argo"'), "utf-8")
    assert main(*arguments).returncode == 4


# ------------------------------------------------------------------ data and --strict


def test_the_data_is_whole_and_says_the_same_for_file_and_flags(main: Run, churn: Path) -> None:
    from mlworkflow.answers import to_argv
    from mlworkflow.cli.source import source_of
    from mlworkflow.cli.told import told

    found = told(source_of(str(churn)))
    text = main("generate", str(churn), "--format", "json").stdout
    assert main("generate", "--format", "json", *to_argv(found.knowledge, found.answers)).stdout == text
    data = json.loads(text)
    assert (data["schema"], data["profile"], data["name"]) == (1, "ml-workflow", "Customer Churn Prediction")
    for verdict in data["verdicts"]:
        assert not verdict["applies"] or (verdict["chosen"] and verdict["because"] and verdict["row"])
    assert {answer["source"] for answer in data["answers"]} <= {"given", "assumed", "not sure"}
    assert "NaN" not in text
    assert "Infinity" not in text


def test_strict_writes_the_document_and_then_says_what_blocks(main: Run, churn: Path, tmp_path: Path) -> None:
    page = tmp_path / "spec.md"
    slow = ("generate", str(churn), "--service-time", "2s", "-o", str(page))
    assert main(*slow).returncode == 0
    page.unlink()
    done = main(*slow, "--strict")
    assert done.returncode == 1
    assert "found: finding:latency-below-service-time: " in done.stderr
    assert main("check", str(page)).returncode == 0
    assert main("generate", str(churn), "--strict").returncode == 0


def test_a_conflict_names_every_option_and_is_found_by_strict(churn: Path) -> None:
    from dataclasses import replace

    from mlworkflow.cli.explain import _designed
    from mlworkflow.cli.generate import refuse_what_blocks
    from mlworkflow.errors import CheckFound

    spec = _designed(str(churn), [], [])
    verdict = replace(spec.by_id["feature-store"], chosen=None)
    with pytest.raises(CheckFound) as found:
        refuse_what_blocks(replace(spec, verdicts=(verdict,), clauses=()))
    text = str(found.value)
    assert "no option is left" in text
    assert "online-store: " in text
    assert "mlworkflow explain ANSWERS 'feature-store'" in text


def test_a_decision_of_a_person_wins_and_is_kept(main: Run, churn: Path) -> None:
    done = main(
        "generate",
        str(churn),
        "--format",
        "json",
        "--decide",
        "orchestration=argo-workflows: the platform team asks for it",
    )
    verdict = next(one for one in json.loads(done.stdout)["verdicts"] if one["decision"] == "orchestration")
    assert verdict["chosen"] == "argo-workflows"
    assert verdict["overruled"]["instead_of"] == "airflow"
    assert verdict["overruled"]["reason"] == "the platform team asks for it"


# ------------------------------------------------------------------ packs


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "acme"
    (folder / "decisions").mkdir(parents=True)
    (folder / "order.toml").write_text('order = ["promotion"]\n', "utf-8")
    (folder / "decisions" / "promotion.toml").write_text(
        '[[prefers]]\nid = "house-standard"\noption = "independent-review"\nbecause = "Acme wants one"\n',
        "utf-8",
    )
    (folder / "questions.toml").write_text(
        '[[question]]\nid = "cost_centre"\nasks = "Who pays?"\nlabel = "cost centre"\nkind = "text"\n', "utf-8"
    )
    return folder


def test_a_pack_by_flag_decides_and_is_recorded_as_typed(main: Run, churn: Path, pack: Path, tmp_path: Path) -> None:
    page = tmp_path / "spec.md"
    done = main("generate", str(churn), "--pack", str(pack), "--set", "cost_centre=4711", "-o", str(page))
    assert done.returncode == 0, done.stderr
    assert f'packs = ["{pack}"]' in page.read_text("utf-8")
    assert main("check", str(page)).returncode == 0
    assert main("check", str(page), "--pack", str(pack)).returncode == 0
    assert "[acme:house-standard]" in main("explain", str(page), "promotion").stdout


def test_a_pack_in_the_answers_is_seen_from_their_folder(
    main: Run, churn: Path, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "answers").mkdir()
    answers = tmp_path / "answers" / "answers.toml"
    answers.write_text('packs = ["../acme"]\ncost_centre = "4711"\n' + churn.read_text("utf-8"), "utf-8")
    monkeypatch.chdir("/")
    assert "[acme:house-standard]" in main("explain", str(answers), "promotion").stdout
    assert main("generate", str(answers), "--pack", str(pack)).returncode == 0


def test_a_question_of_a_pack_that_is_not_stacked_is_unknown(main: Run, churn: Path) -> None:
    done = main("generate", str(churn), "--set", "cost_centre=4711")
    assert done.returncode == 3
    assert "--set cost_centre" in done.stderr


def test_a_pack_that_is_not_there_is_named(main: Run, churn: Path) -> None:
    done = main("generate", str(churn), "--pack", "nowhere")
    assert done.returncode == 5
    assert "nowhere" in done.stderr
