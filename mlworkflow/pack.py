"""Folders of data become Knowledge: packs are read, stacked, checked as a whole and compiled."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from mlworkflow.clause import PLACEHOLDER, Clause
from mlworkflow.condition import Domain, Malformed, Test, Tree, compiled, names, parse, residual, settled, thresholds
from mlworkflow.decision import Decision, Option, Plan, Row
from mlworkflow.errors import CannotReadOrWrite, Damaged, InputRefused, Problem
from mlworkflow.facts import FACTS, FAMILIES
from mlworkflow.figures import FIGURES
from mlworkflow.question import Choice, Question
from mlworkflow.tool import ATTRIBUTES, Checked, Limit, Source, Status, Tool

HERE = Path(__file__).parent
OWN = HERE / "knowledge"
COMPILED = HERE / "compiled" / "knowledge.json"
EVERY_TOOL = ("rules_out", "prefers", "otherwise")
Raw = dict[str, Any]


# ------------------------------------------------------------------ knowledge


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
        """The latest day on which a catalog entry was checked."""
        return max((one["checked"]["on"] for one in self.raw["tools"].values()), default="")

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
                decision, rules_out=(*out, *limits, *decision.rules_out), prefers=(*liked, *decision.prefers, *ties)
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
    yield from raw["clauses"]
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


# ------------------------------------------------------------------ loading


def load(packs: Sequence[str] = ()) -> Knowledge:
    """Return our own knowledge with the packs stacked on it, or report every mistake in them."""
    own = own_raw()
    if not packs:
        return Knowledge(own)
    return Knowledge(stacked(own, [read_pack(Path(pack)) for pack in packs]))


def own_raw() -> Raw:
    """Return the first pack, from its compiled file where that is fresh."""
    stamp = source_stamp(OWN)
    try:
        with open(COMPILED, "rb") as file:
            raw: Raw = json.load(file)
        if raw.pop("stamp") in (stamp, "sealed"):
            return raw
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, OSError) as error:
        if stamp == "sealed":
            raise Damaged(f"the installed knowledge cannot be read ({error})", fix="install mlworkflow again") from error
    raw = compiled_raw()
    _keep({**raw, "stamp": stamp})
    return raw


def compiled_raw() -> Raw:
    """Return the first pack, read from its folder and checked."""
    empty: Raw = {
        "questions": [],
        "decisions": [],
        "tools": {},
        "clauses": [],
        "vocabulary": {},
        "every_tool": {},
        "packs": [],
    }
    return stacked(empty, [read_pack(OWN, own=True)])


def source_stamp(folder: Path) -> str:
    """Return what changes whenever a file of the folder changes."""
    newest, count, size = 0, 0, 0
    for path, _, files in os.walk(folder):
        for file in files:
            if file.endswith(".toml"):
                found = os.stat(os.path.join(path, file))
                newest, count, size = max(newest, found.st_mtime_ns), count + 1, size + found.st_size
    code = max(os.stat(HERE / name).st_mtime_ns for name in ("pack.py", "condition.py", "facts.py", "figures.py"))
    return f"{newest}-{count}-{size}-{code}"


def _keep(raw: Raw) -> None:
    """Write the compiled file if its place can be written; a checkout without it only starts slower."""
    part = COMPILED.with_name(f".knowledge-{os.getpid()}.tmp")
    try:
        COMPILED.parent.mkdir(exist_ok=True)
        part.write_text(json.dumps(raw, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        os.replace(part, COMPILED)
    except OSError:
        part.unlink(missing_ok=True)


def read_pack(folder: Path, own: bool = False) -> Raw:
    """Return a pack's data as it stands in its files, each piece with its place."""
    if not folder.is_dir():
        raise CannotReadOrWrite(f"there is no pack folder {str(folder)!r}", fix="give the folder that holds questions.toml or decisions/")
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
        "clauses": [one for _, data in toml.many("clauses") for one in data.get("clause", [])],
    }
    if problems:
        raise InputRefused.because(problems)
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
    kinds = {kind: _adapter(kind, forbid) for kind in (Question, Decision, Tool, Clause, Row)}
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
    for row in (row for side in EVERY_TOOL for row in raw["every_tool"].get(side, ())):
        check(kinds[Row], row, f"{folder}/every-tool.toml {row.get('id', '?')}")
    if problems:
        raise InputRefused.because(problems)


