"""The record's tables: events with their chain, and the answers given under idempotency keys."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Bytea, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table


class RecordEvent(Table, tablename="record_event"):
    """One event; ``private`` with its ``salt`` is what may be erased without touching any hash."""

    id = UUID(primary_key=True, default=None)
    subject = Varchar(length=48)
    seq = Integer()
    type = Varchar(length=48)
    v = SmallInt(default=1)
    at = Timestamptz(default=None)
    actor_role = Varchar(length=16)
    actor_id = Varchar(length=64)
    prev = Varchar(length=64)
    digest = Varchar(length=64)
    data = JSONB()
    refs = JSONB()
    priv = Varchar(length=64, null=True, default=None)
    salt = Bytea(null=True, default=None)
    private = JSONB(null=True, default=None)

    record_event_place = Unique([subject, seq])


class RequestAnswer(Table, tablename="request_answer"):
    """What was answered under ``(actor, key)``: the same request again gets the same answer."""

    id = UUID(primary_key=True, default=None)
    actor = Varchar(length=96)
    key = Varchar(length=128)
    request = Varchar(length=64)
    answer = Text()
    answered_at = Timestamptz(default=None)

    request_answer_once = Unique([actor, key])
