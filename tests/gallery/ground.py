"""The site with the example market on it, served on loopback from a thread of its own, and somebody of each role."""

from __future__ import annotations

import asyncio
import io
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

import uvicorn
from playwright.sync_api import Browser, BrowserContext, ViewportSize
from rich.console import Console

from marketplace.app import create_app
from marketplace.database import Connection, Database
from marketplace.demo.show.frame import Paper
from marketplace.migrate import all_tables
from marketplace.piccolo_engine import ENGINE, bind
from marketplace.serving import prepare
from marketplace.settings import Settings
from marketplace.web.signed_in import COOKIE
from tests.faults.personas import Who, admit
from tests.gallery.furnishing import furnish
from tests.gallery.furnishing_owner import furnish_owner
from tests.store.fixtures import fresh

PATIENCE_S = 240
CITY = "330300"
NAMES = """
SELECT 'award:' || mode, max(id) FROM demand WHERE outcome = 'award' GROUP BY mode
UNION ALL SELECT 'demand:' || mode, max(id) FROM demand WHERE state = 'published' GROUP BY mode
UNION ALL SELECT 'failed', max(id) FROM demand WHERE state = 'unsuccessful'
UNION ALL (SELECT 'demand', id FROM demand WHERE state = 'published' ORDER BY closes_at DESC NULLS LAST, id LIMIT 1)
UNION ALL (SELECT 'selection', selection FROM demand WHERE state = 'published'
  ORDER BY closes_at DESC NULLS LAST, id LIMIT 1)
UNION ALL (SELECT 'agency', winner FROM demand WHERE winner IS NOT NULL GROUP BY winner ORDER BY count(*) DESC, winner
  LIMIT 1)
UNION ALL (SELECT 'restricted', subject FROM restriction ORDER BY starts_at DESC, id LIMIT 1)
UNION ALL (SELECT 'owner', owner_code FROM demand WHERE published_at IS NOT NULL GROUP BY owner_code
  ORDER BY count(*) DESC, owner_code LIMIT 1)
UNION ALL SELECT 'notice', max(id) FROM notice WHERE published_at IS NOT NULL
"""
"""Identifiers of what there is, for addresses; a name is absent where there is none of its kind."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the site is, what is on it by name, and the session of each role."""

    url: str
    names: Mapping[str, str]
    sessions: Mapping[str, str]

    def address(self, text: str) -> str:
        """An address of the table as one of this site; a ``KeyError`` for what is not on it."""
        for part in [one.partition("}")[0] for one in text.split("{")[1:]]:
            text = text.replace(f"{{{part}}}", self.names[part])
        return f"{self.url}{text}"

    def context(self, browser: Browser, role: str, width: int, *, with_script: bool = True) -> BrowserContext:
        """A browser of somebody of that role."""
        size: ViewportSize = {"width": width, "height": 900 if width > 600 else 844}
        made = browser.new_context(
            viewport=size, java_script_enabled=with_script, reduced_motion="reduce", locale="zh-CN"
        )
        if role:
            made.add_cookies(
                [
                    {
                        "name": COOKIE, "value": self.sessions[role], "url": self.url.replace("http:", "https:"),
                        "httpOnly": True, "secure": True, "sameSite": "Lax",
                    }
                ]
            )  # fmt: skip
        return made


def people_of(names: Mapping[str, str]) -> tuple[Who, ...]:
    """Somebody of each role, for what is on the site."""
    owner, agency = names["owner"], names["agency"]
    return (
        Who("owner", "owner", owner, "administrator"),
        Who("agency", "agency", agency, "administrator"),
        Who("regulator", "regulator", f"R-{CITY}-ONE", region=CITY),
        Who("second", "regulator", f"R-{CITY}-TWO", region=CITY),
        Who("operator", "operator", "O-ONE"),
        Who("auditor", "auditor", "A-ONE"),
        Who("delegate", "delegate", "D-ONE", owners=(owner,)),
        Who("person", "public"),
    )


async def names_of(connection: Connection) -> dict[str, str]:
    """Identifiers of what there is."""
    return {name: found for name, found in await connection.fetch(NAMES) if found is not None}


@contextmanager
def seeded_site(server: str, template: str) -> Iterator[Ground]:
    """The site with its example market, for the length of the block."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    started: list[uvicorn.Server] = []
    grounds: list[Ground] = []
    is_ready = Event()

    async def serve() -> None:
        settings = Settings(public_url=url)
        async with fresh(server, template) as dsn:
            database = await Database.open(dsn)
            ENGINE.attach(database)
            bind(all_tables())
            try:
                await prepare(database, settings, Paper(Console(file=io.StringIO())))
                async with database.borrow() as connection:
                    names = await names_of(connection)
                names |= await furnish(database, names["agency"], profile=settings.profile)
                names |= await furnish_owner(database, names["owner"], profile=settings.profile)
                sessions = {one.name: (await admit(database, one)).secret for one in people_of(names)}
                grounds.append(Ground(url, names, sessions))
                site = uvicorn.Server(uvicorn.Config(create_app(settings, database), log_config=None, access_log=False))
                started.append(site)
                is_ready.set()
                await site.serve(sockets=[listening])
            finally:
                is_ready.set()
                ENGINE.attach(None)
                await database.close()

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert is_ready.wait(PATIENCE_S), "the example market was not ready in time"
        assert grounds, "the site did not start; its own thread says why"
        yield grounds[0]
    finally:
        for one in started:
            one.should_exit = True
        thread.join()
