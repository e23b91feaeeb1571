"""Announce something to everybody (公告), or correct an announcement; the line over every page shows it in its time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from commons.errors import NotFound
from commons.verdicts import Reason, Refused
from marketplace.announcements.announcement import Announcement, Ended, Stretch, judge_correcting, judge_stretch
from marketplace.announcements.store import announcement_by_id, end_announcement, insert_announcement
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import (
    Caller,
    Identifier,
    Instant,
    Message,
    Name,
    Prose,
    clock,
    new_identifier,
    perform,
    require,
    stamp,
    who_asks,
)


class Announce(Message):
    """Its words and its time; without ``from_at`` it stands at once. ``follows``: the announcement that it corrects.

    ``work_from`` and ``work_until`` are the hours of a maintenance, and of nothing else.
    """

    kind: Literal["information", "maintenance", "rule_change"]
    title: Name
    text: Annotated[Prose, Field(min_length=1)]
    from_at: Instant | None = None
    until: Instant
    work_from: Instant | None = None
    work_until: Instant | None = None
    follows: Identifier | None = None
    is_example: bool = False


class Announced(Message):
    """Public since; it stands from then, or from its beginning, until its end."""

    announcement: str
    from_at: datetime
    until: datetime
    published_at: datetime


async def announce(database: Database, caller: Caller, command: Announce) -> Announced | Refused:
    """Publish it; refused with every reason, ``NotFound`` when it corrects what there is not."""
    require(caller, "announce")

    async def work(connection: Connection) -> Announced | Refused:
        before: Announcement | None = None
        last: tuple[datetime, ...] = ()
        if command.follows is not None:
            last = await hold(connection, f"announcement/{command.follows}")
            before = await announcement_by_id(connection, command.follows)
            if before is None:
                raise NotFound("announcement", command.follows)
        at = await clock(connection, *last)
        made = _made(command, at=at)
        if reasons := _against(made, before, at=at):
            return Refused(reasons)
        who = who_asks(caller)
        await insert_announcement(connection, made, by=who)
        if before is not None:
            await end_announcement(connection, before.id, Ended("corrected", "", made.id, at), by=who)
            told = Act("announcement.corrected", {"successor": made.id})
            await append(connection, f"announcement/{before.id}", [told], actor=caller.actor, at=at)
        await append(connection, f"announcement/{made.id}", [_act(made)], actor=caller.actor, at=at)
        return Announced(announcement=made.id, from_at=made.stretch.from_at, until=made.stretch.until, published_at=at)

    return await perform(database, caller, command, Announced, work)


def _made(command: Announce, *, at: datetime) -> Announcement:
    """The announcement as it is kept; one without a beginning, or with one that has passed, begins now."""
    from_at = at if command.from_at is None else max(command.from_at, at)
    stretch = Stretch(command.kind, from_at, command.until, command.work_from, command.work_until)
    return Announcement(
        id=new_identifier("G", at=at), title=command.title, text=command.text, stretch=stretch, published_at=at,
        follows=command.follows, is_example=command.is_example,
    )  # fmt: skip


def _against(made: Announcement, before: Announcement | None, *, at: datetime) -> tuple[Reason, ...]:
    return (*judge_stretch(made.stretch, at=at), *(() if before is None else judge_correcting(before)))


def _act(made: Announcement) -> Act:
    lies = made.stretch
    hours = {} if lies.work_from is None else {"work_from": stamp(lies.work_from)}
    hours |= {} if lies.work_until is None else {"work_until": stamp(lies.work_until)}
    return Act(
        "announcement.published",
        {
            "kind": lies.kind, "title": made.title, "text": made.text, "from_at": stamp(lies.from_at),
            "until": stamp(lies.until), **hours, "follows": made.follows, "is_example": made.is_example,
        },
    )  # fmt: skip
