"""What stands over every page (公告): kept in the process, looked up every two seconds at most, closed by the clock.

Invariants: no page asks for it: whoever comes first after ``AGE_S`` seconds has one statement asked for everybody, and
waits for its answer ``PATIENCE_S`` at most; so two processes agree within ``AGE_S + PATIENCE_S`` seconds of reading
while the database answers, and its silence holds up no page. Beginning and end are those of the page's own instant.
Source: docs/adr/0036.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from litestar.handlers import BaseRouteHandler

from commons.errors import Unavailable
from marketplace.announcements.announcement import Announcement, newest_in_force
from marketplace.database import Database
from marketplace.usecases.read_announcements import read_open_announcements
from marketplace.web.addresses import announcement_path
from marketplace.web.locale.announcement_words import KINDS
from marketplace.web.page_frame import Bulletin
from marketplace.web.signed_in import Connection

log = logging.getLogger(__name__)

AGE_S = 2.0
"""Seconds after which what is known is looked up again."""
PATIENCE_S = 0.5
"""Seconds that a page waits for it."""

A = TypeVar("A")
Look = Callable[[], Awaitable[tuple[Announcement, ...]]]


class Board:
    """What one process knows of the announcements that stand, or will."""

    def __init__(self, look: Look, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing is known, and nothing is looked up, until a page is read."""
        self._look, self._clock = look, clock
        self._known: tuple[Announcement, ...] = ()
        self._looked_at: float | None = None
        self._task: asyncio.Task[None] | None = None

    async def refresh(self) -> None:
        """Look again if what is known is old; several pages at once wait for one look."""
        if self._looked_at is not None and self._clock() - self._looked_at < AGE_S:
            return
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._renew(), name="announcements")
        await asyncio.wait({self._task}, timeout=PATIENCE_S)

    def forget(self) -> None:
        """Look again for the next page: something was just announced here, which a look under way may not have seen."""
        self._looked_at = self._task = None

    def newest(self, at: datetime) -> Announcement | None:
        """What stands over a page of that instant."""
        return newest_in_force(self._known, at=at)

    async def _renew(self) -> None:
        began, known = self._clock(), self._known
        try:
            known = await self._look()
        except Unavailable:
            log.warning("announcements cannot be looked up; what was known stands")
        if self._task is asyncio.current_task():
            self._known, self._looked_at = known, began

    async def end(self) -> None:
        """Ask no more."""
        if self._task is not None:
            self._task.cancel()


class OwnBoard(Board):
    """The process's own, of its database."""

    def __init__(self, database: Database) -> None:
        """It ends with the pool."""
        super().__init__(lambda: read_open_announcements(database))


async def told_here(database: Database, act: Awaitable[A]) -> A:
    """Announce, correct or take down in this process: its next page looks again."""
    done = await act
    database.companion(OwnBoard).forget()
    return done


def board_of(connection: Connection) -> Board:
    """The process's own."""
    database: Database = connection.app.state.database
    return database.companion(OwnBoard)


async def look_at_board(connection: Connection, _: BaseRouteHandler) -> None:
    """Have it looked up before a page is made."""
    await board_of(connection).refresh()


def bulletin_of(connection: Connection, *, at: datetime) -> Bulletin | None:
    """The line that stands over a page; None on the page of the announcement itself."""
    found = board_of(connection).newest(at)
    path = "" if found is None else announcement_path(found.id)
    if found is None or connection.scope["path"] == path:
        return None
    return Bulletin(KINDS[found.stretch.kind], found.title, path)
