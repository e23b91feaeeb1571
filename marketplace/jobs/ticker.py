"""The ticker: settles what is due twice a second. Late, dead or doubled it changes no result, only when it shows.

Invariants: no failure ends it but cancellation; of a failure only its kind is logged (messages may carry amounts);
after failures it waits longer, up to ``LONGEST_PAUSE``. Source: trust.md section 1, docs/adr/0007.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from marketplace.database import Database
from marketplace.usecases.read_statistics import catch_up
from marketplace.usecases.settle_contract import due_contracts, settle_contract
from marketplace.usecases.settle_selection import BATCH, due_selections, settle_selection

log = logging.getLogger(__name__)

PAUSE = 0.5
"""Seconds between two looks."""

LONGEST_PAUSE = 10.0
"""Seconds between two looks while each of them fails."""


async def tick(database: Database, *, pause: float = PAUSE) -> None:
    """Settle what is due, for ever; ends by cancellation alone. One selection that fails holds up no other."""
    failures = 0
    while True:
        failed, looked = await _look(database)
        if failed is None:
            if failures:
                log.warning("settling works again after %d failures", failures)
            failures = 0
        else:
            failures += 1
            if failures & (failures - 1) == 0:  # the 1st, 2nd, 4th, 8th … of a row
                log.warning("settling failed %d times in a row: %s", failures, type(failed).__name__)
        busy = failed is None and looked >= BATCH
        await asyncio.sleep(0 if busy else min(LONGEST_PAUSE, pause * 2 ** min(failures, 10)))


async def _look(database: Database) -> tuple[Exception | None, int]:
    """Settle each selection and contract that is due by itself, count what came of it; the last failure, how many."""
    failed: Exception | None = None
    looked = 0
    for find, settle in ((due_selections, settle_selection), (due_contracts, settle_contract)):
        due: tuple[str, ...] = ()
        try:
            due = await find(database)
        except Exception as failure:  # noqa: BLE001 - a job outlives every failure
            failed = failure
        for identifier in due:
            try:
                await settle(database, identifier)
            except Exception as failure:  # noqa: BLE001 - a job outlives every failure
                failed = failure
        looked = max(looked, len(due))
    try:
        await catch_up(database)
    except Exception as failure:  # noqa: BLE001 - a job outlives every failure
        failed = failure
    return failed, looked


@contextlib.asynccontextmanager
async def ticking(database: Database, *, pause: float = PAUSE) -> AsyncIterator[asyncio.Task[None]]:
    """Tick for the length of the block; the ticker has ended when the block is left."""
    task = asyncio.create_task(tick(database, pause=pause), name="ticker")
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
