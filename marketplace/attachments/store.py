"""Attachments in the database: rows in and out, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import asyncpg

from marketplace.attachments.attachment import Attachment
from marketplace.database import Connection

_INSERT = """
INSERT INTO attachment (id, sha256, name, size, kind, uploaded_by, uploaded_at, public_sha256, public_size)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_BY_ID = """
SELECT id, sha256, name, size, kind, uploaded_by, uploaded_at, public_sha256, public_size
FROM attachment WHERE id = ANY($1::text[])
"""
_ADDED = """
SELECT count(*) AS files, coalesce(sum(size), 0)::bigint AS bytes FROM attachment
WHERE uploaded_by = $1 AND uploaded_at >= $2
"""
_USE = """
INSERT INTO attachment_use (id, attachment, subject, parties, is_public, region, used_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (attachment, subject) DO UPDATE SET
  parties = excluded.parties, is_public = attachment_use.is_public OR excluded.is_public
"""
_USES = "SELECT subject, parties, is_public, region FROM attachment_use WHERE attachment = $1 ORDER BY subject"
_HOLD_DIGEST = "SELECT pg_advisory_xact_lock(hashtextextended('file/' || $1, 0))"
_NEEDED = """
SELECT sha256 AS digest FROM attachment WHERE sha256 = ANY($1::text[])
UNION SELECT public_sha256 FROM attachment WHERE public_sha256 = ANY($1::text[])
"""
_EVERY = """
SELECT sha256 AS digest FROM attachment UNION SELECT public_sha256 FROM attachment ORDER BY digest
"""


@dataclass(frozen=True, slots=True)
class Use:
    """What refers to an attachment: its parties (``role:id``), whether it publishes it, the region it lies in."""

    subject: str
    parties: frozenset[str]
    is_public: bool
    region: str | None


async def insert(connection: Connection, one: Attachment) -> None:
    """Keep a new attachment's row."""
    await connection.execute(
        _INSERT, one.id, one.sha256, one.name, one.size, one.kind, one.uploaded_by, one.uploaded_at,
        one.public_sha256, one.public_size,
    )  # fmt: skip


async def by_id(connection: Connection, ids: Sequence[str]) -> dict[str, Attachment]:
    """The attachments of these ids, by id; an unknown one is not in it."""
    return {row["id"]: _attachment(row) for row in await connection.fetch(_BY_ID, list(ids))}


async def added_since(connection: Connection, who: str, since: datetime) -> tuple[int, int]:
    """How many files, and how many bytes, an actor added since."""
    row = await connection.fetchrow(_ADDED, who, since)
    assert row is not None, "an aggregate has one row"
    return row["files"], row["bytes"]


async def add_use(
    connection: Connection,
    ids: Sequence[str],
    *,
    subject: str,
    parties: Collection[str],
    is_public: bool,
    region: str | None,
    at: datetime,
) -> None:
    """Note that the subject refers to these attachments; what was published once stays so."""
    for one in ids:
        await connection.execute(_USE, uuid4(), one, subject, sorted(parties), is_public, region, at)


async def uses(connection: Connection, identifier: str) -> tuple[Use, ...]:
    """What refers to an attachment, by subject."""
    rows = await connection.fetch(_USES, identifier)
    return tuple(Use(row["subject"], frozenset(row["parties"]), row["is_public"], row["region"]) for row in rows)


async def hold_digest(connection: Connection, digest: str) -> None:
    """Keep everybody else from pointing at these bytes, or sweeping them, until this transaction ends."""
    await connection.execute(_HOLD_DIGEST, digest)


async def needed(connection: Connection, digests: Sequence[str]) -> frozenset[str]:
    """Which of these bytes a row points at."""
    return frozenset(row["digest"] for row in await connection.fetch(_NEEDED, list(digests)))


async def every_digest(connection: Connection) -> tuple[str, ...]:
    """All bytes that rows point at, by their hash, in order."""
    return tuple(row["digest"] for row in await connection.fetch(_EVERY))


def _attachment(row: asyncpg.Record) -> Attachment:
    return Attachment(**dict(row))
