"""Who is restricted now, on what basis, since when and until when? The latest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from credit import store as credit
from credit.facts import CreditFact, fact_state
from credit.restrictions import Restriction
from credit.rulebook import rulebook
from credit.scoring import score
from marketplace.database import Database
from marketplace.usecases.read_listing import Slice, pattern
from marketplace.usecases.read_snapshot import Reading, reading
from marketplace.usecases.record_credit_fact import RULEBOOK

_IN_FORCE = """
SELECT id, subject, layer, basis, restriction.region, starts_at, ends_at, measures, items, fact, notice, name,
  agency.region AS agency_region, is_example
FROM restriction_as_it_ends AS restriction JOIN agency ON uscc = subject
WHERE starts_at <= $1 AND (ends_at IS NULL OR $1 < ends_at)
  AND ($2::text = '' OR name ILIKE $2 OR uscc ILIKE $2)
  AND ($3::text = '' OR city = $3 OR agency.region = $3)
"""
_COUNTING = "SELECT layer, count(*) AS count FROM ("
_COUNTS = _COUNTING + _IN_FORCE + ") AS held GROUP BY layer"
_PAGE = _IN_FORCE + " AND ($4::text = '' OR layer = $4) ORDER BY starts_at DESC, id DESC LIMIT $5 OFFSET $6"


@dataclass(frozen=True, slots=True)
class RestrictionQuery:
    """What the list is narrowed to; "" means no narrowing. ``city`` is where the agency is registered."""

    q: str = ""
    layer: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class ListedRestriction:
    """A restriction in force with the agency's name, place of registration and credit grade (None: new).

    ``is_disputed``: its subject objects to the fact that caused it, and nobody has answered.
    """

    restriction: Restriction
    name: str
    region: str
    is_example: bool
    grade: str | None = None
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class RestrictionPage:
    """One page; the counts by layer are over all that are in force, whatever the query."""

    now: datetime
    rows: tuple[ListedRestriction, ...]
    part: Slice
    total: int
    statutory_total: int
    market_total: int


async def read_restrictions(database: Database, query: RestrictionQuery, part: Slice) -> RestrictionPage:
    """A page of the restrictions in force now."""
    async with reading(database) as snapshot:
        return await restriction_page(snapshot, query, part)


async def count_restrictions(snapshot: Reading) -> int:
    """How many are in force."""
    rows = await snapshot.connection.fetch(_COUNTS, snapshot.now, "", "")
    return sum(row["count"] for row in rows)


async def restriction_page(snapshot: Reading, query: RestrictionQuery, part: Slice) -> RestrictionPage:
    """The same within a snapshot that is open already."""
    connection, now = snapshot.connection, snapshot.now
    everything = {row["layer"]: row["count"] for row in await connection.fetch(_COUNTS, now, "", "")}
    counts = everything
    if query.q or query.city:
        found = await connection.fetch(_COUNTS, now, pattern(query.q), query.city)
        counts = {row["layer"]: row["count"] for row in found}
    total = counts.get(query.layer, 0) if query.layer else sum(counts.values())
    part = part.within(total)
    listed = await restriction_rows(snapshot, query, size=part.size, offset=part.offset)
    return RestrictionPage(now, listed, part, total, everything.get("statutory", 0), everything.get("market", 0))


async def restriction_rows(
    snapshot: Reading, query: RestrictionQuery, *, size: int, offset: int = 0
) -> tuple[ListedRestriction, ...]:
    """So many of those in force, the latest first, uncounted."""
    connection, now = snapshot.connection, snapshot.now
    rows = await connection.fetch(_PAGE, now, pattern(query.q), query.city, query.layer, size, offset)
    facts = await credit.facts(connection, sorted({row["subject"] for row in rows})) if rows else {}
    return tuple(_listed(row, facts[row["subject"]], now=now) for row in rows)


def _listed(row: asyncpg.Record, facts: tuple[CreditFact, ...], *, now: datetime) -> ListedRestriction:
    restriction = Restriction(
        row["id"], row["subject"], row["layer"], row["basis"], row["region"], row["starts_at"], row["ends_at"],
        tuple(row["measures"]), tuple(row["items"]), row["fact"], row["notice"],
    )  # fmt: skip
    grade = score(facts, rulebook(RULEBOOK), at=now, known_at=now).grade
    disputed = disputed_facts(facts, at=now)
    return ListedRestriction(
        restriction, row["name"], row["agency_region"], row["is_example"], grade, restriction.fact in disputed
    )


def disputed_facts(facts: Iterable[CreditFact], *, at: datetime) -> frozenset[str]:
    """The facts that are objected to and not answered at that instant, by id."""
    states = (fact_state(one, at=at, known_at=at) for one in facts)
    return frozenset(one.fact.id for one in states if one is not None and one.is_disputed)
