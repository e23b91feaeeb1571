"""Cancel a job of one's own (取消任务): one that waits ends at once, one that runs at its next step.

What was done stays. Source: pages.md (long work), docs/adr/0035.
"""

from __future__ import annotations

from commons.errors import Conflict, NotFound
from marketplace.database import Connection, Database
from marketplace.longwork import store
from marketplace.usecases.act import Caller, Identifier, Message, perform, require, who_asks
from marketplace.usecases.end_job import end_job


class CancelJob(Message):
    """Which job."""

    job: Identifier


class JobCancelled(Message):
    """``state`` is cancelled, or running until the step under way has ended."""

    job: str
    state: str


async def cancel_job(database: Database, caller: Caller, command: CancelJob) -> JobCancelled:
    """Have it end; ``NotFound`` for a job of somebody else, ``Conflict`` for one that is over."""
    require(caller, "cancel_job")
    owner = who_asks(caller)

    async def work(connection: Connection) -> JobCancelled:
        job = await store.by_id(connection, command.job, owner)
        if job is None:
            raise NotFound("job", command.job)
        state = await store.ask_cancel(connection, job.id)
        if state is None:
            raise Conflict("job_is_over", "this job has ended")
        if state == "queued":
            await end_job(connection, job.id, "cancelled")
            return JobCancelled(job=job.id, state="cancelled")
        return JobCancelled(job=job.id, state=state)

    done = await perform(database, caller, command, JobCancelled, work)
    assert isinstance(done, JobCancelled), "cancelling is never refused"
    return done
