"""Appending to the record and reading it back: SQL in and out, inside the caller's transaction.

The caller holds the lock of the subject's row, so ``seq`` and ``prev`` cannot race; the unique place stands behind it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from typing import cast
from uuid import UUID, uuid4

import asyncpg

from commons.canonical import Json, canonical
from commons.events import Actor, Draft, Event, Recorded, Role, Tip, chain, private_hash
from marketplace.database import Connection
from marketplace.record.outbox import note_events
from marketplace.record.routes import DESK, ROUTES

WAKE_UP = "record"
"""The channel on which whoever shows a selection live hears that its record has grown; a wake-up, never data."""

_APPEND = """
WITH appended AS (
INSERT INTO record_event
  (id, subject, seq, type, v, at, actor_role, actor_id, prev, digest, data, refs, priv, salt, private)
SELECT id, subject, seq, type, v, at, actor_role, actor_id, prev, digest, data::jsonb, refs::jsonb, priv, salt,
  private::jsonb
FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::int[], $6::timestamptz[], $7::text[], $8::text[],
  $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], $15::text[])
  AS row(id, subject, seq, type, v, at, actor_role, actor_id, prev, digest, data, refs, priv, salt, private)
RETURNING subject, seq)
SELECT pg_notify('record', subject || ' ' || max(seq)) FROM appended WHERE subject LIKE 'selection/%' GROUP BY subject
"""
_TIP = "SELECT seq, digest, at FROM record_event WHERE subject = $1 ORDER BY seq DESC LIMIT 1"
_TIPS = """
SELECT last.subject, last.seq, last.digest, last.at FROM unnest($1::text[]) AS asked(subject) CROSS JOIN LATERAL (
  SELECT subject, seq, digest, at FROM record_event WHERE subject = asked.subject ORDER BY seq DESC LIMIT 1) AS last
"""
_COLUMNS = """
SELECT id, record_event.subject, record_event.seq, type, v, at, actor_role, actor_id, prev, digest,
  data::text AS data, refs::text AS refs, priv, private::text AS private
FROM record_event
"""
_LOAD = _COLUMNS + "WHERE subject = ANY($1::text[]) ORDER BY subject, seq"
_LOAD_AFTER = _COLUMNS + "WHERE subject = $1 AND seq > $2 ORDER BY seq LIMIT $3"
_WHOLE = """
SELECT id, subject, seq, type, v, at, actor_role, actor_id, prev, digest, data::text AS data, refs::text AS refs, priv,
  salt, private::text AS private
FROM record_event ORDER BY subject COLLATE "C", seq
"""
_AT_ONCE = 500


class Act:
    """One thing that happened, ready to be appended: its type, its public data, and what stays private."""

    __slots__ = ("data", "private", "refs", "type")

    def __init__(
        self, type: str, data: dict[str, Json], *, private: dict[str, Json] | None = None, refs: tuple[str, ...] = ()
    ) -> None:
        self.type = type
        self.data = data
        self.private = private
        self.refs = refs


async def tip(connection: Connection, subject: str) -> Tip:
    """Where the subject's chain ends now."""
    row = await connection.fetchrow(_TIP, subject)
    return Tip(row["seq"], row["digest"], row["at"]) if row else Tip()


async def tips(connection: Connection, subjects: Sequence[str]) -> dict[str, Tip]:
    """Where the chains of these subjects end now; a subject without events is not in it."""
    rows = await connection.fetch(_TIPS, list(subjects))
    return {row["subject"]: Tip(row["seq"], row["digest"], row["at"]) for row in rows}


