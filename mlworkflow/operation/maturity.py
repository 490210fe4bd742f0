"""A self-assessment after the ML Test Score: four sections of seven tests, and the lowest section is the score."""

from __future__ import annotations

from dataclasses import dataclass

from mlworkflow.clause import Applied
from mlworkflow.designing import Spec

SECTIONS = ("data", "model", "infrastructure", "monitoring")
NEXT_STEPS = 3
# A score up to this is called so.
_BANDS = (
    (0.0, "a research project rather than a production system"),
    (1.0, "tested in places, with serious gaps possible"),
    (2.0, "a first pass at production"),
    (3.0, "reasonably tested"),
    (5.0, "strongly tested"),
    (7.0, "exceptionally tested"),
)


@dataclass(frozen=True, slots=True)
class Assessed:
    """One test: what it earns today, what it will earn once the design is built, and by what."""

    test: Applied
    today: float
    design: float
    shown: tuple[Applied, ...]

    @property
    def section(self) -> str:
        """The section that it counts for."""
        return str(self.test.columns["section"])

    @property
    def gain(self) -> float:
        """What building the design adds."""
        return self.design - self.today


@dataclass(frozen=True, slots=True)
class Maturity:
    """All tests of a design, with the sums of their sections."""

    tests: tuple[Assessed, ...]

    def sums(self, section: str) -> tuple[float, float]:
        """Return what a section earns today, and with the design."""
        of = [one for one in self.tests if one.section == section]
        return sum(one.today for one in of), sum(one.design for one in of)

    @property
    def today(self) -> float:
        """The score by what the answers say is there: that of the lowest section."""
        return min(self.sums(section)[0] for section in SECTIONS)

    @property
    def design(self) -> float:
        """The score once the design is built and its evidence is there."""
        return min(self.sums(section)[1] for section in SECTIONS)

    @property
    def next_steps(self) -> tuple[Assessed, ...]:
        """The steps that gain most: in the lowest section first, there the largest gain first."""
        lowest = sorted(SECTIONS, key=lambda section: (self.sums(section)[0], SECTIONS.index(section)))
        open_ = [one for one in self.tests if one.today < 1]
        return tuple(sorted(open_, key=lambda one: (lowest.index(one.section), -one.gain))[:NEXT_STEPS])


def band(score: float) -> str:
    """Return what a score is called."""
    return next(words for highest, words in _BANDS if score <= highest)


def maturity(spec: Spec) -> Maturity:
    """Return the self-assessment of a design; a point is there only where a clause of the design earns it."""
    points = spec.kind("point")
    return Maturity(tuple(_assessed(test, points) for test in spec.kind("test")))


def _assessed(test: Applied, points: tuple[Applied, ...]) -> Assessed:
    own = tuple(one for one in points if str(one.columns["test"]) == test.clause.id)
    today = _most([one for one in own if str(one.columns["time"]) == "today"])
    return Assessed(test, today, max(today, _most(list(own))), own)


def _most(points: list[Applied]) -> float:
    return max((float(str(one.columns["points"])) for one in points), default=0.0)
