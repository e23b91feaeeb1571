"""Deliver what others are to be told: one delivery at a time, held while it is sent, kept with what was answered.

Any number of relays may run: a delivery that one holds is skipped by the others. A relay that dies after sending and
before its commit sends again: receivers dedupe by the event's id. Source: trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from marketplace.database import Connection, Database
from marketplace.record import outbox

Send = Callable[[outbox.Due], Awaitable[int | None]]
"""Hands a message to its receiver; the HTTP status it answered, None when it did not answer."""
TAKEN = range(200, 300)


async def deliver_next(
    database: Database, receivers: Collection[str], send: Send, *, pause: float = 1.0
) -> bool | None:
    """Send the delivery that has waited longest; whether it was taken, None when nothing is due.

    A delivery that is not taken is due again after ``pause`` seconds, doubled each time.
    """

    async def work(connection: Connection) -> bool | None:
        due = await outbox.hold_next(connection, sorted(receivers))
        if due is None:
            return None
        status = await send(due)
        if status is not None and status in TAKEN:
            await outbox.delivered(connection, due, status=status)
            return True
        await outbox.later(connection, due, status=status, pause=pause)
        return False

    async with database.transaction() as connection:  # never retried by itself: what was sent is sent
        return await work(connection)
