"""The way to PostgreSQL: a pool of our own, one transaction per task, and nothing lost whatever fails.

Decides: READ COMMITTED; roll back unless the block ends well; one connection per task, so that a child task never
joins its parent's transaction; no silent nesting (a savepoint is asked for); a connection in an unknown state is ended
rather than lent again. Invariants: after any failing COMMIT, cancellation or killed backend the pool can lend as many
connections as before; leaving a transaction block without an error means PostgreSQL said COMMIT.
Source: design, trust.md 1 and 2; docs/adr/0004.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from commons.errors import Unavailable
from marketplace.uninterrupted import uninterrupted

log = logging.getLogger(__name__)
Result = TypeVar("Result")
Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"

SESSION = MappingProxyType(
    {
        "application_name": "shepi-marketplace",
        "default_transaction_isolation": "read committed",
        "lock_timeout": "2s",
        "statement_timeout": "5s",
        "idle_in_transaction_session_timeout": "10s",
        "timezone": "UTC",
    }
)
"""What every connection of the pool starts with, and falls back to when it is given back (RESET ALL)."""

PREPARED = 256
"""Statements that a connection keeps prepared, some 90 kB each; public pages alone ask 90 different ones."""
LENDING = 10.0
"""Seconds a task waits for a free connection before it hears Unavailable."""
ENDING = 10.0
"""Seconds that COMMIT, ROLLBACK or the return of a connection may take before the connection is ended."""
RETRIES = 5
FIRST_PAUSE = 0.02
"""Seconds before the first retry, doubled each time, of which a random half to whole is slept."""

BUSY = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)
"""40001, 40P01, 55P03: nothing was done, and the whole transaction may be tried again."""
LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,
)
"""The connection is gone, or (InternalClientError, seen when a server dies between two statements) past use."""
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)


class OutcomeUnknown(Unavailable):
    """The connection was lost during COMMIT: only the idempotency key can tell whether it was done."""


class NestedTransaction(AssertionError):
    """A transaction was begun inside another one of the same task: a bug; ask for a savepoint instead."""


@dataclass(frozen=True, slots=True)
class PoolState:
    """Connections of the pool just now: open, lent, and how many it may have."""

    open: int
    lent: int
    maximum: int


class Companion(Protocol):
    """What lives as long as a pool does and uses it."""

    def __init__(self, database: Database, /) -> None:
        """Belong to this pool."""

    async def end(self) -> None:
        """Finish what is under way, and take on nothing more."""


Kept = TypeVar("Kept", bound=Companion)


class Database:
    """One pool of connections to one database."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record], dsn: str) -> None:
        """Use an opened pool; call ``open`` instead."""
        self._pool = pool
        self.dsn = dsn
        self._held: dict[asyncio.Task[Any], Connection] = {}
        self._companions: dict[type[Companion], Companion] = {}

    @classmethod
    async def open(cls, dsn: str, *, minimum: int = 0, maximum: int = 10) -> Database:
        """Open a pool that keeps ``minimum`` and lends at most ``maximum``; Unavailable when nobody answers."""
        try:
            pool = await asyncpg.create_pool(
                dsn, min_size=minimum, max_size=maximum, init=_prepare, server_settings=dict(SESSION), timeout=10,
                statement_cache_size=PREPARED,
            )  # fmt: skip
            async with pool.acquire():
                pass  # somebody answers
        except (*LOST, OSError) as error:
            message = f"the database does not answer: {error}"
            raise Unavailable(message) from error
        return cls(pool, dsn)

    def companion(self, kind: type[Kept]) -> Kept:
        """The one object of this kind that lives and ends with the pool, made when it is first asked for."""
        found = self._companions.get(kind)
        if found is None:
            found = self._companions[kind] = kind(self)
        assert isinstance(found, kind), "kept under its own kind"
        return found

    async def close(self) -> None:
        """End what lives with the pool, then close every connection, waiting ENDING seconds for those that are lent."""
        for one in tuple(self._companions.values()):
            await one.end()
        try:
            async with asyncio.timeout(ENDING):
                await self._pool.close()
        except TimeoutError:  # close() has terminated what was left
            log.warning("connections were still lent when the pool closed")

    @property
    def state(self) -> PoolState:
        """Count the pool's connections."""
        size = self._pool.get_size()
        return PoolState(open=size, lent=size - self._pool.get_idle_size(), maximum=self._pool.get_max_size())

    @property
    def joined(self) -> Connection | None:
        """The connection of the transaction (or read block) that this very task has open, if any."""
        task = asyncio.current_task()
        return None if task is None else self._held.get(task)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Run the block in one READ COMMITTED transaction: committed when it ends well, else rolled back.

        Raises NestedTransaction inside another; Unavailable when nothing was done; OutcomeUnknown when COMMIT was
        sent and not answered; asyncpg's error when PostgreSQL refuses a statement or the COMMIT.
        """
        async with self._block("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE") as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """Run the block on one unchanging picture of the data; writing is refused. Inside a transaction, joins it."""
        joined = self.joined
        if joined is not None:
            yield joined
            return
        async with self._block("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def savepoint(self) -> AsyncIterator[Connection]:
        """Run the block inside this task's transaction so that its failure undoes the block alone."""
        connection = self.joined
        assert connection is not None, "a savepoint needs a transaction of this task"
        await connection.execute(
            "SAVEPOINT step"
        )  # an inner savepoint of the same name hides the outer one until released
        try:
            yield connection
        except BaseException:
            await uninterrupted(_undo(connection, "ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step"))
            raise
        await connection.execute("RELEASE SAVEPOINT step")

    async def retrying(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        """Run ``work`` in a transaction, again from the start when it was only busy (RETRIES times, then Unavailable).

        ``work`` must have no effect outside the transaction. A lost connection is never retried here: see
        OutcomeUnknown.
        """
        attempt = 0
        while True:
            try:
                async with self.transaction() as connection:
                    return await work(connection)
            except BUSY as error:
                if attempt == RETRIES:
                    message = f"the database is busy ({error.sqlstate}): gave up after {RETRIES} retries"
                    raise Unavailable(message) from error
            pause = FIRST_PAUSE * 2**attempt
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - jitter, not a secret
            attempt += 1

    @contextlib.asynccontextmanager
    async def borrow(self) -> AsyncIterator[Connection]:
        """Lend this task's transaction's connection, else a free one on which each statement commits by itself."""
        joined = self.joined
        if joined is not None:
            yield joined
            return
        connection = await self._lend()
        try:
            yield connection
        except (*LOST, OSError, asyncpg.InterfaceError) as error:
            _raise_if_lost(connection, error, OutcomeUnknown)
            raise
        finally:
            await uninterrupted(self._take_back(connection))

    @contextlib.asynccontextmanager
    async def _block(self, begin: str) -> AsyncIterator[Connection]:
        task = asyncio.current_task()
        assert task is not None, "a transaction belongs to a task"
        if task in self._held:
            message = "this task is in a transaction already: use savepoint()"
            raise NestedTransaction(message)
        connection = await self._lend()
        self._held[task] = connection
        try:
            try:
                await connection.execute(begin)
                yield connection
            except BaseException as error:
                await uninterrupted(_undo(connection, "ROLLBACK"))
                _raise_if_lost(connection, error, Unavailable)
                raise
            await uninterrupted(_commit(connection))
        finally:
            del self._held[task]
            await uninterrupted(self._take_back(connection))

    async def _lend(self) -> Connection:
        try:
            async with asyncio.timeout(LENDING):  # cancels this very task: acquire puts its place back
                return await self._pool.acquire()
        except TimeoutError as error:
            message = f"no free database connection within {LENDING:g} s"
            raise Unavailable(message) from error
        except (*LOST, OSError, asyncpg.InterfaceError) as error:
            message = f"the database does not answer: {error}"
            raise Unavailable(message) from error

    async def _take_back(self, connection: Connection) -> None:
        """Reset the connection and put it back; the pool itself ends one that cannot be reset."""
        try:
            await self._pool.release(connection, timeout=ENDING)
        except FAILURES as error:
            log.warning("a database connection was ended on its way back: %s", type(error).__name__)


def _is_gone(connection: Connection) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has taken a dead connection back already
        return True


def _end(connection: Connection) -> None:
    """End a connection whose state is not known; its place in the pool is free at once."""
    with contextlib.suppress(asyncpg.InterfaceError):
        connection.terminate()


async def _undo(connection: Connection, statement: str) -> None:
    """Roll back; a connection that cannot is ended, which rolls back too."""
    if _is_gone(connection):
        return
    try:
        await connection.execute(statement, timeout=ENDING)
    except FAILURES:
        _end(connection)


async def _commit(connection: Connection) -> None:
    try:
        status = await connection.execute("COMMIT", timeout=ENDING)
    except asyncpg.PostgresError as error:
        if isinstance(error, LOST) or _is_gone(connection):
            raise _lost(error, OutcomeUnknown) from error
        if connection.is_in_transaction():
            _end(connection)
        raise  # PostgreSQL refused it (a deferred constraint): nothing was written
    except (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError) as error:
        _end(connection)
        raise _lost(error, OutcomeUnknown) from error
    if status != "COMMIT":
        message = "a statement had failed inside the transaction and its error was swallowed: nothing was written"
        raise asyncpg.InFailedSQLTransactionError(message)


def _raise_if_lost(connection: Connection, error: BaseException, kind: type[Unavailable]) -> None:
    if isinstance(error, asyncpg.QueryCanceledError):
        message = "the database took too long over a statement: nothing was done"
        raise Unavailable(message) from error
    gone = isinstance(error, LOST) or (isinstance(error, OSError | asyncpg.InterfaceError) and _is_gone(connection))
    if gone:
        _end(connection)
        raise _lost(error, kind) from error


def _lost(error: BaseException, kind: type[Unavailable]) -> Unavailable:
    return kind(f"the connection to the database was lost ({type(error).__name__})")


async def _prepare(connection: asyncpg.Connection[asyncpg.Record] | Connection) -> None:
    """Set how JSON crosses the wire: values come out as Python, and go in as Python or, a str, as JSON text."""
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=_write_json, decoder=json.loads)


def _write_json(value: object) -> str:
    """Write a value as JSON; a str is JSON text already, as Piccolo hands it over (PostgreSQL still checks it)."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, allow_nan=False)
