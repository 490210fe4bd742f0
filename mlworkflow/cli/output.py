"""The only way out: bytes to standard output or to a file, all of them or an error."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from mlworkflow.documents.escape import visible
from mlworkflow.errors import CannotReadOrWrite, MlworkflowError, WorkProtected

_STDOUT = 1
_TEMPORARY = (".mlworkflow-", ".tmp")
_STALE_AFTER_SECONDS = 3600
# Windows has none of these; without them a file is still replaced whole.
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_NO_SYNC_HERE = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)


class ReaderLeft(MlworkflowError):
    """Whoever read our output has seen enough; nothing is wrong and nothing is printed."""

    exit_code = 141


def emit(data: bytes) -> None:
    """Write all of the bytes to standard output, or raise."""
    if sys.stdout is None:
        raise CannotReadOrWrite("it is closed, so there is nowhere to write to", place="standard output")
    written = 0
    try:
        for count in _written(_STDOUT, data):
            written += count
    except ConnectionError as left:
        raise ReaderLeft("the reader left", place="standard output") from left
    except OSError as error:
        what = f"only {written} of {len(data)} bytes could be written: {_why(error)}"
        raise CannotReadOrWrite(what, place="standard output", fix="make room, or send the output elsewhere") from error


def write_file(path: str, data: bytes, *, expected: bytes | None = None) -> str:
    """Make the file hold exactly the bytes, or leave it as it was; say 'created', 'updated' or 'unchanged'."""
    shown = visible(path)
    try:
        target = _followed(path, shown)
        with _opened_folder(target, path, shown) as place:
            return _write_in(place, data, expected)
    except ValueError as error:
        raise CannotReadOrWrite("no file can have this name", place=shown) from error
    except OSError as error:
        raise CannotReadOrWrite(f"cannot be written: {_why(error)}", place=shown) from error


@dataclass(frozen=True)
class _Place:
    """A name in a directory that was opened once, so that nobody can swap it for another."""

    folder: str
    name: str
    descriptor: int | None
    shown: str

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name) if self.descriptor is None else name


def _written(descriptor: int, data: bytes) -> Iterator[int]:
    """Write everything, however little each call takes, and yield what each call took."""
    rest = memoryview(data)
    while rest:
        try:
            count = os.write(descriptor, rest)
        except BlockingIOError:
            _wait_until_writable(descriptor)
            continue
        if count == 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[count:]
        yield count


def _wait_until_writable(descriptor: int) -> None:
    import select

    select.select([], [descriptor], [])


def _followed(path: str, shown: str) -> str:
    """Return the real path that is written to, unless a link leads out of the project."""
    if not os.path.basename(path):
        raise CannotReadOrWrite("this names a directory", place=shown, fix=_name_a_file(path))
    _refuse_what_is_no_file(path, shown)
    target = os.path.realpath(path)
    if os.path.islink(path) and not _is_at_home(target, path):
        what = f"this is a link that leads out of the project, to {visible(target)}"
        raise WorkProtected(what, place=shown, fix="name the file itself")
    return target


def _is_at_home(target: str, path: str) -> bool:
    homes = (os.getcwd(), os.path.realpath(os.path.dirname(path) or os.curdir))
    return any(home != os.path.dirname(home) and os.path.commonpath((home, target)) == home for home in homes)


@contextmanager
def _opened_folder(target: str, path: str, shown: str) -> Iterator[_Place]:
    folder, name = os.path.split(target)
    if os.open not in os.supports_dir_fd:
        yield _Place(folder, name, None, shown)
        return
    descriptor = _open_folder(folder, path, shown)
    try:
        yield _Place(folder, name, descriptor, shown)
    finally:
        os.close(descriptor)


def _open_folder(folder: str, path: str, shown: str) -> int:
    try:
        return _above_the_standard_streams(os.open(folder, os.O_RDONLY | _DIRECTORY | _NO_FOLLOW))
    except FileNotFoundError as error:
        fix = f"mkdir -p {_quoted(os.path.dirname(path) or folder)}"
        raise CannotReadOrWrite("its directory does not exist", place=shown, fix=fix) from error
    except NotADirectoryError as error:
        raise CannotReadOrWrite(f"{visible(folder)} is not a directory", place=shown) from error
    except PermissionError as error:
        raise _folder_refuses(folder, shown, error) from error


def _write_in(place: _Place, data: bytes, expected: bytes | None) -> str:
    before, status = _read(place)
    if status is not None:
        _refuse_what_is_shared_or_locked(place, status)
    if before == data:
        return "unchanged"
    wanted = before if expected is None else expected
    _refuse_a_change(place, before, wanted)
    _remove_stale(place)
    _replace(place, data, status, wanted)
    return "created" if status is None else "updated"


def _read(place: _Place) -> tuple[bytes | None, os.stat_result | None]:
    """Return what the file holds and what it is, or nothing when there is no file."""
    path = place.path(place.name)
    try:
        descriptor = os.open(path, os.O_RDONLY | _NO_FOLLOW | _NO_WAIT | _BINARY, dir_fd=place.descriptor)
    except FileNotFoundError:
        return None, None
    with open(_above_the_standard_streams(descriptor), "rb", buffering=0) as file:
        _refuse_what_is_no_file(file.fileno(), place.shown)
        return file.read(), os.fstat(file.fileno())


def _refuse_what_is_no_file(path: str | int, shown: str) -> None:
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise CannotReadOrWrite("this is a directory", place=shown, fix=_name_a_file(shown))
    if not stat.S_ISREG(mode):
        raise CannotReadOrWrite("this is a device or a pipe, not a file", place=shown)


def _refuse_what_is_shared_or_locked(place: _Place, status: os.stat_result) -> None:
    if status.st_nlink > 1:
        what = f"this file has {status.st_nlink} names (hard links), and the others would keep the old text"
        raise WorkProtected(what, place=place.shown, fix="name a file of its own, or remove the other names")
    if not os.access(place.path(place.name), os.W_OK, dir_fd=place.descriptor):
        raise CannotReadOrWrite("this file is read-only", place=place.shown, fix=f"chmod u+w {_quoted(place.shown)}")


def _refuse_a_change(place: _Place, found: bytes | None, wanted: bytes | None) -> None:
    if found != wanted:
        fix = "look at the file, then run the command again"
        raise WorkProtected("this file was changed by another run; it is left alone", place=place.shown, fix=fix)


def _replace(place: _Place, data: bytes, old: os.stat_result | None, wanted: bytes | None) -> None:
    """Write a file beside the target, then put it in the target's place in one step."""
    temporary = place.path(os.urandom(8).hex().join(_TEMPORARY))
    try:
        _write_temporary(place, temporary, data, old)
        _refuse_a_change(place, _read(place)[0], wanted)
        os.replace(temporary, place.path(place.name), src_dir_fd=place.descriptor, dst_dir_fd=place.descriptor)
    finally:
        # Also when a signal came between the making and the noting of it; after the replacing there is none.
        with suppress(OSError):
            os.unlink(temporary, dir_fd=place.descriptor)
    if place.descriptor is not None:
        _sync(place.descriptor)


