"""服务事项: the tree of the catalogue and one item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from commons.sources import Source
from marketplace.demands.similar import Spread
from marketplace.web.views.demands import DemandRow
from marketplace.web.views.parts import NO_HITS, NOTHING_ENTERED, Entered, Hits


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item in the tree: what it is needed for, and what it asks in words (""): the commitment alone."""

    code: str
    name: str
    approval_item: str
    department: str
    needed: str
    is_regional: bool
    may_self: bool


@dataclass(frozen=True, slots=True)
class ItemBranch:
    """A class of items, by its code."""

    item_class: str
    rows: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class AbolishedLine:
    """An item that nobody may ask for any more, since a day, by a document."""

    code: str
    name: str
    since: date
    document: Source


@dataclass(frozen=True, slots=True)
class ItemListView:
    """服务事项: classes with their items under the words; ``total`` counts every item in force."""

    template: ClassVar[str] = "item_list.html"

    q: str
    branches: tuple[ItemBranch, ...]
    shown: int
    total: int
    abolished: tuple[AbolishedLine, ...]
    hits: Hits = NO_HITS
    entered: Entered = NOTHING_ENTERED


@dataclass(frozen=True, slots=True)
class ItemCard:
    """What the catalogue says of an item; ``grades``: every grade that does, best first."""

    item_class: str
    approval_item: str
    department: str
    bases: tuple[str, ...]
    origin: str
    source: Source
    qualification: str
    grades: tuple[str, ...]
    may_self: bool
    result_form: str
    is_regional: bool
    fee_mode: str


@dataclass(frozen=True, slots=True)
class ItemArea:
    """An area that spares its projects the item, up to and including ``last``."""

    id: str
    zone: str
    region: str
    last: date


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item: its card (None: only its abolition is known), and what is going on under it.

    Spreads are of ``sample`` awards since a day; prices in fen. ``is_invented``: of invented awards alone.
    """

    template: ClassVar[str] = "item.html"

    code: str
    name: str
    at: datetime
    card: ItemCard | None
    gone: AbolishedLine | None
    is_gone: bool
    sample: int
    since: date
    price: Spread | None
    service_days: Spread | None
    award_days: Spread | None
    is_invented: bool
    able: str
    free: str
    shelf: int
    open_total: int
    total: int
    rows: tuple[DemandRow, ...] = ()
    areas: tuple[ItemArea, ...] = ()
