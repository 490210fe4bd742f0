"""The little language of `when`: three-valued, white-listed, never evaluated as Python, checked when it is loaded."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlworkflow import condition
from mlworkflow.condition import Domain, Malformed, Read, Tree, compiled, names, parse, residual, settled, thresholds
from mlworkflow.pack.checking import Names
from tests import helpers

LOGIC = {"T": True, "F": False, "U": None}


def holds(text: str, values: Mapping[str, Any]) -> bool | None:
    return compiled(parse(text))(reader(values))


def reader(values: Mapping[str, Any]) -> Read:
    def read(name: str, attribute: str | None = None, /) -> Any:
        return values.get(f"{name}.{attribute}" if attribute else name)

    return read


# ------------------------------------------------------------------ three values


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("a and b", {"TT": "T", "TF": "F", "TU": "U", "FF": "F", "FU": "F", "UU": "U", "UF": "F", "UT": "U"}),
        ("a or b", {"TT": "T", "TF": "T", "TU": "T", "FF": "F", "FU": "U", "UU": "U", "UF": "U", "UT": "T"}),
        ("not a", {"TU": "F", "FU": "T", "UU": "U"}),
        ("not (a and b)", {"TU": "U", "FU": "T", "UF": "T"}),
        ("a == b", {"TU": "U", "UU": "U", "TT": "T", "TF": "F"}),
    ],
)
def test_what_is_not_known_is_neither_true_nor_false(text: str, table: Mapping[str, str]) -> None:
    for sides, wanted in table.items():
        values = {"a": LOGIC[sides[0]], "b": LOGIC[sides[1]]}
        assert holds(text, values) is LOGIC[wanted], (text, sides)


@pytest.mark.parametrize(
    "text", ["x == 1", "x != 1", "x < 1", "x >= 1", "x in ('a', 'b')", "x not in ('a',)", "'a' in x"]
)
def test_a_comparison_with_something_unknown_is_unknown(text: str) -> None:
    assert holds(text, {}) is None
    assert holds(f"not {text}", {}) is None


@pytest.mark.parametrize(
    ("text", "values", "wanted"),
    [
        ("size < 5", {"size": 4}, True),
        ("1 < size <= 5", {"size": 5}, True),
        ("1 < size <= 5", {"size": 1}, False),
        ("size > -2", {"size": -1}, True),
        ("mode in ('a', 'b')", {"mode": "b"}, True),
        ("mode not in ['a', 'b']", {"mode": "c"}, True),
        ("'a' in modes and not 'b' in modes", {"modes": ("a", "c")}, True),
        ("tool.paid and budget == 'none'", {"tool.paid": True, "budget": "none"}, True),
        ("tool.id in used", {"tool.id": "mlflow", "used": ("airflow",)}, False),
        ("fast", {"fast": True}, True),
        ("a and (b or not c)", {"a": True, "b": False, "c": False}, True),
    ],
)
def test_comparisons_mean_what_they_mean_in_python(text: str, values: Mapping[str, Any], wanted: bool) -> None:
    assert holds(text, values) is wanted


def test_reading_stops_where_the_outcome_is_settled() -> None:
    seen: list[str] = []

    def read(name: str, attribute: str | None = None, /) -> Any:
        seen.append(name)
        return name == "yes"

    assert compiled(parse("no and yes"))(read) is False
    assert compiled(parse("yes or no"))(read) is True
    assert seen == ["no", "yes"]


# ------------------------------------------------------------------ the white list


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "open('x')",
        "len(x) > 1",
        "x + 1 > 2",
        "x * 2",
        "x[0] == 1",
        "x.y.z",
        "x.y()",
        "(lambda: x)()",
        "[y for y in x]",
        "{x: 1}",
        "{x}",
        "f'{x}' == 'a'",
        "x if y else z",
        "(x := 1)",
        "x is y",
        "x == None",
        "x == b'a'",
        "x == ...",
        "x == 1j",
        "x in (y, z)",
        "~x",
        "+x",
        "await x",
        "*x",
        "x @ y",
        "x == y == 'a' + 'b'",
        "",
        "x =",
        "x; y",
        "x\ny",
        "import os",
        "x == 'a' # and more\n == 2",
        "\x00",
    ],
)
def test_what_is_not_of_the_language_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse(text)


@pytest.mark.parametrize(
    "text", ["not " * 3000 + "x", "(" * 3000 + "x" + ")" * 3000, "-" * 3000 + "1 == x", " or ".join(["x"] * 9000)]
)
def test_a_condition_of_any_depth_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except Malformed:
        return
    assert set(names(tree)) == {("x", None)}


def test_python_never_evaluates_a_condition() -> None:
    code = ast.parse(inspect.getsource(condition))
    called = {node.func.id for node in ast.walk(code) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not called & {"eval", "exec", "compile", "__import__", "getattr_static"}


# ------------------------------------------------------------------ what loading finds


def in_scope(text: str, scope: str = "") -> Tree:
    return settled(parse(text), Names(helpers.knowledge().raw).domain_in(scope))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("team_sise > 3", "did you mean `team_size`?"),
        ("quite_something_else", "there is no `quite_something_else`"),
        ("problem_type == 'clasification'", "is never 'clasification'; it is one of: classification, "),
        ("problem_type in ('classification', 'sorting')", "is never 'sorting'"),
        ("'btach' in mode_ids", "is never 'btach'"),
        ("mode_ids == 'batch'", "is a list: write `'x' in mode_ids`"),
        ("mode_ids == ('batch',)", "is a list"),
        ("mode_ids in ('batch', 'edge')", "is a list"),
        ("'x' in team_size", "is not a list"),
        ("latency_p99 < '100mss'", "is no duration"),
        ("latency_p99 < 'soon'", "is no duration"),
        ("team_size > 'three'", "is a number"),
        ("team_size", "is not yes or no"),
        ("not problem_type", "is not yes or no"),
        ("3 < team_size", "write the name first"),
        ("problem_type in 'classification'", "wants a list in parentheses"),
        ("tool.paid", "cannot be read here"),
        ("team_size.more > 1", "cannot be read here"),
        ("serving_mode == 'perhaps'", "is never 'perhaps'"),
        ("experiment_tracking == 'mlfow'", "is never 'mlfow'"),
    ],
)
def test_a_name_or_value_that_cannot_be_is_named_when_it_is_loaded(text: str, says: str) -> None:
    with pytest.raises(Malformed) as refused:
        in_scope(text)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "scope", "says"),
    [
        ("tool.payed", "tool", "did you mean `paid`?"),
        ("tool.upkeep == 'huge'", "tool", "is never 'huge'"),
        ("tool.clouds == 'aws'", "tool", "is a list"),
        ("feature.cardinalty > 3", "features", "did you mean `cardinality`?"),
        ("feature.type == 'numbr'", "features", "is never 'numbr'"),
    ],
)
def test_an_attribute_that_cannot_be_is_named_when_it_is_loaded(text: str, scope: str, says: str) -> None:
    with pytest.raises(Malformed) as refused:
        in_scope(text, scope)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("latency_p99 < '100ms'", 0.1),
        ("label_delay > '2 days'", 172800.0),
        ("prevalence < '5%'", 0.05),
        ("peak_load >= '1.5k/s'", 1500.0),
        ("device_memory < '2GB'", 2e9),
        ("team_size > 5", 5.0),
    ],
)
def test_quantities_are_read_when_the_condition_is_loaded(text: str, number: float) -> None:
    tree = in_scope(text)
    (found,) = thresholds(tree)
    assert found[0] == text.split()[0]
    assert found[1] == pytest.approx(number)
    assert compiled(tree)(reader({text.split()[0]: number})) is ("=" in text)


def test_every_condition_of_ours_is_settled() -> None:
    world = Names(helpers.knowledge().raw)
    for holder, place, scope in world.holders():
        if holder.get("when"):
            assert holder["tree"] == settled(parse(holder["when"]), world.domain_in(scope)), place


# ------------------------------------------------------------------ partial evaluation

ATTRIBUTES = ("paid", "id", "clouds")
values = st.sampled_from([True, False, None, "a", "b", 1, 2])
flags = st.sampled_from([True, False, None])
lists = st.one_of(st.none(), st.lists(st.sampled_from(["a", "b"])).map(tuple))
literals = st.sampled_from(["a", "b", 1, 2]).map(lambda one: ["const", one])
plain = st.sampled_from(["x", "y"]).map(lambda name: ["name", name])
attributes = st.sampled_from(["paid", "id"]).map(lambda name: ["name", "tool", name])
tests = st.one_of(
    st.sampled_from([["name", "f"], ["name", "g"], ["name", "tool", "flag"]]),
    st.tuples(st.sampled_from(["==", "!="]), st.one_of(plain, attributes), st.one_of(literals, plain, attributes)).map(
        lambda parts: ["cmp", *parts]
    ),
    st.tuples(st.sampled_from(["in", "not in"]), st.one_of(plain, attributes), st.just(["const", ["a", "b"]])).map(
        lambda parts: ["cmp", *parts]
    ),
    st.tuples(
        st.sampled_from(["in", "not in"]),
        st.one_of(st.just(["const", "a"]), attributes),
        st.sampled_from([["name", "tool", "clouds"], ["name", "l"]]),
    ).map(lambda parts: ["cmp", *parts]),
)
trees: st.SearchStrategy[Tree] = st.recursive(
    tests,
    lambda inner: st.one_of(
        inner.map(lambda one: ["not", one]),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: ["and", *parts]),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: ["or", *parts]),
    ),
    max_leaves=8,
)


@given(
    tree=trees,
    known=st.fixed_dictionaries({"x": values, "y": values, "f": flags, "g": flags, "l": lists}),
    tool=st.fixed_dictionaries({"paid": values, "id": values, "flag": flags, "clouds": lists}),
)
def test_what_is_left_once_a_subject_is_known_decides_the_same(
    tree: Tree, known: dict[str, Any], tool: dict[str, Any]
) -> None:
    whole = compiled(tree)(reader({**known, **{f"tool.{name}": value for name, value in tool.items()}}))
    left = residual(tree, "tool", tool.__getitem__)
    assert all(name != "tool" for name, _ in names(left))
    assert compiled(left)(reader(known)) is whole


@given(number=st.integers(-3, 3), limit=st.integers(-3, 3))
def test_what_is_left_of_a_comparison_with_a_number_decides_the_same(number: int, limit: int) -> None:
    for symbol in ("==", "!=", "<", "<=", ">", ">="):
        tree = ["and", ["name", "f"], ["cmp", symbol, ["name", "tool", "n"], ["const", limit]]]
        whole = compiled(tree)(reader({"f": True, "tool.n": number}))
        assert compiled(residual(tree, "tool", {"n": number}.__getitem__))(reader({"f": True})) is whole


def test_a_domain_says_whether_it_is_a_list() -> None:
    assert Domain("choices", ("a",)).is_list
    assert not Domain("choice", ("a",)).is_list
