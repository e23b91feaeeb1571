"""Which agencies are on file? By name or code, by what they can do and say they do, by place, by restriction.

Invariants: ordered by credit code, which never changes; pages go on from a code (keyset), so that a deep page costs
what the first one does and none is shown twice while others come and go; an item or grade finds who holds today what is
asked, a higher grade included. Source: market.md section 2, performance.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import asyncpg

from agencies import store as agencies
from agencies.life import Standing
from agencies.qualifications import Qualification
from commons.errors import Fault, Malformed
from commons.grams import query_grams, words_of
from commons.instants import beijing_date
from credit import store as credit
from credit.restrictions import Restriction
from marketplace.catalogue.items import Catalogue, covers, load_catalogue
from marketplace.catalogue.requirements import requirement_of
from marketplace.database import Database
from marketplace.usecases.read_listing import SHOWN, Slice, columns_of
from marketplace.usecases.read_snapshot import FOR_IT, Reading, reading
from marketplace.usecases.read_standing import ahead_of_settling

MAX_COUNTED = 10_000
"""Agencies are counted up to here; beyond it the list says that there are more."""
MAX_FOUND = 2_000
"""The same where words are looked for, as in the other searches."""
TO_SPARE = 200
"""Counted beyond that, so that it can be remembered that there are more (``ManyHits``)."""
_PARAMETERS: LiteralString = """
WITH asked AS (SELECT $1::timestamptz, $2::text[], $3::text[], $4::text, $5::text, $6::text[], $7::date, $8::text,
  $9::text[], $10::text, $11::text, $12::text, $13::bigint)
"""
_WORDS: tuple[LiteralString, ...] = (
    "strpos(words, ($3)[1]) <> 0", "strpos(words, ($3)[2]) <> 0", "strpos(words, ($3)[3]) <> 0",
    "strpos(words, ($3)[4]) <> 0", "strpos(words, ($3)[5]) <> 0", "strpos(words, ($3)[6]) <> 0",
    "strpos(words, ($3)[7]) <> 0", "strpos(words, ($3)[8]) <> 0",
)  # fmt: skip
"""One for each word: a look through all of them in each row took twice as long as everything else."""
_GRAMS: LiteralString = "grams @> $2"
_CITY: LiteralString = "city = $4"
_REGION: LiteralString = "region = $4"
_KIND: LiteralString = """uscc IN (
  SELECT agency FROM qualification_as_it_ends WHERE kind = $5 AND (cardinality($6) = 0 OR grade = ANY($6))
    AND ended_at IS NULL AND valid_from <= $7 AND (valid_until IS NULL OR $7 < valid_until))"""
_NEED: LiteralString = """uscc IN (
  SELECT agency FROM qualification_as_it_ends WHERE kind = $8 AND (cardinality($9) = 0 OR grade = ANY($9))
    AND ended_at IS NULL AND valid_from <= $7 AND (valid_until IS NULL OR $7 < valid_until)
    AND (cardinality(items) = 0 OR $10 = ANY(items)))"""
_OFFERING: LiteralString = "uscc IN (SELECT agency FROM offered_item WHERE item = $11 AND stopped_at IS NULL)"
_BOUND: LiteralString = """uscc IN (
  SELECT subject FROM restriction_as_it_ends WHERE starts_at <= $1 AND (ends_at IS NULL OR $1 < ends_at))"""
_FREE: LiteralString = "NOT (" + _BOUND + ")"
_ONWARD: LiteralString = "uscc > $12"
_BACKWARD: LiteralString = "uscc < $12"
_ROWS: LiteralString = """
SELECT uscc, name, region, filed_at, is_example,
  coalesce((SELECT standing FROM agency_status WHERE agency_status.agency = uscc), 'active') AS standing FROM agency
