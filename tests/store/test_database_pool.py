from __future__ import annotations

import contextlib

import asyncpg

from marketplace.database import Database
from tests.faults import pool


async def test_100_failing_commits_and_1000_cancelled_requests_lose_no_connection(database: Database) -> None:
    own = await Database.open(database.dsn, maximum=pool.POOL)
    figure = await pool.measure(own, 1_000, seed=7)
    print(figure.line())  # noqa: T201 - the figure
    assert figure.figure == 0
    assert figure.control == pool.POOL  # Piccolo's own engine loses one at each failing commit
    assert figure.ok
    await own.close()


async def test_the_count_of_leaks_sees_a_planted_one(database: Database) -> None:
    own = await Database.open(database.dsn, maximum=pool.POOL)
    connection = await own._lend()
    assert await pool.leaked(own) > 0
    await own._take_back(connection)
    assert await pool.leaked(own) == 0
    transaction = asyncpg.connect(database.dsn)
    outsider = await transaction
    await outsider.execute("BEGIN")
    assert await pool.leaked(own) == 1
    with contextlib.suppress(asyncpg.PostgresError):
        await outsider.close()
    await own.close()
