"""Answers as they are written in a file, on standard input, or in a document of ours."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mlworkflow.answers import Layer
from mlworkflow.errors import InputRefused
from mlworkflow.reading import read_answers, read_bytes


@dataclass(frozen=True)
class Source:
    """Answers as they were written, where they stand, and the folder that their packs are named from."""

    layer: Layer
    folder: Path
    data: bytes
    format: str
    document: str | None = None


def source_of(path: str) -> Source:
    """Return the answers in a file, on standard input, or in a document that we wrote."""
    data = read_bytes(path, sys.stdin.buffer if sys.stdin is not None else None)
    return _source(path, data)


def _source(path: str, data: bytes) -> Source:
    folder = Path() if path == "-" else Path(path).parent
    kind = "stdin" if path == "-" else "file"
    from mlworkflow.documents.sealing import seal_of

    found = _in_document(path, data)
    if found is None and path.lower().endswith((".md", ".markdown")):
        raise _neither(path)
    if found is None:
        read = read_answers(data, path)
        return Source(Layer(kind, read.values, placer(path, read.line_of)), folder, data, read.format)
    document, toml = found
    before = document[: document.rindex(toml)].count("\n") if toml else 0
    read = read_answers(toml.encode(), path, "toml")
    if not seal_of(document) and not {"name", "problem_type", "target"} & set(read.values):
        raise _neither(path)
    return Source(Layer(kind, read.values, placer(path, read.line_of, before)), folder, data, "document", document)


def _neither(path: str) -> InputRefused:
    fix = "name an answers file (.toml or .json), or a document that mlworkflow generate wrote"
    return InputRefused("this is no answers file, nor a document of ours", place=path, fix=fix)


def _in_document(path: str, data: bytes) -> tuple[str, str] | None:
    from mlworkflow.documents.sealing import answers_in

    if path.lower().endswith((".toml", ".json")):
        return None
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
    toml = answers_in(text)
    return None if toml is None else (text, toml)


def placer(path: str, line_of: Callable[..., int | None], before: int = 0) -> Callable[..., str]:
    """Return what says where an answer, or a field of one of its records, stands."""
    name = "standard input" if path == "-" else path

    def place(*keys: str | int) -> str:
        lines = (line_of(*keys[:length]) for length in range(len(keys), 0, -1))
        line = next((line for line in lines if line), None)
        return f"{name}:{line + before}" if line else name

    return place
