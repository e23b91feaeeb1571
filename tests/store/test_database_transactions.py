from __future__ import annotations

import asyncio
import contextlib

import asyncpg
import pytest
from piccolo.columns import JSONB, Integer
from piccolo.table import Table

from commons.errors import Unavailable
from marketplace.database import RETRIES, Connection, Database, NestedTransaction, OutcomeUnknown
from marketplace.piccolo_engine import ENGINE, bind


class Pebble(Table, tablename="pebble"):
    """A table of this test alone."""

    id = Integer(primary_key=True, default=None)
    extra = JSONB(null=True, default=None)


bind((Pebble,))


@pytest.fixture
async def pebbles(database: Database) -> Database:
    async with database.transaction() as connection:
        await connection.execute(
            "CREATE TABLE pebble (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, extra jsonb, other text)"
        )
    return database


async def ids(database: Database) -> list[int]:
    async with database.read() as connection:
        return [row["id"] for row in await connection.fetch("SELECT id FROM pebble ORDER BY id")]


async def test_a_transaction_is_kept_when_its_block_ends_well(pebbles: Database) -> None:
    async with pebbles.transaction() as connection:
        await connection.execute("INSERT INTO pebble VALUES (1)")
    assert await ids(pebbles) == [1]


@pytest.mark.parametrize("failure", [ValueError("a bug"), asyncio.CancelledError()])
async def test_a_transaction_is_undone_by_any_error(pebbles: Database, failure: BaseException) -> None:
    with pytest.raises(type(failure)):
        async with pebbles.transaction() as connection:
            await connection.execute("INSERT INTO pebble VALUES (1)")
            raise failure
    assert await ids(pebbles) == []
    assert pebbles.state.lent == 0


async def test_a_transaction_is_read_committed(pebbles: Database) -> None:
    async with pebbles.transaction() as connection:
        assert await connection.fetchval("SHOW transaction_isolation") == "read committed"
        await connection.fetch("SELECT * FROM pebble")
        await asyncio.create_task(Pebble.insert(Pebble(id=7)).run())  # another connection commits meanwhile
        assert await connection.fetchval("SELECT id FROM pebble") == 7


async def test_nesting_is_refused_in_every_dress(pebbles: Database) -> None:
    async with pebbles.transaction() as connection:
        with pytest.raises(NestedTransaction):
            async with pebbles.transaction():
                pass
        with pytest.raises(NestedTransaction):
            async with ENGINE.transaction(allow_nested=True):
                pass
        with pytest.raises(asyncpg.InterfaceError):
            async with connection.transaction():
                pass
        await connection.execute("INSERT INTO pebble VALUES (1)")  # and the outer one is unharmed
    assert await ids(pebbles) == [1]


async def test_a_savepoint_undoes_its_block_alone_and_may_be_nested(pebbles: Database) -> None:
    async with pebbles.transaction() as connection:
        await connection.execute("INSERT INTO pebble VALUES (1)")
        async with pebbles.savepoint():
            await connection.execute("INSERT INTO pebble VALUES (2)")
            with pytest.raises(asyncpg.DivisionByZeroError):
                async with pebbles.savepoint():
                    await connection.execute("INSERT INTO pebble VALUES (3)")
                    await connection.execute("SELECT 1 / 0")
        with pytest.raises(ValueError, match="outer"):
            async with pebbles.savepoint():
                await connection.execute("INSERT INTO pebble VALUES (4)")
                message = "outer"
                raise ValueError(message)
    assert await ids(pebbles) == [1, 2]


async def test_a_savepoint_without_a_transaction_is_a_bug(pebbles: Database) -> None:
    with pytest.raises(AssertionError):
        async with pebbles.savepoint():
            pass


async def test_piccolo_joins_the_transaction_of_its_task_and_a_child_task_does_not(pebbles: Database) -> None:
    with contextlib.suppress(ValueError):
        async with pebbles.transaction() as connection:
            await Pebble.insert(Pebble(id=1))
            assert await connection.fetchval("SELECT count(*) FROM pebble") == 1
            assert ENGINE.transaction_exists()
            assert await asyncio.create_task(Pebble.count().run()) == 0
            await asyncio.create_task(Pebble.insert(Pebble(id=2)).run())
            raise ValueError
    assert await ids(pebbles) == [2]


async def test_piccolos_own_transaction_and_batches_run_on_the_pool(pebbles: Database) -> None:
    async with ENGINE.transaction():
        await Pebble.insert(*[Pebble(id=number) for number in range(5)])
    async with await Pebble.select(Pebble.id).order_by(Pebble.id).batch(batch_size=2) as batch:
        seen = [[row["id"] for row in rows] async for rows in batch]
    assert seen == [[0, 1], [2, 3], [4]]
    assert pebbles.state.lent == 0


async def test_json_crosses_the_wire_as_python_for_asyncpg_and_piccolo_alike(pebbles: Database) -> None:
    value = {"名称": ["测绘", 1, None, True], "深": {"a": "b"}}
    await Pebble.insert(Pebble(id=1, extra=value))
    async with pebbles.transaction() as connection:
        await connection.execute("INSERT INTO pebble VALUES (2, $1)", value)
        assert await connection.fetchval("SELECT count(*) FROM pebble WHERE extra = $1", value) == 2
        assert await connection.fetchval("SELECT extra FROM pebble WHERE id = 1") == value
    assert (await Pebble.select(Pebble.extra).where(Pebble.id == 2))[0]["extra"] == value


