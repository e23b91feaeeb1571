"""How fast a job goes and how long it will take: counted since somebody took it up last, or over all of a past one.

Invariants: whole numbers; what nobody can say yet is None, never a guess. Source: pages.md (long work).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.longwork.job import Job

SOONEST = timedelta(seconds=1)
"""No speed is told of a shorter time."""
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """Rows a minute, and whole seconds that are left, rounded up."""

    rows_per_minute: int | None
    remaining_s: int | None


UNKNOWN = Pace(None, None)


def pace(job: Job, *, at: datetime) -> Pace:
    """The speed of a job as of ``at``; of one that has ended the speed of the whole, with nothing left."""
    if job.started_at is None or job.taken_at is None:
        return UNKNOWN
    if job.is_over:
        elapsed, rows = (job.ended_at or at) - job.started_at, job.done
        return Pace(rows * _MINUTE // elapsed, None) if rows and elapsed >= SOONEST else UNKNOWN
    elapsed, rows = at - job.taken_at, job.done - job.done_before
    if elapsed < SOONEST or rows <= 0:
        return UNKNOWN
    left = None if job.total is None else max(0, job.total - job.done)
    return Pace(rows * _MINUTE // elapsed, None if left is None else -(-left * elapsed // (rows * _SECOND)))
