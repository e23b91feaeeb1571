"""``/rooms/…/events``: a room as a stream of server-sent events, and nothing of the database held by it.

Invariants: whoever is shown more than everybody is looked up again at least every ``LOOK_AGAIN_S`` seconds, and before
an update that comes later than that; who may not see it any more is told so and sent away. A reader that takes nothing
for ``SLOW_S`` seconds is let go. The stream ends with the room. Source: performance.md (watchers), trust.md section 2.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from commons.errors import Fault, Malformed
from marketplace.database import Database
from marketplace.live.hub import Rooms
from marketplace.live.seats import Seat
from marketplace.rooms.seen import PUBLIC, Viewer
from marketplace.usecases.recognising import recognise_session
from marketplace.web.addresses import ROOMS
from marketplace.web.casework.room import RoomParts
from marketplace.web.pages.asking import PageRequest, identifier_of, query_of
from marketplace.web.signed_in import Visitor, device_of, reader_of

LOOK_AGAIN_S = 4.0
SLOW_S = 10.0
MAX_MARK = 64
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""No cache keeps it, and no proxy in front of us collects it."""
RETRY_MS = (800, 1_600)
"""Milliseconds after which a browser comes back, spread so that not all come at once."""
GONE = b'event: gone\ndata: {"why":"session_over"}\n\n'

Look = Callable[[], Awaitable[Viewer | None]]


@get(ROOMS + "/{selection:str}/events", include_in_schema=False)
async def room_events(
    request: PageRequest, database: NamedDependency[Database], selection: FromPath[str]
) -> ASGIResponse:
    """The stream from where the browser was (``Last-Event-ID``, or ``after`` for a page just loaded) to the end.

    With ``once=1`` what is seen now and no more, for whoever asks again and again instead of listening.
    204 for whoever has seen the end: a browser that is told so does not come back.
    """
    identifier, visitor = identifier_of("room", selection), reader_of(request)
    viewer = viewer_of(visitor)
    after = request.headers.get("last-event-id") or query_of(request).get("after", "")
    if len(after) > MAX_MARK:
        raise Malformed((Fault("/after", "too_long", "this is no mark of ours"),))
    rooms = database.companion(Rooms)
    keys = rooms.take(
        address=device_of(request).address,
        session=visitor.secret or "" if visitor else "",
        person=visitor.bearer.account if visitor else "",
    )
    try:
        seat = await rooms.join(identifier, viewer, RoomParts(), after=after)
    except BaseException:
        rooms.give_back(keys)
        raise
    if seat.update is not None and seat.update.is_last and after == seat.update.mark:
        rooms.leave(identifier, seat, keys)
        return ASGIResponse(status_code=HTTPStatus.NO_CONTENT, headers=HEADERS)
    look = None if visitor is None or viewer == PUBLIC else _looking(database, visitor, viewer)
    is_once = query_of(request).get("once") == "1"
    return Stream(Watching(rooms, identifier, seat, keys, look, is_once))


def viewer_of(visitor: Visitor | None) -> Viewer:
    """As whom somebody looks at rooms: an agency sees its own part where it takes part."""
    if visitor is None or visitor.bearer.actor_role != "agency" or visitor.bearer.acting is None:
        return PUBLIC
    return Viewer("bidder", visitor.bearer.acting, is_proved=visitor.bearer.is_fresh)


def _looking(database: Database, visitor: Visitor, viewer: Viewer) -> Look:
    """Look up whether the session still is one, and still acts as that agency."""
    secret = visitor.secret or ""

    async def look() -> Viewer | None:
        bearer = await recognise_session(database, secret)
        if bearer is None:
            return None
        now = viewer_of(Visitor(bearer, secret))
        return now if (now.kind, now.who) == (viewer.kind, viewer.who) else None

    return look


@dataclass(frozen=True, slots=True)
class Watching:
    """One watcher: where it sits, what it took, and how to look again who it is (None: one of everybody).

    ``is_once``: it leaves after one message.
    """

    rooms: Rooms
    room: str
    seat: Seat
    keys: tuple[str, ...]
    look: Look | None
    is_once: bool = False


class Patience:
    """Ends a stream whose reader takes nothing for ``SLOW_S`` seconds: looked at by a timer that outlives its sends.

    A timer for each send, made and unmade within microseconds by all but the slow, is what everybody waits for.
    """

    __slots__ = ("_loop", "_since", "_task", "_timer", "is_over")

    def __init__(self) -> None:
        """For the stream of this task; nothing is being sent."""
        task = asyncio.current_task()
        assert task is not None, "a stream is sent by a task"
        self._task, self._loop = task, asyncio.get_running_loop()
        self._since: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.is_over = False

    def begin(self) -> None:
        """Something is handed over from now on."""
        self._since = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_at(self._since + SLOW_S, self._look)

    def end(self) -> None:
        """It was taken."""
        self._since = None

    def owed(self) -> bool:
        """Whether somebody else has cancelled the task too; our own asking is taken back."""
        return self._task.uncancel() > 0

    def stop(self) -> None:
        """Look no more."""
        self._since = None
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        self._timer = None
        if self._since is None:
            return
        if self._since + SLOW_S <= self._loop.time():
            self.is_over = True
            self._task.cancel()
        else:
            self._timer = self._loop.call_at(self._since + SLOW_S, self._look)


class Stream(ASGIResponse):
    """Sends what comes to a seat, one message after the other, until it is over."""

    _should_set_content_length = False

    def __init__(self, watching: Watching) -> None:
        """Begin nothing before the first byte."""
        super().__init__(media_type="text/event-stream", headers=HEADERS)
        self._watching = watching
        self._looked_at = time.monotonic()

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send until it is over; the seat is given back whatever happens."""
        watching = self._watching
        leaving = asyncio.ensure_future(_until_gone(receive))
        leaving.add_done_callback(lambda _: watching.seat.leave())
        patience = Patience()
        try:
            await self.start_response(send)
            await self._send_all(send, patience)
        except asyncio.CancelledError:
            if not patience.is_over or patience.owed():
                raise
            return  # it reads nothing: what is left is the server's to drop
        finally:
            patience.stop()
            leaving.cancel()
            watching.rooms.leave(watching.room, watching.seat, watching.keys)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_all(self, send: Send, patience: Patience) -> None:
        seat = self._watching.seat
        least, spread = RETRY_MS

        async def put(data: bytes) -> None:
            patience.begin()
            await send({"type": "http.response.body", "body": data, "more_body": True})
            patience.end()

        await put(b"retry: %d\n\n" % (least + id(seat) // 64 % spread))
        while (message := await seat.next()) is not None:
            if not await self._may_see_it():
                await put(GONE)
                return
            if message.place is not None and message.mark != seat.mark:
                continue  # who it is has changed meanwhile: what is newer waits in the seat
            await put(message.data)
            if message.is_last or self._watching.is_once:
                return

    async def _may_see_it(self) -> bool:
        watching = self._watching
        if watching.look is None or time.monotonic() - self._looked_at < LOOK_AGAIN_S:
            return True
        viewer = await watching.look()
        self._looked_at = time.monotonic()
        if viewer is None:
            return False
        watching.rooms.changed(watching.room, watching.seat, viewer)
        return True


async def _until_gone(receive: Receive) -> None:
    """Wait until the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


ROOM_EVENTS = (room_events,)
"""The stream; pages are in ``pages.room``."""
