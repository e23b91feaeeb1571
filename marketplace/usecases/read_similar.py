"""What did similar demands cost and take? The same items, awards that stand, the last two years.

Invariants: an award counts once its publicity is over; examples are compared with everything, real demands with real
ones only; of a joint purchase only the same items together are similar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from commons.instants import BEIJING, beijing_date, start_of_day
from marketplace.database import Connection
from marketplace.demands.similar import WINDOW_MONTHS, Past, Similar, sampled, similar
from marketplace.usecases.rules_in_force import PROVINCE

MOST = 2_000
"""Awards that are looked at, the latest first."""
_MONTHS = 12
Among = Literal["real", "all", "real_first"]
"""Real awards; all of them; invented ones only where there is no real one."""

_PAST = """
SELECT CASE WHEN $10 THEN array_agg(region) END AS regions, CASE WHEN $10 THEN array_agg(city) END AS cities,
  array_agg(winning_fen) AS prices, array_agg(max_days) AS days,
  array_agg((decided_at AT TIME ZONE $8::interval)::date - (published_at AT TIME ZONE $8::interval)::date)
    AS award_days, bool_or(is_example) AS is_example
FROM (
  SELECT * FROM (
    (SELECT id, region, city, winning_fen, max_days, decided_at, published_at, is_example FROM demand
     WHERE outcome = 'award' AND winner IS NOT NULL AND winning_fen IS NOT NULL AND item = $1
       AND further_items::text[] @> $2::text[] AND further_items::text[] <@ $2::text[]
       AND decided_at >= $3 AND publicity_until <= $5 AND id <> $6 AND NOT is_example
     ORDER BY decided_at DESC, id LIMIT $7)
    UNION ALL
    (SELECT id, region, city, winning_fen, max_days, decided_at, published_at, is_example FROM demand
     WHERE outcome = 'award' AND winner IS NOT NULL AND winning_fen IS NOT NULL AND item = $1
       AND further_items::text[] @> $2::text[] AND further_items::text[] <@ $2::text[]
       AND decided_at >= $3 AND publicity_until <= $5 AND id <> $6 AND is_example
       AND ($4 OR $9 AND NOT EXISTS (SELECT FROM demand
         WHERE outcome = 'award' AND winner IS NOT NULL AND winning_fen IS NOT NULL AND item = $1
           AND further_items::text[] @> $2::text[] AND further_items::text[] <@ $2::text[]
           AND decided_at >= $3 AND publicity_until <= $5 AND id <> $6 AND NOT is_example))
     ORDER BY decided_at DESC, id LIMIT $7)
  ) AS either ORDER BY decided_at DESC, id LIMIT $7
) AS past
"""
"""One row of columns: two thousand rows take longer to hand over than to find."""
"""Stands for the place of an award where nobody asks for a nearer one than the province."""


async def read_similar(
    connection: Connection, items: Sequence[str], *, region: str, city: str, example: bool, at: datetime,
    apart_from: str = "",
) -> Similar:  # fmt: skip
    """The spread of prices and days of what is similar, in the nearest region that has enough of it."""
    among: Among = "all" if example else "real"
    return (await _read(connection, items, among, region=region, city=city, at=at, apart_from=apart_from))[0]


async def read_usual(
    connection: Connection, items: Sequence[str], *, region: str, at: datetime
) -> tuple[Similar, bool]:
    """The same of real awards, of invented ones only where there is no real one; whether they are invented."""
    return await _read(connection, items, "real_first", region=region, city="", at=at)


async def _read(
    connection: Connection, items: Sequence[str], among: Among, *, region: str, city: str, at: datetime,
    apart_from: str = "",
) -> tuple[Similar, bool]:  # fmt: skip
    since, is_near = months_before(beijing_date(at)), bool(city) or region != PROVINCE
    row = await connection.fetchrow(
        _PAST, items[0], list(items[1:]), start_of_day(since), among == "all", at, apart_from, MOST,
        BEIJING.utcoffset(None), among == "real_first", is_near,
    )  # fmt: skip
    assert row is not None, "an aggregate has one row"
    prices, days, award_days = (row[name] or [] for name in ("prices", "days", "award_days"))
    is_example = row["is_example"] is True
    if not is_near:
        return sampled("province", since, prices, days, award_days), is_example
    places = (row["regions"] or [], row["cities"] or [])
    past = list(map(Past._make, zip(*places, prices, days, award_days, strict=True)))
    return similar(past, region=region, city=city, since=since), is_example


def months_before(day: date, months: int = WINDOW_MONTHS) -> date:
    """The first day of the month so many months before."""
    index = day.year * _MONTHS + day.month - 1 - months
    return date(index // _MONTHS, index % _MONTHS + 1, 1)
