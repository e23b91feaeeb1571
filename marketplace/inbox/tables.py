"""Notifications (消息), who has read them, by which channels somebody wants to be told, and filters kept (常用条件)."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, BigSerial, Boolean, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class NotificationRow(Table, tablename="notification"):
    """What somebody was told of one event: the organisation in its role, or the regulators of a region."""

    place = BigSerial(primary_key=True)
    event = UUID(default=None)
    type = Varchar(length=48)
    kind = Varchar(length=16)
    role = Varchar(length=16)
    addressee = Varchar(length=64)
    params = JSONB()
    link = Varchar(length=128)
    at = Timestamptz(default=None)

    notification_once = Unique([event, role, addressee])


class NotificationReadRow(Table, tablename="notification_read"):
    """That a person has read a notification."""

    notification = BigInt()
    person = Varchar(length=64)
    read_at = Timestamptz(default=None)

    notification_read_once = Unique([person, notification])


class PreferenceRow(Table, tablename="message_preference"):
    """Whether an account wants messages of a kind by a channel; without a row the kind's own default counts."""

    account = Varchar(length=16)
    kind = Varchar(length=16)
    channel = Varchar(length=8)
    is_on = Boolean(default=False)

    message_preference_once = Unique([account, kind, channel])


class SavedFilterRow(Table, tablename="saved_filter"):
    """A filter of a list that a person keeps under a name: which list, and the query of its address."""

    id = UUID(primary_key=True, default=None)
    person = Varchar(length=64)
    listed = Varchar(length=12)
    name = Varchar(length=40)
    query = Varchar(length=1000)
    saved_at = Timestamptz(default=None)

    saved_filter_name_once = Unique([person, listed, name])
