"""The ticker: settles what is due twice a second. Late, dead or doubled it changes no result, only when it shows.

Invariants: one selection or contract that fails holds up no other; after failures it waits longer, up to
``LONGEST_PAUSE``. Source: trust.md section 1, docs/adr/0007.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

from marketplace.database import Database
from marketplace.jobs.repeating import beside, for_ever
from marketplace.usecases.read_statistics import catch_up
from marketplace.usecases.settle_contract import due_contracts, settle_contract
from marketplace.usecases.settle_selection import BATCH, due_selections, settle_selection

PAUSE = 0.5
"""Seconds between two looks."""

LONGEST_PAUSE = 10.0
"""Seconds between two looks while each of them fails."""


async def tick(database: Database, *, pause: float = PAUSE) -> None:
    """Settle what is due, for ever; ends by cancellation alone."""

    async def turn() -> bool:
        failed, looked = await _look(database)
        if failed is not None:
            raise failed
        return looked >= BATCH

    await for_ever("settling", turn, pause, longest=LONGEST_PAUSE)


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


def ticking(database: Database, *, pause: float = PAUSE) -> AbstractAsyncContextManager[asyncio.Task[None]]:
    """Tick for the length of the block; the ticker has ended when the block is left."""
    return beside("ticker", tick(database, pause=pause))
