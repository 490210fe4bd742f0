"""`gate`: evidence from files that nobody can trust, a decision by veto, and a record that can be kept."""

from __future__ import annotations

import csv
import io
import json
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlworkflow.documents.rendering import render
from mlworkflow.documents.sealing import seal_of
from mlworkflow.errors import MlworkflowError
from mlworkflow.gates import gates_of, read_evidence
from mlworkflow.gates.gate import PHASES
from tests import helpers
from tests.test_gates import design, failing, passing

if TYPE_CHECKING:
    from tests.conftest import Run


def answers_of(name: str) -> str:
    return str(helpers.ROOT / "examples" / name / "answers.toml")


def values_of(name: str, phase: str, **changed: Any) -> dict[str, Any]:
    return {**{gate.key: passing(gate) for gate in gates_of(design(name), phase)}, **changed}


def kept(folder: Path, values: Any, name: str = "evidence.json") -> str:
    path = folder / name
    path.write_text(values if isinstance(values, str) else json.dumps(values), encoding="utf-8")
    return str(path)


# ------------------------------------------------------------------ what must be shown


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_gates_are_listed_with_their_keys(main: Run, name: str, phase: str) -> None:
    done = main("gate", answers_of(name), "--phase", phase)
    rows = json.loads(main("gate", answers_of(name), "--phase", phase, "--format", "json").stdout)
    assert done.returncode == 0
    assert [row["phase"] for row in rows] == [phase] * len(rows)
    for row in rows:
        assert f"{row['key']} {row['wanted']}: {row['says']} [{row['id']}]" in done.stdout


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_the_sheet_passes_nothing_until_it_is_filled_in(main: Run, tmp_path: Path, name: str, phase: str) -> None:
    sheet = main("gate", answers_of(name), "--phase", phase, "--template").stdout
    blank = tomllib.loads(sheet)
    assert set(blank) == {gate.key for gate in gates_of(design(name), phase)} | {"date", "source"}
    assert set(blank.values()) == {""}
    path = kept(tmp_path, sheet, "evidence.toml")
    done = main("gate", answers_of(name), "--phase", phase, "--evidence", path)
    assert done.returncode == 1
    assert f"stop: {phase} rollout, 0 of {len(blank) - 2} gates passed" in done.stdout
    filled = sheet
    for gate in gates_of(design(name), phase):
        filled = filled.replace(f'{gate.key} = ""', f"{gate.key} = {json.dumps(passing(gate), ensure_ascii=False)}", 1)
    done = main("gate", answers_of(name), "--phase", phase, "--evidence", kept(tmp_path, filled, "evidence.toml"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"go: {phase} rollout")


# ------------------------------------------------------------------ the decision


def decided(main: Run, path: str, *more: str, phase: str = "before", name: str = "churn") -> Any:
    done = main("gate", answers_of(name), "--phase", phase, "--evidence", path, "--format", "json", *more)
    return done.returncode, json.loads(done.stdout)


def test_a_score_at_the_threshold_goes_and_one_below_it_stops(main: Run, tmp_path: Path) -> None:
    for score, code, decision in ((0.18, 0, "go"), (0.17999, 1, "stop"), ("", 1, "stop"), ("NaN", 1, "stop")):
        found = decided(main, kept(tmp_path, values_of("churn", "before", precision_at_k=score)))
        assert (found[0], found[1]["decision"]) == (code, decision), score
    text = json.dumps(values_of("churn", "before")).replace("0.18", "NaN")
    code, record = decided(main, kept(tmp_path, text))
    assert (code, record["gates"][0]["says"]) == (1, "precision_at_k is not a number (NaN)")


def test_the_threshold_follows_the_answer(main: Run, tmp_path: Path) -> None:
    path = kept(tmp_path, values_of("churn", "before", precision_at_k=0.64))
    assert decided(main, path, "--set", "success_threshold=0.65")[1]["decision"] == "stop"
    path = kept(tmp_path, values_of("churn", "before", precision_at_k=0.65))
    assert decided(main, path, "--set", "success_threshold=0.65")[1]["decision"] == "go"


def test_a_gate_that_is_not_critical_leaves_it_conditional(main: Run, tmp_path: Path) -> None:
    mild = next(gate for gate in gates_of(design("churn"), "before") if not gate.critical)
    for value in (failing(mild), ""):
        code, record = decided(main, kept(tmp_path, values_of("churn", "before", **{mild.key: value})))
        assert (code, record["decision"]) == (1, "conditional")


def test_a_gate_that_fails_says_to_whom_it_goes_back(main: Run, tmp_path: Path) -> None:
    path = kept(tmp_path, values_of("churn", "before", leakage_tests_failed=2))
    done = main("gate", answers_of("churn"), "--phase", "before", "--evidence", path)
    assert "stops it: gate-leakage: leakage_tests_failed is 2, wanted 0" in done.stdout
    assert "back to data: drop or shift the feature that leaks" in done.stdout
    assert "decides: Jonas Lind, Head of CRM" in done.stdout
    assert "found: stop: before rollout, 23 of 24 gates passed, 1 stops it" in done.stderr


def test_a_mistyped_key_is_missing_and_guessed(main: Run, tmp_path: Path) -> None:
    values = values_of("churn", "before")
    values["rollback_reharsed"] = values.pop("rollback_rehearsed")
    done = main("gate", answers_of("churn"), "--phase", "before", "--evidence", kept(tmp_path, values))
    assert "there is no rollback_rehearsed in the evidence (is rollback_reharsed meant?)" in done.stdout
    assert "no gate of this phase asks for: rollback_reharsed" in done.stdout


def test_the_canary_needs_no_evidence_of_the_experiment(main: Run, tmp_path: Path) -> None:
    live = {gate.key: passing(gate) for gate in gates_of(design("churn"), "during", "release")}
    path = kept(tmp_path, live)
    code, record = decided(main, path, phase="during")
    assert (code, record["parts"]) == (1, {"release": "go", "experiment": "stop"})
    assert decided(main, path, "--part", "release", phase="during")[1]["decision"] == "go"


def test_evidence_may_come_on_standard_input(run: Run) -> None:
    text = json.dumps(values_of("churn", "after"))
    done = run("gate", answers_of("churn"), "--phase", "after", "--evidence", "-", input=text)
    assert (done.returncode, done.stderr) == (0, "")


# ------------------------------------------------------------------ forms of evidence


def as_csv(values: dict[str, Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([("key", "value"), *values.items()])
    return out.getvalue()


def as_run(values: dict[str, Any], rest: bool) -> dict[str, Any]:
    parts: dict[str, dict[str, Any]] = {"metrics": {}, "params": {"learning_rate": "0.1"}, "tags": {"mlflow.user": "x"}}
    for key, value in values.items():
        number = not isinstance(value, bool | str)
        parts["metrics" if number else "tags"][key] = value if number else str(value)
    data: dict[str, Any] = dict(parts)
    if rest:
        data = {name: [{"key": key, "value": value} for key, value in part.items()] for name, part in parts.items()}
    run = {"info": {"run_id": "1f3a", "status": "FINISHED"}, "data": data}
    return {"run": run} if rest else run


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_every_form_of_evidence_says_the_same(main: Run, tmp_path: Path, name: str) -> None:
    values = values_of(name, "before")
    tables = {key: {"value": value, "date": "2026-11-20", "source": "report 7"} for key, value in values.items()}
    toml = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    forms = {
        "a.json": json.dumps(values),
        "b.json": json.dumps(tables),
        "c.toml": toml,
        "d.csv": as_csv(values),
        "e.csv": "\ufeff" + as_csv(values).replace("\r\n", "\n"),
        "f.json": json.dumps(as_run(values, rest=False)),
        "g.json": json.dumps(as_run(values, rest=True)),
        "h": as_csv(values),
        "i": toml,
        "j": json.dumps(values),
    }
    for file, text in forms.items():
        code, record = decided(main, kept(tmp_path, text, file), name=name)
        assert (code, record["decision"]) == (0, "go"), file
        assert {one["key"]: one["value"] for one in record["gates"]} == values, file


def test_day_and_source_of_evidence_reach_the_record(main: Run, tmp_path: Path) -> None:
    values = values_of("churn", "before", date="2026-11-20", source="report 12")
    values["precision_at_k"] = {"value": 0.2, "date": "2026-11-19", "source": "run 5"}
    record = decided(main, kept(tmp_path, values))[1]
    found = {one["key"]: (one["date"], one["source"]) for one in record["gates"]}
    assert found["precision_at_k"] == ("2026-11-19", "run 5")
    assert found["snapshot_rebuilt"] == ("2026-11-20", "report 12")
    run = decided(main, kept(tmp_path, as_run(values_of("churn", "before"), rest=False)))[1]
    assert {one["source"] for one in run["gates"]} == {"MLflow run 1f3a"}


# ------------------------------------------------------------------ hostile evidence

HOSTILE: list[tuple[str, bytes, str]] = [
    ("e.json", b"", "got nothing"),
    ("e.json", b"{}", "got nothing"),
    ("e.json", b"[1, 2]", "got a list"),
    ("e.json", b'{"a": 1, "a": 2}', "written twice"),
    ("e.json", b'{"a": ' * 3000 + b"1" + b"}" * 3000, "deep"),
    ("e.json", b"[" * 100_000, "deep"),
    ("e.json", b'{"a": ' + b"9" * 5000 + b"}", "too many digits"),
    ("e.json", b'{"a": "\\ud800"}', "surrogate"),
    ("e.json", b'{"a": "x\\u0000y"}', "control character"),
    ("e.json", b'{"a": "\xff"}', "not UTF-8"),
    ("e.json", b"\xff\xfe{\x00}\x00", "UTF-16"),
    ("e.json", b'{"a": 1}\x00', "zero byte"),
    ("e.json", b'{"a": 1', "the text ends too early"),
    ("e.json", b'{"a": {"worth": 1}}', "without a value|with worth"),
    ("e.json", b'{"a": 1, "date": "yesterday"}', "`date` is no day"),
    ("e.json", b'{"a": 1, "date": 20261121}', "`date` is no text"),
    ("e.json", b'{"date": "2026-11-21"}', "holds no evidence"),
    ("e.json", b'{"a": "' + b"x" * 30_000 + b'"}', "longer than"),
    ("e.json", b'{"a": "' + b"x" * 1_100_000 + b'"}', "larger than 1 MB"),
    ("e.json", b'{"token": "ghp_abcdefghijklmnopqrstuvwxyz0123456789"}', "looks like a secret"),
    ("e.json", json.dumps({str(n): n for n in range(30_000)}).encode(), "more than 20,000 values"),
    ("e.toml", b"a = 1\na = 2\n", "twice|already given"),
    ("e.toml", b"a: 1\n", "YAML"),
    ("e.toml", b"a = " + b"[" * 5000, "deep"),
    ("e.toml", b"a = 1e400\n" * 2, "twice|already given"),
    ("e.yaml", b"a: 1\n", "YAML is not read"),
    ("e.csv", b"key;value\na;1\n", "not key,value"),
    ("e.csv", b"key,value\na,1\na,2\n", "written twice"),
    ("e.csv", b"key,value\na\n", "1 cells, the first line has 2"),
    ("e.csv", b"key,value\n,1\n", "no key"),
    ("e.csv", b"key,value,value\na,1,2\n", "not key,value"),
    ("e.csv", b'key,value\na,"1\n', "not CSV"),
    ("e.csv", b"key,value\na,\xff\n", "not UTF-8"),
    ("e.csv", b"key,value\na,\x1b[31m1\n", "control character"),
    ("e.csv", b"key,value\n" + b"a,1\n" * 30_000, "more than 20,000 lines"),
    ("e.csv", b"key,value\na," + b"x" * 200_000, "not CSV|longer than"),
    ("e.csv", b"key,value\n", "holds no evidence"),
    ("e.json", b'{"info": {"status": "RUNNING"}, "data": {"metrics": {"a": 1}}}', "has the status RUNNING"),
    ("e.json", b'{"info": {"status": "FAILED\\u001b"}, "data": {"metrics": {"a": 1}}}', "control character"),
    ("e.json", b'{"info": {}, "data": {"metrics": [1]}}', "not the form of an MLflow run"),
    (
        "e.json",
        b'{"info": {}, "data": {"metrics": [{"key": "a", "value": 1}, {"key": "a", "value": 2}]}}',
        "given twice",
    ),
    ("e.json", b'{"info": {}, "data": {"metrics": {"a": 1}, "tags": {"a": "2"}}}', "given twice"),
    ("e.json", b'{"info": {}, "data": {}}', "holds no evidence"),
]


@pytest.mark.parametrize(
    ("name", "data", "what"), HOSTILE, ids=lambda one: str(one)[:24] if isinstance(one, str) else ""
)
def test_hostile_evidence_is_refused_with_a_sentence(
    main: Run, tmp_path: Path, name: str, data: bytes, what: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    done = main("gate", answers_of("churn"), "--phase", "before", "--evidence", str(path))
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    assert any(part in done.stderr for part in what.split("|")), done.stderr
    assert done.stderr.startswith(f"error: {path}")
    assert "  fix: " in done.stderr
    assert "\x1b" not in done.stderr
    assert len(done.stderr) < 20_000


def test_evidence_that_cannot_be_read_is_said(main: Run, tmp_path: Path) -> None:
    for path in (str(tmp_path), str(tmp_path / "nowhere.json")):
        done = main("gate", answers_of("churn"), "--phase", "before", "--evidence", path)
        assert done.returncode == 5
        assert path in done.stderr


def test_words_in_evidence_steer_no_terminal_and_break_no_format(main: Run, tmp_path: Path) -> None:
    evil = 'x"]]><&%0A::error::\n::stop-commands::x'
    path = kept(tmp_path, values_of("churn", "before", precision_at_k=evil, release_owner=evil))
    for format in ("text", "json", "github", "junit"):
        done = main("gate", answers_of("churn"), "--phase", "before", "--evidence", path, "--format", format)
        assert done.returncode == 1
        assert not any(line.startswith(("::stop", "::error::")) for line in (done.stdout + done.stderr).splitlines())


def exit_code(data: bytes, name: str) -> int:
    try:
        read_evidence(data, name)
    except MlworkflowError as error:
        return error.exit_code
    return 0


@settings(max_examples=150)
@given(st.binary(max_size=200), st.sampled_from(("e.json", "e.toml", "e.csv", "e", "-")))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    assert exit_code(data, name) in (0, 3)


@settings(max_examples=150)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(("info", "data", "metrics", "a", "run")), inner)
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused(value: Any) -> None:
    assert exit_code(json.dumps(value).encode(), "e.json") in (0, 3)


# ------------------------------------------------------------------ for machines


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_junit_and_annotations_agree_with_the_decision(main: Run, tmp_path: Path, name: str, phase: str) -> None:
    gates = gates_of(design(name), phase)
    worst, mild = next(gate for gate in gates if gate.critical), next(gate for gate in gates if not gate.critical)
    values = values_of(name, phase, **{worst.key: failing(worst)})
    del values[mild.key]
    call = ("gate", answers_of(name), "--phase", phase, "--evidence", kept(tmp_path, values), "--format")
    suites = ElementTree.fromstring(main(*call, "junit").stdout)
    assert suites.attrib == {"tests": str(len(gates)), "failures": "1", "errors": "1"}
    cases = {case.attrib["name"]: case for case in suites.iter("testcase")}
    assert set(cases) == {gate.id for gate in gates}
    failure, error = cases[worst.id].find("failure"), cases[mild.id].find("error")
    assert failure is not None
    assert error is not None
    assert (failure.attrib["type"], error.attrib["type"]) == ("stop", "conditional")
    lines = main(*call, "github").stdout.splitlines()
    assert lines[0].startswith(f"::error title=gate {worst.id}")
    assert lines[1].startswith(f"::warning title=gate {mild.id}")
    assert lines[2].startswith(f"::notice title=gates {phase} rollout::stop")
    assert len(lines) == 3


# ------------------------------------------------------------------ the record


def test_a_record_holds_hashes_verdicts_and_who_decides(main: Run, tmp_path: Path) -> None:
    path, target = kept(tmp_path, values_of("churn", "before", leakage_tests_failed=1)), tmp_path / "record.json"
    call = ("gate", answers_of("churn"), "--phase", "before", "--evidence", path, "--record", str(target))
    assert main(*call, "--date", "2026-11-21").returncode == 1
    record = json.loads(target.read_text("utf-8"))
    seal = seal_of(render(helpers.example_spec("churn")))
    assert seal is not None
    assert record["design"]["fingerprint"] == seal.fingerprint
    assert (record["decision"], record["decided_by"], record["date"]) == (
        "stop",
        "Jonas Lind, Head of CRM",
        "2026-11-21",
    )
    assert len(record["gates"]) == len(gates_of(design("churn"), "before"))
    leak = next(one for one in record["gates"] if one["id"] == "gate-leakage")
    wanted = {"verdict": "failed", "value": 1, "limit": 0, "owner": "data", "back_to": "data"}
    assert {name: leak[name] for name in wanted} == wanted
    first = target.read_bytes()
    assert main(*call, "--date", "2026-11-21").returncode == 1
    assert target.read_bytes() == first


def test_records_differ_with_design_and_evidence_and_carry_no_clock(main: Run, tmp_path: Path) -> None:
    one = decided(main, kept(tmp_path, values_of("churn", "before")))[1]
    other = decided(main, kept(tmp_path, values_of("churn", "before", precision_at_k=0.2)))[1]
    changed = decided(main, kept(tmp_path, values_of("churn", "before")), "--set", "team_size=6")[1]
    assert one["evidence"]["sha256"] != other["evidence"]["sha256"]
    assert one["design"] == other["design"]
    assert one["design"]["answers_sha256"] != changed["design"]["answers_sha256"]
    assert one["design"]["fingerprint"] != changed["design"]["fingerprint"]
    assert one["date"] is None


def test_a_record_overwrites_no_other_decision_and_nothing_else_at_all(main: Run, tmp_path: Path) -> None:
    path, target = kept(tmp_path, values_of("churn", "before")), tmp_path / "record.json"
    call = ("gate", answers_of("churn"), "--phase", "before", "--record", str(target), "--evidence")
    assert main(*call, path).returncode == 0
    first = target.read_bytes()
    second = kept(tmp_path, values_of("churn", "before", precision_at_k=0.3), "other.json")
    assert main(*call, second).returncode == 4
    assert target.read_bytes() == first
    assert main(*call, second, "--force").returncode == 0
    assert target.read_bytes() != first
    target.write_text("my notes", "utf-8")
    assert main(*call, second, "--force").returncode == 4
    assert target.read_text("utf-8") == "my notes"


def test_a_document_is_judged_like_its_answers(main: Run, tmp_path: Path) -> None:
    page = tmp_path / "workflow.md"
    page.write_text(render(helpers.example_spec("churn")), "utf-8")
    path = kept(tmp_path, values_of("churn", "before"))
    done = main("gate", str(page), "--phase", "before", "--evidence", path, "--format", "json")
    assert json.loads(done.stdout)["design"] == decided(main, path)[1]["design"]


# ------------------------------------------------------------------ usage

USAGE = [
    ("--phase", "later"),
    ("--phase", "before", "--part", "half"),
    ("--phase", "before", "--format", "pdf"),
    ("--phase", "before", "--record", "x.json"),
    ("--phase", "before", "--format", "junit"),
    ("--phase", "before", "--evidence", "x.json", "--record", "-"),
    ("--phase", "before", "--template", "--evidence", "x.json"),
    ("--phase", "before", "--template", "--format", "json"),
    ("--phase", "before", "--date", "soon"),
    (),
]


@pytest.mark.parametrize("words", USAGE, ids=" ".join)
def test_a_command_that_cannot_be_carried_out_ends_with_2(main: Run, words: tuple[str, ...]) -> None:
    done = main("gate", answers_of("churn"), *words)
    assert done.returncode == 2
    assert "fix: " in done.stderr
    assert done.stdout == ""


def test_answers_and_evidence_cannot_share_standard_input(main: Run) -> None:
    assert main("gate", "-", "--phase", "before", "--evidence", "-").returncode == 2


# ------------------------------------------------------------------ explain


@pytest.mark.parametrize("kind", ["gate", "signal"])
def test_every_gate_and_signal_can_be_explained(main: Run, kind: str) -> None:
    from mlworkflow.cli.meant import things

    for clause in helpers.knowledge().clauses:
        if clause.kind == kind:
            for name in (clause.id, clause.id.removeprefix(f"{kind}-")):
                (thing,) = things(helpers.example_spec("churn"), f"{kind}:{name}")
                text = "\n".join(thing.lines())
                json.dumps(thing.data(), allow_nan=False)
                assert text.startswith(f"{kind}:{clause.id}")
                assert clause.columns["owner"] in text or "does not hold here" in text
    done = main("explain", answers_of("churn"), f"{kind}:{'leakege' if kind == 'gate' else 'suport-load'}")
    assert done.returncode == 2
    assert "did you mean" in done.stderr
