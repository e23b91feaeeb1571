"""A room to play in, and a listener of its stream without a browser."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Litestar

from commons.instants import format_instant
from marketplace.usecases.sign_up import SignedUp
from tests.usecases.market import Market
from tests.web_pages.reader import PageReader

OPENS_S, SIGN_UP_S = 1.6, 1.4


@dataclass(frozen=True)
class Opened:
    """A room: its selection, its demand, and when its first round opens."""

    selection: str
    demand: str
    start: datetime

    def at(self, seconds: float = 0.1) -> datetime:
        """So many seconds after the first opening."""
        return self.start + timedelta(seconds=seconds)


def rounds_of(*plan: tuple[str, float, float], start: datetime, **changes: Any) -> dict[str, Any]:
    """Terms of rounds: kind, first and last second from the first opening."""

    def at(seconds: float) -> str:
        return format_instant(start + timedelta(seconds=seconds))

    rounds = [{"kind": kind, "opens_at": at(first), "closes_at": at(last)} for kind, first, last in plan]
    return {
        "mode": "multi_round", "ceiling_fen": 20_000_000, "min_bidders": 3, "step_fen": 100_000, "step_basis": "own",
        "rounds": rounds, "ties": ["price", "draw"], **changes,
    }  # fmt: skip


async def opened(
    market: Market, *plan: tuple[str, float, float], bidders: int = 3, sign_up_s: float = SIGN_UP_S,
    opens_in: float = OPENS_S, **changes: Any,
) -> Opened:  # fmt: skip
    """A room with its bidders, numbers from 1; nobody waits for its opening here."""
    for number in range(1, bidders + 1):
        if number not in market.filed:
            await market.file(number)
            market.filed.add(number)
    start = datetime.now(UTC) + timedelta(seconds=opens_in)
    terms = rounds_of(*plan, start=start, **changes)
    published = await market.publish(terms, sign_up_s=sign_up_s, title="防洪影响评价（示例）")
    for number in range(1, bidders + 1):
        signed = await market.sign_up(published.selection, number)
        assert isinstance(signed, SignedUp), signed
    return Opened(published.selection, published.demand, start)


@dataclass
class Ear:
    """One stream: its status, and every event in order as (id, event, data)."""

    app: Litestar
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    status: int = 0
    events: list[tuple[str, str, Any]] = field(default_factory=list)
    is_over: bool = False
    stops: asyncio.Event = field(default_factory=asyncio.Event)
    blocks: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Take everything until told otherwise."""
        self.blocks.set()
        self.news = asyncio.Event()
        self.task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        given = {"host": "localhost:8000", **self.headers}
        scope: Any = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": self.path, "raw_path": self.path.encode(), "query_string": self.query.encode(), "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 1), "server": ("localhost", 8000), "state": {},
        }  # fmt: skip
        is_asked = False

        async def receive() -> Any:
            nonlocal is_asked
            if not is_asked:
                is_asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await self.stops.wait()
            return {"type": "http.disconnect"}

        try:
            await self.app(scope, receive, self._take)
        finally:
            self.is_over = True
            self.news.set()

    async def _take(self, message: Any) -> None:
        await self.blocks.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
        for block in message.get("body", b"").decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "event" in lines:
                self.events.append((lines.get("id", ""), lines["event"], json.loads(lines["data"])))
        self.news.set()

    @property
    def rooms(self) -> list[tuple[str, Any]]:
        """The updates alone: id and data."""
        return [(mark, data) for mark, kind, data in self.events if kind == "room"]

    async def until(self, count: int, *, seconds: float = 6.0) -> list[tuple[str, Any]]:
        """Wait until so many updates came."""
        async with asyncio.timeout(seconds):
            while len(self.rooms) < count and not self.is_over:
                self.news.clear()
                await self.news.wait()
        return self.rooms

    async def end(self, *, seconds: float = 6.0) -> None:
        """Wait until the stream is over by itself."""
        async with asyncio.timeout(seconds):
            await self.task

    async def go(self) -> None:
        """Go away."""
        self.stops.set()
        await self.end()


def ear(app: Litestar, selection: str, reader: PageReader | None = None, *, last: str = "", query: str = "") -> Ear:
    """Listen to a room as somebody, from what was seen last."""
    headers = {"cookie": f"__Host-session={reader.secret}"} if reader is not None else {}
    if last:
        headers["last-event-id"] = last
    return Ear(app, f"/rooms/{selection}/events", headers, query)


async def agency_of(client: Any, login: str, number: int) -> PageReader:
    """An agency's administrator, signed in."""
    from tests.usecases.market import code  # noqa: PLC0415  only here
    from tests.web_api.browser import member  # noqa: PLC0415  only here

    browser = await member(client, login, "agency", code(number))
    return PageReader(client, secret=browser.secret or "")
