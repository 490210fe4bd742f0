"""What each step of a rollout reaches at most, computed where load, share and time are known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from mlworkflow.clause import PLACEHOLDER, Applied, Sentence
from mlworkflow.designing import Spec

_COUNTED = {"arrivals": "cases", "eligible_per_day": "units"}


@dataclass(frozen=True, slots=True)
class Exposure:
    """What one step reaches: base a day x share x days; nothing where the step acts on nobody."""

    step: Applied
    base: float | None
    share: float | None
    days: float | None
    counted: str
    part: str
    missing: tuple[str, ...]

    @property
    def reached(self) -> int | None:
        """How many are reached at most, rounded up, or None where a number is missing."""
        if self.share == 0:
            return 0
        if self.base is None or self.share is None or self.days is None:
            return None
        return math.ceil(round(self.base * self.share * self.days, 6))


def exposures(spec: Spec) -> tuple[Exposure, ...]:
    """Return what each step of the rollout reaches, in the order of the steps."""
    known = {str(one.columns["step"]): one.columns for one in spec.kind("exposure")}
    return tuple(_exposure(spec, step, known.get(step.clause.id)) for step in spec.kind("step"))


def _exposure(spec: Spec, step: Applied, columns: Mapping[str, Sentence] | None) -> Exposure:
    if columns is None:
        return Exposure(step, None, None, None, "", "", ())
    base = str(columns["base"])
    values = {
        "base": spec.value(base),
        "share": _number(spec, columns["share"]),
        "days": _number(spec, columns["days"]),
    }
    names = {"base": base, **{name: _name(columns[name]) for name in ("share", "days")}}
    missing = tuple(names[name] for name, value in values.items() if value is None)
    return Exposure(
        step, values["base"], values["share"], values["days"], _COUNTED[base], str(columns["part"]), missing
    )


def _name(text: Sentence) -> str:
    found = PLACEHOLDER.fullmatch(text.template)
    return found[1] if found else ""


def _number(spec: Spec, text: Sentence) -> float | None:
    if name := _name(text):
        value = spec.value(name)
        return None if value is None else float(value)
    return float(text.template)
