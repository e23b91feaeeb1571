"""工作台 and 通知: for whoever is signed in and acts as something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from marketplace.database import Database
from marketplace.inbox.telling import CHANNELS, KINDS
from marketplace.usecases.act import Caller
from marketplace.usecases.notifications import (
    MOST,
    AskNotifications,
    NotificationsRead,
    Preferences,
    ReadNotifications,
    SetPreferences,
    mark_read,
    read_notifications,
    read_preferences,
    set_preferences,
)
from marketplace.usecases.read_work_list import Task, read_work_list
from marketplace.web.addresses import NOTIFICATIONS, WORK, is_known
from marketplace.web.locale.account_words import ROLES
from marketplace.web.locale.work_words import CHANNELS as CHANNEL_NAMES
from marketplace.web.locale.work_words import KINDS as KIND_NAMES
from marketplace.web.pages.acting import Asked, Made, Sent, acted, made_page
from marketplace.web.pages.agency_sections import own_task_path
from marketplace.web.pages.asking import PageRequest, query_of
from marketplace.web.pages.forms import FORM, to_roles, to_sign_in
from marketplace.web.pages.owner_sections import owner_task_path
from marketplace.web.pages.queues import regulator_task_path
from marketplace.web.pages.work_sections import SECTIONS, notification_row
from marketplace.web.plans import Field, Plan
from marketplace.web.receipts import Done
from marketplace.web.signed_in import Visitor, reader_of
from marketplace.web.views.forms import Choice, FormShown
from marketplace.web.views.work import NotificationsView, TaskRow, WorkView

SHOWN = 20
MOST_DIGITS = 12
SEPARATOR = ":"

READING = Asked(Plan((Field("places", "通知", "boxes"),)), NOTIFICATIONS, "reading")
"""Which ones are marked as read."""
CHOICES = tuple(
    Choice(f"{kind}{SEPARATOR}{channel}", f"{KIND_NAMES[kind]}：{CHANNEL_NAMES[channel]}")
    for kind in KINDS
    for channel in CHANNELS
)
CHOOSING = Asked(
    Plan((Field("wanted", "通知方式", "boxes", is_needed=False, options=CHOICES),)),
    f"{NOTIFICATIONS}/preferences",
    "choosing",
)
"""By which channels somebody wants to hear of what."""


@get(WORK, include_in_schema=False)
async def work_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """What is to be done, and what the role has besides."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    if visitor.bearer.actor_role is None:
        return to_roles(request)
    caller = visitor.caller(None)
    found = await read_work_list(database, caller)
    made = [await maker(database, caller) for maker in SECTIONS]
    sections = tuple(one for one in made if one is not None)
    tasks = tuple(task_row(one, caller.actor.role) for one in found.tasks)
    name = ROLES.get(caller.actor.role, caller.actor.role)
    late = sum(one.is_overdue and not one.is_waiting for one in tasks)
    return made_page(request, Made(WorkView(name, tasks, late, sections), found.now))


TASK_PATHS: Mapping[str, Callable[[Task], str]] = {
    "agency": own_task_path,
    "delegate": owner_task_path,
    "owner": owner_task_path,
    "regulator": regulator_task_path,
}
"""Where a task is done, by role; others do it where its matter is shown."""


def task_row(one: Task, role: str = "") -> TaskRow:
    """A task as its row shows it; one whose matter has no page of its own leads to the list of proposals or nowhere."""
    path = "/proposals" if one.act == "approve_proposal" else TASK_PATHS.get(role, _link)(one)
    where = path if is_known(path) else WORK
    return TaskRow(one.act, one.title, where, one.due_at, one.is_overdue, one.number, one.is_waiting)


def _link(one: Task) -> str:
    return one.link


@get(NOTIFICATIONS, include_in_schema=False)
async def notifications_page(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """What was told, latest first."""
    visitor = _reader(request)
    if not isinstance(visitor, Visitor):
        return visitor
    return made_page(request, await _made(request, database, visitor.caller(None)))


def _reader(request: PageRequest) -> Visitor | Response[str]:
    """Who reads, or where whoever reads nothing yet is sent."""
    visitor = reader_of(request)
    if visitor is None:
        return to_sign_in(request)
    return to_roles(request) if visitor.bearer.actor_role is None else visitor


async def _made(
    request: PageRequest,
    database: Database,
    caller: Caller,
    *,
    reading: FormShown | None = None,
    choosing: FormShown | None = None,
) -> Made:
    query = query_of(request)
    before = query.get("before", "")
    asked = AskNotifications(
        before=int(before) if before.isascii() and before.isdigit() and len(before) < MOST_DIGITS else None,
        unread=query.get("unread") == "1",
        limit=SHOWN,
    )
    found = await read_notifications(database, caller, asked)
    chosen = await read_preferences(database, caller)
    wanted = tuple(f"{one.kind}{SEPARATOR}{one.channel}" for one in chosen.preferences if one.is_on)
    view = NotificationsView(
        tuple(notification_row(one) for one in found.notifications),
        found.unread,
        found.before,
        asked.unread,
        reading or READING.fresh(),
        choosing or CHOOSING.fresh({"wanted": wanted}),
        KINDS,
        CHANNELS,
    )
    return Made(view, datetime.now(UTC))


@post(NOTIFICATIONS, **FORM)
async def read_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Mark what was chosen as read."""

    async def work(sent: Sent) -> NotificationsRead:
        places = [int(one) for one in sent.form.every.get("places", ()) if one.isascii() and one.isdigit()]
        command = sent.command(ReadNotifications, places=[one for one in places if one < 10**MOST_DIGITS][:MOST])
        return await mark_read(database, sent.caller, command)

    async def again(shown: FormShown) -> Made:
        visitor = reader_of(request)
        assert visitor is not None, "form_of has asked"
        return await _made(request, database, visitor.caller(None), reading=shown)

    return await acted(request, READING, work, again=again, then=lambda _: Done(NOTIFICATIONS, "notifications_read"))


@post(f"{NOTIFICATIONS}/preferences", **FORM)
async def preferences_form(request: PageRequest, database: NamedDependency[Database]) -> Response[str]:
    """Choose by which channels one hears of what."""

    async def work(sent: Sent) -> Preferences:
        wanted = set(sent.form.every.get("wanted", ()))
        rows = [
            {"kind": kind, "channel": channel, "is_on": f"{kind}{SEPARATOR}{channel}" in wanted}
            for kind in KINDS
            for channel in CHANNELS
        ]
        return await set_preferences(database, sent.caller, SetPreferences.model_validate({"preferences": rows}))

    async def again(shown: FormShown) -> Made:
        visitor = reader_of(request)
        assert visitor is not None, "form_of has asked"
        return await _made(request, database, visitor.caller(None), choosing=shown)

    return await acted(request, CHOOSING, work, again=again, then=lambda _: Done(NOTIFICATIONS, "preferences_set"))


WORK_PAGES: tuple[HTTPRouteHandler, ...] = (work_page, notifications_page, read_form, preferences_form)
"""The workbench of every role."""
