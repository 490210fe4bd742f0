"""Documents compile as MDX and show the same text there, and Mermaid can read every diagram."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from mlworkflow.documents.escape import Md, code, escape, fence_toml, mermaid_label, visible

pytestmark = pytest.mark.node

REPOSITORY = Path(__file__).resolve().parents[1]
NODE = REPOSITORY / "tests" / "node"
DOCUMENTS = sorted((REPOSITORY / "examples").glob("*/workflow.md"))

HOSTILE: list[str] = json.loads((NODE / "hostile.json").read_text(encoding="utf-8"))

# A document, and what its blocks show: the tag of the block, and its words with the text in place of @@.
PLACES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "cell": (
        "| A | B |\n|---|---|\n| @@ | b |\n| c | @@ |\n",
        [("th", "A"), ("th", "B"), ("td", "@@"), ("td", "b"), ("td", "c"), ("td", "@@")],
    ),
    "paragraph": ("Before.\n\n@@\n\nAfter.\n", [("p", "Before."), ("p", "@@"), ("p", "After.")]),
    "label": ("**Label:** @@\n", [("p", "Label: @@")]),
    "item": ("- @@\n- end\n", [("li", "@@"), ("li", "end")]),
    "sentence": ("It is @@, we were told.\n", [("p", "It is @@, we were told.")]),
    "heading": ("# Design of @@\n\nText.\n", [("h1", "Design of @@"), ("p", "Text.")]),
}
FRAME = {"p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "h1", "strong", "code"}


def seen(documents: list[str]) -> list[dict[str, Any]]:
    """Return what a reader of the documents sees after MDX and React, in their order."""
    if not (NODE / "node_modules" / ".package-lock.json").exists() or shutil.which("node") is None:
        pytest.fail("Node or its packages are missing: install Node 20, then run npm ci --prefix tests/node")
    lines = "".join(json.dumps({"document": document}) + "\n" for document in documents)
    command = ["node", str(NODE / "render.mjs")]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.split("\n") if line]
    assert len(answers) == len(documents), done.stderr
    return answers


def as_shown(text: str) -> str:
    return visible(" ".join(text.split()))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("write", [escape, code])
def test_hostile_text_compiles_and_is_shown_as_it_was_typed(write: Callable[[str], Md], place: str) -> None:
    document, expected = PLACES[place]
    for text, page in zip(HOSTILE, seen([document.replace("@@", write(text)) for text in HOSTILE]), strict=True):
        assert page["error"] is None, text
        blocks = [(tag, words.strip()) for tag, words in page["blocks"]]
        assert blocks == [(tag, words.replace("@@", as_shown(text))) for tag, words in expected]
        assert set(page["tags"]) <= FRAME, text
        assert page["attributes"] == [], text


def test_hostile_text_is_a_label_that_mermaid_reads_and_shows() -> None:
    labels = [mermaid_label(text) for text in [*HOSTILE, ""]]
    diagrams = [f'```mermaid\nflowchart LR\n  n1["{label}"] --> n2["end: {label}"]\n```\n' for label in labels]
    for text, page in zip([*HOSTILE, ""], seen(diagrams), strict=True):
        assert page["error"] is None, text
        assert page["diagrams"] == 1
        assert [label.strip() for label in page["labels"]] == [as_shown(text), f"end: {as_shown(text)}".strip()]


def test_hostile_text_stays_in_its_fence() -> None:
    fenced = [text for text in HOSTILE if text == visible(text)]
    documents = [f"Before.\n\n{fence_toml(text)}\n\nAfter.\n" for text in fenced]
    for text, page in zip(fenced, seen(documents), strict=True):
        assert page["error"] is None, text
        assert page["blocks"] == [["p", "Before."], ["p", "After."]]


def test_a_document_that_does_not_compile_is_found() -> None:
    broken = ["p99 <500ms\n", "{user_id}\n", '```mermaid\nflowchart LR\n  n1["a"b"]\n```\n']
    assert all(page["error"] for page in seen(broken))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.parent.name)
def test_an_example_compiles_and_shows_the_same_text(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    [page] = seen([text])
    assert page["error"] is None
    assert page["diagrams"] == len(re.findall("^```mermaid$", text, re.MULTILINE))
    assert words(page["text"]) == words("".join(Text(MarkdownIt("gfm-like", {"linkify": False}).render(text)).parts))


def words(text: str) -> str:
    # A box is drawn by one renderer and written by the other, and only one of them breaks lines between cells.
    return "".join(re.sub(r"\[[ xX]\] ", "", text).split())


class Text(HTMLParser):
    """The text of a page without its tags."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
