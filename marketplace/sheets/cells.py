"""One cell → one value, or why not, in words for the person who filled the sheet.

Invariants: amounts go from the cell's shortest decimal text to whole fen without any binary arithmetic; nothing is
rounded or guessed; text keeps no control characters and never begins like a formula. Source: selection.md, head.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from commons.codes import MAX_TYPED, ProjectCode, Uscc
from commons.errors import Malformed
from commons.money import MAX_FEN
from commons.regions import REGIONS, Region
from marketplace.catalogue.items import Catalogue, ServiceItem
from marketplace.sheets.workbook import Cell

T = TypeVar("T")

EXACT_DIGITS = 15
"""Digits a spreadsheet keeps of a number; longer ones are only safe as text."""

FIRST_YEAR = 1950
LAST_YEAR = 2199

_FORMULA_STARTS = ("=", "+", "-", "@")
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]+)?|[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,24}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_CODE_DIGITS = 6
_ENUMERATED = re.compile("[、；;，,]")


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a cell is not taken."""

    reason: str


Reader = Callable[[Cell], T | Wrong]


def is_blank(cell: Cell) -> bool:
    """Whether nothing is written in the cell."""
    return isinstance(cell, str) and not cell.strip()


def written(cell: Cell) -> str | Wrong:
    """The text of a cell on one line; a whole number counts as its digits while the spreadsheet kept them all."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return Wrong("应为文本")
    if isinstance(cell, str):
        return _line(cell)
    number = _exact(cell)
    if number is None or number.denominator != 1 or abs(number) >= 10**EXACT_DIGITS:
        return Wrong("请先把单元格设为“文本”格式再填写（按数字保存会丢失位数）")
    return str(number.numerator)


def text(limit: int) -> Reader[str]:
    """Text of 1 to ``limit`` characters."""

    def read(cell: Cell) -> str | Wrong:
        line = written(cell)
        if isinstance(line, Wrong):
            return line
        if line.startswith(_FORMULA_STARTS):
            return Wrong("不能以 = + - @ 开头")
        return line if len(line) <= limit else Wrong(f"最多 {limit} 个字")

    return read


def phone(cell: Cell) -> str | Wrong:
    """A telephone number: digits, spaces and hyphens, perhaps a + before them."""
    line = written(cell)
    if isinstance(line, Wrong):
        return line
    return line if _PHONE.fullmatch(line) else Wrong("应为电话号码，如 0577-0000-0001")


def uscc(cell: Cell) -> str | Wrong:
    """A unified social credit code whose check character is right."""
    line = _code(cell)
    if isinstance(line, Wrong):
        return line
    try:
        return Uscc.parse(line).code
    except Malformed as malformed:
        words = {
            "uscc_length": "统一社会信用代码应为 18 位",
            "uscc_characters": "统一社会信用代码含有不该有的字符",
            "uscc_check": "统一社会信用代码校验位不对，请核对",
        }
        return Wrong(words[malformed.faults[0].code])


def project_code(cell: Cell) -> str | Wrong:
    """The code of an investment project, with a region that existed."""
    line = _code(cell)
    if isinstance(line, Wrong):
        return line
    try:
        return ProjectCode.parse(line).code
    except Malformed as malformed:
        if malformed.faults[0].code == "project_code_region":
            return Wrong("项目代码中的行政区划不存在")
        return Wrong("项目代码格式应如 2610-330304-04-01-104270")


def region(on: date) -> Reader[str]:
    """A city or county in force on the day: its code, ``330304 瓯海区`` as in the list, or its name alone."""
    return _named([place for place in REGIONS.rows if place.level != "province" and place.validity.contains(on)])


def registered_in(on: date) -> Reader[str]:
    """Where somebody may be registered: a city or county as above, or another province."""
    return _named([one for one in REGIONS.registering(on) if one.level != "province" or REGIONS.is_beyond(one.code)])


def _named(places: Sequence[Region]) -> Reader[str]:

    def read(cell: Cell) -> str | Wrong:
        line = written(cell)
        if isinstance(line, Wrong):
            return line
        given = line[:_CODE_DIGITS] if line[:_CODE_DIGITS].isascii() and line[:_CODE_DIGITS].isdigit() else ""
        named = [place for place in places if (place.code == given if given else line in _names(place))]
        if len(named) != 1:
            return Wrong("没有这个市或县（市、区），或已撤销；请从下拉列表选择")
        rest = line[_CODE_DIGITS:].strip() if given else ""
        if rest and rest not in _names(named[0]):
            return Wrong(f"代码 {given} 是{named[0].name}，与所写名称不符")
        return named[0].code

    return read


def service_item(catalogue: Catalogue) -> Reader[ServiceItem]:
    """A service item: its code, ``RA03 水土保持方案编制`` as in the list, or its full name."""

    def read(cell: Cell) -> ServiceItem | Wrong:
        line = written(cell)
        if isinstance(line, Wrong):
            return line
        for item in catalogue.items:
            if line in {item.code, item.name, f"{item.code} {item.name}"}:
                return item
        return Wrong("没有这个中介服务事项；请从下拉列表选择")

    return read


def choice(words: Mapping[str, T]) -> Reader[T]:
    """One of the given words."""

    def read(cell: Cell) -> T | Wrong:
        line = written(cell)
        if isinstance(line, Wrong):
            return line
        return words[line] if line in words else Wrong(f"应为：{'、'.join(words)}")

    return read


def several(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """Values between enumeration marks, each written once; the first that is wrong is named."""

    def read_all(cell: Cell) -> tuple[T, ...] | Wrong:
        line = written(cell) if isinstance(cell, str) else ""
        if isinstance(line, Wrong):
            return line
        parts = [part.strip() for part in _ENUMERATED.split(line)] if line else [cell]
        found: list[T] = []
        for part in parts:
            value = read(part)
            if isinstance(value, Wrong):
                return Wrong(f"「{part}」{value.reason}" if len(parts) > 1 else value.reason)
            if value in found:
                return Wrong(f"「{part}」写了两次")
            found.append(value)
        return tuple(found)

    return read_all


def integer(low: int, high: int) -> Reader[int]:
    """A whole number from ``low`` to ``high``."""

    def read(cell: Cell) -> int | Wrong:
        number = _number(cell)
        wrong = Wrong(f"应为 {low} 至 {high} 的整数")
        if number is None or number.denominator != 1 or not low <= number <= high:
            return wrong
        return number.numerator

    return read


def fen(*, least: int) -> Reader[int]:
    """Yuan with at most two decimals → fen, from ``least`` fen on; never rounded."""
    return _hundredths(least, MAX_FEN, "金额应为以元计的数字，如 180000.00", "金额最多两位小数（分）")


def hundredths(low: int, high: int) -> Reader[int]:
    """Points with at most two decimals → hundredths of points, within ``low`` and ``high`` hundredths."""
    return _hundredths(low, high, f"应为 {Decimal(low) / 100} 至 {Decimal(high) / 100} 的数字", "最多两位小数")


def day(cell: Cell) -> date | Wrong:
    """A civil day: a date cell, or ``YYYY-MM-DD`` as text."""
    if isinstance(cell, datetime) and cell.time() != time():
        return Wrong("只填日期，不填时刻")
    found = _day(cell)
    if found is None:
        return Wrong("应为日期，如 2026-11-23（日期格式的单元格或这样的文本）")
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else Wrong(f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间")


def minute_of_day(cell: Cell) -> int | Wrong:
    """A time of the day, ``HH:MM``: a time cell or text → minutes since midnight."""
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute
    line = _line(cell) if isinstance(cell, str) else Wrong("")
    parts = None if isinstance(line, Wrong) else _TIME.fullmatch(line)
    return int(parts[1]) * 60 + int(parts[2]) if parts else Wrong("应为时刻，如 09:30")


def _day(cell: Cell) -> date | None:
    """The day in a date cell or in text."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    line = _line(cell) if isinstance(cell, str) else Wrong("")
    if isinstance(line, Wrong) or not _DAY.fullmatch(line):
        return None
    try:
        return date.fromisoformat(line)
    except ValueError:
        return None


