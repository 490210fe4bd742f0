"""Text from outside, made safe for Markdown, Mermaid, file names and terminals."""

from __future__ import annotations

import re
import unicodedata


class Md(str):
    """Markdown that is already safe."""

    __slots__ = ()


# A letter, then nothing that any renderer reads: nearly every text is this, and needs no second look.
_ORDINARY = re.compile(r"[^\W\d_](?:[^|<>{}*_`\[\]\\&~^$@:#=+]++|:(?= ))*+")

# No hidden text: controls, direction marks, invisible marks, tags, surrogates.
# Joiners stay: words in Persian and Hindi need them.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)

# What some renderer turns into a link, an emoji or a formula after it has decoded entities.
# Only a code span stops that.
_REWRITTEN = re.compile(
    r"https?://|ftp://|www\.|[\w.+-]@[\w-]+\.|:(?!\d\d?:)[a-z0-9_+-]+:|\$(?!\d)",
    re.IGNORECASE,
)
_AROUND_A_WORD = re.compile(r"""([("'\[<]*)(.*?)([)"'\],.;!?>]*)""", re.DOTALL)
_NEVER_IN_CODE = re.compile(r"([|`\\{}]|&(?=#))")

_READ = re.compile(
    r"[|{}*`\[\]\\^]"
    r"|(?<! )(?<!\A)~|~(?![A-Za-z0-9])"  # ~5 ms stays: it can open a strike, and nothing is left to close it
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # user_id stays
    r"|<(?! )"  # a < b stays
    r"|&(?=[#0-9]|$|[A-Za-z][A-Za-z0-9;])"  # R&D stays
    r"|={2,}(?=\S)"
    r"|\+\+(?=\w)"  # C++ stays
)
# At the start of a line: quotes, headings, lists, rules, directives, admonitions, blocks, module lines.
# At its end: the # that closes a heading.
_READ_AT_AN_EDGE = re.compile(
    r"\A(?:[>#=:]|[-+](?![A-Za-z0-9])|!(?=!!)|\?(?=\?\?)|/(?=//)|i(?=mport )|e(?=xport ))"
    r"|\A(\d+)([.)])(?= |\Z)"
    r"|#\Z"
)

# Tables, templates and editor's marks are read before code spans, and Python-Markdown ends "&#60" even inside one.
_NEVER_IN_A_CODE_SPAN = re.compile(r"[|`]|\{[{%#+=~>-]|&#")

_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")
_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")

_READ_BY_MERMAID = re.compile(
    r'["#<>&`\\{}|;*~$\[\]]'
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
    r"|%(?=%)"
    r"|:(?=\S|$)"  # Mermaid takes "style a:b#124;" for a colour, and drops its last character
    r"|\A[-+]"
    r"|(?<=\d)[.)](?= |$)"  # "1. Ingest" is an unsupported list
)


def escape(text: str) -> Md:
    """Return one line of Markdown that every renderer shows as the very characters of the text."""
    if isinstance(text, Md):
        return text
    line = " ".join(text.split())
    if _ORDINARY.fullmatch(line) and line.isprintable() and not _starts_a_link_or_a_module(line):
        return Md(line)
    line = visible(line)
    words = [_word(word) for word in line.split(" ")] if _REWRITTEN.search(line) else [_READ.sub(_entities, line)]
    return Md(_READ_AT_AN_EDGE.sub(_edge, " ".join(words)))


def code(text: str) -> Md:
    """Return a code span that every renderer shows as the text, or escaped text where a span could not."""
    line = visible(" ".join(text.split()))
    if not line or _NEVER_IN_A_CODE_SPAN.search(line):
        return escape(line)
    return Md(f"`{line}`")


def fence_toml(text: str) -> Md:
    """Return a fenced block of TOML that nothing in the text can close."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    body = text if text.endswith("\n") or not text else f"{text}\n"
    return Md(f"{fence}toml\n{body}{fence}")


def visible(text: str) -> str:
    """Return the text with every hidden character written out, so that a terminal only shows it."""
    return text if text.isprintable() else _HIDDEN.sub(_written_out, text)


def slug(text: str) -> str:
    """Return a name of a-z, 0-9 and hyphens that is a safe file name everywhere."""
    folded = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode("ascii").lower()
    name = _NOT_IN_A_SLUG.sub("-", folded).strip("-")[:60].rstrip("-")
    if not name:
        return "project"
    return f"{name}-project" if _DEVICE.fullmatch(name) else name


def mermaid_label(text: str) -> str:
    """Return the text as it must stand between the double quotes of a Mermaid label."""
    return _READ_BY_MERMAID.sub(_mermaid_entity, visible(" ".join(text.split()))) or " "  # "" is a syntax error


def _starts_a_link_or_a_module(line: str) -> bool:
    return line.startswith(("import ", "export ")) or "www." in line.lower()


def _word(word: str) -> str:
    """Escape one word, and put what would be rewritten into a code span."""
    return "".join(_piece(piece) for piece in _NEVER_IN_CODE.split(word))


def _piece(piece: str) -> str:
    if not _REWRITTEN.search(piece):
        return _READ.sub(_entities, piece)
    around = _AROUND_A_WORD.fullmatch(piece)
    before, inside, after = around.groups() if around else ("", piece, "")
    return f"{_READ.sub(_entities, before)}`{inside}`{_READ.sub(_entities, after)}"


def _edge(match: re.Match[str]) -> str:
    digits, mark = match.groups()
    return f"{digits}&#{ord(mark)};" if digits else f"&#{ord(match[0])};"


def _entities(match: re.Match[str]) -> str:
    return "".join(f"&#{ord(character)};" for character in match[0])


def _mermaid_entity(match: re.Match[str]) -> str:
    return "#quot;" if match[0] == '"' else f"#{ord(match[0])};"


def _written_out(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
