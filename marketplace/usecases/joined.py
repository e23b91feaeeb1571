"""Several use cases in one transaction: whatever one of them does, none of it stays unless all of it does.

``Joined`` stands for the database on which a use case would open a transaction of its own; here it runs in the one that
is open already. Invariant: nobody but an import uses it, since locks are held until the whole of it ends.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from commons.errors import Conflict, Fault, Forbidden, Malformed, NotFound
from commons.verdicts import Reason, Refused
from marketplace.database import Connection, Database
from marketplace.usecases.act import Message

LOCKS_A_ROW = 3
"""Locks that one imported row holds at most until the import ends: its subject, its contact, its certificate's."""
_LOCKS = """
SELECT current_setting('max_locks_per_transaction')::int
  * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int)
"""

Result = TypeVar("Result")
A = TypeVar("A", bound=Message)


class Joined(Database):
    """The transaction that is open on a connection, in the form of a database."""

    def __init__(self, connection: Connection) -> None:
        """Run everything on this connection."""
        self._connection = connection

    @property
    def joined(self) -> Connection:
        """The connection of the transaction."""
        return self._connection

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """The same transaction: it ends with the import."""
        yield self._connection

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """The same connection: what was written in it is seen."""
        yield self._connection

    async def retrying(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        """Once: the whole import is tried again, not a part of it."""
        return await work(self._connection)


async def require_room(connection: Connection, rows: int) -> None:
    """Refuses (``Malformed``) more rows than half of the server's table of locks can hold for one import."""
    most = int(await connection.fetchval(_LOCKS)) // (2 * LOCKS_A_ROW)
    if rows > most:
        words = f"这台数据库服务器一次最多导入 {most} 行，请分成几个文件（或调大 max_locks_per_transaction）"
        raise Malformed((Fault("", "too_many_rows", words),))


class RowsRefusedError(Exception):
    """Rows that the rules refuse, each by its place (from 0) with what is said; nothing of the import stays."""

    def __init__(self, rows: tuple[tuple[int, tuple[str, Reason | str]], ...]) -> None:
        """Keep them in the order of the rows."""
        assert rows, "a refusal names a row"
        self.rows = rows
        super().__init__(f"{len(rows)} rows are refused")


async def each(
    acts: Callable[[int], Awaitable[Message | Refused]], count: int
) -> tuple[list[Message], list[tuple[int, tuple[str, Reason | str]]]]:
    """Do every act, and gather what is refused instead of stopping at the first; database errors pass."""
    done: list[Message] = []
    refused: list[tuple[int, tuple[str, Reason | str]]] = []
    for place in range(count):
        try:
            one = await acts(place)
        except Malformed as malformed:
            refused.extend((place, (fault.code, f"{fault.pointer} {fault.detail}")) for fault in malformed.faults)
        except (Conflict, Forbidden) as error:
            refused.append((place, (error.code, str(error))))
        except NotFound as error:
            refused.append((place, ("not_found", str(error))))
        else:
            if isinstance(one, Refused):
                refused.extend((place, (reason.code, reason)) for reason in one.reasons)
            else:
                done.append(one)
    return done, refused
