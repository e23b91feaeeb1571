"""The runner: takes up long work whenever there is some, one job at a time, for ever.

Invariants: no connection is held while there is nothing to do; a job that fails is left to be taken up again, later
each time; one that is stopped with its server is free at once; of a failure only its kind is logged.
Source: marketplace/usecases/long_work.py, docs/adr/0035.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from uuid import uuid4

from marketplace.database import Database
from marketplace.jobs.repeating import beside, for_ever
from marketplace.longwork.job import Job, Kind
from marketplace.uninterrupted import uninterrupted
from marketplace.usecases.long_work import LEASE, Crew, LeftError, give_back, take_next, work_on

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two looks when there is nothing to do."""


async def work(database: Database, crews: Mapping[Kind, Crew], *, pause: float = PAUSE, lease: float = LEASE) -> None:
    """Do what there is to do, for ever; ends by cancellation alone."""
    worker = str(uuid4())

    async def turn() -> bool:
        job = await take_next(database, crews, worker=worker, lease=lease)
        if job is not None:
            await _do(database, crews[job.kind], job, lease=lease, pause=pause)
        return job is not None

    await for_ever("long work", turn, pause)


async def _do(database: Database, crew: Crew, job: Job, *, lease: float, pause: float) -> None:
    """Do one job; whatever stops it, it is left to be taken up again."""
    try:
        await work_on(database, crew, job, lease=lease)
    except LeftError:
        log.info("the job %s was taken up elsewhere", job.id)
    except asyncio.CancelledError:
        with contextlib.suppress(Exception):
            await uninterrupted(give_back(database, job, after=0, was_stopped=True))
        raise
    except Exception:
        await give_back(database, job, after=pause * 2**job.takes)
        raise


def working(
    database: Database, crews: Mapping[Kind, Crew], *, pause: float = PAUSE, lease: float = LEASE
) -> AbstractAsyncContextManager[asyncio.Task[None]]:
    """Work for the length of the block; what is under way is given back when it is left."""
    return beside("long work", work(database, crews, pause=pause, lease=lease))
