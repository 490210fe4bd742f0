"""Plain values as YAML that every reader takes for the same values, whatever stands in a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# A key or word that no reader of YAML 1.1 or 1.2 takes for a number, a date, a flag or nothing.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*\Z")
_READ_AS_SOMETHING = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"}
_NOT_PRINTABLE = re.compile(r'[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029"\\]')


def as_yaml(data: Any, comment: str = "") -> str:
    """Return the values in block style, below a comment of one or more lines."""
    head = "".join(f"# {line}\n" for line in comment.splitlines())
    return head + "\n".join(_block(data, "")) + "\n"


def _block(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        for key, one in value.items():
            yield from _entry(f"{indent}{_scalar(str(key))}:", one, indent)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for one in value:
            yield from _item(one, indent)
    else:
        yield f"{indent}{_scalar(value)}"


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if _nests(value):
        yield head
        yield from _block(value, f"{indent}  ")
    else:
        yield f"{head} {_scalar(value)}"


def _item(value: Any, indent: str) -> Iterator[str]:
    if not _nests(value):
        yield f"{indent}- {_scalar(value)}"
        return
    first, *others = _block(value, f"{indent}  ")
    yield f"{indent}- {first[len(indent) + 2 :]}"
    yield from others


def _nests(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple) and bool(value)


def _scalar(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _number(value)
        case str():
            return value if _PLAIN.match(value) and value.lower() not in _READ_AS_SOMETHING else quoted(value)
        case Mapping():
            return "{}"
        case _:
            return "[]"


def _number(value: float) -> str:
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    # YAML 1.1 reads 1e-05 as a text: it wants a point and a sign.
    return re.sub(r"^(-?\d+)e", r"\1.0e", text) if "e" in text else text


def quoted(text: str) -> str:
    """Return a text in double quotes, on one line, with everything that is not printable written out."""
    return f'"{_NOT_PRINTABLE.sub(_written_out, text)}"'


def _written_out(match: re.Match[str]) -> str:
    if match[0] in '"\\':
        return f"\\{match[0]}"
    number = ord(match[0])
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"
