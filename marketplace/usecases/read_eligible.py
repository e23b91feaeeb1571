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

_FREE = """
bound AS (
  SELECT DISTINCT subject FROM restriction_as_it_ends WHERE starts_at <= $1 AND (ends_at IS NULL OR $1 < ends_at)
    AND (cardinality(measures) = 0 OR measures::text[] && ARRAY['sign_up', 'award'])
    AND (cardinality(items) = 0 OR items::text[] && $2::text[])
), own AS (
  SELECT DISTINCT winner FROM demand WHERE outcome = 'award' AND winner IS NOT NULL AND id <> $3
    AND (project_code = $4 OR owner_code = $5 AND project_name = $6)
    AND (item = ANY($7::text[]) OR further_items::text[] && $7::text[])
), free AS MATERIALIZED (
  SELECT fit.agency FROM fit
  WHERE NOT EXISTS (SELECT FROM bound WHERE subject = fit.agency)
    AND NOT EXISTS (SELECT FROM own WHERE winner = fit.agency)
    AND fit.agency <> ALL($8::text[])
)
SELECT (SELECT count(*) FROM free) AS total, page.agency, page.name FROM (SELECT) AS always LEFT JOIN (
  SELECT agency, name FROM free JOIN agency ON uscc = free.agency WHERE free.agency > $9 ORDER BY free.agency LIMIT $10
) AS page ON true ORDER BY page.agency
"""
_ANYBODY = """
WITH fit AS (
  SELECT agency FROM agency_status WHERE standing = 'active'
),
"""
_QUALIFIED = """
WITH need AS (
  SELECT one->>'kind' AS kind, one->'grades' AS grades, one->>'item' AS item, place
  FROM jsonb_array_elements($11::jsonb) WITH ORDINALITY AS given(one, place)
), enough AS (
  SELECT held.agency, need.place FROM need JOIN qualification AS held USING (kind)
  WHERE (grades = 'null' OR grades ? grade) AND valid_from <= $12 AND (valid_until IS NULL OR $12 < valid_until)
    AND (cardinality(held.items) = 0 OR need.item = ANY(held.items))
    AND (cardinality(held.regions) = 0 OR held.regions::text[] && $13::text[])
    AND NOT EXISTS (
      SELECT FROM qualification_followed AS ends WHERE ends.qualification = held.id AND ends.kind <> 'renewed')
), fit AS (
  SELECT agency FROM enough
  WHERE NOT EXISTS (
    SELECT FROM agency_status AS away WHERE away.agency = enough.agency AND away.standing <> 'active')
  GROUP BY agency HAVING count(DISTINCT place) = (SELECT count(*) FROM need)
),
"""
_ELIGIBLE_ANYBODY = _ANYBODY + _FREE
_ELIGIBLE_QUALIFIED = _QUALIFIED + _FREE


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
        rows = await connection.fetch(_ELIGIBLE_QUALIFIED, *matching, _needs(asked), on, chain)
    else:
        rows = await connection.fetch(_ELIGIBLE_ANYBODY, *matching)
    page = tuple((row["agency"], row["name"]) for row in rows if row["agency"] is not None)
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
