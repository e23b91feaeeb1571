"""A reader of the site: pages and the API's readings, as the public or as somebody."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from litestar import Litestar

from marketplace.database import Database
from marketplace.settings import Settings
from tests.usecases.market import PROFILE
from tests.web_api.caller import served

SETTINGS = Settings(profile=PROFILE)


def site_of(database: Database) -> Litestar:
    """The application as it is served."""
    return served(database)


@dataclass
class Site:
    """The site's addresses behind one method."""

    client: httpx.AsyncClient

    async def get(self, path: str, *, actor: str | None = None) -> httpx.Response:
        """GET an address as somebody, by default as the public."""
        headers = {} if actor is None else {"X-Development-Actor": actor}
        return await self.client.get(path, headers=headers)

    async def text(self, path: str, *, status: int = 200, actor: str | None = None) -> str:
        """The body of an answer of that status."""
        answered = await self.get(path, actor=actor)
        assert answered.status_code == status, (path, answered.status_code, answered.text[:2000])
        return answered.text
