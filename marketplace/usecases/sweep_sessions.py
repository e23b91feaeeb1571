"""Sweep what nobody can be recognised by any more: sessions, sign-ins and counts of tries long over.

Harmless at any time, needed never: what is over is refused whether its row is there or not. Source: trust.md section 2.
"""

from __future__ import annotations

from datetime import timedelta

from marketplace.database import Database
from marketplace.sessions import store
from marketplace.sessions.limits import SWEPT_AFTER


async def sweep_sessions(database: Database, *, kept: timedelta = SWEPT_AFTER) -> int:
    """Remove what has been over for so long; how many rows."""
    async with database.transaction() as connection:
        return await store.sweep(connection, kept=kept)
