"""Jobs in the database: SQL in and out, inside the caller's transaction.

Invariants: whoever works on a job holds its row while he writes, and only as the one who took it up last; what is
counted is written with what was done, in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import asyncpg

from marketplace.database import Connection
from marketplace.longwork.job import Brought, Job, JobError, JobFile, State

_RETURNING = """
 RETURNING id, kind, owner, actor_role, actor_id, badge::text AS badge, asked::text AS asked, state, queued_at, done,
  total, accepted, refused, errors, cursor, started_at, taken_at, done_before, moved_at, ended_at, worker, takes,
  lease_until, cancel_asked_at, code
"""
_SELECT = """
SELECT id, kind, owner, actor_role, actor_id, badge::text AS badge, asked::text AS asked, state, queued_at, done, total,
  accepted, refused, errors, cursor, started_at, taken_at, done_before, moved_at, ended_at, worker, takes, lease_until,
  cancel_asked_at, code FROM long_job
"""
_INSERT = """
INSERT INTO long_job (id, kind, owner, actor_role, actor_id, badge, asked, state, queued_at)
VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7::text::jsonb, 'queued', $8)
"""
_CLAIM = """
UPDATE long_job SET state = 'running', worker = $1, lease_until = clock_timestamp() + $2 * interval '1 second',
  taken_at = clock_timestamp(), done_before = done, takes = takes + 1,
  started_at = coalesce(started_at, clock_timestamp())
WHERE id = (
  SELECT id FROM long_job
  WHERE state IN ('queued', 'running') AND (state = 'queued' OR lease_until < clock_timestamp()) AND kind = ANY($3)
  ORDER BY queued_at, id FOR UPDATE SKIP LOCKED LIMIT 1
)
"""
_HOLD = _SELECT + "WHERE id = $1 AND worker = $2 AND state = 'running' FOR UPDATE"
_MOVE = """
UPDATE long_job SET done = $2, accepted = $3, refused = $4, errors = $5, cursor = $6, total = coalesce($7, total),
  takes = 0, moved_at = clock_timestamp(), lease_until = clock_timestamp() + $8 * interval '1 second'
WHERE id = $1
"""
_BEGIN = """
UPDATE long_job SET total = $3, done = $4, done_before = $4, taken_at = clock_timestamp(),
  accepted = CASE WHEN $4 = 0 THEN 0 ELSE accepted END, lease_until = clock_timestamp() + $5 * interval '1 second'
WHERE id = $1 AND worker = $2 AND state = 'running'
"""
_END = """
UPDATE long_job SET state = $2, code = $3, ended_at = clock_timestamp(), lease_until = NULL
WHERE id = $1 AND state IN ('queued', 'running')
"""
_GIVE_BACK = """
UPDATE long_job SET lease_until = clock_timestamp() + $3 * interval '1 second', takes = greatest(0, takes - $4)
WHERE id = $1 AND worker = $2 AND state = 'running'
"""
_ASK_CANCEL = """
UPDATE long_job SET cancel_asked_at = coalesce(cancel_asked_at, clock_timestamp())
WHERE id = $1 AND state IN ('queued', 'running') RETURNING state
"""
_BEHIND = """
WHERE owner = $1
  AND ($2::text IS NULL OR (queued_at, id) < (SELECT queued_at, id FROM long_job WHERE id = $2 AND owner = $1))
ORDER BY queued_at DESC, id DESC LIMIT $3
"""
_ERROR = """
INSERT INTO long_job_error (job, number, row, about, code, words)
SELECT $1, number, row, about, code, words
FROM unnest($2::int[], $3::int[], $4::text[], $5::text[], $6::text[]) AS t(number, row, about, code, words)
"""
_ERRORS = """
SELECT row, about, code, words FROM long_job_error WHERE job = $1 AND number > $2 ORDER BY number LIMIT $3
"""
_FILE = """
INSERT INTO long_job_file (job, name, size, body, kept_until)
VALUES ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 day')
"""
MAX_ABOUT = 300


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that a job made, and until when it is handed out."""

    name: str
    size: int
    kept_until: datetime


async def insert(connection: Connection, job: Job) -> None:
    """Keep a new job, which waits from now on."""
    badge = None if job.badge is None else json.dumps(dict(job.badge))
    asked = json.dumps(dict(job.asked), ensure_ascii=False)
    await connection.execute(
        _INSERT, job.id, job.kind, job.owner, job.actor_role, job.actor_id, badge, asked, job.queued_at
    )


