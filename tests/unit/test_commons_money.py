from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from commons.money import MAX_FEN, Money, capitals, half_up


@pytest.mark.parametrize("fen", [1.0, "1", True, None, MAX_FEN + 1, -MAX_FEN - 1])
def test_only_an_integer_in_range_is_an_amount(fen: Any) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        Money(fen)


def test_amounts_are_added_and_compared_exactly() -> None:
    assert Money(1) + Money(2) - Money(5) == Money(-2)
    assert sorted([Money(3), Money(-1), Money(2)]) == [Money(-1), Money(2), Money(3)]
    with pytest.raises(ValueError, match="not an amount"):
        Money(MAX_FEN) + Money(1)


@pytest.mark.parametrize(
    ("fen", "yuan", "wan"),
    [
        (0, "0.00", "0.00"),
        (1, "0.01", "0.00"),
        (-1, "−0.01", "0.00"),
        (4_999, "49.99", "0.00"),
        (5_000, "50.00", "0.01"),
        (-5_000, "−50.00", "−0.01"),
        (12_860_000, "128,600.00", "12.86"),
        (-12_345_678, "−123,456.78", "−12.35"),
        (MAX_FEN, "10,000,000,000.00", "1,000,000.00"),
    ],
)
def test_an_amount_is_written_in_yuan_and_in_ten_thousands(fen: int, yuan: str, wan: str) -> None:
    assert (Money(fen).yuan, Money(fen).wan) == (yuan, wan)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(Fraction(1, 2), 1), (Fraction(3, 2), 2), (Fraction(-1, 2), 0), (Fraction(-3, 2), -1), (Fraction(49, 100), 0),
     (Fraction(10**30 + 1, 2), 5 * 10**29 + 1), (Fraction(7), 7)],
)  # fmt: skip
def test_halves_are_rounded_up(value: Fraction, rounded: int) -> None:
    assert half_up(value) == rounded


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (12, "壹角贰分"),
        (100, "壹元整"),
        (101, "壹元零壹分"),
        (12_860_000, "壹拾贰万捌仟陆佰元整"),
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "壹拾万零柒仟元伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (1_000_000, "壹万元整"),
        (100_000_000, "壹佰万元整"),
        (1_000_100, "壹万零壹元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (10_001_000_000, "壹亿零壹万元整"),
        (10_100_000_000, "壹亿零壹佰万元整"),
        (123_456_789_012, "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"),
        (MAX_FEN, "壹佰亿元整"),
    ],
)
def test_capitals_are_those_of_bank_forms(fen: int, words: str) -> None:
    assert capitals(fen) == words
    assert Money(fen).capitals == words


def test_a_negative_amount_has_no_capitals() -> None:
    with pytest.raises(ValueError, match="zero and more"):
        capitals(-1)
