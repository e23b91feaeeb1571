"""Bytes that are no workbook, or too much of one, are refused in a sentence, never with a traceback."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from marketplace.sheets import workbook
from marketplace.sheets.agencies import read_agencies
from marketplace.sheets.answers import Loaded, Rejected
from marketplace.sheets.columns import AGENCIES
from marketplace.sheets.workbook import MAX_COLUMNS, MAX_ROWS, UnreadableWorkbook, read_workbook
from tests.unit.sheets_builder import AGENCY, book, grid, part, raw_book, with_part

GOOD = book({"机构": [AGENCY]})
SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def refusal(data):
    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(data)
    return refused.value.fault


def sheet_of(rows: bytes) -> bytes:
    return with_part(raw_book({"机构": []}), SHEET, HEAD + rows + TAIL)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"uscc,name\n", "不是 .xlsx"),
        (b"PK\x05\x06" + bytes(18), "不是 .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "不是 .xlsx"),
        (GOOD[: len(GOOD) // 2], "不是 .xlsx"),
        (bytes(workbook.MAX_BYTES + 1), "10 MB"),
    ],
)
def test_what_is_no_workbook_is_refused(data, words):
    fault = refusal(data)
    assert words in fault.reason
    assert (fault.sheet, fault.row, fault.column) == ("", None, "")
    assert read_agencies(data, on=date(2026, 11, 23)) == Rejected((fault,))


def test_a_zip_bomb_is_refused_before_it_unpacks(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 2**20)
    bomb = with_part(GOOD, "xl/styles.xml", b" " * 2**21)
    assert len(bomb) < 2**15
    assert "解压后超过 1 MB" in refusal(bomb).reason


def test_a_part_that_lies_about_its_size_is_refused():
    lying = bytearray(with_part(GOOD, "xl/styles.xml", b"<styleSheet/>" + b" " * 50_000))
    with ZipFile(BytesIO(lying)) as archive:
        size = archive.getinfo("xl/styles.xml").file_size.to_bytes(4, "little")
    for _ in range(lying.count(size)):
        place = lying.index(size)
        lying[place : place + 4] = (10).to_bytes(4, "little")
    assert "不是 .xlsx" in refusal(bytes(lying)).reason


def test_parts_of_one_name_and_too_many_parts_are_refused():
    out = BytesIO(GOOD)
    with ZipFile(out, "a", ZIP_DEFLATED) as archive:
        archive.writestr("XL/Workbook.xml", b"<workbook/>")
    assert "不是 .xlsx" in refusal(out.getvalue()).reason
    out = BytesIO(GOOD)
    with ZipFile(out, "a", ZIP_DEFLATED) as archive:
        for number in range(workbook.MAX_PARTS):
            archive.writestr(f"xl/media/{number}.png", b"")
    assert "不是 .xlsx" in refusal(out.getvalue()).reason


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        (SHEET, b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet/>", "文档类型"),
        (SHEET, b"<worksheet><sheetData>", "损坏"),
        (SHEET, HEAD + b'<row r="1"><c r="1A"><v>1</v></c></row>' + TAIL, "损坏"),
        (SHEET, b"<a>" * 2**20, "损坏"),
        ("xl/workbook.xml", b"<a>" * 2**20, "损坏"),
        ("xl/workbook.xml", b"not xml", "损坏"),
        ("xl/workbook.xml", b"<workbook><sheets/></workbook>", "工作表"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships/>", "工作表"),
    ],
)
def test_parts_that_cannot_be_believed_are_refused(path, content, words):
    assert words in refusal(with_part(GOOD, path, content)).reason


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="5101"><c><v>1</v></c></row>',
        b'<row r="1"><c r="CW1" t="inlineStr"><is><t>x</t></is></c></row>',
        b"<row r='1'><x:c xmlns:x='y' r='A999999999999'><x:v>1</x:v></x:c></row>",
    ],
)
def test_a_cell_far_away_is_refused_before_space_is_made_for_it(rows):
    assert "超出" in refusal(sheet_of(rows)).reason


def test_formatted_but_empty_cells_far_away_do_no_harm():
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert read_workbook(sheet_of(rows))["机构"].rows == ((1.0,),)


def test_the_bounds_themselves_are_inside():
    cell = b'<row r="5100"><c r="CV5100"><v>1</v></c></row>'
    rows = read_workbook(sheet_of(cell))["机构"].rows
    assert (len(rows), len(rows[-1])) == (MAX_ROWS, MAX_COLUMNS)


def test_formulas_and_error_values_keep_their_places():
    rows = b'<row r="2"><c r="B2"><f>1+1</f><v>2</v></c><c r="C2" t="e"><v>#REF!</v></c><c><f>A1</f></c></row>'
    sheet = read_workbook(sheet_of(rows))["机构"]
    assert sheet.formulas == {(2, 2), (2, 4)}
    assert sheet.errors == {(2, 3)}


@pytest.mark.parametrize("key", ["mark", "name"])
def test_an_error_value_is_never_taken_for_an_empty_cell(key):
    column = next(column for column in AGENCIES.columns if column.key == key)
    data = raw_book({"机构": grid(AGENCIES, [{**AGENCY, key: 4711}])})
    content = part(data, SHEET)
    assert content.count(b"><v>4711</v>") == 1
    broken = content.replace(b"><v>4711</v>", b' t="e"><v>#REF!</v>')
    answer = read_agencies(with_part(data, SHEET, broken), on=date(2026, 11, 23))
    assert isinstance(answer, Rejected)
    assert [str(fault) for fault in answer.faults] == [f"「机构」第 3 行「{column.head}」：单元格是错误值（如 #REF!）"]


def test_what_a_part_says_of_its_encoding_does_not_matter():
    content = part(GOOD, SHEET).replace(b'encoding="UTF-8"', b'encoding="UTF-99"')
    assert isinstance(read_agencies(with_part(GOOD, SHEET, content), on=date(2026, 11, 23)), Loaded | Rejected)


def test_no_damage_to_the_bytes_gives_more_than_a_refusal():
    random = Random(20261123)
    for _ in range(60):
        damaged = bytearray(GOOD)
        for _ in range(random.randint(1, 8)):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        assert isinstance(read_agencies(bytes(damaged), on=date(2026, 11, 23)), Loaded | Rejected)


def test_no_damage_to_the_sheet_gives_more_than_a_refusal():
    random = Random(20261124)
    content = part(GOOD, SHEET)
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(random.randint(1, 4)):
            damaged[random.randrange(len(damaged))] = random.choice(b'<>/="0123456789ABrstcvfe ')
        answer = read_agencies(with_part(GOOD, SHEET, bytes(damaged)), on=date(2026, 11, 23))
        assert isinstance(answer, Loaded | Rejected)
