"""Every question can be answered by file, variable, flag and --set, and each way gives the same answer."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import typer
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mlworkflow.answers import Layer, gather, to_argv, to_toml
from mlworkflow.cli import options
from mlworkflow.cli.program import program
from mlworkflow.cli.schema import schema_of
from mlworkflow.cli.source import source_of
from mlworkflow.cli.told import Flags, add_sets, from_environment, own, told
from mlworkflow.errors import InputRefused
from mlworkflow.quantity import KINDS
from mlworkflow.question import NOT_SURE, Answers, Question
from mlworkflow.reading import read_answers

CHURN = Path(__file__).parent.parent / "examples" / "churn" / "answers.toml"
KNOWLEDGE = own()
QUESTIONS = KNOWLEDGE.questions
SOURCES = [{"name": "orders", "kind": "postgres"}]
GENERATE: Any = typer.main.get_command(program("generate"))


def sample(question: Question) -> Any:
    """Return one answer as an answers file has it."""
    match question.kind:
        case "choice":
            return question.choices[-1].id
        case "choices":
            return [choice.id for choice in question.choices[:2]]
        case "flag":
            return True
        case "text":
            return question.example or "some words"
        case "lines":
            return ["one line", "another, longer line"]
        case "tools":
            return ["airflow", "mlflow"]
        case "records":
            return [RECORDS[question.id]]
        case _:
            return question.example or question.assume or KINDS[question.kind].example


RECORDS = {
    "prices": {"item": "vcpu-hour", "price": "0.031 USD", "on": "2026-11-01", "source": "contract"},
    "sources": {"name": "orders", "kind": "postgres", "refresh": "1 day"},
    "people": {"name": "Ada", "roles": ["product", "platform"], "away": False},
    "stage_owners": {"stage": "serve", "owner": "data-scientist + platform"},
    "features": {"name": "tenure", "source": "orders", "type": "number"},
    "decided": {"decision": "feature-store", "option": "none", "reason": "one model only"},
    "notes": {"on": "2026-11-20", "text": "the first note"},
    "waivers": {"rule": "qc-06", "until": "2027-03-31", "owner": "Ada", "reason": "measured in March"},
}


def words(value: Any) -> str:
    """Return the value in the words of a variable or of --set."""
    if isinstance(value, list):
        return (
            json.dumps(value)
            if isinstance(value[0], dict)
            else "; ".join(value)
            if " " in value[0]
            else ",".join(value)
        )
    return "yes" if value is True else str(value)


def flags_of(argv: list[str]) -> Layer:
    """Return what the real parser makes of the flags."""
    with GENERATE.commands["generate"].make_context("generate", list(argv)) as context:
        given_flags = {
            name: list(value) or None if isinstance(value, tuple) else value
            for name, value in context.params.items()
            if name.startswith("q_")
        }
        collected = Flags()
        for id, value, place in options.given(KNOWLEDGE.question, given_flags):
            collected.add(id, value, place)
        add_sets(collected, [*context.params["sets"]])
        packs = list(context.params["packs"])
    layer = collected.layer()
    return Layer("flag", {**layer.values, **({"packs": packs} if packs else {})}, layer.place)


def answer(question: Question, layer: Layer) -> Any:
    """Return the value that the layer gives the question."""
    values = [Layer("file", {"sources": SOURCES}, lambda *keys: "file"), layer]
    answers = told(None, values, complete=False).answers
    found = answers.by_id[question.id]
    assert found.given
    return comparable(found.value)


def comparable(value: Any) -> Any:
    """Return a value without the places where it stood."""
    if isinstance(value, tuple) and value and hasattr(value[0], "fields"):
        return [{name: (one.value, one.given, one.unsure) for name, one in entry.fields.items()} for entry in value]
    return value


def all_of(answers: Answers) -> dict[str, Any]:
    return {id: (comparable(one.value), one.given, one.unsure) for id, one in answers.by_id.items()}


@pytest.mark.parametrize("question", [one for one in QUESTIONS if one.id != "packs"], ids=lambda one: one.id)
def test_file_variable_flag_and_set_give_the_same_answer(question: Question) -> None:
    value = sample(question)
    expected = answer(question, Layer("file", {question.id: value}, lambda *keys: "file"))
    assert answer(question, from_environment({question.variable: words(value)})) == expected
    assert answer(question, flags_of(["--set", f"{question.id}={words(value)}"])) == expected
    assert answer(question, flags_of(flag(question, value))) == expected


def flag(question: Question, value: Any) -> list[str]:
    if question.kind == "flag":
        return [question.option]
    each = value if isinstance(value, list) else [value]
    if question.id == "decided":
        each = [f"{one['decision']}={one['option']}: {one['reason']}" for one in each]
    return [part for one in each for part in (question.option, one if isinstance(one, str) else json.dumps(one))]


@pytest.mark.parametrize(
    "text", ["orders:postgres:1 day", "name=orders,kind=postgres,refresh=1 day", json.dumps(RECORDS["sources"])]
)
def test_a_record_can_be_written_in_three_ways(text: str) -> None:
    found = answer(KNOWLEDGE.question["sources"], flags_of(["--source", text]))
    assert found == answer(
        KNOWLEDGE.question["sources"], Layer("file", {"sources": [RECORDS["sources"]]}, lambda *keys: "")
    )


@pytest.mark.parametrize("question", [one for one in QUESTIONS if not one.required], ids=lambda one: one.id)
def test_not_sure_is_an_answer_to_every_question(question: Question) -> None:
    for layer in (flags_of(["--set", f"{question.id}={NOT_SURE}"]), from_environment({question.variable: NOT_SURE})):
        assert told(None, [layer], complete=False).answers.by_id[question.id].unsure


def test_no_yes_or_no_question_is_without_its_no() -> None:
    for question in QUESTIONS:
        if question.kind == "flag":
            assert flags_of([f"--no-{question.option[2:]}"]).values == {question.id: False}


def test_no_two_options_are_called_the_same() -> None:
    names = [name for one in GENERATE.commands["generate"].params for name in (*one.opts, *one.secondary_opts)]
    assert len(names) == len(set(names))


def test_a_flag_beats_a_variable_and_a_variable_the_file() -> None:
    file = Layer("file", {"team_size": 2, "top_k": 2, "gpu": "shared"}, lambda *keys: "file")
    environment = from_environment({"MLWORKFLOW_TEAM_SIZE": "3", "MLWORKFLOW_TOP_K": "3"})
    answers = told(None, [file, environment, flags_of(["--team-size", "4"])], complete=False).answers
    assert [(answers.by_id[id].value, answers.by_id[id].source) for id in ("team_size", "top_k", "gpu")] == [
        (4, "flag"),
        (3, "environment"),
        ("shared", "file"),
    ]


def test_each_place_can_be_found_again() -> None:
    answers = told(
        source_of(str(CHURN)), [from_environment({"MLWORKFLOW_TOP_K": "9"}), flags_of(["--wait", "2s"])]
    ).answers
    assert answers.by_id["top_k"].place == "MLWORKFLOW_TOP_K"
    assert answers.by_id["wait"].place == "--wait"
    place, _, line = answers.by_id["gpu"].place.rpartition(":")
    assert place == str(CHURN)
    assert CHURN.read_text("utf-8").split("\n")[int(line) - 1] == 'gpu = "none"'


# ------------------------------------------------------------------ there and back

TEXT = (
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
QUANTITIES = {
    "duration": ["25ms", "3.5h", "60 days", "1 week", "24 months"],
    "rate": ["12/s", "1.5k/s", "90/min", "2M/day"],
    "share": ["3.5%", "0.25", "99.95%", "1 in 1000"],
    "number": ["0.11", "-3", "12.5"],
    "count": ["3", "80k", "2.4M"],
    "money": ["3k EUR/month", "0", "250 USD"],
    "price": ["180 EUR", "0.02 USD", "7"],
    "size": ["80GB", "1.5TB"],
    "effect": ["5 points", "10%", "0.02"],
    "day": ["2026-11-20", "2027-02-28"],
}


def sampled(question: Question) -> st.SearchStrategy[Any]:
    """Answers as people write them."""
    ids = [choice.id for choice in question.choices]
    match question.kind:
        case "choice":
            return st.sampled_from(ids)
        case "choices":
            return st.lists(st.sampled_from(ids), min_size=1, max_size=3)
        case "flag":
            return st.booleans()
        case "text":
            return TEXT
        case "lines":
            return st.lists(TEXT, min_size=1, max_size=3)
        case "tools":
            return st.lists(st.sampled_from(["airflow", "mlflow", "W&B", "our own thing"]), min_size=1, max_size=3)
        case "records":
            return st.lists(record(question), min_size=1, max_size=2)
        case _:
            return st.sampled_from(QUANTITIES[question.kind])


def record(question: Question) -> st.SearchStrategy[dict[str, Any]]:
    needed = {field.id: sampled(field) for field in question.fields if field.required}
    others = {field.id: sampled(field) for field in question.fields if not field.required}
    return st.fixed_dictionaries(needed, optional=others)


def accepted(question: Question, value: Any) -> bool:
    try:
        gather(KNOWLEDGE, [Layer("file", {question.id: value}, lambda *keys: "")], complete=False)
    except InputRefused:
        return False
    return True


# Packs need folders; decisions and features name other answers, and are sampled in the example.
PLAIN = [one for one in QUESTIONS if one.id not in ("packs", "decided", "features")]


def composed(value: Any) -> Any:
    """Text as every reader hands it on: in the composed form (NFC)."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [composed(one) for one in value]
    return {key: composed(one) for key, one in value.items()} if isinstance(value, dict) else value


