from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from marketplace.database import Database
from marketplace.embedded.server import EmbeddedPostgres
from marketplace.server_check import ServerFacts, UnsafeServer, check_server, read_facts, reasons_against
from tests.store.fixtures import administer, dsn_for
from tests.store.processes import durable, root

__all__ = ["durable", "root"]

GOOD = ServerFacts(
    version=150_000,
    encoding="UTF8",
    isolation="read committed",
    fsync="on",
    full_page_writes="on",
    synchronous_commit="on",
    data_checksums="on",
    timezone="UTC",
)


def test_good_facts_give_no_reason() -> None:
    assert reasons_against(GOOD) == ()


@pytest.mark.parametrize(
    ("fact", "value", "word"),
    [
        ("version", 140_012, "PostgreSQL 15"),
        ("encoding", "SQL_ASCII", "SQL_ASCII"),
        ("isolation", "serializable", "serializable"),
        ("isolation", "repeatable read", "repeatable read"),
        ("fsync", "off", "fsync"),
        ("full_page_writes", "off", "full_page_writes"),
        ("synchronous_commit", "off", "synchronous_commit"),
        ("data_checksums", "off", "checksums"),
        ("timezone", "Asia/Shanghai", "Asia/Shanghai"),
    ],
)
def test_each_fact_that_is_wrong_gives_its_reason_and_no_other(fact: str, value: object, word: str) -> None:
    (reason,) = reasons_against(dataclasses.replace(GOOD, **{fact: value}))
    assert word in reason


def test_all_reasons_are_given_at_once() -> None:
    bad = ServerFacts(140_000, "LATIN1", "serializable", "off", "off", "off", "off", "Asia/Shanghai")
    assert len(reasons_against(bad)) == len(dataclasses.fields(ServerFacts))


async def test_the_embedded_server_is_safe_for_production(durable: EmbeddedPostgres) -> None:
    database = await Database.open(await durable.start())
    async with database.borrow() as connection:
        assert await check_server(connection, production=True) == ()
    await database.close()


@pytest.fixture
async def careless(root: Path) -> AsyncIterator[str]:
    """A real server on which everything that can be turned off is off."""
    off = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    server = EmbeddedPostgres(root / "careless", settings=off, checksums=False)
    yield await server.start()
    await server.stop()


async def test_a_careless_server_is_refused_in_production_with_all_reasons_and_warned_of_elsewhere(
    careless: str,
) -> None:
    ascii_only = "CREATE DATABASE plain ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
    await administer(careless, ascii_only)
    connection = await asyncpg.connect(
        dsn_for(careless, "plain"),
        server_settings={"default_transaction_isolation": "serializable", "timezone": "Asia/Shanghai"},
    )
    try:
        warnings = await check_server(connection, production=False)
        with pytest.raises(UnsafeServer) as refused:
            await check_server(connection, production=True)
        assert refused.value.reasons == warnings
        assert len(warnings) == len(dataclasses.fields(ServerFacts)) - 1  # all but the version
        assert (await read_facts(connection)).version >= 150_000
    finally:
        await connection.close()
