"""What others are to be told: written in the transaction of the event it tells of, handed over once it is committed.

Two channels: ``credit`` (changes of a matter, which anybody may read in order) and ``event`` (an event of the record,
addressed by the desk). Invariants: no note without its event; once a credit matter was noted, no event of it without a
note; a note is never edited; who received what and when is kept; a reader of the changes never skips one, because a
note of that channel takes its number as its transaction commits, one transaction after the other. Receivers dedupe by
the event's id: a note may come twice, and not at all only as a dead letter that somebody sees (docs/adr/0026).
Source: trust.md section 1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from commons.canonical import Json
from commons.events import Event
from marketplace.database import Connection

_NOTE = """
INSERT INTO outbox (id, channel, type, about, payload, noted_at) VALUES ($1, 'credit', $2, $3, $4::text::jsonb, $5)
"""
_NOTE_EVENTS = """
WITH noted AS (
  INSERT INTO outbox (id, channel, type, about, payload, noted_at)
  SELECT id, 'event', type, about, payload::jsonb, at
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) AS row(id, type, about, payload, at)
  RETURNING id, noted_at
)
INSERT INTO outbox_delivery (id, event, receiver, attempts, due_at)
SELECT gen_random_uuid(), id, $6, 0, noted_at FROM noted
"""
_NOTE_OWN = """
INSERT INTO outbox (id, channel, type, about, payload, noted_at) VALUES ($1, 'own', $2, $3, $4::text::jsonb, $5)
ON CONFLICT (id) DO NOTHING
"""
_OF_EVENTS = UUID("6f7c4c0e-52a4-5d4e-9a4e-7d1f6f2a9b10")
_ADDRESS = """
INSERT INTO outbox_delivery (id, event, receiver, attempts, due_at) VALUES ($1, $2, $3, 0, $4)
ON CONFLICT (event, receiver) DO NOTHING
"""
_TOLD = """
SELECT DISTINCT receiver FROM outbox_delivery JOIN outbox ON outbox.id = outbox_delivery.event
WHERE about = $1 ORDER BY receiver
"""
_NOTED = "SELECT EXISTS (SELECT FROM outbox WHERE about = $1)"
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended($1, 4))"
_CLAIM = """
UPDATE outbox_delivery AS mine
SET attempts = mine.attempts + 1, due_at = clock_timestamp() + $2::float8 * interval '1 second',
  sequence = coalesce(mine.sequence, 1 + coalesce((
    SELECT sent.sequence FROM outbox_delivery AS sent WHERE sent.receiver = mine.receiver AND sent.sequence IS NOT NULL
    ORDER BY sent.sequence DESC LIMIT 1), 0))
FROM outbox WHERE outbox.id = mine.event AND mine.id = (
  SELECT one.id FROM outbox_delivery AS one JOIN outbox AS its ON its.id = one.event
  WHERE one.delivered_at IS NULL AND one.dead_at IS NULL AND one.due_at <= clock_timestamp()
    AND one.receiver LIKE ANY($1::text[])
    AND NOT EXISTS (
      SELECT FROM outbox AS earlier JOIN outbox_delivery AS other ON other.event = earlier.id
      WHERE earlier.about = its.about AND earlier.place < its.place
        AND other.receiver = one.receiver AND other.delivered_at IS NULL AND other.dead_at IS NULL
    )
  ORDER BY one.due_at, its.place LIMIT 1 FOR UPDATE OF one SKIP LOCKED
)
RETURNING mine.id, outbox.id AS event, outbox.type, mine.receiver, outbox.payload::text AS payload,
  mine.attempts - mine.forgiven AS attempts, outbox.channel, outbox.about, mine.sequence, outbox.noted_at
"""
_DONE = """
UPDATE outbox_delivery SET status = $2, receipt = $3, delivered_at = clock_timestamp()
WHERE id = $1 AND delivered_at IS NULL RETURNING receiver
"""
_WAKE = """
UPDATE outbox_delivery SET due_at = statement_timestamp()
WHERE receiver = $1 AND delivered_at IS NULL AND dead_at IS NULL AND due_at > clock_timestamp() + interval '5 seconds'
  AND reason IS NOT NULL AND (status IS NULL OR status IN (429, 502, 503, 504))
"""
_LATER = """
UPDATE outbox_delivery SET status = $2, reason = $4,
  due_at = clock_timestamp() + least(3600, power(2, least(attempts - forgiven - 1, 12))) * $3::float8
    * (1 + random() * 0.15) * interval '1 second'
