"""Tests that nothing but plain, clean values comes through the door, and that every refusal helps."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlworkflow.errors import CannotReadOrWrite, InputRefused, Problem, UsageProblem
from mlworkflow.reading import LARGEST_FILE, Document, clean_text, read_answers, read_bytes

TOML = '''# a design
name = "churn"
latency = """a
b"""
quick = { a = 1, b.c = 2 }
day = 2026-11-20

[deep.er]
k = 1
[[features]]
name = "a"
source = "x"
[[features]]
name = "b"
[features.more]
z = [1,
 2]
[[features]]
"so\\u0020urce" = '[['
source = "#3 = ["
'''

JSON = """{"name": "churn",
 "features": [
  {"name": "a"},
  {"name": "b", "deep": {
    "source": "}"}}]}
"""


def read(text: str | bytes, name: str = "answers.toml", format: str = "auto") -> Document:
    return read_answers(text if isinstance(text, bytes) else text.encode(), name, format)


def refused(text: str | bytes, name: str = "answers.toml") -> tuple[Problem, ...]:
    with pytest.raises(InputRefused) as refusal:
        read(text, name)
    return refusal.value.problems


# Bytes


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"a = 1\n")
    assert read_bytes(str(tmp_path / "a.toml"), io.BytesIO()) == b"a = 1\n"


def test_a_dash_reads_standard_input() -> None:
    assert read_bytes("-", io.BytesIO(b"a = 1")) == b"a = 1"


def test_a_missing_file_is_told_with_a_fix(tmp_path: Path) -> None:
    with pytest.raises(CannotReadOrWrite, match="there is no such file") as refusal:
        read_bytes(str(tmp_path / "nope"), io.BytesIO())
    assert refusal.value.exit_code == 5
    assert refusal.value.problems[0].fix


def test_a_folder_is_told_with_a_fix(tmp_path: Path) -> None:
    with pytest.raises(CannotReadOrWrite, match="this is a folder"):
        read_bytes(str(tmp_path), io.BytesIO())


def test_a_file_that_may_not_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> BinaryIO:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", denied)
    with pytest.raises(CannotReadOrWrite, match="you may not read"):
        read_bytes("answers.toml", io.BytesIO())


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "loop/" * 3000])
def test_a_path_that_cannot_exist_is_told(path: str) -> None:
    with pytest.raises(CannotReadOrWrite):
        read_bytes(path, io.BytesIO())


def test_a_path_is_shown_without_steering_the_terminal() -> None:
    with pytest.raises(CannotReadOrWrite) as refusal:
        read_bytes("no\x1b[2J\udcff", io.BytesIO())
    assert refusal.value.problems[0].place == "no\\x1b[2J\\udcff"


class Endless(io.RawIOBase):
    """A stream without an end, which counts what was taken from it."""

    taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        assert size >= 0
        self.taken += min(size, 4096)
        return b"a" * min(size, 4096)


def test_an_endless_stream_is_left_after_one_byte_too_many() -> None:
    stream = Endless()
    with pytest.raises(InputRefused, match="larger than 1 MB"):
        read_bytes("-", stream)  # type: ignore[arg-type]
    assert stream.taken == LARGEST_FILE + 1


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs /dev/zero")
def test_an_endless_device_is_left_at_once() -> None:
    with pytest.raises(InputRefused, match="larger than 1 MB"):
        read_bytes("/dev/zero", io.BytesIO())


def test_a_file_of_exactly_one_megabyte_is_read() -> None:
    assert len(read_bytes("-", io.BytesIO(b" " * LARGEST_FILE))) == LARGEST_FILE


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_not_read() -> None:
    with pytest.raises(UsageProblem) as refusal:
        read_bytes("-", Terminal())
    assert refusal.value.exit_code == 2
    assert "pipe" in refusal.value.problems[0].fix


def test_a_terminal_named_as_a_file_is_not_read() -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    try:
        with pytest.raises(UsageProblem):
            read_bytes(os.ttyname(theirs), io.BytesIO())
    finally:
        os.close(ours)
        os.close(theirs)


def test_closed_standard_input_is_told() -> None:
    closed = io.BytesIO()
    closed.close()
    for stdin in (closed, None):
        with pytest.raises(UsageProblem, match="closed"):
            read_bytes("-", stdin)


# What is read


def test_toml_becomes_plain_values() -> None:
    document = read(TOML)
    assert document.format == "toml"
    assert document.values == {
        "name": "churn",
        "latency": "a\nb",
        "quick": {"a": 1, "b": {"c": 2}},
        "day": "2026-11-20",
        "deep": {"er": {"k": 1}},
        "features": [
            {"name": "a", "source": "x"},
            {"name": "b", "more": {"z": [1, 2]}},
            {"so urce": "[[", "source": "#3 = ["},
        ],
    }


def test_json_becomes_plain_values() -> None:
    document = read(JSON, "answers.json")
    assert document.format == "json"
    assert document.values == {
        "name": "churn",
        "features": [{"name": "a"}, {"name": "b", "deep": {"source": "}"}}],
    }


def test_dates_become_iso_text() -> None:
    document = read("a = 2026-11-20\nb = 12:30:00\nc = 2026-11-20T12:30:00Z\n")
    assert document.values == {"a": "2026-11-20", "b": "12:30:00", "c": "2026-11-20T12:30:00+00:00"}


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("name",), 2),
        (("latency",), 3),
        (("quick",), 5),
        (("quick", "b", "c"), 5),
        (("day",), 6),
        (("deep",), 8),
        (("deep", "er", "k"), 9),
        (("features",), 10),
        (("features", 0), 10),
        (("features", 0, "source"), 12),
        (("features", 1, "more"), 15),
        (("features", 1, "more", "z", 1), 17),
        (("features", 2, "so urce"), 19),
        (("features", 2, "source"), 20),
        (("features", 3), None),
        (("nothing",), None),
    ],
)
def test_every_key_of_toml_knows_its_line(keys: tuple[str | int, ...], line: int | None) -> None:
    assert read(TOML).line_of(*keys) == line


@pytest.mark.parametrize(
    ("keys", "line"),
    [(("name",), 1), (("features",), 2), (("features", 1), 4), (("features", 1, "deep", "source"), 5)],
)
def test_every_key_of_json_knows_its_line(keys: tuple[str | int, ...], line: int) -> None:
    assert read(JSON, "-").line_of(*keys) == line


def test_lines_are_right_with_windows_line_ends() -> None:
    document = read(TOML.replace("\n", "\r\n"))
    assert document.line_of("features", 2, "source") == 20
    assert document.values["latency"] == "a\nb"


@pytest.mark.parametrize(
    ("text", "name", "format"),
    [
        ("a = 1", "-", "toml"),
        ('{"a": 1}', "-", "json"),
        ("[[a]]\nb = 1", "-", "toml"),
        ("[a]\nb = 1", "-", "toml"),
        ("a = 1", "answers.toml", "toml"),
        ('{"a": 1}', "ANSWERS.JSON", "json"),
    ],
)
def test_the_format_is_recognised(text: str, name: str, format: str) -> None:
    assert read(text, name).format == format


def test_the_format_that_was_asked_for_wins() -> None:
    assert read('{"a": 1}', "answers.toml", "json").values == {"a": 1}


def test_a_byte_order_mark_is_welcome() -> None:
    assert read(b"\xef\xbb\xbfa = 1").values == {"a": 1}


def test_text_is_composed() -> None:
    document = read('"cafe\u0301" = "cafe\u0301"')
    assert document.values == {"caf\u00e9": "caf\u00e9"}
    assert document.line_of("caf\u00e9") == 1


# What is refused


@pytest.mark.parametrize(
    ("text", "name", "got"),
    [
        ("", "answers.toml", "nothing"),
        ("# only a comment", "answers.toml", "nothing"),
        ("", "answers.json", "nothing"),
        ("{}", "answers.json", "nothing"),
        ("null", "answers.json", "nothing"),
        ("[1]", "answers.json", "a list"),
        ("[1, 2]", "-", "a list"),
        ('[{"a": 1}]', "-", "a list"),
        ('"text"', "-", "text"),
        ("3", "answers.json", "a number"),
        ("true", "answers.json", "a flag"),
    ],
)
def test_what_is_no_table_is_refused(text: str, name: str, got: str) -> None:
    (problem,) = refused(text, name)
    assert problem.what == f"expected a table of answers, got {got}"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("a = 1".encode("utf-16"), "UTF-16"),
        ("a = 1".encode("utf-16-le"), "a zero byte (NUL) at byte offset 1"),
        ('a = "é"'.encode("latin-1"), "not UTF-8 at byte offset 5"),
        (b'\xef\xbb\xbfa = "\xe9"', "not UTF-8 at byte offset 8"),
        (b"a = 1\n\0", "a zero byte (NUL) at byte offset 6"),
        (bytes(range(128, 256)), "not UTF-8 at byte offset 0"),
    ],
)
def test_other_encodings_are_refused_with_the_byte(data: bytes, what: str) -> None:
    (problem,) = refused(data)
    assert what in problem.what
    assert problem.fix == "save the file as UTF-8"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a = 1\nb = 2\na = 3", "a is written twice, on line 1 and line 3"),
        ("a = 1\n[a]\n", "a is written twice, on line 1 and line 2"),
        ("[x]\n\n[x]\n", "x is written twice, on line 1 and line 3"),
        ("a.b = 1\na.b = 2", "a.b is written twice, on line 1 and line 2"),
        ("[[f]]\nx = 1\n[[f]]\nx = 1\nx = 2", "f[1].x is written twice, on line 4 and line 5"),
        ("a = { b = 1, b = 2 }", "a.b is written twice, both on line 1"),
        ('{"a": 1,\n"b": {"c": 1,\n"c": 2}}', "b.c is written twice, on line 2 and line 3"),
        ('{"a": 1, "\\u0061": 2}', "a is written twice, both on line 1"),
    ],
)
def test_a_key_that_is_written_twice_is_refused_with_both_lines(text: str, what: str) -> None:
    assert what in [problem.what for problem in refused(text, "-")]


def test_all_keys_that_are_written_twice_are_told_at_once() -> None:
    assert [p.place for p in refused("a = 1\na = 2\nb = 1\nb = 2")] == ["answers.toml:2", "answers.toml:4"]
    assert len(refused('{"a": 1, "a": 2, "b": 1, "b": 2}', "answers.json")) == 2


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ('{"a": 1,}', ":1:9", "a comma stands before the closing bracket"),
        ('{"a": [1,\n]}', ":2:1", "a comma stands before the closing bracket"),
        ('{\n// why\n"a": 1}', ":2:1", "JSON has no comments"),
        ('{"a": 1} # why', ":1:10", "JSON has no comments"),
        ("{'a': 1}", ":1:2", "JSON text stands in double quotes"),
        ('{"a": "x\ny"}', ":1:9", "a line break, tab or control character stands inside a string"),
        ('{"a": 1} {}', ":1:10", "more text after the end of the answers"),
        ('{"a": ', ":1:7", "the text ends too early"),
        ('{"a" 1}', ":1:6", "this is not JSON"),
        ('{"a": NaN}', ":1", "a is not a finite number"),
        ('{"a": -Infinity}', ":1", "a is not a finite number"),
        ('{"a": null}', ":1", "a is null, which is no answer"),
    ],
)
def test_json_is_strict_and_names_line_and_column(text: str, place: str, what: str) -> None:
    (problem,) = refused(text, "answers.json")
    assert problem.place.startswith(f"answers.json{place}")
    assert problem.what == what
    assert problem.fix


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("a = 1\nhello", ":2", "expected = after a key"),
        ("a = hello", ":1:5", "this is not a TOML value"),
        ('a = "x\n', ":1", "a quote is not closed"),
        ('a = "x', ":1", "a quote is not closed"),
        ("a = 'x\n", ":1", "a quote is not closed"),
        ("a = [1\nb = 2", ":2", "a list is not closed or lacks a comma"),
        ("a = 1 b = 2", ":1:7", "expected the end of the line"),
        ('a = "\\q"', ":1", "an unknown escape in a string"),
        ('a = "\\ud800"', ":1", "an escape names no character"),
        ('a = "\x1b"', ":1", "the control character U+001B stands in the text"),
        ("a: 1", ":1", "this looks like YAML, which is not read"),
        ("- a", ":1", "this looks like YAML, which is not read"),
        ("a.b = 1\n[a]\nc = 1", ":2", "this key or table was already given a value"),
    ],
)
def test_toml_that_cannot_be_parsed_is_told_in_our_words(text: str, place: str, what: str) -> None:
    (problem,) = refused(text)
    assert problem.place.startswith(f"answers.toml{place}")
    assert problem.what == what
    assert problem.fix


def test_yaml_files_are_refused_by_name() -> None:
    assert refused("a: 1", "answers.yaml")[0].what == "YAML is not read"


def test_an_unknown_format_is_a_usage_problem() -> None:
    with pytest.raises(UsageProblem):
        read("a = 1", "-", "yaml")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a = " + "[" * 200_000, "answers.toml"),
        ("a = " + "{a=" * 200_000, "answers.toml"),
        ("[" * 500_000, "answers.toml"),
        (".".join("a" * 400_000) + " = 1", "answers.toml"),
        ("[" + ".".join("a" * 400_000) + "]", "answers.toml"),
        ('a = ["""b"""", ' + "[" * 200_000, "answers.toml"),
        ("a = ['''b'''', " + "[" * 200_000, "answers.toml"),
        ("[" * 500_000, "answers.json"),
        ('{"a":' * 190_000, "answers.json"),
        ('{"a": "\\"", "b": ' + "[" * 200_000, "answers.json"),
    ],
)
def test_deep_nesting_is_refused_before_anything_recurses(text: str, name: str) -> None:
    start = time.perf_counter()
    (problem,) = refused(text, name)
    assert problem.what == "nested deeper than 50"
    assert problem.place == f"{name}:1"
    assert time.perf_counter() - start < 0.5


def test_brackets_in_strings_and_comments_do_not_nest() -> None:
    brackets = "[{" * 100
    text = f'a = "{brackets}"\nb = \'{brackets}\'\nc = """{brackets}"""\n# {brackets}\n'
    assert read(text).values["c"] == brackets


def test_many_keys_in_tables_of_headers_do_not_escape_the_depth_limit() -> None:
    path = ".".join("a" * 45)
    (problem,) = refused(f"[{path}]\n{path} = {'[' * 45}{']' * 45}")
    assert problem.what == "nested deeper than 50"


@pytest.mark.parametrize("name", ["answers.toml", "answers.json"])
def test_too_many_values_are_refused(name: str) -> None:
    items = "[" + ", ".join("1" * 20_001) + "]"
    (problem,) = refused(f"a = {items}" if name.endswith("toml") else f'{{"a": {items}}}', name)
    assert problem.what == "more than 20,000 values"


def test_a_very_long_text_is_refused() -> None:
    (problem,) = refused(f'a = "{"x" * 20_001}"')
    assert problem.what == "a is longer than 20,000 characters"


def test_more_than_one_megabyte_is_refused() -> None:
    assert refused(b" " * (LARGEST_FILE + 1))[0].what == "larger than 1 MB"


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 5000, "-" + "9" * 900_000])
def test_integers_of_too_many_digits_are_refused(digits: str) -> None:
    assert "too many digits" in refused(f"\na = {digits}")[0].what
    assert refused(f"\na = {digits}")[0].place == "answers.toml:2"
    assert refused(f'{{"a": {digits}}}', "answers.json")[0].what == "a is a number with too many digits"


def test_huge_hexadecimal_integers_are_refused() -> None:
    assert refused("a = 0x" + "f" * 5000)[0].what == "a is a number with too many digits"


@pytest.mark.parametrize("number", ["inf", "-inf", "nan", "1e400"])
def test_numbers_that_are_not_finite_are_refused(number: str) -> None:
    assert refused(f"a = {number}")[0].what == "a is not a finite number"


@pytest.mark.parametrize(
    ("char", "what"),
    [
        ("\x00", "the control character U+0000"),
        ("\x07", "the control character U+0007"),
        ("\x1b", "the control character U+001B"),
        ("\x7f", "the control character U+007F"),
        ("\x85", "the control character U+0085"),
        ("\r", "the control character U+000D"),
        ("\u202e", "the direction control U+202E"),
        ("\u2066", "the direction control U+2066"),
        ("\u2028", "the line separator U+2028"),
        ("\u2029", "the paragraph separator U+2029"),
        ("\u200b", "the invisible character U+200B"),
        ("\ufeff", "the invisible character U+FEFF"),
        ("\u200d", "the invisible character U+200D"),
        ("\u200f", "the invisible character U+200F"),
        ("\u2060", "the invisible character U+2060"),
        ("\U000e0041", "the tag character U+E0041"),
        ("\ud800", "the lone surrogate U+D800"),
    ],
)
def test_a_character_that_deceives_is_refused_by_its_number(char: str, what: str) -> None:
    escaped = "".join(f"\\u{unit:04x}" for unit in _utf16(f"a{char}b"))
    (problem,) = refused(f'{{"name":\n"{escaped}"}}', "answers.json")
    assert problem.what == f"name has {what}"
    assert problem.place == "answers.json:1"
    with pytest.raises(InputRefused, match=what.replace("+", r"\+")):
        clean_text(f"a{char}b", "--name")


def _utf16(text: str) -> list[int]:
    data = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d💻",
        "line\nbreak\tand tab",
        "5\u00a0%",
        "naïve — “quoted” ✓",
        "שלום\u200f!",
    ],
)
def test_text_of_all_languages_is_welcome(text: str) -> None:
    assert clean_text(text, "--name") == text


def test_keys_are_held_to_the_same_rules() -> None:
    (problem,) = refused('"a\\u202e" = 1')
    assert problem.what == "a\\u202e has the direction control U+202E"


def test_keys_that_become_equal_when_composed_are_refused() -> None:
    assert "two Unicode forms" in refused('"e\u0301" = 1\n"\u00e9" = 2')[0].what


def test_all_mistakes_of_a_file_are_told_at_once_with_their_lines() -> None:
    problems = refused('a = "x\\u202e"\nb = inf\n[[c]]\nd = 1\n[[c]]\nd = "\\u0000"\n')
    assert [(problem.place, problem.what) for problem in problems] == [
        ("answers.toml:1", "a has the direction control U+202E"),
        ("answers.toml:2", "b is not a finite number"),
        ("answers.toml:6", "c[1].d has the control character U+0000"),
    ]


def test_a_flood_of_mistakes_is_cut_short_and_counted() -> None:
    problems = refused("\n".join(f"k{i} = nan" for i in range(1000)))
    assert len(problems) == 51
    assert problems[-1].what == "and 950 more problems like these"


SECRETS = [
    "postgres://u:hunter2@db/x",
    "see https://bob:hunter2/x@example.org",
    "AKIAIOSFODNN7EXAMPLE",
    "token ghp_hunter2hunter2",
    "-----BEGIN RSA PRIVATE KEY-----",
    "xoxb-1234-hunter2",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_refused_and_never_printed(secret: str) -> None:
    for text in (f'source = "{secret}"', f'"{secret}" = "a"', f'a = ["{secret}"]'):
        problems = refused(text)
        assert any("looks like a secret" in problem.what for problem in problems)
        assert not any(secret in str(problem) or "hunter2" in str(problem) for problem in problems)
    with pytest.raises(InputRefused) as refusal:
        clean_text(secret, "--source")
    assert secret not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    ["https://example.org:8080/a@b", "https://example.org/x", "bob@example.org", "at 12:30 see a@b", "ghp_ tokens"],
)
def test_ordinary_text_is_not_taken_for_a_secret(text: str) -> None:
    assert clean_text(text, "--source") == text


def test_a_refusal_shows_nothing_of_the_file_but_keys() -> None:
    for text in ("root:$6$hunter2:19000:0:99999:7:::\n", 'a = "hunter2', "a = hunter2", 'a = "x" hunter2'):
        assert "hunter2" not in str(refused(text)[0])


# One string


def test_bytes_of_the_command_line_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(InputRefused, match="bytes that are not UTF-8") as refusal:
        clean_text(os.fsdecode(b"bad\xff"), "--name")
    assert refusal.value.problems[0].place == "--name"


def test_one_string_is_composed() -> None:
    assert clean_text("cafe\u0301", "--name") == "caf\u00e9"


# Whatever comes


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for name in ("-", "a.toml", "a.json"):
        with contextlib.suppress(InputRefused):
            read_answers(data, name).line_of("a")


pieces = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            "=",
            ".",
            "[",
            "]",
            "[[",
            "]]",
            "{",
            "}",
            ",",
            ":",
            "\n",
            '"',
            "'",
            '"""',
            "'''",
            "\\",
            "#",
            "1",
            " ",
            "é",
        ]
    ),
    max_size=40,
).map("".join)


