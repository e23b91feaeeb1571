"""Deliver what others are to be told: one delivery at a time, claimed before it is sent, kept with what was answered.

Any number of relays may run: what one has claimed is passed over by the others until its lease ends. No transaction is
open while a message is on its way. A relay that dies after sending and before it has kept the answer sends again:
receivers dedupe by the event's id. Source: trust.md section 1.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from marketplace.database import Database
from marketplace.record import outbox

Send = Callable[[outbox.Due], Awaitable[int | None]]
"""Hands a message to its receiver; the HTTP status it answered, None when it did not answer."""
TAKEN = range(200, 300)
LEASE = 15.0
"""Seconds for which a delivery is its relay's own; a sending has ended long before."""


async def deliver_next(
    database: Database, receivers: Collection[str], send: Send, *, pause: float = 1.0, lease: float = LEASE
) -> bool | None:
    """Send the delivery that has waited longest; whether it was taken, None when nothing is due.

    A delivery that is not taken is due again after ``pause`` seconds, doubled each time.
    """
    async with database.transaction() as connection:
        due = await outbox.claim(connection, sorted(receivers), lease=lease)
    if due is None:
        return None
    status = await send(due)
    async with database.transaction() as connection:
        if status is not None and status in TAKEN:
            await outbox.delivered(connection, due, status=status)
            return True
        await outbox.later(connection, due, status=status, pause=pause)
        return False
