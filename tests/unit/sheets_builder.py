"""Workbooks for tests of the sheets, written as a person's spreadsheet would: by heads, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter  # type: ignore[import-untyped]  # the library has no types

from marketplace.sheets.columns import AGENCY_BOOK, DEMANDS, SheetForm

FORMS = {form.name: form for form in (*AGENCY_BOOK, DEMANDS)}

DEMAND = {
    "project_code": "2610-330304-04-01-104270",
    "project_name": "瓯海区示例片区工程（示例）",
    "owner_name": "瓯海示例建设投资有限公司（示例）",
    "owner_uscc": "91990103MA0009036F",
    "region": "330304 瓯海区",
    "place": "梧田街道",
    "item": "RA03 水土保持方案编制",
    "buyer_class": "财政资金",
    "quantity": 1,
    "unit": "份",
    "ceiling": 180000,
    "max_days": 30,
}
COMPREHENSIVE = {
    **DEMAND,
    "mode": "综合比选",
    "sign_up_workdays": 3,
    "offer_workdays": 2,
    "min_bidders": 3,
    "weight_price": 60,
    "weight_days": 20,
    "weight_credit": 20,
    "price_formula": "最低价为基准",
}
MULTI_ROUND = {
    **DEMAND,
    "mode": "多轮竞价",
    "sign_up_workdays": 3,
    "min_bidders": 3,
    "step": "1000.00",
    "step_basis": "比当前最优",
    "rounds": 3,
    "round_kinds": "首轮密封",
    "first_round_at": "09:30",
    "round_minutes": 30,
    "break_minutes": 10,
}
MEAN_PRICE = {
    **DEMAND,
    "mode": "均价选取",
    "sign_up_workdays": 3,
    "offer_workdays": 2,
    "min_bidders": 5,
    "drop_from": 5,
    "extremes": "不能中选",
}
RANDOM_DRAW = {**DEMAND, "mode": "随机抽取", "sign_up_workdays": 3, "min_bidders": 3}
CREDIT_DRAW = {**RANDOM_DRAW, "mode": "信用择优", "big_list": 4, "small_list": 2}
DIRECT = {**DEMAND, "item": "SV12", "buyer_class": "自愿选取", "mode": "直接选取"}
INSTANT = {**DEMAND, "mode": "立等可取", "instant_rule": "价格最低", "quantity": 4}

AGENCY = {
    "uscc": "91990003MA00001460",
    "name": "温州瓯越水保工程咨询有限公司（示例）",
    "kind": "企业",
    "region": "330304 瓯海区",
    "legal_representative": "郑*霁（示例）",
    "contact": "业务部（示例）",
    "phone": "0577-0000-0014",
}
OTHER_USCC = "91990001MA00000157"
QUALIFICATION = {
    "uscc": AGENCY["uscc"],
    "kind": "工程咨询资信",
    "grade": "甲级",
    "number": "示例-ZX-0014",
    "issuer": "省级工程咨询行业组织（示例）",
    "valid_from": date(2024, 1, 1),
    "valid_to": date(2028, 12, 31),
}
SHELF_OFFER = {
    "uscc": AGENCY["uscc"],
    "item": "RA03",
    "unit": "公顷",
    "unit_price": 1260,
    "minimum_fee": 6000,
    "days": 12,
    "capacity": 8,
    "valid_from": "2026-11-01",
    "valid_to": "2027-10-31",
}


def book(sheets: Mapping[str, Sequence[Mapping[str, Any]]], *, keys_row: bool = True) -> bytes:
    """Sheets by name with rows by key → the bytes of a workbook with the full heads of each."""
    return raw_book({name: grid(FORMS[name], rows, keys_row=keys_row) for name, rows in sheets.items()})


def grid(form: SheetForm, rows: Sequence[Mapping[str, Any]], *, keys_row: bool = True) -> list[list[Any]]:
    """Heads, keys and rows of one sheet, cell by cell."""
    heads = [[column.head for column in form.columns]]
    keys = [[column.key for column in form.columns]] if keys_row else []
    return [*heads, *keys, *([row.get(column.key, "") for column in form.columns] for row in rows)]


def raw_book(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Sheets as grids → bytes; a text that begins with ``=`` becomes a formula, dates become date cells."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        dates = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm", time: "hh:mm"}
        formats = {kind: workbook.add_format({"num_format": shape}) for kind, shape in dates.items()}
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if type(cell) in formats:
                        sheet.write_datetime(row, column, cell, formats[type(cell)])
                    elif isinstance(cell, str) and not cell.startswith("="):
                        sheet.write_string(row, column, cell)
                    else:
                        sheet.write(row, column, cell)
    return out.getvalue()


def with_part(data: bytes, path: str, content: bytes) -> bytes:
    """The same archive with one part replaced or added."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != path:
                new.writestr(entry.filename, old.read(entry.filename))
        new.writestr(path, content)
    return out.getvalue()


def part(data: bytes, path: str) -> bytes:
    """One part of the archive, unpacked."""
    with ZipFile(BytesIO(data)) as archive:
        return archive.read(path)
