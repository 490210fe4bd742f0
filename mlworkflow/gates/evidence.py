"""Evidence as somebody hands it in: JSON, TOML, CSV or an exported MLflow run becomes values by key, or is refused."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlworkflow.errors import InputRefused, Problem
from mlworkflow.reading import MOST_PROBLEMS, MOST_VALUES, decoded, read_answers
from mlworkflow.reading.characters import faults, key_of
from mlworkflow.reading.door import Door
from mlworkflow.reading.places import Keys

RESERVED = ("date", "source")
FIELDS = ("value", *RESERVED)
_FINISHED = "FINISHED"


@dataclass(frozen=True, slots=True)
class Shown:
    """One value as it was handed in, with its own day and source where they were given."""

    value: object
    date: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every value by its key, and the hash of the bytes that it was read from."""

    values: Mapping[str, Shown]
    format: str
    sha256: str


def read_evidence(data: bytes, name: str) -> Evidence:
    """Return the evidence in a text of any of the forms, or refuse it with place, problem and next step."""
    place = "standard input" if name == "-" else name
    format, raw = _raw(data, name, place)
    if _is_run(raw):
        format, values = "mlflow", _of_run(raw, place)
    else:
        values = _of_table(raw, place)
    if not values:
        raise InputRefused(
            "holds no evidence", place=place, fix="write one line a key, such as rollback_rehearsed = true"
        )
    return Evidence(values, format, hashlib.sha256(data).hexdigest())


def _raw(data: bytes, name: str, place: str) -> tuple[str, dict[str, Any]]:
    if _is_csv(data, name):
        return "csv", _of_csv(decoded(data, place), place)
    try:
        document = read_answers(data, name, door=_Open)
    except InputRefused as refused:
        raise _about_evidence(refused) from None
    return document.format, document.values


class _Open(Door):
    """Lets through what is no finite number and what is null: each gate says what it thinks of it."""

    def _scalar(self, value: object, path: Keys) -> object:
        if value is None or (isinstance(value, float) and not abs(value) < float("inf")):
            return value
        return super()._scalar(value, path)


def _about_evidence(refused: InputRefused) -> InputRefused:
    """Return the error in the words of evidence."""
    problems = [
        Problem(one.place, one.what.replace("of answers", "of evidence"), _fix(one.fix)) for one in refused.problems
    ]
    return InputRefused.because(problems)


def _fix(fix: str) -> str:
    fix = fix.replace('name = "churn"', "rollback_rehearsed = true").replace(
        '{"name": "churn"}', '{"rollback_rehearsed": true}'
    )
    return fix.replace("the answers as TOML", "the evidence as TOML").replace("answers are", "evidence is")


# ------------------------------------------------------------------ a flat table


def _of_table(raw: Mapping[str, Any], place: str) -> dict[str, Shown]:
    date, source = (_common(raw, name, place) for name in RESERVED)
    problems: list[Problem] = []
    found: dict[str, Shown] = {}
    for key, value in raw.items():
        if key in RESERVED:
            continue
        try:
            found[key] = _shown(key, value, date, source, place)
        except InputRefused as refused:
            problems.extend(refused.problems)
    if problems:
        raise InputRefused.because(problems[:MOST_PROBLEMS])
    return found


def _common(raw: Mapping[str, Any], name: str, place: str) -> str:
    value = raw.get(name, "")
    if not isinstance(value, str):
        raise InputRefused(f"`{name}` is no text", place=place, fix=f"write {name} as text, or leave it out")
    return _day(value, place) if name == "date" else value


def _shown(key: str, value: Any, date: str, source: str, place: str) -> Shown:
    if not isinstance(value, dict):
        return Shown(value, date, source)
    unknown = sorted(set(value) - set(FIELDS))
    if unknown or "value" not in value:
        what = f"`{key_of((key,))}` is a table {f'with {key_of((unknown[0],))}' if unknown else 'without a value'}"
        raise InputRefused(what, place=place, fix="write value, and date and source where they differ")
    own = {name: _common(value, name, place) for name in RESERVED}
    return Shown(value["value"], own["date"] or date, own["source"] or source)


