"""What has been announced, what stands now, and what stands over the pages for whoever asks every few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commons.errors import NotFound
from marketplace.announcements.announcement import Announcement
from marketplace.announcements.store import (
    announcement_by_id,
    count_announcements,
    list_announcements,
    open_announcements,
)
from marketplace.database import Database
from marketplace.usecases.read_listing import Slice

MOST_OPEN = 50
"""Announcements that stand, or will, looked at at once."""


@dataclass(frozen=True, slots=True)
class AnnouncementsPage:
    """A page of announcements, latest first; ``total`` of that kind."""

    now: datetime
    rows: tuple[Announcement, ...]
    part: Slice
    total: int


async def read_announcements(database: Database, kind: str, part: Slice) -> AnnouncementsPage:
    """A page of those of a kind, "" for any."""
    async with database.read() as connection:
        now: datetime = await connection.fetchval("SELECT clock_timestamp()")
        total = await count_announcements(connection, kind)
        shown = part.within(total)
        rows = await list_announcements(connection, kind, limit=shown.size, offset=(shown.page - 1) * shown.size)
    return AnnouncementsPage(now, rows, shown, total)


async def read_announcement(database: Database, identifier: str) -> tuple[Announcement, datetime]:
    """The announcement of that id, and the database's clock; ``NotFound`` otherwise."""
    async with database.read() as connection:
        now: datetime = await connection.fetchval("SELECT clock_timestamp()")
        found = await announcement_by_id(connection, identifier)
    if found is None:
        raise NotFound("announcement", identifier)
    return found, now


async def read_open_announcements(database: Database) -> tuple[Announcement, ...]:
    """Those that stand or will, latest first: one statement."""
    async with database.borrow() as connection:
        return await open_announcements(connection, limit=MOST_OPEN)
