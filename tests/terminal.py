"""A person at a terminal: keys go in, and what was drawn is read until it holds what is waited for."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 60.0
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[()][A-B0-2]|[=>78])")


class Terminal:
    """A program on a pseudo-terminal of its own."""

    def __init__(self, words: list[str], cwd: Path, stdout: int | None, env: Mapping[str, str]) -> None:
        self.master, slave = pty.openpty()
        self.resize(24, 80)
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("MLWORKFLOW_")}
        for name in ("CI", "ACCESSIBLE", "NO_COLOR"):
            surroundings.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mlworkflow", *words],
            stdin=slave,
            stdout=slave if stdout is None else stdout,
            stderr=slave,
            cwd=cwd,
            env={**surroundings, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **env},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        self.raw = ""
        self.seen = 0

    def resize(self, rows: int, columns: int) -> None:
        """Make the terminal so large."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def text(self) -> str:
        """Everything that was drawn, without what only steers the terminal."""
        return _ESCAPE.sub("", self.raw).replace("\r", "")

    def expect(self, *wanted: str) -> str:
        """Return what came up to the last wanted text, each of them after the one before."""
        start = self.seen
        for one in wanted:
            deadline = time.monotonic() + PATIENCE
            while (at := self.text.find(one, self.seen)) < 0:
                assert time.monotonic() < deadline, f"{one!r} did not come; there is:\n{self.text[start:]}"
                if not self._more(deadline - time.monotonic()):
                    at = self.text.find(one, self.seen)
                    assert at >= 0, f"{one!r} did not come before the end; there is:\n{self.text[start:]}"
                    break
            self.seen = at + len(one)
        return self.text[start : self.seen]

    def _more(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], max(0.0, seconds))
        if not ready:
            return True
        with suppress(OSError):
            data = os.read(self.master, 65536)
            self.raw += data.decode("utf-8", "replace")
            return bool(data)
        return False

    def type(self, keys: str) -> None:
        """Send keys as they are."""
        os.write(self.master, keys.encode())

    def answer(self, *lines: str) -> None:
        """Reply to one prompt after another: wait for it, then type the line and Enter."""
        for line in lines:
            self.prompted()
            self.type(f"{line}\r")

    def prompted(self) -> None:
        """Wait for the next place to answer at."""
        deadline = time.monotonic() + PATIENCE
        # An answer that was given is drawn once more behind its prompt; a prompt that waits has nothing behind it.
        prompt = re.compile(r"(?:Answer|Number|Numbers, with commas between) +\[[^\]]*\]: *\Z|Choose \((?:arrow|space)")
        while not (found := prompt.search(self.text, self.seen)):
            assert time.monotonic() < deadline, f"no prompt came; there is:\n{self.text[self.seen :]}"
            assert self._more(deadline - time.monotonic()), f"it ended; there is:\n{self.text[self.seen :]}"
        self.seen = found.end()

    def end(self) -> int:
        """Return the exit code, with everything read that was still to come."""
        while self._more(PATIENCE):
            pass
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End the program as the kernel does, without asking it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)


@contextmanager
def terminal(
    *words: str, cwd: Path, stdout: int | None = None, env: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """Run the program at a terminal, and leave nothing of it behind."""
    one = Terminal(list(words), cwd, stdout, env or {})
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.kill()
        os.close(one.master)
