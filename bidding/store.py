"""Selections in the database: the lock row, who signed up, and voids. SQL in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[Record]


@dataclass(frozen=True, slots=True)
class Lock:
    """The selection's row under lock: its state, and the last instant at which anything happened in it."""

    id: str
    demand: str
    mode: str
    state: str
    last_at: datetime


async def insert_selection(
    connection: Connection, identifier: str, *, demand: str, mode: str, due_at: datetime | None, at: datetime
) -> None:
    """Put the lock row in place."""
    await connection.execute(
        "INSERT INTO selection (id, demand, mode, state, due_at, last_at) VALUES ($1, $2, $3, 'open', $4, $5)",
        identifier, demand, mode, due_at, at,
    )  # fmt: skip


async def lock_selection(connection: Connection, identifier: str) -> Lock | None:
    """Lock the row; every write to the selection starts here. None when there is no such selection."""
    row = await connection.fetchrow(
        "SELECT id, demand, mode, state, last_at FROM selection WHERE id = $1 FOR UPDATE", identifier
    )
    return Lock(row["id"], row["demand"], row["mode"], row["state"], row["last_at"]) if row else None


async def touch(connection: Connection, identifier: str, *, state: str, due_at: datetime | None, at: datetime) -> None:
    """Note the state, the next instant at which settling has work, and that something happened at ``at``."""
    await connection.execute(
        "UPDATE selection SET state = $2, due_at = $3, last_at = greatest(last_at, $4) WHERE id = $1",
        identifier, state, due_at, at,
    )  # fmt: skip


async def note(connection: Connection, identifier: str, *, at: datetime) -> None:
    """Note that something happened at ``at``; the state stays."""
    await connection.execute("UPDATE selection SET last_at = greatest(last_at, $2) WHERE id = $1", identifier, at)


async def due(connection: Connection, *, at: datetime, limit: int) -> tuple[str, ...]:
    """Selections that have something to settle (a close, the end of publicity, a void since), longest waiting first."""
    rows = await connection.fetch(
        """SELECT id FROM selection WHERE due_at <= $1
             OR state IN ('proposed', 'evaluating') AND EXISTS (SELECT 1 FROM selection_void
               WHERE selection = selection.id AND voided_at > selection.last_at)
           ORDER BY due_at, id LIMIT $2""",
        at, limit,
    )  # fmt: skip
    return tuple(row["id"] for row in rows)


async def insert_bidder(connection: Connection, selection: str, agency: str, *, at: datetime) -> None:
    """Note that the agency is in; a restriction finds it here."""
    await connection.execute(
        "INSERT INTO selection_bidder (id, selection, agency, signed_up_at) VALUES ($1, $2, $3, $4)",
        uuid4(), selection, agency, at,
    )  # fmt: skip


async def bidders(connection: Connection, selection: str) -> tuple[str, ...]:
    """Who signed up, by USCC."""
    rows = await connection.fetch("SELECT agency FROM selection_bidder WHERE selection = $1 ORDER BY agency", selection)
    return tuple(row["agency"] for row in rows)


async def voids(connection: Connection, selection: str) -> dict[str, datetime]:
    """Bidders whose admission ended, and when."""
    rows = await connection.fetch("SELECT agency, voided_at FROM selection_void WHERE selection = $1", selection)
    return {row["agency"]: row["voided_at"] for row in rows}


async def running_of(connection: Connection, agency: str) -> tuple[tuple[str, datetime], ...]:
    """Selections that the agency is in and that are not over, with their last instants; an instant award stands."""
    rows = await connection.fetch(
        """SELECT selection.id, selection.last_at FROM selection_bidder
           JOIN selection ON selection.id = selection_bidder.selection
           WHERE agency = $1 AND state <> 'closed' AND mode <> 'instant' ORDER BY selection.id""",
        agency,
    )
    return tuple((row["id"], row["last_at"]) for row in rows)


async def insert_voids(
    connection: Connection, selections: Sequence[str], agency: str, *, restriction: str, at: datetime
) -> None:
    """Void the agency in these selections; a second void of the same changes nothing."""
    await connection.executemany(
        """INSERT INTO selection_void (id, selection, agency, voided_at, restriction) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (selection, agency) DO NOTHING""",
        [(uuid4(), selection, agency, at, restriction) for selection in selections],
    )
