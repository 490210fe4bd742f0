"""The last line of a document: which program wrote it, and a fingerprint that tells whether a person edited it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_SEAL = re.compile(
    r"^Written by mlworkflow (?P<version>\S+), catalog of (?P<catalog>\S+), fingerprint `(?P<print>[0-9a-f]{16})`\.$",
    re.MULTILINE,
)
_ANSWERS = re.compile(r"^## Answers\n.*?^(?P<fence>`{3,})toml\n(?P<toml>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Seal:
    """What the last line of a document says."""

    version: str
    catalog: str
    fingerprint: str
    untouched: bool


def sealed(body: str, version: str, catalog: str) -> str:
    """Return the document with its last line."""
    body = body.rstrip("\n") + "\n\n"
    return f"{body}Written by mlworkflow {version}, catalog of {catalog}, fingerprint `{_fingerprint(body)}`.\n"


def seal_of(document: str) -> Seal | None:
    """Return what the last line says, or None where the document is not one of ours."""
    found = list(_SEAL.finditer(document))
    if not found:
        return None
    last = found[-1]
    body, rest = document[: last.start()], document[last.end() :]
    untouched = rest in ("", "\n") and _fingerprint(body) == last["print"]
    return Seal(last["version"], last["catalog"], last["print"], untouched)


def answers_in(document: str) -> str | None:
    """Return the answers that stand in a document, as TOML, or None where there are none."""
    found = list(_ANSWERS.finditer(document))
    return found[-1]["toml"] if found else None


def _fingerprint(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()[:16]
