"""The sweeper: four times a day removes files that nothing points at. Late, dead or doubled it loses nothing.

Source: marketplace/usecases/sweep_files.py, ADR 0025.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

from marketplace.database import Database
from marketplace.files.port import Files
from marketplace.jobs.repeating import beside, for_ever
from marketplace.usecases.sweep_files import sweep_files

log = logging.getLogger(__name__)

PAUSE = 6 * 3600.0
"""Seconds between two sweeps; the first comes after one pause."""


def sweeping(
    database: Database, files: Files, *, pause: float = PAUSE
) -> AbstractAsyncContextManager[asyncio.Task[None]]:
    """Sweep for the length of the block."""

    async def turn() -> None:
        log.info("swept %d files", await sweep_files(database, files))

    return beside("sweeper", for_ever("sweeping files", turn, pause, first_after=pause))
