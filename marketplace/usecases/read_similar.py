"""What did similar demands cost and take? The same items, awards that stand, the last two years.

Invariants: an award counts once its publicity is over; examples are compared with everything, real demands with real
ones only; of a joint purchase only the same items together are similar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from commons.instants import beijing_date, start_of_day
from marketplace.database import Connection
from marketplace.demands.similar import WINDOW_MONTHS, Past, Similar, similar

MOST = 2_000
"""Awards that are looked at, the latest first."""
_MONTHS = 12

_PAST = """
SELECT id, region, city, winning_fen, max_days, decided_at, published_at FROM demand
WHERE item = $1 AND further_items::text[] @> $2::text[] AND further_items::text[] <@ $2::text[]
  AND outcome = 'award' AND winner IS NOT NULL AND winning_fen IS NOT NULL
  AND decided_at >= $3 AND publicity_until <= $4 AND (NOT is_example OR $5) AND id <> $6
ORDER BY decided_at DESC, id LIMIT $7
"""


async def read_similar(
    connection: Connection, items: Sequence[str], *, region: str, city: str, example: bool, at: datetime,
    apart_from: str = "",
) -> Similar:  # fmt: skip
    """The spread of prices and days of what is similar, in the nearest region that has enough of it."""
    since = months_before(beijing_date(at))
    rows = await connection.fetch(
        _PAST, items[0], list(items[1:]), start_of_day(since), at, example, apart_from, MOST
    )  # fmt: skip
    past = [
        Past(
            row["id"], row["region"], row["city"], row["winning_fen"], row["max_days"],
            (beijing_date(row["decided_at"]) - beijing_date(row["published_at"])).days,
        )
        for row in rows
    ]  # fmt: skip
    return similar(past, region=region, city=city, since=since)


def months_before(day: date, months: int = WINDOW_MONTHS) -> date:
    """The first day of the month so many months before."""
    index = day.year * _MONTHS + day.month - 1 - months
    return date(index // _MONTHS, index % _MONTHS + 1, 1)
