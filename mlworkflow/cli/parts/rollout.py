"""`show rollout`: each step with what it reaches at most, what is built first, and what is taken back first."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.cli.listing import table
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.cli.parts.rows import Row, alone, meant
from mlworkflow.operation.rows import rows, step_rows


def data(asked: Asked) -> Data:
    """Return steps and both orders, or one step."""
    steps = step_rows(asked.design)
    if asked.id is not None:
        return {"step": meant(steps, asked.id, "step")}
    return {
        "release_object": asked.design.value("release_objects").split(", "),
        "steps": steps,
        "build": rows(asked.design, "build"),
        "take_back": rows(asked.design, "take-back"),
    }


def lines(asked: Asked) -> Iterator[str]:
    """Yield the steps, then the order of building, then that of taking back."""
    steps = step_rows(asked.design)
    if asked.id is not None:
        yield from alone(meant(steps, asked.id, "step"), _SHOWN)
        return
    yield f"one thing at a time: {asked.design.value('release_objects')}"
    yield from table([(one["id"], one["lasts"], _reaches(one), one["exposure"]) for one in steps])
    for heading, kind, how in (
        ("built in this order", "build", "done"),
        ("taken back in this order", "take-back", "how"),
    ):
        yield ""
        yield heading
        yield from table([(f"  {one['says']}", one[how]) for one in rows(asked.design, kind)])


def _reaches(one: Row) -> str:
    if one["reaches"] is None:
        return "reaches: not known"
    return f"reaches {one['reaches']:,} {one['counted']}" if one["reaches"] else "acts on nobody"


_SHOWN = ("exposure", "lasts", "on", "stop", "reaches", "counted", "part", "a_day", "share", "days")
