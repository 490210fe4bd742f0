"""Characters and secrets that must not come in, and text that is safe to print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlworkflow.errors import InputRefused, Problem
from mlworkflow.reading.limits import LONGEST_KEY_SHOWN, LONGEST_STRING, MOST_PROBLEMS


def visible(text: str) -> str:
    """Return text that is safe to print: nothing in it steers a terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def clean_text(text: str, place: str) -> str:
    """Return one string from the command line or the environment, composed and checked like text in a file."""
    problems = [Problem(place, f"the text {what}", fix) for what, fix in faults(text)]
    if problems:
        raise InputRefused.because(problems)
    return composed(text)


def composed(text: str) -> str:
    """Return the text in normal form C, with line ends of one kind."""
    if text.isascii():
        return text.replace("\r\n", "\n")
    import unicodedata

    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def faults(text: str) -> Iterator[tuple[str, str]]:
    """Yield what must not come in, and how to mend it."""
    if len(text) > LONGEST_STRING:
        yield f"is longer than {LONGEST_STRING:,} characters", "shorten it, or link to it"
        return
    if found := _foul_character(text.replace("\r\n", "\n")):
        yield found
    if is_secret(text):
        yield "looks like a secret", "say where the secret is kept; change it if this was shared"


_SECRETS = (
    r"://[^\s/@:]{0,200}:(?![0-9]*[/?#])[^\s@]{1,200}@",
    r"(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{8}",
    r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]",
    r"(?<![A-Za-z0-9])github_pat_[A-Za-z0-9]",
    r"-----BEGIN",
    r"(?<![A-Za-z0-9])xox[abeprs]-[A-Za-z0-9]",
)


def is_secret(text: str) -> bool:
    """Return whether the text looks like a credential."""
    return any(re.search(pattern, text) for pattern in _SECRETS)


def _foul_character(text: str) -> tuple[str, str] | None:
    """Return what is wrong with the first character that may not stand in a text."""
    if text.isascii() and text.isprintable():
        return None
    for index, char in enumerate(text):
        if not char.isprintable() and char not in "\n\t" and (name := _name_of_fault(text, index)):
            return f"has {name} {code_of(char)}", "delete it" if name != _UNDECODED else "give the text as UTF-8"
    return None


def code_of(char: str) -> str:
    """Return how a character is named."""
    return f"U+{ord(char):04X}"


_UNDECODED = "bytes that are not UTF-8, read as"
_JOINERS = "\u200c\u200d"
_MARKS = "\u061c\u200e\u200f"
_NUMBER_SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"


def _name_of_fault(text: str, index: int) -> str:
    """Return what to call a character that is not printable, or nothing when it is welcome where it stands."""
    import unicodedata

    char = text[index]
    category = unicodedata.category(char)
    named = {"Cc": "the control character", "Zl": "the line separator", "Zp": "the paragraph separator"}
    if category == "Cs":
        return _UNDECODED if "\udc80" <= char <= "\udcff" else "the lone surrogate"
    if char in _JOINERS:
        return "" if _is_inside_a_word(text, index) else "the invisible character"
    if char in _MARKS:
        return "" if _is_right_to_left(text) else "the invisible character"
    if category != "Cf":
        return named.get(category, "")
    return _name_of_format(char)


def _name_of_format(char: str) -> str:
    if "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069":
        return "the direction control"
    if "\U000e0000" <= char <= "\U000e007f":
        return "the tag character"
    return "" if char in _NUMBER_SIGNS else "the invisible character"


def _is_inside_a_word(text: str, index: int) -> bool:
    """Return whether letters or marks that such joiners serve stand on both sides."""
    import unicodedata

    around = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
    return len(around) == 2 and all(not char.isascii() and unicodedata.category(char)[0] in "LMS" for char in around)


def _is_right_to_left(text: str) -> bool:
    import unicodedata

    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text if char not in _MARKS)


def key_of(path: tuple[str | int, ...]) -> str:
    """Return a path as a person would write it, with nothing in it that steers a terminal or gives a secret away."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{_shown(part)}"
    return text.removeprefix(".")


def _shown(key: str) -> str:
    if is_secret(key):
        return "(hidden)"
    return visible(key) if len(key) <= LONGEST_KEY_SHOWN else f"{visible(key[:LONGEST_KEY_SHOWN])}…"


def bounded(problems: list[Problem], place: str) -> list[Problem]:
    """Return at most so many problems as a person can use, and how many more there are."""
    if len(problems) <= MOST_PROBLEMS:
        return problems
    rest = Problem(place, f"and {len(problems) - MOST_PROBLEMS} more problems like these")
    return [*problems[:MOST_PROBLEMS], rest]
