"""A design becomes its seven artifacts, in the order in which each stands on those before."""

from __future__ import annotations

from collections.abc import Mapping

from mlworkflow.artifacts import making, releasing
from mlworkflow.artifacts.artifact import Artifact, hash_of
from mlworkflow.artifacts.blanks import settled
from mlworkflow.artifacts.known import Known, column, text
from mlworkflow.artifacts.making import Fields
from mlworkflow.clause import Applied
from mlworkflow.designing import Spec
from mlworkflow.pack.roles import LINKS
from mlworkflow.responsibility import Responsibility, responsibility

STANDS_ON: Mapping[str, tuple[str, ...]] = {
    "dataset-snapshot": (),
    "training-run": ("dataset-snapshot",),
    "evaluation-report": ("dataset-snapshot", "training-run"),
    "registry-entry": ("dataset-snapshot", "training-run", "evaluation-report"),
    "rollout-note": ("evaluation-report", "registry-entry"),
    "monitoring-signals": ("registry-entry", "rollout-note"),
    "retraining-trigger": ("monitoring-signals",),
}


def artifacts(spec: Spec) -> tuple[Artifact, ...]:
    """Return the seven artifacts of a design in the order of the chain, each filled as far as the answers go."""
    known, owned = Known(spec), responsibility(spec)
    found: list[Artifact] = []
    hashes: dict[str, str] = {}
    for link in LINKS:
        clause = next(one for one in spec.kind("artifact") if column(one, "link") == link)
        made = _artifact(link, clause, _fields(link, known, owned), hashes, owned, spec)
        found.append(made)
        hashes[link] = made.hash
    return tuple(found)


def stands_above(id: str) -> tuple[str, ...]:
    """Return every artifact that stands on this one, directly or through others, in the order of the chain."""
    above: list[str] = []
    for link in LINKS:
        if any(one == id or one in above for one in STANDS_ON[link]):
            above.append(link)
    return tuple(above)


def _fields(link: str, known: Known, owned: Responsibility) -> Fields:
    match link:
        case "dataset-snapshot":
            return making.dataset_snapshot(known)
        case "training-run":
            return making.training_run(known)
        case "evaluation-report":
            return making.evaluation_report(known)
        case "registry-entry":
            return releasing.registry_entry(known, owned)
        case "rollout-note":
            return releasing.rollout_note(known)
        case "monitoring-signals":
            return releasing.monitoring_signals(known)
        case _:
            return releasing.retraining_trigger(known)


def _artifact(
    link: str, clause: Applied, fields: Fields, hashes: Mapping[str, str], owned: Responsibility, spec: Spec
) -> Artifact:
    ready = settled(fields)
    stands_on = {id: hashes[id] for id in STANDS_ON[link]}
    duty = next(one for one in spec.knowledge.clauses if one.id == column(clause, "duty"))
    person = next((one.accountable.name for one in owned.duties if one.clause.clause is duty), "")
    return Artifact(
        id=link,
        title=text(clause.says),
        because=text(clause.because),
        stage=duty.columns["stage"],
        owner=duty.columns["persona"],
        person=person,
        lives_in=column(clause, "lives_in"),
        read_by=column(clause, "read_by"),
        fields=ready.fields,
        blanks=tuple(ready.blanks),
        assumed=tuple(ready.assumed),
        stands_on=stands_on,
        hash=hash_of(link, ready.fields, stands_on),
    )
