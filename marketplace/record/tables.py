"""The record's tables: events with their chain, answers given under idempotency keys, and what others are told."""

from __future__ import annotations

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    BigSerial,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
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


class OutboxRow(Table, tablename="outbox"):
    """What others are to be told, written with the event it tells of; ``place`` is the order in which it was noted.

    ``number`` counts the notes of the channel ``credit`` in the order of their commits: a trigger gives it as the
    transaction commits. ``about`` is the fact, restriction or subject that it is about: whoever was told of it is told
    again, and in order.
    """

    id = UUID(primary_key=True, default=None)
    place = BigSerial(index=True)
    number = BigInt(null=True, default=None)
    type = Varchar(length=48)
    about = Varchar(length=64, index=True)
    channel = Varchar(length=8, default="credit")
    payload = JSONB()
    noted_at = Timestamptz(default=None)


class OutboxDelivery(Table, tablename="outbox_delivery"):
    """One receiver of one note: who received what, and when; receivers dedupe by the event's id.

    ``sequence`` counts what the receiver was sent; a dead letter has ``dead_at``, and ``forgiven`` are the tries of
    before it was asked for again.
    """

    id = UUID(primary_key=True, default=None)
    event = ForeignKey(OutboxRow, on_delete=OnDelete.restrict, null=False)
    receiver = Varchar(length=64)
    attempts = Integer(default=0)
    due_at = Timestamptz(default=None)
    status = Integer(null=True, default=None)
    delivered_at = Timestamptz(null=True, default=None)
    sequence = BigInt(null=True, default=None)
    dead_at = Timestamptz(null=True, default=None)
    reason = Varchar(length=64, null=True, default=None)
    forgiven = Integer(default=0)
    receipt = Varchar(length=256, null=True, default=None)

    outbox_delivery_once = Unique([event, receiver])
