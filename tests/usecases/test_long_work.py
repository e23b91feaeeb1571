"""Long work is done once, whoever dies when: servers share it, a dead one's is gone on with, its owner stops it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import asyncpg
import pytest

from commons.errors import Conflict, Malformed, NotFound, Unavailable
from commons.events import Actor
from marketplace.database import Connection, Database
from marketplace.identity.identifiers import DEVELOPMENT
from marketplace.identity.permissions import Badge
from marketplace.jobs.long_work import working
from marketplace.longwork.job import Brought, Job, JobError, JobFile
from marketplace.usecases.act import Caller, Message
from marketplace.usecases.add_qualification import AddQualification
from marketplace.usecases.cancel_job import CancelJob, cancel_job
from marketplace.usecases.file_agency import FileAgency
from marketplace.usecases.import_rows import _row, import_agency_row
from marketplace.usecases.joined import Joined
from marketplace.usecases.long_work import FILE_DAYS, LEASE, MOST_TAKES, LeftError, Plain, give_back, take_next, work_on
from marketplace.usecases.read_jobs import AskJobs, JobDocument, read_job, read_job_errors, read_job_file, read_jobs
from marketplace.usecases.start_job import MOST, StartExport, StartVerification, start_export, start_verification
from tests.store.moved_time import pass_by
from tests.usecases.market import PROFILE, code
from tests.web_api.caller import filing as filing_of

SOMEBODY, ANOTHER = Caller(Actor("operator", "O1")), Caller(Actor("operator", "O2"))
ROWS, STEP = 30, 4
KINDS: Any = {"export_list": None}


@dataclass
class Counting(Plain):
    """Writes each row of its job into a table, four at a time; every seventh is refused."""

    stops_at: int = ROWS + 1
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    dies_at: int = -1

    async def look(self, job: Job) -> None:
        if job.done >= self.stops_at:
            self.reached.set()
            await self.go_on.wait()

    async def step(self, connection: Connection, job: Job, caller: Caller) -> Brought | None:
        assert caller.actor.role == job.actor_role
        rows = range(job.done, min(job.done + STEP, ROWS))
        if not rows:
            return None
        for row in rows:
            await connection.execute("INSERT INTO did (job, row) VALUES ($1, $2)", job.id, row)
            if row == self.dies_at:
                await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        errors = tuple(JobError(row, "表", "seventh", "第七") for row in rows if row % 7 == 0)
        return Brought(len(rows), len(rows) - len(errors), len(errors), errors)

    async def file(self, job: Job) -> JobFile:
        return JobFile(f"{job.id}.txt", b"done")


def counting(**given: Any) -> Counting:
    return Counting(total=ROWS, start=ROWS, **given)


def crew(task: Plain) -> Any:
    async def begin(job: Job, caller: Caller) -> Plain:
        del job, caller
        return task

    return begin


@pytest.fixture(autouse=True)
async def did(database: Database) -> None:
    async with database.borrow() as connection:
        await connection.execute("CREATE TABLE did (job text, row integer)")


async def asked(database: Database, count: int = 1, caller: Caller = SOMEBODY) -> list[str]:
    return [(await start_export(database, caller, StartExport(listed="demands"))).job for _ in range(count)]


async def done(database: Database) -> Counter[tuple[str, int]]:
    async with database.borrow() as connection:
        return Counter((one["job"], one["row"]) for one in await connection.fetch("SELECT job, row FROM did"))


def once(*jobs: str) -> Counter[tuple[str, int]]:
    return Counter((job, row) for job in jobs for row in range(ROWS))


async def taken(database: Database, worker: str = "A") -> Job:
    job = await take_next(database, KINDS, worker=worker)
    assert job is not None
    return job


async def seen(database: Database, job: str) -> JobDocument:
    return await read_job(database, SOMEBODY, job)


async def test_workers_that_look_at_the_same_time_take_up_each_job_once(database: Database) -> None:
    jobs = [*await asked(database, MOST), *await asked(database, MOST, ANOTHER)]
    found = await asyncio.gather(*(take_next(database, KINDS, worker=f"W{number}") for number in range(9)))
    assert Counter(one.id for one in found if one is not None) == Counter(jobs)
    assert await take_next(database, {}, worker="W") is None


async def test_two_servers_do_every_row_of_every_job_once_and_name_the_refused(database: Database) -> None:
    jobs = await asked(database, MOST)

    async def server(worker: str) -> None:
        while (job := await take_next(database, KINDS, worker=worker)) is not None:
            await work_on(database, crew(counting()), job)

    await asyncio.gather(server("A"), server("B"))
    assert await done(database) == once(*jobs)
    one = await seen(database, jobs[0])
    assert (one.done, one.total, one.accepted, one.refused, one.errors_total) == (ROWS, ROWS, 25, 5, 5)
    assert [(each.row, each.code, each.words) for each in one.errors] == [
        (row, "seventh", "第七") for row in range(0, ROWS, 7)
    ]
    document, errors = await read_job_errors(database, SOMEBODY, jobs[0])
    assert (document.job, len(errors)) == (jobs[0], 5)


async def test_the_job_of_a_dead_server_is_gone_on_with_and_whoever_was_taken_for_dead_writes_nothing_more(
    database: Database,
) -> None:
    (identifier,) = await asked(database)
    first = counting(stops_at=12)
    late = asyncio.create_task(work_on(database, crew(first), await taken(database)))
    await first.reached.wait()
    assert await take_next(database, KINDS, worker="B") is None, "it is not left yet"
    await pass_by(LEASE + 1)
    again = await taken(database, "B")
    assert (again.id, again.done) == (identifier, 12)
    second = counting(stops_at=20)
    heir = asyncio.create_task(work_on(database, crew(second), again))
    await second.reached.wait()
    first.go_on.set()
    with pytest.raises(LeftError):
        await late
    assert (await seen(database, identifier)).done == 20
    second.go_on.set()
    await heir
    assert await done(database) == once(identifier)
    assert (await seen(database, identifier)).errors_total == 5, "nor is anything named twice"


async def test_a_connection_that_dies_within_a_step_takes_that_step_back_alone(database: Database) -> None:
    (identifier,) = await asked(database)
    with pytest.raises((Unavailable, asyncpg.PostgresError)):
        await work_on(database, crew(counting(dies_at=14)), await taken(database))
    assert (await seen(database, identifier)).done == 12
    await pass_by(LEASE + 1)
    await work_on(database, crew(counting()), await taken(database, "B"))
    assert await done(database) == once(identifier)


async def test_a_server_that_is_told_to_stop_gives_its_job_back_at_once(database: Database) -> None:
    (identifier,) = await asked(database)
    task = counting(stops_at=8)
    async with working(database, {"export_list": crew(task)}, pause=0.02):
        await task.reached.wait()
    async with database.borrow() as connection:
        assert await connection.fetchval("SELECT takes FROM long_job WHERE id = $1", identifier) == 0
    await pass_by(0.1)
    await work_on(database, crew(counting()), await taken(database, "B"))
    assert await done(database) == once(identifier)


async def test_its_owner_alone_stops_a_job_and_what_was_done_stays(database: Database) -> None:
    running, waiting = await asked(database, 2)
    task = counting(stops_at=8)
    under_way = asyncio.create_task(work_on(database, crew(task), await taken(database)))
    await task.reached.wait()
    with pytest.raises(NotFound):
        await cancel_job(database, ANOTHER, CancelJob(job=running))
    told = [await cancel_job(database, SOMEBODY, CancelJob(job=one)) for one in (running, waiting)]
    assert [one.state for one in told] == ["running", "cancelled"]
    assert (await seen(database, running)).is_cancel_asked
    task.go_on.set()
    await under_way
    ended = await seen(database, running)
    assert (ended.state, ended.done, ended.file) == ("cancelled", 8, None)
    assert len(await done(database)) == 8
    assert await take_next(database, KINDS, worker="B") is None
    with pytest.raises(Conflict, match="ended"):
        await cancel_job(database, SOMEBODY, CancelJob(job=running))


async def test_nobody_sees_the_jobs_of_another_and_everybody_has_a_few_at_a_time(database: Database) -> None:
    first, *_ = await asked(database, MOST)
    with pytest.raises(Conflict, match="at a time"):
        await asked(database)
    keyed = replace(ANOTHER, key="once")
    same = [(await asked(database, 1, keyed))[0] for _ in range(2)]
    assert same[0] == same[1]
    with pytest.raises(NotFound):
        await read_job(database, ANOTHER, first)
    listed = await read_jobs(database, SOMEBODY, AskJobs(limit=2))
    rest = await read_jobs(database, SOMEBODY, AskJobs(before=listed.before, limit=2))
    assert len({one.job for one in (*listed.jobs, *rest.jobs)}) == MOST
    assert (rest.jobs[-1].job, rest.before) == (first, None)
    with pytest.raises(Malformed):
        await start_verification(database, SOMEBODY, StartVerification(since="2026-02-01", until="2026-01-31"))


async def test_a_file_is_there_for_its_owner_for_thirty_days(database: Database) -> None:
    (identifier,) = await asked(database)
    await work_on(database, crew(counting()), await taken(database))
    kept = (await seen(database, identifier)).file
    assert kept is not None
    assert (await read_job_file(database, SOMEBODY, identifier)).body == b"done"
    with pytest.raises(NotFound):
        await read_job_file(database, ANOTHER, identifier)
    await pass_by(FILE_DAYS * 86_400 + 1)
    assert (await seen(database, identifier)).file is None
    with pytest.raises(NotFound):
        await read_job_file(database, SOMEBODY, identifier)
    await asked(database)
    async with database.borrow() as connection:
        assert await connection.fetchval("SELECT count(*) FROM long_job_file") == 0


async def test_what_is_wrong_as_a_whole_is_refused_and_what_never_gets_anywhere_is_given_up(database: Database) -> None:
    refused, hopeless = await asked(database, 2)
    wrong = Plain(rejected=(JobError(3, "H3", "value", "应为金额"),))
    await work_on(database, crew(wrong), await taken(database))
    assert ((one := await seen(database, refused)).state, one.errors_total, one.done) == ("refused", 1, 0)
    for _ in range(MOST_TAKES):
        await give_back(database, await taken(database), after=0)
        await pass_by(1)
    assert await take_next(database, KINDS, worker="A") is None
    assert ((one := await seen(database, hopeless)).state, one.code) == ("failed", "gave_up")


async def test_whoever_may_no_longer_act_as_what_he_asked_as_is_not_worked_for(database: Database) -> None:
    gone = Caller(SOMEBODY.actor, badge=Badge("P261123-GONE0000", role_id="R261123-GONE0000"))
    (identifier,) = await asked(database, 1, gone)
    await work_on(database, crew(counting()), await taken(database))
    one = await read_job(database, gone, identifier)
    assert (one.state, one.code, await done(database)) == ("failed", "right_ended", Counter())


async def test_a_row_that_is_refused_half_way_leaves_nothing_and_one_that_clashes_is_named(database: Database) -> None:
    paper = AddQualification(
        agency=code(1),
        kind="火星",
        grade=None,
        number="例1",
        issuer="例",
        valid_from=date(2026, 1, 1),
        valid_until=None,
    )
    filing = FileAgency.model_validate(filing_of(1))
    async with database.transaction() as connection:
        rows = [
            await import_agency_row(
                connection, SOMEBODY, filing, papers, profile=PROFILE, identifiers=DEVELOPMENT
            )
            for papers in ([paper, paper], [], [])
        ]  # fmt: skip
        await connection.execute("CREATE UNIQUE INDEX did_once ON did (row)")

        async def clashing() -> Message:
            await connection.execute("INSERT INTO did (row) VALUES (1), (1)")
            return filing

        clash = await _row(Joined(connection), [clashing])
    codes = [[said for said, _ in row] for row in rows]
    assert codes == [["unknown_qualification_kind"] * 2, [], ["already_filed"]]
    assert [said for said, _ in clash] == ["contradicts_record"]
    async with database.borrow() as connection:
        assert await connection.fetchval("SELECT count(*) FROM agency") == 1
