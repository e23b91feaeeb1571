"""One snapshot for one reading, and the instant up to which it is complete.

An offer's instant is taken under lock, before its transaction commits: a snapshot taken just after a close may still
miss an offer that came before it. Invariant: everything dated before ``at`` by a writer is in the snapshot, so what is
folded up to ``at`` is what settling will persist. A long write only holds back what is
not settled yet. Source: trust.md section 1.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from marketplace.database import Connection, Database

_INSTANTS = """
SELECT statement_timestamp() AS now, min(xact_start) AS oldest FROM pg_stat_activity
WHERE datname = current_database() AND backend_xid IS NOT NULL AND backend_type = 'client backend'
  AND pid <> pg_backend_pid()
"""
_PLANS = "SET LOCAL plan_cache_mode = force_custom_plan"


@dataclass(frozen=True, slots=True)
class Reading:
    """``now`` is the database's clock; ``at`` is when the oldest write still under way began, at the latest now."""

    connection: Connection
    now: datetime
    at: datetime


@contextlib.asynccontextmanager
async def reading(database: Database) -> AsyncIterator[Reading]:
    """Open a snapshot that refuses writes; the instants are asked first, so that nothing older commits after it."""
    async with database.borrow() as connection:
        row = await connection.fetchrow(_INSTANTS)
    assert row is not None, "an aggregate has one row"
    now, oldest = row["now"], row["oldest"]
    async with database.read() as connection:
        await connection.execute(_PLANS)  # a filter left out must cost nothing
        yield Reading(connection, now, min(now, oldest or now))
