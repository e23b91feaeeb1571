"""What has changed in credit since, in order, for whoever fetches by itself; and who was told of a matter."""

from __future__ import annotations

from commons.errors import Forbidden
from commons.events import Actor
from marketplace.database import Database
from marketplace.record import outbox

MOST = 100


async def read_changes(database: Database, *, after: int, limit: int) -> tuple[outbox.Change, ...]:
    """At most ``limit`` changes after that place, none of them ever skipped; what is published nowhere is not there."""
    async with database.read() as connection:
        return await outbox.after(connection, after, limit=min(limit, MOST))


async def read_receipts(database: Database, reader: Actor | None, about: str) -> tuple[outbox.Received, ...]:
    """Who received what of a fact or restriction; ``Forbidden`` to anybody but regulators, operators and auditors."""
    if reader is None or reader.role not in {"regulator", "operator", "auditor"}:
        raise Forbidden("role_not_allowed", "only regulator, operator, auditor may do this")
    async with database.read() as connection:
        return await outbox.received(connection, about)
