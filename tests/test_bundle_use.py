"""What a newcomer stumbles over in a bundle: Python in it, units, and files that contradict each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mlworkflow.gates import gates_of
from tests import helpers
from tests.test_bundle_parts import ALL, design, files

if TYPE_CHECKING:
    from tests.conftest import Run


@pytest.mark.parametrize("name", ALL)
def test_no_file_holds_what_only_python_reads(name: str | int) -> None:
    for path, text in files(name).items():
        for sign in ("Sentence(", "template=", "Md(", " object at 0x"):
            assert sign not in text, (path, sign)


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_no_json_view_holds_what_only_python_reads(main: Run, name: str) -> None:
    answers = str(helpers.ROOT / "examples" / name / "answers.toml")
    for words in (("show", "artifacts", answers, "--format", "json"), ("generate", answers, "--format", "json")):
        done = main(*words)
        assert done.returncode == 0, done.stderr
        assert "Sentence(" not in done.stdout


# ------------------------------------------------------------------ units


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_a_limit_on_the_sheet_is_the_number_that_passes_when_it_is_written_bare(name: str) -> None:
    sheet = files(name)["gates.toml"]
    assert '"20 s"' in sheet
    seen = 0
    for gate in gates_of(design(name)):
        if gate.limit is None or gate.measure.kind not in ("duration", "rate") or gate.op == "in":
            continue
        line = next(line for line in sheet.splitlines() if line.startswith(f"{gate.key} = "))
        written = re.search(r"wanted [≤≥] ([\d.e+-]+) ", line)
        assert written is not None, line
        seen += 1
        other = [one for one in gates_of(design(name)) if one.key == gate.key]
        assert any(one.holds(one.measure.shown(written[1])) and one.limit == float(written[1]) for one in other), line
    assert seen
