"""`mlworkflow generate FILE`, as most runs are put: the steps of `generate` without a parser of options before them."""

from __future__ import annotations

import os

from mlworkflow.cli.source import source_of
from mlworkflow.cli.told import from_environment, told
from mlworkflow.cli.writing import write
from mlworkflow.designing import design
from mlworkflow.documents.rendering import render


def run(words: list[str]) -> int | None:
    """Run the words if they are no more than a file and perhaps where to write; else leave them to the parser."""
    match words:
        case ["generate", path]:
            output = "-"
        case ["generate", path, "-o" | "--output", output]:
            pass
        case _:
            return None
    if path[:1] in ("", "-") or (output.startswith("-") and output != "-") or not output:
        return None
    found = told(source_of(path), [from_environment(os.environ)])
    write(output, render(design(found.knowledge, found.answers)), force=False)
    return 0
