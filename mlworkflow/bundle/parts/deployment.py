"""The deployment plan: what must stand first, in which order it goes up and comes back, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlworkflow.bundle import platforms
from mlworkflow.bundle.file import File, LeftOut
from mlworkflow.bundle.page import numbered, page, points, section, table
from mlworkflow.bundle.showing import shows
from mlworkflow.bundle.words import Full, Plain, chosen
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import Md, code, escape
from mlworkflow.documents.saying import capital
from mlworkflow.documents.views import monitoring
from mlworkflow.documents.views.serving import modes, platform
from mlworkflow.gates import gates_of
from mlworkflow.responsibility import responsibility

PAGE, EDGE = "deployment-plan.md", "deploy/edge-bundle.yaml"


def files(spec: Spec) -> Iterator[File]:
    """Yield the plan, and the configuration of each platform whose form is known."""
    say = Full(spec)
    yield File(PAGE, _page(say), "Preconditions, order up, order back, freeze, communication", "MOS")
    seen: set[str] = set()
    for mode in modes(say):
        name = Plain(spec).choice(platform(say, mode.id))
        for path, text in _configuration(spec, mode.id):
            if path not in seen:
                seen.add(path)
                yield File(path, text, f"{mode.label} on {name}", "MOS")


def left_out(spec: Spec) -> Iterator[LeftOut]:
    """Yield a reason for each platform whose form is not written."""
    say = Plain(spec)
    for mode in modes(say):
        if chosen(spec, platform(say, mode.id)) is not None and not list(_configuration(spec, mode.id)):
            yield LeftOut(f"deploy/ ({mode.label.lower()})", _why_not(say, mode.id))


def _configuration(spec: Spec, mode: str) -> Iterator[tuple[str, str]]:
    if mode == "edge":
        steps = [
            {"stage": str(one.says), "exposure": str(one.columns["exposure"]), "goes_on": str(one.columns["on"])}
            for one in spec.kind("step")
        ]
        yield EDGE, platforms.edge_bundle(spec, steps)
    else:
        yield from platforms.configuration(chosen(spec, platform(Full(spec), mode)), spec)


def _why_not(say: Plain, mode: str) -> str:
    name = say.choice(platform(say, mode))
    if mode == "batch" and chosen(say.spec, "serving-platform-batch") == "scheduled-scoring-job":
        return "the scoring flow of pipeline.yaml is the job, and its orchestrator starts it"
    if chosen(say.spec, platform(say, mode)) == "flink":
        return "without a cluster, the place of the Flink job is not known"
    return f"{name} is set up through calls that name accounts and resources no answer holds"


# ------------------------------------------------------------------ the plan


def _page(say: Full) -> str:
    spec = say.spec
    return page(
        spec,
        "Deployment Plan",
        f"{say.choice('rollout')}, because {say.because('rollout')}. Go or no go: {say.value('approver', 'the approver, still to be named')}.",
        section(
            "Preconditions",
            "Each is shown by evidence, not by word; `mlworkflow gate` judges it.",
            table(("Gate", "Evidence key", "Shown by"), _preconditions(say)),
        ),
        section("Order of the first setup", numbered(_bootstrap(say))),
        section("Size", points(_sizes(say))),
        section("What the files of `deploy/` leave to a step", _left_to_steps(say)),
        section("Steps", table(("Step", "Exposure", "Lasts", "Goes on when", "Stops when"), _steps(say))),
        section("Order of the way back", numbered(_back(say))),
        section("Freeze", points(_freeze(say))),
        section("Communication", table(("When", "Who is told", "By", "What"), _told(say))),
    )


def _preconditions(say: Full) -> list[tuple[Any, ...]]:
    gates = [one for one in gates_of(say.spec) if one.phase == "before" and one.critical]
    owned = responsibility(say.spec)
    return [(capital(say.sentence(one.applied.says)), code(one.key), escape(shows(one, owned))) for one in gates]


def _bootstrap(say: Full) -> list[str]:
    """What is set up in which order, as `show rollout` says it: each rests on those before it."""
    return [f"{say.sentence(one.says)}. Done when {say.column(one, 'done')}." for one in say.spec.kind("build")]


def _sizes(say: Full) -> list[Md]:
    if not say.holds("any_online"):
        return []
    it = platforms.size(say.spec)
    basis = "computed in the document" if say.known("workers_with_spare_zone") else "assumed until the load test"
    assumed = ", size assumed" if say.mark("worker_cpus") or say.mark("worker_memory") else ""
    grows = (
        f"; more than {it.target:g} requests in flight per worker asks for another" if _follows_requests(say) else ""
    )
    many = f"{it.least}" if it.least == it.most else f"{it.least} to {it.most}"
    return [
        Md(f"{many} workers of {it.cpus:g} vCPUs and {it.memory_gb:g} GB ({basis}{assumed}){grows}."),
        Md(f"The request ends after {_said(it.timeout)}; a worker that stops finishes what it holds first."),
    ]


def _left_to_steps(say: Full) -> str:
    """Say plainly that the files hold the end of the rollout, and what each step sets in the platform."""
    if not any(True for mode in modes(say) for _ in _configuration(say.spec, mode.id)) or say.holds("on_device"):
        return ""
    it = platforms.size(say.spec)
    if say.spec.value("any_online") and any(
        path == "deploy/traffic.json" for mode in modes(say) for path, _ in _configuration(say.spec, mode.id)
    ):
        return points(_with_traffic(it))
    many = (
        f"; they begin with {it.least}, and a scaling rule of the platform goes up to {it.most}"
        if it.least != it.most
        else ""
    )
    steps = ", ".join(f"{say.column(one, 'exposure')} ({say.sentence(one.says)})" for one in say.spec.kind("step"))
    return points(
        [
            f"They describe the last step, one version for everyone{many}.",
            *(
                [
                    f"Before it, whoever rolls out sets the share by hand, in this order: {steps}. The released version stays up beside the new one until the last step."
                ]
                if steps
                else []
            ),
            "Applying them unchanged would send everybody to the new version at once.",
        ]
    )


def _with_traffic(it: platforms.Size) -> list[str]:
    """The notes where the files hold the shares of the steps as well."""
    scales = f", scaled by `deploy/scaling.json` up to {it.most}" if it.least != it.most else ""
    return [
        f"`deploy/service.json` is one version: it begins with {it.least} workers{scales}, beside the released version, which stays up until the last step.",
        "Creating it moves nobody: `deploy/traffic.json` holds the weights that whoever rolls out sets at each step, and those of the way back.",
    ]


def _follows_requests(say: Full) -> bool:
    return bool(chosen(say.spec, "scaling[real-time]") == "autoscale-concurrency")


def _said(seconds: float) -> str:
    from mlworkflow.quantity import say_duration

    return say_duration(seconds)


def _steps(say: Full) -> list[tuple[Any, ...]]:
    return [
        (say.sentence(one.says), *(say.column(one, name) for name in ("exposure", "lasts", "on", "stop")))
        for one in say.spec.kind("step")
    ]


def _back(say: Full) -> list[str]:
    """The reverse of the way up: first what acts on people, then each part of the release, then who must hear of it."""
    lines = ["Stop the rollout at its step; nobody goes on “to see whether it settles”."]
    lines += [f"{say.sentence(one.says)}: {say.column(one, 'how')}." for one in say.spec.kind("take-back")]
    lines += [
        "Check on the old version: outputs on 100 reference cases, error rate, and the number of actions in the first hour.",
        "Tell those of the table below, and mark the time in the dashboards.",
        "Hold the next release until the cause is written down and a test for it is there.",
    ]
    return lines


def _freeze(say: Full) -> list[Md]:
    frozen = monitoring.view(say)["frozen"]
    lines = [Md(f"No {frozen}: {one}.") for one in say.texts("freezes_dated")]
    hours = say.spec.value("on_call")
    if hours in ("none", "office-hours"):
        lines.append(
            Md("No step begins on a Friday or the day before a holiday: nobody is called until the next working day.")
        )
    lines.append(Md("The way back is never frozen."))
    return lines


def _told(say: Full) -> list[tuple[str, str, str, str]]:
    owner = say.value("document_owner", "the owner of the document, still to be named")
    approver = say.value("approver", "the approver, still to be named")
    readers = say.value("for_whom", "those who use the predictions")
    metric = say.value("business_metric", "the business metric, once named")
    return [
        (
            "a week before the first exposure",
            f"{readers}",
            f"{owner}",
            "what changes for them, from when on, whom to ask, how to say that it is wrong",
        ),
        (
            "at each step",
            f"{approver}",
            f"{owner}",
            "evidence of the step, gates that are not passed, the wish to go on",
        ),
        (
            "at once, when something goes back",
            f"{readers}; {approver}",
            "who is on call",
            "since when, what was affected, what to do until it is clear",
        ),
        (
            "when the experiment is decided",
            f"{approver}; {readers}",
            f"{owner}",
            f"{metric}, guardrails, and what follows from them by `impact-analysis.md`",
        ),
    ]
