"""Which agencies are on file? By name or code, by what they can do and say they do, by place, by restriction.

Invariants: ordered by credit code, which never changes; pages go on from a code (keyset), so that a deep page costs
what the first one does and none is shown twice while others come and go; an item or grade finds who holds today what is
asked, a higher grade included. Source: market.md section 2, performance.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from agencies import store as agencies
from agencies.life import Standing
from agencies.qualifications import Qualification
from commons.errors import Fault, Malformed
from commons.instants import beijing_date
from credit import store as credit
from credit.restrictions import Restriction
from marketplace.catalogue.items import Catalogue, covers, load_catalogue
from marketplace.catalogue.requirements import requirement_of
from marketplace.database import Database
from marketplace.usecases.read_listing import SHOWN, Slice, columns_of, pattern
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.read_standing import ahead_of_settling

_FILED = """
SELECT uscc, name, region, filed_at, is_example, bound.subject IS NOT NULL AS is_restricted,
  coalesce(away.standing, 'active') AS standing
FROM agency
  LEFT JOIN (
    SELECT DISTINCT subject FROM restriction_as_it_ends WHERE starts_at <= $1 AND (ends_at IS NULL OR $1 < ends_at)
  ) AS bound ON bound.subject = uscc
  LEFT JOIN agency_status AS away ON away.agency = uscc AND away.standing <> 'active'
WHERE ($2::text = '' OR name ILIKE $2 OR uscc ILIKE $2)
  AND ($3::text = '' OR city = $3 OR region = $3)
  AND ($4::text = '' OR uscc IN (
    SELECT agency FROM qualification_as_it_ends WHERE kind = $4 AND (cardinality($5::text[]) = 0 OR grade = ANY($5))
      AND ended_at IS NULL AND valid_from <= $6 AND (valid_until IS NULL OR $6 < valid_until)))
  AND ($7::text = '' OR uscc IN (
    SELECT agency FROM qualification_as_it_ends WHERE kind = $7 AND (cardinality($8::text[]) = 0 OR grade = ANY($8))
      AND ended_at IS NULL AND valid_from <= $6 AND (valid_until IS NULL OR $6 < valid_until)
      AND (cardinality(items) = 0 OR $9 = ANY(items))))
  AND ($10::text = '' OR uscc IN (SELECT agency FROM offered_item WHERE item = $10 AND stopped_at IS NULL))
"""
_COUNTING = """
SELECT count(*) AS total, count(*) FILTER (WHERE is_restricted) AS restricted,
  count(*) FILTER (WHERE uscc < $11) AS before,
  count(*) FILTER (WHERE uscc < $11 AND is_restricted) AS restricted_before
