"""How far are one's own jobs, what was wrong in them, what came of them? Everybody reads his own alone.

Source: pages.md (long work: done of total, speed, remaining, errors, lasting result).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from commons.errors import NotFound
from marketplace.database import Connection, Database
from marketplace.longwork import store
from marketplace.longwork.job import Job, JobError, JobFile
from marketplace.longwork.pace import pace
from marketplace.usecases.act import Caller, Message, clock, require, who_asks

MOST_LISTED = 50
"""Jobs of one page."""
MOST_NAMED = 100
"""Errors that the page of a job names; all of them are in the sheet."""
MOST_WRITTEN = 20_000
"""Errors in the sheet."""


class JobErrorLine(Message):
    """One thing that is wrong, or differs: its row where it has one, what it is about, a stable code, words."""

    row: int | None
    about: str
    code: str
    words: str


class JobFileLine(Message):
    """The file that a job made: how long it is there to be fetched."""

    name: str
    size: int
    kept_until: datetime


class JobDocument(Message):
    """A job: ``done`` of ``total`` (null: not known yet), of which ``accepted`` and ``refused``; how fast, how long.

    ``state`` is queued, running, done, refused (what came in is wrong, nothing was done), cancelled or failed (``code``
    says why; what was done stays). ``errors`` are the first hundred of ``errors_total``.
    """

    job: str
    kind: str
    asked: dict[str, str]
    state: str
    queued_at: datetime
    started_at: datetime | None
    moved_at: datetime | None
    ended_at: datetime | None
    done: int
    total: int | None
    accepted: int
    refused: int
    rows_per_minute: int | None
    remaining_seconds: int | None
    is_cancel_asked: bool
    code: str
    errors_total: int
    errors: list[JobErrorLine]
    file: JobFileLine | None


class Jobs(Message):
    """One's own jobs, latest first; ``before`` goes on from the last one. Errors are named by each job alone."""

    jobs: list[JobDocument]
    before: str | None


class AskJobs(Message):
    """From behind which job, and how many."""

    before: Annotated[str | None, Field(max_length=16)] = None
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 20


async def read_jobs(database: Database, caller: Caller, asked: AskJobs) -> Jobs:
    """One's own jobs."""
    require(caller, "read_jobs")
    async with database.read() as connection:
        at = await clock(connection)
        found = await store.own(connection, who_asks(caller), before=asked.before, limit=asked.limit)
        lines = [document_of(one, (), await store.file_of(connection, one.id), at=at) for one in found]
    return Jobs(jobs=lines, before=found[-1].id if len(found) == asked.limit else None)


async def read_job(database: Database, caller: Caller, identifier: str) -> JobDocument:
    """A job of one's own; ``NotFound`` for any other."""
    require(caller, "read_jobs")
    async with database.read() as connection:
        at = await clock(connection)
        job = await _own(connection, caller, identifier)
        errors = await store.errors_of(connection, job.id, after=0, limit=MOST_NAMED)
        return document_of(job, errors, await store.file_of(connection, job.id), at=at)


async def read_job_errors(database: Database, caller: Caller, identifier: str) -> tuple[JobDocument, list[JobError]]:
    """A job of one's own with all that is wrong in it, ``MOST_WRITTEN`` at most."""
    require(caller, "read_jobs")
    async with database.read() as connection:
        at = await clock(connection)
        job = await _own(connection, caller, identifier)
        errors = await store.errors_of(connection, job.id, after=0, limit=MOST_WRITTEN)
        return document_of(job, (), None, at=at), list(errors)


async def read_job_file(database: Database, caller: Caller, identifier: str) -> JobFile:
    """The file that a job of one's own made; ``NotFound`` where there is none, or no longer."""
    require(caller, "read_jobs")
    async with database.read() as connection:
        job = await _own(connection, caller, identifier)
        found = await store.file_body(connection, job.id)
    if found is None:
        raise NotFound("job_file", identifier)
    return found


async def _own(connection: Connection, caller: Caller, identifier: str) -> Job:
    job = await store.by_id(connection, identifier, who_asks(caller))
    if job is None:
        raise NotFound("job", identifier)
    return job


def document_of(job: Job, errors: tuple[JobError, ...], file: store.KeptFile | None, *, at: datetime) -> JobDocument:
    """A job as it is answered."""
    going = pace(job, at=at)
    return JobDocument(
        job=job.id,
        kind=job.kind,
        asked={key: value for key, value in job.asked.items() if isinstance(value, str)},
        state=job.state,
        queued_at=job.queued_at,
        started_at=job.started_at,
        moved_at=job.moved_at,
        ended_at=job.ended_at,
        done=job.done,
        total=job.total,
        accepted=job.accepted,
        refused=job.refused,
        rows_per_minute=going.rows_per_minute,
        remaining_seconds=going.remaining_s,
        is_cancel_asked=job.cancel_asked_at is not None,
        code=job.code,
        errors_total=job.errors,
        errors=[JobErrorLine(row=one.row, about=one.about, code=one.code, words=one.words) for one in errors],
        file=None if file is None else JobFileLine(name=file.name, size=file.size, kept_until=file.kept_until),
    )
