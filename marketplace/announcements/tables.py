"""Announcements as they were published, and how they ended before their time; rows are only added."""

from __future__ import annotations

from piccolo.columns import Boolean, Text, Timestamptz, Varchar
from piccolo.table import Table


class AnnouncementRow(Table, tablename="announcement"):
    """An announcement (公告); ``follows`` is the one that it corrects."""

    id = Varchar(length=16, primary_key=True)
    kind = Varchar(length=16)
    title = Varchar(length=120)
    text = Text()
    from_at = Timestamptz(default=None)
    until = Timestamptz(default=None, index=True)
    work_from = Timestamptz(null=True, default=None)
    work_until = Timestamptz(null=True, default=None)
    follows = Varchar(length=16, null=True, default=None)
    is_example = Boolean(default=False)
    published_by = Varchar(length=64)
    published_at = Timestamptz(default=None, index=True)


class AnnouncementEndRow(Table, tablename="announcement_end"):
    """How an announcement ended before its time: ``corrected`` or ``taken_down``; it ends once."""

    announcement = Varchar(length=16, primary_key=True)
    kind = Varchar(length=16)
    reason = Text()
    successor = Varchar(length=16, null=True, default=None)
    ended_by = Varchar(length=64)
    ended_at = Timestamptz(default=None)
