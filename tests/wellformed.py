"""What a document must look like, whatever the answers: every rule that is broken is named with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import markdown  # type: ignore[import-untyped]
from markdown_it import MarkdownIt

SECTIONS = (
    "Problem Definition",
    "Feature Engineering",
    "Experiment Tracking",
    "Training Pipeline",
    "Model Serving",
    "A/B Testing",
    "Monitoring and Drift",
)
# The output format of the skill: header, first rows in their order, and whether there may be more.
TABLES = {
    "Problem Definition": (
        ("Aspect", "Detail"),
        (
            "Problem type",
            "Target variable",
            "Business metric",
            "Evaluation metric",
            "Baseline performance",
            "Success threshold",
        ),
        False,
    ),
    "Feature Engineering": (("Feature", "Source", "Transformation", "Type", "Leakage Risk"), (), True),
    "Experiment Tracking": (("Aspect", "Choice", "Rationale"), ("Tool", "What's tracked", "Organization"), True),
    "Training Pipeline": (
        ("Stage", "Tool/Method", "Notes"),
        ("Data split", "Training", "Tuning", "Validation", "Registry"),
        True,
    ),
    "Model Serving": (
        ("Aspect", "Detail"),
        ("Serving mode", "Latency SLA", "Throughput", "Scaling", "Fallback"),
        True,
    ),
    "A/B Testing": (
        ("Aspect", "Detail"),
        ("Traffic split", "Primary metric", "Guardrail metrics", "Min duration", "Rollback criteria"),
        True,
    ),
    "Monitoring and Drift": (
        ("Monitor", "Tool", "Threshold", "Action"),
        ("Data drift", "Model drift", "Concept drift", "Operational"),
        True,
    ),
}  # fmt: skip
_NO_CELL = ("", "...", "…", "None", "nan", "NaN", "TBD", "TODO", "inf", "?")
_LEFT_OVER = re.compile(r"\b(None|nan|NaN|TBD|TODO|Undefined)\b|\{[a-z_.]*\}|\{\{|\{%|\[\]|\(\)|<built-in|object at 0x")
_HTML = re.compile(r"<[A-Za-z/!?]")
_LIST = re.compile(r"\s*([-*+]|\d+[.)]) ")


@dataclass(frozen=True)
class Block:
    """A table of a document, with the number of its first line."""

    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def faults(document: str) -> list[str]:
    """Return every rule that the document breaks."""
    return [*_whole(document), *_headings(document), *_lines(document), *_cells(document), *_seed(document)]


def page_faults(document: str) -> list[str]:
    """Return every rule that a page of a bundle breaks: those of the document, without its seven sections."""
    titles = [line for _, line in prose(document) if line.startswith("# ")]
    title = [] if titles == [document.split("\n")[0]] else ["there is not exactly one title, in the first line"]
    return [*_whole(document), *title, *_lines(document), *_cells(document)]


def prose(document: str) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines that stand outside fenced blocks."""
    fence = ""
    for number, line in enumerate(document.split("\n"), 1):
        opening = re.match(r"`{3,}|~{3,}", line)
        if opening and not fence:
            fence = opening[0]
        elif fence and line == fence:
            fence = ""
        elif not fence:
            yield number, line


