"""Sweep what nothing points at: bytes whose upload was stopped before its row was written.

Invariants: bytes that a row points at stay; a row being written holds its bytes, so that it never points at nothing.
Harmless at any time, needed never: a missed sweep costs room alone. Source: ADR 0025.
"""

from __future__ import annotations

from datetime import timedelta

from marketplace.attachments import store
from marketplace.database import Connection, Database
from marketplace.files.port import Files
from marketplace.usecases.act import clock

GRACE = timedelta(hours=24)
"""How long bytes may lie without a row before they are swept: longer than any upload takes."""
LOOKED_AT = 500
"""Files looked at in one go."""


async def sweep_files(database: Database, files: Files, *, grace: timedelta = GRACE) -> int:
    """Remove bytes older than ``grace`` that no row points at; how many."""
    async with database.borrow() as connection:
        before = await clock(connection) - grace
    swept, after = 0, ""
    while batch := await files.older(before, after=after, limit=LOOKED_AT):
        async with database.borrow() as connection:
            needed = await store.needed(connection, batch)
        for digest in batch:
            swept += digest not in needed and await _sweep(database, files, digest)
        after = batch[-1]
    return swept


async def _sweep(database: Database, files: Files, digest: str) -> bool:
    """Remove the bytes, unless a row came to point at them meanwhile."""

    async def work(connection: Connection) -> bool:
        await store.hold_digest(connection, digest)
        if await store.needed(connection, [digest]):
            return False
        await files.remove(digest)
        return True

    return await database.retrying(work)
