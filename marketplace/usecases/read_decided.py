"""Which awards were decided in a time? Their codes in order, a few at a time, for whoever computes all of them anew."""

from __future__ import annotations

from datetime import datetime

from marketplace.database import Database

_CODES = """
SELECT id FROM demand WHERE outcome = 'award' AND decided_at >= $1 AND decided_at < $2 AND id > $3 ORDER BY id LIMIT $4
"""
_COUNT = "SELECT count(*) FROM demand WHERE outcome = 'award' AND decided_at >= $1 AND decided_at < $2 AND id > $3"


async def count_decided(database: Database, since: datetime, before: datetime, *, after: str = "") -> int:
    """How many awards were decided from ``since`` on and before ``before``, behind a code."""
    async with database.borrow() as connection:
        found: int = await connection.fetchval(_COUNT, since, before, after)
    return found


async def read_decided(
    database: Database, since: datetime, before: datetime, *, after: str = "", limit: int
) -> tuple[str, ...]:
    """The codes of so many of them at most, in order, those behind a code."""
    async with database.borrow() as connection:
        rows = await connection.fetch(_CODES, since, before, after, limit)
    return tuple(row["id"] for row in rows)
