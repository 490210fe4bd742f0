"""The tasks of this design by person: each with its hat, its stage, and how one sees that it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from mlworkflow.artifacts import artifacts
from mlworkflow.bundle.file import File
from mlworkflow.bundle.page import page, section
from mlworkflow.bundle.preparing import chores
from mlworkflow.bundle.showing import HATS, shown_by, shows, wearer
from mlworkflow.bundle.words import Plain, accepted_sources, used_features
from mlworkflow.designing import Spec
from mlworkflow.documents.data import written
from mlworkflow.documents.escape import escape
from mlworkflow.freshness import freshness
from mlworkflow.gates import gates_of
from mlworkflow.responsibility import responsibility
from mlworkflow.responsibility.stages import SAME
from mlworkflow.responsibility.team import SEATS


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work of this design, and how one sees that it is done."""

    id: str
    title: str
    done_when: str
    stage: str
    hat: str
    person: str


def files(spec: Spec) -> Iterator[File]:
    """Yield the checklist and the same tasks for programs."""
    found = tasks(spec)
    yield File("tasks.md", _page(spec, found), "What each person does, and how one sees that it is done", "GCA")
    yield File("tasks.json", written([asdict(one) for one in found]), "The same tasks for programs", "GCA")


def tasks(spec: Spec) -> list[Task]:
    """Return every task in the order of the lifecycle, each given to one person."""
    found = _Tasks(spec)
    return [*found.framing(), *found.data(), *found.training(), *found.serving(), *found.operating()]


