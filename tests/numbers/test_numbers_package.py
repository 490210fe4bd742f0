"""Every public function of the numbers answers with an ordinary number or a sentence, and imports stay cheap."""

from __future__ import annotations

import ast
import importlib
import inspect
import math
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mlworkflow.numbers
from mlworkflow.numbers import validity
from mlworkflow.numbers.validity import Invalid

FOLDER = Path(mlworkflow.numbers.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
TAKES_FUNCTIONS = {"calculus"}
INNERMOST = {"cdf", "density"}  # called by the thousand inside integrals, whose limits are checked

POOLS: dict[str, list[Any]] = {
    "float": [
        -1.0, -0.01, 0.0, 1e-300, 1e-17, 1e-9, 1e-3, 0.02, 0.1, 0.3, 0.5, 0.8, 0.999, 1.0, 1.5, 2.0, 7.0, 30.0, 500.0,
        1e5, 1e9, 1e17, 1e300, math.inf, -math.inf, math.nan,
    ],
    "int": [-1, 0, 1, 2, 3, 7, 16, 250, 10**30],
    "bool": [True, False],
    "float | None": [None, 0.0, 0.5, 1.0, 4.0, 1e300, math.nan],
    "Sequence[float]": [[], [0.5], [0.5, 0.5], [0.0, 1.0], [0.9, 0.1], [math.nan, 0.5], [2.0, -1.0], [0.2, 0.3, 0.5]],
    "Sequence[tuple[float, float]]": [
        [], [(10, 50)], [(0, 1)], [(5, 1)], [(1, 1)], [(1, 1e30)], [(math.nan, 1)], [(10, 50), (1, 1e5)],
    ],
    "tuple[float, ...]": [(2.0,), (3.0, 3.0), (0.0,), (math.nan,), (1e300,)],
}  # fmt: skip


def _public(module: str) -> list[Callable[..., Any]]:
    loaded = importlib.import_module(f"mlworkflow.numbers.{module}")
    return [
        function
        for name, function in vars(loaded).items()
        if not name.startswith("_")
        and inspect.isroutine(inspect.unwrap(function) if callable(function) else function)
        and getattr(function, "__module__", "") == loaded.__name__
    ]


FUNCTIONS = [function for module in MODULES for function in _public(module)]
CALLABLE_WITH_NUMBERS = [
    f
    for f in FUNCTIONS
    if f.__name__ not in INNERMOST and f.__module__.rsplit(".", 1)[1] not in TAKES_FUNCTIONS | {"validity"}
]


def _ordinary(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_ordinary(part) for part in value)
    return not isinstance(value, complex) and math.isfinite(value)


@pytest.mark.parametrize("function", CALLABLE_WITH_NUMBERS, ids=lambda f: f"{f.__module__[19:]}.{f.__name__}")
def test_any_input_gives_an_ordinary_number_or_a_sentence(function: Callable[..., Any]) -> None:
    chance, answered = random.Random(function.__name__), 0
    for _ in range(250):
        arguments = _arguments(function, chance)
        outcome = _outcome(function, arguments)
        if isinstance(outcome, Invalid):
            assert len(str(outcome)) > 20, arguments
            assert "nan" not in str(outcome) or any(map(_is_nan, arguments.values())), (arguments, str(outcome))
        else:
            answered += 1
            assert _ordinary(outcome), (arguments, outcome)
    assert answered, "no input was sound, so that nothing was tested"


def _arguments(function: Callable[..., Any], chance: random.Random) -> dict[str, Any]:
    parameters = inspect.signature(function).parameters.values()
    return {
        p.name: p.default
        if p.default is not p.empty and chance.random() < 0.7
        else chance.choice(POOLS[str(p.annotation)])
        for p in parameters
    }


def _outcome(function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    try:
        return function(**arguments)
    except Invalid as refusal:
        return refusal


def _is_nan(argument: Any) -> bool:
    if isinstance(argument, (list, tuple)):
        return any(_is_nan(part) for part in argument)
    return isinstance(argument, float) and math.isnan(argument)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{f.__module__[19:]}.{f.__name__}")
def test_every_public_function_makes_one_promise(function: Callable[..., Any]) -> None:
    promise = function.__doc__ or ""
    assert promise.startswith(("Return ", "Say ", "Raise "))
    assert promise.endswith(".")
    assert "\n" not in promise


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_the_standard_library_and_its_own_package(module: str) -> None:
    for node in ast.walk(ast.parse((FOLDER / f"{module}.py").read_text())):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert all(n.startswith("mlworkflow.numbers") or n.split(".")[0] in sys.stdlib_module_names for n in names)


def test_importing_the_numbers_loads_nothing_heavy() -> None:
    imports = "; ".join(f"import mlworkflow.numbers.{module}" for module in MODULES)
    heavy = "{'statistics', 'dataclasses', 'decimal', 'fractions', 'inspect', 'typing', 'random', 'scipy', 'numpy'}"
    program = f"import sys; before = set(sys.modules); {imports}; print(sorted((set(sys.modules) - before) & {heavy}))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(FOLDER.parent.parent)!r}); {program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_the_median_function_has_fewer_than_ten_lines() -> None:
    lengths = [
        (node.end_lineno or 0) - node.lineno + 1
        for module in MODULES
        for node in ast.walk(ast.parse((FOLDER / f"{module}.py").read_text()))
        if isinstance(node, ast.FunctionDef)
    ]
    assert sorted(lengths)[len(lengths) // 2] < 10
    assert max(lengths) <= 35


@pytest.mark.parametrize(
    ("check", "arguments"),
    [
        (validity.positive, (0,)),
        (validity.positive, (math.nan,)),
        (validity.not_negative, (-1,)),
        (validity.probability, (1,)),
        (validity.share, (0,)),
        (validity.proportion, (1.5,)),
        (validity.correlation, (1,)),
        (validity.count, (0,)),
        (validity.above, (1, 1)),
        (validity.finite, (math.inf,)),
    ],
)
def test_a_refusal_names_the_quantity_and_the_value(check: Callable[..., None], arguments: tuple[float, ...]) -> None:
    with pytest.raises(Invalid) as refusal:
        check("the number of llamas", *arguments)
    assert "the number of llamas must" in str(refusal.value)
    assert str(refusal.value).endswith(f"not {validity.shown(arguments[0])}")
