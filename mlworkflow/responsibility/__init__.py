"""Who owns what in a design: people and their hats, duties with their owners, stages, and what crosses between them."""

from mlworkflow.responsibility.allocation import Duty, allocate
from mlworkflow.responsibility.stages import Handoff, StageOwned, default_handoffs
from mlworkflow.responsibility.team import Person, seated
from mlworkflow.responsibility.whole import Owned, Responsibility, responsibility

__all__ = [
    "Duty",
    "Handoff",
    "Owned",
    "Person",
    "Responsibility",
    "StageOwned",
    "allocate",
    "default_handoffs",
    "responsibility",
    "seated",
]