def _hundredths(low: int, high: int, shape: str, decimals: str) -> Reader[int]:
    def read(cell: Cell) -> int | Wrong:
        number = _number(cell)
        if number is None:
            return Wrong(shape)
        scaled = number * 100
        if scaled.denominator != 1:
            return Wrong(decimals)
        if not low <= scaled <= high:
            return Wrong(f"应在 {Decimal(low) / 100} 至 {Decimal(high) / 100} 之间")
        return scaled.numerator

    return read


def _number(cell: Cell) -> Fraction | None:
    """A number cell by its shortest decimal text, or digits typed as text (grouping commas allowed)."""
    if isinstance(cell, str):
        line = _line(cell)
        if isinstance(line, Wrong) or len(line) > MAX_TYPED:
            return None
        digits = unicodedata.normalize("NFKC", line)
        return Fraction(digits.replace(",", "")) if _AMOUNT.fullmatch(digits) else None
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return _exact(cell)


def _exact(cell: float) -> Fraction | None:
    """The number a person sees in the cell (its shortest decimal text), exactly; None when it is not finite."""
    number = Decimal(repr(cell))
    return Fraction(number) if number.is_finite() else None


def _line(typed: str) -> str | Wrong:
    """The text on one line, outer space gone; refuses characters that cannot be seen."""
    line = " ".join(typed.split())
    if any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Cn"} for char in line):
        return Wrong("含有看不见的控制字符，请重新输入")
    return line


def _code(cell: Cell) -> str | Wrong:
    line = written(cell)
    if isinstance(line, Wrong) or len(line) <= MAX_TYPED:
        return line
    return Wrong(f"最多 {MAX_TYPED} 个字符")


def _names(place: Region) -> set[str]:
    """How people write a region: its name, with or without the city before it."""
    full = REGIONS.full_name(place.code)
    return {place.name, full, full.replace(" · ", "")}
