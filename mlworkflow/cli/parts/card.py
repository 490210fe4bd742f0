"""`show card`: the model card for programs; only gate records give it a score and a status beyond designed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from mlworkflow.bundle.cards import UNRELEASED, card
from mlworkflow.cli.parts import Asked, Data
from mlworkflow.errors import InputRefused, UsageProblem
from mlworkflow.reading import read_bytes

EVIDENCE = True
# The form that semver.org gives, without what follows + or -.
_VERSION = re.compile(r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(-[0-9A-Za-z.-]{1,40})?")


def data(asked: Asked) -> Data:
    """Return the card among what says which design it is of."""
    return {"card": _card(asked)}


def lines(asked: Asked) -> Iterator[str]:
    """Yield the card alone, as JSON with an indent of two."""
    yield from json.dumps(_card(asked), ensure_ascii=False, indent=2).splitlines()


def _card(asked: Asked) -> dict[str, Any]:
    version = asked.version or UNRELEASED
    if not _VERSION.fullmatch(version):
        raise UsageProblem(f"{version!r} is no version", place="--model-version", fix="write it as 1.0.0")
    records = [_record(path) for path in asked.evidence]
    phases = [one.get("phase") for one in records]
    if len(set(map(str, phases))) < len(phases):
        raise UsageProblem("two records are of one phase", place="--evidence", fix="give the newest of them")
    return card(asked.design, records, version)


def _record(path: str) -> dict[str, Any]:
    try:
        found = json.loads(read_bytes(path, None))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        fix = "mlworkflow gate ANSWERS --phase before --evidence FILE --record gate.json"
        raise InputRefused("this is no record of a gate", place=path, fix=fix)
    return found
