"""Bad input: every mistake of a run is named with its place, and nothing of it reaches a terminal or a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Run

NEEDED = 'name = "x"\nproblem_type = "classification"\ntarget = "y"\n'


@pytest.fixture
def given(main: Run, tmp_path: Path) -> Run:
    """Generate from a text and perhaps some flags."""

    def call(text: str | bytes, *flags: str) -> object:
        file = tmp_path / "answers.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return main("generate", str(file), *flags)

    return call  # type: ignore[return-value]


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "expected a table of answers, got nothing"),
    "comments": ("# nothing here\n", "got nothing"),
    "a flag's name": (NEEDED + 'owner = "Ada"\n', "did you mean `document_owner`?"),
    "unknown key": (NEEDED + 'sevring = ["batch"]\n', "did you mean `serving`?"),
    "written twice": (NEEDED + 'name = "z"\n', "on line 1 and line 4"),
    "yaml": ("name: x\n", "YAML"),
    "deep": ("a = " + "[" * 5000, "nested deeper"),
    "large": ("#" * 1_000_001, "larger than 1 MB"),
    "not utf-8": (b'name = "\xe9"\n', "save the file as UTF-8"),
    "utf-16": (NEEDED.encode("utf-16"), "UTF-16"),
    "nul": (b'name = "\x00"\n', "zero byte"),
    "escape": (NEEDED + 'dataset = "a\\u001b[2J"\n', "U+001B"),
    "bidi": (NEEDED + 'dataset = "a\u202eb"\n', "U+202E"),
    "infinite": (NEEDED + "top_k = inf\n", "not a finite number"),
    "wrong kind": (NEEDED + "top_k = true\n", "top_k"),
    "wrong choice": (NEEDED + 'gpu = "sharde"\n', "did you mean 'shared'?"),
    "without unit": (NEEDED + "wait = 5\n", "wait"),
    "ambiguous share": (NEEDED + "prevalence = 5\n", "prevalence"),
    "out of range": (NEEDED + "team_size = 0\n", "team_size"),
    "secret": (NEEDED + 'dataset = "postgres://u:hunter2@db/x"\n', "looks like a secret"),
    "unknown field": (NEEDED + '[[sources]]\nname = "a"\nknid = "api"\n', "did you mean `kind`?"),
    "empty text": ('name = ""\n', "is empty"),
    "no list": (NEEDED + "sources = 3\n", "[[sources]]"),
    "schema 0": ("schema = 0\n" + NEEDED, "schema"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_input_is_named_with_its_place(given: Run, tmp_path: Path, case: str) -> None:
    text, says = REFUSED[case]
    done = given(text)
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    assert says in done.stderr
    assert f"error: {tmp_path / 'answers.toml'}" in done.stderr
    assert "hunter2" not in done.stderr
    assert "\x1b" not in done.stderr


def test_a_newer_schema_is_left_alone(given: Run) -> None:
    assert given("schema = 99\n" + NEEDED).returncode == 4


def test_all_mistakes_of_one_run_are_named_at_once(given: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLWORKFLOW_TEAM_SIZE", "many")
    done = given(NEEDED + 'gpu = "sharde"\nsevring = "batch"\nwait = "soon"\n', "--top-k", "few", "--set", "clowd=aws")
    assert done.returncode == 3
    for mistake in (
        "answers.toml:4",
        "answers.toml:5",
        "answers.toml:6",
        "MLWORKFLOW_TEAM_SIZE",
        "--top-k",
        "--set clowd",
    ):
        assert mistake in done.stderr, mistake
    assert done.stderr.count("error: ") == 6


def test_an_unknown_variable_is_refused_with_a_guess(given: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLWORKFLOW_NO_INPUT", "1")
    monkeypatch.setenv("MLWORKFLOW_DEBUG", "0")
    assert given(NEEDED).returncode == 0
    monkeypatch.setenv("MLWORKFLOW_SEVRING", "batch")
    done = given(NEEDED)
    assert done.returncode == 3
    assert "error: MLWORKFLOW_SEVRING" in done.stderr
    assert "`serving`" in done.stderr


@pytest.mark.parametrize(
    "flags", [("--name", "a\x1b[2J"), ("--set", "name=a\u202eb"), ("--name", "a\udcff"), ("--name", "ghp_" + "a1" * 18)]
)
def test_a_flag_lets_in_no_more_than_a_file(given: Run, flags: tuple[str, str]) -> None:
    done = given(NEEDED, *flags)
    assert done.returncode == 3
    assert "\x1b" not in done.stderr
    assert "a1a1" not in done.stderr


CONTRADICTIONS = {
    ("latency_p50", "latency_p99"): 'latency_p50 = "2s"\nlatency_p99 = "1s"\n',
    ("mean_load", "peak_load"): 'mean_load = "20/s"\npeak_load = "10/s"\n',
    ("label_delay", "label_delay_p95"): 'label_delay = "9 days"\nlabel_delay_p95 = "1 day"\n',
    ("treatment_share", "control_share"): 'treatment_share = "70%"\ncontrol_share = "40%"\n',
    (
        "success_threshold",
        "baseline_value",
    ): 'evaluation_metric = "pr-auc"\nsuccess_threshold = 0.5\nbaseline_value = 0.6\n',
    ("evaluation_metric", "problem_type"): 'evaluation_metric = "mape"\n',
    ("cost_missed", "cost_false_alarm"): 'cost_missed = "1 EUR"\ncost_false_alarm = "1 USD"\n',
    ("complexity_from", "complexity_to"): 'complexity_from = "deep"\ncomplexity_to = "linear"\n',
}


@pytest.mark.parametrize("pair", CONTRADICTIONS, ids=" and ".join)
def test_a_contradiction_names_both_answers(given: Run, pair: tuple[str, str]) -> None:
    done = given(NEEDED + CONTRADICTIONS[pair])
    assert done.returncode == 3
    for name in pair:
        assert f"`{name}`" in done.stderr


def test_a_feature_from_nowhere_is_refused(given: Run) -> None:
    done = given(NEEDED + '[[sources]]\nname = "orders"\n[[features]]\nname = "f"\nsource = "ordres"\n')
    assert done.returncode == 3
    assert "did you mean `orders`?" in done.stderr


def test_the_same_question_twice_on_the_command_line_is_a_usage_error(given: Run) -> None:
    done = given(NEEDED, "--team-size", "3", "--set", "team_size=4")
    assert done.returncode == 2
    assert "--team-size" in done.stderr
    assert given(NEEDED, "--set", "team_size").returncode == 2
    assert given(NEEDED, "--format", "pdf").returncode == 2


def test_files_that_cannot_be_read(main: Run, tmp_path: Path) -> None:
    assert main("generate", str(tmp_path / "none.toml")).returncode == 5
    assert main("generate", str(tmp_path)).returncode == 5
    assert main("generate", "/dev/zero").returncode == 3


@pytest.mark.parametrize("name", ["-rf", "$(id)", "{{7*7}}", "{% raw %}", "%s%n", "<script>", "{name}"])
def test_text_is_only_text(main: Run, name: str) -> None:
    import json

    done = main("generate", f"--name={name}", "--problem-type", "regression", "--target", "y", "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["name"] == name
    assert main("generate", f"--name={name}", "--problem-type", "regression", "--target", "y").returncode == 0


def test_json_answers_are_read_strictly(run: Run) -> None:
    good = '{"name": "x", "problem_type": "regression", "target": "y", "sources": [{"name": "a"}]}'
    assert run("generate", "-", input=good).returncode == 0
    for bad in (good[:-1] + ', "name": "z"}', good[:-1] + ",}", good[:-1] + ', "top_k": NaN}', "[]", "// no\n" + good):
        done = run("generate", "-", input=bad)
        assert done.returncode == 3, bad
        assert "standard input" in done.stderr


def test_no_flag_of_a_closed_standard_input_hangs(run: Run) -> None:
    done = run("generate", "-", input=b"")
    assert done.returncode == 3
