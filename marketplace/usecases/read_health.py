"""Is the market in order? One line for each thing that an operator has to know of before it hurts.

Invariants: nothing is changed, and each line is looked at whatever the others say; ``is_ready`` is the short form that
a load balancer asks, without a word about why. Source: trust.md sections 1 and 2 (settings of the server, clocks).
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg

from commons.errors import Unavailable
from marketplace.database import Connection, Database
from marketplace.files.port import Files
from marketplace.migrate import is_migrated, pending
from marketplace.server_check import check_server
from marketplace.settings import Mode, Settings

LATE = timedelta(minutes=1)
"""How long settling may be behind: the ticker looks twice a second."""
WAITING = timedelta(hours=1)
"""How long a message may wait for its receiver."""
CLOCK = timedelta(seconds=1)
"""How far the clocks of this machine and of the database may be apart."""
ROOM = 1_000_000_000
"""Bytes that are free at least."""
PATIENCE = 2.0
"""Seconds in which a market that is ready answers."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

_OVERDUE = """
SELECT count(*) AS count, statement_timestamp() - min(due_at) AS behind
FROM selection WHERE due_at <= statement_timestamp()
"""
_OUTBOX = """
SELECT count(*) FILTER (WHERE dead_at IS NULL) AS count, count(dead_at) AS dead,
  clock_timestamp() - min(noted_at) FILTER (WHERE dead_at IS NULL) AS behind
FROM outbox_delivery JOIN outbox ON outbox.id = event WHERE delivered_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its name, whether it is in order, and what was found in a few words."""

    name: str
    is_ok: bool
    found: str


async def read_health(
    database: Database, settings: Settings, files: Files, *, here: Callable[[], datetime]
) -> tuple[Check, ...]:
    """Everything, in a fixed order; ``here`` is this machine's clock."""
    looks: tuple[tuple[str, Callable[[], Awaitable[Check]]], ...] = (
        ("server", lambda: _server(database, settings)),
        ("migrations", lambda: _migrations(database)),
        ("clock", lambda: _clock(database, here)),
        ("settling", lambda: _settling(database)),
        ("outbox", lambda: _outbox(database)),
    )
    return (*[await _looked(name, look) for name, look in looks], *await machine_health(settings, files))


async def machine_health(settings: Settings, files: Files) -> tuple[Check, ...]:
    """What can be told without a database."""
    return (_disk(settings.data_dir), await _looked("files", lambda: _files(files)), _key(settings))


async def is_ready(database: Database) -> bool:
    """Whether the market answers: a migrated database within ``PATIENCE``."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await is_migrated(database)
    except (Unavailable, TimeoutError, asyncpg.PostgresError):
        return False


async def _looked(name: str, look: Callable[[], Awaitable[Check]]) -> Check:
    try:
        return await look()
    except (Unavailable, asyncpg.PostgresError, OSError) as failure:
        return Check(name, is_ok=False, found=f"cannot be told: {type(failure).__name__}")


async def _server(database: Database, settings: Settings) -> Check:
    async with database.borrow() as connection:
        reasons = await check_server(connection, production=False)
    is_ok = not reasons or settings.mode is not Mode.PRODUCTION
    return Check("server", is_ok, "; ".join(reasons) or "keeps what it acknowledges")


async def _migrations(database: Database) -> Check:
    left = await pending(database)
    return Check("migrations", not left, f"{len(left)} apart, {left[0]} first" if left else "as the program")


async def _clock(database: Database, here: Callable[[], datetime]) -> Check:
    async with database.borrow() as connection:
        before = here()
        there: datetime = await connection.fetchval("SELECT clock_timestamp()")
        after = here()
    apart = abs(there - (before + (after - before) / 2))
    return Check("clock", apart <= CLOCK + (after - before), f"{apart / timedelta(milliseconds=1):.0f} ms apart")


async def _settling(database: Database) -> Check:
    async with database.borrow() as connection:
        row = await _one(connection, _OVERDUE)
    behind: timedelta = row["behind"] or timedelta(0)
    return Check("settling", behind <= LATE, f"{row['count']} due, {behind.total_seconds():.0f} s behind")


async def _outbox(database: Database) -> Check:
    async with database.borrow() as connection:
        row = await _one(connection, _OUTBOX)
    behind: timedelta = row["behind"] or timedelta(0)
    found = f"{row['count']} waiting, the oldest {behind.total_seconds():.0f} s; {row['dead']} dead letters"
    return Check("outbox", behind <= WAITING and not row["dead"], found)


async def _one(connection: Connection, statement: str) -> asyncpg.Record:
    row = await connection.fetchrow(statement)
    assert row is not None, "an aggregate has one row"
    return row


async def _files(files: Files) -> Check:
    await files.older(LONG_AGO, after="", limit=1)
    return Check("files", is_ok=True, found="answer")


def _disk(folder: Path) -> Check:
    """Room where data lies, or will lie: the nearest folder that is there, which must be writable."""
    place = next(one for one in (folder, *folder.parents) if one.is_dir())
    free, may_write = shutil.disk_usage(place).free, os.access(place, os.W_OK)
    found = f"{free // 1_000_000} MB free" + ("" if may_write else ", not writable")
    return Check("disk", free >= ROOM and may_write, found)


def _key(settings: Settings) -> Check:
    if settings.identifier_key is None:
        return Check("identifier-key", settings.mode is not Mode.PRODUCTION, "the one for development")
    return Check("identifier-key", is_ok=True, found="its own")
