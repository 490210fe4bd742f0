"""The strict door for answers: bytes from outside become plain values, or one error that names every mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from mlworkflow.errors import CannotReadOrWrite, InputRefused, UsageProblem
from mlworkflow.reading.characters import bounded, clean_text, visible
from mlworkflow.reading.door import Door
from mlworkflow.reading.limits import DEEPEST, LARGEST_FILE, LARGEST_INTEGER, LONGEST_STRING, MOST_PROBLEMS, MOST_VALUES
from mlworkflow.reading.parsing import check_depth, parse_json, parse_toml
from mlworkflow.reading.places import Keys, Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = [
    "DEEPEST",
    "LARGEST_FILE",
    "LARGEST_INTEGER",
    "LONGEST_STRING",
    "MOST_PROBLEMS",
    "MOST_VALUES",
    "Document",
    "clean_text",
    "decoded",
    "read_answers",
    "read_bytes",
    "with_plain_ends",
]


@dataclass(frozen=True)
class Document:
    """Plain values, and the line on which each of them stands."""

    values: dict[str, object]
    format: str
    text: str = field(default="", repr=False)

    def line_of(self, *keys: str | int) -> int | None:
        """Return the line of a key, or of a key within an entry of a list, counting entries from 0."""
        return self._lines.get(keys)

    @cached_property
    def _lines(self) -> dict[Keys, int]:
        return Places(self.text, self.format).first_lines()


def with_plain_ends(data: bytes) -> bytes:
    """Return the bytes with the line ends that we write, where git or an editor gave them others."""
    return data.replace(b"\r\n", b"\n")


def read_bytes(path_or_dash: str, stdin: BinaryIO | None) -> bytes:
    """Return at most one megabyte from a file, or from standard input for a dash."""
    if path_or_dash == "-":
        return _from_stdin(stdin)
    try:
        with open(path_or_dash, "rb") as file:
            return _at_most(file, visible(path_or_dash))
    except FileNotFoundError:
        raise _unreadable(
            path_or_dash, "there is no such file", "check the path, or give - for standard input"
        ) from None
    except IsADirectoryError:
        raise _unreadable(path_or_dash, "this is a folder", "name the answers file inside it") from None
    except PermissionError:
        raise _unreadable(path_or_dash, "you may not read this file", "change its permissions, or copy it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the path cannot be used"
        raise _unreadable(path_or_dash, f"cannot be read: {reason}", "give another path") from None


def _from_stdin(stdin: BinaryIO | None) -> bytes:
    fix = "name a file, or pipe the answers in"
    if stdin is None or stdin.closed:
        raise UsageProblem("standard input is closed", place="standard input", fix=fix)
    try:
        return _at_most(stdin, "standard input")
    except OSError as error:
        raise _unreadable("standard input", f"cannot be read: {error.strerror}", fix) from None


def _at_most(file: BinaryIO, place: str) -> bytes:
    """Return what a file holds, asking for one byte more than is allowed."""
    if file.isatty():
        raise UsageProblem("a terminal holds no answers", place=place, fix="name a file, or pipe the answers in")
    parts: list[bytes] = []
    left = LARGEST_FILE + 1
    while left and (part := file.read(left)):
        parts.append(part)
        left -= len(part)
    data = b"".join(parts)
    _check_size(data, place)
    return data


def _check_size(data: bytes, place: str) -> None:
    if len(data) > LARGEST_FILE:
        raise InputRefused("larger than 1 MB", place=place, fix="answers are short; is this the right file?")


def _unreadable(path: str, what: str, fix: str) -> CannotReadOrWrite:
    return CannotReadOrWrite(what, place=visible(path), fix=fix)


def read_answers(data: bytes, name: str, format: str = "auto", door: type[Door] = Door) -> Document:
    """Return the answers in TOML or JSON text, or refuse them with every mistake that can be seen at once."""
    place = "standard input" if name == "-" else visible(name)
    _check_size(data, place)
    text = decoded(data, place)
    chosen = _format_of(text, name, format, place)
    check_depth(text, place)
    parse = parse_json if chosen == "json" else parse_toml
    parsed, problems = parse(text, place)
    if not isinstance(parsed, dict) or not parsed:
        raise _no_table(parsed, place)
    through = door(place, Document({}, chosen, text).line_of)
    values = through.table(parsed, ())
    if found := problems + through.problems:
        raise InputRefused.because(bounded(found, place))
    return Document(values, chosen, text)


def decoded(data: bytes, place: str) -> str:
    """Return the text of UTF-8 bytes, or refuse them with the place of the first bad one."""
    fix = "save the file as UTF-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputRefused("this is UTF-16, seen at byte offset 0", place=place, fix=fix)
    if (offset := data.find(0)) >= 0:
        raise InputRefused(f"a zero byte (NUL) at byte offset {offset}", place=place, fix=fix)
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"not UTF-8 at byte offset {error.start}"
        raise InputRefused(what, place=f"{place}:{line}", fix=fix) from None


def _format_of(text: str, name: str, format: str, place: str) -> str:
    """Return toml or json: what was asked for, else what the name ends with, else what the text begins with."""
    ending = name.lower().rpartition(".")[2]
    if format not in ("auto", "toml", "json"):
        raise UsageProblem("the format of answers is toml or json", fix="leave it out to have it recognised")
    if format != "auto":
        return format
    if ending in ("yaml", "yml"):
        raise InputRefused("YAML is not read", place=place, fix="write the answers as TOML or JSON")
    if ending in ("toml", "json"):
        return ending
    return "json" if text.lstrip()[:1] in ("{", '"') or _is_json_list(text) else "toml"


def _is_json_list(text: str) -> bool:
    start = text.lstrip()[:200]
    return bool(re.match(r"\[\s*(\{|[0-9\"][^\]]*,|\]\s*$)", start))


def _no_table(parsed: object, place: str) -> InputRefused:
    kinds = {dict: "nothing", list: "a list", str: "text", bool: "a flag", int: "a number", float: "a number"}
    got = kinds.get(type(parsed), "nothing")
    return InputRefused(
        f"expected a table of answers, got {got}", place=place, fix='write lines such as name = "churn"'
    )
