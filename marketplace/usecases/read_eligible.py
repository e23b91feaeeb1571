"""Which agencies could take part in a demand: how many, and who, by credit code; as of now, by what anybody can read.

The same rules as a sign-up (``demands.admission.merits``), asked of the whole directory at once: certificates on the
closing day within their scope, the agency's standing, restrictions of signing up or winning, recusals, own work. A test
holds the answer against the rules, agency by agency. Source: market.md sections 2 and 3, performance.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agencies.qualifications import Requirement
from commons.errors import NotFound
from commons.instants import beijing_date
from commons.regions import REGIONS
from marketplace.catalogue.own_work import own_work_pairs
from marketplace.database import Connection, Database
from marketplace.demands import store as demands
from marketplace.demands.store import Demand
from marketplace.usecases.applicants import call_of
from marketplace.usecases.read_snapshot import reading

MAX_ROWS = 50

_OUT = """
WITH out AS MATERIALIZED (
  SELECT subject AS agency FROM restriction_as_it_ends WHERE starts_at <= $1 AND (ends_at IS NULL OR $1 < ends_at)
    AND (cardinality(measures) = 0 OR measures::text[] && ARRAY['sign_up', 'award'])
    AND (cardinality(items) = 0 OR items::text[] && $2::text[])
  UNION
  SELECT winner FROM demand WHERE outcome = 'award' AND winner IS NOT NULL AND id <> $3
    AND (project_code = $4 OR owner_code = $5 AND project_name = $6)
    AND (item = ANY($7::text[]) OR further_items::text[] && $7::text[])
  UNION
  SELECT agency FROM agency_status WHERE standing <> 'active'
  UNION
  SELECT unnest($8::text[])
)
"""
"""Who could not take part whatever it holds. ``NOT IN`` it is a hashed look-up, however badly its size is guessed."""
_ANYBODY = """
SELECT (SELECT count(*) FROM agency) - (SELECT count(*) FROM agency WHERE uscc IN (SELECT agency FROM out)) AS total,
  page.uscc, page.name
FROM (SELECT) AS always LEFT JOIN (
  SELECT uscc, name FROM agency WHERE uscc > $9 AND uscc NOT IN (SELECT agency FROM out) ORDER BY uscc LIMIT $10
) AS page ON true ORDER BY page.uscc
"""
_QUALIFIED = """
, need AS (
  SELECT one->>'kind' AS kind, one->'grades' AS grades, one->>'item' AS item
  FROM jsonb_array_elements($16::jsonb) AS given(one)
), fit AS MATERIALIZED (
  SELECT DISTINCT held.agency FROM qualification AS held
  WHERE held.kind = $11 AND (cardinality($12::text[]) = 0 OR held.grade = ANY($12))
    AND held.valid_from <= $14 AND (held.valid_until IS NULL OR $14 < held.valid_until)
    AND (cardinality(held.items) = 0 OR $13 = ANY(held.items))
    AND (cardinality(held.regions) = 0 OR held.regions::text[] && $15::text[])
    AND held.agency NOT IN (SELECT agency FROM out)
    AND NOT EXISTS (
      SELECT FROM qualification_followed AS ends WHERE ends.qualification = held.id AND ends.kind <> 'renewed')
    AND NOT EXISTS (
      SELECT FROM need WHERE NOT EXISTS (
        SELECT FROM qualification_as_it_ends AS other
        WHERE other.agency = held.agency AND other.kind = need.kind
          AND (need.grades = 'null' OR need.grades ? other.grade)
          AND other.ended_at IS NULL AND other.valid_from <= $14
          AND (other.valid_until IS NULL OR $14 < other.valid_until)
          AND (cardinality(other.items) = 0 OR need.item = ANY(other.items))
          AND (cardinality(other.regions) = 0 OR other.regions::text[] && $15::text[])))
)
SELECT (SELECT count(*) FROM fit) AS total, page.uscc, page.name
FROM (SELECT) AS always LEFT JOIN (
  SELECT uscc, name FROM agency WHERE uscc IN (SELECT agency FROM fit WHERE agency > $9 ORDER BY agency LIMIT $10)
) AS page ON true ORDER BY page.uscc
"""
_ELIGIBLE_ANYBODY = _OUT + _ANYBODY
_ELIGIBLE_QUALIFIED = _OUT + _QUALIFIED


@dataclass(frozen=True, slots=True)
class Eligible:
    """Agencies that could take part by what holds on ``on``: how many, a page of them; ``next`` goes on from there."""

    now: datetime
    on: date
    total: int
    rows: tuple[tuple[str, str], ...]
    next: str | None


async def read_eligible(database: Database, demand: str, *, after: str = "", size: int = 20) -> Eligible:
    """A page by credit code; ``NotFound`` for what is not published. ``size`` is 1 to ``MAX_ROWS``."""
    assert 1 <= size <= MAX_ROWS, "rows in range"
    async with reading(database) as snapshot:
        found = await demands.demand_by_id(snapshot.connection, demand)
        if found is None or found.published_at is None:
            raise NotFound("demand", demand)
        return await eligible(snapshot.connection, found, at=snapshot.now, after=after, size=size)


async def eligible(connection: Connection, demand: Demand, *, at: datetime, after: str, size: int) -> Eligible:
    """Who could take part in the demand as of that instant."""
    on = beijing_date(at if demand.closes_at is None else max(at, demand.closes_at))
    call = call_of(demand, on=on)
    asked = [one for one in call.requirements if one is not None]
    against = sorted({_other(pair.one, pair.other, item) for pair in own_work_pairs() for item in demand.items} - {""})
    barred = [demand.owner_code, *(one.agency for one in demand.recusals)]
    matching: tuple[object, ...] = (
        at, list(demand.items), demand.id, demand.project_code, demand.owner_code, demand.project_name, against, barred,
        after, size + 1,
    )  # fmt: skip
    if asked:
        chain = [one.code for one in REGIONS.chain(demand.region)]
        first = (asked[0].kind, list(asked[0].grades or ()), asked[0].item)
        rows = await connection.fetch(_ELIGIBLE_QUALIFIED, *matching, *first, on, chain, _needs(asked[1:]))
    else:
        rows = await connection.fetch(_ELIGIBLE_ANYBODY, *matching)
    page = tuple((row["uscc"], row["name"]) for row in rows if row["uscc"] is not None)
    return Eligible(at, on, rows[0]["total"], page[:size], page[size - 1][0] if len(page) > size else None)


def _other(one: str, other: str, item: str) -> str:
    """The other item of a pair that the item stands in; "" where it does not."""
    return other if item == one else one if item == other else ""


def _needs(requirements: Sequence[Requirement]) -> str:
    """The requirements as the query reads them."""
    return json.dumps(
        [
            {"kind": one.kind, "grades": None if one.grades is None else list(one.grades), "item": one.item}
            for one in requirements
        ],
        ensure_ascii=False,
    )
