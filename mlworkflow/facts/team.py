"""Facts about the team and the place where it runs."""

from __future__ import annotations

from typing import Any

from mlworkflow.facts.registry import fact


@fact("text")
def people_words(team_size: float) -> str:
    """How many people there are, in words."""
    return "one person" if team_size == 1 else f"{team_size:,.0f} people"


@fact("text")
def document_size(size: str | None = None, maturity: str | None = None, team_size: float | None = None) -> str:
    """How long the document is: as it was asked for; else brief for the first model of one or two people."""
    if size is not None:
        return size
    return "brief" if maturity == "first-model" and team_size is not None and team_size <= 2 else "standard"


@fact("flag")
def small_team(team_size: float) -> bool:
    """At most five people."""
    return team_size <= 5


@fact("flag")
def alone(team_size: float) -> bool:
    """One person."""
    return team_size <= 1


@fact("flag")
def large_team(team_size: float) -> bool:
    """More than twenty people."""
    return team_size > 20


@fact("flag")
def can_run_kubernetes(kubernetes: str, team_size: float, skills: tuple[str, ...] | None = None) -> bool:
    """Somebody can keep a Kubernetes cluster healthy."""
    if kubernetes == "run-for-us":
        return True
    return kubernetes == "own" and (team_size >= 6 or "kubernetes" in (skills or ()))


@fact("number")
def budget_amount(budget: Any) -> float:
    """The monthly budget as a plain number."""
    return float(budget.amount)


@fact("flag")
def no_budget(budget_amount: float | None = None) -> bool:
    """There is no money for paid tools."""
    return budget_amount is not None and budget_amount <= 0


@fact("number")
def hours_available(team_size: float, hours_per_month: float | None = None) -> float:
    """Hours a month for keeping tools running (eight a person where nothing was said)."""
    return hours_per_month if hours_per_month is not None else 8 * team_size


@fact("flag")
def stays_inside(air_gap: bool, residency: str | None = None) -> bool:
    """Data may not leave our own premises."""
    return bool(air_gap or residency == "premises")


@fact("flag")
def established(maturity: str) -> bool:
    """There is an ML platform already."""
    return maturity == "platform"


COMES_WITH = {"github-actions": "github-actions-schedule"}


@fact("tools")
def tools_in_use(already_used: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """The tools that already run, with what comes with them."""
    named = already_used or ()
    return (*named, *(COMES_WITH[tool] for tool in named if tool in COMES_WITH))


@fact("flag")
def cloud_known(cloud: str | None = None) -> bool:
    """It was said where the system runs."""
    return cloud is not None


@fact("flag")
def no_cluster(kubernetes: str) -> bool:
    """Nobody runs a cluster for the team."""
    return kubernetes != "run-for-us"


@fact("flag")
def databricks_in_use(tools_in_use: tuple[str, ...]) -> bool:
    """Databricks already runs."""
    return any("databricks" in tool for tool in tools_in_use)


@fact("flag")
def snowflake_in_use(tools_in_use: tuple[str, ...]) -> bool:
    """Snowflake already runs."""
    return any("snowflake" in tool for tool in tools_in_use)


@fact("flag")
def nobody_writes_python(chosen_tools: tuple[tuple[str, str], ...], skills: tuple[str, ...] | None = None) -> bool:
    """Skills were named, Python is not among them, and the stack is not one of SQL."""
    in_sql = any(tool == "warehouse-sql-ml" for tool, _ in chosen_tools)
    return bool(skills) and not {"python", "deep-learning"} & set(skills or ()) and not in_sql


@fact("flag")
def knows_jvm(skills: tuple[str, ...] | None = None) -> bool:
    """The team can run JVM services."""
    return bool(set(skills or ()) & {"jvm", "streaming"})


@fact("flag")
def needs_a_dag(
    team_size: float,
    maturity: str,
    mode_ids: tuple[str, ...],
    index_follows_events: bool,
    prompted_only: bool,
    documents_change: float | None = None,
) -> bool:
    """Steps, schedules and people are too many for one script."""
    if prompted_only and index_follows_events:
        return False
    if prompted_only and documents_change is None:
        return maturity == "platform"
    fresh_index = documents_change is not None and documents_change < 86400
    return team_size >= 6 or maturity == "platform" or len(mode_ids) > 1 or fresh_index


@fact("flag")
def sql_is_all(
    problem_type: str,
    complexity: str,
    mode_ids: tuple[str, ...],
    source_kinds: tuple[str, ...] = (),
    skills: tuple[str, ...] | None = None,
) -> bool:
    """A team of SQL and no Python reads, trains and scores tables of one warehouse on a schedule."""
    in_sql = "sql" in (skills or ()) and not {"python", "deep-learning"} & set(skills or ())
    tables = set(source_kinds or ()) == {"warehouse"} and mode_ids == ("batch",)
    simple = complexity in ("linear", "trees") and problem_type in ("classification", "regression", "forecasting")
    return in_sql and tables and simple


@fact("flag")
def index_follows_events(documents_change: float | None = None) -> bool:
    """A changed document must be found within the hour, which no schedule does well."""
    return documents_change is not None and documents_change < 3600


@fact("flag")
def many_experiments(team_size: float, maturity: str) -> bool:
    """Several experiments run at a time."""
    return team_size >= 12 and maturity == "platform"
