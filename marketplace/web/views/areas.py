"""区域成果: regional assessments and their areas, with what they saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from markupsafe import Markup

from commons.sources import Source
from marketplace.web.views.parts import NOTHING_ENTERED, Entered, ItemRef, Option, Place


@dataclass(frozen=True, slots=True)
class AreaFilter:
    """What the list is narrowed to; ``ended``: those that stand no more too."""

    item: str = ""
    city: str = ""
    ended: bool = False

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """As it stands in the address."""
        every = (("item", self.item), ("city", self.city), ("ended", "1" if self.ended else ""))
        return tuple((key, value) for key, value in every if value)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A regional assessment: what it spares where, up to and including ``last``; ``state``: its word and tone."""

    id: str
    zone: str
    place: Place
    items: tuple[ItemRef, ...]
    first: date
    last: date
    state: tuple[str, str]


@dataclass(frozen=True, slots=True)
class SavingsShown:
    """What was saved since ``first``: demands given up, the sums with their own samples."""

    first: date
    demands: int
    fee_fen: int
    with_fee: int
    days: int
    with_days: int


@dataclass(frozen=True, slots=True)
class AreaListView:
    """区域成果: a page by number; ``after`` goes on, "" at the end."""

    template: ClassVar[str] = "area_list.html"

    filter: AreaFilter
    cities: tuple[Option, ...]
    items: tuple[Option, ...]
    rows: tuple[AreaRow, ...]
    savings: SavingsShown | None
    after: str = ""
    is_further: bool = False
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class AreaView:
    """One regional assessment; ``outline`` is its polygon drawn without a map, None where none was recorded."""

    template: ClassVar[str] = "area.html"

    row: AreaRow
    result: str
    access_standard: str
    negative_list: tuple[str, ...]
    document: Source
    outline: Markup | None
    vertices: int
    supersedes: str
    end_reason: str
    ended_at: datetime | None
    successor: str
