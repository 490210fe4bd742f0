"""Bytes leave whole or not at all, and the old file is never lost."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mlworkflow.cli.output import ReaderLeft, emit, write_file
from mlworkflow.errors import CannotReadOrWrite, WorkProtected

OLD = b"# Old\n" * 100
NEW = b"# New\n" * 200

HERE = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
CALLS = ("open", "write", "fsync", "replace", "fchmod", "close", "stat", "listdir")
FAULTS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EFBIG, errno.EINTR)


class NthCallFails:
    """Every watched call of os is counted, and the Nth one does not happen."""

    def __init__(self, patch: pytest.MonkeyPatch, nth: int, failure: BaseException, after: bool) -> None:
        self.nth = nth
        self.failure = failure
        self.after = after
        self.count = 0
        for name in CALLS:
            patch.setattr(os, name, self.wrapped(name, getattr(os, name)))
        # The writer asks whether directories can be opened once and kept.
        patch.setattr(os, "supports_dir_fd", os.supports_dir_fd | {os.open})

    def wrapped(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.count += 1
            if name == "write":
                # The system may take less at once than it is given.
                arguments = (arguments[0], arguments[1][:700])
            if self.count != self.nth:
                return real(*arguments, **options)
            if self.after or name == "close":
                real(*arguments, **options)
            raise self.failure

        return call


def run_with_fault(nth: int, failure: BaseException, *, after: bool = False) -> BaseException | None:
    """Return what came out of writing when its Nth call failed, or nothing when there were fewer calls."""
    with pytest.MonkeyPatch.context() as patch:
        fault = NthCallFails(patch, nth, failure, after)
        try:
            write_file("workflow.md", NEW)
        except BaseException as error:
            return error
        return failure if fault.count >= nth else None


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "workflow.md"


def leftovers(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.startswith(".")]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("old", [OLD, None])
def test_whichever_call_fails_the_file_is_old_or_new_and_nothing_is_left(
    target: Path, fault: int, old: bytes | None
) -> None:
    nth = 0
    while True:
        nth += 1
        target.unlink(missing_ok=True)
        if old is not None:
            target.write_bytes(old)
        error = run_with_fault(nth, OSError(fault, os.strerror(fault)))
        assert (target.read_bytes() if target.exists() else None) in (old, NEW)
        assert leftovers(target.parent) == []
        if error is None:
            break
        assert isinstance(error, CannotReadOrWrite | OSError)
    assert nth > 10
    assert target.read_bytes() == NEW


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_call_ends_in_an_error_that_a_person_can_understand(target: Path, fault: int) -> None:
    nth = 0
    ended = []
    while True:
        nth += 1
        target.write_bytes(OLD)
        error = run_with_fault(nth, OSError(fault, os.strerror(fault)))
        if error is None:
            break
        if not isinstance(error, OSError):
            ended.append(error)
            assert isinstance(error, CannotReadOrWrite)
            assert os.strerror(fault) in str(error)
            assert "workflow.md" in str(error)
    assert len(ended) >= nth - 4  # tidying up may fail unnoticed: listing, and the file beside


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("signal_is", [KeyboardInterrupt(), SystemExit(143)])
def test_whenever_a_signal_comes_the_file_is_old_or_new_and_nothing_is_left(
    target: Path, signal_is: BaseException, after: bool
) -> None:
    nth = 0
    while True:
        nth += 1
        target.write_bytes(OLD)
        error = run_with_fault(nth, signal_is, after=after)
        assert target.read_bytes() in (OLD, NEW)
        assert leftovers(target.parent) == []
        if error is None:
            break
        assert error is signal_is


def test_a_new_file_is_created_an_old_one_updated_and_the_same_one_left_alone(target: Path) -> None:
    assert write_file("workflow.md", OLD) == "created"
    assert write_file(str(target), NEW) == "updated"
    before = target.stat()
    assert write_file("workflow.md", NEW) == "unchanged"
    assert target.stat() == before
    assert target.read_bytes() == NEW


def test_the_bytes_are_on_the_disk_before_the_name_points_at_them(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def noted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            calls.append(name)
            return real(*arguments, **options)

        return call

    for name in ("write", "fsync", "replace"):
        monkeypatch.setattr(os, name, noted(name, getattr(os, name)))
    write_file("workflow.md", NEW)
    assert calls == ["write", "fsync", "replace", "fsync"]


def test_an_empty_document_is_a_document(target: Path) -> None:
    assert write_file("workflow.md", b"") == "created"
    assert target.read_bytes() == b""


def test_an_old_file_keeps_its_mode(target: Path) -> None:
    target.write_bytes(OLD)
    target.chmod(0o664)
    write_file("workflow.md", NEW)
    assert stat.S_IMODE(target.stat().st_mode) == 0o664


@pytest.mark.parametrize(("umask", "mode"), [(0o027, 0o640), (0o022, 0o644), (0o077, 0o600), (0, 0o666)])
def test_a_new_file_has_the_mode_that_umask_gives(target: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        write_file("workflow.md", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_an_old_file_keeps_its_owner(target: Path) -> None:
    target.write_bytes(OLD)
    os.chown(target, 65534, 65534)
    write_file("workflow.md", NEW)
    assert (target.stat().st_uid, target.stat().st_gid) == (65534, 65534)


def test_a_link_stays_a_link_and_its_target_is_written(target: Path) -> None:
    target.write_bytes(OLD)
    link = target.with_name("link.md")
    link.symlink_to("workflow.md")
    assert write_file("link.md", NEW) == "updated"
    assert link.is_symlink()
    assert target.read_bytes() == NEW


def test_a_link_to_a_file_that_is_not_there_yet_makes_it(target: Path) -> None:
    target.with_name("link.md").symlink_to("workflow.md")
    assert write_file("link.md", NEW) == "created"
    assert target.read_bytes() == NEW


def test_a_link_out_of_the_project_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    project.mkdir()
    outside = tmp_path / "outside.md"
    outside.write_bytes(OLD)
    (project / "link.md").symlink_to(outside)
    (project / "chain.md").symlink_to("link.md")
    monkeypatch.chdir(project)
    for name in ("link.md", "chain.md"):
        with pytest.raises(WorkProtected, match=r"outside\.md"):
            write_file(name, NEW)
    assert outside.read_bytes() == OLD


def test_a_link_may_lead_elsewhere_within_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/link.md").symlink_to("../workflow.md")
    monkeypatch.chdir(tmp_path)
    assert write_file("docs/link.md", NEW) == "created"
    monkeypatch.chdir("/")
    with pytest.raises(WorkProtected):
        write_file(str(tmp_path / "docs/link.md"), OLD)


def test_a_link_that_leads_to_itself_is_refused(target: Path) -> None:
    target.symlink_to("workflow.md")
    with pytest.raises(CannotReadOrWrite):
        write_file("workflow.md", NEW)


def test_a_file_with_two_names_is_refused_with_the_count(target: Path) -> None:
    target.write_bytes(OLD)
    os.link(target, target.with_name("alias.md"))
    with pytest.raises(WorkProtected, match="2 names"):
        write_file("workflow.md", NEW)
    assert target.read_bytes() == OLD
    assert target.stat().st_nlink == 2


def test_a_directory_is_refused_and_a_name_in_it_is_proposed(target: Path) -> None:
    for path in (str(target.parent), f"{target.parent}/", "new/", ""):
        with pytest.raises(CannotReadOrWrite, match="directory") as caught:
            write_file(path, NEW)
        assert "workflow.md" in caught.value.problems[0].fix


def test_a_directory_that_is_missing_is_named_and_not_made(target: Path) -> None:
    with pytest.raises(CannotReadOrWrite) as caught:
        write_file("no/such one/x.md", NEW)
    assert caught.value.problems[0].fix == "mkdir -p 'no/such one'"
    assert not (target.parent / "no").exists()


def test_a_file_in_the_place_of_a_directory_is_named(target: Path) -> None:
    target.write_bytes(OLD)
    with pytest.raises(CannotReadOrWrite, match=r"(?i)not a directory"):
        write_file("workflow.md/x.md", NEW)
    assert target.read_bytes() == OLD


def test_a_device_or_a_pipe_is_refused(target: Path) -> None:
    os.mkfifo(target)
    for path in ("/dev/null", "/dev/full", "workflow.md"):
        with pytest.raises(CannotReadOrWrite, match="device"):
            write_file(path, NEW)


@pytest.mark.parametrize("path", ["a\0b.md", "\ud800.md", "x" * 300 + ".md"])
def test_a_name_that_no_file_can_have_is_refused(target: Path, path: str) -> None:
    with pytest.raises(CannotReadOrWrite):
        write_file(path, NEW)
    assert os.listdir(target.parent) == []


def test_a_name_that_is_not_text_is_written_and_shown_escaped(target: Path) -> None:
    name = os.fsdecode(b"sp\xffec.md")
    assert write_file(name, NEW) == "created"
    os.link(name, "alias.md")
    with pytest.raises(WorkProtected) as caught:
        write_file(name, OLD)
    assert str(caught.value).startswith("sp\\udcffec.md: ")


def test_a_file_that_another_run_changed_is_left_alone(target: Path) -> None:
    target.write_bytes(b"theirs")
    with pytest.raises(WorkProtected, match="changed by another run"):
        write_file("workflow.md", NEW, expected=OLD)
    assert target.read_bytes() == b"theirs"
    target.unlink()
    with pytest.raises(WorkProtected, match="changed by another run"):
        write_file("workflow.md", NEW, expected=OLD)
    assert not target.exists()


def test_a_file_that_is_as_expected_is_updated(target: Path) -> None:
    target.write_bytes(OLD)
    assert write_file("workflow.md", NEW, expected=OLD) == "updated"


@pytest.mark.parametrize("old", [OLD, None])
def test_a_change_that_comes_while_we_write_is_not_lost(
    target: Path, monkeypatch: pytest.MonkeyPatch, old: bytes | None
) -> None:
    if old is not None:
        target.write_bytes(old)
    real = os.write

    def write_and_be_overtaken(descriptor: int, data: bytes) -> int:
        target.write_bytes(b"theirs")
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", write_and_be_overtaken)
    with pytest.raises(WorkProtected, match="changed by another run"):
        write_file("workflow.md", NEW)
    assert target.read_bytes() == b"theirs"
    assert leftovers(target.parent) == []


def test_a_directory_that_is_swapped_while_we_write_does_not_lead_us_astray(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs, elsewhere, moved = tmp_path / "docs", tmp_path / "elsewhere", tmp_path / "moved"
    docs.mkdir()
    elsewhere.mkdir()
    real = os.write

    def write_and_be_swapped(descriptor: int, data: bytes) -> int:
        if not moved.exists():
            docs.rename(moved)
            docs.symlink_to(elsewhere)
        return real(descriptor, data)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "write", write_and_be_swapped)
    write_file("docs/workflow.md", NEW)
    assert os.listdir(elsewhere) == []
    assert (moved / "workflow.md").read_bytes() == NEW


def test_what_a_killed_run_left_is_removed_after_an_hour(target: Path) -> None:
    stale, fresh, other = (target.with_name(name) for name in (".mlworkflow-a.tmp", ".mlworkflow-b.tmp", ".other.tmp"))
    for path in (stale, fresh, other):
        path.write_bytes(b"x")
    for path in (stale, other):
        os.utime(path, (time.time() - 4000,) * 2)
    write_file("workflow.md", NEW)
    assert sorted(leftovers(target.parent)) == [".mlworkflow-b.tmp", ".other.tmp"]


AS_NOBODY = (
    "import os, shlex, sys\n"
    "from mlworkflow.cli.output import write_file\n"
    "from mlworkflow.errors import MlworkflowError\n"
    "if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    "try: print(write_file(sys.argv[1], b'new'))\n"
    "except MlworkflowError as error: print(error); sys.exit(error.exit_code)\n"
)


def python(script: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**HERE, **options.pop("env", {})}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, env=environment, check=False, timeout=60, **options)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A directory that a stranger can reach, however private the parents of other directories are."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_directory_that_cannot_be_written_in_is_the_one_that_is_named(shared_folder: Path) -> None:
    target = shared_folder / "workflow.md"
    target.write_bytes(OLD)
    target.chmod(0o666)
    shared_folder.chmod(0o555)
    done = python(AS_NOBODY, str(target), capture_output=True)
    assert done.returncode == 5, done
    assert f"the directory {shared_folder} cannot be written in" in done.stdout.decode()
    assert target.read_bytes() == OLD


def test_a_read_only_file_stays_as_it_is(shared_folder: Path) -> None:
    target = shared_folder / "workflow.md"
    target.write_bytes(OLD)
    target.chmod(0o444)
    shared_folder.chmod(0o777)
    done = python(AS_NOBODY, str(target), capture_output=True)
    assert done.returncode == 5, done
    assert "read-only" in done.stdout.decode()
    assert target.read_bytes() == OLD


def test_a_limit_on_file_size_keeps_the_old_file(target: Path) -> None:
    target.write_bytes(OLD)
    script = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "from mlworkflow.cli.output import write_file\n"
        "from mlworkflow.errors import MlworkflowError\n"
        "try: write_file(sys.argv[1], b'x' * 100_000)\n"
        "except MlworkflowError as error: sys.exit(error.exit_code)\n"
    )
    done = python(script, str(target))
    assert done.returncode == 5
    assert target.read_bytes() == OLD
    assert leftovers(target.parent) == []


def test_a_run_that_is_killed_at_any_moment_leaves_no_half_file(target: Path) -> None:
    script = (
        "import sys\n"
        "from mlworkflow.cli.output import write_file\n"
        "print('ready', flush=True)\n"
        "for turn in range(10**6): write_file(sys.argv[1], b'ab'[turn % 2 : turn % 2 + 1] * 3_000_000)\n"
    )
    for moment in range(8):
        command = [sys.executable, "-c", script, str(target)]
        with subprocess.Popen(command, env=HERE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.02 + moment / 150)
            process.send_signal(signal.SIGKILL)
        if target.exists():
            content = target.read_bytes()
            assert content in (b"a" * 3_000_000, b"b" * 3_000_000)


def test_two_runs_at_once_leave_one_whole_file(target: Path) -> None:
    contents = [bytes([letter]) * 200_000 for letter in b"abcdef"]
    refused: list[BaseException] = []

    def write(content: bytes) -> None:
        try:
            write_file(str(target), content)
        except WorkProtected as error:
            refused.append(error)

    threads = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) < len(contents)
    assert target.read_bytes() in contents
    assert leftovers(target.parent) == []


EMIT = (
    "import sys\n"
    "from mlworkflow.cli.output import emit\n"
    "from mlworkflow.errors import MlworkflowError\n"
    "try: emit(b'line\\n' * int(sys.argv[1]))\n"
    "except MlworkflowError as error: print(error, file=sys.stderr); sys.exit(error.exit_code)\n"
)
UNBUFFERED = pytest.mark.parametrize("unbuffered", ["", "1"])


@UNBUFFERED
def test_standard_output_gets_every_byte(unbuffered: str) -> None:
    done = python(EMIT, "400000", env={"PYTHONUNBUFFERED": unbuffered}, capture_output=True)
    assert (done.returncode, done.stdout == b"line\n" * 400_000, done.stderr) == (0, True, b"")


@UNBUFFERED
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
def test_a_full_device_is_an_error(unbuffered: str) -> None:
    with open("/dev/full", "wb") as full:
        done = python(EMIT, "10", env={"PYTHONUNBUFFERED": unbuffered}, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 5
    assert b"standard output: only 0 of 50 bytes could be written: No space left on device" in done.stderr


@UNBUFFERED
def test_a_document_that_is_cut_short_is_an_error(unbuffered: str, tmp_path: Path) -> None:
    limited = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n" + EMIT
    with open(tmp_path / "cut.md", "wb") as file:
        done = python(limited, "400000", env={"PYTHONUNBUFFERED": unbuffered}, stdout=file, stderr=subprocess.PIPE)
    assert done.returncode == 5
    assert b"only 65536 of 2000000 bytes could be written: File too large" in done.stderr


@UNBUFFERED
def test_a_reader_who_leaves_gets_141(unbuffered: str) -> None:
    environment = {**HERE, "PYTHONUNBUFFERED": unbuffered}
    command = [sys.executable, "-c", EMIT, "400000"]
    with (
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as writer,
        subprocess.Popen(["head", "-n", "1"], stdin=writer.stdout, stdout=subprocess.PIPE) as reader,
    ):
        assert writer.stdout is not None
        writer.stdout.close()
        assert reader.communicate()[0] == b"line\n"
        assert writer.wait(60) == 141


def test_a_closed_standard_output_is_an_error() -> None:
    done = python(EMIT, "10", stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1))
    assert done.returncode == 5
    assert b"standard output: it is closed" in done.stderr


def test_an_output_closed_later_is_an_error() -> None:
    done = python("import os\nos.close(1)\n" + EMIT, "10", stderr=subprocess.PIPE)
    assert done.returncode == 5
    assert b"Bad file descriptor" in done.stderr


def test_a_pipe_that_does_not_wait_is_waited_for() -> None:
    done = python("import os\nos.set_blocking(1, False)\n" + EMIT, "400000", capture_output=True)
    assert (done.returncode, len(done.stdout), done.stderr) == (0, 2_000_000, b"")


def test_a_file_is_written_when_every_standard_stream_is_closed(target: Path) -> None:
    script = (
        "import os, sys\n"
        "from mlworkflow.cli.output import write_file\n"
        "real = os.write\n"
        "os.write = lambda descriptor, data: real(descriptor if descriptor > 2 else -1, data)\n"
        "write_file(sys.argv[1], b'new')\n"
    )
    done = python(script, str(target), preexec_fn=lambda: os.closerange(0, 3))
    assert done.returncode == 0
    assert target.read_bytes() == b"new"


def test_nothing_is_written_for_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    emit(b"")
    emit("né\n".encode())
    assert capfd.readouterr().out == "né\n"


def test_a_reader_who_left_is_no_failure_of_ours() -> None:
    assert ReaderLeft("the reader left").exit_code == 141
