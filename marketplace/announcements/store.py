"""Announcements in the database: added to, never changed; the end of one is a row of its own."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString, cast

import asyncpg

from marketplace.announcements.announcement import Announcement, Ended, EndKind, Kind, Stretch
from marketplace.database import Connection

_ALL = """
SELECT announcement.id, announcement.kind, title, text, from_at, until, work_from, work_until, follows, is_example,
  published_at, ends.kind AS end_kind, ends.reason AS end_reason, ends.successor, ends.ended_at
FROM announcement LEFT JOIN announcement_end AS ends ON ends.announcement = announcement.id
"""
_ONE: LiteralString = _ALL + "WHERE announcement.id = $1"
_OPEN: LiteralString = (
    _ALL + "WHERE until > clock_timestamp() AND ends.kind IS NULL ORDER BY published_at DESC, announcement.id DESC"
    " LIMIT $1"
)
_PAGE: LiteralString = (
    _ALL + "WHERE $1::text = '' OR announcement.kind = $1 ORDER BY published_at DESC, announcement.id DESC"
    " LIMIT $2 OFFSET $3"
)
_COUNT = "SELECT count(*) FROM announcement WHERE $1::text = '' OR kind = $1"
_INSERT = """
INSERT INTO announcement (id, kind, title, text, from_at, until, work_from, work_until, follows, is_example,
  published_by, published_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_END = """
INSERT INTO announcement_end (announcement, kind, reason, successor, ended_by, ended_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""


async def announcement_by_id(connection: Connection, identifier: str) -> Announcement | None:
    """The announcement of that id; None when there is none."""
    row = await connection.fetchrow(_ONE, identifier)
    return None if row is None else _announcement(row)


async def open_announcements(connection: Connection, *, limit: int) -> tuple[Announcement, ...]:
    """Those that stand, or will, as the database's clock says; latest first."""
    return tuple(_announcement(row) for row in await connection.fetch(_OPEN, limit))


async def count_announcements(connection: Connection, kind: str) -> int:
    """How many there are of that kind, "" for any."""
    total: int = await connection.fetchval(_COUNT, kind)
    return total


async def list_announcements(
    connection: Connection, kind: str, *, limit: int, offset: int
) -> tuple[Announcement, ...]:  # fmt: skip
    """Those of that kind ("": of any), latest first."""
    return tuple(_announcement(row) for row in await connection.fetch(_PAGE, kind, limit, offset))


async def insert_announcement(connection: Connection, one: Announcement, *, by: str) -> None:
    """Keep an announcement."""
    lies = one.stretch
    await connection.execute(
        _INSERT, one.id, lies.kind, one.title, one.text, lies.from_at, lies.until, lies.work_from, lies.work_until,
        one.follows, one.is_example, by, one.published_at,
    )  # fmt: skip


async def end_announcement(connection: Connection, identifier: str, ended: Ended, *, by: str) -> None:
    """End an announcement; it has not ended before."""
    await connection.execute(_END, identifier, ended.kind, ended.reason, ended.successor, by, ended.at)


def _announcement(row: asyncpg.Record) -> Announcement:
    at: datetime | None = row["ended_at"]
    ended = None if at is None else Ended(cast("EndKind", row["end_kind"]), row["end_reason"], row["successor"], at)
    stretch = Stretch(
        cast("Kind", row["kind"]), row["from_at"], row["until"], row["work_from"], row["work_until"]
    )  # fmt: skip
    return Announcement(
        id=row["id"], title=row["title"], text=row["text"], stretch=stretch, published_at=row["published_at"],
        follows=row["follows"], is_example=row["is_example"], ended=ended,
    )  # fmt: skip
