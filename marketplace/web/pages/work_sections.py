"""Sections of the workbench by role: each is made by a function of who reads it; None where there is nothing for him.

To add one: a view with ``template`` (a part below ``templates``) and ``column``, a maker, and a line in ``SECTIONS``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from marketplace.database import Database
from marketplace.usecases.act import Caller
from marketplace.usecases.notifications import AskNotifications, NotificationLine, read_notifications
from marketplace.usecases.read_listing import Listed
from marketplace.usecases.read_own_demands import read_own_demands
from marketplace.web import formatting
from marketplace.web.pages.agency_sections import contracts, matching, own_credit, parts
from marketplace.web.pages.jobs import jobs_at_work
from marketplace.web.pages.operating import operating
from marketplace.web.pages.owner_sections import bound, start
from marketplace.web.pages.queues import regulating
from marketplace.web.pages.rows import state_of
from marketplace.web.pages.saved import finding
from marketplace.web.views.parts import DemandState
from marketplace.web.views.work import InboxSection, NotificationRow, ProjectBar, ProjectsSection, WorkSection

Maker = Callable[[Database, Caller], Awaitable[WorkSection | None]]

SHOWN_PROJECTS, SHOWN_NOTIFICATIONS = 10, 5
STAGE_OF: dict[DemandState, int] = {
    "draft": 0, "published": 1, "offers_closed": 1, "evaluating": 1, "choosing": 1, "suspended": 1,
    "award_proposed": 2, "publicity": 2, "objected": 2, "confirming": 2, "awarded": 3, "contracted": 3,
    "delivered": 3, "accepted": 4, "rated": 4, "archived": 5,
}  # fmt: skip
"""At which of the five stages a demand is, by its state; what came to nothing ended while offers were taken."""


async def projects(database: Database, caller: Caller) -> WorkSection | None:
    """我的项目, for owners and who acts for them."""
    if caller.actor.role not in {"owner", "delegate"}:
        return None
    own = await read_own_demands(database, caller, limit=SHOWN_PROJECTS)
    return ProjectsSection(tuple(bar_of(row, now=own.now) for row in own.rows), own.published, own.drafts)


def bar_of(row: Listed, *, now: datetime) -> ProjectBar:
    """A demand in its five stages, each with its day where it has one."""
    state = state_of(row, now=now)
    price = row.winning_fen
    return ProjectBar(
        row.id, row.title, row.mode, row.ceiling_fen if price is None else price, price is not None, state,
        STAGE_OF.get(state, 1), _remarks(row, now=now),
    )  # fmt: skip


def _remarks(row: Listed, *, now: datetime) -> tuple[str, ...]:
    offers = ""
    if row.closes_at is not None:
        offers = f"{formatting.short_deadline(row.closes_at, now)} 截止"
    elif row.mode in {"instant", "direct"}:
        offers = "业主确认时选定"
    until = row.publicity_until
    return (
        f"{formatting.short_deadline(row.published_at, now)} 发布",
        offers,
        "" if until is None else f"{formatting.short_deadline(until, now)} 期满",
        "",
        "",
    )


async def inbox(database: Database, caller: Caller) -> WorkSection | None:
    """The latest notifications, for everybody."""
    found = await read_notifications(database, caller, AskNotifications(limit=SHOWN_NOTIFICATIONS))
    return InboxSection(tuple(notification_row(one) for one in found.notifications), found.unread)


def notification_row(one: NotificationLine) -> NotificationRow:
    """A notification as pages show it."""
    until = None if one.until is None else datetime.fromisoformat(one.until)
    path = one.link if one.link.startswith("/") else "/"
    return NotificationRow(one.place, one.kind, one.words, path, one.at, until, one.read_at is not None)


SECTIONS: tuple[Maker, ...] = (
    bound,
    projects,
    regulating,
    operating,
    parts,
    contracts,
    matching,
    start,
    finding,
    own_credit,
    jobs_at_work,
    inbox,
)
"""In the order in which they stand in their columns."""
