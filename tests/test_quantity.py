"""Tests that values are read as people write them, and come back exactly."""

from __future__ import annotations

import copy
import math
import pickle
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlworkflow.quantity import (
    KINDS,
    Effect,
    Money,
    Unreadable,
    parse_count,
    parse_day,
    parse_duration,
    parse_effect,
    parse_flag,
    parse_money,
    parse_number,
    parse_price,
    parse_rate,
    parse_share,
    parse_size,
    reading_of,
)

DAY = 86400.0

READ: dict[str, dict[object, object]] = {
    "duration": {
        "200ms": 0.2,
        "0.2s": 0.2,
        "200 MS": 0.2,
        "5 min": 300.0,
        "5m": 300.0,
        "2h": 7200.0,
        "1 day": DAY,
        "30d": 30 * DAY,
        "2 weeks": 14 * DAY,
        "3 months": 90 * DAY,
        "1 year": 365 * DAY,
        "45 us": 45e-6,
        "45 µs": 45e-6,
        "  1.5 s ": 1.5,
        "1\u00a0h": 3600.0,
        "0s": 0.0,
    },
    "rate": {
        "1.5k/s": 1500.0,
        "20/s": 20.0,
        "500 rps": 500.0,
        "12/min": 0.2,
        "3000/h": 3000 / 3600,
        "2M/day": 2e6 / DAY,
        "2m/day": 2e6 / DAY,
        "10k/week": 1e4 / (7 * DAY),
        "90 per day": 90 / DAY,
        "20 requests per second": 20.0,
        "5 a day": 5 / DAY,
        "1/month": 1 / (30 * DAY),
    },
    "share": {
        "5%": 0.05,
        "0.05": 0.05,
        "2.5 %": 0.025,
        "1 in 400": 0.0025,
        "1 in 10k": 0.0001,
        "5/1000": 0.005,
        "5 percent": 0.05,
        "100%": 1.0,
        "0": 0.0,
        0: 0.0,
        0.05: 0.05,
        ".5": 0.5,
    },
    "number": {"0.81": 0.81, "1.5k": 1500.0, "3M": 3e6, "-2": -2.0, 3: 3.0, 2.5: 2.5, "1e-5": 1e-5, "0": 0.0},
    "count": {
        "25k": 25_000,
        "1.2M": 1_200_000,
        12000: 12_000,
        "40 thousand": 40_000,
        "3 million": 3_000_000,
        "5m": 5_000_000,
        "7B": 7_000_000_000,
        "0": 0,
    },
    "money": {
        "3k EUR/month": Money(3000.0, "EUR"),
        "3000 EUR": Money(3000.0, "EUR"),
        "3000 eur": Money(3000.0, "EUR"),
        "$2.5k/month": Money(2500.0, "USD"),
        "€20 per month": Money(20.0, "EUR"),
        "£20": Money(20.0, "GBP"),
        "12k EUR/year": Money(1000.0, "EUR"),
        "3 MXN": Money(3.0, "MXN"),
        "3M MXN": Money(3e6, "MXN"),
        "CHF 300": Money(300.0, "CHF"),
        "0": Money(0.0, ""),
        0: Money(0.0, ""),
        "none": Money(0.0, ""),
    },
    "price": {"5 EUR": Money(5.0, "EUR"), "$0.10": Money(0.1, "USD"), "120": Money(120.0, ""), 2.5: Money(2.5, "")},
    "size": {
        "80GB": 80e9,
        "80gb": 80e9,
        "512 MB": 512e6,
        "2 KiB": 2048.0,
        "64Gi": 64 * 1024.0**3,
        "1.5 TB": 1.5e12,
        "3 bytes": 3.0,
    },
    "effect": {
        "1 point": Effect(0.01, relative=False),
        "1pp": Effect(0.01, relative=False),
        "0.5 points": Effect(0.005, relative=False),
        "+1 pt": Effect(0.01, relative=False),
        "-2 points": Effect(-0.02, relative=False),
        "5 % absolute": Effect(0.05, relative=False),
        "5% relative": Effect(0.05, relative=True),
        "+5 % rel": Effect(0.05, relative=True),
        "0.05 relative": Effect(0.05, relative=True),
        "0.3 absolute": Effect(0.3, relative=False),
    },
    "day": {"2026-11-20": "2026-11-20", " 2024-02-29 ": "2024-02-29"},
    "flag": {True: True, False: False, "yes": True, "No": False, "true": True, "FALSE": False},
}


