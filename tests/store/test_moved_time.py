"""The clock that tests set: it begins at the present, runs at its pace, is set for all, and ends with its test."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.database import Database
from marketplace.usecases.act import clock
from marketplace.usecases.read_snapshot import reading
from tests.store.moved_time import REAL, SLOW, now, pass_by, until

CLOSE = timedelta(seconds=20)
A_DAY = timedelta(days=1)


async def asked(database: Database) -> datetime:
    """What an act is told."""
    async with database.transaction() as connection:
        return await clock(connection)


@pytest.mark.parametrize("pace", [REAL, SLOW])
async def test_every_connection_is_told_what_the_test_reckons(database: Database) -> None:
    assert abs(datetime.now(UTC) - await asked(database)) < CLOSE
    async with database.borrow():  # an older connection beside those of afterwards
        later = now() + A_DAY
        await until(later)
        assert timedelta() < await asked(database) - later < CLOSE
        async with reading(database) as snapshot:
            assert timedelta() < snapshot.now - later < CLOSE
    await pass_by(60)
    assert abs(now() - await asked(database)) < CLOSE
    assert now() - later > timedelta(minutes=1)


@pytest.mark.parametrize("pace", [REAL, SLOW])
async def test_it_runs_at_its_pace(database: Database, pace: float) -> None:
    before, began = time.monotonic(), await asked(database)
    await asyncio.sleep(0.3)
    passed = (await asked(database) - began).total_seconds()
    spent = time.monotonic() - before
    assert 0.29 * pace <= passed <= spent * pace + 0.01


def test_without_a_database_it_is_the_real_time_again() -> None:
    assert abs(now() - datetime.now(UTC)) < CLOSE
