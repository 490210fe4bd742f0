"""Training Pipeline: the diagram, the fixed table, folds, candidates, explanation."""

from __future__ import annotations

import datetime
from typing import Any

from mlworkflow.documents.escape import Md
from mlworkflow.documents.saying import Say, Table, capital
from mlworkflow.facts.seasons import apart_of, before_the_locked, folds_before

DAY = 86400.0
_MOST_IN_BRIEF = 3
_GRID = {"ranges": "Hyperparameter ranges", "stops": "Early stopping"}


def view(say: Say) -> dict[str, Any]:
    """Return what the section shows; what is searched, and until when, stands in the full size."""
    columns = ("role", *(_GRID if say.full else ()), "budget")
    origins = _origins(say) if _forecasts(say) else []
    return {
        "diagram": Md(diagram(say)),
        "table": Table(("Stage", "Tool/Method", "Notes"), _rows(say)),
        "folds": Table(_ORIGINS, origins) if _forecasts(say) else Table(_FOLDS, _folds(say)),
        "fold_note": _fold_note(say) if not _forecasts(say) else _origin_note(say) if origins else None,
        "candidates": Table(
            ("Candidate", "Part", *(_GRID.values() if say.full else ()), "Resource budget"),
            [
                (say.sentence(one.says), *(say.column(one, column) for column in columns))
                for one in say.spec.kind("candidate")
            ],
        ),
        "points": [*say.lines("practice", "training")[: _MOST_IN_BRIEF if say.brief else None], *_data(say)],
        "explanation": Md(
            f"{capital(say.choice('explanation-method'))}{_grouped(say)}: {say.because('explanation-method')}"
        ),
        "findings": say.findings("training"),
    }


def _grouped(say: Say) -> str:
    """The parts of a forecast that a planner asks for."""
    forecast = say.spec.value("explanation_method") == "tree-shap" and _forecasts(say)
    return ", grouped into calendar, own past and drivers" if forecast else ""


def _rows(say: Say) -> list[tuple[Any, ...]]:
    return [
        ("Data split", say.choice("data-split"), _note(say, "data-split")),
        ("Training", say.choice("orchestration"), say.because("orchestration")),
        ("Tuning", _tuning(say), say.because("tuning-method")),
        ("Validation", say.choice("validation"), say.because("validation")),
        ("Registry", say.choice("model-registry"), _registry(say)),
        ("Promotion", say.choice("promotion"), say.because("promotion")),
        ("Class imbalance", say.choice("imbalance-handling"), say.because("imbalance-handling")),
    ]


def _tuning(say: Say) -> Md:
    tool = say.verdict("tuning-tool").chosen
    if tool is None or say.spec.knowledge.tool(tool).do_without:
        return say.choice("tuning-method")
    return Md(f"{say.choice('tuning-method')} with {say.choice('tuning-tool')}")


def _note(say: Say, id: str) -> Md:
    means = say.means(id)
    return Md(f"{means}: {say.because(id)}" if means else say.because(id))


def _registry(say: Say) -> Md:
    alias = "aliases `champion` and `challenger` move, versions never change"
    return Md(
        f"one number a version; {alias}; approved by {say.value('approver', 'a person still to be named')}; {say.because('model-registry')}"
    )


# ------------------------------------------------------------------ the diagram


def diagram(say: Say) -> str:
    """Return the pipeline as plain characters, at most 80 columns wide."""
    generative = say.spec.value("problem_type") == "generative"
    stages = (
        ("data", _built(say), "compare", "evaluate", "register")
        if generative
        else ("data", "features", "train", "evaluate", "register")
    )
    tools = (
        say.spec.said("data_versioning"),
        say.spec.said("vector_store") if generative and say.known("vector_store") else say.spec.said("data_quality"),
        say.spec.said("orchestration"),
        say.spec.said("experiment_tracking"),
        say.spec.said("model_registry"),
    )
    cells = [_cell(stage, tool) for stage, tool in zip(stages, tools, strict=True)]
    height = max(len(cell) for cell in cells)
    widths = [max(len(line) for line in cell) for cell in cells]
    lines = [" ".join("+" + "-" * (width + 2) + "+" for width in widths)]
    for row in range(height):
        parts = [
            f"| {cell[row] if row < len(cell) else '':<{width}} |" for cell, width in zip(cells, widths, strict=True)
        ]
        lines.append((">" if row == 0 else " ").join(parts))
    lines.append(lines[0])
    bottom = len(lines[0])
    lines += [f"{'^':>4}" + " " * (bottom - 8) + "|", f"{'+':>4}" + _loop(bottom - 8) + "+"]
    return "\n".join(line.rstrip() for line in lines)


def _built(say: Say) -> str:
    return "prompt+index" if say.spec.value("model_adaptation") == "retrieval" else "prompt"


_WIDEST = 11


def _cell(stage: str, tool: str) -> list[str]:
    return [stage, "", *_wrapped(tool)]


def _wrapped(text: str) -> list[str]:
    plain = "".join(char if char.isascii() and char.isprintable() and char != "`" else "?" for char in text)
    lines: list[str] = [""]
    for word in plain.replace("(", "").replace(")", "").split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _WIDEST:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()[:_WIDEST]
    return lines


def _loop(width: int) -> str:
    return " back to data: label, fault or drift that was explained ".center(width, "-")


# ------------------------------------------------------------------ folds


_FOLDS = ("Fold", "Train up to", "Gap until", "Test until")
_ORIGINS = ("Fold", "Values known until", "First origin", "Steps tested until")


def _forecasts(say: Say) -> bool:
    return bool(say.spec.value("problem_type") == "forecasting")


