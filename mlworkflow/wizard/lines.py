"""Changes an answers file line by line: one key or one table becomes what it should be, every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_TOKEN = re.compile(
    r"""
    "{3} [^"\\]*+ (?: (?: \\. | "(?!"") ) [^"\\]*+ )*+ (?: "{3,5} | \Z )
  | '{3}  [^']*+   (?: '(?!'') [^']*+ )*+               (?: '{3,5} | \Z )
  | "     [^"\\\n]*+ (?: \\[^\n] [^"\\\n]*+ )*+ "?+
  | '     [^'\n]*+ '?+
  | \#    [^\n]*+
  | [][{}=\n]
  | [^][{}=\n"'\#]++
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement with its line end: a key with its value, a header, or a line with neither."""

    text: str
    key: str = ""
    header: str = ""


def pieces(text: str) -> list[Piece]:
    """Return the statements of a TOML text; joined, they are the text."""
    return [_piece(one) for one in _statements(text)]


def says_something(text: str) -> bool:
    """Whether a TOML text holds more than remarks."""
    return any(piece.key or piece.header for piece in pieces(text))


def _statements(text: str) -> Iterator[str]:
    start = depth = 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        depth += (token in ("[", "{")) - (token in ("]", "}"))
        if token == "\n" and depth <= 0:
            yield text[start : found.end()]
            start, depth = found.end(), 0
    if start < len(text):
        yield text[start:]


def _piece(text: str) -> Piece:
    bare = text.lstrip("\ufeff").strip()
    if not bare or bare.startswith("#"):
        return Piece(text)
    if bare.startswith("["):
        return Piece(text, header=re.sub(r"[\s\"']", "", bare.split("#", 1)[0]))
    return Piece(text, key=bare.split("=", 1)[0].strip().strip("\"'"))


def set_aside(text: str, numbers: set[int]) -> str:
    """Return the text with what stands on these lines as remarks: a key, or a table from its header on."""
    found, at, within = [], 1, False
    for piece in pieces(text):
        size = piece.text.count("\n")
        hit = any(at <= number < at + max(size, 1) for number in numbers)
        within = hit if piece.header else within
        if (hit or within) and (piece.key or piece.header):
            piece = Piece("".join(f"# not taken: {line}" for line in piece.text.splitlines(keepends=True)))
        found.append(piece)
        at += size
    return _joined(found)


# ------------------------------------------------------------------ one key


def with_value(text: str, key: str, literal: str, before: Sequence[str] = (), comment: str = "") -> str:
    """Return the text with this value of the key; a new key stands after the last of those that come before it."""
    found = pieces(text)
    top = _first_header(found)
    for index, piece in enumerate(found[:top]):
        if piece.key == key:
            found[index] = Piece(_revalued(piece.text, literal), key)
            return _joined(found)
    end = _line_end(text)
    said = "".join(f"# {line}{end}" for line in comment.split("\n") if line)
    at = _place(found, top, before)
    found.insert(at, Piece(f"{said}{key} = {literal}{end}", key))
    if at + 1 < len(found) and found[at + 1].header:
        found.insert(at + 1, Piece(end))
    return _joined(_ended(found, at, end))


def without_value(text: str, key: str, comment: str = "") -> str:
    """Return the text without the key; what a person wrote about it stays."""
    found = pieces(text)
    index = next((index for index, piece in enumerate(found[: _first_header(found)]) if piece.key == key), None)
    if index is None:
        return text
    remark = _parts(found[index].text)[2].strip()
    found[index : index + 1] = [Piece(remark + _line_end(text))] if remark else []
    ours = {f"# {line}" for line in comment.split("\n") if line}
    while index and found[index - 1].text.strip() in ours:
        index -= 1
        del found[index]
    return _joined(found)


def _place(found: list[Piece], top: int, before: Sequence[str]) -> int:
    after = [index for index, piece in enumerate(found[:top]) if piece.key in (*before, "schema") and piece.key]
    if after:
        return after[-1] + 1
    keys = [index for index, piece in enumerate(found[:top]) if piece.key]
    return keys[0] if keys else top


def _first_header(found: list[Piece]) -> int:
    return next((index for index, piece in enumerate(found) if piece.header), len(found))


def _revalued(text: str, literal: str) -> str:
    head, _, rest = _parts(text)
    return f"{head}{literal}{rest}"


def _parts(text: str) -> tuple[str, str, str]:
    """Return a statement as what stands before its value, the value, and what stands behind it."""
    depth = begin = 0
    end = len(text.rstrip())
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token == "=" and not begin:
            begin = found.end() + len(text[found.end() :]) - len(text[found.end() :].lstrip(" \t"))
        depth += (token in ("[", "{")) - (token in ("]", "}"))
        if token.startswith("#") and depth == 0:
            end = len(text[: found.start()].rstrip())
    return text[:begin], text[begin:end], text[end:]


# ------------------------------------------------------------------ tables of a list


def blocks(found: list[Piece], name: str) -> list[tuple[int, int]]:
    """Return where the tables of a list begin and end; remarks before the next header belong to that one."""
    heads = [index for index, piece in enumerate(found) if piece.header]
    ranges = []
    for index, following in pairwise([*heads, len(found)]):
        if found[index].header == f"[[{name}]]":
            end = following
            while end > index + 1 and not found[end - 1].key:
                end -= 1
            ranges.append((index, end))
    return ranges


def with_block(text: str, name: str, fields: Sequence[tuple[str, str]]) -> str:
    """Return the text with one table more in the list, behind the others."""
    found = pieces(text)
    end = _line_end(text)
    ranges = blocks(found, name)
    at = ranges[-1][1] if ranges else len(found)
    lines = ["", f"[[{name}]]", *(f"{key} = {literal}" for key, literal in fields)]
    found[at:at] = [Piece(end.join(lines) + end)]
    return _joined(_ended(found, at, end))


def with_fields(text: str, name: str, index: int, fields: Sequence[tuple[str, str]], order: Sequence[str]) -> str:
    """Return the text with these fields in one table; lines that say the same already stay as they are."""
    found = pieces(text)
    start, end = blocks(found, name)[index]
    body = _joined(found[start + 1 : end])
    wanted = dict(fields)
    for key in [piece.key for piece in found[start + 1 : end] if piece.key and piece.key not in wanted]:
        body = without_value(body, key)
    for key, literal in fields:
        if (key, literal) not in _said(body):
            body = with_value(body, key, literal, order[: order.index(key)])
    return _joined(found[: start + 1]) + body + _joined(found[end:])


def _said(body: str) -> set[tuple[str, str]]:
    return {(piece.key, _parts(piece.text)[1]) for piece in pieces(body) if piece.key}


def without_block(text: str, name: str, index: int) -> str:
    """Return the text without one table of the list."""
    found = pieces(text)
    start, end = blocks(found, name)[index]
    if start and not found[start - 1].text.strip():
        start -= 1
    return _joined(found[:start] + found[end:])


# ------------------------------------------------------------------ joined again


def _ended(found: list[Piece], at: int, end: str) -> list[Piece]:
    """Give the line before a new one its end, where the file had none."""
    if at and not found[at - 1].text.endswith("\n"):
        before = found[at - 1]
        found[at - 1] = Piece(before.text + end, before.key, before.header)
    return found


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _joined(found: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in found)
