"""The way from a candidate to everyone: each step with its owner, its gates, its stop rule and its way back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mlworkflow.artifacts.known import column, text
from mlworkflow.clause import Applied
from mlworkflow.designing import Spec
from mlworkflow.gates import Gate, gates_of
from mlworkflow.responsibility import Responsibility, responsibility


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a release: who sees it, who owns it, what lets it go on, what stops it, and the way back."""

    name: str
    exposure: str
    lasts: str
    owner: str
    decides: str
    goes_on_when: str
    stops_when: str
    way_back: str
    gates: tuple[str, ...]


def release_path(spec: Spec) -> tuple[Step, ...]:
    """Return the steps of the first release in their order, from a trained candidate to the new baseline."""
    owned = responsibility(spec)
    return (_candidate(spec, owned), *_rollout(spec, owned), _settled(spec, owned))


def _owner(owned: Responsibility, *duties: str) -> str:
    """Return who owns the first of these duties that the design has."""
    by_id = {one.clause.id: one.accountable.name for one in owned.duties}
    return next((by_id[duty] for duty in duties if duty in by_id), "nobody")


def _decides(spec: Spec, owned: Responsibility) -> str:
    return str(spec.value("approver") or _owner(owned, "duty-release"))


def _ids(gates: Iterable[Gate]) -> tuple[str, ...]:
    return tuple(one.id for one in gates)


def _candidate(spec: Spec, owned: Responsibility) -> Step:
    gates = gates_of(spec, "before")
    critical = sum(one.critical for one in gates)
    return Step(
        name="Candidate",
        exposure="nobody",
        lasts="until its gates are shown",
        owner=_owner(owned, "duty-eval-gate", "duty-golden-set"),
        decides=_decides(spec, owned),
        goes_on_when=f"all {len(gates)} gates before the rollout are shown",
        stops_when=f"one of the {critical} critical gates is not passed, or not shown",
        way_back="nothing is to be taken back; it returns to whom the gate names",
        gates=_ids(gates),
    )


def _rollout(spec: Spec, owned: Responsibility) -> Iterable[Step]:
    """The steps of the rollout; the live path is held by its own gates, and the experiment by its own."""
    live = gates_of(spec, "during", "release")
    steps = spec.kind("step")
    measured = next((one for one in steps if is_experiment(one)), steps[-1] if steps else None)
    for one in steps:
        judged = gates_of(spec, "during", "experiment") if one is measured else ()
        yield Step(
            name=text(one.says),
            exposure=column(one, "exposure"),
            lasts=column(one, "lasts"),
            owner=_owner(owned, "duty-rollback", "duty-release"),
            decides=_decides(spec, owned),
            goes_on_when=column(one, "on"),
            stops_when=column(one, "stop"),
            way_back=_way_back(spec),
            gates=_ids((*live, *judged)),
        )


def is_experiment(step: Applied) -> bool:
    """Whether a step of the rollout is the one in which the business figure is measured."""
    return text(step.says).lower().startswith(_MEASURED)


_MEASURED = ("experiment", "interleaving", "parallel run", "pilot", "side by side", "first device, ")


def _way_back(spec: Spec) -> str:
    acts = list(dict.fromkeys(column(one, "action") for one in spec.kind("rollback")))
    held = dict.fromkeys(
        spec.world.option_name(one.decision, one.chosen) for one in spec.of("fallback") if one.chosen is not None
    )
    return f"{' or '.join(acts) or 'the version before stays ready'}; meanwhile: {', '.join(held) or 'no fallback'}"


def _settled(spec: Spec, owned: Responsibility) -> Step:
    gates = gates_of(spec, "after")
    stable = next((one.wanted for one in gates if one.clause_id == "gate-new-baseline"), "")
    return Step(
        name="New baseline",
        exposure="everyone",
        lasts=f"weeks without an incident: {stable}" if stable else "until its gates are shown",
        owner=_owner(owned, "duty-monitors"),
        decides=_decides(spec, owned),
        goes_on_when=f"all {len(gates)} gates after the rollout are shown",
        stops_when="a critical gate after the rollout is not passed",
        way_back=_way_back(spec),
        gates=_ids(gates),
    )
