"""The rooms that somebody watches in this process: each is read when it may have changed, and told to its seats.

Invariants: a room is read at most once in ``PACE_S`` seconds, and never takes more than a fifth of the process; each
kind of viewer's message is encoded once; what a viewer sees comes from ``rooms.seen`` alone; where nothing that may be
seen has changed, nothing is sent. A wake-up that was missed is made up for by reading. Source: performance.md
(watchers), trust.md section 1, docs/adr/0031.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from commons.errors import NotFound, Unavailable
from commons.instants import format_instant
from marketplace.database import Database
from marketplace.live.listener import Listener
from marketplace.live.seats import Caps, Message, Seat, Taken
from marketplace.rooms.seen import Seen, Shared, Viewer, own_of, place_in, shared_of
from marketplace.usecases.read_live_room import LiveRoom, read_live_room

log = logging.getLogger(__name__)

PACE_S = 0.25
"""At most four updates a second of one room."""
SHARE = 4
"""After each reading a room rests at least so many times as long as the reading took."""
BEAT_S = 5.0
"""How often every watcher hears that we are still here."""
IDLE_S = 15.0
"""A room is read so often at the least, whatever is heard."""
SOON_S = 0.05
STALE_S = 0.2
"""A message that is older than this says what time it is anew."""
AFTER_FAILURE_S = 1.0

Parts = Mapping[str, str]


class Encoder(Protocol):
    """Makes the parts of a page out of what is seen; named by their place in the page."""

    def shared(self, room: LiveRoom, shared: Shared) -> Parts:
        """What everybody is shown."""

    def own(self, room: LiveRoom, seen: Seen) -> Parts:
        """What this bidder alone is shown."""


@dataclass(slots=True)
class _Sight:
    """A room as it was read last, and the messages made of it so far."""

    room: LiveRoom
    shared: Shared
    shared_text: str
    made: dict[Viewer, tuple[Seen, str, float, Message]]
    read_at: float

    @property
    def now(self) -> datetime:
        """The database's clock now, as far as it is known."""
        return self.room.now + timedelta(seconds=time.monotonic() - self.read_at)


class _Watched:
    """One room that somebody watches."""

    def __init__(self, identifier: str, room: LiveRoom, encoder: Encoder, database: Database) -> None:
        self.id, self.seats = identifier, set[Seat]()
        self._encoder, self._database = encoder, database
        self._woken = asyncio.Event()
        self.sight = self._sight(room)
        self.task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Something may have happened."""
        self._woken.set()

    def message(self, viewer: Viewer) -> Message:
        """What this viewer is told of the room as it was read last; made once for all of its kind.

        Whoever comes a while later gets the same with the clock of that moment.
        """
        sight, at = self.sight, time.monotonic()
        if viewer in sight.made:
            seen, own, made_at, message = sight.made[viewer]
            if at - made_at < STALE_S:
                return message
        else:
            seen = Seen(sight.shared, own_of(sight.room.state, sight.shared, viewer))
            own = "null" if seen.own is None else _text(self._encoder.own(sight.room, seen))
        message = _message(sight, seen, own)
        sight.made[viewer] = (seen, own, at, message)
        return message

    def _sight(self, room: LiveRoom) -> _Sight:
        shared = shared_of(room.state)
        return _Sight(room, shared, _text(self._encoder.shared(room, shared)), {}, time.monotonic())

    async def run(self) -> None:
        """Read and tell until nobody watches or nothing moves any more."""
        beat_at = time.monotonic() + BEAT_S
        while self.seats:
            await self._rest(min(beat_at, self._due_at()))
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + BEAT_S
                self._tell_all(_beat(self.sight))
            if self._woken.is_set() or time.monotonic() >= self._due_at():
                self._woken.clear()
                await self._read_and_tell()

    async def _read_and_tell(self) -> None:
        began = time.monotonic()
        try:
            room = await read_live_room(self._database, self.id)
        except Unavailable as error:  # no beat either: watchers see that nothing comes
            log.warning("a room cannot be read: %s", error)
            await asyncio.sleep(AFTER_FAILURE_S)
            self._woken.set()
            return
        sight = self._sight(room)
        if self.sight.shared.place <= sight.shared.place:
            self.sight = sight
            for viewer in {seat.viewer for seat in self.seats}:
                message = self.message(viewer)
                for seat in [one for one in self.seats if one.viewer == viewer]:
                    seat.give(message)
                await asyncio.sleep(0)
        await asyncio.sleep(max(PACE_S, SHARE * (time.monotonic() - began)))

    def _tell_all(self, message: Message) -> None:
        for seat in self.seats:
            seat.give(message)

    def _due_at(self) -> float:
        """When the clock next changes the room, or it is read for good measure, by our own clock."""
        sight = self.sight
        idle = sight.read_at + IDLE_S
        if sight.shared.next_change is None:
            return idle
        ahead = (sight.shared.next_change - sight.room.now) / timedelta(seconds=1)
        return min(idle, sight.read_at + max(ahead, SOON_S))

    async def _rest(self, until: float) -> None:
        """Sleep until then, or until something is heard."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                await self._woken.wait()


