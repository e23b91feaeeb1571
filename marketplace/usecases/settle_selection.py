"""Settle a selection: what the ticker, and any act on it, do first. It changes nothing that a late one would not."""

from __future__ import annotations

from bidding import store as bidding
from bidding.selection import Selection
from commons.errors import NotFound
from marketplace.database import Connection, Database
from marketplace.usecases.act import clock
from marketplace.usecases.standing import selection_state, settle

BATCH = 50


async def settle_selection(database: Database, identifier: str) -> Selection:
    """Settle one selection by the database's clock, in one transaction; ``NotFound`` for an unknown one."""

    async def work(connection: Connection) -> Selection:
        lock = await bidding.lock_selection(connection, identifier)
        if lock is None:
            raise NotFound("selection", identifier)
        at = await clock(connection, lock.last_at)
        return await settle(connection, lock, await selection_state(connection, identifier), at=at)

    return await database.retrying(work)


async def settle_due(database: Database, *, limit: int = BATCH) -> int:
    """Settle what is due, one transaction each; returns how many were looked at."""
    async with database.read() as connection:
        due = await bidding.due(connection, at=await clock(connection), limit=limit)
    for identifier in due:
        await settle_selection(database, identifier)
    return len(due)
