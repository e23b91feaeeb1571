"""Help desks in the database."""

from __future__ import annotations

from marketplace.database import Connection
from marketplace.reference.desk import HelpDesk

_COLUMNS = "SELECT id, region, name, phone, hours, address, remark, changed_at FROM help_desk"
_ALL = _COLUMNS + " ORDER BY region, name, id LIMIT $1"
_ONE = _COLUMNS + " WHERE id = $1"
_PUT = """
INSERT INTO help_desk (id, region, name, phone, hours, address, remark, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET region = $2, name = $3, phone = $4, hours = $5, address = $6, remark = $7,
  changed_at = $8
"""


async def lock_desks(connection: Connection) -> None:
    """Keep everybody else from changing help desks until this transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('help_desk', 3))")


async def desks(connection: Connection, *, limit: int) -> tuple[HelpDesk, ...]:
    """All of them, by region and name."""
    return tuple(HelpDesk(**dict(row)) for row in await connection.fetch(_ALL, limit))


async def desk_by_id(connection: Connection, identifier: str) -> HelpDesk | None:
    """The one of that id; None when there is none."""
    row = await connection.fetchrow(_ONE, identifier)
    return None if row is None else HelpDesk(**dict(row))


async def put_desk(connection: Connection, one: HelpDesk) -> None:
    """Keep it, in the place of what stood under its id."""
    await connection.execute(
        _PUT, one.id, one.region, one.name, one.phone, one.hours, one.address, one.remark, one.changed_at
    )


async def drop_desk(connection: Connection, identifier: str) -> None:
    """Remove it."""
    await connection.execute("DELETE FROM help_desk WHERE id = $1", identifier)
