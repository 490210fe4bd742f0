"""Operation, in full only: orders of building and taking back, review, common mistakes, maturity, rules of law."""

from __future__ import annotations

from typing import Any

from mlworkflow.clause import Applied
from mlworkflow.documents.escape import Md
from mlworkflow.documents.saying import Say, Table, capital
from mlworkflow.operation.maturity import SECTIONS, Assessed, Maturity, band, maturity

_TABLES = {
    "build": ("build", ("First", "Because", "Done when"), ("because", "done")),
    "back": ("take-back", ("Taken back", "Because", "How"), ("because", "how")),
    "review": ("review", ("What", "Plan", "Shown by", "If not"), ("plan", "shown", "problem")),
    "mistakes": (
        "mistake",
        ("Mistake", "Why it threatens here", "How it shows, too late", "Recommendation", "Handled in"),
        ("because", "shows", "do", "where"),
    ),
    "rules": (
        "rule",
        ("Rule", "Applies from", "Asks for", "Here", "Source", "How sure"),
        ("since", "asks", "here", "source", "sure"),
    ),
}


def view(say: Say) -> dict[str, Any]:
    """Return what the sections show; nothing below the full size."""
    if not say.full:
        return {}
    found: dict[str, Any] = {name: _table(say, *parts) for name, parts in _TABLES.items()}
    return {**found, "maturity": _maturity(say, maturity(say.spec)), "checked": _checked(say)}


def _table(say: Say, kind: str, header: tuple[str, ...], columns: tuple[str, ...]) -> Table:
    return Table(header, [_row(say, one, columns) for one in say.spec.kind(kind)])


def _row(say: Say, one: Applied, columns: tuple[str, ...]) -> tuple[Any, ...]:
    cells = (say.sentence(one.because) if name == "because" else say.column(one, name) for name in columns)
    return (capital(say.sentence(one.says)), *(capital(cell) for cell in cells))


def _checked(say: Say) -> Md:
    days = [str(one.columns["checked"]) for one in say.spec.kind("rule")]
    return Md(min(days, default=""))


# ------------------------------------------------------------------ maturity


def _maturity(say: Say, found: Maturity) -> dict[str, Any]:
    return {
        "says": Md(
            f"Today {found.today:g} of 7, by what the answers say is there: {band(found.today)}. With this design built and its evidence in hand {found.design:g}: {band(found.design)}. The lowest section is the score; half a point is for what is done by hand or in part."
        ),
        "sections": Table(("Section", "Today", "With this design", "Earns nothing yet"), _sections(say, found)),
        "tests": Table(("Test", "Today", "With this design", "By"), [_test(say, one) for one in found.tests]),
        "next": [Md(f"{capital(_first(say, one))} ({one.section}).") for one in found.next_steps],
    }


def _first(say: Say, one: Assessed) -> Md:
    return say.column(one.test, "next")


def _sections(say: Say, found: Maturity) -> list[tuple[Any, ...]]:
    rows = []
    for section in SECTIONS:
        today, design = found.sums(section)
        none = [_small(say.sentence(one.test.says)) for one in found.tests if one.section == section and not one.design]
        rows.append((capital(section), f"{today:g}", f"{design:g}", Md("; ".join(none) or "nothing is left out")))
    return rows


def _small(text: Md) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _test(say: Say, one: Assessed) -> tuple[Any, ...]:
    by = "; ".join(say.sentence(point.says) for point in one.shown)
    return (
        say.sentence(one.test.says),
        f"{one.today:g}",
        f"{one.design:g}",
        Md(capital(by) or "nothing in the answers or the design"),
    )
