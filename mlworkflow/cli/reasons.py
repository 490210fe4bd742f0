"""The lines that say why a decision came out as it did, and where every value that it read comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mlworkflow.cli.listing import table
from mlworkflow.condition import names
from mlworkflow.decision import Because, Decision, Flip, Verdict
from mlworkflow.designing import Spec
from mlworkflow.documents.data import origin, row_id, said_of
from mlworkflow.facts import FAMILIES
from mlworkflow.price import Price
from mlworkflow.wording import nearest

MOST_VALUES = 4
SUMMED = ("monthly_lines",)
# What is taken from them is shown, not they themselves.
WHOLE_LISTS = ("known_archetypes", "listed_prices", "said_answers")


def verdict(spec: Spec, one: Verdict) -> Iterator[str]:
    """Yield what was chosen, why, what lost, what was read, and what would change it."""
    yield f"{one.id}: {asked(one)}"
    if not one.applies:
        yield f"  not needed here: it is settled only when {one.decision.when}"
    elif one.chosen is None:
        yield "  nothing is left to choose"
    else:
        yield f"  chosen   {_option(spec, one.decision, one.chosen)}"
    yield from _overruled(spec, one)
    for label, reason in zip(("because", *["and"] * len(one.because)), one.because, strict=False):
        yield f"  {label.ljust(8)} {said_reason(spec, one.decision, reason)}"
    yield from _losers(spec, one)
    yield from _what_decided(spec, one)
    yield from what_would_change_it(spec, one.flips)


def _losers(spec: Spec, one: Verdict) -> Iterator[str]:
    """Options with a reason of their own, then, in one line, those that a preference left behind."""
    preferences = {row.id for row in spec.knowledge.in_full(one.decision).prefers} | {"simplest"}
    behind: dict[str, list[str]] = {}
    if one.lost:
        yield "  lost"
    for lost in one.lost:
        name = _name(spec, one.decision, lost.option)
        if len(lost.because) == 1 and lost.because[0].row in preferences:
            behind.setdefault(said_reason(spec, one.decision, lost.because[0]), []).append(name)
        else:
            yield f"    {name}: {'; '.join(said_reason(spec, one.decision, reason) for reason in lost.because)}"
    for reason, left in behind.items():
        yield f"    not preferred by “{reason}”: {', '.join(left)}"


def _option(spec: Spec, decision: Decision, option: str) -> str:
    name = _name(spec, decision, option)
    means = next((one.means for one in decision.options if one.id == option), "")
    return f"{name}: {means}" if means else name


def _name(spec: Spec, decision: Decision, option: str) -> str:
    name = spec.world.option_name(decision, option)
    return option if name == option else f"{name} ({option})"


def said_reason(spec: Spec, decision: Decision, reason: Because) -> str:
    """Return a reason with the row that gives it."""
    return f"{reason.says} [{row_id(spec.knowledge, decision, reason.row)}]"


def _overruled(spec: Spec, one: Verdict) -> Iterator[str]:
    if one.overruled is None:
        return
    instead = _name(spec, one.decision, one.overruled.instead_of) if one.overruled.instead_of else "nothing"
    yield f"  decided by a person instead of {instead}: {one.overruled.reason}"
    for warning in one.overruled.warnings:
        yield f"    against it: {said_reason(spec, one.decision, warning)}"


# ------------------------------------------------------------------ what was read


def _what_decided(spec: Spec, one: Verdict) -> Iterator[str]:
    """Yield what the deciding rows read and the answers behind it, with sources, and in one line what else was read."""
    first = _deciding(spec, one)
    shown = dict(_behind(spec, first))
    if first:
        yield "  decided by"
        yield from table([(f"    {name}", _said(spec, name, one), source) for name, source in shown.items()])
    rest = [name for name in one.read if name not in shown and name not in WHOLE_LISTS]
    if rest:
        yield f"  also read  {'; '.join(f'{name}: {_said(spec, name, one)}' for name in rest)}"


def _said(spec: Spec, name: str, of: Verdict) -> str:
    return _one_of(spec, name, of) or said_of(spec, name)


def _behind(spec: Spec, first: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the names and the answers behind them; what nobody said, and lists of records, are left out."""
    families = {family.fact for family in FAMILIES.values()}
    todo, seen = list(first), set()
    while todo:
        name = todo.pop(0)
        if name in seen:
            continue
        seen.add(name)
        question = spec.knowledge.question.get(name)
        behind = () if question else tuple(spec.world.reads.get(name, ()))
        if name not in spec.knowledge.decision and name not in families:
            todo.extend(behind)
        told = question is not None and question.kind != "records" and spec.answers.value(name) is not None
        if name in first or told:
            yield name, _source(spec, name, behind)


def _deciding(spec: Spec, one: Verdict) -> list[str]:
    """What the rows read that speak for the choice; where none does, what those read that struck the others."""
    full = spec.knowledge.in_full(one.decision)
    rows = {row.id: row for row in (*full.rules_out, *full.prefers)}
    struck = [because for lost in one.lost for because in lost.because]
    for reasons in ([because for because in one.because if not because.weak], struck):
        trees = [rows[because.row].tree for because in reasons if because.row in rows]
        read = {_fact(name, attribute) for tree in trees if tree for name, attribute in names(tree)}
        if found := [name for name in one.read if name in read]:
            return found
    return [] if one.applies else list(one.read)