WHERE id = $1 AND delivered_at IS NULL
"""
_BURY = """
UPDATE outbox_delivery SET status = $2, reason = $3, dead_at = clock_timestamp()
WHERE id = $1 AND delivered_at IS NULL AND dead_at IS NULL
"""
_DEAD = """
SELECT mine.id, mine.receiver, outbox.type, outbox.about, mine.attempts, mine.status, mine.reason, mine.dead_at
FROM outbox_delivery AS mine JOIN outbox ON outbox.id = mine.event
WHERE mine.dead_at IS NOT NULL AND mine.delivered_at IS NULL ORDER BY mine.dead_at, mine.id LIMIT $1
"""
_REQUEUE = """
UPDATE outbox_delivery SET dead_at = NULL, forgiven = attempts, due_at = clock_timestamp()
WHERE id = $1 AND dead_at IS NOT NULL AND delivered_at IS NULL RETURNING receiver
"""
_SENT = """
SELECT mine.sequence, outbox.id AS event, outbox.type, outbox.about, outbox.payload::text AS payload, outbox.noted_at
FROM outbox_delivery AS mine JOIN outbox ON outbox.id = mine.event
WHERE mine.receiver = $1 AND mine.sequence > $2 ORDER BY mine.sequence LIMIT $3
"""
_WAITING = """
SELECT DISTINCT receiver FROM outbox_delivery
WHERE receiver LIKE $1 AND delivered_at IS NULL AND dead_at IS NULL AND due_at <= clock_timestamp()
ORDER BY receiver LIMIT $2
"""
_QUEUES = """
SELECT receiver, count(*) FILTER (WHERE delivered_at IS NULL AND dead_at IS NULL) AS waiting,
  count(*) FILTER (WHERE dead_at IS NOT NULL AND delivered_at IS NULL) AS dead, max(delivered_at) AS delivered_at
FROM outbox_delivery GROUP BY receiver ORDER BY receiver LIMIT 1000
"""
_AFTER = """
SELECT number, id, type, about, payload::text AS payload, noted_at FROM outbox
WHERE number > $1 ORDER BY number LIMIT $2
"""
_RECEIVED = """
SELECT receiver, outbox.id AS event, type, attempts, status, delivered_at
FROM outbox_delivery JOIN outbox ON outbox.id = outbox_delivery.event
WHERE about = $1 ORDER BY place, receiver
"""


@dataclass(frozen=True, slots=True)
class Note:
    """What is told of one event: its id and type, the fact or restriction it is about, the whole message."""

    id: str
    type: str
    about: str
    payload: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Due:
    """One delivery that is due and was claimed; ``body`` is the message as it is sent, ``attempts`` counts this one."""

    id: UUID
    event: str
    type: str
    receiver: str
    body: bytes
    attempts: int
    channel: str
    about: str
    sequence: int
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Dead:
    """A delivery that is tried no more until somebody asks for it; ``reason`` says what the last try came to."""

    id: UUID
    receiver: str
    type: str
    about: str
    attempts: int
    status: int | None
    reason: str | None
    dead_at: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """How a receiver stands: what waits for it, what is dead, when it took something last."""

    receiver: str
    waiting: int
    dead: int
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What a receiver was sent as its n-th message, whether it took it or not."""

    sequence: int
    event: str
    type: str
    about: str
    payload: dict[str, Json]
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A note in the order of the changes; ``place`` counts from 1 in the order of their commits."""

    place: int
    note: Note
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """What one receiver got of a matter; ``delivered_at`` None: not yet, ``status`` is what it answered last."""

    receiver: str
    event: str
    type: str
    attempts: int
    status: int | None
    delivered_at: datetime | None


async def note(connection: Connection, one: Note, receivers: Sequence[str], *, at: datetime) -> None:
    """Keep the note, and for each receiver that it is to be delivered."""
    text = json.dumps(one.payload, ensure_ascii=False)
    await connection.execute(_NOTE, UUID(one.id), one.type, one.about, text, at)
    await address(connection, one.id, receivers, at=at)


async def address(connection: Connection, note_id: str, receivers: Sequence[str], *, at: datetime) -> None:
    """Keep that a note is to be delivered to these as well; whoever is to receive it already is not sent it twice."""
    await connection.executemany(_ADDRESS, [(uuid4(), UUID(note_id), receiver, at) for receiver in receivers])


async def note_events(connection: Connection, events: Sequence[Event], *, receiver: str) -> None:
    """Leave a note of each event for one receiver: its own id follows from the event's, so there is one of each."""
    await connection.execute(
        _NOTE_EVENTS,
        [note_id(one.id) for one in events],
        [one.type for one in events],
        [one.subject for one in events],
        [json.dumps({"event": one.envelope(), "digest": one.digest}, ensure_ascii=False) for one in events],
        [one.at for one in events],
        receiver,
    )


