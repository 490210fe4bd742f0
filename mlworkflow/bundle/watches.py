"""What the document watches besides its alerts, as rules of their own: thresholds of its monitors that page nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mlworkflow.bundle.alarms import Alarm, alarms, budget_alarms, read_by
from mlworkflow.bundle.words import Plain, identifier, system
from mlworkflow.documents.escape import slug
from mlworkflow.documents.views import monitoring

# Parts of the thresholds that an alert of the runbook holds already, or that say that nothing is watched.
_HELD = re.compile(
    r"in two windows running|missing values above|share of values above zero|categories and flags|each in two windows"
    r"|^nightly golden set|^performance:|^prediction distribution|^p99 above|requests fail|failed or timed-out"
    r"|^errors above|^run late|silent for two|^latency or temperature|^brightness|events? pass|so no GPU|^below |^lag "
)
_BUSY = "add workers or make batches smaller before the p99 suffers"
# The threshold by its words: id, rule, and what is done where the table of monitors speaks of its alerts only.
_KNOWN: tuple[tuple[str, str, str, str], ...] = (
    ("throughput outside half to double", "throughput", "ml_throughput_ratio{$} < 0.5 or ml_throughput_ratio{$} > 2",
     "ask the callers first: fewer requests may be an outage before this service, more may be one caller in a loop"),
    ("GPU utilization above 90 %", "gpu", "min_over_time(ml_gpu_share{$}[10m]) > 0.9", _BUSY),
    ("GPU utilization of a device above 70 %", "gpu", "ml_gpu_share{$} > 0.7", _BUSY),
    ("outside the topics of the golden set above 15 %", "unknown-topics", "ml_outside_share{$} > 0.15", ""),
    ("that the golden set does not hold above 15 %", "unknown-kinds", "ml_outside_share{$} > 0.15", ""),
    ("similarity of the best passage down by 10 %", "similarity", "ml_similarity_ratio{$} < 0.9", ""),
    ("“I do not know” outside half to double", "passed-on", "ml_passed_on_ratio{$} < 0.5 or ml_passed_on_ratio{$} > 2", ""),
    ("share of unseen keys above twice", "unseen-keys", "ml_unseen_keys_ratio{$} > 2", ""),
)  # fmt: skip
_TREND = re.compile(
    r",? or ((?:deciding metric )?(?:falling|rising) in four (?:weeks )?running) \(trend rule\)(?:, decides)?$"
)


@dataclass(frozen=True, slots=True)
class Watch:
    """A threshold of the document without a page: its rule, and the entry of the runbook that it belongs to, if any."""

    monitor: str
    rule: Alarm


def watches(say: Plain) -> list[Watch]:
    """Return a rule for each threshold in the table of monitors that no alert of the runbook holds."""
    found: list[Watch] = []
    alerts = {one.id: one for one in alarms(say)}
    for monitor, _, threshold, action in monitoring.view(say)["table"].rows:
        for says in _parts(str(threshold)):
            found += _of_part(say, str(monitor), says, str(action), alerts)
    return found


def every_rule(say: Plain) -> list[Alarm]:
    """Return every rule of the design: alerts, the paces of the error budget, and what is watched besides."""
    return [*alarms(say), *budget_alarms(say), *(one.rule for one in watches(say))]


def _parts(threshold: str) -> Iterator[str]:
    """The conditions of a threshold, each alone; a clause about a chance or a sum stays with its condition."""
    yield from (part.strip() for part in threshold.split("; ") if part.strip())


def _of_part(say: Plain, monitor: str, says: str, action: str, alerts: dict[str, Alarm]) -> Iterator[Watch]:
    if monitor == "Concept drift" and (trend := _TREND.search(says)):
        yield _trend(say, monitor, trend[1], action, alerts)
        says = says[: trend.start()]
    held = any(says in one.says or one.says in says for one in alerts.values())
    if says and not held and not _HELD.search(says):
        down = alerts.get("alert-service-down")
        if "slower than" in says and down is not None:
            yield Watch(monitor, _slow(say, says, down))
        else:
            yield Watch(monitor, _rule(say, monitor, says, action))


def _slow(say: Plain, says: str, down: Alarm) -> Alarm:
    return _ready(
        say,
        replace(
            down,
            also="Few",
            title=f"{down.title}: slow requests",
            severity="SEV-3",
            says=says,
            expression=f"ml_recent_slow{{$}} >= {say.spec.value('slow_alarm'):g}",
            first="Which part is slow: a dependency, a look-up, the model, or one long input?",
            act="mend or limit the slow part; nothing is taken back for it alone",
        ),
    )


def _trend(say: Plain, monitor: str, says: str, action: str, alerts: dict[str, Alarm]) -> Watch:
    loss = alerts.get("alert-quality-loss")
    worse = "ml_cohorts_falling{$} >= 4"
    if loss is None:
        return Watch(monitor, _rule(say, monitor, f"{says} (trend rule)", action, "trend", worse))
    title = f"{loss.title}: a trend"
    rule = replace(loss, also="Trend", title=title, severity="SEV-4", says=f"{says} (trend rule)", expression=worse)
    return Watch(monitor, _ready(say, rule))


def _rule(say: Plain, monitor: str, says: str, action: str, name: str = "", expression: str = "") -> Alarm:
    """A threshold as a rule; one that we have no series for is set by the team's own check."""
    limit = say.spec.value("audit_limit")
    if limit is not None and says.startswith("wrong ones in the"):
        name, expression = "audit", f"ml_audit_wrong{{$}} > {limit:g}"
    for words, id, series, act in _KNOWN:
        if words in says:
            name, expression, action = id, series, act or action
    name = name or "-".join([monitor.split()[0].lower(), *slug(says).split("-")[:4]])
    id = f"watch-{name}"
    stated = f'ml_alert_condition{{$,alert="{identifier(id)}"}} > 0'
    first = "Is the input whole, and did a release go out?"
    title, means = f"{monitor}: {says}", f"looked at under {monitor}"
    return _ready(say, Alarm(id, title, "SEV-4", says, means, first, action, expression or stated))


def _ready(say: Plain, one: Alarm) -> Alarm:
    expression = one.expression.replace("$", f'system="{system(say.spec)}"')
    return replace(one, expression=expression, series=tuple(series.name for series in read_by(expression)))