def _adapter(kind: type, config: Any) -> Any:
    from pydantic import TypeAdapter

    for one in (kind, Choice, Option, Row, Status, Checked, Source, Limit):
        one.__pydantic_config__ = config  # type: ignore[attr-defined]
    return TypeAdapter(kind)


# ------------------------------------------------------------------ stacking


def stacked(base: Raw, packs: Sequence[Raw]) -> Raw:
    """Return the base with the packs on top, settled and checked as one whole."""
    problems: list[Problem] = []
    whole: Raw = json.loads(json.dumps(base))
    for pack in packs:
        _add(whole, pack, problems)
    _settle(whole, problems)
    if not problems:
        problems.extend(_unordered(whole))
    if problems:
        raise InputRefused.because(problems)
    whole["plans"] = _plans(whole)
    return whole


def _plans(whole: Raw) -> Raw:
    """For each decision: which rows can strike or lift which option, with what is left of their conditions."""
    knowledge = Knowledge(whole)
    return {decision.id: _plan(knowledge, knowledge.in_full(decision)) for decision in knowledge.decisions}


def _plan(knowledge: Knowledge, decision: Decision) -> Raw:
    trees: dict[str, int] = {}

    def number(row: Row, option: str) -> int | None:
        if not row.speaks_of(option):
            return None
        tree = row.tree
        if tree is not None and decision.candidates:
            tree = residual(tree, "tool", knowledge.tool(option).attribute)
        if tree is None or tree == ["const", True]:
            return -1
        return None if tree[0] == "const" else trees.setdefault(json.dumps(tree), len(trees))

    options = knowledge.slots.get(decision.candidates, ()) if decision.candidates else [one.id for one in decision.options]
    strikes = {
        option: [[index, found] for index, row in enumerate(decision.rules_out) if (found := number(row, option)) is not None]
        for option in options
    }
    likes = [
        {option: found for option in options if (found := number(row, option)) is not None} for row in decision.prefers
    ]
    return {"strikes": strikes, "likes": likes, "trees": [json.loads(tree) for tree in trees]}


def _add(whole: Raw, pack: Raw, problems: list[Problem]) -> None:
    name = pack["name"]
    if name:
        whole["packs"].append(name)
    known = {question["id"] for question in whole["questions"]}
    for question in pack["questions"]:
        if question["id"] in known:
            problems.append(Problem(_place(name, question["id"]), "is a question already", "give it another id"))
        whole["questions"].append({**question, **_mark(name)})
    for group, words in pack["vocabulary"].items():
        whole["vocabulary"].setdefault(group, {}).update(words)
    for id, tool in pack["tools"].items():
        if id in whole["tools"] and not tool.pop("replaces", False):
            problems.append(Problem(_place(name, id), "is in the catalog already", "write `replaces = true` to change it"))
        whole["tools"][id] = {**tool, **_mark(name)}
    for side in EVERY_TOOL:
        rows = [{**row, **_mark(name)} for row in pack["every_tool"].get(side, [])]
        whole["every_tool"][side] = rows + whole["every_tool"].get(side, [])
    _add_decisions(whole, pack, problems)
    _add_clauses(whole, pack, problems)


def _add_clauses(whole: Raw, pack: Raw, problems: list[Problem]) -> None:
    known = {clause["id"] for clause in whole["clauses"]}
    for clause in pack["clauses"]:
        if clause["id"] in known:
            problems.append(Problem(_place(pack["name"], clause["id"]), "is a clause already", "give it another id"))
        known.add(clause["id"])
        whole["clauses"].append({**clause, **_mark(pack["name"])})


