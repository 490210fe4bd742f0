"""Spec -> plain data with a version, for programs that read what people read in the document."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from mlworkflow import __version__
from mlworkflow.change import behind, figures_behind, read_by
from mlworkflow.clause import Applied, Clause
from mlworkflow.decision import Because, Decision, Verdict
from mlworkflow.designing import Open, Spec
from mlworkflow.facts import Subject
from mlworkflow.figures import Worked
from mlworkflow.pack import Knowledge
from mlworkflow.question import Answer, Entry
from mlworkflow.wording import listed

SCHEMA = 1
Data = dict[str, Any]


def as_data(spec: Spec) -> Data:
    """Return the whole design as values that JSON knows."""
    return {
        "schema": SCHEMA,
        "program": __version__,
        "catalog": spec.knowledge.catalog_date,
        "profile": "ml-workflow",
        "name": spec.answers.value("name"),
        "answers": [answer_data(spec, id, answer) for id, answer in spec.answers.by_id.items()],
        "verdicts": [verdict_data(spec, verdict) for verdict in spec.verdicts],
        "figures": [figure_data(spec, figure) for figure in spec.figures],
        "clauses": [_clause(spec, one) for one in (*spec.clauses, *spec.linted)],
        "open": [_open(one) for one in spec.open],
        "conflicts": [verdict.id for verdict in spec.conflicts],
        "packs": list(spec.knowledge.packs),
    }


def as_json(spec: Spec) -> str:
    """Return the data as text that ends with its own fingerprint."""
    return with_fingerprint(as_data(spec))


def with_fingerprint(data: Data) -> str:
    """Return data as text that ends with its own fingerprint, so that an edit shows."""
    return written({**data, "fingerprint": _fingerprint(data)})


def written(data: Any) -> str:
    """Return JSON as this program writes it."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def is_untouched(text: str) -> bool:
    """Whether the text is data of ours that nobody edited."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(data, dict) or "fingerprint" not in data or written(data) != text:
        return False
    return bool(data.pop("fingerprint") == _fingerprint(data))


def _fingerprint(data: Data) -> str:
    return hashlib.sha256(written(data).encode("utf-8", "replace")).hexdigest()[:16]


# ------------------------------------------------------------------ parts


def answer_data(spec: Spec, id: str, answer: Answer) -> Data:
    """Return one answer; the same whichever way it was given."""
    return {
        "id": id,
        "value": plain(answer.value),
        "said": said_of(spec, id),
        "source": source_of(answer),
        "given": answer.given,
    }


def source_of(answer: Answer) -> str:
    """Return how far a person stands behind an answer."""
    return "not sure" if answer.unsure else "given" if answer.given else "assumed"


def verdict_data(spec: Spec, verdict: Verdict) -> Data:
    """Return one verdict with every reason."""
    knowledge, decision = spec.knowledge, verdict.decision
    first = verdict.because[0] if verdict.because else None
    return {
        "decision": decision.id,
        "subject": verdict.subject,
        "title": decision.title,
        "chosen": verdict.chosen,
        "name": spec.world.option_name(decision, verdict.chosen) if verdict.chosen is not None else None,
        "because": str(first.says) if first else None,
        "row": row_id(knowledge, decision, first.row) if first else None,
        "reasons": [_because(knowledge, decision, one) for one in verdict.because],
        "lost": [
            {"option": lost.option, "rows": [_because(knowledge, decision, one) for one in lost.because]}
            for lost in verdict.lost
        ],
        "read": [
            {"name": name, "value": plain(spec.value(name)), "said": said_of(spec, name)} for name in verdict.read
        ],
        "flips": [{"answer": one.answer, "value": plain(one.value), "choice": one.choice} for one in verdict.flips],
        "overruled": _overruled(spec, verdict),
        "applies": verdict.applies,
    }


def _because(knowledge: Knowledge, decision: Decision, because: Because) -> Data:
    return {"row": row_id(knowledge, decision, because.row), "because": str(because.says)}


def row_id(knowledge: Knowledge, decision: Decision, row: str) -> str:
    """Return a row's id with its pack before it, where it comes from one."""
    full = knowledge.in_full(decision)
    pack = next((one.pack for one in (*full.rules_out, *full.prefers) if one.id == row), "")
    return f"{pack}:{row}" if pack else row


