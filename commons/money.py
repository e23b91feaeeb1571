"""Money in integer fen (分), never a float; and how an amount is written for people.

Source of the capitals: 正确填写票据和结算凭证的基本规定 (known by title, text not read).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

MAX_FEN = 10**12
"""Largest amount of the market, in fen (10 billion yuan): selection.md, head."""

BASIS = 10_000
"""Basis points in one: rates are integers in 1/10,000."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SMALL = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in fen, within ±``MAX_FEN``."""

    fen: int

    def __post_init__(self) -> None:
        """Refuse anything but an integer in range: a wrong amount is a bug of the caller, not an input fault."""
        if type(self.fen) is not int or abs(self.fen) > MAX_FEN:
            message = f"not an amount in fen: {self.fen!r}"
            raise ValueError(message)

    def __add__(self, other: Money) -> Money:
        """Sum of two amounts."""
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        """Difference of two amounts."""
        return Money(self.fen - other.fen)

    @property
    def yuan(self) -> str:
        """``128,600.00``: yuan with grouped thousands and both decimals, no unit."""
        sign = "−" if self.fen < 0 else ""
        whole, rest = divmod(abs(self.fen), 100)
        return f"{sign}{whole:,}.{rest:02d}"

    @property
    def wan(self) -> str:
        """``12.86``: ten-thousands of yuan to two decimals, halves away from zero; for lists with the unit on top."""
        hundredths = half_up(Fraction(abs(self.fen), 10_000))
        whole, rest = divmod(hundredths, 100)
        return f"{'−' if self.fen < 0 and hundredths else ''}{whole:,}.{rest:02d}"

    @property
    def capitals(self) -> str:
        """``壹拾贰万捌仟陆佰元整``: the amount in capitals, as on notices."""
        return capitals(self.fen)


def half_up(value: Fraction) -> int:
    """Nearest integer, halves away from minus infinity (half up), exact: selection.md, head."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def capitals(fen: int) -> str:
    """Amount in fen → Chinese capitals; refuses negative amounts with ``ValueError``."""
    if fen < 0:
        message = "capitals are written for amounts of zero and more"
        raise ValueError(message)
    yuan, cents = divmod(fen, 100)
    jiao, rest = divmod(cents, 10)
    words = f"{_integer_capitals(yuan)}元" if yuan else ""
    if not cents:
        return f"{words or '零元'}整"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif yuan:
        words += _DIGITS[0]
    return f"{words}{_DIGITS[rest]}分" if rest else f"{words}整"


def _integer_capitals(number: int) -> str:
    """Digits of a positive integer with their places; one 零 for each run of missing places."""
    words, missing = "", False
    for power in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**power % 10
        group, place = divmod(power, 4)
        if digit:
            words += ("零" if missing else "") + _DIGITS[digit] + _SMALL[place]
            missing = False
        else:
            missing = True
        if place == 0 and number // 10**power % 10_000:
            words += _GROUPS[group]
    return words
