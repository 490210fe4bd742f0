"""Streams, signals, locales and surroundings: the right exit code, the right bytes, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Run

COMMAND = f"{sys.executable} -m mlworkflow"


def shell(script: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell; $M is the program."""
    env = {**os.environ, "M": COMMAND}
    return subprocess.run(["bash", "-c", script], cwd=cwd, env=env, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", ["generate {churn}", "questions", "--help", "schema"])
def test_a_full_device_is_an_error(churn: Path, tmp_path: Path, words: str, unbuffered: str) -> None:
    done = shell(f"PYTHONUNBUFFERED={unbuffered} $M {words.format(churn=churn)} > /dev/full", tmp_path)
    assert done.returncode == 5
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", ["generate {churn}", "explain {churn}", "generate --help"])
def test_a_reader_that_leaves_ends_the_run_in_silence(churn: Path, tmp_path: Path, words: str, unbuffered: str) -> None:
    script = f"PYTHONUNBUFFERED={unbuffered} $M {words.format(churn=churn)} | true; exit ${{PIPESTATUS[0]}}"
    done = shell(script, tmp_path)
    assert done.returncode == 141
    assert done.stderr == b""


def test_closed_streams_change_no_exit_code(churn: Path, tmp_path: Path) -> None:
    assert shell("$M --nope 2>&-", tmp_path).returncode == 2
    assert shell(f"$M generate {churn} --sevring batch 2>&-", tmp_path).returncode == 2
    assert shell(f"$M generate {churn} >&-", tmp_path).returncode == 5
    assert shell("$M generate - <&-", tmp_path).returncode == 2
    assert shell("$M --help 2>&-", tmp_path).returncode == 0


def test_with_every_stream_closed_the_file_is_whole(churn: Path, tmp_path: Path, document: str) -> None:
    assert shell(f"$M generate {churn} -o spec.md <&- >&- 2>&-", tmp_path).returncode == 0
    assert (tmp_path / "spec.md").read_text("utf-8") == document


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"},
        {"PYTHONHASHSEED": "2", "PYTHONUNBUFFERED": "1", "TMPDIR": "/nope", "HOME": "/nonexistent", "COLUMNS": "20"},
        {"NO_COLOR": "", "FORCE_COLOR": "1", "GITHUB_ACTIONS": "1", "TERM": "dumb"},
    ],
    ids=lambda env: "-".join(env),
)
def test_surroundings_change_no_byte(run: Run, churn: Path, document: str, env: dict[str, str]) -> None:
    done = run("generate", str(churn), env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, document, "")


@pytest.mark.parametrize("python", [("-W", "error"), ("-O",), ("-X", "dev", "-W", "error")], ids=" ".join)
def test_python_in_another_mood_changes_no_byte(run: Run, churn: Path, document: str, python: tuple[str, ...]) -> None:
    done = run("generate", str(churn), python=python)
    assert (done.returncode, done.stdout, done.stderr) == (0, document, "")


def test_no_home_is_needed(churn: Path, tmp_path: Path, document: str) -> None:
    assert shell(f"env -u HOME $M generate {churn}", tmp_path).stdout.decode() == document


def test_text_in_flags_is_utf8_in_every_locale(run: Run) -> None:
    words = ("generate", "--name", "Qualité", "--problem-type", "regression", "--target", "prix", "--format", "json")
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert run(*words, env=ascii_only).stdout == run(*words).stdout
    assert "Qualité" in run(*words, env=ascii_only).stdout


def test_a_message_with_other_letters_does_not_crash_in_ascii(run: Run) -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run("generate", "--name", "x", "--set", "gpü=1", env=env)
    assert done.returncode == 3
    assert "there is no question" in done.stderr


def test_a_name_of_odd_bytes_is_written(churn: Path, tmp_path: Path, document: str) -> None:
    done = shell(f"$M generate {churn} -o $'sp\\xffec.md'", tmp_path)
    assert done.returncode == 0
    assert (tmp_path / os.fsdecode(b"sp\xffec.md")).read_text("utf-8") == document
    assert done.stderr == b"written: sp\\udcffec.md\n"


def test_a_deleted_folder_stops_only_what_is_written_there(churn: Path, tmp_path: Path, document: str) -> None:
    script = "mkdir d; cd d; rmdir ../d; $M {}"
    assert shell(script.format(f"generate {churn}"), tmp_path).stdout.decode() == document
    assert shell(script.format(f"generate {churn} -o spec.md"), tmp_path).returncode == 5


def test_what_cannot_be_written_says_what_to_do(run: Run, churn: Path, tmp_path: Path) -> None:
    assert run("generate", str(churn), "-o", str(tmp_path)).returncode == 5
    done = run("generate", str(churn), "-o", str(tmp_path / "no" / "such" / "x.md"))
    assert done.returncode == 5
    assert "mkdir -p" in done.stderr


