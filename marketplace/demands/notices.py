"""Notices of several lots (标段公告) in the database. SQL in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marketplace.database import Connection
from marketplace.demands.store import Demand, demand_from, demand_query

_ONE = "SELECT id, title, owner_code, lot_cap, is_example, posted_at, published_at FROM notice WHERE id = $1"
_LOTS = demand_query("WHERE notice = $1 ORDER BY lot")
_LOCK_LOTS = demand_query("WHERE notice = $1 ORDER BY lot FOR UPDATE")


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: ``lot_cap`` is how many of its lots one bidder may win, None for no cap; unpublished while None."""

    id: str
    title: str
    owner_code: str
    lot_cap: int | None
    is_example: bool
    posted_at: datetime
    published_at: datetime | None = None


async def insert_notice(connection: Connection, one: Notice) -> None:
    """Keep a posted notice; its lots are demands of their own."""
    await connection.execute(
        "INSERT INTO notice (id, title, owner_code, lot_cap, is_example, posted_at) VALUES ($1, $2, $3, $4, $5, $6)",
        one.id, one.title, one.owner_code, one.lot_cap, one.is_example, one.posted_at,
    )  # fmt: skip


async def notice_by_id(connection: Connection, identifier: str) -> Notice | None:
    """The notice of that id; None when there is none."""
    row = await connection.fetchrow(_ONE, identifier)
    return Notice(**row) if row else None


async def lots_of(connection: Connection, identifier: str, *, for_update: bool = False) -> tuple[Demand, ...]:
    """The lots of a notice in declared order, their rows locked when asked."""
    rows = await connection.fetch(_LOCK_LOTS if for_update else _LOTS, identifier)
    return tuple(demand_from(row) for row in rows)


async def mark_published(connection: Connection, identifier: str, *, at: datetime) -> None:
    """The notice is public from now on, with all its lots."""
    await connection.execute("UPDATE notice SET published_at = $2 WHERE id = $1", identifier, at)
