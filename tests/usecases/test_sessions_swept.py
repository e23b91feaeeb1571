"""Sessions long over are swept; one that is open, or over since yesterday, stays."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from marketplace.database import Database
from marketplace.jobs import sweeping
from marketplace.usecases.sweep_sessions import sweep_sessions

_SESSION = """
INSERT INTO session (id, account, epoch, agent, made_at, seen_at, ends_at, ended_at)
SELECT sha256($1::text::bytea), 'P1', 1, $1, clock_timestamp(), clock_timestamp(), clock_timestamp() + $2::interval,
  clock_timestamp() + $3::interval
"""
_TRY = 'INSERT INTO rate_window (bucket, "window", hits) VALUES ($1, $2, 1)'
DAY = timedelta(days=1)


async def fill(database: Database) -> None:
    """An open session, two that ended, one that ran out; a count of tries of long ago."""
    async with database.transaction() as connection:
        for name, ends, ended in (
            ("open", DAY, None),
            ("ended yesterday", DAY, -DAY),
            ("ended long ago", DAY, -31 * DAY),
            ("ran out long ago", -31 * DAY, None),
        ):
            await connection.execute(_SESSION, name, ends, ended)
        await connection.execute(_TRY, "sign-in/login/somebody/900", 1)


async def left(database: Database) -> list[str]:
    """Which sessions there are."""
    async with database.borrow() as connection:
        return [row["agent"] for row in await connection.fetch("SELECT agent FROM session ORDER BY agent")]


async def test_what_is_long_over_is_swept_and_nothing_else(database: Database) -> None:
    await fill(database)
    assert await sweep_sessions(database) == 3
    assert await left(database) == ["ended yesterday", "open"]
    assert await sweep_sessions(database) == 0


async def test_the_job_outlives_a_failure_and_sweeps_at_its_next_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(database)
    turns = 0

    async def failing_once(database: Database) -> int:
        nonlocal turns
        turns += 1
        if turns == 1:
            raise OSError
        return await sweep_sessions(database)

    monkeypatch.setattr(sweeping, "sweep_sessions", failing_once)
    async with sweeping.sweeping_sessions(database, pause=0.01) as task:
        async with asyncio.timeout(10):
            while True:
                if len(await left(database)) == 2:
                    break
                await asyncio.sleep(0.01)
        assert not task.done()
    assert turns >= 2
