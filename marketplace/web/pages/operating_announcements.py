"""公告 on the workbench: announcing, correcting and taking down, each with 请核对 before it binds. ADR 0036."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from commons.errors import NotFound
from marketplace.announcements.announcement import Announcement
from marketplace.database import Database
from marketplace.usecases.announce import Announce, announce
from marketplace.usecases.read_announcements import read_announcement, read_announcements
from marketplace.usecases.read_listing import Slice
from marketplace.usecases.take_down_announcement import TakeDownAnnouncement, take_down_announcement
from marketplace.web import formatting
from marketplace.web.addresses import OPERATING_ANNOUNCEMENTS, operating_path
from marketplace.web.board import told_here
from marketplace.web.filters import read_page
from marketplace.web.locale.announcement_words import KINDS, standing_of
from marketplace.web.pages.act_routes import act_routes
from marketplace.web.pages.acting import Made, made_page
from marketplace.web.pages.agency_acts import AgencyAct, Doing, Where
from marketplace.web.pages.announcements import shown
from marketplace.web.pages.asking import PAGE_ROWS, PageRequest, identifier_of, paging_of, query_of
from marketplace.web.pages.operating import TRAIL, desk_reader, is_operator
from marketplace.web.pages.regulating import chosen, logged
from marketplace.web.plans import Field, Plan, local_text, proposed
from marketplace.web.signed_in import Visitor
from marketplace.web.views.announcements import OperatingAnnouncementsView

AREA = "announcements"
Values = Mapping[str, tuple[str, ...]]
WEEK = timedelta(days=7)


async def _announce(doing: Doing, command: Announce) -> Any:
    done = await told_here(doing.database, announce(doing.database, doing.caller, command))
    return await logged(doing, "announce", done)


async def _take_down(doing: Doing, command: TakeDownAnnouncement) -> Any:
    done = await told_here(doing.database, take_down_announcement(doing.database, doing.caller, command))
    return await logged(doing, "takeDownAnnouncement", done)


PUBLISH = AgencyAct(
    "publish", "发布公告", "发布", Plan(
        (
            Field("kind", "类别", "radios", options=chosen(dict(KINDS))),
            Field("title", "标题", hint="一句话说清，显示在每一页的上方"),
            Field("text", "正文", "prose", hint="发布后不能修改，只能另发更正", limit=5_000),
            Field("from_at", "开始显示", "instant", hint="北京时间；不填即发布时", is_needed=False),
            Field("until", "结束显示", "instant", hint="北京时间；到时自动不再显示，最多 90 天"),
            Field("work_from", "维护开始", "instant", hint="只有系统维护填写", is_needed=False),
            Field("work_until", "维护结束", "instant", hint="只有系统维护填写", is_needed=False),
        ),
        places={
            "announcement_ends_first": "until", "announcement_is_over": "until",
            "announcement_stands_too_long": "until", "only_maintenance_has_hours": "work_from",
            "maintenance_hours_missing": "work_from", "maintenance_ends_first": "work_until",
        },
    ),
    Announce, _announce, "announced",
    ("公告对所有人公开，写入记录，不能删改；写错的另发更正，原来的一份注明已更正。",
     "请勿写入个人信息。在期的公告以最近开始的一份显示在每一页。"),
    receipt="announcement", is_checked=True,
)  # fmt: skip
CORRECT = replace(PUBLISH, name="correct", title="更正公告", button="发布更正", lead=PUBLISH.lead[1:])
TAKE_DOWN = AgencyAct(
    "take-down", "撤下公告", "撤下", Plan((Field("reason", "理由", "prose", hint="向社会公开", limit=500),)),
    TakeDownAnnouncement, _take_down, "announcement_down",
    ("撤下后不再显示在各页面；原文、撤下的时间和理由仍可查阅。",), is_checked=True, is_grave=True,
)  # fmt: skip


@get(OPERATING_ANNOUNCEMENTS, include_in_schema=False)
async def operating_announcements(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """All there are, latest first, with what can be done about each."""
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    found = await read_announcements(database, "", Slice(read_page(query_of(request)), PAGE_ROWS))
    may_act = is_operator(visitor)
    rows = []
    for one in found.rows:
        row = shown(one, now=found.now)
        if may_act and one.ended is None:
            down = operating_path(AREA, "take-down", one.id) if found.now < one.stretch.until else ""
            row = replace(row, correct=operating_path(AREA, "correct", one.id), take_down=down)
        rows.append(row)
    view = OperatingAnnouncementsView(tuple(rows), paging_of(found.part, found.total), may_act)
    return made_page(request, Made(view, found.now, any(one.is_example for one in found.rows)))


async def _acting(
    request: PageRequest, database: Database, name: str, of: str
) -> tuple[AgencyAct[Any], Where] | Response[str]:
    visitor = desk_reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    if not of and name == "publish":
        now = datetime.now(UTC)
        return PUBLISH, _where(now, PUBLISH, proposed(until=local_text(now + WEEK)))
    found, now = await read_announcement(database, identifier_of("announcement", of))
    state, until = standing_of(found, at=now)[0], formatting.deadline(found.stretch.until)
    facts = (("公告", found.title), ("现状", state), ("结束", until))
    match name:
        case "correct":
            where = _where(now, CORRECT, _as_it_is(found), of)
            return CORRECT, replace(where, facts=facts, fixed={"follows": of})
        case "take-down":
            return TAKE_DOWN, replace(_where(now, TAKE_DOWN, {}, of), facts=facts, fixed={"announcement": of})
        case _:
            raise NotFound("act", name)


def _where(now: datetime, act: AgencyAct[Any], values: Values, of: str = "") -> Where:
    return Where(
        action=operating_path(AREA, act.name, of), back=OPERATING_ANNOUNCEMENTS,
        trail=(*TRAIL, (OPERATING_ANNOUNCEMENTS, "公告")), now=now, proposed=values,
    )  # fmt: skip


def _as_it_is(one: Announcement) -> Values:
    """The words and times that stand, to be changed."""
    lies = one.stretch
    hours = {name: None if at is None else local_text(at) for name, at in
             (("work_from", lies.work_from), ("work_until", lies.work_until))}  # fmt: skip
    return proposed(kind=lies.kind, title=one.title, text=one.text, until=local_text(lies.until), **hours)


OPERATING_ANNOUNCEMENT_PAGES: tuple[HTTPRouteHandler, ...] = (
    operating_announcements, *act_routes(OPERATING_ANNOUNCEMENTS, _acting),
)  # fmt: skip
"""公告 on the workbench."""
