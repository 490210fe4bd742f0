"""The strict door for answers: bytes from outside become plain values, or one error that names every mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from mlworkflow.errors import CannotReadOrWrite, InputRefused, Problem, UsageProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

LARGEST_FILE = 1_000_000
DEEPEST = 50
MOST_VALUES = 20_000
LONGEST_STRING = 20_000
LARGEST_INTEGER = 2**63 - 1
MOST_PROBLEMS = 50
LONGEST_KEY_SHOWN = 60

Keys = tuple[str | int, ...]


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
        return _Places(self.text, self.format).first_lines()


# Bytes


def read_bytes(path_or_dash: str, stdin: BinaryIO | None) -> bytes:
    """Return at most one megabyte from a file, or from standard input for a dash."""
    if path_or_dash == "-":
        return _from_stdin(stdin)
    try:
        with open(path_or_dash, "rb") as file:
            return _at_most(file, _visible(path_or_dash))
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
    return CannotReadOrWrite(what, place=_visible(path), fix=fix)


def _visible(text: str) -> str:
    """Return text that is safe to print: nothing in it steers a terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


# From bytes to values


def read_answers(data: bytes, name: str, format: str = "auto") -> Document:
    """Return the answers in TOML or JSON text, or refuse them with every mistake that can be seen at once."""
    place = "standard input" if name == "-" else _visible(name)
    _check_size(data, place)
    text = _decoded(data, place)
    chosen = _format_of(text, name, format, place)
    _check_depth(text, place)
    parse = _parse_json if chosen == "json" else _parse_toml
    parsed, problems = parse(text, place)
    if not isinstance(parsed, dict) or not parsed:
        raise _no_table(parsed, place)
    door = _Door(place, Document({}, chosen, text).line_of)
    values = door.table(parsed, ())
    if found := problems + door.problems:
        raise InputRefused.because(_bounded(found, place))
    return Document(values, chosen, text)


def _decoded(data: bytes, place: str) -> str:
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


def _bounded(problems: list[Problem], place: str) -> list[Problem]:
    if len(problems) <= MOST_PROBLEMS:
        return problems
    rest = Problem(place, f"and {len(problems) - MOST_PROBLEMS} more problems like these")
    return [*problems[:MOST_PROBLEMS], rest]


# Tokens: enough of TOML and JSON to count brackets and to find lines

_TOKEN = r"""
    \"{3} [^"\\]*+ (?: (?: \\. | "(?!"") ) [^"\\]*+ )*+ (?: "{3,5} | \Z )
  | '{3}  [^']*+   (?: '(?!'') [^']*+ )*+               (?: '{3,5} | \Z )
  | "     [^"\\\n]*+ (?: \\[^\n] [^"\\\n]*+ )*+ "?+
  | '     [^'\n]*+ '?+
  | \#    [^\n]*+
  | [][{},=:.\n]
  | [^][{},=:.\n"'\#]++
"""
_TOKENS = re.VERBOSE | re.DOTALL


def _check_depth(text: str, place: str) -> None:
    """Refuse deep nesting before a parser has to recurse, and long dotted keys before it has to walk them."""
    depth = dots = 0
    for found in re.finditer(_TOKEN, text, _TOKENS):
        token = found[0]
        if token in ("[", "{"):
            depth += 1
        elif token in ("]", "}"):
            depth -= 1
        elif token == ".":
            dots += 1
        elif token in ("=", ",", "\n"):
            dots = 0
        if depth > DEEPEST or dots >= DEEPEST:
            line = text.count("\n", 0, found.start()) + 1
            raise _too_deep(f"{place}:{line}")


def _too_deep(place: str) -> InputRefused:
    return InputRefused(f"nested deeper than {DEEPEST}", place=place, fix="answers are at most a list of tables")


# TOML


def _parse_toml(text: str, place: str) -> tuple[object, list[Problem]]:
    import tomllib

    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        raise _toml_refusal(str(error), text, place) from None
    except RecursionError:
        raise _too_deep(place) from None
    except ValueError:
        raise _long_number(text, place) from None


