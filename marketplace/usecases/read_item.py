"""What is a service item: what the law asks, what it costs and takes, who can do it, what is going on under it?

Invariants: the catalogue is the one in force in the province now; an abolished item is told with the document that
abolished it; prices are those of real awards, of invented ones only where there is no real one, and it is said so.
Source: market.md sections 3 and 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from commons.errors import NotFound
from commons.grams import holds, lines_of, words_of
from commons.instants import beijing_date
from marketplace.catalogue.cleaning import AbolishedItem
from marketplace.catalogue.coverage import Coverage
from marketplace.catalogue.items import ServiceItem
from marketplace.catalogue.store import list_coverages
from marketplace.database import Database
from marketplace.demands.similar import Similar
from marketplace.usecases.read_agencies import AgencyQuery, count_agencies
from marketplace.usecases.read_demands import DemandQuery, count_demands, demand_page
from marketplace.usecases.read_listing import MIN_ROWS, Listed, Slice, columns_of
from marketplace.usecases.read_similar import read_usual
from marketplace.usecases.read_snapshot import reading
from marketplace.usecases.read_standing import ahead_of_settling
from marketplace.usecases.rules_in_force import PROVINCE, rules_in_force

AREAS = 20
"""Coverages that are told of one item."""
_ON_SHELF = """
SELECT count(*) FROM shelf_offer WHERE item = $1 AND withdrawn_at IS NULL AND $2 < valid_until AND taken < capacity
"""


@dataclass(frozen=True, slots=True)
class ItemsRead:
    """The items in force that hold the words, by code, and those that are abolished; ``total`` counts all in force."""

    now: datetime
    items: tuple[ServiceItem, ...]
    total: int
    abolished: tuple[AbolishedItem, ...]


@dataclass(frozen=True, slots=True)
class ItemFile:
    """One item with what is going on under it; ``able`` and ``listed`` count up to 10,000 (``…_more``: beyond).

    ``item`` is None where only the abolishing document is known; ``is_example``: the prices are of invented awards.
    """

    now: datetime
    item: ServiceItem | None
    abolished: AbolishedItem | None
    similar: Similar
    is_example: bool
    able: int
    able_more: bool
    free: int
    shelf: int
    open_total: int
    open_rows: tuple[Listed, ...]
    total: int
    coverages: tuple[Coverage, ...]

    @property
    def is_abolished(self) -> bool:
        """Whether nobody may ask for it any more."""
        return self.abolished is not None and self.abolished.valid_to <= self.on

    @property
    def on(self) -> date:
        """The Beijing day."""
        return beijing_date(self.now)


async def read_items(database: Database, q: str, *, profile: str) -> ItemsRead:
    """The catalogue of the province as of now; words narrow it, nothing typed is all of it."""
    async with reading(database) as snapshot:
        rules = await rules_in_force(snapshot.connection, profile, PROVINCE, at=snapshot.now)
    today = beijing_date(snapshot.now)
    gone = {code: one for code, one in rules.abolished.items() if one.valid_to <= today}
    alive = tuple(one for one in rules.catalogue.items if one.code not in gone)
    return ItemsRead(snapshot.now, _with(alive, q), len(alive), tuple(gone[code] for code in sorted(gone)))


def _with(items: Sequence[ServiceItem], q: str) -> tuple[ServiceItem, ...]:
    words = words_of(q)
    if not words:
        return () if q.strip() else tuple(items)
    return tuple(one for one in items if holds(lines_of(one.code, one.name, one.approval_item, one.department), words))


async def read_item(database: Database, code: str, *, profile: str) -> ItemFile:
    """The item of that code in one snapshot; ``NotFound`` for a code that is neither in force nor abolished."""
    few = Slice(1, MIN_ROWS)
    async with reading(database, is_planned_once=True) as snapshot:
        now, connection = snapshot.now, snapshot.connection
        rules = await rules_in_force(connection, profile, PROVINCE, at=now)
        item, gone = rules.catalogue.item(code), rules.abolished.get(code)
        if item is None and gone is None:
            raise NotFound("item", code)
        ahead = columns_of(await ahead_of_settling(snapshot))
        total = await count_demands(snapshot, ahead, DemandQuery(item=code))
        able = await count_agencies(snapshot, AgencyQuery(item=code))
        past, is_example = await read_usual(connection, [code], region=PROVINCE, at=now)
        on = beijing_date(now)
        areas = await list_coverages(
            connection, regions=(), item=code, only_valid=True, on=on, after="", limit=AREAS
        )  # fmt: skip
        shelf = await connection.fetchval(_ON_SHELF, code, now)
        going = await demand_page(snapshot, ahead, DemandQuery(item=code, state="open"), few, is_last=True)
    return ItemFile(
        now, item, gone, past, is_example, able.total, able.is_more,
        able.total - able.restricted_total, shelf, going.total, going.rows, total, areas,
    )  # fmt: skip
