"""A list as a sheet: texts stay texts, amounts are exact, the same list gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from commons.money import Money
from marketplace.sheets.listing import FORMULA_STARTS, MAX_CELL, ListColumn, Listing, Value, write_listing

AT = datetime(2026, 11, 23, 3, 4, 5, 678, tzinfo=UTC)
COLUMNS = (ListColumn("文"), ListColumn("数"), ListColumn("额（元）"), ListColumn("时"), ListColumn("日"))


def listing(*rows: Sequence[Value], said: Sequence[str] = ("条件：无",)) -> Listing:
    return Listing("示例", said, COLUMNS, rows, AT)


def part(made: bytes, name: str) -> str:
    with ZipFile(BytesIO(made)) as archive:
        return archive.read(name).decode()


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "http://x")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_never_becomes_a_formula_or_a_link(text: str) -> None:
    made = write_listing(listing((text, 1, Money(1), AT, None), said=[text]))
    sheet = part(made, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    rows = CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_name("示例").to_python()
    assert str(rows[1][0]).strip() == str(rows[3][0]).strip() == text.strip()
    is_marked = 'quotePrefix="1"' in part(made, "xl/styles.xml")
    assert is_marked == text.startswith(FORMULA_STARTS)


def test_values_are_what_they_were() -> None:
    made = write_listing(
        listing(("甲", 7, Money(123_456_789_012), AT, date(2026, 11, 23)), (None, None, None, None, None))
    )
    rows = CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_name("示例").to_python()
    assert rows[2] == ["文", "数", "额（元）", "时", "日"]
    assert rows[3] == ["甲", 7.0, 1_234_567_890.12, datetime(2026, 11, 23, 11, 4, 5), date(2026, 11, 23)]  # noqa: DTZ001 - a sheet has no zone


def test_the_same_list_is_the_same_bytes() -> None:
    rows = [("甲", number, Money(number), AT, None) for number in range(50)]
    assert write_listing(listing(*rows)) == write_listing(listing(*rows))
    assert write_listing(listing(*rows)) != write_listing(listing(*rows[:-1]))


def test_a_text_is_cut_where_a_cell_ends() -> None:
    made = write_listing(listing(("字" * (MAX_CELL + 5), 1, None, None, None)))
    rows = CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_name("示例").to_python()
    assert len(str(rows[3][0])) == MAX_CELL
