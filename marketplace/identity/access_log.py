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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of a person, of whoever acts in a role or as this very actor (``role:id``), of an act, of a period.

    ``since`` ≤ at < ``until``; ``before``: from before a line's place. None: whatever it is.
    """

    person: str | None = None
    role: str | None = None
    actor: str | None = None
    act: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


async def access_log(connection: Connection, wanted: Wanted, *, most: int) -> tuple[AccessEntry, ...]:
    """Lines of the log, latest first; what is rare is found by its index, however long the log is."""
    role = wanted.actor.partition(":")[0] if wanted.role is None and wanted.actor is not None else wanted.role
    given = (wanted.person, role, wanted.actor, wanted.act, wanted.since, wanted.until, wanted.before, most)
    if wanted.person is not None:
        rows = await connection.fetch(_LINES + " AND person = $1" + _LATEST, *given)
    elif wanted.act is not None:
        rows = await connection.fetch(_LINES + " AND what = $4" + _LATEST, *given)
    elif role is not None:
        rows = await connection.fetch(_LINES + " AND split_part(actor, ':', 1) = $2" + _LATEST, *given)
    else:
        rows = await connection.fetch(_LINES + _LATEST, *given)
    return tuple(AccessEntry(**dict(row)) for row in rows)


_LINES = """
SELECT person, actor, what, about, outcome, at, place FROM access_entry
WHERE ($1::text IS NULL OR person = $1) AND ($2::text IS NULL OR split_part(actor, ':', 1) = $2)
  AND ($3::text IS NULL OR split_part(actor, '/', 1) = $3) AND ($4::text IS NULL OR what = $4)
  AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
  AND ($7::bigint IS NULL OR place < $7)
"""
_LATEST = " ORDER BY place DESC LIMIT $8"