async def hold_owner(connection: Connection, owner: str) -> None:
    """Keep the owner's other requests from asking for jobs until this transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('long_job/' || $1, 0))", owner)


async def unfinished(connection: Connection, owner: str) -> int:
    """How many jobs of his have not ended."""
    query = "SELECT count(*) FROM long_job WHERE owner = $1 AND state IN ('queued', 'running')"
    found: int = await connection.fetchval(query, owner)
    return found


async def claim(connection: Connection, kinds: Sequence[str], *, worker: str, lease: float) -> Job | None:
    """Take up the job that has waited longest, or one whose worker is gone; None: there is none."""
    row = await connection.fetchrow(_CLAIM + _RETURNING, worker, lease, list(kinds))
    return None if row is None else _job(row)


async def hold(connection: Connection, identifier: str, *, worker: str) -> Job | None:
    """The job, held until this transaction ends; None where it is no longer this worker's."""
    row = await connection.fetchrow(_HOLD, identifier, worker)
    return None if row is None else _job(row)


async def begin(
    connection: Connection, identifier: str, *, worker: str, total: int | None, done: int, lease: float
) -> Job | None:
    """Say how much there is, and where it goes on from; None where it is no longer this worker's."""
    row = await connection.fetchrow(_BEGIN + _RETURNING, identifier, worker, total, done, lease)
    return None if row is None else _job(row)


async def move(connection: Connection, job: Job, brought: Brought, *, lease: float) -> Job:
    """Count what a step brought, and keep what was wrong in it; the job is held."""
    await add_errors(connection, job, brought.errors)
    row = await connection.fetchrow(
        _MOVE + _RETURNING, job.id, job.done + brought.done, job.accepted + brought.accepted,
        job.refused + brought.refused, job.errors + len(brought.errors), brought.cursor or job.cursor, brought.total,
        lease,
    )  # fmt: skip
    assert row is not None, "a held job is there"
    return _job(row)


async def add_errors(connection: Connection, job: Job, errors: Sequence[JobError]) -> None:
    """Keep what is wrong, numbered on from what the job has."""
    if errors:
        await connection.execute(
            _ERROR, job.id, list(range(job.errors + 1, job.errors + len(errors) + 1)), [one.row for one in errors],
            [one.about[:MAX_ABOUT] for one in errors], [one.code for one in errors], [one.words for one in errors],
        )  # fmt: skip


async def end(connection: Connection, identifier: str, state: State, *, code: str = "") -> Job | None:
    """The job is over; None where it was before."""
    row = await connection.fetchrow(_END + _RETURNING, identifier, state, code)
    return None if row is None else _job(row)


async def give_back(connection: Connection, job: Job, *, after: float, was_stopped: bool) -> None:
    """Let somebody else take it up after so many seconds; ``was_stopped``: it was not the job's doing."""
    await connection.execute(_GIVE_BACK, job.id, job.worker, after, int(was_stopped))


async def ask_cancel(connection: Connection, identifier: str) -> State | None:
    """Note that its owner wants it to stop; its state, held until this transaction ends; None where it is over."""
    found: State | None = await connection.fetchval(_ASK_CANCEL, identifier)
    return found


async def by_id(connection: Connection, identifier: str, owner: str) -> Job | None:
    """A job of his own."""
    row = await connection.fetchrow(_SELECT + "WHERE id = $1 AND owner = $2", identifier, owner)
    return None if row is None else _job(row)


async def own(connection: Connection, owner: str, *, before: str | None, limit: int) -> tuple[Job, ...]:
    """His own, latest first, from behind one of them."""
    return tuple(_job(row) for row in await connection.fetch(_SELECT + _BEHIND, owner, before, limit))


async def errors_of(connection: Connection, identifier: str, *, after: int, limit: int) -> tuple[JobError, ...]:
    """What is wrong in a job, in the order in which it was found."""
    return tuple(JobError(**dict(row)) for row in await connection.fetch(_ERRORS, identifier, after, limit))


async def keep_file(connection: Connection, identifier: str, file: JobFile, *, days: int) -> None:
    """Keep the file that a job made for so many days."""
    await connection.execute(_FILE, identifier, file.name, len(file.body), file.body, days)


async def drop_old_files(connection: Connection) -> None:
    """Remove files whose days are over."""
    await connection.execute("DELETE FROM long_job_file WHERE kept_until < clock_timestamp()")


async def file_of(connection: Connection, identifier: str) -> KeptFile | None:
    """The file that a job made, while it is kept."""
    query = "SELECT name, size, kept_until FROM long_job_file WHERE job = $1 AND kept_until >= clock_timestamp()"
    row = await connection.fetchrow(query, identifier)
    return None if row is None else KeptFile(**dict(row))


async def file_body(connection: Connection, identifier: str) -> JobFile | None:
    """The same with its bytes."""
    query = "SELECT name, body FROM long_job_file WHERE job = $1 AND kept_until >= clock_timestamp()"
    row = await connection.fetchrow(query, identifier)
    return None if row is None else JobFile(**dict(row))


def _job(row: asyncpg.Record) -> Job:
    values = {one.name: row[one.name] for one in fields(Job)}
    badge, asked = values["badge"], values["asked"]
    return Job(**{**values, "badge": None if badge is None else json.loads(badge), "asked": json.loads(asked)})
