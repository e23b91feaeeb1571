"""``pool``: connections lost after random cancellations and failing commits. Control: Piccolo's own engine.

A request does what requests do (a transaction, a read, a Piccolo query, a savepoint, work under retrying) and is
cancelled at a random moment; a commit fails on a deferred constraint. Afterwards the pool must lend all its
connections at once, and the server must hold no transaction open.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable

import asyncpg
from piccolo.columns import Integer
from piccolo.engine.postgres import PostgresEngine
from piccolo.table import Table

from marketplace.database import Connection, Database
from marketplace.piccolo_engine import ENGINE, bind
from tests.faults.figures import Figure, own_database, progress

NAME = "pool"
DEFAULT_SIZE = 10_000
FAILING_COMMITS = 100
POOL = 5
AT_ONCE = 50
LONGEST = 0.03
"""Seconds after which a request is cancelled at the latest."""


class PoolMark(Table, tablename="pool_mark"):
    """A table of this fault alone."""

    id = Integer(primary_key=True, default=None)


async def prepare(database: Database) -> None:
    """Make the table with its deferred constraint, and one row to collide with."""
    bind((PoolMark,))
    async with database.transaction() as connection:
        await connection.execute("DROP TABLE IF EXISTS pool_mark")
        await connection.execute("CREATE TABLE pool_mark (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)")
        await connection.execute("INSERT INTO pool_mark VALUES (0)")


async def failing_commits(database: Database, count: int) -> int:
    """Run transactions whose COMMIT is refused; return how many were."""
    refused = 0
    for _ in range(count):
        try:
            async with database.transaction() as connection:
                await connection.execute("INSERT INTO pool_mark VALUES (0)")
        except asyncpg.UniqueViolationError:
            refused += 1
    return refused


def requests(database: Database) -> tuple[Callable[[], Awaitable[object]], ...]:
    """Name the kinds of request."""

    async def writes() -> None:
        async with database.transaction() as connection:
            await connection.execute("SELECT pg_sleep(0.002)")
            await connection.execute("INSERT INTO pool_mark SELECT max(id) + 1 FROM pool_mark")

    async def collides() -> None:
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO pool_mark VALUES (0)")

    async def reads() -> None:
        async with database.read() as connection:
            await connection.fetch("SELECT pg_sleep(0.002), * FROM pool_mark")

    async def asks_piccolo() -> None:
        await PoolMark.count().run()

    async def steps() -> None:
        async with database.transaction(), database.savepoint() as connection:
            await connection.execute("SELECT pg_sleep(0.002)")

    async def retries() -> None:
        async def work(connection: Connection) -> None:
            await connection.execute("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")

        await database.retrying(work)

    return (writes, collides, reads, asks_piccolo, steps, retries)


async def cancelled_requests(database: Database, count: int, seed: int) -> int:
    """Run requests and cancel each at a random moment; return how many were cancelled before their end."""
    dice = random.Random(seed)
    kinds = requests(database)
    cancelled = 0
    for start in range(0, count, AT_ONCE):
        batch = [asyncio.ensure_future(dice.choice(kinds)()) for _ in range(min(AT_ONCE, count - start))]
        for task in batch:
            asyncio.get_running_loop().call_later(dice.uniform(0, LONGEST), task.cancel)
        for outcome in await asyncio.gather(*batch, return_exceptions=True):
            cancelled += isinstance(outcome, asyncio.CancelledError)
            if isinstance(outcome, Exception) and not isinstance(outcome, asyncpg.UniqueViolationError):
                raise outcome
        if start and start % 2_000 == 0:
            progress(f"{NAME}: {start} of {count} requests")
    return cancelled


async def leaked(database: Database) -> int:
    """Count connections that can no longer be lent, or whose transaction is still open on the server."""
    await asyncio.sleep(0.2)  # what was cancelled last comes back

    async def borrow(all_lent: asyncio.Barrier) -> int:
        async with database.borrow() as connection:
            await all_lent.wait()
            return int(await connection.fetchval("SELECT pg_backend_pid()"))

    barrier = asyncio.Barrier(database.state.maximum)
    tasks = [asyncio.create_task(borrow(barrier)) for _ in range(database.state.maximum)]
    done, waiting = await asyncio.wait(tasks, timeout=5)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    lent_at_once = len(done)
    async with database.borrow() as connection:
        open_still = await connection.fetchval(
            "SELECT count(*) FROM pg_catalog.pg_stat_activity"
            " WHERE datname = current_database() AND state LIKE 'idle in%'"
        )
    return (database.state.maximum - lent_at_once) + database.state.lent + int(open_still)


async def control(dsn: str) -> int:
    """Count the connections Piccolo's own engine loses over as many failing commits as its pool is large."""
    engine = await asyncio.to_thread(PostgresEngine, {"dsn": dsn})
    await engine.start_connection_pool(min_size=POOL, max_size=POOL)
    assert engine.pool is not None

    async def fail() -> None:
        with contextlib.suppress(asyncpg.UniqueViolationError):
            async with engine.transaction() as transaction:
                await transaction.connection.execute("INSERT INTO pool_mark VALUES (0)")

    for _ in range(POOL):
        await asyncio.create_task(fail())
    lost = int(engine.pool.get_size() - engine.pool.get_idle_size())
    engine.pool.terminate()
    return lost


async def measure(database: Database, size: int, seed: int) -> Figure:
    """Take the figure on an open database: 100 failing commits and ``size`` cancelled requests."""
    began = time.monotonic()
    before = ENGINE.attached
    ENGINE.attach(database)
    try:
        await prepare(database)
        refused = await failing_commits(database, FAILING_COMMITS)
        cancelled = await cancelled_requests(database, size, seed)
        progress(f"{NAME}: {refused} commits refused, {cancelled} of {size} requests cancelled on their way")
        lost = await leaked(database)
        lost_by_control = await control(database.dsn)
    finally:
        ENGINE.attach(before)
    ok = lost == 0 and lost_by_control > 0 and refused == FAILING_COMMITS and cancelled > size // 4
    bar = "0 leaked; the control leaks"
    return Figure(NAME, size, lost, lost_by_control, bar, ok, round(time.monotonic() - began, 1))


async def run(size: int, seed: int) -> Figure:
    """Take the figure on a server of its own."""
    async with own_database() as dsn:
        database = await Database.open(dsn, maximum=POOL)
        try:
            return await measure(database, size, seed)
        finally:
            await database.close()
