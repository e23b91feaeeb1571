"""The real application on a fresh database for each test, spoken to over HTTP messages in this very loop."""

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
from tests.web_api.caller import Api, served


@pytest.fixture
def pace() -> float:
    """Whoever arranges a market here has time for it, however busy the machine is."""
    return SLOW


@pytest_asyncio.fixture
async def app(database: Database) -> Litestar:
    """The application as it is served, on this test's database."""
    return served(database)


@pytest_asyncio.fixture
async def api(app: Litestar) -> AsyncIterator[Api]:
    """A client of it."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield Api(client)


@pytest_asyncio.fixture
async def market(database: Database) -> Market:
    """Use cases on the same database, to build what a test needs."""
    return Market(database)