@st.composite
def some_answers(draw: st.DrawFn) -> Mapping[str, Any]:
    chosen = draw(st.lists(st.sampled_from(PLAIN), max_size=12, unique_by=lambda one: one.id))
    values = {one.id: NOT_SURE if draw(st.integers(0, 9)) == 0 else composed(draw(sampled(one))) for one in chosen}
    return {id: value for id, value in values.items() if accepted(KNOWLEDGE.question[id], value)}


MANY = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@MANY
@given(some_answers())
def test_answers_come_back_the_same_from_flags_and_from_a_file(values: Mapping[str, Any]) -> None:
    try:
        answers = gather(KNOWLEDGE, [Layer("file", values, lambda *keys: "")], complete=False)
    except InputRefused:
        assume(False)
    again = told(None, [flags_of(to_argv(KNOWLEDGE, answers))], complete=False).answers
    assert all_of(again) == all_of(answers)
    read = read_answers(to_toml(KNOWLEDGE, answers).encode(), "answers.toml")
    written = gather(KNOWLEDGE, [Layer("file", read.values, lambda *keys: "")], complete=False)
    assert all_of(written) == all_of(answers)


def test_the_example_comes_back_from_flags_and_from_its_document(document: str, tmp_path: Path) -> None:
    answers = told(source_of(str(CHURN))).answers
    assert all_of(told(None, [flags_of(to_argv(KNOWLEDGE, answers))]).answers) == all_of(answers)
    page = tmp_path / "spec.md"
    page.write_text(document, "utf-8")
    assert all_of(told(source_of(str(page))).answers) == all_of(answers)


