"""For whom a job works: who asked for it, with the rights of this very instant.

Invariants: a role that was ended, or an account that was closed, ends what it asked for at the next step; mandates
count as they are now. Source: trust.md section 2.
"""

from __future__ import annotations

from typing import cast

from commons.events import Actor, Role
from marketplace.database import Connection
from marketplace.identity import store as identity
from marketplace.identity.permissions import Badge, Rank
from marketplace.longwork.job import Job
from marketplace.usecases.act import Caller, clock

_STANDS = """
SELECT EXISTS (SELECT 1 FROM account WHERE id = $1 AND NOT is_disabled) AND ($2::text IS NULL OR EXISTS (
  SELECT 1 FROM account_role WHERE id = $2 AND account = $1 AND ended_at IS NULL))
"""


async def caller_now(connection: Connection, job: Job) -> Caller | None:
    """Whoever asked, as he may act now; None once he may not act as what he asked as."""
    actor = Actor(cast("Role", job.actor_role), job.actor_id)
    kept = job.badge
    if kept is None:
        return Caller(actor)
    if not await connection.fetchval(_STANDS, kept["person"], kept["role_id"]):
        return None
    mandates: frozenset[str] = frozenset()
    if actor.role == "delegate":
        mandates = await identity.mandates_of(connection, actor.id, at=await clock(connection))
    scopes = cast("list[str] | None", kept["scopes"])
    badge = Badge(
        person=cast("str", kept["person"]),
        rank=cast("Rank", kept["rank"]),
        region=cast("str | None", kept["region"]),
        line=cast("str | None", kept["line"]),
        mandates=mandates,
        scopes=None if scopes is None else frozenset(scopes),
        role_id=cast("str | None", kept["role_id"]),
    )
    return Caller(actor, badge=badge)
