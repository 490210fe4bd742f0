"""What was answered about a feature's distribution, read as numbers wherever it holds some."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NUMBER = r"-?(?:\d{1,3}(?:[,\u202f\u00a0 ]\d{3})+|\d+)(?:\.\d+)?"
_RANGE = re.compile(rf"^\s*({_NUMBER})\s*(k|M)?\s*(?:to|–|\.\.|-)\s*({_NUMBER})(k|M)?(?![\w.]|,\d)(?!\s*%)")
_MIDDLE = re.compile(rf"\b(median|mean)\s*(?:of\s*|about\s*|~)?({_NUMBER})", re.IGNORECASE)
_ZEROS = re.compile(r"(\d+(?:\.\d+)?)\s*%\s*(?:are\s+)?zeros?\b", re.IGNORECASE)
_SHARE = re.compile(r"^\s*([^,;%]{1,60}?)\s+(\d+(?:\.\d+)?)\s*%\s*$")
_SCALE = {None: 1.0, "k": 1e3, "M": 1e6}


@dataclass(frozen=True, slots=True)
class Expected:
    """The numbers of an answer such as `0 to 40, median 3, 46 % zeros` or `DE 58 %, AT 17 %`."""

    text: str
    low: float | None = None
    high: float | None = None
    middle: tuple[str, float] | None = None
    zeros: float | None = None
    shares: dict[str, float] = field(default_factory=dict)


def expected(text: str | None) -> Expected | None:
    """Return what an answer expects, or None where nothing was said."""
    if not text:
        return None
    limits = _RANGE.match(text)
    middle, zeros = _MIDDLE.search(text), _ZEROS.search(text)
    low, high = (None, None) if limits is None else _limits(limits)
    return Expected(
        text,
        low,
        high,
        (middle[1].lower(), _float(middle[2])) if middle else None,
        float(zeros[1]) / 100 if zeros else None,
        {} if limits or zeros else _shares(text),
    )


def _limits(found: re.Match[str]) -> tuple[float | None, float | None]:
    low = _float(found[1]) * _SCALE[found[2]]
    high = _float(found[3]) * _SCALE[found[4]]
    return (low, high) if low < high else (None, None)


def _float(text: str) -> float:
    return float(re.sub(r"[,\s]", "", text))


def _shares(text: str) -> dict[str, float]:
    found = [_SHARE.match(part) for part in re.split(r"[,;]", text)]
    named = {one[1]: float(one[2]) / 100 for one in found if one}
    return named if len(named) >= 2 and sum(named.values()) <= 1.005 else {}
