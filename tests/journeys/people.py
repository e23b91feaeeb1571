"""People of the journeys: each has a browser at an address of his own, an account, and acts with cookie and form token.

Nothing here goes round the site: no header of the development, no use case but the first offices, which are given on
the machine itself as everywhere.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar

from commons.instants import parse_instant
from marketplace.database import Database
from marketplace.identity.accounts import OfficeRole
from marketplace.usecases.membership import RoleGiven
from marketplace.web.signed_in import COOKIE, FORM_HEADER
from tests.usecases.market import code
from tests.web_api.browser import Browser, appointed, member, officer
from tests.web_api.caller import CERTIFICATE, filing, problem

AFTER = 0.03
"""Seconds after an instant at which somebody looks."""
REGION = "330300"
"""Where the regulators of the journeys act: the city above the demands' district."""


@dataclass(frozen=True)
class Site:
    """The application as it is served, its database, a folder for files; no journey starts before all are signed in."""

    app: Litestar
    database: Database
    folder: Path
    gate: asyncio.Barrier

    @contextlib.asynccontextmanager
    async def house(self, number: int) -> AsyncIterator[House]:
        """Browsers of one journey, at a network address of their own: the site counts tries by address."""
        peer = (f"192.0.2.{number}", 40_000 + number)
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False, client=peer)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
            yield House(self, client, number)


@dataclass(frozen=True)
class Agency:
    """An agency, as the browser of its administrator."""

    browser: Browser
    uscc: str


@dataclass(frozen=True)
class House:
    """The people of one journey; codes and login names hold its number, so that journeys do not meet."""

    site: Site
    client: httpx.AsyncClient
    number: int

    @property
    def owner_code(self) -> str:
        """The credit code of this journey's owner."""
        return code(self.number, "11990000MA")

    async def owner(self) -> Browser:
        """The owner, as its administrator's browser."""
        return await member(self.client, f"owner-{self.number}", "owner", self.owner_code)

    async def agency(self, place: int) -> Agency:
        """An agency that files itself and adds its certificate."""
        number = 100 * self.number + place
        browser = await member(self.client, f"agency-{number}", "agency", code(number))
        await done(browser, "/agencies", filing(number))
        path = f"/agencies/{code(number)}/qualifications"
        await done(browser, path, {**CERTIFICATE, "number": f"ZJ{number:06d}"})
        return Agency(browser, code(number))

    async def agencies(self, count: int = 3) -> list[Agency]:
        """So many agencies."""
        return [await self.agency(place) for place in range(1, count + 1)]

    async def regulator(self, which: str = "one") -> Browser:
        """A regulator of the city."""
        return await officer(self.site.database, self.client, f"regulator-{self.number}-{which}", REGION)

    async def appoint(self, browser: Browser, login: str, office: OfficeRole) -> RoleGiven:
        """Give a person an office of the platform on the machine; it acts as such from then on."""
        given = await appointed(self.site.database, login, office)
        await done(browser, "/session/role", {"role": given.role_id})
        return given

    async def read(self, path: str) -> dict[str, Any]:
        """What anybody reads."""
        return await seen(Browser(self.client), path)

    async def stage(self, demand: str) -> str:
        """Where a demand is, in one word."""
        stage: str = (await self.read(f"/demands/{demand}"))["life"]["stage"]
        return stage


async def done(browser: Browser, path: str, body: Mapping[str, Any] | None = None, status: int = 201) -> dict[str, Any]:
    """What an act answers with that is allowed."""
    answered = await browser.post(path, body)
    assert answered.status_code == status, (path, answered.text)
    found: dict[str, Any] = answered.json()
    return found


async def refused(browser: Browser, path: str, body: Mapping[str, Any] | None = None) -> list[str]:
    """The reasons for which an act is refused."""
    return [one["code"] for one in problem(await browser.post(path, body), 422)["reasons"]]


async def seen(browser: Browser, path: str) -> dict[str, Any]:
    """What this person reads."""
    answered = await browser.get(path)
    assert answered.status_code == 200, (path, answered.text)
    found: dict[str, Any] = answered.json()
    return found


async def tasks(browser: Browser, subject: str) -> dict[str, bool]:
    """What this person has to do about a matter, and whether it is late."""
    listed = await seen(browser, "/work-list")
    return {one["act"]: one["is_overdue"] for one in listed["tasks"] if one["subject"] == subject}


async def attach(browser: Browser, name: str, body: bytes) -> dict[str, Any]:
    """Add a file, as the page does."""
    answered = await browser.client.post(
        "/api/v1/attachments",
        params={"name": name},
        content=body,
        headers={
            **browser.headers,
            "cookie": f"{COOKIE}={browser.secret}",
            FORM_HEADER.lower(): browser.form or "",
            "content-type": "application/octet-stream",
        },
    )
    assert answered.status_code == 201, answered.text
    found: dict[str, Any] = answered.json()
    return found


async def file_of(browser: Browser, address: str) -> bytes:
    """A file of the site's pages, as this person gets it."""
    headers = {"cookie": f"{COOKIE}={browser.secret}"} if browser.secret else {}
    answered = await browser.client.get(address, headers=headers)
    assert answered.status_code == 200, (address, answered.text)
    return answered.content


async def wait_until(instant: str | None) -> None:
    """Let the time pass until just after an instant that the site has named."""
    assert instant is not None
    left = (parse_instant(instant) - datetime.now(UTC)).total_seconds()
    await asyncio.sleep(max(0.0, left) + AFTER)
