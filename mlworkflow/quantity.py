"""Reads, writes and says values the way people write them: 200ms, 1.5k/s, 5 %, 3k EUR/month."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Ratio = tuple[int, int]

LONGEST_TEXT = 60
LARGEST_COUNT = 10**15
LARGEST = 10**18
SMALLEST = 10**15  # one in so many


class Unreadable(ValueError):
    """A value that is not understood, with the reason and an example that would be."""

    def __init__(self, reason: str, example: str) -> None:
        joint = " For" if reason.endswith("?") else ", for"
        super().__init__(f"{reason}{joint} example {example}")
        self.reason = reason
        self.example = example


@dataclass(frozen=True)
class Money:
    """An amount and its currency; the currency is empty when none was said."""

    amount: float
    currency: str


@dataclass(frozen=True)
class Effect:
    """A difference to detect: absolute, or relative to what there is today."""

    size: float
    relative: bool
    points: bool = field(default=False, compare=False)
    """Whether an absolute size was said in percentage points; changes how it is said, not what it is."""


class Months(float):
    """Seconds that were said in months or years: 30 or 365 days where they are counted, whole months on a calendar."""

    count: float
    said: str

    def __new__(cls, seconds: float, count: float, said: str) -> Months:
        """Keep how it was said beside the seconds."""
        made = super().__new__(cls, seconds)
        made.count, made.said = count, said
        return made

    def __getnewargs__(self) -> tuple[float, float, str]:  # type: ignore[override]
        return float(self), self.count, self.said


# Text and digits


_NUMBER = r"([+-]?)([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,4}))?(?![0-9.])[ ]*"
_BLANKS = "\t\n\r\u00a0\u2007\u2009\u202f"
_SCALES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6}
_SCALES |= {"b": 10**9, "bn": 10**9, "billion": 10**9}
_SCALE = "(thousand|million|billion|mn|bn|[kmb])?"


def _text(value: object, kind: str, example: str) -> str:
    """Return any scalar as tidy text, or refuse what no kind of quantity can be."""
    if isinstance(value, bool):
        raise Unreadable(f"true and false are not {kind}", example)
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise Unreadable("the number is too large", example)
        return str(value)
    if isinstance(value, float):
        return _finite(value, example)
    if isinstance(value, str):
        return _tidy(value, kind, example)
    raise Unreadable(f"this is not {kind}", example)


def _finite(value: float, example: str) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        raise Unreadable("the number must be finite", example)
    if abs(value) > LARGEST:
        raise Unreadable("the number is too large", example)
    return _plain(value)


def _tidy(value: str, kind: str, example: str) -> str:
    for blank in _BLANKS:
        value = value.replace(blank, " ")
    text = re.sub(" +", " ", value.strip())
    if not text:
        raise Unreadable("nothing was said", example)
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"this is too long for {kind}", example)
    if any(char.isnumeric() and not char.isascii() for char in text):
        raise Unreadable("only the digits 0 to 9 are read", example)
    if re.search("[0-9],", text):
        raise Unreadable("a comma may mark thousands or decimals; write 1200 or 1.2", example)
    if re.search("[0-9]_", text):
        raise Unreadable("an underscore is not read inside a number; write 1000", example)
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise Unreadable("the number must be finite", example)
    return text.replace("\u00b5s", "us").replace("\u03bcs", "us")


def _amount(sign: str, digits: str, power: str | None, example: str) -> Ratio:
    """Return a decimal text as an exact ratio."""
    whole, _, fraction = digits.partition(".")
    above, below = int(whole + fraction), 10 ** len(fraction)
    exponent = int(power or 0)
    above, below = above * 10 ** max(exponent, 0), below * 10 ** max(-exponent, 0)
    if above > LARGEST * below:
        raise Unreadable("the number is too large", example)
    return (-above if sign == "-" else above), below


def _split(text: str, example: str) -> tuple[Ratio, str]:
    """Return the number a text begins with, and the words behind it."""
    found = re.match(_NUMBER, text)
    if not found:
        raise Unreadable("this does not begin with a number", example)
    return _amount(found[1], found[2], found[3], example), text[found.end() :]


def _value(amount: Ratio, unit: Ratio, example: str) -> float:
    """Return amount times unit as the nearest float, so that 200ms and 0.2s are the same."""
    above, below = amount[0] * unit[0], amount[1] * unit[1]
    if abs(above) > LARGEST * below:
        raise Unreadable("the number is too large", example)
    if above and abs(above) * SMALLEST < below:
        raise Unreadable("the number is too small", example)
    return above / below


def _not_negative(amount: Ratio, example: str) -> None:
    if amount[0] < 0:
        raise Unreadable("this cannot be below zero", example)


def _scaled(amount: Ratio, scale: str | None) -> Ratio:
    return amount[0] * _SCALES[scale.lower()] if scale else amount[0], amount[1]


def _unknown(word: str, known: Mapping[str, Ratio], example: str) -> Unreadable:
    """Return the refusal of a unit, with the nearest one that exists."""
    if not re.fullmatch("[A-Za-z]{1,15}", word):
        return Unreadable("the unit is not understood", example)
    import difflib

    near = difflib.get_close_matches(word.lower(), known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return Unreadable(f"the unit {word} is not known{hint}", example)


def _plain(value: float) -> str:
    """Return the shortest digits that read back as the same float, without an exponent."""
    mantissa, _, exponent = repr(value + 0.0).removesuffix(".0").partition("e")
    if not exponent:
        return mantissa
    sign, mantissa = ("-", mantissa[1:]) if value < 0 else ("", mantissa)
    digits, power = mantissa.replace(".", ""), int(exponent)
    return sign + (digits.ljust(power + 1, "0") if power > 0 else f"0.{'0' * (-power - 1)}{digits}")


def _percent(value: float) -> str:
    """Return a hundred times the value, shifted in its digits and so without rounding."""
    whole, _, fraction = _plain(value).partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    fraction = fraction.ljust(2, "0")
    above = (whole + fraction[:2]).lstrip("0") or "0"
    below = fraction[2:].rstrip("0")
    return f"{sign}{above}.{below}" if below else f"{sign}{above}"


def _rounded(value: float, digits: int = 4) -> float:
    rounded = float(format(value, f".{digits - 1}e"))
    return value if math.isinf(rounded) else rounded  # the largest numbers have nothing above them to round to


def _grouped(text: str) -> str:
    """Return plain digits with commas between thousands."""
    whole, _, fraction = text.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{sign}{int(whole):,}"
    return f"{grouped}.{fraction}" if fraction else grouped


def _said(value: float, digits: int = 4) -> str:
    return _grouped(_plain(_rounded(value, digits)))


def _is_long(text: str) -> bool:
    return len(text.replace(".", "").strip("0")) > 4


def _exactly(value: float, unit: Ratio) -> str | None:
    """Return the value in this unit, if it is at least one and one decimal is enough to say it exactly."""
    amount = value * unit[1] / unit[0]
    if amount > 1e300:  # beyond what can be multiplied back
        return None
    text = format(amount, ".1f").removesuffix(".0")
    whole, _, fraction = text.partition(".")
    above, below = int(whole + fraction) * unit[0], 10 ** len(fraction) * unit[1]
    return text if int(whole) >= 1 and above / below == value else None


def _first_exact(value: float, units: Mapping[str, Ratio]) -> tuple[str, str] | None:
    """Return the digits and the name of the first unit that says the value shortly and exactly."""
    for name, unit in units.items():
        if text := _exactly(value, unit):
            return text, name
    return None


def _first_rounded(value: float, units: Mapping[str, Ratio]) -> tuple[str, str]:
    """Return four digits in the first unit in which the value is at least one, else in the last."""
    number, name = value, ""
    for name, unit in units.items():  # noqa: B007
        number = value * unit[1] / unit[0]
        if number >= 1:
            break
    return _plain(_rounded(number)), name


def _best_said(value: float, units: Mapping[str, Ratio]) -> tuple[str, str]:
    """Return what a document prints: exact where four digits are enough, else rounded."""
    exact = _first_exact(value, units)
    text, name = exact if exact and not _is_long(exact[0]) else _first_rounded(value, units)
    return _grouped(text), name


def _letters(text: str) -> str:
    """Return whole digits with k or M where that loses nothing."""
    if "." in text:
        return text
    number = int(text)
    if number >= 10**6 and number % 10**5 == 0:
        return f"{_plain(number / 10**6)}M"
    if number >= 10**4 and number % 10**2 == 0:
        return f"{_plain(number / 10**3)}k"
    return text


# Durations


_SECOND, _MINUTE, _HOUR, _DAY = 1, 60, 3600, 86400
_DURATION_WORDS: dict[Ratio, str] = {
    (1, 10**6): "us usec microsecond microseconds",
    (1, 1000): "ms msec millisecond milliseconds",
    (_SECOND, 1): "s sec secs second seconds",
    (_MINUTE, 1): "min mins minute minutes",
    (_HOUR, 1): "h hr hrs hour hours",
    (_DAY, 1): "d day days",
    (7 * _DAY, 1): "w wk week weeks",
    (30 * _DAY, 1): "mo month months",
    (365 * _DAY, 1): "y yr yrs year years",
}
_DURATIONS = {word: unit for unit, words in _DURATION_WORDS.items() for word in words.split()}
_WRITTEN_DURATIONS = {name: _DURATIONS[name] for name in ("d", "h", "min", "s", "ms", "us")}
_IN_MONTHS: dict[Ratio, int] = {(30 * _DAY, 1): 1, (365 * _DAY, 1): 12}
_SAID_DURATIONS = {"d": "day", "h": "hour", "min": "min", "s": "s", "ms": "ms", "us": "µs"}


def parse_duration(value: object) -> float:
    """Return seconds; a month is 30 days and a year is 365."""
    example = "200ms"
    amount, word = _split(_text(value, "a duration", example), example)
    if not word:
        raise Unreadable("say the unit", example)
    if word == "M":
        raise Unreadable("M may mean minutes or months; write min or months", "5 min")
    _not_negative(amount, example)
    unit = (_MINUTE, 1) if word == "m" else _DURATIONS.get(word.lower())
    if unit is None:
        raise _unknown(word, _DURATIONS, example)
    seconds, months = _value(amount, unit, example), _IN_MONTHS.get(unit)
    if months is None or not seconds:
        return seconds
    digits = _plain(amount[0] / amount[1])
    if _value(_split(digits, example)[0], unit, example) != seconds:  # said with more digits than are kept
        return seconds
    word = "month" if months == 1 else "year"
    return Months(seconds, float(digits) * months, f"{digits} {word}{'' if digits == '1' else 's'}")


def write_duration(value: float) -> str:
    """Return text that parses back to exactly these seconds: months as they were said, else the largest short unit."""
    if isinstance(value, Months):
        return value.said
    text, name = _first_exact(value, _WRITTEN_DURATIONS) or (_plain(value), "s")
    return text + name


def say_duration(value: float) -> str:
    """Return the duration as the document prints it."""
    if isinstance(value, Months):
        return value.said
    text, name = _best_said(value, _WRITTEN_DURATIONS) if value else ("0", "s")
    if value > 4 * _DAY and name != "d":  # nobody counts a week in hours
        text, name = f"{value / _DAY:.3g}", "d"
    word = _SAID_DURATIONS[name]
    return f"{text} {word}s" if name in ("d", "h") and text != "1" else f"{text} {word}"


# Rates


_RATE_WORDS = {
    (1, _SECOND): "s sec second",
    (1, _MINUTE): "min minute m",
    (1, _HOUR): "h hr hour",
    (1, _DAY): "d day",
    (1, 7 * _DAY): "w wk week",
    (1, 30 * _DAY): "mo month",
    (1, 365 * _DAY): "y yr year",
}
_RATES = {word: unit for unit, words in _RATE_WORDS.items() for word in words.split()}
_WRITTEN_RATES = {name: _RATES[name] for name in ("s", "min", "hour", "day", "week", "month", "year")}
_THINGS = "(?:requests?|reqs?|queries|calls?|events?|messages?|predictions?|users?|rows?|records?|items?)?"
_PER = rf"{_SCALE} ?{_THINGS} ?(?:(?:/|per |an? ) ?([a-z]+)|(rps|qps))"


def parse_rate(value: object) -> float:
    """Return a number per second."""
    example = "20/s"
    amount, words = _split(_text(value, "a rate", example), example)
    _not_negative(amount, example)
    found = re.fullmatch(_PER, words, re.IGNORECASE)
    if not found:
        raise Unreadable("say per what", example)
    word = "s" if found[3] else found[2].lower()
    if word not in _RATES:
        raise _unknown(word, _RATES, example)
    return _value(_scaled(amount, found[1]), _RATES[word], example)


def write_rate(value: float) -> str:
    """Return text that parses back to exactly this rate."""
    text, name = _first_exact(value, _WRITTEN_RATES) or (_plain(value), "s")
    return f"{_letters(text)}/{name}"


def say_rate(value: float) -> str:
    """Return the rate as the document prints it, in a unit that keeps the number at one or more."""
    text, name = _best_said(value, _WRITTEN_RATES) if value else ("0", "s")
    return f"{text}/{name}"


# Shares


def parse_share(value: object) -> float:
    """Return a share from 0 to 1; a bare number that could be meant in percent is refused."""
    example = "5 %"
    amount, words = _split(_text(value, "a share", example), example)
    _not_negative(amount, example)
    if not words:
        return _bare_share(amount, example)
    if words.lower() in ("%", "percent", "per cent", "pct"):
        return _whole_or_less((amount[0], amount[1] * 100), example)
    return _part_of(amount, words, example)


def _bare_share(amount: Ratio, example: str) -> float:
    number = amount[0] / amount[1]
    if number == 1:
        raise Unreadable("a bare 1 is not clear: 100 % or 1 %?", example)
    if number > 1:
        said, part = _plain(number), _plain(amount[0] / (amount[1] * 100))
        raise Unreadable(f"a bare {said} is not a share: {said} % or {part}?", example)
    return _whole_or_less(amount, example)


def _part_of(amount: Ratio, words: str, example: str) -> float:
    found = re.fullmatch(rf"(?:/|(?:in|of|out of) ) ?{_NUMBER}{_SCALE}", words, re.IGNORECASE)
    if not found:
        raise Unreadable("this is not a share", example)
    whole = _scaled(_amount(found[1], found[2], found[3], example), found[4])
    if whole[0] <= 0:
        raise Unreadable("a share is a part of something above zero", "1 in 400")
    return _whole_or_less((amount[0] * whole[1], amount[1] * whole[0]), example)


def _whole_or_less(amount: Ratio, example: str) -> float:
    if amount[0] > amount[1]:
        raise Unreadable("a share is from 0 to 100 %", example)
    return _value(amount, (1, 1), example)


def write_share(value: float) -> str:
    """Return a percentage that parses back to exactly this share."""
    return f"{_percent(value)}%"


def say_share(value: float) -> str:
    """Return a percentage with three digits; near 100 % with as many as keep it apart from 100 %."""
    digits = 3 if value < 0.99 else 4
    percent = float(_percent(value))
    while value < 1 and _rounded(percent, digits) == 100 and digits < 16:
        digits += 1
    return f"{_said(percent, digits)} %"


# Numbers and counts


def parse_number(value: object) -> float:
    """Return a finite number."""
    example = "0.81"
    amount, word = _split(_text(value, "a number", example), example)
    if word == "m":
        raise Unreadable("m may mean thousandths or millions; write 0.005 or 5M", example)
    if word and word.lower() not in _SCALES:
        raise Unreadable("a number has no unit", example)
    return _value(_scaled(amount, word), (1, 1), example)


def write_number(value: float) -> str:
    """Return digits that parse back to exactly this number."""
    return _plain(value)


def say_number(value: float) -> str:
    """Return the number with at most four significant digits."""
    return _said(value)


def parse_count(value: object) -> int:
    """Return a whole number that is not below zero."""
    example = "25k"
    if isinstance(value, float):
        raise Unreadable(_no_point(value), example)
    text = _text(value, "a count", example)
    (above, below), word = _split(text, example)
    _not_negative((above, below), example)
    if word and word.lower() not in _SCALES:
        raise Unreadable("a count has no unit", example)
    if "." in text and not word:
        raise Unreadable(_no_point(above / below), example)
    above = _scaled((above, below), word)[0]
    if above % below:
        raise Unreadable("a count is whole", example)
    if above > LARGEST_COUNT * below:
        raise Unreadable("the count is too large", example)
    return above // below


def _no_point(value: float) -> str:
    is_whole = abs(value) < LARGEST_COUNT and value == int(value)
    return f"a count has no decimal point; write {int(value)}" if is_whole else "a count is whole"


def write_count(value: int) -> str:
    """Return the digits of the count."""
    return str(value)


def say_count(value: int) -> str:
    """Return every digit of the count, with commas between thousands."""
    return f"{value:,}"


# Money


MOST_MONEY = 1e15
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP"}
_CURRENCY = r"([$€£]|(?:[A-Z]{3}|eur|usd|gbp)(?![A-Za-z]))"
_MONEY = rf"{_CURRENCY}? ?{_NUMBER}(?:{_CURRENCY}|(?i:{_SCALE}) ?{_CURRENCY}?) ?(.*)"
_MONTHS = {"": 1, "month": 1, "mo": 1, "monthly": 1, "year": 12, "yr": 12, "y": 12, "yearly": 12, "annum": 12}


def _coins(text: str, example: str) -> tuple[Ratio, str, str]:
    """Return the amount, the currency and the words behind them."""
    found = re.fullmatch(_MONEY, text)
    if not found:
        raise Unreadable("this is not an amount of money", example)
    before, sign, digits, power, behind, scale, last, words = found.groups()
    currencies = [name for name in (before, behind, last) if name]
    if len(currencies) > 1:
        raise Unreadable("the currency is said twice", example)
    currency = "".join(currencies)
    amount = _scaled(_amount(sign, digits, power, example), scale)
    _not_negative(amount, example)
    return amount, _SYMBOLS.get(currency, currency.upper()), words


def parse_money(value: object) -> Money:
    """Return money per month; an amount per year is divided by twelve."""
    example = "3k EUR/month"
    text = _text(value, "an amount of money", example)
    if text.lower() == "none":
        return Money(0.0, "")
    amount, currency, words = _coins(text, example)
    period = re.sub("^(/|per |an? ) ?", "", words.lower())
    if period not in _MONTHS:
        raise Unreadable(_unclear_money(words, period), example)
    if amount[0] and not currency:
        raise Unreadable("say the currency", example)
    return Money(_payable(_value(amount, (1, _MONTHS[period]), example), example), currency)


def _payable(amount: float, example: str) -> float:
    if amount > MOST_MONEY:
        raise Unreadable("this is more money than anybody pays", example)
    return amount


def _unclear_money(words: str, period: str) -> str:
    if period != words.lower():
        return "money is said per month or per year"
    return "say the currency as a three-letter code"


def write_money(value: Money) -> str:
    """Return text that parses back to exactly this money per month."""
    if not value.amount and not value.currency:
        return "0"
    month, year = _plain(value.amount), format(value.amount * 12, ".2f").removesuffix("0").removesuffix(".0")
    if _has_odd_cents(month) and _value(_split(year, "")[0], (1, 12), "") == value.amount:
        return f"{_letters(year)} {value.currency}/year"
    return f"{_letters(month)} {value.currency}/month"


def _has_odd_cents(digits: str) -> bool:
    return len(digits.partition(".")[2]) > 2


def say_money(value: Money) -> str:
    """Return money per month as the document prints it."""
    return f"{say_price(value)}/month" if value.currency else "none"


def parse_price(value: object) -> Money:
    """Return money for one thing; the currency is empty when none was said."""
    example = "5 EUR"
    amount, currency, words = _coins(_text(value, "a price", example), example)
    if words.startswith(("/", "per ", "a ", "an ")):
        raise Unreadable("a price is for one thing, not for a time", example)
    if words:
        raise Unreadable("the currency is not understood", example)
    return Money(_payable(_value(amount, (1, 1), example), example), currency)


def write_price(value: Money) -> str:
    """Return text that parses back to exactly this price."""
    return f"{_plain(value.amount)} {value.currency}".rstrip()


def say_price(value: Money) -> str:
    """Return a price as the document prints it: whole amounts in full, others with four digits."""
    whole = value.amount == int(value.amount)
    text = _grouped(_plain(value.amount)) if whole else _said(value.amount)
    if len(text.partition(".")[2]) == 1:
        text += "0"
    return f"{text} {value.currency}".rstrip()


def say_amount(value: Money) -> str:
    """Return money computed from answers alone as the document prints it, so that it can be worked out again."""
    return f"{_said(value.amount)} {value.currency}".rstrip()


def say_cost(value: Money) -> str:
    """Return computed money as the document prints it: two significant digits, because prices are indicative."""
    return f"{_said(value.amount, 2)} {value.currency}".rstrip()


# Sizes


_PREFIXES = {"P": 5, "T": 4, "G": 3, "M": 2, "K": 1}
_SIZES: dict[str, Ratio] = {
    **{f"{prefix}B": (1000**power, 1) for prefix, power in _PREFIXES.items()},
    **{f"{prefix}iB": (1024**power, 1) for prefix, power in _PREFIXES.items()},
    "B": (1, 1),
}
_SIZE_WORDS = {name.lower(): unit for name, unit in _SIZES.items()}
_SIZE_WORDS |= {f"{prefix.lower()}i": (1024**power, 1) for prefix, power in _PREFIXES.items()}
_SIZE_WORDS |= {"byte": (1, 1), "bytes": (1, 1)}


def parse_size(value: object) -> float:
    """Return bytes; KB, MB, GB count in thousands, and KiB, MiB, GiB in 1024s."""
    example = "80GB"
    amount, word = _split(_text(value, "a size", example), example)
    _not_negative(amount, example)
    if not word:
        raise Unreadable("say the unit", example)
    if re.fullmatch("[PTGMK]b", word):
        raise Unreadable(f"{word} may mean bits; write {word.upper()} for bytes", example)
    if re.fullmatch("[ptgmkPTGMK]", word):
        raise Unreadable(f"write {word.upper()}B or {word.upper()}iB", example)
    unit = _SIZE_WORDS.get(word.lower())
    if unit is None:
        raise _unknown(word, {}, example)
    return _value(amount, unit, example)


def write_size(value: float) -> str:
    """Return text that parses back to exactly these bytes."""
    text, name = _first_exact(value, _SIZES) or (_plain(value), "B")
    return text + name


def say_size(value: float) -> str:
    """Return a size as the document prints it."""
    exact = _first_exact(value, _SIZES)
    if exact and not _is_long(exact[0]):
        return f"{_grouped(exact[0])} {exact[1]}"
    decimal = {name: unit for name, unit in _SIZES.items() if "i" not in name}
    text, name = _first_rounded(value, decimal)
    return f"{_grouped(text)} {name}"


# Effects


_POINTS: tuple[str, ...] = (
    "point",
    "points",
    "pt",
    "pts",
    "pp",
    "percentage point",
    "percentage points",
    "% points",
    "% point",
)
_POINTS += ("% absolute", "%absolute", "% abs", "%abs", "percent absolute")
_RELATIVE = ("% relative", "%relative", "% rel", "%rel", "percent relative")


def parse_effect(value: object) -> Effect:
    """Return a difference to detect; one that may be absolute or relative is refused."""
    example = "1 point"
    amount, words = _split(_text(value, "an effect", example), example)
    words = words.lower().rstrip(".")
    if not amount[0]:
        raise Unreadable("an effect of zero cannot be detected", example)
    if words in _POINTS:
        return _points(amount, example)
    if words in _RELATIVE:
        return Effect(_value(amount, (1, 100), example), relative=True)
    if words in ("absolute", "abs"):
        return Effect(_value(amount, (1, 1), example), relative=False)
    if words in ("relative", "rel") and abs(amount[0]) < amount[1]:
        return Effect(_value(amount, (1, 1), example), relative=True)
    raise _unclear_effect(amount, words, example)


def _points(amount: Ratio, example: str) -> Effect:
    if abs(amount[0]) > 100 * amount[1]:
        raise Unreadable("a share cannot move by more than 100 points", example)
    return Effect(_value(amount, (1, 100), example), relative=False, points=True)


def _unclear_effect(amount: Ratio, words: str, example: str) -> Unreadable:
    number = amount[0] / amount[1]
    said = _plain(number)
    if words in ("%", "percent"):
        return Unreadable(f"{said} points, or {said} % relative?", example)
    if words in ("", "relative", "rel") and abs(number) >= 1:
        return Unreadable(f"{said} points, {said} absolute, or {said} % relative?", example)
    if not words:
        return Unreadable(f"{said} absolute, or {_percent(number)} % relative?", example)
    return Unreadable("say points, absolute or % relative", example)


def write_effect(value: Effect) -> str:
    """Return text that parses back to exactly this effect."""
    if value.relative:
        return f"{_percent(value.size)}% relative"
    if value.points:
        return f"{_percent(value.size)} {_point_word(_percent(value.size))}"
    return f"{_plain(value.size)} absolute"


def say_effect(value: Effect) -> str:
    """Return an effect as the document prints it."""
    percent = _said(float(_percent(value.size)))
    if value.relative:
        return f"{percent} % relative"
    return f"{percent} {_point_word(percent)}" if value.points else f"{_said(value.size)} absolute"


def _point_word(number: str) -> str:
    return "point" if number in ("1", "-1") else "points"


# Days and flags


def parse_day(value: object) -> str:
    """Return an ISO date that exists, as text."""
    example = "2026-11-20"
    text = value.strip() if isinstance(value, str) else ""
    found = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if not found:
        raise Unreadable("write the day as year-month-day", example)
    year, month, day = (int(part) for part in found.groups())
    if year < 1900:
        raise Unreadable("the year is before 1900", example)
    if not 1 <= month <= 12 or not 1 <= day <= _days_in(year, month):
        raise Unreadable("there is no such day", example)
    return text


def _days_in(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def write_day(value: str) -> str:
    """Return the day as it is kept."""
    return value


def say_day(value: str) -> str:
    """Return the day as the document prints it."""
    return value


_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def parse_flag(value: object) -> bool:
    """Return true or false; 1, 0, on and off are refused."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in _FLAGS:
        raise Unreadable("say yes or no", "yes")
    return _FLAGS[word]


