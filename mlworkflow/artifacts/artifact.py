"""One artifact of the chain, and the hash that ties it to those on which it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mlworkflow.artifacts.blanks import Blank, blanks_in


@dataclass(frozen=True, slots=True)
class Artifact:
    """What one step of the lifecycle leaves behind for the next.

    `owner` is the persona, `person` who wears that hat (empty where nobody is there). `stands_on` holds the hash
    of each artifact that this one was made from, so that editing one of them shows in all that stand on it.
    """

    id: str
    title: str
    because: str
    stage: str
    owner: str
    person: str
    lives_in: str
    read_by: str
    fields: Mapping[str, Any]
    blanks: tuple[Blank, ...]
    assumed: tuple[str, ...]
    stands_on: Mapping[str, str]
    hash: str

    @property
    def missing(self) -> tuple[str, ...]:
        """The places of all required values that nobody gave yet."""
        return tuple(one.at for one in self.blanks)

    @property
    def open_answers(self) -> tuple[Blank, ...]:
        """The blanks that an answer would fill; the others are filled by the work itself."""
        return tuple(one for one in self.blanks if one.asks)


def hash_of(id: str, fields: Any, stands_on: Mapping[str, str]) -> str:
    """Return the SHA-256 over an artifact's id, its fields, and the hashes of what it stands on."""
    return hashlib.sha256(canonical({"id": id, "fields": fields, "stands_on": dict(stands_on)}).encode()).hexdigest()


def canonical(data: Any) -> str:
    """Return data as the one JSON text that every writer of the same values arrives at."""
    return json.dumps(_numbered(data), ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _numbered(data: Any) -> Any:
    """A whole number is written without a point, because other programs do so when they pass a file on."""
    if isinstance(data, float) and data.is_integer():
        return int(data)
    if isinstance(data, Mapping):
        return {key: _numbered(value) for key, value in data.items()}
    return [_numbered(one) for one in data] if isinstance(data, list | tuple) else data


def as_data(artifact: Artifact) -> dict[str, Any]:
    """Return an artifact as it is handed over: plain values, blanks as null."""
    return {
        "id": artifact.id,
        "title": artifact.title,
        "because": artifact.because,
        "stage": artifact.stage,
        "owner": artifact.owner,
        "person": artifact.person or None,
        "lives_in": artifact.lives_in,
        "read_by": artifact.read_by,
        "fields": dict(artifact.fields),
        "missing": [{"at": one.at, "question": one.asks or None} for one in artifact.blanks],
        "assumed": list(artifact.assumed),
        "stands_on": dict(artifact.stands_on),
        "hash": artifact.hash,
    }


def filled(artifact: Artifact, values: Mapping[str, Any], below: Mapping[str, str] | None = None) -> Artifact:
    """Return the artifact with these fields given and its hash anew, over other hashes below where they are given."""
    fields = {**artifact.fields, **values}
    asks = {one.at: one.asks for one in artifact.blanks}
    blanks = tuple(Blank(at, asks.get(at, "")) for name, one in fields.items() for at in blanks_in(one, name))
    stands_on = {id: (below or {}).get(id, hash) for id, hash in artifact.stands_on.items()}
    return replace(
        artifact, fields=fields, blanks=blanks, stands_on=stands_on, hash=hash_of(artifact.id, fields, stands_on)
    )