@pytest.mark.parametrize(("kind", "given", "value"), [(k, g, v) for k, table in READ.items() for g, v in table.items()])
def test_a_value_is_read_as_people_write_it(kind: str, given: object, value: object) -> None:
    assert KINDS[kind].parse(given) == value


REFUSED: list[tuple[str, object, str]] = [
    ("duration", 200, "say the unit"),
    ("duration", "200", "say the unit"),
    ("duration", 0.2, "say the unit"),
    ("duration", "5M", "minutes or months"),
    ("duration", "5 mintues", "did you mean minutes?"),
    ("duration", "-3s", "below zero"),
    ("duration", "soon", "does not begin with a number"),
    ("duration", "", "nothing was said"),
    ("duration", "1e4000s", "too large"),
    ("duration", "1e-4000s", "too small"),
    ("rate", "20", "say per what"),
    ("rate", 20, "say per what"),
    ("rate", "20 per fortnight", "fortnight is not known"),
    ("share", "5", "5 % or 0.05?"),
    ("share", 5, "5 % or 0.05?"),
    ("share", "1", "100 % or 1 %?"),
    ("share", 1, "100 % or 1 %?"),
    ("share", 1.0, "100 % or 1 %?"),
    ("share", "150 %", "from 0 to 100 %"),
    ("share", "5 in 4", "from 0 to 100 %"),
    ("share", "1 in 0", "above zero"),
    ("share", -0.1, "below zero"),
    ("number", "1,200", "a comma may mark thousands or decimals"),
    ("number", "nan", "finite"),
    ("number", math.inf, "finite"),
    ("number", math.nan, "finite"),
    ("number", "1e400", "too large"),
    ("number", 10**400, "too large"),
    ("number", "5m", "thousandths or millions"),
    ("number", True, "true and false"),
    ("number", "5 km", "no unit"),
    ("number", "٣", "digits 0 to 9"),
    ("number", "½", "digits 0 to 9"),
    ("number", "1" * 5000, "too long"),
    ("number", None, "this is not a number"),
    ("number", [1], "this is not a number"),
    ("count", "12_000", "underscore"),
    ("count", 3.0, "write 3"),
    ("count", "3.0", "write 3"),
    ("count", 3.5, "a count is whole"),
    ("count", "1.2345k", "a count is whole"),
    ("count", 10**15 + 1, "too large"),
    ("count", -1, "below zero"),
    ("count", math.inf, "a count is whole"),
    ("count", math.nan, "a count is whole"),
    ("money", "3000", "say the currency"),
    ("money", 3000, "say the currency"),
    ("money", "$2,500/month", "a comma may mark"),
    ("money", "3000 dollars", "three-letter code"),
    ("money", "300 EUR/week", "per month or per year"),
    ("money", "$5 USD", "said twice"),
    ("money", False, "true and false"),
    ("price", "5 EUR/month", "not for a time"),
    ("price", "5 apples", "currency is not understood"),
    ("size", "80", "say the unit"),
    ("size", 80, "say the unit"),
    ("size", "80Gb", "may mean bits"),
    ("size", "80G", "write GB or GiB"),
    ("effect", "5%", "5 points, or 5 % relative?"),
    ("effect", "0.05", "0.05 absolute, or 5 % relative?"),
    ("effect", 0.05, "0.05 absolute, or 5 % relative?"),
    ("effect", 5, "5 points, 5 absolute, or 5 % relative?"),
    ("effect", "0 points", "zero cannot be detected"),
    ("effect", "200 points", "more than 100 points"),
    ("day", "20.11.2026", "year-month-day"),
    ("day", "2026-02-29", "no such day"),
    ("day", "2026-13-01", "no such day"),
    ("day", "0026-11-20", "before 1900"),
    ("day", 20261120, "year-month-day"),
    ("flag", 1, "say yes or no"),
    ("flag", 0, "say yes or no"),
    ("flag", "on", "say yes or no"),
    ("flag", "1", "say yes or no"),
]


