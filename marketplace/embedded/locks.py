"""Locks on files that the kernel releases with their holder, however it dies.

Three files lie in a server's folder. ``users.lock``: every process that uses the server holds it shared; the keeper
waits for it exclusively, so it gets it exactly when the last user is gone, killed or not. ``start.lock``: held
exclusively while a server is started or left. ``keeper.lock``: held exclusively as long as a keeper lives.
``flock(2)``, because a lock belongs to the open file and not to the process: two servers objects in one process count
as two users. A child made by a bare ``fork`` shares its parent's lock and so counts as the same user.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from pathlib import Path

from commons.errors import Unavailable

PAUSE = 0.02
"""Seconds between two looks at a lock that another process holds."""


class FileLock:
    """One open file on which locks are taken; ``close`` gives up whatever is held."""

    def __init__(self, path: Path, owner: tuple[int, int] | None = None) -> None:
        """Open the file, making it for this account alone (or for ``owner``, uid and gid) when it is missing."""
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if owner is not None and os.fstat(self._descriptor).st_uid != owner[0]:
            os.fchown(self._descriptor, *owner)

    def _try(self, operation: int) -> bool:
        try:
            fcntl.flock(self._descriptor, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def try_shared(self) -> bool:
        """Take (or fall back to) a shared hold; say whether it was given at once."""
        return self._try(fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        """Take (or rise to) the exclusive hold; a refused rise may lose a shared hold, as flock(2) warns."""
        return self._try(fcntl.LOCK_EX)

    async def shared(self, within: float) -> None:
        """Wait for a shared hold, at most ``within`` seconds, else Unavailable."""
        await self._wait(fcntl.LOCK_SH, within)

    async def exclusive(self, within: float) -> None:
        """Wait for the exclusive hold, at most ``within`` seconds, else Unavailable."""
        await self._wait(fcntl.LOCK_EX, within)

    async def _wait(self, operation: int, within: float) -> None:
        try:
            async with asyncio.timeout(within):
                while not self._try(operation):  # noqa: ASYNC110 - another process lets go: there is no event to wait for
                    await asyncio.sleep(PAUSE)
                if not self._is_current():
                    message = f"{self._path} was erased meanwhile"
                    raise Unavailable(message)
        except TimeoutError:
            message = f"{self._path} is still held by another process after {within:g} s"
            raise Unavailable(message) from None

    def _is_current(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._descriptor), os.stat(self._path))  # noqa: PTH116 - the pair of fstat
        except FileNotFoundError:
            return False

    def close(self) -> None:
        """Give up the hold; closing twice is harmless."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)
        self._descriptor = -1


def is_held(path: Path) -> bool:
    """Say whether some process holds this lock exclusively just now (a missing file is not held)."""
    if not path.exists():
        return False
    probe = FileLock(path)
    try:
        return not probe.try_shared()
    finally:
        probe.close()