def _fact(name: str, attribute: str | None) -> str:
    """The fact behind a name: of a subject, the list that it stands in."""
    return next((family.fact for family in FAMILIES.values() if attribute and family.noun == name), name)


def what_was_read(spec: Spec, names: Sequence[str]) -> Iterator[str]:
    """Yield each name with its value and where that comes from."""
    if names:
        yield "  read"
        yield from table([(f"    {name}", said_of(spec, name), source) for name, source in _sources(spec, names)])


def _one_of(spec: Spec, name: str, of: Verdict) -> str:
    """Of several subjects, the one that is judged."""
    if not of.subject or name not in (family.fact for family in FAMILIES.values()):
        return ""
    found = next((one for one in spec.world.read(name) or () if one.id == of.subject), None)
    return "" if found is None else f"{found.label} (of {len(spec.world.read(name))})"


def sources(spec: Spec, names: Sequence[str]) -> dict[str, str]:
    """Return, for each name that was read and each answer behind it, where its value comes from."""
    return dict(_sources(spec, names))


def _sources(spec: Spec, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    todo, seen = list(names), set()
    while todo:
        name = todo.pop(0)
        if name not in seen and name not in WHOLE_LISTS:
            seen.add(name)
            behind = () if name in spec.knowledge.question else tuple(spec.world.reads.get(name, ()))
            yield name, _source(spec, name, behind)
            # An earlier decision explains itself, and so does each line of a sum; of another computed value the
            # answers behind it are shown.
            if name in SUMMED:
                seen.update(behind)
                yield from ((line, _own(line)) for line in behind if spec.known(line))
            elif name not in spec.knowledge.decision:
                todo.extend(behind)


def _own(figure: str) -> str:
    return f"computed: mlworkflow explain ANSWERS number:{figure}"


def _source(spec: Spec, name: str, behind: Sequence[str]) -> str:
    kind = origin(spec, name)
    if isinstance(value := spec.value(name), Price):
        return value.from_where
    if name in SUMMED:
        return "the lines that are summed"
    if kind == "computed":
        return f"computed from {', '.join(behind)}" if behind else "computed"
    if kind == "decided":
        return f"decided: mlworkflow explain ANSWERS {spec.knowledge.decision[name].id}"
    return said_source(spec, name)


def source_of_name(spec: Spec, name: str) -> str:
    """Return where the value of a name comes from, without what lies behind it."""
    return _source(spec, name, ())


def said_source(spec: Spec, id: str) -> str:
    """Return where an answer stands, or why it was assumed."""
    answer, question = spec.answers.by_id.get(id), spec.knowledge.question[id]
    if answer is None:
        return "nobody said"
    if answer.given:
        return f"{answer.source}: {answer.place}" if answer.place else answer.source
    why = f"assumed, because {question.because}" if question.because else "assumed"
    if answer.unsure:
        return f"not sure, {answer.place}" + ("" if answer.value is None else f"; {why}")
    return why


# ------------------------------------------------------------------ what would change it


def what_would_change_it(spec: Spec, flips: Sequence[Flip]) -> Iterator[str]:
    """Yield the single answers that would change a choice."""
    if flips:
        yield "  would change it"
    whole = [flip for flip in flips if flip.answer in WHOLE]
    for (answer, choice), values in grouped([flip for flip in flips if flip.answer not in WHOLE]).items():
        yield f"    if {answer} were {said_values(spec, answer, values)}: {choice}"
    for answer, found in _by_answer(whole).items():
        said = "; ".join(f"{said_values(spec, answer, values)}: {choice}" for choice, values in found.items())
        yield f"    with another {answer} ({said})"


# Answers that make another design altogether: said last, a line each.
WHOLE = ("problem_type", "serving")


def _by_answer(flips: Sequence[Flip]) -> dict[str, dict[str, list[Any]]]:
    found: dict[str, dict[str, list[Any]]] = {}
    for (answer, choice), values in grouped(flips).items():
        found.setdefault(answer, {})[choice] = values
    return found


def grouped(flips: Sequence[Flip]) -> dict[tuple[str, str], list[Any]]:
    """Return the values that lead to the same choice, by answer and choice."""
    grouped: dict[tuple[str, str], list[Any]] = {}
    for flip in flips:
        grouped.setdefault((flip.answer, flip.choice or "no choice"), []).append(flip.value)
    return grouped


def said_values(spec: Spec, answer: str, values: list[Any]) -> str:
    """Return several values of one answer as a sentence says them."""
    if len(values) > 1 and all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        return "such as " + " or ".join(
            _value(spec, answer, one) for one in nearest(spec.answers.value(answer) or 0, values)
        )
    said = list(dict.fromkeys(_value(spec, answer, value) for value in values))
    more = f" or {len(said) - MOST_VALUES} other values" if len(said) > MOST_VALUES else ""
    return " or ".join(said[:MOST_VALUES]) + more


def _value(spec: Spec, answer: str, value: Any) -> str:
    """Choices are said by their ids, which is how they are answered."""
    if spec.knowledge.question[answer].kind in ("choice", "choices"):
        return value if isinstance(value, str) else " + ".join(value) or "none of them"
    return spec.world.say(answer, value)


def asked(one: Verdict) -> str:
    """Return the question that a verdict settles."""
    return one.decision.asks.replace("{mode}", one.subject)
