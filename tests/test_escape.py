"""What a person typed is shown as typed, by every renderer, and is never read as Markdown."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import markdown  # type: ignore[import-untyped]
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mlworkflow.documents.escape import Md, code, escape, fence_toml, mermaid_label, slug, visible

ORDINARY = [
    "",
    "churn",
    "Churn of subscribers",
    "Scores are needed within 200 ms, at 1.5k requests per second (p99).",
    "p99 < 500 ms at 40 requests/s",
    "precision > 0.9 and recall >= 0.8",
    "user_id and signup_date",
    "R&D, Q&A and A & B",
    "C++ or Rust",
    "10:30:00 to 11:00:00",
    "$20k a month, US$5 a day",
    "within ~5 minutes",
    "-5 °C to +40 °C",
    "Owner: the fraud team; on call: yes",
    'It is called "churn", isn\'t it? Yes!',
    "5% of users - at most 1/3",
    "20-30 people",
    "s3://bucket/path",
    "naïve café, Größe, данные, 資料, mañana",
    "a = b",
    "x ≥ 3 × y — “quoted” … ok",
    "issue #12",
    "at @ 500",
    "3.5 is a number",
    "2026-11-21",
]

# The same list goes through MDX in test_node.py.
HOSTILE: list[str] = json.loads((Path(__file__).parent / "node" / "hostile.json").read_text(encoding="utf-8"))

SOUP = st.lists(
    st.sampled_from([*"|<>{}*_`[]\\&~^$@:#=+!?-./;%'\"() \n\tab1", *HOSTILE, "  ", "&#", "//", "import ", "<b>", "é"]),
    max_size=9,
).map("".join)
TEXT = st.one_of(st.text(max_size=40), SOUP, st.sampled_from(HOSTILE))

RENDERERS: dict[str, Callable[[str], str]] = {
    "GitHub": MarkdownIt("gfm-like", {"linkify": False}).render,
    "MkDocs": lambda text: markdown.markdown(text, extensions=["tables", "attr_list", "fenced_code"]),
}

# A document, and what its blocks show: the tag of the block, and its words with the text in place of {}.
PLACES = {
    "cell": ("| A | B |\n|---|---|\n| {} | b |\n| c | {} |\n", "th=A th=B td={} td=b td=c td={}"),
    "paragraph": ("Before.\n\n{}\n\nAfter.\n", "p=Before. p={} p=After."),
    "label": ("**Label:** {}\n", "p=Label:·{}"),
    "item": ("- {}\n- end\n", "li={} li=end"),
    "sentence": ("It·is·{}, we were told.\n", "p=It·is·{},·we·were·told."),
    "heading": ("# Design of {}\n\nText.\n", "h1=Design·of·{} p=Text."),
}
BLOCKS = {"p", "li", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6"}
FRAME = BLOCKS | {"table", "thead", "tbody", "tr", "ul", "strong", "code"}
# What GitHub makes a link, an emoji or a formula of, in any text outside a code span.
REWRITTEN = re.compile(
    r"https?://\w|ftp://\w|www\.\w|[\w.+-]+@[\w-]+\.\w|:[a-z_+-][a-z0-9_+-]*:|(?<!\S)\$\S(.*\S)?\$(?!\d)", re.IGNORECASE
)


DIRECTION_MARKS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class Shown(HTMLParser):
    """What a reader of the page sees, block by block."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.prose = ""
        self.in_code = False
        self.attributes = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += len(attrs)
        self.in_code = tag == "code"
        if tag in BLOCKS:
            self.blocks.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        self.in_code = False

    def handle_data(self, data: str) -> None:
        self.prose += "\0" if self.in_code else data
        if self.blocks:
            tag, text = self.blocks[-1]
            self.blocks[-1] = (tag, text + data)
        elif data.strip():
            self.blocks.append(("", data))

    def handle_comment(self, data: str) -> None:
        self.tags.add("!--")

    def handle_decl(self, decl: str) -> None:
        self.tags.add("!")

    def handle_pi(self, data: str) -> None:
        self.tags.add("?")


def as_shown(text: str) -> str:
    return visible(" ".join(text.split()))


def blocks(expected: str, text: str) -> list[tuple[str, str]]:
    pairs = (block.split("=", 1) for block in expected.split(" "))
    found = [(tag, words.replace("·", " ").replace("{}", text).strip()) for tag, words in pairs]
    return [(tag, words) for tag, words in found if words or tag in ("td", "li")]


def assert_shown(markup: str, text: str, place: str, renderer: str) -> Shown:
    document, expected = PLACES[place]
    page = Shown(RENDERERS[renderer](document.replace("·", " ").replace("{}", markup)))
    assert [(tag, words.strip()) for tag, words in page.blocks] == blocks(expected, text)
    assert page.tags <= FRAME
    assert page.attributes == 0
    return page


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("place", PLACES)
@settings(deadline=None)
@given(text=TEXT)
@example(text="\n".join(HOSTILE))
def test_any_text_is_shown_as_it_was_typed(place: str, renderer: str, text: str) -> None:
    page = assert_shown(escape(text), as_shown(text), place, renderer)
    assert not REWRITTEN.search(page.prose)


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("place", PLACES)
@settings(deadline=None)
@given(text=TEXT)
@example(text="\n".join(HOSTILE))
def test_any_text_in_a_code_span_is_shown_as_it_was_typed(place: str, renderer: str, text: str) -> None:
    page = assert_shown(code(text), as_shown(text), place, renderer)
    assert not REWRITTEN.search(page.prose)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("write", [escape, code])