async def hold(connection: Connection, subject: str) -> tuple[datetime, ...]:
    """Keep everybody else from appending to the subject until this transaction ends; taken after row locks.

    Returns the instant of its last event (nothing before its first): the act to be appended may not come before it.
    """
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", subject)
    last = (await tip(connection, subject)).at
    return () if last is None else (last,)


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of a batch: about whom, by whom, when."""

    subject: str
    act: Act
    actor: Actor
    at: datetime


async def append(
    connection: Connection, subject: str, acts: Sequence[Act], *, actor: Actor, at: datetime
) -> tuple[Event, ...]:
    """Append the acts to the subject's chain, in order, and return them as events.

    The caller holds the subject: its row (a selection, a demand) or ``hold``.
    """
    entries = [Entry(subject, act, actor, at) for act in acts]
    return await append_all(connection, entries, {subject: await tip(connection, subject)})


async def append_all(connection: Connection, entries: Sequence[Entry], tips: Mapping[str, Tip]) -> tuple[Event, ...]:
    """Append acts about several subjects, in order, each to its subject's chain; ``tips`` were read under their locks.

    The caller holds every subject, as for ``append``. Of an event that others are told of a note is left with it.
    """
    salts = [token_bytes(16) if one.act.private is not None else None for one in entries]
    ends, events = dict(tips), []
    for one, salt in zip(entries, salts, strict=True):
        (event,) = chain(
            ends[one.subject], (_draft(one.act, salt),), subject=one.subject, actor=one.actor, at=one.at
        )  # fmt: skip
        ends[one.subject] = Tip(event.seq, event.digest, one.at)
        events.append(event)
    privates = [None if one.act.private is None else json.dumps(one.act.private, ensure_ascii=False) for one in entries]
    await connection.execute(_APPEND, *_arrays(events, salts, privates))
    if told := [one for one in events if one.type in ROUTES]:
        await note_events(connection, told, receiver=DESK)
    return tuple(events)


def _draft(act: Act, salt: bytes | None) -> Draft:
    priv = private_hash(salt, canonical(act.private)) if salt and act.private is not None else None
    return Draft(id=str(uuid4()), type=act.type, data=act.data, refs=act.refs, priv=priv)


def _arrays(
    events: Sequence[Event], salts: Sequence[bytes | None], privates: Sequence[str | None]
) -> tuple[Sequence[object], ...]:
    """Events as one array a column, in the order of ``_APPEND``."""
    return (
        [UUID(one.id) for one in events],
        [one.subject for one in events],
        [one.seq for one in events],
        [one.type for one in events],
        [one.v for one in events],
        [one.at for one in events],
        [one.actor.role for one in events],
        [one.actor.id for one in events],
        [one.prev for one in events],
        [one.digest for one in events],
        [one.written for one in events],
        [json.dumps(list(one.refs)) for one in events],
        [one.priv for one in events],
        salts,
        privates,
    )


async def load(connection: Connection, subjects: Iterable[str]) -> tuple[Recorded, ...]:
    """All events of the subjects with their private parts, by subject and place."""
    rows = await connection.fetch(_LOAD, list(subjects))
    return tuple(_recorded(row) for row in rows)


async def load_after(connection: Connection, subject: str, seq: int, *, limit: int) -> tuple[Recorded, ...]:
    """The events of one subject behind a place of its chain, in order, so many at most."""
    rows = await connection.fetch(_LOAD_AFTER, subject, seq, limit)
    return tuple(_recorded(row) for row in rows)


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the record as it lies there; ``event`` is None where the row is none that could ever be appended."""

    subject: str
    seq: int
    event: Event | None
    digest: str
    salt: bytes | None
    private: Mapping[str, Json] | None


async def whole(connection: Connection) -> AsyncIterator[Kept]:
    """Every event of every subject in order, nothing judged; inside a transaction."""
    async for row in connection.cursor(_WHOLE, prefetch=_AT_ONCE):
        try:
            event = _event(row)
        except ValueError:
            event = None
        private = json.loads(row["private"]) if row["private"] else None
        yield Kept(row["subject"], row["seq"], event, row["digest"], row["salt"], private)


def _recorded(row: asyncpg.Record) -> Recorded:
    """One row → event; the stored hash must be the hash of what was read back."""
    event = _event(row)
    assert event.digest == row["digest"], f"event {event.id} was altered"
    return Recorded(event, json.loads(row["private"]) if row["private"] else None)


def _event(row: asyncpg.Record) -> Event:
    return Event(
        id=str(row["id"]),
        type=row["type"],
        at=row["at"],
        actor=Actor(cast("Role", row["actor_role"]), row["actor_id"]),
        subject=row["subject"],
        seq=row["seq"],
        prev=row["prev"],
        data=json.loads(row["data"]),
        v=row["v"],
        refs=tuple(json.loads(row["refs"])),
        priv=row["priv"],
    )
