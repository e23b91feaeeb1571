"""Settle a selection: what the ticker, and any act on it, do first. It changes nothing that a late one would not."""

from __future__ import annotations

from collections.abc import Sequence

from bidding import store as bidding
from bidding.selection import Selection
from marketplace.database import Connection, Database
from marketplace.usecases.act import clock
from marketplace.usecases.standing import hold_selection

BATCH = 50


async def settle_selection(database: Database, identifier: str) -> Selection:
    """Settle one selection by the database's clock, in one transaction; ``NotFound`` for an unknown one."""

    async def work(connection: Connection) -> Selection:
        held = await hold_selection(connection, identifier)
        await bidding.note(connection, identifier, at=held.at)
        return held.state

    return await database.retrying(work)


async def due_selections(database: Database, *, limit: int = BATCH) -> tuple[str, ...]:
    """Selections that have something to settle now, longest waiting first."""
    async with database.read() as connection:
        return await bidding.due(connection, at=await clock(connection), limit=limit)


async def touched_by_void(database: Database, selections: Sequence[str]) -> tuple[str, ...]:
    """Those of the selections that have to be settled after a bidder was voided in them, by id."""
    async with database.read() as connection:
        return await bidding.due_among(connection, selections, at=await clock(connection))
