"""What is logically impossible among answers: each contradiction names both sides."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Set
from typing import Any

from mlworkflow.answers.people import impossible_people
from mlworkflow.errors import Problem
from mlworkflow.pack import Knowledge
from mlworkflow.question import Answers
from mlworkflow.wording import said


def contradictions(knowledge: Knowledge, answers: Answers, refused: Set[str] = frozenset()) -> Iterator[Problem]:
    """Yield every pair of answers that cannot both be true; what only follows from a refused one is left out."""
    yield from _order(knowledge, answers)
    yield from _shares(answers)
    yield from _records(answers, refused)
    yield from _metric(knowledge, answers)
    yield from _threshold(knowledge, answers)
    yield from _effect(answers)
    yield from _currencies(answers)
    yield from _prices(answers)
    yield from _decided(knowledge, answers)
    yield from impossible_people(knowledge, answers)


_NEVER_ABOVE = (
    ("latency_p50", "latency_p95"),
    ("latency_p95", "latency_p99"),
    ("latency_p50", "latency_p99"),
    ("mean_load", "peak_load"),
    ("label_delay", "label_delay_p95"),
)


def _order(knowledge: Knowledge, answers: Answers) -> Iterator[Problem]:
    for low, high in _NEVER_ABOVE:
        below, above = answers.value(low), answers.value(high)
        if below is not None and above is not None and below > above:
            if low == "latency_p50" and high == "latency_p99" and answers.value("latency_p95") is not None:
                continue
            kind = knowledge.question[low].kind
            yield _against(
                answers, low, high, f"`{low}` ({said(kind, below)}) is above `{high}` ({said(kind, above)})",
                f"lower `{low}` or raise `{high}`",
            )  # fmt: skip
    ladder = ("linear", "trees", "deep", "foundation")
    first, last = answers.value("complexity_from"), answers.value("complexity_to")
    given = answers.by_id.get("complexity_from")
    if first and last and given and given.given and ladder.index(first) > ladder.index(last):
        yield _against(
            answers, "complexity_from", "complexity_to",
            f"`complexity_from` ({first}) is more complex than `complexity_to` ({last})", "swap them",
        )  # fmt: skip


def _shares(answers: Answers) -> Iterator[Problem]:
    treatment, control = answers.value("treatment_share"), answers.value("control_share")
    if treatment is not None and not 0 < treatment < 1:
        yield _against(
            answers,
            "treatment_share",
            "",
            f"`treatment_share` is {said('share', treatment)}: nobody is left to compare with",
            "choose between 1 % and 99 %",
        )
    if treatment is not None and control is not None and treatment + control > 1 + 1e-9:
        total = said("share", treatment + control)
        yield _against(
            answers, "treatment_share", "control_share",
            f"`treatment_share` ({said('share', treatment)}) and `control_share` ({said('share', control)}) are {total} together",
            "together they may be 100 % at most",
        )  # fmt: skip


def _records(answers: Answers, refused: Set[str]) -> Iterator[Problem]:
    sources = [entry.value("name") for entry in answers.entries("sources")]
    for id in ("sources", "features"):
        names = [entry.value("name") for entry in answers.entries(id)]
        for entry in answers.entries(id):
            if names.count(entry.value("name")) > 1:
                yield Problem(entry.place, f"two {id} are called `{entry.value('name')}`", "give each its own name")
                break
    for entry in answers.entries("features"):
        source = entry.value("source")
        if source not in sources and "sources" not in refused:
            close = difflib.get_close_matches(source, sources, n=1)
            fix = (
                f"did you mean `{close[0]}`?"
                if close
                else f"name it among the sources (there are: {', '.join(sources) or 'none'})"
            )
            yield Problem(
                entry.place, f"feature `{entry.value('name')}` comes from `{source}`, which is not among `sources`", fix
            )


def _metric(knowledge: Knowledge, answers: Answers) -> Iterator[Problem]:
    """A metric that the rows rule out for this problem type cannot be asked for."""
    wanted = answers.value("evaluation_metric")
    decision = knowledge.decision.get("deciding_metric")
    if wanted is None or decision is None:
        return

    def read(name: str, attribute: str | None = None, /) -> Any:
        return answers.value(name)

    for row in decision.rules_out:
        test = knowledge.test(row.tree)
        if row.id.startswith("belongs-to") and wanted in row.options and test is not None and test(read) is True:
            fits = ", ".join(_fitting(knowledge, read))
            yield _against(
                answers, "evaluation_metric", "problem_type",
                f"`evaluation_metric` ({wanted}) cannot belong to `problem_type` ({answers.value('problem_type')}): {row.because}",
                f"choose one of: {fits}",
            )  # fmt: skip


def _fitting(knowledge: Knowledge, read: Any) -> list[str]:
    decision = knowledge.decision["deciding_metric"]
    out = {
        option
        for row in decision.rules_out
        if row.id.startswith("belongs-to") and (test := knowledge.test(row.tree)) is not None and test(read) is True
        for option in row.options
    }
    return [option.id for option in decision.options if option.id not in out]


def _threshold(knowledge: Knowledge, answers: Answers) -> Iterator[Problem]:
    from mlworkflow.facts import LOWER_IS_BETTER

    metric, baseline, threshold = (
        answers.value(id) for id in ("evaluation_metric", "baseline_value", "success_threshold")
    )
    if baseline is None or threshold is None or metric is None:
        return
    if answers.value("human_decides") is True:
        return  # what prefills for a person who decides may be worth having below what people reach: lint judges it
    lower = metric in LOWER_IS_BETTER
    if threshold > baseline if lower else threshold < baseline:
        side, better = ("above", "lower") if lower else ("below", "higher")
        yield _against(
            answers, "success_threshold", "baseline_value",
            f"`success_threshold` ({threshold:g}) is {side} `baseline_value` ({baseline:g}), and for {metric} {better} is better",
            "ask for more than what already runs",
        )  # fmt: skip


def _effect(answers: Answers) -> Iterator[Problem]:
    base, effect = answers.value("primary_baseline"), answers.value("minimum_effect")
    if answers.value("primary_metric_kind") != "rate" or base is None:
        return
    if not 0 < base < 1:
        yield _against(
            answers,
            "primary_baseline",
            "primary_metric_kind",
            f"`primary_baseline` ({base:g}) is no rate between 0 and 1",
            'write 0.12 for 12 %, or primary_metric_kind = "mean"',
        )
        return
    if effect is not None:
        moved = base + (effect.size * base if effect.relative else effect.size)
        if not 0 < moved < 1 or effect.size == 0:
            yield _against(
                answers, "minimum_effect", "primary_baseline",
                f"`minimum_effect` takes `primary_baseline` from {base:g} to {moved:g}, which is no other rate",
                "choose a smaller effect, above 0",
            )  # fmt: skip


def _currencies(answers: Answers) -> Iterator[Problem]:
    for one, other in (
        ("cost_missed", "cost_false_alarm"),
        ("price_in", "price_out"),
        ("retrain_cost", "metric_value"),
    ):
        a, b = answers.value(one), answers.value(other)
        if a is not None and b is not None and a.currency != b.currency:
            yield _against(
                answers,
                one,
                other,
                f"`{one}` is in {a.currency or 'no currency'}, `{other}` in {b.currency or 'no currency'}",
                "give both in the same",
            )


def _prices(answers: Answers) -> Iterator[Problem]:
    """A price needs a currency, the same for all, and each item one price."""
    entries = answers.entries("prices")
    items = [entry.value("item") for entry in entries]
    for item in dict.fromkeys(items):
        if items.count(item) > 1:
            places = [entry.place for entry in entries if entry.value("item") == item]
            yield Problem(" and ".join(dict.fromkeys(places)), f"`prices` names `{item}` twice", "keep one of them")
    found = {entry.value("price").currency: entry for entry in entries}
    for entry in entries:
        if not entry.value("price").currency:
            what = f"`prices`: the price of `{entry.value('item')}` has no currency"
            yield Problem(entry.place, what, 'write price = "0.031 USD"')
    if len(found) > 1 and "" not in found:
        place = " and ".join(dict.fromkeys(entry.place for entry in found.values()))
        yield Problem(place, f"`prices` are in {' and '.join(sorted(found))}", "give all of them in one currency")


def _decided(knowledge: Knowledge, answers: Answers) -> Iterator[Problem]:
    ids = {decision.id: decision for decision in knowledge.decisions}
    for entry in answers.entries("decided"):
        name, option = entry.value("decision"), entry.value("option")
        decision = ids.get(name.split("[")[0])
        if decision is None:
            close = difflib.get_close_matches(name, ids, n=1)
            yield Problem(
                entry.place,
                f"there is no decision `{name}`",
                f"did you mean `{close[0]}`?" if close else "`mlworkflow decisions` lists them",
            )
            continue
        options = [one.id for one in decision.options] or list(knowledge.slots.get(decision.candidates, ()))
        if option not in options:
            close = difflib.get_close_matches(option, options, n=1)
            yield Problem(
                entry.place,
                f"`{name}` has no option `{option}`",
                f"did you mean `{close[0]}`?" if close else f"it has: {', '.join(options)}",
            )


def _against(answers: Answers, one: str, other: str, what: str, fix: str) -> Problem:
    places = [answers.by_id[id].place for id in (one, other) if id in answers.by_id and answers.by_id[id].place]
    return Problem(" and ".join(dict.fromkeys(places)), what, fix)
