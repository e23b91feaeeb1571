"""Announcements (公告): publishing, correcting and taking down by the operator; reading them needs nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from marketplace.announcements.announcement import Announcement
from marketplace.database import Database
from marketplace.usecases.act import Message
from marketplace.usecases.announce import Announce, Announced, announce
from marketplace.usecases.read_announcements import read_announcement, read_announcements
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.take_down_announcement import (
    AnnouncementTakenDown,
    TakeDownAnnouncement,
    take_down_announcement,
)
from marketplace.web.api.documents import problems
from marketplace.web.api.reading import NAMED, NOT_BUSY, Limit, PageNumber, answered
from marketplace.web.api.routing import Write, handler_of
from marketplace.web.api.tags import ANNOUNCEMENTS
from marketplace.web.board import told_here
from marketplace.web.pages.asking import identifier_of

AnnouncementKind = Literal["information", "maintenance", "rule_change"]


class AnnouncementEnd(Message):
    """How it ended before its time; ``successor`` is its correction."""

    kind: Literal["corrected", "taken_down"]
    reason: str
    successor: str | None
    ended_at: datetime


class AnnouncementDocument(Message):
    """One announcement; it stands while ``from_at ≤ now < until`` and it has not ended."""

    id: str
    kind: AnnouncementKind
    title: str
    text: str
    from_at: datetime
    until: datetime
    work_from: datetime | None
    work_until: datetime | None
    follows: str | None
    published_at: datetime
    is_in_force: bool
    ended: AnnouncementEnd | None
    is_example: bool


class AnnouncementsListed(Message):
    """A page of announcements, latest first."""

    now: datetime
    page: int
    total: int
    announcements: tuple[AnnouncementDocument, ...]


@get(
    "/announcements", operation_id="listAnnouncements", name="listAnnouncements", tags=[ANNOUNCEMENTS],
    summary="公告 / Announcements", responses=problems(*NOT_BUSY),
)  # fmt: skip
async def list_announcements(
    database: NamedDependency[Database],
    *,
    kind: FromQuery[AnnouncementKind | None] = None,
    page: PageNumber = 1,
    limit: Limit = 20,
) -> Response[AnnouncementsListed]:
    """All that were ever published, those that ended too."""
    found = await read_announcements(database, kind or "", Slice(page, limit))
    rows = tuple(_document(one, now=found.now) for one in found.rows)
    return answered(AnnouncementsListed(now=found.now, page=found.part.page, total=found.total, announcements=rows))


@get(
    "/announcements/{announcement:str}", operation_id="readAnnouncement", name="readAnnouncement",
    tags=[ANNOUNCEMENTS], summary="一份公告 / One announcement", responses=problems(*NAMED),
)  # fmt: skip
async def get_announcement(
    database: NamedDependency[Database], announcement: FromPath[str]
) -> Response[AnnouncementDocument]:
    """One, with what became of it."""
    found, now = await read_announcement(database, identifier_of("announcement", announcement))
    return answered(_document(found, now=now))


def _document(one: Announcement, *, now: datetime) -> AnnouncementDocument:
    lies, ended = one.stretch, one.ended
    return AnnouncementDocument(
        id=one.id, kind=lies.kind, title=one.title, text=one.text, from_at=lies.from_at, until=lies.until,
        work_from=lies.work_from, work_until=lies.work_until, follows=one.follows, published_at=one.published_at,
        is_in_force=one.is_in_force(at=now), is_example=one.is_example,
        ended=None if ended is None else AnnouncementEnd(
            kind=ended.kind, reason=ended.reason, successor=ended.successor, ended_at=ended.at
        ),
    )  # fmt: skip


ANNOUNCEMENT_WRITES: tuple[HTTPRouteHandler, ...] = (
    handler_of(Write(
        "/announcements", "announce", ANNOUNCEMENTS, "发布或更正公告 / Announce, or correct an announcement",
        Announce, Announced,
        lambda visit, command: told_here(visit.database, announce(visit.database, visit.caller, command)),
    )),
    handler_of(Write(
        "/announcements/{announcement:str}/end", "takeDownAnnouncement", ANNOUNCEMENTS,
        "撤下公告 / Take an announcement down", TakeDownAnnouncement, AnnouncementTakenDown,
        lambda visit, command: told_here(
            visit.database, take_down_announcement(visit.database, visit.caller, command)
        ),
        ("announcement",),
    )),
)  # fmt: skip
ANNOUNCEMENT_READS: tuple[HTTPRouteHandler, ...] = (list_announcements, get_announcement)
