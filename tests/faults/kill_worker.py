"""``kill-worker``: kill -9 of one of two server processes under load. Control: answers before their commit.

Two sites serve one database; they are killed by turns and started again while clients go on at the other one. The
figure is the sum of acknowledged offers that are lost, offers made twice, and requests or transactions that are stuck.
"""

from __future__ import annotations

import random
import time

from marketplace.database import Database
from tests.faults.figures import Figure, progress
from tests.faults.ground import own_market
from tests.faults.kills import Count, counted, prepared, sites, under_load

NAME = "kill-worker"
DEFAULT_SIZE = 50
CONTROLS = 5
SITES = 2
"""The control has one, so that whatever was answered last dies with it."""


async def kills(database: Database, size: int, seed: int, *, hasty: bool) -> Count:
    """Kill a site so many times while offers come in; what was lost, made twice or stuck."""
    selections = await prepared(database, size)
    async with sites(database.dsn, 1 if hasty else SITES, hasty=hasty) as running:

        async def kill(turn: int) -> None:
            await running[turn % len(running)].kill()
            await running[turn % len(running)].start()

        ledger = await under_load(running, selections, size, random.Random(seed), kill)
        return await counted(database.dsn, ledger)


async def run(size: int, seed: int) -> Figure:
    """Take the figure on servers of its own."""
    began = time.monotonic()
    async with own_market(maximum=10) as database:
        ours = await kills(database, size, seed, hasty=False)
    progress(f"{NAME}: {ours}")
    async with own_market(maximum=10) as database:
        control = await kills(database, min(size, CONTROLS), seed, hasty=True)
    progress(f"{NAME}: answered before the commit: {control}")
    found = ours.lost + ours.duplicates + ours.stuck
    bar = "lost 0, made twice 0, stuck 0; answering before the commit loses"
    return Figure(
        NAME, size, found, control.lost, bar, found == 0 and control.lost > 0, round(time.monotonic() - began, 1)
    )
