"""What the wizard says of the design so far: verdicts, what hangs on which question, and what a change did."""

from __future__ import annotations

from collections.abc import Iterator

from mlworkflow.designing import Open, Spec
from mlworkflow.documents.escape import visible
from mlworkflow.errors import InputRefused, MlworkflowError
from mlworkflow.wizard.why import ours, some

MOST_CHANGES = 3
ONCE = ("", "modes")


def verdicts(spec: Spec) -> Iterator[str]:
    """Yield one line for each decision that the answers have settled so far."""
    hidden = 0
    for verdict in spec.verdicts:
        if not verdict.applies:
            continue
        if verdict.decision.for_each not in ONCE:
            hidden += 1
            continue
        of = f" ({verdict.subject})" if verdict.subject else ""
        name = spec.world.option_name(verdict.decision, verdict.chosen)
        yield visible(ours(f"  {verdict.decision.title}{of}: {name}"))
    if hidden:
        yield f"  and {hidden} on single features, sources and monitors"


def hanging(spec: Spec) -> tuple[Open, ...]:
    """Return the open questions whose answer could change a decision, the weightiest first."""
    unsaid = (one for one in spec.open if one.decisions)
    return tuple(one for one in unsaid if not _unsure(spec, one))


def _unsure(spec: Spec, one: Open) -> bool:
    answer = spec.answers.by_id.get(one.question.id)
    return answer is not None and answer.unsure


def standing(spec: Spec) -> str:
    """Return in one sentence how much of the design is settled."""
    open = tuple(one for one in spec.open if one.decisions)
    moving = {decision for one in open for decision in one.decisions}
    settled = sum(1 for verdict in spec.verdicts if verdict.applies and verdict.id not in moving)
    if not open:
        return f"{settled} decisions are settled; nothing that you left open would change one."
    labels = some(tuple(one.question.label for one in open), 6)
    return ours(f"{settled} decisions are settled; {len(moving)} still hang on: {labels}.")


def changed(before: Spec, after: Spec) -> str:
    """Return in one sentence which decisions a changed answer has turned, or nothing."""
    said = []
    for verdict in after.verdicts:
        old = before.by_id.get(verdict.id)
        if verdict.applies and old is not None and old.applies and old.chosen != verdict.chosen:
            name = after.world.option_name(verdict.decision, verdict.chosen)
            said.append(f"{verdict.decision.title} is now {name}")
    if not said:
        return ""
    return visible(ours(f"That changes: {'; '.join(said[:MOST_CHANGES])}{_more(len(said) - MOST_CHANGES)}."))


def _more(count: int) -> str:
    return f"; and {count} more" if count > 0 else ""


def refusal(error: InputRefused) -> tuple[str, ...]:
    """Return what is wrong with an answer, and what would be right."""
    said = []
    for problem in error.problems[:3]:
        said.append(visible(ours(f"Not taken: {_stopped(problem.what)}")))
        if problem.fix:
            said.append(visible(ours(f"  Instead: {problem.fix}")))
    return tuple(said)


def refused(error: MlworkflowError) -> tuple[str, ...]:
    """Return what went wrong as lines to be said."""
    return refusal(InputRefused.because(list(error.problems)))


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