class Rooms:
    """Every room that is watched in this process; a companion of its database pool."""

    caps = Caps()

    def __init__(self, database: Database) -> None:
        """Nobody watches; nothing is listened to before somebody does."""
        self._database = database
        self._watched: dict[str, _Watched] = {}
        self._listener = Listener(database.dsn, self._heard, self._missed)
        self._taken = Taken(self.caps)
        self._is_ending = False

    @property
    def watchers(self) -> int:
        """Seats that are taken."""
        return self._taken.count

    def take(self, *, address: str, session: str = "", person: str = "") -> tuple[str, ...]:
        """Claim a place to sit; ``TooOften`` beyond the caps. Goes back with ``leave``."""
        return self._taken.take(address=address, session=session, person=person)

    def give_back(self, keys: tuple[str, ...]) -> None:
        """Give back a place that nobody came to sit in."""
        self._taken.give_back(keys)

    async def join(self, identifier: str, viewer: Viewer, encoder: Encoder, *, after: str = "") -> Seat:
        """Sit down in a room; ``after`` is the mark of what was seen last. ``NotFound`` where there is no such room."""
        if self._is_ending:
            message = "this process is ending"
            raise Unavailable(message)
        await self._listener.start()
        if identifier not in self._watched:
            room = await read_live_room(self._database, identifier)
            if identifier not in self._watched:  # nobody else was quicker
                self._watched[identifier] = _Watched(identifier, room, encoder, self._database)
        watched = self._watched[identifier]
        seat = Seat(viewer, after, place_in(after))
        watched.seats.add(seat)
        if watched.task is None:
            watched.task = asyncio.create_task(self._run(watched), name=f"room-{identifier}")
        seat.give(_beat(watched.sight))
        seat.give(watched.message(viewer))
        return seat

    def changed(self, identifier: str, seat: Seat, viewer: Viewer) -> None:
        """The one who sits there may see something else from now on."""
        watched = self._watched.get(identifier)
        if watched is not None and viewer != seat.viewer:
            seat.viewer = viewer
            seat.give(watched.message(viewer))

    def leave(self, identifier: str, seat: Seat, keys: tuple[str, ...]) -> None:
        """Get up and give back what was taken."""
        seat.leave()
        self._taken.give_back(keys)
        watched = self._watched.get(identifier)
        if watched is not None:
            watched.seats.discard(seat)
            if not watched.seats:
                watched.wake()

    def dismiss(self) -> None:
        """The process is ending: everybody is sent away, to come again elsewhere; nobody sits down any more."""
        self._is_ending = True
        for watched in self._watched.values():
            for seat in watched.seats:
                seat.leave()

    async def end(self) -> None:
        """End with the pool."""
        self.dismiss()
        tasks = [one.task for one in self._watched.values() if one.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._listener.end()

    async def _run(self, watched: _Watched) -> None:
        try:
            await watched.run()
        except NotFound:
            log.warning("the room %s is gone", watched.id)
        finally:
            for seat in watched.seats:
                seat.leave()
            if self._watched.get(watched.id) is watched:
                del self._watched[watched.id]

    def _heard(self, identifier: str) -> None:
        watched = self._watched.get(identifier)
        if watched is not None:
            watched.wake()

    def _missed(self) -> None:
        for watched in self._watched.values():
            watched.wake()


def _text(parts: Parts) -> str:
    return json.dumps(dict(parts), ensure_ascii=False, separators=(",", ":"))


def _message(sight: _Sight, seen: Seen, own: str) -> Message:
    """An event of the stream: its mark is its id, so that whoever comes back says what it has seen."""
    shared, over = sight.shared, sight.room.is_over
    head = json.dumps(
        {
            "now": format_instant(sight.now),
            "closes_at": format_instant(shared.next_change) if shared.next_change else None,
            "phase": shared.phase,
            "over": over,
        }
    )
    data = f'{head[:-1]},"shared":{sight.shared_text},"own":{own}}}'
    body = f"id: {seen.mark}\nevent: room\ndata: {data}\n\n".encode()
    return Message(body, seen.mark, shared.place, over)


def _beat(sight: _Sight) -> Message:
    """The server's clock now, by the database's as it was read last."""
    return Message(f'event: beat\ndata: {{"now":"{format_instant(sight.now)}"}}\n\n'.encode())
