"""Notifications, readings and preferences: SQL in and out, inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import asyncpg

from commons.canonical import Json
from marketplace.database import Connection


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom something is told: an organisation or office in a role; for regulators a region."""

    role: str
    id: str


@dataclass(frozen=True, slots=True)
class Notification:
    """One thing that somebody was told; ``read_at`` is the reader's own."""

    place: int
    event: str
    type: str
    kind: str
    addressee: Addressee
    params: Mapping[str, Json]
    link: str
    at: datetime
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reachable:
    """An account that is told something, with its sealed contact and what it chose; None: it chose nothing."""

    account: str
    contact: bytes
    sms: bool | None
    email: bool | None


_SELECT = """
SELECT place, event, type, kind, role, addressee, params::text AS params, link, at, read_at FROM notification
LEFT JOIN notification_read ON notification_read.notification = notification.place
  AND notification_read.person = $1
"""
_MINE = """
(notification.role, notification.addressee) IN (SELECT * FROM unnest($2::text[], $3::text[]))
"""


async def insert_notification(
    connection: Connection, event: UUID, one: Addressee, *, type: str, kind: str, params: Mapping[str, Json], link: str,
    at: datetime,
) -> bool:  # fmt: skip
    """Tell somebody of an event, once; False when he was told before."""
    kept: str = await connection.execute(
        """
        INSERT INTO notification (event, type, kind, role, addressee, params, link, at)
        VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8) ON CONFLICT (event, role, addressee) DO NOTHING
        """,
        event, type, kind, one.role, one.id, json.dumps(dict(params), ensure_ascii=False), link, at,
    )  # fmt: skip
    return kept.endswith(" 1")


async def notifications(
    connection: Connection, person: str, mine: Sequence[Addressee], *, before: int | None, unread: bool, limit: int
) -> tuple[Notification, ...]:
    """What these were told, latest first, from before a place; ``unread``: by this person."""
    query = (
        _SELECT + "WHERE " + _MINE + " AND ($4::bigint IS NULL OR place < $4) AND (NOT $5 OR read_at IS NULL) "
        "ORDER BY place DESC LIMIT $6"
    )
    rows = await connection.fetch(query, person, *_arrays(mine), before, unread, limit)
    return tuple(_notification(row) for row in rows)


async def unread_count(connection: Connection, person: str, mine: Sequence[Addressee], *, most: int) -> int:
    """How much of it this person has not read, counted to ``most``."""
    query = _SELECT + "WHERE " + _MINE + " AND read_at IS NULL LIMIT $4"
    return len(await connection.fetch(query, person, *_arrays(mine), most))


async def mark_read(
    connection: Connection, person: str, mine: Sequence[Addressee], places: Sequence[int], *, at: datetime
) -> int:
    """The person has read these, as far as they were told to him; how many were new to him."""
    done: str = await connection.execute(
        """
        INSERT INTO notification_read (notification, person, read_at)
        SELECT place, $1, $5 FROM notification
        WHERE (role, addressee) IN (SELECT * FROM unnest($2::text[], $3::text[])) AND place = ANY($4::bigint[])
        ON CONFLICT (person, notification) DO NOTHING
        """,
        person, *_arrays(mine), list(places), at,
    )  # fmt: skip
    return int(done.rpartition(" ")[2])


async def told_since(
    connection: Connection, person: str, mine: Sequence[Addressee], kinds: Sequence[str], *, since: datetime,
    until: datetime, limit: int,
) -> tuple[Notification, ...]:  # fmt: skip
    """What was told in that time and was not read, oldest first: a digest."""
    query = (
        _SELECT + "WHERE " + _MINE + " AND kind = ANY($4) AND at >= $5 AND at < $6 AND read_at IS NULL "
        "ORDER BY place LIMIT $7"
    )
    rows = await connection.fetch(query, person, *_arrays(mine), list(kinds), since, until, limit)
    return tuple(_notification(row) for row in rows)


async def told_of(connection: Connection, event: UUID, mine: Sequence[Addressee]) -> Notification | None:
    """What these were told of one event."""
    row = await connection.fetchrow(_SELECT + "WHERE " + _MINE + " AND event = $4 LIMIT 1", "", *_arrays(mine), event)
    return None if row is None else _notification(row)


def _arrays(mine: Sequence[Addressee]) -> tuple[list[str], list[str]]:
    return [one.role for one in mine], [one.id for one in mine]


