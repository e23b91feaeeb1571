"""A sheet by its heads: which columns there are, which rows hold data, and one row read cell by cell.

Invariants: a column is found by its head or key, whatever its place; every fault of a row is kept, none stops the
next; a formula or error cell is a fault where it stands and is never read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from marketplace.sheets.answers import Ignored, SheetFault
from marketplace.sheets.cells import Reader, Wrong, is_blank, written
from marketplace.sheets.columns import EXAMPLE, EXPLANATION, LISTS, MARK, SheetForm
from marketplace.sheets.workbook import Cell, RawSheet, UnreadableWorkbook, read_workbook

T = TypeVar("T")

_NOTHING = frozenset({"", "无", "—", "-", "/"})
"""What people write into a cell that does not apply."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What one cell gave: nothing when it was empty or wrong."""

    found: T | None

    @property
    def value(self) -> T:
        """The value of a cell that had to be filled; asked only of a row without faults."""
        assert self.found is not None, "a value is asked of a row with faults"
        return self.found


@dataclass(slots=True)
class Row:
    """One row of data; faults gather here, in the order in which cells are asked for."""

    form: SheetForm
    number: int
    cells: Mapping[str, Cell]
    refused: Mapping[str, str]
    faults: list[SheetFault] = field(default_factory=list)
    places: Mapping[str, int] = field(default_factory=dict)

    def wrong(self, key: str, reason: str, code: str = "value") -> None:
        """Note a fault at the column of this key."""
        head = next(column.head for column in self.form.columns if column.key == key)
        cell = address_of(self.number, self.places[key]) if key in self.places else ""
        self.faults.append(SheetFault(self.form.name, self.number, head, reason, code, cell))

    def has_fault(self, key: str) -> bool:
        """Whether a fault was noted at the column of this key."""
        head = next(column.head for column in self.form.columns if column.key == key)
        return any(fault.column == head for fault in self.faults)

    def is_empty(self, key: str) -> bool:
        """Whether nothing stands there, or only a sign for nothing."""
        cell = self.cells.get(key, "")
        return key not in self.refused and isinstance(cell, str) and cell.strip() in _NOTHING

    def required(self, key: str, read: Reader[T]) -> Answer[T]:
        """What the cell says; an empty one is a fault."""
        if self.is_empty(key):
            self.wrong(key, "必填", "required")
        return self.optional(key, read)

    def optional(self, key: str, read: Reader[T]) -> Answer[T]:
        """What the cell says, nothing when it is empty; a fault is noted and also gives nothing."""
        if self.is_empty(key):
            return Answer(None)
        if key in self.refused:
            self.wrong(key, self.refused[key], "formula_or_error")
            return Answer(None)
        value = read(self.cells[key])
        if isinstance(value, Wrong):
            self.wrong(key, value.reason)
            return Answer(None)
        return Answer(value)


@dataclass(slots=True)
class Table:
    """The rows of data of one sheet; ``faults`` are those of its heads."""

    form: SheetForm
    rows: list[Row] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    examples_skipped: int = 0

    def all_faults(self) -> tuple[SheetFault, ...]:
        """Those of the sheet and of all rows, by row and column as they stand in the form."""
        places = {column.head: place for place, column in enumerate(self.form.columns)}
        faults = [*self.faults, *(fault for row in self.rows for fault in row.faults)]
        return tuple(sorted(faults, key=lambda fault: (fault.row or 0, places.get(fault.column, -1))))


def read_tables(data: bytes, book: tuple[SheetForm, ...]) -> Mapping[str, Table] | SheetFault:
    """The sheets of a book by name, each with its faults; one fault when the file itself cannot be read."""
    try:
        sheets = read_workbook(data)
    except UnreadableWorkbook as unreadable:
        return unreadable.fault
    tables = {form.name: _table(form, sheets.get(form.name)) for form in book}
    known = {*tables, EXPLANATION, LISTS}
    for sheet in sheets.values():
        if sheet.name not in known and any(not is_blank(cell) for row in sheet.rows for cell in row):
            reason = f"不认识的工作表；应为 {'、'.join(tables)}"
            tables[book[0].name].faults.append(SheetFault(sheet.name, None, "", reason))
    return tables


