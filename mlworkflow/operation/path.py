"""The way of a snapshot to a release and back: artifacts with their owners, who decides, what changes course."""

from __future__ import annotations

from dataclasses import dataclass

from mlworkflow.clause import Applied
from mlworkflow.designing import Spec
from mlworkflow.gates import Gate, Signal, gates_of, signals_of
from mlworkflow.responsibility import Person, responsibility

LINKS = (
    "dataset-snapshot",
    "training-run",
    "evaluation-report",
    "registry-entry",
    "rollout-note",
    "monitoring-signals",
    "retraining-trigger",
)


@dataclass(frozen=True, slots=True)
class Link:
    """One artifact of the way, with who answers for it."""

    artifact: Applied
    owner: Person | None


@dataclass(frozen=True, slots=True)
class ReleasePath:
    """The whole way: its links in order, the gates that stop it, and the signals that train anew or go back."""

    links: tuple[Link, ...]
    gates: tuple[Gate, ...]
    trains: tuple[Signal, ...]
    takes_back: tuple[Signal, ...]

    @property
    def stopping(self) -> tuple[Gate, ...]:
        """The gates of which one that is not passed stops the release."""
        return tuple(one for one in self.gates if one.critical)


def release_path(spec: Spec) -> ReleasePath:
    """Return the way that a release of this design takes."""
    owners = {one.clause.id: one.accountable for one in responsibility(spec).duties}
    heaviest: dict[str, Applied] = {}
    for one in spec.kind("artifact"):
        heaviest.setdefault(str(one.columns["link"]), one)
    links = (heaviest[link] for link in LINKS if link in heaviest)
    signals = signals_of(spec)
    return ReleasePath(
        tuple(Link(one, owners.get(str(one.columns["duty"]))) for one in links),
        gates_of(spec, "before"),
        tuple(one for one in signals if one.column("outcome") == "retrain"),
        tuple(one for one in signals if one.column("rolls_back") == "yes"),
    )
