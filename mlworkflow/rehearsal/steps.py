"""The steps of a rollout as times: how long each lasts and how much of the traffic it exposes, read from the design."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mlworkflow.clause import Applied
from mlworkflow.designing import Spec

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "a": 1}
_UNITS = {"hour": 3600.0, "day": 86400.0, "week": 7 * 86400.0, "month": 30 * 86400.0}
_LASTS = re.compile(rf"\b(\d+|{'|'.join(_NUMBERS)})\s+(?:full\s+)?({'|'.join(_UNITS)})s?\b")
_SHARE = re.compile(r"(\d+(?:\.\d+)?) ?%")
_HIDDEN = ("shadow", "side", "bench")
# Steps of a new recipe or a new product, which a refreshed version does not walk through again.
_LONG = ("experiment", "accounts", "pilot", "everyone", "site", "team", "invited")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who sees the new version, for how long, and what ends it."""

    id: str
    title: str
    share: float
    lasts: float
    words: str
    passes: str
    stops: str

    @property
    def hidden(self) -> bool:
        """Whether nobody acts on the new version yet."""
        return self.share == 0.0


def steps_of(spec: Spec) -> tuple[Step, ...]:
    """Return the rollout steps of a design in their order."""
    return tuple(_step(spec, one) for one in spec.kind("step"))


def _step(spec: Spec, one: Applied) -> Step:
    words = {name: str(text) for name, text in one.columns.items()}
    name = one.clause.id.removeprefix("step-")
    lasts = _lasts(words["lasts"])
    if name in ("experiment", "accounts"):
        lasts = spec.value("experiment_decided") or lasts
    if name == "everyone":
        lasts = max(lasts or 0.0, spec.value("label_age") or 0.0)
    return Step(
        one.id, str(one.says), _exposed(name, words["exposure"]), lasts or 7 * 86400.0, words["exposure"],
        words["on"], words["stop"],
    )  # fmt: skip


def _lasts(text: str) -> float | None:
    found = _LASTS.search(text)
    if found is None:
        return None
    number = _NUMBERS.get(found[1]) or int(found[1])
    return number * _UNITS[found[2]]


def _exposed(name: str, words: str) -> float:
    if name.startswith(_HIDDEN) or "nobody" in words:
        return 0.0
    found = _SHARE.search(words)
    if found:
        return min(1.0, float(found[1]) / 100)
    return 1.0 if name == "everyone" else 0.25 if "quarter" in words else 0.05


def canary_of(spec: Spec) -> tuple[float, float, float]:
    """Return how long a refreshed model stays hidden and then partly exposed, and the share that it is exposed to.

    A shadow of the live path is for a new recipe; tables side by side and a test bench are for every version.
    """
    steps = steps_of(spec)
    hidden = sum(one.lasts for one in steps if one.id.removeprefix("step-").startswith(("side", "bench")))
    live = [one for one in steps if not one.hidden and not one.id.removeprefix("step-").startswith(_LONG)]
    if not live:
        return hidden, 0.0 if hidden else 86400.0, 1.0
    return hidden, sum(one.lasts for one in live), live[0].share
