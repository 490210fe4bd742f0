"""Every computed number, in the order of the document: each with its formula, its unit and what it reads."""

from mlworkflow.figures import design

from mlworkflow.figures import cost, counts  # isort: skip
from mlworkflow.figures.registry import FIGURES, JUDGEMENT, Figure, Worked, worked

__all__ = ["FIGURES", "JUDGEMENT", "Figure", "Worked", "worked"]

# Importing a module registers its figures; they are named here so that none is forgotten.
REGISTERED = (design, cost, counts)
