"""Where the engine computes for API and pages: in threads, two at a time, so that large cases hold up nobody else.

Whoever finds both places taken for a while is told to come back, and so is whoever asked for what takes too long; a
place is free again when its work has ended, not before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from commons.errors import Unavailable

T = TypeVar("T")

PLACES = asyncio.Semaphore(2)
"""Cases computed at the same time."""
PATIENCE_S = 10
"""Seconds that a case waits for a place."""
LONGEST_S = 30
"""Seconds that somebody waits for a case that is being computed."""


async def computed(work: Callable[[], T], *, longest_s: float = LONGEST_S) -> T:
    """What the work returns or raises; ``Unavailable`` when no place came free in time, or it took too long."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await PLACES.acquire()
    except TimeoutError:
        message = "too many cases are being computed"
        raise Unavailable(message) from None
    working = asyncio.ensure_future(asyncio.to_thread(work))
    working.add_done_callback(_ended)
    done, _ = await asyncio.wait((working,), timeout=longest_s)
    if not done:
        message = f"a case took more than {longest_s} s"
        raise Unavailable(message)
    return working.result()


def _ended(working: asyncio.Future[T]) -> None:
    """The place is free; an error that nobody waits for any more is looked at, so that the loop does not complain."""
    PLACES.release()
    if not working.cancelled():
        working.exception()
