"""What reading a sheet answers: every row, or every fault; never a part of the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One thing wrong: sheet and column by their Chinese names, row as Excel counts; empty or None: the whole of it.

    ``cell`` is its address (``C12``) where one cell is meant, ``code`` the kind of fault, stable for programs.
    """

    sheet: str
    row: int | None
    column: str
    reason: str
    code: str = field(default="value", compare=False)
    cell: str = field(default="", compare=False)

    def __str__(self) -> str:
        place = f"「{self.sheet}」" if self.sheet else "文件"
        if self.row is not None:
            place += f"第 {self.row} 行"
        if self.column:
            place += f"「{self.column}」"
        return f"{place}：{self.reason}"


@dataclass(frozen=True, slots=True)
class Ignored:
    """A column with a head that no template has; it was not read."""

    sheet: str
    column: str


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Row]):
    """All rows in the order of the sheet, what was left aside: unknown columns, and the number of example rows."""

    rows: tuple[Row, ...]
    ignored: tuple[Ignored, ...] = ()
    examples_skipped: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """Nothing was read: all faults (at least one), by sheet, row and column."""

    faults: tuple[SheetFault, ...]

    def __post_init__(self) -> None:
        """A rejection without a fault is a bug."""
        assert self.faults, "a rejection needs a fault"
