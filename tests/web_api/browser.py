"""A browser as the API sees one: it keeps the cookie, sends the form token and says where its page is from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from commons.events import Actor
from marketplace.database import Database
from marketplace.identity.accounts import OfficeRole
from marketplace.usecases.act import Caller
from marketplace.usecases.membership import RoleGiven
from marketplace.usecases.offices import AppointOfficer, appoint_officer
from marketplace.web.signed_in import COOKIE, FORM_HEADER

HOME = "http://localhost:8000"
PASSWORD = "一把很长的雨伞和茶"
LONG = "correct horse battery"


@dataclass
class Browser:
    """One person's browser on one site."""

    client: httpx.AsyncClient
    secret: str | None = None
    form: str | None = None
    account: str = ""
    headers: dict[str, str] = field(default_factory=lambda: {"origin": HOME, "sec-fetch-site": "same-origin"})

    async def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        """POST as this browser; what comes back in Set-Cookie is kept."""
        sent = {**self.headers, **({"cookie": f"{COOKIE}={self.secret}"} if self.secret else {})}
        if self.form is not None:
            sent[FORM_HEADER.lower()] = self.form
        answered = await self.client.post(f"/api/v1{path}", json=body or {}, headers={**sent, **headers})
        given = answered.headers.get("set-cookie", "")
        if given.startswith(f"{COOKIE}="):
            self.secret = given.partition("=")[2].partition(";")[0] or None
            self.form = answered.json().get("form_token")
            self.account = answered.json().get("account", self.account)
        return answered

    async def get(self, path: str) -> httpx.Response:
        """GET as this browser."""
        headers = {"cookie": f"{COOKIE}={self.secret}"} if self.secret else {}
        return await self.client.get(f"/api/v1{path}", headers=headers)

    async def sign_in(self, login: str, password: str = LONG, **more: Any) -> httpx.Response:
        """Sign in; the session is this browser's from then on."""
        return await self.post("/session", {"login": login, "password": password, **more})


async def person(client: httpx.AsyncClient, login: str, **more: Any) -> Browser:
    """Somebody with an account, signed in."""
    browser = Browser(client)
    body = {"login": login, "password": LONG, "name": "张三（示例）", **more}
    opened = await browser.post("/accounts", body)
    assert opened.status_code == 201, opened.text
    signed = await browser.sign_in(login)
    assert signed.status_code == 201, signed.text
    return browser


async def member(client: httpx.AsyncClient, login: str, role: str, organisation: str) -> Browser:
    """The first administrator of an organisation, acting as such."""
    browser = await person(client, login)
    claimed = await browser.post("/organisations", {"role": role, "organisation": organisation})
    assert claimed.status_code == 201, claimed.text
    acting = await browser.post("/session/role", {"role": claimed.json()["role_id"]})
    assert acting.status_code == 201, acting.text
    return browser


OPERATOR = Caller(Actor("operator", "O-1"))


async def appointed(database: Database, login: str, office: OfficeRole, **more: str | None) -> RoleGiven:
    """The office, given by two operators."""
    command = AppointOfficer(login=login, office=office, reason="示例", approver="O-2", **more)
    given = await appoint_officer(database, OPERATOR, command)
    assert isinstance(given, RoleGiven), given
    return given


async def officer(
    database: Database, client: httpx.AsyncClient, login: str, region: str | None = "330300", **more: str
) -> Browser:
    """A regulator of a region who is signed in as such."""
    browser = await person(client, login, **more)
    office: OfficeRole = "regulator" if region else "auditor"
    given = await appointed(database, login, office, region=region)
    acting = await browser.post("/session/role", {"role": given.role_id})
    assert acting.status_code == 201, acting.text
    return browser
