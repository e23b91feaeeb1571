"""Take an announcement down (撤下公告) before its time, with a published reason; it stays to be read."""

from __future__ import annotations

from datetime import datetime

from commons.errors import NotFound
from commons.verdicts import Refused
from marketplace.announcements.announcement import Ended, judge_taking_down
from marketplace.announcements.store import announcement_by_id, end_announcement
from marketplace.database import Connection, Database
from marketplace.record.store import Act, append, hold
from marketplace.usecases.act import Caller, Ground, Identifier, Message, clock, perform, require, who_asks


class TakeDownAnnouncement(Message):
    """Which one, and why."""

    announcement: Identifier
    reason: Ground


class AnnouncementTakenDown(Message):
    """It stands no longer since then."""

    announcement: str
    ended_at: datetime


async def take_down_announcement(
    database: Database, caller: Caller, command: TakeDownAnnouncement
) -> AnnouncementTakenDown | Refused:
    """End it; ``NotFound`` for an unknown one, refused for one that was corrected or taken down before."""
    require(caller, "take_down_announcement")

    async def work(connection: Connection) -> AnnouncementTakenDown | Refused:
        at = await clock(connection, *await hold(connection, f"announcement/{command.announcement}"))
        found = await announcement_by_id(connection, command.announcement)
        if found is None:
            raise NotFound("announcement", command.announcement)
        if reasons := judge_taking_down(found, at=at):
            return Refused(reasons)
        ended = Ended("taken_down", command.reason, None, at)
        await end_announcement(connection, found.id, ended, by=who_asks(caller))
        act = Act("announcement.taken_down", {"reason": command.reason})
        await append(connection, f"announcement/{found.id}", [act], actor=caller.actor, at=at)
        return AnnouncementTakenDown(announcement=found.id, ended_at=at)

    return await perform(database, caller, command, AnnouncementTakenDown, work)
