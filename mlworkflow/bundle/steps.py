"""A flow of steps, as every orchestrator knows it."""

from __future__ import annotations

from dataclasses import dataclass

RETRIES = 3
# Steps that come to a verdict; those named check- do so as well.
JUDGES = ("leakage-tests", "evaluate", "gate", "golden-set", "golden-night", "retrieval-test")
# First pause, factor from one to the next, and the longest, in seconds.
BACKOFF = (60, 2, 900)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it needs, reads and writes, whose it is, and how long it may take."""

    id: str
    does: str
    needs: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    persona: str
    timeout: float
    basis: str
    failure: str = "stop, and alert its owner"
    owner: str = ""
    hat: str = ""

    @property
    def tries(self) -> int:
        """How often it is tried again: never where it judges, because a verdict that is rolled again is none."""
        judges = self.id in JUDGES or self.id.startswith("check-")
        return 0 if judges else RETRIES


@dataclass(frozen=True, slots=True)
class Flow:
    """Steps with one schedule; without a calendar the schedule is empty."""

    id: str
    cron: str
    means: str
    steps: tuple[Step, ...]
