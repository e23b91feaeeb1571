"""What every job is: one turn after the other beside the server until it stops; no failure ends it but cancellation.

Invariants: nothing is held between two turns; after failures it rests longer, twice as long each time; of a failure
only its kind is logged (messages may carry amounts), the 1st, 2nd, 4th, 8th … of a row. Source: docs/adr/0007.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)

LONGEST_REST = 30.0
"""Seconds between two turns while each of them fails, where they do not rest longer anyway."""


async def for_ever(
    name: str, turn: Callable[[], Awaitable[bool | None]], rest: float, *, longest: float = LONGEST_REST,
    first_after: float = 0.0,
) -> None:  # fmt: skip
    """Take turns, ``rest`` seconds apart; a turn that says there is more to do is followed by the next at once."""
    failures = 0
    await asyncio.sleep(first_after)
    while True:
        is_more: bool | None = False
        try:
            is_more = await turn()
            if failures:
                log.warning("%s works again after %d failures", name, failures)
            failures = 0
        except Exception as failure:  # noqa: BLE001 - a job outlives every failure
            failures += 1
            if failures & (failures - 1) == 0:
                log.warning("%s failed %d times in a row: %s", name, failures, type(failure).__name__)
        await asyncio.sleep(0 if is_more else min(max(longest, rest), rest * 2 ** min(failures, 10)))


@contextlib.asynccontextmanager
async def beside(name: str, work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Do the work for the length of the block; it has ended when the block is left."""
    task = asyncio.create_task(work, name=name)
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
