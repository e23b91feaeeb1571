"""Once an hour, sessions, sign-ins and counts of tries that were over long ago are removed; nothing waits on it.

Source: marketplace/usecases/sweep_sessions.py, trust.md section 2.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

from marketplace.database import Database
from marketplace.jobs.repeating import beside, for_ever
from marketplace.usecases.sweep_sessions import sweep_sessions

log = logging.getLogger(__name__)

PAUSE = 3600.0
"""Seconds between two sweeps; the first comes after one pause."""


def sweeping_sessions(database: Database, *, pause: float = PAUSE) -> AbstractAsyncContextManager[asyncio.Task[None]]:
    """Sweep for the length of the block."""

    async def turn() -> None:
        log.info("swept %d rows of sessions", await sweep_sessions(database))

    return beside("session sweeper", for_ever("sweeping sessions", turn, pause, first_after=pause))
