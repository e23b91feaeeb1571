"""A list as an Excel file: a head that says what it is, then every row; what people wrote can never become a formula.

Invariants: texts are written as texts, and one that begins like a formula (``= + - @``, tab, carriage return) carries
Excel's mark for text besides, so that editing the cell keeps it one; the value itself is never changed. Amounts are
exact. The same list of the same instant gives the same bytes. Rows are written as they come and not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter  # type: ignore[import-untyped]  # the library has no types
from xlsxwriter.format import Format  # type: ignore[import-untyped]  # the library has no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # the library has no types

from commons.instants import BEIJING
from commons.money import Money

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet may take for a formula."""
MAX_CELL = 32_000
"""Characters of a cell; Excel takes 32,767."""
MAX_WIDTH = 48

Value = str | int | Decimal | Money | datetime | date | None


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: its head and its width in characters."""

    head: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with its title, what its head says line by line, its columns, and when it was read."""

    title: str
    said: Sequence[str]
    columns: Sequence[ListColumn]
    rows: Iterable[Sequence[Value]]
    at: datetime


class _Formats:
    """The few cell formats of a list."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.said: Format = book.add_format({"font_color": "#5A6472"})
        self.head: Format = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        self.text: Format = book.add_format({"num_format": "@"})
        self.risky: Format = book.add_format({"num_format": "@", "quote_prefix": True})
        self.number: Format = book.add_format({"num_format": "#,##0"})
        self.amount: Format = book.add_format({"num_format": "#,##0.00"})
        self.decimal: Format = book.add_format({"num_format": "#,##0.####"})
        self.instant: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd"})


def write_listing(listing: Listing) -> bytes:
    """The list as ``.xlsx``; amounts in 元, instants in Beijing time."""
    out = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        made = listing.at.astimezone(UTC).replace(microsecond=0)
        book.set_properties({"title": listing.title, "author": "涉批中介网上超市", "created": made})
        formats = _Formats(book)
        sheet = book.add_worksheet(listing.title)
        for index, column in enumerate(listing.columns):
            sheet.set_column(index, index, min(column.width, MAX_WIDTH))
        head = len(listing.said) + 1
        sheet.freeze_panes(head + 1, 1)
        sheet.write_string(0, 0, listing.title, formats.title)
        for number, line in enumerate(listing.said, 1):
            _write(sheet, (number, 0), line, formats)
        for index, column in enumerate(listing.columns):
            sheet.write_string(head, index, column.head, formats.head)
        last = head
        for last, row in enumerate(listing.rows, head + 1):
            for index, value in enumerate(row):
                _write(sheet, (last, index), value, formats)
        sheet.autofilter(head, 0, max(last, head), len(listing.columns) - 1)
    return out.getvalue()


def _write(sheet: Worksheet, place: tuple[int, int], value: Value, formats: _Formats) -> None:
    match value:
        case None | "":
            return
        case str():
            text = value[:MAX_CELL]
            sheet.write_string(*place, text, formats.risky if text.startswith(FORMULA_STARTS) else formats.text)
        case Money():
            sheet.write_number(*place, Decimal(value.fen).scaleb(-2), formats.amount)
        case int():
            sheet.write_number(*place, value, formats.number)
        case Decimal():
            sheet.write_number(*place, value, formats.decimal)
        case datetime():
            sheet.write_datetime(*place, value.astimezone(BEIJING).replace(tzinfo=None, microsecond=0), formats.instant)
        case date():
            sheet.write_datetime(*place, value, formats.day)
