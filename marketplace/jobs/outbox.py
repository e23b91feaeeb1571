"""The relay: hands changes of credit to their receivers over HTTP, for ever; late, dead or doubled it loses nothing.

Invariants: each receiver has a relay of its own and waits for no other; a message is sent with its event's id, by which
receivers dedupe; no redirect is followed; the whole of a sending takes no longer than ``PATIENCE``, however the
receiver behaves; of a failure only its kind is logged. Source: trust.md section 1.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlsplit

from marketplace.database import Database
from marketplace.jobs.repeating import beside, for_ever
from marketplace.record.outbox import Due
from marketplace.usecases.deliver_changes import deliver_next

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two looks when nothing is due, and before a delivery is tried again (doubled each time)."""
PATIENCE = 3.0
"""Seconds from the connecting to the answer's first line."""
LONGEST_LINE = 8_192
"""Bytes of a line of the answer at most."""
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")
_INTERIM = range(100, 200)


async def relay(
    database: Database, receivers: Mapping[str, str], *, pause: float = PAUSE, patience: float = PATIENCE
) -> None:
    """Deliver what is due, for ever; ends by cancellation alone. ``receivers`` are addresses by name; none: no work."""
    async with asyncio.TaskGroup() as group:
        for name, address in receivers.items():
            group.create_task(_relay_to(database, name, address, pause=pause, patience=patience), name=f"relay {name}")


async def _relay_to(database: Database, name: str, address: str, *, pause: float, patience: float) -> None:
    async def send(due: Due) -> int | None:
        try:
            async with asyncio.timeout(patience):
                return await post(address, due)
        except (OSError, EOFError, ValueError) as failure:
            log.warning("%s does not take a change: %s", name, type(failure).__name__)
            return None

    async def turn() -> bool:
        return await deliver_next(database, [name], send, pause=pause) is not None

    await for_ever(f"the relay to {name}", turn, pause)


async def post(address: str, due: Due) -> int:
    """POST one message; the status that the receiver answers. ``ValueError`` for no answer; sets no deadline."""
    parts = urlsplit(address)
    is_secure = parts.scheme == "https"
    reader, writer = await asyncio.open_connection(
        parts.hostname, parts.port or (443 if is_secure else 80), ssl=is_secure or None, limit=LONGEST_LINE
    )
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        head = (
            f"POST {target} HTTP/1.1",
            f"Host: {parts.netloc.rpartition('@')[2]}",
            "Connection: close",
            "Content-Type: application/json",
            f"Content-Length: {len(due.body)}",
            f"X-Event-Id: {due.event}",
            f"X-Event-Type: {due.type}",
        )
        writer.write("\r\n".join((*head, "", "")).encode("ascii") + due.body)
        await writer.drain()
        return await _status(reader)
    finally:
        writer.transport.abort()


async def _status(reader: asyncio.StreamReader) -> int:
    """The status of the final answer; interim ones (100 to 199) are passed over."""
    while True:
        found = _STATUS.fullmatch(await reader.readline())
        if found is None:
            message = "no HTTP answer"
            raise ValueError(message)
        status = int(found[1])
        if status not in _INTERIM:
            return status
        while (await reader.readline()).strip():
            pass


def relaying(
    database: Database, receivers: Mapping[str, str], *, pause: float = PAUSE, patience: float = PATIENCE
) -> AbstractAsyncContextManager[asyncio.Task[None]]:
    """Relay for the length of the block; the relay has ended when the block is left."""
    return beside("relay", relay(database, receivers, pause=pause, patience=patience))