def _origins(say: Say) -> list[tuple[Any, ...]]:
    """Six origins over a year where history and time allow, else three; each tests a whole horizon."""
    if say.spec.value("validation") != "walk-forward":
        return []
    late, start = say.spec.value("validation_gap") or 0.0, say.spec.answers.value("start_date")
    tested = max(say.spec.value("horizon") or 0.0, 7 * DAY)
    apart = max(61 * DAY, tested)
    history, trial = say.spec.value("history") or 0.0, say.spec.value("trial_time") or 0.0
    over_a_year = history >= 700 * DAY and 6 * apart <= history / 2 and trial <= 3600
    rows: list[tuple[Any, ...]] = []
    step = apart if over_a_year else tested
    for back in range(5 if over_a_year else 2, -1, -1):
        until = -late - back * step - (before_the_locked(late, step, tested) if back else 0.0)
        first = until - tested
        if history and first - late - tested < -history:
            continue
        rows.append((str(len(rows) + 1), _when(start, first - late), _when(start, first), _when(start, until)))
    return rows


def _origin_note(say: Say) -> Md:
    origin = "the start of the work" if say.known("start_date") else "day 0, the start of the work"
    return Md(
        f"Dates count from {origin}. From the first origin of a fold on, each origin of production is forecast over all its steps; "
        f"a value is known {say.value('validation_gap', 'at once, as no reporting delay is known,')} after it happened. "
        "The last fold, begun once the others are known, is locked: only the gate job reads it, each use logged."
    )


def _folds(say: Say) -> list[tuple[Any, ...]]:
    """Three walk-forward origins: real dates when the start is known, relative ones when not."""
    if say.spec.value("validation") != "walk-forward" or not _dated(say):
        return []
    gap = say.spec.value("validation_gap") or say.spec.value("horizon") or 0.0
    labels_train = not say.holds("learns_without_labels")
    before = gap if labels_train else 0.0
    start = say.spec.answers.value("start_date")
    cycles, history = say.spec.value("seasonality"), say.spec.value("history")
    tests = folds_before(gap, say.spec.value("fold_length"), cycles, history, labels_train)
    return [
        (str(fold), _when(start, begins - before), _when(start, begins), _when(start, until))
        for fold, (begins, until) in enumerate(tests, 1)
    ]


def _dated(say: Say) -> bool:
    """Whether anything is known that folds could be laid out by."""
    return any(say.known(name) for name in ("validation_gap", "horizon", "history", "labels_per_week"))


ENOUGH = 10


def _spread(say: Say) -> str:
    test = say.spec.value("fold_length")
    apart = apart_of(test, say.spec.value("seasonality"), say.spec.value("history"))
    return ", and the folds stand a quarter apart to see more than one season" if apart > test else ""


def _positives_in_fold(say: Say) -> float | None:
    positives, history = say.spec.value("labelled_positives"), say.spec.value("history")
    if not positives or not history:
        return None
    return float(positives * say.spec.value("fold_length") / history)


def _when(start: str | None, seconds: float) -> Md:
    days = int(seconds // DAY)
    if start is None:
        return Md(f"day {days}")
    try:
        return Md((datetime.date.fromisoformat(start) + datetime.timedelta(days=days)).isoformat())
    except OverflowError:  # before the first or after the last year of a calendar
        return Md(f"day {days}")


def _fold_note(say: Say) -> Md | None:
    if say.spec.value("validation") != "walk-forward" or say.holds("no_fold_held"):
        return None
    origin = "the start of the work" if say.known("start_date") else "day 0, the start of the work"
    positives = _positives_in_fold(say)
    few = (
        f"Each fold holds about {positives:.0f} positive cases: the folds are pooled, and one interval is reported. "
        if positives is not None and positives < ENOUGH
        else ""
    )
    after = ", a gap after the others," if say.known("validation_gap") else ""
    locked = f"The last fold{after} is locked: only the gate job reads it, each use logged."
    if not _dated(say):
        return Md(f"The folds get their days once history and label delay are known: whole weeks, in order. {locked}")
    if say.holds("learns_without_labels") and say.known("validation_gap"):
        gap = f"Fitting reads no labels, so no gap stands before a test; tests end {say.value('validation_gap')} back, when what they hold is known."
        locked = "The last fold is locked: only the gate job reads it, each use logged."
        return Md(f"{few}Dates count from {origin}{_spread(say)}. {gap} {locked}")
    gap = (
        f"The gap is {say.value('validation_gap')}: labels inside it are not mature when the fold's model would have been trained."
        if say.known("validation_gap")
        else "No gap stands between them yet, as no label delay is known."
    )
    return Md(f"{few}Dates count from {origin}{_spread(say)}. {gap} {locked}")


def _independent(say: Say) -> str:
    """Rows of one group are alike, so fewer of them count."""
    if not say.known("positives_needed") or not say.known("group_key"):
        return ""
    return f"; what the test needs is counted in {say.value('group_key')}, not in rows"


def _data(say: Say) -> list[Md]:
    lines = []
    if say.known("precision_margin"):
        margin = say.spec.value("precision_margin") * 100
        lines.append(
            f"{say.value('action_capacity')} picked cases, one period of action, give {say.choice('deciding-metric')} within ±{margin:.2g} points at {say.value('success_threshold')} (computed)."
        )
    elif say.known("rows_needed") and not say.known("positive_count"):
        lines.append(
            f"The test part needs {say.value('positives_needed')} positives for {say.value('recall_margin_said')} on recall, at {say.value('prevalence')} that is {say.value('rows_needed')} rows (computed)."
        )
    if say.known("labelled_positives"):
        lines.append(
            f"There are {say.value('labelled_count', 'some')} labelled examples, about {say.value('labelled_positives')} of them positive{'' if say.known('positive_count') else ' (computed)'}{_independent(say)}."
        )
    return [Md(line) for line in lines]
