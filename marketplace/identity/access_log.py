"""The access log (访问日志) in the database: lines are only added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marketplace.database import Connection


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """One line of the access log: who did or read what that is not public."""

    person: str
    actor: str
    what: str
    about: str
    outcome: str
    at: datetime | None = None
    place: int = 0


async def log_access(connection: Connection, entry: AccessEntry) -> None:
    """Add a line; the database's clock says when."""
    await connection.execute(
        "INSERT INTO access_entry (at, person, actor, what, about, outcome) "
        "VALUES (clock_timestamp(), $1, $2, $3, $4, $5)",
        entry.person, entry.actor, entry.what, entry.about, entry.outcome,
    )  # fmt: skip


async def access_log(
    connection: Connection, *, before: int | None, person: str | None, most: int
) -> tuple[AccessEntry, ...]:
    """Lines of the log, latest first, from before a place."""
    rows = await connection.fetch(
        "SELECT person, actor, what, about, outcome, at, place FROM access_entry "
        "WHERE ($1::bigint IS NULL OR place < $1) AND ($2::text IS NULL OR person = $2) ORDER BY place DESC LIMIT $3",
        before, person, most,
    )  # fmt: skip
    return tuple(AccessEntry(**dict(row)) for row in rows)
