"""The sweeper: four times a day removes files that nothing points at. Late, dead or doubled it loses nothing.

Source: marketplace/usecases/sweep_files.py, ADR 0025.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from marketplace.database import Database
from marketplace.files.port import Files
from marketplace.usecases.sweep_files import sweep_files

log = logging.getLogger(__name__)

PAUSE = 6 * 3600.0
"""Seconds between two sweeps; the first comes after one pause."""


async def sweep(database: Database, files: Files, *, pause: float = PAUSE) -> None:
    """Sweep for ever; ends by cancellation alone."""
    while True:
        await asyncio.sleep(pause)
        try:
            swept = await sweep_files(database, files)
            log.info("swept %d files", swept)
        except Exception as failure:  # noqa: BLE001 - a job outlives every failure
            log.warning("sweeping files failed: %s", type(failure).__name__)


@contextlib.asynccontextmanager
async def sweeping(database: Database, files: Files, *, pause: float = PAUSE) -> AsyncIterator[asyncio.Task[None]]:
    """Sweep for the length of the block."""
    task = asyncio.create_task(sweep(database, files, pause=pause), name="sweeper")
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