def test_hostile_text_is_shown_everywhere(write: Callable[[str], Md], renderer: str, text: str) -> None:
    for place in PLACES:
        assert_shown(write(text), as_shown(text), place, renderer)


@pytest.mark.parametrize("text", ["user_id", "p99 <500ms", "{user_id}", "List<T>", "a && b", "C:\\new"])
def test_an_identifier_stands_in_a_code_span(text: str) -> None:
    assert code(text) == f"`{text}`"


@pytest.mark.parametrize("text", ["a|b", "a`b", "{{ x }}", "{% x %}", "{# x #}"])
def test_what_renderers_read_inside_code_is_not_put_there(text: str) -> None:
    assert code(text) == escape(text)


@given(TEXT)
def test_no_template_language_finds_anything(text: str) -> None:
    for markup in (escape(text), code(text)):
        assert not re.search(r"\{[{%#]", markup)


@given(TEXT)
def test_escaped_text_is_one_line_and_is_not_escaped_again(text: str) -> None:
    markup = escape(text)
    assert markup.splitlines() in ([], [markup])
    assert markup == markup.strip()
    assert isinstance(markup, Md)
    assert escape(markup) == markup


def test_a_link_is_shown_and_not_made() -> None:
    assert escape("see https://a.example/b, or write to a@b.example.") == (
        "see `https://a.example/b`, or write to `a@b.example`."
    )


def test_a_long_text_is_escaped_in_a_moment() -> None:
    for part in ("a", "a.", "@", "a@", ":a", "_", "<", "=", "+", '"', ")", "$", "www."):
        assert escape(part * 20_000)


@settings(deadline=None)
@given(st.text(alphabet="`~a#\n=\"'{} "), st.sampled_from(["GitHub", "MkDocs"]))
def test_nothing_closes_a_fence(text: str, renderer: str) -> None:
    page = Shown(RENDERERS[renderer](f"Before.\n\n{fence_toml(text)}\n\nAfter.\n"))
    assert [tag for tag, _ in page.blocks] == ["p", "p"]
    assert page.blocks[-1][1].strip() == "After."
    assert page.tags == {"p", "pre", "code"}


def test_a_fence_holds_the_text_line_by_line() -> None:
    assert fence_toml('a = "b"') == '```toml\na = "b"\n```'
    assert fence_toml('a = """\n```\n"""\n') == '````toml\na = """\n```\n"""\n````'
    assert fence_toml("") == "```toml\n```"


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_nothing_hidden_reaches_a_terminal(text: str) -> None:
    shown = visible(text)
    assert all(unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") for character in shown)
    assert not any(unicodedata.bidirectional(character) in DIRECTION_MARKS for character in shown)


def test_hidden_characters_are_written_out() -> None:
    assert visible("\x1b]52;c;x\x07") == "\\u001b]52;c;x\\u0007"
    assert visible("a\u202eb\u2066\U000e0041\ud800") == "a\\u202eb\\u2066\\U000e0041\\ud800"


@pytest.mark.parametrize("text", ["plain: text, with (marks) | <b> {x}", "naïve 資料 👩‍💻", "می‌خواهم"])
def test_visible_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@given(st.text())
def test_a_slug_is_always_a_safe_name(text: str) -> None:
    name = slug(text)
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", name)
    assert name.upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}
    assert slug(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Churn of Subscribers", "churn-of-subscribers"),
        ("Café Größe", "cafe-grosse"),
        ("../../etc/passwd", "etc-passwd"),
        (".git/hooks/pre-commit", "git-hooks-pre-commit"),
        ("", "project"),
        ("...", "project"),
        ("資料", "project"),
        ("CON", "con-project"),
        ("com¹", "com1-project"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_slug_reads_like_the_text(text: str, name: str) -> None:
    assert slug(text) == name


@given(TEXT)
def test_a_mermaid_label_stays_between_its_quotes(text: str) -> None:
    label = mermaid_label(text)
    assert not re.search(r'["<>`{}|\\\n]|%%', label)
    assert re.sub(r"#(quot|\d+);", _mermaid_character, label) == (as_shown(text) or " ")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("p99: 200 ms, user_id", "p99: 200 ms, user_id"),
        ('say "no"', "say #quot;no#quot;"),
        ("1. Ingest", "1#46; Ingest"),
        ("- Ingest", "#45; Ingest"),
        ("style a:b|c", "style a#58;b#124;c"),
        ("", " "),
    ],
)
def test_a_mermaid_label_is_neither_a_list_nor_a_colour(text: str, label: str) -> None:
    assert mermaid_label(text) == label


def _mermaid_character(match: re.Match[str]) -> str:
    return '"' if match[1] == "quot" else chr(int(match[1]))
