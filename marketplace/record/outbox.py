"""What others are to be told: written in the transaction of the event it tells of, handed over once it is committed.

Invariants: no note without its event; once a matter was noted, no event of it without a note; a note is never edited;
who received what and when is kept; a reader of the changes never skips one, because a note takes its number as its
transaction commits, one transaction after the other. Receivers dedupe by the event's id: a note may come twice, never
not at all.
Source: trust.md section 1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from commons.canonical import Json
from marketplace.database import Connection

_NOTE = """
INSERT INTO outbox (id, type, about, payload, noted_at) VALUES ($1, $2, $3, $4::text::jsonb, $5)
"""
_ADDRESS = """
INSERT INTO outbox_delivery (id, event, receiver, attempts, due_at) VALUES ($1, $2, $3, 0, $4)
"""
_TOLD = """
SELECT DISTINCT receiver FROM outbox_delivery JOIN outbox ON outbox.id = outbox_delivery.event
WHERE about = $1 ORDER BY receiver
"""
_NOTED = "SELECT EXISTS (SELECT FROM outbox WHERE about = $1)"
_CLAIM = """
UPDATE outbox_delivery AS mine
SET attempts = mine.attempts + 1, due_at = clock_timestamp() + $2::float8 * interval '1 second'
FROM outbox WHERE outbox.id = mine.event AND mine.id = (
  SELECT one.id FROM outbox_delivery AS one JOIN outbox AS its ON its.id = one.event
  WHERE one.delivered_at IS NULL AND one.due_at <= clock_timestamp() AND one.receiver = ANY($1::text[])
    AND NOT EXISTS (
      SELECT FROM outbox AS earlier JOIN outbox_delivery AS other ON other.event = earlier.id
      WHERE earlier.about = its.about AND earlier.place < its.place
        AND other.receiver = one.receiver AND other.delivered_at IS NULL
    )
  ORDER BY one.due_at, its.place LIMIT 1 FOR UPDATE OF one SKIP LOCKED
)
RETURNING mine.id, outbox.id AS event, outbox.type, mine.receiver, outbox.payload::text AS payload, mine.attempts
"""
_DONE = """
UPDATE outbox_delivery SET status = $2, delivered_at = clock_timestamp() WHERE id = $1 AND delivered_at IS NULL
"""
_LATER = """
UPDATE outbox_delivery SET status = $2,
  due_at = clock_timestamp() + least(3600, power(2, least(attempts - 1, 12))) * $3::float8 * interval '1 second'
WHERE id = $1 AND delivered_at IS NULL
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
    await connection.executemany(_ADDRESS, [(uuid4(), UUID(one.id), receiver, at) for receiver in receivers])


async def told(connection: Connection, about: str) -> tuple[str, ...]:
    """Who was or is to be told of a matter, by name."""
    return tuple(row["receiver"] for row in await connection.fetch(_TOLD, about))


async def is_noted(connection: Connection, about: str) -> bool:
    """Whether anything was noted of a matter before."""
    return bool(await connection.fetchval(_NOTED, about))


async def claim(connection: Connection, receivers: Sequence[str], *, lease: float) -> Due | None:
    """The delivery that has waited longest, nobody else's for ``lease`` seconds; None when nothing is due.

    A receiver gets what is about one matter in its order: nothing while an earlier note of the matter is on its way.
    """
    row = await connection.fetchrow(_CLAIM, list(receivers), lease)
    if row is None:
        return None
    body = str(row["payload"]).encode()
    return Due(row["id"], str(row["event"]), row["type"], row["receiver"], body, row["attempts"])


async def delivered(connection: Connection, one: Due, *, status: int) -> None:
    """The receiver has taken it."""
    await connection.execute(_DONE, one.id, status)


async def later(connection: Connection, one: Due, *, status: int | None, pause: float) -> None:
    """It has not; again after ``pause`` seconds, doubled each time, at most an hour's worth of pauses."""
    await connection.execute(_LATER, one.id, status, pause)


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
