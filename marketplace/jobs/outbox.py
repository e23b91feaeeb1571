"""The relay: hands changes of credit to their receivers over HTTP, for ever; late, dead or doubled it loses nothing.

Invariants: a message is sent with its event's id, by which receivers dedupe; no redirect is followed; an answer is
waited for no longer than ``PATIENCE``; of a failure only its kind is logged. Source: trust.md section 1.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import logging
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

from marketplace.database import Database
from marketplace.record.outbox import Due
from marketplace.usecases.deliver_changes import deliver_next

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two looks when nothing is due, and before a delivery is tried again (doubled each time)."""
LONGEST_PAUSE = 30.0
"""Seconds between two looks while the database fails."""
PATIENCE = 3.0
"""Seconds that a receiver has to answer; the transaction that holds the delivery waits as long."""


async def relay(database: Database, receivers: Mapping[str, str], *, pause: float = PAUSE) -> None:
    """Deliver what is due, for ever; ends by cancellation alone. ``receivers`` are addresses by name; none: no work."""
    if not receivers:
        return

    async def send(due: Due) -> int | None:
        try:
            return await asyncio.to_thread(post, receivers[due.receiver], due)
        except (OSError, http.client.HTTPException) as failure:
            log.warning("%s does not take a change: %s", due.receiver, type(failure).__name__)
            return None

    failures = 0
    while True:
        try:
            taken = await deliver_next(database, receivers.keys(), send, pause=pause)
            failures = 0
        except Exception as failure:  # noqa: BLE001 - a job outlives every failure
            taken, failures = None, failures + 1
            log.warning("the relay failed %d times in a row: %s", failures, type(failure).__name__)
        await asyncio.sleep(0 if taken is not None else min(LONGEST_PAUSE, pause * 2 ** min(failures, 10)))


def post(address: str, due: Due) -> int:
    """POST one message; the status that the receiver answers. Blocks, for a thread of its own."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    headers = {"Content-Type": "application/json", "X-Event-Id": due.event, "X-Event-Type": due.type}
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=due.body, headers=headers)
        answer = connection.getresponse()
        answer.read(1024)
        return answer.status
    finally:
        connection.close()


@contextlib.asynccontextmanager
async def relaying(
    database: Database, receivers: Mapping[str, str], *, pause: float = PAUSE
) -> AsyncIterator[asyncio.Task[None]]:
    """Relay for the length of the block; the relay has ended when the block is left."""
    task = asyncio.create_task(relay(database, receivers, pause=pause), name="relay")
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
