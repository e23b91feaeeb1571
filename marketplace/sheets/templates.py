"""The Excel templates: heads, keys, example rows, lists to choose from, and a sheet that explains every column.

Invariants: the same columns that reading expects (columns.py); the same bytes on every run; money and codes are cells
that keep what is typed. Example rows are marked and are skipped when the file is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]  # the library has no types
from xlsxwriter.format import Format  # type: ignore[import-untyped]  # the library has no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # the library has no types

from commons.regions import REGIONS
from marketplace.catalogue.items import Catalogue, load_catalogue
from marketplace.sheets.columns import (
    AGENCY_BOOK,
    DEMAND_BOOK,
    EXPLANATION,
    LISTS,
    MARK,
    Choices,
    Column,
    Look,
    SheetForm,
)
from marketplace.sheets.workbook import MAX_BYTES, MAX_ROWS

AGENCIES_FILE = "机构模板.xlsx"
DEMANDS_FILE = "需求模板.xlsx"

_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in every template as its date, so that equal templates are equal files."""

_LIST_NAMES: Mapping[Choices, str] = {
    "regions": "行政区划",
    "registered": "注册地",
    "items": "中介服务事项",
    "kinds": "资质种类",
    "grades": "资质等级",
}
_FIRST_DATA_ROW = 2
_NUMBER_FORMATS: Mapping[Look, str] = {
    "text": "@",
    "decimal": "#,##0.00",
    "integer": "0",
    "date": "yyyy-mm-dd",
    "time": "@",
}
_WIDTHS = (8, 42)
_GENERAL = (
    "只读取下列工作表；第 1 行是表头，第 2 行是字段代号（可删），从第 3 行起填写，一行一条。",
    "“标记”列写“示例”的行不读取。不适用的格子留空（“无”“—”也算空）。",
    "全部行都正确才会导入；有错时一次列出全部错误，什么都不导入。",
    f"每张表到第 {MAX_ROWS} 行为止，文件不超过 {MAX_BYTES // 2**20} MB。",
    "金额以元填写，最多两位小数，不四舍五入。统一社会信用代码、项目代码、证书编号按文本填写。",
    "不要用公式（复制后“粘贴为值”），不要合并单元格。",
)


def agencies_template(*, on: date, catalogue: Catalogue | None = None) -> bytes:
    """The workbook that ``read_agencies`` reads; regions in force on the day stand in the lists."""
    return _template(AGENCY_BOOK, "机构、资质、业绩与上架报价", on, catalogue or load_catalogue())


def demands_template(*, on: date, catalogue: Catalogue | None = None) -> bytes:
    """The workbook that ``read_demands`` reads; regions in force on the day stand in the lists."""
    return _template(DEMAND_BOOK, "中介服务需求", on, catalogue or load_catalogue())