def _notification(row: asyncpg.Record) -> Notification:
    return Notification(
        row["place"], str(row["event"]), row["type"], row["kind"], Addressee(row["role"], row["addressee"]),
        json.loads(row["params"]), row["link"], row["at"], row["read_at"],
    )  # fmt: skip


async def reachable(connection: Connection, one: Addressee, regions: Sequence[str], kind: str) -> tuple[Reachable, ...]:
    """Whose accounts stand behind an addressee and have a contact, with their choice for the kind.

    ``regions``: for regulators, the region and those above it.
    """
    rows = await connection.fetch(
        """
        SELECT DISTINCT account.id AS account, account.contact,
          (SELECT is_on FROM message_preference WHERE account = account.id AND kind = $4 AND channel = 'sms') AS sms,
          (SELECT is_on FROM message_preference WHERE account = account.id AND kind = $4 AND channel = 'email') AS email
        FROM account_role JOIN account ON account.id = account_role.account
        WHERE account_role.role = $1 AND account_role.ended_at IS NULL AND NOT account.is_disabled
          AND account.contact IS NOT NULL AND account.contact <> ''::bytea
          AND (account_role.organisation = $2 OR account_role.organisation IS NULL AND account_role.region = ANY($3))
        ORDER BY account.id
        """,
        one.role, one.id, list(regions), kind,
    )  # fmt: skip
    return tuple(Reachable(**dict(row)) for row in rows)


async def contact_of(connection: Connection, account: str) -> bytes | None:
    """The sealed contact of an account that is open."""
    found: bytes | None = await connection.fetchval(
        "SELECT contact FROM account WHERE id = $1 AND NOT is_disabled", account
    )
    return found


async def preferences(connection: Connection, account: str) -> dict[tuple[str, str], bool]:
    """What an account chose, by kind and channel."""
    rows = await connection.fetch("SELECT kind, channel, is_on FROM message_preference WHERE account = $1", account)
    return {(row["kind"], row["channel"]): row["is_on"] for row in rows}


async def set_preference(connection: Connection, account: str, kind: str, channel: str, *, is_on: bool) -> None:
    """Choose."""
    await connection.execute(
        "INSERT INTO message_preference (account, kind, channel, is_on) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (account, kind, channel) DO UPDATE SET is_on = excluded.is_on",
        account, kind, channel, is_on,
    )  # fmt: skip


async def digest_accounts(connection: Connection) -> tuple[str, ...]:
    """The accounts that want a digest of something and can be reached."""
    rows = await connection.fetch(
        "SELECT DISTINCT account.id FROM message_preference JOIN account ON account.id = message_preference.account "
        "WHERE channel = 'digest' AND is_on AND NOT is_disabled AND contact IS NOT NULL ORDER BY account.id"
    )
    return tuple(row["id"] for row in rows)


@dataclass(frozen=True, slots=True)
class KeptFilter:
    """A filter of a list that a person keeps; ``query`` as in an address."""

    id: str
    listed: str
    name: str
    query: str
    saved_at: datetime


async def hold_filters(connection: Connection, person: str) -> None:
    """Keep the person's other requests from keeping filters until this transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('saved_filter/' || $1, 0))", person)


async def saved_filters(connection: Connection, person: str) -> tuple[KeptFilter, ...]:
    """What a person keeps, by list and name."""
    rows = await connection.fetch(
        "SELECT id::text, listed, name, query, saved_at FROM saved_filter WHERE person = $1 ORDER BY listed, name",
        person,
    )
    return tuple(KeptFilter(**dict(row)) for row in rows)


async def keep_filter(
    connection: Connection, person: str, listed: str, name: str, query: str, *, at: datetime
) -> KeptFilter:
    """Keep it, in place of one of that name."""
    identifier = await connection.fetchval(
        """INSERT INTO saved_filter (id, person, listed, name, query, saved_at) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (person, listed, name) DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at
           RETURNING id::text""",
        uuid4(), person, listed, name, query, at,
    )  # fmt: skip
    return KeptFilter(identifier, listed, name, query, at)


async def drop_filter(connection: Connection, person: str, identifier: UUID) -> bool:
    """Drop the person's own; False when it is not."""
    gone = await connection.fetchval(
        "DELETE FROM saved_filter WHERE id = $1 AND person = $2 RETURNING id", identifier, person
    )
    return gone is not None
