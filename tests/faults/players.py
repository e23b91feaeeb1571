"""Server processes of a fault's own: each has its own pool to the same database and plays what it is given.

A scene is a module's coroutine function ``scene(database, …)``; what it takes and returns crosses by pickle.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, ClassVar, TypeVar

from marketplace.database import Database
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind

Told = TypeVar("Told")
POOL = 16


class Here:
    """What a player's process keeps between two scenes."""

    loop: ClassVar[asyncio.AbstractEventLoop | None] = None
    databases: ClassVar[dict[tuple[str, str], Database]] = {}


async def _play(dsn: str, phase: str, scene: Callable[..., Awaitable[Told]], given: tuple[Any, ...]) -> Told:
    database = Here.databases.get((dsn, phase))
    if database is None:
        database = Here.databases[dsn, phase] = await Database.open(dsn, maximum=POOL)
    ENGINE.attach(database)
    bind(all_tables())
    return await scene(database, *given)


def _run(dsn: str, phase: str, scene: Callable[..., Awaitable[Told]], given: tuple[Any, ...]) -> Told:
    if Here.loop is None:
        Here.loop = asyncio.new_event_loop()
    return Here.loop.run_until_complete(_play(dsn, phase, scene, given))


class Player:
    """One process; ``play`` runs one scene after another in it. Another phase has connections of its own."""

    def __init__(self) -> None:
        self._process = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))

    async def play(self, dsn: str, phase: str, scene: Callable[..., Awaitable[Told]], *given: Any) -> Told:
        """Run the scene in the process and return what it returns."""
        return await asyncio.get_running_loop().run_in_executor(self._process, _run, dsn, phase, scene, given)

    async def leave(self) -> None:
        """End the process at once; whatever it was doing, the server rolls back."""
        for process in list((self._process._processes or {}).values()):
            process.kill()
        await asyncio.to_thread(self._process.shutdown)