def _add_decisions(whole: Raw, pack: Raw, problems: list[Problem]) -> None:
    name = pack["name"]
    existing = {decision["id"]: decision for decision in whole["decisions"]}
    order = pack["order"] or sorted(pack["decisions"])
    for id in order:
        if id not in pack["decisions"]:
            problems.append(Problem(_place(name, "order.toml"), f"names no decision file: {id}"))
    for id in sorted(set(pack["decisions"]) - set(order)):
        problems.append(Problem(_place(name, "order.toml"), f"does not name the decision {id}"))
    for id in order:
        decision = {**pack["decisions"].get(id, {}), "id": id, **_mark(name)}
        for side in ("rules_out", "prefers"):
            decision[side] = [{**row, **_mark(name)} for row in decision.get(side, [])]
        if id not in existing:
            whole["decisions"].append(decision)
        elif decision.pop("replaces", False):
            existing[id].clear()
            existing[id].update(decision)
        else:
            _extend(existing[id], decision)


def _extend(decision: Raw, addition: Raw) -> None:
    """A later pack's rows are asked first; `drops` turns rows off."""
    for side in ("rules_out", "prefers"):
        kept = [row for row in decision.get(side, []) if row["id"] not in addition.get("drops", [])]
        decision[side] = addition[side] + kept
    known = {option["id"] for option in decision.get("options", [])}
    decision.setdefault("options", []).extend(o for o in addition.get("options", []) if o["id"] not in known)


def _mark(name: str) -> Raw:
    return {"pack": name} if name else {}


def _place(name: str, what: str) -> str:
    return f"{name}:{what}" if name else what


# ------------------------------------------------------------------ settling and checking


def _settle(whole: Raw, problems: list[Problem]) -> None:
    """Parse each condition, read its quantities, and report names and values that cannot be."""
    world = Names(whole)
    for holder, place, scope in world.holders():
        text = holder.get("when", "")
        if text and "tree" not in holder:
            try:
                holder["tree"] = settled(parse(text), world.domain_in(scope))
            except Malformed as error:
                problems.append(Problem(place, f"when = {text!r}: {error}"))
        for sentence in _sentences(holder):
            problems.extend(world.unknown_placeholders(sentence, place, scope))
    problems.extend(world.bad_options())
    problems.extend(world.twins())


def _sentences(holder: Raw) -> Iterator[str]:
    for key in ("because", "says"):
        if isinstance(holder.get(key), str):
            yield holder[key]
    yield from holder.get("columns", {}).values()


