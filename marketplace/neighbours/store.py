"""Known projects, messages that came in, webhooks: SQL in and out, inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from commons.canonical import Json
from marketplace.database import Connection
from marketplace.neighbours.port import Inbound, Project

_WEBHOOK = """
SELECT id, role, organisation, address, types::text AS types, secret, earlier, earlier_until, made_at, ended_at
FROM webhook
"""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A subscription as kept; the secrets are sealed."""

    id: str
    role: str
    organisation: str
    address: str
    types: tuple[str, ...]
    secret: bytes = field(repr=False)
    earlier: bytes | None = field(repr=False)
    earlier_until: datetime | None
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Came:
    """A message of a neighbour as kept."""

    id: str
    neighbour: str
    message: str
    sequence: int
    type: str
    about: str
    region: str | None
    data: Mapping[str, Json]
    sent_at: datetime
    received_at: datetime
    due_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a project code; ``project`` None: asked, and not answered yet."""

    code: str
    project: Project | None
    asked_at: datetime
    answered_at: datetime | None


async def known_project(connection: Connection, code: str) -> Known | None:
    """What the platform said of a project code, if it was ever asked."""
    row = await connection.fetchrow(
        "SELECT code, is_found, name, owner_code, owner_name, region, asked_at, answered_at FROM known_project "
        "WHERE code = $1",
        code,
    )
    if row is None:
        return None
    said = None
    if row["is_found"] is not None:
        said = Project(code, row["is_found"], row["name"], row["owner_code"], row["owner_name"], row["region"])
    return Known(code, said, row["asked_at"], row["answered_at"])


async def ask_project(connection: Connection, code: str, *, at: datetime) -> None:
    """Note that a project code is to be looked up; one that is known stays known."""
    await connection.execute(
        "INSERT INTO known_project (code, asked_at) VALUES ($1, $2) "
        "ON CONFLICT (code) DO UPDATE SET asked_at = excluded.asked_at",
        code,
        at,
    )


async def unanswered_projects(connection: Connection, *, stale: datetime, limit: int) -> tuple[str, ...]:
    """Project codes that were asked for since they were answered last, or never answered; longest waiting first."""
    rows = await connection.fetch(
        "SELECT code FROM known_project WHERE answered_at IS NULL OR (answered_at < asked_at AND answered_at < $1) "
        "ORDER BY asked_at, code LIMIT $2",
        stale,
        limit,
    )
    return tuple(row["code"] for row in rows)


async def keep_project(connection: Connection, one: Project, *, at: datetime) -> None:
    """Keep what the platform says now."""
    await connection.execute(
        """
        INSERT INTO known_project (code, is_found, name, owner_code, owner_name, region, asked_at, answered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (code) DO UPDATE SET is_found = $2, name = $3,
          owner_code = $4, owner_name = $5, region = $6, answered_at = $7
        """,
        one.code, one.is_found, one.name, one.owner_code, one.owner_name, one.region, at,
    )  # fmt: skip


async def keep_inbound(
    connection: Connection, identifier: str, neighbour: str, one: Inbound, *, at: datetime, due_at: datetime | None
) -> bool:
    """Keep a message once; False when it came before."""
    kept: str = await connection.execute(
        """
        INSERT INTO inbound_message
          (id, neighbour, message, sequence, type, about, region, payload, sent_at, received_at, due_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9, $10, $11) ON CONFLICT (neighbour, message) DO NOTHING
        """,
        identifier, neighbour, one.message, one.sequence, one.type, one.about, one.region,
        json.dumps(dict(one.data), ensure_ascii=False), one.sent_at, at, due_at,
    )  # fmt: skip
    return kept.endswith(" 1")


async def whole_until(connection: Connection, neighbour: str) -> int:
    """The number up to which nothing of a neighbour's messages is missing; 0 before the first."""
    found: int = await connection.fetchval(
        """
        SELECT coalesce((SELECT min(gap.sequence) FROM (
          SELECT sequence, lead(sequence) OVER (ORDER BY sequence) AS next FROM (
            SELECT 0::bigint AS sequence UNION SELECT sequence FROM inbound_message WHERE neighbour = $1) AS came
        ) AS gap WHERE gap.next IS NULL OR gap.next > gap.sequence + 1), 0)
        """,
        neighbour,
    )
    return found


_CAME = """
SELECT id, neighbour, message, sequence, type, about, region, payload::text AS data, sent_at, received_at, due_at,
  answered_at FROM inbound_message
"""


async def came_about(connection: Connection, about: Sequence[str], *, limit: int) -> tuple[Came, ...]:
    """What neighbours said about these matters, oldest first."""
    rows = await connection.fetch(_CAME + "WHERE about = ANY($1) ORDER BY sent_at, id LIMIT $2", list(about), limit)
    return tuple(_came(row) for row in rows)


async def open_cases(connection: Connection, *, limit: int) -> tuple[Came, ...]:
    """Cases that want a result, the first due first."""
    query = _CAME + "WHERE due_at IS NOT NULL AND answered_at IS NULL ORDER BY due_at, id LIMIT $1"
    return tuple(_came(row) for row in await connection.fetch(query, limit))


async def case_by_id(connection: Connection, identifier: str) -> Came | None:
    """A case, held until this transaction ends."""
    row = await connection.fetchrow(_CAME + "WHERE id = $1 AND due_at IS NOT NULL FOR UPDATE", identifier)
    return None if row is None else _came(row)


async def close_case(connection: Connection, identifier: str, *, at: datetime) -> None:
    """A case has its result."""
    await connection.execute("UPDATE inbound_message SET answered_at = $2 WHERE id = $1", identifier, at)


def _came(row: asyncpg.Record) -> Came:
    return Came(**{**dict(row), "data": json.loads(row["data"])})


async def insert_webhook(connection: Connection, one: Webhook) -> None:
    """Keep a subscription."""
    await connection.execute(
        "INSERT INTO webhook (id, role, organisation, address, types, secret, made_at) "
        "VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7)",
        one.id, one.role, one.organisation, one.address, json.dumps(list(one.types)), one.secret, one.made_at,
    )  # fmt: skip


async def webhook_by_id(connection: Connection, identifier: str, *, for_update: bool = False) -> Webhook | None:
    """A subscription that is not ended."""
    query = _WEBHOOK + "WHERE id = $1 AND ended_at IS NULL"
    row = await connection.fetchrow(query + " FOR UPDATE" if for_update else query, identifier)
    return None if row is None else _webhook(row)


async def webhooks_of(connection: Connection, role: str, organisation: str) -> tuple[Webhook, ...]:
    """The subscriptions of somebody, oldest first."""
    query = _WEBHOOK + "WHERE role = $1 AND organisation = $2 AND ended_at IS NULL ORDER BY made_at, id"
    return tuple(_webhook(row) for row in await connection.fetch(query, role, organisation))


async def webhooks_for(connection: Connection, type: str, organisations: Sequence[str]) -> tuple[str, ...]:
    """The subscriptions to a type: of these organisations, and of operators, who hear of everybody's matters."""
    rows = await connection.fetch(
        "SELECT id FROM webhook WHERE ended_at IS NULL AND types ? $1 "
        "AND (organisation = ANY($2) OR role = 'operator') ORDER BY id",
        type,
        list(organisations),
    )
    return tuple(row["id"] for row in rows)


async def rotate_webhook(
    connection: Connection, identifier: str, *, secret: bytes, earlier: bytes, until: datetime
) -> None:
    """A new secret; the one before signs as well until then."""
    await connection.execute(
        "UPDATE webhook SET secret = $2, earlier = $3, earlier_until = $4 WHERE id = $1",
        identifier, secret, earlier, until,
    )  # fmt: skip


async def end_webhook(connection: Connection, identifier: str, *, at: datetime) -> None:
    """Nobody is called any more; the secrets are forgotten."""
    await connection.execute(
        "UPDATE webhook SET ended_at = $2, secret = ''::bytea, earlier = NULL WHERE id = $1", identifier, at
    )


def _webhook(row: asyncpg.Record) -> Webhook:
    return Webhook(**{**dict(row), "types": tuple(json.loads(row["types"]))})
