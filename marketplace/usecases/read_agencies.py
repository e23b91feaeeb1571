"""Which agencies are on file? By name, by what they can do today, by place, by restriction; ordered by credit code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from agencies import store as agencies
from agencies.qualifications import Qualification
from commons.instants import beijing_date
from credit import store as credit
from credit.restrictions import Restriction
from marketplace.catalogue.items import load_catalogue
from marketplace.catalogue.requirements import requirement_of
from marketplace.database import Database
from marketplace.usecases.read_listing import SHOWN, Slice, columns_of, pattern
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import ahead_of_settling

_FILED = """
SELECT uscc, name, region, filed_at, is_example, EXISTS (
    SELECT FROM restriction_as_it_ends WHERE subject = uscc AND starts_at <= $1 AND (ends_at IS NULL OR $1 < ends_at)
  ) AS is_restricted
FROM agency
WHERE ($2::text = '' OR name ILIKE $2 OR uscc ILIKE $2)
  AND ($3::text = '' OR city = $3 OR region = $3)
  AND ($4::text = '' OR EXISTS (
    SELECT FROM qualification WHERE agency = uscc AND kind = $4
      AND valid_from <= $5 AND (valid_until IS NULL OR $5 < valid_until)))
  AND ($6::text = '' OR EXISTS (
    SELECT FROM qualification WHERE agency = uscc AND kind = $6 AND (cardinality($7::text[]) = 0 OR grade = ANY($7))
      AND valid_from <= $5 AND (valid_until IS NULL OR $5 < valid_until)))
"""
_COUNTING = "SELECT count(*) AS total, count(*) FILTER (WHERE is_restricted) AS restricted FROM ("
_COUNTS = _COUNTING + _FILED + ") AS filed"
_ALL = "SELECT * FROM ("
_PAGE = _ALL + _FILED + ") AS filed WHERE is_restricted OR NOT $8::boolean ORDER BY uscc LIMIT $9 OFFSET $10"
_WON_BY = "SELECT winner, count(*) AS count FROM "
_WON = _WON_BY + SHOWN + " WHERE winner = ANY($10::text[]) AND outcome = 'award' GROUP BY winner"
_ON_SHELF = """
SELECT agency, count(*) AS count FROM shelf_offer
WHERE agency = ANY($1::text[]) AND withdrawn_at IS NULL AND $2 < valid_until AND taken < capacity GROUP BY agency
"""


@dataclass(frozen=True, slots=True)
class AgencyQuery:
    """What the list is narrowed to; "" means no narrowing. ``item``: holds today what the item legally asks."""

    q: str = ""
    item: str = ""
    qualification: str = ""
    city: str = ""
    restricted_only: bool = False


@dataclass(frozen=True, slots=True)
class ListedAgency:
    """An agency in a list, with the certificates and restrictions in force, and how often it won."""

    uscc: str
    name: str
    region: str
    filed_at: datetime
    is_example: bool
    qualifications: tuple[Qualification, ...]
    restrictions: tuple[Restriction, ...]
    awards: int
    shelf_offers: int

    @property
    def restricted_until(self) -> datetime | None:
        """When the last restriction in force ends; None without any, or when one has no end."""
        ends = [one.ends_at for one in self.restrictions if one.ends_at is not None]
        return max(ends) if ends and len(ends) == len(self.restrictions) else None


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """One page; ``restricted_total`` counts under the query without its box."""

    now: datetime
    rows: tuple[ListedAgency, ...]
    part: Slice
    total: int
    restricted_total: int


async def read_agencies(database: Database, query: AgencyQuery, part: Slice) -> AgencyPage:
    """A page of agencies as of now; an item that the catalogue does not know finds nobody."""
    catalogue = load_catalogue()
    item = catalogue.item(query.item)
    need = requirement_of(item, catalogue) if item else None
    async with reading(database) as snapshot:
        if query.item and item is None:
            return AgencyPage(snapshot.now, (), Slice(1, part.size), 0, 0)
        matching = (
            snapshot.now, pattern(query.q), query.city, query.qualification, beijing_date(snapshot.now),
            need.kind if need else "", list(need.grades or ()) if need else [],
        )  # fmt: skip
        counts = await snapshot.connection.fetchrow(_COUNTS, *matching)
        assert counts is not None, "an aggregate has one row"
        total = counts["restricted"] if query.restricted_only else counts["total"]
        part = part.within(total)
        rows = await snapshot.connection.fetch(_PAGE, *matching, query.restricted_only, part.size, part.offset)
        listed = await _listed(snapshot, rows)
    return AgencyPage(snapshot.now, listed, part, total, counts["restricted"])


async def _listed(snapshot: Reading, rows: Sequence[asyncpg.Record]) -> tuple[ListedAgency, ...]:
    """The rows with what belongs to them, one query each."""
    codes, today = [row["uscc"] for row in rows], beijing_date(snapshot.now)
    held = await agencies.qualifications(snapshot.connection, codes)
    bound = await credit.restrictions(snapshot.connection, codes)
    ahead = columns_of(await ahead_of_settling(snapshot))
    won = {row["winner"]: row["count"] for row in await snapshot.connection.fetch(_WON, *ahead, codes)}
    shelf = await snapshot.connection.fetch(_ON_SHELF, codes, snapshot.now)
    on_shelf = {row["agency"]: row["count"] for row in shelf}
    return tuple(
        ListedAgency(
            uscc=code,
            name=row["name"],
            region=row["region"],
            filed_at=row["filed_at"],
            is_example=row["is_example"],
            qualifications=tuple(one for one in held[code] if one.is_valid(on=today)),
            restrictions=tuple(one for one in bound[code] if one.is_in_force(at=snapshot.now)),
            awards=won.get(code, 0),
            shelf_offers=on_shelf.get(code, 0),
        )
        for code, row in zip(codes, rows, strict=True)
    )
