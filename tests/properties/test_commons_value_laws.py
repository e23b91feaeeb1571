from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as standard

from commons.codes import Uscc
from commons.errors import Malformed
from commons.instants import DayPeriod, beijing_date, format_instant, parse_instant, start_of_day
from commons.money import MAX_FEN, Money, capitals, half_up
from commons.regions import REGIONS, Region

INSTANTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001  # bounds
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FIRST_17 = st.builds(
    "{}{}{:06d}{}".format,
    st.sampled_from("123456789"), st.sampled_from("123456789"), st.integers(0, 999_999),
    st.text(ALPHABET, min_size=9, max_size=9),
)  # fmt: skip

DIGITS = {word: number for number, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"仟": 1000, "佰": 100, "拾": 10}


def read_capitals(words: str) -> int:
    """Capitals → fen: a reader that knows only digits, places and units, to hold against the writer."""
    total = group = digit = 0
    for word in words.removesuffix("整"):
        if word in DIGITS:
            digit = DIGITS[word]
        elif word in PLACES:
            group, digit = group + digit * PLACES[word], 0
        elif word in "万亿":
            scale = {"万": 10**4, "亿": 10**8}[word]
            total, group, digit = total + (group + digit) * scale, 0, 0
        else:
            fen = {"元": 100, "角": 10, "分": 1}[word]
            if word == "元":
                total, group, digit = (total + group + digit) * fen, 0, 0
            else:
                total, digit = total + digit * fen, 0
    return total


@given(st.integers(0, MAX_FEN) | st.integers(0, 10_000).map(lambda n: n * 10_000_000) | st.integers(0, 200_000))
def test_capitals_read_back_as_the_amount_and_never_say_zero_twice(fen: int) -> None:
    words = capitals(fen)
    assert read_capitals(words) == fen
    assert "零零" not in words
    assert "零万" not in words
    assert "零元" not in words or fen == 0


@given(st.integers(-MAX_FEN, MAX_FEN))
def test_an_amount_in_yuan_reads_back_as_the_amount(fen: int) -> None:
    digits = Money(fen).yuan.replace("−", "-").replace(",", "").replace(".", "")
    assert int(digits) == fen


@given(st.fractions())
def test_rounding_half_up_is_the_floor_of_a_half_more(value: Fraction) -> None:
    rounded = half_up(value)
    assert -Fraction(1, 2) < rounded - value <= Fraction(1, 2)
    assert rounded == (value + Fraction(1, 2)).__floor__()


@given(INSTANTS)
def test_an_instant_reads_back_and_lies_in_its_day(at: datetime) -> None:
    assert parse_instant(format_instant(at)) == at
    day = beijing_date(at)
    assert start_of_day(day) <= at < start_of_day(date.fromordinal(day.toordinal() + 1))


@given(INSTANTS, INSTANTS)
def test_instants_of_whole_seconds_are_ordered_as_their_texts(one: datetime, other: datetime) -> None:
    one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    assert (one < other) is (format_instant(one) < format_instant(other))


@given(FIRST_17)
def test_a_completed_credit_code_is_one_to_the_library_too_and_any_other_last_character_is_wrong(first: str) -> None:
    code = Uscc.completed(first).code
    assert standard.is_valid(code)
    for last in set(ALPHABET) - {code[-1]}:
        with pytest.raises(Malformed):
            Uscc.parse(first + last)


@given(FIRST_17, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_character_typed_wrong_is_always_noticed(first: str, at: int, wrong: str) -> None:
    code = Uscc.completed(first).code
    typed = code[:at] + wrong + code[at + 1 :]
    if typed != code:
        with pytest.raises(Malformed):
            Uscc.parse(typed)


@given(st.text(max_size=80))
def test_any_typed_text_is_either_a_code_in_normal_form_or_malformed(typed: str) -> None:
    try:
        code = Uscc.parse(typed)
    except Malformed:
        return
    assert Uscc.parse(code.code) == code


DAYS = st.none() | st.dates(date(2019, 1, 1), date(2022, 1, 1))


@given(st.sampled_from(REGIONS.rows), DAYS, DAYS)
def test_a_region_existed_in_a_period_when_it_existed_on_one_of_its_days(
    region: Region, first: date | None, until: date | None
) -> None:
    # a region changes on three days only: looking at these, at the period's ends and far away is looking at all
    turns = [first, date(2019, 9, 25), date(2021, 4, 8), date(2021, 4, 9), date(1950, 1, 1), date(2050, 1, 1)]
    last = None if until is None else date.fromordinal(until.toordinal() - 1)
    period = DayPeriod(first, until)
    days = [day for day in (*turns, last, date(2019, 9, 24)) if day is not None and period.contains(day)]
    assert REGIONS.existed_in(region.code, period) is any(REGIONS.exists(region.code, day) for day in days)
