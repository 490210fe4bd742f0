"""One small function a computed fact: its parameters are what it reads, None means that it is not known."""

from mlworkflow.facts import (
    alarms,
    archetypes,
    candidates,
    cost,
    data,
    experiment,
    feasibility,
    gates,
    meaning,
    mismatch,
    operating,
    people,
    plan,
    problem,
    rollout,
    seasons,
    serving,
    sources,
    stakes,
    team,
)
from mlworkflow.facts.problem import LOWER_IS_BETTER
from mlworkflow.facts.registry import FACTS, Fact, Family, Subject
from mlworkflow.facts.subjects import FAMILIES

__all__ = ["FACTS", "FAMILIES", "LOWER_IS_BETTER", "Fact", "Family", "Subject"]

# Importing a module registers its facts; they are named here so that none is forgotten.
REGISTERED = (
    alarms, archetypes, candidates, cost, data, experiment, feasibility, gates, meaning, mismatch, operating, people,
    plan, problem, rollout, seasons, serving, sources, stakes, team,
)  # fmt: skip