class _Tasks:
    """Makes the tasks of one design."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.say = Plain(spec)
        self.owned = responsibility(spec)
        self.generative = spec.value("problem_type") == "generative"
        self.chores = list(chores(self.say))

    def _task(self, id: str, title: str, done: str, stage: str, hat: str, *duties: str) -> Task:
        """A task goes to the owner of a duty where one is named, else to whoever wears the hat."""
        owned = next((one for duty in duties for one in self.owned.duties if one.clause.id == duty), None)
        if owned is not None:
            return Task(id, title, done, stage, owned.hat, owned.accountable.name)
        return Task(id, title, done, stage, hat, wearer(self.owned, hat))

    def _chores(self, stage: str) -> Iterator[Task]:
        """Accesses, groups, plans, cards and evidence of a stage."""
        for one in self.chores:
            if one.stage == stage:
                yield self._task(one.id, one.title, one.done, stage, one.hat, *one.duties)

    def framing(self) -> Iterator[Task]:
        """What must be settled before the first query."""
        for one in self.spec.open:
            if one.hangs and one.question.section != "document":
                done = f"an answer to {one.question.id} stands in answers.toml, and the bundle was written again"
                yield self._task(
                    f"settle-{one.question.id}", one.question.asks, done, "frame", HATS[one.question.owner]
                )
        for handoff in self.owned.handoffs:
            if handoff.giving.stage.id == "frame":
                yield self._handoff(handoff)

    def data(self) -> Iterator[Task]:
        """Accesses, sources, groups, features, checks and the snapshot."""
        yield from self._chores("data")
        for source in accepted_sources(self.spec):
            yield self._source(source)
        rule = "as-of join proves that no value is younger than the prediction, and one function serves training and serving"
        for entry in used_features(self.spec):
            id = entry.value("name")
            how = self.say.choice(f"transformation[{id}]")
            done = (
                f"{how}; its expected distribution stands in the dictionary"
                if self.generative
                else f"{how}; a test with an {rule}"
            )
            yield self._task(
                f"feature-{id}",
                f"Define {id} from {entry.value('source')}",
                done,
                "data",
                "data-engineer",
                "duty-features",
                "duty-index",
                "duty-corpus",
            )
        yield from self._artifact("dataset-snapshot", "data-engineer")
        yield from self._gates("data", "data")
        yield from self._handoffs("data")

    def _source(self, source: Any) -> Task:
        name, owner = source.value("name"), self.say.field(source, "sources", "owner", "its owner, still to be named")
        fresh = freshness(source)
        age = f"data at most {fresh.says} old, alarm at {fresh.alarms}" if fresh else "still to be agreed"
        done = f"schema, freshness ({age}) and notice of change are written down and signed by {owner}"
        if source.value("licence") in (None, "unknown"):
            done += "; its licence is checked and allows this use"
        if source.value("mutability") == "overwritten":
            done += "; a snapshot is kept at each refresh, because rows are overwritten"
        return self._task(
            f"source-{name}",
            f"Agree on {name} with {owner}",
            done,
            "data",
            "data-engineer",
            "duty-data-contract",
            "duty-corpus",
        )

    def training(self) -> Iterator[Task]:
        """Candidates, the run, and the report on it."""
        yield from self._chores("train")
        for number, one in enumerate(self.spec.kind("candidate"), 1):
            done = f"run is tracked; stops: {self.say.column(one, 'stops')}; budget: {self.say.column(one, 'budget')}"
            yield self._task(
                f"candidate-{number}",
                f"Run {self.say.sentence(one.says)} ({self.say.column(one, 'role')})",
                done,
                "train",
                "data-scientist",
                "duty-model",
                "duty-prompt",
            )
        yield from self._artifact("training-run", "data-scientist")
        yield from self._artifact("evaluation-report", "ml-engineer")
        yield from self._gates("model", "train")
        yield from self._handoffs("train")

    def serving(self) -> Iterator[Task]:
        """Contracts, the registry entry, and what the platform must show."""
        yield from self._chores("serve")
        for number, one in enumerate(self.spec.kind("contract"), 1):
            says = str(self.say.sentence(one.says))
            title, _, rest = says.partition(": ")
            done = rest.rstrip(".") or "a test in staging shows it"
            yield self._task(
                f"contract-{number}", title if rest else says, done, "serve", "ml-engineer", "duty-serving"
            )
        yield from self._artifact("registry-entry", "ml-engineer")
        yield from self._gates("platform", "serve")
        yield from self._handoffs("serve")

    def operating(self) -> Iterator[Task]:
        """Alerts, the rollout, its note, and what comes after."""
        yield from self._chores("deploy")
        for alert in self.spec.kind("alert"):
            done = f"it rang once in staging ({self.say.column(alert, 'monitor')}), and its entry in runbook.md was followed"
            yield self._task(
                alert.id, f"Make ring: {self.say.sentence(alert.says)}", done, "deploy", "ml-engineer", "duty-monitors"
            )
        yield from self._gates("product", "deploy")
        yield from self._artifact("rollout-note", "product")
        for step in self.spec.kind("step"):
            done = f"{self.say.column(step, 'on')} ({self.say.column(step, 'lasts')}); stops when {self.say.column(step, 'stop')}"
            yield self._task(
                step.id,
                f"{self.say.sentence(step.says)}: {self.say.column(step, 'exposure')}",
                done,
                "deploy",
                "platform",
                "duty-rollback",
            )
        yield from self._artifact("monitoring-signals", "ml-engineer")
        yield from self._artifact("retraining-trigger", "data-scientist")
        yield from self._handoffs("deploy")

    def _artifact(self, id: str, hat: str) -> Iterator[Task]:
        one = next(artifact for artifact in artifacts(self.spec) if artifact.id == id)
        done = f"its {len(one.missing)} blanks are filled and it lives in {one.lives_in}, with the hash of what it stands on"
        person = next((other for other in self.owned.people if other.name == one.person), None)
        worn = hat if person is None or hat in person.hats else person.hats[0]
        name = one.person or wearer(self.owned, hat)
        yield Task(f"artifact-{id}", f"Hand over: {one.title}", done, one.stage, worn, name)

    def _gates(self, owner: str, stage: str) -> Iterator[Task]:
        for one in gates_of(self.spec, "before"):
            if one.owner == owner:
                done = f"{one.key} {one.wanted} stands in gates.toml; {one.column('evidence')}"
                yield Task(
                    one.id,
                    f"Show: {self.say.sentence(one.applied.says)}",
                    done,
                    stage,
                    found.hat if (found := shown_by(one, self.owned)) else HATS[owner],
                    shows(one, self.owned),
                )

    def _handoffs(self, stage: str) -> Iterator[Task]:
        yield from (self._handoff(one) for one in self.owned.handoffs if one.giving.stage.id == stage)

    def _handoff(self, one: Any) -> Task:
        taker = " and ".join(person.name for person in one.takers)
        giver = one.givers[0] if one.givers else None
        hat = next((role for role in giver.hats if role in one.giving.owners), giver.hats[0]) if giver else ""
        same = one.kind == SAME  # nothing crosses between people: the same one goes on in another hat
        title = (
            f"Change of hat: {self.say.sentence(one.artifact)}"
            if same
            else f"Hand over to {taker}: {self.say.sentence(one.artifact)}"
        )
        return Task(
            one.clause.id,
            title,
            str(self.say.column(one.clause, "hat" if same else "test")),
            one.giving.stage.id,
            hat,
            giver.name if giver else "nobody",
        )


# ------------------------------------------------------------------ the checklist


def _page(spec: Spec, found: list[Task]) -> str:
    people = list(dict.fromkeys([*(one.name for one in responsibility(spec).people), *(one.person for one in found)]))
    theirs = {person: [one for one in found if one.person == person] for person in people}
    return page(
        spec,
        "Tasks",
        f"{len(found)} tasks of this design, by person and in the order of the lifecycle.",
        *(section(str(escape(person)), *_stages(spec, own)) for person, own in theirs.items()),
    )


def _stages(spec: Spec, own: Iterable[Task]) -> Iterator[str]:
    every = list(own)
    generative = spec.value("problem_type") == "generative"
    for stage in spec.knowledge.stages:
        lines = [
            f"- [ ] {escape(one.title)} ({SEATS.get(one.hat, one.hat)}). Done when: {escape(one.done_when)}."
            for one in every
            if one.stage == stage.id
        ]
        if lines:
            yield f"**{stage.called(generative).capitalize()}**"
            yield "\n".join(lines)
