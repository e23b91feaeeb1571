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
    """The selection's row under lock: its state, and the last instant at which anything happened in it.

    ``due_at`` is the next instant at which settling has work; ``anchor`` where lots under a cap hang together.
    """

    id: str
    demand: str
    mode: str
    state: str
    last_at: datetime
    due_at: datetime | None
    anchor: str | None


async def insert_selection(
    connection: Connection, identifier: str, *, demand: str, mode: str, due_at: datetime | None, at: datetime,
    anchor: str | None = None, lot: int | None = None,
) -> None:  # fmt: skip
    """Put the lock row in place."""
    await connection.execute(
        """INSERT INTO selection (id, demand, mode, state, due_at, last_at, anchor, lot)
           VALUES ($1, $2, $3, 'open', $4, $5, $6, $7)""",
        identifier, demand, mode, due_at, at, anchor, lot,
    )  # fmt: skip


_LOCK_ONE = "SELECT id, demand, mode, state, last_at, due_at, anchor FROM selection WHERE id = $1 FOR UPDATE"
_LOCK_FREE = """
SELECT id, demand, mode, state, last_at, due_at, anchor FROM selection WHERE id = ANY($1::text[])
ORDER BY id FOR UPDATE SKIP LOCKED
"""
_LOCK_ANCHOR = """
SELECT id, demand, mode, state, last_at, due_at, anchor FROM selection
WHERE id = (SELECT coalesce(anchor, id) FROM selection WHERE id = $1) FOR UPDATE
"""
_LOCK_LOTS = """
SELECT id, demand, mode, state, last_at, due_at, anchor FROM selection WHERE anchor = $1 ORDER BY lot, id FOR UPDATE
"""


async def lock_selection(connection: Connection, identifier: str) -> Lock | None:
    """Lock one row alone. None when there is no such selection."""
    row = await connection.fetchrow(_LOCK_ONE, identifier)
    return Lock(**row) if row else None


async def lock_free(connection: Connection, identifiers: Sequence[str]) -> dict[str, Lock]:
    """Lock those of the rows that nobody else holds, in order of id, waiting for none."""
    rows = await connection.fetch(_LOCK_FREE, list(identifiers))
    return {row["id"]: Lock(**row) for row in rows}


async def lock_with_lots(connection: Connection, identifier: str) -> tuple[Lock, ...]:
    """Lock the row and, where a cap makes lots depend on each other, all of the notice's, in the order of the lots.

    Every write to a selection starts here; nothing when there is no such selection. The anchor's row comes first, so
    that whoever opens another selection of a lot, and whoever waits for it, meet at one place.
    """
    row = await connection.fetchrow(_LOCK_ANCHOR, identifier)
    if row is None or row["anchor"] is None:
        return (Lock(**row),) if row else ()
    return tuple(Lock(**one) for one in await connection.fetch(_LOCK_LOTS, row["anchor"]))


async def touch(connection: Connection, identifier: str, *, state: str, due_at: datetime | None, at: datetime) -> None:
    """Note the state, the next instant at which settling has work, and that something happened at ``at``."""
    await connection.execute(
        "UPDATE selection SET state = $2, due_at = $3, last_at = greatest(last_at, $4) WHERE id = $1",
        identifier, state, due_at, at,
    )  # fmt: skip


async def note(connection: Connection, identifier: str, *, at: datetime) -> None:
    """Note that something happened at ``at``; the state stays."""
    await connection.execute("UPDATE selection SET last_at = greatest(last_at, $2) WHERE id = $1", identifier, at)


async def note_all(connection: Connection, notes: Sequence[tuple[str, datetime, datetime | None]]) -> None:
    """Note that something happened in several: id, instant, and when the next close is now (None: as it was)."""
    await connection.execute(
        """UPDATE selection SET last_at = greatest(last_at, noted.at), due_at = coalesce(noted.due_at, selection.due_at)
           FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) AS noted(id, at, due_at)
           WHERE selection.id = noted.id""",
        [one[0] for one in notes], [one[1] for one in notes], [one[2] for one in notes],
    )  # fmt: skip


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


async def due_among(connection: Connection, selections: Sequence[str], *, at: datetime) -> tuple[str, ...]:
    """Those in which a void just written may have brought something; where offers are still taken it brings nothing."""
    rows = await connection.fetch(
        """SELECT id FROM selection WHERE id = ANY($1::text[])
             AND (due_at <= $2 OR state IN ('proposed', 'evaluating') OR anchor IS NOT NULL) ORDER BY id""",
        list(selections), at,
    )  # fmt: skip
    return tuple(row["id"] for row in rows)


async def insert_bidder(connection: Connection, selection: str, agency: str, *, at: datetime) -> None:
    """Note that the agency is in; a restriction finds it here."""
    await connection.execute(
        "INSERT INTO selection_bidder (id, selection, agency, signed_up_at) VALUES ($1, $2, $3, $4)",
        uuid4(), selection, agency, at,
    )  # fmt: skip


async def bidders(connection: Connection, selections: Sequence[str]) -> tuple[str, ...]:
    """Who signed up for any of them, by USCC."""
    rows = await connection.fetch(
        "SELECT DISTINCT agency FROM selection_bidder WHERE selection = ANY($1::text[]) ORDER BY agency",
        list(selections),
    )
    return tuple(row["agency"] for row in rows)


async def voids(connection: Connection, selections: Sequence[str]) -> dict[str, dict[str, datetime]]:
    """Bidders whose admission ended, and when, by selection."""
    rows = await connection.fetch(
        "SELECT selection, agency, voided_at FROM selection_void WHERE selection = ANY($1::text[])", list(selections)
    )
    found: dict[str, dict[str, datetime]] = {}
    for row in rows:
        found.setdefault(row["selection"], {})[row["agency"]] = row["voided_at"]
    return found


async def running_of(connection: Connection, agency: str) -> tuple[tuple[str, datetime], ...]:
    """Selections that the agency is in and that are not over, with their last instants; an instant award stands.

    Of lots that hang together the last instant is that of any of them.
    """
    rows = await connection.fetch(
        """SELECT selection.id, (SELECT max(last_at) FROM selection AS lot
             WHERE lot.id = selection.id OR lot.anchor = selection.anchor) AS last_at
           FROM selection_bidder JOIN selection ON selection.id = selection_bidder.selection
           WHERE agency = $1 AND state <> 'closed' AND mode <> 'instant' ORDER BY selection.id""",
        agency,
    )
    return tuple((row["id"], row["last_at"]) for row in rows)


async def insert_voids(
    connection: Connection, selections: Sequence[str], agency: str, *, restriction: str, at: datetime
) -> None:
    """Void the agency in these selections; a second void of the same changes nothing. Who shows them live is woken."""
    await connection.executemany(
        """INSERT INTO selection_void (id, selection, agency, voided_at, restriction) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (selection, agency) DO NOTHING""",
        [(uuid4(), selection, agency, at, restriction) for selection in selections],
    )
    await connection.execute(_WAKE, list(selections))


_WAKE = "SELECT pg_notify('record', 'selection/' || voided) FROM unnest($1::text[]) AS voided"
