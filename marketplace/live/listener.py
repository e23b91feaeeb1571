"""The one connection of a process that listens for what was committed; it holds no data and is not of the pool.

Invariants: a connection that dies, silently too, is found within ``CHECK_S + ANSWER_S`` seconds and replaced; after
each new beginning everybody is told that something may have been missed, so that reading catches up. What is heard is
a wake-up, never data. Source: trust.md sections 1 and 2 (LISTEN connections die silently).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

import asyncpg

from commons.errors import Unavailable
from marketplace.database import FAILURES, SESSION

log = logging.getLogger(__name__)

CHANNEL = "record"
"""As the record's own ``append`` and the voids of a restriction notify, in their transactions."""
CHECK_S, ANSWER_S = 5.0, 3.0
PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0
STARTING_S = 10.0


class Listener:
    """Hears what selections' records grow by, from the first ``start`` to ``end``."""

    def __init__(self, dsn: str, heard: Callable[[str], None], missed: Callable[[], None]) -> None:
        """Tell ``heard`` the selection of each wake-up, and ``missed`` after each (re)connection."""
        self._dsn, self._heard, self._missed = dsn, heard, missed
        self._task: asyncio.Task[None] | None = None
        self._is_listening = asyncio.Event()

    async def start(self) -> None:
        """Listen, from now on; ``Unavailable`` when the database does not answer."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="record-listener")
        try:
            async with asyncio.timeout(STARTING_S):
                await self._is_listening.wait()
        except TimeoutError as error:
            message = "nothing can be heard of the database"
            raise Unavailable(message) from error

    async def end(self) -> None:
        """Stop listening and close the connection."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        pause = PAUSE_S
        while True:
            try:
                await self._listen()
                pause = PAUSE_S
            except FAILURES as error:
                log.warning("nothing is heard of the database: %s", type(error).__name__)
                pause = min(2 * pause, LONGEST_PAUSE_S)
            await asyncio.sleep(pause)

    async def _listen(self) -> None:
        """Connect and listen until the connection is lost."""
        named = {**SESSION, "application_name": "shepi-listener"}
        connection = await asyncpg.connect(self._dsn, timeout=STARTING_S, server_settings=named)
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, self._on_news)
            self._is_listening.set()
            self._missed()
            while not lost.is_set():
                await _either(lost, CHECK_S)
                if not lost.is_set():
                    await connection.execute("SELECT 1", timeout=ANSWER_S)
        finally:
            self._is_listening.clear()
            connection.terminate()

    def _on_news(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        subject = str(payload).partition(" ")[0]
        self._heard(subject.removeprefix("selection/"))


async def _either(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, so many seconds at most."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