def test_a_pipe_or_a_device_is_refused_and_nothing_waits_for_it(run: Run, churn: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert run("generate", str(churn), "-o", str(tmp_path / "pipe")).returncode == 5
    assert run("generate", str(churn), "-o", "/dev/zero").returncode == 5


def test_a_link_stays_a_link(run: Run, churn: Path, tmp_path: Path, document: str) -> None:
    (tmp_path / "real.md").write_text(document, "utf-8")
    (tmp_path / "link.md").symlink_to("real.md")
    done = run("generate", str(churn), "--team-size", "2", "-o", "link.md", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text("utf-8") != document


def test_a_file_size_limit_keeps_the_old_file(churn: Path, tmp_path: Path, document: str) -> None:
    (tmp_path / "spec.md").write_text(document, "utf-8")
    script = f"(ulimit -f 4; trap '' XFSZ; PYTHONDONTWRITEBYTECODE=1 $M generate {churn} --team-size 2 -o spec.md)"
    assert shell(script, tmp_path).returncode == 5
    assert (tmp_path / "spec.md").read_text("utf-8") == document
    assert os.listdir(tmp_path) == ["spec.md"]


def test_few_descriptors_are_enough(churn: Path, tmp_path: Path) -> None:
    assert shell(f"(ulimit -n 10; $M generate {churn} -o spec.md)", tmp_path).returncode == 0


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_ends_the_run_with_its_code(tmp_path: Path, name: str, code: int) -> None:
    script = "import sys, time\nfrom mlworkflow.cli import ending\n"
    script += "def slow(words):\n    print('ready', flush=True)\n    time.sleep(30)\n    return 0\n"
    script += "sys.exit(ending.ended(slow, []))"
    running = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"ready\n"
    running.send_signal(getattr(signal, name))
    _, err = running.communicate(timeout=20)
    assert (running.returncode, err) == (code, b"interrupted\n")


def test_a_signal_while_writing_leaves_no_temporary_file(churn: Path, tmp_path: Path, document: str) -> None:
    (tmp_path / "spec.md").write_text(document, "utf-8")
    slow = "import os, time, sys\nfrom mlworkflow.cli import main, output\nreplace = os.replace\n"
    slow += "def wait(*a, **k):\n    print('ready', flush=True)\n    time.sleep(30)\nos.replace = wait\n"
    slow += f"sys.exit(main(['generate', {str(churn)!r}, '--team-size', '2', '-o', 'spec.md']))"
    running = subprocess.Popen(
        [sys.executable, "-c", slow], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"ready\n"
    assert len(os.listdir(tmp_path)) == 2
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=20)
    assert running.returncode == 143
    assert os.listdir(tmp_path) == ["spec.md"]
    assert (tmp_path / "spec.md").read_text("utf-8") == document


def test_a_bug_is_one_line_and_debug_shows_more(run: Run, tmp_path: Path) -> None:
    script = "import sys\nfrom mlworkflow.cli import ending\n"
    script += "def broken(words):\n    raise KeyError('x\\x1b[2J')\nsys.exit(ending.ended(broken, sys.argv[1:]))"
    for words, shows in (([], False), (["--debug"], True)):
        done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 70
        assert "internal error: KeyError" in done.stderr
        assert ("Traceback" in done.stderr) == shows
        assert "\x1b" not in done.stderr
    assert run("--debug", "--version").returncode == 0
    assert run("questions", "--debug").returncode == 0


def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    start = time.monotonic()
    done = shell("trap '' HUP; $M --version & kill -HUP $!; wait $!", tmp_path)
    assert done.stdout == b"mlworkflow 0.1.0\n"
    assert time.monotonic() - start < 30


# ------------------------------------------------------------------ help, version, start-up


def test_the_version_is_one_line(run: Run) -> None:
    assert run("--version").stdout == "mlworkflow 0.1.0\n"


def test_the_first_help_names_the_five_areas(run: Run) -> None:
    text = " ".join(run("--help").stdout.lower().split())
    for area in ("experiment tracking", "feature store", "training", "serving", "drift monitoring"):
        assert area in text
    assert "exit codes" in text
    assert "mlworkflow generate examples/churn/answers.toml" in text


def test_no_command_is_a_usage_error_that_names_them(run: Run) -> None:
    done = run()
    assert done.returncode == 2
    assert "generate" in done.stderr


def test_a_mistyped_flag_or_command_is_guessed(run: Run) -> None:
    assert "--latency-p99" in run("generate", "--latency-p9", "1s").stderr
    done = run("generat")
    assert (done.returncode, "generate" in done.stderr) == (2, True)
    assert run("generate", "--team-size").returncode == 2


@pytest.mark.parametrize(
    "words", [("--version",), ("--help",), ("generate", "{churn}"), ("explain", "{churn}", "drift")], ids=" ".join
)
def test_nothing_heavy_is_imported(churn: Path, words: tuple[str, ...]) -> None:
    asked = [word.format(churn=churn) for word in words]
    script = f"import sys\nfrom mlworkflow.cli import main\nmain({asked!r})\n"
    script += (
        "heavy = {'rich', 'questionary', 'pydantic', 'prompt_toolkit', 'scipy', 'pandas', 'numpy'} & set(sys.modules)\n"
    )
    script += "print(sorted(heavy), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr.strip().endswith("[]")
