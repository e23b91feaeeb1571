"""Piccolo's queries on our own pool: they join the task's transaction when there is one, else borrow a connection.

Piccolo's engine would open connections of its own, lose one at each failing COMMIT, hand transactions down to child
tasks and take a nested transaction for none at all (design, trust.md 2). Here ``transaction()`` is
``Database.transaction()``, so nesting raises, and there is no second pool. ENGINE is the one that every Table class
uses; it makes no connection by itself and is attached to a Database at start-up.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, NoReturn, Self

from piccolo.engine.postgres import AsyncBatch, PostgresEngine
from piccolo.query.base import Query
from piccolo.querystring import QueryString
from piccolo.table import Table

from marketplace.database import Connection, Database

NO_POOL = "the Database makes the pool, lends its connections and ends it"


class JoinedTransaction:
    """What ``ENGINE.transaction()`` gives: our transaction in Piccolo's clothes."""

    def __init__(self, database: Database) -> None:
        """Wait to be entered; entering inside another transaction of the task raises NestedTransaction."""
        self._context = database.transaction()
        self.connection: Connection

    async def __aenter__(self) -> Self:
        self.connection = await self._context.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return bool(await self._context.__aexit__(kind, error, trace))


class JoinedBatch(AsyncBatch):
    """Rows of one query in portions, on the task's transaction or on a read block of its own."""

    def __init__(self, database: Database, query: Query[Any, Any], batch_size: int) -> None:
        """Wait to be entered."""
        self.query = query
        self.batch_size = batch_size
        self._database = database
        self._exits = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        connection = await self._exits.enter_async_context(self._database.read())
        template, arguments = self.query.querystrings[0].compile_string()
        self._cursor = await connection.cursor(template, *arguments)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return bool(await self._exits.__aexit__(kind, error, trace))


class PoolEngine(PostgresEngine):
    """A Piccolo engine without connections of its own."""

    __slots__ = ("_database",)

    def __init__(self) -> None:
        """Make an engine that still has to be attached."""
        self._database: Database | None = None
        super().__init__(config={})

    @property
    def database(self) -> Database:
        """The Database all queries run on; a query before ``attach`` is a bug."""
        assert self._database is not None, "no database is attached: call bind(database) first"
        return self._database

    @property
    def attached(self) -> Database | None:
        """The Database that is attached, if any."""
        return self._database

    def attach(self, database: Database | None) -> None:
        """Send all further queries to this Database (None: to none)."""
        self._database = database

    async def check_version(self) -> None:
        """Ask nothing while importing; server_check.py looks at the server itself."""

    async def prep_database(self) -> None:
        """Create no extension: the schema needs none."""

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:  # noqa: ARG002, FBT001, FBT002 - Piccolo's signature
        """Run one query."""
        query, arguments = querystring.compile_string(engine_type=self.engine_type)
        return await self._fetch(query, arguments)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:  # noqa: ARG002, FBT001, FBT002 - Piccolo's signature
        """Run one statement that changes the schema."""
        return await self._fetch(ddl, ())

    async def _fetch(self, query: str, arguments: Sequence[Any]) -> Any:
        async with self.database.borrow() as connection:
            return await connection.fetch(query, *arguments)

    async def batch(self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None) -> JoinedBatch:
        """Give a query's rows in portions of ``batch_size``."""
        assert node is None, "there is one database"
        return JoinedBatch(self.database, query, batch_size)

    def transaction(self, allow_nested: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002 - Piccolo's signature
        """Open ``Database.transaction()``; inside another one entering raises, whatever ``allow_nested`` says."""
        return JoinedTransaction(self.database)

    def transaction_exists(self) -> bool:
        """Say whether this very task is in a transaction."""
        return self.database.joined is not None

    async def start_connection_pool(self, **_: Any) -> NoReturn:
        """Refuse: the pool is the Database's."""
        raise AssertionError(NO_POOL)

    async def close_connection_pool(self) -> NoReturn:
        """Refuse: the pool is the Database's."""
        raise AssertionError(NO_POOL)

    async def get_new_connection(self) -> NoReturn:
        """Refuse: every connection is the pool's."""
        raise AssertionError(NO_POOL)


ENGINE = PoolEngine()


def bind(tables: Iterable[type[Table]], engine: PoolEngine = ENGINE) -> None:
    """Make these Table classes use the engine instead of looking for a configuration."""
    for table in tables:
        table._meta._db = engine  # noqa: SLF001 - Piccolo's own place for it; its setter is only the class argument
