"""The answers file as the draft: read once, held by a lock, and written whole after every answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from mlworkflow.answers.gathering import SCHEMA
from mlworkflow.errors import CannotReadOrWrite, WorkProtected
from mlworkflow.reading import read_answers
from mlworkflow.wizard import lines

HEAD = f"""#:schema ./answers.schema.json
# Answers for mlworkflow. `mlworkflow new` on this file goes on with it, `mlworkflow generate` writes the document.
# For completion in an editor: mlworkflow schema > answers.schema.json
schema = {SCHEMA}
"""
Save = Callable[[bytes, bytes | None], object]


class Draft:
    """What the answers file holds; `save(new, old)` puts it on disk."""

    def __init__(self, name: str, data: bytes | None, save: Save) -> None:
        self.name = name
        self.data = data
        self._save = save

    @property
    def text(self) -> str:
        """The file as text; one that is not there yet, or says nothing, begins with its head."""
        said = "" if self.data is None else self.data.decode("utf-8")
        return said if lines.says_something(said) else said + HEAD

    @property
    def commented(self) -> bool:
        """Whether the file is one that we began, with the question above each answer."""
        return self.text.startswith(HEAD.split("\n", 1)[0])

    def values(self, text: str | None = None) -> Mapping[str, Any]:
        """Return the answers in the file, or in the text that it is about to hold."""
        return read_answers((self.text if text is None else text).encode("utf-8"), self.name, "toml").values

    def keep(self, text: str) -> None:
        """Put the text on disk, whole, before anything else happens."""
        data = text.encode("utf-8")
        if data != self.data:
            self._save(data, self.data)
            self.data = data


@contextmanager
def locked(path: str) -> Iterator[None]:
    """Hold the file for this run alone; the kernel lets go of it however the run ends."""
    try:
        import fcntl
    except ImportError:  # without it two runs on one file are only found when the second writes
        yield
        return
    folder, name = os.path.split(os.path.realpath(path))
    beside = os.path.join(folder, f".{name}.lock")
    descriptor = _held(beside, path, fcntl.flock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        yield
    finally:
        with suppress(OSError):
            os.unlink(beside)
        os.close(descriptor)


def _held(beside: str, path: str, lock: Callable[[int, int], object], how: int) -> int:
    """Return the lock file, locked; one that its last holder removed meanwhile is made anew."""
    while True:
        descriptor = _opened(beside, path)
        try:
            lock(descriptor, how)
            if os.path.samestat(os.fstat(descriptor), os.stat(beside, follow_symlinks=False)):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, str(os.getpid()).encode(), 0)
                return descriptor
        except BlockingIOError as error:
            who = os.pread(descriptor, 20, 0).decode("ascii", "replace")
            os.close(descriptor)
            raise _open_already(path, f" (process {who})" if who.isdigit() else "") from error
        except FileNotFoundError:
            pass
        os.close(descriptor)


def _opened(beside: str, path: str) -> int:
    try:
        return os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        what = f"no lock file can be made beside it: {error.strerror}"
        raise CannotReadOrWrite(what, place=path, fix="name a file in a directory of your own") from error


def _open_already(path: str, who: str) -> WorkProtected:
    return WorkProtected(f"another session is open on this file{who}", place=path, fix="end it, or name another file")