async def note_own(connection: Connection, one: Note, receivers: Sequence[str], *, at: datetime) -> bool:
    """Keep a message that is no event of the record, to be delivered to these; False when it was kept before."""
    text = json.dumps(one.payload, ensure_ascii=False)
    kept: str = await connection.execute(_NOTE_OWN, UUID(one.id), one.type, one.about, text, at)
    await address(connection, one.id, receivers, at=at)
    return kept.endswith(" 1")


def note_id(event: str) -> UUID:
    """The id of the note that tells of an event."""
    return uuid5(_OF_EVENTS, event)


async def told(connection: Connection, about: str) -> tuple[str, ...]:
    """Who was or is to be told of a matter, by name."""
    return tuple(row["receiver"] for row in await connection.fetch(_TOLD, about))


async def is_noted(connection: Connection, about: str) -> bool:
    """Whether anything was noted of a matter before."""
    return bool(await connection.fetchval(_NOTED, about))


async def claim(connection: Connection, receivers: Sequence[str], *, lease: float) -> Due | None:
    """The delivery that has waited longest, nobody else's for ``lease`` seconds; None when nothing is due.

    ``receivers`` are names, or lanes of them (``sms/%``).
    A receiver gets what is about one matter in its order: nothing while an earlier note of the matter is on its way.
    """
    for receiver in sorted(receivers):
        await connection.execute(_TURN, receiver)  # a receiver's messages are numbered one after the other
    row = await connection.fetchrow(_CLAIM, list(receivers), lease)
    if row is None:
        return None
    body = str(row["payload"]).encode()
    return Due(
        row["id"], str(row["event"]), row["type"], row["receiver"], body, row["attempts"], row["channel"],
        row["about"], row["sequence"], row["noted_at"],
    )  # fmt: skip


async def delivered(connection: Connection, one: Due, *, status: int, receipt: str | None = None) -> bool:
    """The receiver has taken it; what waited only because it was out of reach is due now. False: taken before."""
    receiver = await connection.fetchval(_DONE, one.id, status, receipt)
    if receiver is None:
        return False
    await connection.execute(_WAKE, receiver)
    return True


async def later(
    connection: Connection, one: Due, *, status: int | None, pause: float, reason: str = "no-answer"
) -> None:
    """It has not; again after ``pause`` seconds and a little, doubled each time, at most an hour's worth of pauses."""
    await connection.execute(_LATER, one.id, status, pause, reason)


async def bury(connection: Connection, one: Due, *, status: int | None, reason: str) -> None:
    """It is a dead letter: tried no more, in nobody's way, until somebody asks for it."""
    await connection.execute(_BURY, one.id, status, reason)


async def dead_letters(connection: Connection, *, limit: int) -> tuple[Dead, ...]:
    """The dead letters, longest dead first."""
    return tuple(Dead(**dict(row)) for row in await connection.fetch(_DEAD, limit))


async def requeue(connection: Connection, identifier: UUID) -> str | None:
    """Try a dead letter again, with as many tries as a new one; its receiver, None when it is no dead letter."""
    receiver: str | None = await connection.fetchval(_REQUEUE, identifier)
    return receiver


async def sent_after(connection: Connection, receiver: str, sequence: int, *, limit: int) -> tuple[Sent, ...]:
    """What a receiver was sent behind its n-th message, in order."""
    rows = await connection.fetch(_SENT, receiver, sequence, limit)
    return tuple(
        Sent(**{**dict(row), "event": str(row["event"]), "payload": json.loads(row["payload"])}) for row in rows
    )


async def waiting(connection: Connection, lane: str, *, limit: int) -> tuple[str, ...]:
    """The receivers of a lane (``webhook/%``) for whom something is due."""
    return tuple(row["receiver"] for row in await connection.fetch(_WAITING, lane, limit))


async def queues(connection: Connection) -> tuple[Queue, ...]:
    """Every receiver with what waits for it and what is dead."""
    return tuple(Queue(**dict(row)) for row in await connection.fetch(_QUEUES))


async def after(connection: Connection, place: int, *, limit: int) -> tuple[Change, ...]:
    """The changes after that place, in the order of their commits; none can come before them any more."""
    rows = await connection.fetch(_AFTER, place, limit)
    return tuple(
        Change(
            row["number"], Note(str(row["id"]), row["type"], row["about"], json.loads(row["payload"])), row["noted_at"]
        )
        for row in rows
    )


async def received(connection: Connection, about: str) -> tuple[Received, ...]:
    """Who received what of a matter, in order."""
    return tuple(
        Received(**{**dict(row), "event": str(row["event"])}) for row in await connection.fetch(_RECEIVED, about)
    )
