"""基础数据: what the back office keeps, and where everything else of its kind comes from; 咨询窗口 for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DeskShown:
    """A help desk; ``change`` and ``remove`` are addresses, "" for whoever may not."""

    place: str
    name: str
    phone: str
    hours: str
    address: str
    remark: str
    changed_at: datetime
    change: str = ""
    remove: str = ""


@dataclass(frozen=True, slots=True)
class DataShown:
    """A kind of reference data that is changed elsewhere: how many rows, from where, by what act; ``path`` to it."""

    name: str
    rows: int
    unit: str
    origin: str
    way: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class HelpDesksView:
    """咨询窗口."""

    template: ClassVar[str] = "reference/desks.html"

    desks: tuple[DeskShown, ...]


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """基础数据 on the workbench."""

    template: ClassVar[str] = "operating/reference.html"

    desks: tuple[DeskShown, ...]
    data: tuple[DataShown, ...]
    may_act: bool