# ------------------------------------------------------------------ the schema


def test_the_schema_accepts_the_example_and_every_sample() -> None:
    import tomllib

    schema = schema_of(KNOWLEDGE)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    validator.validate(tomllib.loads(CHURN.read_text("utf-8")))
    needed = {one.id: sample(one) for one in QUESTIONS if one.required}
    for question in QUESTIONS:
        for value in (NOT_SURE, sample(question) if question.id != "packs" else ["acme"]):
            validator.validate({**needed, question.id: value})


def test_the_schema_refuses_what_the_program_refuses() -> None:
    validator = jsonschema.Draft7Validator(schema_of(KNOWLEDGE))
    needed = {one.id: sample(one) for one in QUESTIONS if one.required}
    for wrong in (
        {"sevring": ["batch"]},
        {"gpu": "many"},
        {"team_size": 0},
        {"sources": [{"kind": "postgres"}]},
        {"wait": 5},
    ):
        assert list(validator.iter_errors({**needed, **wrong})), wrong


def test_what_only_follows_from_a_refused_answer_is_not_reported() -> None:
    values = {
        "sources": [{"name": "orders", "kind": "no such store"}],
        "features": [{"name": "age", "source": "orders"}, {"name": "sum", "source": "orders"}],
    }
    with pytest.raises(InputRefused) as refused:
        gather(KNOWLEDGE, [Layer("file", values, lambda *keys: "answers")], complete=False)
    assert [problem.what for problem in refused.value.problems] == ["`kind`: 'no such store' is not one of the choices"]