def _long_number(text: str, place: str) -> InputRefused:
    found = re.search("[0-9][0-9_]{999,}", text)
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    return InputRefused("a number with too many digits", place=f"{place}:{line}", fix="write at most 18 digits")


_TOML_SENTENCES = (
    ("Expected '=' after a key", "expected = after a key", 'write lines such as name = "churn"'),
    ("Invalid value", "this is not a TOML value", "put text into double quotes"),
    ("Invalid statement", "a line cannot begin like this", 'write lines such as name = "churn"'),
    ("Invalid initial character", "a key cannot begin like this", "put an unusual key into double quotes"),
    ("Expected newline or end of document", "expected the end of the line", "one answer a line; put text into quotes"),
    ("Unclosed array", "a list is not closed or lacks a comma", "write a list as [1, 2]"),
    ("Unclosed inline table", "a table is not closed or lacks a comma", "write a table as { a = 1, b = 2 }"),
    ("Expected ']'", "a table's name is not closed", "write [name], or [[name]] for a list of tables"),
    ("Illegal character", "a quote is not closed", "close the quote"),
    ("Unterminated string", "a quote is not closed", "close the quote"),
    ("Expected '\"", "a quote is not closed", "close the quote"),
    ("Expected \"'", "a quote is not closed", "close the quote"),
    ("Unescaped '\\'", "an unknown escape in a string", "write \\\\ for a backslash, or use single quotes"),
    ("Invalid hex value", "a \\u escape lacks digits", "write four hexadecimal digits after \\u"),
    ("Escaped character is not", "an escape names no character", "write the character itself"),
    ("Invalid date", "there is no such date or time", "write a day as 2026-11-20"),
)


def _toml_refusal(message: str, text: str, place: str) -> InputRefused:
    where = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line, column = (int(where[1]), int(where[2])) if where else (text.rstrip().count("\n") + 1, 0)
    if re.match("Cannot|Duplicate", message) and (twice := _written_twice(text, "toml", place)):
        return InputRefused.because(_bounded(twice, place))
    at = f"{place}:{line}:{column}" if where else f"{place}:{line}"
    what, fix = _toml_sentence(message, text, line)
    return InputRefused(what, place=at, fix=fix)


def _toml_sentence(message: str, text: str, line: int) -> tuple[str, str]:
    written = text.split("\n")[line - 1].rstrip("\r")
    if "character" in message and (bad := re.search(r"[\x00-\x08\x0b-\x1f\x7f]", written)):
        return f"the control character {_code(bad[0])} stands in the text", "delete it"
    if re.match(r"\s*(- |[\w-]+\s*:(\s|$)|---)", written):
        return "this looks like YAML, which is not read", 'write lines such as name = "churn"'
    for start, what, fix in _TOML_SENTENCES:
        if message.startswith(start):
            return what, fix
    if message.startswith("Cannot"):
        return "this key or table was already given a value", "keep one of the two"
    return "this is not TOML", 'write lines such as name = "churn"'


def _written_twice(text: str, format: str, place: str) -> list[Problem]:
    """Return a problem for each key that stands in the text more than once."""
    return [
        Problem(f"{place}:{lines[1]}", f"{_key(path)} is written twice, {_on_lines(lines)}", "keep one of the two")
        for path, lines in _Places(text, format).written.items()
        if len(lines) > 1 and isinstance(path[-1], str) and len(path) <= DEEPEST
    ]


def _on_lines(lines: list[int]) -> str:
    first, second = lines[:2]
    return f"on line {first} and line {second}" if first != second else f"both on line {first}"


# JSON