def _overruled(spec: Spec, verdict: Verdict) -> Data | None:
    if verdict.overruled is None:
        return None
    return {
        "instead_of": verdict.overruled.instead_of,
        "reason": verdict.overruled.reason,
        "warnings": [_because(spec.knowledge, verdict.decision, one) for one in verdict.overruled.warnings],
    }


def figure_data(spec: Spec, worked: Worked) -> Data:
    """Return one figure with its formula and what went in."""
    figure = worked.figure
    return {
        "id": figure.name,
        "label": figure.label,
        "value": plain(worked.value),
        "said": spec.world.say(figure.name, worked.value),
        "formula": figure.formula,
        "inputs": [
            {"name": name, "value": plain(value), "source": origin(spec, name)} for name, value in worked.inputs.items()
        ],
        "missing": list(worked.missing),
        "problem": worked.problem,
    }


def origin(spec: Spec, name: str) -> str:
    """Return whether a value was given, assumed, decided or computed."""
    answer = spec.answers.by_id.get(name)
    if answer is not None:
        return source_of(answer)
    if name in spec.knowledge.question:
        return "not said"
    return "decided" if name in spec.knowledge.decision else "computed"


NOTICED = ("blocker", "finding", "gap", "lint")


def _clause(spec: Spec, one: Applied) -> Data:
    noticed = follows_from(spec, one.clause) if one.clause.kind in NOTICED else {}
    return {
        "id": one.id,
        "kind": one.clause.kind,
        "section": one.clause.section,
        "says": str(one.says),
        "because": str(one.because),
        "columns": {name: str(text) for name, text in one.columns.items()},
        **noticed,
    }


def follows_from(spec: Spec, clause: Clause) -> Data:
    """Return the answers and earlier decisions that a finding follows from, and the figures in it."""
    read = read_by(spec.knowledge, clause)
    return {
        "follows_from": [
            {"name": name, "value": plain(spec.value(name)), "said": said_of(spec, name), "source": origin(spec, name)}
            for name in behind(spec.world, read)
        ],
        "figures": list(figures_behind(spec.world, read)),
    }


def _open(one: Open) -> Data:
    return {
        "question": one.question.id,
        "value": plain(one.value),
        "decisions": list(one.decisions),
        "findings": [{"id": move.clause, "appears": move.appears} for move in one.moves],
        "owner": one.question.owner,
    }


# ------------------------------------------------------------------ values


def plain(value: Any) -> Any:
    """Return a value as JSON knows it; what is no finite number is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Entry):
        return {key: plain(answer.value) for key, answer in value.fields.items()}
    if isinstance(value, Subject):
        return value.id
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(one) for one in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    return str(value)


def said_of(spec: Spec, name: str) -> str:
    """Return how a sentence says the value of any name, lists and subjects among them."""
    value = spec.value(name)
    if isinstance(value, Mapping):
        decision = spec.knowledge.decision[name]
        return (
            ", ".join(f"{subject}: {spec.world.option_name(decision, one)}" for subject, one in value.items()) or "none"
        )
    if isinstance(value, tuple) and value and not all(isinstance(one, str) for one in value):
        return listed([_named(one) for one in value])
    return spec.world.say(name, value)


def _named(value: Any) -> str:
    if isinstance(value, Entry):
        return str(next((one.value for one in value.fields.values() if one.value is not None), ""))
    if isinstance(value, Subject):
        return value.id
    return str(value[0]) if isinstance(value, tuple) and value else str(value)
