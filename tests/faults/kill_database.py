"""``kill-database``: kill -9 of the database server under load. Control: the same with asynchronous commit.

The figure is the sum of acknowledged offers that are lost, offers that were made twice, and requests or transactions
that are stuck; the server is brought up again by its keeper, and clients ask again under the same key.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from marketplace.database import Database
from marketplace.embedded.server import EmbeddedPostgres
from marketplace.migrate import all_tables, migrate_forward
from marketplace.piccolo_engine import ENGINE, bind
from tests.faults.figures import Figure, progress
from tests.faults.kills import Count, counted, prepared, sites, under_load

NAME = "kill-database"
DEFAULT_SIZE = 50
CONTROLS = 5
"""Kills of the control at most; it ends at the first loss."""


@contextlib.asynccontextmanager
async def own_server(name: str, settings: Mapping[str, str]) -> AsyncIterator[tuple[EmbeddedPostgres, str]]:
    """Run a server of this control or fault alone; erased afterwards."""
    server = EmbeddedPostgres(Path(tempfile.gettempdir()) / f"shepi-faults-{name}-{os.getpid()}", settings=settings)
    try:
        yield server, await server.start()
    finally:
        await server.erase()


async def kills(size: int, seed: int, settings: Mapping[str, str]) -> Count:
    """Kill the server so many times while offers come in; what was lost, made twice or stuck."""
    async with own_server("kill", settings) as (server, dsn):
        database = await Database.open(dsn, maximum=10)
        ENGINE.attach(database)
        bind(all_tables())
        try:
            await migrate_forward(database)
            selections = await prepared(database, size)
        finally:
            ENGINE.attach(None)
            await database.close()

        async def kill(_turn: int) -> None:
            state = server.place.folder / "keeper.json"
            pid = int(json.loads(await asyncio.to_thread(state.read_text, encoding="utf-8"))["postmaster"])
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

        async with sites(dsn, 1) as running:
            ledger = await under_load(running, selections, size, random.Random(seed), kill)
            return await counted(dsn, ledger)


async def run(size: int, seed: int) -> Figure:
    """Take the figure on servers of its own."""
    began = time.monotonic()
    ours = await kills(size, seed, {})
    progress(f"{NAME}: {ours}")
    control = await kills(min(size, CONTROLS), seed, {"synchronous_commit": "off"})
    progress(f"{NAME}: asynchronous commit: {control}")
    found = ours.lost + ours.duplicates + ours.stuck
    bar = "lost 0, made twice 0, stuck 0; asynchronous commit loses"
    return Figure(
        NAME, size, found, control.lost, bar, found == 0 and control.lost > 0, round(time.monotonic() - began, 1)
    )