def _parse_json(text: str, place: str) -> tuple[object, list[Problem]]:
    import json

    twice: list[str] = []

    def table(pairs: list[tuple[str, object]]) -> dict[str, object]:
        values = dict(pairs)
        if len(values) < len(pairs):
            twice.append(place)
        return values

    try:
        parsed = json.loads(text, object_pairs_hook=table, parse_constant=float, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _json_refusal(error.msg, error.pos, text, place) from None
    except RecursionError:
        raise _too_deep(place) from None
    return parsed, _written_twice(text, "json", place) if twice else []


def _integer(digits: str) -> int:
    """Return the integer, or one that is out of range for digits that would take long to convert."""
    return int(digits) if len(digits) <= 20 else LARGEST_INTEGER + 1


def _json_refusal(message: str, position: int, text: str, place: str) -> InputRefused:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    what, fix = _json_sentence(message, text[:position].rstrip()[-1:], text[position : position + 2])
    return InputRefused(what, place=f"{place}:{line}:{column}", fix=fix)


def _json_sentence(message: str, before: str, here: str) -> tuple[str, str]:
    if not here and not before:
        return "expected a table of answers, got nothing", 'write {"name": "churn"}'
    if not here:
        return "the text ends too early", "close every bracket and quote"
    if here in ("//", "/*") or here.startswith("#"):
        return "JSON has no comments", "delete the comment, or write the answers as TOML"
    if (before == "," and here[:1] in ("]", "}")) or message.startswith("Illegal trailing comma"):
        return "a comma stands before the closing bracket", "delete the comma"
    if here.startswith("'"):
        return "JSON text stands in double quotes", 'write "text"'
    if message.startswith("Invalid control character"):
        return "a line break, tab or control character stands inside a string", "write \\n or \\t, or delete it"
    if message.startswith("Extra data"):
        return "more text after the end of the answers", "keep one table"
    return "this is not JSON", 'write {"name": "churn"}'


# Checking every value


class _Door:
    """Copies parsed values into plain ones and notes what must not come in."""

    def __init__(self, place: str, line_of: Callable[..., int | None]) -> None:
        self.problems: list[Problem] = []
        self._place = place
        self._line_of = line_of
        self._values = 0

    def table(self, table: dict[str, object], path: Keys) -> dict[str, object]:
        """Return the table with its keys and values checked."""
        self._check_room(path)
        checked: dict[str, object] = {}
        for key, value in table.items():
            tidy = self._tidy(key, (*path, key))
            if tidy in checked:
                self._note((*path, key), "is written twice in two Unicode forms", "keep one of the two")
            checked[tidy] = self._value(value, (*path, tidy))
        return checked

    def _value(self, value: object, path: Keys) -> object:
        self._values += 1
        if self._values > MOST_VALUES:
            fix = "answers are short; is this the right file?"
            raise InputRefused(f"more than {MOST_VALUES:,} values", place=self._place, fix=fix)
        if isinstance(value, str):
            return self._tidy(value, path)
        if isinstance(value, dict):
            return self.table(value, path)
        if isinstance(value, list):
            self._check_room(path)
            return [self._value(entry, (*path, index)) for index, entry in enumerate(value)]
        return self._scalar(value, path)

    def _scalar(self, value: object, path: Keys) -> object:
        if value is None:
            self._note(path, "is null, which is no answer", "leave the key out")
        elif isinstance(value, int) and abs(value) > LARGEST_INTEGER:
            self._note(path, "is a number with too many digits", "write at most 18 digits")
        elif isinstance(value, float) and not abs(value) < float("inf"):
            self._note(path, "is not a finite number", "write a number, or leave the key out")
        elif not isinstance(value, (int, float)):
            return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
        return value

    def _tidy(self, text: str, path: Keys) -> str:
        for what, fix in _faults(text):
            self._note(path, what, fix)
        return _composed(text)

    def _check_room(self, path: Keys) -> None:
        if len(path) >= DEEPEST:
            raise _too_deep(self._place)

    def _note(self, path: Keys, what: str, fix: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            place = self._where(path)
            self.problems.append(Problem(place, f"{_key(path)} {what}", fix))
        else:
            self.problems.append(Problem(self._place, what, fix))

    def _where(self, path: Keys) -> str:
        for length in range(len(path), 0, -1):
            if line := self._line_of(*(_composed(part) if isinstance(part, str) else part for part in path[:length])):
                return f"{self._place}:{line}"
        return self._place


def _key(path: Keys) -> str:
    """Return a path as a person would write it, with nothing in it that steers a terminal or gives a secret away."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{_shown(part)}"
    return text.removeprefix(".")


def _shown(key: str) -> str:
    if _is_secret(key):
        return "(hidden)"
    return _visible(key) if len(key) <= LONGEST_KEY_SHOWN else f"{_visible(key[:LONGEST_KEY_SHOWN])}…"


# Characters and secrets


def clean_text(text: str, place: str) -> str:
    """Return one string from the command line or the environment, composed and checked like text in a file."""
    problems = [Problem(place, f"the text {what}", fix) for what, fix in _faults(text)]
    if problems:
        raise InputRefused.because(problems)
    return _composed(text)


def _composed(text: str) -> str:
    """Return the text in normal form C, with line ends of one kind."""
    if text.isascii():
        return text.replace("\r\n", "\n")
    import unicodedata

    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def _faults(text: str) -> Iterator[tuple[str, str]]:
    if len(text) > LONGEST_STRING:
        yield f"is longer than {LONGEST_STRING:,} characters", "shorten it, or link to it"
        return
    if found := _foul_character(text.replace("\r\n", "\n")):
        yield found
    if _is_secret(text):
        yield "looks like a secret", "say where the secret is kept; change it if this was shared"


_SECRETS = (
    r"://[^\s/@:]{0,200}:(?![0-9]*[/?#])[^\s@]{1,200}@",
    r"(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{8}",
    r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]",
    r"(?<![A-Za-z0-9])github_pat_[A-Za-z0-9]",
    r"-----BEGIN",
    r"(?<![A-Za-z0-9])xox[abeprs]-[A-Za-z0-9]",
)


def _is_secret(text: str) -> bool:
    return any(re.search(pattern, text) for pattern in _SECRETS)


def _foul_character(text: str) -> tuple[str, str] | None:
    """Return what is wrong with the first character that may not stand in a text."""
    if text.isascii() and text.isprintable():
        return None
    for index, char in enumerate(text):
        if not char.isprintable() and char not in "\n\t" and (name := _name_of_fault(text, index)):
            return f"has {name} {_code(char)}", "delete it" if name != _UNDECODED else "give the text as UTF-8"
    return None


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"


_UNDECODED = "bytes that are not UTF-8, read as"
_JOINERS = "\u200c\u200d"
_MARKS = "\u061c\u200e\u200f"
_NUMBER_SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"


def _name_of_fault(text: str, index: int) -> str:
    """Return what to call a character that is not printable, or nothing when it is welcome where it stands."""
    import unicodedata

    char = text[index]
    category = unicodedata.category(char)
    named = {"Cc": "the control character", "Zl": "the line separator", "Zp": "the paragraph separator"}
    if category == "Cs":
        return _UNDECODED if "\udc80" <= char <= "\udcff" else "the lone surrogate"
    if char in _JOINERS:
        return "" if _is_inside_a_word(text, index) else "the invisible character"
    if char in _MARKS:
        return "" if _is_right_to_left(text) else "the invisible character"
    if category != "Cf":
        return named.get(category, "")
    return _name_of_format(char)


def _name_of_format(char: str) -> str:
    if "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069":
        return "the direction control"
    if "\U000e0000" <= char <= "\U000e007f":
        return "the tag character"
    return "" if char in _NUMBER_SIGNS else "the invisible character"


def _is_inside_a_word(text: str, index: int) -> bool:
    """Return whether letters or marks that such joiners serve stand on both sides."""
    import unicodedata

    around = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
    return len(around) == 2 and all(not char.isascii() and unicodedata.category(char)[0] in "LMS" for char in around)


def _is_right_to_left(text: str) -> bool:
    import unicodedata

    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text if char not in _MARKS)


# Lines


class _Places:
    """Finds the line of every key and list entry in text that parses; in other text, of as many as it can."""

    def __init__(self, text: str, format: str) -> None:
        self.written: dict[Keys, list[int]] = {}
        self._implied: dict[Keys, int] = {}
        self._entries: dict[Keys, int] = {}
        self._format = format
        self._tokens = _significant(text)
        self._token, self._line = next(self._tokens)
        self._read()

    def first_lines(self) -> dict[Keys, int]:
        """Return the first line of each path."""
        return self._implied | {path: lines[0] for path, lines in self.written.items()}

    def _read(self) -> None:
        if self._format == "json":
            self._skip_lines()
            self._value(())
            return
        path: Keys = ()
        while not self._at_end():
            if self._token == "\n":
                self._next()
            elif self._token == "[":
                path = self._header()
            else:
                self._value(self._named(path))

    def _next(self) -> str:
        token = self._token
        self._token, self._line = next(self._tokens, ("", self._line))
        return token

    def _at_end(self) -> bool:
        return self._token == ""

    def _skip_lines(self) -> None:
        while self._token == "\n":
            self._next()

    def _header(self) -> Keys:
        """Read [a.b] or [[a.b]] and return the path of what follows."""
        line = self._line
        self._next()
        is_entry = self._token == "["
        parts = self._parts("]")
        path = self._through_entries(parts[:-1]) + tuple(parts[-1:])
        while self._token == "]":
            self._next()
        if is_entry:
            index = self._entries[path] = self._entries.get(path, -1) + 1
            self._imply(path, line)
            path = (*path, index)
        self._write(path, line)
        return path

    def _through_entries(self, parts: Iterable[str]) -> Keys:
        path: Keys = ()
        for part in parts:
            path = (*path, part)
            self._imply(path, self._line)
            if path in self._entries:
                path = (*path, self._entries[path])
        return path

    def _named(self, path: Keys) -> Keys:
        """Read a key up to its = or : and return its path."""
        line = self._line
        parts = self._parts("=:")
        for part in parts[:-1]:
            path = (*path, part)
            self._imply(path, line)
        path = (*path, *parts[-1:])
        self._write(path, line)
        self._next()
        return path

    def _parts(self, ends: str) -> list[str]:
        parts: list[str] = []
        while not self._at_end() and self._token not in tuple(ends) and self._token != "\n":
            token = self._next()
            if token not in (".", "["):
                parts.append(self._unquoted(token))
        return parts

    def _unquoted(self, token: str) -> str:
        quote = token[0]
        if quote not in "\"'":
            return _composed(token)
        if "\\" not in token or quote == "'":
            return _composed(token[1:-1])
        return _composed(_unescaped(token, self._format))

    def _value(self, path: Keys) -> None:
        if len(path) > 3 * DEEPEST:  # only where brackets do not match, in text that was refused already
            self._next()
        elif self._token == "[":
            self._list(path)
        elif self._token == "{":
            self._table(path)
        else:
            while not self._at_end() and self._token not in (",", "]", "}", "\n"):
                self._next()

    def _list(self, path: Keys) -> None:
        index = 0
        self._next()
        while not self._at_end() and self._token != "]":
            if self._token == ",":
                index += 1
                self._next()
            elif self._token in ("\n", "}"):
                self._next()
            else:
                self._write((*path, index), self._line)
                self._value((*path, index))
        self._next()

    def _table(self, path: Keys) -> None:
        self._next()
        while not self._at_end() and self._token != "}":
            if self._token in (",", "\n", "]"):
                self._next()
                continue
            inner = self._named(path)
            self._skip_lines()
            self._value(inner)
        self._next()

    def _write(self, path: Keys, line: int) -> None:
        self.written.setdefault(path, []).append(line)

    def _imply(self, path: Keys, line: int) -> None:
        self._implied.setdefault(path, line)


def _significant(text: str) -> Iterator[tuple[str, int]]:
    """Yield tokens with their lines, without blanks and comments; an empty one marks the end."""
    line = 1
    for found in re.finditer(_TOKEN, text, _TOKENS):
        token = found[0]
        tidy = token.strip(" \t\r")
        if tidy and not tidy.startswith("#"):
            yield tidy, line
        line += token.count("\n")
    yield "", line


def _unescaped(token: str, format: str) -> str:
    """Return a quoted key as the parser of its format reads it."""
    try:
        if format == "json":
            import json

            return str(json.loads(token))
        import tomllib

        return next(iter(tomllib.loads(f"{token} = 0")))
    except ValueError:
        return token
