"""Finish what must not be left half done: work that a cancelled task still carries to its end.

The cancellation is not lost: it is raised once the work is over. Used where stopping in the middle would leave
something in an unknown state (a COMMIT, a connection on its way back to the pool, a child process half started).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


async def uninterrupted(work: Coroutine[Any, Any, Result]) -> Result:
    """Run the work to its end even when the caller is cancelled meanwhile; then the cancellation wins."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        task.exception()  # seen: the cancellation is what the caller hears of
        raise cancelled
    return task.result()
