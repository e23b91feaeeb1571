"""Long work step by step: a job is taken up by one server, does a few rows at a time, and counts them as it does them.

Invariants: what a step does and what it counts are one transaction, in which the job is held by whoever took it up
last; so no row is done twice, whoever dies when, and whoever was taken for dead writes nothing more. Cancelling and
lost rights count at the next step; what was done stays. Nothing is held between steps. Source: docs/adr/0035.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from commons.errors import Conflict, Forbidden, Malformed, NotFound
from marketplace.database import Connection, Database
from marketplace.longwork import store
from marketplace.longwork.job import Brought, Job, JobError, JobFile, Kind, State
from marketplace.usecases.act import Caller
from marketplace.usecases.end_job import end_job
from marketplace.usecases.job_caller import caller_now

LEASE = 60.0
"""Seconds after which a job that did not move is taken for left: longer than any step takes."""
FILE_DAYS = 30
"""Days for which a file that a job made is kept."""
MOST_TAKES = 5
"""How often in a row a job is taken up without a single step, before it is given up."""


class Task(Protocol):
    """The work of one job, for whoever took it up; made anew each time."""

    total: int | None
    """How much there is to do; None: nobody knows yet."""
    start: int
    """How much of it stays done from before: what is made in memory begins at 0."""
    rejected: tuple[JobError, ...]
    """What is wrong with all of it: then nothing of it is done."""

    async def look(self, job: Job) -> None:
        """Whatever the next step needs that takes long; no transaction is open, and nothing is kept."""

    async def step(self, connection: Connection, job: Job, caller: Caller) -> Brought | None:
        """Do the next few from ``job.done`` on, inside the job's transaction; None when all is done."""

    async def file(self, job: Job) -> JobFile | None:
        """The file that comes of it, once all is done."""


Crew = Callable[[Job, Caller], Awaitable[Task]]
"""How the work of a kind is begun: ``Conflict``, ``Forbidden``, ``Malformed`` or ``NotFound`` fail the job."""


@dataclass(slots=True)
class Plain:
    """A task's common ground: nothing to look for, nothing rejected, no file."""

    total: int | None = None
    start: int = 0
    rejected: tuple[JobError, ...] = field(default=())

    async def look(self, job: Job) -> None:
        """Nothing."""

    async def file(self, job: Job) -> JobFile | None:
        """None."""
        del job
        return None


class LeftError(Exception):
    """Somebody else has taken the job up meanwhile: nothing was done in this step."""


async def take_next(database: Database, kinds: Mapping[Kind, Crew], *, worker: str, lease: float = LEASE) -> Job | None:
    """Take up the job that has waited longest, or was left; None when there is none."""

    async def work(connection: Connection) -> Job | None:
        job = await store.claim(connection, sorted(kinds), worker=worker, lease=lease)
        if job is not None and job.takes > MOST_TAKES:
            await end_job(connection, job.id, "failed", code="gave_up")
            return None
        return job

    return await database.retrying(work)


async def work_on(database: Database, crew: Crew, job: Job, *, lease: float = LEASE) -> None:
    """Do a job that was taken up to its end; ``LeftError`` once it is somebody else's."""
    async with database.read() as connection:
        caller = await caller_now(connection, job)
    if caller is None:
        await _end(database, job, "failed", code="right_ended")
        return
    try:
        task = await crew(job, caller)
    except (Conflict, Forbidden, Malformed, NotFound) as error:
        await _end(database, job, "failed", code=_code(error))
        return
    moved: Job | None = await database.retrying(lambda connection: _begin(connection, job, task, lease=lease))
    while moved is not None:
        await task.look(moved)
        standing = await database.retrying(lambda connection: _step(connection, job, task, lease=lease))
        if standing == "all done":
            await _finish(database, moved, task)
            return
        moved = standing


async def _begin(connection: Connection, job: Job, task: Task, *, lease: float) -> Job | None:
    """The job with how much there is; None where nothing of it is to be done."""
    held = await store.hold(connection, job.id, worker=job.worker)
    if held is None:
        raise LeftError(job.id)
    if task.rejected:
        total = len(task.rejected)
        await store.move(connection, held, Brought(0, errors=task.rejected, total=task.total), lease=lease)
        assert total, "what is rejected has a reason"
        await end_job(connection, job.id, "refused")
        return None
    return await store.begin(
        connection, job.id, worker=job.worker, total=task.total, done=min(task.start, held.done), lease=lease
    )


async def _step(connection: Connection, job: Job, task: Task, *, lease: float) -> Job | Literal["all done"] | None:
    """The job after a step; None when it has ended."""
    held = await store.hold(connection, job.id, worker=job.worker)
    if held is None:
        raise LeftError(job.id)
    if held.cancel_asked_at is not None:
        await end_job(connection, job.id, "cancelled")
        return None
    caller = await caller_now(connection, held)
    if caller is None:
        await end_job(connection, job.id, "failed", code="right_ended")
        return None
    brought = await task.step(connection, held, caller)
    return "all done" if brought is None else await store.move(connection, held, brought, lease=lease)


async def _finish(database: Database, job: Job, task: Task) -> None:
    """All is done: the file is made and kept as the job ends."""
    file = await task.file(job)

    async def work(connection: Connection) -> None:
        if await store.hold(connection, job.id, worker=job.worker) is None:
            raise LeftError(job.id)
        if file is not None:
            await store.keep_file(connection, job.id, file, days=FILE_DAYS)
        await end_job(connection, job.id, "done")

    await database.retrying(work)


async def _end(database: Database, job: Job, state: State, *, code: str) -> None:
    async def work(connection: Connection) -> None:
        if await store.hold(connection, job.id, worker=job.worker) is not None:
            await end_job(connection, job.id, state, code=code)

    await database.retrying(work)


async def give_back(database: Database, job: Job, *, after: float, was_stopped: bool = False) -> None:
    """Leave the job to whoever looks next, after so many seconds; nothing happens where it is somebody else's."""
    async with database.transaction() as connection:
        await store.give_back(connection, job, after=after, was_stopped=was_stopped)


def _code(error: Conflict | Forbidden | Malformed | NotFound) -> str:
    match error:
        case Conflict() | Forbidden():
            return error.code[:48]
        case NotFound():
            return f"no_{error.kind}"[:48]
        case Malformed():
            return error.faults[0].code[:48]
