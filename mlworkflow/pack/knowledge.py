"""What the program knows, made from raw data as it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from mlworkflow.archetype import Archetype, Point, Sign
from mlworkflow.clause import Clause
from mlworkflow.condition import Test, Tree, compiled, thresholds
from mlworkflow.decision import Decision, Option, Plan, Row
from mlworkflow.price import Price
from mlworkflow.question import Choice, Question
from mlworkflow.role import Role, Stage
from mlworkflow.tool import Checked, Limit, Source, Status, Tool

EVERY_TOOL = ("rules_out", "prefers", "otherwise")
Raw = dict[str, Any]


class Knowledge:
    """What the program knows: questions, decisions in order, tools, clauses and words."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.packs: tuple[str, ...] = tuple(raw.get("packs", ()))
        self._tools: dict[str, Tool] = {}
        self._tests: dict[int, Test] = {}
        self._full: dict[str, Decision] = {}
        self._plans: dict[str, tuple[Plan, tuple[Test, ...]]] = {}

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order asked."""
        return tuple(question_of(one) for one in self.raw["questions"])

    @cached_property
    def question(self) -> Mapping[str, Question]:
        """The questions by id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision, the important ones first."""
        return tuple(decision_of(one) for one in self.raw["decisions"])

    @cached_property
    def decision(self) -> Mapping[str, Decision]:
        """The decisions by the name that rows read."""
        return {decision.name: decision for decision in self.decisions}

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in file order."""
        return tuple(Clause(**one) for one in self.raw["clauses"])

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Every role, classic ones and personas, in file order."""
        return tuple(role_of(one) for one in self.raw["roles"])

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The stages of the lifecycle, in order."""
        return tuple(stage_of(one) for one in self.raw["stages"])

    @cached_property
    def archetypes(self) -> tuple[Archetype, ...]:
        """Every usual case, in the order of their names."""
        return tuple(archetype_of(one) for one in self.raw["archetypes"])

    @cached_property
    def prices(self) -> tuple[Price, ...]:
        """Every listed price, those of later packs first."""
        return tuple(Price(**one) for one in self.raw["prices"])

    @cached_property
    def slots(self) -> Mapping[str, tuple[str, ...]]:
        """The tool ids of each slot, simplest first."""
        slots: dict[str, list[str]] = {}
        upkeep = {"none": 0, "light": 1, "moderate": 2, "heavy": 3}
        for id, one in sorted(self.raw["tools"].items(), key=lambda item: (upkeep[item[1]["upkeep"]], item[0])):
            for slot in one["does"]:
                slots.setdefault(slot, []).append(id)
        return {slot: tuple(ids) for slot, ids in slots.items()}

    @cached_property
    def every_tool(self) -> tuple[tuple[Row, ...], ...]:
        """The rows that hold for each tool choice: what rules out, what is preferred first, what settles a tie."""
        rows = self.raw["every_tool"]
        return tuple(rows_of(rows.get(side, ())) for side in EVERY_TOOL)

    @cached_property
    def catalog_date(self) -> str:
        """The latest day on which a catalog entry was checked, or of which a price is known."""
        days = [one["checked"]["on"] for one in self.raw["tools"].values()]
        return max((*days, *(one["on"] for one in self.raw["prices"])), default="")

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Every way to write a tool's name, lower case, with the tool's id."""
        spellings: dict[str, str] = {}
        for id, one in self.raw["tools"].items():
            for spelling in (id, one["name"].lower(), *one.get("aliases", ())):
                spellings.setdefault(spelling.lower(), id)
        return spellings

    def in_full(self, decision: Decision) -> Decision:
        """Return the decision with the rows that hold for every tool, and the tools' own limits."""
        if not decision.candidates:
            return decision
        if decision.id not in self._full:
            out, liked, ties = self.every_tool
            limits = tuple(
                Row(limit.id, limit.because, limit.when, id, tree=limit.tree)
                for id in self.slots.get(decision.candidates, ())
                for limit in self.tool(id).limits
            )
            self._full[decision.id] = replace(
                decision,
                rules_out=(*out, *limits, *decision.rules_out),
                prefers=tuple(sorted((*liked, *decision.prefers, *ties), key=lambda row: not row.pack)),
            )
        return self._full[decision.id]

    def tool(self, id: str) -> Tool:
        """Return the catalog entry of that id."""
        if id not in self._tools:
            self._tools[id] = tool_of(id, self.raw["tools"][id])
        return self._tools[id]

    def is_tool(self, id: str) -> bool:
        """Whether the catalog has an entry of that id."""
        return id in self.raw["tools"]

    def plan(self, decision: Decision) -> tuple[Plan, tuple[Test, ...]]:
        """Return how a decision is judged: its rows by option, and their compiled conditions."""
        if decision.id not in self._plans:
            raw = self.raw["plans"][decision.id]
            plan = Plan(
                tuple(raw["strikes"]),
                {option: tuple((row, tree) for row, tree in pairs) for option, pairs in raw["strikes"].items()},
                tuple(raw["likes"]),
            )
            self._plans[decision.id] = plan, tuple(compiled(tree) for tree in raw["trees"])
        return self._plans[decision.id]

    def test(self, tree: Tree | None) -> Test | None:
        """Return the compiled condition of a tree, made once."""
        if tree is None:
            return None
        key = id(tree)
        if key not in self._tests:
            self._tests[key] = compiled(tree)
        return self._tests[key]

    @cached_property
    def thresholds(self) -> Mapping[str, tuple[float, ...]]:
        """The numbers with which conditions compare each name."""
        found: dict[str, set[float]] = {}
        for tree in _trees(self.raw):
            for name, number in thresholds(tree):
                found.setdefault(name, set()).add(number)
        return {name: tuple(sorted(numbers)) for name, numbers in found.items()}

    def says(self, group: str, id: str) -> Raw:
        """Return a word of the vocabulary, such as a need or a capability."""
        word: Raw = self.raw["vocabulary"].get(group, {}).get(id, {})
        return word