def _table(form: SheetForm, sheet: RawSheet | None) -> Table:
    """The table of one sheet; a sheet that may be left out counts as empty."""
    table = Table(form)
    if sheet is None:
        if not form.is_optional:
            table.faults.append(SheetFault(form.name, None, "", "缺少这张工作表", "missing_sheet"))
        return table
    keys = _keys(table, sheet)
    if table.faults:
        return table
    for number, cells in enumerate(sheet.rows[1:], start=2):
        _add_row(table, sheet, keys, number, cells)
    if not table.rows and not form.is_optional:
        table.faults.append(SheetFault(form.name, None, "", "没有可读取的数据行", "no_rows"))
    return table


def _keys(table: Table, sheet: RawSheet) -> dict[int, str]:
    """Index of a column → key, by the heads in row 1; notes missing, doubled and unknown heads."""
    known = {_plain(word): column for column in table.form.columns for word in (column.head, column.key)}
    keys: dict[int, str] = {}
    for index, cell in enumerate(sheet.rows[0] if sheet.rows else ()):
        column = known.get(_plain(str(cell)))
        if column is None:
            if not is_blank(cell):
                table.ignored.append(Ignored(table.form.name, str(cell).strip()))
        elif column.key in keys.values():
            table.faults.append(
                SheetFault(
                    table.form.name, 1, column.head, "这一列出现了两次", "column_twice", address_of(1, index + 1)
                )
            )
        else:
            keys[index] = column.key
    for column in table.form.columns:
        if column.is_required and column.key not in keys.values():
            table.faults.append(SheetFault(table.form.name, 1, column.head, "缺少这一列", "missing_column"))
    return keys


def _add_row(table: Table, sheet: RawSheet, keys: Mapping[int, str], number: int, cells: tuple[Cell, ...]) -> None:
    """Keep a row unless it is blank, the row of keys, or an example."""
    named = {key: cells[index] for index, key in keys.items()}
    refused = _refused(sheet, keys, number)
    if not refused:
        filled = {key: cell for key, cell in named.items() if not is_blank(cell)}
        if not filled:
            _check_unnamed(table, sheet, keys, number, cells)
            return
        if number == 2 and all(cell == key for key, cell in filled.items()):  # noqa: PLR2004 - the template's second row
            return
        if written(filled.get(MARK, "")) == EXAMPLE:
            table.examples_skipped += 1
            return
    _check_unnamed(table, sheet, keys, number, cells)
    row = Row(table.form, number, named, refused, places={key: index + 1 for index, key in keys.items()})
    row.optional(MARK, written)
    table.rows.append(row)


def _refused(sheet: RawSheet, keys: Mapping[int, str], number: int) -> dict[str, str]:
    """Why some cells of the row are not read whatever they show."""
    refused: dict[str, str] = {}
    for index, key in keys.items():
        place = (number, index + 1)
        if place in sheet.formulas:
            refused[key] = "单元格是公式，请改为数值（复制后“粘贴为值”）"
        elif place in sheet.errors:
            refused[key] = "单元格是错误值（如 #REF!）"
    return refused


def _check_unnamed(
    table: Table, sheet: RawSheet, keys: Mapping[int, str], number: int, cells: tuple[Cell, ...]
) -> None:
    """A value under no head at all would be lost without a word: note it."""
    heads = sheet.rows[0]
    for index, cell in enumerate(cells):
        if index not in keys and is_blank(heads[index]) and not is_blank(cell):
            table.faults.append(
                SheetFault(
                    table.form.name,
                    number,
                    "",
                    f"第 {index + 1} 列有内容却没有表头",
                    "no_head",
                    address_of(number, index + 1),
                )
            )


def address_of(row: int, column: int) -> str:
    """The address of a cell as Excel writes it: row 12, column 3 → ``C12``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _plain(head: str) -> str:
    """A head without its spaces and width of characters."""
    return "".join(unicodedata.normalize("NFKC", head).split())
