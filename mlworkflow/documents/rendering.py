"""A design becomes its document: views, templates, the answers, and the last line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mlworkflow import __version__
from mlworkflow.answers import to_toml
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, escape, fence_toml
from mlworkflow.documents.loading import environment, pack_environment
from mlworkflow.documents.saying import Say, Table
from mlworkflow.documents.sealing import sealed
from mlworkflow.documents.views import VIEWS, evolution


def render(spec: Spec, packs: Sequence[str] = ()) -> str:
    """Return the whole document; only packs named here may bring sections of their own."""
    say = Say(spec)
    values: dict[str, Any] = {name: view(say) for name, view in VIEWS.items()}
    values["name"] = escape(spec.answers.value("name"))
    values |= {
        "evolution": evolution.view(say),
        "answers": fence_toml(to_toml(spec.knowledge, spec.answers)),
        "table": Table,
        "extra": [section for pack in packs for section in _pack_sections(Path(pack), spec, values)],
    }
    body = environment().get_template("workflow.md.j2").render(values)
    return sealed(body, __version__, spec.knowledge.catalog_date)


def _pack_sections(folder: Path, spec: Spec, values: dict[str, Any]) -> list[Md]:
    """Return the sections that a pack adds, rendered in a sandbox over plain values."""
    found = sorted((folder / "templates").glob("*.md.j2"))
    if not found:
        return []
    rendering = pack_environment(folder)
    plain = {"answer": _answers(spec), "choice": _choices(spec), "name": values["name"]}
    return [Md(str(rendering.get_template(path.name).render(plain)).strip("\n")) for path in found]


def _answers(spec: Spec) -> dict[str, str]:
    return {
        question.id: spec.said(question.id)
        for question in spec.knowledge.questions
        if question.kind != "records" and spec.known(question.id)
    }


def _choices(spec: Spec) -> dict[str, str]:
    return {
        verdict.id.replace("-", "_"): spec.world.option_name(verdict.decision, verdict.chosen)
        for verdict in spec.verdicts
        if verdict.applies
    }