def write_flag(value: bool) -> str:
    """Return true or false as TOML writes them."""
    return "true" if value else "false"


def say_flag(value: bool) -> str:
    """Return yes or no."""
    return "yes" if value else "no"


# The table of kinds


@dataclass(frozen=True)
class Kind:
    """How one kind of value is read, written and said."""

    parse: Callable[[object], object]
    write: Callable[..., str]
    say: Callable[..., str]
    example: str


KINDS: dict[str, Kind] = {
    "duration": Kind(parse_duration, write_duration, say_duration, "200ms"),
    "rate": Kind(parse_rate, write_rate, say_rate, "20/s"),
    "share": Kind(parse_share, write_share, say_share, "5 %"),
    "number": Kind(parse_number, write_number, say_number, "0.81"),
    "count": Kind(parse_count, write_count, say_count, "25k"),
    "money": Kind(parse_money, write_money, say_money, "3k EUR/month"),
    "price": Kind(parse_price, write_price, say_price, "5 EUR"),
    "size": Kind(parse_size, write_size, say_size, "80GB"),
    "effect": Kind(parse_effect, write_effect, say_effect, "1 point"),
    "day": Kind(parse_day, write_day, say_day, "2026-11-20"),
    "flag": Kind(parse_flag, write_flag, say_flag, "yes"),
}


def reading_of(kind: str, given: object) -> str:
    """Return how a value was understood, in the words of the document, and what was done to it."""
    value = KINDS[kind].parse(given)
    said = KINDS[kind].say(value)
    if kind == "money" and isinstance(given, str) and re.search("(year|yearly|yr|/ ?y|annum) *$", given.lower()):
        return f"{said} (a twelfth of the amount for a year)"
    return said
