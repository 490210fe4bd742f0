"""Usual cases: recognised by words, silent where they are unsure, overruled by an answer, and no more than fits."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mlworkflow.archetype import KINDS, Archetype, Point
from mlworkflow.condition import names
from mlworkflow.designing import Spec
from mlworkflow.documents.rendering import render
from mlworkflow.errors import InputRefused
from mlworkflow.experience import MOST, fits
from mlworkflow.pack import load
from mlworkflow.world import World
from tests import helpers
from tests.reaching import tries

KNOWLEDGE = helpers.knowledge()
BY_ID = {one.id: one for one in KNOWLEDGE.archetypes}
POINTS = [(one, point) for one in KNOWLEDGE.archetypes for point in one.points]


def said(problem_type: str, name: str, target: str, **more: Any) -> dict[str, Any]:
    return {"problem_type": problem_type, "name": name, "target": target, **more}


CASES = tomllib.loads((helpers.TESTS / "data" / "archetypes.toml").read_text("utf-8"))
KNOWN: list[tuple[str, dict[str, Any]]] = [(id, values) for id, values in CASES["known"]]
NEITHER: list[tuple[str, dict[str, Any]]] = [(why, values) for why, values in CASES["unsure"]]


def spec(values: Mapping[str, Any]) -> Spec:
    return helpers.spec(helpers.answers(values))


@pytest.mark.parametrize(("id", "values"), KNOWN, ids=[f"{id}: {values['name']}" for id, values in KNOWN])
def test_a_usual_case_is_recognised_and_said_in_one_line(id: str, values: dict[str, Any]) -> None:
    design = spec(values)
    assert design.value("looks_like") == id
    lines = [line for line in render(design).splitlines() if line.startswith("**This looks like")]
    assert lines == [f"**This looks like {BY_ID[id].name}**: {design.value('recognised').because}."]
    assert "“" in lines[0]


@pytest.mark.parametrize(("why", "values"), NEITHER, ids=[why for why, _ in NEITHER])
def test_where_it_is_unsure_nothing_is_said(why: str, values: dict[str, Any]) -> None:
    design = spec(values)
    assert design.value("looks_like") is None
    assert "looks like" not in render(design)


@pytest.mark.parametrize(("id", "values"), CASES["abroad"], ids=[values["name"] for _, values in CASES["abroad"]])
def test_a_usual_case_is_recognised_in_german_french_and_spanish(id: str, values: dict[str, Any]) -> None:
    assert World(KNOWLEDGE, helpers.answers(values)).read("looks_like") == (id or None)


def test_each_case_has_words_of_each_language_and_is_tried_in_each() -> None:
    tried = [id for id, _ in CASES["abroad"] if id]
    for one in KNOWLEDGE.archetypes:
        assert tried.count(one.id) == 3, one.id
        for by_language in (one.words_in, one.hints_in):
            assert set(by_language) == {"de", "fr", "es"}, one.id
            assert all(words for words in by_language.values()), one.id


@pytest.mark.parametrize(
    ("values", "id", "because"),
    [
        (said("recommendation", "X", "Y"), "recommendations-and-feeds", "items are chosen for a person from many"),
        (
            said("classification", "Warteliste", "Verschlechterung eines Patienten", regulation=["health"]),
            "medical-triage", "the target says “patienten”, health regulation applies",
        ),
        (
            said("regression", "Press", "hours of useful life left", sources=[{"name": "plc", "kind": "sensor"}]),
            "predictive-maintenance", "the target says “useful life”, sensors are read",
        ),
    ],
)  # fmt: skip
def test_structured_answers_speak_for_a_case_in_any_language(values: dict[str, Any], id: str, because: str) -> None:
    world = World(KNOWLEDGE, helpers.answers(values))
    assert world.read("looks_like") == id
    assert world.read("recognised").because == because


def test_structured_answers_alone_do_not_claim_a_case_that_they_only_suggest() -> None:
    for more in ({"regulation": ["health"], "safety": True}, {"adversarial": True, "action_effect": "prevents"}):
        world = World(KNOWLEDGE, helpers.answers(said("classification", "Queue", "urgent case", **more)))
        assert world.read("looks_like") is None


def test_every_case_is_recognised_somewhere() -> None:
    assert {id for id, _ in KNOWN} == set(BY_ID)
    assert len(BY_ID) == 14


def test_an_answer_overrules_the_words() -> None:
    values = KNOWN[0][1]
    assert spec({**values, "archetype": "none"}).value("looks_like") is None
    other = spec({**values, "archetype": "credit-and-insurance"})
    assert other.value("looks_like") == "credit-and-insurance"
    assert "**This is read as credit and insurance**, as it was asked for." in render(other)
    with pytest.raises(InputRefused, match="archetype"):
        spec({**values, "archetype": "fraud-and-abus"})


# ------------------------------------------------------------------ what fits


FRAUD = said(
    "classification", "Card fraud", "fraud within 90 days",
    sources=[{"name": "payments", "content": "card payments with device, address, amount and country"}],
)  # fmt: skip


def proposed(values: Mapping[str, Any]) -> list[str]:
    return [one.clause.id for one in spec(values).kind("proposed-feature")]


def test_a_feature_is_proposed_only_where_a_source_could_give_it() -> None:
    assert "fraud-and-abuse-novelty" in proposed({**FRAUD, "size": "full"})
    none = {**FRAUD, "sources": [{"name": "weather", "content": "rain by hour"}], "size": "full"}
    assert [id for id in proposed(none) if id.startswith("fraud")] == []
    barred = {**FRAUD["sources"][0], "licence": "forbidden"}
    assert [id for id in proposed({**FRAUD, "sources": [barred]}) if id.startswith("fraud")] == []


def test_a_feature_is_not_proposed_where_a_candidate_is_it_already() -> None:
    feature = {"name": "device_age", "source": "payments", "description": "days since the device was first seen"}
    assert "fraud-and-abuse-novelty" not in proposed({**FRAUD, "features": [feature], "size": "full"})


def test_a_feature_of_the_case_stands_in_place_of_the_general_one() -> None:
    general = {**FRAUD, "adversarial": True}
    assert not {"propose-novelty", "propose-novelty-of-keys"} & set(proposed(general))
    assert {"propose-novelty", "propose-novelty-of-keys"} & set(proposed({**general, "archetype": "none"}))


def test_a_trap_is_left_out_where_a_finding_says_it() -> None:
    values = said(
        "classification", "Loans", "default on a loan", action_effect="prevents", decision_driven="which loans"
    )
    for effect, there in (("prevents", False), ("none", True)):
        design = spec({**values, "action_effect": effect, "archetype": "credit-and-insurance"})
        traps = [one.clause.id for one in design.kind("trap")]
        assert ("credit-and-insurance-refused" in traps) is there, effect


@pytest.mark.parametrize("size", ["standard", "full"])
@pytest.mark.parametrize(("id", "values"), KNOWN, ids=[values["name"] for _, values in KNOWN])
def test_the_document_takes_few_points(id: str, values: dict[str, Any], size: str) -> None:
    words = " ".join(word.rstrip("*") for point in BY_ID[id].points for word in point.needs)
    rich = {**values, "sources": [{"name": "everything", "content": words}], "archetype": id, "size": size}
    design = spec(rich)
    shown = {kind: len([one for one in design.clauses if one.clause.kind == KINDS[kind]]) for kind in MOST}
    assert shown["trap"] <= 3
    assert shown["question"] <= 2
    assert shown["metric"] == shown["rule"] == 0
    document = render(design)
    block = (
        document.split("**Proposed in addition**")[1].split("\n\n")[1] if "**Proposed in addition**" in document else ""
    )
    assert len(block.splitlines()) <= 5


# ------------------------------------------------------------------ the data


@pytest.mark.parametrize(
    ("archetype", "point"), POINTS, ids=[f"{one.id}: {point.kind} {point.id}" for one, point in POINTS]
)
def test_every_point_can_come_into_a_document(archetype: Archetype, point: Point) -> None:
    needs = [word.rstrip("*") for word in point.needs[:1]]
    fixed: dict[str, Any] = {"archetype": archetype.id, "target": "t", "name": "n", "business_metric": "not sure"}
    fixed["sources"] = [
        {"name": "orders", "content": " ".join(["rows", *needs]), "kind": "postgres"},
        {"name": "crm"},
        {"name": "events"},
    ]
    if point.tree is None or "problem_type" not in [name for name, _ in names(point.tree)]:
        fixed["problem_type"] = archetype.problem_types[0]
    for answers in tries(400, point.tree, features=[], **fixed):
        world = World(KNOWLEDGE, answers)
        left_out = next(fit.left_out for fit in fits(world, (), archetype) if fit.point == point)
        if left_out in ("", "only shown here") or left_out.startswith("the document shows"):
            return
    pytest.fail("no answers bring it up")


def test_every_case_has_what_its_people_would_name() -> None:
    for one in KNOWLEDGE.archetypes:
        assert len(one.of("feature")) >= 4, one.id
        assert len(one.of("trap")) >= 4, one.id
        assert len(one.of("metric")) >= 3, one.id
        assert len(one.of("rule")) >= 1, one.id
        assert len(one.of("question")) >= 2, one.id


def test_a_rule_is_dated_has_a_source_and_is_worded_as_a_check() -> None:
    for archetype, point in POINTS:
        if point.kind == "rule":
            assert point.source.startswith("https://"), (archetype.id, point.id)
            assert point.on <= KNOWLEDGE.catalog_date, (archetype.id, point.id)
            assert point.confidence, (archetype.id, point.id)
            assert "check" in point.says, (archetype.id, point.id)


def test_points_are_short_and_say_one_thing_in_bold() -> None:
    for archetype, point in POINTS:
        place = (archetype.id, point.id)
        if point.kind == "trap":
            assert point.says.startswith("**"), place
            assert len(point.says.split()) <= 38, place
        if point.kind == "feature":
            assert len(f"{point.says} {point.why}".split()) <= 32, place
        if point.kind == "question":
            assert point.says.endswith("?"), place
            assert point.why, place
    weights = [(archetype.id, point.kind, point.id) for archetype, point in POINTS]
    assert len(weights) == len(set(weights))


# ------------------------------------------------------------------ packs


def pack(folder: Path, text: str, name: str = "fraud-and-abuse") -> str:
    (folder / "house" / "archetypes").mkdir(parents=True)
    (folder / "house" / "archetypes" / f"{name}.toml").write_text(text, "utf-8")
    return str(folder / "house")


OF_THE_HOUSE = """
words = ["mule account*"]
drops = ["probing"]
trap = [{ id = "mules", says = "**Mules are customers of ours.** Their inflows are scored too.", weight = 99 }]
"""


def test_a_pack_adds_words_and_points_to_a_case_and_drops_some(tmp_path: Path) -> None:
    house = load([pack(tmp_path, OF_THE_HOUSE)])
    values = said("classification", "Mule accounts", "mule account within a week")
    design = helpers.spec(helpers.answers(values, house), house)
    assert design.value("looks_like") == "fraud-and-abuse"
    assert design.kind("trap")[0].clause.id == "fraud-and-abuse-mules"
    assert design.kind("trap")[0].clause.pack == "house"
    ids = {one.id for one in next(one for one in house.archetypes if one.id == "fraud-and-abuse").points}
    assert "probing" not in ids
    assert "probing" in {one.id for one in BY_ID["fraud-and-abuse"].points}


OF_ITS_OWN = """
name = "grain drying"
problem_types = ["regression"]
words = ["dryer*", "moisture of grain"]
trap = [{ id = "probe", says = "**The probe sits at the wall.** It reads two points low.", when = "size == 'full'" }]
"""


def test_a_pack_brings_a_case_of_its_own_that_an_answer_can_name(tmp_path: Path) -> None:
    house = load([pack(tmp_path, OF_ITS_OWN, "grain-drying")])
    values = said("regression", "Dough", "moisture", archetype="grain-drying", size="full")
    design = helpers.spec(helpers.answers(values, house), house)
    assert "**This is read as grain drying**" in render(design)
    assert [one.clause.id for one in design.kind("trap")] == ["grain-drying-probe"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('trap = [{ id = "probing", says = "**A.** B." }]', "two points are called probing"),
        ('drops = ["nothing"]', "drops the point nothing, which does not exist"),
        ('name = "other"', "changes `name` of a usual case that exists"),
        ('trap = [{ id = "a", says = "**A.** B.", unless = ["selective-label"] }]', "selective-labels"),
        ('trap = [{ id = "a", says = "**A.** {prevalense}." }]', "prevalense"),
        ('trap = [{ id = "a", says = "**A.** B.", when = "problem_type == \'x\'" }]', "is never 'x'"),
        ('feature = [{ id = "a", says = "b" }]', "has no `why`"),
        ('rule = [{ id = "a", says = "check", on = "soon", source = "s", confidence = "believed" }]', "on = 'soon'"),
        ('rule = [{ id = "a", says = "check" }]', "has no `on`"),
        ('trap = [{ id = "a", says = "b", wieght = 3 }]', "wieght"),
        ('words = "fraud"', "words"),
        ('words_in = { de = "betrug" }', "words_in"),
        ('signs = [{ answer = "cloud", has = ["aws"], says = "a" }]', "structured answer `cloud`"),
        ('signs = [{ answer = "regulation", has = ["helth"], says = "a" }]', "health"),
        ('signs = [{ answer = "action_effect", has = ["changes"], says = "a" }]', "is assumed where nobody says so"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_case_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        load([pack(tmp_path, text)])
    told = " ".join(f"{one.place} {one.what} {one.fix}" for one in refusal.value.problems)
    assert complaint in told
    assert "fraud-and-abuse" in told


def test_a_case_of_a_pack_says_its_types_and_words(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refusal:
        load([pack(tmp_path, 'name = "x"\nproblem_types = ["tabular"]\n', "grain")])
    told = " ".join(one.what for one in refusal.value.problems)
    assert "does not say its `words`" in told
    assert "names the problem type `tabular`" in told


def test_the_knowledge_can_be_written_down() -> None:
    assert json.loads(json.dumps(KNOWLEDGE.raw["archetypes"])) == KNOWLEDGE.raw["archetypes"]
