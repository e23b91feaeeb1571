"""Sessions, tokens, tries and sign-ins under way: what a request is recognised by, one look a request."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from commons.events import Role
from marketplace.database import Connection


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a session or token belongs to, as it is at the instant of the look; the role is None before one is chosen."""

    account: str
    login: str
    has_totp: bool
    role: str | None
    actor_role: Role | None
    acting: str | None
    rank: str | None
    organisation: str | None
    region: str | None
    line: str | None
    fresh_until: datetime | None
    seen_at: datetime | None
    scopes: frozenset[str] | None
    at: datetime
    ends_at: datetime
    """At the latest."""


_BY_SESSION = """
SELECT a.id AS account, a.login, a.totp IS NOT NULL AS has_totp, r.id AS role, r.role AS actor_role, r.acting, r.rank,
  r.organisation, r.region, r.line, clock_timestamp() AS at, s.fresh_until, s.seen_at,
  s.ends_at, NULL::text AS scopes
FROM session s
JOIN account a ON a.id = s.account AND a.epoch = s.epoch AND NOT a.is_disabled
LEFT JOIN account_role r ON r.id = s.role AND r.ended_at IS NULL
WHERE s.id = $1 AND s.ended_at IS NULL AND s.ends_at > clock_timestamp()
  AND s.seen_at > clock_timestamp() - $2::interval AND (s.role IS NULL OR r.id IS NOT NULL)
"""
_OF_BEARER = """
SELECT a.id AS account, a.login, a.totp IS NOT NULL AS has_totp, r.id AS role, r.role AS actor_role, r.acting, r.rank,
  r.organisation, r.region, r.line, clock_timestamp() AS at,
  NULL::timestamptz AS fresh_until, t.used_at AS seen_at, t.ends_at, t.scopes::text AS scopes
FROM api_token t
JOIN account a ON a.id = t.account AND a.epoch = t.epoch AND NOT a.is_disabled
JOIN account_role r ON r.id = t.role AND r.ended_at IS NULL
WHERE t.digest = $1 AND t.revoked_at IS NULL AND t.ends_at > clock_timestamp()
"""


def _bearer(row: asyncpg.Record | None) -> Bearer | None:
    if row is None:
        return None
    fields = dict(row)
    fields["scopes"] = None if fields["scopes"] is None else frozenset(json.loads(fields["scopes"]))
    return Bearer(**fields)


async def bearer_of_session(connection: Connection, digest: bytes, *, idle: object) -> Bearer | None:
    """Whose session it is; None when it is over in any way: ended, idle too long, rights changed, account closed."""
    return _bearer(await connection.fetchrow(_BY_SESSION, digest, idle))


async def bearer_of_token(connection: Connection, digest: bytes) -> Bearer | None:
    """Whose token it is; None when it is over in any way."""
    return _bearer(await connection.fetchrow(_OF_BEARER, digest))


async def open_session(
    connection: Connection,
    digest: bytes,
    *,
    account: str,
    role: str | None,
    epoch: int,
    agent: str,
    at: datetime,
    ends_at: datetime,
    fresh_until: datetime | None,
) -> None:
    """Keep a new session; its secret is known to the browser alone."""
    await connection.execute(
        """
        INSERT INTO session (id, account, role, epoch, agent, made_at, seen_at, ends_at, fresh_until)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)
        """,
        digest, account, role, epoch, agent, at, ends_at, fresh_until,
    )  # fmt: skip


async def end_of_session(connection: Connection, digest: bytes) -> datetime | None:
    """When a session ends at the latest."""
    found: datetime | None = await connection.fetchval("SELECT ends_at FROM session WHERE id = $1", digest)
    return found


async def end_session(connection: Connection, digest: bytes) -> None:
    """End one session."""
    await connection.execute(
        "UPDATE session SET ended_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL", digest
    )


async def end_session_at(connection: Connection, account: str, place: int) -> bool:
    """End a session of the account by its number; False when there is none such."""
    done: str = await connection.execute(
        "UPDATE session SET ended_at = clock_timestamp() WHERE account = $1 AND place = $2 AND ended_at IS NULL",
        account, place,
    )  # fmt: skip
    return done.endswith(" 1")


async def end_sessions_of_organisation(connection: Connection, role: str, organisation: str) -> int:
    """End whatever is signed in for an organisation; how many."""
    done: str = await connection.execute(
        """
        UPDATE session SET ended_at = clock_timestamp() WHERE ended_at IS NULL AND role IN
          (SELECT id FROM account_role WHERE organisation = $2 AND role = $1)
        """,
        role, organisation,
    )  # fmt: skip
    return int(done.rpartition(" ")[2])


async def note_seen(connection: Connection, digest: bytes) -> datetime:
    """That a session is in use; when that was."""
    at: datetime = await connection.fetchval(
        "UPDATE session SET seen_at = clock_timestamp() WHERE id = $1 RETURNING seen_at", digest
    )
    return at


async def note_used(connection: Connection, digest: bytes) -> None:
    """That a token is in use."""
    await connection.execute("UPDATE api_token SET used_at = clock_timestamp() WHERE digest = $1", digest)


