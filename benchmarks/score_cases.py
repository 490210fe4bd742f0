"""Holds our choices against what the builders of twelve real systems published.

    python benchmarks/score_cases.py [--format json]

Runs with the Python that has mlworkflow, installed or as a checkout; the cases stand in benchmarks/cases.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mlworkflow.answers import Layer, gather
from mlworkflow.designing import Spec, design
from mlworkflow.pack import Knowledge, load

FOLDER = Path(__file__).resolve().parent / "cases"
AGREED = ("match", "compatible")
JUDGED = (*AGREED, "contradiction")


@dataclass(frozen=True)
class Case:
    """A system as its builders published it, and the answers that were possible before it was built."""

    name: str
    answers: dict[str, Any]
    published: dict[str, dict[str, Any]]
    differs: dict[str, str]

    @property
    def values(self) -> Iterator[tuple[str, str]]:
        """Each published field with each of its values."""
        return ((field, value) for field, entry in self.published.items() for value in entry["values"])


@dataclass(frozen=True)
class Meaning:
    """What one published value says in our words, the same for every case."""

    field: str
    value: str
    about: str = ""
    match: Sequence[str] = ()
    compatible: Sequence[str] = ()
    clauses: Sequence[str] = ()
    answer: str = ""
    told: Sequence[Any] = ()
    because: str = ""


@dataclass(frozen=True)
class Score:
    """One published value beside our choice."""

    case: str
    field: str
    published: str
    about: str
    ours: str
    verdict: str
    why: str

    @property
    def key(self) -> str:
        """Names the score in a list of shortfalls."""
        return f"{self.case}: {self.field} {self.published}"


def cases() -> list[Case]:
    """Return every case, by name."""
    return [_case(path) for path in sorted(FOLDER.glob("*.toml")) if path.stem != "meanings"]


def _case(path: Path) -> Case:
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    differs = {one["decision"]: one["why"] for one in read.get("differs", [])}
    return Case(path.stem, read["answers"], read["published"], differs)


def meanings() -> dict[tuple[str, str], list[Meaning]]:
    """Return what each published value speaks about, by field and value."""
    found: dict[tuple[str, str], list[Meaning]] = {}
    for one in tomllib.loads((FOLDER / "meanings.toml").read_text(encoding="utf-8"))["meaning"]:
        found.setdefault((one["field"], one["value"]), []).append(Meaning(**one))
    return found


def designed(knowledge: Knowledge, case: Case) -> Spec:
    """Return the design that a case's answers lead to."""
    return design(knowledge, gather(knowledge, [Layer("file", case.answers, lambda *keys: str(keys))]))


def scores(case: Case, spec: Spec) -> Iterator[Score]:
    """Yield one score for each published value and each thing that it speaks about."""
    known = meanings()
    for field, value in case.values:
        for meaning in known[field, value]:
            yield _score(case, spec, meaning)


def _score(case: Case, spec: Spec, meaning: Meaning) -> Score:
    verdict, ours, why = _judged(spec, meaning)
    if verdict == "contradiction":
        why = case.differs.get(meaning.about, "")
    about = meaning.about or meaning.answer
    return Score(case.name, meaning.field, meaning.value, about, ours, verdict, why)


def _judged(spec: Spec, meaning: Meaning) -> tuple[str, str, str]:
    if meaning.answer:
        return _told(spec, meaning)
    if not meaning.about:
        return "not covered", "-", ""
    chosen = _chosen(spec, meaning.about)
    ours = ", ".join(chosen) or "-"
    if set(chosen) & set(meaning.match) or (chosen and "*" in meaning.match):
        return "match", ours, meaning.because
    said = [one.clause.id for one in spec.clauses if one.clause.id in meaning.clauses]
    if set(chosen) & set(meaning.compatible):
        return "compatible", ours, meaning.because
    if said:
        return "compatible", f"{ours} + {said[0]}", meaning.because
    speaks = meaning.match or meaning.compatible
    return ("contradiction" if speaks else "not covered"), ours, ""


def _told(spec: Spec, meaning: Meaning) -> tuple[str, str, str]:
    value = spec.answers.value(meaning.answer)
    told = value in meaning.told if meaning.told else value is not None
    return ("told" if told else "not told"), str(value), meaning.because


def _chosen(spec: Spec, decision: str) -> list[str]:
    if decision == "serving-mode":
        return list(spec.value("mode_ids"))
    return sorted({verdict.chosen for verdict in spec.of(decision) if verdict.chosen is not None})


def every_score() -> list[Score]:
    """Return the scores of all cases."""
    knowledge = load()
    return [score for case in cases() for score in scores(case, designed(knowledge, case))]


def shares(found: Sequence[Score]) -> dict[str, tuple[int, int, int]]:
    """Return for each decision how many values agree, how many were judged, and in how many cases."""
    counted = {}
    for about in sorted({score.about for score in found if score.verdict in JUDGED}):
        judged = [score for score in found if score.about == about and score.verdict in JUDGED]
        agreed = sum(score.verdict in AGREED for score in judged)
        counted[about] = (agreed, len(judged), len({score.case for score in judged}))
    return counted


# ------------------------------------------------------------------ printing


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = (zip(row, widths, strict=True) for row in rows)
    return "\n".join("  ".join(cell.ljust(width) for cell, width in row).rstrip() for row in padded)


def report(found: Sequence[Score]) -> str:
    """Return the tables as plain text."""
    each = [("case", "published", "ours", "verdict")]
    each += [(one.case, f"{one.field}: {one.published}", f"{one.about}: {one.ours}", one.verdict) for one in found]
    counted = shares(found)
    per = [("decision", "agree", "judged", "cases", "share")]
    per += [(about, str(a), str(j), str(c), f"{a / j:.0%}") for about, (a, j, c) in counted.items()]
    agreed, judged = (sum(count[place] for count in counted.values()) for place in (0, 1))
    per.append(("total", str(agreed), str(judged), "", f"{agreed / judged:.0%}"))
    match = sum(one.verdict == "match" for one in found)
    against = [f"  {one.key}: {one.why or 'no reason given'}" for one in found if one.verdict == "contradiction"]
    apart = [f"  {one.verdict}: {one.key}" for one in found if one.verdict not in (*JUDGED, "told")]
    told = sum(one.verdict == "told" for one in found)
    parts = [_table(each), _table(per), f"{match} of {judged} are the same, {agreed - match} may stand side by side."]
    parts += ["Contradictions, and why we stay with ours:\n" + "\n".join(against)]
    parts += [f"Not judged, because the answers carry it: {told}. Not judged for another reason:\n" + "\n".join(apart)]
    return "\n\n".join(parts)


def main() -> None:
    """Print the score of every case, as tables or as data."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    found = every_score()
    if parser.parse_args().format == "text":
        print(report(found))
        return
    print(json.dumps({"scores": [asdict(one) for one in found], "shares": shares(found)}, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
