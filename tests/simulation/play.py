"""Plays markets, each on a fresh database with a clock of its own."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.faults.ground import drop_guards
from tests.simulation.clock import MovedClock
from tests.simulation.faults import WatchedDatabase
from tests.simulation.market_run import MOST_CONNECTIONS, Market
from tests.simulation.record_rows import rows_of
from tests.simulation.script import SELECTIONS, write_script
from tests.simulation.steps import Script
from tests.store.fixtures import fresh

AT_ONCE = 3


async def play(
    server: str, template: str, script: Script, *, is_guarded: bool = True
) -> tuple[Counter[str], tuple[str, ...]]:
    """Play one market; what was done how often, and the hashes of its whole record by subject and place.

    Not ``is_guarded``: without the triggers behind the restriction check, which would stop a planted bug.
    """
    async with fresh(server, template) as dsn:
        if not is_guarded:
            await drop_guards(dsn)
        clock = await MovedClock.install(dsn)
        try:
            database = await WatchedDatabase.open(dsn, maximum=MOST_CONNECTIONS)
            assert isinstance(database, WatchedDatabase)
            try:
                tally = await Market(script, database, clock).play()
                async with database.read() as connection:
                    subjects = await connection.fetch("SELECT DISTINCT subject FROM record_event ORDER BY subject")
                    digests = [row.digest for one in subjects for row in await rows_of(connection, one["subject"])]
            finally:
                await database.close()
        finally:
            await clock.close()
    return tally, tuple(digests)


async def play_all(server: str, template: str, *, seed: int, size: int) -> Counter[str]:
    """Play markets of at most ``SELECTIONS`` selections, seeds counting up, until ``size`` were played; a few at once.

    The first that fails ends the others.
    """
    tally: Counter[str] = Counter()
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, selections: int) -> None:
        async with gate:
            done, _ = await play(server, template, write_script(seed + number, selections))
        tally.update(done)

    markets = [
        asyncio.create_task(one(number, min(SELECTIONS, size - first)))
        for number, first in enumerate(range(0, size, SELECTIONS))
    ]
    try:
        await asyncio.gather(*markets)
    finally:
        for market in markets:
            market.cancel()
        await asyncio.gather(*markets, return_exceptions=True)
    return tally
