"""Whose session or token it is, with the rights of this very instant. Source: trust.md section 2."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from commons.events import Role
from marketplace.database import Connection, Database
from marketplace.identity import store as identity
from marketplace.identity.proofs import secret_digest
from marketplace.sessions import store as sessions
from marketplace.sessions.limits import IDLE, SEEN_EVERY


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who it is and acts as; ``role`` is None before one is chosen, ``is_fresh``: proved a moment ago.

    It is over at ``ends_at``; a session already at ``idle_ends_at`` if nothing is asked in it until then.
    """

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
    mandates: frozenset[str]
    is_fresh: bool
    scopes: frozenset[str] | None
    ends_at: datetime
    idle_ends_at: datetime


async def recognise_session(database: Database, secret: str) -> Bearer | None:
    """Whose session this is; None when it is over in any way."""
    digest = secret_digest(secret)
    async with database.borrow() as connection:
        found = await sessions.bearer_of_session(connection, digest, idle=IDLE)
        if found is not None and (found.seen_at is None or found.at - found.seen_at > SEEN_EVERY):
            found = replace(found, seen_at=await sessions.note_seen(connection, digest))
        return await _bearer(connection, found)


async def recognise_token(database: Database, token: str) -> Bearer | None:
    """Whose token this is; None when it is over in any way."""
    digest = secret_digest(token)
    async with database.borrow() as connection:
        found = await sessions.bearer_of_token(connection, digest)
        if found is not None and (found.seen_at is None or found.at - found.seen_at > SEEN_EVERY):
            await sessions.note_used(connection, digest)
        return await _bearer(connection, found)


async def _bearer(connection: Connection, found: sessions.Bearer | None) -> Bearer | None:
    if found is None:
        return None
    mandates: frozenset[str] = frozenset()
    if found.actor_role == "delegate" and found.acting is not None:
        mandates = await identity.mandates_of(connection, found.acting, at=found.at)
    return Bearer(
        account=found.account,
        login=found.login,
        has_totp=found.has_totp,
        role=found.role,
        actor_role=found.actor_role,
        acting=found.acting,
        rank=found.rank,
        organisation=found.organisation,
        region=found.region,
        line=found.line,
        mandates=mandates,
        is_fresh=found.scopes is not None or (found.fresh_until is not None and found.at < found.fresh_until),
        scopes=found.scopes,
        ends_at=found.ends_at,
        idle_ends_at=found.ends_at if found.scopes is not None else idle_end(found.seen_at or found.at, found.ends_at),
    )


def idle_end(seen_at: datetime, ends_at: datetime) -> datetime:
    """When a session that nothing more is asked in is over: never after its end."""
    return min(seen_at + IDLE, ends_at)
