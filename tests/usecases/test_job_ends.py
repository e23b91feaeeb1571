"""Whoever asked for a job is told of its end: once, in the same transaction, himself alone as what he acted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import asyncpg
import pytest

from commons.errors import Unavailable
from commons.events import Actor
from marketplace.database import Connection, Database
from marketplace.identity.permissions import Badge
from marketplace.identity.rights_jobs import ACTING
from marketplace.identity.rights_neighbours import NEIGHBOUR_RIGHTS
from marketplace.inbox.telling import JOB_TELLINGS, TELLINGS, words_of
from marketplace.longwork.job import ENDED, Brought, Job, JobError, Kind
from marketplace.usecases.act import Caller
from marketplace.usecases.cancel_job import CancelJob, cancel_job
from marketplace.usecases.end_job import end_job
from marketplace.usecases.long_work import LEASE, MOST_TAKES, Plain, give_back, take_next, work_on
from marketplace.usecases.notifications import AskNotifications, NotificationLine, read_notifications
from marketplace.usecases.start_job import ListedWhole, StartVerification, start_verification
from tests.store.moved_time import pass_by
from tests.usecases.test_long_work import KINDS, SOMEBODY, asked, counting, crew, seen, taken
from tests.usecases.test_long_work import did as did  # noqa: PLC0414 - the table that counting tasks write

PERSON = Badge("P261123-AAAAAAAA")
BOSS = Caller(Actor("agency", "91330300MA00000001"), badge=PERSON)


class Nothing(Plain):
    """All done."""

    async def step(self, connection: Connection, job: Job, caller: Caller) -> Brought | None:
        del connection, job, caller
        return None


async def told(database: Database, caller: Caller = SOMEBODY) -> list[NotificationLine]:
    return (await read_notifications(database, caller, AskNotifications())).notifications


def types(found: list[NotificationLine]) -> list[str]:
    return [one.type for one in found]


async def finish(database: Database, task: Plain | None = None, worker: str = "A") -> None:
    await work_on(database, crew(task or counting()), await taken(database, worker))


async def test_every_way_in_which_a_job_ends_is_told_once_with_the_way_to_its_page(database: Database) -> None:
    waiting, refused, given_up = await asked(database, 3)
    await cancel_job(database, SOMEBODY, CancelJob(job=waiting))
    await finish(database, Plain(rejected=(JobError(3, "H3", "value", "应为金额"),)))
    for _ in range(MOST_TAKES):
        await give_back(database, await taken(database), after=0)
        await pass_by(1)
    assert await take_next(database, KINDS, worker="A") is None
    (partly,) = await asked(database)
    await finish(database)
    (done,) = await asked(database)
    await finish(database, Nothing())
    found = await told(database)
    endings = ((done, "done"), (partly, "partly"), (given_up, "failed"), (refused, "refused"), (waiting, "cancelled"))
    assert [(one.link, one.type) for one in found] == [
        (f"/workbench/jobs/{job}", f"job.export_demands.{how}") for job, how in endings
    ]
    assert {one.kind for one in found} == {"job"}
    assert found[0].words == "导出全部需求公告已完成"
    assert found[0].at == (await seen(database, done)).ended_at
    async with database.transaction() as connection:
        await end_job(connection, done, "failed", code="gave_up")
    assert len(await told(database)) == len(found), "what is over does not end again"


async def test_he_is_told_as_what_he_acted_when_he_asked_and_no_colleague_is(database: Database) -> None:
    days = StartVerification(since="2026-10-01", until="2026-10-31")
    await start_verification(database, BOSS, days)
    kinds: Any = {"verify_awards": None}
    job = await take_next(database, kinds, worker="A")
    assert job is not None
    async with database.transaction() as connection:
        await end_job(connection, job.id, "done")
    assert [one.words for one in await told(database, BOSS)] == ["批量核验已完成：2026-10-01 – 2026-10-31"]
    colleague = replace(BOSS, badge=Badge("P261123-BBBBBBBB"))
    elsewhere = Caller(Actor("owner", BOSS.actor.id), badge=PERSON)
    assert [await told(database, one) for one in (colleague, elsewhere, Caller(BOSS.actor))] == [[], [], []]


DEATHS = {
    "the row": "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$",
    "the connection": """CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$""",
}


@pytest.mark.parametrize("dies", DEATHS)
async def test_whoever_dies_while_a_job_ends_neither_ends_it_nor_tells_of_it(database: Database, dies: str) -> None:
    (identifier,) = await asked(database)
    async with database.borrow() as connection:
        await connection.execute(DEATHS[dies])
        await connection.execute("CREATE TRIGGER die AFTER INSERT ON notification FOR EACH ROW EXECUTE FUNCTION die()")
    with pytest.raises((Unavailable, asyncpg.PostgresError)):
        await finish(database)
    assert (await seen(database, identifier)).state == "running"
    assert await told(database) == []
    async with database.borrow() as connection:
        await connection.execute("DROP TRIGGER die ON notification")
    await pass_by(LEASE + 1)
    await finish(database, worker="B")
    assert (await seen(database, identifier)).state == "done"
    assert types(await told(database)) == ["job.export_demands.partly"]


def test_every_kind_of_job_has_words_for_every_end_and_whoever_may_ask_has_an_inbox() -> None:
    kinds = [one for one in get_args(Kind) if one != "export_list"]
    works = {*kinds, *(f"export_{one}" for one in get_args(ListedWhole))}
    assert set(JOB_TELLINGS) == {f"job.{work}.{how}" for work in works for how in (*ENDED, "partly")}
    assert not set(JOB_TELLINGS) & set(TELLINGS)
    assert words_of("job.import_agencies.partly", "名册.xlsx") == (
        "批量备案机构已完成，有未通过的行：名册.xlsx",
        "Filing of agencies: done, with rows that did not pass: 名册.xlsx",
    )
    (inbox,) = [one for one in NEIGHBOUR_RIGHTS if one.act == "read_notifications"]
    assert set(ACTING) <= set(inbox.roles)
