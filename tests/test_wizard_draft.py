"""The draft: a key or a table of the answers file changes, every other byte stays, and one session holds it."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlworkflow.errors import CannotReadOrWrite, WorkProtected
from mlworkflow.wizard import lines
from mlworkflow.wizard.draft import HEAD, Draft, locked

TEXT = """# ours, since 2024
schema = 1
name = "Churn"   # as in the roadmap

# Serving
out_of_scope = [
  "prices",  # never
  "a ] in text",
]
who_waits = 'person'

# the sources
[[sources]] # one
name = "orders"  # nightly
refresh = "1 day"

[[sources]]
name = "crm"

# the features
[[features]]
name = "age"
source = "crm"
# the end"""


def read(text: str) -> dict[str, object]:
    return tomllib.loads(text)


@pytest.mark.parametrize("text", [TEXT, TEXT + "\n", TEXT.replace("\n", "\r\n"), "", "\n", "#x", HEAD, "\ufeffa = 1\n"])
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in lines.pieces(text)) == text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("key", "literal"), [("name", '"X # y"'), ("out_of_scope", '["a"]'), ("who_waits", '"nobody"')]
)
def test_a_changed_key_leaves_every_other_line(end: str, key: str, literal: str) -> None:
    text = TEXT.replace("\n", end)
    changed = lines.with_value(text, key, literal)
    assert read(changed) == {**read(text), **read(f"{key} = {literal}")}
    kept = [line for line in text.split(end) if not line.startswith(('name = "C', "out_", "  ", "]", "who_"))]
    assert [line for line in changed.split(end) if line in kept] == kept
    assert "# as in the roadmap" in changed
    assert ("\r" in changed) == (end == "\r\n")


def test_a_new_key_stands_behind_those_that_come_before_it_and_above_the_tables() -> None:
    changed = lines.with_value(TEXT, "cloud", '"aws"', ["name", "who_waits"], "Where does it run?")
    assert changed == TEXT.replace("'person'\n", "'person'\n# Where does it run?\ncloud = \"aws\"\n")
    assert lines.without_value(changed, "cloud", "Where does it run?") == TEXT


def test_a_new_key_in_a_file_of_tables_alone_stands_above_them() -> None:
    assert read(lines.with_value("[[a]]\nb = 1", "c", "2")) == {"a": [{"b": 1}], "c": 2}


def test_a_key_that_goes_leaves_what_was_said_about_it() -> None:
    changed = lines.without_value(TEXT, "name")
    assert "# as in the roadmap\n" in changed
    assert "name" not in read(changed)


def test_a_table_more_stands_behind_its_like_and_a_new_kind_at_the_end() -> None:
    changed = lines.with_block(TEXT, "sources", [("name", '"web"')])
    assert read(changed)["sources"] == [{"name": "orders", "refresh": "1 day"}, {"name": "crm"}, {"name": "web"}]
    assert changed.replace('\n[[sources]]\nname = "web"\n', "") == TEXT
    assert read(lines.with_block(TEXT, "notes", [("text", '"n"')]))["notes"] == [{"text": "n"}]


def test_a_field_changes_alone() -> None:
    fields = [("name", '"orders"'), ("kind", '"api"'), ("refresh", '"2 days"')]
    changed = lines.with_fields(TEXT, "sources", 0, fields, ["name", "kind", "refresh"])
    assert changed == TEXT.replace('# nightly\nrefresh = "1 day"', '# nightly\nkind = "api"\nrefresh = "2 days"')


def test_a_table_that_goes_takes_no_other_with_it() -> None:
    changed = lines.without_block(TEXT, "sources", 1)
    assert changed == TEXT.replace('\n[[sources]]\nname = "crm"\n', "")


KEYS = st.sampled_from(["name", "cloud", "out_of_scope", "who_waits", "zebra"])
LITERALS = st.sampled_from(['"x"', "1", "true", '["a", "b # c"]', '"[["', "'''a\n]'''", '"""\n"q" # \n"""'])
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("put"), KEYS, LITERALS),
        st.tuples(st.just("drop"), KEYS, st.none()),
        st.tuples(st.just("add"), st.sampled_from(["sources", "features"]), LITERALS),
        st.tuples(st.just("remove"), st.sampled_from(["sources", "features"]), st.none()),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(changes=CHANGES, end=st.sampled_from(["\n", "\r\n"]), start=st.sampled_from([TEXT, HEAD, "", "# only words"]))
def test_any_changes_read_back_and_keep_the_remarks(
    changes: list[tuple[str, str, str | None]], end: str, start: str
) -> None:
    text = start.replace("\n", end)
    wanted = read(text)
    for what, key, literal in changes:
        table = wanted.get(key)
        table = table if isinstance(table, list) else []
        if what == "put" and literal:
            text, wanted[key] = lines.with_value(text, key, literal), read(f"k = {literal}")["k"]
        elif what == "drop":
            text = lines.without_value(text, key)
            wanted.pop(key, None)
        elif what == "add" and literal:
            text = lines.with_block(text, key, [("name", literal)])
            wanted[key] = [*table, read(f"name = {literal}")]
        elif what == "remove" and table:
            text = lines.without_block(text, key, 0)
            wanted |= {key: table[1:]}
            if not wanted[key]:
                del wanted[key]
    assert read(text) == wanted
    for remark in ("# ours, since 2024", "# as in the roadmap", "# Serving", "# the features", "# the end"):
        assert (remark in text) == (remark in start)


# ------------------------------------------------------------------ the file


def test_a_file_that_says_nothing_begins_with_its_head() -> None:
    assert Draft("a.toml", None, lambda new, old: None).text == HEAD
    assert Draft("a.toml", b"# mine\n", lambda new, old: None).text == "# mine\n" + HEAD


def test_what_does_not_change_is_not_written() -> None:
    kept: list[tuple[bytes, bytes | None]] = []
    draft = Draft("a.toml", TEXT.encode(), lambda new, old: kept.append((new, old)))
    draft.keep(TEXT)
    draft.keep(TEXT + "\n")
    assert kept == [(TEXT.encode() + b"\n", TEXT.encode())]


def test_one_session_holds_a_file_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = str(tmp_path / "a.toml")
    with locked(path), pytest.raises(WorkProtected, match=f"process {os.getpid()}"), locked(path):
        pass
    assert os.listdir(tmp_path) == []
    with locked(path):
        pass


def test_the_lock_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / ".a.toml.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotReadOrWrite), locked(str(tmp_path / "a.toml")):
        pass
    assert not (tmp_path / "elsewhere").exists()
