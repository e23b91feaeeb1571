"""需求公告 as a feed (Atom, RFC 4287): the newest demands under the filters of the list, for whoever wants to be told.

Invariants: an entry's id depends on the demand alone, never on the address of the site; links are absolute; the same
demands give the same bytes, so that a reader who asks again is told that nothing is new by the ETag
alone, since the state of a demand changes by the clock and no date of an entry with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import ClassVar
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from marketplace.database import Database
from marketplace.settings import Settings
from marketplace.usecases.read_listing import Listed
from marketplace.usecases.read_newest import Newest, read_newest
from marketplace.web import formatting
from marketplace.web.addresses import DEMANDS, demand_path
from marketplace.web.filters import Pairs, query_of, read_demand_filter
from marketplace.web.locale import names
from marketplace.web.pages import asking
from marketplace.web.pages.asking import PageRequest
from marketplace.web.pages.demands import demand_query
from marketplace.web.pages.naming import item_of, place_of
from marketplace.web.pages.rows import state_of
from marketplace.web.papers.common import public_url
from marketplace.web.render import environment
from marketplace.web.views.parts import DRAW_MODES

FEED = f"{DEMANDS}.atom"
ATOM = "application/atom+xml; charset=utf-8"
KEPT = "public, max-age=60"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A demand as an entry: when it was published, when something last came of it, and a line about it."""

    id: str
    title: str
    link: str
    published_at: datetime
    updated_at: datetime
    author: str
    item: str
    state: str
    summary: str


@dataclass(frozen=True, slots=True)
class Feed:
    """The whole feed; ``link`` is the list under the same filters."""

    template: ClassVar[str] = "demands_atom.xml"

    id: str
    title: str
    link: str
    own: str
    updated_at: datetime
    entries: tuple[FeedEntry, ...]


@get(FEED, include_in_schema=False)
async def demands_feed(request: PageRequest, database: NamedDependency[Database]) -> Response[bytes]:
    """The feed under the filters of the address; 304 for who has it already."""
    settings: Settings = request.app.state.settings
    chosen = read_demand_filter(asking.query_of(request))
    found = await read_newest(database, demand_query(chosen))
    return answer_feed(request, feed_of(found, query_of(chosen), public_url(settings)))


def answer_feed(request: PageRequest, feed: Feed) -> Response[bytes]:
    """A feed as it is served; 304 for who has it already."""
    body = environment().get_template(feed.template).render(feed=feed, at_text=_instant).encode()
    tag = f'"{sha256(body).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": KEPT}
    if _has_it(request, tag):
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=ATOM, headers=headers)


def feed_of(found: Newest, query: Pairs, site: str) -> Feed:
    """What was found, as a feed of the site at this address."""
    entries = tuple(_entry(row, found.now, site) for row in found.rows)
    asked = f"?{urlencode(query)}" if query else ""
    words = " ".join(value for _, value in query)
    updated_at = max((one.updated_at for one in entries), default=datetime(2026, 1, 1, tzinfo=UTC))
    return Feed(
        urn(f"feed/demands{asked}"), clean(f"需求公告：{words}" if words else "需求公告"), f"{site}{DEMANDS}{asked}",
        f"{site}{FEED}{asked}", updated_at, entries,
    )  # fmt: skip


def _entry(row: Listed, now: datetime, site: str) -> FeedEntry:
    closes = f"，{formatting.deadline(row.closes_at)}截止" if row.closes_at is not None else ""
    amount = "金额" if row.mode in DRAW_MODES else "最高限价"
    summary = (
        f"{row.owner_name}；{formatting.place(place_of(row.region, row.place))}；{names.mode_name(row.mode)}；"
        f"{amount} {formatting.yuan(row.ceiling_fen)}{closes}"
    )
    return FeedEntry(
        id=urn(f"demand/{row.id}"),
        title=clean(row.title),
        link=f"{site}{demand_path(row.id)}",
        published_at=row.published_at,
        updated_at=max(row.published_at, row.decided_at or row.published_at),
        author=clean(row.owner_name),
        item=item_of(row.item).name,
        state=names.state_name(state_of(row, now=now)),
        summary=clean(summary),
    )


def urn(name: str) -> str:
    """The id of a feed or entry: of what it is about alone, never of the site's address."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:shepi:{name}')}"


def clean(text: str) -> str:
    """A text that XML can hold."""
    return _FORBIDDEN.sub(" ", text)


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _has_it(request: PageRequest, tag: str) -> bool:
    """Whether the reader has this very feed, by its tag; a date says nothing of a state that the clock changed."""
    tags = request.headers.get("if-none-match")
    if tags is None:
        return False
    return tags.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in tags.split(",")]


FEED_PAGES: tuple[HTTPRouteHandler, ...] = (demands_feed,)
"""Public."""
