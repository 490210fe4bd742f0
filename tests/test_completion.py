"""What a shell gets when somebody presses TAB."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.conftest import Run

WORDS = [
    ("mlworkflow ge", ["generate"]),
    ("mlworkflow size ret", ["retraining"]),
    ("mlworkflow generate --false", ["--false-alarms-per-month"]),
    ("mlworkflow generate --problem-type re", ["recommendation", "regression"]),
    ("mlworkflow show release", ["release-path"]),
    ("mlworkflow size slo --obj", ["--objective"]),
]


@pytest.mark.parametrize(("line", "wanted"), WORDS)
def test_tab_completes_commands_options_and_values_that_are_known(line: str, wanted: list[str], run: Run) -> None:
    place = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    done = run(env={"_MLWORKFLOW_COMPLETE": "complete_bash", **place})
    assert (done.returncode, sorted(done.stdout.split()), done.stderr) == (0, wanted, "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="this machine has no bash")
def test_bash_takes_the_script(run: Run) -> None:
    script = run(env={"_MLWORKFLOW_COMPLETE": "source_bash"}).stdout
    asked = subprocess.run(
        ["bash", "-c", f"{script}\ncomplete -p mlworkflow"], capture_output=True, text=True, check=True, timeout=20
    )
    assert "-F _mlworkflow_completion mlworkflow" in asked.stdout
