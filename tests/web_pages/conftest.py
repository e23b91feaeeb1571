"""The whole site on a fresh database for each test: pages and readings, without anything that writes over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from marketplace.database import Database
from tests.store.fixtures import *  # noqa: F403 - pytest finds fixtures by their names here
from tests.store.moved_time import SLOW
from tests.usecases.market import Market
from tests.web_pages.site import Site, site_of


@pytest.fixture
def pace() -> float:
    """Whoever arranges a market here has time for it, however busy the machine is."""
    return SLOW


@pytest_asyncio.fixture
async def app(database: Database) -> Litestar:
    """The site."""
    return site_of(database)


@pytest_asyncio.fixture
async def site(app: Litestar) -> AsyncIterator[Site]:
    """A reader of it."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield Site(client)


@pytest_asyncio.fixture
async def market(database: Database) -> Market:
    """Use cases on the same database."""
    return Market(database)
