"""Every computed number, in the order of the document: each with its formula, its unit and what it reads."""

# In the order of the document, which is that in which figures are listed.
from mlworkflow.figures import (
    budget,
    cost,
    counts,
    data,
    experiment,
    generative,
    labels,
    mistakes,
    monitoring,
    retraining,
    rollback,
    serving,
)  # isort: skip
from mlworkflow.figures.registry import FIGURES, JUDGEMENT, Figure, Worked, worked

__all__ = ["FIGURES", "JUDGEMENT", "Figure", "Worked", "worked"]

# Importing a module registers its figures; they are named here so that none is forgotten.
REGISTERED = (
    mistakes,
    data,
    labels,
    experiment,
    rollback,
    serving,
    generative,
    monitoring,
    budget,
    retraining,
    cost,
    counts,
)