"""
_RISING: LiteralString = " ORDER BY uscc LIMIT $13"
_FALLING: LiteralString = " ORDER BY uscc DESC LIMIT $13"
_FILED: LiteralString = """
SELECT total, before, restricted, restricted_before FROM
  (SELECT count(*) AS total, count(*) FILTER (WHERE uscc < $12) AS before FROM (SELECT uscc FROM agency
"""
_HELD: LiteralString = """
  LIMIT $13) AS those) AS filed CROSS JOIN
  (SELECT count(*) AS restricted, count(*) FILTER (WHERE uscc < $12) AS restricted_before FROM (SELECT uscc FROM agency
"""
_SOME: LiteralString = " LIMIT $13) AS those) AS held"
_HELD_ALONE: LiteralString = "SELECT count(*) FROM (SELECT uscc FROM agency"
_SOME_ALONE: LiteralString = " LIMIT $13) AS those"
"""The restricted are counted apart: they are few, and most of the others need not be asked."""
_WON_BY = "SELECT winner, count(*) AS count FROM "
_WON_AHEAD = _WON_BY + SHOWN + " WHERE winner = ANY($10::text[]) AND outcome = 'award' GROUP BY winner"
_WON = """
SELECT winner, count(*) AS count FROM demand
WHERE winner = ANY($1::text[]) AND outcome = 'award' AND published_at IS NOT NULL GROUP BY winner
"""
"""The same where nothing is ahead of settling, as mostly: planned in half of the time."""
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
    def is_selective(self) -> bool:
        """Whether it may find few or many: words and places are rare or common."""
        return bool(self.q.strip() or self.city)

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

    ``is_more``: there are more than ``total``, and ``first`` is not known (0).

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
    is_more: bool = False


async def read_agencies(database: Database, query: AgencyQuery, part: Slice) -> AgencyPage:
    """A page of agencies as of now, ``part.size`` of them; an item or kind that nobody knows finds nobody.

    ``Malformed`` for a grade without its kind, and for both codes to go on from.
    """
    _check(query)
    async with reading(database, is_planned_once=True) as snapshot:
        return await agency_page(snapshot, query, part)


async def agency_page(snapshot: Reading, query: AgencyQuery, part: Slice) -> AgencyPage:
    """The same within a snapshot that is open already, for a query that holds together."""
    search = _search(snapshot, query)
    if search is None:
        return AgencyPage(snapshot.now, (), part, 0, 0)
    is_planned_for_it = query.is_selective and snapshot.plan != FOR_IT
    if is_planned_for_it:
        await snapshot.connection.execute(FOR_IT)
    found, has_previous, has_next = await search.page(part.size)
    counts = await search.count(found[0]["uscc"] if found else "")
    if is_planned_for_it:
        await snapshot.connection.execute(snapshot.plan)
    listed = await _listed(snapshot, found)
    return AgencyPage(
        snapshot.now, listed, part, counts.total, counts.restricted,
        counts.before + 1 if listed and not counts.is_more else 0,
        listed[-1].uscc if has_next else None, listed[0].uscc if has_previous else None, is_more=counts.is_more,
    )  # fmt: skip


async def count_agencies(snapshot: Reading, query: AgencyQuery) -> AgencyPage:
    """How many there are, without any of them: a page of no rows."""
    search, part = _search(snapshot, query), Slice()
    counts = _Counts(0, 0) if search is None else await search.count("")
    return AgencyPage(snapshot.now, (), part, counts.total, counts.restricted, is_more=counts.is_more)


def _search(snapshot: Reading, query: AgencyQuery) -> _Search | None:
    """The question, None where nobody can answer to it."""
    catalogue, words = load_catalogue(), words_of(query.q)
    item = catalogue.item(query.item)
    need = requirement_of(item, catalogue) if item else None
    grades = _grades(query, catalogue)
    if (query.item and item is None) or grades is None or (query.q.strip() and not words):
        return None
    return _Search(
        snapshot,
        query,
        (
            snapshot.now, list(query_grams(words)), list(words), query.city,
            query.qualification, grades, beijing_date(snapshot.now), need.kind if need else "",
            list(need.grades or ()) if need else [], query.item, query.offering,
        ),
        _conditions(query, is_needed=need is not None),
        MAX_FOUND if query.q.strip() else MAX_COUNTED,
    )  # fmt: skip


def _conditions(query: AgencyQuery, *, is_needed: bool) -> tuple[LiteralString, ...]:
    """What is asked for, but for restrictions."""
    asked: tuple[tuple[bool, LiteralString], ...] = (
        (bool(query.city), _CITY if query.city.endswith("00") else _REGION),
        (bool(query.qualification), _KIND),
        (is_needed, _NEED),
        (bool(query.offering), _OFFERING),
    )
    each = _WORDS[: len(words_of(query.q))]
    grams = (_GRAMS,) if each else ()
    return (*each, *grams, *(condition for is_asked, condition in asked if is_asked))


def _where(conditions: Sequence[LiteralString]) -> LiteralString:
    return " WHERE " + " AND ".join(conditions) if conditions else ""


@dataclass(frozen=True, slots=True)
class _Counts:
    """Under the query, and without its box; ``before`` the first row, where not ``is_more`` than ``total``."""

    total: int
    restricted: int
    before: int = 0
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class _Search:
    """A question of the directory within a snapshot."""

    snapshot: Reading
    query: AgencyQuery
    values: tuple[object, ...]
    conditions: tuple[LiteralString, ...]
    most: int
    """How many are counted."""

    async def page(self, size: int) -> tuple[list[asyncpg.Record], bool, bool]:
        """The rows after the code, or before it, in order; whether there are any before them, and behind.

        Before a code near the beginning it is the first page.
        """
        if self.query.before:
            back = await self._rows(_BACKWARD, _FALLING, self.query.before, size + 1)
            if len(back) > size:
                return list(reversed(back[:size])), True, True
        found = await self._rows(_ONWARD, _RISING, self.query.after, size + 1)
        return found[:size], bool(self.query.after and found), len(found) > size

    async def _rows(self, beyond: LiteralString, order: LiteralString, start: str, size: int) -> list[asyncpg.Record]:
        statement = _PARAMETERS + _ROWS + _where([*self._chosen, beyond]) + order
        return list(await self.snapshot.connection.fetch(statement, *self.values, start, size))

    @property
    def _chosen(self) -> tuple[LiteralString, ...]:
        match self.query.is_restricted:
            case None:
                return self.conditions
            case True:
                return (*self.conditions, _BOUND)
            case False:
                return (*self.conditions, _FREE)

    async def count(self, first: str) -> _Counts:
        """How many, how many of them restricted, how many before the first row; up to a bound."""
        chosen, snapshot = self.query.is_restricted, self.snapshot
        if chosen is None and snapshot.many.holds(self._asked_before, snapshot.agencies_moved):
            return _Counts(self.most, await self._held(first), is_more=True)
        row = await self._counted(self.conditions, first)
        if snapshot.is_still:
            snapshot.many.note(self._asked_before, snapshot.agencies_moved, row["total"] - self.most)
        return await self._chosen_of(row, first)

    async def _chosen_of(self, row: asyncpg.Record, first: str) -> _Counts:
        """The counts of those asked for, restricted or not, out of the counts of both."""
        chosen, restricted, total, before = self.query.is_restricted, row["restricted"], row["total"], row["before"]
        if total <= self.most:
            if chosen is None:
                return _Counts(total, restricted, before)
            if chosen:
                return _Counts(restricted, restricted, row["restricted_before"])
            return _Counts(total - restricted, restricted, before - row["restricted_before"])
        if chosen is None:
            return _Counts(self.most, restricted, is_more=True)
        if chosen:
            total, before = restricted, row["restricted_before"]
        else:
            row = await self._counted(self._chosen, first)
            total, before = row["total"], row["before"]
        if total > self.most:
            return _Counts(self.most, min(restricted, self.most), is_more=True)
        return _Counts(total, restricted, before)

    @property
    def _asked_before(self) -> Hashable:
        """By what it is remembered that more hold the words than are counted; None where that cannot be."""
        asked = self.query
        if not asked.q.strip() or asked.item or asked.qualification or asked.offering:
            return None  # certificates and offerings come and go without the agency being moved
        return (AgencyQuery, words_of(asked.q), asked.city)

    async def _held(self, first: str) -> int:
        """How many of them are restricted, where it is known that there are many."""
        statement = _PARAMETERS + _HELD_ALONE + _where((*self.conditions, _BOUND)) + _SOME_ALONE
        held: int = await self.snapshot.connection.fetchval(statement, *self.values, first, self.most + TO_SPARE + 1)
        return held

    async def _counted(self, conditions: Sequence[LiteralString], first: str) -> asyncpg.Record:
        held = _HELD + _where((*conditions, _BOUND)) + _SOME
        statement = _PARAMETERS + _FILED + _where(conditions) + held
        row = await self.snapshot.connection.fetchrow(statement, *self.values, first, self.most + TO_SPARE + 1)
        assert row is not None, "an aggregate has one row"
        return row


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


async def _won(snapshot: Reading, codes: list[str]) -> dict[str, int]:
    """How often each won; nothing for who never did."""
    ahead = columns_of(await ahead_of_settling(snapshot))
    if ahead[0]:
        rows = await snapshot.connection.fetch(_WON_AHEAD, *ahead, codes)
    else:
        rows = await snapshot.connection.fetch(_WON, codes)
    return {row["winner"]: row["count"] for row in rows}


async def _listed(snapshot: Reading, rows: Sequence[asyncpg.Record]) -> tuple[ListedAgency, ...]:
    """The rows with what belongs to them, one query each."""
    if not rows:
        return ()
    codes, today = [row["uscc"] for row in rows], beijing_date(snapshot.now)
    held = await agencies.qualifications(snapshot.connection, codes)
    bound = await credit.restrictions(snapshot.connection, codes)
    won = await _won(snapshot, codes)
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