class Names:
    """Every name that a condition may read, with what it can be."""

    def __init__(self, whole: Raw) -> None:
        self.whole = whole
        self.domains: dict[str, Domain] = {"chosen_tools": Domain("tools"), "dead_tools": Domain("tools")}
        for question in whole["questions"]:
            self.domains[question["id"]] = question_of(question).domain
        for name, fact in FACTS.items():
            self.domains[name] = fact.domain
        for name, figure in FIGURES.items():
            self.domains[name] = Domain(figure.kind)
        for decision in whole["decisions"]:
            self.domains[decision["id"].replace("-", "_")] = self._of_decision(decision)

    def twins(self) -> Iterator[Problem]:
        """Yield a problem for each name that means two things."""
        questions = {question["id"] for question in self.whole["questions"]}
        decisions = {decision["id"].replace("-", "_") for decision in self.whole["decisions"]}
        for one, other in ((questions, FACTS), (questions, FIGURES), (decisions, FACTS), (decisions, questions)):
            for name in sorted(one & set(other)):
                yield Problem(name, "means two things", "give one of them another id")

    def _of_decision(self, decision: Raw) -> Domain:
        if decision.get("candidates"):
            slot = decision["candidates"]
            return Domain("choice", tuple(id for id, tool in self.whole["tools"].items() if slot in tool["does"]))
        return Domain("choice", tuple(option["id"] for option in decision.get("options", ())))

    def holders(self) -> Iterator[tuple[Raw, str, str]]:
        """Yield what has a condition, its place, and the subject that it may read."""
        for question in self.whole["questions"]:
            yield question, f"question {question['id']}", ""
        for decision in self.whole["decisions"]:
            place, family = f"decision {decision['id']}", decision.get("for_each", "")
            if decision.get("when"):
                yield decision, place, family
            for row in (*decision.get("rules_out", ()), *decision.get("prefers", ())):
                yield row, f"{place}, row {row['id']}", f"{family} tool" if decision.get("candidates") else family
        for row in (row for side in EVERY_TOOL for row in self.whole["every_tool"].get(side, ())):
            yield row, f"every-tool, row {row['id']}", "tool"
        for clause in self.whole["clauses"]:
            yield clause, f"clause {clause['id']}", clause.get("for_each", "")
        for id, tool in self.whole["tools"].items():
            for limit in tool.get("limits", ()):
                yield limit, f"tool {id}, limit {limit['id']}", "tool"

    def domain_in(self, scope: str) -> Callable[[str, str | None], Domain]:
        """Return the look-up of names for something that is judged within a scope."""
        families = scope.split()

        def domain_of(name: str, attribute: str | None) -> Domain:
            if name == "tool" and "tool" in families:
                return _attribute(ATTRIBUTES, "tool", attribute)
            for family in families:
                if family in FAMILIES and FAMILIES[family].noun == name:
                    return _attribute(FAMILIES[family].attributes, name, attribute)
            if attribute is not None:
                raise Malformed(f"`{name}.{attribute}` cannot be read here")
            if name not in self.domains:
                raise Malformed(f"there is no `{name}`{_meant(name, self.domains)}")
            return self.domains[name]

        return domain_of

    def unknown_placeholders(self, sentence: str, place: str, scope: str) -> Iterator[Problem]:
        """Yield a problem for each placeholder that names nothing."""
        for found in PLACEHOLDER.findall(sentence):
            name, _, attribute = found.partition(".")
            try:
                self.domain_in(scope)(name, attribute or None)
            except Malformed as error:
                yield Problem(place, f"the sentence {sentence!r}: {error}")

    def bad_options(self) -> Iterator[Problem]:
        """Yield a problem for each row that speaks of an option that does not exist, and for twin ids."""
        for decision in self.whole["decisions"]:
            place = f"decision {decision['id']}"
            if not decision.get("asks") or not decision.get("title"):
                yield Problem(place, "has no `asks` or no `title`")
            known = self.domains[decision["id"].replace("-", "_")].values
            seen: set[str] = set()
            for row in (*decision.get("rules_out", ()), *decision.get("prefers", ())):
                options = row.get("option", [])
                for option in [options] if isinstance(options, str) else options:
                    if option not in known:
                        yield Problem(f"{place}, row {row['id']}", f"there is no option {option!r}{_meant(option, known)}")
                if row["id"] in seen:
                    yield Problem(place, f"two rows are called {row['id']}")
                seen.add(row["id"])


def _attribute(known: Mapping[str, Domain], noun: str, attribute: str | None) -> Domain:
    name = attribute or "id"
    if name not in known:
        raise Malformed(f"a {noun} has no `{name}`{_meant(name, known)}")
    return known[name]


def _meant(name: str, known: Any) -> str:
    import difflib

    close = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean `{close[0]}`?)" if close else ""


def _unordered(whole: Raw) -> list[Problem]:
    """Report a circle among facts, figures and decisions."""
    import graphlib

    graph: dict[str, set[str]] = {}
    for name, fact in FACTS.items():
        graph[name] = set(fact.reads)
    for name, figure in FIGURES.items():
        graph[name] = set(figure.reads)
    for decision in whole["decisions"]:
        reads = {name for tree in _trees_of(whole, decision) for name, _ in names(tree)}
        if decision.get("for_each"):
            reads.add(FAMILIES[decision["for_each"]].fact)
        graph[decision["id"].replace("-", "_")] = reads
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return [Problem("knowledge", "reads in a circle: " + " -> ".join(error.args[1]))]
    return []


def _trees_of(whole: Raw, decision: Raw) -> Iterator[Tree]:
    holders = [decision, *decision.get("rules_out", ()), *decision.get("prefers", ())]
    if decision.get("candidates"):
        holders += [row for side in EVERY_TOOL for row in whole["every_tool"].get(side, ())]
    for holder in holders:
        if holder.get("tree") is not None:
            yield holder["tree"]
