"""On which line each key and each list entry stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mlworkflow.reading.characters import composed
from mlworkflow.reading.limits import DEEPEST

Keys = tuple[str | int, ...]

TOKEN = r"""
    \"{3} [^"\\]*+ (?: (?: \\. | "(?!"") ) [^"\\]*+ )*+ (?: "{3,5} | \Z )
  | '{3}  [^']*+   (?: '(?!'') [^']*+ )*+               (?: '{3,5} | \Z )
  | "     [^"\\\n]*+ (?: \\[^\n] [^"\\\n]*+ )*+ "?+
  | '     [^'\n]*+ '?+
  | \#    [^\n]*+
  | [][{},=:.\n]
  | [^][{},=:.\n"'\#]++
"""
TOKENS = re.VERBOSE | re.DOTALL


class Places:
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
            return composed(token)
        if "\\" not in token or quote == "'":
            return composed(token[1:-1])
        return composed(_unescaped(token, self._format))

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
    for found in re.finditer(TOKEN, text, TOKENS):
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
