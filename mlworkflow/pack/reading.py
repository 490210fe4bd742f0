"""A folder becomes raw data, with every piece of it that has not the form of its kind reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mlworkflow.archetype import Archetype, Point, Sign
from mlworkflow.clause import Clause
from mlworkflow.decision import Decision, Option, Row
from mlworkflow.errors import CannotReadOrWrite, InputRefused, Problem
from mlworkflow.pack.archetypes import archetype_in
from mlworkflow.pack.knowledge import EVERY_TOOL, Raw
from mlworkflow.price import Price
from mlworkflow.question import Choice, Question
from mlworkflow.role import Role, Stage
from mlworkflow.tool import Checked, Limit, Source, Status, Tool


def read_pack(folder: Path, own: bool = False) -> Raw:
    """Return a pack's data as it stands in its files, each piece with its place."""
    if not folder.is_dir():
        raise CannotReadOrWrite(
            f"there is no pack folder {str(folder)!r}", fix="give the folder that holds questions.toml or decisions/"
        )
    problems: list[Problem] = []
    name = "" if own else folder.resolve().name
    toml = _Reader(folder, problems)
    raw: Raw = {
        "name": name,
        "questions": toml.one("questions.toml").get("question", []),
        "vocabulary": toml.one("vocabulary.toml"),
        "every_tool": toml.one("every-tool.toml"),
        "order": toml.one("order.toml").get("order", []),
        "decisions": {path.stem: data for path, data in toml.many("decisions")},
        "tools": {path.stem: data for path, data in toml.many("tools")},
        "roles": toml.one("roles.toml").get("role", []),
        "stages": toml.one("roles.toml").get("stage", []),
        "clauses": [one for _, data in toml.many("clauses") for one in data.get("clause", [])],
        "prices": toml.one("prices.toml").get("price", []),
        "archetypes": [archetype_in(path.stem, data) for path, data in toml.many("archetypes")],
    }
    if problems:
        raise InputRefused.because(problems)
    if not any(data for key, data in raw.items() if key != "name") and not any(folder.glob("templates/*.md.j2")):
        files = "questions.toml, roles.toml, prices.toml, every-tool.toml, vocabulary.toml"
        fix = f"a pack holds {files}, decisions/, tools/, clauses/, archetypes/ or templates/"
        raise InputRefused("this folder is no pack", place=str(folder), fix=fix)
    _validate(raw, folder)
    return raw


class _Reader:
    """Reads the TOML files of a pack and collects what cannot be read."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self.folder = folder
        self.problems = problems

    def one(self, name: str) -> Raw:
        """Return one file's data, or nothing where there is no such file."""
        path = self.folder / name
        return self._read(path) if path.is_file() else {}

    def many(self, name: str) -> list[tuple[Path, Raw]]:
        """Return the data of each file of a folder, by name."""
        return [(path, self._read(path)) for path in sorted((self.folder / name).glob("*.toml"))]

    def _read(self, path: Path) -> Raw:
        import tomllib

        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            self.problems.append(Problem(str(path), f"cannot be read: {error}"))
            return {}


# ------------------------------------------------------------------ validation


def _validate(raw: Raw, folder: Path) -> None:
    """Report every piece of data that has not the form of its kind."""
    from pydantic import TypeAdapter, ValidationError

    problems: list[Problem] = []

    def check(adapter: TypeAdapter[Any], data: Any, place: str) -> None:
        try:
            adapter.validate_json(json.dumps(data), strict=True)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                where = ".".join(str(part) for part in one["loc"])
                problems.append(Problem(place, f"{where}: {one['msg']}".strip(": ")))

    forbid = {"extra": "forbid"}
    kinds = {
        kind: _adapter(kind, forbid) for kind in (Question, Decision, Tool, Clause, Row, Role, Stage, Price, Archetype)
    }
    for question in raw["questions"]:
        check(kinds[Question], question, f"{folder}/questions.toml {question.get('id', '?')}")
    for id, decision in raw["decisions"].items():
        filled = {"asks": "", "title": "", "section": "", **decision, "id": id}
        check(kinds[Decision], filled, f"{folder}/decisions/{id}.toml")
    for id, tool in raw["tools"].items():
        status = {("is_" if key == "is" else key): value for key, value in tool.get("status", {}).items()}
        plain = {key: value for key, value in tool.items() if key != "replaces"}
        check(kinds[Tool], {**plain, "id": id, "status": status}, f"{folder}/tools/{id}.toml")
    for clause in raw["clauses"]:
        check(kinds[Clause], clause, f"{folder}/clauses {clause.get('id', '?')}")
    for kind, name in ((Role, "roles"), (Stage, "stages")):
        for one in raw[name]:
            check(kinds[kind], one, f"{folder}/roles.toml {one.get('id', '?')}")
    for archetype in raw["archetypes"]:
        plain = {key: value for key, value in archetype.items() if key not in ("replaces", "drops")}
        filled = {"name": "", "problem_types": [], "words": [], **plain}
        check(kinds[Archetype], filled, f"{folder}/archetypes/{archetype['id']}.toml")
    for price in raw["prices"]:
        plain = {key: value for key, value in price.items() if key != "replaces"}
        check(kinds[Price], plain, f"{folder}/prices.toml {price.get('id', '?')}")
    for row in (row for side in EVERY_TOOL for row in raw["every_tool"].get(side, ())):
        check(kinds[Row], row, f"{folder}/every-tool.toml {row.get('id', '?')}")
    if problems:
        raise InputRefused.because(problems)


def _adapter(kind: type, config: Any) -> Any:
    from pydantic import TypeAdapter

    for one in (kind, Choice, Option, Row, Status, Checked, Source, Limit, Point, Sign):
        one.__pydantic_config__ = config  # type: ignore[attr-defined]
    return TypeAdapter(kind)
