"""Which database a command works on, and how it is opened. One function decides, so that no demo touches real data.

``serve`` and ``migrate`` take ``DATABASE_URL``, else the embedded server in ``DATA_DIR/postgresql``. The demo and the
tests use an embedded server of their own whatever ``DATABASE_URL`` says; only an explicit flag lets the demo use it,
and the tests take ``TEST_DATABASE_URL`` instead.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from marketplace.database import Database
from marketplace.embedded.server import EmbeddedPostgres
from marketplace.migrate import all_tables, migrate_forward
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.server_check import check_server
from marketplace.settings import Mode, Settings

log = logging.getLogger(__name__)


class Purpose(Enum):
    """What a database is opened for."""

    SERVE = auto()
    DEMO = auto()
    TEST = auto()


@dataclass(frozen=True, slots=True)
class GivenDatabase:
    """A server that somebody else runs."""

    dsn: str


@dataclass(frozen=True, slots=True)
class EmbeddedDatabase:
    """Our own server in this folder."""

    folder: Path


def database_for(purpose: Purpose, settings: Settings, *, allow_url: bool = False) -> GivenDatabase | EmbeddedDatabase:
    """Choose the database for a purpose; ``allow_url`` is the user's explicit flag and counts for the demo alone."""
    match purpose:
        case Purpose.SERVE:
            url, folder = settings.database_url, "postgresql"
        case Purpose.DEMO:
            url, folder = (settings.database_url if allow_url else None), "demo"
        case Purpose.TEST:
            url, folder = settings.test_database_url, "test"
    return GivenDatabase(url) if url else EmbeddedDatabase(settings.data_dir / folder)


@contextlib.asynccontextmanager
async def running(choice: GivenDatabase | EmbeddedDatabase) -> AsyncIterator[str]:
    """Give the DSN of the chosen database, with the embedded server up for the length of the block."""
    match choice:
        case GivenDatabase(dsn):
            yield dsn
        case EmbeddedDatabase(folder):
            server = EmbeddedPostgres(folder)
            dsn = await server.start()
            try:
                yield dsn
            finally:
                await server.stop()


@contextlib.asynccontextmanager
async def open_database(
    settings: Settings, purpose: Purpose = Purpose.SERVE, *, allow_url: bool = False
) -> AsyncIterator[Database]:
    """Open the database for a purpose: up, checked, migrated, with all tables bound; closed at the end.

    Production mode refuses an unsafe server (UnsafeServer); elsewhere each reason is logged as a warning.
    """
    async with connected(settings, purpose, allow_url=allow_url) as database:
        async with database.borrow() as connection:
            warnings = await check_server(connection, production=settings.mode is Mode.PRODUCTION)
        for warning in warnings:
            log.warning("%s", warning)
        await migrate_forward(database)
        yield database


@contextlib.asynccontextmanager
async def connected(
    settings: Settings, purpose: Purpose = Purpose.SERVE, *, allow_url: bool = False
) -> AsyncIterator[Database]:
    """Open the database for a purpose as it is: its server is up, nothing checked, nothing migrated."""
    async with running(database_for(purpose, settings, allow_url=allow_url)) as dsn:
        database = await Database.open(dsn, maximum=settings.pool_size)
        try:
            ENGINE.attach(database)
            bind(all_tables())
            yield database
        finally:
            ENGINE.attach(None)
            await database.close()