FROM (
"""
_COUNTS = _COUNTING + _FILED + ") AS filed"
_ALL = "SELECT * FROM ("
_CHOSEN = ") AS filed WHERE (is_restricted = $11 OR $11::boolean IS NULL) AND "
_ONWARD = _ALL + _FILED + _CHOSEN + "uscc > $12 ORDER BY uscc LIMIT $13"
_BACKWARD = _ALL + _FILED + _CHOSEN + "uscc < $12 ORDER BY uscc DESC LIMIT $13"
_WON_BY = "SELECT winner, count(*) AS count FROM "
_WON = _WON_BY + SHOWN + " WHERE winner = ANY($10::text[]) AND outcome = 'award' GROUP BY winner"
_ON_SHELF = """
SELECT agency, count(*) AS count FROM shelf_offer
WHERE agency = ANY($1::text[]) AND withdrawn_at IS NULL AND $2 < valid_until AND taken < capacity GROUP BY agency
"""


@dataclass(frozen=True, slots=True)
class AgencyQuery:
    """What the list is narrowed to; "" means no narrowing. ``item``: holds today what the item legally asks.

    ``offering``: says that it serves the item; ``grade`` of ``qualification``, or a better one; ``city`` takes a county
    too. ``after`` or ``before`` is the code that the page goes on from, or back from.
    """

    q: str = ""
    item: str = ""
    qualification: str = ""
    city: str = ""
    restricted_only: bool = False
    free_only: bool = False
    grade: str = ""
    offering: str = ""
    after: str = ""
    before: str = ""

    @property
    def is_restricted(self) -> bool | None:
        """Which of the two is asked for; None: both."""
        return None if self.restricted_only == self.free_only else self.restricted_only


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
    standing: Standing = "active"

    @property
    def restricted_until(self) -> datetime | None:
        """When the last restriction in force ends; None without any, or when one has no end."""
        ends = [one.ends_at for one in self.restrictions if one.ends_at is not None]
        return max(ends) if ends and len(ends) == len(self.restrictions) else None


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """One page; ``restricted_total`` counts under the query without its box, ``first`` is the place of the first row.

    ``next`` and ``previous`` are the codes that the pages around it go on from, None where there is none.
    """

    now: datetime
    rows: tuple[ListedAgency, ...]
    part: Slice
    total: int
    restricted_total: int
    first: int = 0
    next: str | None = None
    previous: str | None = None


async def read_agencies(database: Database, query: AgencyQuery, part: Slice) -> AgencyPage:
    """A page of agencies as of now, ``part.size`` of them; an item or kind that nobody knows finds nobody.

    ``Malformed`` for a grade without its kind, and for both codes to go on from.
    """
    _check(query)
    async with reading(database) as snapshot:
        return await agency_page(snapshot, query, part)


async def agency_page(snapshot: Reading, query: AgencyQuery, part: Slice) -> AgencyPage:
    """The same within a snapshot that is open already, for a query that holds together."""
    catalogue = load_catalogue()
    item = catalogue.item(query.item)
    need = requirement_of(item, catalogue) if item else None
    grades = _grades(query, catalogue)
    if (query.item and item is None) or grades is None:
        return AgencyPage(snapshot.now, (), part, 0, 0)
    matching = (
        snapshot.now, pattern(query.q), query.city, query.qualification, grades, beijing_date(snapshot.now),
        need.kind if need else "", list(need.grades or ()) if need else [], query.item, query.offering,
    )  # fmt: skip
    found = await _page(snapshot, query, matching, part.size)
    start = found[0]["uscc"] if found else ""
    counts = await snapshot.connection.fetchrow(_COUNTS, *matching, start)
    assert counts is not None, "an aggregate has one row"
    listed = await _listed(snapshot, found)
    restricted, total, before = counts["restricted"], counts["total"], counts["before"]
    if query.is_restricted is not None:
        barred, barred_before = counts["restricted"], counts["restricted_before"]
        total, before = (barred, barred_before) if query.is_restricted else (total - barred, before - barred_before)
    return AgencyPage(
        snapshot.now, listed, part, total, restricted, before + 1 if listed else 0,
        listed[-1].uscc if listed and before + len(listed) < total else None,
        listed[0].uscc if listed and before else None,
    )  # fmt: skip


def _check(query: AgencyQuery) -> None:
    faults: list[Fault] = []
    if query.grade and not query.qualification:
        faults.append(Fault("/grade", "kind_missing", "a grade belongs to a kind of qualification"))
    if query.after and query.before:
        faults.append(Fault("/before", "both_ways", "a page goes on from one code"))
    if faults:
        raise Malformed(tuple(faults))


def _grades(query: AgencyQuery, catalogue: Catalogue) -> list[str] | None:
    """The grades that do for the one asked for, best first; none: any. None for a grade that the kind has not."""
    if not query.grade:
        return []
    kind = catalogue.kind(query.qualification)
    known = kind.grades_best_first if kind else ()
    return [grade for grade in known if covers(grade, query.grade, known)] or None


async def _page(snapshot: Reading, query: AgencyQuery, matching: tuple[object, ...], size: int) -> list[asyncpg.Record]:
    """The rows after the code, or before it; in order."""
    fetch, chosen = snapshot.connection.fetch, query.is_restricted
    if query.before:
        return list(reversed(await fetch(_BACKWARD, *matching, chosen, query.before, size)))
    return list(await fetch(_ONWARD, *matching, chosen, query.after, size))


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
            standing=row["standing"],
        )
        for code, row in zip(codes, rows, strict=True)
    )
