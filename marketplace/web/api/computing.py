"""Where the engine computes for the API: in threads, two at a time, so that large cases hold up nobody else.

Whoever finds both places taken for a while is told to come back.
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


async def computed(work: Callable[[], T]) -> T:
    """What the work returns or raises; ``Unavailable`` when no place came free in time."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await PLACES.acquire()
    except TimeoutError:
        message = "too many cases are being computed"
        raise Unavailable(message) from None
    try:
        return await asyncio.to_thread(work)
    finally:
        PLACES.release()
