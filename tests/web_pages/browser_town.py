"""The site on loopback for a browser: a market that a test arranges, its people with their sessions, a clock to set."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event, Thread

import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize

from marketplace.app import create_app
from marketplace.database import Database
from marketplace.identity import store as identity
from marketplace.identity.accounts import Standing
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.settings import Settings
from marketplace.web.signed_in import COOKIE
from tests.faults.personas import Visitor, Who, admit, again
from tests.store.fixtures import fresh
from tests.store.moved_time import SLOW, Clock, put_up, take_down, until
from tests.usecases.market import PROFILE, Market

PATIENCE_S = 60


@dataclass
class Town:
    """The site, its people, what was arranged by name, and the loop that serves it."""

    url: str
    database: Database
    loop: asyncio.AbstractEventLoop
    people: dict[str, Visitor] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    opens_at: datetime | None = None

    def page(self, browser: Browser, name: str, size: ViewportSize) -> Page:
        """A browser of somebody, signed in."""
        made = browser.new_context(viewport=size, reduced_motion="reduce", locale="zh-CN")
        cookie = {"name": COOKIE, "value": self.people[name].secret, "url": self.url.replace("http:", "https:")}
        made.add_cookies([{**cookie, "httpOnly": True, "secure": True, "sameSite": "Lax"}])  # type: ignore[list-item]  # a cookie in parts
        page = made.new_page()
        page.set_default_timeout(15_000)
        return page

    def sign_in_again(self, name: str) -> None:
        """A further session of the same person."""
        given = asyncio.run_coroutine_threadsafe(again(self.database, self.people[name]), self.loop)
        self.people[name] = given.result(10)

    def pass_to(self, at: datetime) -> None:
        """Set the market's clock to just after an instant."""
        asyncio.run_coroutine_threadsafe(until(at), self.loop).result(10)


async def appointed_by_another(database: Database, who: Who) -> Visitor:
    """Somebody with his role and an open session: two officers whom one person alone appointed count as one."""
    visitor = await admit(database, replace(who, role="public"))
    async with database.transaction() as connection:
        at = await connection.fetchval("SELECT clock_timestamp()")
        organisation = who.acting if who.role in {"agency", "owner"} else None
        standing = Standing(
            f"M-{who.name}", visitor.person, who.role, who.rank, organisation, who.acting, who.region, None,
            is_verified=True, granted_at=at,
        )  # fmt: skip
        await identity.insert_standing(connection, standing, granted_by=f"over-{who.name}", reason="")
    return await again(database, replace(visitor, who=who))


@contextmanager
def served_town(
    server: str, template: str, people: tuple[Who, ...], arrange: Callable[[Market, Town], Awaitable[None]]
) -> Iterator[Town]:
    """The site for the length of the block, from a thread with a loop of its own; its clock runs slowly."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    towns: list[Town] = []
    started: list[uvicorn.Server] = []
    is_ready = Event()

    async def serve() -> None:
        clock = Clock(SLOW)
        async with fresh(server, template, clock) as clock.dsn:
            put_up(clock)
            database = await Database.open(clock.dsn)
            ENGINE.attach(database)
            bind(all_tables())
            try:
                made = Town(url, database, asyncio.get_running_loop())
                await arrange(Market(database), made)
                made.people = {one.name: await appointed_by_another(database, one) for one in people}
                app = create_app(Settings(profile=PROFILE, public_url=url), database)
                started.append(uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)))
                towns.append(made)
                is_ready.set()
                await started[0].serve(sockets=[listening])
            finally:
                is_ready.set()
                take_down(clock)
                ENGINE.attach(None)
                await database.close()

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert is_ready.wait(PATIENCE_S), "the market was not arranged in time"
        assert towns, "the site did not start; its own thread says why"
        yield towns[0]
    finally:
        for one in started:
            one.should_exit = True
        thread.join()
