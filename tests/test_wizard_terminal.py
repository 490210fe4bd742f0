"""The wizard as a person meets it: through a real pseudo-terminal, plain and with arrow keys."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.terminal import Terminal, terminal

if TYPE_CHECKING:
    from tests.conftest import Run

REQUIRED = ("", "Churn", "who leaves")


def values(folder: Path, name: str = "answers.toml") -> dict[str, Any]:
    return tomllib.loads((folder / name).read_text("utf-8"))


def to_the_end(at: Terminal) -> None:
    """Press Enter until the document is written."""
    while True:
        at.prompted()
        at.type("\r")
        if "write the document]" in at.text[at.seen - 40 : at.seen]:
            return


def repeated(screen: str, folder: Path) -> list[bytes]:
    """Run every command that the last screen shows for the same document, and return what they write."""
    lines = [line.strip() for line in screen.splitlines() if line.strip().startswith("mlworkflow generate ")]
    found = []
    for line in lines:
        words = shlex.split(line)[1:]
        if "-o" in words:
            words[words.index("-o") + 1] = "-"
        done = subprocess.run([sys.executable, "-m", "mlworkflow", *words], cwd=folder, capture_output=True, check=True)
        found.append(done.stdout)
    return found


# ------------------------------------------------------------------ arrow keys


def test_defaults_lead_to_a_document_and_both_commands_repeat_it(tmp_path: Path) -> None:
    with terminal("new", cwd=tmp_path) as at:
        at.answer("")
        at.answer(*REQUIRED)
        to_the_end(at)
        assert at.end() == 0
        screen = at.text
    document = (tmp_path / "answers.md").read_bytes()
    assert repeated(screen, tmp_path) == [document, document]
    assert values(tmp_path)["problem_type"] == "classification"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.md", "answers.toml"]


def test_back_shows_the_answer_and_another_one_replaces_it(tmp_path: Path) -> None:
    with terminal("new", cwd=tmp_path) as at:
        at.answer("", *REQUIRED)
        at.answer("<")
        at.expect("What is predicted", "Your answer: who leaves")
        at.answer("who stays")
        at.expect("Which decision does it drive")
    assert values(tmp_path)["target"] == "who stays"


def test_ctrl_c_keeps_the_answers_and_the_same_command_goes_on(tmp_path: Path) -> None:
    with terminal("new", cwd=tmp_path) as at:
        at.answer("", "", "Churn")
        at.prompted()
        at.type("\x03")
        at.expect("2 answers kept: mlworkflow new answers.toml")
        assert at.end() == 130
    with terminal("new", "answers.toml", cwd=tmp_path) as at:
        at.expect("answers.toml has 2 answers; going on there", "What is predicted")


@pytest.mark.parametrize("steps", [1, 3])
def test_ctrl_d_is_a_way_out_of_every_prompt(tmp_path: Path, steps: int) -> None:
    with terminal("new", cwd=tmp_path) as at:
        at.answer(*["", "", "Churn"][:steps])
        at.prompted()
        at.type("\x04")
        at.expect("mlworkflow new answers.toml")
        assert at.end() == 130


def test_escape_enter_is_no_answer(tmp_path: Path) -> None:
    with terminal("new", cwd=tmp_path) as at:
        at.answer("")
        at.prompted()
        at.type("\x1b\r")
        at.expect("That is no answer")
        at.answer("", "Churn")
        at.prompted()
        at.type("half\x1b\r")
        at.expect("That is no answer")
    assert set(values(tmp_path)) == {"schema", "problem_type", "name"}


def test_pasted_lines_are_one_answer_or_several_records(tmp_path: Path) -> None:
    with terminal("new", cwd=tmp_path) as at:
        at.answer("", "", "\x1b[200~Churn\nof customers\x1b[201~")
        at.expect("Line breaks became spaces.")
        at.answer("who leaves", *[""] * 5, "\x1b[200~orders:postgres\ncrm:mysql\x1b[201~")
        at.expect("2 added.")
    found = values(tmp_path)
    assert (found["name"], [one["name"] for one in found["sources"]]) == ("Churn of customers", ["orders", "crm"])


def test_a_tiny_terminal_loses_nothing(tmp_path: Path) -> None:
    with terminal("new", cwd=tmp_path) as at:
        at.prompted()
        at.resize(4, 12)
        at.type("\r")
        at.resize(2, 4)
        at.expect("problem")
        at.expect("> c")
        at.resize(24, 80)
        at.type("\r")
        at.expect("For example")
        at.type("\x03")
        at.expect("1 answer kept")
    assert values(tmp_path)["problem_type"] == "classification"


def test_standard_output_gets_the_document_and_nothing_else(tmp_path: Path) -> None:
    with (
        open(tmp_path / "spec.md", "wb") as out,
        terminal("new", "--from", "churn", cwd=tmp_path, stdout=out.fileno()) as at,
    ):
        at.expect("What kind of problem is it?")
        at.prompted()
        at.type(">")
        at.expect("Your answers:")
        at.answer("")
        assert at.end() == 0
    document = (tmp_path / "spec.md").read_bytes()
    assert b"\x1b" not in document
    assert b"What kind of problem" not in document
    assert [document] == repeated(at.text, tmp_path)[:1]


def test_what_was_answered_outlives_sigkill(tmp_path: Path) -> None:
    with terminal("new", cwd=tmp_path) as at:
        at.answer("", *REQUIRED)
        at.expect("Which decision does it drive")
        at.kill()
    assert values(tmp_path)["target"] == "who leaves"
    with terminal("new", cwd=tmp_path) as at:
        at.expect("answers.toml has 3 answers", "Which decision does it drive")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_with_their_code(tmp_path: Path, number: signal.Signals) -> None:
    with terminal("new", cwd=tmp_path) as at:
        at.answer("", "")
        at.prompted()
        at.process.send_signal(number)
        at.expect("1 answer kept")
        assert at.end() == 128 + number


# ------------------------------------------------------------------ plain lines


@pytest.mark.parametrize("how", [{"TERM": "dumb"}, {"ACCESSIBLE": "1"}, {"MLWORKFLOW_ACCESSIBLE": "1"}, {}])
def test_plain_lines_hold_no_escape_and_name_their_default(tmp_path: Path, how: dict[str, str]) -> None:
    with terminal("new", *([] if how else ["--plain"]), cwd=tmp_path, env=how) as at:
        at.answer("", "1", "Churn", "who leaves", "?", "!", "-")
        at.expect("Which business figure")
        at.prompted()
        assert "\x1b" not in at.raw
        at.type("\x03")
        assert at.end() == 130


def test_a_whole_plain_run_edits_in_the_table_and_repeats(tmp_path: Path) -> None:
    with terminal("new", "a.toml", "--plain", cwd=tmp_path) as at:
        at.answer("1", "classification", "Churn", "who leaves", "", "", "rules", "0.7", "60 days")
        at.answer("orders:postgres:1 day", "crm:postgres:1 dy", "edit 1", "owner=Order team", "", "")
        at.answer("age:orders:number", "", "trees", "2")
        at.answer("soon")
        at.expect("Not taken", "For example: 100ms")
        at.answer("0.2s")
        at.expect("Read as 200 ms.")
        at.answer("40/s", "", "", "aws", "3k EUR/month", "review", "project name", "Churn 2", "")
        at.expect("written: a.toml", "written: a.md", "Next:")
        assert at.end() == 0
    found = values(tmp_path, "a.toml")
    assert (found["name"], found["latency_p99"], found["sources"][0]["owner"]) == ("Churn 2", "200ms", "Order team")
    document = (tmp_path / "a.md").read_bytes()
    assert repeated(at.text, tmp_path)[0] == document


def test_a_second_session_on_the_file_is_told(tmp_path: Path) -> None:
    with terminal("new", "--plain", cwd=tmp_path) as first:
        first.prompted()
        with terminal("new", "--plain", cwd=tmp_path) as second:
            second.expect(f"another session is open on this file (process {first.process.pid})")
            assert second.end() == 4


# ------------------------------------------------------------------ nobody to ask


@pytest.mark.parametrize("words", [("new",), ("new", "--plain"), ("new", "--no-input")])
def test_without_a_terminal_it_never_starts(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    began = time.monotonic()
    done = run(*words, input="1\n" * 50, cwd=tmp_path)
    assert done.returncode == 2
    assert time.monotonic() - began < 10
    for part in ("--name", "--problem-type", "--target", "mlworkflow generate", "answers.toml"):
        assert part in done.stderr
    assert done.stdout == ""
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("words", "env"), [((), {"CI": "1"}), ((), {"MLWORKFLOW_NO_INPUT": "1"}), (("--no-input",), {})]
)
def test_a_terminal_alone_is_no_leave_to_ask(tmp_path: Path, words: tuple[str, ...], env: dict[str, str]) -> None:
    with terminal("new", *words, cwd=tmp_path, env=env) as at:
        at.expect("these answers are missing: --name")
        assert at.end() == 2


def test_the_wizard_keeps_to_toml(run: Run, tmp_path: Path) -> None:
    done = run("new", "answers.json", cwd=tmp_path)
    assert done.returncode == 2
    assert ".toml" in done.stderr


def test_what_is_not_understood_is_set_aside_and_said(tmp_path: Path) -> None:
    old = (
        'schema = 1\nname = "Churn" # ours\nproblem_typ = "ranking"\nproblem_type = "classification"\n'
        'latency_p50 = "200ms"\nlatency_p99 = "50ms"\n[[sources]]\nname = "orders"\nkynd = "postgres"\n'
    )
    (tmp_path / "answers.toml").write_text(old, "utf-8")
    with terminal("new", "--plain", cwd=tmp_path) as at:
        at.expect("Set aside in the file", "answers.toml:3", "problem_typ", "kynd", "What is predicted")
        at.answer("who leaves")
        at.prompted()
        at.type("\x03")
        assert at.end() == 130
    text = (tmp_path / "answers.toml").read_text("utf-8")
    for line in ('problem_typ = "ranking"', 'latency_p99 = "50ms"', 'kynd = "postgres"'):
        assert f"# not taken: {line}\n" in text
    assert 'name = "Churn" # ours\n' in text
    assert values(tmp_path)["target"] == "who leaves"


def test_a_file_of_which_nothing_is_understood_is_begun_anew_below_its_remarks(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text('name = 3\nteam_size = "two"\n', "utf-8")
    with terminal("new", "b.toml", "--plain", cwd=tmp_path) as at:
        at.expect("Set aside in the file", "b.toml:1", "b.toml:2")
        at.answer("regression")
        at.prompted()
        at.type("\x03")
        assert at.end() == 130
    text = (tmp_path / "b.toml").read_text("utf-8")
    assert text.startswith('# not taken: name = 3\n# not taken: team_size = "two"\n')
    assert values(tmp_path, "b.toml") == {"schema": 1, "problem_type": "regression"}


def test_a_file_that_is_no_toml_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text('name = "Churn\n', "utf-8")
    with terminal("new", cwd=tmp_path) as at:
        at.expect("error: answers.toml:1")
        assert at.end() == 3
    assert (tmp_path / "answers.toml").read_text("utf-8") == 'name = "Churn\n'


def test_what_somebody_else_wrote_meanwhile_is_kept(tmp_path: Path) -> None:
    with terminal("new", "--plain", cwd=tmp_path) as at:
        at.answer("", "1")
        at.expect("What is the project called")
        with (tmp_path / "answers.toml").open("a", encoding="utf-8") as file:
            file.write('cloud = "aws"\n')
        at.answer("Churn")
        at.expect("changed")
        assert at.end() == 4
    assert values(tmp_path)["cloud"] == "aws"


def test_without_colour_the_words_are_the_same(tmp_path: Path) -> None:
    shown = []
    for name, env in (("colour", {}), ("none", {"NO_COLOR": "1"})):
        (tmp_path / name).mkdir()
        with terminal("new", cwd=tmp_path / name, env=env) as at:
            at.answer("", *REQUIRED)
            to_the_end(at)
            assert at.end() == 0
            shown.append(at)
    assert [re.search(r"\x1b\[[0-9;]*(?:3[0-8]|9[0-7])[;m]", one.raw) is not None for one in shown] == [True, False]
    written = [one.text[one.text.rindex("written: answers.toml") :] for one in shown]
    assert written[0] == written[1]