def _day(text: str, place: str) -> str:
    if not text:
        return ""
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise InputRefused("`date` is no day", place=place, fix="write it as 2026-11-21") from None


# ------------------------------------------------------------------ CSV


def _is_csv(data: bytes, name: str) -> bool:
    ending = name.lower().rpartition(".")[2]
    if ending in ("csv", "toml", "json"):
        return ending == "csv"
    first = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    return first.lower().replace(b'"', b"").replace(b" ", b"").startswith(b"key,value")


def _of_csv(text: str, place: str) -> dict[str, Any]:
    rows = _csv_rows(text, place)
    header = [cell.strip().lower() for cell in next(rows, (1, [""]))[1]]
    if header[:2] != ["key", "value"] or len(set(header)) < len(header) or set(header) - {"key", *FIELDS}:
        raise InputRefused("the first line is not key,value", place=f"{place}:1", fix="write key,value,date,source")
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for line, cells in rows:
        at = f"{place}:{line}"
        problems.extend(_csv_faults(cells, header, found, at))
        if not problems:
            record = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            found[record.pop("key")] = record
    if problems:
        raise InputRefused.because(problems[:MOST_PROBLEMS])
    return found


def _csv_rows(text: str, place: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if reader.line_num > MOST_VALUES:
                raise InputRefused(f"more than {MOST_VALUES:,} lines", place=place, fix="give one line a key")
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise InputRefused(
            f"this is not CSV ({error})", place=f"{place}:{reader.line_num}", fix="close each quote"
        ) from None


def _csv_faults(cells: list[str], header: list[str], found: Mapping[str, Any], at: str) -> Iterator[Problem]:
    if len(cells) != len(header):
        yield Problem(at, f"{len(cells)} cells, the first line has {len(header)}", "quote a cell that holds a comma")
        return
    key = cells[0].strip()
    if not key:
        yield Problem(at, "there is no key", "write the key, or delete the line")
    elif key in found:
        yield Problem(at, f"{key_of((key,))} is written twice", "keep one of the two")
    for cell in cells:
        yield from (Problem(at, f"a cell {what}", fix) for what, fix in faults(cell))


# ------------------------------------------------------------------ an exported run


def _is_run(raw: Mapping[str, Any]) -> bool:
    run = raw.get("run", raw)
    return isinstance(run, dict) and isinstance(run.get("data"), dict) and isinstance(run.get("info"), dict)


def _of_run(raw: Mapping[str, Any], place: str) -> dict[str, Shown]:
    """Metrics, and beside them tags and parameters, which hold what is no number."""
    run = raw.get("run", raw)
    info, data = run["info"], run["data"]
    status = info.get("status", _FINISHED)
    if status != _FINISHED:
        raise InputRefused(
            f"the run has the status {key_of((str(status),))}", place=place, fix="give a run that is FINISHED"
        )
    source = f"MLflow run {key_of((str(info.get('run_id') or info.get('run_uuid') or 'without id'),))}"
    found: dict[str, Shown] = {}
    for part in ("metrics", "params", "tags"):
        for key, value in _pairs(data.get(part) or {}, f"data.{part}", place):
            if key.startswith("mlflow."):
                continue
            if key in found:
                raise InputRefused(
                    f"{key_of((key,))} is given twice in the run", place=place, fix="keep one of the two"
                )
            found[key] = Shown(value, "", source)
    return found


def _pairs(part: Any, name: str, place: str) -> Iterator[tuple[str, Any]]:
    """Yield key and value, from the table that Python exports or the list that the REST interface gives."""
    if isinstance(part, dict):
        yield from part.items()
        return
    for one in part if isinstance(part, list) else [None]:
        if not isinstance(one, dict) or not isinstance(one.get("key"), str) or "value" not in one:
            raise InputRefused(
                f"`{name}` has not the form of an MLflow run", place=place, fix="export the run again as JSON"
            )
        yield one["key"], one["value"]
