"""数据开放: what can be taken away, how much of it there is, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DataSet:
    """One list: what it holds, its rows in words, the address of its page, of its sheet, its path in the API."""

    name: str
    holds: str
    rows: str
    page: str
    sheet: str
    api: str


@dataclass(frozen=True, slots=True)
class OpenDataView:
    """数据开放: every list."""

    template: ClassVar[str] = "open_data.html"

    sets: tuple[DataSet, ...]
