"""How a design is run as rows of plain values, for whoever prints or keeps them."""

from __future__ import annotations

from typing import Any

from mlworkflow.designing import Spec
from mlworkflow.operation.calling import Called, calling
from mlworkflow.operation.maturity import SECTIONS, Assessed, band, maturity
from mlworkflow.operation.rollout import Exposure, exposures
from mlworkflow.operation.runbook import Entry, drills, entries
from mlworkflow.responsibility import Person

Row = dict[str, Any]


def rows(spec: Spec, kind: str) -> list[Row]:
    """Return one row a clause of that kind that holds, the weightiest first."""
    return [
        {
            "id": one.id,
            "says": str(one.says),
            **({"because": str(one.because)} if one.clause.because else {}),
            **{name: str(text) for name, text in one.columns.items()},
        }
        for one in spec.kind(kind)
    ]


# ------------------------------------------------------------------ the runbook


def entry_rows(spec: Spec) -> list[Row]:
    """Return one row an alert, with who is called."""
    return [_entry(one) for one in entries(spec)]


def _entry(one: Entry) -> Row:
    columns = {name: str(text) for name, text in one.columns.items() if name not in ("alert", "duty")}
    return {"id": one.id, "says": str(one.alert.says), **columns, **_called(one.called)}


def _called(one: Called) -> Row:
    return {
        "called": _name(one.first),
        "answers": one.answers,
        "backup": _name(one.backup),
        "backup_after": one.backup_after,
        "mends": _name(one.mends.accountable if one.mends else None),
        "decides_after": one.decides_after,
        "speaks": _name(one.speaks),
        "told": one.told,
    }


def _name(person: Person | None) -> str | None:
    return person.name if person else None


def drill_rows(spec: Spec) -> list[Row]:
    """Return the drills that are rehearsed, with who leads each."""
    columns = ("every", "passes")
    return [
        {
            "id": one.clause.id,
            "says": str(one.clause.says),
            **{name: str(one.clause.columns[name]) for name in columns},
            "leads": _name(one.leads),
        }
        for one in drills(spec)
    ]


def on_call_row(spec: Spec) -> Row:
    """Return what of on-call was asked for, what is staffed, and what is accepted."""
    found = calling(spec)
    return {"wanted": found.wanted, "staffed": found.staffed, "people": found.people, "says": found.statement}


# ------------------------------------------------------------------ the rollout


def step_rows(spec: Spec) -> list[Row]:
    """Return the steps of the rollout, with what each reaches at most."""
    return [_step(one) for one in exposures(spec)]


def _step(one: Exposure) -> Row:
    return {
        "id": one.step.id,
        "says": str(one.step.says),
        **{name: str(text) for name, text in one.step.columns.items()},
        "reaches": one.reached,
        "counted": one.counted,
        "part": one.part,
        "a_day": one.base,
        "share": one.share,
        "days": one.days,
        "missing": list(one.missing),
    }


# ------------------------------------------------------------------ maturity


def maturity_row(spec: Spec) -> Row:
    """Return the self-assessment: the score, its sections, each test, and what gains most."""
    found = maturity(spec)
    return {
        "today": found.today,
        "today_means": band(found.today),
        "with_design": found.design,
        "with_design_means": band(found.design),
        "sections": [
            {"section": section, "today": found.sums(section)[0], "with_design": found.sums(section)[1]}
            for section in SECTIONS
        ],
        "tests": [_test(one) for one in found.tests],
        "next": [{"id": one.test.id, "section": one.section, "says": _step_of(one)} for one in found.next_steps],
    }


def _test(one: Assessed) -> Row:
    return {
        "id": one.test.id,
        "section": one.section,
        "says": str(one.test.says),
        "today": one.today,
        "with_design": one.design,
        "by": [str(point.says) for point in one.shown],
        "next": _step_of(one),
    }


def _step_of(one: Assessed) -> str:
    return str(one.test.columns["next"])