async def make_fresh(connection: Connection, digest: bytes, *, until: datetime) -> None:
    """Who it is was proved just now."""
    await connection.execute("UPDATE session SET fresh_until = $2 WHERE id = $1", digest, until)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is open, for the person it belongs to."""

    place: int
    agent: str
    role: str | None
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


async def sessions_of(connection: Connection, account: str) -> tuple[OpenSession, ...]:
    """The open sessions of an account, latest first."""
    rows = await connection.fetch(
        "SELECT place, agent, role, made_at, seen_at, ends_at FROM session WHERE account = $1 AND ended_at IS NULL "
        "AND ends_at > clock_timestamp() ORDER BY place DESC",
        account,
    )
    return tuple(OpenSession(**dict(row)) for row in rows)


async def insert_token(
    connection: Connection,
    identifier: str,
    *,
    digest: bytes,
    account: str,
    role: str,
    epoch: int,
    name: str,
    scopes: Sequence[str],
    at: datetime,
    ends_at: datetime,
) -> None:
    """Keep a token for programs."""
    await connection.execute(
        """
        INSERT INTO api_token (id, digest, account, role, epoch, name, scopes, made_at, ends_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        identifier, digest, account, role, epoch, name, list(scopes), at, ends_at,
    )  # fmt: skip


async def revoke_token(connection: Connection, account: str, identifier: str) -> bool:
    """End a token of the account; False when there is none such."""
    done: str = await connection.execute(
        "UPDATE api_token SET revoked_at = clock_timestamp() WHERE account = $1 AND id = $2 AND revoked_at IS NULL",
        account, identifier,
    )  # fmt: skip
    return done.endswith(" 1")


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token that is in force, without its secret."""

    id: str
    name: str
    role: str
    scopes: tuple[str, ...]
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None


async def tokens_of(connection: Connection, account: str) -> tuple[KeptToken, ...]:
    """The tokens of an account that are in force, latest first."""
    rows = await connection.fetch(
        "SELECT id, name, role, scopes, made_at, ends_at, used_at FROM api_token WHERE account = $1 "
        "AND revoked_at IS NULL AND ends_at > clock_timestamp() ORDER BY made_at DESC, id",
        account,
    )
    return tuple(KeptToken(**{**dict(row), "scopes": tuple(row["scopes"])}) for row in rows)


async def hit(connection: Connection, bucket: str, *, window_s: int) -> int:
    """Count a try of this bucket in the window that is running; how many there were in it, this one included."""
    hits: int = await connection.fetchval(
        """
        INSERT INTO rate_window (bucket, "window", hits)
        VALUES ($1, floor(extract(epoch FROM clock_timestamp()) / $2)::bigint, 1)
        ON CONFLICT (bucket, "window") DO UPDATE SET hits = least(rate_window.hits + 1, 30000) RETURNING hits
        """,
        f"{bucket}/{window_s}", window_s,
    )  # fmt: skip
    return hits


async def forgive(connection: Connection, bucket: str, *, window_s: int) -> None:
    """Take back one try of this bucket: it was none."""
    await connection.execute(
        "UPDATE rate_window SET hits = hits - 1 WHERE bucket = $1 AND hits > 0 "
        'AND "window" = floor(extract(epoch FROM clock_timestamp()) / $2)::bigint',
        f"{bucket}/{window_s}", window_s,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way at an identity provider."""

    provider: str
    nonce: str
    verifier: str
    onward: str


async def begin_attempt(
    connection: Connection, state: bytes, *, browser: bytes, attempt: Attempt, lasts: object
) -> None:
    """Keep what the answer must match."""
    await connection.execute(
        """
        INSERT INTO sign_in_attempt (id, browser, provider, nonce, verifier, onward, ends_at)
        VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7::interval)
        """,
        state, browser, attempt.provider, attempt.nonce, attempt.verifier.encode(), attempt.onward, lasts,
    )  # fmt: skip


async def use_attempt(connection: Connection, state: bytes, *, browser: bytes) -> Attempt | None:
    """The sign-in that this state belongs to, once and in the browser it was begun in; None otherwise."""
    row = await connection.fetchrow(
        """
        UPDATE sign_in_attempt SET used_at = clock_timestamp()
        WHERE id = $1 AND browser = $2 AND used_at IS NULL AND ends_at > clock_timestamp()
        RETURNING provider, nonce, verifier, onward
        """,
        state, browser,
    )  # fmt: skip
    if row is None:
        return None
    return Attempt(row["provider"], row["nonce"], row["verifier"].decode(), row["onward"])


async def sweep(connection: Connection, *, kept: object) -> int:
    """Take away what has been over for so long: sessions, sign-ins under way, counts of tries; how many rows."""
    gone = 0
    for statement in _SWEEPS:
        done: str = await connection.execute(statement, kept)
        gone += int(done.rpartition(" ")[2])
    return gone


_SWEEPS = (
    "DELETE FROM session WHERE least(ended_at, ends_at) < clock_timestamp() - $1::interval",
    "DELETE FROM sign_in_attempt WHERE ends_at < clock_timestamp() - $1::interval",
    """
    DELETE FROM rate_window WHERE ("window" + 1) * split_part(bucket, '/', -1)::bigint
      < extract(epoch FROM clock_timestamp() - $1::interval)
    """,
)