@pytest.mark.parametrize(("kind", "given", "reason"), REFUSED)
def test_what_could_be_misread_is_refused_with_the_reason(kind: str, given: object, reason: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        KINDS[kind].parse(given)
    assert reason in refusal.value.reason
    KINDS[kind].parse(refusal.value.example)


def test_a_refusal_is_one_sentence_with_an_example() -> None:
    with pytest.raises(Unreadable, match=r"^say the unit, for example 200ms$"):
        parse_duration("200")


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kind_is_readable(kind: str) -> None:
    KINDS[kind].parse(KINDS[kind].example)


WRITTEN = [
    ("duration", "0.2s", "200ms"),
    ("duration", "1.5s", "1.5s"),
    ("duration", "30 days", "30d"),
    ("duration", "480 min", "8h"),
    ("rate", "1500/s", "1500/s"),
    ("rate", "2,000,000/day".replace(",", ""), "2M/day"),
    ("share", "1 in 400", "0.25%"),
    ("count", "25k", "25000"),
    ("money", "12k EUR/year", "1000 EUR/month"),
    ("money", "1000 EUR/year", "1000 EUR/year"),
    ("money", "none", "0"),
    ("size", "80000 MB", "80GB"),
    ("effect", "1pp", "1 point"),
    ("flag", "yes", "true"),
]


@pytest.mark.parametrize(("kind", "given", "text"), WRITTEN)
def test_writing_takes_the_largest_unit_that_is_short_and_exact(kind: str, given: object, text: str) -> None:
    assert KINDS[kind].write(KINDS[kind].parse(given)) == text


SAID = [
    ("duration", "200ms", "200 ms"),
    ("duration", "30d", "30 days"),
    ("duration", "1.5s", "1.5 s"),
    ("duration", "8h", "8 hours"),
    ("duration", "1h", "1 hour"),
    ("duration", "1 day", "1 day"),
    ("duration", "45us", "45 µs"),
    ("duration", "12345s", "3.429 hours"),
    ("rate", "1.5k/s", "1,500/s"),
    ("rate", "2M/day", "2,000,000/day"),
    ("rate", "10k/week", "10,000/week"),
    ("rate", "90 per day", "90/day"),
    ("share", "5%", "5 %"),
    ("share", "33.333%", "33.3 %"),
    ("share", "99.95%", "99.95 %"),
    ("number", "0.81", "0.81"),
    ("number", "3M", "3,000,000"),
    ("count", "25k", "25,000"),
    ("money", "3k EUR", "3,000 EUR/month"),
    ("money", "1000 EUR/year", "83.33 EUR/month"),
    ("money", "none", "none"),
    ("price", "$0.10", "0.10 USD"),
    ("price", "120", "120"),
    ("size", "80GB", "80 GB"),
    ("size", "1234567 B", "1.235 MB"),
    ("effect", "1 point", "1 point"),
    ("effect", "0.5 points", "0.5 points"),
    ("effect", "5% relative", "5 % relative"),
    ("effect", "0.3 absolute", "0.3 absolute"),
    ("flag", "true", "yes"),
]


@pytest.mark.parametrize(("kind", "given", "text"), SAID)
def test_the_document_says_values_in_readable_units(kind: str, given: object, text: str) -> None:
    assert KINDS[kind].say(KINDS[kind].parse(given)) == text


def test_a_share_below_one_is_never_said_to_be_all() -> None:
    assert KINDS["share"].say(0.99999) == "99.999 %"
    assert KINDS["share"].say(1.0) == "100 %"


def test_the_reading_of_a_yearly_amount_says_that_it_was_divided() -> None:
    assert reading_of("money", "12k EUR/year") == "1,000 EUR/month (a twelfth of the amount for a year)"
    assert reading_of("money", "1k EUR/month") == "1,000 EUR/month"
    assert reading_of("duration", "0.2s") == "200 ms"


def positive(least: float, most: float) -> st.SearchStrategy[float]:
    return st.floats(least, most) | st.sampled_from([0.0]) | st.integers(1, 10**6).map(lambda n: min(n * least, most))


currencies = st.sampled_from(["EUR", "USD", "GBP", "CHF", "MXN", "BRL", "KES"])
amounts = st.floats(1e-6, 1e12) | st.integers(0, 10**9).map(float) | st.integers(0, 10**9).map(lambda n: n / 12)

VALUES: dict[str, st.SearchStrategy[object]] = {
    "duration": positive(1e-6, 1e10),
    "rate": positive(1e-8, 1e9),
    "share": st.floats(1e-12, 1) | st.integers(0, 1000).map(lambda n: n / 1000),
    "number": st.floats(1e-12, 1e15) | st.floats(-1e15, -1e-12) | st.integers(-(10**9), 10**9).map(float),
    "count": st.integers(0, 10**15),
    "money": st.builds(Money, amounts, currencies) | st.just(Money(0.0, "")),
    "price": st.builds(Money, amounts, currencies | st.just("")),
    "size": positive(1, 1e17) | st.integers(0, 2**50).map(float),
    "effect": st.builds(Effect, st.floats(1e-6, 1) | st.floats(-1, -1e-6), st.booleans(), st.booleans()),
    "day": st.dates().filter(lambda day: day.year >= 1900).map(lambda day: day.isoformat()),
    "flag": st.booleans(),
}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_what_is_written_reads_back_as_exactly_the_same_value(kind: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    assert KINDS[kind].parse(KINDS[kind].write(value)) == value


@given(size=st.floats(1e-6, 1), points=st.booleans())
def test_an_effect_said_in_points_is_written_in_points(size: float, points: bool) -> None:
    effect = Effect(size, relative=False, points=points)
    again = KINDS["effect"].parse(KINDS["effect"].write(effect))
    assert isinstance(again, Effect)
    assert again.points == points


numeric = st.from_regex(
    r"[$€]?[-+]?[0-9]{1,20}(\.[0-9]{1,5})?([eE][-+]?[0-9]{1,4})? ?[a-zA-Z%/µ. 0-9]{0,12}", fullmatch=True
)
scalars = st.text() | numeric | st.integers() | st.floats() | st.booleans() | st.none()


@pytest.mark.parametrize("kind", KINDS)
@given(given=scalars)
@example(given="1e9999")
@example(given="1e-9999 %")
@example(given="1 in 1e-9999")
@example(given="0e9999 EUR")
@example(given=-0.0)
@example(given="9" * 60)
@example(given="1e18B")
def test_any_scalar_is_read_or_refused_and_what_is_read_can_be_written_and_said(kind: str, given: object) -> None:
    try:
        value = KINDS[kind].parse(given)
    except Unreadable:
        return
    assert KINDS[kind].parse(KINDS[kind].write(value)) == value
    assert KINDS[kind].say(value)


@pytest.mark.parametrize("kind", ["duration", "rate", "share", "number", "money", "price", "size", "effect"])
@given(data=st.data())
def test_a_said_value_has_no_exponent_and_at_most_four_digits(kind: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    said = KINDS[kind].say(value)
    number = re.match(r"-?[0-9,]+(\.[0-9]+)?(?![0-9e])", said)
    if said == "none":
        return
    assert number
    is_whole_money = isinstance(value, Money) and value.amount.is_integer()
    is_nearly_all = kind == "share" and isinstance(value, float) and value > 0.9999
    digits = re.sub("[-.,]", "", number[0]).strip("0")
    assert len(digits) <= 4 or is_whole_money or is_nearly_all


def test_each_parser_is_the_one_in_the_table() -> None:
    named = {
        "duration": parse_duration,
        "rate": parse_rate,
        "share": parse_share,
        "number": parse_number,
        "count": parse_count,
        "money": parse_money,
        "price": parse_price,
        "size": parse_size,
        "effect": parse_effect,
        "day": parse_day,
        "flag": parse_flag,
    }
    assert {kind: entry.parse for kind, entry in KINDS.items()} == named


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("24 months", "24 months"),
        ("24mo", "24 months"),
        ("1 month", "1 month"),
        ("2y", "2 years"),
        ("1.5 years", "1.5 years"),
    ],
)
def test_months_and_years_are_kept_as_they_were_said(given: str, kept: str) -> None:
    value = parse_duration(given)
    assert KINDS["duration"].write(value) == KINDS["duration"].say(value) == kept
    assert parse_duration(kept) == value
    assert copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value
    assert (
        KINDS["duration"].write(copy.deepcopy(value))
        == KINDS["duration"].write(pickle.loads(pickle.dumps(value)))
        == kept
    )
    assert KINDS["duration"].write(value + 0.0) != kept