def write_templates(folder: Path, *, on: date) -> tuple[Path, ...]:
    """Write both templates into the folder (made when missing), over older ones; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = (folder / AGENCIES_FILE, folder / DEMANDS_FILE)
    written[0].write_bytes(agencies_template(on=on))
    written[1].write_bytes(demands_template(on=on))
    return written


def _template(book: tuple[SheetForm, ...], title: str, on: date, catalogue: Catalogue) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": title, "created": _MADE_AT, "author": "涉批中介网上超市"})
        formats = _Formats(workbook)
        sheets = [(form, workbook.add_worksheet(form.name)) for form in book]
        _explain(workbook.add_worksheet(EXPLANATION), book, title, formats)
        places = _write_lists(workbook.add_worksheet(LISTS), _lists(on, catalogue), formats)
        for form, sheet in sheets:
            _write_form(sheet, form, formats, places)
    return out.getvalue()


class _Formats:
    """The few cell formats of a template."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        line = {"text_wrap": True, "valign": "vcenter"}
        self.title: Format = workbook.add_format({"bold": True, "font_size": 14})
        self.wrapped: Format = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.head: Format = workbook.add_format({**line, "bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        self.optional_head: Format = workbook.add_format({**line, "bg_color": "#F4F6F8", "bottom": 1})
        self.key: Format = workbook.add_format({"font_color": "#5A6472", "font_size": 9, "bottom": 1})
        self.cells: Mapping[Look, Format] = {
            look: workbook.add_format({"num_format": number_format}) for look, number_format in _NUMBER_FORMATS.items()
        }


def _write_form(sheet: Worksheet, form: SheetForm, formats: _Formats, places: Mapping[Choices, str]) -> None:
    """Heads, keys and the examples of one sheet, with formats and lists down to the last row that is read."""
    for index, column in enumerate(form.columns):
        width = min(max(_WIDTHS[0], 2 * len(column.head) + 2, 2 * len(column.example)), _WIDTHS[1])
        sheet.set_column(index, index, width, formats.cells[column.look])
        sheet.write_string(0, index, column.head, formats.head if column.is_required else formats.optional_head)
        sheet.write_string(1, index, column.key, formats.key)
        for row, example in enumerate(form.examples, start=_FIRST_DATA_ROW):
            _write_example(sheet, (row, index), example.get(column.key, ""), column.look, formats)
        _add_choices(sheet, index, column, places)
    sheet.set_row(0, 32)
    sheet.freeze_panes(_FIRST_DATA_ROW, 2)


def _write_example(sheet: Worksheet, place: tuple[int, int], text: str, look: Look, formats: _Formats) -> None:
    """One cell of an example as a person would type it: dates and whole numbers as such, amounts as exact text."""
    if not text:
        return
    match look:
        case "integer":
            sheet.write_number(*place, int(text), formats.cells[look])
        case "date":
            sheet.write_datetime(*place, date.fromisoformat(text), formats.cells[look])
        case _:
            sheet.write_string(*place, text, formats.cells[look])


def _add_choices(sheet: Worksheet, index: int, column: Column, places: Mapping[Choices, str]) -> None:
    """A list to choose from; the marks and the long lists only warn, because shorter forms are read too."""
    if not column.choices:
        return
    source: str | list[str] = places[column.choices] if isinstance(column.choices, str) else list(column.choices)
    is_closed = not isinstance(column.choices, str) and column.key != MARK
    options = {
        "validate": "list",
        "source": source,
        "error_type": "stop" if is_closed else "information",
        "error_title": column.head,
        "error_message": "请从列表中选择",
    }
    sheet.data_validation(_FIRST_DATA_ROW, index, MAX_ROWS - 1, index, options)


def _lists(on: date, catalogue: Catalogue) -> Mapping[Choices, Sequence[str]]:
    """The long lists, each in a fixed order."""
    places = [place for place in REGIONS.rows if place.level != "province" and place.validity.contains(on)]
    grades = dict.fromkeys(grade for kind in catalogue.kinds for grade in kind.grades_best_first)
    return {
        "regions": [f"{place.code} {place.name}" for place in places],
        "items": [f"{item.code} {item.name}" for item in catalogue.items],
        "kinds": [kind.kind for kind in catalogue.kinds],
        "grades": list(grades),
        "registered": [f"{place.code} {place.name}" for place in (*places, *REGIONS.beyond)],
    }


def _write_lists(sheet: Worksheet, lists: Mapping[Choices, Sequence[str]], formats: _Formats) -> Mapping[Choices, str]:
    """One column for each list; where each stands, as a reference."""
    places: dict[Choices, str] = {}
    for index, (name, words) in enumerate(lists.items()):
        sheet.set_column(index, index, max(len(word) for word in words) * 2)
        sheet.write_string(0, index, _LIST_NAMES[name], formats.head)
        for row, word in enumerate(words, start=1):
            sheet.write_string(row, index, word)
        letter = chr(ord("A") + index)
        places[name] = f"={LISTS}!${letter}$2:${letter}${len(words) + 1}"
    return places


def _explain(sheet: Worksheet, book: tuple[SheetForm, ...], title: str, formats: _Formats) -> None:
    """What the file is for, how it is read, and every column with what it wants."""
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 2, 26)
    sheet.set_column(3, 3, 8)
    sheet.set_column(4, 4, 70, formats.wrapped)
    sheet.write_string(0, 0, f"{title}：填写说明", formats.title)
    row = 2
    for sentence in _GENERAL:
        sheet.write_string(row, 0, sentence)
        row += 1
    row += 1
    for index, head in enumerate(("工作表", "列", "字段代号", "必有", "怎样填")):
        sheet.write_string(row, index, head, formats.head)
    for form in book:
        for column in form.columns:
            row += 1
            choices = "、".join(column.choices) if not isinstance(column.choices, str) and column.choices else ""
            note = f"{column.note}（{choices}）" if choices else column.note
            cells = (form.name, column.head, column.key, "是" if column.is_required else "", note)
            for index, text in enumerate(cells):
                sheet.write_string(row, index, text)