@given(pieces)
def test_any_broken_toml_or_json_is_read_or_refused(text: str) -> None:
    for name in ("a.toml", "a.json"):
        with contextlib.suppress(InputRefused):
            document = read(text, name)
            assert all(document.line_of(key) for key in document.values)


names = st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=5)
values = st.recursive(
    st.booleans() | st.integers(-(10**9), 10**9) | st.text(st.characters(categories=["L", "N", "P"]), max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(names, values, min_size=1, max_size=5))
def test_every_value_of_json_has_a_line(table: dict[str, object]) -> None:
    document = _read_or_none(json.dumps(table, indent=1))
    if document:
        _every_path_has_a_line(document, document.values, ())


def _read_or_none(text: str) -> Document | None:
    try:
        return read(text, "answers.json")
    except InputRefused:
        return None


def _every_path_has_a_line(document: Document, value: object, path: tuple[str | int, ...]) -> None:
    entries: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    for key, inner in entries:
        assert document.line_of(*path, key)
        _every_path_has_a_line(document, inner, (*path, key))


def test_importing_the_door_loads_no_parser() -> None:
    code = (
        "import sys, mlworkflow.reading, mlworkflow.quantity;"
        "print([name for name in ('tomllib', 'json', 'unicodedata', 'difflib', 'typing') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
