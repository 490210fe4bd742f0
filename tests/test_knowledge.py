"""The knowledge as a whole: no row is dead, every option and tool can win, nothing forbidden is chosen."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from mlworkflow.clause import PLACEHOLDER, Clause
from mlworkflow.condition import Tree, names
from mlworkflow.decision import Decision, Row, Verdict
from mlworkflow.facts import FACTS, FAMILIES
from mlworkflow.figures import FIGURES
from mlworkflow.question import Question
from mlworkflow.tool import Tool
from mlworkflow.world import World
from tests import helpers
from tests.reaching import RICH, reached, readable, seen, tries
from tests.sampling import sampled

KNOWLEDGE = helpers.knowledge()
EVERY = [row for side in KNOWLEDGE.every_tool for row in side]
DATA = helpers.TESTS / "data"
GAPS = tomllib.loads((DATA / "known-gaps.toml").read_text("utf-8"))
NEVER_CHOSEN = tomllib.loads((DATA / "never-chosen.toml").read_text("utf-8"))
CODE = [path for path in (helpers.ROOT / "mlworkflow").rglob("*.py") if "compiled" not in path.parts]
EXEMPT = ("existing-only", "niche", "caution")


def rows() -> Iterator[tuple[Decision, Row]]:
    for decision in KNOWLEDGE.decisions:
        yield from ((decision, row) for row in (*decision.rules_out, *decision.prefers))


def candidates() -> Iterator[tuple[Decision, Tool]]:
    for decision in KNOWLEDGE.decisions:
        if decision.candidates:
            yield from ((decision, KNOWLEDGE.tool(id)) for id in KNOWLEDGE.slots[decision.candidates])


# ------------------------------------------------------------------ what can come true


def decides(decision: Decision, row: Row) -> bool:
    """Whether there are answers under which the row strikes an option, or is why one is preferred."""
    if (decision.id, row.id) in seen().decided:
        return True

    def goal(world: World, verdict: Verdict) -> bool:
        lost = [because for one in verdict.lost for because in one.because]
        return row.id in [because.row for because in (*verdict.because, *lost)]

    if reached(decision, goal, tries(240, decision.tree, row.tree)):
        return True
    trackers = [id for id in KNOWLEDGE.slots["experiment-tracking"] if KNOWLEDGE.tool(id).alive]
    return any(reached(decision, goal, tries(3, decision.tree, row.tree, already_used=[id])) for id in trackers)


def test_every_row_decides_something() -> None:
    dead = {f"{decision.id}/{row.id}" for decision, row in rows() if not decides(decision, row)}
    assert dead == set(GAPS["rows"]), "rows that never decide, or are wrongly said to"


def test_every_row_for_all_tools_decides_something() -> None:
    decided = {row for _, row in seen().decided}
    assert {row.id for row in EVERY} - decided == set()


def test_every_limit_of_a_tool_strikes_it() -> None:
    left = [
        (decision, limit)
        for decision, tool in candidates()
        for limit in tool.limits
        if (decision.id, limit.id) not in seen().decided
    ]
    dead = {
        limit.id for decision, limit in left if not decides(decision, Row(limit.id, limit.because, tree=limit.tree))
    }
    assert dead == set()


def test_every_option_can_win() -> None:
    dead = set()
    for decision in KNOWLEDGE.decisions:
        for option in decision.options:
            liked = [row.tree for row in decision.prefers if row.speaks_of(option.id)] or [None]
            if (decision.id, option.id) in seen().won:
                continue
            if not any(reached(decision, _chooses(option.id), tries(240, decision.tree, tree)) for tree in liked):
                dead.add(f"{decision.id}/{option.id}")
    assert dead == set(GAPS["options"]), "options that never win, or are wrongly said to"


def _chooses(option: str) -> Any:
    return lambda world, verdict: verdict.chosen == option


def wins(decision: Decision, tool: Tool) -> bool:
    """Whether the tool can be chosen: where it does not run yet, or at least where it does."""
    if (decision.id, tool.id) in seen().won:
        return True
    clouds = tool.clouds if "any" not in tool.clouds else ("aws", "on-prem")
    liked = [row.tree for row in decision.prefers if row.tree and ["const", tool.id] in _parts(row.tree)]
    wanted: list[Tree | None] = [*liked] or [None]
    return any(
        reached(
            decision,
            _chooses(tool.id),
            tries(8, decision.tree, tree, **{**RICH, "cloud": cloud, "already_used": [tool.id], **extra}),
        )
        for cloud in clouds[:2]
        for tree in wanted
        for extra in (
            {},
            {"team_size": 3},
            {"gpu": "none"},
            {"device_accelerator": "mobile"},
            {"device_accelerator": "browser"},
        )
    )


def _parts(tree: Tree) -> Iterator[Tree]:
    for part in tree[1:]:
        if isinstance(part, list) and part:
            yield part
            yield from _parts(part)


def test_every_tool_can_win_or_says_why_it_is_kept() -> None:
    kept = {
        f"{decision.id}/{tool.id}"
        for decision, tool in candidates()
        if tool.alive and not set(EXEMPT) & set(tool.capabilities) and not wins(decision, tool)
    }
    assert kept == set(NEVER_CHOSEN), "tools that never win, or are wrongly said to"


def test_every_exception_has_its_reason() -> None:
    for reasons in (NEVER_CHOSEN, *GAPS.values()):
        assert all(len(reason.split()) > 3 for reason in reasons.values())


def test_every_clause_can_apply() -> None:
    # Each lint rule has a case of its own in tests/cases/lint.
    left = [one for one in KNOWLEDGE.clauses if one.id not in seen().clauses and one.kind != "lint"]
    assert {clause.id for clause in left if not applies_somewhere(clause)} == set(GAPS["clauses"])


def applies_somewhere(clause: Clause) -> bool:
    for answers in tries(80, clause.tree):
        world = World(KNOWLEDGE, answers)
        test = KNOWLEDGE.test(clause.tree)
        assert test is not None
        for subject in world.subjects(clause.for_each) if clause.for_each else (None,):
            if test(world.look(clause.for_each, subject)) is True:
                return True
    return False


def test_no_tie_is_settled_by_the_alphabet_alone() -> None:
    assert {f"{id}: {chosen} before {other}" for id, chosen, other in seen().ties} <= set(GAPS["ties"])


def test_no_reason_speaks_of_what_is_not_known() -> None:
    assert seen().unsaid == set()


# ------------------------------------------------------------------ what must never be chosen


def chosen_tools(seed: int, **fixed: Any) -> Iterator[tuple[World, Verdict, Tool]]:
    world = World(KNOWLEDGE, sampled(seed, **fixed))
    for decision in KNOWLEDGE.decisions:
        for verdict in world.verdicts(decision).values():
            if decision.candidates and verdict.chosen is not None:
                yield world, verdict, KNOWLEDGE.tool(verdict.chosen)


DEAD = [id for id in KNOWLEDGE.raw["tools"] if not KNOWLEDGE.tool(id).alive]


@pytest.mark.parametrize("ten", range(4))
def test_no_dead_tool_is_chosen_not_even_where_it_runs(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        for _, verdict, tool in chosen_tools(seed, already_used=DEAD):
            assert tool.alive, (seed, verdict.id)


def test_a_dead_tool_that_was_asked_for_is_named_with_day_source_and_successor() -> None:
    for asked in ({"already_used": ["neptune"]}, {"decided": ["experiment-tracking=neptune: bought last year"]}):
        dead = [one for one in helpers.spec(sampled(3, **asked)).clauses if one.clause.id == "dead-tool-in-use"]
        said = [str(one.says) for one in dead if one.subject == "neptune"]
        assert len(said) == 1
        for part in ("discontinued since 2026-03-05", "MLflow, Weights & Biases, Comet", "2026-11-20", "https://"):
            assert part in said[0]


def test_there_are_dead_tools_and_each_says_what_follows_it() -> None:
    assert len(DEAD) > 10
    for id in DEAD:
        tool = KNOWLEDGE.tool(id)
        assert tool.status.since, id
        assert tool.status.note, id
        assert all(KNOWLEDGE.is_tool(one) and KNOWLEDGE.tool(one).alive for one in tool.status.successors), id
    assert sum(bool(KNOWLEDGE.tool(id).status.successors) for id in DEAD) >= len(DEAD) * 0.8


@pytest.mark.parametrize("ten", range(4))
def test_nothing_leaves_an_air_gap(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        for _, verdict, tool in chosen_tools(seed, **({"air_gap": True} if seed % 2 else {"residency": "premises"})):
            assert tool.offline, (seed, verdict.id, tool.id)


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure", "on-prem", "multi", None])
def test_a_tool_of_one_cloud_stands_in_no_other(cloud: str | None) -> None:
    for seed in range(15):
        for _, verdict, tool in chosen_tools(seed, cloud=cloud or "not sure"):
            if (cloud, tool.id) == ("on-prem", "llm-api-providers"):
                continue  # a vendor's API is called from our machines, it does not run on them
            wanted = (cloud,) if cloud not in ("multi", None) else ("aws", "gcp", "azure")
            assert "any" in tool.clouds or set(wanted) <= set(tool.clouds), (seed, verdict.id, tool.id)


@pytest.mark.parametrize("ten", range(3))
def test_no_tool_needs_a_cluster_that_nobody_runs(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        for world, verdict, tool in chosen_tools(seed, kubernetes="no"):
            assert "kubernetes" not in tool.needs, (seed, verdict.id, tool.id)
            assert not world.read("can_run_kubernetes")


@pytest.mark.parametrize("ten", range(3))
def test_no_licence_stands_against_what_is_offered_to_others(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        for _, verdict, tool in chosen_tools(seed, offered_to_others=True):
            if "operational-monitoring" in tool.does:
                continue  # what watches our own service is not part of what is offered
            assert tool.licence_class not in ("network-copyleft", "source-available"), (seed, verdict.id, tool.id)


@pytest.mark.parametrize("ten", range(3))
def test_nothing_is_paid_without_a_budget(ten: int) -> None:
    for seed in range(10 * ten, 10 * ten + 10):
        for _, verdict, tool in chosen_tools(seed, budget="0 EUR"):
            assert not tool.paid, (seed, verdict.id, tool.id)


def test_no_tool_needs_a_gpu_that_is_not_there() -> None:
    for seed in range(30):
        for _, verdict, tool in chosen_tools(seed, gpu="none"):
            on_device = verdict.decision.id == "serving-platform-edge"
            assert on_device or not {"gpu", "nvidia-gpu"} & set(tool.needs), (seed, verdict.id, tool.id)


HARD_NEEDS = {
    "kafka": ("kafka", "redpanda", "kafka-streams"),
    "spark": (
        "spark",
        "spark-structured-streaming",
        "databricks-jobs",
        "databricks-mlflow",
        "databricks-serving",
        "databricks-feature-store",
    ),
    "github": ("github-actions",),
    "gitlab": ("gitlab-ci",),
    "wandb": ("wandb",),
    "databricks": ("databricks-jobs", "databricks-mlflow", "databricks-serving", "databricks-feature-store"),
    "snowflake": ("snowflake-ml", "snowflake-feature-store"),
}


@pytest.mark.parametrize("ten", range(10))
def test_what_a_chosen_tool_needs_is_there(ten: int) -> None:
    """No pair stands together that cannot: each system that a tool runs on is in use, a source, or run for the team."""
    for seed in range(10 * ten, 10 * ten + 10):
        for world, verdict, tool in chosen_tools(seed):
            used = {*(world.read("tools_in_use") or ()), *(world.read("source_kinds") or ())}
            for need in set(tool.needs) & set(HARD_NEEDS) - {tool.id}:
                runs = need in used or any(one in used for one in HARD_NEEDS[need]) or any(need in one for one in used)
                assert runs or tool.id in used, (seed, verdict.id, tool.id, need)
            if "warehouse" in tool.needs:
                assert world.read("reads_warehouse") or tool.id in used, (seed, verdict.id, tool.id)
            if "ray-cluster" in tool.needs:
                able = world.read("can_run_kubernetes") or world.read("large_team")
                assert able or tool.id in used, (seed, verdict.id, tool.id)


@pytest.mark.parametrize("ten", range(10))
def test_runs_and_models_have_one_source_of_truth(ten: int) -> None:
    """A second registry beside one that the tracker has stands only where it already runs."""
    for seed in range(10 * ten, 10 * ten + 10):
        chosen = {verdict.decision.id: (world, tool) for world, verdict, tool in chosen_tools(seed)}
        if {"experiment-tracking", "model-registry"} <= set(chosen):
            tracker, (world, registry) = chosen["experiment-tracking"][1], chosen["model-registry"]
            one = tracker.id == registry.id or "model-registry" not in tracker.does
            assert one or registry.id in (world.read("tools_in_use") or ()), (seed, tracker.id, registry.id)


# ------------------------------------------------------------------ what is read, and in which order


def trees() -> Iterator[tuple[str, Tree]]:
    for question in KNOWLEDGE.questions:
        if question.tree:
            yield f"question {question.id}", question.tree
    for decision in KNOWLEDGE.decisions:
        if decision.tree:
            yield decision.id, decision.tree
        yield from ((decision.id, row.tree) for row in (*decision.rules_out, *decision.prefers) if row.tree)
    yield from ((row.id, row.tree) for row in EVERY if row.tree)
    yield from ((clause.id, clause.tree) for clause in KNOWLEDGE.clauses if clause.tree)
    yield from ((tool.id, limit.tree) for _, tool in candidates() for limit in tool.limits if limit.tree)


def sentences() -> Iterator[tuple[str, str]]:
    for decision in KNOWLEDGE.decisions:
        yield from ((f"{decision.id}/{row.id}", row.because) for row in (*decision.rules_out, *decision.prefers))
    yield from ((f"every-tool/{row.id}", row.because) for row in EVERY)
    for clause in KNOWLEDGE.clauses:
        yield from ((clause.id, text) for text in (clause.says, clause.because, *clause.columns.values()) if text)
    yield from ((tool.id, limit.because) for _, tool in candidates() for limit in tool.limits)


def read_somewhere(*but: str) -> set[str]:
    """Return every name that a condition, sentence, fact or figure reads, or that code outside a folder spells."""
    found = readable() | {name for _, tree in trees() for one in names(tree) for name in one if name}
    found |= {word for _, text in sentences() for one in PLACEHOLDER.findall(text) for word in one.split(".")}
    code = [path.read_text("utf-8") for path in CODE if not set(but) & set(path.parts)]
    return found | {word for text in code for word in re.findall(r"[\"']([a-z][a-z0-9_]*)[\"']", text)}


def test_every_question_is_read_by_something() -> None:
    read = read_somewhere()
    assert {one.id for one in KNOWLEDGE.questions if one.id not in read} == set(GAPS["questions"])


def test_every_field_of_a_record_is_read_by_something() -> None:
    read = read_somewhere()
    fields = {f"{one.id}/{field.id}" for one in KNOWLEDGE.questions for field in one.fields if field.id not in read}
    assert fields == set(GAPS["fields"])


def test_every_fact_is_read_by_something() -> None:
    read = read_somewhere("facts") | {family.fact for family in FAMILIES.values()}
    assert {name for name in FACTS if name not in read} == set(GAPS["facts"])


def test_a_decision_reads_only_earlier_ones() -> None:
    order = [decision.name for decision in KNOWLEDGE.decisions]
    reads = {name: set(one.reads) for name, one in FACTS.items()}
    reads |= {name: set(one.reads) for name, one in FIGURES.items()}

    def decisions_behind(name: str, seen: frozenset[str] = frozenset()) -> set[str]:
        if name in order:
            return {name}
        if name in seen:
            return set()
        return {one for read in reads.get(name, ()) for one in decisions_behind(read, seen | {name})}

    for decision in KNOWLEDGE.decisions:
        own = [tree for id, tree in trees() if id == decision.id]
        behind = {one for tree in own for name, _ in names(tree) for one in decisions_behind(name)}
        later = [name for name in behind if order.index(name) >= order.index(decision.name)]
        assert later == [], decision.id


def test_a_question_comes_up_only_by_earlier_answers() -> None:
    order = [question.id for question in KNOWLEDGE.questions]
    for question in KNOWLEDGE.questions:
        for name, _ in names(question.tree) if question.tree else ():
            assert name in order[: order.index(question.id)], question.id


# ------------------------------------------------------------------ words


def test_every_tag_is_described_and_every_described_tag_is_used() -> None:
    vocabulary = tomllib.loads((helpers.ROOT / "mlworkflow" / "knowledge" / "vocabulary.toml").read_text("utf-8"))
    tools = [KNOWLEDGE.tool(id) for id in KNOWLEDGE.raw["tools"]]
    used = {
        "slot": {tag for tool in tools for tag in tool.does},
        "need": {tag for tool in tools for tag in tool.needs},
        "capability": {tag for tool in tools for tag in tool.capabilities},
    }
    for group, tags in used.items():
        assert tags - set(vocabulary[group]) == set(), group
        assert {tag for tag in set(vocabulary[group]) - tags if f"{group}.{tag}" not in GAPS["tags"]} == set(), group
        assert all(word["label"] and word["says"] for word in vocabulary[group].values())


def test_every_tag_that_a_row_asks_for_is_carried_by_a_tool() -> None:
    tags = {group: set(KNOWLEDGE.raw["vocabulary"][group]) for group in ("slot", "need", "capability")}
    groups = {"does": "slot", "needs": "need", "capabilities": "capability"}
    for place, tree in trees():
        for part in (tree, *_parts(tree)):
            if part[0] == "cmp" and part[2][0] == "const" and part[3][:2] == ["name", "tool"] and part[3][2] in groups:
                assert part[2][1] in tags[groups[part[3][2]]], place


def test_every_tool_has_a_source_and_a_day() -> None:
    for id in KNOWLEDGE.raw["tools"]:
        tool = KNOWLEDGE.tool(id)
        assert tool.sources, id
        assert all(source.at for source in tool.sources), id
        assert datetime.date.fromisoformat(tool.checked.on).isoformat() <= KNOWLEDGE.catalog_date, id
        assert tool.checked.confidence in ("verified", "partly", "believed"), id
        assert tool.good_for, id
        assert tool.not_for, id
        assert set(tool.does) <= set(KNOWLEDGE.raw["vocabulary"]["slot"]), id


def test_every_decision_about_tools_has_a_way_to_do_without_or_a_tool_for_any_place() -> None:
    for decision in KNOWLEDGE.decisions:
        if decision.candidates:
            tools = [KNOWLEDGE.tool(id) for id in KNOWLEDGE.slots[decision.candidates]]
            assert any(tool.alive and "any" in tool.clouds and tool.offline for tool in tools), decision.id


def test_ids_are_unique() -> None:
    for ids in (
        [one.id for one in KNOWLEDGE.questions],
        [one.option for one in KNOWLEDGE.questions],
        [one.id for one in KNOWLEDGE.decisions],
        [one.id for one in KNOWLEDGE.clauses],
        [row.id for row in EVERY],
    ):
        assert [id for id, count in Counter(ids).items() if count > 1] == []
    for decision in KNOWLEDGE.decisions:
        full = KNOWLEDGE.in_full(decision)
        ids = [row.id for row in (*full.rules_out, *full.prefers)]
        assert [id for id, count in Counter(ids).items() if count > 1] == [], decision.id
        assert len({option.id for option in decision.options}) == len(decision.options)


def test_a_spelling_means_one_tool() -> None:
    meant: dict[str, set[str]] = {}
    for id, tool in KNOWLEDGE.raw["tools"].items():
        for spelling in {id, tool["name"].lower(), *(one.lower() for one in tool.get("aliases", ()))}:
            meant.setdefault(spelling, set()).add(id)
    assert {spelling: ids for spelling, ids in meant.items() if len(ids) > 1} == {}


def test_ids_are_spelled_alike() -> None:
    ids = [row.id for _, row in rows()] + [row.id for row in EVERY] + [one.id for one in KNOWLEDGE.clauses]
    ids += [one.id for one in KNOWLEDGE.decisions] + list(KNOWLEDGE.raw["tools"])
    assert [id for id in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id)] == []
    assert [one.id for one in KNOWLEDGE.questions if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", one.id)] == []


def test_a_because_is_short_and_reads_on() -> None:
    for decision in KNOWLEDGE.decisions:
        for row in (*decision.rules_out, *decision.prefers):
            assert_reads_on(f"{decision.id}/{row.id}", row.because)
    for row in EVERY:
        assert_reads_on(f"every-tool/{row.id}", row.because)


def assert_reads_on(place: str, because: str) -> None:
    assert 2 <= len(because.split()) < 25, place
    assert because.strip() == because, place
    assert not because.endswith((".", "!", ";", ",")), place
    assert not because.lower().startswith("because"), place


def test_every_question_says_what_is_needed_to_ask_it() -> None:
    for question in KNOWLEDGE.questions:
        assert question.asks.endswith("?"), question.id
        assert question.label, question.id
        assert question.section, question.id
        assert question.owner in ("product", "data", "model", "platform", "legal"), question.id
        assert (question.assume is None) or question.because, question.id
        assert (question.kind in ("choice", "choices")) == bool(question.choices), question.id
        assert_choices(question)
        for field in question.fields:
            assert_choices(field)


def assert_choices(question: Question) -> None:
    known = [choice.id for choice in question.choices]
    assert len(known) == len(set(known)), question.id
    assert all(choice.means for choice in question.choices), question.id
    assert question.kind != "choice" or question.assume is None or question.assume in known, question.id