def section(document: str, title: str) -> str:
    """Return what stands under a second-level heading."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", document, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def tables(document: str) -> list[Block]:
    """Return every table outside fenced blocks."""
    found: list[list[tuple[int, str]]] = []
    last = -1
    for number, line in prose(document):
        if line.startswith("|"):
            if number != last + 1:
                found.append([])
            found[-1].append((number, line))
            last = number
    return [_block(lines) for lines in found]


def _block(lines: Sequence[tuple[int, str]]) -> Block:
    cells = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for _, line in lines]
    return Block(lines[0][0], cells[0], tuple(cells[2:]))


def _whole(document: str) -> Iterator[str]:
    if not document.endswith("\n") or document.endswith("\n\n"):
        yield "does not end with exactly one line feed"
    if "\r" in document or "\t" in document:
        yield "holds a carriage return or a tab"
    if len(re.findall(r"^`{3,}", document, re.MULTILINE)) % 2:
        yield "a fence is not closed"


def _headings(document: str) -> Iterator[str]:
    headings = [(number, line) for number, line in prose(document) if line.startswith("#")]
    if [line for _, line in headings if line.startswith("# ")] != [document.split("\n")[0]]:
        yield "there is not exactly one title, in the first line"
    if not document.startswith("# ML Workflow: ") or document.startswith("# ML Workflow: \n"):
        yield "the title is not `# ML Workflow: name`"
    texts = [line for _, line in headings]
    yield from (f"{number}: the heading {line!r} stands twice" for number, line in headings if texts.count(line) > 1)
    second = tuple(line[3:] for line in texts if line.startswith("## "))
    first = second.index(SECTIONS[0]) if SECTIONS[0] in second else 0
    if second[first : first + 7] != SECTIONS:
        yield f"the seven sections are not in order: {second}"


def _lines(document: str) -> Iterator[str]:
    lines = list(prose(document))
    for number, line in lines:
        if line != line.rstrip():
            yield f"{number}: ends with a blank"
        plain = re.sub(r"`[^`]*`", "", line)
        if _HTML.search(plain):
            yield f"{number}: holds HTML: {line[:80]}"
        if found := _LEFT_OVER.search(plain):
            yield f"{number}: holds {found[0]!r}: {line[max(0, found.start() - 60) : found.end() + 40]}"
        if "  " in line.strip() and not line.startswith(" "):
            yield f"{number}: two blanks in a row: {line[:120]}"
    for (_, before), (number, line) in pairwise(lines):
        opens_list = _LIST.match(line) and not (_LIST.match(before) or before.startswith("  "))
        opens_table = line.startswith("|") and not before.startswith("|")
        if (opens_list or opens_table) and before:
            yield f"{number}: no blank line before a list or table"
        if before.startswith(("|", "#")) and line and not line.startswith(before[0]):
            yield f"{number}: no blank line after a table or heading"


def _cells(document: str) -> Iterator[str]:
    for block in tables(document):
        if not block.rows:
            yield f"{block.line}: a table without rows"
        for row in block.rows:
            if len(row) != len(block.header):
                yield f"{block.line}: a row has {len(row)} cells, its header {len(block.header)}: {row}"
            yield from (f"{block.line}: the cell {cell!r} in {row}" for cell in row if cell in _NO_CELL)


def _seed(document: str) -> Iterator[str]:
    """The exact format: each section's first table, two bold lines, a diagram."""
    for title, (header, first, more) in TABLES.items():
        text = section(document, title)
        block = next((one for one in tables(text) if one.header == header), None)
        if block is None:
            yield f"{title}: no table {header}"
            continue
        names = tuple(row[0] for row in block.rows)
        if names[: len(first)] != first or (not more and names != first):
            yield f"{title}: the rows are {names}"
    features = section(document, "Feature Engineering")
    if not re.search(r"^\*\*Feature store:\*\* (Yes|No)\b\S* \S", features, re.MULTILINE):
        yield "no line **Feature store:** Yes or No, with a reason"
    risks = next((one for one in tables(features) if one.header[-1] == "Leakage Risk"), None)
    if risks is None or not {row[-1] for row in risks.rows} <= {"Low", "Med", "High"}:
        yield "a leakage risk is not Low, Med or High"
    drift = section(document, "Monitoring and Drift")
    if not re.search(r"^\*\*Retraining policy:\*\* (Scheduled|Triggered|Continuous)\b.*\S", drift, re.MULTILINE):
        yield "no line **Retraining policy:** with its details"
    drawing = diagram(document)
    if not drawing or max(map(len, drawing.split("\n"))) > 80 or not drawing.isascii():
        yield "no diagram in plain characters within 80 columns"
    if not all(stage in drawing for stage in ("data", "evaluate", "register")):
        yield "a stage is missing in the diagram"


def diagram(document: str) -> str:
    """Return the diagram of the training pipeline."""
    found = re.search(r"^```text\n(.*?)\n```$", section(document, "Training Pipeline"), re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


# ------------------------------------------------------------------ two renderers


def rendered_faults(document: str) -> list[str]:
    """Return where CommonMark with tables, or Python-Markdown, shows something else than we wrote."""
    return [*_markdown_it(document), *_python_markdown(document)]


def _markdown_it(document: str) -> Iterator[str]:
    tokens = MarkdownIt("commonmark").enable("table").parse(document)
    shown = [token.map[0] + 1 for token in tokens if token.type == "table_open" and token.map]
    if shown != [block.line for block in tables(document)]:
        yield f"markdown-it shows tables at {shown}"
    cells = sum(token.type in ("th_open", "td_open") for token in tokens)
    ours = sum(len(block.header) * (1 + len(block.rows)) for block in tables(document))
    if cells != ours:
        yield f"markdown-it shows {cells} cells, there are {ours}"
    inline = (child for token in tokens for child in token.children or ())
    if any(token.type.startswith("html") for token in (*tokens, *inline)):
        yield "markdown-it sees HTML"
    points = sum(token.type == "list_item_open" for token in tokens)
    if points != sum(bool(_LIST.match(line)) for _, line in prose(document)):
        yield "markdown-it shows another number of list items"


def _python_markdown(document: str) -> Iterator[str]:
    html = markdown.markdown(document, extensions=["tables", "fenced_code"])
    if html.count("<table>") != len(tables(document)):
        yield f"Python-Markdown shows {html.count('<table>')} tables of {len(tables(document))}"
    points = sum(bool(_LIST.match(line)) for _, line in prose(document))
    if html.count("<li>") != points:
        yield f"Python-Markdown shows {html.count('<li>')} list items of {points}"
