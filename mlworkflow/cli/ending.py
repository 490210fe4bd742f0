"""How a run ends: the one place where an error becomes a message and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from mlworkflow.cli.output import ReaderLeft
from mlworkflow.documents.escape import visible
from mlworkflow.errors import CheckFound, MlworkflowError, Problem

READER_LEFT = ReaderLeft.exit_code
A_BUG = 70
_STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(BaseException):
    """Somebody ended the run from outside; on the way out temporary files are removed."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


def ended(run: Callable[[list[str]], int], words: list[str]) -> int:
    """Return the exit code of a run, with every problem said on standard error."""
    try:
        with _listening():
            return run(words)
    except ReaderLeft as left:
        return left.exit_code
    except MlworkflowError as error:
        report(error)
        return error.exit_code
    except Stopped as stopped:
        say("interrupted")
        return stopped.exit_code
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except BrokenPipeError:
        let_go_of_standard_output()
        return READER_LEFT
    except Exception as error:
        return _a_bug(error, words)


def say(text: str) -> None:
    """Write lines to standard error, if anybody can read them there."""
    if sys.stderr is None:
        return
    with suppress(OSError, ValueError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def report(error: MlworkflowError) -> None:
    """Say every problem: where it is, what is wrong, and what to do next."""
    word = "found" if isinstance(error, CheckFound) else "error"
    say("\n".join(_lines(problem, word) for problem in error.problems))


def _lines(problem: Problem, word: str) -> str:
    place = f"{shown(problem.place)}: " if problem.place else ""
    text = f"{word}: {place}{shown(problem.what)}"
    return f"{text}\n  fix: {shown(problem.fix)}" if problem.fix else text


def shown(text: str) -> str:
    """Return text with nothing in it that steers a terminal; its own line breaks are indented."""
    return "\n       ".join(visible(line) for line in text.split("\n"))


@contextmanager
def _listening() -> Iterator[None]:
    """Turn the signals that end a program into an exception, once."""
    before: dict[int, Any] = {}

    def stop(number: int, frame: object) -> None:
        for one in before:
            signal.signal(one, signal.SIG_IGN)
        raise Stopped(number)

    try:
        for name in _STOPPING:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, stop)
    except ValueError:  # not in the main thread, where somebody else listens
        pass
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _a_bug(error: Exception, words: Sequence[str]) -> int:
    if "--debug" in words or os.environ.get("MLWORKFLOW_DEBUG", "0") not in ("", "0"):
        import traceback

        say(traceback.format_exc().rstrip("\n"))
    say(f"internal error: {shown(f'{type(error).__name__}: {error}')}")
    say("  fix: this is a bug; run it again with --debug for the details, and report them")
    return A_BUG


def let_go_of_standard_output() -> None:
    """Keep Python from writing, at its end, to a reader that has left."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
