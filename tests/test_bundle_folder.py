"""`generate --bundle` and `check` on its folder: written whole, written again, edited, interrupted, attacked."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlworkflow.artifacts import stands_above
from mlworkflow.cli import bundling, output
from mlworkflow.documents.data import with_fingerprint
from mlworkflow.pack.roles import LINKS
from tests import helpers
from tests.test_artifacts import sha256

if TYPE_CHECKING:
    from tests.conftest import Run

NINE = ("DSS", "ENA", "FAR", "MAR", "ESC", "IOR", "IRE", "IAN", "MOS")
CHURN = str(helpers.ROOT / "examples" / "churn" / "answers.toml")


@pytest.fixture
def folder(main: Run, tmp_path: Path) -> Path:
    place = tmp_path / "churn"
    done = main("generate", CHURN, "--bundle", str(place))
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return place


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def manifest(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return data


def write_manifest(folder: Path, data: dict[str, Any]) -> None:
    kept = {name: value for name, value in data.items() if name != "fingerprint"}
    (folder / "manifest.json").write_text(with_fingerprint(kept), "utf-8")


def hash_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def artifact(folder: Path, id: str) -> Path:
    return next(folder.glob(f"artifacts/*-{id}.json"))


# ------------------------------------------------------------------ written


def test_the_manifest_names_every_file_with_its_hash_title_and_owner(folder: Path) -> None:
    data, found = manifest(folder), contents(folder)
    paths = [one["path"] for one in data["files"]]
    assert sorted([*paths, "manifest.json"]) == sorted(found)
    assert {"README.md", "workflow.md", "answers.toml", "runbook.md", "raci.csv", "gates.toml"} <= set(paths)
    for one in data["files"]:
        assert one["sha256"] == hash_of(found[one["path"]])
        assert one["title"]
        assert one["owner"] in {role.id for role in helpers.knowledge().roles}
    assert (data["program"], data["name"]) == ("0.1.0", "Customer Churn Prediction")


def test_the_manifest_names_the_nine_outputs_and_the_lineage(folder: Path) -> None:
    data = manifest(folder)
    assert tuple(one["persona"] for one in data["outputs"]) == NINE
    paths = {one["path"] for one in data["files"]}
    assert all(one["file"] in paths for one in data["outputs"] if one["file"])
    assert next(one["file"] for one in data["outputs"] if one["persona"] == "IRE") == "model-card.md"
    assert tuple(one["id"] for one in data["artifacts"]) == LINKS
    for one in data["artifacts"]:
        held = json.loads(artifact(folder, one["id"]).read_text("utf-8"))
        assert (held["hash"], list(held["stands_on"])) == (one["hash"], one["stands_on"])


def test_the_document_and_the_answers_in_it_are_those_of_generate(main: Run, folder: Path, document: str) -> None:
    assert (folder / "workflow.md").read_text("utf-8") == document
    assert main("check", str(folder / "workflow.md")).returncode == 0
    assert main("generate", str(folder / "answers.toml")).stdout == document


@pytest.mark.parametrize("name", helpers.EXAMPLES)
@pytest.mark.parametrize("more", [(), ("--team-size", "1", "--set", "people=not sure")], ids=["as it is", "alone"])
def test_every_example_gives_a_bundle_that_holds(main: Run, tmp_path: Path, name: str, more: tuple[str, ...]) -> None:
    place = tmp_path / "out"
    answers = str(helpers.ROOT / "examples" / name / "answers.toml")
    assert main("generate", answers, "--bundle", str(place), *more).returncode == 0
    done = main("check", str(place))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith(f"up to date: {place}")


def test_the_smallest_answers_give_a_bundle_that_holds(main: Run, tmp_path: Path) -> None:
    flags = ("--name", "x", "--problem-type", "regression", "--target", "y")
    assert main("generate", *flags, "--bundle", str(tmp_path / "out")).returncode == 0
    assert main("check", str(tmp_path / "out")).returncode == 0


def test_the_same_answers_give_the_same_bytes_in_any_process(run: Run, folder: Path, tmp_path: Path) -> None:
    for seed in ("1", "77"):
        other = tmp_path / f"other{seed}"
        assert run("generate", CHURN, "--bundle", str(other), env={"PYTHONHASHSEED": seed}).returncode == 0
        assert contents(other) == contents(folder)


# ------------------------------------------------------------------ written again


def test_a_second_run_touches_nothing(main: Run, folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    done = main("generate", CHURN, "--bundle", str(folder))
    assert done.returncode == 0
    assert "created" not in done.stderr
    assert "updated" not in done.stderr
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_other_answers_update_what_they_change_and_leave_what_a_person_added(main: Run, folder: Path) -> None:
    (folder / "minutes.md").write_text("ours")
    before = contents(folder)
    done = main("generate", CHURN, "--approver", "Ada Byron", "--bundle", str(folder))
    assert done.returncode == 0, done.stderr
    after = contents(folder)
    assert after["minutes.md"] == b"ours"
    assert f"updated: {folder / 'workflow.md'}" in done.stderr
    for path, data in after.items():
        assert (f"updated: {folder / path}\n" in done.stderr) == (data != before[path]), path
    assert main("check", str(folder)).returncode == 0


def test_an_edited_file_is_protected_and_nothing_else_is_written(main: Run, folder: Path) -> None:
    with (folder / "raci.csv").open("a") as file:
        file.write("call,Ada\n")
    before = contents(folder)
    done = main("generate", CHURN, "--approver", "Ada Byron", "--bundle", str(folder))
    assert done.returncode == 4
    assert f"{folder / 'raci.csv'}: was edited since it was written" in done.stderr
    assert contents(folder) == before
    assert main("generate", CHURN, "--approver", "Ada Byron", "--bundle", str(folder), "--force").returncode == 0
    assert main("check", str(folder)).returncode == 0


def test_what_is_not_ours_is_not_overwritten(main: Run, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("my project")
    done = main("generate", CHURN, "--bundle", str(tmp_path))
    assert done.returncode == 4
    assert "was not written by this program" in done.stderr
    assert contents(tmp_path) == {"README.md": b"my project"}


def test_an_edited_manifest_is_protected(main: Run, folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text("utf-8").replace("runbook", "rumbook"))
    assert main("generate", CHURN, "--bundle", str(folder)).returncode == 4
    assert main("check", str(folder)).returncode == 1


def test_an_answer_is_changed_in_the_folder_and_the_folder_written_again(main: Run, folder: Path) -> None:
    answers = folder / "answers.toml"
    answers.write_text(answers.read_text("utf-8").replace("Jonas Lind", "Ada Byron"), "utf-8")
    assert problems(main, folder) == [f"{answers}: changed: the other files still follow the answers of before"]
    done = main("generate", CHURN, "--bundle", str(folder))
    assert done.returncode == 4, "other answers do not overwrite them"
    assert f"mlworkflow generate {answers} --bundle {folder} takes these answers" in done.stderr
    assert main("generate", str(answers), "--bundle", str(folder)).returncode == 0
    assert "Ada Byron" in (folder / "runbook.md").read_text("utf-8")
    assert main("check", str(folder)).returncode == 0


@pytest.mark.parametrize("path", ["gates.toml", "model-card.md", "tasks.md", "runbook.md"])
def test_what_is_to_be_filled_in_is_kept(main: Run, folder: Path, path: str) -> None:
    assert {one["path"] for one in manifest(folder)["files"] if one["to_fill_in"]} >= {path}
    laid_out = (folder / path).read_text("utf-8")
    (folder / path).write_text(laid_out + "\n# ours\n", "utf-8")
    done = main("check", str(folder))
    assert (done.returncode, f"filled in: {folder / path}" in done.stderr) == (0, True)
    for force in ((), ("--force",)):
        done = main("generate", CHURN, "--bundle", str(folder), *force)
        assert (done.returncode, f"kept as filled in: {folder / path}" in done.stderr) == (0, True)
    assert list(folder.glob("*.new-*")) == []
    changed = ("--name", "Renewal", "--approver", "Ada Byron", "--latency-p99", "80ms", "--latency-p95", "50 ms")
    for _ in range(2):
        assert main("generate", CHURN, "--bundle", str(folder), *changed).returncode == 0
        assert (folder / path).read_text("utf-8") == laid_out + "\n# ours\n"
        beside = [one.name for one in folder.glob("*.new-*")]
        assert len(beside) == 1
        assert beside[0].startswith(f"{path}.new-")
        assert (folder / beside[0]).read_text("utf-8") != laid_out
    assert problems(main, folder) == [f"{folder / path}: yours follows an older design: see {folder / beside[0]}"]


@pytest.mark.parametrize("edited", [False, True])
def test_what_a_design_does_without_is_removed_unless_it_was_edited(main: Run, folder: Path, edited: bool) -> None:
    old = folder / "old" / "plan.md"
    old.parent.mkdir()
    old.write_text("as we wrote it")
    data = manifest(folder)
    data["files"].append({"path": "old/plan.md", "sha256": hash_of(old.read_bytes()), "title": "x", "owner": "MOS"})
    write_manifest(folder, data)
    if edited:
        old.write_text("as a person wants it")
    done = main("generate", CHURN, "--bundle", str(folder))
    assert done.returncode == 0
    assert old.exists() == edited
    assert old.parent.exists() == edited
    assert f"{'kept' if edited else 'removed'}, because" in done.stderr
    assert main("check", str(folder)).returncode == 0


@pytest.mark.parametrize("after", [1, 2, 5, 15])
def test_a_run_that_was_cut_off_is_noticed_and_taken_up_by_the_next(
    main: Run, folder: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def write(*words: Any, **named: Any) -> str:
        if len(written) == after:
            raise OSError(28, "No space left on device")
        written.append(words[0])
        return real(*words, **named)

    real = output.write_file
    with monkeypatch.context() as patched:
        patched.setattr(bundling, "write_file", write)
        assert main("generate", CHURN, "--approver", "Ada", "--bundle", str(folder)).returncode != 0
    assert "the last run did not finish" in main("check", str(folder)).stderr
    assert main("generate", CHURN, "--approver", "Bob", "--bundle", str(folder)).returncode == 0
    assert main("check", str(folder)).returncode == 0


# ------------------------------------------------------------------ attacked


@pytest.mark.parametrize("path", ["../victim", "/{}/victim", "a/../../victim", "C:\\x", "", "a//b", 3, None])
def test_a_manifest_cannot_name_what_is_outside(main: Run, folder: Path, path: Any) -> None:
    victim = folder.parent / "victim"
    victim.write_text("precious")
    path = path.format(str(folder.parent).strip("/")) if isinstance(path, str) else path
    data = manifest(folder)
    data["files"].append({"path": path, "sha256": hash_of(b"precious"), "title": "x", "owner": "MOS"})
    write_manifest(folder, data)
    done = main("check", str(folder))
    assert done.returncode == 1
    assert "none of this folder" in done.stderr
    main("generate", CHURN, "--bundle", str(folder))
    assert victim.read_text() == "precious"


def test_no_link_leads_out_of_the_folder(main: Run, tmp_path: Path) -> None:
    outside, place = tmp_path / "outside", tmp_path / "out"
    outside.mkdir()
    place.mkdir()
    os.symlink(outside, place / "artifacts")
    done = main("generate", CHURN, "--bundle", str(place))
    assert done.returncode == 4
    assert "leads out of the folder" in done.stderr
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"kind": "mlworkflow bundle"}', '{"kind": "x"}', "[" * 5000])
def test_any_manifest_ends_with_a_word_and_no_traceback(main: Run, folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text)
    for words in (("check", str(folder)), ("generate", CHURN, "--bundle", str(folder))):
        done = main(*words)
        assert done.returncode in ((1, 3, 4) if text else (0, 3)), (words, done.stderr)
        assert "Traceback" not in done.stderr


def test_usage_is_said_before_anything_is_written(main: Run, tmp_path: Path) -> None:
    place = tmp_path / "out"
    assert main("generate", CHURN, "--bundle", str(place), "-o", str(tmp_path / "x.md")).returncode == 2
    assert main("generate", CHURN, "--bundle", str(place), "--format", "json").returncode == 2
    assert main("generate", CHURN, "--bundle", str(tmp_path / "no" / "such")).returncode == 5
    (tmp_path / "file").write_text("x")
    assert main("generate", CHURN, "--bundle", str(tmp_path / "file")).returncode == 5
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# ------------------------------------------------------------------ checked


def problems(main: Run, folder: Path) -> list[str]:
    done = main("check", str(folder))
    assert done.returncode == 1
    return [line.removeprefix("found: ") for line in done.stderr.splitlines() if line.startswith("found: ")]


def test_each_missing_and_each_edited_file_is_one_line(main: Run, folder: Path) -> None:
    (folder / "raci.csv").unlink()
    (folder / "alerts.yaml").write_text("shorter")
    assert sorted(problems(main, folder)) == [
        f"{folder / 'alerts.yaml'}: edited: somebody changed it after it was written",
        f"{folder / 'raci.csv'}: missing",
    ]


@pytest.mark.parametrize("id", LINKS)
def test_an_edited_artifact_breaks_itself_and_those_that_stand_on_it(main: Run, folder: Path, id: str) -> None:
    path = artifact(folder, id)
    data = json.loads(path.read_text("utf-8"))
    data["fields"]["added"] = "by hand"
    path.write_text(json.dumps(data))
    broken = [line.split(": lineage")[0] for line in problems(main, folder) if ": lineage: " in line]
    assert broken == [str(artifact(folder, one)) for one in (id, *stands_above(id))]
    data["hash"] = sha256(data)
    path.write_text(json.dumps(data))
    broken = [line.split(": lineage")[0] for line in problems(main, folder) if ": lineage: " in line]
    assert broken == [str(artifact(folder, one)) for one in stands_above(id)]


def test_a_bundle_that_its_answers_no_longer_give_is_outdated(main: Run, folder: Path) -> None:
    (folder / "README.md").write_text("as an older program wrote it")
    (folder / "gone.md").write_text("gone")
    data = manifest(folder)
    data["files"] = [one for one in data["files"] if one["path"] != "raci.csv"]
    data["files"].append({"path": "gone.md", "sha256": hash_of(b"gone"), "title": "x", "owner": "MOS"})
    for one in data["files"]:
        one["sha256"] = hash_of((folder / one["path"]).read_bytes())
    write_manifest(folder, data)
    assert sorted(problems(main, folder)) == [
        f"{folder / 'README.md'}: outdated: the same answers now lead to another text",
        f"{folder / 'gone.md'}: the same answers give it no longer",
        f"{folder / 'raci.csv'}: missing: the same answers also give it today",
    ]
    assert main("generate", CHURN, "--bundle", str(folder)).returncode == 0
    assert main("check", str(folder)).returncode == 0


def test_a_pack_is_still_checked_as_a_pack(main: Run) -> None:
    done = main("check", str(helpers.ROOT / "tests" / "packs" / "acme"))
    assert done.returncode == 0
    assert done.stderr.startswith("sound: ")


# ------------------------------------------------------------------ filled in, and the design goes on


def filled_in(folder: Path, *paths: str) -> None:
    for path in paths:
        text = (folder / path).read_text("utf-8")
        mark = text.rindex("Laid out by mlworkflow")
        mark = text.rindex("\n", 0, mark) + 1
        (folder / path).write_text(f"{text[:mark]}# ours\n{text[mark:]}", "utf-8")


def flag_for(id: str) -> str:
    return helpers.knowledge().question[id].option


@pytest.mark.parametrize("how", ["there", "removed", "its line is gone"])
def test_check_names_what_was_filled_in_for_an_older_design(main: Run, folder: Path, how: str) -> None:
    filled_in(folder, "runbook.md", "gates.toml")
    assert main("check", str(folder)).returncode == 0
    changed = ("--latency-p99", "70ms", flag_for("success_threshold"), "0.5")
    if how == "its line is gone":
        for path in ("runbook.md", "gates.toml"):
            lines = (folder / path).read_text("utf-8").splitlines()
            (folder / path).write_text("\n".join(one for one in lines if "Laid out by" not in one), "utf-8")
        assert main("check", str(folder)).returncode == 0, "the manifest knows it"
    assert main("generate", CHURN, "--bundle", str(folder), *changed).returncode == 0
    new = {path: next(folder.glob(f"{path}.new-*")) for path in ("gates.toml", "runbook.md")}
    if how == "removed":
        for one in new.values():
            one.unlink()
    for _ in range(2):
        found = problems(main, folder)
        assert sorted(found) == [
            f"{folder / path}: yours follows an older design: see {new[path]}" for path in ("gates.toml", "runbook.md")
        ]
        assert main("generate", str(folder / "answers.toml"), "--bundle", str(folder)).returncode == 0
        assert all(one.exists() for one in new.values())
    for path, one in new.items():
        (folder / path).write_text("# merged\n" + one.read_text("utf-8"), "utf-8")
    done = main("check", str(folder))
    assert (done.returncode, f"filled in: {folder / 'runbook.md'}" in done.stderr) == (0, True)


@pytest.mark.parametrize(
    "path", ["runbook.md", "manifest.json", "README.md", "workflow.md", "artifacts/1-dataset.json"]
)
def test_line_ends_are_no_difference(main: Run, folder: Path, path: str) -> None:
    place = folder / path if "artifacts" not in path else next(folder.glob("artifacts/1-*"))
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    done = main("check", str(folder))
    assert (done.returncode, "filled in" in done.stderr) == (0, False), done.stderr
    before = contents(folder)
    done = main("generate", CHURN, "--bundle", str(folder))
    assert (done.returncode, "kept" in done.stderr) == (0, False), done.stderr
    assert contents(folder) == before
    assert main("generate", CHURN, "--name", "Other", "--bundle", str(folder)).returncode == 0
    assert main("check", str(folder)).returncode == 0


def test_a_lost_manifest_is_named_and_what_was_filled_in_stays(main: Run, folder: Path) -> None:
    filled_in(folder, "gates.toml")
    (folder / "manifest.json").unlink()
    ours = (folder / "gates.toml").read_bytes()
    assert problems(main, folder)[0].startswith(f"{folder / 'manifest.json'}: missing: ")
    done = main("generate", CHURN, "--name", "Other", "--bundle", str(folder))
    assert done.returncode == 4
    assert f"{folder / 'manifest.json'}: missing: " in done.stderr
    assert "gates.toml: " not in done.stderr
    assert "runbook.md: " not in done.stderr, "it is as we laid it out"
    done = main("generate", CHURN, "--name", "Other", "--bundle", str(folder), "--force")
    assert (done.returncode, (folder / "gates.toml").read_bytes()) == (0, ours)
    assert "kept as filled in" in done.stderr


def test_a_lost_manifest_alone_is_written_again(main: Run, folder: Path) -> None:
    before = contents(folder)
    filled_in(folder, "gates.toml")
    (folder / "manifest.json").unlink()
    done = main("generate", str(folder / "answers.toml"), "--bundle", str(folder))
    assert done.returncode == 0, done.stderr
    assert contents(folder)["manifest.json"] == before["manifest.json"]
    done = main("check", str(folder))
    assert (done.returncode, f"filled in: {folder / 'gates.toml'}" in done.stderr) == (0, True)


def test_an_artifact_that_cannot_be_read_is_named(main: Run, folder: Path) -> None:
    path = artifact(folder, "training-run")
    path.write_text("{", "utf-8")
    found = problems(main, folder)
    assert f"{path}: lineage: is no JSON that can be read" in found
    assert any("training-run, which cannot be read" in one for one in found)
    assert not any("is no artifact" in one or "which is not there" in one for one in found)