def _trees(raw: Raw) -> Iterator[Tree]:
    for holder in _holders(raw):
        if holder.get("tree") is not None:
            yield holder["tree"]


def _holders(raw: Raw) -> Iterator[Raw]:
    """Yield everything that has a condition."""
    yield from raw["questions"]
    for question in raw["questions"]:
        yield from question.get("fields", ())
    for decision in raw["decisions"]:
        yield decision
        yield from decision.get("rules_out", ())
        yield from decision.get("prefers", ())
    for side in EVERY_TOOL:
        yield from raw["every_tool"].get(side, ())
    # What lint alone asks moves no decision, so no decision is tried beside its numbers.
    yield from (clause for clause in raw["clauses"] if clause["kind"] != "lint")
    for archetype in raw["archetypes"]:
        yield from archetype["points"]
    for tool in raw["tools"].values():
        yield from tool.get("limits", ())


# ------------------------------------------------------------------ raw data to objects


def question_of(raw: Raw) -> Question:
    """Return the question that the data describes."""
    data = dict(raw)
    data["choices"] = tuple(Choice(**choice) for choice in data.get("choices", ()))
    data["fields"] = tuple(question_of(one) for one in data.get("fields", ()))
    data["positional"] = tuple(data.get("positional", ()))
    return Question(**data)


def role_of(raw: Raw) -> Role:
    """Return the role that the data describes."""
    return Role(**_tupled(raw))


def stage_of(raw: Raw) -> Stage:
    """Return the stage that the data describes."""
    return Stage(**_tupled(raw))


def archetype_of(raw: Raw) -> Archetype:
    """Return the usual case that the data describes."""
    points = tuple(Point(**{**_tupled(one), "tree": one.get("tree")}) for one in raw["points"])
    signs = tuple(Sign(**_tupled(one)) for one in raw.get("signs", ()))
    by_language = {key: _tupled(raw.get(key, {})) for key in ("words_in", "hints_in")}
    return Archetype(**{**_tupled(raw), **by_language, "points": points, "signs": signs})


def _tupled(raw: Raw) -> Raw:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}


def rows_of(raw: Sequence[Raw]) -> tuple[Row, ...]:
    """Return the rows that the data describes."""
    return tuple(
        Row(**{**one, "option": tuple(one["option"]) if isinstance(one.get("option"), list) else one.get("option", ())})
        for one in raw
    )


def decision_of(raw: Raw) -> Decision:
    """Return the decision that the data describes."""
    data = dict(raw)
    data["options"] = tuple(Option(**option) for option in data.get("options", ()))
    data["rules_out"] = rows_of(data.get("rules_out", ()))
    data["prefers"] = rows_of(data.get("prefers", ()))
    data["drops"] = tuple(data.get("drops", ()))
    return Decision(**data)


_TUPLES = ("does", "hosting", "clouds", "aliases", "needs", "capabilities")


def tool_of(id: str, raw: Raw) -> Tool:
    """Return the catalog entry that the data describes."""
    data = {**raw, "id": id}
    for name in _TUPLES:
        data[name] = tuple(data.get(name, ()))
    status = dict(data.get("status", {}))
    status["successors"] = tuple(status.get("successors", ()))
    data["status"] = Status(**{"is_" if key == "is" else key: value for key, value in status.items()})
    data["checked"] = Checked(**data["checked"])
    data["sources"] = tuple(Source(**source) for source in data.get("sources", ()))
    data["limits"] = tuple(Limit(**limit) for limit in data.get("limits", ()))
    return Tool(**data)
