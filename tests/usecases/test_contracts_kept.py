"""The row of a contract follows its record: what is fixed stays, what happens once happens once, and nothing goes."""

from __future__ import annotations

import asyncpg
import pytest

from marketplace.database import Database
from tests.usecases.contracted import Deal, awarded
from tests.usecases.market import Market


async def refuses(database: Database, statement: str) -> None:
    with pytest.raises(asyncpg.RestrictViolationError):
        async with database.transaction() as connection:
            await connection.execute(statement)


async def test_a_contract_is_never_another_ones_and_never_goes(database: Database) -> None:
    await refuses(database, "UPDATE contract SET agency = owner_code")
    await refuses(database, "UPDATE contract SET awarded_at = now()")
    await refuses(database, "DELETE FROM contract")
    await refuses(database, "TRUNCATE contract")


async def test_a_contract_is_confirmed_accepted_and_rated_once_and_ends_in_the_archive(database: Database) -> None:
    deal = Deal(database, await awarded(Market(database)))
    await deal.sign()
    await refuses(database, "UPDATE contract SET confirmed_at = now()")
    await refuses(database, "UPDATE contract SET last_at = last_at - interval '1 second'")
    await deal.hand_in()
    await deal.accept()
    await deal.rate()
    await refuses(database, "UPDATE contract SET accepted_at = NULL")
    await refuses(database, "UPDATE contract SET rating = 500, rated_at = now()")
    async with database.transaction() as connection:
        await connection.execute("UPDATE contract SET state = 'archived'")
    await refuses(database, "UPDATE contract SET state = 'rated'")
