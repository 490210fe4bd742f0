"""One entry of the catalog: what a tool does, what it needs, and whether it is still alive."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mlworkflow.condition import Domain

ALIVE = ("active", "acquired", "relicensed", "maintenance", "stale", "unverified")
UPKEEP = ("none", "light", "moderate", "heavy")


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a tool may be chosen for new work, since when, and what follows it."""

    is_: str = "active"
    since: str = ""
    successors: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The day on which the facts were looked up, and how sure they are."""

    on: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was seen."""

    at: str
    on: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A tool's own reason not to be chosen, wherever it is a candidate."""

    id: str
    when: str
    because: str
    tree: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as facts with sources and a date."""

    id: str
    name: str
    does: tuple[str, ...]
    hosting: tuple[str, ...]
    clouds: tuple[str, ...]
    licence: str
    licence_class: str
    paid: bool
    offline: bool
    upkeep: str
    good_for: str
    not_for: str
    checked: Checked
    status: Status = field(default_factory=Status)
    aliases: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    limits_note: str = ""
    limits: tuple[Limit, ...] = ()
    sources: tuple[Source, ...] = ()
    pack: str = ""

    @property
    def alive(self) -> bool:
        """Whether it may be chosen for new work."""
        return self.status.is_ in ALIVE

    @property
    def do_without(self) -> bool:
        """Whether this entry stands for doing the job without a tool."""
        return "do-without" in self.capabilities

    def attribute(self, name: str) -> Any:
        """Return what rows may read of a tool."""
        match name:
            case "status":
                return self.status.is_
            case "confidence":
                return self.checked.confidence
            case _:
                return getattr(self, name)


ATTRIBUTES = {
    "id": Domain("text"),
    "name": Domain("text"),
    "licence": Domain("text"),
    "does": Domain("choices"),
    "hosting": Domain("choices", ("library", "embedded", "self-hosted", "managed")),
    "clouds": Domain("choices", ("any", "aws", "gcp", "azure", "on-prem")),
    "licence_class": Domain(
        "choice", ("permissive", "weak-copyleft", "network-copyleft", "source-available", "proprietary")
    ),
    "paid": Domain("flag"),
    "offline": Domain("flag"),
    "alive": Domain("flag"),
    "do_without": Domain("flag"),
    "upkeep": Domain("choice", UPKEEP),
    "needs": Domain("choices"),
    "capabilities": Domain("choices"),
    "status": Domain("text"),
    "confidence": Domain("choice", ("verified", "partly", "believed")),
}