async def test_a_read_block_sees_one_picture_and_refuses_writes(pebbles: Database) -> None:
    async with pebbles.read() as connection:
        assert await connection.fetchval("SELECT count(*) FROM pebble") == 0
        await asyncio.create_task(Pebble.insert(Pebble(id=1)).run())
        assert await connection.fetchval("SELECT count(*) FROM pebble") == 0
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with pebbles.read():
            await Pebble.insert(Pebble(id=2))
    assert await ids(pebbles) == [1]


async def test_a_swallowed_error_never_passes_for_a_commit(pebbles: Database) -> None:
    with pytest.raises(asyncpg.InFailedSQLTransactionError):
        async with pebbles.transaction() as connection:
            await connection.execute("INSERT INTO pebble VALUES (1)")
            with contextlib.suppress(asyncpg.DivisionByZeroError):
                await connection.execute("SELECT 1 / 0")
    assert await ids(pebbles) == []


async def kill_backend(database: Database, connection: Connection) -> None:
    """End the server process behind a connection, from another one."""

    async def kill(pid: int) -> None:
        async with database.borrow() as other:
            await other.execute("SELECT pg_terminate_backend($1, 2000)", pid)

    await asyncio.create_task(kill(connection.get_server_pid()))


async def test_a_backend_killed_before_commit_leaves_nothing_done(pebbles: Database) -> None:
    with pytest.raises(Unavailable):
        async with pebbles.transaction() as connection:
            await connection.execute("INSERT INTO pebble VALUES (1)")
            await kill_backend(pebbles, connection)
            await connection.execute("INSERT INTO pebble VALUES (2)")
    assert await ids(pebbles) == []


async def test_a_connection_lost_at_commit_is_an_unknown_outcome(pebbles: Database) -> None:
    with pytest.raises(OutcomeUnknown):
        async with pebbles.transaction() as connection:
            await connection.execute("INSERT INTO pebble VALUES (1)")
            await kill_backend(pebbles, connection)
    assert pebbles.state.lent == 0


async def test_busy_work_is_done_again_whole_and_given_up_after_its_retries(pebbles: Database) -> None:
    tries = 0

    async def work(connection: Connection) -> int:
        nonlocal tries
        tries += 1
        await connection.execute("INSERT INTO pebble VALUES ($1)", tries)
        if tries < 3:
            await connection.execute("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$")
        return tries

    assert await pebbles.retrying(work) == 3
    assert await ids(pebbles) == [3]

    async def hopeless(connection: Connection) -> None:
        nonlocal tries
        tries += 1
        await connection.execute("DO $$ BEGIN RAISE SQLSTATE '55P03'; END $$")

    tries = 0
    with pytest.raises(Unavailable, match="55P03"):
        await pebbles.retrying(hopeless)
    assert tries == RETRIES + 1


async def test_a_bug_in_the_work_is_not_retried(pebbles: Database) -> None:
    tries = 0

    async def work(connection: Connection) -> None:
        nonlocal tries
        tries += 1
        await connection.execute("SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await pebbles.retrying(work)
    assert tries == 1


async def test_real_deadlocks_and_write_conflicts_end_well_under_retrying(pebbles: Database) -> None:
    async with pebbles.transaction() as connection:
        await connection.execute("INSERT INTO pebble SELECT i, '0' FROM generate_series(1, 2) i")

    async def cross(first: int, second: int) -> None:
        async def work(connection: Connection) -> None:
            await connection.execute("UPDATE pebble SET extra = to_jsonb(extra::int + 1) WHERE id = $1", first)
            await asyncio.sleep(0.05)
            await connection.execute("UPDATE pebble SET extra = to_jsonb(extra::int + 1) WHERE id = $1", second)

        await pebbles.retrying(work)

    await asyncio.gather(cross(1, 2), cross(2, 1))
    async with pebbles.read() as connection:
        assert [row["extra"] for row in await connection.fetch("SELECT extra FROM pebble ORDER BY id")] == [2, 2]


async def test_every_connection_has_the_sessions_bounds(database: Database) -> None:
    async with database.borrow() as connection:
        shown = await connection.fetchrow(
            """SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement,
                      current_setting('idle_in_transaction_session_timeout') AS idle,
                      current_setting('timezone') AS zone, current_setting('plan_cache_mode') AS plan"""
        )
    assert shown is not None
    assert dict(shown) == {"lock": "2s", "statement": "5s", "idle": "10s", "zone": "UTC", "plan": "auto"}


async def test_a_database_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await Database.open("postgresql://postgres@/nowhere?host=/tmp/there-is-no-such-folder")


async def test_a_statement_that_takes_too_long_is_unavailable_and_nothing_was_done(pebbles: Database) -> None:
    with pytest.raises(Unavailable, match="too long"):
        async with pebbles.transaction() as connection:
            await connection.execute("INSERT INTO pebble (id) VALUES (7)")
            await connection.execute("SET LOCAL statement_timeout = '50ms'")
            await connection.execute("SELECT pg_sleep(1)")
    assert await ids(pebbles) == []


async def test_a_closed_database_is_unavailable(database: Database) -> None:
    closed = await Database.open(database.dsn)
    await closed.close()
    with pytest.raises(Unavailable):
        async with closed.read() as connection:
            await connection.execute("SELECT 1")
