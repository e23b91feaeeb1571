"""Once an hour, sessions, sign-ins and counts of tries that were over long ago are removed; nothing waits on it.

Source: marketplace/usecases/sweep_sessions.py, trust.md section 2.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from marketplace.database import Database
from marketplace.usecases.sweep_sessions import sweep_sessions

log = logging.getLogger(__name__)

PAUSE = 3600.0
"""Seconds between two sweeps; the first comes after one pause."""


async def sweep(database: Database, *, pause: float = PAUSE) -> None:
    """Sweep for ever; ends by cancellation alone."""
    while True:
        await asyncio.sleep(pause)
        try:
            log.info("swept %d rows of sessions", await sweep_sessions(database))
        except Exception as failure:  # noqa: BLE001 - a job outlives every failure
            log.warning("sweeping sessions failed: %s", type(failure).__name__)


@contextlib.asynccontextmanager
async def sweeping_sessions(database: Database, *, pause: float = PAUSE) -> AsyncIterator[asyncio.Task[None]]:
    """Sweep for the length of the block."""
    task = asyncio.create_task(sweep(database, pause=pause), name="session sweeper")
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
