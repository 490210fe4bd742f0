"""Which thing of a design a person means: a decision, a number, a finding, an answer, a tool, or a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mlworkflow.change import Move
from mlworkflow.cli import reasons, telling
from mlworkflow.cli.listing import named
from mlworkflow.decision import Verdict
from mlworkflow.designing import Spec
from mlworkflow.documents.data import answer_data, figure_data, follows_from, plain, verdict_data
from mlworkflow.errors import UsageProblem
from mlworkflow.figures import FIGURES


@dataclass(frozen=True)
class Thing:
    """Something that can be explained, as data and as lines."""

    data: Callable[[], dict[str, Any]]
    lines: Callable[[], Iterator[str]]


def things(spec: Spec, name: str) -> list[Thing]:
    """Return everything that is called so, or refuse with the nearest name."""
    prefix, colon, rest = name.partition(":")
    if colon and prefix in ("number", "finding"):
        return [_figure(spec, rest) if prefix == "number" else _finding(spec, rest)]
    if colon and prefix in ("gate", "signal"):
        return [_with_columns(spec, prefix, rest)]
    found = [*_verdicts(spec, name), *_answers(spec, name), *_tools(spec, name), *_words(spec, name)]
    found = found or _clauses(spec, name)
    if not found:
        raise _nothing(spec, name)
    return found


def _clauses(spec: Spec, name: str) -> list[Thing]:
    """A clause or a rule of lint by its bare id; both kinds of lists print it so."""
    from mlworkflow.linting import rules

    id = name.split("[")[0]
    clause = next((one for one in spec.knowledge.clauses if one.id == id), None)
    if clause is not None and clause.kind in ("gate", "signal"):
        return [_with_columns(spec, clause.kind, name)]
    known = clause is not None or any(one.id == id for one in rules(spec.knowledge))
    return [_finding(spec, name)] if known else []


def _nothing(spec: Spec, name: str) -> UsageProblem:
    known = [*(verdict.id for verdict in spec.verdicts), *(one.id for one in spec.knowledge.decisions)]
    known += [*spec.knowledge.question, *spec.knowledge.spellings, *_WORDS]
    known += [f"number:{figure}" for figure in FIGURES]
    known += [one.id for one in spec.knowledge.clauses]
    return named(name, known, "decision, answer, tool or word", "decisions")


def _verdicts(spec: Spec, name: str) -> list[Thing]:
    if name in spec.by_id:
        return [_verdict(spec, spec.by_id[name])]
    found = spec.of(name) or spec.of(name.replace("_", "-"))
    if not found and any(one.id == name for one in spec.knowledge.decisions):
        return [
            Thing(
                lambda: {"kind": "decision", "decision": name, "applies": False},
                lambda: iter([f"{name}: there is nothing to judge it for"]),
            )
        ]
    return [_verdict(spec, verdict) for verdict in found]


def _verdict(spec: Spec, verdict: Verdict) -> Thing:
    return Thing(
        lambda: {"kind": "decision", **verdict_data(spec, verdict), "sources": reasons.sources(spec, verdict.read)},
        lambda: reasons.verdict(spec, verdict),
    )


def _answers(spec: Spec, name: str) -> list[Thing]:
    id = name.removeprefix("--").replace("-", "_")
    found = [one for one in spec.knowledge.questions if id == one.id or name in (one.option, one.variable)]
    return [_answer(spec, one.id) for one in found]


def _answer(spec: Spec, id: str) -> Thing:
    def data() -> dict[str, Any]:
        answer = spec.answers.by_id.get(id)
        common = answer_data(spec, id, answer) if answer else {"id": id, "value": None, "given": False}
        return {
            "kind": "answer",
            **common,
            "place": answer.place if answer else "",
            "read_by": telling.read_by(spec, id),
        }

    return Thing(data, lambda: telling.answer(spec, id))


def _figure(spec: Spec, name: str) -> Thing:
    if name not in FIGURES:
        raise named(name, FIGURES, "number", "explain ANSWERS --format json")
    figure = spec.figure(name)
    return Thing(lambda: {"kind": "number", **figure_data(spec, figure)}, lambda: telling.figure(spec, figure))


def _finding(spec: Spec, name: str) -> Thing:
    id = name.split("[")[0]
    clause = next((one for one in spec.knowledge.clauses if one.id == id), None)
    if clause is None:
        return _linted(spec, name)
    every = spec.linted if clause.kind == "lint" else spec.clauses
    held = [one for one in every if one.clause.id == id and name in (id, one.id)]

    def data() -> dict[str, Any]:
        common = {"kind": clause.kind, "id": name, "when": clause.when, "holds": [str(one.says) for one in held]}
        goes = telling.vanishing(spec, clause) if held and clause.kind in telling.EXPLAINED else []
        return {**common, **follows_from(spec, clause), "goes": [_move(spec, one) for one in goes]}

    return Thing(data, lambda: telling.finding(spec, clause, held))


def _linted(spec: Spec, name: str) -> Thing:
    """A rule of lint that is code and no clause, with what it finds in this design today."""
    import datetime

    from mlworkflow.linting import lint, rules, telling

    id = name.split("[")[0]
    known = rules(spec.knowledge)
    rule = next((one for one in known if one.id == id), None)
    if rule is None:
        every = dict.fromkeys([*(one.id for one in spec.knowledge.clauses), *(one.id for one in known)])
        raise named(id, every, "finding", "lint --list")
    today = datetime.date.today().isoformat()
    found = lint(spec, today, [name])

    def lines() -> Iterator[str]:
        yield f"finding:{name}"
        yield f"  finds  {rule.says}"
        if found.results:
            yield from (f"  {line}".rstrip() for one in found.results for line in telling.told(spec, one))
        else:
            yield "  does not hold here, or another finding says it already"

    data = {**telling.data(spec, found, today), "kind": "lint", "id": name, "finds": rule.says}
    return Thing(lambda: data, lines)


def _move(spec: Spec, move: Move) -> dict[str, Any]:
    """Another answer, or another field of one record, as data."""
    if move.field:
        return {"answer": move.answer, "record": move.record, "field": move.field, "value": move.words}
    return {"answer": move.answer, "value": plain(move.value)}


def _with_columns(spec: Spec, kind: str, name: str) -> Thing:
    """A gate or a signal, with what its columns say here; the kind may be left out of its id."""
    known = [one.id for one in spec.knowledge.clauses if one.kind == kind]
    id = name.split("[")[0]
    id = id if id in known else f"{kind}-{id}"
    if id not in known:
        raise named(name, known, kind, f"show {kind}s ANSWERS")
    clause = next(one for one in spec.knowledge.clauses if one.id == id)
    held = [one for one in spec.clauses if one.clause.id == id and ("[" not in name or one.id.endswith(name))]
    columns = [{"id": one.id, **{key: str(text) for key, text in one.columns.items()}} for one in held]
    data = {"kind": kind, "id": id, "when": clause.when, "because": clause.because, "holds": columns}
    return Thing(lambda: data, lambda: telling.with_columns(spec, clause, held))


def _tools(spec: Spec, name: str) -> list[Thing]:
    id = spec.knowledge.spellings.get(" ".join(name.lower().split()))
    if id is None:
        return []
    return [Thing(lambda: telling.tool_data(spec, id), lambda: telling.tool(spec, id))]


# ------------------------------------------------------------------ words

# What people search for: the sections of the design, and pieces of the names of single decisions.
_WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ml": ((), ("",)),
    "machine learning": ((), ("",)),
    "model": (("problem",), ("model", "explanation", "promotion", "compression")),
    "training": (("training",), ("retraining",)),
    "feature store": (("features",), ()),
    "experiment": (("experiment", "tracking"), ()),
    "drift": ((), ("drift", "concept", "retraining")),
    "serving": (("serving",), ()),
    "inference": (("serving",), ()),
    "model deployment": (("serving",), ("registry", "promotion", "rollout")),
}


def _words(spec: Spec, name: str) -> list[Thing]:
    word = " ".join(name.lower().replace("-", " ").split())
    if word not in _WORDS or name in spec.by_id:
        return []
    sections, parts = _WORDS[word]
    found = [
        verdict
        for verdict in spec.verdicts
        if verdict.decision.section in sections or any(part in verdict.decision.id for part in parts)
    ]
    concerned = list(dict.fromkeys(verdict.decision.section for verdict in found))
    data = {"kind": "word", "word": word, "sections": concerned, "decisions": [verdict.id for verdict in found]}
    return [Thing(lambda: data, lambda: telling.word(spec, word, found))]
