"""TOML and JSON text become plain values, with each mistake in words of our own."""

from __future__ import annotations

import re

from mlworkflow.errors import InputRefused, Problem
from mlworkflow.reading.characters import bounded, code_of, key_of
from mlworkflow.reading.limits import DEEPEST, LARGEST_INTEGER
from mlworkflow.reading.places import TOKEN, TOKENS, Places


def check_depth(text: str, place: str) -> None:
    """Refuse deep nesting before a parser has to recurse, and long dotted keys before it has to walk them."""
    depth = dots = 0
    for found in re.finditer(TOKEN, text, TOKENS):
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
            raise too_deep(f"{place}:{line}")


def too_deep(place: str) -> InputRefused:
    return InputRefused(f"nested deeper than {DEEPEST}", place=place, fix="answers are at most a list of tables")


# TOML


def parse_toml(text: str, place: str) -> tuple[object, list[Problem]]:
    import tomllib

    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        raise _toml_refusal(str(error), text, place) from None
    except RecursionError:
        raise too_deep(place) from None
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
        return InputRefused.because(bounded(twice, place))
    at = f"{place}:{line}:{column}" if where else f"{place}:{line}"
    what, fix = _toml_sentence(message, text, line)
    return InputRefused(what, place=at, fix=fix)


def _toml_sentence(message: str, text: str, line: int) -> tuple[str, str]:
    written = text.split("\n")[line - 1].rstrip("\r")
    if "character" in message and (bad := re.search(r"[\x00-\x08\x0b-\x1f\x7f]", written)):
        return f"the control character {code_of(bad[0])} stands in the text", "delete it"
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
        Problem(f"{place}:{lines[1]}", f"{key_of(path)} is written twice, {_on_lines(lines)}", "keep one of the two")
        for path, lines in Places(text, format).written.items()
        if len(lines) > 1 and isinstance(path[-1], str) and len(path) <= DEEPEST
    ]


def _on_lines(lines: list[int]) -> str:
    first, second = lines[:2]
    return f"on line {first} and line {second}" if first != second else f"both on line {first}"


# JSON


def parse_json(text: str, place: str) -> tuple[object, list[Problem]]:
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
        raise too_deep(place) from None
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
