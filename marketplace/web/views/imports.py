"""用 Excel 导入: what was checked, every wrong cell, and whether it can be loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

ImportKind = Literal["agencies", "demands"]


@dataclass(frozen=True, slots=True)
class WrongCellRow:
    """One thing wrong: sheet, where in it (a cell's address, else row or name), column, words."""

    sheet: str
    place: str
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class SheetResult:
    """A checked sheet: its rows, all that is wrong with it (counted, and the first listed), what is said besides."""

    rows: int
    wrong_total: int
    wrong: tuple[WrongCellRow, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportView:
    """The page of one kind of sheet.

    ``attachment`` is the checked sheet as kept for whoever is signed in, to be confirmed; ``loaded`` counts what came
    in; ``form_token`` is the session's ("" without one); ``is_long``: confirmed, it goes on as a job.
    """

    template: ClassVar[str] = "import_sheet.html"

    kind: ImportKind
    result: SheetResult | None = None
    attachment: str = ""
    form_token: str = ""
    loaded: int | None = None
    fault: str = ""
    is_long: bool = False
