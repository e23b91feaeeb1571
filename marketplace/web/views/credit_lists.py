"""信用公示: the lists beside the restrictions, each entry with its basis, its days and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from marketplace.web.views.parts import AgencyRef, Paging


@dataclass(frozen=True, slots=True)
class CreditListRow:
    """One entry; ``until`` None: until it is lifted, ``repairable_from`` None: no repair applies."""

    agency: AgencyRef
    layer: str
    words: str
    basis: str
    since: datetime
    until: datetime | None
    way: str
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """What a department does about whoever is on the list."""

    department: str
    words: str


@dataclass(frozen=True, slots=True)
class CreditListView:
    """One list by its code, the latest entry first, and the joint measures that follow."""

    template: ClassVar[str] = "credit_list.html"

    name: str
    rows: tuple[CreditListRow, ...]
    paging: Paging
    measures: tuple[MeasureRow, ...]