def _write_temporary(place: _Place, temporary: str, data: bytes, old: os.stat_result | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY
    try:
        # A new file gets the mode that umask and the directory give; an old one keeps its own, set below.
        made = os.open(temporary, flags, 0o666 if old is None else 0o600, dir_fd=place.descriptor)
    except PermissionError as error:
        raise _folder_refuses(place.folder, place.shown, error) from error
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        raise _folder_refuses(place.folder, place.shown, error) from error
    descriptor = _above_the_standard_streams(made)
    try:
        _fill(descriptor, place, data, old)
    finally:
        os.close(descriptor)


def _fill(descriptor: int, place: _Place, data: bytes, old: os.stat_result | None) -> None:
    try:
        if old is not None:
            _keep_owner_and_mode(descriptor, old)
        for _ in _written(descriptor, data):
            pass
        _sync(descriptor)
    except OSError as error:
        what = f"{len(data)} bytes could not be written in {visible(place.folder)}: {_why(error)}; nothing was changed"
        raise CannotReadOrWrite(what, place=place.shown, fix="make room, or name another place") from error


def _keep_owner_and_mode(descriptor: int, old: os.stat_result) -> None:
    if not hasattr(os, "fchmod"):
        return
    new = os.fstat(descriptor)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        with suppress(PermissionError):
            os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode) & 0o777)


def _sync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC_HERE:
            raise


def _remove_stale(place: _Place) -> None:
    """Remove what killed runs of ours left in the directory."""
    if place.descriptor is None:
        return
    for name in os.listdir(place.descriptor):
        if name.startswith(_TEMPORARY[0]) and name.endswith(_TEMPORARY[1]):
            with suppress(OSError):
                _remove_if_stale(place.descriptor, name)


def _remove_if_stale(folder: int, name: str) -> None:
    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
    if is_ours and time.time() - status.st_mtime > _STALE_AFTER_SECONDS:
        os.unlink(name, dir_fd=folder)


def _above_the_standard_streams(descriptor: int) -> int:
    """Return a descriptor that nobody can mistake for a standard stream that was closed."""
    if descriptor > 2:
        return descriptor
    import fcntl

    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 3)
    finally:
        os.close(descriptor)


def _folder_refuses(folder: str, shown: str, error: OSError) -> CannotReadOrWrite:
    what = f"the directory {visible(folder)} cannot be written in: {_why(error)}"
    return CannotReadOrWrite(what, place=shown, fix="name a file in another directory")


def _name_a_file(path: str) -> str:
    return f"name a file in it: {_quoted(os.path.join(path, 'workflow.md'))}"


def _quoted(path: str) -> str:
    import shlex

    return shlex.quote(visible(path))


def _why(error: OSError) -> str:
    return error.strerror or str(error)
