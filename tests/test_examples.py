"""Each example's document is exactly what its answers lead to; `pytest --rewrite` writes it anew."""

from __future__ import annotations

import pytest

from mlworkflow.documents.rendering import render
from tests import helpers


@pytest.mark.parametrize("name", helpers.EXAMPLES)
def test_an_example_is_what_its_answers_lead_to(name: str, request: pytest.FixtureRequest) -> None:
    path = helpers.ROOT / "examples" / name / "workflow.md"
    document = render(helpers.example_spec(name))
    if request.config.getoption("--rewrite"):
        path.write_text(document, encoding="utf-8", newline="\n")
    assert path.is_file(), f"{path.name} of {name} is missing: run `pytest --rewrite`"
    assert path.read_text(encoding="utf-8") == document
