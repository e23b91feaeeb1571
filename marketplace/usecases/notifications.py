"""One's own notifications (消息): what was told, what is read, and by which channels somebody wants to hear of what.

Kept for the organisation or office, read by the person: what one has read a colleague has not. Source: ADR 0026.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from marketplace.database import Connection, Database
from marketplace.inbox import store as inbox
from marketplace.inbox.telling import CHANNELS, KINDS, TELLINGS, Channel, Kind, is_wanted, words_of
from marketplace.usecases.act import Caller, Message, clock, perform, require
from marketplace.usecases.inbox_of import addressees, reader
from marketplace.usecases.membership import person_of

MOST = 100
"""Notifications of one page, and of one marking."""
COUNTED = 100
"""Unread ones are counted so far."""


class AskNotifications(Message):
    """From before which place, only what is unread, how many."""

    before: int | None = None
    unread: bool = False
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50


class NotificationLine(Message):
    """One notification, in both languages; ``link`` leads to the matter."""

    place: int
    type: str
    kind: str
    words: str
    words_en: str
    until: str | None
    link: str
    at: datetime
    read_at: datetime | None


class Notifications(Message):
    """Latest first; ``unread`` counts to a hundred, ``before`` goes on from the last one."""

    notifications: list[NotificationLine]
    unread: int
    before: int | None


class ReadNotifications(Message):
    """Which ones somebody has read."""

    places: Annotated[list[int], Field(min_length=1, max_length=MOST)]


class NotificationsRead(Message):
    """How many of them were new to him."""

    marked: int


class PreferenceLine(Message):
    """Whether messages of a kind come by a channel; ``is_default``: nobody chose."""

    kind: str
    channel: str
    is_on: bool
    is_default: bool


class Preferences(Message):
    """Every kind by every channel; on the site all is told. What is urgent comes by SMS unless chosen otherwise."""

    preferences: list[PreferenceLine]


class Preference(Message):
    """One choice."""

    kind: Kind
    channel: Channel
    is_on: bool


class SetPreferences(Message):
    """Choices; what is not named stays."""

    preferences: Annotated[list[Preference], Field(min_length=1, max_length=len(KINDS) * len(CHANNELS))]


async def read_notifications(database: Database, caller: Caller, asked: AskNotifications) -> Notifications:
    """What the caller was told as whom he acts."""
    require(caller, "read_notifications")
    mine, person = addressees(caller), reader(caller)
    async with database.read() as connection:
        found = await inbox.notifications(
            connection, person, mine, before=asked.before, unread=asked.unread, limit=asked.limit
        )
        unread = await inbox.unread_count(connection, person, mine, most=COUNTED)
    lines = [_line(one) for one in found]
    return Notifications(
        notifications=lines, unread=unread, before=found[-1].place if len(found) == asked.limit else None
    )


async def count_unread(database: Database, caller: Caller) -> int:
    """How much of what the caller was told he has not read, counted to ``COUNTED``."""
    require(caller, "read_notifications")
    async with database.borrow() as connection:
        return await inbox.unread_count(connection, reader(caller), addressees(caller), most=COUNTED)


async def mark_read(database: Database, caller: Caller, command: ReadNotifications) -> NotificationsRead:
    """Note what the person has read; what was not told to him is passed over."""
    require(caller, "mark_read")

    async def work(connection: Connection) -> NotificationsRead:
        at = await clock(connection)
        marked = await inbox.mark_read(connection, reader(caller), addressees(caller), command.places, at=at)
        return NotificationsRead(marked=marked)

    done = await perform(database, caller, command, NotificationsRead, work)
    assert isinstance(done, NotificationsRead), "reading is never refused"
    return done


async def read_preferences(database: Database, caller: Caller) -> Preferences:
    """What the account chose, and what holds where it chose nothing."""
    require(caller, "read_preferences")
    person = person_of(caller)
    async with database.read() as connection:
        return _shown(await inbox.preferences(connection, person))


async def set_preferences(database: Database, caller: Caller, command: SetPreferences) -> Preferences:
    """Choose for one's own account, whatever it acts as."""
    require(caller, "set_preferences")
    person = person_of(caller)

    async def work(connection: Connection) -> Preferences:
        for one in command.preferences:
            await inbox.set_preference(connection, person, one.kind, one.channel, is_on=one.is_on)
        return _shown(await inbox.preferences(connection, person))

    done = await perform(database, caller, command, Preferences, work)
    assert isinstance(done, Preferences), "choosing is never refused"
    return done


def _shown(chosen: dict[tuple[str, str], bool]) -> Preferences:
    return Preferences(
        preferences=[
            PreferenceLine(
                kind=kind,
                channel=channel,
                is_on=is_wanted(channel, is_urgent=_has_urgent(kind), chosen=chosen.get((kind, channel))),
                is_default=(kind, channel) not in chosen,
            )
            for kind in KINDS
            for channel in CHANNELS
        ]
    )


def _has_urgent(kind: Kind) -> bool:
    return any(one.kind == kind and one.is_urgent for one in TELLINGS.values())


def _line(one: inbox.Notification) -> NotificationLine:
    zh, en = words_of(one.type, str(one.params.get("title", "")))
    until = one.params.get("until")
    return NotificationLine(
        place=one.place, type=one.type, kind=one.kind, words=zh, words_en=en,
        until=until if isinstance(until, str) else None, link=one.link, at=one.at, read_at=one.read_at,
    )  # fmt: skip
