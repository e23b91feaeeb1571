"""公告: what the operator says to everybody, all of it, and the newest as a feed."""

from __future__ import annotations

from datetime import UTC, datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from marketplace.announcements.announcement import Announcement
from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.read_announcements import AnnouncementsPage, read_announcement, read_announcements
from marketplace.usecases.read_listing import Slice
from marketplace.web.addresses import ANNOUNCEMENTS, announcement_path
from marketplace.web.feeds import Feed, FeedEntry, answer_feed, clean, urn
from marketplace.web.filters import read_page
from marketplace.web.locale.announcement_words import KINDS, standing_of
from marketplace.web.pages.asking import PAGE_ROWS, PageRequest, identifier_of, page, paging_of, query_of
from marketplace.web.papers.common import public_url
from marketplace.web.views.announcements import AnnouncementShown, AnnouncementsView, AnnouncementView
from marketplace.web.views.parts import Option

FEED = f"{ANNOUNCEMENTS}.atom"
FEED_ROWS = 20
KIND_OPTIONS = tuple(Option(code, words) for code, words in KINDS.items())


@get(ANNOUNCEMENTS, include_in_schema=False)
async def announcement_list(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """All of them, latest first; of one kind where the address names it."""
    query = query_of(request)
    kind = query.get("kind", "") if query.get("kind") in KINDS else ""
    found = await read_announcements(database, kind, Slice(read_page(query), PAGE_ROWS))
    rows = tuple(shown(one, now=found.now) for one in found.rows)
    view = AnnouncementsView(kind, KIND_OPTIONS, rows, paging_of(found.part, found.total))
    return page(request, view, now=found.now, is_example=any(one.is_example for one in found.rows))


@get(ANNOUNCEMENTS + "/{announcement:str}", include_in_schema=False)
async def announcement_page(
    request: PageRequest, database: NamedDependency[Database], announcement: FromPath[str]
) -> Response[str]:
    """One, with what became of it."""
    found, now = await read_announcement(database, identifier_of("announcement", announcement))
    return page(request, AnnouncementView(shown(found, now=now)), now=now, is_example=found.is_example)


def shown(one: Announcement, *, now: datetime) -> AnnouncementShown:
    """An announcement as pages show it."""
    lies, ended = one.stretch, one.ended
    state, tone = standing_of(one, at=now)
    end = "" if ended is None else f"已撤下：{ended.reason}" if ended.kind == "taken_down" else "已由新的公告更正"
    return AnnouncementShown(
        id=one.id, path=announcement_path(one.id), kind=KINDS[lies.kind], title=one.title,
        paragraphs=tuple(line for line in one.text.split("\n") if line.strip()), state=state, tone=tone,
        published_at=one.published_at, from_at=lies.from_at, until=lies.until,
        hours=None if lies.work_from is None or lies.work_until is None else (lies.work_from, lies.work_until),
        end=end, ended_at=None if ended is None else ended.at,
        successor="" if ended is None or ended.successor is None else announcement_path(ended.successor),
        follows="" if one.follows is None else announcement_path(one.follows),
    )  # fmt: skip


@get(FEED, include_in_schema=False)
async def announcements_feed(request: PageRequest, database: NamedDependency[Database]) -> Response[bytes]:
    """The newest as a feed; 304 for who has it already."""
    settings: Settings = request.app.state.settings
    found = await read_announcements(database, "", Slice(1, FEED_ROWS))
    return answer_feed(request, feed_of(found, public_url(settings)))


def feed_of(found: AnnouncementsPage, site: str) -> Feed:
    """What was found, as a feed of the site at this address; what ended before its time says so."""
    entries = tuple(_entry(shown(one, now=found.now), site) for one in found.rows)
    updated_at = max((one.updated_at for one in entries), default=datetime(2026, 1, 1, tzinfo=UTC))
    return Feed(urn("feed/announcements"), "公告", f"{site}{ANNOUNCEMENTS}", f"{site}{FEED}", updated_at, entries)


def _entry(one: AnnouncementShown, site: str) -> FeedEntry:
    return FeedEntry(
        id=urn(f"announcement/{one.id}"), title=clean(one.title), link=f"{site}{one.path}",
        published_at=one.published_at, updated_at=max(one.published_at, one.ended_at or one.published_at),
        author="涉批中介网上超市", item=one.kind, state=one.end or "已发布",
        summary=clean("\n".join((*((f"（{one.end}）",) if one.end else ()), *one.paragraphs))),
    )  # fmt: skip


ANNOUNCEMENT_PAGES: tuple[HTTPRouteHandler, ...] = (announcement_list, announcement_page, announcements_feed)
"""Public."""
