"""Every award of a period computed anew: n of n agree, and whatever differs is named step by step.

Invariants: each award is held against what the market itself published, by the same check as its own page; computing
runs in threads and no connection waits for it. Source: docs/adr/0033, 0035.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from commons.errors import Malformed, NotFound
from commons.instants import start_of_day
from marketplace.database import Connection, Database
from marketplace.longwork.job import Brought, Job, JobError
from marketplace.usecases.act import Caller
from marketplace.usecases.long_work import Plain
from marketplace.usecases.read_decided import count_decided, read_decided
from marketplace.usecases.read_published import read_published
from marketplace.web.locale.verify_words import TITLES
from marketplace.web.verifying import own

AT_ONCE = 10
"""Awards of one step."""


@dataclass(slots=True)
class VerifyingTask(Plain):
    """The awards of a time, in the order of their codes."""

    database: Database = field(kw_only=True)
    since: datetime = field(kw_only=True)
    before: datetime = field(kw_only=True)
    looked: Brought | None = None

    async def look(self, job: Job) -> None:
        """Compute the next awards anew."""
        codes = await read_decided(self.database, self.since, self.before, after=job.cursor, limit=AT_ONCE)
        agreeing, errors = 0, []
        differing = 0
        for code in codes:
            found = await _verified(self.database, code)
            agreeing += found == ()
            differing += bool(found)
            errors += list(found or ())
        self.looked = (
            Brought(len(codes), agreeing, differing, tuple(errors), cursor=codes[-1]) if codes else None
        )  # fmt: skip

    async def step(self, connection: Connection, job: Job, caller: Caller) -> Brought | None:
        """Count what was computed; None after the last."""
        del connection, job, caller
        return self.looked


async def verifying_task(database: Database, job: Job) -> VerifyingTask:
    """The awards that were decided on the days, and before the job was asked for."""
    since = start_of_day(date.fromisoformat(job.text("since")))
    before = min(start_of_day(date.fromisoformat(job.text("until")) + timedelta(days=1)), job.queued_at)
    left = await count_decided(database, since, before, after=job.cursor)
    return VerifyingTask(total=job.done + left, start=job.done, database=database, since=since, before=before)


async def _verified(database: Database, code: str) -> tuple[JobError, ...] | None:
    """What differs in one award; None for a direct choice, which computes nothing."""
    try:
        held = await own(await read_published(database, code))
    except NotFound:
        return (JobError(None, code, "no_award", "中选公告已不在，无法核验"),)
    except Malformed as malformed:
        return tuple(
            JobError(None, code, one.code, f"案例读不懂：{one.pointer} {one.detail}") for one in malformed.faults
        )
    if held is None:
        return None
    return tuple(
        JobError(None, code, f"differs_{one.code}", f"{TITLES[one.code][2]}（{one.total} 处）")
        for one in held.done.differing
    )
