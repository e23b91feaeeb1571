"""Somebody's browser on the pages: keeps the cookie, sends forms with their token from our own origin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httpx

HOME = "http://localhost:8000"
LONG = "correct horse battery"
_TOKEN = re.compile(r'name="_csrf" value="([0-9a-f]{128})"')
_SET = re.compile(r"(__Host-session)=([^;]*)")


@dataclass
class PageReader:
    """One person's browser, without script."""

    client: httpx.AsyncClient
    secret: str = ""
    token: str = ""
    headers: dict[str, str] = field(default_factory=lambda: {"origin": HOME, "sec-fetch-site": "same-origin"})

    def _cookie(self) -> dict[str, str]:
        return {"cookie": f"__Host-session={self.secret}"} if self.secret else {}

    def _keep(self, answered: httpx.Response) -> httpx.Response:
        found = _SET.search(answered.headers.get("set-cookie", ""))
        if found:
            self.secret, self.token = found[2], ""
        token = _TOKEN.search(answered.text)
        if token:
            self.token = token[1]
        return answered

    async def get(self, path: str) -> httpx.Response:
        """A page."""
        return self._keep(await self.client.get(path, headers=self._cookie()))

    async def send(self, path: str, fields: dict[str, object], **headers: str) -> httpx.Response:
        """A form; the token is that of the page last seen, unless given."""
        if self.secret and not self.token:
            await self.get("/account")
        body = {"_csrf": self.token, **fields} if self.token else dict(fields)
        return self._keep(
            await self.client.post(path, data=body, headers={**self.headers, **self._cookie(), **headers})
        )


async def joined(client: httpx.AsyncClient, login: str) -> PageReader:
    """Somebody who signed up and in by the forms."""
    reader = PageReader(client)
    fields = {"login": login, "password": LONG, "again": LONG, "name": "张三（示例）"}
    opened = await reader.send("/sign-up", fields)
    assert opened.status_code == 200, opened.text
    signed = await reader.send("/sign-in", {"login": login, "password": LONG})
    assert signed.status_code == 303, signed.text
    return reader
