"""The exploratory notebook: it runs on one file of training rows and holds it against what was answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pprint import pformat
from typing import Any

from mlworkflow.bundle.cells import CELLS
from mlworkflow.bundle.expecting import expected
from mlworkflow.bundle.file import File, LeftOut
from mlworkflow.bundle.words import Full, accepted_sources, system
from mlworkflow.designing import Spec
from mlworkflow.documents.escape import escape
from mlworkflow.documents.views import training
from mlworkflow.question import Entry

PATH = "eda.ipynb"
TABULAR = ("number", "category", "flag", "timestamp")
DAY = 86400.0


def files(spec: Spec) -> Iterator[File]:
    """Yield the notebook where training rows are a table."""
    if not _why_not(spec):
        yield File(PATH, _notebook(spec), "The training rows held against what was answered", "ENA")


def left_out(spec: Spec) -> Iterator[LeftOut]:
    """Yield the reason where there is no table to explore."""
    if why := _why_not(spec):
        yield LeftOut(PATH, why)


def _why_not(spec: Spec) -> str:
    if spec.value("problem_type") == "generative":
        return "nothing is trained on rows; the golden set and its strata are read by people"
    named = spec.answers.entries("features")
    if named and not any((one.value("type") or "number") in TABULAR for one in named):
        return "no feature is a column of a table"
    return ""


# ------------------------------------------------------------------ the notebook


def _notebook(spec: Spec) -> str:
    cells = [
        _text("introduction", _introduction(spec)),
        _code("design", f"DESIGN = {pformat(design(spec), width=110, sort_dicts=False)}"),
    ]
    for title, source in _cells():
        cells += [_text(f"about {title}", f"## {_TITLES[title]}")] if title in _TITLES else []
        cells.append(_code(title, source))
    book = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1, ensure_ascii=True) + "\n"


_TITLES = {
    "columns and types": "Columns and types",
    "missing values": "Missing values",
    "target": "Target",
    "distributions against the expected ones": "Distributions against the expected ones",
    "leakage: names, one feature alone, shuffled labels": "Leakage",
    "time coverage against the folds": "Time coverage against the folds",
    "duplicates, keys and groups": "Duplicates, keys and groups",
    "slices": "Slices",
    "findings": "Findings: each LOOK is explained in one sentence beside it, or goes back to the owner of the source",
}


def _cells() -> Iterator[tuple[str, str]]:
    for part in CELLS.split("# %% ")[1:]:
        title, _, source = part.partition("\n")
        yield title, source.strip("\n")


def _introduction(spec: Spec) -> str:
    return (
        f"# Exploratory analysis: {escape(spec.answers.value('name'))}\n\n"
        "Run from the top on one file of training rows: "
        f"`DATA=rows.csv jupyter nbconvert --to notebook --execute --inplace {PATH}`.\n"
        "It needs pandas (and pyarrow for Parquet); matplotlib only for the plots. "
        f"The seed is {spec.value('seed')}: a second run gives the same findings.\n"
        "`DESIGN` holds the answers that the data is held against; where one is wrong, mend the answers and make the "
        "notebook anew."
    )


def _text(title: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": _id(title), "metadata": {}, "source": _lines(source)}


def _code(title: str, source: str) -> dict[str, Any]:
    tags = {"tags": ["parameters"]} if title == "parameters" else {}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": _id(title),
        "metadata": tags,
        "outputs": [],
        "source": _lines(source),
    }


def _id(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True) if "\n" in source else [source]


# ------------------------------------------------------------------ what the data is held against


def design(spec: Spec) -> dict[str, Any]:
    """Return what was answered about the rows, as plain values."""
    sources = {one.value("name"): one for one in accepted_sources(spec)}
    names = [one.value("name") for one in spec.answers.entries("features") if one.value("type") == "identifier"]
    history = spec.value("history")
    return {
        "system": system(spec),
        "target": target_column(spec),
        "binary": bool(spec.value("binary")) and spec.value("problem_type") in _WITH_POSITIVES,
        "prevalence": spec.value("prevalence"),
        "seed": spec.value("seed"),
        "keys": list(dict.fromkeys([*names, *_named_keys(spec)])),
        "group_key": _column(spec.value("group_key")),
        "splits_by_group": spec.value("data_split") in ("group", "time-and-group"),
        "history_days": history / DAY if history else None,
        "denied": list(_DENIED),
        "folds": _folds(spec),
        "slices": list(spec.value("slices") or ()),
        "features": [_feature(spec, one, sources) for one in spec.answers.entries("features")],
    }


_WITH_POSITIVES = ("classification", "anomaly-detection", "nlp", "computer-vision")
_DENIED = ("cancel", "refund", "closed", "final", "chargeback")
_COLUMN = re.compile(r"[A-Za-z_]\w*\Z")


def target_column(spec: Spec) -> str:
    """Return the column of the label: the name that the target begins with, or `target`."""
    first = re.split(r"[:;,(]", spec.value("target"), maxsplit=1)[0].strip()
    return first if _COLUMN.match(first) else "target"


def _column(text: str | None) -> str:
    return text if text and _COLUMN.match(text) else ""


def _named_keys(spec: Spec) -> list[str]:
    return [name for id in ("experiment_unit", "group_key") if (name := _column(spec.value(id)))]


def _folds(spec: Spec) -> list[dict[str, Any]]:
    """The test part of each fold, as the document dates them."""
    found = training.view(Full(spec))["folds"]
    return [{"fold": row[0], "test": [str(row[2]), str(row[3])]} for row in found.rows]


def _feature(spec: Spec, entry: Entry, sources: dict[str, Entry]) -> dict[str, Any]:
    source = sources.get(entry.value("source"))
    complete = source.value("completeness") if source else None
    hope = expected(entry.value("expected"))
    return {
        "name": entry.value("name"),
        "type": entry.value("type") or "number",
        "use": spec.by_id[f"feature-use[{entry.value('name')}]"].chosen,
        "cardinality": entry.value("cardinality"),
        "missing_means": entry.value("missing_means") or "",
        "missing_allowed": None if complete is None else round(min(1.0, 2 * (1 - complete)), 6),
        "expected": None
        if hope is None
        else {
            "text": hope.text,
            "low": hope.low,
            "high": hope.high,
            "middle": hope.middle,
            "zeros": hope.zeros,
            "shares": hope.shares,
        },
    }
