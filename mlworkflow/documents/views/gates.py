"""Release Gates: what must be shown before, during and after a rollout, and which signal changes the course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlworkflow.documents.escape import Md, escape
from mlworkflow.documents.saying import Say, Table, capital, name
from mlworkflow.gates import Gate, Signal, gates_of, signals_of

MOST_GATES, FEWEST_GATES = 8, 5
TITLES = {
    ("before", "release"): "Before the rollout",
    ("before", "experiment"): "Before the experiment",
    ("during", "release"): "During the rollout, on the live path: stop rules that act by themselves",
    (
        "during",
        "experiment",
    ): "During the rollout, in the experiment: judged by its own analysis, never by the live path",
    ("after", "release"): "After the rollout, on the live path",
    ("after", "experiment"): "After the rollout, on the business figure",
}
OUTCOMES = {
    "refresh-data": "refresh the data",
    "update-threshold": "update the threshold",
    "retrain": "retrain",
    "revise-policy": "revise the policy",
    "investigate": "investigate",
    "incident": "incident",
}


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows."""
    gates = gates_of(say.spec)
    shown = gates if say.full else _weightiest(say, gates)
    return {
        "decides": _decides(say, gates),
        "tables": [_part(say, shown, *key) for key in TITLES if any(_stands_in(one, *key) for one in shown)],
        "left_out": len(gates) - len(shown),
        "signals": _signals(say) if say.full else None,
        "rules": [_rule(say, one) for one in say.spec.kind("operating-rule")] if say.full else [],
        "back": _course(say),
    }


def _weightiest(say: Say, gates: Sequence[Gate]) -> Sequence[Gate]:
    """The gates that people must show; those of the rollout act by themselves, and stand in its rollback rules."""
    asked = [one for one in gates if one.phase != "during"]
    return asked[: FEWEST_GATES if say.brief else MOST_GATES]


def _decides(say: Say, gates: Sequence[Gate]) -> Md:
    who = say.value("approver", "somebody who is still to be named")
    critical = sum(one.critical for one in gates)
    return Md(
        f"Stop or go is decided by {who}. {critical} of the {len(gates)} gates are critical (*): one of them that is not passed stops the release, another one leaves it conditional; what is not shown never counts as passed."
    )


def _stands_in(gate: Gate, phase: str, part: str) -> bool:
    return gate.phase == phase and gate.column("part") == part


def _part(say: Say, gates: Sequence[Gate], phase: str, part: str) -> dict[str, Any]:
    found = [one for one in gates if _stands_in(one, phase, part)]
    more = ("Window", "Evidence", "Evidence key") if say.full else ()
    header = ("Gate", "Holds when", *more, "Owner", *(("If not",) if say.full else ()))
    return {"title": TITLES[phase, part], "table": Table(header, [_row(say, one) for one in found])}


def _row(say: Say, gate: Gate) -> tuple[Any, ...]:
    shown = (*(say.column(gate.applied, one) for one in ("window", "evidence")), name(gate.key)) if say.full else ()
    mark = " (*)" if gate.critical else ""
    return (
        Md(f"{capital(say.sentence(gate.applied.says))}{mark}"),
        escape(gate.wanted),
        *shown,
        say.column(gate.applied, "owner"),
        *((Md(f"{_back_to(say, gate)}{say.column(gate.applied, 'act')}"),) if say.full else ()),
    )


def _back_to(say: Say, gate: Gate) -> str:
    back = say.column(gate.applied, "back_to")
    return "" if back == gate.owner else f"back to {back}: "


# ------------------------------------------------------------------ signals


def _signals(say: Say) -> Table:
    header = ("Group", "Signal", "Shown by", "Outcome", "Owner", "Severity", "What is done")
    return Table(header, [_signal(say, one) for one in signals_of(say.spec)])


def _signal(say: Say, one: Signal) -> tuple[Any, ...]:
    return (
        one.column("group"),
        capital(say.sentence(one.applied.says)),
        say.column(one.applied, "shown_by"),
        OUTCOMES[one.column("outcome")],
        one.column("owner"),
        one.severity or "no alert",
        say.column(one.applied, "act"),
    )


def _course(say: Say) -> list[Md]:
    """What starts a training, and what takes a release back: the two lists that people mix up."""
    signals = signals_of(say.spec)
    training = [one for one in signals if one.column("outcome") == "retrain"]
    back = [one for one in signals if one.column("rolls_back") == "yes"]
    return [
        Md(f"Starts a training: {_listed(say, training) or 'nothing; a new bundle is released instead'}."),
        Md(f"Takes the release back at once: {_listed(say, back, training) or 'nothing by itself'}."),
    ]


def _listed(say: Say, signals: Sequence[Signal], known: Sequence[Signal] = ()) -> str:
    """The signals in words; one that starts a training as well takes back only what has just been released."""
    return "; ".join(
        f"{_small(say.sentence(one.applied.says))}{', while the release is new' if one in known else ''}"
        for one in signals
    )


def _small(text: Md) -> str:
    return f"{text[:1].lower()}{text[1:]}" if text[1:2].islower() or text[1:2] == " " else text


def _rule(say: Say, one: Any) -> Md:
    return Md(f"{say.sentence(one.says)} ({say.column(one, 'owner')}): {say.sentence(one.because)}.")
