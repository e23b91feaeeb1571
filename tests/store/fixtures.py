"""Real databases for tests: one embedded server per test process, a fresh migrated database per test.

Any test folder gets them by one line in its conftest.py, as tests/store/conftest.py has it.
The server lies in a temporary folder of this process; every conftest that imports the fixtures joins the same one.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from marketplace.database import Database
from marketplace.embedded.server import EmbeddedPostgres
from marketplace.identity import proofs
from marketplace.migrate import all_tables, migrate_forward
from marketplace.opening import EmbeddedDatabase, GivenDatabase, Purpose, database_for
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.settings import Settings
from tests.store.moved_time import REAL, SCHEMA, Clock, put_up, take_down

__all__ = ["database", "database_server", "empty_dsn", "migrated_template", "pace"]

IN_MEMORY = Path("/dev/shm")
ROOM = 2**30


def base_folder() -> Path:
    """Choose where servers of tests lie: in memory where there is room for them, else the system's temporary folder."""
    with contextlib.suppress(OSError):
        if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM:
            return IN_MEMORY
    return Path(tempfile.gettempdir())


FOLDER = base_folder() / f"shepi-tests-{os.getpid()}"
TEMPLATE = "tests_template"
HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""These databases live for one test; what must survive a kill is tested on a server with the durable settings."""
NUMBERS = itertools.count(1)
SOUND, QUICK = proofs._HASHER, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""How the product hashes passwords, which takes a core for a fifth of a second by intent, and how tests with a database
do; tests/unit/test_password_proofs.py tests the product's own."""


def dsn_for(server: str, name: str) -> str:
    """Write the DSN of another database of the same server."""
    head, _, tail = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{tail}" if tail else "")


async def administer(server: str, *statements: str) -> None:
    """Run statements that no transaction may hold (CREATE and DROP DATABASE)."""
    connection = await asyncpg.connect(server)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """DSN of a server on which databases may be made and dropped; ends what it started."""
    settings = dataclasses.replace(Settings.from_environment(), data_dir=FOLDER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proofs, "_HASHER", QUICK)
        match database_for(Purpose.TEST, settings):
            case GivenDatabase(dsn):
                yield dsn
            case EmbeddedDatabase(folder):
                server = EmbeddedPostgres(folder, settings=HASTY)
                yield asyncio.run(server.start())
                asyncio.run(server.stop())
                with contextlib.suppress(FileNotFoundError):
                    if not (folder / "keeper.json").exists():  # nobody else of this process uses it
                        shutil.rmtree(FOLDER)


@pytest.fixture(scope="session")
def migrated_template(database_server: str) -> str:
    """Name of a database that holds the whole schema and no rows, to be copied; beside it a clock that moves."""
    name = f"{TEMPLATE}_{os.getpid()}"

    async def make() -> None:
        with contextlib.suppress(asyncpg.DuplicateDatabaseError):
            await administer(database_server, f"CREATE DATABASE {name}")
            database = await Database.open(dsn_for(database_server, name))
            try:
                await migrate_forward(database)
                async with database.borrow() as connection:
                    await connection.execute(SCHEMA)
            finally:
                await database.close()

    asyncio.run(make())
    return name


@contextlib.asynccontextmanager
async def fresh(server: str, template: str, clock: Clock | None = None) -> AsyncIterator[str]:
    """Give the DSN of a copy of the template that nobody else uses, dropped afterwards; its clock, by default ours."""
    name = f"tests_{os.getpid()}_{next(NUMBERS)}"
    make = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
    settings = {} if clock is None else clock.settings()
    # tidy: allow dynamic_sql - names and values made here; a statement of this kind takes no parameters
    await administer(server, make, *(f"ALTER DATABASE {name} SET {one} = {value}" for one, value in settings.items()))
    try:
        yield dsn_for(server, name)
    finally:
        await administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def empty_dsn(database_server: str) -> AsyncIterator[str]:
    """DSN of a database with nothing in it."""
    async with fresh(database_server, "template0") as dsn:
        yield dsn


@pytest.fixture
def pace() -> float:
    """How fast the market's clock runs; a conftest or a module says otherwise by a fixture of this name."""
    return REAL


@pytest_asyncio.fixture
async def database(database_server: str, migrated_template: str, pace: float) -> AsyncIterator[Database]:
    """An open, migrated, empty Database of this test alone, every Table bound to it, with a clock that can be set."""
    clock = Clock(pace)
    async with fresh(database_server, migrated_template, clock) as clock.dsn:
        put_up(clock)
        opened = await Database.open(clock.dsn)
        ENGINE.attach(opened)
        bind(all_tables())
        try:
            yield opened
        finally:
            take_down(clock)
            ENGINE.attach(None)
            await opened.close()
