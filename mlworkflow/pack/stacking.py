"""Packs on top of each other become one whole, with the rows of each decision sorted by option."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from mlworkflow.condition import residual
from mlworkflow.decision import Decision, Row
from mlworkflow.errors import InputRefused, Problem
from mlworkflow.pack.archetypes import add_archetypes, bad_archetypes
from mlworkflow.pack.checking import meant, settle, unordered
from mlworkflow.pack.knowledge import EVERY_TOOL, Knowledge, Raw
from mlworkflow.pack.roles import add_roles, bad_roles


def stacked(base: Raw, packs: Sequence[Raw]) -> Raw:
    """Return the base with the packs on top, settled and checked as one whole."""
    problems: list[Problem] = []
    whole: Raw = json.loads(json.dumps(base))
    for pack in packs:
        _add(whole, pack, problems)
    settle(whole, problems)
    problems.extend(bad_roles(whole))
    problems.extend(bad_archetypes(whole))
    if not problems:
        problems.extend(unordered(whole))
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

    options = (
        knowledge.slots.get(decision.candidates, ()) if decision.candidates else [one.id for one in decision.options]
    )
    strikes = {
        option: [
            [index, found] for index, row in enumerate(decision.rules_out) if (found := number(row, option)) is not None
        ]
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
        replaces = tool.pop("replaces", False)
        if id in whole["tools"] and not replaces:
            problems.append(
                Problem(_place(name, id), "is in the catalog already", "write `replaces = true` to change it")
            )
        whole["tools"][id] = {**tool, **_mark(name)}
    for side in EVERY_TOOL:
        rows = [{**row, **_mark(name)} for row in pack["every_tool"].get(side, [])]
        whole["every_tool"][side] = rows + whole["every_tool"].get(side, [])
    _add_prices(whole, pack, problems)
    _add_decisions(whole, pack, problems)
    _add_clauses(whole, pack, problems)
    add_roles(whole, pack, problems)
    add_archetypes(whole, pack, problems)


def _add_prices(whole: Raw, pack: Raw, problems: list[Problem]) -> None:
    """A later pack's prices are asked first; one that has the id of another takes its place."""
    known = {price["id"] for price in whole["prices"]}
    added: dict[str, Raw] = {}
    for price in pack["prices"]:
        replaces, place = price.pop("replaces", False), _place(pack["name"], price["id"])
        if price["id"] in added:
            problems.append(Problem(place, "stands twice among the prices", "give one of them another id"))
        elif price["id"] in known and not replaces:
            problems.append(Problem(place, "is a price already", "write `replaces = true` to change it"))
        elif replaces and price["id"] not in known:
            problems.append(Problem(place, f"replaces a price that does not exist{meant(price['id'], known)}"))
        added[price["id"]] = {**price, **_mark(pack["name"])}
    whole["prices"] = [*added.values(), *(price for price in whole["prices"] if price["id"] not in added)]


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
            problems.extend(_beyond_rows(existing[id], decision, name))
            _extend(existing[id], decision)


ADDS = ("id", "pack", "rules_out", "prefers", "options", "drops")


def _beyond_rows(decision: Raw, addition: Raw, name: str) -> Iterator[Problem]:
    """Yield what an addition would change silently, and rows that it drops although there are none of the name."""
    place = _place(name, f"decisions/{decision['id']}.toml")
    for key in sorted(set(addition) - set(ADDS)):
        yield Problem(
            place, f"changes `{key}` of a decision that exists", "write `replaces = true` and all of its rows"
        )
    known = {row["id"] for side in ("rules_out", "prefers") for row in decision.get(side, [])}
    for row in addition.get("drops", []):
        if row not in known:
            yield Problem(place, f"drops the row {row}, which does not exist{meant(row, known)}")


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
