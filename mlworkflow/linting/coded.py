"""The rules that no condition can say: about decisions, duties, risks, the ten boxes, and the calendar."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator

from mlworkflow.clause import Applied
from mlworkflow.designing import Spec
from mlworkflow.documents.saying import Say
from mlworkflow.documents.views.quality import checks
from mlworkflow.linting.rule import ERROR, NOTE, WARNING, Coded, Result, Rule
from mlworkflow.responsibility import responsibility
from mlworkflow.wording import listed

# ------------------------------------------------------------------ decisions


def _conflicts(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    for verdict in spec.conflicts:
        because = [str(reason.says) for lost in verdict.lost for reason in lost.because]
        why = "; ".join(dict.fromkeys(because))
        fix = f"change one of the answers that strike the options: explain {verdict.id} names them"
        yield Result(rule, f"{verdict.decision.title}: nothing is left to choose", fix, why, subject=verdict.id)


def _against_the_rows(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    for verdict in spec.verdicts:
        if verdict.overruled is None:
            continue
        rows = {row.id for row in spec.knowledge.in_full(verdict.decision).rules_out}
        against = "; ".join(str(one.says) for one in verdict.overruled.warnings if one.row in rows)
        if not against:
            continue
        name = spec.world.option_name(verdict.decision, verdict.chosen)
        says = f"{verdict.decision.title} was decided for {name}, although {against}"
        yield Result(
            rule, says, "drop the decision, or show that this does not hold here", "", ("decided",), verdict.id
        )


def _without_effect(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    for verdict in spec.verdicts:
        if verdict.overruled is not None and verdict.overruled.instead_of == verdict.chosen:
            name = spec.world.option_name(verdict.decision, verdict.chosen)
            says = f"{verdict.decision.title}: {name} was decided, and the rows choose it as well"
            fix = "drop the decision; the reason of the rows then stands in the document"
            yield Result(rule, says, fix, "", ("decided",), verdict.id)


def _approved_unready(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    blocked = [one.clause.id for one in spec.blocking] + [verdict.id for verdict in spec.conflicts]
    if spec.value("status") == "approved" and blocked:
        says = f"The document is approved, and the plan cannot work as it stands: {listed(blocked)}"
        yield Result(rule, says, "settle these first, or set the status back to in-review", "", ("status",))


# ------------------------------------------------------------------ who owns what

# What must have exactly one owner, whatever the system does.
KEY_DUTIES = {
    "data-contract": ("duty-data-contract", "duty-corpus"),
    "evaluation-gate": ("duty-eval-gate", "duty-golden-set"),
    "on-call": ("duty-on-call",),
    "release-decision": ("duty-release",),
}


def _unowned(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    whole = responsibility(spec)
    for duty, ids in KEY_DUTIES.items():
        if duty == "on-call" and spec.value("on_call") == "none":
            continue  # somebody said so; a rule of its own asks whether that can be
        there = {one.clause.clause.id: one for one in whole.duties}
        if not any(id in there for id in ids):
            says = f"Nobody owns the {duty.replace('-', ' ')}"
            yield Result(rule, says, "name somebody who is there", "", ("people", "team_size"), duty)


def _nameless(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    if spec.value("status") not in ("in-review", "approved"):
        return
    whole = responsibility(spec)
    keys = {id for ids in KEY_DUTIES.values() for id in ids}
    found = [one for one in whole.duties if one.clause.clause.id in keys and not one.accountable.named]
    if found:
        what = listed([str(one.clause.says).lower() for one in found])
        says = f"The document is {spec.said('status')}, and no name stands for: {what}"
        yield Result(rule, says, "name the people with their roles", "a seat answers no telephone", ("people",))


def _overloaded(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    for one in responsibility(spec).overloads:
        says = f"{one.person.name} owns {one.critical} critical duties"
        fix = f"hand on first: {one.first.clause.says}"
        yield Result(rule, says, fix, "beyond eight, something is owned on paper only", ("people", "roles"))


# ------------------------------------------------------------------ risks


def _unwatched(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    there = {one.clause.id for one in spec.clauses}
    for risk in spec.kind("risk"):
        watching = [one for one in str(risk.columns.get("watched_by", "")).split(", ") if one]
        if "mitigation" not in risk.columns:
            fix = 'write mitigation = "..." among its columns'
            yield Result(rule, f"Nothing is done about: {risk.says}", fix, subject=risk.id)
        elif not there & set(watching):
            says = f"{risk.says}: its mitigation stands in the text, and no gate or signal of this design watches it"
            fix = "name in watched_by the gate or signal that does"
            if watching:
                fix = f"one of these would: {', '.join(watching)}; explain finding:{watching[0]} says what it waits for"
            yield Result(rule, says, fix, "a mitigation that nothing checks is a hope", _read(spec, risk), risk.id)


def _read(spec: Spec, applied: Applied) -> tuple[str, ...]:
    from mlworkflow.change import behind, read_by

    read = behind(spec.world, read_by(spec.knowledge, applied.clause))
    return tuple(one for one in read if one in spec.knowledge.question)


# ------------------------------------------------------------------ the ten boxes

# Where one of these stands already, the box would say the same again.
SAID_BY = {
    "qc-01": ("no-business-metric",),
    "qc-05": ("approved-without-approver", "gap-author-releases"),
    "qc-06": (
        "latency-below-service-time", "device-cannot-keep-up", "no-latency-limit", "p99-unsaid",
        "always-up-is-no-promise", "budget-cannot-hold",
    ),
    "qc-07": ("experiment-too-long",),
    "qc-08": ("no-threshold",),
    "qc-10": ("no-direction-of-failure",),
}  # fmt: skip
BOXES = {
    "qc-01": ("problem", "business metric", "the problem has none", ("business_metric",)),
    "qc-02": ("features", "leakage", "nobody said when a feature is known", ("features",)),
    "qc-03": ("tracking", "repeatable runs", "tracking does not record enough to repeat a run", ("decided",)),
    "qc-04": ("training", "split", "it does not fit the data", ("split", "decided")),
    "qc-05": ("training", "way to production", "it has no approver, or no place", ("approver",)),
    "qc-06": ("serving", "latency and load", "not met, or not judged", ("mean_load", "service_time", "latency_p99")),
    "qc-07": ("experiment", "size of the experiment", "it has none",
              ("primary_baseline", "minimum_effect", "eligible_per_day")),
    "qc-08": ("monitoring", "drift", "it has no threshold", ("success_threshold",)),
    "qc-09": ("monitoring", "retraining", "no cadence can be defended", ("label_delay",)),
    "qc-10": ("serving", "fallback", "there is none, or nobody said which way to err", ("fail_direction",)),
}  # fmt: skip
_FIXES = {
    "qc-02": "say for each candidate whether it is known before, at the request or after",
    "qc-03": "drop the decision, or choose a place that keeps runs and data versions",
    "qc-04": "drop the decision, or explain data-split",
    "qc-05": "name approver",
    "qc-06": "change load, service time or limit; mlworkflow size serving shows what each value does",
    "qc-07": "explain experiment-kind says why; mlworkflow size experiment shows what each value does",
    "qc-09": "give label_delay",
}
_SIZED = {
    "qc-06": "; mlworkflow size serving shows what each value does",
    "qc-07": "; mlworkflow size experiment shows what each value does",
}


def _box(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    for check in checks(Say(spec)):
        if check.id.lower() == rule.id and not check.holds:
            _, about, _, answers = BOXES[rule.id]
            fix = _FIXES.get(rule.id, f"answer {' or '.join(answers)}")
            if check.missing:
                fix = f"give {listed(list(check.missing))}{_SIZED.get(rule.id, '')}"
            says = f"{about.capitalize()}: {_plain(check.reason)}"
            yield Result(rule, says, fix, "", check.missing or answers)


_ESCAPED = re.compile(r"\\(\W)")


def _plain(markdown: str) -> str:
    return html.unescape(_ESCAPED.sub(r"\1", markdown).replace("`", ""))


# ------------------------------------------------------------------ the calendar


def _review_overdue(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    day = spec.value("review_by")
    if day is not None and day < today and spec.value("status") != "superseded":
        fix = "read the document again, change what has changed, and set a new day"
        yield Result(rule, f"The document had to be reviewed by {day}", fix, "", ("review_by",))


def _deadline_passed(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    day = spec.value("deadline") or ""
    is_day = len(day) == 10 and day[4:5] == day[7:8] == "-"
    if is_day and day < today and spec.value("status") in ("draft", "in-review"):
        says = f"The first release was due on {day}, and the document is {spec.said('status')}"
        yield Result(rule, says, "set a new deadline, or the status that is true", "", ("deadline", "status"))


OLDEST_PRICE = 365


def _old_prices(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    oldest = (datetime.date.fromisoformat(today) - datetime.timedelta(days=OLDEST_PRICE)).isoformat()
    old = [one for one in spec.answers.entries("prices") if (one.value("on") or today) < oldest]
    if old:
        days = listed([f"{one.value('item')} of {one.value('on')}" for one in old])
        yield Result(rule, f"Older than a year: the price of {days}", "look them up again", "", ("prices",))


# ------------------------------------------------------------------ alarms


def _rings_by_chance(rule: Rule, spec: Spec, today: str) -> Iterator[Result]:
    """The other monitors take their limits from the promise; the weekly sample takes its own."""
    from mlworkflow.numbers.distributions import gamma_tail

    sample, limit, promised = (spec.value(id) for id in ("audit_sample", "audit_limit", "false_alarms_per_month"))
    if spec.value("problem_type") != "generative" or not sample or not limit or promised is None:
        return
    tolerated = spec.value("highest_wrong_share")
    mean = sample * (0.05 if tolerated is None else tolerated)
    rate = (1 - gamma_tail(limit + 1, mean)) * 30 / 7
    if rate > promised:
        says = (
            f"The weekly sample passes its limit of {limit:.0f} wrong outputs by chance {rate:.2g} times a month, "
            f"and {promised:g} false alarms are tolerated"
        )
        fix = f"tolerate {rate:.2g} false alarms a month, or act only when two samples running pass the limit"
        yield Result(rule, says, fix, "", ("false_alarms_per_month", "reviews_per_day"))


# ------------------------------------------------------------------ all of them


_CODE = (
    (_conflicts, Rule("nothing-left-to-choose", ERROR, "rationale", "code",
        "A decision has no option left")),
    (_against_the_rows, Rule("decided-against-the-rows", WARNING, "rationale", "code",
        "A person chose what a row speaks against")),
    (_without_effect, Rule("decided-without-effect", NOTE, "rationale", "code",
        "A person decided what the rows choose anyway")),
    (_approved_unready, Rule("approved-unready", ERROR, "responsibility", "code",
        "The document is approved, and a blocker stands")),
    (_unowned, Rule("key-duty-unowned", ERROR, "responsibility", "code",
        "Data contract, evaluation gate, on-call or release decision has not one owner")),
    (_nameless, Rule("key-duty-nameless", WARNING, "responsibility", "code",
        "After the draft, a key duty is owned by a seat without a name")),
    (_overloaded, Rule("owner-overloaded", WARNING, "responsibility", "code",
        "One person owns more than eight critical duties")),
    (_unwatched, Rule("risk-unwatched", WARNING, "monitoring", "code",
        "A risk has no mitigation, or nothing in the design watches it")),
    (_review_overdue, Rule("review-overdue", WARNING, "responsibility", "code",
        "The day is over by which the document had to be reviewed")),
    (_deadline_passed, Rule("deadline-passed", WARNING, "responsibility", "code",
        "The deadline is over, and the document is not approved")),
    (_rings_by_chance, Rule("alarms-by-chance", WARNING, "monitoring", "code",
        "A monitor rings by chance more often than the false alarms that are tolerated")),
    (_old_prices, Rule("prices-outdated", NOTE, "serving", "code",
        "An own price is older than a year")),
)  # fmt: skip
_BOXES = tuple(
    (_box, Rule(id, WARNING, section, "box", f"Box {id.upper()}, {about}: {says}"))
    for id, (section, about, says, _) in BOXES.items()
)
CODED = tuple(Coded(rule, found) for found, rule in (*_CODE, *_BOXES))
