"""The exploratory notebook really runs: on rows that fit the design, on rows that do not, and without any."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

from mlworkflow.bundle.filling import files
from tests.helpers import answers, example, example_values, spec

pd = pytest.importorskip("pandas")


def notebook(values: dict[str, Any] | None = None, base: str = "churn") -> str:
    """Return the notebook of an example, or of other answers."""
    of = spec(example(base) if values is None else answers({**example_values(base), **values}))
    return next(one.text for one in files(of) if one.path == "eda.ipynb")


def ran(book: str, monkeypatch: pytest.MonkeyPatch, **settings: str) -> dict[str, dict[str, str]]:
    """Run its code cells as a kernel does, one after another in one space, and return the findings by check."""
    for name in ("DATA", "TARGET", "TIME", "POSITIVE"):
        monkeypatch.setenv(name, settings.get(name, ""))
        if name not in settings and name != "DATA":
            monkeypatch.delenv(name)
    space: dict[str, Any] = {"__name__": "__main__"}
    for cell in json.loads(book)["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
    return {one["check"]: one for one in space["FINDINGS"]}


def written(path: Path, rows: list[dict[str, Any]]) -> str:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def customers(count: int = 3000, positive: float = 0.035) -> list[dict[str, Any]]:
    """Rows as the answers of the churn example expect them, drawn with a fixed seed."""
    dice = random.Random(7)
    return [
        {
            "customer_id": f"c{number}",
            "scored_at": f"{2024 + number * 2 // count}-{1 + number * 24 // count % 12:02d}-15",
            "churned": int(dice.random() < positive),
            "days_since_last_order": min(730, int(dice.expovariate(1 / 34.6))),
            "orders_30d": 0 if dice.random() < 0.46 else dice.randint(1, 6),
            "spend_90d": round(dice.expovariate(1 / 170), 2),
            "recency_x_spend": round(dice.random() * 1000, 2),
            "sessions_7d": dice.choice((0, 1, 1, 2, 5)),
            "country": dice.choices(("DE", "AT", "CH", "NL"), (58, 17, 15, 10))[0],
            "acquisition_channel": f"ch{dice.randint(1, 300)}",
            "tariff": dice.choice("abcde"),
            "support_tickets_30d": 0 if dice.random() < 0.93 else 1,
        }
        for number in range(count)
    ]


@pytest.mark.slow
def test_rows_as_expected_give_no_alarm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = ran(notebook(), monkeypatch, DATA=written(tmp_path / "rows.csv", customers()))
    assert [one for one in found.values() if one["verdict"] == "LOOK"] == []
    assert {name for name, one in found.items() if one["verdict"] == "ok"} >= {
        "columns of the design",
        "types",
        "cardinality",
        "prevalence",
        "range of spend_90d",
        "median of days_since_last_order",
        "zeros of orders_30d",
        "shares of country",
        "one feature alone",
        "shuffled labels",
        "history",
        "test part of fold 1",
        "identical rows",
        "one row for each customer_id and scored_at",
    }


@pytest.mark.slow
def test_rows_with_faults_are_told_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = customers(positive=0.12)
    for row in rows:
        row["cancellation_reason"] = "moved" if row["churned"] else ""
        row["spend_90d"] = "" if row["customer_id"].endswith("7") else row["spend_90d"]
        row["country"] = "FR" if row["country"] == "NL" else row["country"]
        row["days_since_last_order"] += 600
        del row["tariff"]
    rows.append(rows[0])
    found = ran(notebook(), monkeypatch, DATA=written(tmp_path / "rows.csv", rows))
    bad = {name for name, one in found.items() if one["verdict"] == "LOOK"}
    assert bad >= {
        "columns of the design",
        "refused columns",
        "missing values of spend_90d",
        "meaning of a missing value",
        "prevalence",
        "range of days_since_last_order",
        "median of days_since_last_order",
        "shares of country",
        "names that tell the outcome",
        "cancellation_reason alone",
        "one feature alone",
        "identical rows",
    }
    assert "tariff" in found["columns of the design"]["found"]
    assert found["cancellation_reason alone"]["found"] == "AUC 1.000"
    assert "FR" in found["shares of country"]["found"]


@pytest.mark.slow
@pytest.mark.parametrize("base", ["churn", "card-fraud", "weld-inspection"])
def test_rows_of_something_else_are_reported_and_never_crash(
    base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"a b|c": number / 7, "Kind ": "xy"[number % 2], "n": "" if number % 3 else number} for number in range(60)]
    found = ran(notebook(base=base), monkeypatch, DATA=written(tmp_path / "other.csv", rows))
    assert found["columns of the design"]["verdict"] == "LOOK"
    assert found["target"]["verdict"] == "not examined"
    assert found["time coverage"]["verdict"] == "not examined"
    assert found["types"]["verdict"] == "not examined"


@pytest.mark.slow
def test_another_target_and_positive_value_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"left": "gone" if number % 20 == 0 else "here", "day": f"2026-01-{1 + number % 28:02d}"}
        for number in range(400)
    ]
    path = written(tmp_path / "rows.csv", rows)
    found = ran(notebook(), monkeypatch, DATA=path, TARGET="left", POSITIVE="gone", TIME="day")
    assert found["prevalence"]["found"].startswith("5.000% (20 of 400")
    assert found["history"]["found"].startswith("27 days")


@pytest.mark.slow
def test_a_target_of_numbers_is_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(3)
    rows = [{"price": dice.random() * 100, "size": dice.random()} for _ in range(200)]
    book = notebook({"problem_type": "regression", "target": "price", "success_threshold": 0.09})
    found = ran(book, monkeypatch, DATA=written(tmp_path / "rows.csv", rows))
    assert found["target"]["verdict"] == "ok"


@pytest.mark.slow
@pytest.mark.parametrize("data", ["", "/nowhere/rows.csv"])
def test_without_data_it_says_what_to_do(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match=r"DATA"):
        ran(notebook(), monkeypatch, DATA=data)


@pytest.mark.slow
def test_an_empty_file_is_no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n")
    with pytest.raises(RuntimeError, match="holds no row"):
        ran(notebook(), monkeypatch, DATA=str(tmp_path / "rows.csv"))
