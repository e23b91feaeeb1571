"""Seats of watchers: one message waits in each at most, and how many one may take.

Invariants: a message is the whole of what its viewer sees, so that a slow reader loses nothing by getting the latest
alone; nothing grows with a reader that does not read; no seat holds a connection to the database. Source:
performance.md (watchers), trust.md section 2.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

from commons.errors import TooOften
from marketplace.rooms.seen import Place, Viewer

COME_AGAIN_S = 15


@dataclass(frozen=True, slots=True)
class Message:
    """Bytes for every seat of a kind: an update with its mark and place, or a beat that only says we are here."""

    data: bytes
    mark: str = ""
    place: Place | None = None
    is_last: bool = False


class Seat:
    """One watcher: the newest message that it has not taken."""

    __slots__ = ("_beat", "_waiter", "has_left", "mark", "place", "update", "viewer")

    def __init__(self, viewer: Viewer, mark: str, place: Place | None) -> None:
        """``mark`` and ``place`` are what it has seen last; "" and None for one that has seen nothing."""
        self.viewer = viewer
        self.mark, self.place = mark, place
        self.update: Message | None = None
        self.has_left = False
        self._beat: Message | None = None
        self._waiter: asyncio.Future[None] | None = None

    def give(self, message: Message) -> None:
        """Put a message in: what it has seen already is left out, and nothing older than that ever goes in."""
        if message.place is None:
            self._beat = message
            self._wake()
        elif self._is_news(message.place, message):
            self.update, self.mark, self.place = message, message.mark, message.place
            self._wake()

    def _is_news(self, place: Place, message: Message) -> bool:
        is_older = self.place is not None and place < self.place
        return not is_older and (message.is_last or message.mark != self.mark)

    def leave(self) -> None:
        """Take nothing more: whoever waits here is told that it is over."""
        self.has_left = True
        self._wake()

    async def next(self) -> Message | None:
        """The newest message, an update before a beat; None when it is over. For one reader alone."""
        while not self.has_left:
            if self.update is not None:
                found, self.update, self._beat = self.update, None, None
                return found
            if self._beat is not None:
                found, self._beat = self._beat, None
                return found
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


@dataclass(frozen=True, slots=True)
class Caps:
    """How many seats may be taken at once in this process: by an address, a session, a person, by all together."""

    address: int = 200
    session: int = 6
    person: int = 10
    everybody: int = 20_000


class Taken:
    """Counts seats by whose they are."""

    def __init__(self, caps: Caps) -> None:
        """Nothing is taken."""
        self._caps, self._counts = caps, Counter[str]()

    def take(self, *, address: str, session: str, person: str) -> tuple[str, ...]:
        """Take one seat, "" for what there is none of; ``TooOften`` when one of them has all that it may have."""
        asked = [("", self._caps.everybody), (f"a/{address}", self._caps.address)]
        asked += [(f"s/{session}", self._caps.session)] if session else []
        asked += [(f"p/{person}", self._caps.person)] if person else []
        if any(self._counts[key] >= most for key, most in asked):
            raise TooOften("too_many_streams", COME_AGAIN_S)
        keys = tuple(key for key, _ in asked)
        self._counts.update(keys)
        return keys

    def give_back(self, keys: tuple[str, ...]) -> None:
        """Give one seat back."""
        self._counts.subtract(keys)
        for key in keys:
            if self._counts[key] <= 0:
                del self._counts[key]

    @property
    def count(self) -> int:
        """Seats that are taken."""
        return self._counts[""]
