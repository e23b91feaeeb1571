"""Deliver what others are to be told: one delivery at a time, claimed before it is sent, kept with what was answered.

Any number of relays may run: what one has claimed is passed over by the others until its lease ends. No transaction is
open while a message is on its way. A relay that dies after sending and before it has kept the answer sends again:
receivers dedupe by the event's id. What nobody takes becomes a dead letter after a bounded number of tries: few where
the receiver answers and refuses, many (some three days) where it is out of reach. Source: trust.md section 1, ADR 0026.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from marketplace.database import Database
from marketplace.record import outbox

Send = Callable[[outbox.Due], Awaitable[int | None]]
"""Hands a message to its receiver; the HTTP status it answered, None when it did not answer."""
TAKEN = range(200, 300)
REFUSED = range(300, 500)
PATIENT = frozenset({408, 425, 429})
"""Refusals that mean: later."""
MOST_REFUSED = 8
MOST_TRIES = 84
"""Tries before a letter is dead; the pauses double up to an hour each, so that the last comes after some three days."""
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
    reason = "no-answer" if status is None else f"status-{status}"
    return await close_delivery(database, due, Answered(status, reason), pause=pause)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a receiver said: the HTTP status (None: nothing), what that means in a word, its own receipt."""

    status: int | None
    reason: str = ""
    receipt: str | None = None


async def close_delivery(database: Database, due: outbox.Due, answered: Answered, *, pause: float) -> bool:
    """Keep what became of a delivery: taken, to be tried again, or dead; whether it was taken."""
    async with database.transaction() as connection:
        if answered.status is not None and answered.status in TAKEN:
            await outbox.delivered(connection, due, status=answered.status, receipt=answered.receipt)
            return True
        if is_hopeless(answered.status, due.attempts):
            await outbox.bury(connection, due, status=answered.status, reason=answered.reason)
        else:
            await outbox.later(connection, due, status=answered.status, pause=pause, reason=answered.reason)
        return False


def is_hopeless(status: int | None, attempts: int) -> bool:
    """Whether nothing is to be hoped for from another try: refused so often, or out of reach for some three days."""
    refuses = status is not None and status in REFUSED and status not in PATIENT
    return attempts >= (MOST_REFUSED if refuses else MOST_TRIES)
