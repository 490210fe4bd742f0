"""What becomes of a candidate by its name: a table over domains, with innocent names that sound guilty."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from mlworkflow.facts.naming import lag, lag_plan
from tests import helpers

TABLE = tomllib.loads((helpers.TESTS / "data" / "feature-verdicts.toml").read_text("utf-8"))["domain"]
DAY = 86400.0


def rows() -> Iterator[Any]:
    """Yield each candidate with its domain."""
    for domain in TABLE:
        for name, verdict, row, *fields in domain["candidates"]:
            said = fields[0] if fields else {}
            yield pytest.param(domain, name, verdict, row, said, id=f"{domain['says']}: {name} {' '.join(said)}")


@pytest.mark.parametrize(("domain", "name", "verdict", "row", "said"), list(rows()))
def test_a_candidate_is_used_guarded_or_refused_for_the_right_reason(
    domain: dict[str, Any], name: str, verdict: str, row: str, said: dict[str, Any]
) -> None:
    source = {
        "name": "data",
        "kind": "warehouse",
        "licence": "own",
        "mutability": "append-only",
        **domain.get("source", {}),
    }
    given = {**domain["answers"], "sources": [source], "features": [{"name": name, "source": "data", **said}]}
    found = helpers.verdicts(helpers.answers(given))[f"feature-use[{name}]"]
    assert (found.chosen, deciding(found)) == (verdict, row)


def deciding(found: Any) -> str:
    """The row that settled it: what struck the other options, or what is preferred."""
    if found.chosen == "refused":
        return str(next(one for one in found.lost if one.option == "used").because[0].row)
    return str(found.because[0].row)


def test_the_table_is_large_enough_to_mean_something() -> None:
    verdicts = [verdict for domain in TABLE for _, verdict, *_ in domain["candidates"]]
    assert len(verdicts) >= 80
    assert min(verdicts.count(one) for one in ("used", "guarded", "refused")) >= 9


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("sales_lag_7", 7 * DAY), ("lag24h", DAY), ("load_lag_2w", 14 * DAY), ("beds_3d_ago", 3 * DAY),
        ("demand_yesterday", DAY), ("sales_same_day_last_week", 7 * DAY), ("flagship", None), ("lagoon_visitors", None),
        ("sales_lag", None), ("calls_lag_30min", 1800.0),
    ],
)  # fmt: skip
def test_a_lag_is_read_from_its_name(name: str, length: float | None) -> None:
    assert lag(name, DAY) == length


def test_each_lag_of_a_plan_is_known_where_it_is_read() -> None:
    """Replayed: at every step the value that the plan reads lies at the origin less the delay, or before."""
    assert (
        lag_plan(7 * DAY, 14 * DAY, DAY)
        == "7 days up to 6 days ahead; 14 days up to 13 days ahead; 21 days up to 14 days ahead"
    )
    assert (
        lag_plan(DAY, 14 * DAY, 0.0)
        == "1 day up to 1 day ahead; 2 days up to 2 days ahead; 14 days up to 14 days ahead"
    )
    for length, horizon, delay in ((7, 14, 1), (7, 28, 0), (1, 3, 0), (24, 48, 6), (2, 9, 5)):
        plan = lag_plan(length * DAY, horizon * DAY, delay * DAY)
        for part in plan.split("; "):
            read, reach = (float(words.split()[0].replace(",", "")) for words in part.split(" up to "))
            assert read - delay >= reach
        assert plan.endswith(f" {horizon} days ahead")
